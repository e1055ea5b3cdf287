"""How long grading takes: copies of the example class, on one core and on two; a run that is killed and taken up."""

from __future__ import annotations

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from tl_helpers.authoring.bench.report import write_grading
from tl_helpers.grading.teacher.notebook_files import Unreadable, parse_notebook
from tl_helpers.settings import asset

SECRET = 1
SECONDS = 10  # that a cell may take here; the example class has one that never ends


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and publish; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.bench.grading", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="submissions graded on all cores")
    parser.add_argument(
        "--few", type=int, default=24, help="submissions graded on one core, and on two, killed half-way"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), options.count, options.few)
    print(json.dumps(measured))
    write_grading(measured, asset("weights").parents[1])
    return 0


def measure(folder: Path, count: int, few: int) -> dict[str, Any]:
    """Grade copies of the example class.

    Args:
        folder: for submissions and results.
        count: submissions graded on two cores.
        few: submissions graded on one core, on two, and on two with a process killed half-way.
    """
    many, some = hand_in(folder / "many", count), hand_in(folder / "some", few)
    one, two = grade(some, folder / "one", jobs=1), grade(some, folder / "two", jobs=2)
    kill_halfway(some, folder / "killed", few)
    grade(some, folder / "killed", jobs=2)
    return {
        "few": few,
        "seconds_one": one,
        "seconds_two": two,
        "same_after_kill": grades(folder / "killed") == grades(folder / "two") == grades(folder / "one"),
        "count": count,
        "seconds_many": grade(many, folder / "all", jobs=2),
    }


def hand_in(folder: Path, count: int) -> Path:
    """Make a class of copies of the example submissions, each a file of its own; broken ones stay as they are."""
    files = sorted(path for path in asset("example_class").rglob("*") if path.suffix == ".ipynb")
    for number in range(count):
        data = files[number % len(files)].read_bytes()
        place = folder / f"student {number:03}" / "04_flowers_exercise.ipynb"
        place.parent.mkdir(parents=True)
        try:
            parse_notebook(data)
            notebook = nbformat.reads(data.decode("utf-8"), as_version=4)
            notebook.metadata["copy"] = number
            data = nbformat.writes(notebook).encode("utf-8")
        except (Unreadable, ValueError):
            pass
        place.write_bytes(data)
    return folder


def command(submissions: Path, out: Path, jobs: int) -> list[str]:
    """Return the teacher's command."""
    options = ["--out", str(out), "--jobs", str(jobs), "--seconds", str(SECONDS), "--seed", str(SECRET)]
    return [sys.executable, "-m", "tl_helpers.grading", str(submissions), *options]


def grade(submissions: Path, out: Path, jobs: int) -> float:
    """Grade a class; return the seconds.

    Raises:
        subprocess.CalledProcessError: grading failed.
    """
    start = time.perf_counter()
    subprocess.run(command(submissions, out, jobs), check=True, stdout=sys.stderr)
    return time.perf_counter() - start


def kill_halfway(submissions: Path, out: Path, count: int) -> None:
    """Start grading, and kill it when half of the results are there."""
    process = subprocess.Popen(command(submissions, out, jobs=2), stdout=sys.stderr)
    while process.poll() is None and len(list(out.glob("results/*.json"))) < count // 2:
        time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def grades(out: Path) -> list[list[str]]:
    """Return the rows of a grade book."""
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


if __name__ == "__main__":
    sys.exit(main())
