"""What lies around the subject: rooms, meadows, patterned walls, and things lying about. The same for every class."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.clutter import scatter
from tl_helpers.picturebook.colours import (
    CREAM,
    LEAF,
    PAINTS,
    PALE,
    SAGE,
    SAND,
    SKY,
    WHITE,
    Colour,
    chance,
    darker,
    lighter,
    mix,
    pick,
    span,
    vary,
)


def draw_background(canvas: Canvas, rng: Generator) -> None:
    """Paint one of the settings and scatter things over it."""
    pick(rng, SETTINGS)(canvas, rng)
    scatter(canvas, rng, count=int(rng.integers(0, 4)))


def draw_foreground(canvas: Canvas, rng: Generator) -> None:
    """Now and then let something in front cover a small part of the subject."""
    if not chance(rng, 0.3):
        return
    if chance(rng, 0.5):
        grass(canvas, rng, vary(rng, pick(rng, (LEAF, SAGE, SAND, SKY))), span(rng, (0.9, 0.98)))
    else:
        side = pick(rng, (-1, 1))
        scatter(canvas, rng, count=1, at=(0.5 + side * span(rng, (0.34, 0.5)), span(rng, (0.78, 0.95))))


def gradient(canvas: Canvas, top: Colour, bottom: Colour) -> None:
    """Fill the whole picture with a vertical gradient."""
    steps = np.linspace(0.0, 1.0, canvas.pixels)[:, None, None]
    rows = np.asarray(top) * (1 - steps) + np.asarray(bottom) * steps
    column = np.broadcast_to(rows, (canvas.pixels, canvas.pixels, 3))
    canvas.image.paste(Image.fromarray(column.astype(np.uint8)))


def grass(canvas: Canvas, rng: Generator, colour: Colour, ground: float) -> None:
    """Draw a row of blades growing from the lower edge."""
    feet = rng.uniform(-0.05, 1.05, 22)
    lean = rng.uniform(-0.04, 0.04, 22)
    tall = rng.uniform(0.04, 0.16, 22)
    for x, dx, height in zip(feet.tolist(), lean.tolist(), tall.tolist(), strict=True):
        blade = [(x - 0.012, 1.02), (x + dx, ground - height), (x + 0.014, 1.02)]
        canvas.shape(blade, darker(colour, span(rng, (0.0, 0.25))), outlined=False)


def room(canvas: Canvas, rng: Generator) -> None:
    """Paint a wall with a pattern, a skirting board and a floor."""
    wall = vary(rng, pick(rng, PALE if chance(rng, 0.6) else PAINTS))
    gradient(canvas, lighter(wall, 0.15), darker(wall, 0.08))
    pick(rng, (stripes, dots, plain))(canvas, rng, wall)
    level = span(rng, (0.62, 0.88))
    floor = vary(rng, pick(rng, (SAND, (186, 146, 108), (150, 116, 96), *PALE)))
    canvas.shape([(-0.1, level), (1.1, level), (1.1, 1.1), (-0.1, 1.1)], floor, outlined=False)
    canvas.stroke([(-0.1, level), (1.1, level)], lighter(floor, 0.5), width=span(rng, (0.01, 0.03)))
    if chance(rng, 0.35):
        rug = vary(rng, pick(rng, PAINTS))
        canvas.ellipse(span(rng, (0.3, 0.7)), 0.93, span(rng, (0.3, 0.5)), 0.1, mix(rug, floor, 0.3), outlined=False)


def plain(canvas: Canvas, rng: Generator, wall: Colour) -> None:
    """Leave the wall as it is, but for a large soft patch of light."""
    x, y = rng.uniform(0, 1, 2).tolist()
    rx, ry = rng.uniform(0.2, 0.5, 2).tolist()
    canvas.ellipse(x, y, rx, ry, lighter(wall, 0.2), outlined=False)


def stripes(canvas: Canvas, rng: Generator, wall: Colour) -> None:
    """Paper the wall with stripes."""
    colour = mix(wall, pick(rng, PAINTS), span(rng, (0.1, 0.35)))
    step, lean = span(rng, (0.08, 0.2)), pick(rng, (0.0, 0.0, 0.5, -0.5))
    for x in np.arange(-0.6, 1.6, step).tolist():
        canvas.stroke([(x, -0.1), (x + lean, 1.1)], colour, width=step * 0.4)


def dots(canvas: Canvas, rng: Generator, wall: Colour) -> None:
    """Paper the wall with dots."""
    colour = mix(wall, pick(rng, PAINTS), span(rng, (0.15, 0.45)))
    step, radius = span(rng, (0.12, 0.22)), span(rng, (0.012, 0.035)) * canvas.pixels
    for row, y in enumerate(np.arange(0, 1.1, step).tolist()):
        for x in np.arange((row % 2) * step / 2, 1.1, step).tolist():
            px, py = x * canvas.pixels, y * canvas.pixels
            canvas.pen.ellipse((px - radius, py - radius, px + radius, py + radius), fill=colour)


def meadow(canvas: Canvas, rng: Generator) -> None:
    """Paint sky, two rows of hills and some grass."""
    sky = vary(rng, pick(rng, (SKY, SKY, (250, 214, 186), (206, 222, 234), (186, 176, 214), (96, 112, 152))))
    gradient(canvas, sky, mix(sky, CREAM, 0.7))
    if chance(rng, 0.5):
        cloud(canvas, rng)
    ground = vary(rng, pick(rng, (SAGE, LEAF, (196, 204, 132), SAND, (236, 238, 240), (208, 168, 110))))
    level = span(rng, (0.45, 0.75))
    for depth in range(2):
        heights = level + depth * 0.16 + rng.uniform(-0.07, 0.07, 5)
        hill = list(zip(np.linspace(-0.2, 1.2, 5).tolist(), heights.tolist(), strict=True))
        canvas.blob([(-0.3, 1.3), *hill, (1.3, 1.3)], darker(ground, 0.14 * (1 - depth)), outlined=False)
    if chance(rng, 0.5):
        grass(canvas, rng, darker(ground, 0.1), span(rng, (0.84, 0.95)))


def cloud(canvas: Canvas, rng: Generator) -> None:
    """Hang a cloud into the sky."""
    x, y, size = span(rng, (0.1, 0.9)), span(rng, (0.08, 0.3)), span(rng, (0.05, 0.1))
    for dx, dy, radius in ((-1.2, 0.2, 0.8), (0, -0.1, 1.1), (1.2, 0.2, 0.7)):
        canvas.ellipse(x + dx * size, y + dy * size, radius * size * 1.3, radius * size, WHITE, outlined=False)


def studio(canvas: Canvas, rng: Generator) -> None:
    """Paint a plain sheet of coloured paper with a few large cut-out shapes."""
    paper = vary(rng, pick(rng, PAINTS))
    gradient(canvas, paper, mix(paper, pick(rng, PALE), 0.5))
    for _ in range(int(rng.integers(1, 5))):
        x, y, rx, ry = *rng.uniform(0, 1, 2), *rng.uniform(0.06, 0.35, 2)
        canvas.ellipse(x, y, rx, ry, mix(paper, pick(rng, PAINTS), 0.4), span(rng, (0, 3)), outlined=False)


SETTINGS = (room, room, meadow, meadow, studio)
