"""Notes about checks that failed, with values that stay plain as JSON; ``writing`` makes texts of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.tasks import Verdict
from tl_helpers.grading.teacher.results import Note

LONGEST_TEXT, LONGEST_LIST, LARGEST = 300, 50, 10**15


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
