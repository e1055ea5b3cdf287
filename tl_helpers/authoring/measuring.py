"""Measure methods on drawn tasks, several jobs at a time, each job once: what the log holds is not measured again."""

import csv
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tl_helpers import picturebook
from tl_helpers.authoring.methods import METHODS, PRETRAINED, RECIPES, TRAINING, Pair
from tl_helpers.authoring.texts import write_text
from tl_helpers.base_models import MINI_WEIGHTS
from tl_helpers.settings import asset

FIRST_BASE = "MobileNetV2"
HASH_DIGITS = 12


@dataclass(frozen=True)
class Task:
    """Classes to tell apart, and from how many pictures.

    Args:
        name: of the task.
        labels: classes of the picture book.
        per_class: training pictures of each class.
        held_out_per_class: pictures of each class that every run is scored on.
        similarity: how like the source pictures all are drawn, 0–1.
    """

    name: str
    labels: tuple[str, ...]
    per_class: int
    held_out_per_class: int = 300
    similarity: float = 1.0


@dataclass(frozen=True)
class Job:
    """One run of a method on a task.

    Args:
        task: what is told apart.
        method: name in ``METHODS``.
        base: name of the base model, "" for methods without one.
        run: seed of the network.
        train_seed: of the training pictures.
        held_out_seed: of the held-out pictures.
    """

    task: Task
    method: str
    base: str
    run: int
    train_seed: int
    held_out_seed: int


class Row(NamedTuple):
    """A finished job in the log: its accuracy (0–1), how long it took, and a hash of all that it was made from."""

    task: str
    method: str
    base: str
    run: int
    accuracy: float
    seconds: float
    key: str


def plan(
    tasks: Iterable[Task], methods: Sequence[str], bases: Sequence[str], runs: int, seeds: tuple[int, int]
) -> list[Job]:
    """Return the jobs of an experiment.

    Args:
        tasks: what to tell apart.
        methods: names in ``METHODS``.
        bases: base models that are measured frozen; ``scratch`` and ``fine_tuned`` train ``FIRST_BASE`` only.
        runs: how often each is trained, every time on other pictures and from another network seed.
        seeds: of the first run's training pictures, and of the held-out pictures.
    """
    bases_of: dict[str, tuple[str, ...]] = dict.fromkeys(methods, ("",))
    bases_of |= {"frozen": tuple(bases), "fine_tuned": (FIRST_BASE,), "scratch": (FIRST_BASE,)}
    return [
        Job(task, method, base, run, seeds[0] + run, seeds[1])
        for task in tasks
        for run in range(runs)
        for method in methods
        for base in bases_of[method]
    ]


def summaries(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return mean and standard deviation over the runs, for each task, method and base model.

    Args:
        rows: measured runs.

    Returns:
        Dictionaries with ``task``, ``method``, ``base``, ``mean``, ``std`` and ``runs``; accuracies 0–1.
    """
    grouped: dict[tuple[str, str, str], list[float]] = {}
    for row in rows:
        grouped.setdefault((row.task, row.method, row.base), []).append(row.accuracy)
    return [
        {"task": task, "method": method, "base": base}
        | {"mean": round(float(np.mean(runs)), 5), "std": round(float(np.std(runs)), 5), "runs": runs}
        for (task, method, base), runs in grouped.items()
    ]


def measure(jobs: Sequence[Job], log: Path, workers: int) -> list[Row]:
    """Measure the jobs that are not in the log, writing each into it as soon as it is finished.

    Args:
        jobs: what to measure.
        log: CSV file with the columns of ``Row``. Rows of these jobs that were made from something else are dropped.
        workers: processes, of one thread each; 0 measures in this process.

    Returns:
        A row for each job, in the order of ``jobs``.
    """
    keys = {_identity(job): job_key(job) for job in jobs}
    done = {row[:4]: row for row in read_log(log) if keys.get(row[:4], row.key) == row.key}
    _write_log(log, done.values())
    missing = [job for job in jobs if _identity(job) not in done]
    print(f"{len(jobs)} runs, {len(missing)} to measure", flush=True)
    for count, row in enumerate(_measured(missing, workers), start=1):
        done[row[:4]] = row
        with log.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow(row)
        text = f"{row.task:18} {row.method:13} {row.base:11} run {row.run}  {100 * row.accuracy:5.1f} %"
        print(f"{count:3}/{len(missing)}  {text}  {row.seconds:4.0f} s", flush=True)
    return [done[_identity(job)] for job in jobs]


def job_key(job: Job) -> str:
    """Return a hash of all that a job's result depends on: drawings, seeds, sizes, recipes and pretrained weights."""
    parts: list[object] = [job, picturebook.version()]
    if job.method in RECIPES:
        parts += [RECIPES[job.method], TRAINING]
    if job.method in PRETRAINED:
        parts += [RECIPES["frozen"], weights_hash(job.base)]
    return sha256(repr(parts).encode()).hexdigest()[:HASH_DIGITS]


def weights_hash(base: str) -> str:
    """Return a hash of the weights that the course ships for a base model, 12 hex digits."""
    return sha256(asset(f"weights/{MINI_WEIGHTS[base]}").read_bytes()).hexdigest()[:HASH_DIGITS]


def read_log(log: Path) -> list[Row]:
    """Return the rows of a log that are whole; none where there is no log."""
    if not log.is_file():
        return []
    with log.open(encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.reader(stream) if len(line) == len(Row._fields)]
    whole = [line for line in lines if len(line[-1]) == HASH_DIGITS]
    return [Row(line[0], line[1], line[2], int(line[3]), float(line[4]), float(line[5]), line[6]) for line in whole]


def _write_log(log: Path, rows: Iterable[Row]) -> None:
    table = StringIO()
    csv.writer(table).writerows([Row._fields, *rows])
    write_text(log, table.getvalue())


def _identity(job: Job) -> tuple[str, str, str, int]:
    return job.task.name, job.method, job.base, job.run


def _measured(jobs: Sequence[Job], workers: int) -> Iterator[Row]:
    if workers == 0:
        yield from map(run_job, jobs)
    elif jobs:
        with get_context("spawn").Pool(workers, _use_one_thread) as pool:
            yield from pool.imap_unordered(run_job, jobs)


def _use_one_thread() -> None:
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def run_job(job: Job) -> Row:
    """Draw a job's pictures, train its method and score it."""
    keras.backend.clear_session()
    start = time.perf_counter()
    train = _pictures(job.task.labels, job.task.per_class, job.train_seed, job.task.similarity)
    held_out = _pictures(job.task.labels, job.task.held_out_per_class, job.held_out_seed, job.task.similarity)
    share = METHODS[job.method](train, held_out, job.base, job.run)
    return Row(*_identity(job), round(share, 6), round(time.perf_counter() - start, 1), job_key(job))


@lru_cache(maxsize=4)
def _pictures(labels: tuple[str, ...], per_class: int, seed: int, similarity: float) -> Pair:
    return picturebook.draw_many(labels, per_class, seed, similarity=similarity)
