"""Fine-tuning: wake up the top of a base model, and count what that moves and what it may not move."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np

from tl_helpers.drawn import drawn_splits
from tl_helpers.editions import Edition
from tl_helpers.features import extract_activations
from tl_helpers.pictures import Splits, load_pictures
from tl_helpers.sources import data_set
from tl_helpers.splitting import legal_cuts, split_at
from tl_helpers.transfer import compile_classifier, unfreeze

Array = np.ndarray[Any, Any]
History = dict[str, list[float]]

SIMILARITY, HELD_OUT_PER_CLASS = 0.5, 250  # drawn half-way to engravings; for validation and test together


def load_unfamiliar(edition: Edition) -> Splits:
    """Load cats and dogs, in the mini edition drawn unlike what its base was pretrained on. Introduced in lesson 03.

    Args:
        edition: mini: drawn half-way to engravings; full: photographs, the kind that ImageNet's base knows.
    """
    if edition.name == "full":
        return load_pictures("cats_and_dogs", edition)
    fewer = replace(data_set("cats_and_dogs"), drawn_held_out=HELD_OUT_PER_CLASS)
    return drawn_splits(fewer, edition.image_size, SIMILARITY)


def moving_statistics(model: keras.Model) -> dict[str, Array]:
    """Return a copy of each moving mean and variance of a model's batch normalisation. Introduced in lesson 03.

    Returns:
        Path of the weight → float32, shape (channels,).
    """
    return {weight.path: weight.numpy() for weight in model.weights if weight.name.startswith("moving_")}


def moved_statistics(before: dict[str, Array], model: keras.Model) -> int:
    """Count the moving means and variances that are no longer what they were. Introduced in lesson 03.

    Args:
        before: what ``moving_statistics`` returned for the same model earlier.
        model: the model now.
    """
    after = moving_statistics(model)
    return sum(not np.array_equal(before[path], after[path]) for path in before)


def unfreeze_layers(base_model: keras.Model, start: int = 0) -> keras.Model:
    """Make a base model trainable from a layer on, but no batch normalisation. Introduced in lesson 03.

    This is the idea of ``unfreeze``, for a base model whose layers hold no other models.

    Args:
        base_model: without its classifier.
        start: index of the first layer that is trained.

    Returns:
        The same model; compile what is built on it (again) afterwards.
    """
    base_model.trainable = True
    for position, layer in enumerate(base_model.layers):
        is_batch_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = position >= start and not is_batch_norm
    return base_model


def at_cut(
    base_model: keras.Model, preprocess: keras.Layer, cut: str | None, *image_sets: Array
) -> tuple[keras.Model, list[Array]]:
    """Return the part of a base model above a cut, and what reaches it from each set of pictures.

    Introduced in lesson 03.

    Args:
        base_model: without its classifier.
        preprocess: what ``preprocessing`` gives for this base model.
        cut: one of ``legal_cuts(base_model)``; None for the whole base model.
        *image_sets: uint8, shape (n, size, size, 3), 0–255 each.

    Returns:
        The part to be trained, and for each set the float32 array (n, height, width, channels) that it takes.
    """
    if cut is None:
        return base_model, [np.asarray(preprocess(images.astype("float32"))) for images in image_sets]
    bottom, top = split_at(base_model, cut)
    return top, [extract_activations(bottom, preprocess, images) for images in image_sets]


def classifier_on(top: keras.Model, head: keras.Model, learning_rate: float) -> keras.Model:
    """Put a copy of a trained head on an unfrozen part of a base model, and compile. Introduced in lesson 03.

    Args:
        top: the part to be trained; it is unfrozen here, batch normalisation excepted.
        head: from features to logits, such as ``train_head`` returns; it stays as it is.
        learning_rate: of Adam.

    Returns:
        Model from what ``top`` takes to logits.
    """
    copy = keras.models.clone_model(head)
    copy.set_weights(head.get_weights())
    features = keras.layers.GlobalAveragePooling2D()(unfreeze(top).output)
    return compile_classifier(keras.Model(top.input, copy(features)), learning_rate)


def best_epoch(history: History) -> int:
    """Return the epoch, counted from 0, with the lowest validation loss: the one whose weights ``fit`` keeps.

    Introduced in lesson 03.
    """
    return int(np.argmin(history["val_loss"]))


def block_ends(base_model: keras.Model) -> list[str]:
    """List the legal cuts at which a block of MobileNetV2 ends. Introduced in lesson 03."""
    return [cut for cut in legal_cuts(base_model) if cut.endswith(("_add", "_project_BN"))]
