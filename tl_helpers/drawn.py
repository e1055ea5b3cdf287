"""The mini edition's pictures: drawn once by the picture book, then kept in the course's data folder."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from tl_helpers import picturebook
from tl_helpers.pictures import Array, Pictures, Splits, split_indices
from tl_helpers.settings import data_home
from tl_helpers.sources import DataSet

TRAIN_SEED, HELD_OUT_SEED = 1, 2


def drawn_splits(data_set: DataSet, image_size: int, similarity: float = 1.0) -> Splits:
    """Return a data set as the picture book draws it, split as the photographs are.

    Args:
        data_set: which classes, and how many pictures of each.
        image_size: height and width in pixels.
        similarity: how like the pictures of the source task they are drawn: 1 the same way, 0 an engraving.
    """
    train = drawn_pictures(data_set.labels, data_set.drawn_train, TRAIN_SEED, image_size, similarity)
    held_out = drawn_pictures(data_set.labels, data_set.drawn_held_out, HELD_OUT_SEED, image_size, similarity)
    test_share = data_set.held_out_test_share
    shares = (0.0, 1 - test_share, test_share)
    _, validation, test = split_indices(list(held_out.names), held_out.labels, shares)
    return Splits(train, held_out.take(validation), held_out.take(test))


def drawn_pictures(
    labels: tuple[str, ...], per_class: int, seed: int, image_size: int = 96, similarity: float = 1.0
) -> Pictures:
    """Draw pictures, or take them from the data folder where they were drawn before. Introduced in lesson 01.

    Args:
        labels: classes of the picture book.
        per_class: pictures of each.
        seed: another seed gives other pictures.
        image_size: height and width in pixels.
        similarity: as for ``drawn_splits``.

    Returns:
        ``len(labels) × per_class`` pictures, classes in turn.
    """
    key = f"{'-'.join(labels)}_{per_class}_seed{seed}_{image_size}px"
    key = key[:150] if similarity == 1 else f"{key[:120]}_{similarity:g}"
    file = data_home() / "picturebook" / picturebook.version() / f"{key}.npz"
    images, targets = _kept(file) or _drawn_and_kept(
        file, labels, per_class, seed, size=image_size, similarity=similarity
    )
    names = tuple(f"{labels[label]} {seed}/{i}" for i, label in enumerate(targets))
    return Pictures(images, targets, labels, names)


def _kept(file: Path) -> tuple[Array, Array] | None:
    try:
        with file.open("rb") as stream, np.load(stream) as arrays:
            return arrays["images"], arrays["labels"]
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def _drawn_and_kept(
    file: Path, labels: tuple[str, ...], per_class: int, seed: int, *, size: int, similarity: float
) -> tuple[Array, Array]:
    images, targets = picturebook.draw_many(labels, per_class, seed, size, similarity)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as temporary:
            np.savez(temporary, images=images, labels=targets)
        os.replace(temporary.name, file)
    except OSError:
        pass  # a folder that cannot be written costs time, not pictures
    return images, targets
