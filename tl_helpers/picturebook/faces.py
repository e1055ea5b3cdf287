"""Faces of mammals, built from the same parts: ears, muzzle, nose, eyes, whiskers."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.coats import Coat, paint_coat
from tl_helpers.picturebook.colours import EYES, INK, PINK, WHITE, chance, darker, lighter, mix, pick, span
from tl_helpers.picturebook.ears import EARS, floppy
from tl_helpers.picturebook.extras import BEFORE, BEHIND, FOR_MUZZLE
from tl_helpers.picturebook.species import Species


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
    if species.extra in FOR_MUZZLE:
        FOR_MUZZLE[species.extra](canvas, rng, coat, shift)
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
