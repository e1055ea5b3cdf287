"""How often a model is right in each group of pictures, and what a gap between groups may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import binomtest

from tl_helpers.messages import catalogue, language, message, number, percent
from tl_helpers.plots import BLUE, GREY, ORANGE, figure, set_title, show

Array = np.ndarray[Any, Any]
FEWEST = 10  # pictures; a smaller group is shown but not compared
LIMIT = 0.05  # a gap that chance makes more rarely is called a difference


class GroupScore(NamedTuple):
    """How one group fares: right answers, pictures, the 95 % interval of its accuracy, 0–1. Introduced in lesson 07."""

    group: str
    right: int
    total: int
    low: float
    high: float


def subgroup_report(labels: Array, predicted: Array, groups: Sequence[str]) -> list[GroupScore]:
    """Count right answers group by group, with Wilson's 95 % interval. Introduced in lesson 07.

    Args:
        labels: true classes, integers, shape (n,).
        predicted: answers, integers, shape (n,).
        groups: name of each picture's group, n texts.

    Returns:
        One score a group, in the order of their names.
    """
    right, members = np.asarray(labels) == np.asarray(predicted), np.asarray(groups)
    scores = []
    for group in sorted(set(groups)):
        hits, total = int(right[members == group].sum()), int(np.sum(members == group))
        interval = binomtest(hits, total).proportion_ci(method="wilson")
        scores.append(GroupScore(group, hits, total, float(interval.low), float(interval.high)))
    return scores


def chance_of_gap(scores: Sequence[GroupScore], draws: int = 2000) -> float:
    """Say how often chance alone makes a gap as wide as the widest between groups. Introduced in lesson 07.

    The right answers are dealt out at random to groups of the same sizes, again and again (a permutation test).

    Args:
        scores: two or more groups, as ``subgroup_report`` returns them.
        draws: how often they are dealt out.

    Returns:
        Share of the deals, 0–1, in which best and worst group lie at least as far apart.
    """
    totals, right = np.array([score.total for score in scores]), np.array([score.right for score in scores])
    dealt = np.random.default_rng(0).multivariate_hypergeometric(totals, right.sum(), size=draws)  # (draws, groups)
    gaps = np.ptp(dealt / totals, axis=1)
    return float(np.mean(gaps >= np.ptp(right / totals) - 1e-9))


def show_subgroups(scores: Sequence[GroupScore]) -> None:
    """Plot each group's accuracy with its interval, and print how it reads. Introduced in lesson 07.

    Args:
        scores: what ``subgroup_report`` returns, groups named in the reader's language.
    """
    fig, axis = figure(6.5, 0.45 * len(scores) + 1.3)
    worst = (_extremes(scores) or (None,))[0] if _verdict(scores) == "apart" else None
    for row, score in enumerate(reversed(scores)):
        share = 100 * score.right / score.total
        colour = GREY if score.total < FEWEST else (ORANGE if score == worst else BLUE)
        axis.plot([100 * score.low, 100 * score.high], [row, row], color=colour, linewidth=2.5)
        axis.plot(share, row, "o", color=colour, markersize=7)
        axis.text(
            101.5,
            row,
            message("subgroups.count", share=percent(share / 100, 0), total=number(score.total)),
            va="center",
        )
    axis.set_yticks(range(len(scores)), [score.group for score in reversed(scores)])
    axis.set_ylim(-0.6, len(scores) - 0.4)
    axis.set_xlim(min(50.0, *(100 * score.low - 2 for score in scores)), 100)
    axis.set_xlabel(message("subgroups.axis"))
    set_title(axis, message(f"subgroups.title_{_verdict(scores)}"))
    reading = read_subgroups(scores)
    show(fig, message("subgroups.alt", reading=reading))
    print(reading)


def read_subgroups(scores: Sequence[GroupScore]) -> str:
    """Say in one sentence whether groups differ by more than chance would explain: less than 5 % in ``chance_of_gap``.

    Groups with fewer than ``FEWEST`` pictures are not compared.

    Args:
        scores: as ``show_subgroups`` takes them.
    """
    extremes = _extremes(scores)
    if extremes is None:
        return message("subgroups.too_few", fewest=FEWEST)
    worst, best = extremes
    shares = [round(100 * score.right / score.total, 1) for score in extremes]
    values = {"worst": worst.group, "best": best.group, "points": number(shares[1] - shares[0], 1)}
    shown = {"low": percent(shares[0] / 100), "high": percent(shares[1] / 100), "chance": _written(_chance(scores))}
    return message(f"subgroups.{_verdict(scores)}", **values, **shown)


def group_name(group: str) -> str:
    """Return the name of a group or of a division into groups in the reader's language. Introduced in lesson 07.

    Args:
        group: a key of the messages' section ``people``, or a text such as ``"20–29"``, which is returned as it is.
    """
    return catalogue(language())["people"].get(group, group)


def _verdict(scores: Sequence[GroupScore]) -> str:
    return "apart" if _extremes(scores) and _chance(scores) < LIMIT else "together"


def _chance(scores: Sequence[GroupScore]) -> float:
    return chance_of_gap([score for score in scores if score.total >= FEWEST])


def _written(chance: float) -> str:
    return message("subgroups.rare", limit=percent(0.001)) if chance < 0.001 else percent(chance)


def _extremes(scores: Sequence[GroupScore]) -> tuple[GroupScore, GroupScore] | None:
    """Return the worst and the best of the groups that are large enough, or None if there are not two of them."""
    ranked = sorted((s for s in scores if s.total >= FEWEST), key=lambda score: score.right / score.total)
    return (ranked[0], ranked[-1]) if len(ranked) > 1 else None
