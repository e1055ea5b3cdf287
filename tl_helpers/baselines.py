"""What a transfer must beat: the majority class, a linear model on pixels, a small network from scratch."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

Array = np.ndarray[Any, Any]


def majority_accuracy(train_labels: Array, labels: Array) -> float:
    """Return the accuracy of always answering the commonest class of training. Introduced in lesson 02.

    Args:
        train_labels: integers (n,).
        labels: integers (m,), of the pictures to be named.
    """
    return float(np.mean(labels == np.bincount(train_labels).argmax()))


def small_pixels(images: Array, size: int = 32) -> Array:
    """Shrink pictures and lay each out as one row of numbers. Introduced in lesson 01.

    Args:
        images: uint8, shape (n, height, width, 3).
        size: height and width after shrinking, in pixels.

    Returns:
        float32, shape (n, size × size × 3), values in [-1, 1].
    """
    small = [Image.fromarray(image).resize((size, size), Image.Resampling.BOX) for image in images]
    return np.stack([np.asarray(image, dtype=np.float32).reshape(-1) for image in small]) / 127.5 - 1


def pixel_classifier(images: Array, labels: Array) -> Any:
    """Fit logistic regression on 32×32 pixels. Introduced in lesson 02.

    Args:
        images: uint8, shape (n, height, width, 3).
        labels: integers, shape (n,).

    Returns:
        scikit-learn estimator whose ``predict`` takes what ``small_pixels`` gives.
    """
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000)).fit(small_pixels(images), labels)


def small_network(image_size: int, outputs: int = 1) -> keras.Model:
    """Build a small convolutional network with random weights. Introduced in lesson 02.

    Args:
        image_size: height and width of the pictures, in pixels.
        outputs: logits: 1 for two classes, else one a class.

    Returns:
        Model from (b, size, size, 3) in 0–255 to logits (b, outputs).
    """
    network = keras.Sequential([keras.Input((image_size, image_size, 3)), keras.layers.Rescaling(1 / 127.5, offset=-1)])
    network.add(keras.layers.AveragePooling2D(2))
    for filters in (16, 32, 64):
        network.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu"))
        network.add(keras.layers.MaxPooling2D())
    for layer in (keras.layers.Flatten(), keras.layers.Dropout(0.5), keras.layers.Dense(outputs, name="head")):
        network.add(layer)
    return network
