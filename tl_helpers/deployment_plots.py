"""Plots and sentences of lesson 06: what integers cost, what multiply–adds foretell, and the efficient front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_uppercase

import numpy as np

from tl_helpers.deployment import efficient_front
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import BLUE, GREY, figure, set_title, show

Costs = Mapping[str, float]


def show_table(columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> None:
    """Print a table with a name before each row. Introduced in lesson 06.

    Args:
        columns: headings, in the reader's language.
        rows: name → one text a column.
    """
    lines = [("", *columns)] + [(name, *texts) for name, texts in rows.items()]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for name, *texts in lines:
        cells = [text.rjust(width) for text, width in zip(texts, widths[1:], strict=True)]
        print("  ".join([name.ljust(widths[0]), *cells]))


def comparison_title(scores: Mapping[str, Sequence[float]]) -> str:
    """Return the title of a comparison: whether one method leads in every run. Introduced in lesson 06.

    Args:
        scores: at least two methods in the reader's language → accuracy, 0–1, of each run, by the same seeds.
    """
    best, second = sorted(scores, key=lambda method: -float(np.mean(scores[method])))[:2]
    always = all(a > b for a, b in zip(scores[best], scores[second], strict=True))
    return message("deployment.leads" if always else "deployment.together", best=best, second=second)


def show_front(seconds: Costs, accuracies: Costs, pictures: int) -> None:
    """Plot accuracy against latency, with the models that no other beats joined. Introduced in lesson 06.

    Args:
        seconds: model in the reader's language → latency with one picture.
        accuracies: the same models → accuracy on the validation set, 0–1.
        pictures: how many pictures the accuracy was measured on, for the bars of one standard error.
    """
    names = list(seconds)
    times = [1000 * seconds[name] for name in names]
    heights = [100 * accuracies[name] for name in names]
    errors = [100 * float(np.sqrt(accuracies[name] * (1 - accuracies[name]) / pictures)) for name in names]
    front = efficient_front(times, heights)
    fig, axis = figure(7.5, 4.2)
    axis.errorbar(times, heights, errors, fmt="none", ecolor="#C3C9CE", zorder=1)
    axis.plot([times[i] for i in front], [heights[i] for i in front], color=BLUE, drawstyle="steps-post", zorder=2)
    for i, name in enumerate(names):
        on_front = i in front
        axis.plot(times[i], heights[i], "o", color=BLUE if on_front else GREY, markersize=15, zorder=3)
        style = {"color": "white", "ha": "center", "va": "center", "fontsize": 9, "fontweight": "bold", "zorder": 4}
        axis.text(times[i], heights[i], ascii_uppercase[i], **style)
        place = {"transform": axis.transAxes, "color": BLUE if on_front else GREY, "va": "top"}
        weight = "bold" if on_front else "normal"
        axis.text(1.03, 1.0 - 0.125 * i, f"{ascii_uppercase[i]}  {name}", fontsize=10, fontweight=weight, **place)
    axis.set_xscale("log")
    ticks = [
        tick
        for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)
        if min(times) / 2.1 < tick < max(times) * 2.1
    ]
    axis.set_xticks(ticks, [number(tick, 2 if tick < 0.1 else 1 if tick < 1 else 0) for tick in ticks], minor=False)
    axis.set_xticks([], minor=True)
    axis.set_xlim(min(times) / 1.4, max(times) * 1.4)
    axis.set_xlabel(message("deployment.latency_axis"))
    axis.set_ylabel(message("deployment.accuracy_axis"))
    set_title(axis, message("deployment.front_title", count=len(front), total=len(names)))
    reading = read_front(seconds, accuracies)
    show(fig, message("deployment.front_alt", reading=reading))
    print(reading)


def read_front(seconds: Costs, accuracies: Costs) -> str:
    """Say in one sentence which models are on the front, and which one beats a model that is not.

    Args:
        seconds: as ``show_front`` takes them.
        accuracies: as ``show_front`` takes them.
    """
    names = list(seconds)
    times, heights = [seconds[name] for name in names], [accuracies[name] for name in names]
    front = efficient_front(times, heights)
    shown = {"count": number(len(front)), "total": number(len(names))}
    for end, model in (("fastest", front[0]), ("best", front[-1])):
        shown |= {
            end: names[model],
            f"{end}_time": _milliseconds(times[model]),
            f"{end}_share": percent(heights[model]),
        }
    beaten = [model for model in range(len(names)) if model not in front]
    if len({(times[model], heights[model]) for model in front}) == 1:
        return message("deployment.front_one", **shown)
    if not beaten:
        return message("deployment.front_all", **shown)
    worst = min(beaten, key=lambda model: heights[model] - heights[_rival(model, front, times, heights)])
    rival = _rival(worst, front, times, heights)
    return message("deployment.front_some", beaten=names[worst], rival=names[rival], **shown)


def read_foretelling(name: str, other: str, work: Sequence[int], seconds: Sequence[float]) -> str:
    """Say whether one model's latency is as many times another's as its multiply–adds are. Introduced in lesson 06.

    Args:
        name: the model with more multiply–adds, in the reader's language.
        other: the one with fewer.
        work: multiply–adds of both.
        seconds: latencies of both.
    """
    of_work, of_time = work[0] / work[1], seconds[0] / seconds[1]
    verdict = "slower" if of_time > 1.25 * of_work else "faster" if of_time < 0.8 * of_work else "alike"
    shown = {"name": name, "other": other, "work": number(of_work, 1), "time": number(of_time, 1)}
    return message(f"deployment.foretold_{verdict}", **shown)


def read_integers(name: str, sizes: Sequence[int], accuracies: Sequence[float], seconds: Sequence[float]) -> str:
    """Say in one sentence what integers of 8 bits cost and save. Introduced in lesson 06.

    Args:
        name: the model, in the reader's language.
        sizes: bytes of the file, as float32 and as int8.
        accuracies: 0–1, as float32 and as int8.
        seconds: latencies, as float32 and as int8.
    """
    lost = round(100 * (accuracies[0] - accuracies[1]), 1)
    costs = "loses" if lost > 0 else "gains" if lost < 0 else "keeps"
    ratio = seconds[0] / seconds[1]
    speed = "faster" if ratio > 1.1 else "slower" if ratio < 0.9 else "as_fast"
    shown = {"name": name, "smaller": number(sizes[0] / sizes[1], 1), "points": number(abs(lost), 1)}
    times = number(ratio if ratio > 1 else 1 / ratio, 1)
    return message(f"deployment.integers_{costs}", speed=message(f"deployment.{speed}", times=times), **shown)


def _rival(model: int, front: Sequence[int], times: Sequence[float], heights: Sequence[float]) -> int:
    """Return the most accurate model of the front that is no slower and no less accurate."""
    rivals = [other for other in front if times[other] <= times[model] and heights[other] >= heights[model]]
    return max(rivals, key=lambda other: heights[other])


def _milliseconds(seconds: float) -> str:
    return number(1000 * seconds, 2 if seconds < 0.01 else 0)
