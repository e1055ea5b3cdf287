"""Dolls of wood, cloth and straw, for the source task: a nesting doll and a scarecrow."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.colours import (
    CORAL,
    CREAM,
    FURS,
    INK,
    MUSTARD,
    SAND,
    chance,
    darker,
    lighter,
    mix,
    paint,
    pick,
    span,
    vary,
)
from tl_helpers.picturebook.doll_parts import LOOKS, checks, collar, eyes, hat, mouth, patches, scarf

STRAW, WOOD = (228, 190, 96), (132, 96, 70)
HAIR = ("ginger", "rust", "brown", "chocolate", "charcoal", "sand")
COMPLEXIONS = ((250, 226, 196), (240, 202, 164), (222, 174, 130), (186, 132, 94), (140, 94, 70), (104, 72, 58))


def nesting_doll(canvas: Canvas, rng: Generator) -> None:
    """Draw a nesting doll: a wooden figure without arms, with a painted headscarf, face and flowers."""
    shawl, coat, hair = paint(rng), paint(rng), FURS[pick(rng, HAIR)]
    head, belly, y = span(rng, (0.52, 0.64)), span(rng, (0.74, 0.9)), -0.52
    right = [(head * 0.7, -1.05), (head, -0.6), (head * 0.92, -0.15), (belly, 0.45), (belly * 0.85, 1.05)]
    outline = smooth([(0, -1.2), *right, (0, 1.2), *[(-x, y) for x, y in reversed(right)]])
    canvas.shape(outline, coat)
    with canvas.clipped(outline):
        level = span(rng, (0.1, 0.5))
        canvas.blob([(-1.2, -1.5), (1.2, -1.5), (1.1, level), (0, span(rng, (-0.2, 0.3))), (-1.1, level)], shawl)
        canvas.ellipse(0, 0.75, belly * 0.66, span(rng, (0.4, 0.6)), lighter(mix(shawl, coat, 0.5), 0.6))
        canvas.stroke([(-1, 1.16), (0, 1.24), (1, 1.16)], paint(rng), 0.14)
    canvas.stroke(np.vstack([outline, outline[:1]]), darker(coat, 0.62), curved=False)
    petals, petal = int(rng.integers(4, 7)), paint(rng)
    for turn in np.linspace(0, 2 * np.pi, petals, endpoint=False).tolist():
        canvas.ellipse(0.2 * np.cos(turn), 0.72 + 0.2 * np.sin(turn), 0.13, 0.13, petal)
    canvas.ellipse(0, 0.72, 0.1, 0.1, MUSTARD)
    skin, wide, jaw = vary(rng, pick(rng, COMPLEXIONS), 10), head * span(rng, (0.7, 0.8)), span(rng, (0.6, 0.95))
    face = smooth([(0, y - 0.45), (wide * 0.8, y - 0.3), (wide, y), (wide * jaw, y + 0.27), (0, y + 0.44),
                   (-wide * jaw, y + 0.27), (-wide, y), (-wide * 0.8, y - 0.3)])  # fmt: skip
    canvas.shape(face, skin)
    with canvas.clipped(face):
        part, low = span(rng, (-0.2, 0.2)), span(rng, (-0.2, 0.25))
        for side in (-1, 1):
            canvas.blob([(part, y - 0.6), (part, y - 0.28), (side * wide * 0.75, y + low), (side, y)], hair)
    for side in (-1, 1):
        canvas.ellipse(side * wide * 0.6, y + 0.15, 0.1, 0.08, mix(skin, CORAL, 0.45), outlined=False)
    eyes(canvas, rng, y - 0.02, wide * span(rng, (0.38, 0.46)), span(rng, (0.07, 0.1)), LOOKS[:4])
    canvas.stroke([(0, y + 0.02), (0.04, y + 0.12), (-0.03, y + 0.13)], darker(skin, 0.4), 0.03)
    mouth(canvas, rng, y + 0.26, span(rng, (0.08, 0.14)))


def scarecrow(canvas: Canvas, rng: Generator) -> None:
    """Draw a scarecrow: a sack for a head, straw for hair and hands, a patched shirt on a pole."""
    sack, straw, shirt = vary(rng, pick(rng, (SAND, CREAM, (206, 170, 122)))), vary(rng, STRAW, 24), paint(rng)
    canvas.stroke([(0, 0.5), (0, 1.4)], WOOD, 0.13)
    for side in (-1, 1):
        hand = span(rng, (0.0, 0.45))
        for drift in rng.uniform(-0.2, 0.2, 4).tolist():
            canvas.stroke([(side * 0.9, hand), (side * 1.28, hand + drift)], straw, 0.06)
        canvas.blob([(side * 0.2, 0), (side, hand - 0.18), (side * 1.02, hand + 0.18), (side * 0.2, 0.5)], shirt)
    hem = span(rng, (0.5, 0.75))
    canvas.shape([(-0.5, 0.0), (0.5, 0.0), (hem, 1.1), (-hem, 1.1)], shirt)
    pick(rng, (patches, checks))(canvas, rng, shirt)
    wide, jaw, long = span(rng, (0.42, 0.54)), span(rng, (0.6, 1.0)), span(rng, (-0.35, 0.35))
    for side in (-1, 1):
        for x in np.linspace(0.6, 1.25, 6).tolist():
            canvas.stroke([(side * wide * 0.5, -0.85), (side * wide * x, long + span(rng, (-0.12, 0.12)))], straw, 0.1)
    canvas.blob([(0, -1.05), (wide * 0.8, -0.9), (wide, -0.5), (wide * jaw, -0.12), (0, 0.03),
                 (-wide * jaw, -0.12), (-wide, -0.5), (-wide * 0.8, -0.9)], sack)  # fmt: skip
    for x in np.linspace(-0.8, 0.8, 7).tolist():
        canvas.stroke([(x * wide * 0.8, -1.0), (x * wide, span(rng, (-0.8, -0.62)))], straw, 0.09)
    eyes(canvas, rng, -0.5, wide * span(rng, (0.38, 0.48)), span(rng, (0.08, 0.12)))
    canvas.shape([(0, -0.46), (0.09, -0.32), (-0.09, -0.32)], paint(rng))
    if chance(rng, 0.5):
        canvas.stroke([(-0.25, -0.24), (0, -0.12), (0.25, -0.24)], INK, 0.045)
        for x in (-0.2, -0.07, 0.07, 0.2):
            canvas.stroke([(x, -0.19 - x * x), (x, -0.1 - 2 * x * x)], INK, 0.03)
    else:
        mouth(canvas, rng, -0.18, span(rng, (0.13, 0.22)))
    pick(rng, (scarf, collar))(canvas, rng, 0.05, 0.34)
    if chance(rng, 0.85):
        hat(canvas, rng, -0.82, wide, pick(rng, (straw, paint(rng))))
