"""The picture book's palette: a few warm colours, mixed and varied a little in every picture."""

from collections.abc import Sequence
from typing import TypeVar

from numpy.random import Generator

Colour = tuple[int, int, int]
T = TypeVar("T")

CREAM, WHITE, INK = (250, 241, 222), (253, 251, 246), (62, 46, 48)
CORAL, MUSTARD, SAGE, TEAL = (232, 112, 92), (240, 190, 84), (150, 182, 132), (78, 148, 152)
SKY, LILAC, ROSE, PLUM = (160, 204, 226), (182, 164, 212), (240, 170, 172), (128, 84, 118)
PINK: Colour = (232, 150, 150)
LEAF, NAVY, BRICK, SAND = (96, 146, 88), (70, 88, 132), (186, 88, 68), (226, 200, 158)

# Things may be painted in any of these; walls and skies in the paler ones.
PAINTS = (CORAL, MUSTARD, SAGE, TEAL, SKY, LILAC, ROSE, PLUM, LEAF, NAVY, BRICK, SAND, CREAM)
PALE = (CREAM, (222, 234, 238), (238, 222, 226), (226, 236, 214), (248, 230, 194), (226, 220, 240), (214, 228, 226))
FURS = {
    "white": (246, 242, 234),
    "cream": (240, 220, 184),
    "sand": (218, 184, 136),
    "ginger": (222, 142, 74),
    "rust": (186, 100, 58),
    "brown": (142, 98, 70),
    "chocolate": (98, 68, 56),
    "silver": (188, 188, 190),
    "grey": (142, 142, 148),
    "charcoal": (82, 80, 88),
    "pink": (238, 184, 178),
}
EYES = ((120, 156, 82), (214, 164, 60), (104, 158, 190), (128, 86, 54), (150, 112, 60))


def mix(first: Colour, second: Colour, amount: float) -> Colour:
    """Blend two colours.

    Args:
        first: colour at amount 0, each channel 0–255.
        second: colour at amount 1.
        amount: share of the second colour, 0–1.

    Returns:
        The blended colour.

    >>> mix((0, 0, 0), (100, 200, 50), 0.5)
    (50, 100, 25)
    """
    rest = 1.0 - amount
    return (
        int(first[0] * rest + second[0] * amount),
        int(first[1] * rest + second[1] * amount),
        int(first[2] * rest + second[2] * amount),
    )


def darker(colour: Colour, amount: float = 0.25) -> Colour:
    """Mix a colour with ink."""
    return mix(colour, INK, amount)


def lighter(colour: Colour, amount: float = 0.35) -> Colour:
    """Mix a colour with warm white."""
    return mix(colour, WHITE, amount)


def line_of(colour: Colour) -> Colour:
    """Return the soft outline colour that belongs to a fill."""
    return mix(colour, INK, 0.62)


def vary(rng: Generator, colour: Colour, amount: float = 14.0) -> Colour:
    """Shift brightness and hue of a colour a little at random (about ±amount steps a channel)."""
    common = rng.uniform(-amount, amount)
    shift = rng.uniform(-amount, amount, 3) * 0.6 + common
    red, green, blue = (min(255, max(0, int(c + s))) for c, s in zip(colour, shift, strict=True))
    return red, green, blue


def pick(rng: Generator, options: Sequence[T]) -> T:
    """Choose one of the options, each with the same chance."""
    return options[int(rng.integers(len(options)))]


def span(rng: Generator, limits: tuple[float, float]) -> float:
    """Draw a number evenly between two limits."""
    return limits[0] + (limits[1] - limits[0]) * float(rng.random())


def chance(rng: Generator, probability: float) -> bool:
    """Say yes with the given probability (0–1)."""
    return bool(rng.random() < probability)


def paint(rng: Generator) -> Colour:
    """Return a colour in which a thing may be painted."""
    return vary(rng, pick(rng, PAINTS))
