"""All that is left of a graded class: grades, feedback pages, similar answers, who needs a human being, a summary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.by_hand import write_last_answers
from tl_helpers.grading.teacher.exercise import code_cells, known_sources, notebooks
from tl_helpers.grading.teacher.feedback_pages import write_feedback
from tl_helpers.grading.teacher.gradebook import write_gradebook, write_needs_human
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.similarity import (
    like_solution,
    same_files,
    similar_pairs,
    sources_of,
    write_similarity,
)
from tl_helpers.grading.teacher.summary import write_summary
from tl_helpers.messages import language


def write_reports(
    results: Sequence[Result], out: Path, protections_lines: Sequence[str], *, excel_turkish: bool = False
) -> None:
    """Write ``summary.html``, ``grades.csv``, ``feedback/`` and the lists: similar, last answers, who needs a human.

    Args:
        results: of all submissions.
        out: folder.
        protections_lines: what protected the machine, a sentence each.
        excel_turkish: CSV files as a Turkish Excel expects them.

    Raises:
        OSError: a file cannot be written.
    """
    exercise = [source for file in notebooks("exercise").values() for source in code_cells(file).values()]
    solution = code_cells(notebooks("solution")[language()])
    ours = {task: solution[f"answer-{task}"] for task in TASKS}
    sources, students = sources_of(results), {result.key: result.student for result in results}
    pairs = [
        *same_files(results),
        *similar_pairs(sources, known_sources()),
        *like_solution(sources, ours, exercise),
    ]
    for result in results:
        write_feedback(result, out / "feedback")
    write_gradebook(results, out / "grades.csv", excel_turkish=excel_turkish)
    write_last_answers(results, out / "last_answers.csv", excel_turkish=excel_turkish)
    write_needs_human(results, out / "needs_a_human.csv", excel_turkish=excel_turkish)
    write_similarity(pairs, out / "similarity.csv", name=students.__getitem__, excel_turkish=excel_turkish)
    write_summary(results, out, protections_lines=protections_lines, pairs=pairs)
