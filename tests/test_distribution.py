"""The same training on one device, on two, and in two processes."""

import numpy as np
import pytest
from test_training import start_workers

from tl_helpers import distribution
from tl_helpers.distribution import build_head, logical_devices, train_on_devices, train_shared
from tl_helpers.messages import CourseError

RANDOM = np.random.default_rng(0)
LABELS = RANDOM.integers(0, 3, 100)  # the last batch has four examples
FEATURES = (RANDOM.normal(size=(100, 12)) + 2 * (LABELS[:, None] == np.arange(12) % 3)).astype("float32")


@pytest.fixture(scope="module")
def alone():
    return train_shared(FEATURES, LABELS)


def assert_alike(weights, others):
    for one, other in zip(weights, others, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_a_training_on_one_device_begins_with_the_seeds_weights_and_moves_them(alone):
    first = build_head(12, 3).get_weights()
    assert [weight.shape for weight in alone] == [(12, 3), (3,)]
    assert max(np.abs(one - other).max() for one, other in zip(first, alone, strict=True)) > 0.003
    assert_alike(first, build_head(12, 3).get_weights())


def test_another_order_of_the_labels_gives_other_weights(alone):
    other = train_shared(FEATURES, LABELS[::-1])
    with pytest.raises(AssertionError):
        assert_alike(alone, other)


@pytest.mark.long
def test_two_logical_devices_train_as_one_device_does(alone):
    assert_alike(train_on_devices(FEATURES, LABELS, count=2), alone)


def as_worker(folder, number):
    """Train as one of two workers, each a process."""
    import tensorflow as tf

    weights = train_shared(FEATURES, LABELS, tf.distribute.MultiWorkerMirroredStrategy())
    np.savez(f"{folder}/{number}.npz", *weights)


@pytest.mark.long
def test_two_processes_train_as_one_device_does(alone, tmp_path):
    workers = start_workers(f"import test_distribution as d; d.as_worker({str(tmp_path)!r}, {{number}})")
    outputs = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], outputs
    for number in (0, 1):
        with np.load(tmp_path / f"{number}.npz") as weights:
            assert_alike([weights[name] for name in weights.files], alone)


def test_in_a_process_that_computes_already_devices_are_refused(alone, each_language):
    with pytest.raises(CourseError, match="train_on_devices"):
        logical_devices(3)


def test_a_process_that_fails_is_explained(monkeypatch, each_language):
    monkeypatch.setattr(distribution, "_path", lambda: "/nowhere")
    monkeypatch.setattr(distribution.sys, "executable", "/bin/false")
    with pytest.raises(CourseError) as failure:
        train_on_devices(FEATURES, LABELS, count=2)
    assert failure.value.values["code"] == 1
