"""A pretrained classifier as it is: what it answers, how sure it is, and what to show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from PIL import Image, ImageOps

from tl_helpers.base_models import load_classifier
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI, Edition, SourceError
from tl_helpers.interactive import Drawing
from tl_helpers.messages import catalogue, language, message, percent
from tl_helpers.pictures import Pictures, load_pictures
from tl_helpers.plots import BLUE, GREY, class_name, figure, show

Array = np.ndarray[Any, Any]
Answers = Sequence[tuple[str, float]]  # class and probability, the likeliest first

KNOWN = ("boat", "owl", "fox")  # of the mini classifier's classes
PICTURE_SEED, STRANGER_SEED = 902, 909


def load_classifier_here(name: str, edition: Edition) -> tuple[keras.Model, tuple[str, ...]]:
    """Load a pretrained classifier, or the mini edition's where ImageNet's cannot be had. Introduced in lesson 01.

    Args:
        name: ``"MobileNetV2"``, or in the full edition ``"ResNet50"`` or ``"InceptionV3"``.
        edition: as for ``load_classifier``.

    Returns:
        What ``load_classifier`` returns.
    """
    try:
        return load_classifier(name, edition)
    except SourceError as error:
        print(message("as_it_is.mini_instead", reason=error))
        return load_classifier("MobileNetV2", MINI)


def pictures_to_name(
    classifier: keras.Model, class_names: Sequence[str], edition: Edition
) -> tuple[Pictures, Pictures]:
    """Return pictures of what a classifier knows, and of a class that it never had. Introduced in lesson 01.

    Args:
        classifier: what ``load_classifier_here`` returned first; the pictures have the size that it takes.
        class_names: what it returned second.
        edition: where ImageNet's classes are known, its photographs are taken.

    Returns:
        Three pictures, and two of a cat, or of a tulip where the classifier knows breeds of cats.
    """
    size = classifier.input_shape[1]
    if KNOWN[0] in class_names:
        return drawn_pictures(KNOWN, 1, PICTURE_SEED, size), drawn_pictures(("cat",), 2, STRANGER_SEED, size)
    photographs = load_pictures("cats_and_dogs", edition, size).validation
    return photographs.take(np.array([0, 1, -1])), drawn_pictures(("tulip",), 2, STRANGER_SEED, size)


def top_answers(logits: Array, class_names: Sequence[str], k: int | None = 5) -> list[tuple[str, float]]:
    """Return the likeliest classes of a picture with their probabilities. Introduced in lesson 01.

    Args:
        logits: float, shape (classes,).
        class_names: in the order of the logits.
        k: how many; None for all.

    Returns:
        Class and probability (0–1), the likeliest first.
    """
    exponentials = np.exp(logits - np.max(logits))
    shares = exponentials / exponentials.sum()
    return [(class_names[i], float(shares[i])) for i in np.argsort(-shares)[:k]]


def show_answers(images: Sequence[Array], answers: Sequence[Answers]) -> None:
    """Show pictures, each beside its likeliest classes, and print how they read. Introduced in lesson 01.

    Args:
        images: uint8, shape (height, width, 3), 0–255.
        answers: for each picture what ``top_answers`` gives.
    """
    drawing = draw_answers(images, answers)
    show(drawing.figure, drawing.alt)
    print(drawing.reading)


def name_picture(image: Array, classifier: keras.Model, class_names: Sequence[str]) -> Drawing:
    """Name a picture of any size, such as the reader's own. Introduced in lesson 01.

    Args:
        image: uint8, shape (height, width, 3), 0–255; its middle is cut out as a square.
        classifier: from pictures (b, size, size, 3), 0–255, to logits (b, classes).
        class_names: in the order of the logits.
    """
    size = classifier.input_shape[1]
    square = np.asarray(ImageOps.fit(Image.fromarray(image), (size, size), Image.Resampling.BILINEAR))
    logits = classifier.predict(square[None], verbose=0)[0]
    return draw_answers([square], [top_answers(logits, class_names)])


def draw_answers(images: Sequence[Array], answers: Sequence[Answers]) -> Drawing:
    """Draw pictures, each beside its likeliest classes; arguments as in ``show_answers``."""
    fig, axes = figure(6.5, 1.75 * len(images) + 0.4, 2, len(images))
    for (left, right), image, classes in zip(np.reshape(axes, (-1, 2)), images, answers, strict=True):
        left.imshow(image)
        left.set_axis_off()
        for row, (_, share) in enumerate(classes):
            right.barh(row, share, color=BLUE if row == 0 else GREY, alpha=0.6)
            right.text(share + 0.02, row, percent(share, 0), va="center", fontsize=10)
        right.set_yticks(range(len(classes)), [answer_name(label) for label, _ in classes])
        right.set_xlim(0, 1.2)
        right.set_xticks([])
        right.invert_yaxis()
        right.spines["bottom"].set_visible(False)
    fig.suptitle(message("as_it_is.title"), fontsize=12, fontweight="bold")
    reading = read_answers(answers)
    return Drawing(fig, message("as_it_is.alt", count=len(images), reading=reading), reading)


def read_answers(answers: Sequence[Answers]) -> str:
    """Say what the first answers are, and for how many the probability is above one half.

    Args:
        answers: as in ``show_answers``.
    """
    first = [classes[0] for classes in answers]
    listed = ", ".join(f"{answer_name(label)} ({percent(share, 0)})" for label, share in first)
    sure = sum(share > 0.5 for _, share in first)
    kind = "all" if sure == len(first) else ("none" if sure == 0 else "some")
    key = f"as_it_is.one_{kind}" if len(first) == 1 else f"as_it_is.read_{kind}"
    return message(key, listed=listed, sure=sure, count=len(first))


def answer_name(label: str) -> str:
    """Return a class's name in the reader's language; of ImageNet's 1000, the English name where there is no other."""
    here = catalogue(language())["imagenet"].get(label)
    return here or class_name(label).replace("_", " ")
