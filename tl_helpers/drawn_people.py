"""What the picture book knows of the people that it drew: their age and what is on their heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tl_helpers.picturebook import _number
from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.person import person_of
from tl_helpers.picturebook.person_cues import HEADWEAR, PEOPLE, choose, draw_look
from tl_helpers.picturebook.scene import draw_background

LONG_HAIR = frozenset({"bob", "shoulder", "long", "bun", "ponytail", "braids"})


def drawn_groups(names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Say to which groups drawn people belong. Introduced in lesson 07.

    The drawing is begun again from its seed, as far as the person is chosen; nothing is measured in the picture.

    Args:
        names: of portraits, as ``drawn_pictures(("man", "woman"), …)`` gives them.

    Returns:
        ``"age"`` and ``"hair"`` → one group a portrait, each a key of the messages' section ``people``.
    """
    chosen = [_chosen(name) for name in names]
    return {"age": tuple(age for age, _ in chosen), "hair": tuple(hair for _, hair in chosen)}


def _chosen(name: str) -> tuple[str, str]:
    """Return the age and hair group of one portrait, such as ``"man 2/17"``."""
    label, place = name.split(" ")
    seed, position = map(int, place.split("/"))
    rng = np.random.default_rng([_number(label), seed, position // len(PEOPLE)])
    draw_background(Canvas(8), rng)
    look = draw_look(rng, label)
    worn = choose(rng, HEADWEAR[label])
    age = person_of(rng, look.cues, look.earrings).age
    if worn:
        return _age_group(age), "covered"
    return _age_group(age), "long" if look.style in LONG_HAIR else "short"


def _age_group(age: float) -> str:
    return "young" if age < 1 / 3 else "middle" if age < 2 / 3 else "old"
