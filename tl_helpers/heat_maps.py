"""Where in a picture an answer comes from: heat maps by Grad-CAM."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

Array = np.ndarray[Any, Any]


def head_on_maps(base_model: keras.Model, head: keras.Model) -> keras.Model:
    """Put a head on the last feature map: average over the places, then the head. Introduced in lesson 08.

    Args:
        base_model: gives the maps (n, h, w, channels).
        head: from features (n, channels) to logits.

    Returns:
        Model from maps (n, h, w, channels) to logits.
    """
    maps = keras.Input(base_model.output_shape[1:])
    return keras.Model(maps, head(keras.layers.GlobalAveragePooling2D()(maps)))


def evidence(top: keras.Model, maps: Array, direction: Array) -> Array:
    """Weigh each channel of a feature map by how the score grows with it, and add the channels up.

    Introduced in lesson 08. Source: Selvaraju et al., Grad-CAM (2017), equations 1 and 2, without the ReLU.

    Args:
        top: from maps (n, h, w, channels) to logits (n, k).
        maps: float32, shape (n, h, w, channels).
        direction: float, shape (n, k): what the logits are multiplied by to get the score; with one logit 1 asks for
            class 1, -1 for class 0.

    Returns:
        float32, shape (n, h, w): above 0 what speaks for the class asked for, below 0 against it.
    """
    maps = tf.convert_to_tensor(maps)
    with tf.GradientTape() as tape:
        tape.watch(maps)
        score = tf.reduce_sum(direction * top(maps, training=False))
    weights = tf.reduce_mean(tape.gradient(score, maps), (1, 2), keepdims=True)
    return np.asarray(tf.reduce_sum(weights * maps, -1))


def grad_cam(top: keras.Model, maps: Array, direction: Array) -> Array:
    """Return Grad-CAM's heat maps: what speaks for the class asked for, and nothing else. Introduced in lesson 08.

    Args:
        top: as for ``evidence``.
        maps: as for ``evidence``.
        direction: as for ``evidence``.

    Returns:
        float32, shape (n, h, w), 0 or more.
    """
    return np.maximum(evidence(top, maps, direction), 0)


def enlarge(heat: Array, size: int) -> Array:
    """Stretch heat maps to the size of the pictures, smoothly. Introduced in lesson 08.

    Args:
        heat: float, shape (n, h, w).
        size: height and width in pixels.

    Returns:
        float32, shape (n, size, size).
    """
    return np.asarray(tf.image.resize(heat[..., None], (size, size)))[..., 0]
