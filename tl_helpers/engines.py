"""Run a frozen model over many pictures, on the fastest engine that is here.

Engines: ``"litert"`` (LiteRT with XNNPACK, the package ``ai-edge-litert``), ``"tf.lite"`` (the same, as TensorFlow
brings it), ``"keras"``. Whichever runs, outputs agree within ``TOLERANCE``.
"""

from __future__ import annotations

import io
import logging
import os
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, islice
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.devices import gpu_names
from tl_helpers.messages import CourseError
from tl_helpers.session import native_errors_hidden
from tl_helpers.smaller_batches import FittingSize

Array = np.ndarray[Any, Any]
Load = Callable[[], Array]
ENGINES = ("litert", "tf.lite", "keras")
TOLERANCE = 1e-3  # largest absolute difference between engines' features; measured: 4e-5 (MobileNetV2, 160 px)
PICTURES_AT_ONCE = 64
LITERT_BATCH = 4
LOADS_BEGUN = 16
MOST_WORKERS = 8  # each has its own copy of the weights


class ConversionError(CourseError):
    """A model that LiteRT cannot run; Keras can."""


def available_engines() -> list[str]:
    """List the engines that can run here, the fastest first. A GPU is used through Keras."""
    if gpu_names():
        return ["keras"]
    here = {"litert": find_spec("ai_edge_litert") is not None, "tf.lite": hasattr(tf, "lite"), "keras": True}
    return [engine for engine in ENGINES if here[engine]]


def check_engine(engine: str) -> None:
    """Raise a ``CourseError`` where an engine is not known or not installed here."""
    if engine not in available_engines():
        raise CourseError("features.unknown_engine", found=engine, expected=", ".join(available_engines()))


def run_keras(model: keras.Model, loads: Iterable[Load]) -> Iterator[Array]:
    """Run a model with Keras, the next pictures being loaded meanwhile.

    Where the device's memory is too small for the pictures of a load, fewer go through at once, which is said once.

    Args:
        model: takes (b, height, width, 3).
        loads: functions that return pictures, (b, height, width, 3).

    Returns:
        Outputs of each, float32, in their order.

    Raises:
        CourseError: not even one picture fits into the device's memory.
    """
    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    call = tf.function(lambda pictures: model(pictures, training=False), input_signature=signature)
    fitting = FittingSize(PICTURES_AT_ONCE)
    with ThreadPoolExecutor(worker_count()) as pool:
        for pictures in _in_order(pool, lambda load: load(), loads):
            yield fitting.run(lambda part: call(tf.cast(part, tf.float32)).numpy(), pictures)


def run_litert(content: bytes, loads: Iterable[Load], engine: str) -> Iterator[Array]:
    """Run a converted model, on one thread a core; each loads its own pictures.

    Args:
        content: what ``convert`` returned.
        loads: functions that return pictures, (b, height, width, 3); they are called in several threads.
        engine: ``"litert"`` or ``"tf.lite"``.

    Returns:
        Outputs of each, float32, in their order.
    """
    free = deque(interpreter(content, engine) for _ in range(worker_count()))
    lock = threading.Lock()

    def run(load: Load) -> Array:
        pictures = load()
        with lock:
            own = free.pop()
        try:
            return invoke(own, pictures)
        finally:
            with lock:
                free.append(own)

    with ThreadPoolExecutor(len(free)) as pool:
        yield from _in_order(pool, run, loads)


def begun(loads: Iterable[Load]) -> Iterator[Load]:
    """Begin to load the first pictures in the background; return all loads, those that have begun first.

    Args:
        loads: functions that return pictures; they are called in another thread.
    """
    rest = iter(loads)
    pool = ThreadPoolExecutor(1)
    first = [pool.submit(load).result for load in islice(rest, LOADS_BEGUN)]
    pool.shutdown(wait=False)
    return chain(first, rest)


def convert(model: keras.Model, batch_size: int = LITERT_BATCH, calibration: Array | None = None) -> bytes:
    """Convert a model to LiteRT's format (TFLite).

    Args:
        model: takes (b, height, width, channels).
        batch_size: how many pictures it takes at a time.
        calibration: pictures, (n, height, width, channels), which show the ranges that occur: weights and activations
            become integers of 8 bits; input and output stay float32. None keeps float32 throughout.

    Raises:
        ConversionError: LiteRT has not all the operations that the model needs.
    """
    try:
        with _quiet():
            traced = _traced_with_constants(model, batch_size)
            converter = tf.compat.v1.lite.TFLiteConverter(traced.graph.as_graph_def(), traced.inputs, traced.outputs)
            converter.exclude_conversion_metadata = True
            if calibration is not None:
                converter.optimizations = [tf.lite.Optimize.DEFAULT]
                converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
                converter.representative_dataset = lambda: _whole_batches(calibration, batch_size)
            content: bytes = converter.convert()
    except Exception as error:  # TensorFlow does not name what its converter raises
        raise ConversionError("features.not_converted", reason=str(error).splitlines()[0][:200]) from error
    return content


def interpreter(content: bytes, engine: str, batch_size: int | None = None) -> Any:
    """Make ready what runs a converted model, on one thread.

    Args:
        content: what ``convert`` returned.
        engine: ``"litert"`` or ``"tf.lite"``.
        batch_size: pictures at a time, where it shall be another number than the model was converted for.

    Returns:
        LiteRT's ``Interpreter``, tensors allocated.
    """
    module = import_module("ai_edge_litert.interpreter") if engine == "litert" else tf.lite
    with _quiet():
        made = module.Interpreter(model_content=content, num_threads=1)
        if batch_size:
            given = made.get_input_details()[0]
            made.resize_tensor_input(given["index"], (batch_size, *given["shape"][1:]))
        made.allocate_tensors()
    return made


def invoke(ready: Any, pictures: Array) -> Array:
    """Run what ``interpreter`` made ready over pictures (n, height, width, 3); return its outputs, float32."""
    given, result = ready.get_input_details()[0], ready.get_output_details()[0]["index"]
    outputs = []
    size = given["shape"][0]
    for start in range(0, len(pictures), size):
        batch = pictures[start : start + size]
        ready.tensor(given["index"])()[: len(batch)] = batch  # cast in place; of a smaller batch the rest is unused
        ready.invoke()
        outputs.append(ready.get_tensor(result)[: len(batch)])
    return np.concatenate(outputs)


def worker_count() -> int:
    """Return how many threads are worth starting: one a core that this process may use, eight at most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)


def _traced_with_constants(model: keras.Model, batch_size: int) -> Any:
    """Trace a model with its weights as constants, so that the converter has no variables to freeze.

    Freezing takes longer than the rest of a conversion; ``from_keras_model``, which writes a SavedModel, longer still.
    """
    weights = [
        [np.asarray(each) for each in part] for part in (model.trainable_variables, model.non_trainable_variables)
    ]

    def call(pictures: tf.Tensor) -> tf.Tensor:
        constants = [[tf.constant(each) for each in part] for part in weights]
        return model.stateless_call(*constants, pictures, training=False)[0]

    batch = tf.TensorSpec((batch_size, *model.input_shape[1:]), tf.float32)
    return tf.function(call, autograph=False).get_concrete_function(batch)


def _whole_batches(pictures: Array, size: int) -> Iterator[list[Array]]:
    for start in range(0, len(pictures) - size + 1, size):
        yield [pictures[start : start + size].astype(np.float32)]


def _in_order(pool: ThreadPoolExecutor, function: Callable[[Load], Array], loads: Iterable[Load]) -> Iterator[Array]:
    """Apply a function to all, a few ahead of the one that is wanted next."""
    waiting: deque[Future[Array]] = deque()
    for load in loads:
        waiting.append(pool.submit(function, load))
        if len(waiting) > 2 * worker_count():
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _quiet() -> Iterator[None]:
    """Hide what conversion and interpreters print or log, and TensorFlow's warning that its own LiteRT will move."""
    logger = logging.getLogger("absl")
    was_disabled, logger.disabled = logger.disabled, True
    try:
        with native_errors_hidden(), redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = was_disabled
