"""Clothes of people: neck openings, patterns and scarves, from the same wardrobe for everyone."""

from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.colours import WHITE, Colour, chance, darker, lighter, paint, pick, span
from tl_helpers.picturebook.person import Person


def draw_clothes(canvas: Canvas, rng: Generator, person: Person) -> None:
    """Draw the shoulders in a garment, and now and then a scarf; the neck is drawn already."""
    wide, neck, cloth = person.cues["shoulders"], person.cues["neck"], paint(rng)
    drop = span(rng, (1.42, 1.58))
    right = [(neck * 1.15, 1.2), (wide * 0.75, drop - 0.06), (wide, drop + 0.3), (wide * 1.06, 2.3), (wide * 0.98, 4.2)]
    outline = smooth([*right, *[(-x, y) for x, y in reversed(right)]])
    canvas.shape(outline, cloth)
    for side in (-1, 1):
        canvas.stroke([(side * wide * 0.72, 2.2), (side * wide * 0.76, 4)], darker(cloth, 0.3), 0.05)
    if chance(rng, 0.3):
        _stripes(canvas, rng, cloth, wide)
    pick(rng, WARDROBE)(canvas, rng, person, cloth)
    if chance(rng, 0.1):
        colour, half = paint(rng), neck * 1.25
        canvas.shape([(0.05, 1.3), (0.45, 1.3), (0.5, 2.3), (0.15, 2.3)], darker(colour, 0.1))
        canvas.stroke([(-half, 1.15), (0, 1.4), (half, 1.15)], darker(colour, 0.6), 0.4)
        canvas.stroke([(-half, 1.15), (0, 1.4), (half, 1.15)], colour, 0.34)


def _stripes(canvas: Canvas, rng: Generator, cloth: Colour, wide: float) -> None:
    colour, step = pick(rng, (lighter(cloth, 0.6), darker(cloth, 0.4))), span(rng, (0.25, 0.4))
    for row in range(7):
        y = 1.85 + row * step
        canvas.stroke([(-wide * 0.68, y), (wide * 0.68, y)], colour, 0.1)


def _round_neck(canvas: Canvas, rng: Generator, person: Person, cloth: Colour) -> None:
    half = person.cues["neck"] * 1.15
    hem, rim = pick(rng, (darker(cloth), paint(rng))), [(-half * 0.6, 1.5), (half * 0.6, 1.5)]
    canvas.blob([(half, 1.2), (-half, 1.2), *rim], person.skin)
    canvas.stroke([(-half, 1.22), *rim, (half, 1.22)], hem, 0.1)


def _v_neck(canvas: Canvas, rng: Generator, person: Person, cloth: Colour) -> None:
    half, deep = person.cues["neck"] * 1.12, span(rng, (1.55, 1.7))
    canvas.shape([(-half, 1.2), (half, 1.2), (0, deep)], person.skin)
    canvas.stroke([(-half, 1.2), (0, deep), (half, 1.2)], pick(rng, (darker(cloth), paint(rng))), 0.1, curved=False)


def _polo_neck(canvas: Canvas, rng: Generator, person: Person, cloth: Colour) -> None:
    half = person.cues["neck"] * 1.1
    canvas.blob([(-half, 1.0), (half, 1.0), (half * 1.15, 1.35), (-half * 1.15, 1.35)], lighter(cloth, 0.12))


def _collar(canvas: Canvas, rng: Generator, person: Person, cloth: Colour) -> None:
    half, colour = person.cues["neck"] * 1.15, pick(rng, (lighter(cloth, 0.4), WHITE, darker(cloth, 0.15)))
    canvas.shape([(-half, 1.2), (half, 1.2), (0, 1.5)], person.skin)
    canvas.stroke([(0, 1.5), (0, 4)], darker(cloth, 0.4), 0.05)
    for y in (1.8, 2.2, 2.6):
        canvas.ellipse(0, y, 0.06, 0.06, lighter(cloth, 0.7))
    for side in (-1, 1):
        canvas.shape([(side * half, 1.08), (0, 1.5), (side * half * 0.7, 1.78), (side * half * 1.35, 1.3)], colour)


def _jacket(canvas: Canvas, rng: Generator, person: Person, cloth: Colour) -> None:
    half, shirt = person.cues["neck"] * 1.15, paint(rng)
    canvas.shape([(-half, 1.2), (half, 1.2), (half * 0.7, 4), (-half * 0.7, 4)], shirt)
    _round_neck(canvas, rng, person, shirt)
    for side in (-1, 1):
        lapel = [(side * half, 1.15), (side * half * 1.5, 1.3), (side * half * 1.2, 2.1), (side * half * 0.6, 2.8)]
        canvas.shape(lapel, darker(cloth, 0.15))


def _hoodie(canvas: Canvas, rng: Generator, person: Person, cloth: Colour) -> None:
    half = person.cues["neck"] * 1.15
    for side in (-1, 1):
        hood = [(side * half, 1.05), (side * half * 1.6, 1.2), (side * half, 1.6), (0, 1.75), (side * half * 0.5, 1.4)]
        canvas.blob(hood, darker(cloth, 0.1))
        canvas.stroke([(side * 0.2, 1.65), (side * 0.22, 2.2)], lighter(cloth, 0.7), 0.05)


WARDROBE = (_round_neck, _round_neck, _v_neck, _polo_neck, _collar, _jacket, _hoodie)
