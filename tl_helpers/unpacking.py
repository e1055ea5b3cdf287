"""Unpack the class folders of an archive that nobody vouches for: safe paths, plain files, bounded, all or nothing."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

from tl_helpers.download_faults import DownloadError
from tl_helpers.messages import number

MOST_BYTES = 2_000_000_000  # unpacked
MOST_FILES = 50_000
MOST_RATIO = 100  # bytes unpacked for each byte of the archive
MOST_AT_ONCE = 1 << 26  # bytes that a header may have
READ_AT_ONCE = 1 << 20
SPLITS = ("train", "validation")
BROKEN = (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError)


@dataclass(frozen=True)
class _Entry:
    path: PurePosixPath
    size: int
    is_plain: bool  # no link, device or hole
    open: Callable[[], IO[bytes] | None]


def unpack_classes(archive: Path, folder: Path, class_folders: Sequence[str]) -> dict[str, str]:
    """Unpack a zip or tar archive's class folders, wherever they lie in it, and nothing else but a licence.

    Args:
        archive: zip, tar or tar.gz.
        folder: must not exist yet; gets the class folders, or ``train`` and ``validation`` with them. Half of it may be
            left when this fails.
        class_folders: their names.

    Returns:
        Name of each file, from the folder's parent → its sha256.

    Raises:
        DownloadError: no archive, a broken one, one without these folders, with paths or links that lead elsewhere, or
            one that is too large.
        OSError: the folder cannot be written.
    """
    sums: dict[str, str] = {}
    try:
        with _opened(archive) as entries:
            for entry, target in _wanted(list(_within_limits(entries, archive)), class_folders):
                sums[f"{folder.name}/{target}"] = _write(entry, folder / target)
    except BROKEN as error:
        raise DownloadError("downloads.broken_archive") from error
    return sums


@contextmanager
def _opened(archive: Path) -> Iterator[Iterator[_Entry]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            yield _zip_entries(opened)
        return
    with archive.open("rb") as stream:
        is_gzip = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        source: Any = gzip.GzipFile(fileobj=stream) if is_gzip else stream
        with tarfile.open(fileobj=_Careful(source), mode="r:") as tar:
            yield _tar_entries(tar)


def _zip_entries(archive: zipfile.ZipFile) -> Iterator[_Entry]:
    for info in archive.infolist():
        if not info.is_dir():
            kind = stat.S_IFMT(info.external_attr >> 16)
            is_plain = kind in (0, stat.S_IFREG)
            yield _Entry(_safe(info.filename), info.file_size, is_plain, lambda info=info: archive.open(info))  # type: ignore[misc]


def _tar_entries(tar: tarfile.TarFile) -> Iterator[_Entry]:
    for info in tar:
        if not info.isdir():
            is_plain = info.isreg() and not info.issparse()
            yield _Entry(_safe(info.name), info.size, is_plain, lambda info=info: tar.extractfile(info))  # type: ignore[misc]


class _Careful(io.RawIOBase):
    """A file of which nobody reads very much at once: tarfile takes a header for as long as it says it is."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MOST_AT_ONCE:
            raise DownloadError("downloads.bomb")
        return self.stream.read(size)

    def seek(self, place: int, whence: int = 0) -> int:
        return self.stream.seek(place, whence)

    def tell(self) -> int:
        return self.stream.tell()


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    odd = any(character in '\\:*?"<>|' or ord(character) < 32 for character in name)
    if odd or path.is_absolute() or ".." in path.parts:
        raise DownloadError("downloads.unsafe", name=name[:100])
    return path


def _within_limits(entries: Iterable[_Entry], archive: Path) -> Iterator[_Entry]:
    """Pass entries on; before a gzip is unpacked further than the limits, its next entry says that it is too large."""
    most = min(MOST_BYTES, MOST_RATIO * max(archive.stat().st_size, READ_AT_ONCE))
    total = 0
    for count, entry in enumerate(entries, 1):
        total += entry.size
        if total > most or count > MOST_FILES:
            raise DownloadError("downloads.bomb")
        yield entry


def _wanted(entries: Sequence[_Entry], class_folders: Sequence[str]) -> list[tuple[_Entry, PurePosixPath]]:
    """Choose what to unpack, and where to in the new folder."""
    places: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for entry in entries:
        for depth, part in enumerate(entry.path.parts[:-1]):
            if part in class_folders:
                places[entry.path.parts[:depth]].add(part)
    complete = sorted(
        (place for place in places if len(places[place]) == len(class_folders)), key=lambda p: (len(p), p)
    )
    if not complete:
        raise DownloadError("downloads.no_classes", classes=", ".join(class_folders))
    top, tops = complete[0], {complete[0]: PurePosixPath()}
    if top and all((*top[:-1], split) in complete for split in SPLITS):
        top, tops = top[:-1], {(*top[:-1], split): PurePosixPath(split) for split in SPLITS}
    chosen = []
    for entry in entries:
        parts = entry.path.parts
        for place, target in tops.items():
            inside = parts[len(place) :]
            hidden = any(part.startswith(".") for part in inside)
            if parts[: len(place)] == place and len(inside) > 1 and inside[0] in class_folders and not hidden:
                chosen.append((entry, target.joinpath(*inside)))
        if parts[:-1] == top and parts[-1].casefold().startswith("license"):
            chosen.append((entry, PurePosixPath(parts[-1])))
    return chosen


def _write(entry: _Entry, file: Path) -> str:
    """Write one entry, no more of it than it says it has; return its sha256."""
    stream = entry.open() if entry.is_plain else None
    if stream is None:
        raise DownloadError("downloads.unsafe", name=str(entry.path)[:100])
    digest, written = sha256(), 0
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with stream, file.open("xb") as target:
            while data := stream.read(READ_AT_ONCE):
                written += len(data)
                if written > entry.size:
                    raise DownloadError("downloads.bomb")
                digest.update(data)
                target.write(data)
    except FileExistsError as error:  # the archive has two of this name
        raise DownloadError("downloads.unsafe", name=str(entry.path)[:100]) from error
    if written != entry.size:
        raise DownloadError("downloads.wrong_size", found=number(written), expected=number(entry.size))
    return digest.hexdigest()
