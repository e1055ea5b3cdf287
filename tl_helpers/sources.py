"""Where the pictures of the course come from: the reader's folder, the course's data folder, then the network."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tl_helpers.editions import SourceError
from tl_helpers.messages import CourseError, message, number
from tl_helpers.settings import data_home, folder_setting

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Archive:
    """A zip archive of the full edition: its addresses in order of preference and its size in bytes."""

    addresses: tuple[str, ...]
    size: int


NOT_DOWNLOADED = Archive((), 0)  # the photographs must be here already


@dataclass(frozen=True)
class DataSet:
    """One data set in both editions.

    Args:
        name: as ``load_pictures`` takes it.
        labels: standard names of the classes, in the order of their folders.
        folder: name of the archive's top folder.
        class_folders: names of the class folders in it, in the same order as ``labels``.
        archive: where the photographs are.
        drawn_train: drawn pictures a class for training in the mini edition.
        drawn_held_out: drawn pictures a class for validation and test together.
        held_out_test_share: share of the held-out pictures that becomes the test split, 0–1.
    """

    name: str
    labels: tuple[str, ...]
    folder: str
    class_folders: tuple[str, ...]
    archive: Archive
    drawn_train: int
    drawn_held_out: int
    held_out_test_share: float


DATA_SETS: Mapping[str, DataSet] = {
    "cats_and_dogs": DataSet(
        name="cats_and_dogs",
        labels=("cat", "dog"),
        folder="cats_and_dogs_filtered",
        class_folders=("cats", "dogs"),
        archive=Archive(
            addresses=(
                "https://storage.googleapis.com/mledu-datasets/cats_and_dogs_filtered.zip",
                "https://download.mlcc.google.com/mledu-datasets/cats_and_dogs_filtered.zip",
            ),
            size=68_606_236,
        ),
        drawn_train=200,
        drawn_held_out=375,
        held_out_test_share=0.2,
    ),
    "flowers": DataSet(
        name="flowers",
        labels=("daisy", "dandelion", "rose", "sunflower", "tulip"),
        folder="flower_photos",
        class_folders=("daisy", "dandelion", "roses", "sunflowers", "tulips"),
        archive=NOT_DOWNLOADED,
        drawn_train=140,
        drawn_held_out=60,
        held_out_test_share=0.5,
    ),
    "dogs": DataSet(
        name="dogs",
        labels=("golden", "husky"),
        folder="Images",
        class_folders=("n02099601-golden_retriever", "n02110185-Siberian_husky"),
        archive=NOT_DOWNLOADED,
        drawn_train=150,
        drawn_held_out=300,
        held_out_test_share=2 / 3,
    ),
    "people": DataSet(
        name="people",
        labels=("man", "woman"),
        folder="people",
        class_folders=("man", "woman"),
        archive=NOT_DOWNLOADED,
        drawn_train=150,
        drawn_held_out=300,
        held_out_test_share=2 / 3,
    ),
}


def data_set(name: str) -> DataSet:
    """Return a data set by name.

    Raises:
        CourseError: the course has no such data set.
    """
    if name not in DATA_SETS:
        raise CourseError("pictures.unknown_data_set", found=name, expected=", ".join(DATA_SETS))
    return DATA_SETS[name]


def locate_pictures(name: str) -> Path:
    """Find the photographs of a data set: in ``TL_PICTURES``, else in the data folder, else download them there.

    ``TL_PICTURES`` may be the data set's own folder, a folder that holds it, or own pictures with as many classes.

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
    if wanted.archive is NOT_DOWNLOADED:
        return _already_here(wanted, [place for place in (own, data_home()) if place])
    if own is not None:
        return _in_own_folder(own, wanted)
    kept = data_home() / wanted.folder
    if not kept.is_dir():
        _download(wanted, kept)
    return kept


def _already_here(wanted: DataSet, places: list[Path]) -> Path:
    """Find a data set that is not downloaded: its folder, or for people a parquet file in that folder or beside it."""
    for place in places:
        folder = place / wanted.folder
        files = sorted([*folder.glob("*.parquet"), *place.glob("*.parquet")]) if wanted.name == "people" else []
        if files:
            from tl_helpers.people_files import parquet_module

            parquet_module()
            return files[0]
        for top in (folder, place):
            if all((top / name).is_dir() for name in wanted.class_folders):
                return top
    classes = ", ".join(wanted.class_folders)
    raise SourceError(f"pictures.put_{wanted.name}", place=places[0], folder=wanted.folder, classes=classes)


def _in_own_folder(own: Path, wanted: DataSet) -> Path:
    if (own / wanted.folder).is_dir():
        return own / wanted.folder
    top = own / "train" if (own / "train").is_dir() else own
    found = sorted(path.name for path in top.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(found) != len(wanted.labels):
        raise CourseError(
            "pictures.not_this_data_set",
            folder=own,
            found=", ".join(found) or "—",
            wanted=wanted.folder,
            classes=", ".join(wanted.class_folders),
        )
    return own


def _download(wanted: DataSet, folder: Path) -> None:
    import pooch

    pooch.get_logger().setLevel("ERROR")  # what it would say, we say in the reader's language
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            for address in wanted.archive.addresses:
                print(message("pictures.downloading", address=address, size=number(wanted.archive.size / 1e6, 1)))
                try:
                    downloader = pooch.HTTPDownloader(timeout=TIMEOUT_SECONDS, progressbar=False)
                    file = pooch.retrieve(address, None, "archive.zip", temporary, downloader=downloader)
                    _unpack(Path(file), wanted, Path(temporary), folder)
                    return
                except (OSError, ValueError, zipfile.BadZipFile) as error:
                    reason = _why(error)
                    (Path(temporary) / "archive.zip").unlink(missing_ok=True)
    except OSError as error:
        reason = _why(error)
    raise SourceError("pictures.no_source", name=wanted.folder, reason=reason)


def _why(error: Exception) -> str:
    """Say in the reader's language why a download failed."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return message("pictures.refused", status=error.response.status_code)
    if isinstance(error, (requests.ConnectionError, requests.Timeout)):
        return message("pictures.no_network")
    if isinstance(error, zipfile.BadZipFile):
        return message("pictures.no_zip")
    return str(getattr(error, "strerror", None) or error)


def _unpack(file: Path, wanted: DataSet, temporary: Path, folder: Path) -> None:
    if file.stat().st_size != wanted.archive.size:
        raise ValueError(message("pictures.wrong_size", found=file.stat().st_size, expected=wanted.archive.size))
    unpacked = temporary / "unpacked"
    with zipfile.ZipFile(file) as archive:
        archive.extractall(unpacked, [entry for entry in archive.namelist() if entry.startswith(f"{wanted.folder}/")])
    if not (unpacked / wanted.folder).is_dir():
        raise ValueError(message("pictures.wrong_content", wanted=wanted.folder))
    try:
        os.replace(unpacked / wanted.folder, folder)
    except OSError:
        if not folder.is_dir():  # another lesson was quicker: its folder serves as well
            raise
        shutil.rmtree(unpacked)
