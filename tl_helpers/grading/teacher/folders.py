"""Find submissions in a folder, however it was downloaded, and whose each is; nothing is opened, no link followed."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tl_helpers.grading.teacher.clean import PLAIN
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.teacher.texts import say

MOODLE = re.compile(r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)", re.DOTALL)
NOTEBOOK = re.compile(r"\.ipynb(?:\.txt|\.json)?\Z", re.IGNORECASE)  # browsers like to add an ending
NEVER = {"__MACOSX", "Thumbs.db", "desktop.ini"}
SUBMITTED = "submitted"  # nbgrader's folder, and those that it keeps beside it
BESIDE_SUBMITTED = {"source", "release", "autograded", "feedback", "nbgrader_config.py", "gradebook.db"}
NAMED = 5  # file names in a message

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A file to grade, or what lies in its place.

    Args:
        path: where it lies.
        name: the same relative to the folder of submissions, with ``/``.
        student: whose it is.
        key: unique, safe as a file name on every system, ASCII, at most 60 characters.
        problem: why it cannot be read.
        notes: what is to be said about it.
    """

    path: Path
    name: str
    student: str
    key: str
    problem: Note | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class _Item:
    """Something in the folder: its path as parts, and ``"notebook"``, ``"other"``, ``"empty"``, or a problem's key."""

    parts: Parts
    kind: str
    reason: str = ""


def find_submissions(folder: Path) -> list[Found]:
    """Find submissions: plain files, a folder a student, Moodle's download, nbgrader's ``submitted`` folder.

    Args:
        folder: what holds them, at any depth. Hidden files are left out.

    Returns:
        In the order of their names: a notebook each; links and special files, never opened, with a problem; one
        entry with a problem for a student without any notebook.

    Raises:
        ValueError: no such folder, or it cannot be read.
    """
    if not folder.is_dir():
        raise ValueError(say("reading.no_folder", found=str(folder)))
    items = list(_walk(folder))
    if any(not item.parts for item in items):
        raise ValueError(say("reading.unreadable", found=str(folder), reason=items[0].reason))
    around = 0 if folder.name == SUBMITTED else _folders_around(items)
    students: dict[Parts, list[_Item]] = {}
    for item in items:
        students.setdefault(_owner(item, around), []).append(item)
    found = [one for owner, owned in students.items() for one in _entries(folder, _student(owner), owned)]
    return sorted(found, key=lambda one: (unicodedata.normalize("NFC", one.name).casefold(), one.name))


def shown(name: str) -> str:
    r"""Return a file name as text that can be written anywhere: bytes that are no text as ``\xff``, in one line."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return " ".join(unicodedata.normalize("NFC", text).split())


def _walk(folder: Path) -> Iterator[_Item]:
    waiting: list[Parts] = [()]
    while waiting:
        parts = waiting.pop()
        try:
            with os.scandir(folder.joinpath(*parts)) as scanned:
                inside = [entry for entry in scanned if not entry.name.startswith(".") and entry.name not in NEVER]
        except OSError as error:
            yield _Item(parts, "unreadable", error.strerror or str(error))
            continue
        if not parts and any(entry.name == SUBMITTED for entry in inside):
            inside = [entry for entry in inside if entry.name not in BESIDE_SUBMITTED]
        if not inside and parts:
            yield _Item(parts, "empty")
        for entry in inside:
            here = (*parts, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(here)
            else:
                yield _Item(here, _kind(entry))


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if not entry.is_file(follow_symlinks=False):
        return "special"
    return "notebook" if NOTEBOOK.search(entry.name) else "other"


def _folders_around(items: Sequence[_Item]) -> int:
    """Return how many folders, such as one a class, stand around those of the students.

    Each of them holds nothing but folders, several, and no name comes twice: else these are parts of one's work.
    """
    plain = [item for item in items if not any(MOODLE.match(part) for part in item.parts)]
    around = 0
    while True:
        within = [item for item in plain if len(item.parts) > around + 1]
        inner = {item.parts[: around + 2] for item in within}
        has_files = any(len(item.parts) == around + 2 and item.kind != "empty" for item in within)
        names = Counter(parts[-1] for parts in inner)
        holders = Counter(parts[:-1] for parts in inner)
        if has_files or max(names.values(), default=2) > 1 or min(holders.values(), default=1) == 1:
            return around
        around += 1


def _owner(item: _Item, around: int) -> Parts:
    """Return what the files of one student have in common: the parts of a path, the last one ends with the name."""
    for place, part in enumerate(item.parts):
        moodle = MOODLE.match(part)
        if moodle:
            return (*item.parts[:place], moodle["number"], moodle["student"])
    around = 1 if item.parts[0] == SUBMITTED and len(item.parts) > 2 else around
    if len(item.parts) > around + 1 or item.kind in ("empty", "unreadable"):
        return item.parts[: around + 1]
    *folders, name = item.parts
    return (*folders, NOTEBOOK.sub("", name) if NOTEBOOK.search(name) else Path(name).stem)


def _student(owner: Parts) -> str:
    return "".join(letter for letter in shown(owner[-1]) if unicodedata.category(letter) != "Cc") or "?"


def _entries(folder: Path, student: str, owned: Sequence[_Item]) -> Iterator[Found]:
    notebooks = sorted(shown(item.parts[-1]) for item in owned if item.kind == "notebook")
    several = Note("reading.several", {"count": len(notebooks), "names": _listed(notebooks)}, human=True)
    graded = [item for item in owned if item.kind not in ("other", "empty")]
    for item in graded or [min(owned, key=lambda item: item.parts)]:
        name = "/".join(item.parts)
        values = {"found": shown(name), "reason": item.reason}
        if item.kind == "other":
            values["found"] = _listed(sorted(shown(one.parts[-1]) for one in owned if one.kind == "other"))
        is_notebook = item.kind == "notebook"
        yield Found(
            path=folder.joinpath(*item.parts),
            name=os.fsencode(name).decode("utf-8", "backslashreplace"),
            student=student,
            key=_key(student, name),
            problem=None if is_notebook else Note(f"reading.{item.kind}", values, human=True),
            notes=(several,) if is_notebook and len(notebooks) > 1 else (),
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + ", …" * (len(names) > NAMED)


def _key(student: str, name: str) -> str:
    plain = student.lower().replace("ı", "i").translate(PLAIN)
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    readable = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].strip("-")
    return f"{readable or 'student'}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:12]}"
