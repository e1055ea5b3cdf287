"""Faces of mammals, built from the same parts: ears, muzzle, nose, eyes, whiskers."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.coats import HOUSE_COATS, HOUSE_PATTERNS, Coat, paint_coat
from tl_helpers.picturebook.colours import EYES, INK, WHITE, Colour, chance, darker, lighter, mix, pick, span

Range = tuple[float, float]
PINK: Colour = (232, 150, 150)


@dataclass(frozen=True)
class Species:
    """What the members of a species share; every range is drawn anew for each animal. A face is about 2 units wide.

    Args:
        ears: kinds to choose from (functions of ``EARS``).
        ear_size: length of an ear.
        width: half the width of the face; ``jaw``: width of its lower half as a share of that.
        muzzle: half the width of the muzzle; ``reach``: how far it stands out, as its height.
        nose: half the width of the nose; ``snout``: whether the nose is a pig's or a cow's.
        eye: radius of an eye; ``slit``: probability of a slit pupil; ``apart``: distance from the middle.
        whiskers, tongue, brows: probabilities.
        tail: kind of tail; ``extra``: what only this species has.
    """

    ears: tuple[str, ...]
    ear_size: Range
    width: Range = (0.85, 1.0)
    jaw: Range = (0.8, 1.0)
    muzzle: Range = (0.35, 0.5)
    reach: Range = (0.3, 0.42)
    nose: Range = (0.12, 0.18)
    snout: bool = False
    eye: Range = (0.13, 0.19)
    slit: float = 0.0
    apart: Range = (0.38, 0.48)
    whiskers: float = 0.0
    tongue: float = 0.0
    brows: float = 0.0
    tail: tuple[str, ...] = ("thin",)
    furs: tuple[str, ...] = HOUSE_COATS
    patterns: tuple[str, ...] = HOUSE_PATTERNS
    pale_muzzle: float = 0.6
    noses: tuple[Colour, ...] = field(default=(INK, (96, 70, 66), PINK))
    extra: str = ""


def draw_face(canvas: Canvas, rng: Generator, species: Species, coat: Coat, turn: float) -> None:
    """Draw a face around the local origin.

    Args:
        canvas: placed so that one unit is about half the width of the face.
        rng: source of chance.
        species: which animal.
        coat: its fur.
        turn: where it looks, from -1 (left) to 1 (right).
    """
    width, jaw = span(rng, species.width), span(rng, species.jaw)
    ear, size, spread = EARS[pick(rng, species.ears)], span(rng, species.ear_size), span(rng, (-0.12, 0.12))
    hanging = ear is floppy
    if species.extra in BEHIND:
        BEHIND[species.extra](canvas, rng, coat)
    if not hanging:
        _both_ears(canvas, rng, ear, (width, size, spread), coat)
    paint_coat(canvas, rng, coat, face_outline(width, jaw), on_face=True)
    if hanging:
        _both_ears(canvas, rng, ear, (width, size, spread), coat)
    shift = 0.22 * turn
    if species.extra in BEFORE:
        BEFORE[species.extra](canvas, rng, coat, shift)
    _eyes(canvas, rng, species, coat, shift)
    if species.extra == "trunk":
        trunk(canvas, rng, coat, shift)
    else:
        _muzzle(canvas, rng, species, coat, 1.6 * shift)


def face_outline(width: float, jaw: float) -> NDArray[np.float64]:
    """Return the outline of a face: half its width at the cheeks, and its jaw as a share of that."""
    right = [(0.45 * width, -0.82), (0.9 * width, -0.45), (width, 0.05), (0.82 * width * jaw, 0.55), (0.4 * jaw, 0.86)]
    left = [(-x, y) for x, y in reversed(right)]
    return smooth([(0, -0.88), *right, (0, 0.93), *left])


def _both_ears(canvas: Canvas, rng: Generator, ear, shape: tuple[float, float, float], coat: Coat) -> None:  # type: ignore[no-untyped-def]
    width, size, spread = shape
    inner = mix(PINK, coat.ears, span(rng, (0.3, 0.7)))
    for side in (-1, 1):
        with canvas.placed(side * width * 0.62, -0.6, size, side * (0.32 + spread + span(rng, (-0.1, 0.1))), side < 0):
            ear(canvas, rng, coat.ears, inner)


def pointed(canvas: Canvas, rng: Generator, colour: Colour, inner: Colour) -> None:
    """Draw an upright triangular ear, broad at its foot."""
    lean = span(rng, (-0.15, 0.2))
    canvas.shape([(-0.58, 0.25), (lean, -1), (0.55, 0.3)], colour)
    canvas.shape([(-0.3, 0.15), (lean, -0.7), (0.3, 0.2)], inner, outlined=False)


def tall(canvas: Canvas, rng: Generator, colour: Colour, inner: Colour) -> None:
    """Draw an upright ear with a rounded tip, narrower than a cat's."""
    lean = span(rng, (-0.2, 0.2))
    canvas.blob([(-0.42, 0.3), (-0.3 + lean / 2, -0.5), (lean, -1.1), (0.3 + lean / 2, -0.5), (0.42, 0.3)], colour)
    canvas.blob([(-0.2, 0.2), (-0.12 + lean / 2, -0.4), (lean, -0.75), (0.15, -0.4), (0.2, 0.2)], inner, outlined=False)


def folded(canvas: Canvas, rng: Generator, colour: Colour, inner: Colour) -> None:
    """Draw an upright ear whose tip falls forward."""
    fall = span(rng, (0.05, 0.4))
    canvas.blob([(-0.5, 0.25), (-0.25, -0.5), (0.1, -0.78), (0.5, -0.4), (0.5, 0.3)], colour)
    canvas.blob([(-0.3, -0.55), (0.35, -0.8), (0.95, -0.3), (0.95, fall), (0.25, 0.0)], darker(colour, 0.2))


def floppy(canvas: Canvas, rng: Generator, colour: Colour, inner: Colour) -> None:
    """Draw a hanging ear."""
    long = span(rng, (0.9, 1.5))
    canvas.blob([(-0.3, -0.25), (0.3, -0.35), (0.75, 0.3), (0.7, long), (0.3, long + 0.15), (0.02, 0.6)], colour)


def rounded(canvas: Canvas, rng: Generator, colour: Colour, inner: Colour) -> None:
    """Draw a round ear."""
    canvas.ellipse(0.05, -0.35, 0.62, 0.62, colour)
    canvas.ellipse(0.05, -0.3, 0.36, 0.36, inner, outlined=False)


def long(canvas: Canvas, rng: Generator, colour: Colour, inner: Colour) -> None:
    """Draw a rabbit's ear."""
    bend = span(rng, (-0.3, 0.3))
    canvas.blob([(-0.3, 0.3), (-0.36, -0.8), (bend, -1.9), (0.36 + bend / 2, -0.9), (0.3, 0.3)], colour)
    canvas.blob(
        [(-0.12, 0), (-0.16, -0.8), (bend * 0.9, -1.55), (0.16 + bend / 2, -0.9), (0.12, 0)], inner, outlined=False
    )


def sideways(canvas: Canvas, rng: Generator, colour: Colour, inner: Colour) -> None:
    """Draw an ear that stands out to the side, as a cow's or a sheep's."""
    canvas.blob([(-0.1, 0.1), (0.4, -0.35), (1.15, -0.15 + span(rng, (0, 0.4))), (0.6, 0.4)], colour)
    canvas.ellipse(0.55, 0.02, 0.28, 0.12, inner, 0.1, outlined=False)


def _eyes(canvas: Canvas, rng: Generator, species: Species, coat: Coat, shift: float) -> None:
    radius, apart, y = span(rng, species.eye), span(rng, species.apart), span(rng, (-0.25, -0.12))
    colour, slit, half_shut = pick(rng, EYES), chance(rng, species.slit), chance(rng, 0.12)
    brows, large = chance(rng, species.brows), radius > 0.16
    for side in (-1, 1):
        x = side * apart * (1 - 0.25 * abs(shift) * (side * shift > 0)) + shift
        if half_shut:
            canvas.stroke([(x - radius, y), (x, y + radius * 0.6), (x + radius, y)], INK, 0.07)
        elif slit or large:
            with canvas.placed(x, y, radius, side * 0.2):
                canvas.blob(
                    [(-1.15, 0.15), (0, -0.95), (1.15, -0.15), (0, 0.85)] if slit else _round_eye(), colour, INK
                )
                canvas.ellipse(
                    0.12 * np.sign(shift), 0, 0.26 if slit else 0.6, 0.78 if slit else 0.62, INK, outlined=False
                )
                canvas.ellipse(-0.3, -0.4, 0.24, 0.24, WHITE, outlined=False)
        else:
            canvas.ellipse(x, y, radius, radius * 1.1, INK, outlined=False)
            canvas.ellipse(x - radius * 0.3, y - radius * 0.4, radius * 0.3, radius * 0.3, WHITE, outlined=False)
        if brows:
            canvas.ellipse(x, y - radius * 2.1, 0.1, 0.06, lighter(coat.ground, 0.6), side * 0.3, outlined=False)


def _round_eye() -> list[tuple[float, float]]:
    return [(-0.95, 0.0), (0.0, -0.95), (0.95, 0.0), (0.0, 0.95)]


def _muzzle(canvas: Canvas, rng: Generator, species: Species, coat: Coat, shift: float) -> None:
    half, reach, nose = span(rng, species.muzzle), span(rng, species.reach), span(rng, species.nose)
    y, colour = 0.42, pick(rng, species.noses)
    canvas.ellipse(shift, y, half, reach, coat.muzzle, outlined=reach > 0.36 or species.snout)
    top = y - reach * (0.45 if not species.snout else 0.0)
    if chance(rng, species.tongue):
        tip = y + reach + span(rng, (0.05, 0.3))
        canvas.blob(
            [
                (shift - 0.13, y + reach * 0.5),
                (shift - 0.13, tip),
                (shift + 0.13, tip),
                (shift + 0.13, y + reach * 0.5),
            ],
            (236, 118, 124),
        )
    if species.snout:
        for side in (-1, 1):
            canvas.ellipse(shift + side * nose, top, nose * 0.42, nose * 0.6, darker(coat.muzzle, 0.5), outlined=False)
        canvas.stroke(
            [(shift - 0.2, y + reach * 0.6), (shift, y + reach * 0.75), (shift + 0.2, y + reach * 0.6)], INK, 0.05
        )
        return
    canvas.blob(
        [(shift - nose, top - nose * 0.6), (shift + nose, top - nose * 0.6), (shift, top + nose * 0.75)], colour
    )
    canvas.stroke([(shift, top + nose * 0.6), (shift, y + reach * 0.25)], INK, 0.05)
    for side in (-1, 1):
        smile = [
            (shift, y + reach * 0.25),
            (shift + side * half * 0.3, y + reach * 0.55),
            (shift + side * half * 0.62, y + reach * 0.3),
        ]
        canvas.stroke(smile, INK, 0.05)
    if chance(rng, species.whiskers):
        pale = lighter(coat.ground, 0.6) if sum(coat.ground) < 330 else darker(coat.ground, 0.5)
        for side in (-1, 1):
            for rise in (-0.18, 0.0, 0.18):
                start = (shift + side * half * 0.6, y + rise * 0.4)
                canvas.stroke(
                    [start, (shift + side * (half + span(rng, (0.6, 0.8))), y + rise * 1.6 - 0.05)], pale, 0.035
                )


def mane(canvas: Canvas, rng: Generator, coat: Coat) -> None:
    """Draw a lion's mane."""
    colour, tufts = darker(coat.ground, span(rng, (0.3, 0.5))), 18
    angles = np.linspace(0, 2 * np.pi, tufts, endpoint=False)
    radius = np.where(np.arange(tufts) % 2, 1.25, 1.6) + rng.uniform(-0.08, 0.08, tufts)
    canvas.blob(np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1), colour)


def wool(canvas: Canvas, rng: Generator, coat: Coat) -> None:
    """Draw a sheep's curls behind the face."""
    for angle in np.linspace(0, 2 * np.pi, 11).tolist():
        canvas.ellipse(1.0 * np.cos(angle), -0.15 + 0.95 * np.sin(angle), 0.42, 0.42, lighter(coat.second, 0.75))


def horns(canvas: Canvas, rng: Generator, coat: Coat) -> None:
    """Draw two horns."""
    for side in (-1, 1):
        tip = (side * span(rng, (0.7, 1.1)), -span(rng, (1.35, 1.65)))
        canvas.blob([(side * 0.3, -0.75), (side * 0.65, -1.0), tip, (side * 0.6, -0.7)], (236, 222, 192))


def antlers(canvas: Canvas, rng: Generator, coat: Coat) -> None:
    """Draw branching antlers."""
    for side in (-1, 1):
        top = (side * span(rng, (0.8, 1.1)), -span(rng, (1.6, 1.9)))
        canvas.stroke([(side * 0.3, -0.7), (side * 0.75, -1.2), top], (132, 96, 70), 0.13)
        canvas.stroke([(side * 0.7, -1.15), (side * 1.2, -1.35)], (132, 96, 70), 0.11)
        canvas.stroke([(side * 0.5, -1.0), (side * 0.35, -1.45)], (132, 96, 70), 0.1)


def eye_patches(canvas: Canvas, rng: Generator, coat: Coat, shift: float) -> None:
    """Draw a panda's dark patches around the eyes."""
    for side in (-1, 1):
        canvas.ellipse(shift + side * 0.43, -0.12, 0.27, 0.34, coat.ears, side * 0.5, outlined=False)


def mask(canvas: Canvas, rng: Generator, coat: Coat, shift: float) -> None:
    """Draw a raccoon's mask."""
    canvas.blob([(shift - 0.95, -0.25), (shift, -0.25), (shift + 0.95, -0.25), (shift + 0.75, 0.15), (shift, 0.02),
                 (shift - 0.75, 0.15)], darker(coat.ground, 0.65), outlined=False)  # fmt: skip


def white_cheeks(canvas: Canvas, rng: Generator, coat: Coat, shift: float) -> None:
    """Draw a fox's white cheeks."""
    for side in (-1, 1):
        canvas.blob([(shift, 0.9), (side * 0.85, 0.12), (shift + side * 0.25, 0.1)], WHITE, outlined=False)


def trunk(canvas: Canvas, rng: Generator, coat: Coat, shift: float) -> None:
    """Draw an elephant's trunk."""
    bend = span(rng, (-0.5, 0.5))
    path = [(shift, 0.15), (shift + bend * 0.3, 0.9), (shift + bend, 1.5)]
    canvas.stroke(path, darker(coat.ground, 0.5), 0.5)
    canvas.stroke(path, coat.ground, 0.41)
    for y in (0.55, 0.8, 1.05):
        canvas.stroke(
            [(shift + bend * 0.25 * y - 0.12, y), (shift + bend * 0.25 * y + 0.12, y)], darker(coat.ground, 0.4)
        )


def bare_face(canvas: Canvas, rng: Generator, coat: Coat, shift: float) -> None:
    """Draw a monkey's bare face."""
    canvas.ellipse(shift - 0.33, -0.15, 0.42, 0.42, lighter(coat.ground, 0.55), outlined=False)
    canvas.ellipse(shift + 0.33, -0.15, 0.42, 0.42, lighter(coat.ground, 0.55), outlined=False)


EARS = {each.__name__: each for each in (pointed, tall, folded, floppy, rounded, long, sideways)}
BEHIND = {each.__name__: each for each in (mane, wool, horns, antlers)}
BEFORE = {each.__name__: each for each in (eye_patches, mask, white_cheeks, bare_face)}
