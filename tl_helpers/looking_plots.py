"""What lesson 08 draws of a network's inside: filters, and the maps of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tl_helpers.interactive import Drawing
from tl_helpers.looking import filter_pictures, liveliest
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import ORANGE, figure, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]
MAPS_SHOWN = 6


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


def colour_shares(kernel: Array) -> Array:
    """Say of each filter of a first layer how much it looks at colour rather than at light. Introduced in lesson 08.

    Args:
        kernel: float, shape (height, width, 3, filters).

    Returns:
        Float, shape (filters,): 0 where red, green and blue have the same weights, 1 where they cancel everywhere.
    """
    light = 3 * np.sum(kernel.mean(axis=2) ** 2, axis=(0, 1))
    shares: Array = 1 - light / np.sum(kernel**2, axis=(0, 1, 2))
    return shares


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
    fig.suptitle(
        message("looking.layer_title", height=height, width=width, channels=channels), fontsize=12, fontweight="bold"
    )
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
    part = (
        message("looking.all_seen")
        if min(rows, columns) == size
        else message("looking.part_seen", rows=rows, columns=columns)
    )
    shown = {"height": height, "width": width, "channels": number(channels)}
    return message("looking.layer", name=name, part=part, silent=percent(float(np.mean(maps <= 0)), 0), **shown)


def _frame(axis: Axes, seen: tuple[int, int, int, int]) -> None:
    """Frame the part of a picture that the middle of a map sees."""
    from matplotlib.patches import Rectangle

    top, bottom, left, right = seen
    corner = (left - 0.5, top - 0.5)
    axis.add_patch(Rectangle(corner, right - left, bottom - top, fill=False, edgecolor=ORANGE, linewidth=2))


def _kind(kernel: Array) -> str:
    return "colour" if np.mean(colour_shares(kernel) >= 0.5) > 0.5 else "light"
