"""The picture book: drawings for the mini edition, the same for a seed on every machine.

Light, setting, position and clutter come from the same distributions for every class, and classes that a lesson tells
apart share their colours: only shape tells them apart. Classes of the lessons (targets) and things to pretrain on
(sources) have none in common.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tl_helpers.messages import CourseError
from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.flowers import FLOWERS
from tl_helpers.picturebook.light import photograph
from tl_helpers.picturebook.mammals import draw_mammal
from tl_helpers.picturebook.people import PEOPLE, draw_person
from tl_helpers.picturebook.scene import draw_background, draw_foreground
from tl_helpers.picturebook.species import SOURCE, SPECIES
from tl_helpers.picturebook.style import engraved
from tl_helpers.picturebook.things import THINGS, place_thing

TARGETS: Mapping[str, tuple[str, ...]] = {
    "cats_and_dogs": ("cat", "dog"),
    "flowers": tuple(FLOWERS),
    "breeds": ("golden", "husky"),
    "people": PEOPLE,
}
TARGET_CLASSES: tuple[str, ...] = tuple(label for labels in TARGETS.values() for label in labels)
SOURCE_CLASSES: tuple[str, ...] = (*SOURCE, *THINGS)
CLASSES: tuple[str, ...] = (*TARGET_CLASSES, *SOURCE_CLASSES)


def draw(label: str, seed: int, index: int = 0, size: int = 96, similarity: float = 1.0) -> NDArray[np.uint8]:
    """Draw one picture. Introduced in lesson 01.

    Args:
        label: what it shows, one of ``CLASSES``.
        seed: of a set of pictures, 0 or more.
        index: number of the picture in that set, 0 or more.
        size: height and width, in pixels.
        similarity: how like the pictures that base models were pretrained on: 1.0 is drawn as they are, 0.0 as an
            engraving in one ink; between, the two are mixed.

    Returns:
        uint8, shape (size, size, 3), values 0–255.

    Raises:
        CourseError: the picture book has no such class, or the similarity is not in 0–1.
    """
    if label not in CLASSES:
        raise CourseError("picturebook.unknown", found=label, expected=", ".join(CLASSES))
    if not 0 <= similarity <= 1:
        raise CourseError("picturebook.similarity", found=similarity)
    rng = np.random.default_rng([_number(label), seed, index])
    canvas = Canvas(size)
    draw_background(canvas, rng)
    draw_subject(canvas, rng, label)
    draw_foreground(canvas, rng)
    if similarity < 1:
        canvas.image = engraved(canvas.image, np.random.default_rng([_number(label), seed, index, 1]), similarity)
    return photograph(canvas.reduced(), rng)


def draw_subject(canvas: Canvas, rng: Generator, label: str) -> None:
    """Draw what the picture shows, without what lies around it.

    Args:
        canvas: to draw on.
        rng: source of chance.
        label: one of ``CLASSES``.
    """
    if label in SPECIES:
        draw_mammal(canvas, rng, label)
    elif label in PEOPLE:
        draw_person(canvas, rng, label)
    else:
        place_thing(canvas, rng, FLOWERS.get(label) or THINGS[label])


def draw_many(
    labels: Sequence[str], per_class: int, seed: int, size: int = 96, similarity: float = 1.0
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw a set of pictures, classes in turn. Introduced in lesson 01.

    Args:
        labels: classes of the set.
        per_class: pictures of each.
        seed: another seed gives other pictures.
        size: height and width, in pixels.
        similarity: as in ``draw``.

    Returns:
        uint8 images, shape (n, size, size, 3), and int64 indices into ``labels``, shape (n,).

    Raises:
        CourseError: the picture book has no such class.
    """
    images = [draw(label, seed, index, size, similarity) for index in range(per_class) for label in labels]
    return np.stack(images), np.tile(np.arange(len(labels), dtype=np.int64), per_class)


@cache
def version() -> str:
    """Return a hash of the book's own code, 12 hex digits: drawings kept under another one are out of date."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(sha256(file.read_bytes()).digest() for file in files)).hexdigest()[:12]


def _number(label: str) -> int:
    return int.from_bytes(sha256(label.encode()).digest()[:4], "big")
