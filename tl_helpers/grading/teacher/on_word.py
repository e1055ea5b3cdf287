"""What rests on the notebook's word alone: histories, typed answers, models that cannot be built again outside it.

What can be computed again never rests on it. The rest earns at most ``REPORTED_POINTS`` of the exercise's 24 points:

- the point for a history with validation figures and the one for the best epoch in it, where no epoch of the history
  agrees with the model;
- what a typed number lost here because training came out otherwise, where the saved notebook shows full points;
- at most half of a task's points for a model that cannot be built again, and for what is said about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tl_helpers.grading.tasks import TASKS, judge, points
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.training_facts import TrainingFacts

REPORTED_POINTS = 6
ABOUT_HISTORY = ("train.watched", "train.held_out")


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


def unlike_history(facts: TrainingFacts, earned: int, pictures: int) -> Word | None:
    """Return which points of a training rest on a history with which the model does not agree; None where it does.

    Args:
        facts: of the training.
        earned: its points.
        pictures: number of validation pictures.
    """
    task = TASKS["train"]
    verdicts = judge(task, facts)
    said = any(not verdict.passed for verdict in verdicts if verdict.check in ABOUT_HISTORY)
    if facts.problem or said or not earned or agrees(facts, pictures):
        return None
    rests = points(task, verdicts) - points(task, judge(task, replace(facts, history={})))
    return Word(max(earned - rests, 0), earned, Note("judging.history_unlike", human=True))
