"""Grade one submission from file to result; and the process that grades one after another."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from dataclasses import replace
from hashlib import blake2b
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import nbformat

from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.executing import Work, execute
from tl_helpers.grading.teacher.plan import make_plan, reflection_text
from tl_helpers.grading.teacher.reading import Found, read_submission
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.texts import speaking

if TYPE_CHECKING:
    from tl_helpers.grading.teacher.judging import Judge


def grade_submission(found: Found, work: Work, judge: Judge) -> Result:
    """Grade one submission.

    Args:
        found: the file.
        work: the run's settings.
        judge: decides on answers.
    """
    start = time.monotonic()
    exercises = {code: nbformat.read(path, as_version=4) for code, path in work.exercises.items()}
    submission = read_submission(found, exercises)
    result = Result(
        submission.name,
        submission.student,
        submission.key,
        submission.digest,
        submission.language,
        notes=submission.notes,
    )
    if submission.problem:
        return replace(result, notes=(submission.problem, *result.notes), seconds=time.monotonic() - start)
    steps = make_plan(submission, exercises[submission.language])
    seed = seed_of(work.secret, submission.digest)
    ran = execute(submission, steps, seed, work)
    try:
        with speaking(submission.language):
            tasks = judge.judge(submission, steps, ran.left / "answers", seed, errors=ran.errors, skipped=ran.skipped)
    finally:
        remove_box(ran.left)
    elsewhere = [note for name, note in ran.skipped.items() if not name.startswith("answer-")]
    return replace(
        result,
        tasks=tuple(tasks),
        notes=(*result.notes, *elsewhere),
        reflection=reflection_text(submission),
        seconds=time.monotonic() - start,
        peak_memory=ran.peak_memory,
    )


def seed_of(secret: int, digest: str) -> int:
    """Return a submission's own seed, from which the teacher's cannot be found."""
    return int.from_bytes(blake2b(digest.encode(), key=str(secret).encode()[:64], digest_size=6).digest())


def work_off(connection: Connection, work: Work) -> None:
    """Grade the submissions that come through a connection, until it closes; the process ends with its parent.

    Args:
        connection: gives ``Found``, takes ``Result``.
        work: the run's settings.
    """
    with work.log.open("a", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    from tl_helpers.grading.teacher.judging import Judge

    with contextlib.suppress(EOFError, KeyboardInterrupt), speaking(work.language):
        judge = Judge(work.secret)
        connection.send(None)  # ready
        while True:
            connection.send(grade_submission(connection.recv(), work, judge))


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
