"""The tasks of the flowers exercise: their points, the answers that they ask for, their checks and what each costs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from tl_helpers.grading import checks, model_checks, training_checks
from tl_helpers.grading.checks import Wrong
from tl_helpers.grading.facts import Facts

LESSON = "04"  # whose source has the hints


@dataclass(frozen=True)
class Check:
    """A check of facts, and the points that failing it costs."""

    name: str
    cost: int
    wrong: Callable[[Any], Wrong | None]


@dataclass(frozen=True)
class Task:
    """A task: its name, its points, the variables that hold its answers, its checks (none: graded by hand)."""

    name: str
    points: int
    answers: tuple[str, ...]
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What a check found: passed, or the message that says what is wrong, with its values."""

    check: str
    passed: bool
    message: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def _task(name: str, points: int, answers: str, *costs: tuple[int, Callable[[Any], Wrong | None]]) -> Task:
    made = tuple(Check(f"{name}.{wrong.__name__}", cost, wrong) for cost, wrong in costs)
    return Task(name, points, tuple(answers.split()), made)


TASKS = {
    task.name: task
    for task in (
        _task(
            "split", 3, "my_split",
            (3, checks.disjoint), (1, checks.complete), (1, checks.shares), (1, checks.stratified),
        ),
        _task("counts", 1, "my_counts", (1, checks.counted)),
        _task("preprocess", 2, "my_preprocess", (2, checks.pixel_range), (2, checks.colours)),
        _task(
            "model", 4, "my_model",
            (2, model_checks.outputs), (1, model_checks.activation), (1, model_checks.pixels),
            (2, model_checks.frozen), (2, model_checks.trainable_head), (3, model_checks.pretrained),
        ),
        _task(
            "compile", 2, "my_compiled",
            (2, model_checks.loss), (2, model_checks.logits), (1, model_checks.metric), (1, model_checks.rate),
        ),
        _task(
            "train", 3, "my_trained my_history",
            (1, training_checks.watched), (2, training_checks.held_out), (2, training_checks.learned),
            (2, training_checks.base_kept),
        ),
        _task("curves", 1, "my_best_epoch", (1, checks.best_epoch)),
        _task("predict", 2, "my_predictions my_accuracy", (2, checks.classes), (1, checks.accuracy)),
        _task(
            "fine-tune", 4, "my_tuned",
            (4, training_checks.moved), (2, training_checks.batch_norm), (2, training_checks.gentle),
            (2, training_checks.knowledge_kept), (2, training_checks.tuned_logits),
        ),
        _task(
            "inception", 2, "my_inception my_accuracies my_choice",
            (2, training_checks.second_base), (1, training_checks.second_frozen),
            (1, training_checks.second_pixels),
            (1, training_checks.second_learned), (1, training_checks.said), (1, training_checks.choice),
        ),
        _task("reflection", 2, "my_reflection"),
    )
}  # fmt: skip


def judge(task: Task, facts: Facts, switched_off: Collection[str] = ()) -> list[Verdict]:
    """Check the facts of an answer. Introduced in lesson 04.

    Args:
        task: the task.
        facts: what was found in the answer.
        switched_off: names of checks that always pass, to see what each is good for.

    Returns:
        A verdict a check; a single one where the answer cannot be read.
    """
    if facts.problem:
        return [Verdict(f"{task.name}.readable", False, facts.problem, {"found": facts.found})]
    verdicts = []
    for check in task.checks:
        wrong = None if check.name in switched_off else check.wrong(facts)
        verdicts.append(
            Verdict(check.name, wrong is None, wrong.message if wrong else "", wrong.values if wrong else {})
        )
    return verdicts


def points(task: Task, verdicts: Sequence[Verdict]) -> int:
    """Return the points that verdicts leave of a task's: each check that failed costs some. Introduced in lesson 04."""
    cost = {check.name: check.cost for check in task.checks}
    lost = sum(cost.get(verdict.check, task.points) for verdict in verdicts if not verdict.passed)
    return max(0, task.points - lost)
