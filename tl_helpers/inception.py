"""A small Inception network, and the modules that it is built of.

Parallel branches: Szegedy et al., *Going deeper with convolutions* (2015, arXiv:1409.4842). Factorised convolutions and
reductions: Szegedy et al., *Rethinking the Inception architecture for computer vision* (2016, arXiv:1512.00567).
"""

from __future__ import annotations

from collections.abc import Sequence

import keras


def inception_network(image_size: int = 96) -> keras.Model:
    """Build a small Inception network with random weights and without classifier. Introduced in lesson 06.

    Args:
        image_size: height and width of the pictures, in pixels; a multiple of 32.

    Returns:
        Model from (b, size, size, 3), values in [-1, 1], to a feature map (b, size/32, size/32, 448). The outputs of
        its nine modules are the layers ``mixed_0`` … ``mixed_8``.
    """
    inputs = keras.Input((image_size, image_size, 3))
    features = _stem(inputs)
    features = inception_module(features, (32, 24, 32, 12, 24, 24), "mixed_0")  # (b, size/8, size/8, 112)
    features = inception_module(features, (32, 32, 48, 12, 24, 24), "mixed_1")  # … 128
    features = reduction_module(features, (48, 96), (32, 48, 48), "mixed_2")  # (b, size/16, size/16, 272)
    features = factorised_module(features, (96, 32, 96, 64), "mixed_3")  # … 256
    features = factorised_module(features, (96, 32, 96, 64), "mixed_4")
    features = factorised_module(features, (96, 32, 96, 64), "mixed_5")
    features = reduction_module(features, (48, 96), (32, 48, 64), "mixed_6")  # (b, size/32, size/32, 416)
    features = expanded_module(features, (128, 64, 128, 64), "mixed_7")  # … 448
    features = expanded_module(features, (128, 64, 128, 64), "mixed_8")
    return keras.Model(inputs, features, name="inception")


def inception_module(inputs: keras.KerasTensor, filters: Sequence[int], name: str) -> keras.KerasTensor:
    """Look at the same feature map through windows of several sizes (2015, figure 2b). Introduced in lesson 06.

    Args:
        inputs: feature map (b, h, w, c).
        filters: in the order of table 1 of the 2015 paper: 1×1; 3×3 reduce, 3×3; 5×5 reduce, 5×5; pool projection.
        name: of the layer that joins the branches; the names of all others begin with it.

    Returns:
        Feature map (b, h, w, filters[0] + filters[2] + filters[4] + filters[5]).
    """
    ones, threes_reduce, threes, fives_reduce, fives, projection = filters
    branch_1x1 = convolution(inputs, ones, 1, f"{name}_1x1")
    branch_3x3 = convolution(inputs, threes_reduce, 1, f"{name}_3x3_reduce")
    branch_3x3 = convolution(branch_3x3, threes, 3, f"{name}_3x3")
    branch_5x5 = convolution(inputs, fives_reduce, 1, f"{name}_5x5_reduce")
    branch_5x5 = convolution(branch_5x5, fives, 5, f"{name}_5x5")
    branch_pool = keras.layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_pool")(inputs)
    branch_pool = convolution(branch_pool, projection, 1, f"{name}_pool_projection")
    return keras.layers.Concatenate(name=name)([branch_1x1, branch_3x3, branch_5x5, branch_pool])


def factorised_module(inputs: keras.KerasTensor, filters: Sequence[int], name: str) -> keras.KerasTensor:
    """Split a 7×7 window into 1×7 and 7×1 (2016, figure 6). Introduced in lesson 06.

    Args:
        inputs: feature map (b, h, w, c).
        filters: 1×1; 7×7 reduce, 7×7; pool projection.
        name: as in ``inception_module``.

    Returns:
        Feature map (b, h, w, filters[0] + filters[2] + filters[3]).
    """
    ones, sevens_reduce, sevens, projection = filters
    branch_1x1 = convolution(inputs, ones, 1, f"{name}_1x1")
    branch_7x7 = convolution(inputs, sevens_reduce, 1, f"{name}_7x7_reduce")
    branch_7x7 = convolution(branch_7x7, sevens_reduce, (1, 7), f"{name}_1x7")
    branch_7x7 = convolution(branch_7x7, sevens, (7, 1), f"{name}_7x1")
    branch_pool = _pooled(inputs, projection, name)
    return keras.layers.Concatenate(name=name)([branch_1x1, branch_7x7, branch_pool])


def expanded_module(inputs: keras.KerasTensor, filters: Sequence[int], name: str) -> keras.KerasTensor:
    """Put 1×3 and 3×1 side by side, for many channels on a small map (2016, figure 7). Introduced in lesson 06.

    Args:
        inputs: feature map (b, h, w, c).
        filters: 1×1; 3×3 reduce, 1×3 and 3×1 each; pool projection.
        name: as in ``inception_module``.

    Returns:
        Feature map (b, h, w, filters[0] + 2 · filters[2] + filters[3]).
    """
    ones, threes_reduce, threes, projection = filters
    branch_1x1 = convolution(inputs, ones, 1, f"{name}_1x1")
    branch_3x3 = convolution(inputs, threes_reduce, 1, f"{name}_3x3_reduce")
    branch_1x3 = convolution(branch_3x3, threes, (1, 3), f"{name}_1x3")
    branch_3x1 = convolution(branch_3x3, threes, (3, 1), f"{name}_3x1")
    branch_pool = _pooled(inputs, projection, name)
    return keras.layers.Concatenate(name=name)([branch_1x1, branch_1x3, branch_3x1, branch_pool])


def reduction_module(
    inputs: keras.KerasTensor, single: Sequence[int], double: Sequence[int], name: str
) -> keras.KerasTensor:
    """Halve height and width by convolutions and a pooling side by side (2016, figure 10). Introduced in lesson 06.

    Args:
        inputs: feature map (b, h, w, c).
        single: filters of the branch with one 3×3: reduce, 3×3.
        double: filters of the branch with two 3×3: reduce, 3×3, 3×3.
        name: as in ``inception_module``.

    Returns:
        Feature map (b, h/2, w/2, single[1] + double[2] + c).
    """
    branch_3x3 = convolution(inputs, single[0], 1, f"{name}_3x3_reduce")
    branch_3x3 = convolution(branch_3x3, single[1], 3, f"{name}_3x3", strides=2)
    branch_double = convolution(inputs, double[0], 1, f"{name}_double_reduce")
    branch_double = convolution(branch_double, double[1], 3, f"{name}_double_1")
    branch_double = convolution(branch_double, double[2], 3, f"{name}_double_2", strides=2)
    branch_pool = keras.layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(inputs)
    return keras.layers.Concatenate(name=name)([branch_3x3, branch_double, branch_pool])


def convolution(
    inputs: keras.KerasTensor, filters: int, window: int | tuple[int, int], name: str, strides: int = 1
) -> keras.KerasTensor:
    """Convolve, normalise over the batch, cut off below zero: what every branch is made of. Introduced in lesson 06.

    Args:
        inputs: feature map (b, h, w, c).
        filters: channels of the result.
        window: height and width of the filters.
        name: the layers are ``{name}_conv``, ``{name}_bn`` and ``{name}``.
        strides: pixels from one window to the next.

    Returns:
        Feature map (b, h/strides, w/strides, filters).
    """
    features = keras.layers.Conv2D(
        filters, window, strides=strides, padding="same", use_bias=False, name=f"{name}_conv"
    )(inputs)
    features = keras.layers.BatchNormalization(name=f"{name}_bn")(features)
    return keras.layers.ReLU(name=name)(features)


def _stem(inputs: keras.KerasTensor) -> keras.KerasTensor:
    """Take pictures (b, size, size, 3) to a feature map (b, size/8, size/8, 64)."""
    features = convolution(inputs, 16, 3, "stem_1", strides=2)
    features = keras.layers.MaxPooling2D(3, strides=2, padding="same", name="stem_pool_1")(features)
    features = convolution(features, 24, 1, "stem_2")
    features = convolution(features, 64, 3, "stem_3")
    return keras.layers.MaxPooling2D(3, strides=2, padding="same", name="stem_pool_2")(features)


def _pooled(inputs: keras.KerasTensor, filters: int, name: str) -> keras.KerasTensor:
    pooled = keras.layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_pool")(inputs)
    return convolution(pooled, filters, 1, f"{name}_pool_projection")
