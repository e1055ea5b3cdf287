"""Where the pictures of the course come from: the reader's folder, the course's data folder, then the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tl_helpers.data_sets import DATA_SETS, DataSet, data_set
from tl_helpers.download_faults import disk_error
from tl_helpers.downloading import fetch, remove_abandoned
from tl_helpers.editions import SourceError
from tl_helpers.messages import CourseError, message
from tl_helpers.people_files import parquet_module
from tl_helpers.people_folders import people_from_parquet
from tl_helpers.settings import data_home, folder_setting
from tl_helpers.sha256sums import changed_files, part_in, sums_of, write_sums
from tl_helpers.unpacking import unpack_classes

__all__ = ["DATA_SETS", "DataSet", "data_set", "locate_pictures"]
DEEPEST = 3  # levels below TL_PICTURES


def locate_pictures(name: str) -> Path:
    """Find the photographs of a data set: in ``TL_PICTURES``, else in the data folder, else download them there.

    ``TL_PICTURES`` may be the data set's own folder, a folder that holds it (also some levels down), or own pictures
    with as many classes.

    Args:
        name: name of the data set.

    Returns:
        Folder with one sub-folder a class, or with ``train`` and ``validation`` that have them; for people perhaps a
        parquet file.

    Raises:
        CourseError: ``TL_PICTURES`` is set but is not such a folder.
        SourceError: the photographs are not here and cannot be downloaded.
    """
    wanted = data_set(name)
    own = folder_setting("TL_PICTURES")
    if own is not None:
        found = _find(own, wanted, DEEPEST) or (_own_pictures(own, wanted) if name == "cats_and_dogs" else None)
        if found is not None:
            return found
    kept = data_home() / wanted.folder
    found = _find(data_home(), wanted, 1)
    if found == kept and changed_files(kept):
        print(message("downloads.damaged", name=wanted.folder, folder=data_home()))
        found = None
    return found or _download(wanted, kept)


def _find(place: Path, wanted: DataSet, deepest: int) -> Path | None:
    """Find a data set under a folder by the names of its classes, or for people also as a parquet file."""
    if wanted.name == "people":
        files = sorted([*(place / wanted.folder).glob("*.parquet"), *place.glob("*.parquet")])
        if files:
            parquet_module()
            return files[0]
    candidates = (place / wanted.folder, *_folders(place, deepest))
    return next((folder for folder in candidates if _has_classes(folder, wanted.class_folders)), None)


def _folders(place: Path, deepest: int) -> Iterator[Path]:
    """Go through a folder and those in it, from the top down."""
    level = [place]
    for _ in range(deepest + 1):
        yield from level
        level = [folder for above in level for folder in _folders_in(above)]


def _folders_in(place: Path) -> list[Path]:
    with suppress(OSError), os.scandir(place) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    return []


def _has_classes(folder: Path, class_folders: tuple[str, ...]) -> bool:
    def directly(place: Path) -> bool:
        return all((place / name).is_dir() for name in class_folders)

    return directly(folder) or (directly(folder / "train") and directly(folder / "validation"))


def _own_pictures(own: Path, wanted: DataSet) -> Path:
    if (own / wanted.folder).is_dir():
        return own / wanted.folder
    top = own / "train" if (own / "train").is_dir() else own
    found = [path.name for path in _folders_in(top)]
    if len(found) != len(wanted.labels):
        raise CourseError(
            "pictures.not_this_data_set",
            folder=own,
            found=", ".join(found) or "—",
            wanted=wanted.folder,
            classes=", ".join(wanted.class_folders),
        )
    return own


def _download(wanted: DataSet, kept: Path) -> Path:
    """Fetch and unpack a data set, so that its folder is whole or not there; never touch a folder of the reader's."""
    if kept.exists() and changed_files(kept) is None:
        raise SourceError("pictures.in_the_way", folder=kept, classes=", ".join(wanted.class_folders))
    try:
        if wanted.name == "people":
            parquet_module()
        archive = fetch(wanted.archive.name)
        try:
            _make(kept, lambda folder: _unpack(archive, folder, wanted))
        except CourseError as error:
            raise SourceError("downloads.unusable", name=archive.name, reason=error) from error
        except OSError as error:
            if changed_files(kept) != []:  # else another lesson was quicker, and has tidied up
                raise disk_error(error, data_home()) from error
        finally:
            for file in (archive, sums_of(archive)):
                file.unlink(missing_ok=True)
    except SourceError as error:
        classes = ", ".join(wanted.class_folders)
        where = {"folder": wanted.folder, "classes": classes, "place": data_home()}
        raise SourceError("pictures.no_source", reason=error, **where) from error
    return kept


def _unpack(archive: Path, folder: Path, wanted: DataSet) -> dict[str, str]:
    if wanted.name == "people":
        return people_from_parquet(archive, folder)
    return unpack_classes(archive, folder, wanted.class_folders)


def _make(kept: Path, unpack: Callable[[Path], dict[str, str]]) -> None:
    """Make a folder, then put it in its place; its list of hashes comes first, so that it is never without."""
    remove_abandoned(kept.parent)
    temporary = part_in(kept.parent)
    temporary.mkdir()
    try:
        sums = unpack(temporary / kept.name)
        is_damaged = kept.is_dir()
        if is_damaged and not changed_files(kept):
            return  # no: another lesson was quicker
        write_sums(sums_of(kept), sums)
        if is_damaged:
            os.replace(kept, temporary / "damaged")
        try:
            os.replace(temporary / kept.name, kept)
        except OSError:
            if not kept.is_dir():  # or another lesson was quicker
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
