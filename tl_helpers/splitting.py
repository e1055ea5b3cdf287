"""Cut a base model in two, so that the frozen part runs once and only the rest is trained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from tl_helpers.messages import CourseError


def split_at(base_model: keras.Model, layer: str | int) -> tuple[keras.Model, keras.Model]:
    """Cut a base model after a layer; both parts share its layers and weights. Introduced in lesson 03.

    What is trained in one of the parts has changed in ``base_model`` as well. ``join`` puts the parts together again.

    Args:
        base_model: functional model with one input and one output, such as those of ``keras.applications``.
        layer: name or index of the last layer of the first part, one of ``legal_cuts(base_model)``.

    Returns:
        Two models: from the input to the layer's output, and from there to the base model's output.

    Raises:
        CourseError: there is no such layer; or the cut is not legal, because something else than this layer's output
            goes round it (the shortcut of a residual block, a parallel branch).
    """
    name = _layer_name(base_model, layer)
    cuts = legal_cuts(base_model)
    if name not in cuts:
        raise _illegal(base_model, name, cuts)
    cut = base_model.get_layer(name).output
    bottom = keras.Model(base_model.input, cut, name=f"{base_model.name}_bottom")
    return bottom, keras.Model(cut, base_model.output, name=f"{base_model.name}_top")


def join(bottom: keras.Model, top: keras.Model) -> keras.Model:
    """Put two models together, the second taking what the first gives. Introduced in lesson 03.

    Args:
        bottom: gives a tensor of the shape that ``top`` takes.
        top: what ``split_at`` returned, or a classifier built on it.

    Returns:
        One Keras model that shares layers and weights with both; it can be trained, saved and exported.

    Raises:
        CourseError: the shapes do not fit.
    """
    if bottom.output_shape[1:] != top.input_shape[1:]:
        raise CourseError("splitting.join", found=bottom.output_shape[1:], expected=top.input_shape[1:])
    return keras.Model(bottom.input, top(bottom.output))


def legal_cuts(base_model: keras.Model) -> list[str]:
    """List the layers after which a model can be cut: all that flows on passes through them. Introduced in lesson 03.

    Args:
        base_model: functional model with one input and one output.

    Returns:
        Names, in the order in which a picture passes; neither the input nor the last layer.
    """
    names = [layer.name for layer in base_model.layers]
    last_use = last_uses(base_model)
    cuts, reached = [], last_use[names[0]]  # how far what was computed so far is still needed
    for position, name in enumerate(names[1:-1], start=1):
        if reached <= position:
            cuts.append(name)
        reached = max(reached, last_use[name])
    return cuts


def last_uses(model: keras.Model) -> dict[str, int]:
    """Return for each layer the position of the last one that takes its output."""
    uses = {layer.name: position for position, layer in enumerate(model.layers)}
    for position, inbound in enumerate(inbound_layers(model)):
        uses |= {name: max(position, uses[name]) for name in inbound}
    return uses


def inbound_layers(model: keras.Model) -> list[set[str]]:
    """Return for each layer of a functional model the names of those whose output it takes."""
    return [set(_histories(layer["inbound_nodes"])) for layer in model.get_config()["layers"]]


def _histories(node: Any) -> Iterator[str]:
    """Find the layers named in a part of a model's configuration."""
    if isinstance(node, dict):
        if "keras_history" in node:
            yield node["keras_history"][0]
        node = list(node.values())
    if isinstance(node, list | tuple):
        for part in node:
            yield from _histories(part)


def _layer_name(model: keras.Model, layer: str | int) -> str:
    names = [each.name for each in model.layers]
    if isinstance(layer, int) and 0 <= layer < len(names):
        return str(names[layer])
    if layer in names:
        return str(layer)
    raise CourseError("splitting.unknown_layer", found=layer, model=model.name, count=len(names), last=len(names) - 1)


def _illegal(model: keras.Model, name: str, cuts: list[str]) -> CourseError:
    names = [layer.name for layer in model.layers]
    position = names.index(name)
    if name in (names[0], names[-1]):
        return CourseError("splitting.end", found=name, first=cuts[0], last=cuts[-1])
    early, late = next(
        (other, names[taker])
        for other, taker in last_uses(model).items()
        if names.index(other) < position and taker > position
    )
    before = [cut for cut in cuts if names.index(cut) < position]
    after = [cut for cut in cuts if names.index(cut) > position]
    near = ", ".join(before[-1:] + after[:1])
    return CourseError("splitting.goes_round", found=name, early=early, late=late, near=near)
