"""Hats and cloths that people wear on their heads."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.colours import Colour, chance, darker, paint, span
from tl_helpers.picturebook.person import Person


def draw_headwear(canvas: Canvas, rng: Generator, kind: str, person: Person) -> None:
    """Draw a hat or a cloth over the hair."""
    HEADWEAR[kind](canvas, rng, person.width, paint(rng))


def _crown(canvas: Canvas, right: list[tuple[float, float]], top: float, colour: Colour) -> None:
    canvas.blob([(0, top), *right, *[(-x, y) for x, y in reversed(right)]], colour)


def _cap(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    _crown(canvas, [(0.8 * wide, -1.05), (1.06 * wide, -0.45)], -1.3, colour)
    peak = [(-wide, -0.5), (0, -0.68), (wide, -0.5), (0.75 * wide, -0.34), (0, -0.42), (-0.75 * wide, -0.34)]
    canvas.blob(peak, darker(colour, 0.2))


def _beanie(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    rim = paint(rng)
    if chance(rng, 0.5):
        canvas.ellipse(0, -1.42, 0.2, 0.2, rim)
    _crown(canvas, [(0.8 * wide, -1.15), (1.08 * wide, -0.5)], -1.4, colour)
    canvas.stroke([(-1.05 * wide, -0.52), (0, -0.62), (1.05 * wide, -0.52)], darker(rim, 0.5), 0.34)
    canvas.stroke([(-1.05 * wide, -0.52), (0, -0.62), (1.05 * wide, -0.52)], rim, 0.29)


def _brim(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    _crown(canvas, [(0.8 * wide, -1.3), (0.95 * wide, -0.6)], -1.35, colour)
    canvas.stroke([(-0.92 * wide, -0.72), (0, -0.75), (0.92 * wide, -0.72)], paint(rng), 0.16)
    canvas.ellipse(0, -0.6, span(rng, (1.3, 1.7)) * wide, 0.15, darker(colour, 0.12))


def _turban(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    right = [(1.1 * wide, -0.95), (1.12 * wide, -0.35), (0.5 * wide, -0.5)]
    canvas.blob([(0, -1.42), *right, (0, -0.62), *[(-x, y) for x, y in reversed(right)]], colour)
    for bend in (-0.95, -0.75, -1.12):
        canvas.stroke([(-1.05 * wide, -0.5), (0.1, bend), (1.0 * wide, bend + 0.15)], darker(colour, 0.3), 0.045)


def _headscarf(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    right = [(0.8 * wide, -1.0), (1.12 * wide, -0.4), (1.12 * wide, 0.5), (0.9, 1.2), (1.2, 1.7)]
    inner = [(0.84 * wide, 0.55), (0.9 * wide, 0.1), (0.84 * wide, -0.3), (0.5 * wide, -0.6)]
    path = [(0, -1.2), *right, (0, 1.75), *[(-x, y) for x, y in reversed(right)]]
    hole = [(0, 1.02), *inner, (0, -0.68), *[(-x, y) for x, y in reversed(inner)]]
    outer, gap = smooth(path), smooth(hole)
    canvas.shape(np.vstack([outer, outer[:1], gap[len(gap) // 2 :], gap[: len(gap) // 2 + 1], outer[:1]]), colour)


HEADWEAR = {"cap": _cap, "beanie": _beanie, "brim": _brim, "turban": _turban, "headscarf": _headscarf}
