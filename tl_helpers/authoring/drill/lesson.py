"""Drill one lesson: its notebook alone, installed by its own first cell; then look at what that did."""

import tempfile
from copy import deepcopy
from pathlib import Path
from time import time
from typing import Any

from tl_helpers.authoring.drill.alone import alone
from tl_helpers.authoring.drill.environments import overlay, packages
from tl_helpers.authoring.drill.installed import complaints, difference, freeze, installed_at
from tl_helpers.authoring.drill.runs import Drilled, Ground, Run
from tl_helpers.authoring.drill.shown import shown_otherwise
from tl_helpers.authoring.drill.smoke import core_tests, import_all
from tl_helpers.authoring.execution import Outcome, execute_in
from tl_helpers.authoring.notebooks import notebook_text, read_notebook
from tl_helpers.authoring.pages import results_of
from tl_helpers.authoring.progress import Progress
from tl_helpers.authoring.texts import write_text
from tl_helpers.authoring.tree import Tree
from tl_helpers.messages import CourseError, message, number

INSTALL_SECONDS = 30  # that installing the course may take at most


def drill(tree: Tree, run: Run, ground: Ground, thorough: bool = False) -> Drilled:
    """Run a lesson's committed notebook as Colab would.

    Args:
        tree: the course's folder.
        run: lesson, language and edition; full is what Colab's kernel takes by itself.
        ground: what it runs on.
        thorough: also import all of the package in the environment that it leaves, and run tests of its core there
            (but for Colab's, which has no pytest).

    Returns:
        How it went. The executed notebook is in the ground's folder.

    Raises:
        CourseError: the notebook is not there.
    """
    path = tree.notebook(run.lesson, run.language)
    committed = read_notebook(path)
    if committed is None:
        raise CourseError("run.no_notebook", file=tree.name(path))
    notebook = deepcopy(committed)
    result = Drilled((ground.name, run.lesson.number, run.language, run.edition))
    with tempfile.TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True) as folder:
        work = Path(folder).resolve()
        python = overlay(ground.python, work / "environment")
        environment = alone(python, work, settings(ground, run.edition))
        outcome, began = _execute(work, notebook, environment, python, result)
        result.install_seconds = max((installed_at(packages(python)) or began) - began, 0.0)
        after = freeze(python)
        result.problems += complaints(ground.before, after, packages(python))
        result.added = tuple(difference(ground.before, after).added)
        if thorough:
            result.problems += import_all(python, work, environment)
            result.problems += core_tests(python, tree.root, work, environment) if ground.name != "colab" else []
    if outcome.error:
        error = " ".join(outcome.error.split())
        result.problems.append(message("drill.stopped", cell=notebook.cells[outcome.cell].id, error=error))
    elif run.edition == "mini":
        result.problems += shown_otherwise(committed, notebook)
    result.problems += judge(notebook, run.edition, result.install_seconds)
    write_text(ground.out / f"{'_'.join(result.name)}.ipynb", notebook_text(notebook))
    return result


def settings(ground: Ground, edition: str) -> dict[str, str]:
    """Return all that is set for a kernel: the archive, and the edition or the mirror, as a student in Colab would."""
    asked = {"TL_EDITION": "mini"} if edition == "mini" else {"TL_MIRROR": ground.mirror}
    return {"TL_COURSE_SOURCE": str(ground.archive), **asked}


def judge(notebook: Any, edition: str, seconds: float) -> list[str]:
    """Return a sentence where a notebook fell back to another edition, and where installing the course took long.

    Args:
        notebook: an executed notebook.
        edition: that it should have run in.
        seconds: how long installing took.
    """
    said, ran_in = [], results_of(notebook).get("edition")
    if ran_in != edition:
        said.append(message("drill.edition", found=ran_in or "–", expected=edition))
    if seconds >= INSTALL_SECONDS:
        said.append(message("drill.slow", found=number(seconds, 1), expected=INSTALL_SECONDS))
    return said


def _execute(
    work: Path, notebook: Any, environment: dict[str, str], python: Path, result: Drilled
) -> tuple[Outcome, float]:
    """Run all cells, fill in what they took, and return the outcome and when the set-up cell began."""
    began: dict[str, float] = {}
    with Progress(" ".join(result.name), notebook) as progress:

        def started(index: int) -> None:
            began[notebook.cells[index].id] = time()
            progress.cell(index)

        outcome = execute_in(work, notebook, environment, started, python=str(python))
        began["end"] = time()
        names = list(began)
        if "set-up" in began:
            result.set_up_seconds = began[names[names.index("set-up") + 1]] - began["set-up"]
        result.minutes, result.peak_mb = outcome.minutes, outcome.peak_mb
        progress.end(message("drill.set_up", name=" ".join(result.name), seconds=number(result.set_up_seconds, 1)))
    return outcome, began.get("set-up", began["end"])
