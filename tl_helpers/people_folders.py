"""Photographs of people in folders ``man`` and ``woman``, with a table ``people.csv`` of the groups of each."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from tl_helpers.messages import CourseError

TABLE = "people.csv"
CLASSES = ("man", "woman")


def people_from_parquet(file: Path, folder: Path) -> dict[str, str]:
    """Write the adults of a parquet file shaped like FairFace's as picture files and a table. Introduced in lesson 07.

    A file's name is the hash of its content, so that the order of names is the order in which ``read_people`` takes
    pictures, and a picture that is there twice is written once. Rows are read in batches.

    Args:
        file: as for ``read_people``.
        folder: must not exist yet; gets ``man``, ``woman`` and ``people.csv`` (file, age, race).

    Returns:
        Name of each file, from the folder's parent → its sha256.

    Raises:
        CourseError: as ``read_people``.
        OSError: the folder cannot be written.
    """
    from tl_helpers.people_files import AGES, RACES, adults_of

    sums: dict[str, str] = {}
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["file", "age", "race"])
        for row in adults_of(file):
            suffix = "png" if row.content.startswith(b"\x89PNG") else "jpg"
            name = f"{CLASSES[row.gender]}/{row.key}.{suffix}"
            if f"{folder.name}/{name}" not in sums and row.content:
                (folder / name).write_bytes(row.content)
                sums[f"{folder.name}/{name}"] = row.key
                table.writerow([name, AGES[row.age], RACES[row.race]])
    counts = [sum(f"/{name}/" in file_name for file_name in sums) for name in CLASSES]
    if not all(counts):
        raise CourseError("people.one_class", file=file.name, men=counts[0], women=counts[1])
    sums[f"{folder.name}/{TABLE}"] = sha256((folder / TABLE).read_bytes()).hexdigest()
    return sums


def read_table(folder: Path) -> dict[str, Mapping[str, str]]:
    """Read the table of a folder of people.

    Returns:
        Name of each file, such as ``man/0123.jpg``, in ascending order of the bare name → its groups by division
        (``age``, ``race``, or what other columns the table has).

    Raises:
        CourseError: the table has no column ``file``, or names nobody.
    """
    with (folder / TABLE).open(newline="", encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream) if row.get("file")]
    if not rows:
        raise CourseError("people_folders.bad_table", file=folder / TABLE)
    ordered = sorted(rows, key=lambda row: row["file"].rsplit("/", maxsplit=1)[-1])
    return {row["file"]: {key: text or "—" for key, text in row.items() if key and key != "file"} for row in ordered}


def people_in(folder: Path) -> Iterator[tuple[str, bytes, int, Mapping[str, str]]]:
    """Go through a folder of people with a table.

    Returns:
        For each file its name, content, label (0 man, 1 woman) and groups.

    Raises:
        CourseError: as ``read_table``.
    """
    for name, groups in read_table(folder).items():
        label = name.split("/", maxsplit=1)[0]
        if label in CLASSES:
            try:
                content = (folder / name).read_bytes()
            except OSError:
                content = b""
            yield name, content, CLASSES.index(label), groups
