"""What lesson 08 draws of heat maps: pictures with their answers, and below each where its heat is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tl_helpers.evaluation import most_confident_mistakes, predicted_classes, probabilities
from tl_helpers.messages import message, percent
from tl_helpers.plots import class_name, figure, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]


def sure_answers(labels: Array, logits: Array, count: int = 3) -> Array:
    """Find the right answers and the mistakes that a model is surest of. Introduced in lesson 08.

    Args:
        labels: integers, shape (n,).
        logits: of two classes, shape (n, 1).
        count: of each, at most.

    Returns:
        int64 indices: the surest right answers, then the surest mistakes.
    """
    right = np.flatnonzero(predicted_classes(logits) == labels)
    surest = right[np.argsort(-np.abs(np.ravel(logits)[right]), kind="stable")[:count]]
    return np.concatenate([surest, most_confident_mistakes(labels, logits, count)])


def answer_captions(labels: Array, logits: Array, names: Sequence[str]) -> list[str]:
    """Say of each picture what was answered, how surely, and where it is wrong what it is. Introduced in lesson 08.

    Args:
        labels: integers, shape (n,).
        logits: of two classes, shape (n, 1).
        names: of the two classes.
    """
    captions = []
    for truth, answer, share in zip(labels, predicted_classes(logits), probabilities(logits), strict=True):
        said = {"answer": class_name(names[answer]), "share": percent(max(share, 1 - share), 0)}
        key = "heat_maps.answered" if answer == truth else "heat_maps.instead"
        captions.append(message(key, truth=class_name(names[truth]), **said))
    return captions


def show_heat_maps(images: Array, heat: Array, captions: Sequence[str], title: str) -> None:
    """Show pictures and, below each, where its heat is; print how they read. Introduced in lesson 08.

    Args:
        images: uint8, shape (n, size, size, 3).
        heat: float, shape (n, size, size), 0 or more.
        captions: one text a picture.
        title: says the point.
    """
    fig, axes = figure(1.07 * len(images), 2.9, len(images), 2)
    for axis in np.ravel(axes):
        axis.set_axis_off()
    for column, (image, map_, caption) in enumerate(zip(images, heat, captions, strict=True)):
        axes[0, column].imshow(image)
        axes[0, column].set_title(caption, fontsize=9)
        _overlay(axes[1, column], image, map_)
    fig.suptitle(title, fontsize=12, fontweight="bold")
    reading = read_heat_maps(heat)
    names = ", ".join(caption.replace("\n", " ") for caption in captions)
    show(fig, message("heat_maps.pictures_alt", title=title, count=len(images), captions=names, reading=reading))
    print(reading)


def read_heat_maps(heat: Array) -> str:
    """Say in one sentence how much of the heat lies in the hottest quarter of each picture, on average.

    Args:
        heat: as for ``show_heat_maps``.
    """
    values = np.sort(heat.reshape(len(heat), -1), axis=1)
    total = values.sum(axis=1)
    hottest = values[:, -values.shape[1] // 4 :].sum(axis=1)
    share = float(np.mean(hottest[total > 0] / total[total > 0])) if np.any(total > 0) else 0.25
    key = "heat_maps.gathered" if share >= 0.4 else "heat_maps.spread"
    return message(key, share=percent(share, 0))


def _overlay(axis: Axes, image: Array, heat: Array) -> None:
    axis.imshow(image.mean(axis=-1), cmap="gray", vmin=0, vmax=255)
    axis.imshow(heat, cmap="cividis", alpha=0.6, vmin=0, vmax=max(float(heat.max()), 1e-9))
