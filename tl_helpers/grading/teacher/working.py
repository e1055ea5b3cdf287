"""Grade one submission from file to result; and the process that grades one after another."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.limits import Limits, Ran
from tl_helpers.grading.teacher.plan import Step, make_plan, reflection_text
from tl_helpers.grading.teacher.reading import Found, Submission, read_submission
from tl_helpers.grading.teacher.results import Note, Result
from tl_helpers.grading.teacher.sandbox import readable_paths, run_in_box
from tl_helpers.grading.teacher.taking import copy_out
from tl_helpers.grading.teacher.texts import speaking

if TYPE_CHECKING:
    from tl_helpers.grading.teacher.judging import Judge

AGAIN = 3  # times that a submission runs anew without the step at which it died
CELLS = 5  # the whole may take so many times what a cell may
PATIENCE = 3  # and, with waiting for a busy machine, so many times that
LINE = 500  # characters of an error that are kept
RUN = "run"  # the part of a box that is copied out of it
LEFT, FILES = 300 * 2**20, 2000  # bytes and files that are copied


@dataclass(frozen=True)
class Work:
    """What is the same for all submissions of a run.

    Args:
        scratch: folder of the run's boxes.
        drawn: folder of pictures that are drawn already; each box gets a copy.
        exercises: language → file of the exercise's notebook.
        secret: the teacher's seed.
        seconds: of computing that a cell may take.
        language: the teacher's.
        log: file for what libraries print while they judge.
    """

    scratch: Path
    drawn: Path
    exercises: Mapping[str, Path]
    secret: int
    seconds: float
    language: str
    log: Path


@dataclass(frozen=True)
class Executed:
    """What running a plan left: a folder copied out of the box, errors by step, what was skipped, and what it took."""

    left: Path
    errors: dict[str, str]
    skipped: dict[str, Note]
    peak_memory: int = 0


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
    return replace(
        result,
        tasks=tuple(tasks),
        reflection=reflection_text(submission),
        seconds=time.monotonic() - start,
        peak_memory=ran.peak_memory,
    )


def seed_of(secret: int, digest: str) -> int:
    """Return a submission's own seed, from which the teacher's cannot be found."""
    return int.from_bytes(blake2b(digest.encode(), key=str(secret).encode()[:64], digest_size=6).digest())


def execute(submission: Submission, steps: Sequence[Step], seed: int, work: Work) -> Executed:
    """Run a plan in a box; where it dies or does not end, run it again without the step at which that happened.

    Args:
        submission: whose plan it is.
        steps: the plan; an empty one runs nothing.
        seed: the submission's own.
        work: the run's settings.
    """
    box, left = work.scratch / submission.key, work.scratch / f"{submission.key}.left"
    skipped: dict[str, Note] = {}
    skip: list[int] = []
    ran: Ran | None = None
    errors: dict[str, str] = {}
    while steps and len(skip) <= AGAIN:
        remove_box(box)
        remove_box(left)
        try:
            ran = _run_once(box, steps, seed, skip, work)
            copy_out(box, RUN, left, limit_bytes=LEFT, limit_files=FILES)
        finally:
            remove_box(box)
        index, errors = _progress(left, steps)
        if not ran.ended or index is None or index in skip:
            break
        skip.append(index)
        skipped[steps[index].name] = Note(f"running.{_reason(ran)}", {"seconds": round(ran.seconds)}, human=True)
    return Executed(left, errors, skipped, ran.peak_memory if ran else 0)


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


def _run_once(box: Path, steps: Sequence[Step], seed: int, skip: Sequence[int], work: Work) -> Ran:
    (box / RUN).mkdir(parents=True)
    listed = [{"name": step.name, "source": step.source, "keep": step.keep} for step in steps]
    plan = {"seed": seed, "steps": listed, "skip": list(skip), "step_seconds": work.seconds}
    (box / RUN / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    if work.drawn.is_dir():
        shutil.copytree(work.drawn, box / "data")
    command = [sys.executable, "-m", "tl_helpers.grading.teacher.inside", str(box / RUN)]
    whole = CELLS * work.seconds
    limits = Limits(seconds=PATIENCE * whole, cpu_seconds=round(whole))
    return run_in_box(command, box, limits, readable=readable_paths(), environment=_environment(box))


def _environment(box: Path) -> dict[str, str]:
    one_core = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
    folders = {name: str(box / "home") for name in ("HOME", "KERAS_HOME", "IPYTHONDIR", "MPLCONFIGDIR")}
    return {**one_core, **quiet, **folders, "TL_EDITION": "mini", "TL_DATA_HOME": str(box / "data")}


def _progress(folder: Path, steps: Sequence[Step]) -> tuple[int | None, dict[str, str]]:
    """Read where a run was and what went wrong; both come from the box and may be anything."""
    errors = {}
    for line in _text(folder / "steps.jsonl").splitlines():
        try:
            index, error = (json.loads(line).get(key) for key in ("index", "error"))
        except (ValueError, AttributeError, RecursionError):
            continue
        if isinstance(index, int) and 0 <= index < len(steps) and isinstance(error, str) and error:
            errors[steps[index].name] = error[:LINE]
    where = _text(folder / "progress.txt").strip()
    index = int(where) if where.isdecimal() and len(where) < 6 else None
    return (index if index is not None and index < len(steps) else None), errors


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _reason(ran: Ran) -> str:
    if ran.ended == "cpu":
        return "time"
    return ran.ended if ran.ended in {"time", "memory", "disk", "output", "processes"} else "died"


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
