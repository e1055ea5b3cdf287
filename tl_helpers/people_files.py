"""Photographs of people with age, gender and race: in a parquet file shaped like FairFace's, or folders made of it."""

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
from tl_helpers.people_folders import people_in
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


class Adult(NamedTuple):
    """One row of a parquet file, its name and the hash of its content."""

    name: str
    content: bytes
    key: str
    age: int
    gender: int
    race: int


class _Person(NamedTuple):
    name: str
    content: bytes
    key: str
    label: int
    groups: Mapping[str, str]


def read_people(place: Path, image_size: int, per_class: int) -> People:
    """Read adults from a parquet file shaped like FairFace's, or from folders made of it. Introduced in lesson 07.

    Which ones are taken depends on their content alone: those first in the order of its hash. A picture that cannot be
    read, or that repeats another, is left out and named.

    Args:
        place: a parquet file with the columns ``image`` (struct of ``bytes`` and ``path``), ``age`` (0–8, index into
            ``AGES``), ``gender`` (0 male, 1 female) and ``race`` (0–6, index into ``RACES``); or a folder with ``man``,
            ``woman`` and ``people.csv``, whose column ``file`` names each picture and whose others name its groups.
        image_size: height and width of the pictures returned, in pixels.
        per_class: men and women at most, each; 20 years and older only.

    Raises:
        CourseError: pyarrow is not installed, this is no such file or folder, or it has no adult man or woman.
    """
    seen: dict[str, str] = {}
    kept: list[tuple[np.ndarray[Any, Any], _Person]] = []
    left_out: list[LeftOut] = []
    counts = [0, 0]
    for person in _from_folder(place) if place.is_dir() else _from_parquet(place):
        if min(counts) == per_class:
            break
        if counts[person.label] == per_class:
            continue
        if person.key in seen:
            left_out.append(LeftOut(person.name, message("pictures.duplicate", other=seen[person.key])))
            continue
        image, reason = decode_picture(person.content, image_size)
        if image is None:
            left_out.append(LeftOut(person.name, reason))
            continue
        seen[person.key] = person.name
        counts[person.label] += 1
        kept.append((image, person))
    if not all(counts):
        raise CourseError("people.one_class", file=place.name, men=counts[0], women=counts[1])
    people = [person for _, person in kept]
    labels = np.array([person.label for person in people], dtype=np.int64)
    names = tuple(person.name for person in people)
    pictures = Pictures(np.stack([image for image, _ in kept]), labels, ("man", "woman"), names)
    groups = {division: tuple(person.groups[division] for person in people) for division in people[0].groups}
    return People(pictures, tuple(person.key for person in people), groups, tuple(left_out))


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


def adults_of(file: Path) -> Iterator[Adult]:
    """Go through the adults of a parquet file, some hundreds in memory at a time.

    Args:
        file: as for ``read_people``.

    Raises:
        CourseError: pyarrow is not installed, or the file is no such file.
    """
    try:
        yield from _adults(file)
    except CourseError:
        raise
    except (OSError, ValueError) as error:  # what pyarrow raises where a file is missing, broken or something else
        raise CourseError("people.not_parquet", file=file.name, error=error) from error


def _adults(file: Path) -> Iterator[Adult]:
    number = 0
    for batch in _opened(file).iter_batches(batch_size=500, columns=list(COLUMNS)):
        for row in batch.to_pylist():
            number += 1
            if row["age"] >= ADULT:
                yield _row(row, number)


def _from_parquet(file: Path) -> Iterator[_Person]:
    for row in sorted(adults_of(file), key=lambda row: (row.key, row.name)):
        yield _Person(row.name, row.content, row.key, row.gender, {"age": AGES[row.age], "race": RACES[row.race]})


def _from_folder(folder: Path) -> Iterator[_Person]:
    for name, content, label, groups in people_in(folder):
        yield _Person(f"{folder.name}/{name}", content, sha256(content).hexdigest(), label, groups)


def _opened(file: Path) -> Any:
    whole = parquet_module().ParquetFile(file)
    missing = [name for name in COLUMNS if name not in whole.schema_arrow.names]
    if missing:
        raise CourseError("people.no_columns", file=file.name, found=", ".join(missing))
    return whole


def _row(row: Mapping[str, Any], number: int) -> Adult:
    content = row["image"]["bytes"] or b""
    name = row["image"]["path"] or message("people.row", number=number)
    return Adult(name, content, sha256(content).hexdigest(), row["age"], row["gender"], row["race"])
