"""What lesson 08 draws of a network's inside: filters, the maps of a layer, the favourite pictures of a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from tl_helpers.interactive import Drawing
from tl_helpers.looking import colour_shares, filter_pictures, liveliest, middle_of, seen_from_middle
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import ORANGE, figure, set_title, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]
MAPS_SHOWN, EXAMPLES = 6, 3


@dataclass(frozen=True)
class Favourites:
    """What channels of a layer would like to see, and which real pictures come nearest. Introduced in lesson 08.

    Args:
        channels: their numbers.
        found: float, shape (channels, size, size, 3), in [-1, 1].
        answers: of the middle of each channel's map to its found picture, shape (channels,).
        examples: uint8, shape (channels, EXAMPLES, size, size, 3): the real pictures with the strongest answers.
        strongest: the answer to the first of them, shape (channels,).
        seen: part of the picture that matters, as ``seen_from_middle`` returns it.
        count: of real pictures that were tried.
    """

    channels: tuple[int, ...]
    found: Array
    answers: Array
    examples: Array
    strongest: Array
    seen: tuple[int, int, int, int]
    count: int


def show_filters(kernel: Array) -> None:
    """Show the filters of a first layer as pictures, those for light first, and print how they read.

    Introduced in lesson 08.

    Args:
        kernel: float, shape (height, width, 3, filters).
    """
    pictures = filter_pictures(kernel)[np.argsort(colour_shares(kernel), kind="stable")]
    rows = -(-len(pictures) // 8)
    fig, axes = figure(6.4, 0.85 * rows + 0.6, 8, rows)
    for axis in np.ravel(axes):
        axis.set_axis_off()
    for axis, picture in zip(np.ravel(axes), pictures, strict=False):
        axis.imshow(picture)
    fig.suptitle(message(f"looking.filters_{_kind(kernel)}_title"), fontsize=12, fontweight="bold")
    reading = read_filters(kernel)
    show(fig, message("looking.filters_alt", reading=reading))
    print(reading)


def read_filters(kernel: Array) -> str:
    """Say in one sentence how many filters look mostly at colour, and how many mostly at light.

    Args:
        kernel: as for ``show_filters``.
    """
    shares = colour_shares(kernel)
    size = "×".join(map(str, kernel.shape[:2]))
    counts = {"colour": int(np.sum(shares >= 0.5)), "light": int(np.sum(shares < 0.5)), "count": len(shares)}
    return message("looking.filters", size=size, **counts)


def draw_layer(
    picture: Array, answers: Mapping[str, Array], seen: Mapping[str, tuple[int, int, int, int]], name: str
) -> Drawing:
    """Draw a picture beside the liveliest maps of a layer. Introduced in lesson 08.

    Args:
        picture: uint8, shape (size, size, 3).
        answers: of this picture, layer → float, shape (h, w, channels).
        seen: layer → what the middle of its maps depends on, as ``seen_from_middle`` returns it.
        name: of the layer.
    """
    maps = answers[name]
    fig, axes = figure(6.4, 3.3, MAPS_SHOWN // 2 + 1, 2)
    for axis in np.ravel(axes):
        axis.set_axis_off()
    axes[0, 0].imshow(picture)
    _frame(axes[0, 0], seen[name])
    for axis, channel in zip(np.ravel(axes[:, 1:]), liveliest(maps, MAPS_SHOWN), strict=False):
        axis.imshow(maps[..., channel], cmap="cividis")
        axis.set_title(message("looking.channel", channel=channel), fontsize=9)
    height, width, channels = maps.shape
    fig.suptitle(message("looking.layer_title", height=height, width=width, channels=channels), fontsize=12, fontweight="bold")
    reading = read_layer(maps, seen[name], name, len(picture))
    return Drawing(fig, message("looking.layer_alt", reading=reading), reading)


def read_layer(maps: Array, seen: tuple[int, int, int, int], name: str, size: int) -> str:
    """Say in one sentence how large a layer's maps are, what a value sees, and how much is silent.

    Args:
        maps: float, shape (h, w, channels).
        seen: as ``seen_from_middle`` returns it.
        name: of the layer.
        size: height and width of the picture in pixels.
    """
    height, width, channels = maps.shape
    rows, columns = seen[1] - seen[0], seen[3] - seen[2]
    part = message("looking.all_seen") if min(rows, columns) == size else message("looking.part_seen", rows=rows, columns=columns)
    shown = {"height": height, "width": width, "channels": number(channels)}
    return message("looking.layer", name=name, part=part, silent=percent(float(np.mean(maps <= 0)), 0), **shown)


def compare_with_real(
    bottom: keras.Model, channels: tuple[int, ...], found: Array, inputs: Array, images: Array
) -> Favourites:
    """Ask a layer about found pictures and about real ones. Introduced in lesson 08.

    Args:
        bottom: as for ``favourite_pictures``.
        channels: one a found picture.
        found: what ``favourite_pictures`` returned.
        inputs: real pictures as the model takes them, shape (n, size, size, 3).
        images: the same as uint8, 0–255.
    """
    row, column = middle_of(bottom)
    chosen = list(channels)
    answers = np.asarray(bottom(found, training=False))[range(len(chosen)), row, column, chosen]
    real = np.asarray(bottom(inputs, training=False))[:, row, column, chosen].T  # (channels, n)
    order = np.argsort(-real, axis=1, kind="stable")[:, :EXAMPLES]
    return Favourites(channels, found, answers, images[order], real.max(axis=1), seen_from_middle(bottom), len(images))


def draw_favourite(favourites: Mapping[str, Favourites], layer: str, place: int) -> Drawing:
    """Draw what a channel would like to see, and the real pictures that excite it most. Introduced in lesson 08.

    Args:
        favourites: layer → its favourites.
        layer: one of them.
        place: of the channel among those of the layer, from 1.
    """
    shown, index = favourites[layer], place - 1
    fig, axes = figure(6.4, 2.5, EXAMPLES + 1)
    for axis in axes:
        axis.set_axis_off()
    found = shown.found[index]
    axes[0].imshow(0.5 + 0.5 * found / np.abs(found).max())
    axes[0].set_title(message("looking.found"), fontsize=9)
    for axis, picture in zip(axes[1:], shown.examples[index], strict=True):
        axis.imshow(picture)
        axis.set_title(message("looking.real"), fontsize=9)
    for axis in axes:
        _frame(axis, shown.seen)
    fig.suptitle(message("looking.favourite_title", channel=shown.channels[index]), fontsize=12, fontweight="bold")
    reading = read_favourite(shown, index, layer)
    return Drawing(fig, message("looking.favourite_alt", reading=reading), reading)


def read_favourite(favourites: Favourites, index: int, layer: str) -> str:
    """Say in one sentence how strongly a channel answers to its found picture and to the best real one.

    Args:
        favourites: of a layer.
        index: of the channel among them, from 0.
        layer: name of the layer.
    """
    found, real = float(favourites.answers[index]), float(favourites.strongest[index])
    numbers = {"found": number(found, 1), "real": number(real, 1), "count": number(favourites.count)}
    key = "looking.favourite_more" if found > real else "looking.favourite_less"
    return message(key, layer=layer, channel=favourites.channels[index], **numbers)


def _frame(axis: Axes, seen: tuple[int, int, int, int]) -> None:
    """Frame the part of a picture that the middle of a map sees."""
    from matplotlib.patches import Rectangle

    top, bottom, left, right = seen
    corner = (left - 0.5, top - 0.5)
    axis.add_patch(Rectangle(corner, right - left, bottom - top, fill=False, edgecolor=ORANGE, linewidth=2))


def _kind(kernel: Array) -> str:
    return "colour" if np.mean(colour_shares(kernel) >= 0.5) > 0.5 else "light"
