"""The flowers of the lessons' second task: five kinds, told apart by shape, not by colour or place."""

from collections.abc import Callable
from functools import partial

from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import (
    BRICK,
    CREAM,
    LEAF,
    LILAC,
    MUSTARD,
    PLUM,
    Colour,
    chance,
    darker,
    lighter,
    paint,
    pick,
    span,
    vary,
)
from tl_helpers.picturebook.composites import Dress, daisy, dandelion, sunflower
from tl_helpers.picturebook.cups import rose, tulip
from tl_helpers.picturebook.petals import GOLD, PETALS, SCARLET, leaf, leaf_colour, petal, side_leaves, stem

Head = Callable[[Canvas, Generator, Dress], None]
Place = tuple[float, float, float]  # x, y and size of a blossom
DARK, BRIGHT = ((120, 84, 60), (84, 62, 58)), (GOLD, CREAM)
HEARTS = (MUSTARD, BRICK, LEAF, *DARK, *BRIGHT)
# One to three blossoms; the first is in front.
LAYOUTS: tuple[tuple[Place, ...], ...] = (
    *[((0.0, -0.25, 1.15),)] * 5,
    *[((0.0, -0.05, 1.35),)] * 2,
    ((-0.25, -0.2, 1.1), (0.9, 0.45, 0.5)),
    ((-0.3, 0.05, 1.05), (0.6, -0.75, 0.55)),
    ((0.0, -0.25, 1.05), (-1.0, 0.4, 0.5), (1.0, 0.35, 0.5)),
)


def _flower(canvas: Canvas, rng: Generator, name: str) -> None:
    """Draw flowers of a kind somewhat off the middle."""
    with canvas.placed(span(rng, (-0.55, 0.55)), span(rng, (-0.5, 0.45))):
        _grow(canvas, rng, name)


def _grow(canvas: Canvas, rng: Generator, name: str) -> None:
    """Draw one to three blossoms of a kind on their stems, with leaves, sometimes in a vase."""
    head, leaves = KINDS[name]
    dress = _dress(rng, name)
    bend, vase = span(rng, (-0.4, 0.4)), chance(rng, 0.1)
    foot = (0.0, 1.1) if vase else (bend, 1.45)
    places = [
        (x + span(rng, (-0.15, 0.15)), y + span(rng, (-0.15, 0.15)), size * span(rng, (0.78, 1.15)))
        for x, y, size in pick(rng, LAYOUTS)
    ]
    thick = span(rng, (0.05, 0.11))
    for x, y, _ in places:
        stem(canvas, [(x, y), (x * 0.7 + bend * 0.3, y * 0.4 + foot[1] * 0.6), foot], dress.green, thick)
    with canvas.placed(foot[0], foot[1]):
        if chance(rng, 0.65):
            leaves(canvas, rng, dress.green)
    if not vase and chance(rng, 0.5):
        side_leaves(canvas, rng, dress.green)
    if vase:
        _vase(canvas, rng)
    for x, y, size in places[::-1]:
        with canvas.placed(x, y, size, x * 0.4 + span(rng, (-0.25, 0.25)), chance(rng, 0.5)):
            head(canvas, rng, dress)


def _dress(rng: Generator, name: str) -> Dress:
    pool = [each for each in PETALS if name != "dandelion" or each not in {SCARLET, LILAC, PLUM}]
    petals = vary(rng, pick(rng, pool), 12)
    hearts = [each for each in HEARTS if each not in {"daisy": DARK, "sunflower": BRIGHT}.get(name, ())]
    other = pick(rng, (darker(petals, 0.35), lighter(petals, 0.6), vary(rng, pick(rng, pool), 12)))
    return Dress(petals, other, vary(rng, pick(rng, hearts), 12), leaf_colour(rng))


def _vase(canvas: Canvas, rng: Generator) -> None:
    ware, neck, belly = paint(rng), span(rng, (0.22, 0.4)), span(rng, (0.3, 0.5))
    half = [(neck, 0.7), (neck * 0.8, 0.85), (belly, 1.2), (belly * 0.7, 1.55)]
    canvas.shape([*half, *[(-x, y) for x, y in half[::-1]]], ware)
    if chance(rng, 0.5):
        canvas.stroke([(-belly * 0.9, 1.15), (0, 1.22), (belly * 0.9, 1.15)], lighter(ware, 0.5), 0.08)


def _spoons(canvas: Canvas, rng: Generator, green: Colour) -> None:
    for angle in rng.uniform(-1.3, 1.3, int(rng.integers(2, 5))).tolist():
        canvas.shape(petal(angle, 0, span(rng, (0.4, 0.65)), 0.14, 0.75, 0.7), green)


def _blades(canvas: Canvas, rng: Generator, green: Colour) -> None:
    for angle in rng.uniform(-0.75, 0.75, int(rng.integers(1, 4))).tolist():
        leaf(canvas, 0, 0, angle, span(rng, (0.9, 1.4)), span(rng, (0.13, 0.22)), green)


def _jagged(canvas: Canvas, rng: Generator, green: Colour) -> None:
    for angle in rng.uniform(-1.35, 1.35, int(rng.integers(2, 5))).tolist():
        half = [(0.08, -0.15), (0.05, -0.25), (0.17, -0.4), (0.07, -0.45), (0.2, -0.65), (0.09, -0.68), (0.17, -0.85)]
        with canvas.placed(0, 0, span(rng, (0.7, 1.1)), angle):
            canvas.shape([(0, 0), *half, (0, -1.05), *[(-x, y) for x, y in half[::-1]]], green)


def _hearts(canvas: Canvas, rng: Generator, green: Colour) -> None:
    for side in (-1, 1)[: int(rng.integers(1, 3))]:
        with canvas.placed(0, span(rng, (-0.5, -0.15)), span(rng, (0.55, 0.8)), side * span(rng, (0.8, 1.5))):
            canvas.blob([(0, -0.15), (0.32, -0.05), (0.34, -0.5), (0, -1.1), (-0.34, -0.5), (-0.32, -0.05)], green)
            canvas.stroke([(0, 0), (0, -0.85)], lighter(green, 0.4))


def _leaflets(canvas: Canvas, rng: Generator, green: Colour) -> None:
    for side in (-1, 1)[: int(rng.integers(1, 3))]:
        with canvas.placed(0, span(rng, (-0.6, -0.2)), span(rng, (0.8, 1.0)), side * span(rng, (0.7, 1.3))):
            canvas.stroke([(0, 0), (0, -0.5)], darker(green, 0.3), 0.05)
            for angle, y in ((-1.2, -0.3), (1.2, -0.3), (0.0, -0.4)):
                leaf(canvas, 0, y, angle, 0.45, 0.17, green)


KINDS: dict[str, tuple[Head, Callable[[Canvas, Generator, Colour], None]]] = {
    "daisy": (daisy, _spoons),
    "dandelion": (dandelion, _jagged),
    "rose": (rose, _leaflets),
    "sunflower": (sunflower, _hearts),
    "tulip": (tulip, _blades),
}
FLOWERS = {name: partial(_flower, name=name) for name in KINDS}
