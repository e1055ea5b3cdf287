"""Read a submission: the student's cells under the names of the exercise's, the language, and what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tl_helpers.grading.teacher.folders import Found, find_submissions
from tl_helpers.grading.teacher.notebook_files import FileCell, Notebook, Unreadable, parse_notebook, read_bytes
from tl_helpers.grading.teacher.recognising import StudentCell, notes_on, recognise
from tl_helpers.grading.teacher.results import Note
from tl_helpers.messages import language

__all__ = ["Found", "StudentCell", "Submission", "find_submissions", "read_submission"]

LANGUAGE = re.compile(r"^LANGUAGE[ \t]*=[ \t]*[\"'](\w+)[\"']", re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """A submission as it was read.

    Args:
        path: where it lies.
        name: the same relative to the folder of submissions, with ``/``.
        student: whose it is.
        key: unique, safe as a file name.
        digest: sha256 of the file's bytes, "" where it can't be read.
        language: ``"en"`` or ``"tr"``.
        cells: the student's code cells, in their order.
        notes: what is to be said about the submission as a whole.
        problem: why it cannot be graded.
    """

    path: Path
    name: str
    student: str
    key: str
    digest: str
    language: str
    cells: tuple[StudentCell, ...] = ()
    notes: tuple[Note, ...] = ()
    problem: Note | None = None


def read_submission(found: Found, exercises: Mapping[str, Any]) -> Submission:
    """Read a submission, whatever it may be; a problem says why it cannot be graded.

    Args:
        found: what ``find_submissions`` returned.
        exercises: language → notebook of the exercise, as nbformat reads it.
    """
    read = Submission(
        found.path, found.name, found.student, found.key, "", language(), notes=found.notes, problem=found.problem
    )
    if found.problem:
        return read
    try:
        data = read_bytes(found.path)
        read = replace(read, digest=hashlib.sha256(data).hexdigest())
        notebook = parse_notebook(data)
    except Unreadable as error:
        return replace(read, problem=error.note)
    return _recognised(read, notebook, exercises)


def _recognised(read: Submission, notebook: Notebook, exercises: Mapping[str, Any]) -> Submission:
    cells = recognise(notebook.cells, exercises)
    code = _language(notebook, exercises)
    if not any(cell.name.startswith(("answer-", "check-")) for cell in cells):
        problem = Note("reading.other_notebook", {"found": len(cells)}, human=True)
        return replace(read, language=code, problem=problem)
    damaged = [Note("reading.damaged", {"count": notebook.damaged}, human=True)] * bool(notebook.damaged)
    notes = (*read.notes, *damaged, *notes_on(notebook.cells, cells, exercises))
    return replace(read, language=code, cells=cells, notes=notes)


def _language(notebook: Notebook, exercises: Mapping[str, Any]) -> str:
    """Return the language of the exercise that a notebook was made from."""
    if notebook.language in exercises:
        return notebook.language
    scores = {code: _likeness(notebook.cells, code, exercise) for code, exercise in exercises.items()}
    best = [code for code, score in scores.items() if score == max(scores.values())]
    return language() if language() in best or not best else best[0]


def _likeness(cells: Sequence[FileCell], code: str, exercise: Any) -> int:
    prose = {" ".join(cell.source.split()) for cell in exercise.cells if cell.cell_type == "markdown"}
    said = [found[1] for cell in cells if cell.kind == "code" for found in LANGUAGE.finditer(cell.source)]
    return sum(" ".join(cell.source.split()) in prose for cell in cells if cell.kind == "markdown") + (code in said)
