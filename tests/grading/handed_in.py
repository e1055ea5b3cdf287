"""Notebooks as students hand them in, made by code from the exercise."""

import copy
import json
from pathlib import Path

import nbformat

from tl_helpers.grading.teacher.reading import find_submissions, read_submission

ROOT = Path(__file__).parents[2]


def lesson(name, language="en"):
    return nbformat.read(ROOT / "notebooks" / language / f"{name}.ipynb", 4)


EXERCISES = {code: lesson("04_flowers_exercise", code) for code in ("en", "tr")}
ANSWERS = {
    "split": "my_split = (range(0, 70), range(70, 85), range(85, 100))",
    "counts": "my_counts = np.bincount(train.labels)",
    "train": "my_history = model.fit(train.images, train.labels)\nmy_trained = model",
}


def exercise(language="en", answers=()):
    """Return the exercise, its ``answers`` (task → code, or names of those in ``ANSWERS``) given below the marker."""
    notebook = copy.deepcopy(EXERCISES[language])
    chosen = answers if isinstance(answers, dict) else {task: ANSWERS[task] for task in answers}
    for task, code in chosen.items():
        cell(notebook, f"answer-{task}").source = f"# answer: {task}\n{code}"
    return notebook


def cell(notebook, name):
    return next(one for one in notebook.cells if one.get("id") == name)


def place(notebook, name):
    return notebook.cells.index(cell(notebook, name))


def insert_after(notebook, name, *sources):
    at = place(notebook, name) + 1
    notebook.cells[at:at] = [nbformat.v4.new_code_cell(source) for source in sources]
    return notebook


def without_ids(notebook):
    """Return a notebook as Colab saves it."""
    notebook.nbformat_minor = 0
    notebook.metadata["colab"] = {"provenance": []}
    for one in notebook.cells:
        one.pop("id", None)
        one.metadata["colab"] = {"base_uri": "https://localhost:8080/"}
    return notebook


def without_metadata(notebook):
    """Return a notebook of which nothing is left but sources, not even the marker lines."""
    notebook = without_ids(notebook)
    notebook.metadata = {}
    for one in notebook.cells:
        one.metadata = {}
        one.source = "\n".join(line for line in one.source.splitlines() if not line.startswith("# answer:"))
    return notebook


def read(folder, notebook, name="ayse.ipynb"):
    """Return the submission that a notebook (or bytes, or a text) makes."""
    data = notebook if isinstance(notebook, str | bytes) else json.dumps(notebook)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    (found,) = find_submissions(folder)
    return read_submission(found, EXERCISES)


def keys(notes):
    return [note.message.removeprefix("reading.") for note in notes]
