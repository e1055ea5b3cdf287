"""Hair of people: any style in any colour and texture, and what is worn on it."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth, smooth_open
from tl_helpers.picturebook.colours import Colour, chance, darker, lighter, paint, pick, span
from tl_helpers.picturebook.heads import Person

Range = tuple[float, float]
Curve = list[tuple[float, float]]


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


def hair_of(rng: Generator, name: str, person: Person) -> Hair:
    """Draw the details of a style."""
    style = STYLES[name]
    bumps = span(rng, (0.03, 0.06)) if name in ("curly", "afro") else pick(rng, (0.0, 0.0, 0.02, 0.045))
    return Hair(name, span(rng, style.length), span(rng, style.volume), pick(rng, style.hairlines), bumps,
                chance(rng, 0.35), pick(rng, (-1, 1)))  # fmt: skip


def draw_behind(canvas: Canvas, rng: Generator, hair: Hair, person: Person) -> None:
    """Draw what hangs or stands behind the head."""
    colour, reach = darker(person.hair, 0.14), person.width + hair.volume
    if hair.style == "bun":
        canvas.ellipse(0.25 * hair.side * (person.turn > 0), -1.22, span(rng, (0.28, 0.45)), span(rng, (0.25, 0.36)), person.hair)
    if hair.style == "ponytail":
        tail, x = span(rng, (0.9, 1.8)), hair.side * person.width
        canvas.blob([(x * 0.5, -0.9), (x * 1.25, -0.75), (x * 1.6, tail * 0.4), (x * 1.35, tail), (x * 1.15, tail * 0.4),
                     (x, -0.2)], colour)  # fmt: skip
    if hair.length:
        end, flare = hair.length, span(rng, (0.85, 1.12))
        right = [(0.62 * reach, -0.95 - hair.volume), (reach, -0.5), (reach * 1.02, 0.2 * end), (reach * flare, 0.7 * end),
                 (reach * flare * 0.85, end)]  # fmt: skip
        outline = smooth([(0, -1.1 - hair.volume), *right, (0, end + 0.06), *[(-x, y) for x, y in reversed(right)]])
        canvas.shape(_curled(outline, hair.bumps, end), colour)


def draw_hair(canvas: Canvas, rng: Generator, hair: Hair, person: Person) -> None:
    """Draw the hair on the head: from the crown to the hairline, and at the temples."""
    wide, reach, shift = person.width, person.width + 0.03 + 0.75 * hair.volume, 0.1 * person.turn
    if hair.style == "bald":
        if person.age > 0.35:
            for side in (-1, 1):
                canvas.blob([(side * wide * 1.03, -0.4), (side * wide * 1.08, 0.05), (side * wide * 0.93, 0.12),
                             (side * wide * 0.92, -0.3)], person.hair)  # fmt: skip
        return
    foot = span(rng, (-0.05, 0.15))
    crown = smooth_open([(-wide, foot), (-reach, -0.45), (-0.64 * reach, -0.93 - 0.8 * hair.volume),
                         (0, -1.08 - hair.volume), (0.64 * reach, -0.93 - 0.8 * hair.volume), (reach, -0.45),
                         (wide, foot)])  # fmt: skip
    line = np.array(HAIRLINES[hair.hairline], dtype=np.float64) * (wide * hair.side, 1) + (shift, 0)
    if hair.side < 0:
        line = line[::-1]
    curved = smooth_open([(0.93 * wide, foot), *line, (-0.93 * wide, foot)])
    crown = _curled(crown, hair.bumps, 0.0)
    canvas.shape(np.vstack([crown, curved]), person.hair)
    for x in rng.uniform(-0.5, 0.5, 2).tolist():
        canvas.stroke([(x, -1.0 - 0.6 * hair.volume), (x * 1.5, -0.8)], lighter(person.hair, 0.2), 0.04)


def draw_in_front(canvas: Canvas, rng: Generator, hair: Hair, person: Person) -> None:
    """Draw what hangs over ears and shoulders: locks and braids."""
    wide, reach = person.width, person.width + hair.volume
    if hair.style in ("bob", "shoulder", "long") and not hair.tucked:
        end = min(hair.length, span(rng, (0.9, 2.3)))
        for side in (-1, 1):
            lock = smooth([(side * 0.8 * wide, -0.5), (side * reach, -0.35), (side * reach * 1.04, 0.4 * end),
                           (side * reach, end), (side * 0.85 * wide, 0.9 * end), (side * 0.9 * wide, 0.3 * end)])  # fmt: skip
            canvas.shape(_curled(lock, hair.bumps, end), person.hair)
    if hair.style == "braids":
        knots = int(rng.integers(5, 9))
        for side in (-1, 1):
            for knot in range(knots):
                x = side * (wide + 0.08 + 0.012 * knot)
                canvas.ellipse(x, 0.3 + 0.22 * knot, 0.15, 0.15, person.hair)
            canvas.ellipse(x, 0.3 + 0.22 * knots, 0.1, 0.1, paint(rng))


def draw_headwear(canvas: Canvas, rng: Generator, kind: str, person: Person) -> None:
    """Draw a hat or a cloth over the hair."""
    HEADWEAR[kind](canvas, rng, person.width, paint(rng))


def _curled(outline: np.ndarray[tuple[int, int], np.dtype[np.float64]], bumps: float, end: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Make an outline bulge in curls of the given depth, all around a middle that depends on where it ends."""
    if not bumps:
        return outline
    middle = np.array([0.0, (end - 1.0) / 2])
    wave = 1 + bumps * 2 * np.abs(np.sin(np.arange(len(outline)) * 0.5))
    return (outline - middle) * wave[:, None] + middle


def _cap(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    canvas.blob([(-1.06 * wide, -0.45), (-0.8 * wide, -1.05), (0, -1.3), (0.8 * wide, -1.05), (1.06 * wide, -0.45)], colour)
    canvas.blob([(-1.0 * wide, -0.5), (0, -0.68), (1.0 * wide, -0.5), (0.75 * wide, -0.34), (0, -0.42),
                 (-0.75 * wide, -0.34)], darker(colour, 0.2))  # fmt: skip


def _beanie(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    rim = paint(rng)
    if chance(rng, 0.5):
        canvas.ellipse(0, -1.42, 0.2, 0.2, rim)
    canvas.blob([(-1.08 * wide, -0.5), (-0.8 * wide, -1.15), (0, -1.4), (0.8 * wide, -1.15), (1.08 * wide, -0.5)], colour)
    canvas.stroke([(-1.05 * wide, -0.52), (0, -0.62), (1.05 * wide, -0.52)], darker(rim, 0.5), 0.34)
    canvas.stroke([(-1.05 * wide, -0.52), (0, -0.62), (1.05 * wide, -0.52)], rim, 0.29)


def _brim(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    canvas.blob([(-0.95 * wide, -0.6), (-0.8 * wide, -1.3), (0, -1.35), (0.8 * wide, -1.3), (0.95 * wide, -0.6)], colour)
    canvas.stroke([(-0.92 * wide, -0.72), (0, -0.75), (0.92 * wide, -0.72)], paint(rng), 0.16)
    canvas.ellipse(0, -0.6, span(rng, (1.3, 1.7)) * wide, 0.15, darker(colour, 0.12))


def _turban(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    canvas.blob([(-1.12 * wide, -0.35), (-1.1 * wide, -0.95), (0, -1.42), (1.1 * wide, -0.95), (1.12 * wide, -0.35),
                 (0.5 * wide, -0.5), (0, -0.62), (-0.5 * wide, -0.5)], colour)  # fmt: skip
    for bend in (-0.95, -0.75, -1.12):
        canvas.stroke([(-1.05 * wide, -0.5), (0.1, bend), (1.0 * wide, bend + 0.15)], darker(colour, 0.3), 0.045)


def _headscarf(canvas: Canvas, rng: Generator, wide: float, colour: Colour) -> None:
    right = [(0.8 * wide, -1.0), (1.12 * wide, -0.4), (1.12 * wide, 0.5), (0.9, 1.2), (1.2, 1.7)]
    inner = [(0.84 * wide, 0.55), (0.9 * wide, 0.1), (0.84 * wide, -0.3), (0.5 * wide, -0.6)]
    path = [(0, -1.2), *right, (0, 1.75), (-1.2, 1.7), (-0.9, 1.2), (-1.12 * wide, 0.5), (-1.12 * wide, -0.4),
            (-0.8 * wide, -1.0)]  # fmt: skip
    hole = [(0, 1.02), *inner, (0, -0.68), *[(-x, y) for x, y in reversed(inner)]]
    outer, gap = smooth(path), smooth(hole)
    canvas.shape(np.vstack([outer, outer[:1], gap[len(gap) // 2 :], gap[: len(gap) // 2 + 1], outer[:1]]), colour)


HAIRLINES: dict[str, Curve] = {
    "fringe": [(0.84, -0.25), (0.4, -0.36), (0, -0.33), (-0.4, -0.36), (-0.84, -0.25)],
    "middle": [(0.8, -0.3), (0.35, -0.6), (0.0, -0.8), (-0.35, -0.6), (-0.8, -0.3)],
    "side": [(0.84, -0.35), (0.62, -0.65), (0.45, -0.76), (0.0, -0.56), (-0.5, -0.42), (-0.84, -0.22)],
    "back": [(0.86, -0.35), (0.6, -0.6), (0, -0.68), (-0.6, -0.6), (-0.86, -0.35)],
    "receding": [(0.9, -0.4), (0.68, -0.78), (0.36, -0.9), (0, -0.82), (-0.36, -0.9), (-0.68, -0.78), (-0.9, -0.4)],
}
HEADWEAR = {"cap": _cap, "beanie": _beanie, "brim": _brim, "turban": _turban, "headscarf": _headscarf}
