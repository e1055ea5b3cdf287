"""The dropout comparison: one dense network, large for its data, trained without and with dropout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import Edition
from tl_helpers.pictures import Pictures, load_pictures

Array = np.ndarray[Any, Any]
History = dict[str, list[float]]
Examples = tuple[Array, Array]

PER_SET = 400  # pictures


def two_kinds(edition: Edition) -> tuple[Pictures, Pictures]:
    """Load a few pictures of two kinds that pixels alone can half tell apart. Introduced in lesson 01.

    Args:
        edition: mini: drawn cups and umbrellas; full: photographs of cats and dogs.

    Returns:
        Pictures for training and for validation, at most 400 each.
    """
    if edition.name == "mini":
        train, validation = (drawn_pictures(("cup", "umbrella"), PER_SET // 2, seed) for seed in (1, 2))
        return train, validation
    splits = load_pictures("cats_and_dogs", edition)
    return _some(splits.train), _some(splits.validation)


def dense_network(inputs: int, rate: float, seed: int, units: int = 512) -> keras.Model:
    """Build a dense network with dropout after each hidden layer, and compile it. Introduced in lesson 01.

    Args:
        inputs: numbers per picture.
        rate: share of the neurons switched off at each training step, 0–1; 0 for no dropout.
        seed: of weights and dropout; the starting weights are the same for every ``rate``.
        units: neurons in each of the two hidden layers.

    Returns:
        Model from (b, inputs) to logits (b, 1).
    """
    keras.utils.set_random_seed(seed)
    network = keras.Sequential([keras.Input((inputs,))])
    for _ in range(2):
        network.add(keras.layers.Dense(units, activation="relu"))
        network.add(keras.layers.Dropout(rate, seed=seed))
    network.add(keras.layers.Dense(1, name="head"))
    network.compile(keras.optimizers.Adam(1e-3), loss=keras.losses.BinaryCrossentropy(from_logits=True))
    return network


def train_network(rate: float, seed: int, train: Examples, validation: Examples, epochs: int = 15) -> History:
    """Train a dense network and measure it after every epoch, dropout off. Introduced in lesson 01.

    Args:
        rate: of dropout, 0–1.
        seed: of weights, dropout and the order of the pictures.
        train: float32 inputs (n, inputs) and integer labels (n,) of 0 and 1.
        validation: the same for pictures that are not trained on.
        epochs: passes over the training pictures.

    Returns:
        ``loss``, ``accuracy``, ``val_loss`` and ``val_accuracy``, a value per epoch.
    """
    network = dense_network(train[0].shape[1], rate, seed)
    history: History = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}

    def measure_both(*_: Any) -> None:
        measured = (*measure(network, *train), *measure(network, *validation))
        for values, value in zip(history.values(), measured, strict=True):
            values.append(value)

    after_epoch = keras.callbacks.LambdaCallback(on_epoch_end=measure_both)
    network.fit(*train, epochs=epochs, batch_size=100, verbose=0, callbacks=[after_epoch])
    return history


def measure(network: keras.Model, inputs: Array, labels: Array) -> tuple[float, float]:
    """Measure a network as it is used: dropout off. Introduced in lesson 01.

    Args:
        network: from (n, inputs) to logits (n, 1).
        inputs: float32, shape (n, inputs).
        labels: integers 0 and 1, shape (n,).

    Returns:
        Loss (cross-entropy, natural logarithm) and accuracy (0–1).
    """
    logits = np.asarray(network(inputs, training=False), dtype=np.float64)[:, 0]
    loss = np.mean(np.logaddexp(0, logits) - labels * logits)
    return float(loss), float(np.mean((logits > 0) == (labels == 1)))


def first_pictures(examples: Examples, size: int, seed: int) -> Examples:
    """Pick some pictures and repeat them until an epoch is as long as with all. Introduced in lesson 01.

    Args:
        examples: inputs (n, …) and labels (n,).
        size: how many different pictures, 1–n.
        seed: another seed picks others; a larger size keeps those of a smaller one.

    Returns:
        Inputs (n, …) and labels (n,): the same number of training steps for every size.
    """
    inputs, labels = examples
    chosen = np.resize(np.random.default_rng(seed).permutation(len(labels))[:size], len(labels))
    return inputs[chosen], labels[chosen]


def loss_gap(history: Mapping[str, Sequence[float]]) -> float:
    """Return validation loss minus training loss after the last epoch. Introduced in lesson 01."""
    return history["val_loss"][-1] - history["loss"][-1]


def _some(pictures: Pictures) -> Pictures:
    return pictures.take(np.random.default_rng(0).permutation(len(pictures))[:PER_SET])
