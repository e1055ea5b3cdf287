"""Facts about Keras models: what is frozen, what is pretrained, what its pictures become, how it is compiled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.facts import Facts

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class ModelFacts(Facts):
    """A model: parameters counted, its base compared with the pretrained one, its range of pixels, its outputs."""

    output_shape: list[int] = field(default_factory=list)  # without the number of pictures
    activation: str = ""
    trainable: int = 0
    trainable_in_base: int = 0
    has_base: bool = False
    same_as_pretrained: float = 0.0  # share of the base's weight arrays that are equal to the pretrained ones
    statistics_moved: int = 0
    batch_norms_awake: int = 0
    pixels_at_base: list[float] = field(default_factory=list)  # what 0 and 255 are when they reach the base


@dataclass(frozen=True)
class CompileFacts(Facts):
    """How a model is compiled, and the activation of its last layer."""

    loss: str = ""
    from_logits: bool = False
    activation: str = ""
    metrics: list[str] = field(default_factory=list)
    optimizer: str = ""
    learning_rate: float = 0.0


def model_facts(answer: Any, pretrained: keras.Model) -> ModelFacts:
    """Collect the facts of a model. Introduced in lesson 04.

    Args:
        answer: a Keras model of pictures.
        pretrained: the base that it should stand on, as it was loaded.
    """
    if not isinstance(answer, keras.Model):
        return ModelFacts("model_kind", plain.kind(answer))
    if not plain.attempt(lambda: answer.built and bool(answer.output_shape), False):
        return ModelFacts("model_unbuilt", plain.kind(answer))
    return plain.attempt(lambda: _model_facts(answer, pretrained), ModelFacts("model_kind", plain.kind(answer)))


def compile_facts(answer: Any) -> CompileFacts:
    """Collect how a model is compiled. Introduced in lesson 04."""
    if not isinstance(answer, keras.Model):
        return CompileFacts("model_kind", plain.kind(answer))
    if not plain.attempt(lambda: bool(answer.compiled), False):
        return CompileFacts("compile_missing", plain.kind(answer))
    loss = plain.attempt(lambda: _single(answer.loss), None)
    no_names: list[str] = []
    return CompileFacts(
        loss=plain.attempt(lambda: _snake(loss), ""),
        from_logits=plain.attempt(lambda: bool(loss.get_config()["from_logits"]), False),
        activation=plain.attempt(lambda: _activation(answer), ""),
        metrics=plain.attempt(lambda: _metric_names(answer), no_names),
        optimizer=plain.attempt(lambda: type(answer.optimizer).__name__, ""),
        learning_rate=plain.attempt(lambda: float(np.asarray(answer.optimizer.learning_rate)), 0.0),
    )


def _model_facts(model: keras.Model, pretrained: keras.Model) -> ModelFacts:
    layers = list(flat_layers(model))
    trainable = {id(weight) for weight in model.trainable_weights}
    weights = [weight for layer in layers for weight in layer.weights]
    reference = [weight for layer in flat_layers(pretrained) for weight in layer.weights]
    base = _like(weights, reference)
    same = [bool(np.array_equal(_value(mine), _value(theirs))) for mine, theirs in zip(base, reference, strict=False)]
    moved = [not kept for kept, one in zip(same, reference, strict=False) if "moving_" in str(one.path)]
    own = {id(weight) for weight in base}
    norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
    norms = [layer for layer in norms if any(id(weight) in own for weight in layer.weights)]
    return ModelFacts(
        output_shape=[int(size or 0) for size in model.output_shape[1:]],
        activation=_activation(model),
        trainable=sum(_size(weight) for weight in model.trainable_weights),
        trainable_in_base=sum(_size(weight) for weight in base if id(weight) in trainable),
        has_base=bool(base),
        same_as_pretrained=float(np.mean(same)) if same else 0.0,
        statistics_moved=sum(moved),
        batch_norms_awake=sum(bool(layer.trainable) for layer in norms),
        pixels_at_base=plain.attempt(lambda: _pixels_at_base(model, layers), []),
    )


def flat_layers(model: Any) -> Iterator[Any]:
    """Go through a model's layers in order, and through those of the models that it holds."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from flat_layers(layer)
        else:
            yield layer


def _like(weights: Sequence[Any], reference: Sequence[Any]) -> list[Any]:
    """Return the first run of weights with the shapes of the reference's; [] where there is none."""
    shapes, wanted = [tuple(weight.shape) for weight in weights], [tuple(weight.shape) for weight in reference]
    for start in range(len(shapes) - len(wanted) + 1):
        if shapes[start : start + len(wanted)] == wanted:
            return list(weights[start : start + len(wanted)])
    return []


def _pixels_at_base(model: keras.Model, layers: Sequence[Any]) -> list[float]:
    first = next(layer for layer in layers if isinstance(layer, keras.layers.Conv2D))
    seen: list[float] = []
    call = first.call

    def spy(inputs: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(float(np.mean(np.asarray(inputs))))
        return call(inputs, *args, **kwargs)

    object.__setattr__(first, "call", spy)
    try:
        for value in (0.0, 255.0):
            model(np.full((1, *model.input_shape[1:]), value, dtype=np.float32), training=False)
    finally:
        object.__delattr__(first, "call")
    return seen


def _activation(model: Any) -> str:
    last = list(flat_layers(model))[-1]
    if isinstance(last, keras.layers.Softmax):
        return "softmax"
    return str(getattr(getattr(last, "activation", None), "__name__", "linear"))


def _single(loss: Any) -> Any:
    if isinstance(loss, dict):
        loss = list(loss.values())
    return loss[0] if isinstance(loss, list | tuple) else loss


def _snake(loss: Any) -> str:
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    known = keras.losses.get(name) if isinstance(loss, str) else None
    name = getattr(known, "__name__", name) if known is not None else name
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in str(name)).strip("_")


def _metric_names(model: keras.Model) -> list[str]:
    listed = (model.get_compile_config() or {}).get("metrics") or []
    listed = list(listed.values()) if isinstance(listed, dict) else listed
    listed = [one for each in listed for one in (each if isinstance(each, list) else [each])]
    return [each if isinstance(each, str) else str(each["class_name"]) for each in listed]


def _size(weight: Any) -> int:
    return int(np.prod(weight.shape))


def _value(weight: Any) -> Array:
    return np.asarray(weight.value)
