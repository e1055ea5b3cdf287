"""Transfer learning itself: a frozen base model, a new head, features computed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from tl_helpers.messages import CourseError

Array = np.ndarray[Any, Any]


def build_classifier(
    base_model: keras.Model,
    preprocess: keras.Layer,
    outputs: int = 1,
    dropout: float = 0.2,
    augmentation: keras.Layer | None = None,
) -> keras.Model:
    """Put a new head on a base model; the result takes plain pictures of 0–255. Introduced in lesson 02.

    Args:
        base_model: without its classifier; freeze it first (``base_model.trainable = False``).
        preprocess: what ``preprocessing`` gives for this base model.
        outputs: logits: 1 for two classes, else one a class.
        dropout: share of the features switched off in training, 0–1.
        augmentation: layers that vary the pictures, in training only.

    Returns:
        Model from (b, size, size, 3) in 0–255 to logits (b, outputs).
    """
    inputs = keras.Input(base_model.input_shape[1:])
    pictures = augmentation(inputs) if augmentation is not None else inputs
    feature_map = base_model(preprocess(pictures), training=False)
    features = keras.layers.GlobalAveragePooling2D()(feature_map)
    features = keras.layers.Dropout(dropout)(features)
    return keras.Model(inputs, keras.layers.Dense(outputs, name="head")(features))


def compile_classifier(model: keras.Model, learning_rate: float = 1e-3) -> keras.Model:
    """Compile a model that gives logits with Adam, the loss that fits its last layer, and accuracy.

    Args:
        model: last layer without activation; one output for two classes, else one a class.
        learning_rate: of Adam.

    Returns:
        The same model. Introduced in lesson 02.
    """
    if model.output_shape[-1] == 1:
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        accuracy = keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")  # logit 0 is probability 0.5
    else:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=[accuracy])
    return model


def train_head(
    features: Array, labels: Array, outputs: int = 1, epochs: int = 20, learning_rate: float = 1e-3, **fit: Any
) -> tuple[keras.Model, keras.callbacks.History]:
    """Train a head on features computed once. Introduced in lesson 02.

    Args:
        features: float32, shape (n, channels).
        labels: integers, shape (n,).
        outputs: logits: 1 for two classes, else one a class.
        epochs: passes over the features.
        learning_rate: of Adam.
        **fit: passed to ``keras.Model.fit``, such as ``validation_data``.

    Returns:
        The head, from features (b, channels) to logits (b, outputs), and its history.
    """
    layers = [keras.Input(features.shape[1:]), keras.layers.Dropout(0.2), keras.layers.Dense(outputs, name="head")]
    head = compile_classifier(keras.Sequential(layers), learning_rate)
    return head, head.fit(features, labels, epochs=epochs, verbose=0, **fit)


def unfreeze(base_model: keras.Model, from_layer: str | int | None = None) -> keras.Model:
    """Make a base model trainable from a layer on, but keep its batch normalisation frozen. Introduced in lesson 03.

    Building a model with ``training=False`` does not stop moving statistics in Keras 3: a trainable batch-normalisation
    layer would still change them in ``fit``. Compile the model again afterwards, at a low learning rate.

    Args:
        base_model: without its classifier; may hold other models.
        from_layer: name of the first trainable layer at any depth, or its index in ``base_model.layers``; None for all.

    Returns:
        The same model.

    Raises:
        CourseError: the base model has no such layer.
    """
    layers = _nested_layers(base_model)
    start = 0 if from_layer is None else _position(base_model, layers, from_layer)
    base_model.trainable = True  # reaches what it holds only where it was False before
    for position, layer in enumerate(layers):
        is_batch_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = hasattr(layer, "layers") or (position >= start and not is_batch_norm)
    return base_model


def _nested_layers(model: keras.Model) -> list[keras.Layer]:
    """Return a model's layers in order, each followed by those that it holds itself."""
    return [each for layer in getattr(model, "layers", ()) for each in (layer, *_nested_layers(layer))]


def _position(base_model: keras.Model, layers: Sequence[keras.Layer], wanted: str | int) -> int:
    known = range(len(base_model.layers))
    if isinstance(wanted, int) and wanted in known:
        return layers.index(base_model.layers[wanted])
    for position, layer in enumerate(layers):
        if layer.name == wanted:
            return position
    raise CourseError(
        "base_models.unknown_layer", found=wanted, model=base_model.name, count=len(known), last=len(known) - 1
    )
