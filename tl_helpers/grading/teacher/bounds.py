"""Limits of judging one answer: of time, and of what a model may take."""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from tl_helpers.grading import plain

SECONDS = 120.0  # a task takes a few
LARGEST_OUTPUT = 2_000_000  # values that a layer makes of one picture; the bases' largest makes 300,000
MOST_LAYERS = 2_000


class TimeUpError(BaseException):
    """Judging took too long; not an ``Exception``, which reading answers would swallow."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise where the block takes longer, as soon as Python gets its turn.

    Only in a main thread, and where the system has the signal; elsewhere there is no limit.

    Args:
        seconds: wall-clock time.

    Raises:
        TimeUpError: the time is up.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeUpError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def is_too_large(answer: Any) -> bool:
    """Say whether an answer is a model that would take too much memory to run, or that cannot tell.

    Args:
        answer: anything; what is no Keras model is not too large.
    """
    return isinstance(answer, keras.Model) and plain.attempt(lambda: _is_too_large(answer), True)


def _is_too_large(model: keras.Model) -> bool:
    steps = list(_steps(model))
    if len(steps) > MOST_LAYERS:
        return True
    shapes = [tensor.shape for step in steps for tensor in keras.tree.flatten(getattr(step, "output", ()))]
    return any(math.prod(size or 1 for size in shape) > LARGEST_OUTPUT for shape in shapes)


def _steps(model: Any, depth: int = 0) -> Iterator[Any]:
    if depth > 50:
        raise RecursionError
    graph = getattr(model, "_functional", None) or model
    for step in getattr(graph, "operations", None) or graph.layers:
        yield from _steps(step, depth + 1) if hasattr(step, "layers") else (step,)
