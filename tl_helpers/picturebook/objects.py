"""Objects of the source task."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.colours import BRICK, INK, MUSTARD, SAND, WHITE, darker, lighter, paint, span


def car(canvas: Canvas, rng: Generator) -> None:
    """Draw a car from the side."""
    body, tall = paint(rng), span(rng, (0.5, 0.75))
    canvas.shape([(-0.75, 0), (-0.45, -tall), (0.4, -tall), (0.75, 0)], body)
    canvas.shape([(-0.58, -0.03), (-0.38, -tall + 0.12), (-0.05, -tall + 0.12), (-0.05, -0.03)], (206, 226, 234))
    canvas.shape([(0.05, -0.03), (0.05, -tall + 0.12), (0.34, -tall + 0.12), (0.56, -0.03)], (206, 226, 234))
    canvas.blob([(-1.2, 0.05), (-0.6, -0.05), (0.7, -0.05), (1.25, 0.1), (1.2, 0.5), (-1.2, 0.5)], body)
    for x in (-0.65, 0.68):
        canvas.ellipse(x, 0.5, 0.28, 0.28, INK)
        canvas.ellipse(x, 0.5, 0.12, 0.12, lighter(INK, 0.6), outlined=False)
    canvas.ellipse(-1.15, 0.2, 0.08, 0.1, MUSTARD)


def house(canvas: Canvas, rng: Generator) -> None:
    """Draw a house."""
    wall, roof, tall = lighter(paint(rng), 0.4), paint(rng), span(rng, (0.6, 0.9))
    canvas.shape([(0.35, -0.9), (0.6, -0.9), (0.6, -0.2), (0.35, -0.2)], BRICK)
    canvas.shape([(-0.8, -0.1), (0.8, -0.1), (0.8, 1.0), (-0.8, 1.0)], wall)
    canvas.shape([(-1.05, 0), (0, -tall - 0.2), (1.05, 0)], roof)
    door = span(rng, (-0.5, 0.1))
    canvas.shape([(door, 0.35), (door + 0.4, 0.35), (door + 0.4, 1.0), (door, 1.0)], darker(roof, 0.2))
    canvas.shape(
        [(door + 0.55, 0.2), (door + 0.55 + 0.3, 0.2), (door + 0.85, 0.55), (door + 0.55, 0.55)], (206, 226, 234)
    )


def boat(canvas: Canvas, rng: Generator) -> None:
    """Draw a sailing boat."""
    canvas.stroke([(0, -1.1), (0, 0.4)], (132, 96, 70), 0.08)
    canvas.blob([(0.06, -1.0), (0.75, 0.1), (0.06, 0.2)], lighter(paint(rng), 0.3))
    canvas.shape([(-0.08, -0.8), (-0.65, 0.15), (-0.08, 0.2)], lighter(paint(rng), 0.5))
    canvas.blob([(-1.1, 0.3), (0, 0.4), (1.15, 0.25), (0.75, 0.85), (-0.7, 0.85)], paint(rng))


def cup(canvas: Canvas, rng: Generator) -> None:
    """Draw a cup."""
    ware, foot = paint(rng), span(rng, (0.4, 0.65))
    canvas.stroke([(0.6, -0.25), (1.15, -0.2), (1.05, 0.4), (0.5, 0.45)], ware, 0.2)
    canvas.blob([(-0.75, -0.5), (0.75, -0.5), (0.7, 0.2), (foot, 0.8), (-foot, 0.8), (-0.7, 0.2)], ware)
    canvas.ellipse(0, -0.5, 0.75, 0.2, lighter(ware, 0.4))
    canvas.ellipse(0, -0.46, 0.6, 0.13, (120, 84, 64), outlined=False)
    canvas.stroke([(-0.7, 0.05), (0, 0.18), (0.7, 0.05)], lighter(ware, 0.6), 0.1)


def umbrella(canvas: Canvas, rng: Generator) -> None:
    """Draw an open umbrella."""
    first, second = paint(rng), paint(rng)
    canvas.stroke([(0, -0.9), (0, 0.8), (0.15, 1.05), (0.35, 0.85)], (112, 80, 60), 0.09)
    rim = [(-1.1, 0.1), (-0.55, -0.05), (0, 0.1), (0.55, -0.05), (1.1, 0.1)]
    canvas.shape([*smooth([(-1.1, 0.1), (-0.8, -0.55), (0, -0.9), (0.8, -0.55), (1.1, 0.1)])[:25], *rim[::-1]], first)
    canvas.shape([(0, -0.9), (-0.55, -0.05), (0, 0.1), (0.55, -0.05)], second)


def clock(canvas: Canvas, rng: Generator) -> None:
    """Draw an alarm clock."""
    case = paint(rng)
    for side in (-1, 1):
        canvas.ellipse(side * 0.55, -0.8, 0.3, 0.22, darker(case, 0.2), side * 0.6)
        canvas.stroke([(side * 0.5, 0.7), (side * 0.7, 1.05)], INK, 0.12)
    canvas.ellipse(0, 0, 0.92, 0.92, case)
    canvas.ellipse(0, 0, 0.72, 0.72, WHITE)
    for hour in range(12):
        x, y = np.sin(hour * np.pi / 6), np.cos(hour * np.pi / 6)
        canvas.stroke([(0.6 * x, 0.6 * y), (0.67 * x, 0.67 * y)], INK, 0.05)
    for length, angle in ((0.35, span(rng, (0, 6.28))), (0.55, span(rng, (0, 6.28)))):
        canvas.stroke([(0, 0), (length * np.sin(angle), -length * np.cos(angle))], INK, 0.07)


def kite(canvas: Canvas, rng: Generator) -> None:
    """Draw a kite with its tail."""
    first, second, sway = paint(rng), paint(rng), span(rng, (-0.5, 0.5))
    canvas.stroke([(0, 0.6), (sway, 0.9), (-sway, 1.2), (sway, 1.5)], darker(second, 0.3), 0.06)
    canvas.shape([(0, -1.1), (0.75, -0.3), (0, 0.65), (-0.75, -0.3)], first)
    canvas.shape([(0, -1.1), (0.75, -0.3), (0, -0.3)], second, outlined=False)
    canvas.shape([(0, 0.65), (-0.75, -0.3), (0, -0.3)], second, outlined=False)


def ice_cream(canvas: Canvas, rng: Generator) -> None:
    """Draw an ice-cream cone."""
    canvas.shape([(-0.5, 0.1), (0.5, 0.1), (0, 1.3)], SAND)
    for x in (-0.25, 0.05):
        canvas.stroke([(x, 0.1), (x + 0.3, 0.7)], darker(SAND, 0.3), 0.04)
    for x, y in ((-0.3, -0.1), (0.3, -0.1), (0, -0.5))[: int(rng.integers(2, 4))]:
        canvas.ellipse(x, y, 0.45, 0.42, lighter(paint(rng), 0.25))


OBJECTS = {each.__name__: each for each in (car, house, boat, cup, umbrella, clock, kite, ice_cream)}
