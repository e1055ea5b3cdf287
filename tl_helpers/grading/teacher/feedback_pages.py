"""Feedback pages: one HTML file a student, in the language of their notebook, without what is the teacher's alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tl_helpers.grading.teacher.names import OUT_OF
from tl_helpers.grading.teacher.pages import write_page
from tl_helpers.grading.teacher.results import Note, Result
from tl_helpers.grading.teacher.texts import speaking
from tl_helpers.table import load_table

EXERCISE = "04"
EXPLAINED = ("open", "failed", "reported", "by_hand")  # states whose name alone does not say what follows


def write_feedback(result: Result, folder: Path) -> Path:
    """Write a student's page.

    Args:
        result: of one submission.
        folder: of the pages; made where it is missing.

    Returns:
        The HTML file, named by the result's key.

    Raises:
        OSError: the file cannot be written.
    """
    path = folder / f"{result.key}.html"
    course = load_table()
    with speaking(result.language):
        write_page(
            "feedback.html",
            path,
            course=course.title[result.language],
            lesson=course.lesson(EXERCISE).words[result.language].title,
            result=result,
            tasks=result.tasks,
            out_of=OUT_OF,
            bar=round(100 * min(max(result.points / OUT_OF, 0), 1), 1),
            by_hand=sum(task.total for task in result.tasks if task.state == "by_hand"),
            explained=EXPLAINED,
            whole=_public(result.notes),
            public=[_public(task.notes) for task in result.tasks],
        )
    return path


def _public(notes: Iterable[Note]) -> list[Note]:
    return [note for note in notes if not note.private]
