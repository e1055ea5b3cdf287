"""Grade a class: submissions over several processes, each result kept at once, so that a run can be taken up again."""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from tl_helpers.authoring.texts import write_text
from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.exercise import notebooks
from tl_helpers.grading.teacher.notebook_files import Unreadable, read_bytes
from tl_helpers.grading.teacher.reading import Found, find_submissions
from tl_helpers.grading.teacher.results import Note, Result, result_from_json
from tl_helpers.grading.teacher.texts import TeacherError, say
from tl_helpers.grading.teacher.working import AGAIN, CELLS, PATIENCE, Work, work_off
from tl_helpers.messages import CourseError, language

POINTS = sum(task.points for task in TASKS.values() if task.checks)
JUDGING = 300.0  # seconds that judging may take, beyond those of the runs
GRACE = 15.0  # seconds in which a process that is told to stop cleans up


@dataclass(frozen=True)
class Settings:
    """How a class is graded.

    Args:
        submissions: folder of submissions.
        out: folder for everything that grading makes.
        jobs: processes at a time.
        seconds: of computing that a cell may take; a whole notebook may take five times as many.
        secret: the teacher's seed of pictures that no student has seen; None: the one kept in ``out``, else a new one.
    """

    submissions: Path
    out: Path
    jobs: int = 1
    seconds: float = 120.0
    secret: int | None = None


def grade_class(settings: Settings, stream: TextIO | None = None) -> list[Result]:
    """Grade all submissions of a folder; those that were graded before, in the same way, are not graded again.

    Args:
        settings: what, where and how.
        stream: where progress is written; standard output where it is None.

    Returns:
        A result for each file, in the order of the folder.

    Raises:
        CourseError: there is no such folder, nothing in it, another run uses ``out``, or no grading process starts.
    """
    stream = stream or sys.stdout
    if not settings.submissions.is_dir():
        raise CourseError("settings.folder", setting="SUBMISSIONS", found=settings.submissions)
    found = find_submissions(settings.submissions)
    if not found:
        raise TeacherError("running.nothing", found=settings.submissions)
    kept = settings.out / "results"
    kept.mkdir(parents=True, exist_ok=True)
    with _alone(settings.out), _scratch(settings.out) as scratch:
        secret = _secret(settings)
        fingerprint = _fingerprint(secret, settings.seconds)
        done = {each.key: result for each in found if (result := _kept(kept, each, fingerprint))}
        if done:
            print(say("running.taken_up", count=len(done)), file=stream, flush=True)
        log = settings.out / "grading.log"
        work = Work(scratch, scratch / "drawn", notebooks("exercise"), secret, settings.seconds, language(), log)
        open_ones = [each for each in found if each.key not in done]
        for count, result in enumerate(_graded(open_ones, work, settings.jobs), start=len(done) + 1):
            write_text(kept / f"{result.key}.json", json.dumps({"graded": fingerprint, "result": result.to_json()}))
            done[result.key] = result
            print(_line(result, count, len(found)), file=stream, flush=True)
    return [done[each.key] for each in found]


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


def _graded(found: Sequence[Found], work: Work, jobs: int) -> Iterator[Result]:
    """Give each submission's result as soon as it is there; a process that breaks is replaced."""
    waiting = list(reversed(found))
    graders: list[_Grader] = []
    if waiting:
        _draw(work)
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


def _line(result: Result, count: int, total: int) -> str:
    who = {"count": count, "total": total, "student": result.student, "file": result.name}
    if not result.tasks:
        return say("running.not_graded", **who)
    seconds = round(result.seconds)
    return say("running.graded", **who, points=result.points, out_of=POINTS, seconds=seconds)


def kept_result(file: Path) -> tuple[str, Result]:
    """Return a kept result, and the fingerprint of how it was graded.

    Args:
        file: one of ``results/`` in the folder that grading made.

    Raises:
        OSError: it cannot be read.
        ValueError: it is something else.
    """
    kept = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(kept, dict) or not {"graded", "result"} <= set(kept):
        raise ValueError(file)
    return kept["graded"], result_from_json(kept["result"])


def _kept(folder: Path, found: Found, fingerprint: str) -> Result | None:
    try:
        graded, result = kept_result(folder / f"{found.key}.json")
    except (OSError, ValueError):
        return None
    same = graded == fingerprint and result.name == found.name
    return result if same and result.digest == _digest(found) else None


def _digest(found: Found) -> str:
    try:
        return "" if found.problem else hashlib.sha256(read_bytes(found.path)).hexdigest()
    except Unreadable:
        return ""


def _fingerprint(secret: int, seconds: float) -> str:
    """Return what results depend on, beside the submission: the code that grades, the exercise, the settings."""
    package = Path(__file__).resolve().parents[2]
    files = sorted([*package.rglob("*.py"), *package.rglob("*.toml"), *notebooks("exercise").values()])
    digest = hashlib.sha256(f"{secret} {seconds}".encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _secret(settings: Settings) -> int:
    file = settings.out / "secret-seed.txt"
    kept = file.read_text(encoding="ascii", errors="replace").strip() if file.is_file() else ""
    secret = settings.secret if settings.secret is not None else int(kept) if kept.isdecimal() else secrets.randbits(48)
    write_text(file, f"{secret}\n")
    file.chmod(0o600)
    return secret


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Let one run at a time use a folder."""
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise TeacherError("running.in_use", found=out) from error
        yield


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """Give a folder for the boxes that the unprivileged user can reach; what a run left that was killed goes first."""
    name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()).resolve() / f"tl-grading-{name}"
    remove_box(folder)
    folder.mkdir(mode=0o711)
    try:
        yield folder
    finally:
        remove_box(folder)
