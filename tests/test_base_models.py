"""Base models and classifiers of both editions; the full edition's networks are replaced by small ones."""

import inspect
import json

import keras
import numpy as np
import pytest

from tl_helpers import imagenet
from tl_helpers.base_models import (
    MINI_WEIGHTS,
    load_available,
    load_base_model,
    load_classifier,
    preprocessing,
    top_file,
)
from tl_helpers.editions import MINI, Edition, SourceError
from tl_helpers.features import extract_features
from tl_helpers.inception import inception_network
from tl_helpers.messages import CourseError
from tl_helpers.settings import asset
from tl_helpers.transfer import build_classifier, compile_classifier

FULL = Edition("full", 160)


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (4, 96, 96, 3), dtype=np.uint8)


@pytest.fixture
def keras_home(monkeypatch, tmp_path):
    """An empty Keras home, so that no test reads the machine's own."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "keras" / "models").mkdir(parents=True)
    return tmp_path / "keras"


def class_index(folder, count=1000):
    content = {str(i): [f"n{i:08}", f"thing_{i}"] for i in range(count)}
    (folder / "imagenet_class_index.json").write_text(json.dumps(content), encoding="utf-8")


def fetching(monkeypatch, file):
    """Let this file be what is fetched, or no network where it is None; return what is asked for."""
    asked = []

    def fetch_first(names):
        asked.append(names)
        if file is None:
            raise SourceError("downloads.failed", name=names[0], reasons="no network")
        return file

    monkeypatch.setattr(imagenet, "fetch_first", fetch_first)
    return asked


def stand_in(monkeypatch, name, kept=None):
    """Let a small network stand in for one of keras.applications; the weights asked for become its name."""
    signature = inspect.signature(getattr(keras.applications, name))

    def build(*args, **options):
        asked = signature.bind(*args, **options).arguments
        inputs = keras.Input(asked.get("input_shape") or (224, 224, 3))
        features = keras.layers.Conv2D(4, 3, strides=32)(inputs)
        if asked.get("include_top", True):
            logits = keras.layers.Dense(1000)(keras.layers.GlobalAveragePooling2D()(features))
            features = keras.layers.Activation(asked.get("classifier_activation", "softmax") or "linear")(logits)
        network = keras.Model(inputs, features, name=str(asked["weights"]).rsplit("/", maxsplit=1)[-1])
        if kept is not None:
            kept.append(network)
        return network

    monkeypatch.setattr(keras.applications, name, build)


def test_the_mini_inception_is_the_course_own_network():
    base_model = load_base_model("InceptionV3", MINI)
    assert base_model.output_shape == (None, 3, 3, 448)
    assert [w.shape for w in inception_network().weights] == [w.shape for w in base_model.weights]


def test_a_head_trains_on_the_mini_inception_while_it_stays_frozen(images):
    base_model = load_base_model("InceptionV3", MINI)
    base_model.trainable = False
    before = [weight.copy() for weight in base_model.get_weights()]
    model = compile_classifier(build_classifier(base_model, preprocessing("InceptionV3")))
    model.fit(images, np.arange(4) % 2, verbose=0)
    for old, new in zip(before, base_model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("name", MINI_WEIGHTS)
def test_a_mini_classifier_is_base_average_and_kept_top(name, images):
    classifier, class_names = load_classifier(name, MINI)
    with np.load(asset(f"weights/{top_file(name)}")) as top:
        kernel, bias = top["kernel"], top["bias"]
        assert class_names == tuple(top["class_names"])
    features = extract_features(load_base_model(name, MINI), preprocessing(name), images)
    np.testing.assert_allclose(classifier.predict(images, verbose=0), features @ kernel + bias, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("damaged", ["InceptionV3", "MobileNetV2"])
def test_a_damaged_or_missing_top_is_refused(monkeypatch, tmp_path, each_language, damaged):
    monkeypatch.setattr("tl_helpers.base_models.asset", lambda relative: tmp_path / relative)
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "SHA256SUMS").write_text(f"{'0' * 64}  {top_file(damaged)}\n", encoding="utf-8")
    with pytest.raises(CourseError, match=rf"{top_file(damaged)}.*sha256"):
        load_classifier(damaged, MINI)
    (tmp_path / "weights" / top_file(damaged)).write_bytes(b"half a file")
    with pytest.raises(CourseError, match=rf"{top_file(damaged)}.*sha256"):
        load_classifier(damaged, MINI)


@pytest.mark.parametrize("edition", [MINI, FULL])
def test_an_unknown_classifier_is_refused_with_the_known_ones(each_language, edition):
    with pytest.raises(CourseError, match="'VGG16'.*MobileNetV2, InceptionV3"):
        load_classifier("VGG16", edition)
    with pytest.raises(CourseError, match="'ResNet50'.*MobileNetV2, InceptionV3"):
        load_base_model("ResNet50", edition)


@pytest.mark.parametrize("name", MINI_WEIGHTS)
def test_imagenet_weights_come_from_tl_weights_then_the_keras_home_then_are_fetched(
    monkeypatch, keras_home, tmp_path, name
):
    stand_in(monkeypatch, name)
    file = imagenet.WITHOUT_TOP[name][0]
    asked = fetching(monkeypatch, tmp_path / "fetched.h5")
    assert load_base_model(name, FULL).name == "fetched.h5"
    assert asked == [imagenet.WITHOUT_TOP[name]]
    (keras_home / "models" / file).write_text("")
    assert load_base_model(name, FULL).name == file
    assert len(asked) == 1
    assert load_base_model(name, FULL).input_shape == (None, 160, 160, 3)
    assert load_base_model(name, FULL).output_shape[1:] == (5, 5, 4)  # no classifier
    monkeypatch.setenv("TL_WEIGHTS", str(tmp_path))
    (tmp_path / imagenet.WITHOUT_TOP[name][-1]).write_text("")
    assert load_base_model(name, FULL).name == imagenet.WITHOUT_TOP[name][-1]


def test_half_a_file_in_the_keras_home_is_passed_over(monkeypatch, keras_home, tmp_path):
    def build(weights, **_):
        if weights.parent == keras_home / "models":
            raise OSError("unable to open file")
        return f"network of {weights.name}"

    monkeypatch.setattr(keras.applications, "InceptionV3", build)
    (keras_home / "models" / imagenet.WITHOUT_TOP["InceptionV3"][0]).write_text("half a download")
    fetching(monkeypatch, tmp_path / "fetched.h5")
    assert load_base_model("InceptionV3", FULL) == "network of fetched.h5"


def test_damaged_inception_weights_are_a_missing_source(monkeypatch, keras_home, tmp_path, each_language):
    (tmp_path / imagenet.WITHOUT_TOP["InceptionV3"][0]).write_text("half a download")
    monkeypatch.setenv("TL_WEIGHTS", str(tmp_path))
    with pytest.raises(SourceError, match="InceptionV3.*(file signature|open file)"):
        load_base_model("InceptionV3", FULL)


@pytest.mark.parametrize(("name", "module"), [("MobileNetV2", "mobilenet_v2"), ("ResNet50", "resnet50")])
def test_the_full_classifier_takes_plain_pictures_to_logits(monkeypatch, keras_home, name, module):
    kept = []
    stand_in(monkeypatch, name, kept)
    fetching(monkeypatch, keras_home / "fetched.h5")
    class_index(keras_home / "models")
    classifier, class_names = load_classifier(name, FULL)
    assert classifier.input_shape == (None, 224, 224, 3)
    assert (len(class_names), class_names[7]) == (1000, "thing_7")
    picture = np.random.default_rng(0).integers(0, 256, (1, 224, 224, 3)).astype("float32")
    expected = kept[0].predict(getattr(keras.applications, module).preprocess_input(picture.copy()), verbose=0)
    np.testing.assert_allclose(classifier.predict(picture, verbose=0), expected, rtol=1e-4, atol=1e-5)
    assert expected.min() < 0  # logits, not probabilities


def test_class_names_out_of_reach_or_damaged_are_a_missing_source(monkeypatch, keras_home, each_language):
    fetching(monkeypatch, None)
    with pytest.raises(SourceError, match="ImageNet"):
        imagenet.imagenet_class_names()
    class_index(keras_home / "models", count=10)
    with pytest.raises(SourceError, match="ImageNet"):
        imagenet.imagenet_class_names()


def test_class_names_are_downloaded_where_they_are_not_here(monkeypatch, keras_home, tmp_path):
    class_index(tmp_path)
    asked = fetching(monkeypatch, tmp_path / "imagenet_class_index.json")
    assert imagenet.imagenet_class_names()[999] == "thing_999"
    assert asked == [("imagenet_class_index.json",)]


def test_a_base_model_whose_weights_cannot_be_had_is_left_out_and_named(monkeypatch, keras_home, capsys, each_language):
    fetching(monkeypatch, None)
    (keras_home / "models" / imagenet.WITHOUT_TOP["MobileNetV2"][1]).write_text("")
    monkeypatch.setattr(imagenet.keras.applications, "MobileNetV2", lambda **_: "network")
    assert load_available(("MobileNetV2", "InceptionV3"), Edition("full", 160)) == {"MobileNetV2": "network"}
    (line,) = capsys.readouterr().out.splitlines()
    assert line.count("InceptionV3") == 2
    with pytest.raises(SourceError):  # the first one is needed
        load_available(("InceptionV3", "MobileNetV2"), Edition("full", 160))


def test_both_base_models_of_the_mini_edition_are_there_and_nothing_is_said(capsys):
    assert list(load_available(("MobileNetV2", "InceptionV3"), MINI)) == ["MobileNetV2", "InceptionV3"]
    assert capsys.readouterr().out == ""
