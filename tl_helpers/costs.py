"""What a network costs to run."""

from __future__ import annotations

from math import prod

import keras

COUNTED = (
    keras.layers.Dense,
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv2D,
)


def multiply_adds(model: keras.Model) -> int:
    """Count the multiplications, each with its addition, that one picture takes. Introduced in lesson 06.

    Convolutions and dense layers are counted, as is usual; all else is little beside them.

    Args:
        model: built, of one input; may hold other models.

    Example:
        >>> multiply_adds(keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(16, 3, padding="same")]))
        27648
    """
    return sum(_of_layer(layer) for layer in model.layers)


def _of_layer(layer: keras.Layer) -> int:
    if hasattr(layer, "layers"):
        return multiply_adds(layer)
    if not isinstance(layer, COUNTED):
        return 0
    kernels = sum(prod(weight.shape) for weight in layer.weights if "kernel" in weight.name)
    return int(kernels * prod(layer.output.shape[1:-1]))
