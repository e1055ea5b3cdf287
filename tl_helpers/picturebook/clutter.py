"""Things lying about: the pool of distractors that every class shares."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import LEAF, PAINTS, WHITE, Colour, darker, lighter, pick, span, vary


def scatter(canvas: Canvas, rng: Generator, count: int, at: tuple[float, float] | None = None) -> None:
    """Draw some things from the pool at random places (or at the given one), 0–1 coordinates."""
    for _ in range(count):
        x, y = at or (span(rng, (0.0, 1.0)), span(rng, (0.35, 1.0)))
        with canvas.placed(x, y, span(rng, (0.07, 0.15)), span(rng, (-0.4, 0.4)), flip=rng.random() < 0.5):
            pick(rng, POOL)(canvas, rng, vary(rng, pick(rng, PAINTS)))


def ball(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a striped ball."""
    canvas.ellipse(0, 0, 1, 1, paint)
    canvas.stroke([(-0.9, -0.2), (0, 0.15), (0.9, -0.2)], lighter(pick(rng, PAINTS), 0.3), width=0.35)
    canvas.ellipse(-0.35, -0.5, 0.2, 0.13, lighter(paint, 0.7), -0.5, outlined=False)


def brick(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a toy brick."""
    width = span(rng, (0.7, 1.3))
    canvas.shape([(-width, -0.6), (width, -0.6), (width, 0.7), (-width, 0.7)], paint)
    canvas.shape([(-width, -0.6), (-width + 0.4, -1), (width + 0.4, -1), (width, -0.6)], lighter(paint))


def pot_plant(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw some leaves in a pot."""
    leaf = vary(rng, LEAF)
    for angle in np.linspace(-1.1, 1.1, int(rng.integers(3, 7))).tolist():
        x, y = np.sin(angle), -np.cos(angle)
        canvas.ellipse(x * 0.75, y * 0.75, 0.24, 0.75, leaf, angle)
    canvas.shape([(-0.6, 0.1), (0.6, 0.1), (0.45, 1), (-0.45, 1)], paint)


def cushion(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a cushion with a button."""
    canvas.blob(
        [(-1.2, -0.8), (0, -0.6), (1.2, -0.8), (1.05, 0), (1.2, 0.8), (0, 0.65), (-1.2, 0.8), (-1.05, 0)], paint
    )
    canvas.ellipse(0, 0, 0.15, 0.12, darker(paint), outlined=False)


def pebbles(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw two or three pebbles."""
    for x in (-0.8, 0.1, 0.9)[: int(rng.integers(2, 4))]:
        canvas.ellipse(x, span(rng, (0, 0.4)), span(rng, (0.3, 0.6)), span(rng, (0.2, 0.4)), darker(paint, 0.1))


def books(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a small pile of books."""
    for level in range(int(rng.integers(2, 4))):
        x, colour = span(rng, (-0.2, 0.2)), paint if level == 1 else vary(rng, pick(rng, PAINTS))
        top = 0.6 - level * 0.45
        canvas.shape([(x - 1, top), (x + 1, top), (x + 1, top + 0.42), (x - 1, top + 0.42)], colour)
        canvas.stroke([(x - 0.7, top + 0.2), (x + 0.3, top + 0.2)], lighter(colour, 0.6))


def picture_frame(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a framed landscape."""
    canvas.shape([(-1, -0.8), (1, -0.8), (1, 0.8), (-1, 0.8)], paint)
    canvas.shape([(-0.75, -0.55), (0.75, -0.55), (0.75, 0.55), (-0.75, 0.55)], WHITE, outlined=False)
    hill = span(rng, (-0.4, 0.4))
    canvas.shape([(-0.75, 0.55), (hill, -0.3), (0.75, 0.55)], vary(rng, pick(rng, PAINTS)), outlined=False)


def lamp(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a table lamp."""
    canvas.stroke([(0, -0.3), (0, 1)], darker(paint, 0.5), width=0.16)
    canvas.ellipse(0, 1.05, 0.5, 0.14, darker(paint, 0.4))
    canvas.shape([(-0.4, -1), (0.4, -1), (0.8, 0), (-0.8, 0)], paint)


def ribbon(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a wavy ribbon."""
    waves = [(x, (-0.35 if i % 2 else 0.35) * span(rng, (0.5, 1))) for i, x in enumerate((-1.4, -0.7, 0.0, 0.7, 1.4))]
    canvas.stroke(waves, paint, width=span(rng, (0.15, 0.3)))


def cone(canvas: Canvas, rng: Generator, paint: Colour) -> None:
    """Draw a party hat."""
    canvas.shape([(-0.7, 0.8), (span(rng, (-0.2, 0.2)), -1), (0.7, 0.8)], paint)
    canvas.stroke([(-0.5, 0.35), (0.5, 0.35)], lighter(paint, 0.5), width=0.2)


Drawer = Callable[[Canvas, Generator, Colour], None]
POOL: tuple[Drawer, ...] = (
    ball, brick, pot_plant, cushion, pebbles, books, picture_frame, lamp, ribbon, cone
)  # fmt: skip
