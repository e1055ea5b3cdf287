"""The data sets of the course, in both editions: their classes, where the photographs come from, how many are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tl_helpers.messages import CourseError
from tl_helpers.registry import CATS_AND_DOGS, FAIRFACE, FLOWERS, STANFORD_DOGS, RemoteFile


@dataclass(frozen=True)
class DataSet:
    """One data set in both editions.

    Args:
        name: as ``load_pictures`` takes it.
        labels: standard names of the classes, in the order of their folders.
        folder: name of the folder that its photographs are kept in.
        class_folders: names of the class folders in it, in the same order as ``labels``.
        archive: where the photographs are published.
        drawn_train: drawn pictures a class for training in the mini edition.
        drawn_held_out: drawn pictures a class for validation and test together.
        held_out_test_share: share of the held-out pictures that becomes the test split, 0–1.
    """

    name: str
    labels: tuple[str, ...]
    folder: str
    class_folders: tuple[str, ...]
    archive: RemoteFile
    drawn_train: int
    drawn_held_out: int
    held_out_test_share: float


DATA_SETS: Mapping[str, DataSet] = {
    "cats_and_dogs": DataSet(
        name="cats_and_dogs",
        labels=("cat", "dog"),
        folder="cats_and_dogs_filtered",
        class_folders=("cats", "dogs"),
        archive=CATS_AND_DOGS,
        drawn_train=200,
        drawn_held_out=375,
        held_out_test_share=0.2,
    ),
    "flowers": DataSet(
        name="flowers",
        labels=("daisy", "dandelion", "rose", "sunflower", "tulip"),
        folder="flower_photos",
        class_folders=("daisy", "dandelion", "roses", "sunflowers", "tulips"),
        archive=FLOWERS,
        drawn_train=140,
        drawn_held_out=60,
        held_out_test_share=0.5,
    ),
    "dogs": DataSet(
        name="dogs",
        labels=("golden", "husky"),
        folder="Images",
        class_folders=("n02099601-golden_retriever", "n02110185-Siberian_husky"),
        archive=STANFORD_DOGS,
        drawn_train=150,
        drawn_held_out=300,
        held_out_test_share=2 / 3,
    ),
    "people": DataSet(
        name="people",
        labels=("man", "woman"),
        folder="people",
        class_folders=("man", "woman"),
        archive=FAIRFACE,
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
