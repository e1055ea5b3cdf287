"""Features in two dimensions: the plane in which they spread most, and how well it keeps classes apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestCentroid

Array = np.ndarray[Any, Any]


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
    return float(NearestCentroid().fit(points, labels).score(points, labels))
