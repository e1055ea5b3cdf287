import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from tl_helpers import engines, feature_cache, features, fingerprints
from tl_helpers.base_models import build_base_model, load_base_model, preprocessing
from tl_helpers.costs import multiply_adds
from tl_helpers.editions import MINI
from tl_helpers.features import extract_activations, extract_features, extract_views
from tl_helpers.messages import CourseError
from tl_helpers.splitting import split_at


@pytest.fixture(scope="module")
def base_model():
    return load_base_model("MobileNetV2", MINI)


@pytest.fixture(scope="module")
def preprocess():
    return preprocessing("MobileNetV2")


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (70, 96, 96, 3), dtype=np.uint8)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def small_base():
    """A base model of two layers, so that tests of keeping are quick."""
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, strides=2)])


@pytest.fixture
def small_images():
    return np.random.default_rng(1).integers(0, 256, (10, 8, 8, 3), dtype=np.uint8)


@pytest.fixture
def count_runs(monkeypatch):
    runs = []

    def counting(model, loads):
        runs.append(model)
        return run_keras(model, loads)

    run_keras = engines.run_keras
    monkeypatch.setattr(engines, "run_keras", counting)
    return runs


def by_keras(base_model, preprocess, images):
    """Oracle: Keras itself, picture by picture through preprocessing, base and pooling."""
    maps = base_model.predict(preprocess(images.astype("float32")), verbose=0)
    return maps.mean(axis=(1, 2))


@pytest.mark.parametrize("engine", engines.ENGINES)
@pytest.mark.parametrize("name", ["MobileNetV2", "InceptionV3"])
def test_every_engine_gives_the_features_that_keras_gives(name, engine, images):
    if engine not in engines.available_engines():
        pytest.skip(f"the engine {engine} is not installed here")
    base_model = load_base_model(name, MINI)
    got = extract_features(base_model, preprocessing(name), images, engine)
    assert got.dtype == np.float32
    oracle = by_keras(base_model, preprocessing(name), images)
    np.testing.assert_allclose(got, oracle, atol=engines.TOLERANCE)
    assert np.abs(oracle).max() > 100 * engines.TOLERANCE


def test_litert_is_among_the_engines_of_a_machine_with_the_course():
    pytest.importorskip("ai_edge_litert")
    assert engines.available_engines()[0] == "litert"


def test_a_gpu_is_used_through_keras(monkeypatch):
    monkeypatch.setattr(engines, "gpu_names", lambda: ["Tesla T4"])
    assert engines.available_engines() == ["keras"]


def test_the_conversion_says_nothing(base_model, preprocess, images, capfd, recwarn):
    extract_features(base_model, preprocess, images, engines.available_engines()[0])
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert len(recwarn) == 0


def test_layers_that_keep_more_than_weights_are_converted_too(images):
    """Dropout and random layers keep the state of a generator of chance, which is no number that LiteRT knows."""
    keras.utils.set_random_seed(0)
    layers = [keras.layers.RandomFlip(), keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((96, 96, 3)), *layers, keras.layers.Dropout(0.5)])
    model.layers[2].moving_mean.assign([5.0, -3.0, 0.5, 2.0])
    before = model.get_weights()
    oracle = model.predict(images[:6], verbose=0)
    for engine in set(engines.available_engines()) - {"keras"}:
        (got,) = engines.run_litert(engines.convert(model), features.image_loads(images[:6]), engine)
        np.testing.assert_allclose(got, oracle, atol=engines.TOLERANCE)
    for got, expected in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("kind", ["float32", "float64", "uint16"])
def test_pictures_of_any_number_type_give_the_same_features(kind, base_model, preprocess, images):
    fastest = engines.available_engines()[0]
    expected = extract_features(base_model, preprocess, images[:6], fastest)
    got = extract_features(base_model, preprocess, images[:6].astype(kind), fastest)
    np.testing.assert_allclose(got, expected, atol=1e-6)


def test_few_pictures_are_left_to_keras_many_are_worth_a_conversion(small_base, monkeypatch):
    fastest = engines.available_engines()[0]
    assert features._soonest_ready(small_base, "0" * 64, 10) == "keras"
    monkeypatch.setattr(features, "WORTH_CONVERTING", 10 * multiply_adds(small_base))
    assert features._soonest_ready(small_base, "0" * 64, 10) == fastest


def test_a_model_converted_once_is_used_for_few_pictures_too(base_model, preprocess, images, count_runs):
    fastest = engines.available_engines()[0]
    extract_features(base_model, preprocess, images[:8], fastest)
    extract_features(base_model, preprocess, images[8:12])
    assert len(count_runs) == (fastest == "keras") * 2


def test_an_unknown_engine_is_refused_with_those_that_are_here(small_base, preprocess, small_images, each_language):
    with pytest.raises(CourseError, match="'abacus'.*keras"):
        extract_features(small_base, preprocess, small_images, "abacus")


def test_a_model_that_litert_cannot_run_is_left_to_keras(preprocess, small_images, monkeypatch, capsys, each_language):
    inputs = keras.Input((8, 8, 3))
    base_model = keras.Model(inputs, keras.ops.fft2((inputs, inputs))[0])
    monkeypatch.setattr(features, "WORTH_CONVERTING", 0)
    got = extract_features(base_model, preprocess, small_images)
    np.testing.assert_allclose(got, by_keras(base_model, preprocess, small_images), rtol=1e-3, atol=1e-3)
    assert "Keras" in capsys.readouterr().out
    with pytest.raises(CourseError, match="LiteRT"):
        extract_features(base_model, preprocess, small_images[:5], engines.available_engines()[0])


def test_the_second_time_nothing_is_computed(small_base, preprocess, small_images, count_runs):
    first = extract_features(small_base, preprocess, small_images)
    second = extract_features(small_base, preprocess, small_images)
    np.testing.assert_array_equal(first, second)
    assert len(count_runs) == 1


def test_nothing_stale_is_returned(small_base, preprocess, small_images, count_runs):
    """Each change must be noticed: weights, preprocessing, pictures, their order."""
    extract_features(small_base, preprocess, small_images)
    kernel = small_base.layers[0].kernel
    kernel.assign(kernel * 1.001)
    other_scale = keras.layers.Rescaling(1 / 255, name="preprocessing")
    changed = small_images.copy()
    changed[9, 7, 7, 2] ^= 1
    for scale, pictures in ((preprocess, small_images), (other_scale, small_images), (preprocess, changed)):
        got = extract_features(small_base, scale, pictures)
        np.testing.assert_allclose(got, by_keras(small_base, scale, pictures), atol=1e-5)
    got = extract_features(small_base, preprocess, small_images[::-1])
    np.testing.assert_allclose(got, by_keras(small_base, preprocess, small_images)[::-1], atol=1e-5)
    assert len(count_runs) == 5


def test_a_broken_entry_is_computed_again(small_base, preprocess, small_images):
    first = extract_features(small_base, preprocess, small_images)
    (entry,) = feature_cache.cache_folder().glob("*.npy")
    content = bytearray(entry.read_bytes())
    content[150] ^= 1
    entry.write_bytes(content)
    np.testing.assert_array_equal(extract_features(small_base, preprocess, small_images), first)


def test_a_cache_of_no_size_keeps_nothing(small_base, preprocess, small_images, monkeypatch):
    monkeypatch.setenv("TL_CACHE_GB", "0")
    extract_features(small_base, preprocess, small_images)
    assert not list(feature_cache.cache_folder().glob("*"))


@pytest.mark.parametrize("reason", ["No space left on device", "Read-only file system"])
def test_features_are_given_even_where_they_cannot_be_kept(
    small_base, preprocess, small_images, monkeypatch, capsys, reason, each_language
):
    def fail(*_):
        raise OSError(28, reason)

    monkeypatch.setattr(feature_cache, "write", fail)
    got = extract_features(small_base, preprocess, small_images)
    np.testing.assert_allclose(got, by_keras(small_base, preprocess, small_images), atol=1e-5)
    assert reason in capsys.readouterr().out


def test_no_pictures_have_no_features(base_model, preprocess, images):
    assert extract_features(base_model, preprocess, images[:0]).shape == (0, 1280)


def test_pictures_of_another_size_are_refused_with_the_right_one(base_model, preprocess, each_language):
    with pytest.raises(CourseError, match=r"\(64, 64, 3\).*\(96, 96, 3\).*image_size=96"):
        extract_features(base_model, preprocess, np.zeros((2, 64, 64, 3), np.uint8))
    with pytest.raises(CourseError, match=r"\(96, 96\)"):
        extract_features(base_model, preprocess, np.zeros((2, 96, 96), np.uint8))


@pytest.mark.parametrize("engine", engines.available_engines())
def test_files_give_the_features_of_their_pictures(base_model, preprocess, images, tmp_path, engine):
    files = [tmp_path / f"{i}.png" for i in range(70)]
    for file, image in zip(files, images, strict=True):
        Image.fromarray(image).save(file)
    expected = extract_features(base_model, preprocess, images, "keras")
    got = extract_features(base_model, preprocess, files, engine)
    np.testing.assert_allclose(got, expected, atol=engines.TOLERANCE)


def test_a_file_that_is_no_picture_is_named_and_nothing_is_kept(small_base, preprocess, tmp_path, each_language):
    (tmp_path / "notes.jpg").write_text("no picture")
    for name in ("notes.jpg", "nowhere.jpg"):
        with pytest.raises(CourseError, match=f"{name}.*read_splits"):
            extract_features(small_base, preprocess, [tmp_path / name])
    assert not list(feature_cache.cache_folder().glob("*"))


def test_activations_at_a_cut_are_those_of_keras(base_model, preprocess, images):
    bottom, top = split_at(base_model, "block_10_project_BN")
    got = extract_activations(bottom, preprocess, images, engines.available_engines()[0])
    scaled = preprocess(images.astype("float32"))
    np.testing.assert_allclose(got, bottom.predict(scaled, verbose=0), atol=engines.TOLERANCE)
    np.testing.assert_allclose(
        top.predict(got, verbose=0), base_model.predict(scaled, verbose=0), atol=engines.TOLERANCE
    )


def test_activations_too_large_for_memory_stay_on_disk(small_base, preprocess, small_images, monkeypatch):
    in_memory = extract_activations(small_base, preprocess, small_images[:9])
    monkeypatch.setattr(features, "MEMORY_LIMIT", 100)
    on_disk = [extract_activations(small_base, preprocess, small_images) for _ in range(2)]
    assert all(isinstance(each, np.memmap) for each in on_disk)
    assert not isinstance(in_memory, np.memmap)
    np.testing.assert_array_equal(on_disk[0][:9], in_memory)
    np.testing.assert_array_equal(*on_disk)


def test_activations_that_fit_nowhere_are_explained(small_base, preprocess, small_images, monkeypatch, each_language):
    monkeypatch.setattr(features, "MEMORY_LIMIT", 100)
    monkeypatch.setenv("TL_CACHE_GB", "1e-7")
    with pytest.raises(CourseError, match="TL_CACHE_GB"):
        extract_activations(small_base, preprocess, small_images)
    monkeypatch.delenv("TL_CACHE_GB")
    monkeypatch.setattr(os, "fsync", partial(_raise, OSError(28, "No space left on device")))
    with pytest.raises(CourseError, match="No space left on device.*TL_DATA_HOME"):
        extract_activations(small_base, preprocess, small_images)
    assert not list(feature_cache.cache_folder().glob("*"))


def _raise(error, *_):
    raise error


def test_the_first_view_is_the_picture_itself_and_the_others_are_augmented(small_base, preprocess, small_images):
    augmentation = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.1)])
    views = extract_views(small_base, preprocess, small_images, augmentation, views=3, seed=7)
    assert views.shape == (3, 10, 3, 3, 4)
    plain = extract_activations(small_base, preprocess, small_images)
    np.testing.assert_array_equal(views[0], plain)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not np.allclose(views[one], views[other], atol=1e-3)


def test_mirrored_views_are_the_activations_of_mirrored_pictures(small_base, preprocess, small_images):
    flip = keras.layers.RandomFlip("horizontal")
    plain, varied = extract_views(small_base, preprocess, small_images, flip, views=2)
    mirrored = extract_activations(small_base, preprocess, small_images[:, :, ::-1])
    is_mirrored = [np.allclose(got, want, atol=1e-5) for got, want in zip(varied, mirrored, strict=True)]
    is_plain = [np.allclose(got, want, atol=1e-5) for got, want in zip(varied, plain, strict=True)]
    assert [a or b for a, b in zip(is_mirrored, is_plain, strict=True)] == [True] * 10
    assert any(is_mirrored)


def test_the_same_seed_gives_the_same_views_again_and_another_one_others(small_base, preprocess, small_images):
    def views(seed):
        rotation = keras.Sequential([keras.layers.RandomRotation(0.2)])
        return extract_views(small_base, preprocess, small_images, rotation, views=2, seed=seed)

    first = views(1)
    for entry in feature_cache.cache_folder().glob("*"):
        entry.unlink()
    np.testing.assert_array_equal(views(1), first)
    assert not np.array_equal(views(2), first)


def test_a_model_has_the_same_fingerprint_in_every_session():
    code = (
        "import keras; keras.Input((1,)); keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
        "from tests.test_features import fingerprint_of_a_base\nprint(fingerprint_of_a_base())"
    )
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "TF_CPP_MIN_LOG_LEVEL": "3"}
    again = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert again.stdout.split()[-1] == fingerprint_of_a_base()


def fingerprint_of_a_base():
    keras.utils.set_random_seed(3)
    return fingerprints.of_model(
        features.frozen_extractor(build_base_model("MobileNetV2"), preprocessing("MobileNetV2"))
    )


def test_a_model_built_again_in_the_same_session_has_the_same_fingerprint():
    def build():
        keras.utils.set_random_seed(0)
        inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
        return keras.Sequential([inner, keras.layers.Dropout(0.1), keras.layers.Dense(1)])

    assert fingerprints.of_model(build()) == fingerprints.of_model(build())


@pytest.mark.parametrize("change", ["strides", "activation", "order"])
def test_another_structure_has_another_fingerprint(change):
    def model(strides=1, activation="relu", first=0):
        keras.utils.set_random_seed(0)
        inputs = keras.Input((4, 4, 3))
        branches = [keras.layers.Conv2D(3, 1, strides=strides, activation=activation)(inputs) for _ in range(2)]
        return keras.Model(inputs, keras.layers.Subtract()([branches[first], branches[1 - first]]))

    changed = model(**{"strides": {"strides": 2}, "activation": {"activation": "tanh"}, "order": {"first": 1}}[change])
    assert fingerprints.of_model(changed) != fingerprints.of_model(model())
    assert fingerprints.of_model(model()) == fingerprints.of_model(model())


def test_multiply_adds_are_those_of_the_papers():
    mobile_net = keras.applications.MobileNetV2(weights=None)
    assert multiply_adds(mobile_net) == pytest.approx(300e6, rel=0.01)  # Sandler et al. 2018, table 4
    resnet = keras.applications.ResNet50(weights=None)
    assert multiply_adds(resnet) == pytest.approx(3.8e9, rel=0.03)  # He et al. 2015, table 1


def test_separable_and_nested_layers_are_counted_by_hand():
    inner = keras.Sequential([keras.Input((8, 8, 6)), keras.layers.SeparableConv2D(5, 3)])
    model = keras.Sequential([inner, keras.layers.Flatten(), keras.layers.Dense(2)])
    assert multiply_adds(model) == 6 * 6 * (3 * 3 * 6 + 6 * 5) + 6 * 6 * 5 * 2


@pytest.mark.long
def test_the_readmes_example_runs_and_is_the_same_in_turkish(tmp_path, monkeypatch):
    texts = [(Path(__file__).parents[1] / name).read_text(encoding="utf-8") for name in ("README.md", "README.tr.md")]
    english, turkish = (re.findall(r"```python\n(.+?)```", text, flags=re.DOTALL) for text in texts)
    assert [re.sub("#.*", "", code) for code in english] == [re.sub("#.*", "", code) for code in turkish]
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(english[0], names)  # the course's own README
    assert names["features"].shape == (400, 1280)
    assert names["activations"].shape == (400, 6, 6, 32)
    few = names["pictures"].images[:4].astype("float32")
    logits = names["whole"](names["preprocess"](few), training=False)
    np.testing.assert_allclose(
        logits, names["classifier"](names["activations"][:4], training=False), atol=engines.TOLERANCE
    )
    assert len(names["history"]["loss"]) == 5


@pytest.mark.long
def test_two_notebooks_that_need_the_same_features_at_once_both_get_them(tmp_path):
    code = (
        "import keras, numpy as np\n"
        "from tl_helpers.base_models import preprocessing\n"
        "from tl_helpers.features import extract_features\n"
        "keras.utils.set_random_seed(0)\n"
        "base = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)])\n"
        "images = np.random.default_rng(0).integers(0, 256, (300, 8, 8, 3), dtype=np.uint8)\n"
        "got = [extract_features(base, preprocessing('MobileNetV2'), images[:n]).sum() for n in (300, 200, 100, 300)]\n"
        "print(*got)\n"
    )
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    one, other = (process.communicate()[0].split() for process in both)
    assert one == other
    assert one[0] == one[3]
    assert len(list(feature_cache.cache_folder().glob("*.npy"))) == 3
    assert not list(feature_cache.cache_folder().glob("*.part"))
