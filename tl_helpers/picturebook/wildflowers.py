"""Flowers of the source task: none of them is a flower of the lessons."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth_open
from tl_helpers.picturebook.colours import CREAM, INK, MUSTARD, Colour, chance, darker, lighter, pick, span
from tl_helpers.picturebook.petals import leaf, leaf_colour, petal, petal_colour, side_leaves, stem


def poppy(canvas: Canvas, rng: Generator) -> None:
    """Draw a poppy: a few broad, crumpled petals around a dark heart, or a bowl seen from the side."""
    colour, green, bend = petal_colour(rng), leaf_colour(rng), span(rng, (-0.4, 0.4))
    stem(canvas, [(0, -0.3), (bend * 0.4, 0.5), (bend, 1.2)], green, 0.05)
    if chance(rng, 0.4):
        side = pick(rng, (-1, 1))
        stem(canvas, [(bend, 1.2), (side * 0.75, 0.4), (side * 1.0, 0.3), (side * 1.05, 0.5)], green, 0.04)
        canvas.ellipse(side * 1.05, 0.68, 0.17, 0.24, green)
        canvas.stroke([(side * 1.05, 0.6), (side * 1.05, 0.9)], colour, 0.09)
    side_leaves(canvas, rng, green)
    if chance(rng, 0.55):
        count, turn, tall = int(rng.integers(4, 7)), span(rng, (0, 2)), span(rng, (0.7, 1.0))
        wide = 2.0 / count
        for angle in np.linspace(0, 2 * np.pi, count, endpoint=False).tolist():
            outline = petal(angle + turn, 0, span(rng, (0.75, 0.88)), wide, 0.66, 0.8)
            outline *= (1, tall)
            canvas.shape(outline + (0, -0.45), colour)
            canvas.shape(outline * 0.42 + (0, -0.45), darker(colour, 0.75), outlined=False)
        for angle in np.linspace(0, 2 * np.pi, 11).tolist():
            canvas.ellipse(0.33 * np.sin(angle), -0.45 + 0.33 * tall * np.cos(angle), 0.05, 0.05, INK, outlined=False)
        canvas.ellipse(0, -0.45, 0.17, 0.17 * tall, lighter(green, 0.3))
        return
    wide, lip = span(rng, (0.65, 0.9)), rng.uniform(-0.14, 0.14, 5)
    rim = [(x * wide, -0.85 + dy) for x, dy in zip((-1, -0.5, 0, 0.5, 1), lip.tolist(), strict=True)]
    canvas.blob([*rim, (0.35, 0.05), (-0.35, 0.05)], darker(colour, 0.25))
    for angle in np.linspace(-0.7, 0.7, 7).tolist():
        canvas.stroke([(0, -0.3), (0.6 * np.sin(angle), -0.3 - 0.55 * np.cos(angle))], INK, 0.05)
    for side in (-1, 1):
        edge = [(side * wide, -0.8), (side * wide * 0.5, -0.52 + lip[1]), (-side * 0.12, -0.5 + lip[2])]
        canvas.blob([*edge, (-side * 0.15, 0.08), (side * 0.4, 0.02)], colour)


def bluebell(canvas: Canvas, rng: Generator) -> None:
    """Draw a bluebell: bells hanging from an arched stem."""
    colour, green, count = petal_colour(rng), leaf_colour(rng), int(rng.integers(3, 8))
    for angle in rng.uniform(-0.8, 0.8, int(rng.integers(1, 4))).tolist():
        leaf(canvas, -0.35, 1.2, angle, span(rng, (0.9, 1.4)), 0.11, green)
    drop, reach = span(rng, (-0.9, -0.4)), span(rng, (0.6, 0.95))
    arch = smooth_open([(-0.35, 1.2), (-0.35, 0.2), (-0.15, -0.75), (reach * 0.6, -1.1), (reach, drop)])
    stem(canvas, arch, green, 0.06)
    long, flare, both = span(rng, (0.75, 1.1)), span(rng, (0.4, 0.7)), chance(rng, 0.3)
    for number, at in enumerate(np.linspace(9, 24, count).astype(int).tolist()):
        side = -1 if both and number % 2 and number < count - 2 else 1
        size = span(rng, (0.42, 0.52)) * (1.15 - 0.35 * number / count)
        x, y = arch[at].tolist()
        with canvas.placed(x, y, size, -side * span(rng, (0.0, 0.5))):
            canvas.stroke([(0, long * 0.8), (0, long * 1.25)], CREAM, 0.12)
            half = [(0.28, 0.1), (0.34, long * 0.5), (flare, long), (flare * 0.45, long * 0.88)]
            canvas.shape([(0, 0), *half, (0, long * 1.08), *[(-x, y) for x, y in half[::-1]]], colour)


def _pad(canvas: Canvas, x: float, y: float, wide: float, tall: float, notch: float, green: Colour) -> None:
    turn = np.linspace(notch + 0.25, notch + 6.03, 22)
    rim = np.stack([np.cos(turn) * wide, np.sin(turn) * tall], axis=1)
    canvas.shape(np.vstack([rim, [(0.0, 0.0)]]) + (x, y), green)


def water_lily(canvas: Canvas, rng: Generator) -> None:
    """Draw a water lily: pointed petals in layers on floating leaves, from the side or from above."""
    colour, green, low = petal_colour(rng), leaf_colour(rng), span(rng, (0.45, 0.7))
    layers, half = int(rng.integers(2, 4)), span(rng, (0.14, 0.22))
    if chance(rng, 0.35):
        x, y = rng.uniform(-0.3, 0.3, 2).tolist()
        _pad(canvas, x, y, span(rng, (1.0, 1.25)), span(rng, (0.8, 1.1)), span(rng, (0, 6)), green)
        for layer in range(layers):
            fill, tall = lighter(colour, 0.25 * layer), span(rng, (0.75, 0.95))
            for angle in np.linspace(0, 2 * np.pi, int(rng.integers(8, 11)) - 2 * layer, endpoint=False).tolist():
                canvas.shape(petal(angle + layer * 0.3, 0, 0.9 - 0.22 * layer, half, 0.55, 0.2) * (1, tall), fill)
        canvas.ellipse(0, 0, 0.15, 0.13, MUSTARD)
        return
    for _ in range(int(rng.integers(1, 4))):
        wide, level = span(rng, (0.6, 0.85)), low + span(rng, (-0.1, 0.25))
        _pad(canvas, span(rng, (-0.5, 0.5)), level, wide, wide * 0.45, span(rng, (0, 6)), green)
    spread, long = span(rng, (1.1, 1.5)), span(rng, (0.95, 1.25))
    for layer in range(layers):
        fill = lighter(colour, 0.3 * layer)
        angles = np.linspace(-spread, spread, int(rng.integers(6, 9)) - layer) * (1 - 0.22 * layer)
        for angle in sorted(angles.tolist(), key=abs, reverse=layer > 0):
            reach = long * (1 - 0.22 * layer) * (0.85 + 0.15 * np.cos(angle))
            canvas.shape(petal(angle, 0, reach, half, 0.55, 0.2) + (0, low), fill)
    for x in np.linspace(-0.2, 0.2, 5).tolist():
        canvas.stroke([(x * 0.4, low - 0.1), (x, low - 0.36)], MUSTARD, 0.07)
    for angle in (-1.25, -0.65, 0.0, 0.65, 1.25):
        canvas.shape(petal(angle, 0, 0.42 + 0.25 * abs(angle), half, 0.55, 0.2) + (0, low + 0.03), colour)


def _thistle_head(canvas: Canvas, rng: Generator, colour: Colour, green: Colour) -> None:
    spread, tall = span(rng, (0.5, 1.0)), span(rng, (0.85, 1.1))
    for angle in np.linspace(-spread, spread, 13).tolist():
        shade = lighter(colour, span(rng, (0, 0.3)))
        canvas.shape(petal(angle, 0, tall + span(rng, (-0.08, 0.08)), 0.09, 0.8, 0.3), shade)
    for angle in np.linspace(-2.6, 2.6, 12).tolist():
        canvas.shape(petal(angle, 0.2, 0.58, 0.1, 0.2, 0.1), green)
    canvas.ellipse(0, 0, 0.42, 0.4, green)
    for x, y in ((-0.2, -0.15), (0.2, -0.15), (0, 0.0), (-0.2, 0.15), (0.2, 0.15)):
        canvas.stroke([(x - 0.08, y - 0.08), (x, y + 0.06), (x + 0.08, y - 0.08)], darker(green, 0.45), curved=False)


def thistle(canvas: Canvas, rng: Generator) -> None:
    """Draw a thistle: a brush of petals on a prickly ball, and jagged leaves."""
    colour, green, bend = petal_colour(rng), leaf_colour(rng), span(rng, (-0.4, 0.4))
    heads = [(0.0, -0.25, span(rng, (0.75, 0.95)))]
    for side in (-1, 1):
        if chance(rng, 0.35):
            heads.append((side * span(rng, (0.65, 0.85)), span(rng, (0.0, 0.4)), span(rng, (0.4, 0.55))))
    for x, y, _ in heads:
        stem(canvas, [(x, y), (x * 0.6 + bend * 0.3, 0.7), (bend, 1.2)], green, 0.08)
    for side in (-1, 1)[: int(rng.integers(0, 3))]:
        jags = [(0.3 + 0.18 * n, (0.3 if n % 2 else 0.1) - 0.035 * n) for n in range(5)]
        x, y, lift = bend * 0.6, span(rng, (0.7, 1.0)), span(rng, (0.0, 0.6))
        edge = [(0.0, 0.05), *jags, (1.15, 0.0), *[(u, -v) for u, v in jags[::-1]], (0.0, -0.05)]
        canvas.shape([(x + side * 0.85 * u, y - lift * u + 0.7 * v) for u, v in edge], green)
    for x, y, size in heads[::-1]:
        with canvas.placed(x, y, size, x * 0.6 + span(rng, (-0.15, 0.15))):
            _thistle_head(canvas, rng, colour, green)


def lavender(canvas: Canvas, rng: Generator) -> None:
    """Draw lavender: a bunch of upright spikes of tiny blossoms."""
    colour, green = petal_colour(rng), leaf_colour(rng)
    spread, fat = span(rng, (0.25, 0.6)), span(rng, (0.11, 0.17))
    for angle in rng.permutation(np.linspace(-spread, spread, int(rng.integers(2, 6)))).tolist():
        tall = span(rng, (1.8, 2.3))
        tip, sin, cos = tall - span(rng, (0.75, 1.15)), np.sin(angle), np.cos(angle)
        stem(canvas, [(0, 1.2), (tall * sin * 0.3, 1.2 - tall * 0.5), (tall * sin, 1.2 - tall * cos)], green, 0.04)
        for along in np.arange(tip, tall, 0.19).tolist():
            x, y, shade = along * sin, 1.2 - along * cos, lighter(colour, span(rng, (0, 0.25)))
            size = fat * (1.25 - 0.5 * (along - tip) / (tall - tip))
            for side in (-1, 1):
                canvas.ellipse(x + side * size * 0.75, y, size * 0.9, size * 0.62, shade, -side * 0.6 + angle)
            canvas.ellipse(x, y - 0.03, size * 0.55, size * 0.7, lighter(shade, 0.25), outlined=False)
    for angle in rng.uniform(-1.2, 1.2, int(rng.integers(1, 5))).tolist():
        leaf(canvas, 0, 1.2, angle, span(rng, (0.6, 0.9)), 0.07, green)


WILDFLOWERS = {each.__name__: each for each in (poppy, bluebell, water_lily, thistle, lavender)}
