"""A box's files, whatever a submission left there: measured and removed without following a link."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
BLOCK = 4096  # what a name takes at least
DEEPEST = 64  # folders in folders; no submission needs more
BEYOND = 2**62  # bytes: more than any limit


def folder_bytes(folder: Path) -> int:
    """Return the bytes that a folder takes on disk; ``BEYOND`` where it was made so that they cannot be counted."""
    total = 0
    waiting = [(os.fspath(folder), 0)]
    while waiting:
        path, depth = waiting.pop()
        if depth > DEEPEST:
            return BEYOND
        try:
            for entry in _entries(path):
                found = entry.stat(follow_symlinks=False)
                total += max(BLOCK, found.st_blocks * 512)
                if stat.S_ISDIR(found.st_mode):
                    waiting.append((entry.path, depth + 1))
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is being changed
        except OSError:
            return BEYOND
    return total


def remove_box(box: Path) -> None:
    """Remove a box in which nothing runs any more, whatever was left there; links are never followed.

    Raises:
        OSError: something in it cannot be removed.
    """
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISDIR(os.lstat(box).st_mode):
            os.unlink(box)
            return
        os.chmod(box, 0o700)
        handle = os.open(box, FOLDER)
        try:
            _empty(handle)
        finally:
            os.close(handle)
        os.rmdir(box)


def _empty(top: int) -> None:
    """Remove all that a folder holds, however deep: one folder is open at a time, and nothing recurses."""
    here, waiting = os.dup(top), [_clear(top)]  # of each folder on the way: the folders still to empty, here's last
    way: list[str] = []
    try:
        while waiting[-1] or way:
            if waiting[-1]:
                way.append(waiting[-1].pop())
                os.chmod(way[-1], 0o700, dir_fd=here)
                here = _step(here, way[-1])
                waiting.append(_clear(here))
            else:
                here = _step(here, "..")
                os.rmdir(way.pop(), dir_fd=here)
                waiting.pop()
    finally:
        os.close(here)


def _step(here: int, name: str) -> int:
    """Open another folder instead of this one."""
    there = os.open(name, FOLDER, dir_fd=here)
    os.close(here)
    return there


def _clear(handle: int) -> list[str]:
    """Remove a folder's files and empty folders; return the other folders."""
    full = []
    for name in os.listdir(handle):
        if not _is_folder(name, handle):
            os.unlink(name, dir_fd=handle)
            continue
        try:
            os.rmdir(name, dir_fd=handle)
        except OSError:
            full.append(name)
    return full


def _is_folder(name: str, handle: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode)


def _entries(path: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(path) as entries:
        yield from entries
