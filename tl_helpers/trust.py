"""How far heat maps can be trusted: cover what is hot, let the network forget, plant a clue."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from scipy.stats import spearmanr

Array = np.ndarray[Any, Any]


def cover(images: Array, heat: Array, share: float) -> Array:
    """Cover the hottest part of each picture with its mean colour. Introduced in lesson 08.

    Args:
        images: uint8, shape (n, size, size, 3).
        heat: float, shape (n, size, size); its negative covers the coldest part.
        share: of the picture that is covered, 0–1.

    Returns:
        float32, shape (n, size, size, 3).
    """
    limits = np.quantile(heat, 1 - share, axis=(1, 2), keepdims=True)
    means = images.mean(axis=(1, 2), keepdims=True)
    return np.where((heat > limits)[..., None], means, images).astype("float32")


def forget_from(base_model: keras.Model, start: str | None) -> keras.Model:
    """Copy a network with random weights from a layer on; those below stay. Introduced in lesson 08.

    Args:
        base_model: functional model.
        start: name of the first layer that forgets; None for a copy that forgets nothing.

    Returns:
        Another model of the same layers.
    """
    copy = keras.models.clone_model(base_model)
    for ours, theirs in zip(base_model.layers, copy.layers, strict=True):
        if ours.name == start:
            break
        theirs.set_weights(ours.get_weights())
    return copy


def rank_agreement(ours: Array, theirs: Array) -> float:
    """Compare two sets of maps: the mean over the pictures of Spearman's rank correlation. Introduced in lesson 08.

    Args:
        ours: float, shape (n, h, w).
        theirs: the same.

    Returns:
        1 where both put the places in the same order, about 0 where they have nothing to do with each other, -1 where
        the order is reversed.
    """
    pairs = zip(ours, theirs, strict=True)
    return float(np.mean([spearmanr(one.ravel(), other.ravel()).statistic for one, other in pairs]))


def stamp(images: Array) -> Array:
    """Put the same striped mark into the lower right corner of pictures. Introduced in lesson 08.

    Args:
        images: uint8, shape (n, size, size, 3).

    Returns:
        uint8, the same shape; the mark is a third as wide as the picture.
    """
    size = images.shape[1]
    places = np.arange(size // 3)
    stripes = np.add.outer(places, places) // (size // 32) % 2
    marked = images.copy()
    marked[:, -len(places) :, -len(places) :] = 255 * stripes[..., None]
    return marked


def heat_on_mark(heat: Array) -> float:
    """Return the mean heat where ``stamp`` puts its mark. Introduced in lesson 08.

    Args:
        heat: float, shape (n, size, size), in logits a place of the feature map.
    """
    side = heat.shape[1] // 3
    return float(heat[:, -side:, -side:].mean())
