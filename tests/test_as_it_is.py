"""A classifier as it is: top answers, pictures that it knows and one that it cannot know, readings, own pictures."""

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt
from scipy.special import softmax

from tl_helpers import as_it_is
from tl_helpers.base_models import load_classifier
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI, Edition, SourceError
from tl_helpers.messages import catalogue, message, set_language
from tl_helpers.pictures import Pictures, Splits

FULL = Edition("full", 160)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def mini():
    return load_classifier("MobileNetV2", MINI)


def test_top_answers_are_the_largest_probabilities_in_order():
    logits = np.random.default_rng(0).normal(size=30) * 500  # large ones must not overflow
    names = [f"thing_{i}" for i in range(30)]
    expected = softmax(logits)
    order = np.argsort(-expected)
    answers = as_it_is.top_answers(logits, names, k=4)
    assert [name for name, _ in answers] == [names[i] for i in order[:4]]
    assert [share for _, share in answers] == pytest.approx(list(expected[order[:4]]))
    assert len(as_it_is.top_answers(logits, names, k=None)) == 30


def test_the_mini_classifier_names_what_it_knows_and_cannot_name_a_cat(mini):
    classifier, class_names = mini
    known, strangers = as_it_is.pictures_to_name(classifier, class_names, MINI)
    first = [as_it_is.top_answers(row, class_names)[0][0] for row in classifier.predict(known.images, verbose=0)]
    assert first == [known.class_names[label] for label in known.labels]
    assert strangers.class_names == ("cat",)
    assert "cat" not in class_names
    for row in classifier.predict(strangers.images, verbose=0):
        assert as_it_is.top_answers(row, class_names)[0][0] != "cat"


def test_where_breeds_are_known_photographs_and_a_drawn_tulip_are_shown(monkeypatch, tmp_path):
    inputs = keras.Input((32, 32, 3))
    classifier = keras.Model(inputs, keras.layers.Flatten()(inputs))
    photographs = Pictures(np.zeros((6, 32, 32, 3), np.uint8), np.arange(6) % 2, ("cat", "dog"), tuple("abcdef"))
    asked = []
    splits = Splits(photographs, photographs, photographs)
    monkeypatch.setattr(as_it_is, "load_pictures", lambda *arguments: asked.append(arguments) or splits)
    known, strangers = as_it_is.pictures_to_name(classifier, ("tabby", "lynx"), FULL)
    assert asked == [("cats_and_dogs", FULL, 32)]
    assert known.names == ("a", "b", "f")
    assert strangers.class_names == ("tulip",)
    assert strangers.images.shape == (2, 32, 32, 3)


def test_without_imagenet_the_lesson_says_so_and_takes_the_mini_classifier(monkeypatch, capsys, each_language):
    def missing(name, edition):
        if edition.name == "full":
            raise SourceError("base_models.no_class_names", reason="x")
        return "classifier", ("boat",)

    monkeypatch.setattr(as_it_is, "load_classifier", missing)
    assert as_it_is.load_classifier_here("ResNet50", FULL) == ("classifier", ("boat",))
    reason = message("base_models.no_class_names", reason="x")
    assert capsys.readouterr().out.strip() == message("as_it_is.mini_instead", reason=reason)


@pytest.mark.parametrize(
    ("shares", "key"),
    [
        ((0.9,), "one_all"),
        ((0.3,), "one_none"),
        ((0.9, 0.8), "read_all"),
        ((0.9, 0.2), "read_some"),
        ((0.1,) * 2, "read_none"),
    ],
)
def test_the_reading_says_for_how_many_the_model_is_sure(shares, key):
    answers = [[("owl", share), ("fox", 0.05)] for share in shares]
    listed = ", ".join(f"owl ({100 * share:.0f} %)" for share in shares)
    sure = sum(share > 0.5 for share in shares)
    assert as_it_is.read_answers(answers) == message(f"as_it_is.{key}", listed=listed, sure=sure, count=len(shares))


@pytest.mark.parametrize("count", [1, 3])
def test_a_drawing_has_a_row_a_picture_and_names_in_the_readers_language(each_language, count):
    answers = [[("owl", 0.7), ("Egyptian_cat", 0.2), ("grey_whale", 0.1)]] * count
    drawing = as_it_is.draw_answers(np.zeros((count, 8, 8, 3), np.uint8), answers)
    assert len(drawing.figure.axes) == 2 * count
    labels = [label.get_text() for label in drawing.figure.axes[1].get_yticklabels()]
    cat = {"en": "Egyptian cat", "tr": "Mısır kedisi"}[each_language]
    assert labels == [message("classes.owl"), cat, "grey whale"]
    assert drawing.reading in drawing.alt
    assert "{" not in drawing.alt


def test_showing_answers_prints_the_reading(monkeypatch, capsys):
    monkeypatch.setattr(as_it_is, "show", lambda fig, alt: None)
    as_it_is.show_answers(np.zeros((1, 8, 8, 3), np.uint8), [[("owl", 0.7)]])
    assert capsys.readouterr().out.strip() == as_it_is.read_answers([[("owl", 0.7)]])


@pytest.mark.parametrize("shape", [(96, 96, 3), (300, 200, 3), (40, 90, 3)])
def test_a_picture_of_any_size_is_named(mini, shape):
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    assert as_it_is.name_picture(image, *mini).reading


def test_the_readers_own_picture_is_named_as_the_classifier_does(mini):
    classifier, class_names = mini
    image = drawn_pictures(("owl",), 1, 902).images[0]
    wide = np.pad(image, ((0, 0), (40, 40), (0, 0)), "edge")  # the middle is cut out
    logits = classifier.predict(image[None], verbose=0)[0]
    expected = as_it_is.read_answers([as_it_is.top_answers(logits, class_names)])
    assert as_it_is.name_picture(wide, classifier, class_names).reading == expected


def test_a_class_of_the_course_keeps_its_name_where_imagenet_has_one_too():
    assert set(catalogue("en")["imagenet"]) & set(catalogue("en")["classes"]) <= {
        "daisy",
        "umbrella",
        "cup",
        "strawberry",
    }
    for language in ("en", "tr"):
        set_language(language)
        for name in ("daisy", "umbrella", "cup", "strawberry"):
            assert as_it_is.answer_name(name) == message(f"classes.{name}")
