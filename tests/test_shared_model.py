"""A classifier in a folder: what is written is read again, what is broken is explained, doubt is said."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from tl_helpers.folders import read_picture
from tl_helpers.messages import CourseError, message
from tl_helpers.shared_model import (
    LABELS,
    MODEL,
    draw_answer,
    load_shared,
    read_answer,
    resize,
    save_shared,
    show_answer,
)
from tl_helpers.transfer import compile_classifier

PICTURE = np.random.default_rng(0).integers(0, 256, (30, 50, 3), dtype=np.uint8)


def by_colour(outputs=2):
    """A model that is sure of its first class where a picture is red, of the last where it is blue."""
    inputs = keras.Input((16, 16, 3))
    means = keras.layers.GlobalAveragePooling2D()(inputs)
    model = keras.Model(inputs, keras.layers.Dense(outputs)(means))
    kernel = np.zeros((3, outputs))
    kernel[0, 0] = kernel[2, -1] = 0.05
    model.layers[-1].set_weights([kernel, np.zeros(outputs)])
    return model


@pytest.fixture
def folder(tmp_path):
    return save_shared(tmp_path / "çok güzel" / "model", by_colour(), ("cat", "şemsiye"), 0.7)


def plain(red, blue):
    return np.full((9, 20, 3), (red, 0, blue), dtype=np.uint8)


def test_what_is_saved_is_loaded_again(folder):
    shared = load_shared(folder)
    assert (shared.class_names, shared.threshold) == (("cat", "şemsiye"), 0.7)
    assert shared.answer(plain(255, 0))[0] == ("cat", pytest.approx(1.0, abs=1e-4))
    assert shared.answer(plain(0, 255))[0][0] == "şemsiye"


def test_what_training_left_behind_is_not_handed_on(tmp_path):
    inner = compile_classifier(by_colour())
    inner.fit(np.zeros((4, 16, 16, 3)), np.zeros(4), verbose=0)
    inputs = keras.Input((16, 16, 3))
    outer = keras.Model(inputs, inner(inputs))
    shared = load_shared(save_shared(tmp_path, outer, ("cat", "dog"), 0.5))
    assert all(getattr(layer, "optimizer", None) is None for layer in shared.model.layers)
    pixels = PICTURE[None, :16, :16].astype("float32")
    np.testing.assert_allclose(shared.model(pixels), outer(pixels), rtol=1e-5)


def test_a_picture_is_resized_as_for_training(tmp_path):
    Image.fromarray(PICTURE).save(tmp_path / "noise.png")
    np.testing.assert_array_equal(resize(PICTURE, 16), read_picture(tmp_path / "noise.png", 16)[0])


def test_below_the_threshold_the_model_says_that_it_does_not_know(folder, each_language):
    sure, unsure = (draw_answer(load_shared(folder), plain(red, 100)) for red in (255, 100))
    titles = [drawing.figure.get_suptitle() for drawing in (sure, unsure)]
    assert titles == [message("classes.cat"), message("shared_model.unknown")]
    assert unsure.reading.startswith(message("shared_model.unknown"))
    assert not sure.reading.startswith(message("shared_model.unknown"))
    assert sure.reading in sure.alt


def test_an_answer_is_shown_and_read(folder, capsys):
    show_answer(load_shared(folder), plain(255, 100))
    assert capsys.readouterr().out.endswith("cat: the model is 100 % sure.\n")


def test_an_answer_is_read_from_its_numbers():
    answers = [("cat", 0.7), ("dog", 0.3)]
    assert read_answer(answers, 0.7) == "cat: the model is 70 % sure."
    assert "cat, but with 70 % only; from 71 %" in read_answer(answers, 0.71)


def test_of_many_classes_the_likeliest_five_are_shown(tmp_path):
    names = [f"class {number}" for number in range(9)]
    shared = load_shared(save_shared(tmp_path, by_colour(9), names, 0.5))
    answers = shared.answer(plain(0, 255))
    assert len(answers) == 5
    assert answers[0][0] == "class 8"


def test_a_large_picture_is_drawn_small_and_in_its_own_shape(folder):
    drawing = draw_answer(load_shared(folder), np.zeros((900, 1800, 3), dtype=np.uint8))
    (image,) = drawing.figure.axes[0].get_images()
    assert image.get_array().shape == (600, 600, 3)
    assert drawing.figure.axes[0].get_aspect() == 0.5


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


DAMAGES = {
    "no model": (lambda folder: (folder / MODEL).unlink(), "shared_model.missing"),
    "no labels": (lambda folder: (folder / LABELS).unlink(), "shared_model.missing"),
    "labels that are no JSON": (lambda folder: write(folder, LABELS, "cat, dog"), "shared_model.labels"),
    "labels without a threshold": (
        lambda folder: write(folder, LABELS, '{"class_names": ["a"]}'),
        "shared_model.labels",
    ),
    "labels of another kind": (lambda folder: write(folder, LABELS, "[1]"), "shared_model.labels"),
    "a model that is none": (lambda folder: write(folder, MODEL, "model"), "shared_model.model"),
    "another number of labels": (
        lambda folder: write(folder, LABELS, json.dumps({"class_names": ["a", "b", "c"], "threshold": 0.5})),
        "shared_model.count",
    ),
}


@pytest.mark.parametrize(("damage", "key"), DAMAGES.values(), ids=DAMAGES)
def test_a_folder_that_cannot_be_used_is_explained(folder, damage, key, each_language):
    damage(folder)
    with pytest.raises(CourseError) as refusal:
        load_shared(folder)
    assert refusal.value.key == key
    assert str(folder) in str(refusal.value)
