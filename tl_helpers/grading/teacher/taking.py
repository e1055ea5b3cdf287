"""Plain files taken out of a box, whatever else was left there; no link is followed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from tl_helpers.grading.teacher.boxes import DEEPEST, FOLDER

FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
PIECE = 2**20
UNSUITABLE = (errno.EEXIST, errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)  # for the target's disk: as names


@dataclass(frozen=True)
class Taken:
    """What was copied out of a box.

    Args:
        files: names of the copied files, relative to the folder, with "/", sorted.
        refused: names, as they can be printed, of what was not copied: links, pipes, devices, files beyond a limit or
            that cannot be read.
    """

    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def copy_out(box: Path, folder: str, target: Path, *, limit_bytes: int, limit_files: int) -> Taken:
    """Copy a folder's plain files out of a box in which nothing runs any more; links are never followed.

    Args:
        box: the box.
        folder: relative to the box, with "/"; "" is the box itself. Nothing is copied where it is no folder.
        target: a folder that is made, and must not be there yet.
        limit_bytes: of all copies together.
        limit_files: how many files and folders.

    Raises:
        FileExistsError: the target is there.
    """
    target.mkdir(parents=True)
    copying = _Copying(limit_bytes, limit_files)
    with contextlib.ExitStack() as opened:
        handle = _open_folder(os.fspath(box), None, opened)
        for part in Path(folder).parts:
            handle = None if handle is None else _open_folder(part, handle, opened)
        if handle is not None:
            copying.copy(handle, target, "")
    return Taken(tuple(sorted(copying.files)), tuple(sorted(copying.refused)))


class _Copying:
    def __init__(self, limit_bytes: int, limit_files: int) -> None:
        self.bytes_left = limit_bytes
        self.names_left = limit_files
        self.files: list[str] = []
        self.refused: list[str] = []

    def copy(self, handle: int, target: Path, above: str) -> None:
        for name in sorted(os.listdir(handle)):
            full = f"{above}{name}"
            if not self._may_copy(name, full) or not self._copy_one(name, handle, target, full):
                self.refused.append(_printable(full))

    def _may_copy(self, name: str, full: str) -> bool:
        return self.names_left > 0 and name.isprintable() and full.count("/") < DEEPEST

    def _copy_one(self, name: str, handle: int, target: Path, full: str) -> bool:
        with contextlib.ExitStack() as opened:
            try:
                inner = _open_folder(name, handle, opened)
                if inner is None:
                    return self._copy_file(name, handle, target, full)
                (target / name).mkdir()
            except OSError as error:
                if error.errno in UNSUITABLE:
                    return False
                raise
            self.names_left -= 1
            self.copy(inner, target / name, f"{full}/")
            return True

    def _copy_file(self, name: str, handle: int, target: Path, full: str) -> bool:
        try:
            source = os.open(name, FILE, dir_fd=handle)
        except OSError:
            return False
        with open(source, "rb") as read:
            found = os.fstat(source)
            left = found.st_size
            if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or left > self.bytes_left:
                return False
            with open(target / name, "xb") as written:
                while left and (piece := read.read(min(PIECE, left))):
                    left -= written.write(piece)
        self.bytes_left -= found.st_size
        self.names_left -= 1
        self.files.append(full)
        return True


def _open_folder(name: str, above: int | None, opened: contextlib.ExitStack) -> int | None:
    """Return an open folder, None where it is something else."""
    try:
        handle = os.open(name, FOLDER, dir_fd=above)
    except (OSError, ValueError):
        return None
    opened.callback(os.close, handle)
    return handle


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)[1:-1]
