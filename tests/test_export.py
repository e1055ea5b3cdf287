"""Models as TFLite files: the answers of Keras, a quarter of the size as integers, clear words where it cannot be."""

import keras
import numpy as np
import pytest

from tl_helpers import engines, export
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.editions import MINI
from tl_helpers.export import input_shape, load_tflite, run_tflite, to_int8, to_tflite
from tl_helpers.messages import CourseError
from tl_helpers.pictures import load_pictures
from tl_helpers.transfer import build_classifier


@pytest.fixture(scope="module")
def pictures():
    return load_pictures("cats_and_dogs", MINI).validation.images[:48]


@pytest.fixture(scope="module", params=["MobileNetV2", "InceptionV3"])
def model(request):
    keras.utils.set_random_seed(0)
    return build_classifier(load_base_model(request.param, MINI), preprocessing(request.param), outputs=3)


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(0)
    return build_classifier(
        keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)]), preprocessing("MobileNetV2")
    )


def test_a_converted_model_gives_the_logits_that_keras_gives(model, pictures):
    logits = run_tflite(to_tflite(model), pictures)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, model.predict(pictures.astype("float32"), verbose=0), atol=engines.TOLERANCE)


def test_integers_make_the_file_smaller_and_give_nearly_the_same_logits(model, pictures):
    small, large = to_int8(model, pictures[:32]), to_tflite(model)
    assert len(small) < 0.45 * len(large)  # these networks are small: names and scales of channels weigh something
    expected = model.predict(pictures.astype("float32"), verbose=0)
    logits = run_tflite(small, pictures)
    assert logits.shape == expected.shape
    assert not np.array_equal(logits, expected)
    assert np.mean(np.abs(logits - expected)) < 0.15 * np.std(expected)


def test_conversion_says_nothing(small, capfd, caplog):
    to_int8(small, np.zeros((2, 8, 8, 3), dtype=np.uint8))
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_where_weights_are_many_integers_take_a_quarter_of_the_room():
    layers = [keras.Input((8, 8, 3)), keras.layers.Conv2D(128, 3), keras.layers.Conv2D(256, 3)]
    model = keras.Sequential(layers)
    random = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), dtype=np.uint8)
    assert 3.7 < len(to_tflite(model)) / len(to_int8(model, random)) < 4.05


def test_all_is_integers_between_the_float_input_and_the_float_output(small):
    random = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 3), dtype=np.uint8)
    made = engines.interpreter(to_int8(small, random), export.lite_engine())
    kinds = [np.dtype(tensor["dtype"]) for tensor in made.get_tensor_details() if tensor["name"]]
    assert sum(kind == np.float32 for kind in kinds) == 2
    assert np.dtype(np.int8) in kinds


@pytest.mark.parametrize("engine", ["litert", "tf.lite"])
def test_either_engine_gives_the_same(small, monkeypatch, engine):
    if engine not in engines.available_engines():
        pytest.skip(f"the engine {engine} is not installed here")
    monkeypatch.setattr(export, "lite_engine", lambda: engine)
    random = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)
    expected = small.predict(random.astype("float32"), verbose=0)
    np.testing.assert_allclose(run_tflite(to_tflite(small), random), expected, atol=1e-4)


def test_without_litert_tensorflows_own_engine_is_taken(monkeypatch):
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    assert export.lite_engine() == "tf.lite"


def test_a_model_takes_one_picture_at_a_time_and_can_be_set_to_more(small):
    content = to_tflite(small)
    assert input_shape(content) == (1, 8, 8, 3)
    made = engines.interpreter(content, export.lite_engine(), batch_size=5)
    assert tuple(made.get_input_details()[0]["shape"]) == (5, 8, 8, 3)


@pytest.mark.parametrize("batch_size", [1, 5])
def test_a_loaded_model_gives_the_same_again_and_again(small, batch_size):
    random = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)
    content = to_tflite(small)
    run = load_tflite(content, batch_size)
    for _ in range(2):
        np.testing.assert_allclose(run(random[:batch_size]), run_tflite(content, random)[:batch_size], atol=1e-5)
    with pytest.raises(CourseError) as refused:
        run(random[:, :4])
    assert refused.value.key == "base_models.image_shape"


@pytest.mark.parametrize("shape", [(4, 9, 8, 3), (4, 8, 8), (4, 8, 8, 1)])
def test_pictures_of_another_shape_are_refused(small, shape):
    content = to_tflite(small)
    for refuse in (lambda images: run_tflite(content, images), lambda images: to_int8(small, images)):
        with pytest.raises(CourseError) as refused:
            refuse(np.zeros(shape, dtype=np.uint8))
        assert refused.value.key == "base_models.image_shape"


def test_no_picture_is_refused(small):
    nothing = np.zeros((0, 8, 8, 3), dtype=np.uint8)
    content = to_tflite(small)
    for refuse in (lambda: run_tflite(content, nothing), lambda: to_int8(small, nothing)):
        with pytest.raises(CourseError) as refused:
            refuse()
        assert refused.value.key == "export.no_pictures"


def test_a_model_that_litert_has_no_operations_for_is_refused_in_the_readers_words(each_language):
    inputs = keras.Input((8, 8, 3))
    outputs = keras.layers.Lambda(lambda x: keras.ops.fft2((x, x))[0], output_shape=(8, 8, 3))(inputs)
    model = keras.Model(inputs, outputs)
    random = np.zeros((2, 8, 8, 3), dtype=np.uint8)
    for convert in (lambda: to_tflite(model), lambda: to_int8(model, random)):
        with pytest.raises(CourseError) as refused:
            convert()
        assert refused.value.key == "export.not_converted"
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"no model at all", b"\x00" * 64])
def test_content_that_is_no_model_is_refused(content):
    with pytest.raises(CourseError) as refused:
        run_tflite(content, np.zeros((2, 8, 8, 3), dtype=np.uint8))
    assert refused.value.key == "export.no_model"
