"""Lesson 01's dense network at dropout rates from 0 to 0.8: runs that the course keeps, drawn one rate at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from tl_helpers.dropout import History, loss_gap
from tl_helpers.interactive import Drawing
from tl_helpers.messages import message, number
from tl_helpers.plots import BLUE, GREY, ORANGE, figure, label_line, set_title
from tl_helpers.settings import asset

CURVES = ("loss", "accuracy", "val_loss", "val_accuracy")


@cache
def rate_runs() -> dict[float, list[History]]:
    """Read the kept runs, made as ``train_network`` makes them. Introduced in lesson 01.

    Returns:
        Rate, ascending → a history for each seed, always the same seeds.
    """
    kept = json.loads(asset("reference/dropout_rates.json").read_text(encoding="utf-8"))
    runs: dict[float, list[History]] = {}
    for each in kept["results"]:
        runs.setdefault(each["rate"], []).append({name: each[name] for name in CURVES})
    return runs


def draw_rate(rate: float) -> Drawing:
    """Draw the learning curves at one dropout rate, and the gap at every rate. Introduced in lesson 01.

    Args:
        rate: one of those that ``rate_runs`` has.
    """
    runs = rate_runs()
    fig, (curves, gaps) = figure(7.5, 3.6, 2)
    epochs = len(runs[rate][0]["loss"])
    for key, colour, split, rise in (("loss", ORANGE, "train", -5), ("val_loss", BLUE, "validation", 5)):
        for history in runs[rate]:
            curves.plot(range(1, epochs + 1), history[key], color=colour, alpha=0.35, linewidth=1)
        mean = np.mean([history[key] for history in runs[rate]], axis=0)
        curves.plot(range(1, epochs + 1), mean, color=colour, linewidth=2.5)
        label_line(curves, epochs, float(mean[-1]), message(f"splits.{split}"), colour, rise=rise)
    curves.set_xlim(0, 1.42 * epochs)
    curves.set_xticks([1, *range(5, epochs + 1, 5)])
    curves.set_ylim(-0.05, max(max(each["val_loss"] + each["loss"]) for every in runs.values() for each in every))
    curves.set_xlabel(message("plots.epoch"))
    curves.set_ylabel(message("plots.loss"))
    set_title(curves, message("dropout_rates.title", rate=number(rate, 1)))
    means = {each: _mean_gap(histories) for each, histories in runs.items()}
    gaps.plot(list(means), list(means.values()), color=GREY, marker="o", markersize=4)
    gaps.plot(rate, means[rate], "o", color=ORANGE, markersize=12)
    gaps.set_xticks([0, 0.2, 0.4, 0.6, 0.8])
    gaps.set_ylim(min(0.0, *means.values()), 1.1 * max(means.values()))
    gaps.set_xlabel(message("dropout_rates.slider"))
    gaps.set_ylabel(message("dropout.gap_axis"))
    set_title(gaps, message("dropout_rates.gap", gap=number(means[rate], 2)))
    reading = read_rate(runs, rate)
    return Drawing(fig, message("dropout_rates.alt", reading=reading), reading)


def read_rate(runs: Mapping[float, Sequence[History]], rate: float) -> str:
    """Say how training and validation end at a rate, and whether a lower or a higher one is better in validation.

    Args:
        runs: as ``rate_runs`` gives them.
        rate: one of their rates.
    """
    lowest = {each: _mean(histories, "val_loss") for each, histories in runs.items()}
    best = min(lowest, key=lambda each: lowest[each])
    verdict = "best" if rate == best else ("too_little" if rate < best else "too_much")
    return message(
        f"dropout_rates.{verdict}",
        rate=number(rate, 1),
        seeds=len(runs[rate]),
        train=number(_mean(runs[rate], "loss"), 2),
        validation=number(lowest[rate], 2),
        gap=number(_mean_gap(runs[rate]), 2),
        best=number(best, 1),
        lowest=number(lowest[best], 2),
    )


def _mean(histories: Sequence[History], key: str) -> float:
    return float(np.mean([history[key][-1] for history in histories]))


def _mean_gap(histories: Sequence[History]) -> float:
    return float(np.mean([loss_gap(history) for history in histories]))
