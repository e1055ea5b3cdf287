"""Run the course: execute the committed notebooks of one language, and leave notebooks, pages and a report."""

import os
from pathlib import Path
from typing import Any

from tl_helpers.authoring.execution import Outcome, execute
from tl_helpers.authoring.links import numbered
from tl_helpers.authoring.notebooks import heading_of, notebook_text, read_notebook
from tl_helpers.authoring.pages import page, results_of
from tl_helpers.authoring.progress import Progress, clock
from tl_helpers.authoring.report import LessonReport, write_report
from tl_helpers.authoring.texts import write_text
from tl_helpers.authoring.tree import Tree
from tl_helpers.messages import CourseError, message, number
from tl_helpers.settings import requested_edition
from tl_helpers.table import Lesson

FOLDERS = ("TL_PICTURES", "TL_WEIGHTS", "TL_DATA_HOME", "TL_TEST_DATA")
SOURCES = ("TL_COURSE_SOURCE", "TL_MIRROR")


def run_course(tree: Tree, lessons: tuple[Lesson, ...], out: Path, language: str) -> list[LessonReport]:
    """Run lessons one after the other.

    Args:
        tree: the course's folder.
        lessons: the lessons to run.
        out: folder for the executed notebooks, their pages and the report.
        language: language of the notebooks and of the report, also the one in force.

    Returns:
        How each lesson went; a lesson that fails does not stop the others.

    Raises:
        CourseError: a setting is wrong, or a lesson has no notebook.
    """
    requested_edition()
    notebooks = [_committed(tree, lesson, language) for lesson in lessons]
    reports = []
    for lesson, notebook in zip(lessons, notebooks, strict=True):
        reports.append(run_lesson(tree, lesson, notebook, out, language))
        write_report(out, tree.course.title[language], language, reports)
    print(message("run.done", folder=out))
    return reports


def run_lesson(tree: Tree, lesson: Lesson, notebook: Any, out: Path, language: str) -> LessonReport:
    """Run one lesson, and write its executed notebook and page, also where it fails."""
    title = numbered(lesson, language)
    with Progress(lesson.stem, notebook) as progress:
        outcome = execute(notebook, tree.root, kernel_settings(), progress.cell)
    results = results_of(notebook)
    edition = results.pop("edition", None)
    report = LessonReport(
        lesson=lesson.number,
        title=title,
        language=language,
        edition=edition,
        minutes=round(outcome.minutes, 2),
        peak_memory_mb=outcome.peak_mb and round(outcome.peak_mb),
        status="failed" if outcome.error else "ok",
        error=_paragraph(lesson, notebook, outcome),
        notebook=f"{lesson.stem}.ipynb",
        page=f"{lesson.stem}.html",
        results=results,
    )
    write_text(out / report.notebook, notebook_text(notebook))
    write_text(out / report.page, page(notebook, language, title))
    progress.end(report.error or _line(report))
    return report


def kernel_settings() -> dict[str, str]:
    """Return the ``TL_*`` settings for a kernel that starts in another folder: relative paths made absolute."""
    settings = {key: value for key, value in os.environ.items() if key.startswith("TL_") and value.strip()}
    for key in FOLDERS:
        if key in settings:
            settings[key] = str(Path(settings[key].strip()).expanduser().resolve())
    for key in SOURCES:
        path = Path(settings.get(key, "").strip()).expanduser()
        if key in settings and path.exists():
            settings[key] = str(path.resolve())
    return settings


def _committed(tree: Tree, lesson: Lesson, language: str) -> Any:
    path = tree.notebook(lesson, language)
    notebook = read_notebook(path)
    if notebook is None:
        raise CourseError("run.no_notebook", file=tree.name(path))
    return notebook


def _paragraph(lesson: Lesson, notebook: Any, outcome: Outcome) -> str:
    if not outcome.error:
        return ""
    cell = notebook.cells[outcome.cell]
    return message(
        "run.failed",
        lesson=lesson.stem,
        cell=cell.get("id", outcome.cell + 1),
        heading=heading_of(notebook, outcome.cell),
        error=" ".join(outcome.error.split()),
    )


def _line(report: LessonReport) -> str:
    memory = "–" if report.peak_memory_mb is None else number(report.peak_memory_mb)
    elapsed = clock(report.minutes * 60)
    return message(
        "run.lesson_done", lesson=report.title, edition=report.edition or "–", elapsed=elapsed, memory=memory
    )
