"""Make the example class, twelve submissions as Moodle gives them: ``python -m tl_helpers.authoring.example_class``.

They are made from the exercise's notebooks, so that a rebuilt exercise gives a fresh class.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from tl_helpers.authoring.saved_as import as_a_pdf, as_built, as_colab_saves, as_stripped, position
from tl_helpers.authoring.texts import write_text
from tl_helpers.authoring.tree import Tree
from tl_helpers.grading.tasks import TASKS

FOLDER = Path("assets") / "example_class"
ANSWERS = Path(__file__).with_name("example_answers.toml")
GRADED = tuple(task.name for task in TASKS.values() if task.checks)
NUMBER = 1001  # of the first student
PLACE = re.compile(r"^my_.*None$", re.MULTILINE)


@dataclass(frozen=True)
class Student:
    """A student of the example class.

    Args:
        name: of an invented person.
        language: of the notebook.
        answers: section of the table of answers, "" for none.
        points: that the answers must get, in the order of ``GRADED``; none where there is nothing to grade.
        what: the submission's story.
        save: what the notebook becomes when it is saved.
        file: name of the file, "" for the exercise's own.
    """

    name: str
    language: str
    answers: str
    points: tuple[int, ...]
    what: str
    save: Callable[[Any], str] = as_built
    file: str = ""


ALL = (3, 1, 2, 4, 2, 3, 1, 2, 4, 2)
CLASS = (
    Student("Ayşe Yılmaz", "tr", "ayse", ALL, "all right, as our solution does it"),
    Student("Çağrı Öztürk", "tr", "cagri", ALL, "all right: scikit-learn, Sequential, softmax, Keras' fit"),
    Student(
        "Emma Johnson", "en", "emma", (3, 1, 2, 3, 0, 3, 1, 2, 0, 0),
        "saved by Colab; a sigmoid, and a loss that does not fit what the exercise goes on with", as_colab_saves,
    ),
    Student(
        "İbrahim Işık", "tr", "ibrahim", (2, 1, 2, 4, 1, 0, 0, 0, 0, 0),
        "the first five tasks; 80/10/10, a function for preprocessing, no metric",
    ),
    Student("Zoë Brontë", "en", "", (0,) * 10, "nothing answered"),
    Student(
        "Seán O'Brien", "en", "sean", (0, 0, 0, 3, 2, 0, 0, 0, 0, 0),
        "parts that overlap, all pictures counted, pixels from 0 to 1",
    ),
    Student(
        "Şule Gül", "tr", "sule", (3, 1, 2, 4, 2, 3, 1, 2, 0, 0),
        "fine-tuning with batch normalisation awake, at the head's learning rate",
    ),
    Student("Gökhan Ünlü", "tr", "gokhan", ALL, "Çağrı's answers with other variables and comments"),
    Student(
        "Jürgen Weiß", "en", "jurgen", (3, 1, 2, 4, 2, 3, 1, 0, 4, 0),
        "a syntax error in one answer, an endless loop in another, the rest right",
    ),
    Student(
        "Işıl Çiğdem Aydın", "tr", "isil", ALL,
        "all right; another file name, metadata lost, cells in another order", as_stripped, "ödev (1).ipynb",
    ),
    Student("Noah Smith", "en", "", (), "a PDF under a notebook's name", as_a_pdf),
    Student(
        "Łukasz Nowak", "en", "lukasz", (3, 0, 2, 0, 0, 0, 0, 0, 0, 0),
        "cheats: a grade of his own, objects equal to everything, other students' files",
    ),
)  # fmt: skip
EXPECTED: dict[str, dict[str, int]] = {
    student.name: dict(zip(GRADED, student.points, strict=True)) if student.points else {} for student in CLASS
}


def example_class(tree: Tree) -> dict[str, str]:
    """Make the example class: path from its folder, with forward slashes → text of the file.

    Args:
        tree: the course's folder.
    """
    files = {}
    for number, student in enumerate(CLASS, start=NUMBER):
        name = student.file or tree.notebook(tree.course.lesson("04"), student.language).name
        notebook = answered(tree, student.language, student.answers)
        files[f"{student.name}_{number}_assignsubmission_file_/{name}"] = student.save(notebook)
    return files


def answered(tree: Tree, language: str, section: str) -> Any:
    """Return the exercise's notebook with a section of the table of answers in it, not executed.

    Args:
        tree: the course's folder.
        language: ``"en"`` or ``"tr"``.
        section: ``""`` for no answers.
    """
    notebook = _read(tree, "04", language)
    notebook.metadata.tl_helpers = {key: notebook.metadata.tl_helpers[key] for key in ("lesson", "language")}
    answers = _answers(tree, section) if section else {}
    for name, code in answers.items():
        if name.startswith("own-"):
            place = position(notebook.cells, name.removeprefix("own-")) + 1
            cell = nbformat.v4.new_code_cell(code, id=f"{section}-{place}")
            notebook.cells.insert(place, cell)
        elif code:
            cell = notebook.cells[position(notebook.cells, f"answer-{name}")]
            before, after = PLACE.split(cell.source, maxsplit=1)
            cell.source = f"{before}{code}{after}"
    return notebook


def _answers(tree: Tree, section: str) -> dict[str, str]:
    entry = dict(tomllib.loads(ANSWERS.read_text(encoding="utf-8"))[section])
    taken, instead = entry.pop("take", ""), entry.pop("instead", {})
    answers = {} if not taken else _solution(tree) if taken == "solution" else _answers(tree, taken)
    for old, new in instead.items():
        answers = {name: code.replace(old, new) for name, code in answers.items()}
    return answers | entry


def _solution(tree: Tree) -> dict[str, str]:
    cells = {cell.id: cell.source for cell in _read(tree, "05", "en").cells}
    return {name: PLACE.split(cells[f"answer-{name}"], maxsplit=1)[1].strip("\n") for name in GRADED}


def _read(tree: Tree, lesson: str, language: str) -> Any:
    notebook = nbformat.read(tree.notebook(tree.course.lesson(lesson), language), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the example class; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.example_class", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="the course's folder")
    root = parser.parse_args(arguments).root
    files = example_class(Tree(root))
    for name, text in files.items():
        (root / FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(root / FOLDER / name, text)
    for path in sorted((root / FOLDER).rglob("*"), reverse=True):  # what an earlier class had
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path.relative_to(root / FOLDER).as_posix() not in files:
            path.unlink()
    print(f"{len(files)} submissions in {root / FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
