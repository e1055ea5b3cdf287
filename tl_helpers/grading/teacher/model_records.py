"""A Keras layer or model as plain data: configuration, flags and one flat array of weights."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.teacher.safe_compiling import compile_arguments, compiling_record
from tl_helpers.grading.teacher.safe_configs import clean_config
from tl_helpers.grading.teacher.safe_parts import UnsafeError

Array = np.ndarray[Any, Any]
MOST_WEIGHTS = 50_000_000


def walk(layer: Any) -> Iterator[Any]:
    """Go through a layer and the layers that it holds, each before its own, in the order of the model."""
    yield layer
    for each in getattr(layer, "layers", ()):
        yield from walk(each)


def record(layer: keras.Layer) -> tuple[dict[str, Any], Array]:
    """Write a layer or model down.

    Args:
        layer: of any class.

    Returns:
        Plain data, and all its weights in the order of ``walk``, float32 (float64 where that loses something), (n,).

    Raises:
        UnsafeError: it cannot be rebuilt from what can be written down.
    """
    serialised = _serialised(layer)
    clean_config(serialised)
    compiled = compiling_record(layer) if isinstance(layer, keras.Model) else None
    if compiled is not None:
        compile_arguments(compiled)
    arrays = [np.asarray(weight.value) for each in _leaves(layer) for weight in each.weights]
    if sum(array.size for array in arrays) > MOST_WEIGHTS:
        raise UnsafeError("carrying.too_large", found=sum(array.size for array in arrays), limit=MOST_WEIGHTS)
    kind = np.result_type(np.float32, *{_numpy_kind(array) for array in arrays})
    flat = np.concatenate([array.astype(kind).reshape(-1) for array in arrays] or [np.zeros(0, kind)])
    data = {
        "config": serialised,
        "built": bool(layer.built),
        "build_shape": plain.attempt(lambda: list(layer.get_build_config()["input_shape"]), None),
        "compiled": compiled,
        "layers": [_flags(each) for each in walk(layer)],
    }
    return data, flat


def is_leaf(layer: Any) -> bool:
    """Say whether a layer is not a container of layers."""
    return not hasattr(layer, "layers")


def _leaves(layer: Any) -> Iterator[Any]:
    return (each for each in walk(layer) if is_leaf(each))


def _flags(layer: Any) -> dict[str, Any]:
    weights = layer.weights if is_leaf(layer) else []
    return {
        "trainable": bool(layer.trainable),
        "shapes": [[int(size) for size in weight.shape] for weight in weights],
        "weights_trainable": [bool(weight.trainable) for weight in weights],
    }


def _serialised(layer: keras.Layer) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a lambda, which is not carried anyway
        config = _config(layer)
        if config is None:
            leaves = [each for each in walk(layer) if is_leaf(each)]
            culprit = next((each for each in leaves if _config(each) is None), layer)
            raise UnsafeError("carrying.unknown_part", found=plain.kind(culprit))
    return {"module": type(layer).__module__, "class_name": type(layer).__name__, "config": config}


def _config(layer: keras.Layer) -> Any:
    """Return a layer's configuration as JSON gives it back, without how it is compiled; None where it has none."""
    written = plain.attempt(lambda: json.dumps(keras.saving.serialize_keras_object(layer.get_config())), "null")
    return json.loads(written)


def _numpy_kind(array: Array) -> np.dtype[Any]:
    return array.dtype if array.dtype.kind in "biuf" else np.dtype(np.float32)  # bfloat16 fits into float32
