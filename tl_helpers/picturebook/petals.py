"""What all flowers have in common: one pool of colours, petals, stems and leaves."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tl_helpers.picturebook.canvas import Canvas, Points, smooth
from tl_helpers.picturebook.colours import (
    CORAL,
    CREAM,
    LEAF,
    LILAC,
    MUSTARD,
    PLUM,
    ROSE,
    SAGE,
    WHITE,
    Colour,
    darker,
    lighter,
    pick,
    span,
    vary,
)

GOLD, APRICOT, SCARLET = (244, 208, 92), (238, 156, 92), (206, 76, 70)
# Every flower of the book, of the source and of the target task, takes its petals' colour from here.
PETALS = (GOLD, GOLD, MUSTARD, WHITE, CREAM, CREAM, APRICOT, CORAL, SCARLET, ROSE, ROSE, LILAC, PLUM)
GREENS = (LEAF, LEAF, SAGE, (72, 122, 84), (86, 138, 118), (150, 168, 84))


def petal_colour(rng: Generator) -> Colour:
    """Return the colour of a flower's petals."""
    return vary(rng, pick(rng, PETALS), 12)


def leaf_colour(rng: Generator) -> Colour:
    """Return the colour of a flower's stem and leaves."""
    return vary(rng, pick(rng, GREENS), 12)


def petal(
    angle: float, start: float, end: float, half: float, widest: float = 0.6, tip: float = 0.6
) -> NDArray[np.float64]:
    """Return the outline of a petal that points away from the origin.

    Args:
        angle: direction in radians, 0 is upwards, clockwise.
        start: distance of its foot from the origin.
        end: distance of its tip from the origin.
        half: half its greatest width.
        widest: where it is widest, as a share of its length.
        tip: how blunt it ends: 0 pointed, 1 square.

    Returns:
        Closed curve, shape (42, 2).
    """
    side = [(start, 0.3 * half), (start + widest * (end - start), half), (end - 0.1 * (end - start), tip * half)]
    along = smooth([*side, (end, 0.0), *[(u, -v) for u, v in side[::-1]]])
    sin, cos = np.sin(angle), np.cos(angle)
    outline: NDArray[np.float64] = along @ np.array([[sin, -cos], [cos, sin]])
    return outline


def stem(canvas: Canvas, points: Points, fill: Colour, width: float = 0.09) -> None:
    """Draw a stem through the points, with its outline."""
    canvas.stroke(points, darker(fill, 0.5), width + 0.07)
    canvas.stroke(points, fill, width)


def leaf(canvas: Canvas, x: float, y: float, angle: float, length: float, half: float, fill: Colour) -> None:
    """Draw a pointed leaf with its midrib, growing from (x, y) towards angle (radians, 0 is upwards)."""
    canvas.shape(petal(angle, 0, length, half, 0.45, 0.25) + (x, y), fill)
    rib = 0.8 * length
    canvas.stroke([(x, y), (x + rib * np.sin(angle), y - rib * np.cos(angle))], lighter(fill, 0.4))


def side_leaves(canvas: Canvas, rng: Generator, fill: Colour, most: int = 2) -> None:
    """Let up to ``most`` leaves grow out of the lower half of a stem near x = 0."""
    for _ in range(int(rng.integers(0, most + 1))):
        angle = pick(rng, (-1.0, 1.0)) * span(rng, (0.5, 1.4))
        leaf(canvas, 0, span(rng, (0.5, 1.0)), angle, span(rng, (0.45, 0.8)), span(rng, (0.1, 0.2)), fill)
