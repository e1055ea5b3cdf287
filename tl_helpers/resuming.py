"""Keep a training in a folder after every epoch, whole or not at all, so that it goes on where it was cut off."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.messages import CourseError, message

Array = np.ndarray[Any, Any]
STATE = "training.json"  # the commit point: what it does not name does not count
SAMPLED_ROWS = 32  # of each array, enough to tell two data sets of one shape apart


@dataclass
class Record:
    """What a training has brought so far.

    Args:
        history: each figure that Keras logs, a value an epoch.
        best_weights: those of ``best_epoch``; of the untrained model before the first epoch.
        files: weight files in the folder, with the sha256 of each.
    """

    history: dict[str, list[float]]
    best_weights: list[Array]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def monitored(self) -> list[float]:
        """The figure that decides which epoch is best: the loss in validation where there is one."""
        return self.history.get("val_loss", self.history.get("loss", []))

    @property
    def epochs(self) -> int:
        """How many epochs are finished."""
        return len(self.monitored)

    @property
    def best_epoch(self) -> int:
        """The first epoch with the lowest monitored value, counted from 1; 0 where none is finished."""
        return int(np.argmin(self.monitored)) + 1 if self.monitored else 0


def identify(model: keras.Model, train: Any, validation: Any, batch_size: int, seed: int) -> dict[str, str]:
    """Describe a training, so that a folder that belongs to another one is noticed.

    Args:
        model: compiled and built.
        train: arrays or data set, as for ``training.fit``.
        validation: the same, or None.
        batch_size: examples of a batch.
        seed: of the order of the examples.

    Returns:
        A description for each kind of thing that must not change, by the name that ``[training]`` in the catalogue has
        for the kind after ``kind_``.
    """
    settings = {key: value for key, value in model.get_compile_config().items() if key != "jit_compile"}
    layers = [keras.saving.serialize_keras_object(layer) for layer in model.layers]
    return {
        "model": _hash(_unnumbered(layers) + repr([tuple(weight.shape) for weight in model.weights])),
        "settings": _hash(_unnumbered(settings)),
        "train": _describe(train),
        "validation": _describe(validation),
        "batch_size": str(batch_size),
        "seed": str(seed),
    }


def keep(folder: Path, identity: dict[str, str], model: keras.Model, record: Record) -> None:
    """Write the state after an epoch; a process that is killed meanwhile leaves the state before it.

    Args:
        folder: is made where it does not exist.
        identity: what ``identify`` returned.
        model: as it is after the epoch.
        record: the epoch included; its ``files`` are brought up to date.

    Raises:
        OSError: the folder cannot be written to, or the disk is full; the state before stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    last, best = _file_name(record.epochs), _file_name(record.best_epoch)
    values = [keras.ops.convert_to_numpy(variable) for variable in variables(model)]
    digest = _write(folder / last, lambda stream: np.savez(stream, *values))
    files = {**record.files, last: digest}
    record.files = {name: files[name] for name in (best, last)}
    state = {"identity": identity, "history": record.history, "weights": record.files}
    _write(folder / STATE, lambda stream: stream.write(json.dumps(state, indent=1).encode()))
    for file in folder.glob("training-*.npz*"):
        if file.name not in record.files:
            file.unlink()


def resume(folder: Path, identity: dict[str, str], model: keras.Model) -> Record | None:
    """Put a model into the state after the last whole epoch.

    Args:
        folder: where ``keep`` wrote; may be empty or missing.
        identity: what ``identify`` returned.
        model: compiled and built, its optimizer too.

    Returns:
        What the training had brought; None where there is no state, or, with a printed sentence, a damaged one.

    Raises:
        CourseError: the folder belongs to another training; says what differs.
    """
    file, places = folder / STATE, variables(model)
    if not file.exists():
        return None
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
        record = Record(state["history"], [], state["weights"])
        differing = [kind for kind, value in identity.items() if state["identity"][kind] != value]
        if not differing:
            record.best_weights = _read(folder, record, record.best_epoch)[: len(model.weights)]
            values = _read(folder, record, record.epochs)
            for variable, value in zip(places, values, strict=True):
                if tuple(variable.shape) != value.shape:
                    raise ValueError(variable.path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        print(message("training.damaged", folder=folder))
        return None
    if differing:
        kinds = ", ".join(message(f"training.kind_{kind}") for kind in differing)
        raise CourseError("training.other_training", folder=folder, kinds=kinds)
    for variable, value in zip(places, values, strict=True):
        variable.assign(value)
    return record


def variables(model: keras.Model) -> list[Any]:
    """Return weights first, then the layers' random states, then the optimizer's own variables."""
    weights = {id(weight) for weight in model.weights}
    others = [variable for variable in model.variables if id(variable) not in weights]
    return [*model.weights, *others, *model.optimizer.variables]


def _file_name(epoch: int) -> str:
    return f"training-{epoch:04}.npz"


def _write(file: Path, write: Callable[[BinaryIO], object]) -> str:
    """Write a file that has its name only when it is whole, and return its sha256."""
    part = file.with_name(f"{file.name}.part")
    with part.open("w+b") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())
        stream.seek(0)
        digest = file_digest(stream, "sha256").hexdigest()
    os.replace(part, file)
    return digest


def _read(folder: Path, record: Record, epoch: int) -> list[Array]:
    name = _file_name(epoch)
    content = (folder / name).read_bytes()
    if sha256(content).hexdigest() != record.files[name]:
        raise ValueError(name)
    with np.load(io.BytesIO(content)) as arrays:
        return [arrays[f"arr_{position}"] for position in range(len(arrays.files))]


def _describe(data: Any) -> str:
    if data is None:
        return ""
    if isinstance(data, tf.data.Dataset):
        return _hash(f"{data.element_spec} {int(data.cardinality())}")
    rows = [np.linspace(0, len(array) - 1, SAMPLED_ROWS).astype(int) for array in data]
    samples = [sha256(array[some].tobytes()).hexdigest() for array, some in zip(data, rows, strict=True)]
    return _hash(repr([(str(array.dtype), array.shape) for array in data] + samples))


def _unnumbered(part: Any) -> str:
    """Return what Keras says of a part, without the numbers that it gives names: dense_4 when a cell is run again."""
    return re.sub(r"_\d+'", "'", repr(part))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
