"""What lesson 03 draws: where a base model is cut, training in two phases, and how far down it pays to unfreeze."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import keras
import numpy as np

from tl_helpers.fine_tuning import History, best_epoch, block_ends
from tl_helpers.interactive import Drawing
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import BLUE, GREEN, ORANGE, figure, label_line, set_title, show

Runs = Mapping[str, Sequence[float]]
SMALL_CHANGE = 0.01  # of accuracy; less is called no change


def cut_counts(base_model: keras.Model, cut: str) -> dict[str, int]:
    """Count the parameters that are trained when a base model is unfrozen above a cut. Introduced in lesson 03.

    Args:
        base_model: without its classifier; what is trainable in it now does not matter.
        cut: name of the last frozen layer.

    Returns:
        ``{"trainable": …, "frozen": …}``; batch normalisation is frozen everywhere.
    """
    trained = [count for layer, count in _parameters(base_model) if layer > _position(base_model, cut)]
    return {"trainable": sum(trained), "frozen": base_model.count_params() - sum(trained)}


def draw_cut(base_model: keras.Model, cut: str) -> Drawing:
    """Draw the parameters of each block, frozen below a cut and trained above it. Introduced in lesson 03.

    Args:
        base_model: MobileNetV2 without its classifier.
        cut: one of ``block_ends(base_model)``.
    """
    ends = [_position(base_model, end) for end in block_ends(base_model)]
    block = np.zeros(len(ends) + 1)
    for position, count in _parameters(base_model):
        block[np.searchsorted(ends, position)] += count / 1000
    first_trained = ends.index(_position(base_model, cut)) + 1
    colours = [BLUE if place < first_trained else ORANGE for place in range(len(block))]
    fig, axis = figure(6.4, 3.4)
    axis.bar(range(len(block)), block, color=colours)
    axis.axvline(first_trained - 0.5, color=GREEN, linestyle="--")
    axis.set_xlabel(message("fine_tuning.block_axis"))
    axis.set_ylabel(message("fine_tuning.parameters_axis"))
    axis.xaxis.get_major_locator().set_params(integer=True)
    counts = cut_counts(base_model, cut)
    share = percent(counts["trainable"] / sum(counts.values()), 0)
    set_title(axis, message("fine_tuning.cut_title", share=share))
    shown = {name: number(count) for name, count in counts.items()}
    above = len(block) - first_trained
    reading = message("fine_tuning.cut_reading", cut=cut, above=above, blocks=len(block), share=share, **shown)
    return Drawing(fig, message("fine_tuning.cut_alt", reading=reading), reading)


def show_two_phases(head: History, tuned: History) -> None:
    """Plot the curves of the head and, after the moment of unfreezing, of fine-tuning. Introduced in lesson 03.

    Args:
        head: history of the head's training: ``loss``, ``val_loss``, ``accuracy``, ``val_accuracy``, a value an epoch.
        tuned: the same of the training that went on from there.
    """
    fig, axes = figure(7.5, 3.4, 2)
    moment = len(head["loss"]) + 0.5
    for axis, quantity in zip(axes, ("loss", "accuracy"), strict=True):
        for key, colour, split in ((quantity, ORANGE, "train"), (f"val_{quantity}", BLUE, "validation")):
            values = [*head[key], *tuned[key]]
            axis.plot(range(1, len(values) + 1), values, color=colour, marker="o", markersize=3)
            higher = (tuned[quantity][-1] > tuned[f"val_{quantity}"][-1]) == (split == "train")
            rise = 6 if higher else -6
            label_line(axis, len(values), values[-1], message(f"splits.{split}"), colour, rise=rise)
        axis.axvline(moment, color=GREEN, linestyle="--")
        axis.set_xlabel(message("plots.epoch"))
        axis.set_ylabel(message(f"plots.{quantity}"))
        axis.xaxis.get_major_locator().set_params(integer=True)
    axes[0].annotate(
        message("fine_tuning.unfrozen"), (moment, 1), (-5, 0), xycoords=("data", "axes fraction"),
        textcoords="offset points", color=GREEN, ha="right", va="top",
    )  # fmt: skip
    fig.suptitle(message(f"fine_tuning.phases_{_change(head, tuned)}_title"), fontsize=12, fontweight="bold")
    reading = read_two_phases(head, tuned)
    show(fig, message("fine_tuning.phases_alt", reading=reading))
    print(reading)


def read_two_phases(head: History, tuned: History) -> str:
    """Say in one sentence what unfreezing did to the validation accuracy.

    Args:
        head: as ``show_two_phases`` takes it.
        tuned: as ``show_two_phases`` takes it; its best epoch is compared with the head's last one.
    """
    best = best_epoch(tuned)
    before, after = head["val_accuracy"][-1], tuned["val_accuracy"][best]
    return message(
        f"fine_tuning.phases_{_change(head, tuned)}",
        before=percent(before),
        after=percent(after),
        epoch=best + 1,
        points=number(abs(round(100 * after, 1) - round(100 * before, 1)), 1),
    )


def show_depths(accuracies: Runs, seconds: Mapping[str, float]) -> None:
    """Plot accuracy and time against how far down a base was unfrozen, and print how they read.

    Introduced in lesson 03.

    Args:
        accuracies: what is trained, from the head alone downwards → accuracy, 0–1, of each run.
        seconds: the same names → seconds of one run.
    """
    fig, (upper, lower) = figure(6.4, 5.0, rows=2)
    places = range(len(accuracies))
    for place, runs in zip(places, accuracies.values(), strict=True):
        upper.plot([place] * len(runs), [100 * run for run in runs], "o", color=BLUE, markersize=5)
    upper.plot(places, [100 * float(np.mean(runs)) for runs in accuracies.values()], color=BLUE)
    lower.bar(places, [seconds[name] for name in accuracies], color=ORANGE, width=0.5)
    upper.set_ylabel(message("fine_tuning.accuracy_axis"))
    lower.set_ylabel(message("fine_tuning.seconds_axis"))
    lower.set_xlabel(message("fine_tuning.depth_axis"))
    upper.set_xticks(places, [""] * len(accuracies))
    lower.set_xticks(places, list(accuracies))
    set_title(upper, message(f"fine_tuning.depths_{_verdict(accuracies)}_title"))
    reading = read_depths(accuracies, seconds)
    show(fig, message("fine_tuning.depths_alt", reading=reading))
    print(reading)


def read_depths(accuracies: Runs, seconds: Mapping[str, float]) -> str:
    """Say in one sentence which depth is best, what it gains over the head alone, and what it costs.

    Args:
        accuracies: as ``show_depths`` takes them.
        seconds: as ``show_depths`` takes them.
    """
    means = {name: float(np.mean(runs)) for name, runs in accuracies.items()}
    said = {name: name.replace("\n", " ") for name in means}
    first, best = next(iter(means)), max(means, key=lambda name: means[name])
    return message(
        f"fine_tuning.depths_{_verdict(accuracies)}",
        before=percent(means[first]),
        best=said[best],
        after=percent(means[best]),
        last=percent(list(means.values())[-1]),
        seconds=number(seconds[best], 1),
        most=number(seconds[list(means)[-1]], 1),
    )


def _verdict(accuracies: Runs) -> str:
    means = [float(np.mean(runs)) for runs in accuracies.values()]
    if max(means) - means[0] < SMALL_CHANGE:
        return "none"
    return "deepest" if means[-1] == max(means) else "between"


def _change(head: History, tuned: History) -> str:
    change = tuned["val_accuracy"][best_epoch(tuned)] - head["val_accuracy"][-1]
    return "same" if abs(change) < SMALL_CHANGE else ("gain" if change > 0 else "loss")


def _parameters(base_model: keras.Model) -> list[tuple[int, int]]:
    """Return position and number of parameters of each layer that may be trained."""
    layers = enumerate(base_model.layers)
    return [(i, each.count_params()) for i, each in layers if not isinstance(each, keras.layers.BatchNormalization)]


def _position(base_model: keras.Model, name: str) -> int:
    return [layer.name for layer in base_model.layers].index(name)
