"""From logits to answers and from answers to figures; the one place that knows what a logit means."""

from typing import Any

import numpy as np
from sklearn import metrics

Array = np.ndarray[Any, Any]


def probabilities(logits: Array) -> Array:
    """Turn logits into probabilities. Introduced in lesson 02.

    Args:
        logits: float, shape (n,) or (n, 1) for two classes, (n, k) for k classes.

    Returns:
        float64, shape (n,): probability of class 1; or (n, k): probability of every class, rows sum to 1.
    """
    scores = np.asarray(logits, dtype=np.float64)
    if scores.ndim == 1 or scores.shape[1] == 1:
        tail = np.exp(-np.abs(scores.reshape(-1)))  # never overflows
        return np.where(scores.reshape(-1) >= 0, 1 / (1 + tail), tail / (1 + tail))
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return shares


def predicted_classes(logits: Array, threshold: float = 0.5) -> Array:
    """Decide for a class. Introduced in lesson 02.

    Args:
        logits: as in ``probabilities``.
        threshold: two classes: class 1 from this probability on. Not used for more classes.

    Returns:
        int64, shape (n,).
    """
    shares = probabilities(logits)
    if shares.ndim == 1:
        return (shares >= threshold).astype(np.int64)
    best: Array = shares.argmax(axis=1).astype(np.int64)
    return best


def accuracy(labels: Array, predicted: Array) -> float:
    """Return the share of answers that are right, 0–1. Both integers, shape (n,). Introduced in lesson 02."""
    return float(np.mean(np.asarray(labels) == np.asarray(predicted)))


def confusion_matrix(labels: Array, predicted: Array, classes: int) -> Array:
    """Count what was taken for what. Introduced in lesson 02.

    Args:
        labels: true classes, integers (n,).
        predicted: answers, integers (n,).
        classes: number of classes k.

    Returns:
        int64, shape (k, k): row = true class, column = answer.
    """
    matrix: Array = metrics.confusion_matrix(labels, predicted, labels=range(classes))
    return matrix


def chance_loss(classes: int) -> float:
    """Return the cross-entropy of a model that knows nothing: ln k for k classes. Introduced in lesson 02."""
    return float(np.log(classes))


def most_confident_mistakes(labels: Array, logits: Array, count: int = 8) -> Array:
    """Find the wrong answers that the model was surest of. Introduced in lesson 02.

    Args:
        labels: integers, shape (n,).
        logits: as in ``probabilities``.
        count: how many at most.

    Returns:
        int64 indices, the surest mistake first.
    """
    shares = probabilities(logits)
    predicted = predicted_classes(logits)
    confidence = np.maximum(shares, 1 - shares) if shares.ndim == 1 else shares.max(axis=1)
    wrong = np.flatnonzero(predicted != np.asarray(labels))
    return wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
