"""Numbers that were read from an output and typed in: right when the notebook was saved, not when it is run again."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tl_helpers.grading import plain
from tl_helpers.grading.tasks import Task, Verdict
from tl_helpers.grading.teacher.texts import say, speaking
from tl_helpers.messages import LANGUAGES

if TYPE_CHECKING:
    from tl_helpers.grading.teacher.reading import StudentCell

TYPED = {
    "counts.counted": "my_counts",
    "curves.best_epoch": "my_best_epoch",
    "predict.accuracy": "my_accuracy",
    "inception.said": "my_accuracies",
    "inception.choice": "my_choice",
}  # checks whose answers people read from an output and type


def was_typed(task: Task, verdicts: Iterable[Verdict], source: str, saved: Iterable[StudentCell]) -> bool:
    """Say whether all that is wrong with an answer was typed in, and full points were shown when it was saved.

    Args:
        task: the task.
        verdicts: of its answers.
        source: the student's answer cell.
        saved: all cells of the submission, with their saved outputs.
    """
    failed = [verdict.check for verdict in verdicts if not verdict.passed]
    if not failed or not all(check in TYPED and is_literal(source, TYPED[check]) for check in failed):
        return False
    lines = full_points_lines(task)
    checks = [cell for cell in saved if cell.name == f"check-{task.name}"]
    return any(line.strip() in lines for cell in checks for line in cell.saved.splitlines())


def full_points_lines(task: Task) -> set[str]:
    """Return what instant feedback says of an answer that gets all points, in each language."""
    lines = set()
    for code in LANGUAGES:
        with speaking(code):
            lines.add(say("grading.right", points=task.points, total=task.points))
    return lines


def is_literal(source: str, name: str) -> bool:
    """Say whether a cell gives a variable literal values only, and mentions it nowhere else.

    Args:
        source: of the cell.
        name: of the variable.
    """
    tree = plain.attempt(lambda: ast.parse(source), None)
    if tree is None:
        return False
    mentions = sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))
    values = [value for node in tree.body for target, value in _assigned(node) if _is(target, name)]
    return 0 < mentions == len(values) and all(_is_constant(value) for value in values)


def _assigned(node: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return [(node.target, node.value)]
    if not isinstance(node, ast.Assign):
        return []
    return [pair for target in node.targets for pair in _pairs(target, node.value)]


def _pairs(target: ast.expr, value: ast.expr) -> Sequence[tuple[ast.expr, ast.expr]]:
    both = (target, value)
    if all(isinstance(one, ast.Tuple | ast.List) for one in both):
        parts = [list(one.elts) for one in both]  # type: ignore[attr-defined]
        return list(zip(*parts, strict=True)) if len(parts[0]) == len(parts[1]) else []
    return [both]


def _is(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def _is_constant(value: ast.expr) -> bool:
    return plain.attempt(lambda: (ast.literal_eval(value), True)[1], False)
