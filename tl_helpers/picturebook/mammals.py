"""Mammals: which parts each species has, and the poses that all of them share."""

import numpy as np
from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, smooth
from tl_helpers.picturebook.coats import Coat, draw_coat, paint_coat
from tl_helpers.picturebook.colours import INK, chance, darker, lighter, pick, span
from tl_helpers.picturebook.faces import PINK, Species, draw_face

PLAIN = ("plain",)
TARGETS = {
    "cat": Species(ears=("pointed",), ear_size=(0.64, 0.92), jaw=(0.85, 1.05), muzzle=(0.3, 0.4), reach=(0.2, 0.28),
                   nose=(0.09, 0.13), eye=(0.17, 0.25), slit=0.85, whiskers=0.85, tongue=0.06, brows=0.1,
                   tail=("thin", "thin", "bushy")),
    "dog": Species(ears=("floppy",) * 4 + ("folded",) * 4 + ("tall",), ear_size=(0.64, 0.92), jaw=(0.75, 1.0),
                   muzzle=(0.4, 0.54), reach=(0.38, 0.5), nose=(0.17, 0.24), eye=(0.12, 0.18), slit=0.0,
                   whiskers=0.1, tongue=0.45, brows=0.25, tail=("thin", "bushy", "curled")),
}  # fmt: skip
SOURCE = {
    "fox": Species(ears=("pointed", "tall"), ear_size=(0.7, 0.95), jaw=(0.55, 0.7), muzzle=(0.24, 0.32),
                   reach=(0.3, 0.4),
                   eye=(0.12, 0.18), slit=0.5, tail=("bushy",), furs=("ginger", "rust", "silver", "charcoal"),
                   patterns=("plain", "points"), noses=(INK,), whiskers=0.3, extra="white_cheeks"),
    "bear": Species(ears=("rounded",), ear_size=(0.5, 0.62), width=(0.95, 1.1), muzzle=(0.4, 0.5), reach=(0.32, 0.42),
                    nose=(0.15, 0.2), eye=(0.09, 0.12), tail=("stub",), patterns=PLAIN, noses=(INK,)),
    "panda": Species(ears=("rounded",), ear_size=(0.48, 0.6), width=(0.95, 1.1), muzzle=(0.34, 0.42),
                     reach=(0.26, 0.34),
                     eye=(0.1, 0.14), tail=("stub",), furs=("white",), patterns=("points",), noses=(INK,),
                     extra="eye_patches"),
    "rabbit": Species(ears=("long",), ear_size=(0.6, 0.8), width=(0.75, 0.9), muzzle=(0.28, 0.36), reach=(0.2, 0.28),
                      nose=(0.08, 0.11), eye=(0.14, 0.2), whiskers=0.6, tail=("stub",), noses=(PINK, INK)),
    "mouse": Species(ears=("rounded",), ear_size=(0.95, 1.2), width=(0.7, 0.85), jaw=(0.55, 0.7), muzzle=(0.2, 0.28),
                     reach=(0.22, 0.3), nose=(0.1, 0.13), eye=(0.12, 0.17), whiskers=0.95, tail=("thin",),
                     patterns=("plain", "patches", "blaze"), noses=(PINK,)),
    "pig": Species(ears=("folded", "pointed"), ear_size=(0.5, 0.65), width=(0.95, 1.05), muzzle=(0.36, 0.46),
                   reach=(0.28, 0.34), nose=(0.15, 0.18), snout=True, eye=(0.09, 0.13), tail=("curled",),
                   furs=("pink", "sand", "cream", "grey"), patterns=("plain", "patches", "spots")),
    "cow": Species(ears=("sideways",), ear_size=(0.6, 0.75), width=(0.75, 0.85), jaw=(0.75, 0.85),
                   muzzle=(0.55, 0.65),
                   reach=(0.34, 0.42), nose=(0.2, 0.25), snout=True, eye=(0.11, 0.15), pale_muzzle=0.9,
                   patterns=("patches", "patches", "plain", "blaze"), extra="horns"),
    "sheep": Species(ears=("sideways",), ear_size=(0.55, 0.7), width=(0.65, 0.75), jaw=(0.7, 0.85),
                     muzzle=(0.28, 0.36),
                     reach=(0.26, 0.32), nose=(0.1, 0.13), eye=(0.1, 0.13), tail=("stub",), patterns=PLAIN,
                     furs=("cream", "charcoal", "chocolate", "sand"), extra="wool"),
    "lion": Species(ears=("rounded",), ear_size=(0.4, 0.5), muzzle=(0.42, 0.52), reach=(0.3, 0.38), nose=(0.15, 0.2),
                    eye=(0.12, 0.16), slit=0.3, whiskers=0.5, tail=("thin",), patterns=PLAIN,
                    furs=("sand", "ginger", "cream", "brown"), extra="mane"),
    "raccoon": Species(ears=("rounded", "pointed"), ear_size=(0.5, 0.62), jaw=(0.6, 0.75), muzzle=(0.26, 0.34),
                       reach=(0.26, 0.34), eye=(0.165, 0.2), whiskers=0.5, tail=("bushy",), patterns=PLAIN,
                       furs=("silver", "grey", "brown", "sand"), pale_muzzle=1.0, noses=(INK,), extra="mask"),
    "deer": Species(ears=("sideways", "tall"), ear_size=(0.6, 0.75), width=(0.68, 0.8), jaw=(0.6, 0.7),
                    muzzle=(0.28, 0.36),
                    reach=(0.34, 0.42), eye=(0.14, 0.18), tail=("stub",), furs=("rust", "brown", "sand", "ginger"),
                    patterns=("plain", "spots"), noses=(INK,), extra="antlers"),
    "elephant": Species(ears=("rounded",), ear_size=(1.25, 1.5), width=(0.8, 0.95), muzzle=(0.2, 0.25),
                        reach=(0.15, 0.2),
                        nose=(0.02, 0.03), eye=(0.09, 0.12),
                        patterns=PLAIN, furs=("grey", "silver", "charcoal", "brown"),
                        extra="trunk"),
    "monkey": Species(ears=("rounded",), ear_size=(0.5, 0.65), width=(0.85, 0.95), muzzle=(0.42, 0.52),
                      reach=(0.3, 0.38),
                      nose=(0.07, 0.1), eye=(0.12, 0.16), tail=("curled",), pale_muzzle=1.0, patterns=PLAIN,
                      furs=("brown", "chocolate", "rust", "grey"), extra="bare_face"),
}  # fmt: skip
SPECIES = {**TARGETS, **SOURCE}


def draw_mammal(canvas: Canvas, rng: Generator, label: str) -> None:
    """Draw an animal in one of the poses, somewhere near the middle."""
    species = SPECIES[label]
    coat = draw_coat(rng, species.furs, species.patterns, species.pale_muzzle)
    pick(rng, (portrait, portrait, sitting, lying))(canvas, rng, species, coat)


def portrait(canvas: Canvas, rng: Generator, species: Species, coat: Coat) -> None:
    """Draw head and shoulders, large; sometimes cut off by the edge."""
    scale, turn = span(rng, (0.23, 0.34)), span(rng, (-1, 1))
    with canvas.placed(span(rng, (0.38, 0.62)), span(rng, (0.42, 0.6)), scale, span(rng, (-0.3, 0.3))):
        with canvas.placed(0, 1.55, 0.95):
            paint_coat(canvas, rng, coat, smooth([(-1, 0.9), (-0.8, -0.5), (0, -0.9), (0.8, -0.5), (1, 0.9)]), False)
        draw_face(canvas, rng, species, coat, turn)


def sitting(canvas: Canvas, rng: Generator, species: Species, coat: Coat) -> None:
    """Draw the whole animal, sitting and seen from the front."""
    scale, x, y = span(rng, (0.2, 0.27)), span(rng, (0.35, 0.65)), span(rng, (0.62, 0.76))
    with canvas.placed(x, y, scale, span(rng, (-0.08, 0.08)), chance(rng, 0.5)):
        _tail(canvas, rng, species, coat, (0.7, 0.9))
        body = smooth(
            [(0, -1), (0.55, -0.6), (0.95, 0.4), (0.75, 1.1), (0, 1.2), (-0.75, 1.1), (-0.95, 0.4), (-0.55, -0.6)]
        )
        paint_coat(canvas, rng, coat, body, on_face=False)
        for side in (-1, 1):
            canvas.blob([(side * 0.12, 0.2), (side * 0.45, 0.2), (side * 0.48, 1.15), (side * 0.1, 1.15)], coat.ground)
            canvas.ellipse(side * 0.3, 1.18, 0.27, 0.16, lighter(coat.ground, 0.15))
        with canvas.placed(span(rng, (-0.15, 0.15)), -1.35, span(rng, (0.78, 0.95)), span(rng, (-0.25, 0.25))):
            draw_face(canvas, rng, species, coat, span(rng, (-1, 1)))


def lying(canvas: Canvas, rng: Generator, species: Species, coat: Coat) -> None:
    """Draw the whole animal, lying on its side with its head raised."""
    scale, x, y = span(rng, (0.2, 0.27)), span(rng, (0.45, 0.55)), span(rng, (0.62, 0.76))
    with canvas.placed(x, y, scale, span(rng, (-0.1, 0.1)), chance(rng, 0.5)):
        _tail(canvas, rng, species, coat, (1.5, 0.3))
        with canvas.placed(0.55, 0.25, 0.8):
            body = smooth([(-1.2, 0), (-0.8, -0.75), (0.6, -0.85), (1.45, -0.2), (1.3, 0.7), (-0.9, 0.75)])
            paint_coat(canvas, rng, coat, body, on_face=False)
        for dx in (-0.9, -0.4):
            canvas.ellipse(dx, 0.85, 0.45, 0.17, lighter(coat.ground, 0.12))
        with canvas.placed(-0.7, -0.4, span(rng, (0.78, 0.92)), span(rng, (-0.35, 0.2))):
            draw_face(canvas, rng, species, coat, span(rng, (-1, 1)))


def _tail(canvas: Canvas, rng: Generator, species: Species, coat: Coat, at: tuple[float, float]) -> None:
    kind, (x, y), rise = pick(rng, species.tail), at, span(rng, (0.3, 1.3))
    path = [(x, y), (x + 0.6, y - 0.05), (x + 0.9, y - rise * 0.6), (x + 0.75, y - rise)]
    width = {"thin": 0.2, "bushy": 0.42, "curled": 0.22, "stub": 0.3}[kind]
    if kind == "curled":
        path = [(x, y - 0.3), (x + 0.5, y - 0.6), (x + 0.35, y - 1.0), (x + 0.05, y - 0.8), (x + 0.3, y - 0.65)]
    if kind == "stub":
        path = path[:2]
    tip = darker(coat.ground, 0.1) if np.sum(coat.second) > np.sum(coat.ground) else coat.second
    canvas.stroke(path, darker(coat.ground, 0.55), width + 0.1)
    canvas.stroke(path, coat.ground, width)
    if kind != "stub" and coat.pattern in ("stripes", "points"):
        canvas.stroke(path[-2:], tip, width)
