"""Plants of the source task, and what grows on them: none of the flowers of the lessons."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import BRICK, CREAM, LEAF, MUSTARD, chance, darker, lighter, paint, pick, span, vary


def mushroom(canvas: Canvas, rng: Generator) -> None:
    """Draw a mushroom."""
    cap, wide = paint(rng), span(rng, (0.8, 1.1))
    canvas.blob([(-0.28, -0.1), (0.28, -0.1), (0.36, 0.9), (0, 1.0), (-0.36, 0.9)], CREAM)
    canvas.blob([(-wide, 0), (-wide * 0.7, -0.6), (0, -0.95), (wide * 0.7, -0.6), (wide, 0), (0, 0.15)], cap)
    for x, y in ((-0.45, -0.35), (0.1, -0.6), (0.5, -0.25), (-0.05, -0.15)):
        canvas.ellipse(x, y, span(rng, (0.08, 0.15)), span(rng, (0.08, 0.13)), lighter(cap, 0.8), outlined=False)


def tree(canvas: Canvas, rng: Generator) -> None:
    """Draw a leafy or a fir tree."""
    crown = vary(rng, pick(rng, (LEAF, (150, 182, 132), MUSTARD, BRICK, (232, 112, 92))), 20)
    canvas.shape([(-0.16, 0.2), (0.16, 0.2), (0.22, 1.2), (-0.22, 1.2)], (132, 96, 70))
    if chance(rng, 0.4):
        for y, half in ((0.5, 0.85), (0.05, 0.68), (-0.4, 0.5)):
            canvas.shape([(-half, y), (0, y - 0.75), (half, y)], crown)
        return
    for x, y in ((-0.5, 0.0), (0.5, 0.0), (-0.25, -0.55), (0.3, -0.5), (0, -0.1)):
        canvas.ellipse(x, y, span(rng, (0.45, 0.6)), span(rng, (0.4, 0.52)), crown)
    canvas.ellipse(0, -0.1, 0.5, 0.45, crown, outlined=False)


def cactus(canvas: Canvas, rng: Generator) -> None:
    """Draw a cactus in a pot."""
    skin = vary(rng, LEAF, 24)
    for side in (-1, 1):
        y = span(rng, (-0.4, 0.2))
        canvas.stroke([(0, y + 0.3), (side * 0.6, y + 0.25), (side * 0.65, y - 0.3)], darker(skin, 0.5), 0.36)
        canvas.stroke([(0, y + 0.3), (side * 0.6, y + 0.25), (side * 0.65, y - 0.3)], skin, 0.29)
    canvas.blob([(-0.3, 0.8), (-0.32, -0.7), (0, -1.1), (0.32, -0.7), (0.3, 0.8)], skin)
    for y in np.linspace(-0.8, 0.5, 6).tolist():
        canvas.stroke([(-0.08, y), (0.08, y - 0.1)], lighter(skin, 0.7), 0.04)
    canvas.shape([(-0.6, 0.6), (0.6, 0.6), (0.45, 1.2), (-0.45, 1.2)], paint(rng))


def apple(canvas: Canvas, rng: Generator) -> None:
    """Draw an apple, sometimes a bitten one."""
    skin = vary(rng, pick(rng, ((206, 70, 62), (150, 182, 92), MUSTARD, (232, 112, 92))), 20)
    canvas.blob(
        [(0, -0.6), (0.55, -0.8), (0.95, -0.2), (0.6, 0.8), (0, 0.75), (-0.6, 0.8), (-0.95, -0.2), (-0.55, -0.8)], skin
    )
    canvas.stroke([(0, -0.6), (0.05, -0.9), (0.15, -1.1)], (112, 80, 60), 0.1)
    canvas.blob([(0.15, -0.95), (0.45, -1.25), (0.75, -1.1), (0.45, -0.9)], LEAF)
    canvas.ellipse(-0.45, -0.3, 0.12, 0.25, lighter(skin, 0.6), 0.4, outlined=False)
    if chance(rng, 0.3):
        canvas.ellipse(0.9, 0.05, 0.35, 0.4, CREAM)


PLANTS = {each.__name__: each for each in (mushroom, tree, cactus, apple)}
