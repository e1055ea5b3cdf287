"""Measure how hard the drawn tasks are and what transfer gains on them: ``make difficulty``.

Every run draws its own training pictures; all runs of a task are scored on one held-out set, which chooses nothing.
``make similarity`` measures a second thing: how like the source pictures the drawings are, and how many there are.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from tl_helpers import picturebook
from tl_helpers.authoring.measuring import FIRST_BASE, Row, Task, measure, plan, summaries, weights_hash
from tl_helpers.authoring.methods import METHODS, RECIPES, TRAINING
from tl_helpers.authoring.texts import write_text
from tl_helpers.base_models import MINI_WEIGHTS
from tl_helpers.picturebook import TARGETS
from tl_helpers.settings import asset, data_home

TRAIN_SEED, HELD_OUT_SEED = 61_001, 62_002  # run r trains on pictures of seed 61_001 + r; nothing else uses these
DEV_TRAIN_SEED, DEV_HELD_OUT_SEED = 8001, 8101  # while recipes or drawings are still being changed
RUNS, KNOB_RUNS = 5, 2
TASKS = (
    Task("cats_and_dogs", TARGETS["cats_and_dogs"], 200),
    Task("flowers", TARGETS["flowers"], 60, held_out_per_class=120),
    Task("breeds", TARGETS["breeds"], 100),
    Task("people", TARGETS["people"], 100),
)
SIMILARITIES, SIZES = (1.0, 0.5, 0.0), (10, 40, 160)
KNOBS = tuple(
    Task(f"similarity_{similarity}_size_{size}", TARGETS["cats_and_dogs"], size, similarity=similarity)
    for similarity in SIMILARITIES
    for size in SIZES
)
KNOB_METHODS = ("scratch_small", "frozen", "fine_tuned")
LOG = "picturebook_difficulty_log.csv"
PACKAGES = ("numpy", "pillow", "scikit-learn", "tensorflow", "keras")


class Limit(NamedTuple):
    """What a mean accuracy must keep to, in percent; the method "gain" is fine_tuned − frozen, in points."""

    task: str
    method: str
    sign: str
    percent: float


LIMITS = (
    Limit("cats_and_dogs", "pixels", "≤", 65),
    Limit("cats_and_dogs", "colours", "≤", 65),
    Limit("cats_and_dogs", "scratch", "≤", 80),
    Limit("cats_and_dogs", "frozen", "≥", 88),
    Limit("cats_and_dogs", "fine_tuned", "≥", 93),
    Limit("cats_and_dogs", "gain", "≥", 3),
    Limit("flowers", "pixels", "≤", 45),
    Limit("flowers", "scratch", "≤", 60),
    Limit("flowers", "frozen", "≥", 80),
    Limit("flowers", "fine_tuned", "≥", 88),
    Limit("breeds", "pixels", "≤", 70),
    Limit("breeds", "frozen", "≥", 85),
    Limit("breeds", "fine_tuned", "≥", 90),
    Limit("people", "frozen", "≥", 75),
    Limit("people", "fine_tuned", "≥", 85),
)
SCRATCH_TASKS = {limit.task for limit in LIMITS if limit.method == "scratch"}  # it is the slowest method


def judged(results: Sequence[dict[str, Any]], limits: Iterable[Limit] = LIMITS) -> list[dict[str, Any]]:
    """Say of every limit, for each base model that was measured, whether the mean accuracy keeps to it.

    Args:
        results: what ``summaries`` returned.
        limits: limits; those of which nothing was measured are left out.
    """
    means = {(each["task"], each["method"], each["base"]): 100 * each["mean"] for each in results}
    for task, method, base in list(means):
        if method == "fine_tuned" and (task, "frozen", base) in means:
            means[task, "gain", base] = means[task, method, base] - means[task, "frozen", base]
    return [
        {"task": limit.task, "method": limit.method, "base": base, "limit": f"{limit.sign} {limit.percent:g}"}
        | {
            "percent": round(mean, 2),
            "met": bool(mean <= limit.percent if limit.sign == "≤" else mean >= limit.percent),
        }
        for limit in limits
        for (task, method, base), mean in means.items()
        if (task, method) == (limit.task, limit.method)
    ]


def table(results: Iterable[dict[str, Any]], limits: Iterable[dict[str, Any]]) -> str:
    """Return mean, standard deviation and limits, a line for each method.

    Args:
        results: what ``summaries`` returned.
        limits: what ``judged`` returned.
    """
    kept = {(each["task"], each["method"], each["base"]): each for each in limits}
    lines = [f"{'task':26} {'method':13} {'base':11}  {'mean':>6} {'std':>4}   limit"]
    for each in results:
        limit = kept.pop((each["task"], each["method"], each["base"]), None)
        figures = f"{100 * each['mean']:5.1f} % {100 * each['std']:4.1f}"
        lines.append(f"{each['task']:26} {each['method']:13} {each['base']:11} {figures}   {_verdict(limit)}".rstrip())
    for each in kept.values():
        figures = f"{each['percent']:+5.1f} points"
        lines.append(f"{each['task']:26} {each['method']:13} {each['base']:11} {figures} {_verdict(each)}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the figures; returns the exit code."""
    options = _options(arguments)
    (_measure_knobs if options.knobs else _measure_table)(options)
    return 0


def _measure_table(options: argparse.Namespace) -> None:
    tasks = [task for task in TASKS if task.name in options.tasks]
    jobs = plan(tasks, options.methods, options.bases, options.runs or RUNS, _seeds(options))
    jobs = [job for job in jobs if job.method != "scratch" or job.task.name in SCRATCH_TASKS]
    rows = measure(jobs, options.out / LOG, options.workers)
    results = summaries(rows)
    limits = judged(results)
    print(table(results, limits))
    _write(options, "picturebook_difficulty", tasks, rows, results, limits=limits)


def _measure_knobs(options: argparse.Namespace) -> None:
    methods = [name for name in KNOB_METHODS if name in options.methods]
    rows = measure(
        plan(KNOBS, methods, [FIRST_BASE], options.runs or KNOB_RUNS, _seeds(options)),
        options.out / LOG,
        options.workers,
    )
    results = summaries(rows)
    print(table(results, ()))
    knob = {task.name: {"similarity": task.similarity, "per_class": task.per_class} for task in KNOBS}
    _write(options, "similarity_and_size", KNOBS, rows, [knob[each["task"]] | each for each in results])


def _seeds(options: argparse.Namespace) -> tuple[int, int]:
    return (DEV_TRAIN_SEED, DEV_HELD_OUT_SEED) if options.dev else (TRAIN_SEED, HELD_OUT_SEED)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.difficulty", description=__doc__)
    shipped = [name for name, file in MINI_WEIGHTS.items() if asset(f"weights/{file}").is_file()]
    tasks = [task.name for task in TASKS]
    parser.add_argument("--knobs", action="store_true", help="what similarity and size do, instead of the table")
    parser.add_argument("--bases", nargs="+", choices=shipped, default=shipped, help="base models of the course")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes; 0: measure in this one")
    parser.add_argument("--dev", action="store_true", help="other pictures than the report's, figures kept elsewhere")
    parser.add_argument("--tasks", nargs="+", choices=tasks, default=tasks, help="with --dev only")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS), help="with --dev only")
    parser.add_argument("--runs", type=int, help=f"with --dev only; else {RUNS}, and {KNOB_RUNS} with --knobs")
    parser.add_argument("--out", type=Path, help="folder of log and figures")
    options = parser.parse_args(arguments)
    if not options.dev and (options.tasks != tasks or options.methods != list(METHODS) or options.runs):
        parser.error("the report is measured as a whole: --tasks, --methods and --runs need --dev")
    options.out = options.out or (data_home() / "difficulty-dev" if options.dev else asset("reference"))
    return options


def _about(options: argparse.Namespace) -> dict[str, Any]:
    seeds = _seeds(options)
    command = f"make {'similarity' if options.knobs else 'difficulty'}"
    return {
        "command": "python -m tl_helpers.authoring.difficulty --dev" if options.dev else command,
        "picture_book_version": picturebook.version(),
        "weights": {base: weights_hash(base) for base in options.bases},
        "seeds": {"training_pictures": seeds[0], "held_out_pictures": seeds[1], "networks": 0, "added_in_each_run": 1},
        "recipes": {name: asdict(recipe) for name, recipe in RECIPES.items()},
        "training": TRAINING,
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "cores": os.cpu_count(),
        "processes": options.workers,
    }


def _write(
    options: argparse.Namespace, name: str, tasks: Iterable[Task], rows: Iterable[Row], results: Any, **more: Any
) -> None:
    figures = _about(options) | {"seconds_of_all_processes": round(sum(row.seconds for row in rows))}
    figures |= {"tasks": [asdict(task) for task in tasks], "results": results} | more
    write_text(options.out / f"{name}.json", json.dumps(figures, indent=1) + "\n")


def _verdict(limit: dict[str, Any] | None) -> str:
    return f"{limit['limit']:5} {'met' if limit['met'] else 'NOT MET'}" if limit else ""


if __name__ == "__main__":
    sys.exit(main())
