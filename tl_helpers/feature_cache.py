"""What frozen layers gave, kept on disk: each entry whole or not there, checked when it is read, bounded in all."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from tl_helpers.messages import CourseError
from tl_helpers.settings import data_home

Array = np.ndarray[Any, Any]
DEFAULT_GIGABYTES = 5.0
DIGEST_BYTES = sha256().digest_size
READ_AT_ONCE = 1 << 22  # bytes
ABANDONED_AFTER = 24 * 3600  # seconds after which nobody writes a half-written file any more


def cache_folder() -> Path:
    """Return the folder that keeps features and converted models, under ``TL_DATA_HOME``."""
    return data_home() / "features"


def size_limit() -> int:
    """Return how many bytes the cache may hold: ``TL_CACHE_GB``, 5 GB by default; 0 keeps nothing.

    Raises:
        CourseError: ``TL_CACHE_GB`` is not a number of at least 0.
    """
    asked = os.environ.get("TL_CACHE_GB", "").strip()
    try:
        gigabytes = float(asked or DEFAULT_GIGABYTES)
    except ValueError:
        gigabytes = -1.0
    if not 0 <= gigabytes < float("inf"):
        raise CourseError("features.cache_limit", found=asked)
    return int(gigabytes * 1e9)


def read(key: str) -> Array | None:
    """Return the array kept under a key, or None where there is none that is whole.

    Every byte is checked against the hash that was written with it; a file that does not pass is deleted.

    Args:
        key: hexadecimal digits.

    Returns:
        Array mapped from disk, read-only: only what is looked at comes into memory.
    """
    file = _file(key)
    try:
        with file.open("rb") as stream:
            if _is_whole(stream):
                with suppress(OSError):  # a read-only folder
                    os.utime(file)  # now the last one to be evicted
                return _mapped(stream)
    except OSError:
        return None
    with suppress(OSError):
        file.unlink()
    return None


def is_whole(file: Path) -> bool:
    """Say whether a file of the cache is as it was written."""
    try:
        with file.open("rb") as stream:
            return _is_whole(stream)
    except OSError:
        return False


def write(key: str, shape: tuple[int, ...], batches: Iterable[Array], dtype: str = "<f4") -> Array:
    """Keep an array that arrives in batches.

    The file gets its name when every byte is on disk, so nobody reads half of one; of two processes that write under
    the same key the last one's file, equal to the first's, stays. Entries used longest ago make room.

    Args:
        key: hexadecimal digits.
        shape: of the whole array; the batches are joined along the first axis.
        batches: arrays of shape (b, *shape[1:]).
        dtype: of the array, in NumPy's notation.

    Returns:
        The array mapped from disk, as ``read`` returns it.

    Raises:
        OSError: the folder cannot be written to, or the disk is full; no part of the file is left.
    """
    file = _file(key)
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(prefix=f".{key[:12]}.", suffix=".part", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            hashing = _Hashing(stream)
            header = {"descr": dtype, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(hashing, header)
            for batch in batches:
                hashing.write(np.ascontiguousarray(batch, dtype=dtype).tobytes())
            stream.write(hashing.digest.digest())
            stream.flush()
            os.fsync(stream.fileno())
            written = _mapped(stream)
        os.replace(part, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise
    evict(keep=file)
    return written


def evict(keep: Path | None = None) -> None:
    """Delete what was used longest ago until the cache is within its limit, and abandoned parts of files.

    Args:
        keep: a file that stays in any case.
    """
    entries = []
    for file in cache_folder().glob("*.npy"):
        with suppress(OSError):  # deleted by another process
            entries.append((file.stat().st_mtime, file.stat().st_size, file))
    total = sum(size for _, size, _ in entries)
    for _, size, file in sorted(entries):
        if total <= size_limit():
            break
        if file != keep:
            total -= size
            with suppress(OSError):
                file.unlink()
    for part in cache_folder().glob(".*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > ABANDONED_AFTER:
                part.unlink()


class _Hashing:
    """A stream that hashes what is written to it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.digest = sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.stream.write(data)


def _file(key: str) -> Path:
    return cache_folder() / f"{key}.npy"


def _is_whole(stream: BinaryIO) -> bool:
    """Say whether a file ends with the hash of all that comes before."""
    left = os.fstat(stream.fileno()).st_size - DIGEST_BYTES
    digest = sha256()
    while left > 0:
        data = stream.read(min(left, READ_AT_ONCE))
        if not data:
            return False
        digest.update(data)
        left -= len(data)
    return left == 0 and stream.read() == digest.digest()


def _mapped(stream: BinaryIO) -> Array:
    stream.seek(0)
    np.lib.format.read_magic(stream)
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    return np.memmap(stream, dtype=dtype, mode="r", offset=stream.tell(), shape=shape)
