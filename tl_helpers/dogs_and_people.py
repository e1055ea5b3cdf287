"""The pictures of lesson 07: golden retrievers, huskies, men and women, and the groups that the people belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tl_helpers.drawn_people import drawn_groups
from tl_helpers.editions import Edition
from tl_helpers.people_files import read_people
from tl_helpers.people_folders import TABLE
from tl_helpers.pictures import Array, Pictures, Splits, load_pictures, split_indices

PEOPLE_PER_CLASS = 600  # photographs of men and of women at most
IMAGENET_NAME = re.compile(r"n\d{8}_\d+\.")


@dataclass(frozen=True)
class DogsAndPeople:
    """Pictures of the four classes, split, and the groups of the people in the test split. Introduced in lesson 07.

    Args:
        splits: class names golden, husky, man, woman; the dogs come first in each split.
        groups: name of a division (such as ``"age"``) → one group a person of the test split, in order; each is a key
            of the messages' section ``people``, or a text that is shown as it is.
    """

    splits: Splits
    groups: Mapping[str, tuple[str, ...]]


def load_dogs_and_people(edition: Edition) -> DogsAndPeople:
    """Load dogs and people in an edition, split into training, validation and test. Introduced in lesson 07.

    Args:
        edition: mini: drawn; full: photographs of dogs in class folders, of people in a parquet file shaped like
            FairFace's (adults only) or in folders ``man`` and ``woman``, whose groups ``people.csv`` beside them names.

    Raises:
        CourseError: the photographs cannot be used.
    """
    dogs = load_pictures("dogs", edition)
    if edition.name == "full" and _has_groups(edition.folders["people"]):
        people, groups = _with_groups(edition.folders["people"], edition.image_size)
    else:
        people = load_pictures("people", edition)
        groups = drawn_groups(people.test.names) if edition.name == "mini" else light_groups(people.test.images)
    train, validation = _together(dogs.train, people.train), _together(dogs.validation, people.validation)
    splits = Splits(train, validation, _together(dogs.test, people.test), dogs.left_out + people.left_out)
    return DogsAndPeople(splits, groups)


def light_groups(images: Array) -> Mapping[str, tuple[str, ...]]:
    """Divide pictures into a darker and a brighter half, where nothing else is known of them.

    Args:
        images: uint8, shape (n, size, size, 3).

    Returns:
        ``"light"`` → ``"dark"`` or ``"bright"`` for each picture.
    """
    brightness = images.mean(axis=(1, 2, 3))
    is_dark = brightness < np.median(brightness)
    return {"light": tuple("dark" if dark else "bright" for dark in is_dark)}


def imagenet_names(names: Sequence[str]) -> int:
    """Count pictures whose file name is a number of ImageNet's: ``n02099601_10.jpg``. Introduced in lesson 07.

    Args:
        names: of pictures.
    """
    return sum(bool(IMAGENET_NAME.match(Path(name).name)) for name in names)


def _has_groups(people: Path) -> bool:
    return people.is_file() or (people / TABLE).is_file()


def _with_groups(place: Path, image_size: int) -> tuple[Splits, Mapping[str, tuple[str, ...]]]:
    people = read_people(place, image_size, PEOPLE_PER_CLASS)
    parts = split_indices(list(people.keys), people.pictures.labels, (0.4, 0.2, 0.4))
    train, validation, test = (people.pictures.take(part) for part in parts)
    groups = {name: tuple(values[i] for i in parts[2]) for name, values in people.groups.items()}
    return Splits(train, validation, test, people.left_out), groups


def _together(dogs: Pictures, people: Pictures) -> Pictures:
    return Pictures(
        np.concatenate([dogs.images, people.images]),
        np.concatenate([dogs.labels, len(dogs.class_names) + people.labels]),
        dogs.class_names + people.class_names,
        dogs.names + people.names,
    )
