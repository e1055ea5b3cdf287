"""Photographs of people in a parquet file shaped like FairFace's: pictures as bytes, with age, gender and race."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tl_helpers.editions import SourceError
from tl_helpers.folders import decode_picture
from tl_helpers.messages import CourseError, message
from tl_helpers.pictures import LeftOut, Pictures

# In the order of the file's numbers (https://huggingface.co/datasets/HuggingFaceM4/FairFace).
AGES = ("0–2", "3–9", "10–19", "20–29", "30–39", "40–49", "50–59", "60–69", "70+")
RACES = ("east_asian", "indian", "black", "white", "middle_eastern", "latino", "southeast_asian")
ADULT = AGES.index("20–29")
COLUMNS = ("image", "age", "gender", "race")


@dataclass(frozen=True)
class People:
    """Photographs of men (label 0) and women (1), a key of each one's content, groups, and the pictures left out."""

    pictures: Pictures
    keys: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    left_out: tuple[LeftOut, ...]


class _Row(NamedTuple):
    name: str
    content: bytes
    key: str
    age: int
    gender: int
    race: int


def read_people(file: Path, image_size: int, per_class: int) -> People:
    """Read adults from a parquet file shaped like FairFace's. Introduced in lesson 07.

    Which ones are taken depends on their content alone: those first in the order of its hash. A picture that cannot be
    read, or that repeats another, is left out and named.

    Args:
        file: columns ``image`` (struct of ``bytes`` and ``path``), ``age`` (0–8, index into ``AGES``), ``gender``
            (0 male, 1 female) and ``race`` (0–6, index into ``RACES``).
        image_size: height and width of the pictures returned, in pixels.
        per_class: men and women at most, each; 20 years and older only.

    Raises:
        CourseError: pyarrow is not installed, the file is no such file, or it has no adult man or no adult woman.
    """
    seen: dict[str, str] = {}
    kept: list[tuple[np.ndarray[Any, Any], _Row]] = []
    left_out: list[LeftOut] = []
    counts = [0, 0]
    for row in sorted(_adults(file), key=lambda row: (row.key, row.name)):
        if counts[row.gender] == per_class:
            continue
        if row.key in seen:
            left_out.append(LeftOut(row.name, message("pictures.duplicate", other=seen[row.key])))
            continue
        image, reason = decode_picture(row.content, image_size)
        if image is None:
            left_out.append(LeftOut(row.name, reason))
            continue
        seen[row.key] = row.name
        counts[row.gender] += 1
        kept.append((image, row))
    if not all(counts):
        raise CourseError("people.one_class", file=file.name, men=counts[0], women=counts[1])
    rows = [row for _, row in kept]
    labels = np.array([row.gender for row in rows], dtype=np.int64)
    pictures = Pictures(
        np.stack([image for image, _ in kept]), labels, ("man", "woman"), tuple(row.name for row in rows)
    )
    groups = {"age": tuple(AGES[row.age] for row in rows), "race": tuple(RACES[row.race] for row in rows)}
    return People(pictures, tuple(row.key for row in rows), groups, tuple(left_out))


def parquet_module() -> Any:
    """Return ``pyarrow.parquet``.

    Raises:
        SourceError: pyarrow is not installed; says how to install it.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise SourceError("people.no_pyarrow") from error
    return parquet


def _adults(file: Path) -> Iterator[_Row]:
    number = 0
    for batch in _opened(file).iter_batches(batch_size=500, columns=list(COLUMNS)):
        for row in batch.to_pylist():
            number += 1
            if row["age"] >= ADULT:
                yield _row(row, number)


def _opened(file: Path) -> Any:
    parquet = parquet_module()
    try:
        whole = parquet.ParquetFile(file)
    except (OSError, ValueError) as error:  # what pyarrow raises where a file is missing or something else
        raise CourseError("people.not_parquet", file=file.name, error=error) from error
    missing = [name for name in COLUMNS if name not in whole.schema_arrow.names]
    if missing:
        raise CourseError("people.no_columns", file=file.name, found=", ".join(missing))
    return whole


def _row(row: Mapping[str, Any], number: int) -> _Row:
    content = row["image"]["bytes"] or b""
    name = row["image"]["path"] or message("people.row", number=number)
    return _Row(name, content, sha256(content).hexdigest(), row["age"], row["gender"], row["race"])
