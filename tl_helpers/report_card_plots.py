"""Plots of a report card: is the model as good as it says, and what is gained by not answering when unsure."""

from __future__ import annotations

from typing import Any

import numpy as np

from tl_helpers.evaluation import most_confident_mistakes
from tl_helpers.interactive import Drawing
from tl_helpers.messages import message, number, percent
from tl_helpers.pictures import Pictures
from tl_helpers.plots import BLUE, GREY, ORANGE, class_name, figure, label_line, set_title, show, show_pictures
from tl_helpers.report_card import calibration_bins, expected_calibration_error, wilson_interval

Array = np.ndarray[Any, Any]
LEAST = 5  # answers in a part of the diagram that is drawn full


def show_mistakes(pictures: Pictures, logits: Array, count: int = 6) -> None:
    """Show the wrong answers that the model was surest of, truth and answer above each. Introduced in lesson 09.

    Args:
        pictures: of the test set.
        logits: one a class, shape (n, classes).
        count: how many at most.
    """
    worst = most_confident_mistakes(pictures.labels, logits, count)
    if not len(worst):
        print(message("report_card.no_mistakes", count=number(len(pictures))))
        return
    names = [class_name(name) for name in pictures.class_names]
    captions = [f"{names[pictures.labels[i]]} →\n{names[np.argmax(logits[i])]}" for i in worst]
    show_pictures(pictures.images[worst], captions, message("report_card.mistakes"))


def show_reliability(confidence: Array, right: Array, bins: int = 10) -> None:
    """Plot how often answers of each confidence are right, and print how it reads. Introduced in lesson 09.

    Args:
        confidence: probability of each answer, shape (n,), 0–1.
        right: whether it is right, bool, shape (n,).
        bins: equal parts of 0–1.
    """
    fig, axis = figure(5.4, 4.0)
    label = message("report_card.honest_line")
    axis.plot([0, 100], [0, 100], color=GREY, linestyle=":", linewidth=1.5, label=label)
    parts = calibration_bins(confidence, right, bins)
    for said, true, count in parts:
        low, high = wilson_interval(round(true * count), count)
        faint = 1.0 if count >= LEAST else 0.35
        axis.plot([100 * said] * 2, [100 * low, 100 * high], color=BLUE, alpha=0.5 * faint, linewidth=2)
        axis.plot(100 * said, 100 * true, "o", color=BLUE, alpha=faint, markersize=8)
        axis.annotate(number(count), (100 * said, 100 * true), (7, -9), textcoords="offset points", fontsize=9)
    lowest = max(0.0, 100 * min(said for said, *_ in parts) - 8)
    axis.set_xlim(lowest, 102)
    axis.set_ylim(-3, 104)
    axis.legend(loc="lower right", frameon=False, fontsize=9)
    axis.set_xlabel(message("report_card.said_axis"))
    axis.set_ylabel(message("report_card.right_axis"))
    set_title(axis, message(f"report_card.reliability_title_{_verdict(confidence, right)}"))
    reading = read_reliability(confidence, right, bins)
    show(fig, message("report_card.reliability_alt", reading=reading))
    print(reading)


def read_reliability(confidence: Array, right: Array, bins: int = 10) -> str:
    """Say whether the model claims more or less than it keeps, or whether chance may explain the difference.

    Args:
        confidence: as in ``show_reliability``.
        right: as in ``show_reliability``.
        bins: as in ``show_reliability``.
    """
    points = number(100 * expected_calibration_error(confidence, right, bins), 1)
    shown = {"said": percent(float(np.mean(confidence))), "right": percent(float(np.mean(right)))}
    return message(f"report_card.reliability_{_verdict(confidence, right)}", points=points, **shown)


def draw_doubt(confidence: Array, right: Array, threshold: float) -> Drawing:
    """Draw how many pictures are answered, and how many answers are right, for each threshold. Introduced in lesson 09.

    Args:
        confidence: probability of each answer, shape (n,), 0–1.
        right: whether it is right, bool, shape (n,).
        threshold: below this confidence the model says that it does not know, 0–1.

    Returns:
        Two lines with the threshold marked, and its reading.
    """
    fig, axis = figure(6.4, 3.4)
    steps = np.append(np.arange(50, 100) / 100, confidence.max())
    steps = np.unique(steps[steps <= confidence.max()])  # from each on something is answered
    answered = [100 * float(np.mean(confidence >= step)) for step in steps]
    accuracies = [100 * float(np.mean(right[confidence >= step])) for step in steps]
    for name, values, colour in (("answered", answered, GREY), ("right", accuracies, BLUE)):
        axis.plot(100 * steps, values, color=colour, linewidth=2.5)
        label_line(axis, 100 * float(steps[-1]), values[-1], message(f"report_card.{name}_line"), colour)
    axis.axvline(100 * threshold, color=ORANGE, linewidth=2)
    axis.set_xlim(50, 100)
    axis.set_ylim(min(40.0, min(answered) - 3), 103)
    axis.set_xlabel(message("report_card.threshold_axis"))
    axis.set_ylabel(message("report_card.share_axis"))
    given = confidence >= threshold
    gains = bool(given.any()) and right[given].mean() > right.mean()
    set_title(axis, message("report_card.doubt_title_gains" if gains else "report_card.doubt_title_no_gain"))
    reading = read_doubt(confidence, right, threshold)
    return Drawing(fig, message("report_card.doubt_alt", reading=reading), reading)


def read_doubt(confidence: Array, right: Array, threshold: float) -> str:
    """Say how many pictures are answered at a threshold, and how many of the answers are right.

    Args:
        confidence: as in ``draw_doubt``.
        right: as in ``draw_doubt``.
        threshold: as in ``draw_doubt``.
    """
    given = confidence >= threshold
    if not given.any():
        return message("report_card.doubt_none", threshold=percent(threshold, 0))
    shown = {"threshold": percent(threshold, 0), "answered": percent(float(given.mean()))}
    shown |= {"right": percent(float(right[given].mean())), "every": percent(float(right.mean()))}
    return message("report_card.doubt", **shown)


def _verdict(confidence: Array, right: Array) -> str:
    """Say where the mean confidence lies against the 95 % interval of the share of right answers."""
    low, high = wilson_interval(int(np.sum(right)), len(right))
    said = float(np.mean(confidence))
    return "over" if said > high else "under" if said < low else "honest"
