"""Ears of mammals. Each is drawn upright around its foot, and placed by the face."""

from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import Colour, darker, span


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


EARS = {each.__name__: each for each in (pointed, tall, folded, floppy, rounded, long, sideways)}
