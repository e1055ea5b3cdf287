"""Models for phones and small devices: one file in the format TFLite, which LiteRT runs without Keras or TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import keras
import numpy as np

from tl_helpers import engines
from tl_helpers.features import check_image_shape, image_loads
from tl_helpers.messages import CourseError

Array = np.ndarray[Any, Any]


def to_tflite(model: keras.Model) -> bytes:
    """Convert a model to TFLite, its numbers as they are (float32). Introduced in lesson 03.

    Args:
        model: from plain pictures (b, size, size, 3), values 0–255, to logits (b, outputs), such as
            ``build_classifier`` gives.

    Returns:
        The content of a ``.tflite`` file that takes one picture at a time, float32, (1, size, size, 3), values 0–255.

    Raises:
        CourseError: LiteRT has not all the operations that the model needs.
    """
    return _converted(model)


def to_int8(model: keras.Model, pictures: Array) -> bytes:
    """Convert a model to TFLite with integers of 8 bits instead of float32. Introduced in lesson 06.

    Weights get a scale a channel, activations a scale a tensor, set by the smallest and largest values that the given
    pictures produce (Jacob et al., *Quantization and training of neural networks for efficient integer-arithmetic-only
    inference*, 2018, arXiv:1712.05877). The model is not trained again.

    Args:
        model: as for ``to_tflite``.
        pictures: uint8 or float, shape (n, size, size, 3), 0–255, for calibration: some dozens like those of later use.

    Returns:
        The content of a ``.tflite`` file: integers inside, but the same float32 input and output as ``to_tflite``
        gives, so that either file can be used in place of the other.

    Raises:
        CourseError: as ``to_tflite``; or no pictures, or pictures of another shape than the model takes.
    """
    if len(pictures) == 0:
        raise CourseError("export.no_pictures")
    check_image_shape(pictures, model.input_shape[1:])
    return _converted(model, pictures)


def run_tflite(content: bytes, pictures: Array) -> Array:
    """Run a TFLite model over pictures, with LiteRT where it is installed, else with TensorFlow's own.

    Introduced in lesson 03.

    Args:
        content: what ``to_tflite`` or ``to_int8`` returned, or what a ``.tflite`` file with float32 input holds.
        pictures: uint8 or float, shape (n, size, size, 3), 0–255, of the size that the model takes.

    Returns:
        float32 logits, shape (n, outputs).

    Raises:
        CourseError: no pictures, pictures of another shape than the model takes, or content that is no TFLite model.
    """
    if len(pictures) == 0:
        raise CourseError("export.no_pictures")
    check_image_shape(pictures, input_shape(content)[1:])
    return np.concatenate(list(engines.run_litert(content, image_loads(pictures), lite_engine())))


def load_tflite(content: bytes, batch_size: int = 1) -> Callable[[Array], Array]:
    """Make a TFLite model ready to run again and again, on one core. Introduced in lesson 06.

    Args:
        content: as for ``run_tflite``.
        batch_size: pictures that it will be given at a time.

    Returns:
        Function from pictures, uint8 or float, (batch_size, size, size, 3), 0–255, to float32 logits (batch_size,
        outputs).

    Raises:
        CourseError: as ``run_tflite``.
    """
    expected = input_shape(content)[1:]
    loaded = engines.interpreter(content, lite_engine(), batch_size)

    def run(pictures: Array) -> Array:
        check_image_shape(pictures, expected)
        return engines.invoke(loaded, pictures)

    return run


def input_shape(content: bytes) -> tuple[int, ...]:
    """Return the shape that a TFLite model takes: (batch, height, width, channels).

    Raises:
        CourseError: the content is no TFLite model.
    """
    try:
        interpreter = engines.interpreter(content, lite_engine())
    except ValueError as error:
        raise CourseError("export.no_model", reason=str(error).splitlines()[0][:200]) from error
    return tuple(int(length) for length in interpreter.get_input_details()[0]["shape"])


def lite_engine() -> str:
    """Return the engine that runs TFLite models here: ``"litert"`` where it is installed, else ``"tf.lite"``."""
    return "litert" if find_spec("ai_edge_litert") else "tf.lite"


def _converted(model: keras.Model, calibration: Array | None = None) -> bytes:
    try:
        return engines.convert(model, 1, calibration)
    except engines.ConversionError as error:
        raise CourseError("export.not_converted", **error.values) from error
