"""Plants of the source task, and what grows on them: none of the flowers of the lessons."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import (
    BRICK,
    CORAL,
    CREAM,
    LEAF,
    MUSTARD,
    ROSE,
    chance,
    darker,
    lighter,
    paint,
    pick,
    span,
    vary,
)
from tl_helpers.picturebook.petals import SCARLET, leaf, leaf_colour, petal, petal_colour, stem
from tl_helpers.picturebook.wildflowers import WILDFLOWERS


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


def clover(canvas: Canvas, rng: Generator) -> None:
    """Draw clover: leaves of three (or four) hearts, often with a ball of blossom between them."""
    green, pale = leaf_colour(rng), span(rng, (0.3, 0.6))
    places = [
        (span(rng, (-0.7, -0.4)), span(rng, (-0.3, 0.2)), 0.75),
        (span(rng, (0.4, 0.7)), span(rng, (-0.1, 0.4)), 0.6),
    ]
    if chance(rng, 0.4):
        places = [(0.0, -0.15, span(rng, (0.95, 1.15)))]
    if chance(rng, 0.55):
        colour, x, y = petal_colour(rng), span(rng, (-0.25, 0.25)), span(rng, (-0.95, -0.6))
        stem(canvas, [(x, y), (x * 0.5, 0.3), (0, 1.2)], green, 0.06)
        for row, reach in enumerate((0.42, 0.33, 0.22)):
            for angle in np.linspace(-2.0 + row * 0.25, 2.0 - row * 0.25, 9 - row).tolist():
                canvas.shape(petal(angle, 0, reach, 0.075) + (x, y), lighter(colour, 0.2 * (2 - row)))
    for x, y, size in places:
        stem(canvas, [(x, y), (x * 0.5, 0.7), (0, 1.2)], green, 0.06)
        with canvas.placed(x, y, size, span(rng, (-0.5, 0.5))):
            count = 4 if chance(rng, 0.25) else 3
            for angle in (np.arange(count) * 2 * np.pi / count).tolist():
                with canvas.placed(0, 0, 0.72, angle):
                    half = [(0.38, -0.35), (0.52, -0.75), (0.3, -1.0)]
                    canvas.blob([(0, -0.02), *half, (0, -0.82), *[(-x, y) for x, y in half[::-1]]], green)
                    canvas.stroke([(-0.3, -0.5), (0, -0.68), (0.3, -0.5)], lighter(green, pale), 0.1, curved=False)


def strawberry(canvas: Canvas, rng: Generator) -> None:
    """Draw one or two strawberries, with leaves or a blossom."""
    green, skin = leaf_colour(rng), vary(rng, pick(rng, (SCARLET, SCARLET, CORAL, ROSE, CREAM, (176, 196, 110))), 16)
    fruits = [(0.0, -0.35, span(rng, (0.95, 1.15)))]
    if chance(rng, 0.45):
        fruits = [(-0.5, -0.45, 0.72), (0.5, span(rng, (-0.35, 0.1)), span(rng, (0.55, 0.72)))]
    for x, y, _ in fruits:
        stem(canvas, [(x, y), (x * 0.9, y - 0.4), (0.1, -1.15)], green, 0.05)
    for angle in rng.uniform(-1.9, 1.9, int(rng.integers(0, 3))).tolist():
        leaf(canvas, 0.1, -1.1, angle, span(rng, (0.6, 0.9)), 0.25, green)
    wide, long = span(rng, (0.6, 0.8)), span(rng, (0.95, 1.25))
    for x, y, size in fruits:
        with canvas.placed(x, y, size, span(rng, (-0.25, 0.25))):
            half = [(wide * 0.6, -0.1), (wide, 0.2), (wide * 0.6, long * 0.7)]
            canvas.blob([(0, -0.08), *half, (0, long), *[(-x, y) for x, y in half[::-1]]], skin)
            for row, across in enumerate((2, 3, 2, 1)):
                for dx in (np.arange(across) - (across - 1) / 2).tolist():
                    canvas.ellipse(dx * wide * 0.55, long * (0.22 + 0.19 * row), 0.045, 0.07, CREAM)
            for angle in np.linspace(-2.2, 2.2, int(rng.integers(5, 8))).tolist():
                canvas.shape(petal(np.pi + angle * 0.8, 0, 0.5, 0.13, 0.5, 0.15) * (1, 0.75), green)
    if chance(rng, 0.3):
        x, y, colour = span(rng, (-0.7, 0.7)), span(rng, (-0.95, -0.7)), petal_colour(rng)
        for angle in np.linspace(0, 2 * np.pi, 5, endpoint=False).tolist():
            canvas.shape(petal(angle, 0, 0.34, 0.17) + (x, y), colour)
        canvas.ellipse(x, y, 0.11, 0.11, MUSTARD)


PLANTS = {each.__name__: each for each in (mushroom, tree, cactus, apple, clover, strawberry)} | WILDFLOWERS
