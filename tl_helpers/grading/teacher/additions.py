"""What a student added to a cell of the exercise: its own code is run, and what only adds to it as well."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from tl_helpers.grading.teacher.recognising import own_cells
from tl_helpers.grading.teacher.sources import ANSWERS, dumped, is_open, names_of, parsed


def taken_names(exercise: Any) -> set[str]:
    """Return the names that the exercise's cells assign, those of answers aside.

    Args:
        exercise: its notebook, as nbformat reads it.
    """
    trees = [parsed(source) for source in own_cells(exercise).values()]
    return {name for tree in trees if tree for name in names_of(tree.body)} - ANSWERS.keys()


def additions(changed: Sequence[str], own: str, taken: Collection[str], *, first: bool) -> tuple[list[str], list[str]]:
    """Return the imports, functions and new variables that a student added to a cell of the exercise.

    Args:
        changed: sources of the cell as the student has it.
        own: the exercise's source.
        taken: names that the exercise assigns; what assigns one of them is no addition but a change.
        first: where nothing of the exercise's code is left, the additions come before it rather than after it.

    Returns:
        Code to run before the exercise's own, and after it.
    """
    tree = parsed(own)
    known = set(dumped(tree.body)) if tree else set()
    before: list[str] = []
    after: list[str] = []
    for source in changed:
        student = parsed(source)
        statements = student.body if student else []
        places = [place for place, text in enumerate(dumped(statements)) if text in known]
        start = places[0] if places else len(statements) * first
        for place, statement in enumerate(statements):
            if place not in places and _adds(statement, taken):
                with suppress(RecursionError):
                    (before if place < start else after).append(ast.unparse(statement))
    return (["\n".join(before)], ["\n".join(after)])


def _adds(statement: ast.stmt, taken: Collection[str]) -> bool:
    if not names_of([statement]).isdisjoint(taken) or is_open(statement):
        return False
    if isinstance(statement, ast.Assign):
        parts = [part for target in statement.targets for part in ast.walk(target)]
        return all(isinstance(part, ast.Name | ast.Tuple | ast.expr_context) for part in parts)
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
