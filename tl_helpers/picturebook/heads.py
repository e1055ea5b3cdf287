"""Heads of people: neck, face, eyes, brows, nose, mouth, and the marks of age."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, oval, smooth
from tl_helpers.picturebook.colours import EYES, INK, WHITE, Colour, chance, darker, lighter, mix, paint, pick, span, vary

SKINS = ((252, 226, 204), (244, 208, 178), (234, 190, 150), (216, 166, 122), (190, 136, 96), (160, 108, 76),
         (130, 86, 62), (106, 70, 54))  # fmt: skip
HAIRS = ((52, 42, 44), (74, 54, 48), (104, 72, 54), (142, 98, 66), (176, 112, 62), (206, 160, 98), (230, 200, 140))
GREYS = ((150, 148, 150), (196, 194, 194), (232, 230, 226))
EYE_Y, NOSE_Y, MOUTH_Y = -0.05, 0.28, 0.56


@dataclass(frozen=True)
class Person:
    """One person: measures that tell (``people.CUES``), and all that does not.

    Args:
        cues: measures drawn for the label.
        width: half the width of the face.
        turn: where the person looks, from -1 to 1.
        age: 0 is a young adult, 1 is old.
        skin: colour of the skin; ``hair``: of the hair; ``eyes``: of the irises.
        earrings: whether worn.
    """

    cues: Mapping[str, float]
    width: float
    turn: float
    age: float
    skin: Colour
    hair: Colour
    eyes: Colour
    earrings: bool


def person_of(rng: Generator, cues: Mapping[str, float], earrings: bool) -> Person:
    """Draw what does not depend on the label: face width, age and colours."""
    age, tone = span(rng, (0, 1)), span(rng, (0, len(SKINS) - 1.01))
    skin = vary(rng, mix(SKINS[int(tone)], SKINS[int(tone) + 1], tone % 1), 8)
    darkest = 4 if tone > 4 else len(HAIRS)  # fair hair on fair and medium skins only
    hair = vary(rng, pick(rng, HAIRS[:darkest]), 12)
    if age > span(rng, (0.5, 0.9)):
        hair = mix(hair, pick(rng, GREYS), span(rng, (0.6, 1.0)))
    eyes = pick(rng, EYES) if tone < 3 else (98, 66, 48)
    return Person(cues, span(rng, (0.8, 0.9)), span(rng, (-1, 1)), age, skin, hair, eyes, earrings)


def draw_neck(canvas: Canvas, person: Person) -> None:
    """Draw the neck, in the shadow of the head."""
    half = person.cues["neck"]
    shade = darker(person.skin, 0.12)
    canvas.shape([(-half, 0.4), (half, 0.4), (half * 1.05, 1.3), (half * 1.6, 1.7), (-half * 1.6, 1.7),
                  (-half * 1.05, 1.3)], shade)  # fmt: skip


def draw_head(canvas: Canvas, rng: Generator, person: Person) -> None:
    """Draw ears and face around the local origin, without hair."""
    wide, shift, skin = person.width, 0.13 * person.turn, person.skin
    metal = vary(rng, pick(rng, ((236, 196, 92), (226, 228, 232), paint(rng))))
    drop = span(rng, (0.07, 0.12))
    for side in (-1, 1):
        canvas.ellipse(side * wide, 0.06, 0.14, 0.2, darker(skin, 0.06))
        if person.earrings:
            canvas.ellipse(side * (wide + 0.05), 0.28 + drop, drop, drop * 1.2, metal)
    canvas.shape(face_outline(person), skin)
    rosy = mix(skin, (226, 96, 88), span(rng, (0.0, 0.3)))
    for side in (-1, 1):
        canvas.ellipse(shift + side * wide * 0.58, 0.3, 0.17, 0.13, rosy, outlined=False)
    if chance(rng, 0.12):
        for x, y in rng.uniform(-1, 1, (10, 2)).tolist():
            canvas.ellipse(shift + x * 0.5, 0.22 + y * 0.1, 0.025, 0.025, darker(skin, 0.3), outlined=False)
    _age(canvas, rng, person, shift)
    _eyes(canvas, rng, person, shift)
    _nose(canvas, rng, person, shift * 1.5)
    _mouth(canvas, rng, person, shift * 1.2)


def face_outline(person: Person) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the outline of a face from the width of its jaw and chin and the length of its lower half."""
    wide, jaw, chin, long = person.width, person.cues["jaw"], person.cues["chin"], person.cues["length"]
    right = [(0.55 * wide, -0.93), (0.94 * wide, -0.5), (wide, 0), (wide * jaw, 0.56 * long), (wide * chin, 0.9 * long)]
    return smooth([(0, -1.03), *right, (0, 0.97 * long), *[(-x, y) for x, y in reversed(right)]])


def _line(person: Person) -> Colour:
    return mix(person.skin, (44, 28, 30), 0.6)


def _age(canvas: Canvas, rng: Generator, person: Person, shift: float) -> None:
    if person.age < 0.6:
        return
    line, long = mix(person.skin, _line(person), 0.55), person.cues["length"]
    for side in (-1, 1):
        canvas.stroke([(shift + side * 0.3, 0.3), (shift + side * 0.42, 0.44), (shift + side * 0.44, 0.6 * long)], line, 0.035)
        canvas.stroke([(shift + side * 0.24, 0.13), (shift + side * 0.4, 0.17), (shift + side * 0.54, 0.11)], line, 0.035)
    if person.age > 0.75:
        for y in (-0.62, -0.5):
            canvas.stroke([(shift - 0.28, y), (shift, y - 0.03), (shift + 0.28, y)], line, 0.03)


def _eyes(canvas: Canvas, rng: Generator, person: Person, shift: float) -> None:
    size, lash, thick = person.cues["eye"], person.cues["lash"], person.cues["brow"]
    apart, open_, slant = span(rng, (0.34, 0.4)), span(rng, (0.5, 0.8)), span(rng, (-0.12, 0.04))
    gap, arch, tilt = person.cues["brow_gap"] + size * 0.5, span(rng, (0.0, 0.07)), span(rng, (-0.04, 0.06))
    shut, glasses, frame = chance(rng, 0.07), chance(rng, 0.2), pick(rng, (INK, paint(rng), (120, 92, 62)))
    ink, brow = (40, 28, 32), mix(person.hair, (40, 28, 32), 0.55)
    round_ = chance(rng, 0.5)
    for side in (-1, 1):
        x = shift + side * apart
        inner, outer = (x - side * size, EYE_Y + 0.03), (x + side * size, EYE_Y + slant * 0.5)
        top = (x, EYE_Y - size * open_ * 0.9)
        if shut:
            canvas.stroke([inner, (x, EYE_Y + 0.09), outer], ink, 0.06)
        else:
            canvas.blob([inner, top, outer, (x, EYE_Y + size * open_ * 0.75)], WHITE, outlined=False)
            iris = size * 0.52
            canvas.ellipse(x + shift * 0.3, EYE_Y - 0.01, iris, iris * min(1.0, open_ + 0.25), person.eyes, outlined=False)
            canvas.ellipse(x + shift * 0.3, EYE_Y - 0.01, iris * 0.55, iris * 0.55, ink, outlined=False)
            canvas.stroke([inner, top, outer], ink, 0.035 + 0.4 * lash)
        flick = lash * 1.3
        canvas.stroke([(x + side * size * 0.8, EYE_Y - 0.03), (x + side * (size + flick), EYE_Y - 0.02 - flick * 0.9)], ink, 0.02 + 0.5 * lash)
        y = EYE_Y - gap
        canvas.stroke([(x - side * 0.17, y + 0.03 + tilt), (x + side * 0.06, y - arch), (x + side * 0.25, y + 0.05 - tilt * 0.5)], brow, thick)
        if glasses:
            lens = oval(x, EYE_Y + 0.03, 0.27, 0.25 if round_ else 0.19)
            canvas.stroke([*lens, lens[0]], frame, 0.045, curved=False)
            canvas.stroke([(x + side * 0.27, EYE_Y), (side * person.width, EYE_Y - 0.03)], frame, 0.045)
    if glasses:
        canvas.stroke([(shift - apart + 0.27, EYE_Y), (shift + apart - 0.27, EYE_Y)], frame, 0.045)


def _nose(canvas: Canvas, rng: Generator, person: Person, x: float) -> None:
    half, line = person.cues["nose"], _line(person)
    y, side = NOSE_Y * person.cues["length"], pick(rng, (-1, 1))
    canvas.ellipse(x, y - 0.02, half * 0.95, half * 0.6, darker(person.skin, 0.1), outlined=False)
    canvas.stroke([(x + side * half * 0.45, y - 0.28), (x + side * half * 0.6, y - 0.12)], mix(person.skin, line, 0.6), 0.035)
    canvas.stroke([(x - half, y - 0.05), (x - half * 0.8, y + 0.04), (x - half * 0.3, y + 0.03), (x, y + 0.07),
                   (x + half * 0.3, y + 0.03), (x + half * 0.8, y + 0.04), (x + half, y - 0.05)], line, 0.045)  # fmt: skip


def _mouth(canvas: Canvas, rng: Generator, person: Person, x: float) -> None:
    full, half, bend = person.cues["lips"], span(rng, (0.24, 0.34)), span(rng, (-0.01, 0.1))
    y, line = MOUTH_Y * person.cues["length"], _line(person)
    lip = mix(person.skin, (178, 70, 74), span(rng, (0.3, 0.6)))
    left, right = (x - half, y - bend), (x + half, y - bend)
    gape = span(rng, (0.07, 0.14)) if chance(rng, 0.3) and bend > 0.02 else 0.0
    low = y + gape + bend * 0.4
    canvas.blob([left, (x - half * 0.35, y - full), (x, y - full * 0.6), (x + half * 0.35, y - full), right,
                 (x + half * 0.45, low + full * 0.9), (x - half * 0.45, low + full * 0.9)], lip, outlined=False)  # fmt: skip
    if gape:
        canvas.blob([left, (x, y + 0.02), right, (x, low + 0.02)], WHITE, line)
    else:
        canvas.stroke([left, (x, y + bend * 0.6), right], line, 0.045)
