"""Read files that a box left behind: regular ones only, of limited size, never a link, never a pickle."""

from __future__ import annotations

import json
import os
import stat
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

Array = np.ndarray[Any, Any]


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder itself, not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def open_plain(path: Path, most: int) -> BinaryIO:
    """Open a file for reading.

    Args:
        path: of a regular file.
        most: bytes that it may have.

    Raises:
        OSError: it is missing or cannot be read.
        ValueError: it is a link, a pipe or a device, or too large.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError(path.name)
    flags = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))  # not every system has each
    file = os.fdopen(os.open(path, os.O_RDONLY | flags), "rb")
    if os.fstat(file.fileno()).st_size > most:
        file.close()
        raise ValueError(path.name)
    return file


def read_json(path: Path, most: int) -> Any:
    """Return what a JSON file holds.

    Args:
        path: of the file.
        most: bytes that it may have.

    Raises:
        OSError: as for ``open_plain``.
        ValueError: likewise, or it is not JSON.
        RecursionError: it is nested too deeply.
    """
    with open_plain(path, most) as file:
        return json.loads(file.read())


def read_array(path: Path, most: int) -> Array:
    """Return the numbers of an ``.npy`` file.

    Args:
        path: of the file.
        most: bytes that it may have.

    Raises:
        OSError: as for ``open_plain``.
        ValueError: likewise, or it holds something else than numbers, or not as many as its header says.
    """
    with open_plain(path, most) as file:
        version = np.lib.format.read_magic(file)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(version)
        first = version == (1, 0)
        read_header = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(file, max_header_size=1_000)
        size = os.fstat(file.fileno()).st_size - file.tell()
        if dtype.kind not in "biuf" or min(shape, default=1) < 0 or prod(shape) * dtype.itemsize != size:
            raise ValueError(path.name)
        file.seek(0)
        found: Array = np.load(file, allow_pickle=False)
        return found
