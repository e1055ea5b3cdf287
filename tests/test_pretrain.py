import csv
import json
from hashlib import sha256

import keras
import numpy as np
import PIL
import pytest

from tl_helpers import base_models, picturebook
from tl_helpers.authoring import model_card, pretrain, source_task
from tl_helpers.authoring.model_card import measured_table
from tl_helpers.authoring.source_task import TRAIN_SEED, fingerprint
from tl_helpers.base_models import MINI_WEIGHTS, load_base_model, load_classifier, top_file
from tl_helpers.editions import MINI
from tl_helpers.settings import asset

NAMES = tuple(pretrain.SEEDS)


@pytest.fixture
def published(monkeypatch, tmp_path):
    """A tiny source task and its own work folder, and an assets folder that its results go to and are loaded from."""
    monkeypatch.setattr(source_task, "CLASSES", ("owl", "car"))
    for name, value in {"TRAIN_PER_CLASS": 3, "TEST_PER_CLASS": 2, "EPOCHS": 1, "JIT_COMPILE": False}.items():
        monkeypatch.setattr(pretrain, name, value)
    monkeypatch.setattr(pretrain, "CYCLES", dict.fromkeys(NAMES, 1))
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "data"))
    for module in (model_card, base_models):
        monkeypatch.setattr(module, "asset", lambda relative: tmp_path / "assets" / relative)
    for folder in ("weights", "reference"):
        (tmp_path / "assets" / folder).mkdir(parents=True)
    places = [f"{model_card.BEGIN}\nold {{name}}\n{model_card.END}\n".format(name=name) for name in NAMES]
    (tmp_path / "assets" / "weights" / "README.md").write_text(f"# Card\n{''.join(places)}limits\n", encoding="utf-8")
    return tmp_path / "assets"


def small_network(name, image_size=96):
    inputs = keras.Input((96, 96, 3))
    return keras.Model(inputs, keras.layers.Conv2D(4, 3, strides=8)(inputs))


def never(*arguments):
    raise AssertionError(f"called with {arguments}")


def sums(folder):
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return dict(reversed(line.split()) for line in lines)


def test_pretraining_goes_on_where_it_stopped_and_draws_once(published, monkeypatch):
    monkeypatch.setattr(pretrain, "build_base_model", small_network)
    assert pretrain.main(["MobileNetV2"]) == 0
    monkeypatch.setattr(source_task, "_draw_in_parallel", never)
    monkeypatch.setattr(pretrain, "CYCLES", dict.fromkeys(NAMES, 2))
    assert pretrain.main(["MobileNetV2"]) == 0
    with (published / "reference" / "pretraining_log_MobileNetV2.csv").open(encoding="utf-8") as log:
        rows = list(csv.DictReader(log))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    results = json.loads((published / "reference" / "pretraining_MobileNetV2.json").read_text(encoding="utf-8"))
    assert results["training_seconds"] == round(sum(float(row["seconds"]) for row in rows))


def test_both_base_models_are_published_side_by_side(published, monkeypatch):
    monkeypatch.setattr(pretrain, "build_base_model", small_network)
    assert pretrain.main(["InceptionV3"]) == 0
    first = sums(published / "weights")
    assert set(first) == {MINI_WEIGHTS["InceptionV3"], top_file("InceptionV3")}
    card = (published / "weights" / "README.md").read_text(encoding="utf-8")
    assert "old MobileNetV2" in card
    assert "old InceptionV3" not in card
    assert pretrain.main(["MobileNetV2"]) == 0
    assert {name: sums(published / "weights")[name] for name in first} == first
    assert len(sums(published / "weights")) == 4
    for name, published_sum in sums(published / "weights").items():
        assert sha256((published / "weights" / name).read_bytes()).hexdigest() == published_sum
    card = (published / "weights" / "README.md").read_text(encoding="utf-8")
    assert "old" not in card
    assert card.endswith("limits\n")
    for name in NAMES:
        results = json.loads((published / "reference" / f"pretraining_{name}.json").read_text(encoding="utf-8"))
        assert measured_table(results) in card
        assert set(results["per_class"]) == {"owl", "car"}
        first_pictures = [picturebook.draw(label, TRAIN_SEED, 0) for label in ("owl", "car")]
        assert results["fingerprint"] == fingerprint(np.stack(first_pictures))


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_what_is_published_gives_the_logits_of_what_was_trained(published, monkeypatch, name):
    trained = {}
    monkeypatch.setattr(pretrain, "publish", lambda *args: trained.update(model=args[2]) or model_card.publish(*args))
    assert pretrain.main([name]) == 0
    classifier, class_names = load_classifier(name, MINI)
    assert class_names == ("owl", "car")
    images = np.random.default_rng(0).integers(0, 256, (3, 96, 96, 3), dtype=np.uint8)
    expected = trained["model"].predict(images, verbose=0)
    np.testing.assert_allclose(classifier.predict(images, verbose=0), expected, rtol=1e-3, atol=1e-4)
    (published / "weights" / top_file(name)).write_bytes(b"half a file")
    with pytest.raises(ValueError, match="sha256"):
        load_classifier(name, MINI)


def test_the_learning_rate_warms_up_falls_and_begins_again_at_half():
    steps, epochs, peak = 10, 5, pretrain.PEAK_RATE
    oracle = keras.optimizers.schedules.CosineDecay(
        peak / 20, (epochs - 1) * steps, warmup_target=peak, warmup_steps=steps
    )
    ours, first_cycle = pretrain.Cycles(steps, epochs), range(epochs * steps)
    rates = [float(ours(step)) for step in first_cycle]
    np.testing.assert_allclose(rates, [float(oracle(step)) for step in first_cycle], rtol=1e-4, atol=1e-9)
    again = [float(ours(step + epochs * steps)) for step in first_cycle]
    np.testing.assert_allclose(again, np.array(rates) / 2, rtol=1e-3, atol=1e-9)


def test_an_unknown_base_model_is_not_pretrained(capsys):
    with pytest.raises(SystemExit):
        pretrain.main(["VGG16"])
    assert "VGG16" in capsys.readouterr().err


def test_without_names_every_base_model_is_pretrained(monkeypatch, capsys):
    seen = []
    monkeypatch.setattr(pretrain, "pretrain", seen.append)
    assert pretrain.main([]) == 0
    assert seen == list(MINI_WEIGHTS)


def test_a_card_without_a_place_for_the_table_is_refused():
    with pytest.raises(ValueError, match="measured:InceptionV3:begin"):
        model_card.with_table("# Card\n", "InceptionV3", "| table |")


@pytest.mark.parametrize(("name", "channels"), [("MobileNetV2", 1280), ("InceptionV3", 448)])
def test_the_network_has_statistics_that_follow_in_time(name, channels):
    base_model, classifier = pretrain.build_network(name)
    momenta = {layer.momentum for layer in base_model.layers if isinstance(layer, keras.layers.BatchNormalization)}
    assert momenta == {pretrain.MOMENTUM}
    assert base_model.output_shape == (None, 3, 3, channels)
    assert classifier.output_shape == (None, len(source_task.CLASSES))


def test_training_batches_vary_the_pictures_and_keep_their_labels():
    images = np.zeros((10, 96, 96, 3), np.uint8)
    images[np.arange(10), :, :48] = 25 * np.arange(10, dtype=np.uint8)[:, None, None, None]
    ((pictures, targets),) = list(source_task.training_batches(images, np.arange(10), seed=1))
    assert (pictures.shape, targets.shape) == ((10, 96, 96, 3), (10, len(source_task.CLASSES)))
    pictures, labels = pictures.numpy(), targets.numpy().argmax(axis=1)
    assert sorted(labels) == list(range(10))
    assert pictures.min() >= 0
    assert pictures.max() <= 255
    edges = pictures[:, 48, 10, 0], pictures[:, 48, -10, 0]
    most = source_task.BRIGHTNESS + 127.5 * source_task.CONTRAST
    np.testing.assert_allclose(np.maximum(*edges), 25 * labels, atol=most)  # each label went with its own picture
    assert not np.allclose(np.maximum(*edges), 25 * labels, atol=1)
    left_is_bright = edges[0][labels > 2] > edges[1][labels > 2]
    assert 0 < left_is_bright.sum() < len(left_is_bright)


def published_results(name):
    return json.loads(asset(f"reference/pretraining_{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_model_card_states_what_was_measured(name):
    results = published_results(name)
    assert measured_table(results) in asset("weights/README.md").read_text(encoding="utf-8")
    assert results["accuracy"] >= 0.85


@pytest.mark.parametrize("name", NAMES)
def test_the_book_still_draws_what_the_base_models_were_pretrained_on(name):
    results = published_results(name)
    assert tuple(results["per_class"]) == picturebook.SOURCE_CLASSES
    drawn = fingerprint(np.stack([picturebook.draw(label, TRAIN_SEED, 0) for label in picturebook.SOURCE_CLASSES]))
    if drawn != results["fingerprint"] and results["versions"]["pillow"] != PIL.__version__:
        pytest.skip(f"Pillow {PIL.__version__} draws otherwise than {results['versions']['pillow']} of the pretraining")
    assert drawn == results["fingerprint"]


def test_the_published_weights_are_those_of_the_sums():
    published = sums(asset("weights"))
    assert set(published) == {*MINI_WEIGHTS.values(), *map(top_file, NAMES)}
    for name, published_sum in published.items():
        content = asset(f"weights/{name}").read_bytes()
        assert sha256(content).hexdigest() == published_sum
        assert len(content) <= 4_000_000


@pytest.mark.parametrize("name", NAMES)
def test_the_published_classifier_names_new_drawings(name):
    classifier, class_names = load_classifier(name, MINI)
    assert class_names == picturebook.SOURCE_CLASSES
    images, labels = picturebook.draw_many(class_names, 8, seed=77)
    assert np.mean(classifier.predict(images, verbose=0).argmax(axis=1) == labels) >= 0.8


def test_the_mobilenet_is_saved_as_keras_reads_it():
    base_model = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, include_top=False, weights=None)
    base_model.load_weights(asset(f"weights/{MINI_WEIGHTS['MobileNetV2']}"))
    for ours, keras_own in zip(
        load_base_model("MobileNetV2", MINI).get_weights(), base_model.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(ours, keras_own)
