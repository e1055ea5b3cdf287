"""What the two kinds of base models are built of, drawn: MobileNet's block, Inception's module, a split window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras

from tl_helpers.figures import Point, _arrow, _box, _canvas
from tl_helpers.messages import CourseError, message, number
from tl_helpers.plots import BLUE, GREEN, GREY, ORANGE, figure, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TYPICAL_BLOCK = (24, 144, 24, True)  # block_2 of MobileNetV2, width 1: channels in, inside, out; with a shortcut
SMALL_MODULE = (112, (32, 32, 48, 12, 24, 24))  # mixed_1 of inception_network: channels in, filters


def draw_mobilenet_block(base_model: keras.Model | None = None, block: int = 2) -> None:
    """Draw a block of MobileNetV2: narrow, wide, narrow, with a shortcut. Introduced in lesson 02.

    Args:
        base_model: a MobileNetV2, whose numbers are written in; None writes those of ``TYPICAL_BLOCK``.
        block: number of its block, 1–16.

    Raises:
        CourseError: the base model has no such block.
    """
    entering, inside, leaving, shortcut = block_channels(base_model, block) if base_model else TYPICAL_BLOCK
    fig, axis = figure(6.0, 5.6)
    _canvas(axis, 12, 11.2, message("figures_blocks.mobilenet_title"))
    narrow, wide, middle = 3.8, 9.4, 5.2
    _box(axis, (middle, 0.8), (narrow, 1.1), _channels(entering), GREY)
    _slab(axis, (middle, 2.95), (narrow, wide, 1.6), message("figures_blocks.expand"), BLUE)
    _slab(axis, (middle, 5.35), (wide, wide, 1.6), message("figures_blocks.depthwise", count=number(inside)), ORANGE)
    _slab(axis, (middle, 7.75), (wide, narrow, 1.6), message("figures_blocks.project"), BLUE)
    _box(axis, (middle, 10.3), (narrow, 1.1), _channels(leaving), GREY)
    for bottom, top in ((1.35, 2.15), (3.75, 4.55), (6.15, 6.95), (8.55, 9.75)):
        _arrow(axis, (middle, bottom), (middle, top))
    if shortcut:
        axis.plot([7.1, 10.9, 10.9, 5.45], [0.8, 0.8, 9.1, 9.1], color=GREEN, linewidth=2)
        axis.plot(middle, 9.1, "o", markersize=15, markerfacecolor="white", markeredgecolor=GREEN, markeredgewidth=2)
        axis.plot(middle, 9.1, "+", markersize=9, color=GREEN, markeredgewidth=2)
        axis.text(11.35, 4.95, message("figures_blocks.shortcut"), color=GREEN, rotation=90, ha="center", va="center")
    key = "mobilenet_alt" if shortcut else "mobilenet_alt_no_shortcut"
    shown = {"entering": number(entering), "inside": number(inside), "leaving": number(leaving)}
    show(fig, message(f"figures_blocks.{key}", **shown))


def draw_inception_module(channels: int = SMALL_MODULE[0], filters: Sequence[int] = SMALL_MODULE[1]) -> None:
    """Draw a module of Inception: windows of several sizes side by side. Introduced in lesson 06.

    Args:
        channels: of the feature map that the module takes.
        filters: as ``inception_module`` takes them.
    """
    ones, threes_reduce, threes, fives_reduce, fives, projection = map(number, filters)
    total = filters[0] + filters[2] + filters[4] + filters[5]
    window, pooling = message("figures_blocks.window"), message("figures_blocks.pooling")
    branches = (
        [("1×1", ones)],
        [("1×1", threes_reduce), (f"3×3 {window}", threes)],
        [("1×1", fives_reduce), (f"5×5 {window}", fives)],
        [(pooling, ""), ("1×1", projection)],
    )
    fig, axis = figure(6.4, 4.9)
    _canvas(axis, 12.8, 9.8, message("figures_blocks.inception_title"))
    _box(axis, (6.4, 0.8), (12.0, 1.1), _channels(channels), GREY)
    _box(axis, (6.4, 8.5), (12.0, 1.1), message("figures_blocks.joined", count=number(total)), GREEN)
    for x, branch in zip((1.8, 4.87, 7.93, 11.0), branches, strict=True):
        heights = (4.65,) if len(branch) == 1 else (3.2, 6.1)
        for y, (text, count) in zip(heights, branch, strict=True):
            colour = GREY if text == pooling else BLUE if text == "1×1" else ORANGE
            _box(axis, (x, y), (2.75, 1.6), f"{text}\n{count}".rstrip(), colour)
        for bottom, top in zip((1.35, *(y + 0.8 for y in heights)), (*(y - 0.8 for y in heights), 7.95), strict=True):
            _arrow(axis, (x, bottom), (x, top))
    shown = {"channels": number(channels), "ones": ones, "threes": threes, "fives": fives, "projection": projection}
    show(fig, message("figures_blocks.inception_alt", total=number(total), **shown))


def draw_factorisation(window: int = 7) -> None:
    """Draw a square window beside a row and a column that together see as far. Introduced in lesson 06.

    Args:
        window: height and width, in positions of the feature map.
    """
    fig, axes = figure(6.0, 3.1, columns=2)
    sides = {
        "square": ([(window, window, (0.0, 0.0))], ORANGE),
        "row_and_column": ([(1, window, (0.0, (window - 1) / 2)), (window, 1, (window + 1.5, 0.0))], BLUE),
    }
    for axis, (name, (parts, colour)) in zip(axes, sides.items(), strict=True):
        count = sum(height * width for height, width, _ in parts)
        _canvas(axis, 10.5, 7.4, message(f"figures_blocks.{name}", window=window, count=count))
        axis.set_aspect("equal")
        for height, width, corner in parts:
            _grid(axis, height, width, corner, colour)
    shown = {"window": window, "square": window**2, "split": 2 * window}
    show(fig, message("figures_blocks.factorisation_alt", **shown))


def block_channels(base_model: keras.Model, block: int) -> tuple[int, int, int, bool]:
    """Read a MobileNetV2 block's numbers.

    Args:
        base_model: a MobileNetV2.
        block: number of its block, 1–16.

    Returns:
        Channels that enter, that the depthwise convolution works on, that leave; and whether there is a shortcut.

    Raises:
        CourseError: the base model has no such block.
    """
    names = {layer.name for layer in base_model.layers}
    if f"block_{block}_expand" not in names:
        raise CourseError("figures_blocks.unknown_block", found=block, model=base_model.name)
    expand, project = (base_model.get_layer(f"block_{block}_{part}") for part in ("expand", "project"))
    channels = (expand.input.shape[-1], expand.output.shape[-1], project.output.shape[-1])
    return (*channels, f"block_{block}_add" in names)


def _channels(count: int) -> str:
    return message("figures_blocks.channels", count=number(count))


def _slab(axis: Axes, centre: Point, size: tuple[float, float, float], text: str, colour: str) -> None:
    """Draw a box whose bottom and top have widths of their own: (bottom, top, height)."""
    from matplotlib.patches import Polygon

    (x, y), (bottom, top, height) = centre, size
    low, high = y - height / 2, y + height / 2
    corners = [(x - bottom / 2, low), (x + bottom / 2, low), (x + top / 2, high), (x - top / 2, high)]
    axis.add_patch(Polygon(corners, facecolor=f"{colour}22", edgecolor=colour, linewidth=2, joinstyle="round"))
    axis.text(x, y, text, ha="center", va="center", linespacing=1.3)


def _grid(axis: Axes, height: int, width: int, corner: Point, colour: str) -> None:
    from matplotlib.patches import Rectangle

    look: Any = {"facecolor": f"{colour}33", "edgecolor": colour, "linewidth": 1.2}
    for row in range(height):
        for column in range(width):
            axis.add_patch(Rectangle((corner[0] + column, corner[1] + row), 1, 1, **look))
