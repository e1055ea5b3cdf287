"""Recognise the exercise's cells in a student's notebook, whatever was lost, copied, merged or moved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.notebook_files import FileCell
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.teacher.sources import ANSWERS, answered, assigned, dumped, essence, marked, parsed, parted

GRADED = re.compile(r"\bgrade\(\s*[\"']([\w-]+)[\"']")
DROPPED = ("set-up", "quiz-", "key-results")  # cells of the exercise whose changes do not matter


@dataclass(frozen=True)
class StudentCell:
    """A code cell of a student.

    Args:
        source: its code.
        name: of the exercise's cell that it is, "" for a cell of the student's own.
        saved: text of its saved outputs, of checks only, at most 2,000 characters.
    """

    source: str
    name: str = ""
    saved: str = ""


@dataclass
class _Piece:
    """A cell on the way to be recognised: its labels, the tasks whose answers it assigns, its name."""

    source: str
    labels: tuple[str, ...]
    saved: str
    tasks: set[str]
    name: str = ""


def own_cells(exercise: Any) -> dict[str, str]:
    """Return the code cells of the exercise in its order, name → source.

    Args:
        exercise: its notebook, as nbformat reads it.
    """
    return {cell.id: cell.source for cell in exercise.cells if cell.cell_type == "code"}


def untouched(source: str, exercises: Collection[Any]) -> bool:
    """Return whether a cell has nothing but statements of the exercise, such as ``my_split = None``.

    Args:
        source: of the cell.
        exercises: notebooks of the exercise.
    """
    tree = parsed(source)
    return tree is not None and set(dumped(tree.body)) <= _own_statements(tuple(map(_code, exercises)))


def recognise(cells: Sequence[FileCell], exercises: Mapping[str, Any]) -> tuple[StudentCell, ...]:
    """Return the code cells of a student with the names of the exercise's cells.

    A marker line wins over nbgrader's ``grade_id``, this over the cell's id; then follow the source, the answers that
    are assigned, and the call of ``grade``.

    Args:
        cells: of the file. One with the marker lines of several tasks becomes several.
        exercises: language → notebook of the exercise.
    """
    pieces = [piece for cell in cells if cell.kind == "code" for piece in _pieces(cell)]
    known = _essences(exercises)
    for piece in pieces:
        piece.name = _labelled(piece.source, piece.labels, known)
    _correct_copies(pieces)
    by_source = {text: name for name, texts in known.items() for text in texts}
    _name(pieces, lambda piece: [by_source.get(essence(piece.source), "")])
    _name(pieces, lambda piece: [f"answer-{task}" for task in TASKS if task in piece.tasks])
    _name(pieces, lambda piece: [f"check-{task}" for task in GRADED.findall(piece.source) if f"check-{task}" in known])
    return tuple(StudentCell(piece.source, piece.name, _checked(piece)) for piece in pieces)


def notes_on(
    cells: Sequence[FileCell], recognised: Sequence[StudentCell], exercises: Mapping[str, Any]
) -> tuple[Note, ...]:
    """Return what is to be said about a student's cells: doubled, in text, without the answer, changed.

    Args:
        cells: of the file.
        recognised: what ``recognise`` made of them.
        exercises: language → notebook of the exercise.
    """
    known = _essences(exercises)
    code = [(part, cell.labels) for cell in cells if cell.kind == "code" for part in parted(cell.source)]
    labels = Counter(_labelled(source, listed, known) for source, listed in code)
    doubled = [name for name, count in labels.items() if name and count > 1 and not name.startswith("quiz-")]
    texts = [name for cell in cells if cell.kind != "code" for name in _text_answer(cell, known)]
    changed = [
        cell.name
        for cell in recognised
        if cell.name
        and not cell.name.startswith(("answer-", *DROPPED))
        and essence(cell.source) not in known[cell.name]
    ]
    notes = [Note("reading.doubled", {"cells": ", ".join(doubled)}, human=True)] * bool(doubled)
    notes += [Note("reading.answer_in_text", {"cells": ", ".join(texts)}, human=True)] * bool(texts)
    notes += [Note("reading.changed", {"cells": ", ".join(dict.fromkeys(changed))}, private=True)] * bool(changed)
    return (*notes, *_unassigned(recognised, exercises))


def _essences(exercises: Mapping[str, Any]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for exercise in exercises.values():
        for name, source in own_cells(exercise).items():
            known.setdefault(name, set()).add(essence(source))
    return known


def _code(exercise: Any) -> tuple[str, ...]:
    return tuple(own_cells(exercise).values())


@cache
def _own_statements(sources: tuple[tuple[str, ...], ...]) -> set[str]:
    trees = [parsed(source) for each in sources for source in each]
    return {text for tree in trees if tree for text in dumped(tree.body)}


def _pieces(cell: FileCell) -> Iterator[_Piece]:
    for source in parted(cell.source):
        tasks = {ANSWERS[name] for name in answered(source)}
        yield _Piece(source, cell.labels, cell.saved, tasks)


def _labelled(source: str, labels: Sequence[str], known: Mapping[str, Any]) -> str:
    return next((name for name in (f"answer-{marked(source)}", *labels) if name in known), "")


def _claimed(pieces: Sequence[_Piece]) -> set[str]:
    """Return the names that cells have; one for an answer must assign it to have it for good."""
    return {piece.name for piece in pieces if not piece.name.startswith("answer-") or piece.name[7:] in piece.tasks}


def _correct_copies(pieces: Sequence[_Piece]) -> None:
    """Rename a copy of an answered cell that its student made into the answer to another task."""
    claimed = _claimed(pieces)
    for piece in pieces:
        if piece.name.startswith("answer-") and piece.name in claimed and piece.name[7:] not in piece.tasks:
            others = [f"answer-{task}" for task in TASKS if task in piece.tasks and f"answer-{task}" not in claimed]
            piece.name = others[0] if others else piece.name
            claimed.add(piece.name)


def _name(pieces: Sequence[_Piece], names: Callable[[_Piece], Sequence[str]]) -> None:
    claimed = _claimed(pieces)
    for piece in pieces:
        if not piece.name:
            piece.name = next((name for name in names(piece) if name and name not in claimed), "")
            claimed |= _claimed([piece])


def _checked(piece: _Piece) -> str:
    return piece.saved if piece.name.startswith("check-") or GRADED.search(piece.source) else ""


def _text_answer(cell: FileCell, known: Mapping[str, Any]) -> list[str]:
    names = (f"answer-{marked(cell.source)}", *cell.labels)
    return [name for name in names if name in known and name.startswith("answer-")][:1]


def _unassigned(recognised: Sequence[StudentCell], exercises: Mapping[str, Any]) -> Iterator[Note]:
    given = {name for cell in recognised for name in answered(cell.source)}
    for task in TASKS.values():
        sources = [cell.source for cell in recognised if cell.name == f"answer-{task.name}"]
        touched = [source for source in sources if not untouched(source, exercises.values())]
        missing = [answer for answer in task.answers if answer not in given]
        if touched and missing:
            found = sorted({each for source in touched for each in assigned(source)} - set(missing))
            values = {"task": task.name, "expected": ", ".join(missing), "found": ", ".join(found) or "–"}
            yield Note("reading.not_assigned", values, human=True)
