import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from tl_helpers import engines, epochs, features
from tl_helpers.features import extract_features
from tl_helpers.messages import CourseError
from tl_helpers.resuming import variables
from tl_helpers.smaller_batches import FittingSize
from tl_helpers.training import fit

TRAIN = np.random.default_rng(0).normal(size=(101, 8)).astype("float32"), np.arange(101) % 2
VALIDATION = np.random.default_rng(1).normal(size=(40, 8)).astype("float32"), np.arange(40) % 2


@keras.saving.register_keras_serializable()
class Memory(keras.layers.Layer):
    """A device's memory: whatever passes here must not be more examples than fit, else TensorFlow says it is full."""

    fits = 10**9
    passed = 0  # batches
    largest = 0

    def call(self, inputs):
        eagerly = tf.executing_eagerly()

        def take(values):
            if len(values) > Memory.fits:
                error = tf.errors.ResourceExhaustedError(None, None, "no room")
                raise error if eagerly else MemoryError  # in a graph that one becomes this one
            Memory.passed += 1
            Memory.largest = max(Memory.largest, len(values))
            return values

        if eagerly:
            take(inputs)
            return inputs
        outputs = tf.numpy_function(take, [tf.stop_gradient(inputs)], inputs.dtype)
        outputs.set_shape(inputs.shape)
        return inputs + 0.0 * outputs


@pytest.fixture(autouse=True)
def plenty(monkeypatch):
    monkeypatch.setattr(Memory, "fits", 10**9)
    monkeypatch.setattr(Memory, "passed", 0)
    monkeypatch.setattr(Memory, "largest", 0)


def build(optimizer="adam", eagerly=True, **settings):
    """A small model; without graphs it is ready sooner."""
    keras.utils.set_random_seed(3)
    layers = [keras.Input((8,)), Memory(), keras.layers.Dense(6, activation="tanh"), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    made = keras.optimizers.get({"class_name": optimizer, "config": {"learning_rate": 0.05, **settings}})
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(made, loss=loss, metrics=["accuracy"], run_eagerly=eagerly, jit_compile=False)
    return model


def fit_all(model=None, **settings):
    settings = {"epochs": 3, "batch_size": 32, "show_progress": False, **settings}
    return fit(model or build(), TRAIN, VALIDATION, **settings)


def assert_same(one, other):
    for first, second in zip(variables(one[0]), variables(other[0]), strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-5, err_msg=first.path)
    for name, values in one[1].items():
        np.testing.assert_allclose(values, other[1][name], rtol=1e-4, err_msg=name)


def test_the_injected_error_is_the_one_that_a_full_gpu_raises(monkeypatch):
    monkeypatch.setattr(Memory, "fits", 4)
    with pytest.raises(tf.errors.ResourceExhaustedError):
        build(eagerly=False).fit(*TRAIN, batch_size=5, verbose=0)


# Features


def compute(limit, calls):
    def double(pictures):
        calls.append(len(pictures))
        if len(pictures) > limit:
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
        return 2 * pictures

    return double


@pytest.mark.parametrize("limit", [1, 3, 8, 63])
def test_pictures_go_through_in_parts_that_fit_with_one_sentence(limit, capsys, each_language):
    calls, fitting = [], FittingSize(64)
    for start in (0, 100):
        pictures = np.arange(start, start + 64)[:, None]
        np.testing.assert_array_equal(fitting.run(compute(limit, calls), pictures), 2 * pictures)
    failed = [each for each in calls if each > limit]
    assert failed == [64 >> i for i in range(len(failed))]
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert re.search(rf"\b64\b.*\b{fitting.size}\b", said)
    assert fitting.size <= limit < 2 * fitting.size


def test_where_all_fits_nothing_is_said(capsys):
    calls = []
    FittingSize(64).run(compute(64, calls), np.zeros((64, 1)))
    assert (calls, capsys.readouterr().out) == ([64], "")


def test_where_not_even_one_picture_fits_it_is_explained(each_language):
    with pytest.raises(CourseError, match="GPU"):
        FittingSize(64).run(compute(0, []), np.zeros((64, 1)))


def test_another_error_is_not_hidden():
    def fail(_):
        raise tf.errors.InvalidArgumentError(None, None, "shapes")

    with pytest.raises(tf.errors.InvalidArgumentError):
        FittingSize(64).run(fail, np.zeros((64, 1)))


def test_features_are_the_same_whatever_fits(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(engines, "gpu_names", lambda: ["Tesla T4"])
    base_model = keras.Sequential([keras.Input((8, 8, 3)), Memory(), keras.layers.Conv2D(4, 3)])
    images = np.random.default_rng(0).integers(0, 256, (150, 8, 8, 3), dtype=np.uint8)
    found = []
    for limit in (10**9, 5):
        monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / str(limit)))
        monkeypatch.setattr(Memory, "fits", limit)
        found.append(extract_features(base_model, keras.layers.Rescaling(1 / 255), images))
    np.testing.assert_allclose(*found, rtol=1e-6, atol=1e-6)
    assert capsys.readouterr().out.count("\n") == 1
    assert features.engines.PICTURES_AT_ONCE > 5


# Training


@pytest.mark.parametrize("parts", [2, 4, 32])
def test_parts_of_a_batch_are_all_of_it_in_its_order(parts):
    inputs, order = np.arange(101)[:, None], np.random.default_rng(0).permutation(101)
    batches = epochs.make_batches((inputs,), order, 32, parts=parts)
    got = [batch[0].numpy().ravel().tolist() for batch in batches]
    whole = [order[start : start + 32].tolist() for start in range(0, 101, 32)]
    kept = [batch for batch in whole if len(batch) >= parts]
    assert [np.concatenate(got[i : i + parts]).tolist() for i in range(0, len(got), parts)] == kept
    assert len(got) == parts * len(kept) == int(batches.cardinality())
    for batch in kept:
        sizes = {len(each) for each in np.array_split(batch, parts)}
        assert max(sizes) - min(sizes) <= 1
    assert max(map(len, got)) <= -(-32 // parts)


@pytest.mark.parametrize(
    ("optimizer", "settings"),
    [("sgd", {"momentum": 0.9, "clipnorm": 0.1}), ("adamw", {"weight_decay": 0.01})],
)
def test_a_training_in_parts_is_the_training_of_whole_batches(monkeypatch, capsys, optimizer, settings):
    train = tuple(array[:96] for array in TRAIN)
    settings = {**settings, "eagerly": False}
    whole = fit(build(optimizer, **settings), train, VALIDATION, epochs=3, show_progress=False)
    assert (capsys.readouterr().out, Memory.largest) == ("", 32)
    monkeypatch.setattr(Memory, "fits", 10)
    monkeypatch.setattr(Memory, "largest", 0)
    model = build(optimizer, **settings)
    own = model.optimizer
    parts = fit(model, train, VALIDATION, epochs=3, show_progress=False)
    assert_same(parts, whole)
    assert model.optimizer is own
    assert int(own.iterations) == 9
    assert Memory.largest == 8
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert re.search(r"32.* 4 .*8", said)


def test_uneven_batches_in_parts_are_nearly_the_same(monkeypatch):
    whole = fit_all(build("sgd"))
    monkeypatch.setattr(Memory, "fits", 20)
    parts = fit_all(build("sgd"))
    np.testing.assert_allclose(
        parts[1]["val_loss"], whole[1]["val_loss"], atol=1e-3
    )  # of five in two parts, two weigh more
    assert len(parts[1]["val_loss"]) == 3


def test_a_learning_rate_that_a_callback_changed_stays(monkeypatch):
    monkeypatch.setattr(Memory, "fits", 16)
    slower = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    model, _ = fit_all(callbacks=[slower])
    assert float(model.optimizer.learning_rate) == pytest.approx(0.05 / 8)


def test_memory_that_runs_out_in_a_later_epoch_begins_that_epoch_anew(monkeypatch):
    train = tuple(array[:96] for array in TRAIN)
    whole = fit(build(), train, VALIDATION, epochs=4, show_progress=False)

    class Other(keras.callbacks.Callback):
        """Another notebook, which takes memory in the middle of the third epoch."""

        def on_train_batch_end(self, batch, logs=None):
            if (self.model.optimizer.iterations == 8) and Memory.fits > 10**6:
                monkeypatch.setattr(Memory, "fits", 8)

    parts = fit(build(), train, VALIDATION, epochs=4, show_progress=False, callbacks=[Other()])
    assert Memory.fits == 8
    assert_same(parts, whole)
    assert len(parts[1]["loss"]) == 4


def test_memory_that_is_too_small_for_validation_only_is_noticed_too(monkeypatch):
    train = tuple(array[:40] for array in TRAIN)
    held_out = tuple(np.concatenate([array] * 2) for array in VALIDATION)
    settings = {"epochs": 2, "batch_size": 40, "show_progress": False}
    whole = fit(build(), tuple(array[:20] for array in train), held_out, **settings)
    monkeypatch.setattr(Memory, "fits", 20)
    parts = fit(build(), tuple(array[:20] for array in train), held_out, **settings)
    np.testing.assert_allclose(parts[1]["val_loss"], whole[1]["val_loss"], rtol=1e-4)


def test_a_training_kept_by_a_small_device_goes_on_on_a_large_one(monkeypatch, tmp_path):
    train = tuple(array[:96] for array in TRAIN)
    settings = {"folder": tmp_path, "show_progress": False}
    whole = fit(build(), train, VALIDATION, epochs=3, show_progress=False)
    for limit, done in ((8, 1), (10**9, 2), (16, 3)):
        monkeypatch.setattr(Memory, "fits", limit)
        result = fit(build(), train, VALIDATION, epochs=done, **settings)
    assert_same(result, whole)


def test_an_optimizer_that_adds_up_already_gets_smaller_batches_and_an_honest_sentence(
    monkeypatch, capsys, each_language
):
    monkeypatch.setattr(Memory, "fits", 16)
    model, history = fit_all(build("sgd", gradient_accumulation_steps=2))
    assert len(history["loss"]) == 3
    assert int(model.optimizer._iterations) == 3 * 7
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert ("learning rate no longer" if each_language == "en" else "öğrenme oranı artık") in said


def test_where_not_even_one_example_fits_it_is_explained_and_the_model_is_as_before(monkeypatch, each_language):
    monkeypatch.setattr(Memory, "fits", 0)
    model, before = build(), build().get_weights()
    own = model.optimizer
    with pytest.raises(CourseError, match="GPU"):
        fit_all(model, batch_size=3)
    assert model.optimizer is own
    for one, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_batches_of_a_data_set_are_not_changed_but_explained(monkeypatch, each_language):
    monkeypatch.setattr(Memory, "fits", 16)
    batches = tf.data.Dataset.from_tensor_slices(TRAIN).batch(32)
    with pytest.raises(CourseError, match="fit"):
        fit(build(), batches, epochs=1, show_progress=False)
    small = tf.data.Dataset.from_tensor_slices(TRAIN).batch(16)
    with pytest.raises(CourseError, match="fit"):
        fit(build(), small, batches, epochs=1, show_progress=False)
    assert len(fit(build(), small, epochs=1, show_progress=False)[1]["loss"]) == 1
