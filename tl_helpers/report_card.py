"""A report card: how good a classifier is, how far that can be trusted, and whether it knows when it is unsure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tl_helpers.evaluation import probabilities
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import class_name

Array = np.ndarray[Any, Any]


def confidence_and_right(labels: Array, logits: Array) -> tuple[Array, Array]:
    """Say for each picture how sure the model is of its answer, and whether it is right. Introduced in lesson 09.

    Args:
        labels: true classes, integers, shape (n,).
        logits: one a class, shape (n, classes).

    Returns:
        Probability of the answer, float64 (n,), 0–1; and bool (n,).
    """
    shares = probabilities(logits)
    return shares.max(axis=1), shares.argmax(axis=1) == labels


def wilson_interval(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return Wilson's interval for a share that was counted. Introduced in lesson 09.

    Source: E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, 1927.

    Args:
        right: answers that are right.
        total: answers in all, 1 or more.
        z: width in standard deviations; 1.96 for 95 %.

    Returns:
        Its ends, 0–1.
    """
    share, spread = right / total, z**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / total + spread / (4 * total))
    return float(middle - half), float(middle + half)


def calibration_bins(confidence: Array, right: Array, bins: int = 10) -> list[tuple[float, float, int]]:
    """Put answers that are about equally sure together, and count how many are right. Introduced in lesson 09.

    Args:
        confidence: probability of each answer, shape (n,), 0–1.
        right: whether it is right, bool, shape (n,).
        bins: equal parts of 0–1.

    Returns:
        For each part that is not empty: mean confidence, share of right answers, number of answers.
    """
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    members = [place == part for part in range(bins)]
    return [(float(confidence[m].mean()), float(right[m].mean()), int(m.sum())) for m in members if m.any()]


def expected_calibration_error(confidence: Array, right: Array, bins: int = 10) -> float:
    """Return how far confidence and share of right answers lie apart, on average over the answers.

    Introduced in lesson 09. Source: Guo et al., *On calibration of modern neural networks*, 2017, arXiv:1706.04599.

    Args:
        confidence: as for ``calibration_bins``.
        right: as for ``calibration_bins``.
        bins: as for ``calibration_bins``.

    Returns:
        0 (what is said with 80 % is right in 80 of 100 cases) to 1.
    """
    parts = calibration_bins(confidence, right, bins)
    return sum(count * abs(said - true) for said, true, count in parts) / len(right)


def choose_threshold(confidence: Array, right: Array, wanted: float = 0.95) -> float:
    """Find the lowest threshold, from 0.50 up, at which enough answers are right. Introduced in lesson 09.

    Args:
        confidence: probability of each answer on the validation set, shape (n,), 0–1.
        right: whether it is right, bool, shape (n,).
        wanted: share of right answers among those given, 0–1.

    Returns:
        0.50 to 0.99 in steps of 0.01; 1.0 where no such threshold is high enough.
    """
    for threshold in np.arange(50, 100) / 100:
        given = confidence >= threshold
        if given.any() and right[given].mean() >= wanted:
            return float(threshold)
    return 1.0


def report_card(labels: Array, logits: Array, class_names: Sequence[str], threshold: float) -> str:
    """Write the report card of a classifier on pictures that nothing was chosen on. Introduced in lesson 09.

    Args:
        labels: true classes, integers, shape (n,).
        logits: one a class, shape (n, classes).
        class_names: in the order of the logits.
        threshold: below this confidence it says that it does not know.

    Returns:
        Some lines in the reader's language.
    """
    confidence, right = confidence_and_right(labels, logits)
    low, high = wilson_interval(int(right.sum()), len(right))
    shown = {"accuracy": percent(float(right.mean())), "low": percent(low), "high": percent(high)}
    lines = [message("report_card.accuracy", count=number(len(right)), **shown)]
    for label, name in enumerate(class_names):
        own = labels == label
        values = {"name": class_name(name), "count": number(own.sum())}
        lines.append(message("report_card.of_class", right=number(right[own].sum()), **values))
    points = number(100 * expected_calibration_error(confidence, right), 1)
    lines.append(message("report_card.calibration", said=percent(float(confidence.mean())), points=points))
    lines.append(read_silence(confidence, right, threshold))
    return "\n".join(lines)


def read_silence(confidence: Array, right: Array, threshold: float) -> str:
    """Say how many pictures are not answered, and how far the answers that are given can be trusted.

    Introduced in lesson 09.

    Args:
        confidence: probability of each answer on the test set, shape (n,), 0–1.
        right: whether it is right, bool, shape (n,).
        threshold: below this confidence it says that it does not know.

    Returns:
        A sentence in the reader's language.
    """
    given = right[confidence >= threshold]
    shown = {"threshold": percent(threshold, 0), "silent": number(len(right) - len(given))}
    if not len(given):
        return message("report_card.silence_always", **shown)
    low, high = map(percent, wilson_interval(int(given.sum()), len(given)))
    return message("report_card.silence", kept=percent(float(given.mean())), low=low, high=high, **shown)
