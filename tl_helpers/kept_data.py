"""What the course keeps in its data folder: found, measured, checked, removed; a reader's own files are left alone."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tl_helpers import feature_cache
from tl_helpers.data_sets import DATA_SETS
from tl_helpers.download_faults import DownloadError
from tl_helpers.downloading import downloads_folder
from tl_helpers.file_checks import check_file
from tl_helpers.registry import FILES
from tl_helpers.settings import data_home
from tl_helpers.sha256sums import changed_files, parse_sums, sums_of


@dataclass(frozen=True)
class Kept:
    """Something in the data folder.

    Args:
        name: of its file or folder.
        kind: ``"download"``, ``"photographs"``, ``"own"`` (put there by the reader), ``"features"``, ``"drawn"`` or
            ``"unfinished"``.
        path: the file or folder.
        files: what belongs to it; empty where it is the reader's own.
    """

    name: str
    kind: str
    path: Path
    files: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Its size in bytes."""
        files = (inner for file in self.files or (self.path,) for inner in (file, *file.rglob("*")))
        return sum(_size(file) for file in files)


def kept_data() -> list[Kept]:
    """List what the data folder has."""
    found = [Kept(file.name, "download", file, (file,)) for file in _files(downloads_folder(), "*.*")]
    found = [one for one in found if one.path.suffix != ".sha256"]
    folders = [data_home() / data_set.folder for data_set in DATA_SETS.values()]
    found += [_photographs(folder) for folder in folders if folder.is_dir()]
    features, drawn = feature_cache.cache_folder(), data_home() / "picturebook"
    found.append(Kept(features.name, "features", features, tuple(_files(features, "*.npy"))))
    found.append(Kept(drawn.name, "drawn", drawn, tuple(_files(drawn, "*/*.npz"))))
    places = (data_home(), downloads_folder(), features)
    parts = tuple(part for place in places for part in place.glob(".*.part"))
    found.append(Kept("unfinished", "unfinished", data_home(), parts))
    return [one for one in found if one.files or one.kind == "own"]


def damaged_files(kept: Kept) -> list[str] | None:
    """Check every file of something kept.

    Returns:
        Names of those that are not as they were written; None where nothing says how they were.
    """
    if kept.kind in ("own", "unfinished"):
        return None
    if kept.kind == "features":
        return [file.name for file in kept.files if not feature_cache.is_whole(file)]
    if kept.kind == "drawn":
        return [file.name for file in kept.files if not _is_whole_zip(file)]
    changed = changed_files(kept.path)
    if changed is None and kept.name in FILES:
        try:
            check_file(kept.path, FILES[kept.name])
        except DownloadError:
            return [kept.name]
        return []
    return changed


def remove(kept: Kept) -> None:
    """Remove something kept: its files, and folders that are empty then. What the reader put among them stays."""
    for file in kept.files:
        if file.is_dir():
            shutil.rmtree(file, ignore_errors=True)
        else:
            file.unlink(missing_ok=True)
    if kept.kind in ("download", "photographs"):
        sums_of(kept.path).unlink(missing_ok=True)
    places = {folder for file in kept.files for folder in file.parents if folder.is_relative_to(data_home())}
    for folder in sorted(places - {data_home()}, key=lambda place: len(place.parts), reverse=True):
        with suppress(OSError):  # not empty
            folder.rmdir()


def _photographs(folder: Path) -> Kept:
    with suppress(OSError, UnicodeDecodeError):
        names = parse_sums(sums_of(folder).read_text(encoding="utf-8"))
        inside = [name for name in names if name.startswith(f"{folder.name}/") and ".." not in name.split("/")]
        return Kept(folder.name, "photographs", folder, tuple(folder.parent / name for name in inside))
    return Kept(folder.name, "own", folder, ())


def _files(folder: Path, pattern: str) -> Iterable[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith("."))


def _size(file: Path) -> int:
    with suppress(OSError):
        return file.stat().st_size if file.is_file() else 0
    return 0


def _is_whole_zip(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError):
        return False
