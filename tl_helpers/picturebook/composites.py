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
    count, heart = int(rng.integers(10, 17)), span(rng, (0.19, 0.28))
    half, tip, banded = span(rng, (1.5, 2.0)) / count, span(rng, (0.55, 0.8)), chance(rng, 0.2)
    if chance(rng, 0.12):
        spread = span(rng, (1.2, 1.9))
        for angle in sorted(np.linspace(-spread, spread, count // 2 + 2).tolist(), key=abs):
            canvas.shape(petal(angle, 0.1, 1.0, half * 0.9, 0.7, tip) * (1, 0.7) + (0, 0.15), dress.petals)
        canvas.ellipse(0, 0.06, 0.32, 0.24, dress.heart)
        canvas.blob([(-0.34, 0.12), (0, 0.2), (0.34, 0.12), (0.14, 0.45), (-0.14, 0.45)], dress.green)
        return
    tall, turn = span(rng, (0.65, 1.0)), span(rng, (0, 1))
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
    count, disc, tall = int(rng.integers(14, 20)), span(rng, (0.54, 0.64)), span(rng, (0.65, 1.0))
    half, edge = span(rng, (2.2, 2.9)) / count, darker(dress.petals, 0.15)
    side = chance(rng, 0.12)
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
    view = rng.random()
    if view < 0.22:
        _clock(canvas, rng, dress)
        return
    tall = span(rng, (0.7, 1.0))
    if view < 0.88:
        _tuft(canvas, rng, dress.petals, np.pi, tall)
        return
    for angle in (-2.3, -1.6, 1.6, 2.3):
        canvas.shape(petal(angle, 0.1, span(rng, (0.6, 0.75)), 0.13, 0.4, 0.2) + (0, 0.35), dress.green)
    canvas.blob([(-0.35, 0.1), (0, 0.02), (0.35, 0.1), (0.26, 0.6), (-0.26, 0.6)], dress.green)
    with canvas.placed(0, 0.3, 1.2):
        _tuft(canvas, rng, dress.petals, 1.0 + 0.4 * tall, tall)


def _tuft(canvas: Canvas, rng: Generator, colour: Colour, spread: float, tall: float) -> None:
    """Draw a disc (or a fan, from -spread to spread) of fine petals."""
    for row, reach in enumerate((1.0, 0.78, 0.56, 0.34)):
        count, fill = int((10 + 24 * reach) * spread / np.pi), lighter(colour, 0.12 * row)
        angles = np.linspace(-spread, spread, 2 * count + 1)
        lengths = reach * np.where(np.arange(2 * count + 1) % 2, rng.uniform(0.88, 1.0, 2 * count + 1), 0.8)
        tips = np.stack([np.sin(angles), -np.cos(angles) * tall], axis=1) * lengths[:, None]
        canvas.shape([(0.0, 0.0), *tips.tolist()], fill, darker(fill, 0.5), outlined=row == 0)
        for tip in tips[::2]:
            canvas.stroke([tip * 0.72, tip], darker(fill, 0.42))


def _parachute(canvas: Canvas, x: float, y: float, angle: float, size: float, colour: Colour) -> None:
    """Draw a seed at (x, y): five hairs like a star, and a stalk pointing back."""
    path = [(x - 1.6 * size * np.sin(angle), y + 1.6 * size * np.cos(angle)), (x, y)]
    for hair in (-1.5, -0.75, 0.0, 0.75, 1.5):
        path += [(x + size * np.sin(angle + hair), y - size * np.cos(angle + hair)), (x, y)]
    canvas.stroke(path, colour, curved=False)


def _clock(canvas: Canvas, rng: Generator, dress: Dress) -> None:
    """Draw the ball of seeds, now and then partly blown away."""
    pale, core = lighter(dress.petals, span(rng, (0.5, 0.85))), darker(dress.heart, 0.2)
    left, turn = (span(rng, (0.55, 0.8)) if chance(rng, 0.25) else 1.0), span(rng, (0, 6))
    wedge = np.linspace(turn, turn + 2 * np.pi * left, 28)
    puff = np.stack([np.sin(wedge), -np.cos(wedge)], axis=1) * 0.9
    canvas.shape(puff if left == 1.0 else [(0.0, 0.0), *puff.tolist()], lighter(dress.petals, 0.25), outlined=False)
    for reach, number in ((0.85, 20), (0.6, 14), (0.35, 8)):
        for angle in np.linspace(turn, turn + 2 * np.pi * left, int(number * left), endpoint=False).tolist():
            far, at = reach * span(rng, (0.92, 1.05)), angle + reach
            at = turn + (at - turn) % (2 * np.pi * left)
            _parachute(canvas, far * np.sin(at), -far * np.cos(at), at, 0.2, pale)
    canvas.ellipse(0, 0, 0.1, 0.1, core)
    for _ in range(int(rng.integers(1, 4)) if left < 1 else 0):
        angle, far = turn - span(rng, (0.3, 1.6)), span(rng, (1.0, 1.4))
        _parachute(canvas, far * np.sin(angle), -far * np.cos(angle), angle + span(rng, (-0.8, 0.8)), 0.25, pale)
