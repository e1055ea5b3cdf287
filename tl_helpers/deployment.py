"""Which model for whom: what a run takes, which models no other beats, which one is good enough and cheapest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def latency(run: Callable[[Array], Any], pictures: Array, repeats: int = 20) -> float:
    """Measure how long a model takes, as the median of several runs after a first one. Introduced in lesson 06.

    The first run is not counted: it makes room in memory and fills caches. The median does not care about the few runs
    that something else on the machine has slowed down.

    Args:
        run: a model, such as ``load_tflite`` returns.
        pictures: what it is given, (n, size, size, 3).
        repeats: runs that are measured, 1 or more.

    Returns:
        Seconds that one run takes, with all the pictures.
    """
    run(pictures)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run(pictures)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def efficient_front(costs: Sequence[float], accuracies: Sequence[float]) -> list[int]:
    """Find the models that no other beats: as cheap, as accurate, and better in one. Introduced in lesson 06.

    It is the Pareto front of two objectives. Of models that are equal in both, all belong to it.

    Args:
        costs: of each model, such as seconds; lower is better.
        accuracies: of each model, 0–1.

    Returns:
        Positions of these models, the cheapest first.
    """
    models = list(zip(costs, accuracies, strict=True))
    front = []
    for model, (cost, share) in enumerate(models):
        rivals = [(c, s) for c, s in models if c <= cost and s >= share]
        if all(rival == (cost, share) for rival in rivals):
            front.append(model)
    return sorted(front, key=lambda model: costs[model])


def cheapest_good_enough(costs: Sequence[float], accuracies: Sequence[float], tolerance: float = 0.02) -> int:
    """Choose the cheapest model of those nearly as accurate as the best. Introduced in lesson 06.

    Args:
        costs: of each model, in whatever the place of use has little of: seconds, bytes.
        accuracies: of each model on the validation set, 0–1.
        tolerance: how far below the best accuracy a model may be, 0–1.

    Returns:
        Position of the chosen model; the more accurate one where two cost the same.
    """
    good_enough = [model for model, share in enumerate(accuracies) if share >= max(accuracies) - tolerance]
    return min(good_enough, key=lambda model: (costs[model], -accuracies[model]))
