"""A classifier in a folder that can be handed on: the model, what its answers are called, and when it keeps silent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from PIL import Image

from tl_helpers.as_it_is import top_answers
from tl_helpers.interactive import Drawing
from tl_helpers.messages import CourseError, message, percent
from tl_helpers.plots import BLUE, GREY, ORANGE, class_name, figure, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]
MODEL, LABELS = "model.keras", "labels.json"
SHOWN = 5
PLAIN: Any = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}


@dataclass(frozen=True)
class SharedModel:
    """What a folder of a shared classifier holds. Introduced in lesson 09.

    Args:
        model: from plain pictures (b, size, size, 3), 0–255, to logits (b, classes).
        class_names: in the order of the logits.
        threshold: below this probability of its likeliest class it says that it does not know, 0–1.
    """

    model: keras.Model
    class_names: tuple[str, ...]
    threshold: float

    def answer(self, picture: Array) -> list[tuple[str, float]]:
        """Return the likeliest classes of a picture of any size with their probabilities, the likeliest first.

        Args:
            picture: uint8, shape (height, width, 3), 0–255; it is resized as pictures are for training.
        """
        resized = resize(picture, self.model.input_shape[1])
        logits = keras.ops.convert_to_numpy(self.model(resized[None].astype("float32"), training=False))[0]
        return top_answers(logits, self.class_names, SHOWN)


def save_shared(folder: Path, model: keras.Model, class_names: Sequence[str], threshold: float) -> Path:
    """Write a classifier into a folder that ``load_shared`` and ``python -m tl_helpers.app`` take.

    Introduced in lesson 09.

    Args:
        folder: made where it is missing; files of the same names are replaced.
        model: as in ``SharedModel``.
        class_names: as in ``SharedModel``.
        threshold: as in ``SharedModel``.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plain = keras.models.clone_model(model)  # without optimizers, also in the models that it holds
    plain.set_weights(model.get_weights())
    plain.save(folder / MODEL)
    facts = {"class_names": list(class_names), "threshold": threshold}
    (folder / LABELS).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder


def load_shared(folder: Path) -> SharedModel:
    """Read what ``save_shared`` wrote. Introduced in lesson 09.

    Args:
        folder: with ``model.keras`` and ``labels.json``.

    Raises:
        CourseError: a file is missing or damaged, or the two do not belong together.
    """
    for name in (MODEL, LABELS):
        if not (folder / name).is_file():
            raise CourseError("shared_model.missing", folder=folder, name=name)
    try:
        facts = json.loads((folder / LABELS).read_text(encoding="utf-8"))
        class_names, threshold = tuple(map(str, facts["class_names"])), float(facts["threshold"])
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError("shared_model.labels", file=folder / LABELS, reason=f"{error}") from error
    try:
        model = keras.models.load_model(folder / MODEL, compile=False)
    except (ValueError, OSError, TypeError) as error:
        reason = str(error).splitlines()[0][:200]
        raise CourseError("shared_model.model", file=folder / MODEL, reason=reason) from error
    if model.output_shape[-1] != len(class_names):
        counts = {"found": len(class_names), "expected": model.output_shape[-1]}
        raise CourseError("shared_model.count", file=folder / LABELS, **counts)
    return SharedModel(model, class_names, threshold)


def resize(picture: Array, size: int) -> Array:
    """Resize a picture, uint8 (height, width, 3), to (size, size, 3) as ``read_splits`` does for training."""
    return np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR))


def show_answer(shared: SharedModel, picture: Array) -> None:
    """Show what ``draw_answer`` draws, and print its reading; arguments as there. Introduced in lesson 09."""
    drawing = draw_answer(shared, picture)
    show(drawing.figure, drawing.alt)
    print(drawing.reading)


def draw_answer(shared: SharedModel, picture: Array) -> Drawing:
    """Draw a picture beside its likeliest classes, and say what it shows, or that it is not known.

    Introduced in lesson 09.

    Args:
        shared: the classifier.
        picture: as for ``SharedModel.answer``.
    """
    answers = shared.answer(picture)
    fig, (left, right) = figure(6.5, 2.6, 2)
    left.imshow(picture if max(picture.shape) <= 600 else resize(picture, 600), aspect=_aspect(picture))
    left.set_axis_off()
    _bars(right, answers, shared.threshold)
    known = answers[0][1] >= shared.threshold
    title = class_name(answers[0][0]) if known else message("shared_model.unknown")
    fig.suptitle(title, fontsize=13, fontweight="bold")
    reading = read_answer(answers, shared.threshold)
    return Drawing(fig, message("shared_model.alt", reading=reading), reading)


def read_answer(answers: Sequence[tuple[str, float]], threshold: float) -> str:
    """Say what a picture shows and how sure the model is, or that it does not know.

    Args:
        answers: classes and probabilities, the likeliest first.
        threshold: below this probability the model does not know.
    """
    (label, share), key = answers[0], "known" if answers[0][1] >= threshold else "not_known"
    shown = {"share": percent(share, 0), "threshold": percent(threshold, 0)}
    return message(f"shared_model.{key}", name=class_name(label), **shown)


def _aspect(picture: Array) -> float | str:
    """Return the aspect with which a picture that was made square by ``resize`` looks as it did."""
    return "equal" if max(picture.shape) <= 600 else picture.shape[0] / picture.shape[1]


def _bars(axis: Axes, answers: Sequence[tuple[str, float]], threshold: float) -> None:
    for row, (_, share) in enumerate(answers):
        axis.barh(row, share, color=BLUE if row == 0 and share >= threshold else GREY, alpha=0.6)
        axis.text(share + 0.02, row, percent(share, 0), va="center", fontsize=10, bbox=PLAIN)
    axis.axvline(threshold, color=ORANGE, linewidth=1.5, linestyle="--")
    axis.set_yticks(range(len(answers)), [class_name(label) for label, _ in answers])
    axis.set_xlim(0, 1.2)
    axis.set_xticks([threshold], [message("shared_model.threshold", threshold=percent(threshold, 0))])
    axis.invert_yaxis()
