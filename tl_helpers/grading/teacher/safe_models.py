"""Rebuild a kept layer or model of safe parts, without allocating anything before all shapes are known to fit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import prod
from typing import Any

import keras
import numpy as np

from tl_helpers.grading.teacher.model_records import is_leaf, walk
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.teacher.safe_compiling import compile_arguments
from tl_helpers.grading.teacher.safe_configs import clean_config
from tl_helpers.grading.teacher.safe_parts import UnsafeError, clean_count, clean_shape, plain_dict
from tl_helpers.grading.training_facts import AT_ONCE

Array = np.ndarray[Any, Any]
MOST_ACTIVATIONS = 600_000_000  # numbers that all layers together give for the pictures that are judged at once
UNKNOWN_SIZE = 256  # assumed where a size is not fixed


def rebuild(data: Any, weights: Array) -> tuple[keras.Layer, list[Note]]:
    """Rebuild a layer or model: its layers, weights, flags, and how it is compiled.

    Args:
        data: what ``model_records.record`` returned, read again; anything at all.
        weights: likewise, numbers (n,).

    Returns:
        The layer or model, and a note where it could not be compiled.

    Raises:
        UnsafeError: it is not made of safe parts, too large, or the weights do not fit.
    """
    found = plain_dict(data)
    config = clean_config(found.get("config"))
    shape = None if found.get("build_shape") is None else clean_shape(found["build_shape"])
    # A thread of its own: Keras' notes about unfinished weights go with it where the model is refused.
    with ThreadPoolExecutor(max_workers=1) as thread:
        layer = thread.submit(_made, config, shape, found, weights).result()
    return layer, _compile(layer, found.get("compiled"))


def _made(config: dict[str, Any], shape: list[int | None] | None, found: dict[str, Any], weights: Array) -> keras.Layer:
    try:
        with keras.StatelessScope(initialize_variables=False):  # shapes only
            layer = keras.saving.deserialize_keras_object(config, safe_mode=True)
            if found.get("built") is True and shape and not layer.built:
                layer.build(tuple(shape))
    except Exception as error:  # Keras raises errors of every kind for a configuration that makes no sense
        raise UnsafeError("carrying.not_rebuilt", found=f"{type(error).__name__}: {error}"[:200]) from error
    flags: Any = found.get("layers")
    _check_weights(layer, flags, weights)
    _check_activations(layer)
    with keras.StatelessScope():
        pass  # leaving it allocates what has been left out so far
    _put(layer, flags, weights)
    return layer


def _check_weights(layer: keras.Layer, flags: Any, weights: Array) -> None:
    layers = list(walk(layer))
    if not isinstance(flags, list) or len(flags) != len(layers):
        raise UnsafeError("carrying.damaged")
    total = 0
    for each, one in zip(layers, flags, strict=True):
        shapes = [list(weight.shape) for weight in each.weights] if is_leaf(each) else []
        trainable = plain_dict(one).get("weights_trainable")
        if plain_dict(one).get("shapes") != shapes or not isinstance(trainable, list) or len(trainable) != len(shapes):
            raise UnsafeError("carrying.weights")
        total += sum(prod(sizes) for sizes in shapes)
    if weights.shape != (total,):
        raise UnsafeError("carrying.weights")


def _check_activations(layer: keras.Layer) -> None:
    pixels = _size(getattr(layer, "input_shape", None) or (1, 1, 1, 3)) / 3
    parts = [part for each in walk(layer) for part in (each, *getattr(each, "operations", ()))]
    unique = {id(part): part for part in parts}.values()
    nodes = [node for part in unique for node in getattr(part, "_inbound_nodes", ())]
    outputs = sum(_size(tensor.shape) for node in nodes for tensor in node.output_tensors)
    clean_count(outputs * max(1, int(AT_ONCE / max(1, pixels))), MOST_ACTIVATIONS)


def _size(shape: Any) -> int:
    sizes = [size for one in shape for size in one[1:]] if isinstance(shape[0], list | tuple) else shape[1:]
    return prod(UNKNOWN_SIZE if size is None else size for size in sizes)


def _put(layer: keras.Layer, flags: list[dict[str, Any]], weights: Array) -> None:
    for each, one in zip(walk(layer), flags, strict=True):
        each.trainable = one.get("trainable") is True
    start = 0
    for each, one in zip(walk(layer), flags, strict=True):
        for weight, trainable in zip(each.weights if is_leaf(each) else [], one["weights_trainable"], strict=True):
            size = prod(weight.shape)
            weight.assign(weights[start : start + size].reshape(tuple(weight.shape)))
            weight.trainable = trainable is True
            start += size
        if isinstance(each, keras.layers.Normalization) and each.built and each.input_mean is None:
            each.finalize_state()


def _compile(layer: keras.Layer, compiled: Any) -> list[Note]:
    if compiled is None or not isinstance(layer, keras.Model):
        return []
    try:
        layer.compile(**compile_arguments(compiled))
    except UnsafeError as error:
        return [Note(error.key, error.values, human=True)]
    except Exception as error:  # whatever Keras finds wrong with the arguments
        return [Note("carrying.not_compiled", {"found": f"{type(error).__name__}"}, human=True)]
    return []
