"""Objects that stand for those in the box: they read the same (``plain.kind``), and hold plain data only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Opaque:
    """Something without a plain form."""


class Numbers:
    """Something that NumPy reads as an array: a tensor, a series, a number of NumPy's."""

    values: Array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Return the numbers as an array of NumPy's own."""
        return np.array(self.values, dtype=dtype, copy=True if copy is None else copy)


class Named:
    """Pictures, of which only the names are kept."""

    names: tuple[Any, ...]


class Recorded:
    """A training's record: what ``fit`` returned."""

    history: dict[Any, Any]


class Asked:
    """A function that answers only for the pictures about which it was asked in the box.

    Args:
        pictures: asked about.
        outputs: one each; None where the function raised or gave something else than numbers.
    """

    def __init__(self, pictures: Sequence[Array], outputs: Sequence[Array | None]):
        self.pictures, self.outputs = tuple(pictures), tuple(outputs)

    def __call__(self, picture: Any) -> Array:
        """Return what the function gave for a picture.

        Raises:
            LookupError: it was not asked about it, or did not answer.
        """
        wanted = np.asarray(picture)
        for asked, output in zip(self.pictures, self.outputs, strict=True):
            if output is not None and np.array_equal(asked, wanted):
                return output.copy()
        raise LookupError


def named(base: type, name: Any, **attributes: Any) -> type:
    """Return a sub-class that goes by a name.

    Args:
        base: class.
        name: whatever was read; what is no text becomes ``"object"``.
        **attributes: of the class.
    """
    shown = name[:40].replace("\0", "") if isinstance(name, str) else "object"
    made: type = type(shown.encode("utf-8", "replace").decode(), (base,), attributes)
    return made


def opaque(name: Any, shape: Any = None) -> Any:
    """Return something that ``plain.kind`` describes by a name and, where it has one, a shape."""
    is_shape = isinstance(shape, list) and all(type(size) is int for size in shape) and len(shape) <= 32
    return named(Opaque, name, shape=tuple(shape))() if is_shape else named(Opaque, name)()
