"""Features in two dimensions: the plane in which they spread most, and how well it keeps classes apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from tl_helpers.messages import message, number, percent
from tl_helpers.plots import BLUE, ORANGE, class_name, figure, show

Array = np.ndarray[Any, Any]
SMALL_CHANGE = 0.1  # of a gap; less is called no change


def shared_plane(*feature_sets: Array) -> tuple[list[Array], float]:
    """Look at several sets of features from one side: the two directions in which all together spread most (PCA).

    Introduced in lesson 08.

    Args:
        *feature_sets: float, shape (n, channels) each.

    Returns:
        Points of each set, float, shape (n, 2), on the same axes; and the share of the spread (variance) that the two
        axes hold, 0–1.
    """
    pca = PCA(2, svd_solver="full").fit(np.concatenate(feature_sets))
    points = [pca.transform(features) for features in feature_sets]
    return points, float(pca.explained_variance_ratio_.sum())


def nearer_to_own(points: Array, labels: Array) -> float:
    """Return the share of points that lie nearer to the centre of their own class than to another's.

    Introduced in lesson 08.

    Args:
        points: float, shape (n, dimensions).
        labels: integers, shape (n,).
    """
    classes = np.unique(labels)
    centres = np.stack([points[labels == label].mean(axis=0) for label in classes])
    distances = np.linalg.norm(points[:, None] - centres, axis=-1)  # (n, classes)
    return float(np.mean(classes[distances.argmin(axis=1)] == labels))


def class_gap(points: Array, labels: Array) -> float:
    """Return how far apart the centres of two classes lie, in units of the spread within a class.

    Introduced in lesson 08.

    Args:
        points: float, shape (n, dimensions).
        labels: 0 or 1, shape (n,).

    Returns:
        Distance of the centres, divided by the root of the mean squared distance of the points from their own centre.
    """
    classes = [points[labels == label] for label in (0, 1)]
    first, second = (members.mean(axis=0) for members in classes)
    squares = [np.sum((members - members.mean(axis=0)) ** 2, axis=1).mean() for members in classes]
    return float(np.linalg.norm(first - second) / np.sqrt(np.mean(squares)))


def show_plane(before: Array, after: Array, labels: Array, names: Sequence[str], held: float) -> None:
    """Plot features in a plane, side by side on the same axes, and print how they read. Introduced in lesson 08.

    Args:
        before: float, shape (n, 2).
        after: the same pictures, float, shape (n, 2).
        labels: 0 or 1, shape (n,).
        names: of the two classes.
        held: share of the spread that the plane holds, 0–1.
    """
    fig, axes = figure(7.0, 3.7, 2)
    every = np.concatenate([before, after])
    low, high = every.min(axis=0), every.max(axis=0)
    margin = 0.06 * (high - low)
    for axis, moment, points in zip(axes, ("before", "after"), (before, after), strict=True):
        for label, colour, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
            name = class_name(names[label])
            axis.scatter(*points[labels == label].T, color=colour, marker=marker, s=14, alpha=0.6, label=name)
        axis.set_xlim(low[0] - margin[0], high[0] + margin[0])
        axis.set_ylim(low[1] - margin[1], high[1] + margin[1])
        axis.set_xlabel(message("planes.first_axis"))
        axis.set_title(message(f"planes.{moment}"), fontsize=11)
    axes[0].set_ylabel(message("planes.second_axis"))
    axes[1].legend(loc="best", fontsize=10)
    fig.suptitle(message(f"planes.{_plane_verdict(before, after, labels)}_title"), fontsize=12, fontweight="bold")
    reading = read_plane(before, after, labels, held)
    show(fig, message("planes.alt", reading=reading))
    print(reading)


def read_plane(before: Array, after: Array, labels: Array, held: float) -> str:
    """Say in one sentence how far apart the classes lie in the plane before and after.

    Args:
        before: as for ``show_plane``.
        after: as for ``show_plane``.
        labels: as for ``show_plane``.
        held: as for ``show_plane``.
    """
    first, second = (number(class_gap(points, labels), 1) for points in (before, after))
    key = f"planes.{_plane_verdict(before, after, labels)}"
    return message(key, before=first, after=second, held=percent(held, 0))


def _plane_verdict(before: Array, after: Array, labels: Array) -> str:
    change = class_gap(after, labels) / class_gap(before, labels) - 1
    return "same" if abs(change) < SMALL_CHANGE else ("apart" if change > 0 else "closer")
