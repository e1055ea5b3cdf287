"""Pictures with labels: from a folder with one sub-folder a class or from the picture book, and split.

``python -m tl_helpers.pictures --list`` (``--verify``, ``--clear``, ``--mirror``) looks after what is kept of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np

from tl_helpers.editions import Edition
from tl_helpers.messages import CourseError, message

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pictures:
    """Pictures of one split. Introduced in lesson 02.

    Args:
        images: uint8, shape (n, size, size, 3), values 0–255.
        labels: int64, shape (n,), index into ``class_names``.
        class_names: one name a class.
        names: one name a picture: its path in the folder, or class and number of a drawn one.
    """

    images: Array
    labels: Array
    class_names: tuple[str, ...]
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.labels)

    def take(self, indices: Array) -> Pictures:
        """Return the pictures at ``indices`` (integers, shape (k,)), in that order."""
        names = tuple(self.names[i] for i in indices)
        return replace(self, images=self.images[indices], labels=self.labels[indices], names=names)


@dataclass(frozen=True)
class LeftOut:
    """A file that is not used, and why (in the reader's language)."""

    name: str
    reason: str


@dataclass(frozen=True)
class Splits:
    """Three sets of pictures without one in common. Introduced in lesson 02.

    Args:
        train: pictures to learn from.
        validation: pictures to choose by.
        test: pictures to report on, once.
        left_out: files that are in none of them.
        near_copies: names of pictures that are nearly the same, a group each; all of a group are in one of the sets.
    """

    train: Pictures
    validation: Pictures
    test: Pictures
    left_out: tuple[LeftOut, ...] = ()
    near_copies: tuple[tuple[str, ...], ...] = ()


def load_pictures(name: str, edition: Edition, image_size: int | None = None) -> Splits:
    """Load a data set of the course in an edition, split into training, validation and test. Introduced in lesson 02.

    Of own pictures, those that are nearly the same stay in one split, and a sentence is printed that says so; the
    official archives are divided as they always were.

    Args:
        name: name of the data set, such as ``"cats_and_dogs"``.
        edition: what ``tl_helpers.start`` returned.
        image_size: height and width in pixels; the edition's where not given.

    Raises:
        CourseError: unknown data set; or its folder cannot be used (missing, empty class, one class only).
    """
    from tl_helpers import folders, sources
    from tl_helpers.drawn import drawn_splits

    data_set = sources.data_set(name)
    size = image_size or edition.image_size
    if edition.name == "mini":
        return drawn_splits(data_set, size)
    folder, wanted = edition.folders[name], data_set.class_folders
    only = wanted if all((folder / each).is_dir() for each in wanted) else None  # others may lie beside them
    own = folder.name != data_set.folder
    splits = folders.read_splits(folder, size, data_set.held_out_test_share, only, near_copies_together=own)
    if splits.near_copies:
        shown = {"groups": len(splits.near_copies), "pictures": sum(map(len, splits.near_copies)), "folder": folder}
        print(message("near_copies.together", **shown))
    return rename_classes(splits, dict(zip(data_set.class_folders, data_set.labels, strict=True)))


def load_together(name: str, edition: Edition, image_size: int | None = None) -> Pictures:
    """Load a data set of the course without splitting it, class by class. Introduced in lesson 04.

    Args:
        name: as for ``load_pictures``.
        edition: as for ``load_pictures``.
        image_size: as for ``load_pictures``.

    Raises:
        CourseError: as for ``load_pictures``.
    """
    splits = load_pictures(name, edition, image_size)
    parts = (splits.train, splits.validation, splits.test)
    labels = np.concatenate([part.labels for part in parts])
    names = tuple(name for part in parts for name in part.names)
    images = np.concatenate([part.images for part in parts])
    return Pictures(images, labels, splits.train.class_names, names).take(np.argsort(labels, kind="stable"))


def rename_classes(splits: Splits, new_names: dict[str, str]) -> Splits:
    """Return the same splits with classes renamed (old name → new name); a name that is not in there stays."""

    def renamed(pictures: Pictures) -> Pictures:
        return replace(pictures, class_names=tuple(new_names.get(name, name) for name in pictures.class_names))

    return replace(
        splits, train=renamed(splits.train), validation=renamed(splits.validation), test=renamed(splits.test)
    )


def split_indices(
    keys: list[str], labels: Array, shares: tuple[float, float, float] = (0.7, 0.15, 0.15), seed: int = 0
) -> tuple[Array, Array, Array]:
    """Split by class into training, validation and test, the same on every machine. Introduced in lesson 02.

    Pictures of a class are put in the order of a hash of seed and key, so neither the order of the files nor the
    random numbers of a library version matter.

    Args:
        keys: one text a picture, different for different pictures (a hash of its content).
        labels: integers, shape (n,).
        shares: of training, validation and test; they sum to 1. A share above 0 gets at least one picture a class.
        seed: another seed gives another split.

    Returns:
        Three int64 arrays of indices, ascending, without one in common.

    Raises:
        CourseError: a class has fewer pictures than there are shares above 0.
    """
    parts: tuple[list[int], ...] = ([], [], [])
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        ranked = sorted(members, key=lambda i: sha256(f"{seed}:{keys[i]}".encode()).digest())
        cuts = np.cumsum(split_sizes(len(ranked), shares, int(label)))[:-1]
        for part, chosen in zip(parts, np.split(ranked, cuts), strict=True):
            part.extend(int(i) for i in chosen)
    train, validation, test = (np.array(sorted(part), dtype=np.int64) for part in parts)
    return train, validation, test


def split_sizes(count: int, shares: tuple[float, float, float], label: int) -> list[int]:
    """Return how many of a class's pictures each split gets; arguments and errors as for ``split_indices``."""
    wanted = [share > 0 for share in shares]
    if count < sum(wanted):
        raise CourseError("pictures.too_few", found=count, label=label, expected=sum(wanted))
    sizes = [max(round(share * count), int(is_wanted)) for share, is_wanted in zip(shares, wanted, strict=True)]
    sizes[int(np.argmax(sizes))] += count - sum(sizes)
    return sizes


if __name__ == "__main__":
    from tl_helpers.data_command import main

    raise SystemExit(main())
