"""What lesson 02's sliders draw: one picture augmented more and more, and answers under a moving threshold."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from tl_helpers.evaluation import confusion_matrix, predicted_classes
from tl_helpers.interactive import Drawing
from tl_helpers.messages import message, number, percent
from tl_helpers.pictures import Pictures
from tl_helpers.plots import class_name, figure, set_title

Array = np.ndarray[Any, Any]
VARIANTS = 6
FLIPS = {"none": None, "horizontal": "horizontal", "both": "horizontal_and_vertical"}


def draw_variants(picture: Array, rotation: float, flip: str) -> Drawing:
    """Draw one picture as augmentation would show it to a model in training. Introduced in lesson 02.

    Args:
        picture: uint8, shape (size, size, 3), 0–255.
        rotation: at most this share of a full turn to either side, 0–1.
        flip: one of ``flip_names()``: mirrored not at all, left to right, or upside down as well.
    """
    kind = list(FLIPS)[flip_names().index(flip)]
    fig, axes = figure(7.2, 1.9, VARIANTS)
    for axis, variant in zip(axes, variants(picture, rotation, FLIPS[kind]), strict=True):
        axis.imshow(np.clip(variant, 0, 255).astype(np.uint8))
        axis.set_axis_off()
    degrees = number(360 * rotation)
    reading = message(f"explorers.variants_{_strength(rotation, kind)}", degrees=degrees, flip=flip)
    fig.suptitle(message("explorers.variants_title", degrees=degrees), fontsize=12, fontweight="bold")
    return Drawing(fig, message("explorers.variants_alt", count=VARIANTS, reading=reading), reading)


def flip_names() -> tuple[str, ...]:
    """Return what the slider of flips offers, in the reader's language. Introduced in lesson 02."""
    return tuple(message(f"explorers.flip_{kind}") for kind in FLIPS)


def variants(picture: Array, rotation: float, flip: str | None, count: int = VARIANTS) -> Array:
    """Vary a picture, always in the same ways.

    Args:
        picture: uint8, shape (size, size, 3), 0–255.
        rotation: share of a full turn, 0–1.
        flip: mode of ``keras.layers.RandomFlip``, or None.
        count: how many.

    Returns:
        float32, shape (count, size, size, 3).
    """
    images = np.repeat(picture[None].astype(np.float32), count, axis=0)
    if flip:
        images = keras.layers.RandomFlip(flip, seed=7)(images, training=True)
    if rotation:
        images = keras.layers.RandomRotation(rotation, seed=3)(images, training=True)
    return np.asarray(images)


def draw_threshold(threshold: float, pictures: Pictures, logits: Array) -> Drawing:
    """Draw the confusion matrix under a threshold. Introduced in lesson 02.

    Args:
        threshold: class 1 from this probability on, 0–1.
        pictures: n pictures of two classes, as a splits' part gives them.
        logits: float, shape (n,) or (n, 1).
    """
    matrix = confusion_matrix(pictures.labels, predicted_classes(logits, threshold), 2)
    shown = [class_name(name) for name in pictures.class_names]
    fig, axis = figure(4.6, 3.6)
    axis.imshow(matrix, cmap="Blues", vmin=0, vmax=matrix.sum(axis=1).max())
    for (row, column), count in np.ndenumerate(matrix):
        dark = count > matrix.sum(axis=1).max() / 2
        axis.text(column, row, number(count), ha="center", va="center", color="white" if dark else "black", fontsize=13)
    axis.set_xticks(range(2), shown)
    axis.set_yticks(range(2), shown)
    axis.set_xlabel(message("plots.answer"))
    axis.set_ylabel(message("plots.truth"))
    values = {"threshold": number(threshold, 1), "missed": number(matrix[1, 0]), "false": number(matrix[0, 1])}
    set_title(axis, message("explorers.threshold_title", **values))
    reading = read_threshold(matrix, threshold, shown[1])
    return Drawing(fig, message("explorers.threshold_alt", reading=reading), reading)


def read_threshold(matrix: Array, threshold: float, name: str) -> str:
    """Say precision and recall of class 1, and which mistake is the commoner one.

    Args:
        matrix: counts, shape (2, 2): row = true class, column = answer.
        threshold: that gave them.
        name: of class 1, in the reader's language.
    """
    precision, recall = precision_recall(matrix)
    missed, false = int(matrix[1, 0]), int(matrix[0, 1])
    kind = "equal" if missed == false else ("missed" if missed > false else "false")
    shares = {"precision": "–" if precision is None else percent(precision), "recall": percent(recall)}
    counts = {"missed": number(missed), "false": number(false)}
    return message(f"explorers.threshold_{kind}", threshold=number(threshold, 1), name=name, **shares, **counts)


def precision_recall(matrix: Array) -> tuple[float | None, float]:
    """Return precision and recall of class 1; without such an answer no precision (None). Introduced in lesson 02.

    Args:
        matrix: counts, shape (2, 2): row = true class, column = answer.
    """
    answered, there = matrix[:, 1].sum(), matrix[1].sum()
    return (float(matrix[1, 1] / answered) if answered else None), float(matrix[1, 1] / there)


def _strength(rotation: float, kind: str) -> str:
    if rotation == 0 and kind == "none":
        return "same"
    return "strange" if rotation > 0.25 or kind == "both" else "likely"
