"""nbgrader imports the exercise as it is: with our settings its grade book has what our checks give."""

import os
import shutil
import sqlite3
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from tl_helpers.authoring.__main__ import ROOT
from tl_helpers.authoring.example_class import EXPECTED, answered
from tl_helpers.authoring.saved_as import as_built, as_colab_saves
from tl_helpers.authoring.tree import Tree
from tl_helpers.grading.tasks import TASKS
from tl_helpers.messages import message, set_language

pytestmark = pytest.mark.long

STEM = "04_flowers_exercise"
POINTS = """
    select student_id, base_cell.name, auto_score, max_score, needs_manual_grade from grade
    join grade_cells on grade.cell_id = grade_cells.id join base_cell on base_cell.id = grade_cells.id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
"""
REFLECTION = "We would look at each class by itself."
PLOTS = ("curves-plot", "confusion")  # they earn no points and take time


def nbgrader(course, *command):
    """Run a command of nbgrader in the folder of its course; it looks for alembic on the path."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("TL_")}
    settings["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    settings["TL_DATA_HOME"] = str(course.parent / "data-home")  # that of all tests of the run
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=course,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


def without(notebook, *names):
    notebook.cells = [cell for cell in notebook.cells if cell.id not in names]
    return notebook


def submit(course, student, text):
    path = course / "submitted" / student / "flowers" / f"{STEM}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def half_done():
    """In Turkish: five answers, two of them partly right; two check cells deleted."""
    notebook = answered(Tree(ROOT), "tr", "ibrahim")
    return as_built(without(notebook, "check-split", "check-model", *PLOTS))


def mostly_wrong():
    """In English, saved by Colab: five answers, three of them wrong, and a reflection."""
    notebook = without(answered(Tree(ROOT), "en", "sean"), *PLOTS)
    (reflection,) = (cell for cell in notebook.cells if cell.id == "answer-reflection")
    reflection.source = reflection.source.replace("= None", f"= {REFLECTION!r}")
    return as_colab_saves(notebook)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The folder of a course of nbgrader's, with the exercise handed out and two students graded."""
    if find_spec("nbgrader") is None:
        reason = "nbgrader is not installed: pip install 'tl-helpers[teacher]'"
        pytest.fail(f"{reason}; in CI it must be") if os.environ.get("CI") else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("nbgrader")
    shutil.copy(ROOT / "assets" / "nbgrader_config.py", folder)
    (folder / "source" / "flowers").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / "en" / f"{STEM}.ipynb", folder / "source" / "flowers")
    nbgrader(folder, "generate_assignment", "flowers")
    submit(folder, "ibrahim", half_done())
    submit(folder, "sean", mostly_wrong())
    nbgrader(folder, "autograde", "flowers")
    nbgrader(folder, "generate_feedback", "flowers")
    return folder


@pytest.fixture(scope="module")
def grades(course):
    """Student → cell → points, points that can be earned, whether a person must look."""
    found = {}
    with sqlite3.connect(course / "gradebook.db") as book:
        for student, cell, *grade in book.execute(POINTS):
            found.setdefault(student, {})[cell] = tuple(grade)
    return found


@pytest.mark.slow
def test_nbgrader_hands_out_the_exercise_as_it_is(course):
    ours = nbformat.read(ROOT / "notebooks" / "en" / f"{STEM}.ipynb", as_version=4)
    released = nbformat.read(course / "release" / "flowers" / f"{STEM}.ipynb", as_version=4)
    assert [cell.source for cell in released.cells] == [cell.source for cell in ours.cells]


@pytest.mark.slow
@pytest.mark.parametrize(("student", "name"), [("ibrahim", "İbrahim Işık"), ("sean", "Seán O'Brien")])
def test_the_grade_book_has_the_points_of_our_checks_though_check_cells_were_deleted(grades, student, name):
    checks = {cell: grade for cell, grade in grades[student].items() if cell != "answer-reflection"}
    assert checks == {f"check-{task}": (points, TASKS[task].points, 0) for task, points in EXPECTED[name].items()}


@pytest.mark.slow
def test_a_reflection_waits_for_a_person_unless_it_is_open(grades):
    assert grades["sean"]["answer-reflection"] == (None, 2, 1)
    assert grades["ibrahim"]["answer-reflection"] == (0, 2, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("student", "language"), [("ibrahim", "tr"), ("sean", "en")])
def test_feedback_stays_in_the_notebooks_language(course, student, language):
    page = (course / "feedback" / student / "flowers" / f"{STEM}.html").read_text(encoding="utf-8")
    for code in ("en", "tr"):
        set_language(code)
        assert (message("grading.goes_on_ours") in page.replace("&#39;", "'")) == (code == language)
