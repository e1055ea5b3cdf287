"""Which way to reuse a base model: what was measured for each size of the data and likeness to the source task."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tl_helpers.interactive import Drawing
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import BLUE, GREY, ORANGE, figure
from tl_helpers.settings import asset

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Runs = Mapping[str, Sequence[float]]  # way → accuracy (0–1) of each run, the same pictures in the same order

SIZES, SIMILARITIES = (10, 40, 160), (1.0, 0.5, 0.0)  # pictures a class; 1 is drawn as the source pictures are
WAYS = {"frozen": BLUE, "fine_tuned": ORANGE, "scratch_small": GREY}


@cache
def reference_runs() -> dict[tuple[int, float], dict[str, list[float]]]:
    """Read what ``make similarity`` measured. Introduced in lesson 01.

    Returns:
        For each number of pictures a class and each similarity, the accuracies (0–1) of the runs of ``"frozen"``,
        ``"fine_tuned"`` and ``"scratch_small"`` on cats and dogs that nothing was trained on.
    """
    measured = json.loads(asset("reference/similarity_and_size.json").read_text(encoding="utf-8"))
    runs: dict[tuple[int, float], dict[str, list[float]]] = {}
    for each in measured["results"]:
        runs.setdefault((each["per_class"], each["similarity"]), {})[each["method"]] = each["runs"]
    return runs


def draw_strategy(size: int, similarity: float) -> Drawing:
    """Draw the best way for every size and similarity, and the chosen one's accuracies. Introduced in lesson 01.

    Args:
        size: pictures a class, one of ``SIZES``.
        similarity: to the pictures that the base was pretrained on, one of ``SIMILARITIES``.
    """
    every = reference_runs()
    fig, (chart, bars) = figure(7.5, 4.0, 2)
    for (column, row), runs in _places(every):
        _box(chart, column, row, runs, chosen=(SIZES[column], SIMILARITIES[row]) == (size, similarity))
    chart.set_xticks(range(len(SIZES)), [number(each) for each in SIZES])
    chart.set_yticks(range(len(SIMILARITIES)), [number(each, 1) for each in SIMILARITIES])
    chart.set_xlim(-0.55, len(SIZES) - 0.45)
    chart.set_ylim(len(SIMILARITIES) - 0.45, -0.55)
    chart.set_xlabel(message("strategy.size"))
    chart.set_ylabel(message("strategy.similarity"))
    chart.spines[:].set_visible(False)
    chart.tick_params(length=0)
    runs = every[size, similarity]
    _bars(bars, runs)
    fig.suptitle(message(f"strategy.title_{_verdict(runs)}"), fontsize=12, fontweight="bold")
    reading = read_strategy(runs, size, similarity)
    return Drawing(fig, message("strategy.alt", reading=reading), reading)


def read_strategy(runs: Runs, size: int, similarity: float) -> str:
    """Say which way the numbers speak for, and how clearly.

    Args:
        runs: of the three ways, as ``reference_runs`` gives them.
        size: pictures a class.
        similarity: 0–1.
    """
    best, second = ranked(runs)[:2]
    return message(
        f"strategy.reading_{_verdict(runs)}",
        size=number(size),
        similarity=number(similarity, 1),
        second=message(f"strategy.{second}"),
        best=message(f"strategy.{best}"),
        best_mean=percent(float(np.mean(runs[best]))),
        second_mean=percent(float(np.mean(runs[second]))),
        runs=len(runs[best]),
    )


def ranked(runs: Runs) -> list[str]:
    """Return the ways, the best mean accuracy first. Introduced in lesson 01."""
    return sorted(runs, key=lambda way: -float(np.mean(runs[way])))


def _verdict(runs: Runs) -> str:
    """Return the best way where it leads in every run, else ``"close"``."""
    best, second = ranked(runs)[:2]
    return best if all(a > b for a, b in zip(runs[best], runs[second], strict=True)) else "close"


def _places(every: Mapping[tuple[int, float], Runs]) -> list[tuple[tuple[int, int], Runs]]:
    return [((SIZES.index(size), SIMILARITIES.index(similarity)), runs) for (size, similarity), runs in every.items()]


def _box(axis: Axes, column: int, row: int, runs: Runs, *, chosen: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    verdict, mean = _verdict(runs), float(np.mean(runs[ranked(runs)[0]]))
    colour = WAYS.get(verdict, "#FFFFFF")
    look: Any = {"boxstyle": "round,pad=0,rounding_size=0.1", "facecolor": f"{colour}33", "linewidth": 1}
    look |= {"edgecolor": colour} if verdict in WAYS else {"edgecolor": GREY, "linestyle": ":"}
    look |= {"edgecolor": "black", "linewidth": 3, "linestyle": "-"} if chosen else {}
    axis.add_patch(FancyBboxPatch((column - 0.45, row - 0.42), 0.9, 0.84, **look))
    text = f"{message(f'strategy.box_{verdict}')}\n{percent(mean, 0)}"
    axis.text(column, row, text, ha="center", va="center", fontsize=10)


def _bars(axis: Axes, runs: Runs) -> None:
    for row, (way, colour) in enumerate(WAYS.items()):
        mean = float(np.mean(runs[way]))
        axis.barh(row, 100 * mean, color=colour, alpha=0.35, height=0.55)
        axis.plot([100 * run for run in runs[way]], [row] * len(runs[way]), "o", color=colour, markersize=5)
        axis.text(101, row, percent(mean, 0), va="center", fontsize=10)
    axis.set_yticks(range(len(WAYS)), [message(f"strategy.bar_{way}") for way in WAYS])
    axis.set_xlim(0, 118)
    axis.set_xticks([0, 50, 100])
    axis.invert_yaxis()
    axis.set_xlabel(message("strategy.accuracy"))
