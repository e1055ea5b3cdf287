"""Things of the source task that are no mammals, and how all of them are placed."""

from collections.abc import Callable, Mapping

from numpy.random import Generator

from tl_helpers.picturebook.animals import ANIMALS
from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.colours import chance, span
from tl_helpers.picturebook.dolls import DOLLS
from tl_helpers.picturebook.objects import OBJECTS
from tl_helpers.picturebook.plants import PLANTS

Drawer = Callable[[Canvas, Generator], None]


def place_thing(canvas: Canvas, rng: Generator, drawer: Drawer) -> None:
    """Draw a thing somewhere near the middle, turned and sized at random."""
    with canvas.placed(span(rng, (0.4, 0.6)), span(rng, (0.44, 0.6)), span(rng, (0.24, 0.36)), span(rng, (-0.25, 0.25)),
                       chance(rng, 0.5)):  # fmt: skip
        drawer(canvas, rng)


THINGS: Mapping[str, Drawer] = {**ANIMALS, **PLANTS, **OBJECTS, **DOLLS}
