"""Blossoms of daisies, sunflowers and dandelions: around the origin, radius about 1, the stem comes from below."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import Colour, chance, darker, lighter, pick, span
from tl_helpers.picturebook.petals import petal


@dataclass(frozen=True)
class Dress:
    """Colours of a flower: petals, their pattern, the heart, stem and leaves."""

    petals: Colour
    pattern: Colour
    heart: Colour
    green: Colour


def daisy(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw a daisy: one row of long, blunt petals around a small plain heart."""
    count, heart = int(rng.integers(9, 19)), span(rng, (0.2, 0.32))
    half, tip, banded = span(rng, (1.9, 2.6)) / count, span(rng, (0.5, 0.8)), chance(rng, 0.3)
    if chance(rng, 0.22):
        spread = span(rng, (0.7, 1.3))
        canvas.ellipse(0, -0.38, heart * 1.1, 0.25, dress.heart)
        for angle in sorted(np.linspace(-spread, spread, count // 2 + 1).tolist(), key=abs, reverse=True):
            canvas.shape(petal(angle, 0.1, 1.0, half * 0.8, 0.7, tip) + (0, 0.3), dress.petals)
        canvas.blob([(-0.24, 0.08), (0, 0.2), (0.24, 0.08), (0.12, 0.4), (-0.12, 0.4)], dress.green)
        return
    tall, turn = span(rng, (0.5, 1.0)), span(rng, (0, 1))
    for angle in (np.arange(count) * 2 * np.pi / count).tolist():
        if chance(rng, 0.97):
            outline = petal(angle + turn + span(rng, (-0.06, 0.06)), 0.1, span(rng, (0.88, 1.0)), half, 0.68, tip)
            canvas.shape(outline * (1, tall), dress.petals)
            if banded:
                canvas.shape(outline * (0.55, 0.55 * tall), dress.pattern, outlined=False)
    rise = 0.12 * (1 - tall)
    canvas.ellipse(0, -rise, heart, heart * (0.3 + 0.7 * tall), dress.heart)
    canvas.ellipse(-0.06, -rise - 0.05, heart * 0.5, heart * 0.4 * tall, lighter(dress.heart, 0.4), outlined=False)


def sunflower(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw a sunflower: a wide disc of seeds with pointed petals in two rows."""
    count, disc, tall = int(rng.integers(13, 20)), span(rng, (0.46, 0.6)), span(rng, (0.55, 1.0))
    half, edge = span(rng, (2.2, 2.9)) / count, darker(dress.petals, 0.15)
    side = chance(rng, 0.2)
    if side:
        tall = span(rng, (0.3, 0.42))
        canvas.blob([(-disc, 0), (disc, 0), (disc * 0.6, 0.5), (0, 0.62), (-disc * 0.6, 0.5)], dress.green)
    elif chance(rng, 0.35):
        for angle in np.linspace(0.2, 6.4, 10, endpoint=False).tolist():
            canvas.shape(petal(angle, 0.3, 1.05, 0.2, 0.4, 0.1) * (1, tall), dress.green)
    for row, fill in enumerate((edge, dress.petals)):
        for angle in ((np.arange(count) + row * 0.5) * 2 * np.pi / count).tolist():
            reach = span(rng, (0.9, 1.05)) - 0.08 * row
            canvas.shape(petal(angle, disc * 0.6, reach, half, 0.45, 0.25) * (1, tall), fill)
    canvas.ellipse(0, 0, disc, disc * tall, dress.heart)
    canvas.ellipse(0, 0, disc * 0.5, disc * 0.5 * tall, darker(dress.heart, 0.3), outlined=False)
    seed = pick(rng, (darker(dress.heart, 0.55), lighter(dress.heart, 0.5)))
    for ring, number in ((0.85, 14), (0.6, 10), (0.3, 5)):
        for angle in (np.arange(number) * 2 * np.pi / number + ring * 4).tolist():
            x, y = disc * ring * np.cos(angle), disc * ring * tall * np.sin(angle)
            canvas.shape([(x - 0.045, y), (x, y - 0.05), (x + 0.045, y), (x, y + 0.05)], seed, outlined=False)


def dandelion(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw a dandelion: a dense tuft of fine petals, or its clock of flying seeds."""
    if chance(rng, 0.38):
        _clock(canvas, rng, dress)
    elif chance(rng, 0.35):
        _tuft(canvas, rng, dress)
    else:
        tall = span(rng, (0.6, 1.0))
        for row, (reach, count) in enumerate(((1.0, 26), (0.76, 20), (0.52, 14), (0.28, 8))):
            fill = lighter(dress.petals, 0.3 * (row % 2)) if chance(rng, 0.9) else dress.petals
            for angle in ((np.arange(count) + span(rng, (0, 1))) * 2 * np.pi / count).tolist():
                outline = petal(angle, 0, reach * span(rng, (0.88, 1.0)), 0.1, 0.85, 0.9) * (1, tall)
                canvas.shape(outline - (0, 0.08 * row * (1 - tall)), fill, darker(fill, 0.38))


def _tuft(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw the tuft from the side, or half closed, above its cup of narrow green leaves."""
    spread, count = span(rng, (0.6, 1.6)), int(rng.integers(15, 22))
    for reach in (1.05, 0.8, 0.55):
        fill = lighter(dress.petals, 0.35 * (reach == 0.8))
        for angle in np.linspace(-spread, spread, count).tolist():
            outline = petal(angle, 0, reach * span(rng, (0.88, 1.0)), 0.1, 0.85, 0.9)
            canvas.shape(outline + (0, 0.3), fill, darker(fill, 0.38))
    canvas.blob([(-0.3, 0.1), (0, 0.02), (0.3, 0.1), (0.24, 0.5), (-0.24, 0.5)], dress.green)
    for angle in (2.0, 2.6, 3.7, 4.3):
        canvas.shape(petal(angle, 0.05, 0.5, 0.09, 0.4, 0.2) + (0, 0.42), dress.green)


def _seed(canvas: Canvas, x: float, y: float, angle: float, reach: float, colour: Colour) -> None:
    """Draw a stalk from (x, y) with a parachute of five hairs at its end."""
    hub = x + reach * np.sin(angle), y - reach * np.cos(angle)
    path = [(x, y), hub]
    for hair in (-1.1, -0.55, 0.0, 0.55, 1.1):
        path += [(hub[0] + 0.3 * np.sin(angle + hair), hub[1] - 0.3 * np.cos(angle + hair)), hub]
    canvas.stroke(path, colour, curved=False)


def _clock(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw the ball of seeds, now and then half blown away."""
    pale = lighter(dress.petals, span(rng, (0.45, 0.8)))
    left, turn = (span(rng, (0.45, 0.8)) if chance(rng, 0.4) else 1.0), span(rng, (0, 6))
    if left == 1.0:
        canvas.ellipse(0, 0, 0.92, 0.92, lighter(dress.petals, 0.3), outlined=False)
    for reach, number in ((0.72, 22), (0.4, 11)):
        for angle in np.linspace(turn, turn + 2 * np.pi * left, int(number * left), endpoint=False).tolist():
            _seed(canvas, 0, 0, angle, reach * span(rng, (0.92, 1.05)), darker(pale, 0.3) if reach < 0.5 else pale)
    canvas.ellipse(0, 0, 0.17, 0.17, darker(dress.heart, 0.2))
    for _ in range(int(rng.integers(1, 4)) if left < 1 else 0):
        angle = turn - span(rng, (0.3, 1.6))
        _seed(canvas, 1.25 * np.sin(angle), -1.25 * np.cos(angle), angle + span(rng, (-0.8, 0.8)), 0.3, pale)
