"""Fur: what colour it is and how it is patterned. Any animal that may wear a coat draws it from the same pool."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, Points
from tl_helpers.picturebook.colours import FURS, WHITE, Colour, chance, darker, lighter, mix, pick, span, vary

HOUSE_COATS = ("white", "cream", "sand", "ginger", "rust", "brown", "chocolate", "silver", "grey", "charcoal")
HOUSE_PATTERNS = ("plain", "plain", "stripes", "patches", "points", "spots", "blaze")


@dataclass(frozen=True)
class Coat:
    """The fur of one animal: ground colour, second colour, pattern, and the colours of muzzle and ears."""

    ground: Colour
    second: Colour
    pattern: str
    muzzle: Colour
    ears: Colour


def draw_coat(rng: Generator, furs: tuple[str, ...], patterns: tuple[str, ...], pale_muzzle: float) -> Coat:
    """Choose a coat.

    Args:
        rng: source of chance.
        furs: names in ``FURS`` that the ground may have.
        patterns: patterns to choose from.
        pale_muzzle: probability of a muzzle paler than the ground, 0–1.
    """
    ground = vary(rng, FURS[pick(rng, furs)])
    other = vary(rng, FURS[pick(rng, HOUSE_COATS)])
    second = pick(rng, (darker(ground, 0.45), lighter(ground, 0.65), mix(ground, other, 0.8)))
    pattern = pick(rng, patterns)
    muzzle = mix(ground, WHITE, span(rng, (0.35, 0.85))) if chance(rng, pale_muzzle) else lighter(ground, 0.12)
    ears = darker(ground, span(rng, (0.05, 0.25)))
    if pattern == "points":
        second = darker(ground, 0.6)
        muzzle, ears = second, second
    if pattern == "dark_stripes":
        second = muzzle = darker(ground, 0.8)
    return Coat(ground, second, pattern, muzzle, ears)


def paint_coat(canvas: Canvas, rng: Generator, coat: Coat, outline: Points, on_face: bool) -> None:
    """Fill an outline with fur and its pattern.

    Args:
        canvas: where to draw; local coordinates in which the outline is about 2 units wide.
        rng: source of chance.
        coat: the fur.
        outline: closed curve, shape (n, 2).
        on_face: whether it is a face (stripes then run from the forehead), else a body.
    """
    canvas.shape(outline, coat.ground)
    marks = {"stripes": stripes, "dark_stripes": stripes, "patches": patches, "spots": spots, "blaze": blaze}.get(
        coat.pattern
    )
    if marks is None:
        return
    with canvas.clipped(outline):
        marks(canvas, rng, coat.second, on_face)
    flat = np.vstack([outline, np.asarray(outline)[:1]])
    canvas.stroke(flat, mix(coat.ground, (62, 46, 48), 0.62), curved=False)


def stripes(canvas: Canvas, rng: Generator, colour: Colour, on_face: bool) -> None:
    """Draw tabby stripes: three on the forehead and some on the cheeks, or bands over the back."""
    width = span(rng, (0.09, 0.16))
    if on_face:
        for x in (-0.3, 0.0, 0.3):
            canvas.stroke([(x * 1.5, -1.2), (x, -0.55)], colour, width)
        for side in (-1, 1):
            for y in (0.0, 0.3):
                canvas.stroke([(side * 1.2, y), (side * 0.7, y + 0.12)], colour, width)
        return
    for y in np.arange(-1.2, 1.2, span(rng, (0.35, 0.5))).tolist():
        bend = span(rng, (-0.15, 0.15))
        canvas.stroke([(-1.3, y), (-0.4, y + 0.2 + bend)], colour, width)
        canvas.stroke([(1.3, y), (0.4, y + 0.2 - bend)], colour, width)


def patches(canvas: Canvas, rng: Generator, colour: Colour, on_face: bool) -> None:
    """Lay one to three large patches on the fur."""
    for _ in range(int(rng.integers(1, 3 if on_face else 4))):
        x, y = span(rng, (-0.9, 0.9)), span(rng, (-0.9, 0.6))
        canvas.ellipse(x, y, span(rng, (0.35, 0.7)), span(rng, (0.3, 0.6)), colour, span(rng, (0, 3)), outlined=False)


def spots(canvas: Canvas, rng: Generator, colour: Colour, on_face: bool) -> None:
    """Sprinkle small spots."""
    for x, y in rng.uniform(-1.0, 1.0, (9 if on_face else 14, 2)).tolist():
        radius = span(rng, (0.06, 0.14))
        canvas.ellipse(x, y, radius, radius, colour, outlined=False)


def blaze(canvas: Canvas, rng: Generator, colour: Colour, on_face: bool) -> None:
    """Draw a stripe from forehead to muzzle, or a bib on the chest."""
    width = span(rng, (0.12, 0.25))
    if on_face:
        canvas.blob(
            [(0, -1.2), (width, -0.6), (width * 1.6, 0.4), (0, 0.9), (-width * 1.6, 0.4), (-width, -0.6)],
            colour,
            outlined=False,
        )
    else:
        canvas.ellipse(0, -0.45, 0.45, 0.75, colour, outlined=False)
