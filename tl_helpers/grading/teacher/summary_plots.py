"""Plots of the class summary: what was earned at each task, and how the totals are spread."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from statistics import mean, median
from textwrap import fill
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.patches import Patch

from tl_helpers.grading.teacher.names import BY_HAND, OUT_OF, TASK_POINTS, task_name
from tl_helpers.grading.teacher.results import Result, TaskResult
from tl_helpers.grading.teacher.texts import say
from tl_helpers.interactive import Drawing
from tl_helpers.messages import number, percent
from tl_helpers.plots import BLUE, GREY, ORANGE, figure, set_title

OUTCOMES = ("full", "part", "none", "open")
LOOKS: dict[str, Any] = {
    "full": {"color": BLUE},
    "part": {"color": "#56B4E9"},
    "none": {"color": ORANGE},
    "open": {"facecolor": "white", "edgecolor": GREY, "hatch": "////"},
}
SHARPNESS = 160  # pixels an inch, twice what a page shows
TITLE = 50  # characters of a line
NARROW = 0.09  # of a bar; a narrower part has no room for its number


def draw_tasks(results: Sequence[Result]) -> Drawing:
    """Draw, for each task, the students with full points, some, none, and without an answer.

    Args:
        results: at least one with tasks.
    """
    shares = outcomes(results)
    fig, axis = figure(5.4, 0.36 * len(shares) + 1.4)
    for row, task in enumerate(shares):
        left = 0.0
        for outcome in OUTCOMES:
            width = shares[task][outcome]
            axis.barh(row, width, left=left, height=0.7, linewidth=0.5, **LOOKS[outcome])
            if width >= NARROW:
                colour = "black" if outcome in ("part", "open") else "white"
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1} if outcome == "open" else None
                text = number(100 * width)
                axis.text(left + width / 2, row, text, ha="center", va="center", color=colour, fontsize=9, bbox=box)
            left += width
    axis.set_yticks(range(len(shares)), [task_name(task) for task in shares])
    axis.invert_yaxis()
    axis.set_xlim(0, 1)
    axis.set_xticks([])
    axis.spines[["bottom", "left"]].set_visible(False)
    axis.tick_params(axis="y", length=0)
    axis.set_xlabel(say("summary.tasks_unit"), loc="left")
    patches = [Patch(**LOOKS[outcome]) for outcome in OUTCOMES]
    labels = [say(f"summary.{outcome}") for outcome in OUTCOMES]
    fig.legend(patches, labels, ncols=4, loc="outside lower left", frameon=False, handlelength=1, columnspacing=1)
    reading = read_tasks(results)
    fig.suptitle(fill(_tasks_title(shares), TITLE), fontsize=12, fontweight="bold", x=0.01, ha="left")
    return Drawing(fig, say("summary.tasks_alt", reading=reading), reading)


def read_tasks(results: Sequence[Result]) -> str:
    """Say in one sentence at which task most students have full points, and at which the fewest.

    Args:
        results: as ``draw_tasks`` takes them.
    """
    full, best, worst = _extremes(outcomes(results))
    if full[best] == full[worst]:
        return say("summary.tasks_level", share=percent(full[best], 0))
    values = {"best_share": percent(full[best], 0), "worst_share": percent(full[worst], 0)}
    return say("summary.tasks_reading", best=task_name(best), worst=task_name(worst), **values)


def draw_totals(results: Sequence[Result]) -> Drawing:
    """Draw how many students have how many points in all.

    Args:
        results: at least one with tasks.
    """
    totals = [result.points for result in results if result.tasks]
    heights = [totals.count(points) for points in range(OUT_OF + 1)]
    fig, axis = figure(5.4, 2.9)
    axis.bar(range(OUT_OF + 1), heights, width=0.85, color=BLUE)
    axis.axvline(median(totals), color=ORANGE, linewidth=2, linestyle="--")
    on_right = median(totals) < 0.6 * OUT_OF
    text = f" {say('summary.median')} {_points(median(totals))} "
    side = "left" if on_right else "right"
    axis.text(median(totals), 1.12 * max(heights), text, color=ORANGE, ha=side, va="center", fontweight="bold")
    axis.set_ylim(0, 1.22 * max(heights))
    axis.set_xlim(-0.7, OUT_OF + 0.7)
    axis.set_xticks(range(0, OUT_OF + 1, 4))
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.set_xlabel(say("summary.totals_unit", total=OUT_OF))
    axis.set_ylabel(say("summary.students"))
    set_title(axis, say("summary.totals_title", points=_points(median(totals))))
    reading = read_totals(results)
    return Drawing(fig, say("summary.totals_alt", reading=reading), reading)


def read_totals(results: Sequence[Result]) -> str:
    """Say in one sentence between which totals the students are, and the middle.

    Args:
        results: as ``draw_totals`` takes them.
    """
    totals = [result.points for result in results if result.tasks]
    values = {"low": min(totals), "high": max(totals), "mean": number(mean(totals), 1)}
    return say("summary.totals_reading", count=number(len(totals)), median=_points(median(totals)), **values)


def outcomes(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Return for each task the share of students with each of ``OUTCOMES``.

    Args:
        results: those without tasks are left out.
    """
    shares = {}
    for task in TASK_POINTS:
        found = [each for result in results for each in result.tasks if each.task == task and task != BY_HAND]
        if found:
            listed = [_outcome(each) for each in found]
            shares[task] = {outcome: listed.count(outcome) / len(listed) for outcome in OUTCOMES}
    return shares


def image(drawing: Drawing) -> str:
    """Return a drawing's picture as a data address (PNG), and close the figure.

    Args:
        drawing: of this module.
    """
    buffer = BytesIO()
    drawing.figure.savefig(buffer, format="png", dpi=SHARPNESS, metadata={"Software": None})
    plt.close(drawing.figure)
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode('ascii')}"


def _extremes(shares: dict[str, dict[str, float]]) -> tuple[dict[str, float], str, str]:
    full = {task: each["full"] for task, each in shares.items()}
    return full, max(full, key=lambda task: full[task]), min(full, key=lambda task: full[task])


def _tasks_title(shares: dict[str, dict[str, float]]) -> str:
    full, best, worst = _extremes(shares)
    if full[best] == full[worst]:
        return say("summary.tasks_title_level")
    return say("summary.tasks_title", worst=task_name(worst))


def _outcome(task: TaskResult) -> str:
    if task.state == "open":
        return "open"
    return "full" if task.points >= task.total else "part" if task.points else "none"


def _points(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)
