"""A drawing surface with its own coordinates: smooth shapes with soft outlines, drawn large and reduced."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tl_helpers.picturebook.colours import Colour, line_of

Points = Sequence[tuple[float, float]] | NDArray[np.float64]
OVERSAMPLING = 3
CIRCLE = np.stack([np.cos(np.arange(28) * np.pi / 14), np.sin(np.arange(28) * np.pi / 14)], axis=1)
STEPS = np.arange(6)[:, None] / 6.0
# Catmull-Rom basis, shape (6, 4): weights of four neighbouring control points at six steps between the middle two.
BASIS = np.hstack([
    -0.5 * STEPS + STEPS**2 - 0.5 * STEPS**3,
    1 - 2.5 * STEPS**2 + 1.5 * STEPS**3,
    0.5 * STEPS + 2 * STEPS**2 - 1.5 * STEPS**3,
    -0.5 * STEPS**2 + 0.5 * STEPS**3,
])  # fmt: skip


def smooth(points: Points) -> NDArray[np.float64]:
    """Lay a closed smooth curve through control points.

    Args:
        points: n control points, shape (n, 2).

    Returns:
        The curve, shape (6 n, 2).
    """
    knots = np.asarray(points, dtype=np.float64)
    order = np.arange(len(knots))[:, None] + np.arange(-1, 3)
    curve: NDArray[np.float64] = np.einsum("sk,nkc->nsc", BASIS, knots[order % len(knots)]).reshape(-1, 2)
    return curve


def smooth_open(points: Points) -> NDArray[np.float64]:
    """Lay an open smooth curve through control points; shape (n, 2) gives (6 (n - 1) + 1, 2)."""
    knots = np.asarray(points, dtype=np.float64)
    order = np.clip(np.arange(len(knots) - 1)[:, None] + np.arange(-1, 3), 0, len(knots) - 1)
    return np.vstack([np.einsum("sk,nkc->nsc", BASIS, knots[order]).reshape(-1, 2), knots[-1:]])


def oval(x: float, y: float, rx: float, ry: float, angle: float = 0.0) -> NDArray[np.float64]:
    """Return the outline of an ellipse, shape (28, 2); angle in radians, clockwise on the picture."""
    outline = CIRCLE * (rx, ry)
    if angle:
        cos, sin = np.cos(angle), np.sin(angle)
        outline = outline @ np.array([[cos, sin], [-sin, cos]])
    return outline + (x, y)


def mirror(points: Points) -> NDArray[np.float64]:
    """Reflect points at the vertical axis x = 0."""
    return np.asarray(points, dtype=np.float64) * (-1.0, 1.0)


class Canvas:
    """A square picture; x grows to the right and y downwards, both from 0 to 1."""

    def __init__(self, size: int) -> None:
        """Start an empty picture of size × size pixels."""
        self.size = size
        self.pixels = size * OVERSAMPLING
        self.image = Image.new("RGB", (self.pixels, self.pixels))
        self.pen = ImageDraw.Draw(self.image)
        self.matrix = np.eye(2) * self.pixels
        self.origin = np.zeros(2)
        self.line_width = max(1, round(0.0115 * self.pixels))

    @contextmanager
    def placed(self, x: float, y: float, scale: float = 1.0, angle: float = 0.0, flip: bool = False) -> Iterator[None]:
        """Draw in local coordinates: origin at (x, y), one unit = scale, turned by angle (radians), mirrored."""
        before = self.matrix, self.origin
        cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
        turn = np.array([[cos, -sin], [sin, cos]]) @ np.diag([-1.0 if flip else 1.0, 1.0])
        self.origin = self.matrix @ np.array([x, y]) + self.origin
        self.matrix = self.matrix @ turn
        yield
        self.matrix, self.origin = before

    def to_pixels(self, points: Points) -> list[float]:
        """Turn local points into a flat list of pixel coordinates."""
        flat: list[float] = (np.asarray(points) @ self.matrix.T + self.origin).ravel().tolist()
        return flat

    def shape(self, points: Points, fill: Colour, line: Colour | None = None, outlined: bool = True) -> None:
        """Fill a closed outline and draw its contour (in the fill's own line colour unless one is given)."""
        flat = self.to_pixels(points)
        self.pen.polygon(flat, fill=fill)
        if outlined:
            self.pen.line(flat + flat[:4], fill=line or line_of(fill), width=self.line_width)

    def blob(self, points: Points, fill: Colour, line: Colour | None = None, outlined: bool = True) -> None:
        """Fill the smooth closed curve through the points."""
        self.shape(smooth(points), fill, line, outlined)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, fill: Colour, angle: float = 0.0, outlined: bool = True
    ) -> None:
        """Fill an ellipse with half axes rx and ry."""
        self.shape(oval(x, y, rx, ry, angle), fill, outlined=outlined)

    def stroke(self, points: Points, colour: Colour, width: float | None = None, curved: bool = True) -> None:
        """Draw an open line with round ends; width in local units (None: the outline's)."""
        path = smooth_open(points) if curved and len(points) > 2 else points
        flat = self.to_pixels(path)
        local = abs(self.matrix[0, 0] * self.matrix[1, 1] - self.matrix[0, 1] * self.matrix[1, 0]) ** 0.5
        thick = self.line_width if width is None else max(1, round(width * local))
        self.pen.line(flat, fill=colour, width=thick, joint="curve" if thick > 4 else None)
        if thick > 4:
            radius = thick / 2
            for x, y in (flat[:2], flat[-2:]):
                self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    @contextmanager
    def clipped(self, outline: Points) -> Iterator[None]:
        """Keep what is drawn inside the block only where it falls within the outline."""
        before = self.image.copy()
        yield
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon(self.to_pixels(outline), fill=255)
        before.paste(self.image, (0, 0), mask)
        self.image.paste(before)

    def reduced(self) -> Image.Image:
        """Return the picture at its final size, smoothed by averaging."""
        return self.image.reduce(OVERSAMPLING)
