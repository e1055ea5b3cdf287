"""Networks and data whose answers are known: what lesson 08 tries its tools on before it trusts them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

Array = np.ndarray[Any, Any]


def one_filter(weights: Array) -> keras.Model:
    """Build a network of a single filter, followed by ReLU; its layer is called ``"filter"``. Introduced in lesson 08.

    Args:
        weights: shape (3, 3): the same for red, green and blue.

    Returns:
        Model from pictures (n, h, w, 3) to maps (n, h - 2, w - 2, 1).
    """
    layer = keras.layers.Conv2D(1, 3, use_bias=False, activation="relu", name="filter")
    pictures = keras.Input((None, None, 3))
    model = keras.Model(pictures, layer(pictures))
    model.set_weights([np.repeat(np.reshape(weights, (3, 3, 1, 1)), 3, axis=2)])
    return model


def stripes(size: int = 24) -> Array:
    """Draw a picture of upright stripes and one of the same stripes lying. Introduced in lesson 08.

    Args:
        size: height and width in pixels.

    Returns:
        float32, shape (2, size, size, 3), 0 and 1; a stripe is 6 pixels wide.
    """
    upright = np.tile(np.arange(size) // 6 % 2, (size, 1))
    return np.stack([upright, upright.T])[..., None].repeat(3, axis=-1).astype("float32")


def places_lit(weights: Array, picture: Array) -> int:
    """Count the places of a picture at which a filter answers with more than rounding. Introduced in lesson 08.

    Args:
        weights: as for ``one_filter``.
        picture: float32, shape (h, w, 3).
    """
    return int(np.sum(np.asarray(one_filter(weights)(picture[None])) > 1e-4))


def linear_filters(count: int = 3, seed: int = 1) -> tuple[keras.Model, Array]:
    """Build a layer of random filters without anything after them. Introduced in lesson 08.

    Args:
        count: number of filters.
        seed: another seed gives others.

    Returns:
        Model from pictures (n, 9, 9, 3) to maps (n, 7, 7, count), whose middle sees the pixels 3 to 5; and the filters,
        shape (count, 3, 3, 3).
    """
    filters = np.random.default_rng(seed).normal(size=(count, 3, 3, 3))
    model = keras.Sequential([keras.Input((9, 9, 3)), keras.layers.Conv2D(count, 3, use_bias=False)])
    model.set_weights([np.moveaxis(filters, 0, -1)])
    return model, filters


def two_patches(size: int = 12) -> tuple[keras.Model, Array, tuple[Array, Array]]:
    """Give a picture with a red and a blue patch to channels that find red and blue. Introduced in lesson 08.

    Args:
        size: height and width of the picture.

    Returns:
        A head from maps (n, size, size, 2) to a logit, which red raises and blue lowers; the maps of the picture,
        float32, shape (1, size, size, 2); and where the patches are, boolean, shape (size, size) each.
    """
    red, blue = np.zeros((2, size, size), dtype=bool)
    red[1:4, -4:-1] = blue[-4:-1, 1:4] = True
    layers = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1, use_bias=False)]
    top = keras.Sequential([keras.Input((size, size, 2)), *layers])
    top.set_weights([np.array([[1], [-1]])])
    return top, np.stack([red, blue], axis=-1)[None].astype("float32"), (red, blue)


def hidden_classes(count: int = 200, seed: int = 0) -> tuple[Array, Array]:
    """Make features of two classes that differ in one feature of little spread only. Introduced in lesson 08.

    Args:
        count: of examples.
        seed: another seed gives others.

    Returns:
        Float, shape (count, 20); and labels 0 and 1, shape (count,).
    """
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    features = random.normal(0, 5, (count, 20))
    features[:, 7] = labels + random.normal(0, 0.1, count)
    return features, labels
