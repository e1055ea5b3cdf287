"""Instant feedback on graded tasks, and the answer with which the exercise goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.answer_facts import class_row, split_rows
from tl_helpers.grading.given import Given, collect
from tl_helpers.grading.model_facts import compile_facts
from tl_helpers.grading.ours import RATE, our_answer
from tl_helpers.grading.tasks import LESSON, TASKS, Task, Verdict, judge, points
from tl_helpers.grading.training_facts import training_facts
from tl_helpers.live import show_live
from tl_helpers.messages import language, message, number, percent
from tl_helpers.questions import load_hints
from tl_helpers.questions import plain as without_tags


def grade(name: str, *answers: Any, given: Given) -> int:
    """Say what is right and wrong in the answers to a task, and how many points that makes. Introduced in lesson 04.

    Args:
        name: of the task.
        answers: what the reader assigned; None while the task is open.
        given: what ``begin`` returned.

    Returns:
        The points, 0 while the task is open or where a person grades it.
    """
    task = TASKS[name]
    if any(answer is None for answer in answers):
        given.earned[name] = 0
        print(message("grading.open", points=task.points, names=", ".join(task.answers)))
        return 0
    if not task.checks:
        words = len(str.split(answers[0])) if isinstance(answers[0], str) else 0
        print(message("grading.by_hand", points=task.points, words=words))
        return 0
    verdicts = given.judged.pop(name, None) or _verdicts(task, answers, given)  # use() may just have done it
    given.earned[name] = points(task, verdicts)
    for line in feedback(task, verdicts):
        print(line)
    if not all(verdict.passed for verdict in verdicts):
        _show_hints(name)
    return given.earned[name]


def use(name: str, *answers: Any, given: Given) -> Any:
    """Return the answers with which the exercise goes on: the reader's if all checks pass, else the course's own.

    Introduced in lesson 04.

    Args:
        name: of the task.
        answers: as for ``grade``.
        given: what ``begin`` returned; it remembers what is in use.
    """
    task = TASKS[name]
    given.judged.pop(name, None)
    if not any(answer is None for answer in answers):
        given.judged[name] = _verdicts(task, answers, given)
    yours = name in given.judged and all(verdict.passed for verdict in given.judged[name])
    if not yours:
        print(message("grading.goes_on_ours"))
    given.used[name] = _normal(name, answers, given) if yours else our_answer(name, given)
    _remember(name, given)
    chosen = given.used[name]
    if name == "split":
        return tuple(given.splits.values())
    return chosen if len(chosen) > 1 else chosen[0]


def feedback(task: Task, verdicts: Sequence[Verdict]) -> list[str]:
    """Return what the reader is told: the points, then a line for each check that failed.

    Args:
        task: the task.
        verdicts: of its answers.
    """
    wrong = [verdict for verdict in verdicts if not verdict.passed]
    key = "grading.partly" if wrong else "grading.right"
    head = message(key, points=points(task, verdicts), total=task.points)
    return [head, *(f"– {message(f'grading.{each.message}', **_written(each.values))}" for each in wrong)]


def _verdicts(task: Task, answers: tuple[Any, ...], given: Given) -> list[Verdict]:
    return judge(task, collect(task.name, answers, given))


def _normal(name: str, answers: tuple[Any, ...], given: Given) -> tuple[Any, ...]:
    if name == "split":
        return tuple(split_rows(answers[0], given.pictures.names) or ())
    if name == "predict":
        return np.array(class_row(answers[0], given.class_names)), float(plain.number(answers[1]) or 0.0)
    return answers


def _remember(name: str, given: Given) -> None:
    """Keep the numbers that later tasks are compared with, for the models may change."""
    if name == "compile":
        given.numbers["head_rate"] = compile_facts(given.used["compile"][0]).learning_rate or RATE
    if name == "train":
        model, history = given.used["train"]
        found = training_facts(model, history, given.base_model, {"validation": given.splits["validation"]})
        given.numbers["validation"] = found.accuracies["validation"]


def _show_hints(name: str) -> None:
    first, second = load_hints(LESSON, name)
    print(message("grading.hint", hint=without_tags(first)))
    label = message("tasks.second_hint")
    folded = f"<details><summary>{label}</summary>{second}</details>"
    show_live(None, {"text/html": folded, "text/plain": f"{label}: {without_tags(second)}"})


def _written(values: dict[str, Any]) -> dict[str, str]:
    return {name: _write(name, value) for name, value in values.items()}


def _write(name: str, value: Any) -> str:
    if name.endswith("share"):
        return percent(value)
    if isinstance(value, list):
        return f"[{'; '.join(_write('', one) for one in value)}]"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        written = f"{value:.4g}"
        return written.replace(".", ",") if language() == "tr" else written
    return str(value)
