"""Find pictures that are nearly the same: resized, saved again, brightened or mirrored copies, by a perceptual hash.

The hash is PDQ's (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019) without
its smoothing filter: which of the 16×16 lowest frequencies of the brightness lie above their median, 256 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from PIL import Image

Array = np.ndarray[Any, Any]

SIDE, FREQUENCIES = 64, 16
BITS = FREQUENCIES**2
# PDQ's own threshold is 31 bits. Measured: copies (half size, JPEG quality 20, 20 % brighter, noise) differ in 24 bits
# at most; the nearest of 1,400 different photographs of cats and dogs in 86, of 700 different drawings in 72.
THRESHOLD = 40
LEAST_CONTRAST = 1.0  # standard deviation in grey levels; below that the signs are chance
ROWS_AT_ONCE = 500

_waves = np.arange(1, FREQUENCIES + 1)
_COSINES = np.cos(np.pi / SIDE * np.outer(_waves, np.arange(SIDE) + 0.5)).astype(np.float32)  # (16, 64)
_MIRRORING = np.where(_waves % 2, -1, 1).astype(np.float32)  # what mirroring does to each frequency across


def picture_hashes(images: Array | Sequence[Array]) -> Array:
    """Return perceptual hashes of pictures. Introduced in lesson 09.

    Args:
        images: uint8, shape (n, height, width, 3), 0–255, any size; or a sequence of such pictures.

    Returns:
        int8, shape (n, 2, 256), of 1 and −1: of the picture and of its mirror image; 0 where all is of one colour.
    """
    if len(images) == 0:
        return np.zeros((0, 2, BITS), dtype=np.int8)
    with ThreadPoolExecutor() as pool:
        brightness = np.stack(list(pool.map(_brightness, images)))  # (n, 64, 64)
    spectra = _COSINES @ brightness @ _COSINES.T  # (n, 16, 16)
    both = np.stack([spectra, spectra * _MIRRORING], axis=1).reshape(len(images), 2, BITS)
    hashes = np.where(both > np.median(both, axis=2, keepdims=True), 1, -1).astype(np.int8)
    hashes[brightness.std(axis=(1, 2)) < LEAST_CONTRAST] = 0
    return hashes


def near_copy_pairs(hashes: Array, threshold: int = THRESHOLD) -> Array:
    """Find pairs of pictures that are nearly the same, mirrored or not. Introduced in lesson 09.

    Every pair is compared: time grows with the square of the number of pictures.

    Args:
        hashes: what ``picture_hashes`` returned for n pictures.
        threshold: bits in which two hashes may differ, 0–256.

    Returns:
        int64, shape (k, 2): positions of both pictures, the smaller first.
    """
    others = hashes[:, 0].astype(np.float32)
    least = BITS - 2 * threshold  # the product of two hashes is 256 less twice the bits in which they differ
    found = [np.zeros((0, 2), dtype=np.int64)]
    for start in range(0, len(hashes), ROWS_AT_ONCE):
        plain, mirrored = hashes[start : start + ROWS_AT_ONCE].astype(np.float32).swapaxes(0, 1)
        agreement = np.maximum(plain @ others[start:].T, mirrored @ others[start:].T)
        pairs = np.argwhere(agreement >= least) + start
        found.append(pairs[pairs[:, 0] < pairs[:, 1]])
    return np.concatenate(found)


def near_copy_groups(pairs: Array, count: int) -> Array:
    """Number pictures so that those joined by a pair, or a chain of pairs, have one number. Introduced in lesson 09.

    Args:
        pairs: integers, shape (k, 2), such as ``near_copy_pairs`` returns.
        count: how many pictures there are.

    Returns:
        int64, shape (count,), numbered from 0 in the order of the first picture of each group.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, numbers = connected_components(joined, directed=False)
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse].astype(np.int64)


def members(groups: Array) -> list[Array]:
    """List the positions of each group of two pictures or more, in the order of the groups' numbers."""
    order = np.argsort(groups, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
    return [part for part in parts if len(part) > 1]


def _brightness(image: Array) -> Array:
    grey = Image.fromarray(np.asarray(image, dtype=np.uint8)).convert("L")
    return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BILINEAR), dtype=np.float32)
