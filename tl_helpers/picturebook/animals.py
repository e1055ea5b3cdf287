"""Animals of the source task that are no mammals."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import (
    BRICK,
    FURS,
    INK,
    LEAF,
    MUSTARD,
    WHITE,
    darker,
    lighter,
    mix,
    paint,
    pick,
    span,
    vary,
)

Point = tuple[float, float]


def _symmetric(top: Point, right: list[Point], bottom: Point) -> list[Point]:
    return [top, *right, bottom, *((-x, y) for x, y in reversed(right))]


def _eye(canvas: Canvas, x: float, y: float, radius: float) -> None:
    canvas.ellipse(x, y, radius, radius, WHITE)
    canvas.ellipse(x, y, radius * 0.55, radius * 0.6, INK, outlined=False)


def owl(canvas: Canvas, rng: Generator) -> None:
    """Draw an owl."""
    coat = vary(rng, FURS[pick(rng, ("brown", "sand", "grey", "rust", "silver", "white"))])
    for side in (-1, 1):
        canvas.shape([(side * 0.15, -0.85), (side * 0.62, -1.3), (side * 0.7, -0.6)], darker(coat, 0.2))
    canvas.blob([(0, -1), (0.75, -0.75), (0.85, 0.2), (0.5, 1.1), (-0.5, 1.1), (-0.85, 0.2), (-0.75, -0.75)], coat)
    canvas.ellipse(0, 0.45, 0.5, 0.6, lighter(coat, 0.4), outlined=False)
    for row in range(3):
        for x in np.linspace(-0.3, 0.3, 3).tolist():
            canvas.stroke(
                [(x - 0.09, 0.2 + row * 0.25), (x, 0.3 + row * 0.25), (x + 0.09, 0.2 + row * 0.25)], darker(coat)
            )
    for side in (-1, 1):
        canvas.blob([(side * 0.8, -0.2), (side * 1.0, 0.4), (side * 0.6, 0.95), (side * 0.65, 0.2)], darker(coat, 0.3))
        canvas.ellipse(side * 0.36, -0.4, 0.38, 0.38, lighter(coat, 0.6))
        _eye(canvas, side * 0.34, -0.4, span(rng, (0.2, 0.27)))
    canvas.shape([(-0.12, -0.25), (0.12, -0.25), (0, 0.08)], MUSTARD)


def bird(canvas: Canvas, rng: Generator) -> None:
    """Draw a songbird from the side."""
    coat, wing = paint(rng), span(rng, (-0.5, 0.3))
    canvas.blob([(0.7, 0.1), (1.5, -0.25), (1.55, 0.1), (0.8, 0.4)], darker(coat, 0.3))
    canvas.blob([(-0.75, -0.1), (-0.2, -0.35), (0.7, 0), (0.75, 0.45), (0, 0.75), (-0.7, 0.5)], coat)
    canvas.ellipse(-0.65, -0.35, 0.42, 0.4, coat)
    canvas.ellipse(-0.3, 0.35, 0.4, 0.3, lighter(coat, 0.5), outlined=False)
    canvas.blob([(-0.3, 0.05), (0.3, wing - 0.3), (0.95, wing), (0.35, 0.4)], darker(coat, 0.2))
    canvas.shape([(-1.0, -0.42), (-1.4, -0.28), (-1.0, -0.18)], MUSTARD)
    canvas.ellipse(-0.75, -0.42, 0.09, 0.09, INK, outlined=False)
    for x in (-0.1, 0.15):
        canvas.stroke([(x, 0.72), (x, 1.1)], BRICK, 0.06)


def fish(canvas: Canvas, rng: Generator) -> None:
    """Draw a fish."""
    coat, tall = paint(rng), span(rng, (0.4, 0.7))
    canvas.blob([(0.7, 0), (1.35, -0.5), (1.2, 0), (1.35, 0.5)], darker(coat, 0.2))
    canvas.blob([(-0.2, -tall * 0.8), (0.25, -tall - 0.35), (0.5, -tall * 0.6)], darker(coat, 0.2))
    canvas.blob([(-1, 0), (-0.5, -tall * 0.8), (0.2, -tall), (0.85, 0), (0.2, tall), (-0.5, tall * 0.8)], coat)
    for x in np.arange(-0.3, 0.6, span(rng, (0.2, 0.35))).tolist():
        canvas.stroke([(x, -tall * 0.6), (x + 0.15, 0), (x, tall * 0.6)], lighter(coat, 0.5), 0.09)
    _eye(canvas, -0.62, -0.12, 0.14)
    canvas.stroke([(-0.95, 0.12), (-0.8, 0.2)], darker(coat, 0.6), 0.05)


def butterfly(canvas: Canvas, rng: Generator) -> None:
    """Draw a butterfly."""
    coat, spot, up = paint(rng), paint(rng), span(rng, (0.7, 1.1))
    for side in (-1, 1):
        canvas.blob(
            [(0, -0.1), (side * 0.5, -up), (side * 1.15, -up * 0.9), (side * 1.0, -0.1), (side * 0.3, 0.15)], coat
        )
        canvas.blob([(0, 0.05), (side * 0.8, 0.1), (side * 0.85, 0.7), (side * 0.35, 0.85)], darker(coat, 0.15))
        canvas.ellipse(side * 0.75, -up * 0.6, 0.2, 0.2, spot, outlined=False)
        canvas.ellipse(side * 0.5, 0.45, 0.14, 0.14, spot, outlined=False)
        canvas.stroke([(0, -0.5), (side * 0.15, -0.85), (side * 0.35, -1.0)], INK, 0.05)
    canvas.ellipse(0, 0, 0.1, 0.6, INK, outlined=False)


def turtle(canvas: Canvas, rng: Generator) -> None:
    """Draw a turtle from the side."""
    skin, shell = mix(LEAF, paint(rng), 0.3), paint(rng)
    for x in (-0.55, 0.5):
        canvas.ellipse(x, 0.55, 0.2, 0.3, skin)
    canvas.ellipse(-1.15, 0.0, 0.32, 0.28, skin)
    canvas.shape([(0.8, 0.3), (1.25, 0.45), (0.85, 0.5)], skin)
    canvas.blob([(-0.95, 0.45), (-0.75, -0.25), (0, -0.65), (0.75, -0.25), (0.95, 0.45)], shell)
    for x in (-0.45, 0.0, 0.45):
        canvas.ellipse(x, -0.05 + abs(x) * 0.3, 0.17, 0.2, darker(shell, 0.25), outlined=False)
    canvas.ellipse(-1.22, -0.06, 0.06, 0.07, INK, outlined=False)


def penguin(canvas: Canvas, rng: Generator) -> None:
    """Draw a penguin."""
    coat, wing = darker(paint(rng), span(rng, (0.2, 0.7))), span(rng, (0.1, 0.7))
    for side in (-1, 1):
        canvas.ellipse(side * 0.3, 1.12, 0.3, 0.13, MUSTARD)
        canvas.blob(
            [(side * 0.5, -0.3), (side * (0.8 + wing), 0.3), (side * (0.7 + wing), 0.65), (side * 0.5, 0.4)], coat
        )
    canvas.blob(
        [(0, -1.15), (0.5, -0.85), (0.62, 0.0), (0.68, 0.7), (0, 1.15), (-0.68, 0.7), (-0.62, 0), (-0.5, -0.85)], coat
    )
    canvas.blob([(0, -0.75), (0.36, -0.85), (0.4, -0.2), (0.48, 0.5), (0, 0.98), (-0.48, 0.5), (-0.4, -0.2),
                 (-0.36, -0.85)], lighter(coat, 0.9), outlined=False)  # fmt: skip
    for side in (-1, 1):
        canvas.ellipse(side * 0.2, -0.7, 0.09, 0.1, INK, outlined=False)
    canvas.shape([(-0.16, -0.56), (0.16, -0.56), (span(rng, (-0.1, 0.1)), -0.32)], MUSTARD)


def frog(canvas: Canvas, rng: Generator) -> None:
    """Draw a frog, sitting and seen from the front."""
    skin, wide = mix(LEAF, paint(rng), span(rng, (0.0, 0.7))), span(rng, (0.8, 1.05))
    for side in (-1, 1):
        canvas.ellipse(side * wide * 0.95, 0.7, 0.42, 0.5, darker(skin, 0.15), side * 0.4)
        canvas.ellipse(side * wide * 0.5, -0.62, 0.3, 0.3, skin)
    canvas.blob(_symmetric((0, -0.55), [(wide * 0.8, -0.4), (wide, 0.2), (wide * 0.7, 1.0)], (0, 1.1)), skin)
    canvas.ellipse(0, 0.7, wide * 0.55, 0.38, lighter(skin, 0.5), outlined=False)
    canvas.stroke([(-wide * 0.7, 0.0), (0, span(rng, (0.15, 0.35))), (wide * 0.7, 0.0)], INK, 0.06)
    for side in (-1, 1):
        _eye(canvas, side * wide * 0.5, -0.65, 0.2)
        canvas.ellipse(side * 0.35, 1.08, 0.26, 0.12, skin)


ANIMALS = {each.__name__: each for each in (owl, bird, fish, butterfly, turtle, penguin, frog)}
