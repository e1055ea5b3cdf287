"""People of the lessons: portraits of a man or a woman.

Only the cues of ``person_cues`` and the headwear depend on the label. Everything else (skin, age, colours, clothes,
glasses, expression, position) is drawn the same way for both.
"""

from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.clothes import draw_clothes
from tl_helpers.picturebook.colours import chance, span
from tl_helpers.picturebook.hair import draw_behind, draw_hair, draw_in_front, hair_of
from tl_helpers.picturebook.heads import draw_head, draw_neck
from tl_helpers.picturebook.headwear import draw_headwear
from tl_helpers.picturebook.person import person_of
from tl_helpers.picturebook.person_cues import HEADWEAR, PEOPLE, choose, draw_look

__all__ = ["PEOPLE", "draw_person"]


def draw_person(canvas: Canvas, rng: Generator, label: str) -> None:
    """Draw a portrait: head and shoulders, now and then to the waist, somewhere near the middle.

    Args:
        canvas: to draw on, 0–1 coordinates.
        rng: source of chance.
        label: ``"man"`` or ``"woman"``.
    """
    look = draw_look(rng, label)
    worn = choose(rng, HEADWEAR[label])
    person, hair = person_of(rng, look.cues, look.earrings), hair_of(rng, look.style, bool(worn))
    scale, y = span(rng, (0.25, 0.33)), span(rng, (0.43, 0.54))
    if chance(rng, 0.12):
        scale, y = span(rng, (0.215, 0.25)), span(rng, (0.35, 0.43))
    with canvas.placed(span(rng, (0.4, 0.6)), y, scale, span(rng, (-0.13, 0.13)), chance(rng, 0.5)):
        if worn != "headscarf":
            draw_behind(canvas, rng, hair, person)
        draw_neck(canvas, person)
        with canvas.placed(0, person.cues["collar"] - 1.2):
            draw_clothes(canvas, rng, person)
        with canvas.placed(0, 0, 1, span(rng, (-0.08, 0.08))):
            draw_head(canvas, rng, person)
            if worn != "headscarf":
                draw_hair(canvas, rng, hair, person)
            if worn:
                draw_headwear(canvas, rng, worn, person)
        if worn != "headscarf":
            draw_in_front(canvas, rng, hair, person)
