"""Plots of the dropout comparison, each with the printed sentences that read its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tl_helpers.dropout import History, loss_gap
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import BLUE, GREEN, GREY, ORANGE, figure, label_line, set_title, show


def show_dropout_curves(without: Sequence[History], with_dropout: Sequence[History]) -> None:
    """Plot losses without and with dropout side by side, and print how they read. Introduced in lesson 01.

    Args:
        without: what ``train_network`` gave without dropout, a history per seed.
        with_dropout: the same with dropout, seeds in the same order.
    """
    fig, axes = figure(7.5, 3.6, 2)
    for axis, histories, name in zip(axes, (without, with_dropout), ("without", "with"), strict=True):
        for key, colour, split in (("loss", ORANGE, "train"), ("val_loss", BLUE, "validation")):
            _curves(axis, [history[key] for history in histories], colour, message(f"splits.{split}"))
        gap = number(float(np.mean([loss_gap(history) for history in histories])), 2)
        set_title(axis, message(f"dropout.{name}", gap=gap))
        axis.set_xlabel(message("plots.epoch"))
        axis.set_xlim(0, 1.42 * len(histories[0]["loss"]))
        axis.set_xticks([1, *range(5, len(histories[0]["loss"]) + 1, 5)])
        axis.set_ylim(
            0, 1.05 * max(max(history["val_loss"] + history["loss"]) for history in (*without, *with_dropout))
        )
    axes[0].set_ylabel(message("plots.loss"))
    reading = read_gaps(without, with_dropout)
    show(fig, message("dropout.curves_alt", reading=reading))
    print(reading)


def read_gaps(without: Sequence[History], with_dropout: Sequence[History]) -> str:
    """Say what dropout did to the gap and to validation accuracy, over all seeds.

    Args:
        without: as in ``show_dropout_curves``.
        with_dropout: as in ``show_dropout_curves``.
    """
    before, after = ([loss_gap(history) for history in histories] for histories in (without, with_dropout))
    gap = message(
        f"dropout.gap_{_verdict(before, after)}", before=_spread(before), after=_spread(after), seeds=len(after)
    )
    before, after = ([history["val_accuracy"][-1] for history in each] for each in (without, with_dropout))
    means = {"before": percent(float(np.mean(before))), "after": percent(float(np.mean(after)))}
    return f"{gap} {message(f'dropout.accuracy_{_verdict(before, after)}', **means)}"


def show_gap_by_size(without: Mapping[int, Sequence[float]], with_dropout: Mapping[int, Sequence[float]]) -> None:
    """Plot the gap against the number of training pictures, and print how it reads. Introduced in lesson 01.

    Args:
        without: number of pictures, ascending → gap of each seed, without dropout.
        with_dropout: the same with dropout.
    """
    fig, axis = figure(6.0, 3.5)
    for gaps, colour, name in ((without, GREY, "without"), (with_dropout, GREEN, "with")):
        _band(axis, gaps, colour, message(f"dropout.{name}_short"))
    axis.set_xscale("log")
    if min(min(values) for gaps in (without, with_dropout) for values in gaps.values()) > 0:
        axis.set_yscale("log")
        axis.yaxis.set_major_formatter(lambda gap, _: number(gap, 1))
        axis.set_yticks([0.1, 0.3, 1, 3])
        axis.set_yticks([], minor=True)
    axis.set_xticks(list(without), [number(size) for size in without])
    axis.set_xticks([], minor=True)
    axis.set_xlim(min(without) / 1.15, max(without) * 2.6)
    axis.set_xlabel(message("dropout.size_axis"))
    axis.set_ylabel(message("dropout.gap_axis"))
    shrinks = np.mean(without[max(without)]) < np.mean(without[min(without)])
    set_title(axis, message("dropout.size_shrinks" if shrinks else "dropout.size_stays"))
    reading = read_gap_by_size(without, with_dropout)
    show(fig, message("dropout.size_alt", reading=reading))
    print(reading)


def read_gap_by_size(without: Mapping[int, Sequence[float]], with_dropout: Mapping[int, Sequence[float]]) -> str:
    """Say what dropout does to the gap with the fewest and with the most pictures.

    Args:
        without: as in ``show_gap_by_size``.
        with_dropout: as in ``show_gap_by_size``.
    """
    sentences = []
    for size in (min(without), max(without)):
        before, after = without[size], with_dropout[size]
        key = f"dropout.size_{_verdict(before, after)}"
        means = {"before": number(float(np.mean(before)), 2), "after": number(float(np.mean(after)), 2)}
        sentences.append(message(key, size=number(size), **means))
    return " ".join(sentences)


def show_loss_by_rate(runs: Mapping[float, Sequence[History]]) -> None:
    """Plot final losses against the dropout rate, and print how they read. Introduced in lesson 01.

    Args:
        runs: rate, ascending → what ``train_network`` gave, a history per seed.
    """
    fig, axis = figure(6.0, 3.5)
    for key, colour, split in (("loss", ORANGE, "train"), ("val_loss", BLUE, "validation")):
        finals = {rate: [history[key][-1] for history in histories] for rate, histories in runs.items()}
        _band(axis, finals, colour, message(f"splits.{split}"))
    axis.set_xticks(list(runs), [number(rate, 1) for rate in runs])
    axis.set_xlim(-0.03, max(runs) * 1.28)
    axis.set_ylim(bottom=0)
    axis.set_xlabel(message("dropout.rate_axis"))
    axis.set_ylabel(message("plots.loss"))
    set_title(axis, message("dropout.rate_title", best=number(_best_rate(runs), 1)))
    reading = read_loss_by_rate(runs)
    show(fig, message("dropout.rate_alt", reading=reading))
    print(reading)


def read_loss_by_rate(runs: Mapping[float, Sequence[History]]) -> str:
    """Say how gap and training loss go from the lowest to the highest rate, and where validation loss is lowest.

    Args:
        runs: as in ``show_loss_by_rate``.
    """
    gaps = {rate: float(np.mean([loss_gap(history) for history in histories])) for rate, histories in runs.items()}
    first, last, best = min(runs), max(runs), _best_rate(runs)
    return message(
        "dropout.rate_shrinks" if gaps[last] < gaps[first] else "dropout.rate_grows",
        first=number(first, 1),
        last=number(last, 1),
        before=number(gaps[first], 2),
        after=number(gaps[last], 2),
        best=number(best, 1),
        loss=number(_validation_loss(runs[best]), 2),
    )


def _best_rate(runs: Mapping[float, Sequence[History]]) -> float:
    return min(runs, key=lambda rate: _validation_loss(runs[rate]))


def _validation_loss(histories: Sequence[History]) -> float:
    return float(np.mean([history["val_loss"][-1] for history in histories]))


def _verdict(before: Sequence[float], after: Sequence[float]) -> str:
    differences = [b - a for a, b in zip(before, after, strict=True)]
    if all(difference < 0 for difference in differences):
        return "falls"
    return "rises" if all(difference > 0 for difference in differences) else "unclear"


def _spread(values: Sequence[float]) -> str:
    return f"{number(float(np.mean(values)), 2)} ({number(min(values), 2)}–{number(max(values), 2)})"


def _curves(axis: Any, curves: Sequence[Sequence[float]], colour: str, name: str) -> None:
    epochs = np.arange(1, len(curves[0]) + 1)
    for curve in curves:
        axis.plot(epochs, curve, color=colour, alpha=0.35, linewidth=1)
    mean = np.mean(curves, axis=0)
    axis.plot(epochs, mean, color=colour, linewidth=2.5)
    label_line(axis, float(epochs[-1]), float(mean[-1]), name, colour)


def _band(axis: Any, points: Mapping[Any, Sequence[float]], colour: str, name: str) -> None:
    places = np.array(list(points), dtype=float)
    means = [float(np.mean(values)) for values in points.values()]
    axis.plot(places, means, color=colour, linewidth=2.5)
    for place, values in zip(places, points.values(), strict=True):
        axis.plot([place] * len(values), values, "o", color=colour, markersize=5, alpha=0.6)
    label_line(axis, float(places[-1]), means[-1], name, colour)
