"""What dolls are made of: eyes, mouths, hats, scarves, buttons and patches."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import (
    BRICK,
    CORAL,
    EYES,
    INK,
    WHITE,
    Colour,
    chance,
    darker,
    lighter,
    mix,
    paint,
    pick,
    span,
    vary,
)

LOOKS = ("dots", "round", "almond", "shut", "buttons")


def eyes(canvas: Canvas, rng: Generator, y: float, apart: float, radius: float, kinds: tuple[str, ...] = LOOKS) -> None:
    """Draw two eyes at a distance from the middle: dots, round, almond, shut or buttons; often with brows."""
    kind, iris, brow = pick(rng, kinds), pick(rng, EYES), chance(rng, 0.6)
    thick, lift, tilt = span(rng, (0.035, 0.11)), span(rng, (1.5, 2.4)), span(rng, (-0.2, 0.6))
    lashes, colour = kind in ("round", "almond") and chance(rng, 0.4), paint(rng)
    for x in (-apart, apart):
        if kind == "shut":
            canvas.stroke([(x - radius, y), (x, y + radius * 0.6), (x + radius, y)], INK, 0.06)
        elif kind == "dots":
            canvas.ellipse(x, y, radius * 0.6, radius * 0.7, INK, outlined=False)
        elif kind == "buttons":
            canvas.ellipse(x, y, radius, radius, colour)
            canvas.stroke([(x - radius * 0.4, y), (x + radius * 0.4, y)], INK, 0.04)
        else:
            canvas.ellipse(x, y, radius * 1.2, radius * (1.2 if kind == "round" else 0.75), WHITE)
            canvas.ellipse(x, y, radius * 0.7, radius * 0.7, iris, outlined=False)
            canvas.ellipse(x, y, radius * 0.4, radius * 0.45, INK, outlined=False)
        if lashes:
            side = 1 if x > 0 else -1
            canvas.stroke([(x - side * radius, y - radius * 0.7), (x, y - radius * 1.1),
                           (x + side * radius * 1.5, y - radius * 0.9)], INK, 0.07)  # fmt: skip
        if brow:
            rise, outer = radius * tilt * (1 if x > 0 else -1), y - radius * lift
            ends = (x - radius * 1.2, outer - rise), (x + radius * 1.2, outer + rise)
            canvas.stroke([ends[0], (x, outer - radius * 0.4), ends[1]], INK, thick)


def mouth(canvas: Canvas, rng: Generator, y: float, half: float) -> None:
    """Draw a mouth: a line, open, with lips or with teeth."""
    kind, bend = pick(rng, ("line", "line", "open", "lips", "teeth")), span(rng, (0.0, 0.4)) * half
    if kind == "line":
        canvas.stroke([(-half, y - bend), (0, y + bend), (half, y - bend)], INK, span(rng, (0.035, 0.07)))
    elif kind == "lips":
        full, red = half * span(rng, (0.3, 0.6)), vary(rng, pick(rng, (BRICK, CORAL, (176, 104, 96), (214, 132, 120))))
        canvas.blob([(-half, y), (-half * 0.4, y - full), (0, y - full * 0.6), (half * 0.4, y - full), (half, y),
                     (0, y + full)], red, outlined=False)  # fmt: skip
        canvas.stroke([(-half, y), (0, y + 0.02), (half, y)], darker(red, 0.6), 0.035)
    else:
        canvas.blob([(-half, y - bend), (0, y - bend * 0.3), (half, y - bend), (0, y + half * span(rng, (0.5, 0.9)))],
                    WHITE if kind == "teeth" else (150, 66, 62), INK)  # fmt: skip


def hat(canvas: Canvas, rng: Generator, y: float, half: float, colour: Colour) -> None:
    """Draw a hat whose brim lies at height y: top hat, cap, straw hat, cone or pot."""
    kind, high, band = pick(rng, ("top", "cap", "brim", "cone", "pot")), span(rng, (0.3, 0.55)), paint(rng)
    if kind in ("top", "brim", "pot"):
        crown = half * {"top": 0.75, "brim": 0.7, "pot": 0.95}[kind]
        lean = span(rng, (-0.1, 0.1))
        canvas.shape([(-crown, y), (lean - crown * 0.9, y - high), (lean + crown * 0.9, y - high), (crown, y)], colour)
        canvas.stroke([(-crown, y - 0.1), (crown, y - 0.1)], band, 0.12)
        canvas.ellipse(0, y, half * (1.0 if kind == "pot" else span(rng, (1.1, 1.6))), 0.1, darker(colour, 0.1))
        return
    tip = y - high - (0.25 if kind == "cone" else 0.0)
    slope = tip * 0.7 + y * 0.3
    canvas.blob([(-half, y), (-half * 0.6, slope), (0, tip), (half * 0.6, slope), (half, y)], colour)
    canvas.stroke([(-half, y), (0, y + 0.03), (half, y)], band, 0.15)
    if chance(rng, 0.6):
        canvas.ellipse(0, tip, 0.14, 0.14, band)


def buttons(canvas: Canvas, rng: Generator, top: float, bottom: float, x: float = 0.0) -> None:
    """Draw a row of two to four buttons."""
    colour, count = pick(rng, (INK, paint(rng))), int(rng.integers(2, 5))
    for y in np.linspace(top, bottom, count).tolist():
        canvas.ellipse(x, y, 0.07, 0.07, colour)


def scarf(canvas: Canvas, rng: Generator, y: float, half: float) -> None:
    """Draw a scarf with one end hanging down."""
    colour, x, long = paint(rng), pick(rng, (-0.6, 0.6)) * half, span(rng, (0.3, 0.7))
    canvas.shape([(x - 0.12, y), (x + 0.12, y), (x + 0.2, y + long), (x - 0.08, y + long)], darker(colour, 0.12))
    canvas.stroke([(-half, y), (0, y + 0.1), (half, y)], darker(colour, 0.6), 0.27)
    canvas.stroke([(-half, y), (0, y + 0.1), (half, y)], colour, 0.21)


def collar(canvas: Canvas, rng: Generator, y: float, half: float) -> None:
    """Draw a pointed collar."""
    colour = paint(rng)
    for side in (-1, 1):
        canvas.shape([(0, y), (side * half * 1.3, y - 0.08), (side * half, y + 0.3)], colour)


def patches(canvas: Canvas, rng: Generator, shirt: Colour) -> None:
    """Sew one or two patches on a shirt."""
    for x in (-0.22, 0.25)[: int(rng.integers(1, 3))]:
        with canvas.placed(x, span(rng, (0.45, 0.85)), 0.19, span(rng, (-0.4, 0.4))):
            canvas.shape([(-1, -1), (1, -1), (1, 1), (-1, 1)], mix(paint(rng), shirt, 0.15))
            for stitch in (-0.6, 0.0, 0.6):
                canvas.stroke([(stitch, -1.3), (stitch, -0.75)], INK, 0.12)


def checks(canvas: Canvas, rng: Generator, shirt: Colour) -> None:
    """Weave checks into a shirt, and patch it."""
    colour = pick(rng, (lighter(shirt, 0.5), darker(shirt, 0.4)))
    for x in (-0.35, 0.0, 0.35):
        canvas.stroke([(x, 0.1), (x * 1.1, 1.05)], colour, 0.08)
    for y in (0.35, 0.65, 0.95):
        canvas.stroke([(-0.45, y), (0.45, y)], colour, 0.08)
    patches(canvas, rng, shirt)
