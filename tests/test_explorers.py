"""Lesson 02's sliders: the same variants every time, thresholds as scikit-learn counts them, readings that follow."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from sklearn.metrics import precision_score, recall_score

from tl_helpers import explorers
from tl_helpers.evaluation import confusion_matrix, predicted_classes, probabilities
from tl_helpers.messages import message
from tl_helpers.picturebook import draw
from tl_helpers.pictures import Pictures


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def answered():
    """Return pictures of two classes and logits that are right for most."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 200)
    logits = (2 * labels - 1) * 1.5 + rng.normal(size=200) * 2
    return Pictures(np.zeros((200, 2, 2, 3), np.uint8), labels, ("cat", "dog"), tuple(map(str, range(200)))), logits


@pytest.fixture
def cat():
    return draw("cat", 5)


def test_the_same_choice_gives_the_same_variants_and_another_gives_others(cat):
    one, same, other = (explorers.variants(cat, rotation, "horizontal") for rotation in (0.1, 0.1, 0.25))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert len({variant.tobytes() for variant in one}) == explorers.VARIANTS


def test_without_rotation_and_flip_every_variant_is_the_picture(cat):
    for variant in explorers.variants(cat, 0.0, None):
        np.testing.assert_array_equal(variant, cat)


def test_a_horizontal_flip_gives_the_picture_or_its_mirror_image_and_both_occur(cat):
    kinds = {variant.astype(np.uint8).tobytes() for variant in explorers.variants(cat, 0.0, "horizontal")}
    assert kinds == {cat.tobytes(), cat[:, ::-1].tobytes()}


@pytest.mark.parametrize(
    ("rotation", "flip", "key"),
    [(0.0, 0, "same"), (0.1, 1, "likely"), (0.0, 1, "likely"), (0.5, 0, "strange"), (0.0, 2, "strange")],
)
def test_the_reading_of_variants_follows_what_is_chosen(cat, each_language, rotation, flip, key):
    name = explorers.flip_names()[flip]
    drawing = explorers.draw_variants(cat, rotation, name)
    assert drawing.reading == message(f"explorers.variants_{key}", degrees=f"{360 * rotation:.0f}", flip=name)
    assert drawing.reading in drawing.alt
    assert len(drawing.figure.axes) == explorers.VARIANTS


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.9])
def test_precision_and_recall_are_those_of_scikit_learn(answered, threshold):
    pictures, logits = answered
    answers = predicted_classes(logits, threshold)
    precision, recall = explorers.precision_recall(confusion_matrix(pictures.labels, answers, 2))
    assert precision == pytest.approx(precision_score(pictures.labels, answers))
    assert recall == pytest.approx(recall_score(pictures.labels, answers))


def test_a_threshold_that_nothing_reaches_has_no_precision(answered):
    pictures, _ = answered
    drawing = explorers.draw_threshold(0.9, pictures, np.full(200, -5.0))
    assert "precision –, recall 0.0 %" in drawing.reading


@pytest.mark.parametrize(
    ("matrix", "key"), [([[5, 1], [3, 6]], "missed"), ([[5, 3], [1, 6]], "false"), ([[5, 2], [2, 6]], "equal")]
)
def test_the_reading_names_the_commoner_mistake(matrix, key):
    matrix = np.array(matrix)
    precision, recall = explorers.precision_recall(matrix)
    shares = {"precision": f"{100 * precision:.1f} %", "recall": f"{100 * recall:.1f} %"}
    counts = {"missed": str(matrix[1, 0]), "false": str(matrix[0, 1])}
    expected = message(f"explorers.threshold_{key}", threshold="0.3", name="dog", **shares, **counts)
    assert explorers.read_threshold(matrix, 0.3, "dog") == expected


def test_the_drawing_writes_the_counts_under_its_threshold(answered, each_language):
    pictures, logits = answered
    drawing = explorers.draw_threshold(0.7, pictures, logits[:, None])
    (axis,) = drawing.figure.axes
    counts = [int(text.get_text()) for text in axis.texts]
    assert counts == list(confusion_matrix(pictures.labels, probabilities(logits) >= 0.7, 2).ravel())
    assert drawing.reading in drawing.alt
    assert "{" not in drawing.alt + axis.get_title(loc="left")
