"""The task that a person grades: its answers in one list, and the points that were entered in the grade book."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from io import StringIO
from itertools import chain, count
from pathlib import Path

from tl_helpers.grading.teacher.names import BY_HAND, TASK_POINTS, in_order, task_name
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.tables import Cell, write_table
from tl_helpers.grading.teacher.texts import say, speaking
from tl_helpers.messages import LANGUAGES


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


def by_hand_title() -> str:
    """Return the title of the column for points that a person gives, in the language in force."""
    return say("gradebook.by_hand", name=task_name(BY_HAND), points=TASK_POINTS[BY_HAND])


def entered_points(path: Path) -> dict[str, Cell]:
    """Read what a person has entered in a grade book, so that writing it anew does not lose it.

    A grade book that cannot be read is put aside, as ``….before.csv``, and that is said.

    Args:
        path: the CSV file, in either language and with either separator; it may be missing.

    Returns:
        Name of the file handed in, as the grade book has it → what was entered.

    Raises:
        OSError: the file cannot be put aside.
    """
    if not path.is_file():
        return {}
    try:
        header, *rows = _rows(path.read_text(encoding="utf-8-sig"))
        file, points = (_column(header, title) for title in (partial(say, "gradebook.file"), by_hand_title))
        entered = {row[file]: row[points].strip() for row in rows if len(row) > max(file, points)}
    except (OSError, ValueError, csv.Error) as error:  # saved by a spreadsheet in an encoding of its own, or cut up
        print(say("gradebook.put_aside", file=path.name, aside=_put_aside(path), reason=error))
        return {}
    return {name: _number(value) for name, value in entered.items() if value}


def _rows(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))


def _column(header: Sequence[str], title: Callable[[], str]) -> int:
    for code in LANGUAGES:
        with speaking(code):
            if title() in header:
                return header.index(title())
    raise ValueError(title())


def _put_aside(path: Path) -> str:
    names = chain([".before.csv"], (f".before-{number}.csv" for number in count(2)))
    aside = next(place for place in map(path.with_suffix, names) if not place.exists())
    os.replace(path, aside)
    return aside.name


def _number(value: str) -> Cell:
    for kind in (int, float):
        with suppress(ValueError):
            return kind(value.replace(",", "."))
    return value
