"""Processes that grade, and what becomes of a submission whose process breaks."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from tl_helpers.grading.teacher.executing import AGAIN, CELLS, Work, try_out
from tl_helpers.grading.teacher.limits import PATIENCE
from tl_helpers.grading.teacher.reading import Found
from tl_helpers.grading.teacher.results import Note, Result
from tl_helpers.grading.teacher.texts import TeacherError
from tl_helpers.grading.teacher.working import work_off
from tl_helpers.messages import language

JUDGING = 300.0  # seconds that judging may take, beyond those of the runs
GRACE = 15.0  # seconds in which a process that is told to stop cleans up


@dataclass
class _Grader:
    """A process that grades, and what it is at."""

    process: BaseProcess
    connection: Connection
    found: Found | None = None
    ready: bool = False
    since: float = field(default_factory=time.monotonic)

    def stop(self) -> None:
        self.process.terminate()
        self.process.join(GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()


def graded(found: Sequence[Found], work: Work, jobs: int) -> Iterator[Result]:
    """Give each submission's result as soon as it is there; a process that breaks is replaced.

    Args:
        found: the submissions.
        work: the run's settings.
        jobs: processes at a time.

    Raises:
        TeacherError: no process that grades can be started, or none that runs submissions.
    """
    waiting = list(reversed(found))
    graders: list[_Grader] = []
    if waiting:
        _draw(work)
        if reason := try_out(work):
            raise TeacherError("running.box_broken", reason=reason)
    try:
        while waiting or any(grader.found for grader in graders):
            while len(graders) < min(max(jobs, 1), len(waiting) + sum(bool(grader.found) for grader in graders)):
                graders.append(_start(work))
            wait([grader.connection for grader in graders], timeout=1.0)
            for grader in list(graders):
                result, broken = _heard(grader, work)
                if broken:
                    graders.remove(grader)
                    grader.stop()
                if result:
                    yield result
                if not broken and grader.ready and not grader.found and waiting:
                    grader.found, grader.since = waiting.pop(), time.monotonic()
                    grader.connection.send(grader.found)
    finally:
        for grader in graders:
            grader.stop()


def _heard(grader: _Grader, work: Work) -> tuple[Result | None, bool]:
    """Return the result that has come, if one has, and whether the process is of no more use."""
    busy = grader.found
    try:
        if grader.connection.poll():
            result = grader.connection.recv()
            grader.found, grader.ready = None, True
            return result, False
    except (EOFError, OSError) as error:
        if not grader.ready:
            raise TeacherError("running.no_grader", file=work.log) from error
        return (_lost(busy, "running.judge_died") if busy else None), True
    longest = (AGAIN + 1) * PATIENCE * CELLS * work.seconds + JUDGING
    if busy and time.monotonic() - grader.since > longest:
        return _lost(busy, "running.judge_slow"), True
    return None, False


def _lost(found: Found, message: str) -> Result:
    note = Note(message, human=True)
    return Result(found.name, found.student, found.key, "", language(), notes=(note,))


def _start(work: Work) -> _Grader:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work_off, args=(theirs, work), daemon=False)
    process.start()
    theirs.close()
    return _Grader(process, ours)


def _draw(work: Work) -> None:
    """Draw the exercise's pictures once, so that each box begins with a copy."""
    command = "from tl_helpers.editions import MINI; from tl_helpers.pictures import load_pictures as load; "
    environment = {**os.environ, "TL_DATA_HOME": str(work.drawn)}
    with work.log.open("a", encoding="utf-8") as log:
        drawn = subprocess.run(
            [sys.executable, "-c", command + "load('flowers', MINI)"],
            env=environment,
            stdout=log,
            stderr=log,
            check=False,
        )
    if drawn.returncode:
        raise TeacherError("running.no_grader", file=work.log)
