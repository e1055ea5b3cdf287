"""Heads of people: neck, ears and face."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.colours import chance, darker, mix, paint, pick, span, vary
from tl_helpers.picturebook.features import draw_age, draw_eyes, draw_mouth, draw_nose
from tl_helpers.picturebook.person import Person


def draw_neck(canvas: Canvas, person: Person) -> None:
    """Draw the neck, in the shadow of the head."""
    half, foot = person.cues["neck"], person.cues["collar"]
    right = [(half, 0.4), (half * 1.05, foot + 0.1), (half * 1.6, foot + 0.5)]
    canvas.shape([*right, *[(-x, y) for x, y in reversed(right)]], darker(person.skin, 0.12))


def draw_head(canvas: Canvas, rng: Generator, person: Person) -> None:
    """Draw ears and face around the local origin, without hair."""
    wide, shift, skin = person.width, 0.13 * person.turn, person.skin
    metal = vary(rng, pick(rng, ((236, 196, 92), (226, 228, 232), paint(rng))))
    drop, ear = span(rng, (0.07, 0.12)), person.cues["ear"]
    for side in (-1, 1):
        canvas.ellipse(side * wide, 0.06, ear * 0.7, ear, darker(skin, 0.06))
        if person.earrings:
            canvas.ellipse(side * (wide + 0.05), 0.08 + ear + drop, drop, drop * 1.2, metal)
    canvas.shape(face_outline(person), skin)
    rosy = mix(skin, (226, 96, 88), span(rng, (0.0, 0.3)))
    for side in (-1, 1):
        canvas.ellipse(shift + side * wide * 0.58, 0.3, 0.17, 0.13, rosy, outlined=False)
    if chance(rng, 0.12):
        for x, y in rng.uniform(-1, 1, (10, 2)).tolist():
            canvas.ellipse(shift + x * 0.5, 0.22 + y * 0.1, 0.025, 0.025, darker(skin, 0.3), outlined=False)
    draw_age(canvas, rng, person, shift)
    draw_eyes(canvas, rng, person, shift)
    draw_nose(canvas, rng, person, shift * 1.5)
    draw_mouth(canvas, rng, person, shift * 1.2)


def face_outline(person: Person) -> NDArray[np.float64]:
    """Return the outline of a face from the width of its jaw and chin and the length of its lower half."""
    wide, jaw, chin, long = person.width, person.cues["jaw"], person.cues["chin"], person.cues["length"]
    right = [(0.55 * wide, -0.93), (0.94 * wide, -0.5), (wide, 0), (wide * jaw, 0.56 * long), (wide * chin, 0.9 * long)]
    return smooth([(0, -1.03), *right, (0, 0.97 * long), *[(-x, y) for x, y in reversed(right)]])
