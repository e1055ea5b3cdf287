"""Mammals: the poses that all species share."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.coats import Coat, draw_coat, paint_coat
from tl_helpers.picturebook.colours import chance, darker, lighter, pick, span
from tl_helpers.picturebook.faces import draw_face
from tl_helpers.picturebook.species import SPECIES, Species


def draw_mammal(canvas: Canvas, rng: Generator, label: str) -> None:
    """Draw an animal in one of the poses, somewhere near the middle."""
    species = SPECIES[label]
    coat = draw_coat(rng, species.furs, species.patterns, species.pale_muzzle)
    pick(rng, (portrait, portrait, portrait, sitting, sitting, lying, standing, standing))(canvas, rng, species, coat)


def portrait(canvas: Canvas, rng: Generator, species: Species, coat: Coat) -> None:
    """Draw head and shoulders, large; sometimes cut off by the edge."""
    scale, turn = span(rng, (0.19, 0.34)), span(rng, (-1, 1))
    with canvas.placed(span(rng, (0.38, 0.62)), span(rng, (0.42, 0.6)), scale, span(rng, (-0.3, 0.3))):
        with canvas.placed(0, 1.55, 0.95):
            paint_coat(canvas, rng, coat, smooth([(-1, 0.9), (-0.8, -0.5), (0, -0.9), (0.8, -0.5), (1, 0.9)]), False)
        draw_face(canvas, rng, species, coat, turn)


def sitting(canvas: Canvas, rng: Generator, species: Species, coat: Coat) -> None:
    """Draw the whole animal, sitting and seen from the front."""
    scale, x, y = span(rng, (0.15, 0.26)), span(rng, (0.3, 0.7)), span(rng, (0.58, 0.76))
    with canvas.placed(x, y, scale, span(rng, (-0.08, 0.08)), chance(rng, 0.5)):
        _tail(canvas, rng, species, coat, (0.7, 0.9))
        body = smooth(
            [(0, -1), (0.55, -0.6), (0.95, 0.4), (0.75, 1.1), (0, 1.2), (-0.75, 1.1), (-0.95, 0.4), (-0.55, -0.6)]
        )
        paint_coat(canvas, rng, coat, body, on_face=False)
        for side in (-1, 1):
            canvas.blob([(side * 0.12, 0.2), (side * 0.45, 0.2), (side * 0.48, 1.15), (side * 0.1, 1.15)], coat.ground)
            canvas.ellipse(side * 0.3, 1.18, 0.27, 0.16, lighter(coat.ground, 0.15))
        with canvas.placed(span(rng, (-0.15, 0.15)), -1.35, span(rng, (0.78, 0.95)), span(rng, (-0.25, 0.25))):
            draw_face(canvas, rng, species, coat, span(rng, (-1, 1)))


def lying(canvas: Canvas, rng: Generator, species: Species, coat: Coat) -> None:
    """Draw the whole animal, lying on its side with its head raised."""
    scale, x, y = span(rng, (0.16, 0.26)), span(rng, (0.38, 0.62)), span(rng, (0.58, 0.76))
    with canvas.placed(x, y, scale, span(rng, (-0.1, 0.1)), chance(rng, 0.5)):
        _tail(canvas, rng, species, coat, (1.5, 0.3))
        with canvas.placed(0.55, 0.25, 0.8):
            body = smooth([(-1.2, 0), (-0.8, -0.75), (0.6, -0.85), (1.45, -0.2), (1.3, 0.7), (-0.9, 0.75)])
            paint_coat(canvas, rng, coat, body, on_face=False)
        for dx in (-0.9, -0.4):
            canvas.ellipse(dx, 0.85, 0.45, 0.17, lighter(coat.ground, 0.12))
        with canvas.placed(-0.7, -0.4, span(rng, (0.78, 0.92)), span(rng, (-0.35, 0.2))):
            draw_face(canvas, rng, species, coat, span(rng, (-1, 1)))


def standing(canvas: Canvas, rng: Generator, species: Species, coat: Coat) -> None:
    """Draw the whole animal, standing and seen from the side, its head turned to us."""
    scale, x, y = span(rng, (0.16, 0.25)), span(rng, (0.38, 0.62)), span(rng, (0.5, 0.66))
    with canvas.placed(x, y, scale, span(rng, (-0.1, 0.1)), chance(rng, 0.5)):
        _tail(canvas, rng, species, coat, (1.15, 0.1))
        stride = span(rng, (-0.2, 0.2))
        for dx in (-0.55 - stride, 0.95 + stride):
            canvas.shape(_leg(dx), darker(coat.ground, 0.25))
        with canvas.placed(0.2, 0.15, 0.85):
            body = smooth([(-1.3, 0.1), (-1.1, -0.65), (0.2, -0.6), (1.2, -0.5), (1.35, 0.2), (0.9, 0.65), (-0.9, 0.7)])
            paint_coat(canvas, rng, coat, body, on_face=False)
        for dx in (-0.75 + stride, 0.75 - stride):
            canvas.shape(_leg(dx), coat.ground)
            canvas.ellipse(dx, 1.42, 0.24, 0.13, lighter(coat.ground, 0.15))
        with canvas.placed(-0.95, -0.75, span(rng, (0.72, 0.9)), span(rng, (-0.3, 0.2))):
            draw_face(canvas, rng, species, coat, span(rng, (-1, 0.6)))


def _leg(x: float) -> NDArray[np.float64]:
    return smooth([(x - 0.24, 0.2), (x + 0.24, 0.2), (x + 0.17, 1.4), (x - 0.17, 1.4)])


def _tail(canvas: Canvas, rng: Generator, species: Species, coat: Coat, at: tuple[float, float]) -> None:
    kind, (x, y), rise = pick(rng, species.tail), at, span(rng, (0.3, 1.3))
    path = [(x, y), (x + 0.6, y - 0.05), (x + 0.9, y - rise * 0.6), (x + 0.75, y - rise)]
    width = {"thin": 0.2, "bushy": 0.42, "curled": 0.22, "stub": 0.3}[kind]
    if kind == "curled":
        path = [(x, y - 0.3), (x + 0.5, y - 0.6), (x + 0.35, y - 1.0), (x + 0.05, y - 0.8), (x + 0.3, y - 0.65)]
    if kind == "stub":
        path = path[:2]
    tip = darker(coat.ground, 0.1) if np.sum(coat.second) > np.sum(coat.ground) else coat.second
    canvas.stroke(path, darker(coat.ground, 0.55), width + 0.1)
    canvas.stroke(path, coat.ground, width)
    if kind != "stub" and coat.pattern in ("stripes", "dark_stripes", "points"):
        canvas.stroke(path[-2:], tip, width)
