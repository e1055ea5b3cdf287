"""What grading finds about a submission: plain data that is kept, read again, and reported in either language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Note:
    """Something to say: a message's key and values, and whether a human being should look.

    Args:
        message: key of ``texts.say``.
        values: what its placeholders stand for: texts, numbers, and lists of them.
        human: the teacher should look.
        private: for the teacher only, never on the student's page.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    human: bool = False
    private: bool = False


@dataclass(frozen=True)
class TaskResult:
    """A task's outcome.

    Args:
        task: its name.
        state: ``"right"``, ``"partly"``, ``"wrong"``, ``"open"`` (not answered), ``"failed"`` (its cell did not run
            to the end and left no answer), ``"reported"`` (rests on what only the notebook can report), ``"by_hand"``.
        points: earned.
        total: points that can be earned.
        notes: what was found, in order.
        source: the student's code.
    """

    task: str
    state: str
    points: int
    total: int
    notes: tuple[Note, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Result:
    """A submission's outcome.

    Args:
        name: the file, relative to the folder of submissions.
        student: whose it is.
        key: unique, safe in file names.
        digest: sha256 of the file, "" where it cannot be read.
        language: ``"en"`` or ``"tr"``.
        tasks: a result each, in the exercise's order; none where the file cannot be graded.
        notes: about the submission as a whole.
        reflection: text of the answer that a person grades.
        seconds: wall-clock time of running and judging.
        peak_memory: of the box, bytes.
    """

    name: str
    student: str
    key: str
    digest: str
    language: str
    tasks: tuple[TaskResult, ...] = ()
    notes: tuple[Note, ...] = ()
    reflection: str = ""
    seconds: float = 0.0
    peak_memory: int = 0

    @property
    def points(self) -> int:
        """Return the points earned, those given by hand aside."""
        return sum(task.points for task in self.tasks)

    @property
    def needs_human(self) -> list[Note]:
        """Return the notes for which a human being should look."""
        listed = [*self.notes, *(note for task in self.tasks for note in task.notes)]
        return [note for note in listed if note.human]

    def to_json(self) -> str:
        """Return the result as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def result_from_json(text: str) -> Result:
    """Return the result that ``Result.to_json`` wrote.

    Args:
        text: JSON.

    Raises:
        ValueError: it is something else.
    """
    try:
        read = json.loads(text)
        tasks = tuple(TaskResult(**{**task, "notes": _notes(task["notes"])}) for task in read["tasks"])
        return Result(**{**read, "tasks": tasks, "notes": _notes(read["notes"])})
    except (TypeError, KeyError) as error:
        raise ValueError(str(error)) from error


def _notes(listed: list[Mapping[str, Any]]) -> tuple[Note, ...]:
    return tuple(Note(**note) for note in listed)
