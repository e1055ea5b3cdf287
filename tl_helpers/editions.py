"""The two editions of the course: what tells them apart, and how the full one is made ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tl_helpers.messages import CourseError


@dataclass(frozen=True)
class Edition:
    """What a lesson runs on.

    Args:
        name: ``"mini"`` (drawn pictures, base models of the course) or ``"full"`` (photographs, ImageNet weights).
        image_size: height and width of every picture, in pixels.
        folders: for the full edition, the folder of each data set by name.
    """

    name: str
    image_size: int
    folders: Mapping[str, Path] = field(default_factory=dict)


class SourceError(CourseError):
    """What the full edition needs cannot be had here; the lesson goes on in the mini edition."""


MINI = Edition("mini", 96)


def full_edition(data_sets: tuple[str, ...], base_models: tuple[str, ...]) -> Edition:
    """Make the full edition ready: find or download what a lesson needs.

    Args:
        data_sets: names of data sets, such as ``"cats_and_dogs"``.
        base_models: names of base models, such as ``"MobileNetV2"``.

    Returns:
        The edition, with the folder of every data set.

    Raises:
        SourceError: a data set or the weights of a base model cannot be had.
    """
    from tl_helpers.base_models import load_base_model
    from tl_helpers.sources import locate_pictures

    edition = Edition("full", 160, {name: locate_pictures(name) for name in data_sets})
    for name in base_models:
        load_base_model(name, edition)
    return edition
