"""What rests on the notebook's word alone: histories, typed answers, models that cannot be built again outside it.

What can be computed again never rests on it. The rest earns at most ``REPORTED_POINTS`` of the exercise's 24 points:

- the point for a history with validation figures and the one for the best epoch in it, where no epoch of the history
  agrees with the model;
- what a typed number lost here because training came out otherwise, where the saved notebook shows full points;
- at most half of a task's points for a model that cannot be built again, and for what is said about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from tl_helpers.grading.facts import Facts
from tl_helpers.grading.model_facts import CompileFacts, ModelFacts
from tl_helpers.grading.tasks import TASKS, judge, points
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.training_facts import ComparisonFacts, TrainingFacts, TuningFacts

REPORTED_POINTS = 6
KINDS: dict[str, type[Facts]] = {
    "model": ModelFacts,
    "compile": CompileFacts,
    "train": TrainingFacts,
    "fine-tune": TuningFacts,
    "inception": ComparisonFacts,
}


@dataclass(frozen=True)
class Word:
    """Points of a task of which some rest on the notebook's word.

    Args:
        certain: points that do not.
        wanted: points in all, if the word is taken.
        note: why.
    """

    certain: int
    wanted: int
    note: Note


class Budget:
    """Points that may still be given on the notebook's word."""

    def __init__(self, points: int = REPORTED_POINTS) -> None:
        self.left = points

    def take(self, points: int) -> int:
        """Return as many of the points as are left, and keep account of them."""
        taken = min(points, self.left)
        self.left -= taken
        return taken


def has_loss(facts: TrainingFacts) -> bool:
    """Say whether some epoch of a history has the validation loss of the model, computed again."""
    losses, loss = facts.history.get("val_loss", []), facts.losses.get("validation", np.nan)
    return bool(np.isclose(losses, loss, rtol=2e-3, atol=2e-4).any())  # as in training_checks.held_out


def agrees(facts: TrainingFacts, pictures: int) -> bool:
    """Say whether some epoch of a history has the validation loss or accuracy of the model, computed again.

    Args:
        facts: of the training.
        pictures: number of validation pictures; accuracy may differ by one of them.
    """
    shares = np.array(facts.history.get("val_accuracy", []))
    apart = np.abs(shares - facts.accuracies.get("validation", np.nan))
    return has_loss(facts) or bool((apart <= 1.01 / max(pictures, 1)).any())


def unlike_history(task: str, facts: Facts, earned: int, pictures: int) -> Word | None:
    """Return which points of a training rest on a history with which the model does not agree; None where it does.

    Args:
        task: its name.
        facts: of its answers.
        earned: the points.
        pictures: number of validation pictures.
    """
    if task != "train" or not isinstance(facts, TrainingFacts) or not earned:
        return None
    verdicts = judge(TASKS[task], facts)
    said = any(not verdict.passed for verdict in verdicts if verdict.check in ("train.watched", "train.held_out"))
    if said or agrees(facts, pictures):
        return None
    without = points(TASKS[task], judge(TASKS[task], replace(facts, history={})))
    rests = points(TASKS[task], verdicts) - without
    return Word(max(earned - rests, 0), earned, Note("judging.history_unlike", human=True))


def facts_of(task: str, reported: Mapping[str, Any], history: Mapping[str, list[float]]) -> Facts:
    """Return the facts that the box collected about a model that cannot be built again.

    Args:
        task: its name, one of ``KINDS``.
        reported: as JSON keeps a dataclass of facts; nothing in it is trusted to be of the right type.
        history: of the training, as it was kept.

    Raises:
        TypeError: a value is of another type than the facts have there.
    """
    known = {**reported, "history": dict(history)} if task == "train" else dict(reported)
    made: Facts = _made(KINDS[task], known)
    return made


def _made(kind: Any, reported: Mapping[str, Any]) -> Any:
    blank = kind()
    values = {}
    for field in fields(kind):
        default = getattr(blank, field.name)
        if field.name in reported:
            values[field.name] = _value(default, reported[field.name])
    return kind(**values)


def _value(default: Any, value: Any) -> Any:
    if is_dataclass(default):
        return _made(type(default), dict(value))
    if isinstance(default, dict):
        return {str(name)[:100]: _numbers(each) for name, each in dict(value).items()}
    if isinstance(default, list):
        return [each[:100] if isinstance(each, str) else _numbers(each) for each in list(value)]
    if isinstance(default, str | bool):
        if type(value) is not type(default):
            raise TypeError(type(value))
        return value
    return type(default)(_numbers(value))


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_numbers(each) for each in value]
    if not isinstance(value, int | float):
        raise TypeError(type(value))
    return value
