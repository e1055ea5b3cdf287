"""Grade a class: submissions over several processes, each result kept at once, so that a run can be taken up again."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.executing import Work
from tl_helpers.grading.teacher.exercise import notebooks
from tl_helpers.grading.teacher.graders import graded
from tl_helpers.grading.teacher.kept import alone, fingerprint, keep_result, result_of, scratch_folder, secret_seed
from tl_helpers.grading.teacher.reading import find_submissions
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.texts import TeacherError, say
from tl_helpers.messages import CourseError, language

POINTS = sum(task.points for task in TASKS.values() if task.checks)


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
    with alone(settings.out), scratch_folder(settings.out) as scratch:
        secret = secret_seed(settings.out, settings.secret)
        how = fingerprint(secret, settings.seconds)
        done = {each.key: result for each in found if (result := result_of(kept, each, how))}
        if done:
            print(say("running.taken_up", count=len(done)), file=stream, flush=True)
        log = settings.out / "grading.log"
        work = Work(scratch, scratch / "drawn", notebooks("exercise"), secret, settings.seconds, language(), log)
        open_ones = [each for each in found if each.key not in done]
        for count, result in enumerate(graded(open_ones, work, settings.jobs), start=len(done) + 1):
            keep_result(kept, result, how)
            done[result.key] = result
            print(_line(result, count, len(found)), file=stream, flush=True)
    return [done[each.key] for each in found]


def _line(result: Result, count: int, total: int) -> str:
    who = {"count": count, "total": total, "student": result.student, "file": result.name}
    if not result.tasks:
        return say("running.not_graded", **who)
    seconds = round(result.seconds)
    return say("running.graded", **who, points=result.points, out_of=POINTS, seconds=seconds)
