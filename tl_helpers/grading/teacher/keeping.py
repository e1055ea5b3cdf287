"""Inside the box: write a task's answers down as plain data, whatever they are."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.given import Given, collect
from tl_helpers.grading.teacher import model_records
from tl_helpers.grading.teacher.probes import all_probes, ask
from tl_helpers.grading.teacher.safe_parts import UnsafeError
from tl_helpers.pictures import Pictures

Array = np.ndarray[Any, Any]
LAYER_TASKS = ("preprocess",)
MODEL_TASKS = ("preprocess", "model", "compile", "train", "fine-tune", "inception")
FILE = "answers.json"
MOST_BYTES = 20_000_000
LONGEST_TEXT = 100_000
DEEPEST = 20
BIGGEST = 2**63


def keep(task: str, values: Sequence[Any], folder: Path, seed: int, given: Any = None) -> None:
    """Write a task's answers to ``folder/task``, completely or not at all; never raises.

    Args:
        task: its name.
        values: what the reader assigned.
        folder: of all answers.
        seed: of the random pictures about which a preprocessing is asked.
        given: the exercise's own ``Given``; with it, facts about a model that cannot be carried are reported.
    """
    try:
        _write(*_written(task, values, seed, given), folder / task)
    except BaseException:  # an answer may raise anything, and what it is called is still worth keeping
        plain.attempt(lambda: _write({"answers": [_kind(value) for value in values]}, [], folder / task), None)


def _written(task: str, values: Sequence[Any], seed: int, given: Any) -> tuple[dict[str, Any], list[Array]]:
    arrays: list[Array] = []
    writer = _Writer()
    data: dict[str, Any] = {"answers": [], "reported": {}}
    for position, value in enumerate(values):
        is_asked = task in LAYER_TASKS and callable(value) and not isinstance(value, type)
        outputs = _asked(value, seed) if is_asked else []  # first, for a layer makes its weights when it is called
        is_model = position == 0 and task in MODEL_TASKS and isinstance(value, keras.Model)
        is_layer = position == 0 and task in LAYER_TASKS and isinstance(value, keras.Layer)
        if is_model or is_layer:
            answer = _model(value, arrays)
            if "unsafe" in answer and isinstance(given, Given) and task not in LAYER_TASKS:
                data["reported"]["facts"] = plain.attempt(lambda: asdict(collect(task, tuple(values), given)), None)
        else:
            answer = writer.answer(value)
        if is_asked:
            answer = {"is": "asked", "kind": type(value).__name__, "itself": answer, "outputs": outputs}
        data["answers"].append(answer)
    return data, arrays


def _model(layer: keras.Layer, arrays: list[Array]) -> dict[str, Any]:
    try:
        data, weights = model_records.record(layer)
    except UnsafeError as error:
        return {**_kind(layer), "unsafe": error.key, "values": error.values}
    except Exception as error:  # a model of the reader's own may fail in any way
        return {**_kind(layer), "unsafe": "carrying.not_rebuilt", "values": {"found": type(error).__name__}}
    arrays.append(weights)
    return {"is": "model", "kind": type(layer).__name__, "file": len(arrays) - 1, "data": data}


def _asked(function: Any, seed: int) -> list[Any]:
    outputs = [ask(function, picture) for picture in all_probes(seed)]
    return [None if each is None else {"shape": each.shape, "values": each.reshape(-1).tolist()} for each in outputs]


def _kind(value: Any) -> dict[str, Any]:
    shape = plain.attempt(lambda: [int(size) for size in value.shape], None)
    return {"is": "kind", "kind": type(value).__name__[:40], "shape": shape}


class _Writer:
    """Writes values down, ``plain.LIMIT`` members at most."""

    def __init__(self) -> None:
        self.left = plain.LIMIT

    def answer(self, value: Any) -> Any:
        """Return a value as ``value`` does; only its kind where it has too many members, or raises."""
        return plain.attempt(lambda: self.value(value, 0), _kind(value))

    def value(self, value: Any, depth: int) -> Any:
        """Return a value as JSON holds it: itself, or a dictionary that says what it ``is``."""
        self._count(1)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str | int | float):
            return self._scalar(value)
        if depth >= DEEPEST:
            return _kind(value)
        if isinstance(value, list | tuple | dict):
            return self._collection(value, depth)
        return self._object(value, depth)

    def _object(self, value: Any, depth: int) -> Any:
        if isinstance(value, range):
            ends = [value.start, value.stop, value.step]
            return {"is": "range", "ends": ends} if max(map(abs, ends)) < 2**31 else _kind(value)
        if isinstance(value, Pictures):
            return {"is": "pictures", **_named(value), "names": self.value(list(value.names), depth + 1)}
        history = None if isinstance(value, keras.Layer) else plain.attempt(lambda: value.history, None)
        if isinstance(history, dict):
            return {"is": "history", **_named(value), "history": self.value(history, depth + 1)}
        return self._array(value, depth)

    def _count(self, members: int) -> None:
        self.left -= members
        if self.left < 0:
            raise ValueError

    def _scalar(self, value: str | int | float) -> Any:
        if isinstance(value, np.generic) and not isinstance(value, str):
            return self._array(value, 0)
        kept: str | int | float
        if isinstance(value, str):
            kept = str.__str__(value)[:LONGEST_TEXT]
        else:
            kept = int.__pos__(value) if isinstance(value, int) else float.__pos__(value)
        if isinstance(kept, int) and abs(kept) >= BIGGEST:
            return _kind(value)
        return kept if type(value) is type(kept) else {**_kind(value), "is": type(kept).__name__, "value": kept}

    def _collection(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            pairs = list(dict.items(value))
            self._count(len(pairs))
            kept = [[self.value(key, depth + 1), self.value(each, depth + 1)] for key, each in pairs]
            return {"is": "dict", **_named(value), "items": kept}
        members = plain.members(value)
        if members is None:
            return _kind(value)
        kept = [self.value(each, depth + 1) for each in members]
        base = "list" if isinstance(value, list) else "tuple"
        return kept if type(value) is list else {"is": base, **_named(value), "members": kept}

    def _array(self, value: Any, depth: int) -> Any:
        found = None if isinstance(value, type) else plain.array(value)
        if found is not None:
            self._count(found.size)
            flat = found.reshape(-1).tolist()
            return {
                **_kind(value),
                "is": "array",
                "dtype": found.dtype.name,
                "shape": list(found.shape),
                "values": flat,
            }
        if isinstance(value, np.ndarray) and value.dtype.kind in "OU" and value.size <= self.left:
            members = [self.value(each, depth + 1) for each in np.ndarray.reshape(value, -1).tolist()]
            return {**_kind(value), "is": "objects", "members": members}
        return _kind(value)


def _named(value: Any) -> dict[str, Any]:
    return {"kind": type(value).__name__}


def _write(data: dict[str, Any], arrays: Sequence[Array], place: Path) -> None:
    text = json.dumps(data, separators=(",", ":"))
    if len(text) > MOST_BYTES:
        raise ValueError
    new = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        new.mkdir(parents=True)
        for number, array in enumerate(arrays):
            np.save(new / f"{number}.npy", array, allow_pickle=False)
        (new / FILE).write_text(text, encoding="ascii")
        shutil.rmtree(place, ignore_errors=True)
        new.rename(place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
