"""Blossoms of roses and tulips: around the origin, radius about 1, the stem comes from below."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth_open
from tl_helpers.picturebook.colours import chance, darker, lighter, pick, span
from tl_helpers.picturebook.composites import Dress
from tl_helpers.picturebook.petals import petal


def tulip(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw a tulip: a cup of a few broad petals with pointed tips, closed or open."""
    flamed, tip = chance(rng, 0.2), span(rng, (0.15, 0.4))
    spread, long, half = span(rng, (0.15, 0.62)), span(rng, (1.55, 1.85)), span(rng, (0.38, 0.5))
    canvas.ellipse(0, 0.6, half * 1.0, 0.25, dress.petals)
    parts = [(-0.4 * spread, 0.95, 0.2), (0.4 * spread, 0.95, 0.2), (-spread, 0.98, 0.0), (spread, 0.98, 0.0)]
    if chance(rng, 0.6):
        parts.append((span(rng, (-0.1, 0.1)), span(rng, (0.75, 0.92)), -0.12))
    else:
        parts.extend([(-0.42 * spread, 0.85, -0.12), (0.5 * spread, 0.8, -0.12)])
    for angle, reach, shade in parts:
        fill = darker(dress.petals, shade) if shade >= 0 else lighter(dress.petals, -shade)
        outline = petal(angle, 0, long * reach, half, 0.45, tip)
        canvas.shape(outline + (0, 0.85), fill)
        if flamed:
            canvas.shape(outline * (0.45, 0.7) + (0, 0.75), dress.pattern, outlined=False)


def rose(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw a rose: petals wrapped around one another, full, half open or in bud."""
    view = rng.random()
    if view < 0.72:
        _full(canvas, rng, dress)
    elif view < 0.95:
        _goblet(canvas, rng, dress)
    else:
        _bud(canvas, rng, dress)


def _swirl(canvas: Canvas, x: float, y: float, wide: float, tall: float, dress: Dress, turns: float) -> None:
    """Draw the rolled-up heart of a rose."""
    canvas.ellipse(x, y, wide, tall, darker(dress.petals, 0.22))
    angle = np.linspace(0.5, 0.5 + turns * 2 * np.pi, 12)
    radius = np.linspace(0.1, 0.85, 12)
    path = np.stack([x + wide * radius * np.cos(angle), y + tall * radius * np.sin(angle)], axis=1)
    canvas.stroke(smooth_open(path), darker(dress.petals, 0.65), 0.07, curved=False)


def _full(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    tall, turn, count = span(rng, (0.75, 1.0)), span(rng, (0, 6)), int(rng.integers(4, 6))
    if chance(rng, 0.4):
        for angle in (np.arange(5) * 2 * np.pi / 5 + turn).tolist():
            canvas.shape(petal(angle, 0.3, 1.12, 0.16, 0.4, 0.1) * (1, tall), dress.green)
    rise = 0.14 * (1 - tall) * 2
    for row, reach in enumerate((1.0, 0.8, 0.6, 0.46)[: int(rng.integers(3, 5))]):
        fill = darker(dress.petals, 0.07 * row)
        for angle in (np.arange(count) * 2 * np.pi / count + turn + row * 0.7).tolist():
            outline = petal(angle, 0, reach, 2.6 * reach / count, 0.66, 0.85) * (1, tall)
            canvas.shape(outline - (0, rise * row), fill)
    _swirl(canvas, 0, -3 * rise, 0.38, 0.38 * tall, dress, span(rng, (1.7, 2.4)))


def _sepals(canvas: Canvas, rng: Generator, dress: Dress, y: float) -> None:
    for angle in (-1.9, -1.1, 1.1, 1.9):
        canvas.shape(
            petal(angle + span(rng, (-0.3, 0.3)), 0, span(rng, (0.45, 0.65)), 0.1, 0.4, 0.1) + (0, y), dress.green
        )
    canvas.ellipse(0, y + 0.05, 0.2, 0.15, dress.green)


def _goblet(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw a half open rose from the side."""
    wide, top = span(rng, (0.7, 0.95)), span(rng, (-0.75, -0.55))
    for side in (-1, 1):
        canvas.ellipse(side * wide * 0.4, top + 0.2, 0.42, 0.36, darker(dress.petals, 0.1), side * 0.4)
    canvas.blob([(-0.6, top), (0, top - 0.25), (0.6, top), (0.62, 0.3), (0, 0.75), (-0.62, 0.3)], dress.petals)
    _swirl(canvas, 0, top + 0.1, 0.5, 0.27, dress, 1.8)
    for side in pick(rng, ((-1, 1), (1, -1))):
        lip = [(side * wide, top + 0.45), (side * wide * 1.1, top + 0.62), (side * wide * 0.8, 0.4)]
        fill = lighter(dress.petals, 0.12) if side > 0 else dress.petals
        canvas.blob([(-side * 0.1, 0.12), (side * 0.35, top + 0.5), *lip, (0, 0.8), (-side * 0.3, 0.6)], fill)
    _sepals(canvas, rng, dress, 0.8)


def _bud(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw a bud whose outer petal is rolled around the others."""
    wide, lean = span(rng, (0.42, 0.58)), pick(rng, (-1, 1))
    canvas.blob(
        [(0, -0.95), (wide * 0.8, -0.6), (wide, 0.2), (0, 0.75), (-wide, 0.2), (-wide * 0.8, -0.6)], dress.petals
    )
    _swirl(canvas, 0, -0.62, wide * 0.62, 0.24, dress, 1.5)
    edge = [(-lean * wide, -0.5), (-lean * wide * 0.2, -0.05), (lean * wide * 0.85, -0.55), (lean * wide * 1.05, 0.2)]
    canvas.blob([*edge, (0, 0.78), (-lean * wide * 1.05, 0.2)], lighter(dress.petals, 0.12))
    canvas.stroke([(-lean * wide * 0.85, 0.2), (0, 0.1), (lean * wide * 0.5, -0.3)], darker(dress.petals, 0.5))
    _sepals(canvas, rng, dress, 0.72)
