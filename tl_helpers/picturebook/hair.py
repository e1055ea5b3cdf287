"""Hair of people: any style in any colour and texture."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tl_helpers.picturebook.canvas import Canvas, smooth, smooth_open
from tl_helpers.picturebook.colours import chance, darker, paint, pick, span
from tl_helpers.picturebook.person import Person

Range = tuple[float, float]
Curve = list[tuple[float, float]]
Outline = NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """What a hair style is: how low it hangs behind (0 is the eyes), how far it stands out, and its hairlines."""

    length: Range
    volume: Range
    hairlines: tuple[str, ...] = ("fringe", "middle", "side", "back")


STYLES = {
    "bald": Style((0, 0), (0, 0), ("bald",)),
    "receding": Style((0, 0), (0.02, 0.08), ("receding",)),
    "cropped": Style((0, 0), (0.02, 0.07), ("back", "side", "fringe")),
    "short": Style((0, 0), (0.1, 0.24)),
    "curly": Style((0, 0), (0.16, 0.3), ("fringe", "back")),
    "afro": Style((0.25, 0.5), (0.35, 0.6), ("back",)),
    "bob": Style((0.6, 0.95), (0.14, 0.26)),
    "shoulder": Style((1.15, 1.5), (0.12, 0.26)),
    "long": Style((1.8, 2.5), (0.12, 0.26)),
    "bun": Style((0, 0), (0.05, 0.12)),
    "ponytail": Style((0, 0), (0.05, 0.12)),
    "braids": Style((0, 0), (0.05, 0.14), ("middle", "side", "back")),
}


@dataclass(frozen=True)
class Hair:
    """The hair of one person; ``bumps`` is the depth of its curls, ``tucked`` whether it lies behind the ears."""

    style: str
    length: float
    volume: float
    hairline: str
    bumps: float
    tucked: bool
    side: int


def hair_of(rng: Generator, name: str, pressed: bool) -> Hair:
    """Draw the details of a style; under a hat it lies pressed to the head."""
    style = STYLES[name]
    bumps = span(rng, (0.03, 0.06)) if name in ("curly", "afro") else pick(rng, (0.0, 0.0, 0.02, 0.045))
    volume = span(rng, style.volume) * (0.4 if pressed else 1.0)
    hairline, tucked = pick(rng, style.hairlines), chance(rng, 0.35)
    return Hair(name, span(rng, style.length), volume, hairline, bumps, tucked, pick(rng, (-1, 1)))


def draw_behind(canvas: Canvas, rng: Generator, hair: Hair, person: Person) -> None:
    """Draw what hangs or stands behind the head."""
    colour, reach = darker(person.hair, 0.14), person.width + hair.volume
    if hair.style == "bun":
        x = pick(rng, (0.0, 0.25 * hair.side))
        canvas.ellipse(x, -1.22, span(rng, (0.28, 0.45)), span(rng, (0.25, 0.36)), person.hair)
    if hair.style == "ponytail":
        x, tip = hair.side * person.width, span(rng, (0.9, 1.8))
        outside, inside = [(x * 1.25, -0.75), (x * 1.6, tip * 0.4)], [(x * 1.15, tip * 0.4), (x, -0.2)]
        canvas.blob([(x * 0.5, -0.9), *outside, (x * 1.35, tip), *inside], colour)
    if hair.length:
        end, flare = hair.length, span(rng, (0.85, 1.12))
        right = [(0.62 * reach, -0.95 - hair.volume), (reach, -0.5), (reach * 1.02, 0.2 * end)]
        right += [(reach * flare, 0.7 * end), (reach * flare * 0.85, end)]
        outline = smooth([(0, -1.1 - hair.volume), *right, (0, end + 0.06), *[(-x, y) for x, y in reversed(right)]])
        canvas.shape(_curled(outline, hair.bumps, end), colour)


def draw_hair(canvas: Canvas, rng: Generator, hair: Hair, person: Person) -> None:
    """Draw the hair on the head: from the crown to the hairline, and at the temples."""
    wide, reach, shift = person.width, person.width + 0.03 + 0.75 * hair.volume, 0.1 * person.turn
    if hair.style == "bald":
        if person.age > 0.35:
            for x in (-wide, wide):
                canvas.blob([(x * 1.03, -0.4), (x * 1.08, 0.05), (x * 0.93, 0.12), (x * 0.92, -0.3)], person.hair)
        return
    foot = span(rng, (-0.05, 0.15))
    left, right = (-0.93 - hair.volume * span(rng, (0.4, 1.0)) for _ in range(2))
    crown = smooth_open([(-wide, foot), (-reach, -0.45), (-0.66 * reach, left), (0, -1.07 - hair.volume),
                         (0.66 * reach, right), (reach, -0.45), (wide, foot)])  # fmt: skip
    line = np.array(HAIRLINES[hair.hairline]) * (wide * hair.side, 1) + (shift, 0)
    line[:, 1] += rng.normal(0, 0.04, len(line))
    if hair.side < 0:
        line = line[::-1]
    curved = smooth_open([(0.93 * wide, foot), *line, (-0.93 * wide, foot)])
    crown = _curled(crown, hair.bumps, 0.0)
    canvas.shape(np.vstack([crown, curved]), person.hair)
    part, strand = shift + 0.3 * hair.side, darker(person.hair, 0.2)
    for x in (-0.5, -0.15, 0.2, 0.55):
        root = part + 0.4 * (x - part)
        canvas.stroke([(root, -1.0 - 0.6 * hair.volume), (x, -0.85 - 0.2 * hair.volume)], strand, 0.03)


def draw_in_front(canvas: Canvas, rng: Generator, hair: Hair, person: Person) -> None:
    """Draw what hangs over ears and shoulders: locks and braids."""
    wide, reach = person.width, person.width + hair.volume
    if hair.style in ("bob", "shoulder", "long") and not hair.tucked:
        end = min(hair.length, span(rng, (0.9, 2.3)))
        for side in (-1, 1):
            outside = [(0.8 * wide, -0.5), (reach, -0.35), (reach * 1.04, 0.4 * end), (reach, end)]
            lock = smooth([*outside, (0.85 * wide, 0.9 * end), (0.9 * wide, 0.3 * end)]) * (side, 1)
            canvas.shape(_curled(lock, hair.bumps, end), person.hair)
    if hair.style == "braids":
        knots = int(rng.integers(5, 9))
        for side in (-1, 1):
            for knot in range(knots):
                canvas.ellipse(side * (wide + 0.08 + 0.012 * knot), 0.3 + 0.22 * knot, 0.15, 0.15, person.hair)
            canvas.ellipse(side * (wide + 0.16), 0.3 + 0.22 * knots, 0.1, 0.1, paint(rng))


def _curled(outline: Outline, bumps: float, end: float) -> Outline:
    """Make an outline bulge in curls of the given depth, all around a middle that depends on where it ends."""
    if not bumps:
        return outline
    middle = np.array([0.0, (end - 1.0) / 2])
    wave = 1 + bumps * 2 * np.abs(np.sin(np.arange(len(outline)) * 0.5))
    curled: Outline = (outline - middle) * wave[:, None] + middle
    return curled


HAIRLINES: dict[str, Curve] = {
    "fringe": [(0.84, -0.25), (0.4, -0.36), (0, -0.33), (-0.4, -0.36), (-0.84, -0.25)],
    "middle": [(0.8, -0.3), (0.35, -0.6), (0.0, -0.8), (-0.35, -0.6), (-0.8, -0.3)],
    "side": [(0.84, -0.35), (0.62, -0.65), (0.45, -0.76), (0.0, -0.56), (-0.5, -0.42), (-0.84, -0.22)],
    "back": [(0.86, -0.35), (0.6, -0.6), (0, -0.68), (-0.6, -0.6), (-0.86, -0.35)],
    "receding": [(0.9, -0.4), (0.68, -0.78), (0.36, -0.9), (0, -0.82), (-0.36, -0.9), (-0.68, -0.78), (-0.9, -0.4)],
}
