"""Train lesson 01's dense network at every rate of its slider: ``python -m tl_helpers.authoring.dropout_runs``.

The pictures are the mini edition's in both editions, so that everybody gets the same curves.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from tl_helpers.authoring.texts import write_text
from tl_helpers.baselines import small_pixels
from tl_helpers.dropout import Examples, train_network, two_kinds
from tl_helpers.editions import MINI
from tl_helpers.settings import asset

COMMAND = "python -m tl_helpers.authoring.dropout_runs"
RATES = tuple(tenth / 10 for tenth in range(9))
SEEDS = tuple(range(5))
SIZE = 16  # pixels, as in the lesson
PACKAGES = ("numpy", "pillow", "tensorflow", "keras")


def examples() -> tuple[Examples, Examples]:
    """Return what the networks train on and what they are measured on: float32 inputs (400, 768) and labels (400,)."""
    train, validation = ((small_pixels(each.images, SIZE), each.labels) for each in two_kinds(MINI))
    return train, validation


def data_hash(train: Examples, validation: Examples) -> str:
    """Return a hash of inputs and labels, 12 hex digits."""
    parts = [np.ascontiguousarray(part).tobytes() for pair in (train, validation) for part in pair]
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()[:12]


def run(rate: float, seed: int, train: Examples, validation: Examples) -> dict[str, Any]:
    """Train one network and return its curves, rounded.

    Args:
        rate: of dropout, 0–1.
        seed: of weights, dropout and the order of the pictures.
        train: what ``examples`` returned first.
        validation: what it returned second.
    """
    history = train_network(rate, seed, train, validation)
    return {"rate": rate, "seed": seed} | {
        name: [round(each, 4) for each in values] for name, values in history.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Train all networks and write the figures; returns the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--out", type=Path, default=asset("reference") / "dropout_rates.json", help="file of the runs")
    options = parser.parse_args(arguments)
    train, validation = examples()
    figures = {
        "command": COMMAND,
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "data_hash": data_hash(train, validation),
        "machine": {"cores": os.cpu_count()},
        "results": [run(rate, seed, train, validation) for rate in RATES for seed in SEEDS],
    }
    lines = [f"  {json.dumps(each)}" for each in figures.pop("results")]
    head = json.dumps(figures, indent=1)[:-2]
    write_text(options.out, head + ',\n "results": [\n' + ",\n".join(lines) + "\n ]\n}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
