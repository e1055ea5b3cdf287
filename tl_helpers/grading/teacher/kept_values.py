"""Make objects of values as ``keeping`` writes them: numbers, texts, collections, arrays, records of trainings."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.teacher.keeping import DEEPEST, LONGEST_TEXT
from tl_helpers.grading.teacher.stand_ins import Named, Numbers, Recorded, named, opaque

Array = np.ndarray[Any, Any]
NUMBERS = ("bool", "int64", "uint64", "float64")  # what ``plain.array`` gives


def read_value(data: Any, depth: int = 0) -> Any:
    """Return the object that a kept value stands for.

    Args:
        data: read from JSON; anything at all.
        depth: how deep inside others it lies.

    Raises:
        Exception: of any kind, where ``data`` is not as ``keeping`` writes it.
    """
    if depth > DEEPEST + 2:
        raise ValueError(depth)
    if data is None or isinstance(data, bool | int | float):
        return data
    if isinstance(data, str):
        return _text(data)
    if isinstance(data, list):
        return _members(data, depth)
    return _FORMS.get(data["is"], _opaque)(data, depth)


def read_array_data(data: dict[str, Any]) -> Array:
    """Return an array of numbers that was kept in JSON.

    Args:
        data: ``{"shape": …, "values": …}``, and ``"dtype"`` if it is not float64.

    Raises:
        ValueError: the values are not numbers, or do not fit the shape.
    """
    shape, values = data["shape"], data["values"]
    kind = data.get("dtype", "float64")
    if kind not in NUMBERS or not all(isinstance(each, bool | int | float) for each in values):
        raise ValueError(kind)
    if not _is_shape(shape) or prod(shape) != len(values):
        raise ValueError(shape)
    return np.array(values, dtype=kind).reshape(shape)


def _text(data: str) -> str:
    return data[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, list) and len(shape) <= 32 and all(type(size) is int and size >= 0 for size in shape)


def _members(data: Any, depth: int) -> list[Any]:
    if not isinstance(data, list) or len(data) > plain.LIMIT:
        raise ValueError
    return [read_value(each, depth + 1) for each in data]


def _opaque(data: dict[str, Any], _: int) -> Any:
    return opaque(data.get("kind"), data.get("shape"))


def _scalar(data: dict[str, Any], _: int) -> Any:
    base: type = {"str": str, "int": int, "float": float}[data["is"]]
    if type(data["value"]) is not base:
        raise ValueError
    shape = {"shape": ()} if data.get("shape") == [] else {}
    return named(base, data["kind"], **shape)(read_value(data["value"]))


def _collection(data: dict[str, Any], depth: int) -> Any:
    base = {"list": list, "tuple": tuple}[data["is"]]
    made = base if data["kind"] == base.__name__ else named(base, data["kind"])
    return made(_members(data["members"], depth))


def _dict(data: dict[str, Any], depth: int) -> Any:
    made = dict if data["kind"] == "dict" else named(dict, data["kind"])
    return made((read_value(key, depth + 1), read_value(each, depth + 1)) for key, each in data["items"])


def _range(data: dict[str, Any], _: int) -> range:
    start, stop, step = data["ends"]
    if not all(type(end) is int and abs(end) < 2**31 for end in (start, stop, step)):
        raise ValueError
    return range(start, stop, step)


def _pictures(data: dict[str, Any], depth: int) -> Any:
    return named(Named, data["kind"], names=tuple(_members(data["names"], depth)))()


def _history(data: dict[str, Any], depth: int) -> Any:
    found = read_value(data["history"], depth + 1)
    if not isinstance(found, dict):
        raise TypeError
    return named(Recorded, data["kind"], history=found)()


def _array(data: dict[str, Any], _: int) -> Any:
    found = read_array_data(data)
    if data["kind"] == "ndarray":
        return found
    return named(Numbers, data["kind"], values=found, shape=found.shape, dtype=found.dtype)()


def _objects(data: dict[str, Any], depth: int) -> Any:
    members = _members(data["members"], depth)
    if data["kind"] != "ndarray" or not _is_shape(data["shape"]) or prod(data["shape"]) != len(members):
        return _opaque(data, depth)
    found = np.empty(len(members), dtype=object)
    found[:] = members
    return found.reshape(data["shape"])


_FORMS = {
    "kind": _opaque,
    "str": _scalar,
    "int": _scalar,
    "float": _scalar,
    "list": _collection,
    "tuple": _collection,
    "dict": _dict,
    "range": _range,
    "pictures": _pictures,
    "history": _history,
    "array": _array,
    "objects": _objects,
}
