"""Read whatever a reader assigned into plain numbers, lists and texts, or say what it was; never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

Array = np.ndarray[Any, Any]
T = TypeVar("T")
LIMIT = 1_000_000  # numbers; an answer with more is not read


def kind(value: Any) -> str:
    """Say in a few words what an object is: its type, and the shape of an array."""
    name = type(value).__name__[:40]
    shape = attempt(lambda: tuple(int(size) for size in value.shape), None)
    return name if shape is None else f"{name}{shape}"


def attempt(function: Callable[[], T], otherwise: T) -> T:
    """Return what a function gives, or something else where it raises."""
    try:
        return function()
    except Exception:  # objects of the reader's own may fail in any way
        return otherwise


def array(value: Any) -> Array | None:
    """Return numbers (or truth values) as an array of NumPy's own; None for anything else or too many."""
    return attempt(lambda: _array(value), None)


def number(value: Any) -> float | None:
    """Return a single number as a float; None for anything else, truth values and arrays of several included."""
    found = array(value)
    if found is None or found.size != 1 or found.dtype.kind == "b" or isinstance(value, str):
        return None
    return attempt(lambda: float(found.reshape(-1)[0]), None)


def numbers(value: Any) -> list[float] | None:
    """Return a row of numbers as floats; None for anything else."""
    found = array(value)
    return None if found is None or found.ndim != 1 else [float(one) for one in found]


def whole_numbers(value: Any) -> list[int] | None:
    """Return a row of whole numbers; None for anything else."""
    found = numbers(value)
    if found is None or not all(np.isfinite(found)) or any(one != int(one) for one in found):
        return None
    return [int(one) for one in found]


def text(value: Any) -> str | None:
    """Return a text, shortened; None for anything else."""
    return str.__str__(value)[:200] if isinstance(value, str) else None


def parts(value: Any, count: int) -> list[Any] | None:
    """Return the members of a tuple, a list, or a dictionary's values where there are so many; else None."""
    found = members(list(dict.values(value)) if isinstance(value, dict) else value)
    return found if found is not None and len(found) == count else None


def members(value: Any) -> list[Any] | None:
    """Return the members of a list or tuple, at most ``LIMIT``; None for anything else, which may never end."""
    whole = slice(0, LIMIT + 1)
    if isinstance(value, list):
        found = list.__getitem__(value, whole)
    elif isinstance(value, tuple):
        found = list(tuple.__getitem__(value, whole))
    else:
        return None
    return found if len(found) <= LIMIT else None


def _array(value: Any) -> Array | None:
    if isinstance(value, list | tuple):
        value = members(value)
    elif not (isinstance(value, range | int | float | np.generic) or hasattr(value, "__array__")):
        return None
    size = attempt(lambda: int(np.prod(value.shape)), None)
    if value is None or (attempt(lambda: len(value), 1) if size is None else size) > LIMIT:
        return None
    found: Array = np.array(value)
    return np.array(found.tolist()) if found.dtype.kind in "biuf" and found.size <= LIMIT else None
