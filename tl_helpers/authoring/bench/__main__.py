"""Run the benchmark: ``python -m tl_helpers.authoring.bench``, or ``make bench``."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tl_helpers.authoring.bench.report import publish
from tl_helpers.settings import asset

PACKAGES = ("tensorflow", "keras", "numpy", "ai-edge-litert")
PHOTOGRAPHS = "photos/cats_and_dogs_filtered"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every step, each in a process and with an empty cache of its own; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.bench", description=__doc__)
    parser.add_argument("--test-data", type=Path, help="folder with photos/ and weights/; TL_TEST_DATA by default")
    parser.add_argument("--out", type=Path, help="folder instead of the repository, for README and figures")
    options = parser.parse_args(arguments)
    given = options.test_data or (Path(os.environ["TL_TEST_DATA"]) if os.environ.get("TL_TEST_DATA") else None)
    results: dict[str, Any] = {"machine": _machine()}
    for name, step, values, photographs in _plan(given):
        if photographs and given is None:
            print(f"{name}: left out, there are no photographs here (TL_TEST_DATA)", flush=True)
            continue
        results[name] = run_step(step, values, given if photographs else None)
        print(f"{name}: {json.dumps(results[name])}", flush=True)
    publish(results, options.out or asset("weights").parents[1])
    return 0


def run_step(step: str, values: dict[str, Any], test_data: Path | None) -> dict[str, Any]:
    """Run a step in a process of its own, with an empty data folder.

    Args:
        step: name in ``bench.step.STEPS``.
        values: its arguments.
        test_data: where weights for photographs lie.

    Raises:
        subprocess.CalledProcessError: the step failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TL_DATA_HOME": folder, "TF_CPP_MIN_LOG_LEVEL": "3"}
        if test_data:
            environment["TL_WEIGHTS"] = str(test_data / "weights")
        command = [sys.executable, "-m", "tl_helpers.authoring.bench.step", step, json.dumps(values)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _plan(test_data: Path | None) -> list[tuple[str, str, dict[str, Any], bool]]:
    """List the steps: name in the results, step, arguments, whether it needs photographs or ImageNet weights."""
    photographs = {"folder": str(test_data / PHOTOGRAPHS) if test_data else ""}
    return [
        ("roofline", "roofline", {}, False),
        ("engines_mini", "feature_engines", {"edition": "mini", "count": 4000}, False),
        ("engines_full", "feature_engines", {"edition": "full", "count": 1000}, True),
        ("growth", "growth", {"counts": [100, 2500, 5000, 10000], "epochs": [1, 10, 30, 60]}, False),
        ("second_run", "second_run", {"count": 800}, False),
        ("import_time", "import_time", {}, False),
        ("ours_drawn", "ours", {"folder": "drawn"}, False),
        ("tutorial_drawn", "tutorial", {"folder": "drawn"}, False),
        ("ours_photographs", "ours", photographs | {"fine_tune": True}, True),
        ("tutorial_photographs", "tutorial", photographs, True),
    ]


def _machine() -> dict[str, Any]:
    packages = {name: version(name) for name in PACKAGES}
    return {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()} | packages


if __name__ == "__main__":
    sys.exit(main())
