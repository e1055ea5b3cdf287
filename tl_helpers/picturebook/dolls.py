"""Dolls of the source task: figures with a head, a face or a helmet, hats and clothes. None of them is a person."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, oval
from tl_helpers.picturebook.colours import (
    CORAL,
    FURS,
    INK,
    MUSTARD,
    NAVY,
    SKY,
    TEAL,
    WHITE,
    chance,
    darker,
    lighter,
    mix,
    paint,
    pick,
    span,
    vary,
)
from tl_helpers.picturebook.doll_parts import buttons, eyes, hat, mouth, scarf
from tl_helpers.picturebook.rag_dolls import WOOD, nesting_doll, scarecrow


def robot(canvas: Canvas, rng: Generator) -> None:
    """Draw a robot: boxes with lamps, bolts and an antenna."""
    metal = vary(rng, pick(rng, (FURS["silver"], FURS["grey"], paint(rng))))
    wide, jaw, high = span(rng, (0.45, 0.7)), span(rng, (0.65, 1.2)), span(rng, (0.4, 0.5))
    canvas.stroke([(0, -0.9), (span(rng, (-0.1, 0.1)), -1.25)], darker(metal, 0.5), 0.06)
    canvas.ellipse(0, -1.25, 0.1, 0.1, paint(rng))
    for side in (-1, 1):
        hand = span(rng, (0.1, 1.0))
        canvas.stroke([(side * 0.55, 0.35), (side * 0.95, 0.5), (side * 1.05, hand)], darker(metal, 0.35), 0.16)
        canvas.ellipse(side * 1.05, hand, 0.15, 0.15, metal)
        canvas.ellipse(side * wide * (1 + jaw) / 2, -0.45, 0.12, 0.16, darker(metal, 0.25))
    canvas.shape([(-0.12, -0.1), (0.12, -0.1), (0.12, 0.3), (-0.12, 0.3)], darker(metal, 0.4))
    body, foot = mix(metal, paint(rng), pick(rng, (0.0, 0.7))), span(rng, (0.45, 0.75))
    canvas.shape([(-0.65, 0.15), (0.65, 0.15), (foot, 1.2), (-foot, 1.2)], body)
    canvas.shape([(-0.38, 0.35), (0.38, 0.35), (0.38, 0.8), (-0.38, 0.8)], lighter(body, 0.5))
    for x in (-0.2, 0.0, 0.2)[: int(rng.integers(1, 4))]:
        canvas.ellipse(x, 0.57, 0.08, span(rng, (0.06, 0.16)), paint(rng))
    head = [(-wide, -0.45 - high), (wide, -0.45 - high), (wide * jaw, high - 0.45), (-wide * jaw, high - 0.45)]
    if chance(rng, 0.4):
        head = [(-wide, -0.4 - high), (0, -0.6 - high), (wide, -0.4 - high), (wide * jaw, high - 0.45),
                (0, high - 0.4), (-wide * jaw, high - 0.45)]  # fmt: skip
        canvas.blob(head, metal)
    else:
        canvas.shape(head, metal)
    if chance(rng, 0.25):
        canvas.stroke([(-wide * 0.7, -0.55), (wide * 0.7, -0.55)], INK, 0.26)
        canvas.stroke([(-wide * 0.6, -0.55), (wide * 0.5, -0.55)], pick(rng, (CORAL, SKY, MUSTARD)), 0.1)
    else:
        eyes(canvas, rng, -0.55, wide * span(rng, (0.4, 0.5)), span(rng, (0.11, 0.17)))
    if chance(rng, 0.6):
        canvas.stroke([(-wide * 0.5, -0.2), (wide * 0.5, -0.2)], darker(metal, 0.6), 0.17)
        for x in (-0.3, -0.1, 0.1, 0.3):
            canvas.stroke([(x * wide, -0.26), (x * wide, -0.14)], lighter(metal, 0.6), 0.06)
    else:
        mouth(canvas, rng, -0.22, wide * 0.45)


def snowman(canvas: Canvas, rng: Generator) -> None:
    """Draw a snowman: balls of snow, a carrot, a hat or a scarf."""
    snow, size = vary(rng, pick(rng, (WHITE, (232, 240, 248), (240, 234, 244))), 6), span(rng, (0.42, 0.52))
    for side in (-1, 1):
        hand = (side * span(rng, (1.0, 1.25)), span(rng, (-0.5, 0.2)))
        canvas.stroke([(side * 0.5, 0.3), hand], WOOD, 0.07)
        canvas.stroke([(hand[0] * 0.85, hand[1] * 0.85 + 0.05), (hand[0], hand[1] + 0.2)], WOOD, 0.05)
    canvas.ellipse(0, 0.8, span(rng, (0.75, 0.9)), span(rng, (0.5, 0.6)), snow)
    canvas.ellipse(0, 0.2, size * 1.25, size, snow)
    buttons(canvas, rng, 0.2, 0.85)
    canvas.ellipse(0, -0.5, size * span(rng, (0.9, 1.1)), size, snow)
    if chance(rng, 0.65):
        scarf(canvas, rng, -0.08, size * 0.8)
    eyes(canvas, rng, -0.62, span(rng, (0.15, 0.21)), span(rng, (0.08, 0.12)))
    mouth(canvas, rng, -0.24, span(rng, (0.13, 0.22)))
    nose = span(rng, (-0.45, 0.45))
    canvas.shape([(-0.03, -0.54), (nose, -0.4), (0.02, -0.4)], (236, 138, 60))
    if chance(rng, 0.8):
        hat(canvas, rng, -0.8, size * 0.85, paint(rng))


def astronaut(canvas: Canvas, rng: Generator) -> None:
    """Draw an astronaut: a space suit and a round helmet whose visor is shut and mirrors the sky."""
    suit = vary(rng, pick(rng, (WHITE, WHITE, (226, 230, 236), (232, 150, 84), lighter(paint(rng), 0.3))))
    trim, wide, glass = paint(rng), span(rng, (0.56, 0.68)), pick(rng, (NAVY, (44, 52, 72), TEAL, (196, 140, 60)))
    canvas.shape([(-0.75, -0.1), (0.75, -0.1), (0.7, 0.9), (-0.7, 0.9)], darker(suit, 0.4))
    for side in (-1, 1):
        hand = (side * span(rng, (0.95, 1.15)), span(rng, (-0.4, 0.9)))
        arm = [(side * 0.5, 0.25), (side * 0.9, 0.35), hand]
        canvas.stroke(arm, darker(suit, 0.6), 0.37)
        canvas.stroke(arm, suit, 0.3)
        canvas.ellipse(*hand, 0.19, 0.19, trim)
    canvas.blob([(-0.5, 0), (0.5, 0), (0.66, 0.5), (0.6, 1.25), (-0.6, 1.25), (-0.66, 0.5)], suit)
    canvas.stroke([(-0.6, 1.05), (0, 1.1), (0.6, 1.05)], trim, 0.12)
    canvas.shape([(-0.3, 0.4), (0.3, 0.4), (0.3, 0.8), (-0.3, 0.8)], darker(suit, 0.25))
    buttons(canvas, rng, 0.5, 0.7, span(rng, (-0.15, 0.15)))
    canvas.ellipse(0, 0.04, 0.45, 0.13, trim)
    canvas.ellipse(0, -0.5, wide, span(rng, (0.56, 0.66)), suit)
    for side in (-1, 1):
        canvas.ellipse(side * wide, -0.48, 0.11, 0.17, trim)
    visor = oval(0, -0.45, wide * 0.78, span(rng, (0.34, 0.44)))
    canvas.shape(visor, glass)
    with canvas.clipped(visor):
        level = span(rng, (-0.45, -0.2))
        canvas.blob([(-1, 0.2), (-0.5, level), (0, level + 0.1), (0.5, level - 0.1), (1, 0.2)], lighter(glass, 0.3),
                    outlined=False)  # fmt: skip
        canvas.stroke([(-0.45, -0.45), (-0.3, -0.68), (-0.05, -0.8)], lighter(glass, 0.8), span(rng, (0.05, 0.12)))
        if chance(rng, 0.5):
            canvas.ellipse(0.2, -0.58, 0.09, 0.09, lighter(pick(rng, (MUSTARD, SKY)), 0.3), outlined=False)
    canvas.stroke(np.vstack([visor, visor[:1]]), darker(suit, 0.62), curved=False)


def _near_or_far(doll: Callable[[Canvas, Generator], None]) -> Callable[[Canvas, Generator], None]:
    def drawn(canvas: Canvas, rng: Generator) -> None:
        near = chance(rng, 0.45)
        with canvas.placed(0, 0.5 if near else 0.0, span(rng, (1.3, 1.6)) if near else 1.0):
            doll(canvas, rng)

    return drawn


DOLLS = {each.__name__: _near_or_far(each) for each in (robot, snowman, nesting_doll, scarecrow, astronaut)}
