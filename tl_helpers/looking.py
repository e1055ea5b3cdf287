"""Looking inside a network: what its filters are, what its channels answer, and what they would like to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

Array = np.ndarray[Any, Any]


def filter_pictures(kernel: Array) -> Array:
    """Turn the filters of a first layer into pictures: a weight of 0 is grey, a positive one bright.

    Introduced in lesson 08.

    Args:
        kernel: float, shape (height, width, 3, filters).

    Returns:
        uint8, shape (filters, height, width, 3); the strongest weight of each filter is black or white.
    """
    filters = np.moveaxis(kernel, -1, 0)  # (filters, h, w, 3)
    strongest = np.abs(filters).max(axis=(1, 2, 3), keepdims=True)
    return np.asarray(np.round(127.5 + 127.5 * filters / strongest), dtype=np.uint8)


def activations(model: keras.Model, names: Sequence[str], inputs: Array) -> dict[str, Array]:
    """Return what layers of a network answer to pictures. Introduced in lesson 08.

    Args:
        model: functional model.
        names: of layers.
        inputs: as the model takes them, shape (n, height, width, 3).

    Returns:
        Name → float32, shape (n, h, w, channels).
    """
    outputs = {name: model.get_layer(name).output for name in names}
    answers = keras.Model(model.input, outputs)(inputs, training=False)
    return {name: np.asarray(answers[name]) for name in names}


def in_batches(model: keras.Model, inputs: Array, size: int = 16) -> Array:
    """Run a model on a few pictures at a time: ready at once, and memory stays small. Introduced in lesson 08.

    Args:
        model: Keras model with one output.
        inputs: as it takes them, shape (n, …).
        size: pictures at a time.

    Returns:
        float32, shape (n, …).
    """
    starts = range(0, len(inputs), size)
    return np.concatenate([np.asarray(model(inputs[start : start + size], training=False)) for start in starts])


def liveliest(answers: Array, count: int) -> Array:
    """Find the channels whose answers to a picture differ most from place to place. Introduced in lesson 08.

    Args:
        answers: of one picture, float, shape (h, w, channels).
        count: how many.

    Returns:
        int64, shape (count,): channels, the liveliest first.
    """
    spread = answers.std(axis=(0, 1))
    return np.argsort(-spread, kind="stable")[:count]


def middle_of(bottom: keras.Model) -> tuple[int, int]:
    """Return row and column of the middle of the maps that a model gives. Introduced in lesson 08."""
    return bottom.output_shape[1] // 2, bottom.output_shape[2] // 2


def seen_from_middle(bottom: keras.Model) -> tuple[int, int, int, int]:
    """Find the part of the picture that the middle of a map depends on: its receptive field. Introduced in lesson 08.

    Args:
        bottom: from pictures (n, height, width, 3) to maps (n, h, w, channels).

    Returns:
        First row, row after the last, first column, column after the last, in pixels, cut off at the picture's edge.
    """
    row, column = middle_of(bottom)
    noise = np.random.default_rng(0).uniform(-1, 1, (4, *bottom.input_shape[1:]))
    pictures = tf.constant(noise, dtype="float32")
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        answers = bottom(pictures, training=False)[:, row, column]
    touched = np.any(tape.gradient(answers, pictures) != 0, axis=(0, 3))
    rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def receptive_fields(model: keras.Model, names: Sequence[str]) -> dict[str, tuple[int, int, int, int]]:
    """Find what the middle of each layer's map depends on. Introduced in lesson 08.

    Args:
        model: functional model from pictures (n, height, width, 3).
        names: of layers that give maps.

    Returns:
        Name → as ``seen_from_middle`` returns it.
    """
    return {name: seen_from_middle(keras.Model(model.input, model.get_layer(name).output)) for name in names}


def favourite_pictures(
    bottom: keras.Model, channels: Sequence[int], steps: int = 30, rate: float = 0.02, smoothing: int = 4
) -> Array:
    """Look for pictures to which the middle of a channel's map answers strongly, by gradient ascent from grey.

    Introduced in lesson 08. Source: Erhan et al., Visualizing higher-layer features of a deep network (2009); smoothed
    gradients as in Olah et al., Feature visualization (2017).

    Args:
        bottom: from pictures (n, height, width, 3), values in [-1, 1], to maps (n, h, w, channels).
        channels: one a picture.
        steps: of the ascent.
        rate: how far a step goes: the mean change of a pixel (root of the mean square).
        smoothing: how often the gradient is averaged with its neighbours; 0 not at all.

    Returns:
        float32, shape (len(channels), height, width, 3), in [-1, 1].
    """
    row, column = middle_of(bottom)
    wanted = [(picture, row, column, channel) for picture, channel in enumerate(channels)]
    noise = np.random.default_rng(0).normal(0, 0.01, (len(wanted), *bottom.input_shape[1:]))
    pictures = tf.Variable(noise, dtype="float32")
    for _ in range(steps):
        with tf.GradientTape() as tape:
            answers = tf.gather_nd(bottom(pictures, training=False), wanted)
        slopes = tape.gradient(answers, pictures)
        for _ in range(smoothing):
            slopes = tf.nn.avg_pool2d(slopes, 3, 1, "SAME")
        slopes /= tf.sqrt(tf.reduce_mean(slopes**2, (1, 2, 3), keepdims=True)) + 1e-8
        pictures.assign(tf.clip_by_value(pictures + rate * slopes, -1, 1))
    return np.asarray(pictures)
