"""People of the lessons: portraits of a man or a woman, told apart only by several overlapping cues together.

The cues below are conventions of drawing in this picture book, not facts about people. Each is a distribution, the
distributions of both labels overlap, and no single cue decides; a picture shows them all at once. Everything else
(skin, age, colours, clothes, glasses, expression, background) is drawn the same way for both labels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.clothes import draw_clothes
from tl_helpers.picturebook.colours import chance, span
from tl_helpers.picturebook.hair import draw_behind, draw_hair, draw_headwear, draw_in_front, hair_of
from tl_helpers.picturebook.heads import draw_head, draw_neck, person_of

PEOPLE = ("man", "woman")


@dataclass(frozen=True)
class Cue:
    """A measure of a portrait: its mean for each label and its common spread (standard deviation), bell-shaped."""

    man: float
    woman: float
    spread: float


# In units of about half the width of a face, unless another unit is named.
CUES = {
    "jaw": Cue(0.91, 0.775, 0.105),  # width of the jaw's corner, share of the face's
    "chin": Cue(0.46, 0.33, 0.1),  # width of the chin, share of the face's
    "length": Cue(1.06, 0.985, 0.07),  # length of the lower face
    "brow": Cue(0.125, 0.075, 0.039),  # thickness of the eyebrows
    "brow_gap": Cue(0.2, 0.265, 0.052),  # height of the eyebrows above the eyes
    "eye": Cue(0.163, 0.19, 0.022),  # half the width of an eye
    "lash": Cue(0.035, 0.1, 0.05),  # strength of the lash line
    "nose": Cue(0.2, 0.155, 0.036),  # half the width of the nose
    "lips": Cue(0.06, 0.105, 0.035),  # fullness of the lips
    "neck": Cue(0.56, 0.43, 0.1),  # half the width of the neck
    "shoulders": Cue(1.72, 1.38, 0.27),  # half the width of the shoulders
}
EARRINGS = {"man": 0.15, "woman": 0.55}  # probability
# How often each hair style occurs, in per cent.
STYLES = {
    "man": {"bald": 8, "receding": 9, "cropped": 23, "short": 25, "curly": 11, "afro": 6, "bob": 4, "shoulder": 4,
            "long": 3, "bun": 3, "ponytail": 2, "braids": 2},
    "woman": {"bald": 1, "receding": 2, "cropped": 7, "short": 10, "curly": 8, "afro": 8, "bob": 17, "shoulder": 14,
              "long": 12, "bun": 8, "ponytail": 8, "braids": 5},
}  # fmt: skip
# And what is worn on it; none in the rest.
HEADWEAR = {
    "man": {"cap": 5, "beanie": 5, "brim": 4, "turban": 3, "headscarf": 1},
    "woman": {"cap": 3, "beanie": 5, "brim": 5, "turban": 2, "headscarf": 4},
}


def draw_person(canvas: Canvas, rng: Generator, label: str) -> None:
    """Draw a portrait: head and shoulders, now and then to the waist, somewhere near the middle.

    Args:
        canvas: to draw on, 0–1 coordinates.
        rng: source of chance.
        label: ``"man"`` or ``"woman"``.
    """
    cues = {name: measure(rng, cue, label) for name, cue in CUES.items()}
    person = person_of(rng, cues, chance(rng, EARRINGS[label]))
    hair = hair_of(rng, choose(rng, STYLES[label]), person)
    worn = choose(rng, HEADWEAR[label] | {"": 100 - sum(HEADWEAR[label].values())})
    scale, y = span(rng, (0.24, 0.33)), span(rng, (0.42, 0.54))
    if chance(rng, 0.12):
        scale, y = span(rng, (0.21, 0.24)), span(rng, (0.34, 0.42))
    with canvas.placed(span(rng, (0.38, 0.62)), y, scale, span(rng, (-0.16, 0.16)), chance(rng, 0.5)):
        with canvas.placed(0, 0, 1, span(rng, (-0.08, 0.08))):
            draw_behind(canvas, rng, hair, person)
        draw_neck(canvas, person)
        draw_clothes(canvas, rng, person)
        with canvas.placed(0, 0, 1, span(rng, (-0.08, 0.08))):
            draw_head(canvas, rng, person)
            draw_hair(canvas, rng, hair, person)
            if worn:
                draw_headwear(canvas, rng, worn, person)
        draw_in_front(canvas, rng, hair, person)


def measure(rng: Generator, cue: Cue, label: str) -> float:
    """Draw a cue for a label, held within limits that are the same for both, so that no value gives one away."""
    mean = cue.man if label == "man" else cue.woman
    low, high = min(cue.man, cue.woman) - 1.5 * cue.spread, max(cue.man, cue.woman) + 1.5 * cue.spread
    return float(np.clip(rng.normal(mean, cue.spread), low, high))


def choose(rng: Generator, weights: dict[str, int]) -> str:
    """Draw one of the names with the given weights, which sum to 100."""
    return list(weights)[int(np.searchsorted(np.cumsum(list(weights.values())), 100 * rng.random(), side="right"))]
