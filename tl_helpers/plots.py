"""The course's plots: one look for all, an alternative text in each, and a printed sentence that reads the numbers."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.ticker import ScalarFormatter

from tl_helpers.messages import catalogue, language, message, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = np.ndarray[Any, Any]

# Okabe and Ito's palette, which colour-blind readers can tell apart (https://jfly.uni-koeln.de/color/).
BLUE, ORANGE, GREEN, PINK, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#5F6B73"
STYLE: Any = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 11,
    "figure.dpi": 80,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 80,
}


def figure(width: float = 6.0, height: float = 3.4, columns: int = 1, rows: int = 1) -> tuple[Figure, Any]:
    """Open a figure in the course's style.

    Args:
        width: in inches; 80 pixels each.
        height: in inches.
        columns: axes side by side.
        rows: axes one above the other.

    Returns:
        The figure, and its axes: one, or an array of them as ``matplotlib.pyplot.subplots`` gives.
    """
    with plt.rc_context(STYLE):
        fig, axes = plt.subplots(rows, columns, figsize=(width, height))
    for axis in fig.axes:
        axis.xaxis.set_major_formatter(ReadersNumbers())
        axis.yaxis.set_major_formatter(ReadersNumbers())
    return fig, axes


class ReadersNumbers(ScalarFormatter):
    """Write the numbers along an axis with the decimal sign of the reader's language."""

    def __call__(self, value: float, position: int | None = None) -> str:
        """Return the text of one number; matplotlib calls this."""
        text: str = super().__call__(value, position)
        return text.replace(".", ",") if language() == "tr" else text


def set_title(axis: Axes, text: str) -> None:
    """Write a plot's title, which says its point, above it on the left."""
    axis.set_title(text, fontsize=12, fontweight="bold", loc="left")


def show(fig: Figure, alt: str) -> None:
    """Show a figure with an alternative text for readers who do not see it, and close it.

    Args:
        fig: matplotlib figure.
        alt: what the picture shows, in the reader's language.
    """
    from IPython.display import display

    picture = b64encode(png(fig)).decode("ascii")
    display({"image/png": picture, "text/plain": alt}, metadata={"image/png": {"alt": alt}}, raw=True)


def png(fig: Figure) -> bytes:
    """Return a figure as the bytes of a PNG file, and close it.

    Args:
        fig: matplotlib figure.
    """
    buffer = BytesIO()
    with plt.rc_context(STYLE):
        fig.savefig(buffer, format="png", metadata={"Software": None})
    plt.close(fig)
    return buffer.getvalue()


def class_name(label: str) -> str:
    """Return the name of a class in the reader's language; the label itself where the course has no name for it."""
    return catalogue(language())["classes"].get(label, label)


def show_pictures(images: Array, captions: Sequence[str], title: str, columns: int = 6) -> None:
    """Show pictures in a grid. Introduced in lesson 01.

    Args:
        images: uint8 or float, shape (n, height, width, 3), 0–255.
        captions: one text a picture; "" for none.
        title: says the point.
        columns: pictures in a row.
    """
    rows = -(-len(images) // columns)
    fig, axes = figure(1.15 * columns, 1.4 * rows + 0.4, columns, rows)
    for axis in np.ravel(axes):
        axis.set_axis_off()
    for axis, image, caption in zip(np.ravel(axes), images, captions, strict=False):
        axis.imshow(np.clip(image, 0, 255).astype(np.uint8))
        axis.set_title(caption, fontsize=9, fontweight="normal", loc="center")
    fig.suptitle(title, fontsize=12, fontweight="bold")
    named = ", ".join(dict.fromkeys(caption.replace("\n", " ") for caption in captions if caption))
    alt = message("plots.pictures_alt", title=title, count=len(images))
    show(fig, f"{alt}: {named}." if named else f"{alt}.")


def show_learning_curves(history: Mapping[str, Sequence[float]]) -> None:
    """Plot loss and accuracy of training and validation, and print how they read. Introduced in lesson 01.

    Args:
        history: ``History.history`` of Keras: ``loss``, ``val_loss``, ``accuracy``, ``val_accuracy``, a value an epoch.
    """
    fig, axes = figure(7.5, 3.2, 2)
    epochs = np.arange(1, len(history["loss"]) + 1)
    for axis, quantity in zip(axes, ("loss", "accuracy"), strict=True):
        train_is_higher = history[quantity][-1] > history[f"val_{quantity}"][-1]
        for key, colour, split in ((quantity, ORANGE, "train"), (f"val_{quantity}", BLUE, "validation")):
            axis.plot(epochs, history[key], color=colour, marker="o", markersize=3)
            above = train_is_higher == (split == "train")
            label_line(
                axis, float(epochs[-1]), history[key][-1], message(f"splits.{split}"), colour, rise=6 if above else -6
            )
        axis.set_xlabel(message("plots.epoch"))
        axis.set_ylabel(message(f"plots.{quantity}"))
        axis.xaxis.get_major_locator().set_params(integer=True)
    fig.suptitle(message(f"plots.{_verdict(history)}_title"), fontsize=12, fontweight="bold")
    reading = read_learning_curves(history)
    show(fig, message("plots.curves_alt", reading=reading))
    print(reading)


def label_line(axis: Axes, x: float, y: float, text: str, colour: str, *, rise: float = 0) -> None:
    """Write a line's name beside its last point, in its colour, raised by some points so that two do not collide."""
    axis.annotate(text, (x, y), (5, rise), textcoords="offset points", color=colour, va="center", annotation_clip=False)


def read_learning_curves(history: Mapping[str, Sequence[float]]) -> str:
    """Say in one sentence what learning curves show at their end.

    Args:
        history: as ``show_learning_curves`` takes it.
    """
    train, validation = history["accuracy"][-1], history["val_accuracy"][-1]
    points = abs(round(100 * train, 1) - round(100 * validation, 1))
    return message(
        f"plots.curves_{_verdict(history)}",
        epochs=len(history["accuracy"]),
        train=percent(train),
        validation=percent(validation),
        points=number(points, 1),
    )


def _verdict(history: Mapping[str, Sequence[float]]) -> str:
    ahead = 100 * (history["accuracy"][-1] - history["val_accuracy"][-1])
    return "close" if abs(ahead) < 2 else ("gap" if ahead > 0 else "validation_ahead")


def show_comparison(scores: Mapping[str, Sequence[float]], title: str, unit: str) -> None:
    """Plot each method's runs and their mean, and print how they read. Introduced in lesson 01.

    Args:
        scores: method in the reader's language → accuracy, 0–1, of each run (same seeds in the same order).
        title: says the point.
        unit: label of the accuracy axis.
    """
    fig, axis = figure(6.5, 0.55 * len(scores) + 1.3)
    for row, runs in enumerate(reversed(list(scores.values()))):
        mean = 100 * float(np.mean(runs))
        axis.barh(row, mean, color=BLUE, alpha=0.35, height=0.6)
        axis.plot([100 * run for run in runs], [row] * len(runs), "o", color=BLUE, markersize=5)
        axis.text(101, row, percent(mean / 100), va="center")
    axis.set_yticks(range(len(scores)), list(reversed(list(scores))))
    axis.set_xlim(0, 100)
    axis.set_xlabel(unit)
    set_title(axis, title)
    reading = read_comparison(scores)
    show(fig, message("plots.comparison_alt", title=title, reading=reading))
    print(reading)


def read_comparison(scores: Mapping[str, Sequence[float]]) -> str:
    """Say in one sentence which method leads, by how much, and whether it leads in every run.

    Args:
        scores: at least two methods, as ``show_comparison`` takes them.
    """
    ranked = sorted(scores, key=lambda method: -float(np.mean(scores[method])))
    best, second = ranked[:2]
    always = all(a > b for a, b in zip(scores[best], scores[second], strict=True))
    return message(
        "plots.leads_always" if always else "plots.leads_not_always",
        best=best,
        second=second,
        best_mean=percent(float(np.mean(scores[best]))),
        second_mean=percent(float(np.mean(scores[second]))),
        runs=len(scores[best]),
    )


def show_confusion(matrix: Array, labels: Sequence[str]) -> None:
    """Plot a confusion matrix and print how it reads. Introduced in lesson 02.

    Args:
        matrix: counts, shape (k, k): row = true class, column = answer.
        labels: names of the k classes, standard or own.
    """
    names = [class_name(label) for label in labels]
    fig, axis = figure(1.1 * len(names) + 2, 0.9 * len(names) + 1.6)
    axis.imshow(matrix, cmap="Blues", vmin=0)
    for (row, column), count in np.ndenumerate(matrix):
        colour = "white" if count > matrix.max() / 2 else "black"
        axis.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=12)
    axis.set_xticks(range(len(names)), names)
    axis.set_yticks(range(len(names)), names)
    axis.set_xlabel(message("plots.answer"))
    axis.set_ylabel(message("plots.truth"))
    counts = {"right": number(np.trace(matrix)), "total": number(np.sum(matrix))}
    set_title(axis, message("plots.confusion_title", **counts))
    reading = read_confusion(matrix, names)
    show(fig, message("plots.confusion_alt", reading=reading))
    print(reading)


def read_confusion(matrix: Array, names: Sequence[str]) -> str:
    """Say in one sentence how many answers are right and which mistake is the commonest.

    Args:
        matrix: as ``show_confusion`` takes it.
        names: of the classes, in the reader's language.
    """
    wrong = np.array(matrix) * (1 - np.eye(len(matrix), dtype=int))
    right, total = number(np.trace(matrix)), number(np.sum(matrix))
    if not wrong.any():
        return message("plots.confusion_perfect", right=right, total=total)
    truth, answer = divmod(int(np.argmax(wrong)), len(names))
    names_in = {"truth": names[truth], "answer": names[answer]}
    return message("plots.confusion_reading", right=right, total=total, count=int(wrong.max()), **names_in)
