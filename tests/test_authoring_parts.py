"""An exercise and its solution come from one source."""

import nbformat
import pytest
from authoring_course import GOOD, LESSON, TABLE, make_course, stamped

from tl_helpers.authoring.build import build, cells_of
from tl_helpers.authoring.check import check
from tl_helpers.authoring.notebooks import make_notebook, read_notebook
from tl_helpers.authoring.parts import part_findings, part_of
from tl_helpers.authoring.source import read_source, structure_findings
from tl_helpers.authoring.tree import Tree

FLOWERS = (
    GOOD
    + """
# %% name="answer-rows" tags=["answer"]
my_rows = None
# BEGIN SOLUTION
my_rows = shape[0]
# END SOLUTION

# %% [markdown] name="why-rows" lang="en" tags=["solution"]
# We took the first.

# %% [markdown] name="why-rows" lang="tr" tags=["solution"]
# İlkini aldık.

# %% [markdown] name="your-turn" lang="en" tags=["exercise"]
# Your turn.

# %% [markdown] name="your-turn" lang="tr" tags=["exercise"]
# Sıra sizde.

# %% name="rows"
print(my_rows)

# %% name="check-rows" points=3
my_rows

# %% name="answer-why" tags=["answer"] points=2
my_why = None
# BEGIN SOLUTION
my_why = "rows come first"
# END SOLUTION
"""
)


@pytest.fixture
def tree(tmp_path):
    root = make_course(tmp_path).root
    lessons = [("01", "first", "exercise"), ("02", "second", "solution")]
    entries = [
        LESSON.format(number=number, slug=slug, after="") + f'source = "01_02_flowers"\npart = "{part}"\n'
        for number, slug, part in lessons
    ]
    (root / "tl_helpers" / "course.toml").write_text(TABLE + "".join(entries), encoding="utf-8")
    for file in (root / "notebooks" / "source").glob("*.py"):
        file.unlink()
    (root / "notebooks" / "source" / "01_02_flowers.py").write_text(stamped(FLOWERS), encoding="utf-8")
    return Tree(root, cells=None)


def test_the_exercise_leaves_answers_out_and_the_solution_shows_them(tree):
    exercise, solution = ({cell.name: cell for cell in cells_of(tree, lesson)} for lesson in tree.course.lessons)
    assert exercise["answer-rows"].text == "my_rows = None"
    assert solution["answer-rows"].text == "my_rows = None\nmy_rows = shape[0]"
    assert set(exercise) - set(solution) == {"your-turn"}
    assert set(solution) - set(exercise) == {"why-rows"}


def test_both_are_built_and_pass_the_check_and_the_exercise_runs_unanswered(tree):
    assert build(tree, tree.course.lessons) == []
    assert check(tree, tree.course.lessons) == []
    printed = [
        cell_of(read_notebook(tree.notebook(lesson, "en")), "rows").outputs[0].text for lesson in tree.course.lessons
    ]
    assert printed == ["None\n", "2\n"]


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def test_graded_cells_carry_nbgraders_metadata_and_other_cells_do_not(tree):
    lesson = tree.course.lessons[0]
    notebook = make_notebook(tree, lesson, "en", cells_of(tree, lesson))
    nbformat.validate(notebook)
    both = {"schema_version": 3, "cell_type": "code", "task": False}
    expected = {
        "answer-rows": {"grade": False, "solution": True, "locked": False},
        "check-rows": {"grade": True, "solution": False, "locked": True, "points": 3},
        "answer-why": {"grade": True, "solution": True, "locked": False, "points": 2},
    }
    found = {cell.id: cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata}
    assert found == {name: {"grade_id": name, **both, **more} for name, more in expected.items()}


@pytest.mark.parametrize("marker", ['name="check-rows" points="three"', 'name="check-rows" points=2.5'])
def test_points_that_are_no_whole_number_are_found(marker):
    cells = read_source(FLOWERS.replace('name="check-rows" points=3', marker))
    assert [(each.key, each.cell) for each in structure_findings("s.py", cells)] == [("attribute", "check-rows")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# BEGIN SOLUTION\n", ""),
        ("# END SOLUTION", "# END"),
        (' tags=["answer"]', ""),
        ("my_rows = None\n", "# BEGIN SOLUTION\nmy_rows = None\n"),
    ],
)
def test_an_answer_without_its_region_is_found(old, new):
    text = FLOWERS.replace(old, new, 1)
    assert {each.key for each in part_findings("s.py", read_source(text), "exercise")} == {"answer_region"}


def test_a_lesson_without_parts_has_none():
    found = part_findings("s.py", read_source(FLOWERS), "")
    assert {(each.key, each.cell) for each in found} == {
        ("no_parts", name) for name in ("answer-rows", "why-rows", "your-turn", "answer-why")
    }
    assert part_of(read_source(GOOD), "") == read_source(GOOD)
