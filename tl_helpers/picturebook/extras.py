"""What only some mammals have: manes, horns, masks, a trunk."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.coats import Coat
from tl_helpers.picturebook.colours import INK, WHITE, darker, lighter, span


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


def ruff(canvas: Canvas, rng: Generator, coat: Coat) -> None:
    """Draw a wolf's tufts of fur beside the cheeks."""
    for side in (-1, 1):
        reach = span(rng, (1.15, 1.4))
        tufts = [(0.3, -0.4), (1.0, 0.0), (reach, 0.25), (0.95, 0.35), (reach * 0.9, 0.65), (0.7, 0.65), (0.65, 1.05)]
        canvas.shape([(side * x, y) for x, y in (*tufts, (0.0, 0.7))], lighter(coat.ground, 0.25))


def spines(canvas: Canvas, rng: Generator, coat: Coat) -> None:
    """Draw a hedgehog's spines around the face."""
    count = int(rng.integers(26, 38))
    angles = np.linspace(-np.pi * 1.25, np.pi * 0.25, count)
    radius = np.where(np.arange(count) % 2, 1.5, 1.05) + rng.uniform(-0.08, 0.08, count)
    spikes = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
    canvas.shape(spikes, darker(coat.second, 0.4))


def crest(canvas: Canvas, rng: Generator, coat: Coat) -> None:
    """Draw a zebra's short upright mane."""
    tall = span(rng, (1.12, 1.3))
    for x in (-0.26, -0.13, 0.0, 0.13, 0.26):
        canvas.ellipse(x, -0.75, 0.11, tall - 0.75 - abs(x) * 0.5, coat.second, x * 0.6)


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


def pale_mask(canvas: Canvas, rng: Generator, coat: Coat, shift: float) -> None:
    """Draw a husky's pale mask, with the dark cap's peak between the eyes."""
    pale, peak, brow = lighter(coat.ground, span(rng, (0.6, 0.9))), span(rng, (0.05, 0.3)), span(rng, (-0.6, -0.4))
    right = [(0.24, brow + 0.08), (0.5, brow), (0.72, -0.15), (0.66, 0.35), (0.38, 0.78)]
    left = [(-x, y) for x, y in reversed(right)]
    middle = [(shift + x, y) for x, y in ((0.0, peak), *right, (0.0, 0.88), *left)]
    canvas.blob(middle, pale, outlined=False)


def broad_nose(canvas: Canvas, rng: Generator, coat: Coat, shift: float) -> None:
    """Draw a koala's long broad nose."""
    canvas.ellipse(1.6 * shift, 0.12, span(rng, (0.2, 0.26)), span(rng, (0.34, 0.42)), INK)


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


BEHIND = {each.__name__: each for each in (mane, wool, ruff, spines, crest, horns, antlers)}
BEFORE = {each.__name__: each for each in (eye_patches, mask, pale_mask, white_cheeks, bare_face)}
FOR_MUZZLE = {each.__name__: each for each in (trunk, broad_nose)}
