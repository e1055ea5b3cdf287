"""Hashes of models and pictures: equal where the content is, whatever its name or place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np

Array = np.ndarray[Any, Any]


def of_model(model: keras.Model) -> str:
    """Return a hash of a model's structure and weights, 64 hexadecimal digits.

    Names do not matter: Keras numbers some of them anew in every session.
    """
    digest = sha256(of_layers(model).encode())
    for weight in model.weights:
        values = np.ascontiguousarray(weight)
        digest.update(f"{values.dtype}{values.shape}".encode())
        digest.update(values.data)
    return digest.hexdigest()


def of_layers(layer: keras.Layer) -> str:
    """Return a hash of a layer's or model's structure without its weights, 64 hexadecimal digits."""
    config = keras.saving.serialize_keras_object(layer)
    names = dict.fromkeys([*_names(layer), *_input_names(config)])
    order = {name: f"#{position}" for position, name in enumerate(names)}
    return sha256(repr(_renamed(config, order)).encode()).hexdigest()


def of_images(images: Array) -> str:
    """Return a hash of pictures in memory, 64 hexadecimal digits."""
    digest = sha256(f"{images.dtype}{images.shape}".encode())
    digest.update(np.ascontiguousarray(images).data)
    return digest.hexdigest()


def of_files(files: Sequence[Path]) -> str:
    """Return a hash of the contents of files in this order, 64 hexadecimal digits.

    Raises:
        OSError: a file cannot be read.
    """
    with ThreadPoolExecutor() as pool:
        digests = pool.map(lambda file: sha256(file.read_bytes()).digest(), files)
        return sha256(b"".join(digests)).hexdigest()


def _names(layer: keras.Layer) -> Iterator[str]:
    yield layer.name
    for each in getattr(layer, "layers", ()):
        yield from _names(each)


def _input_names(part: Any) -> Iterator[str]:
    """Find the inputs' names, which a sequential model does not list among its layers."""
    if isinstance(part, dict):
        if part.get("class_name") == "InputLayer":
            yield part["config"]["name"]
        part = list(part.values())
    if isinstance(part, list | tuple):
        for each in part:
            yield from _input_names(each)


def _renamed(part: Any, order: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _renamed(value, order) for key, value in part.items() if key != "shared_object_id"}
    if isinstance(part, list | tuple):
        return [_renamed(value, order) for value in part]
    return order.get(part, part) if isinstance(part, str) else part
