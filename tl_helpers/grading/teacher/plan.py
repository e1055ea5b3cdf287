"""Plan a run: the exercise's own cells in its order, with the student's answers in their places."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tl_helpers.grading.tasks import TASKS, Task
from tl_helpers.grading.teacher.additions import additions, taken_names
from tl_helpers.grading.teacher.reading import StudentCell, Submission
from tl_helpers.grading.teacher.recognising import own_cells, untouched
from tl_helpers.grading.teacher.sources import ANSWERS, answered, essence, is_open, names_of, parsed

REFLECTION = "answer-reflection"
LEFT_OUT = ("quiz-", "key-results", REFLECTION)  # the reflection comes last, after all that the checks need
SHOWS = ("print", "grade")
TEXT = 5_000  # characters of a reflection


@dataclass(frozen=True)
class Step:
    """A piece of code to run.

    Args:
        name: of the exercise's cell; ``"before-…"`` for what makes a task's names known, "" for the student's own.
        source: its code, which may hold magics of IPython, errors, or nothing.
        keep: the task whose answers are kept after this step, "" for none.
    """

    name: str
    source: str
    keep: str = ""


def make_plan(submission: Submission, exercise: Any) -> list[Step]:
    """Return the steps that give a student's answers, up to the last one that is answered.

    Args:
        submission: what ``read_submission`` returned.
        exercise: notebook of the exercise in the submission's language, as nbformat reads it.

    Returns:
        No steps where nothing is answered. A task that is open has no step with ``keep``; a step with ``keep`` and
        without source stands for answers that were given in another cell.
    """
    placed = _placed(submission.cells, exercise)
    steps = [step for part in placed.values() for step in part]
    for task in TASKS.values():
        if task.checks and not any(step.keep == task.name for step in steps):
            steps = _kept_elsewhere(task, steps)
    last = max((place for place, step in enumerate(steps) if step.keep), default=-1)
    reflection = _reflection(submission, exercise, steps)
    if last < 0 and reflection:
        steps = [*placed.get("set-up", []), *placed.get("imports", [])]
        last = len(steps)
    return [*steps[: last + 1], *reflection]


def reflection_text(submission: Submission) -> str:
    """Return what a student wrote for a person to read, without running it: at most 5,000 characters.

    Args:
        submission: what ``read_submission`` returned.

    Returns:
        The text that is assigned, else the source of the cell; "" where it is open.
    """
    texts = [text for cell in submission.cells for text in _literals(cell.source)]
    sources = [cell.source for cell in submission.cells if cell.name == REFLECTION and not _is_open(cell.source)]
    return "\n".join(texts or sources)[:TEXT].strip()


def _placed(cells: Sequence[StudentCell], exercise: Any) -> dict[str, list[Step]]:
    """Return for each cell of the exercise the steps that stand in its place."""
    anchored: dict[str, list[StudentCell]] = {"": []}
    anchor = ""
    for cell in cells:
        anchor = cell.name or anchor
        if cell.name or not _is_open(cell.source):  # a None of the student's own would take an answer away
            anchored.setdefault(anchor, []).append(cell)
    taken = taken_names(exercise)
    placed: dict[str, list[Step]] = {}
    for name, source in own_cells(exercise).items():
        group = anchored.get(name, [])
        if name.startswith("answer-") and name not in LEFT_OUT:
            placed[name] = _answer(name.removeprefix("answer-"), source, group, exercise)
        elif not name.startswith(LEFT_OUT):
            changed = [cell.source for cell in group if cell.name and essence(cell.source) != essence(source)]
            before, after = additions(changed, source, taken, first=name.startswith("check-"))
            own = _set_up(source) if name == "set-up" else _without_shows(source)
            placed[name] = [*_steps("", before), *_steps(name, [own]), *_steps("", after)]
            first = anchored[""] if name == "set-up" else []
            placed[name] += _steps("", [cell.source for cell in (*first, *group) if not cell.name])
    return placed


def _answer(task: str, own: str, group: Sequence[StudentCell], exercise: Any) -> list[Step]:
    worked = [cell for cell in group if cell.name and not untouched(cell.source, [exercise])]
    if not worked:
        return [Step(f"answer-{task}", own), *_steps("", [cell.source for cell in group if not cell.name])]
    mine = [Step(cell.name, cell.source) for cell in group if cell in worked or (not cell.name and cell.source.strip())]
    return [_known(TASKS[task]), *mine[:-1], replace(mine[-1], keep=task)]


def _known(task: Task) -> Step:
    """Return a step after which a task's names are known, whatever becomes of the answer; the checks need them."""
    return Step(f"before-{task.name}", "\n".join(f'{name} = globals().get("{name}")' for name in task.answers))


def _kept_elsewhere(task: Task, steps: Sequence[Step]) -> list[Step]:
    """Return steps that keep what other cells than its own assign to a task's answers."""
    giving = [place for place, step in enumerate(steps) if _gives(step, task)]
    if not giving:
        return list(steps)
    here = next(place for place, step in enumerate(steps) if step.name == f"answer-{task.name}")
    kept = Step(f"answer-{task.name}", "", keep=task.name)
    if giving[0] < here:
        return [*steps[:here], _known(task), kept, *steps[here + 1 :]]
    return [*steps[: giving[-1] + 1], kept, *steps[giving[-1] + 1 :]]


def _gives(step: Step, task: Task) -> bool:
    return not step.name.startswith("before-") and not answered(step.source).isdisjoint(task.answers)


def _reflection(submission: Submission, exercise: Any, steps: Sequence[Step]) -> list[Step]:
    task = TASKS["reflection"]
    worked = [
        Step(REFLECTION, _without_shows(cell.source))
        for cell in submission.cells
        if cell.name == REFLECTION and not untouched(cell.source, [exercise])
    ]
    if not worked and any(_gives(step, task) for step in steps):
        worked = [Step(REFLECTION, "")]
    return [*worked[:-1], *(replace(step, keep=task.name) for step in worked[-1:])]


def _steps(name: str, sources: Sequence[str]) -> Iterator[Step]:
    return (Step(name, source) for source in sources if source.strip())


def _set_up(source: str) -> str:
    """Return the set-up without the installation: what is tried there, is done."""
    tree = ast.parse(source)
    body = [one for each in tree.body for one in (each.body if isinstance(each, ast.Try) else [each])]
    return "\n".join(ast.unparse(each) for each in body)


def _without_shows(source: str) -> str:
    """Return a cell without the statements that only show something."""
    tree = parsed(source)
    if tree is None:
        return source
    kept = [ast.get_source_segment(source, each) or "" for each in tree.body if not _shows(each)]
    return "\n".join(kept)


def _shows(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
    return name in SHOWS or name.startswith("show_")


def _is_open(source: str) -> bool:
    """Return whether a cell does nothing but assign None to answers."""
    tree = parsed(source)
    rest = [each for each in tree.body if not _shows(each)] if tree else []
    return tree is not None and all(is_open(each) for each in rest) and names_of(rest) <= ANSWERS.keys()


def _literals(source: str) -> list[str]:
    """Return the texts that a cell assigns to the reflection as they are written there."""
    tree = parsed(source)
    assignments = [each for each in tree.body if isinstance(each, ast.Assign)] if tree else []
    values = [
        each.value
        for each in assignments
        if any(isinstance(target, ast.Name) and ANSWERS.get(target.id) == "reflection" for target in each.targets)
    ]
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
