"""What a network costs to run."""

from __future__ import annotations

from math import prod

import keras

from tl_helpers.splitting import inbound_layers, last_uses

COUNTED = (
    keras.layers.Dense,
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv2D,
)
IN_PLACE = (
    keras.layers.BatchNormalization,
    keras.layers.ReLU,
    keras.layers.Activation,
    keras.layers.Rescaling,
    keras.layers.Dropout,
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


def peak_activations(model: keras.Model) -> int:
    """Count the values kept at once while one picture passes, at the worst moment. Introduced in lesson 06.

    A layer's output is kept until the last layer that takes it has run. Batch normalisation and activation functions
    write over their input, as engines do when they join them to the convolution before. Weights and what an engine
    needs for itself are not counted.

    Args:
        model: functional, of one input and one output, such as a base model; held models are not looked into.

    Returns:
        Number of values; 4 bytes each as float32, 1 byte as int8.
    """
    last_use = last_uses(model)
    kept_by: dict[str, str] = {}
    for position, (layer, inbound) in enumerate(zip(model.layers, inbound_layers(model), strict=True)):
        taken = next(iter(inbound), layer.name)
        in_place = isinstance(layer, IN_PLACE) and last_use[taken] == position
        kept_by[layer.name] = kept_by[taken] if in_place else layer.name
    until = {name: max(last_use[each] for each in kept_by if kept_by[each] == name) for name in kept_by.values()}
    kept = [0] * len(model.layers)
    for position, layer in enumerate(model.layers):
        for moment in range(position, until.get(layer.name, -1) + 1):
            kept[moment] += prod(layer.output.shape[1:])
    return max(kept)


def _of_layer(layer: keras.Layer) -> int:
    if hasattr(layer, "layers"):
        return multiply_adds(layer)
    if not isinstance(layer, COUNTED):
        return 0
    kernels = sum(prod(weight.shape) for weight in layer.weights if "kernel" in weight.name)
    return int(kernels * prod(layer.output.shape[1:-1]))
