"""The rules of the check-up: what counts as a finding, from facts about files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tl_helpers.messages import CourseError, message, number, percent
from tl_helpers.near_copies import members, near_copy_groups, near_copy_pairs
from tl_helpers.pictures import Array, split_indices

IMBALANCED = 2.0  # times as many pictures in the largest class as in the smallest
ENOUGH = 30  # different pictures a class; fewer leave less than five for the test split
TEST_SHARE = 0.15


@dataclass(frozen=True)
class FileSeen:
    """One file of a class.

    Args:
        name: path that is shown.
        split: ``"train"``, ``"validation"``, ``"test"``, or ``""`` where nothing is split yet.
        class_name: name of its folder.
        key: hash of its content; ``""`` where it cannot be read.
        shortest: its shorter side in pixels; None where that is not known.
        reason: why it cannot be read, in the reader's language, else ``""``.
    """

    name: str
    split: str
    class_name: str
    key: str
    shortest: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Finding:
    """Something that would harm a training. Introduced in lesson 09.

    Args:
        kind: such as ``"near"``; ``message(f"checkup.{kind}_found", **values)`` says what was found.
        values: of the message's placeholders.
        details: one line each: files or classes concerned.
        groups: positions, among the readable files, of pictures that belong together.
    """

    kind: str
    values: Mapping[str, Any]
    details: tuple[str, ...] = ()
    groups: tuple[tuple[int, ...], ...] = field(default=(), repr=False)

    def say(self, what: str) -> str:
        """Return a sentence in the reader's language: ``"found"``, ``"why"`` it matters, or what to ``"do"``."""
        return message(f"checkup.{self.kind}_{what}", **self.values)


def folder_findings(folder: Path, seen: Sequence[FileSeen]) -> tuple[Finding, ...]:
    """Find what is wrong with a folder's layout: too few classes, empty ones, files beside them."""
    given = (folder / "train").is_dir()
    tops = [folder / "train", folder / "validation"] if given else [folder]
    classes = [sorted(p.name for p in top.glob("*") if p.is_dir() and not p.name.startswith(".")) for top in tops]
    readable = {(file.split, file.class_name) for file in seen if file.key}
    found = []
    if len(classes[0]) < 2:
        found.append(Finding("one_class", {"found": _listed(classes[0])}))
    if given and classes[0] != classes[1]:
        found.append(Finding("differ", {"train": _listed(classes[0]), "validation": _listed(classes[1])}))
    named = [(top.name if given else "", name) for top, names in zip(tops, classes, strict=True) for name in names]
    empty = [f"{split}/{name}" if split else name for split, name in named if (split, name) not in readable]
    if empty:
        found.append(Finding("empty", {"classes": _listed(empty)}))
    beside = sorted(p.name for top in {folder, *tops} for p in top.glob("[!.]*") if p.is_file())
    if beside:
        found.append(Finding("stray", {"count": number(len(beside))}, tuple(beside)))
    return tuple(found)


def find_all(seen: Sequence[FileSeen], hashes: Array, image_size: int) -> tuple[Finding, ...]:
    """Find what is wrong with files.

    Args:
        seen: files of all classes and splits.
        hashes: of the readable ones, as ``near_copies.picture_hashes`` returns them.
        image_size: pixels of the pictures that the model takes.
    """
    usable = [file for file in seen if file.key]
    exact = np.unique([file.key for file in usable], return_inverse=True)[1] if usable else np.zeros(0, dtype=int)
    first = {int(number): position for position, number in reversed(list(enumerate(exact)))}
    same = [(first[int(group)], i) for i, group in enumerate(exact) if first[int(group)] != i]
    pairs = np.concatenate([near_copy_pairs(hashes), np.array(same, dtype=np.int64).reshape(-1, 2)])
    groups = [tuple(group.tolist()) for group in members(near_copy_groups(pairs, len(usable)))]
    broken = tuple(message("checkup.file", name=file.name, reason=file.reason) for file in seen if not file.key)
    again = {i for group in groups for i in group[1:]}
    different = Counter(file.class_name for i, file in enumerate(usable) if i not in again)
    found = [Finding("broken", {"count": number(len(broken))}, broken)] if broken else []
    return (*_repeated(usable, groups, exact), *found, *_sizes(different), *_tiny(usable, image_size))


def _repeated(usable: Sequence[FileSeen], groups: list[tuple[int, ...]], exact: Array) -> Iterator[Finding]:
    """Find pictures that are in several classes or splits, and copies and near copies within one."""
    classes = [g for g in groups if len({usable[i].class_name for i in g}) > 1]
    splits = [g for g in groups if len({usable[i].split for i in g}) > 1]
    within = [g for g in groups if g not in classes and g not in splits]
    for kind, some in (("across_classes", classes), ("across_splits", splits)):
        if some:
            yield _found(kind, usable, some, {"groups": number(len(some))})
    near = [tuple({int(exact[i]): i for i in reversed(g)}.values())[::-1] for g in within]
    near = [g for g in near if len(g) > 1]
    if near:
        values = {"groups": number(len(near)), "count": number(sum(map(len, near)))}
        if any(file.split for file in usable):
            yield _found("redundant", usable, near, values)
        else:
            yield _found("near", usable, near, {**values, "torn": number(_torn(usable, near))})
    repeats = [tuple(i for i in g if exact[i] == number) for g in within for number in np.unique(exact[list(g)])]
    repeats = [g for g in repeats if len(g) > 1]
    if repeats:
        yield _found("copies", usable, repeats, {"count": number(sum(len(g) - 1 for g in repeats))})


def _found(kind: str, usable: Sequence[FileSeen], groups: list[tuple[int, ...]], values: Mapping[str, str]) -> Finding:
    lines = tuple(" = ".join(usable[i].name for i in group) for group in groups)
    return Finding(kind, values, lines, tuple(groups))


def _torn(usable: Sequence[FileSeen], groups: list[tuple[int, ...]]) -> int:
    """Count the groups that a split would divide that does not look for near copies."""
    labels = np.unique([file.class_name for file in usable], return_inverse=True)[1]
    try:
        parts = split_indices([file.key for file in usable], labels)
    except CourseError:  # too few pictures to split at all, which is a finding of its own
        return 0
    side = {int(i): number for number, part in enumerate(parts) for i in part}
    return sum(len({side[i] for i in group}) > 1 for group in groups)


def _sizes(different: Counter[str]) -> Iterator[Finding]:
    """Find classes with few different pictures, or with far fewer than another."""
    ranked = different.most_common()
    if len(ranked) > 1 and ranked[0][1] >= IMBALANCED * ranked[-1][1]:
        (largest, most), (smallest, least) = ranked[0], ranked[-1]
        sizes = {"most": number(most), "least": number(least), "ratio": number(most / least, 1)}
        share = percent(most / different.total(), 0)
        yield Finding("imbalance", {"largest": largest, "smallest": smallest, "share": share, **sizes})
    few = [(name, count) for name, count in ranked if count < ENOUGH]
    if few:
        smallest, least = few[-1]
        test = max(1, round(TEST_SHARE * least))
        told = {"classes": ", ".join(f"{name} ({number(count)})" for name, count in few), "smallest": smallest}
        sizes = {"least": number(least), "test": number(test), "points": number(100 / test), "enough": number(ENOUGH)}
        yield Finding("few", {**told, **sizes})


def _tiny(usable: Sequence[FileSeen], image_size: int) -> Iterator[Finding]:
    tiny = [file for file in usable if file.shortest is not None and file.shortest < image_size]
    if tiny:
        classes = ", ".join(f"{name}: {number(count)}" for name, count in Counter(f.class_name for f in tiny).items())
        least = number(min(file.shortest or 0 for file in tiny))
        values = {"size": number(image_size), "count": number(len(tiny)), "classes": classes, "least": least}
        yield Finding("tiny", values, tuple(file.name for file in tiny))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or message("checkup.none")
