"""Checks of answers that are numbers: from facts to what is wrong with them, or None."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tl_helpers.grading.facts import CountFacts, CurveFacts, PixelFacts, PredictionFacts, SplitFacts

SHARES = (0.7, 0.15, 0.15)


@dataclass(frozen=True)
class Wrong:
    """What is wrong: the message that says so (section ``grading``), and what its placeholders stand for."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)


def disjoint(facts: SplitFacts) -> Wrong | None:
    """No picture is in two parts."""
    within, *with_test = facts.shared
    if any(with_test):
        return Wrong("split_test_shared", {"count": sum(with_test)})
    return Wrong("split_shared", {"count": within}) if within else None


def complete(facts: SplitFacts) -> Wrong | None:
    """Every picture is used, once."""
    if facts.missing:
        return Wrong("split_missing", {"count": facts.missing})
    return Wrong("split_repeated", {"count": facts.repeated}) if facts.repeated else None


def shares(facts: SplitFacts) -> Wrong | None:
    """The parts have 70, 15 and 15 % of the pictures that were used."""
    sizes = [sum(row) for row in facts.counts]
    found = [size / max(sum(sizes), 1) for size in sizes]
    if all(abs(one - wanted) <= 0.02 for one, wanted in zip(found, SHARES, strict=True)):
        return None
    key = "split_swapped" if found[0] < max(found) else "split_shares"
    return Wrong(key, dict(zip(("train_share", "validation_share", "test_share"), found, strict=True)))


def stratified(facts: SplitFacts) -> Wrong | None:
    """Each class has the same share in every part, give or take two pictures."""
    counts = np.array(facts.counts)
    wanted = counts.sum(axis=0) * counts.sum(axis=1, keepdims=True) / max(counts.sum(), 1)
    if (np.abs(counts - wanted) <= 2).all():
        return None
    if ((counts == 0) & (wanted > 0)).any():
        return Wrong("split_class_absent", {"test": counts[2].tolist()})
    return Wrong("split_not_stratified", {"validation": counts[1].tolist(), "test": counts[2].tolist()})


def counted(facts: CountFacts) -> Wrong | None:
    """The counts are those of the training pictures."""
    if np.allclose(facts.given, facts.train):
        return None
    if np.allclose(facts.given, facts.whole):
        return Wrong("counts_whole", {"whole": sum(facts.whole), "train": sum(facts.train)})
    if any(np.allclose(facts.given, part) for part in facts.held_out):
        return Wrong("counts_held_out", {"count": round(sum(facts.given))})
    if np.isclose(sum(facts.given), 1) or np.isclose(sum(facts.given), 100):
        return Wrong("counts_share")
    key = "counts_order" if np.allclose(sorted(facts.given), sorted(facts.train)) else "counts_other"
    return Wrong(key, {"found": facts.given})


def pixel_range(facts: PixelFacts) -> Wrong | None:
    """0, 127.5 and 255 become -1, 0 and 1."""
    if np.allclose(facts.outputs, (-1, 0, 1), atol=0.02):
        return None
    low, high = facts.outputs[0], facts.outputs[-1]
    return Wrong(range_message(low, high), {"low": low, "high": high})


def colours(facts: PixelFacts) -> Wrong | None:
    """Red stays in the first channel."""
    red, green, blue = facts.red
    return None if red >= max(green, blue) else Wrong("preprocess_colours", {"red": facts.red})


def range_message(low: float, high: float) -> str:
    """Return the message about pixels of 0 and 255 that have become these two numbers instead of -1 and 1."""
    known = {
        "range_none": (0, 255),
        "range_unit": (0, 1),
        "range_twice": (-1 - 1 / 127.5, 1 / 127.5 - 1),
        "range_reversed": (1, -1),
    }
    for key, ends in known.items():
        if np.allclose((low, high), ends, atol=0.01):
            return key
    return "range_means" if low < -50 and high > 50 else "range_other"


def best_epoch(facts: CurveFacts) -> Wrong | None:
    """The epoch has the lowest validation loss or the highest validation accuracy."""
    best = _best(facts.history, "val_")
    if facts.epoch in best:
        return None
    values = {"found": facts.epoch, "epochs": max(map(len, facts.history.values()), default=0)}
    if facts.epoch + 1 in best:
        return Wrong("curves_from_zero", values)
    if facts.epoch in _best(facts.history, ""):
        return Wrong("curves_training", values)
    if not 1 <= facts.epoch <= values["epochs"]:
        return Wrong("curves_outside", values)
    return Wrong("curves_last" if facts.epoch == values["epochs"] else "curves_other", values)


def classes(facts: PredictionFacts) -> Wrong | None:
    """The predicted classes are what the model says of the test pictures."""
    said, wanted = facts.classes, facts.model_classes
    if len(said) != len(wanted):
        return Wrong("predict_count", {"found": len(said), "expected": len(wanted)})
    if _agreement(said, wanted) >= 0.99:
        return None
    if _agreement(said, facts.labels) == 1.0:
        return Wrong("predict_labels")
    if set(said) <= {0, 1}:
        return Wrong("predict_two")
    return Wrong("predict_other", {"agree_share": _agreement(said, wanted)})


def accuracy(facts: PredictionFacts) -> Wrong | None:
    """The accuracy is that of the model on the test pictures."""
    right = _agreement(facts.model_classes, facts.labels)
    if facts.accuracy is None:
        return Wrong("predict_no_accuracy")
    if abs(facts.accuracy - right) <= 0.01:
        return None
    if abs(facts.accuracy - 100 * right) <= 1:
        return Wrong("predict_percent", {"found": facts.accuracy})
    for name, share in facts.other_accuracies.items():
        if abs(facts.accuracy - share) <= 0.001:
            return Wrong(f"predict_on_{name}", {"found": facts.accuracy})
    if abs(facts.accuracy - (1 - right)) <= 0.001:
        return Wrong("predict_errors", {"found": facts.accuracy})
    return Wrong("predict_accuracy", {"found": facts.accuracy})


def _best(history: dict[str, list[float]], which: str) -> set[int]:
    losses, shares = history.get(f"{which}loss", []), history.get(f"{which}accuracy", [])
    lowest = {epoch for epoch, loss in enumerate(losses, start=1) if loss == min(losses)}
    return lowest | {epoch for epoch, share in enumerate(shares, start=1) if share == max(shares)}


def _agreement(one: Sequence[int], other: Sequence[int]) -> float:
    return float(np.mean(np.equal(one, other))) if one else 0.0
