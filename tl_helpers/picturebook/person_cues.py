"""What tells a man from a woman in this picture book: several overlapping cues, none of which decides.

The cues are conventions of drawing in this picture book, not facts about people. Each is a distribution, and those of
both labels overlap: none names more than about four portraits in five, and no value occurs with one label only. A
portrait is named by all its cues together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.colours import chance

PEOPLE = ("man", "woman")


@dataclass(frozen=True)
class Cue:
    """A measure of a portrait: its mean for each label and the spread (standard deviation) that both have."""

    man: float
    woman: float
    spread: float

    def measure(self, rng: Generator, label: str) -> float:
        """Draw a value for a label, within limits that are the same for both: no value gives one away."""
        low, high = min(self.man, self.woman) - self.spread, max(self.man, self.woman) + self.spread
        value = rng.normal(self.man if label == "man" else self.woman, self.spread)
        return float(np.clip(value, max(low, 0.0), high))

    def evidence(self, value: float) -> float:
        """Return how far a value speaks for a man (above 0) or for a woman (below)."""
        return (self.man - self.woman) * (value - (self.man + self.woman) / 2) / self.spread**2


# In units of about half the width of a face, unless another unit is named.
CUES = {
    "width": Cue(0.872, 0.822, 0.053),  # half the width of the face
    "jaw": Cue(0.905, 0.77, 0.14),  # width of the jaw's corner, share of the face's
    "chin": Cue(0.47, 0.325, 0.15),  # width of the chin, share of the face's
    "length": Cue(1.075, 0.98, 0.099),  # length of the lower face
    "brow": Cue(0.132, 0.07, 0.065),  # thickness of the eyebrows
    "brow_gap": Cue(0.195, 0.28, 0.087),  # height of the eyebrows above the eyes
    "arch": Cue(0.02, 0.085, 0.066),  # how far the eyebrows are arched
    "eye": Cue(0.158, 0.193, 0.036),  # half the width of an eye
    "lash": Cue(0.036, 0.106, 0.071),  # strength of the lash line
    "ear": Cue(0.225, 0.165, 0.063),  # half the height of an ear
    "nose": Cue(0.21, 0.153, 0.058),  # half the width of the nose
    "mouth": Cue(0.315, 0.26, 0.0565),  # half the width of the mouth
    "lips": Cue(0.053, 0.115, 0.063),  # fullness of the lips
    "neck": Cue(0.575, 0.425, 0.16),  # half the width of the neck
    "collar": Cue(1.13, 1.32, 0.2),  # how low the neck ends
    "shoulders": Cue(1.76, 1.37, 0.41),  # half the width of the shoulders
}
EARRINGS = {"man": 0.18, "woman": 0.5}  # probability
# How often each hair style occurs, in per cent.
STYLES = {
    "man": {"bald": 7, "receding": 8, "cropped": 22, "short": 24, "curly": 12, "afro": 7, "bob": 5, "shoulder": 4,
            "long": 4, "bun": 3, "ponytail": 2, "braids": 2},
    "woman": {"bald": 2, "receding": 2, "cropped": 8, "short": 10, "curly": 10, "afro": 7, "bob": 16, "shoulder": 14,
              "long": 12, "bun": 7, "ponytail": 7, "braids": 5},
}  # fmt: skip
HEADWEAR = {  # and what is worn on it
    "man": {"": 82, "cap": 5, "beanie": 5, "brim": 4, "turban": 3, "headscarf": 1},
    "woman": {"": 81, "cap": 3, "beanie": 5, "brim": 5, "turban": 2, "headscarf": 4},
}
CLEAR = 8.5  # the least that all cues of a picture together must say, as `evidence` weighs them


@dataclass(frozen=True)
class Look:
    """All cues of one portrait."""

    cues: dict[str, float]
    style: str
    earrings: bool


def draw_look(rng: Generator, label: str) -> Look:
    """Draw the cues for a label, each on its own; once more where all together leave the label in doubt."""
    while True:
        cues = {name: cue.measure(rng, label) for name, cue in CUES.items()}
        look = Look(cues, choose(rng, STYLES[label]), chance(rng, EARRINGS[label]))
        if evidence(look) * (1 if label == "man" else -1) >= CLEAR:
            return look


def evidence(look: Look) -> float:
    """Weigh all cues of a portrait together.

    Returns:
        About the logarithm of how many times likelier these cues are for a man's portrait than for a woman's.
    """
    total = sum(cue.evidence(look.cues[name]) for name, cue in CUES.items())
    total += log(STYLES["man"][look.style] / STYLES["woman"][look.style])
    man, woman = (EARRINGS[label] if look.earrings else 1 - EARRINGS[label] for label in PEOPLE)
    return total + log(man / woman)


def choose(rng: Generator, weights: Mapping[str, int]) -> str:
    """Draw one of the names with the given weights, which sum to 100."""
    return list(weights)[int(np.searchsorted(np.cumsum(list(weights.values())), 100 * rng.random(), side="right"))]
