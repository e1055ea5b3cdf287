"""Answers that are nearly the same although names, comments, spacing or quotes differ; a reason to look, no proof."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tl_helpers.grading.teacher.code_tokens import imported, tokens
from tl_helpers.grading.teacher.names import TASK_POINTS, task_name
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.tables import write_table
from tl_helpers.grading.teacher.texts import say

RUN = 5  # tokens in a row that are compared as one
SHARE = 0.8  # of the longer answer's runs that both have
TASK_RUNS = 40  # runs that an answer has at least, what everybody shares aside, to be compared: about six lines
PAIR_RUNS = 120  # runs that two students share at least over all such tasks
CLASS = 6  # students from which on what more than half of them wrote counts as shared by everybody
Runs = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Pair:
    """Two students whose answers are nearly the same, or whose files are.

    Args:
        first: key of one.
        second: key of the other; "" for the course's own solution.
        tasks: whose answers are nearly the same; none where the files are identical, byte by byte.
        share: of the longer answers' runs of tokens that both have, 0–1, over these tasks.
        length: runs of tokens that both have.
    """

    first: str
    second: str
    tasks: tuple[str, ...] = ()
    share: float = 1.0
    length: int = 0


def similar_pairs(sources: Mapping[str, Mapping[str, str]], known: Sequence[str]) -> list[Pair]:
    """Find students whose answers are nearly the same.

    Args:
        sources: key → task → code.
        known: code that everybody has: the exercise's cells, its hints, the course's solution.

    Returns:
        The pairs, the longest first: over all tasks in which both have at least ``TASK_RUNS`` runs of ``RUN`` tokens
        and share ``SHARE`` of them, they share at least ``PAIR_RUNS``. Runs that occur in ``known``, or in
        the answers of more than half of a class of ``CLASS`` or more, are left out first.
    """
    found = _own_runs(sources, known)
    if len(found) >= CLASS:
        written = {task: Counter[tuple[str, ...]]() for answers in found.values() for task in answers}
        for answers in found.values():
            for task, runs in answers.items():
                written[task].update(runs)
        common = {task: {run for run, n in counts.items() if 2 * n > len(found)} for task, counts in written.items()}
        found = {key: {task: runs - common[task] for task, runs in each.items()} for key, each in found.items()}
    pairs = (_pair(first, second, found[first], found[second]) for first, second in combinations(sorted(found), 2))
    return _longest_first(pairs)


def like_solution(
    sources: Mapping[str, Mapping[str, str]], solution: Mapping[str, str], known: Sequence[str]
) -> list[Pair]:
    """Find students whose answers are nearly the course's own.

    Args:
        sources: key → task → code.
        solution: task → code.
        known: code that everybody has, the solution aside.

    Returns:
        A pair a student, with "" as ``second``; limits are those of ``similar_pairs``.
    """
    found = _own_runs({**sources, "": solution}, known)
    ours = found.pop("")
    return _longest_first(_pair(key, "", found[key], ours) for key in sorted(found))


def same_files(results: Iterable[Result]) -> list[Pair]:
    """Find files that are identical, byte by byte.

    Args:
        results: of all submissions.

    Returns:
        A pair for each file after the first of its kind.
    """
    groups = defaultdict(list)
    for result in results:
        if result.digest:
            groups[result.digest].append(result.key)
    return [Pair(keys[0], key) for keys in map(sorted, groups.values()) for key in keys[1:]]


def sources_of(results: Iterable[Result]) -> dict[str, dict[str, str]]:
    """Return what ``similar_pairs`` compares: key → task → code."""
    return {result.key: {task.task: task.source for task in result.tasks} for result in results}


def write_similarity(
    pairs: Sequence[Pair], path: Path, *, name: Callable[[str], str], excel_turkish: bool = False
) -> None:
    """Write pairs as CSV, in the language in force.

    Args:
        pairs: in the order in which they are to be listed.
        path: the CSV file.
        name: key → student.
        excel_turkish: ";" between cells and a decimal comma.

    Raises:
        OSError: the file cannot be written.
    """
    header = [say(f"similarity.{each}") for each in ("kind", "first", "second", "tasks", "share", "length")]
    rows = ((*describe(each, name), round(100 * each.share), each.length or None) for each in pairs)
    write_table(path, header, rows, excel_turkish=excel_turkish)


def describe(pair: Pair, name: Callable[[str], str]) -> tuple[str, str, str, str]:
    """Return the kind of a pair, both names, and its tasks, in the language in force.

    Args:
        pair: one of them.
        name: key → student.
    """
    kind = "solution" if not pair.second else "answers" if pair.tasks else "files"
    second = name(pair.second) if pair.second else say("similarity.ours")
    tasks = ", ".join(map(task_name, pair.tasks))
    return say(f"similarity.kind_{kind}"), name(pair.first), second, tasks


def _own_runs(sources: Mapping[str, Mapping[str, str]], known: Sequence[str]) -> dict[str, dict[str, Runs]]:
    api = imported(known)
    shared = Runs().union(*(_runs(text, api) for text in known))
    return {
        key: {task: _runs(code, api) - shared for task, code in answers.items()} for key, answers in sources.items()
    }


def _runs(code: str, api: set[str]) -> Runs:
    row = tokens(code, api)
    return frozenset(tuple(row[start : start + RUN]) for start in range(len(row) - RUN + 1))


def _pair(first: str, second: str, one: Mapping[str, Runs], other: Mapping[str, Runs]) -> Pair | None:
    matched: dict[str, tuple[int, int]] = {}
    for task in one.keys() & other.keys():
        longer = max(len(one[task]), len(other[task]))
        if min(len(one[task]), len(other[task])) < max(TASK_RUNS, SHARE * longer):
            continue
        both = len(one[task] & other[task])
        if both >= SHARE * longer:
            matched[task] = both, longer
    length, longer = sum(both for both, _ in matched.values()), sum(longer for _, longer in matched.values())
    if length < PAIR_RUNS:
        return None
    order = list(TASK_POINTS)
    tasks = sorted(matched, key=lambda task: (order.index(task) if task in order else len(order), task))
    return Pair(first, second, tuple(tasks), length / longer, length)


def _longest_first(pairs: Iterable[Pair | None]) -> list[Pair]:
    return sorted(filter(None, pairs), key=lambda pair: (-pair.length, pair.first, pair.second))
