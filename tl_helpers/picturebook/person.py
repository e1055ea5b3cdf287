"""A person who is to be drawn: the cues of the label, and age and colours, which are the same for everyone."""

from collections.abc import Mapping
from dataclasses import dataclass

from numpy.random import Generator

from tl_helpers.picturebook.colours import EYES, Colour, mix, pick, span, vary

SKINS = ((252, 226, 204), (244, 208, 178), (234, 190, 150), (216, 166, 122), (190, 136, 96), (160, 108, 76),
         (130, 86, 62), (106, 70, 54))  # fmt: skip
HAIRS = ((52, 42, 44), (74, 54, 48), (104, 72, 54), (142, 98, 66), (176, 112, 62), (206, 160, 98), (230, 200, 140))
GREYS = ((150, 148, 150), (196, 194, 194), (232, 230, 226))


@dataclass(frozen=True)
class Person:
    """One person: measures that tell (``person_cues.CUES``), and all that does not.

    Args:
        cues: measures drawn for the label.
        turn: where the person looks, from -1 to 1.
        age: 0 is a young adult, 1 is old.
        skin: colour of the skin; ``hair``: of the hair; ``eyes``: of the irises.
        earrings: whether worn.
    """

    cues: Mapping[str, float]
    turn: float
    age: float
    skin: Colour
    hair: Colour
    eyes: Colour
    earrings: bool

    @property
    def width(self) -> float:
        """Half the width of the face."""
        return self.cues["width"]


def person_of(rng: Generator, cues: Mapping[str, float], earrings: bool) -> Person:
    """Draw what does not depend on the label: age, colours and where the person looks."""
    age, tone = span(rng, (0, 1)), span(rng, (0, len(SKINS) - 1.01))
    skin = vary(rng, mix(SKINS[int(tone)], SKINS[int(tone) + 1], tone % 1), 8)
    darkest = 4 if tone > 4 else len(HAIRS)  # fair hair on fair and medium skins only
    hair = vary(rng, pick(rng, HAIRS[:darkest]), 12)
    if age > span(rng, (0.5, 0.9)):
        hair = mix(hair, pick(rng, GREYS), span(rng, (0.6, 1.0)))
    eyes = pick(rng, EYES) if tone < 3 else (98, 66, 48)
    return Person(cues, span(rng, (-1, 1)), age, skin, hair, eyes, earrings)
