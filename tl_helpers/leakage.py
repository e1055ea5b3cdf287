"""Keep near copies of a picture on one side of a split, so that no test picture was seen in training."""

from __future__ import annotations

from collections import deque
from hashlib import sha256

import numpy as np

from tl_helpers.messages import CourseError, message
from tl_helpers.near_copies import members, near_copy_groups, near_copy_pairs, picture_hashes
from tl_helpers.pictures import Array, LeftOut, Pictures, Splits, split_sizes


def split_groups(
    keys: list[str],
    labels: Array,
    groups: Array,
    shares: tuple[float, float, float] = (0.7, 0.15, 0.15),
    seed: int = 0,
) -> tuple[Array, Array, Array]:
    """Split as ``pictures.split_indices`` does, but each group of near copies as a whole. Introduced in lesson 09.

    The first split takes the large groups, so that pictures for validation and test count once each where there are
    enough; and groups with several classes, since no answer to such a picture could be right. Where every picture is a
    group of its own, the split is that of ``split_indices``.

    Args:
        keys: as for ``split_indices``.
        labels: as for ``split_indices``.
        groups: integers, shape (n,): pictures with the same number stay together.
        shares: as for ``split_indices``; a large group may exceed them.
        seed: as for ``split_indices``.

    Returns:
        Three int64 arrays of indices, ascending, without one in common.

    Raises:
        CourseError: a class has fewer pictures, or fewer groups of its own, than there are shares above 0.
    """
    several = {int(groups[group[0]]) for group in members(groups) if len(np.unique(labels[group])) > 1}
    ranks = [sha256(f"{seed}:{key}".encode()).digest() for key in keys]
    parts: tuple[list[int], ...] = ([], [], [])
    first = next(number for number, share in enumerate(shares) if share > 0)
    for label in np.unique(labels):
        whole: dict[int, list[int]] = {}
        for i in np.flatnonzero(labels == label).tolist():
            whole.setdefault(int(groups[i]), []).append(i)
        sizes = split_sizes(sum(map(len, whole.values())), shares, int(label))
        for group in several & whole.keys():
            sizes[first] -= len(whole[group])
            parts[first].extend(whole.pop(group))
        ranked = sorted(whole.values(), key=lambda group: (-len(group), min(ranks[i] for i in group)))
        _fill(parts, sizes, ranked, int(label))
    train, validation, test = (np.array(sorted(part), dtype=np.int64) for part in parts)
    return train, validation, test


def without_leakage(splits: Splits) -> Splits:
    """Move near copies that lie in several splits to one of them. Introduced in lesson 09.

    What a training picture nearly repeats goes to training, what lies in validation and test to validation; all other
    pictures stay where they are.

    Args:
        splits: loaded in any way.

    Returns:
        Splits with the same pictures; ``near_copies`` names those that belong together.

    Raises:
        CourseError: validation or test would have no picture of a class left.
    """
    parts = (splits.train, splits.validation, splits.test)
    together = _joined(parts)
    side = np.repeat(np.arange(3), [len(part) for part in parts])
    groups = same_picture_groups(together.images)
    for group in members(groups):
        side[group] = side[group].min()
    train, validation, test = (together.take(np.flatnonzero(side == number)) for number in range(3))
    for split, part in {"train": train, "validation": validation, "test": test}.items():
        missing = set(range(len(part.class_names))) - set(part.labels.tolist())
        if missing:
            classes = ", ".join(part.class_names[label] for label in sorted(missing))
            raise CourseError("near_copies.nothing_left", split=message(f"splits.{split}"), classes=classes)
    return Splits(train, validation, test, splits.left_out, named_groups(together, groups))


def without_near_copies_of(known: Pictures, pictures: Pictures) -> tuple[Array, tuple[LeftOut, ...]]:
    """Tell which pictures are no near copies of known ones.

    Args:
        known: such as those of training.
        pictures: such as those of validation.

    Returns:
        int64, positions in ``pictures`` to keep; and the others, with the known picture that each repeats.
    """
    pairs = near_copy_pairs(picture_hashes([*known.images, *pictures.images]))
    crossing = pairs[(pairs[:, 0] < len(known)) & (pairs[:, 1] >= len(known))]
    repeats = {int(late) - len(known): known.names[early] for early, late in crossing[::-1]}
    left_out = [LeftOut(pictures.names[i], message("near_copies.left_out", other=repeats[i])) for i in sorted(repeats)]
    kept = [i for i in range(len(pictures)) if i not in repeats]
    return np.array(kept, dtype=np.int64), tuple(left_out)


def same_picture_groups(images: Array) -> Array:
    """Number pictures so that near copies have the same number; int64, shape (n,)."""
    return near_copy_groups(near_copy_pairs(picture_hashes(images)), len(images))


def named_groups(pictures: Pictures, groups: Array) -> tuple[tuple[str, ...], ...]:
    """Return the names of the pictures of each group of two or more."""
    return tuple(tuple(pictures.names[i] for i in group) for group in members(groups))


def _fill(parts: tuple[list[int], ...], sizes: list[int], ranked: list[list[int]], label: int) -> None:
    """Give each split groups until it has its size, and leave one for each split after it."""
    waiting = deque(ranked)
    wanted = [number for number, size in enumerate(sizes) if size > 0]
    if len(waiting) < len(wanted):
        raise CourseError("near_copies.too_few", label=label, found=len(waiting), expected=len(wanted))
    for later, number in zip(reversed(range(len(wanted))), wanted, strict=True):
        count = 0
        while len(waiting) > later and count < sizes[number]:
            count += len(waiting[0])
            parts[number].extend(waiting.popleft())


def _joined(parts: tuple[Pictures, ...]) -> Pictures:
    images, labels = (np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels"))
    return Pictures(images, labels, parts[0].class_names, tuple(name for part in parts for name in part.names))
