"""Run a submission's plan in a box, and take out of it what it left."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tl_helpers.grading.teacher.boxed import OUTPUT
from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.limits import PATIENCE, Limits, Ran
from tl_helpers.grading.teacher.plan import Step
from tl_helpers.grading.teacher.reading import Submission
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.teacher.sandbox import readable_paths, run_in_box
from tl_helpers.grading.teacher.taking import copy_out

AGAIN = 3  # times that a submission runs anew without the step at which it died
CELLS = 5  # the whole may take so many times what a cell may
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


def execute(submission: Submission, steps: Sequence[Step], seed: int, work: Work) -> Executed:
    """Run a plan in a box; where it dies or does not end, run it again without the step at which that happened.

    Args:
        submission: whose plan it is.
        steps: the plan; an empty one runs nothing.
        seed: the submission's own.
        work: the run's settings.
    """
    box, left = work.scratch / submission.key, work.scratch / f"{submission.key}.left"
    reasons: dict[int, Note] = {}
    skip: list[int] = []
    ran: Ran | None = None
    errors: dict[str, str] = {}
    for _ in range(AGAIN + 1 if steps else 0):
        remove_box(box)
        remove_box(left)
        try:
            ran = _run_once(box, steps, seed, skip, work)
            copy_out(box, RUN, left, limit_bytes=LEFT, limit_files=FILES)
        finally:
            remove_box(box)
        index, errors = _progress(left, steps)
        if index is None or index in skip:
            break
        # What a run had done before its end may be to blame as well, so steps after this one get another chance.
        skip = [*(earlier for earlier in skip if earlier < index), index]
        reasons[index] = Note(f"running.{_reason(ran)}", {"seconds": round(ran.seconds)}, human=True)
    skipped = {steps[index].name: reasons[index] for index in skip}
    return Executed(left, errors, skipped, ran.peak_memory if ran else 0)


def try_out(work: Work) -> str:
    """Run a plan without a step in a box.

    Returns:
        "" where it came to its end; else the last line that was printed, or how it ended.
    """
    box = work.scratch / "trial"
    try:
        ran = _run_once(box, (), 0, (), work)
        if _text(box / RUN / "progress.txt") == "end":
            return ""
        return next(reversed(_text(box / OUTPUT).strip().splitlines()), "") or ran.ended or str(ran.status)
    finally:
        remove_box(box)


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
    package = readable_paths()[0]
    elsewhere = not package.is_relative_to(sys.prefix)  # a clone, whose folder this Python may know by another one
    path = {"PYTHONPATH": str(package.parent)} if elsewhere else {}
    folders = {name: str(box / "home") for name in ("HOME", "KERAS_HOME", "IPYTHONDIR", "MPLCONFIGDIR")}
    return {**one_core, **quiet, **path, **folders, "TL_EDITION": "mini", "TL_DATA_HOME": str(box / "data")}


def _progress(folder: Path, steps: Sequence[Step]) -> tuple[int | None, dict[str, str]]:
    """Read at which step a run ended, None where it came to its end, and what went wrong; either may be anything."""
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
