"""The task that a person grades: its answers in one list, and the points that were entered in the grade book."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path

from tl_helpers.grading.teacher.names import in_order
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.tables import Cell, write_table
from tl_helpers.grading.teacher.texts import say

FILE = 1  # column of the file's name in the grade book


def write_last_answers(results: Sequence[Result], path: Path, *, excel_turkish: bool = False) -> None:
    """Write the answers that a person reads: student, file and answer, "" where there is none.

    Args:
        results: of all submissions; those that could not be graded are left out.
        path: the CSV file.
        excel_turkish: ";" between cells.

    Raises:
        OSError: the file cannot be written.
    """
    header = [say(f"gradebook.{name}") for name in ("student", "file", "answer")]
    rows = ((one.student, one.name, one.reflection) for one in in_order(results) if one.tasks)
    write_table(path, header, rows, excel_turkish=excel_turkish)


def entered_points(path: Path, column: int) -> dict[str, Cell]:
    """Read what a person has entered in a grade book, so that writing it anew does not lose it.

    A grade book that cannot be read is put aside, as ``….before.csv``.

    Args:
        path: the CSV file, with either separator; it may be missing.
        column: where the points are, counted from 0.

    Returns:
        Name of the file handed in, as the grade book has it → what was entered.

    Raises:
        OSError: the file cannot be put aside.
    """
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):  # saved by a spreadsheet in an encoding of its own
        os.replace(path, path.with_suffix(".before.csv"))
        return {}
    first = text.partition("\n")[0]
    rows = csv.reader(StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    entered = {row[FILE]: row[column].strip() for row in list(rows)[1:] if len(row) > column}
    return {name: _number(value) for name, value in entered.items() if value}


def _number(value: str) -> Cell:
    for kind in (int, float):
        with suppress(ValueError):
            return kind(value.replace(",", "."))
    return value
