"""The course's diagrams: rounded boxes and arrows, drawn by code, with their words from the message catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tl_helpers.messages import message, percent
from tl_helpers.plots import BLUE, GREEN, GREY, ORANGE, figure, set_title, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]
Point = tuple[float, float]

LAYERS = (5, 8, 8, 1)  # neurons drawn in the network of draw_dropout


def draw_transfer() -> None:
    """Draw a model a task above, and one task's knowledge handed to another below. Introduced in lesson 01."""
    fig, axes = figure(6.0, 6.0, rows=2)
    for axis, title in zip(axes, ("figures.classical", "figures.transfer"), strict=True):
        prepare_canvas(axis, 12, 5.6, message(title))
        for y, task, colour in ((4.2, "a", BLUE), (1.2, "b", ORANGE)):
            add_box(axis, (1.7, y), (3.0, 1.7), message(f"figures.data_{task}"), colour)
            add_box(axis, (6.0, y), (2.8, 1.7), message(f"figures.model_{task}"), colour)
            add_box(axis, (10.3, y), (3.0, 1.7), message(f"figures.answer_{task}"), colour)
            add_arrow(axis, (3.3, y), (4.5, y))
            add_arrow(axis, (7.5, y), (8.7, y))
    add_arrow(axes[1], (6.0, 3.25), (6.0, 2.15), GREEN)
    axes[1].text(6.4, 2.7, message("figures.handed_on"), color=GREEN, va="center", fontweight="bold")
    show(fig, message("figures.transfer_alt"))


def draw_three_ways() -> None:
    """Draw what is frozen and what is trained in the three ways to use a pretrained model. Introduced in lesson 01."""
    fig, axis = figure(6.4, 5.0)
    prepare_canvas(axis, 12.6, 9.6, message("figures.three_ways"))
    parts = ("head", "upper", "lower")
    ways = {
        "as_is": ("kept", "kept", "kept"),
        "extraction": ("new", "kept", "kept"),
        "tuning": ("new", "tuned", "kept"),
    }
    looks = {"kept": BLUE, "new": ORANGE, "tuned": ORANGE}
    for x, (way, states) in zip((2.1, 6.3, 10.5), ways.items(), strict=True):
        axis.text(x, 9.0, message(f"figures.{way}"), ha="center", va="center", fontweight="bold")
        for y, part, state in zip((6.9, 4.8, 2.7), parts, states, strict=True):
            text = f"{message(f'figures.{part}')}\n{message(f'figures.{state}')}"
            add_box(axis, (x, y), (3.6, 1.6), text, looks[state])
        for bottom in (1.0, 3.55, 5.65, 7.75):
            add_arrow(axis, (x, bottom), (x, bottom + (0.85 if bottom == 1.0 else 0.4)))
        axis.text(x, 0.6, message("figures.picture"), ha="center", va="center", color=GREY)
    show(fig, message("figures.three_ways_alt"))


def draw_dropout(rate: float, seed: int) -> None:
    """Draw a small network with every neuron, and as one training step with dropout sees it. Introduced in lesson 01.

    Args:
        rate: share of the hidden neurons switched off, 0–1.
        seed: another seed switches off others.
    """
    fig, axes = figure(6.6, 3.9, columns=2)
    everything = [np.ones(count, dtype=bool) for count in LAYERS]
    for axis, active, title in zip(
        axes,
        (everything, dropout_masks(rate, seed)),
        (message("figures.every_neuron"), message("figures.one_step", rate=percent(rate, 0))),
        strict=True,
    ):
        _network(axis, active, title)
    show(fig, message("figures.dropout_alt", rate=percent(rate, 0)))


def dropout_masks(rate: float, seed: int) -> list[Array]:
    """Choose which neurons of the drawn network are active; inputs and output always are.

    Args:
        rate: share of each hidden layer's neurons switched off, 0–1, rounded to whole neurons.
        seed: another seed switches off others.

    Returns:
        A boolean array a layer, True for an active neuron.
    """
    rng = np.random.default_rng(seed)
    masks = [np.ones(count, dtype=bool) for count in LAYERS]
    for mask in masks[1:-1]:
        mask[rng.permutation(len(mask))[: round(rate * len(mask))]] = False
    return masks


def _network(axis: Axes, active: list[Array], title: str) -> None:
    prepare_canvas(axis, 6.4, 9.2, title)
    columns = [[(0.6 + 1.7 * i, 4.6 + 1.05 * (j - (n - 1) / 2)) for j in range(n)] for i, n in enumerate(LAYERS)]
    for left, right, left_on, right_on in zip(columns, columns[1:], active, active[1:], strict=False):
        for start, one in zip(left, left_on, strict=True):
            for end, other in zip(right, right_on, strict=True):
                if one and other:
                    axis.plot(*zip(start, end, strict=True), color=GREY, linewidth=0.7, alpha=0.6, zorder=1)
    for column, on, colour in zip(columns, active, (GREY, BLUE, BLUE, ORANGE), strict=True):
        for (x, y), is_on in zip(column, on, strict=True):
            face, edge = (colour, colour) if is_on else ("white", "#B8BEC4")
            axis.plot(x, y, "o", markersize=13, markerfacecolor=face, markeredgecolor=edge, zorder=2)
            if not is_on:
                axis.plot(x, y, "x", markersize=7, color="#8A9299", zorder=3)


def prepare_canvas(axis: Axes, width: float, height: float, title: str) -> None:
    """Make axes a plain surface of ``width`` × ``height`` units to draw a diagram on, with its title."""
    axis.set_xlim(0, width)
    axis.set_ylim(0, height)
    axis.set_axis_off()
    set_title(axis, title)


def add_box(axis: Axes, centre: Point, size: Point, text: str, colour: str) -> None:
    """Draw a part of a diagram: a rounded box of ``size`` (width, height) with a text in it."""
    from matplotlib.patches import FancyBboxPatch

    corner = (centre[0] - size[0] / 2, centre[1] - size[1] / 2)
    look: Any = {"boxstyle": "round,pad=0,rounding_size=0.35", "edgecolor": colour, "linewidth": 2}
    axis.add_patch(FancyBboxPatch(corner, *size, facecolor=f"{colour}22", **look))
    axis.text(*centre, text, ha="center", va="center", linespacing=1.3)


def add_arrow(axis: Axes, start: Point, end: Point, colour: str = GREY) -> None:
    """Draw an arrow of a diagram from ``start`` to ``end``."""
    look = {"arrowstyle": "-|>", "mutation_scale": 14, "linewidth": 2, "color": colour, "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", end, start, arrowprops=look)
