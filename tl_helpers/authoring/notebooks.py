"""Make a lesson's notebook in one language from its source, and read and write notebook files."""

import re
from pathlib import Path
from typing import Any

import nbformat

from tl_helpers.authoring.frontmatter import front_matter, navigation
from tl_helpers.authoring.parts import ANSWER
from tl_helpers.authoring.questions import QUIZ, TASK, kind_of, quiz_code, task_text
from tl_helpers.authoring.source import Cell
from tl_helpers.authoring.tree import Tree
from tl_helpers.table import Course, Lesson

EXACT = "nbval-check-output"
NBGRADER = 3  # version of its metadata
SET_UP = """LANGUAGE = "{language}"
try:
    import tl_helpers
except ImportError:
    import importlib
    import os
    import subprocess
    import sys
    source = os.environ.get("TL_COURSE_SOURCE") or "{archive}"
    pip = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", source], capture_output=True, text=True)
    if pip.returncode:
        raise SystemExit(f"Could not install the course from / Kurs yüklenemedi: {{source}}\\n{{pip.stderr[-300:]}}")
    importlib.invalidate_caches()
    import tl_helpers

edition = tl_helpers.start("{number}", LANGUAGE)"""


def make_notebook(tree: Tree, lesson: Lesson, language: str, cells: list[Cell]) -> Any:
    """Make a lesson's notebook in one language, not executed.

    Args:
        tree: the course's folder.
        lesson: the lesson.
        language: ``"en"`` or ``"tr"``.
        cells: its source.

    Returns:
        A notebook whose cell ids are the names of the source's cells.
    """
    v4 = nbformat.v4
    mine = [cell for cell in cells if cell.kind == "code" or cell.language == language]
    generated = [
        v4.new_markdown_cell(front_matter(tree.course, lesson, language), id="front-matter"),
        v4.new_code_cell(set_up_code(tree.course, lesson, language), id="set-up"),
        *[_new_cell(lesson, cell) for cell in mine],
        v4.new_markdown_cell(navigation(tree.course, lesson, language), id="navigation"),
    ]
    notebook = v4.new_notebook(cells=generated, nbformat_minor=5)
    set_metadata(notebook, tl_helpers={"lesson": lesson.number, "language": language})
    return notebook


def nbgrader(cell: Cell) -> dict[str, Any]:
    """Return what nbgrader must know of a graded cell.

    Args:
        cell: tagged ``answer``: the reader changes it; with ``points``: it is graded, by hand where it is an answer.
    """
    answer, points = ANSWER in cell.tags, cell.points
    metadata = {"grade": points > 0, "solution": answer, "locked": not answer, "task": False}
    graded = {"points": points} if points else {}
    return {"schema_version": NBGRADER, "grade_id": cell.name, "cell_type": cell.kind, **metadata, **graded}


def set_up_code(course: Course, lesson: Lesson, language: str) -> str:
    """Return the set-up cell's code: install the package where it is missing, then start the lesson."""
    return SET_UP.format(language=language, archive=course.archive, number=lesson.number)


def set_metadata(notebook: Any, **more: Any) -> None:
    """Give a notebook the same few metadata on every machine."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **more,
        }
    )


def read_notebook(path: Path) -> Any | None:
    """Return a notebook file's notebook, or None where there is none or it is not one."""
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError, nbformat.reader.NotJSONError):
        return None
    return notebook


def notebook_text(notebook: Any) -> str:
    """Return the one text that a notebook is written as."""
    text: str = nbformat.writes(notebook, version=4, indent=1, ensure_ascii=False, sort_keys=True)
    return text.rstrip("\n") + "\n"


def heading_of(notebook: Any, index: int) -> str:
    """Return the heading under which a cell stands: the last one before it, or ""."""
    markdown = [cell.source for cell in notebook.cells[: index + 1] if cell.cell_type == "markdown"]
    headings = re.findall(r"^#{1,6}\s+(.+)$", "\n\n".join(markdown), re.MULTILINE)
    return headings[-1].strip() if headings else ""


def _new_cell(lesson: Lesson, cell: Cell) -> Any:
    tags = [EXACT if tag == "exact" else tag for tag in cell.tags]
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    if cell.points or ANSWER in cell.tags:
        metadata["nbgrader"] = nbgrader(cell)
    if kind_of(cell) == QUIZ:
        return nbformat.v4.new_code_cell(quiz_code(lesson, cell), id=cell.name, metadata=metadata)
    if kind_of(cell) == TASK:
        return nbformat.v4.new_markdown_cell(task_text(cell), id=cell.name, metadata=metadata)
    make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
    return make(cell.text, id=cell.name, metadata=metadata)
