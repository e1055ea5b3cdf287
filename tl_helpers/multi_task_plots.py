"""Plots of lesson 07: what sharing a layer costs or gains, and what is gained by saying nothing when unsure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tl_helpers.evaluation import probabilities
from tl_helpers.interactive import Drawing
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import BLUE, GREY, ORANGE, figure, label_line, set_title, show

Array = np.ndarray[Any, Any]
Runs = Mapping[int, Sequence[float]]  # neurons of the shared layer → accuracy, 0–1, of each run


def show_sharing(alone: Runs, together: Runs) -> None:
    """Plot a task's accuracy, trained alone and with others, against the shared layer. Introduced in lesson 07.

    Args:
        alone: neurons of the shared layer → accuracy of each run in which only this task counts.
        together: the same where the other tasks count too; same seeds in the same order.
    """
    fig, axis = figure(6.0, 3.6)
    places = range(len(alone))
    lines = (("alone", alone, BLUE, "o"), ("together", together, ORANGE, "s"))
    last = {name: 100 * float(np.mean(list(runs.values())[-1])) for name, runs, *_ in lines}
    for name, runs, colour, marker in lines:
        axis.plot(places, [100 * float(np.mean(values)) for values in runs.values()], color=colour, linewidth=2)
        for place, values in zip(places, runs.values(), strict=True):
            axis.plot([place] * len(values), [100 * v for v in values], marker, color=colour, alpha=0.55, markersize=5)
        rise = 8 if name == max(last, key=lambda each: last[each]) else -8
        label_line(axis, len(runs) - 1, last[name], message(f"multi_task.{name}"), colour, rise=rise)
    axis.set_xticks(places, [number(neurons) for neurons in alone])
    axis.set_xlabel(message("multi_task.shared_axis"))
    axis.set_ylabel(message("multi_task.breed_axis"))
    effects = {_effect(alone[neurons], together[neurons]) for neurons in (min(alone), max(alone))}
    set_title(axis, message(f"multi_task.sharing_title_{effects.pop() if len(effects) == 1 else 'changes'}"))
    reading = read_sharing(alone, together)
    show(fig, message("multi_task.sharing_alt", reading=reading))
    print(reading)


def read_sharing(alone: Runs, together: Runs) -> str:
    """Say for the narrowest and the widest shared layer whether the other tasks helped, hurt, or neither.

    Args:
        alone: as in ``show_sharing``.
        together: as in ``show_sharing``.
    """
    ends = dict.fromkeys((min(alone), max(alone)))
    return " ".join(
        message(
            f"multi_task.sharing_{_effect(alone[neurons], together[neurons])}",
            neurons=number(neurons),
            alone=percent(float(np.mean(alone[neurons]))),
            together=percent(float(np.mean(together[neurons]))),
            runs=len(alone[neurons]),
        )
        for neurons in ends
    )


def _effect(alone: Sequence[float], together: Sequence[float]) -> str:
    """Say what the other tasks did: it counts as help or harm only where all runs agree."""
    gains = np.array(together) - np.array(alone)
    return "helps" if np.all(gains > 0) else "hurts" if np.all(gains < 0) else "unclear"


def draw_silence(labels: Array, logits: Array, least: float) -> Drawing:
    """Draw what is left, and how good it is, if a model answers only when it is sure enough. Introduced in lesson 07.

    Args:
        labels: 0 or 1, shape (n,).
        logits: float, shape (n,) or (n, 1).
        least: how sure the model must be to answer, 0.5–1.

    Returns:
        Histogram of how sure it is, right and wrong answers apart, with its reading.
    """
    shares = probabilities(logits)
    sure, right = np.maximum(shares, 1 - shares), (shares >= 0.5) == (labels == 1)
    fig, axis = figure(6.0, 3.4)
    edges = np.linspace(0.5, 1.0, 11)
    axis.hist([sure[right], sure[~right]], edges, stacked=True, color=[BLUE, ORANGE], rwidth=0.9)
    axis.axvspan(0.5, least, color=GREY, alpha=0.35, linewidth=0)
    axis.axvline(least, color=GREY, linewidth=2)
    axis.text(0.02, 0.94, message("multi_task.right"), color=BLUE, transform=axis.transAxes, fontweight="bold")
    axis.text(0.02, 0.85, message("multi_task.wrong"), color=ORANGE, transform=axis.transAxes, fontweight="bold")
    axis.set_ylim(0, 1.3 * axis.get_ylim()[1])
    axis.set_xlim(0.5, 1.0)
    axis.set_xlabel(message("multi_task.sure_axis"))
    axis.set_ylabel(message("multi_task.people_axis"))
    reading = read_silence(sure, right, least)
    answered = sure >= least
    gains = bool(answered.any()) and right[answered].mean() > right.mean()
    set_title(axis, message("multi_task.silence_title_gains" if gains else "multi_task.silence_title_no_gain"))
    return Drawing(fig, message("multi_task.silence_alt", reading=reading), reading)


def read_silence(sure: Array, right: Array, least: float) -> str:
    """Say how many pictures are still answered and how many of those answers are right.

    Args:
        sure: probability of the answer given, 0.5–1, shape (n,).
        right: whether it is right, bool, shape (n,).
        least: as in ``draw_silence``.
    """
    answered = sure >= least
    if not answered.any():
        return message("multi_task.silence_none", least=percent(least, 0))
    shown = {"least": percent(least, 0), "share": percent(answered.mean()), "all": percent(right.mean())}
    return message("multi_task.silence", accuracy=percent(right[answered].mean()), **shown)
