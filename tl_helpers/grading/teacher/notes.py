"""Notes of the teacher's side: values that stay plain as JSON, written as the reader's language writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.instant import _write
from tl_helpers.grading.tasks import Verdict
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.teacher.texts import say

LONGEST_TEXT, LONGEST_LIST, LARGEST = 300, 50, 10**15


def render_note(note: Note) -> str:
    """Return what a note says in the language in force; shares as percentages, numbers as that language writes them.

    Args:
        note: of any module of the teacher's side.

    Raises:
        KeyError: no catalogue has its message, or it lacks a value.
    """
    return say(note.message, **{name: _written(name, value) for name, value in note.values.items()})


def verdict_note(verdict: Verdict) -> Note:
    """Return the note about a failed check.

    Args:
        verdict: of a check; a message without a section is one of section ``grading``.
    """
    key = verdict.message if "." in verdict.message else f"grading.{verdict.message}"
    return Note(key, plain_values(verdict.values))


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them: finite numbers, texts and lists of them, none of them long."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value[:LONGEST_LIST]]
    if isinstance(value, int):
        return int(value) if abs(value) < LARGEST else plain.attempt(lambda: f"{value:.4g}", "inf")
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    return value[:LONGEST_TEXT] if type(value) is str else plain.kind(value)


def _written(name: str, value: Any) -> str:
    return value if isinstance(value, str) else _write(name, value)
