"""The class summary: one page for the teacher, with plots, what went wrong most often, and what needs a human."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple
from urllib.parse import quote

from tl_helpers.grading.teacher.gradebook import reasons
from tl_helpers.grading.teacher.names import OUT_OF, in_order
from tl_helpers.grading.teacher.pages import write_page
from tl_helpers.grading.teacher.results import Note, Result
from tl_helpers.grading.teacher.similarity import Pair, describe
from tl_helpers.grading.teacher.summary_plots import draw_tasks, draw_totals, image
from tl_helpers.grading.teacher.texts import say
from tl_helpers.messages import number

MISTAKES = 10  # that are listed
COUNTED = ("partly", "wrong", "failed", "reported")  # states whose notes are mistakes


class Mistake(NamedTuple):
    """What went wrong: at which task, what was found (with one student's values), and for how many students."""

    task: str
    note: Note
    students: int


def write_summary(
    results: Sequence[Result],
    folder: Path,
    *,
    protections_lines: Sequence[str],
    pairs: Sequence[Pair],
    feedback: str = "feedback",
) -> Path:
    """Write ``summary.html``, in the language in force.

    Args:
        results: of all submissions, in any order; there may be none.
        folder: where the page lies.
        protections_lines: which protections were active, a sentence each.
        pairs: of ``similarity``.
        feedback: folder of the feedback pages, relative to the page's.

    Returns:
        The HTML file.

    Raises:
        OSError: the file cannot be written.
    """
    path = folder / "summary.html"
    ordered = in_order(results)
    graded = [result for result in ordered if result.tasks]
    students = {result.key: result.student for result in ordered}
    looks = reasons(ordered)
    write_page(
        "summary.html",
        path,
        results=ordered,
        figures=_figures(ordered, len({reason.result.key for reason in looks})),
        plots=[(image(drawing), drawing) for drawing in (draw_tasks(graded), draw_totals(graded))] if graded else [],
        mistakes=frequent_mistakes(graded),
        looks=looks,
        flagged={reason.result.key for reason in looks},
        links={result.key: f"{quote(feedback)}/{quote(result.key)}.html" for result in ordered},
        pairs=[(pair, *describe(pair, lambda key: students.get(key, key))) for pair in pairs],
        protections=protections_lines,
        out_of=OUT_OF,
    )
    return path


def frequent_mistakes(results: Sequence[Result], most: int = MISTAKES) -> list[Mistake]:
    """Return what went wrong most often.

    Args:
        results: of all submissions.
        most: at most so many.
    """
    found: dict[tuple[str, str], Note] = {}
    counts = Counter[tuple[str, str]]()
    for result in in_order(results):
        notes = {
            (task.task, note.message): note for task in result.tasks if task.state in COUNTED for note in task.notes
        }
        counts.update(notes.keys())
        found = notes | found
    ranked = sorted(counts, key=lambda each: (-counts[each], each))[:most]
    return [Mistake(each[0], found[each], counts[each]) for each in ranked]


def _figures(results: Sequence[Result], looks: int) -> list[tuple[str, str]]:
    totals = [result.points for result in results if result.tasks]
    values = {
        "submissions": number(len(results)),
        "graded": number(len(totals)),
        "mean_points": number(mean(totals), 1) if totals else "–",
        "median_points": number(median(totals), 1) if totals else "–",
        "looks": number(looks),
    }
    return [(say(f"summary.{name}"), value) for name, value in values.items()]
