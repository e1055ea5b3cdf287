"""The grade book, and the list of what a human being should look at, as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tl_helpers.grading.teacher.by_hand import entered_points
from tl_helpers.grading.teacher.clean import one_line
from tl_helpers.grading.teacher.names import BY_HAND, OUT_OF, TASK_POINTS, in_order, task_name
from tl_helpers.grading.teacher.results import Note, Result
from tl_helpers.grading.teacher.tables import Cell, safe, write_table
from tl_helpers.grading.teacher.texts import say
from tl_helpers.grading.teacher.writing import write_note

NOTE = 160  # characters of a note in the grade book


class Reason(NamedTuple):
    """Why a human being should look: whose submission, at which task ("" for the whole), and the reason."""

    result: Result
    task: str
    text: str


def write_gradebook(results: Sequence[Result], path: Path, *, excel_turkish: bool = False) -> None:
    """Write the grade book: a row a submission, by student and file, in the language in force.

    Where a file cannot be graded, its points are left empty rather than 0, and a note says why. Points that somebody
    entered in a grade book that is there already are kept.

    Args:
        results: of all submissions.
        path: the CSV file.
        excel_turkish: ";" between cells and a decimal comma.

    Raises:
        OSError: the file cannot be written.
    """
    graded = [task for task in TASK_POINTS if task != BY_HAND]
    titles = [say(f"gradebook.{name}") for name in ("student", "file", "language", "points", "out_of")]
    tasks = [say("gradebook.task", name=task_name(task), points=TASK_POINTS[task]) for task in graded]
    by_hand = say("gradebook.by_hand", name=task_name(BY_HAND), points=TASK_POINTS[BY_HAND])
    header = [*titles, *tasks, by_hand, say("gradebook.human"), say("gradebook.notes")]
    entered = entered_points(path, header.index(by_hand))
    rows = [_row(result, graded, entered) for result in in_order(results)]
    write_table(path, header, rows, excel_turkish=excel_turkish)


def write_needs_human(results: Sequence[Result], path: Path, *, excel_turkish: bool = False) -> None:
    """Write the list of what a human being should look at: student, file, task and reason.

    Args:
        results: of all submissions.
        path: the CSV file.
        excel_turkish: ";" between cells.

    Raises:
        OSError: the file cannot be written.
    """
    header = [say(f"gradebook.{name}") for name in ("student", "file", "task_column", "reason")]
    rows = ((one.result.student, one.result.name, one.task, one.text) for one in reasons(results))
    write_table(path, header, rows, excel_turkish=excel_turkish)


def reasons(results: Sequence[Result]) -> list[Reason]:
    """Return what a human being should look at, by student and file, in the language in force.

    Args:
        results: of all submissions; one that could not be graded is always listed.
    """
    return [reason for result in in_order(results) for reason in _reasons(result)]


def _reasons(result: Result) -> Iterator[Reason]:
    found = [Reason(result, task_name(task) if task else "", write_note(note)) for task, note in _notes(result, True)]
    if not found and not result.tasks:
        text = " ".join(map(write_note, result.notes)) or say("gradebook.not_graded")
        found = [Reason(result, "", text)]
    yield from found


def _notes(result: Result, human: bool) -> Iterator[tuple[str, Note]]:
    listed = [("", note) for note in result.notes]
    listed += [(task.task, note) for task in result.tasks for note in task.notes]
    return (each for each in listed if each[1].human == human)


def _row(result: Result, graded: Sequence[str], entered: Mapping[str, Cell]) -> list[Cell]:
    found = {task.task: task.points for task in result.tasks}
    looks = next(_reasons(result), None) is not None
    notes = "; ".join(_short(*each) for human in (True, False) for each in _notes(result, human))
    points = result.points if result.tasks else None
    return [
        *(result.student, result.name, result.language, points, OUT_OF),
        *(found.get(task) for task in graded),
        entered.get(safe(result.name)),
        say("gradebook.yes" if looks else "gradebook.no"),
        notes or (None if result.tasks else say("gradebook.not_graded")),
    ]


def _short(task: str, note: Note) -> str:
    text = one_line(write_note(note), NOTE)
    return f"{task_name(task)}: {text}" if task else text
