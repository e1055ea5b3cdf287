import csv
import json
from hashlib import sha256

import keras
import numpy as np
import pytest

from tl_helpers.authoring import pretrain
from tl_helpers.base_models import MINI_WEIGHTS


@pytest.fixture
def published(monkeypatch, tmp_path):
    """A small source task, and an empty assets folder that its results go to."""
    monkeypatch.setattr(pretrain, "CLASSES", ("owl", "car"))
    monkeypatch.setattr(pretrain, "TEST_PER_CLASS", 2)
    monkeypatch.setattr(pretrain, "asset", lambda relative: tmp_path / "assets" / relative)
    for folder in ("weights", "reference"):
        (tmp_path / "assets" / folder).mkdir(parents=True)
    card = f"# Card\n{pretrain.BEGIN}\nold\n{pretrain.END}\n\nlimits\n"
    (tmp_path / "assets" / "weights" / "README.md").write_text(card, encoding="utf-8")
    return tmp_path / "assets"


def small_networks():
    inputs = keras.Input((96, 96, 3))
    base_model = keras.Model(inputs, keras.layers.Conv2D(4, 3, strides=8)(inputs))
    features = keras.layers.GlobalAveragePooling2D()(base_model(inputs))
    return base_model, keras.Model(inputs, keras.layers.Dense(2, name="head")(features))


def test_pretraining_publishes_loadable_weights_and_goes_on_where_it_stopped(published, monkeypatch, tmp_path):
    monkeypatch.setattr(pretrain, "build_network", small_networks)
    command = ["--work", str(tmp_path / "work"), "--per-class", "4"]
    assert pretrain.main([*command, "--epochs", "1"]) == 0
    assert pretrain.main([*command, "--epochs", "2"]) == 0
    with (published / "reference" / "pretraining_log.csv").open(encoding="utf-8") as log:
        assert [row["epoch"] for row in csv.DictReader(log)] == ["0", "1"]
    results = json.loads((published / "reference" / "pretraining.json").read_text(encoding="utf-8"))
    assert set(results["per_class"]) == {"owl", "car"}
    assert 0 <= results["accuracy"] <= 1
    card = (published / "weights" / "README.md").read_text(encoding="utf-8")
    assert f"| **all** | **{100 * results['accuracy']:.1f} %** |" in card
    assert "old" not in card
    assert card.endswith(f"{pretrain.END}\n\nlimits\n")
    for line in (published / "weights" / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        published_sum, name = line.split()
        assert sha256((published / "weights" / name).read_bytes()).hexdigest() == published_sum
    base_model, _ = small_networks()
    base_model.load_weights(published / "weights" / MINI_WEIGHTS["MobileNetV2"])


def test_the_network_is_keras_own_with_statistics_that_follow_in_time():
    base_model, classifier = pretrain.build_network()
    momenta = {layer.momentum for layer in base_model.layers if isinstance(layer, keras.layers.BatchNormalization)}
    assert momenta == {pretrain.MOMENTUM}
    assert (base_model.output_shape, classifier.output_shape) == ((None, 3, 3, 1280), (None, len(pretrain.CLASSES)))


def test_training_batches_vary_the_pictures_and_keep_their_labels():
    images = np.zeros((10, 96, 96, 3), np.uint8)
    images[np.arange(10), :, :48] = 25 * np.arange(10, dtype=np.uint8)[:, None, None, None]
    ((pictures, targets),) = list(pretrain.training_batches(images, np.arange(10)))
    assert (pictures.shape, targets.shape) == ((10, 96, 96, 3), (10, len(pretrain.CLASSES)))
    brightest = pictures.numpy().max(axis=(1, 2, 3))
    assert list(brightest) == [25.0 * label for label in targets.numpy().argmax(axis=1)]
    left_is_bright = pictures.numpy()[:, 48, 10, 0] > 0
    assert 0 < left_is_bright.sum() < 10
