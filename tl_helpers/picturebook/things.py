"""Things of the source task that are no mammals: other animals, plants and objects."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.colours import (
    BRICK,
    CREAM,
    FURS,
    INK,
    LEAF,
    MUSTARD,
    PAINTS,
    SAND,
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

Drawer = Callable[[Canvas, Generator], None]


def paint(rng: Generator) -> Colour:
    """Return a colour in which a thing may be painted."""
    return vary(rng, pick(rng, PAINTS))


def draw_thing(canvas: Canvas, rng: Generator, label: str) -> None:
    """Draw a thing somewhere near the middle, turned and sized at random."""
    with canvas.placed(span(rng, (0.4, 0.6)), span(rng, (0.44, 0.6)), span(rng, (0.24, 0.36)), span(rng, (-0.25, 0.25)),
                       chance(rng, 0.5)):  # fmt: skip
        THINGS[label](canvas, rng)


def _eye(canvas: Canvas, x: float, y: float, radius: float) -> None:
    canvas.ellipse(x, y, radius, radius, WHITE)
    canvas.ellipse(x, y, radius * 0.55, radius * 0.6, INK, outlined=False)


def owl(canvas: Canvas, rng: Generator) -> None:
    """Draw an owl."""
    coat = vary(rng, FURS[pick(rng, ("brown", "sand", "grey", "rust", "silver", "white"))])
    for side in (-1, 1):
        canvas.shape([(side * 0.15, -0.85), (side * 0.62, -1.3), (side * 0.7, -0.6)], darker(coat, 0.2))
    canvas.blob([(0, -1), (0.75, -0.75), (0.85, 0.2), (0.5, 1.1), (-0.5, 1.1), (-0.85, 0.2), (-0.75, -0.75)], coat)
    canvas.ellipse(0, 0.45, 0.5, 0.6, lighter(coat, 0.4), outlined=False)
    for row in range(3):
        for x in np.linspace(-0.3, 0.3, 3).tolist():
            canvas.stroke(
                [(x - 0.09, 0.2 + row * 0.25), (x, 0.3 + row * 0.25), (x + 0.09, 0.2 + row * 0.25)], darker(coat)
            )
    for side in (-1, 1):
        canvas.blob([(side * 0.8, -0.2), (side * 1.0, 0.4), (side * 0.6, 0.95), (side * 0.65, 0.2)], darker(coat, 0.3))
        canvas.ellipse(side * 0.36, -0.4, 0.38, 0.38, lighter(coat, 0.6))
        _eye(canvas, side * 0.34, -0.4, span(rng, (0.2, 0.27)))
    canvas.shape([(-0.12, -0.25), (0.12, -0.25), (0, 0.08)], MUSTARD)


def bird(canvas: Canvas, rng: Generator) -> None:
    """Draw a songbird from the side."""
    coat, wing = paint(rng), span(rng, (-0.5, 0.3))
    canvas.blob([(0.7, 0.1), (1.5, -0.25), (1.55, 0.1), (0.8, 0.4)], darker(coat, 0.3))
    canvas.blob([(-0.75, -0.1), (-0.2, -0.35), (0.7, 0), (0.75, 0.45), (0, 0.75), (-0.7, 0.5)], coat)
    canvas.ellipse(-0.65, -0.35, 0.42, 0.4, coat)
    canvas.ellipse(-0.3, 0.35, 0.4, 0.3, lighter(coat, 0.5), outlined=False)
    canvas.blob([(-0.3, 0.05), (0.3, wing - 0.3), (0.95, wing), (0.35, 0.4)], darker(coat, 0.2))
    canvas.shape([(-1.0, -0.42), (-1.4, -0.28), (-1.0, -0.18)], MUSTARD)
    canvas.ellipse(-0.75, -0.42, 0.09, 0.09, INK, outlined=False)
    for x in (-0.1, 0.15):
        canvas.stroke([(x, 0.72), (x, 1.1)], BRICK, 0.06)


def fish(canvas: Canvas, rng: Generator) -> None:
    """Draw a fish."""
    coat, tall = paint(rng), span(rng, (0.4, 0.7))
    canvas.blob([(0.7, 0), (1.35, -0.5), (1.2, 0), (1.35, 0.5)], darker(coat, 0.2))
    canvas.blob([(-0.2, -tall * 0.8), (0.25, -tall - 0.35), (0.5, -tall * 0.6)], darker(coat, 0.2))
    canvas.blob([(-1, 0), (-0.5, -tall * 0.8), (0.2, -tall), (0.85, 0), (0.2, tall), (-0.5, tall * 0.8)], coat)
    for x in np.arange(-0.3, 0.6, span(rng, (0.2, 0.35))).tolist():
        canvas.stroke([(x, -tall * 0.6), (x + 0.15, 0), (x, tall * 0.6)], lighter(coat, 0.5), 0.09)
    _eye(canvas, -0.62, -0.12, 0.14)
    canvas.stroke([(-0.95, 0.12), (-0.8, 0.2)], darker(coat, 0.6), 0.05)


def butterfly(canvas: Canvas, rng: Generator) -> None:
    """Draw a butterfly."""
    coat, spot, up = paint(rng), paint(rng), span(rng, (0.7, 1.1))
    for side in (-1, 1):
        canvas.blob(
            [(0, -0.1), (side * 0.5, -up), (side * 1.15, -up * 0.9), (side * 1.0, -0.1), (side * 0.3, 0.15)], coat
        )
        canvas.blob([(0, 0.05), (side * 0.8, 0.1), (side * 0.85, 0.7), (side * 0.35, 0.85)], darker(coat, 0.15))
        canvas.ellipse(side * 0.75, -up * 0.6, 0.2, 0.2, spot, outlined=False)
        canvas.ellipse(side * 0.5, 0.45, 0.14, 0.14, spot, outlined=False)
        canvas.stroke([(0, -0.5), (side * 0.15, -0.85), (side * 0.35, -1.0)], INK, 0.05)
    canvas.ellipse(0, 0, 0.1, 0.6, INK, outlined=False)


def turtle(canvas: Canvas, rng: Generator) -> None:
    """Draw a turtle from the side."""
    skin, shell = mix(LEAF, paint(rng), 0.3), paint(rng)
    for x in (-0.55, 0.5):
        canvas.ellipse(x, 0.55, 0.2, 0.3, skin)
    canvas.ellipse(-1.15, 0.0, 0.32, 0.28, skin)
    canvas.shape([(0.8, 0.3), (1.25, 0.45), (0.85, 0.5)], skin)
    canvas.blob([(-0.95, 0.45), (-0.75, -0.25), (0, -0.65), (0.75, -0.25), (0.95, 0.45)], shell)
    for x in (-0.45, 0.0, 0.45):
        canvas.ellipse(x, -0.05 + abs(x) * 0.3, 0.17, 0.2, darker(shell, 0.25), outlined=False)
    canvas.ellipse(-1.22, -0.06, 0.06, 0.07, INK, outlined=False)


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


def car(canvas: Canvas, rng: Generator) -> None:
    """Draw a car from the side."""
    body, tall = paint(rng), span(rng, (0.5, 0.75))
    canvas.shape([(-0.75, 0), (-0.45, -tall), (0.4, -tall), (0.75, 0)], body)
    canvas.shape([(-0.58, -0.03), (-0.38, -tall + 0.12), (-0.05, -tall + 0.12), (-0.05, -0.03)], (206, 226, 234))
    canvas.shape([(0.05, -0.03), (0.05, -tall + 0.12), (0.34, -tall + 0.12), (0.56, -0.03)], (206, 226, 234))
    canvas.blob([(-1.2, 0.05), (-0.6, -0.05), (0.7, -0.05), (1.25, 0.1), (1.2, 0.5), (-1.2, 0.5)], body)
    for x in (-0.65, 0.68):
        canvas.ellipse(x, 0.5, 0.28, 0.28, INK)
        canvas.ellipse(x, 0.5, 0.12, 0.12, lighter(INK, 0.6), outlined=False)
    canvas.ellipse(-1.15, 0.2, 0.08, 0.1, MUSTARD)


def house(canvas: Canvas, rng: Generator) -> None:
    """Draw a house."""
    wall, roof, tall = lighter(paint(rng), 0.4), paint(rng), span(rng, (0.6, 0.9))
    canvas.shape([(0.35, -0.9), (0.6, -0.9), (0.6, -0.2), (0.35, -0.2)], BRICK)
    canvas.shape([(-0.8, -0.1), (0.8, -0.1), (0.8, 1.0), (-0.8, 1.0)], wall)
    canvas.shape([(-1.05, 0), (0, -tall - 0.2), (1.05, 0)], roof)
    door = span(rng, (-0.5, 0.1))
    canvas.shape([(door, 0.35), (door + 0.4, 0.35), (door + 0.4, 1.0), (door, 1.0)], darker(roof, 0.2))
    canvas.shape(
        [(door + 0.55, 0.2), (door + 0.55 + 0.3, 0.2), (door + 0.85, 0.55), (door + 0.55, 0.55)], (206, 226, 234)
    )


def boat(canvas: Canvas, rng: Generator) -> None:
    """Draw a sailing boat."""
    canvas.stroke([(0, -1.1), (0, 0.4)], (132, 96, 70), 0.08)
    canvas.blob([(0.06, -1.0), (0.75, 0.1), (0.06, 0.2)], lighter(paint(rng), 0.3))
    canvas.shape([(-0.08, -0.8), (-0.65, 0.15), (-0.08, 0.2)], lighter(paint(rng), 0.5))
    canvas.blob([(-1.1, 0.3), (0, 0.4), (1.15, 0.25), (0.75, 0.85), (-0.7, 0.85)], paint(rng))


def cup(canvas: Canvas, rng: Generator) -> None:
    """Draw a cup."""
    ware, foot = paint(rng), span(rng, (0.4, 0.65))
    canvas.stroke([(0.6, -0.25), (1.15, -0.2), (1.05, 0.4), (0.5, 0.45)], ware, 0.2)
    canvas.blob([(-0.75, -0.5), (0.75, -0.5), (0.7, 0.2), (foot, 0.8), (-foot, 0.8), (-0.7, 0.2)], ware)
    canvas.ellipse(0, -0.5, 0.75, 0.2, lighter(ware, 0.4))
    canvas.ellipse(0, -0.46, 0.6, 0.13, (120, 84, 64), outlined=False)
    canvas.stroke([(-0.7, 0.05), (0, 0.18), (0.7, 0.05)], lighter(ware, 0.6), 0.1)


def umbrella(canvas: Canvas, rng: Generator) -> None:
    """Draw an open umbrella."""
    first, second = paint(rng), paint(rng)
    canvas.stroke([(0, -0.9), (0, 0.8), (0.15, 1.05), (0.35, 0.85)], (112, 80, 60), 0.09)
    rim = [(-1.1, 0.1), (-0.55, -0.05), (0, 0.1), (0.55, -0.05), (1.1, 0.1)]
    canvas.shape([*smooth([(-1.1, 0.1), (-0.8, -0.55), (0, -0.9), (0.8, -0.55), (1.1, 0.1)])[:25], *rim[::-1]], first)
    canvas.shape([(0, -0.9), (-0.55, -0.05), (0, 0.1), (0.55, -0.05)], second)


def clock(canvas: Canvas, rng: Generator) -> None:
    """Draw an alarm clock."""
    case = paint(rng)
    for side in (-1, 1):
        canvas.ellipse(side * 0.55, -0.8, 0.3, 0.22, darker(case, 0.2), side * 0.6)
        canvas.stroke([(side * 0.5, 0.7), (side * 0.7, 1.05)], INK, 0.12)
    canvas.ellipse(0, 0, 0.92, 0.92, case)
    canvas.ellipse(0, 0, 0.72, 0.72, WHITE)
    for hour in range(12):
        x, y = np.sin(hour * np.pi / 6), np.cos(hour * np.pi / 6)
        canvas.stroke([(0.6 * x, 0.6 * y), (0.67 * x, 0.67 * y)], INK, 0.05)
    for length, angle in ((0.35, span(rng, (0, 6.28))), (0.55, span(rng, (0, 6.28)))):
        canvas.stroke([(0, 0), (length * np.sin(angle), -length * np.cos(angle))], INK, 0.07)


def kite(canvas: Canvas, rng: Generator) -> None:
    """Draw a kite with its tail."""
    first, second, sway = paint(rng), paint(rng), span(rng, (-0.5, 0.5))
    canvas.stroke([(0, 0.6), (sway, 0.9), (-sway, 1.2), (sway, 1.5)], darker(second, 0.3), 0.06)
    canvas.shape([(0, -1.1), (0.75, -0.3), (0, 0.65), (-0.75, -0.3)], first)
    canvas.shape([(0, -1.1), (0.75, -0.3), (0, -0.3)], second, outlined=False)
    canvas.shape([(0, 0.65), (-0.75, -0.3), (0, -0.3)], second, outlined=False)


def ice_cream(canvas: Canvas, rng: Generator) -> None:
    """Draw an ice-cream cone."""
    canvas.shape([(-0.5, 0.1), (0.5, 0.1), (0, 1.3)], SAND)
    for x in (-0.25, 0.05):
        canvas.stroke([(x, 0.1), (x + 0.3, 0.7)], darker(SAND, 0.3), 0.04)
    for x, y in ((-0.3, -0.1), (0.3, -0.1), (0, -0.5))[: int(rng.integers(2, 4))]:
        canvas.ellipse(x, y, 0.45, 0.42, lighter(paint(rng), 0.25))


THINGS: dict[str, Drawer] = {
    each.__name__: each
    for each in (
        owl, bird, fish, butterfly, turtle, mushroom, tree, cactus, apple, car, house, boat, cup, umbrella, clock, kite,
        ice_cream,
    )
}  # fmt: skip
