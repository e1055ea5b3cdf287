"""Species of mammals: which parts each has, and how large they may be."""

from dataclasses import dataclass

from tl_helpers.picturebook.coats import HOUSE_COATS, HOUSE_PATTERNS
from tl_helpers.picturebook.colours import INK, PINK, Colour

Range = tuple[float, float]


@dataclass(frozen=True)
class Species:
    """What the members of a species share; every range is drawn anew for each animal. A face is about 2 units wide.

    Args:
        ears: kinds to choose from (functions of ``EARS``).
        ear_size: length of an ear.
        width: half the width of the face; ``jaw``: width of its lower half as a share of that.
        muzzle: half the width of the muzzle; ``reach``: how far it stands out, as its height.
        nose: half the width of the nose; ``snout``: whether the nose is a pig's or a cow's.
        eye: radius of an eye; ``slit``: probability of a slit pupil; ``apart``: distance from the middle.
        whiskers, tongue, brows: probabilities.
        tail: kind of tail; ``extra``: what only this species has.
    """

    ears: tuple[str, ...]
    ear_size: Range
    width: Range = (0.85, 1.0)
    jaw: Range = (0.8, 1.0)
    muzzle: Range = (0.35, 0.5)
    reach: Range = (0.3, 0.42)
    nose: Range = (0.12, 0.18)
    snout: bool = False
    eye: Range = (0.13, 0.19)
    slit: float = 0.0
    apart: Range = (0.38, 0.48)
    whiskers: float = 0.0
    tongue: float = 0.0
    brows: float = 0.0
    tail: tuple[str, ...] = ("thin",)
    furs: tuple[str, ...] = HOUSE_COATS
    patterns: tuple[str, ...] = HOUSE_PATTERNS
    pale_muzzle: float = 0.6
    noses: tuple[Colour, ...] = (INK, (96, 70, 66), PINK)
    extra: str = ""


PLAIN = ("plain",)
BROWN: Colour = (96, 70, 66)
BREED_FURS = ("cream", "sand", "ginger", "rust", "brown", "grey")
TARGETS = {
    "cat": Species(ears=("pointed",) * 14 + ("folded",), ear_size=(0.64, 0.92), jaw=(0.85, 1.05), muzzle=(0.28, 0.36),
                   reach=(0.18, 0.24), nose=(0.08, 0.11), eye=(0.17, 0.25), slit=0.95, whiskers=1.0, tongue=0.06,
                   brows=0.1, tail=("thin", "thin", "bushy")),
    "dog": Species(ears=("floppy", "folded") * 7 + ("tall",), ear_size=(0.64, 0.92), jaw=(0.75, 1.0),
                   muzzle=(0.46, 0.58), reach=(0.44, 0.56), nose=(0.2, 0.27), eye=(0.11, 0.15), tongue=0.45,
                   brows=0.25, tail=("thin", "bushy", "curled")),
    "golden": Species(ears=("floppy", "floppy", "folded"), ear_size=(0.66, 0.88), jaw=(0.8, 1.0), muzzle=(0.42, 0.52),
                      reach=(0.38, 0.48), nose=(0.16, 0.21), eye=(0.11, 0.16), tongue=0.35, brows=0.3,
                      tail=("bushy",), furs=BREED_FURS, patterns=("plain", "plain", "blaze"), noses=(INK, BROWN),
                      pale_muzzle=0.7),
    "husky": Species(ears=("pointed", "tall"), ear_size=(0.52, 0.7), jaw=(0.75, 0.95), muzzle=(0.36, 0.46),
                     reach=(0.36, 0.46), nose=(0.15, 0.2), eye=(0.11, 0.16), tongue=0.35, brows=0.5,
                     tail=("bushy", "curled"), furs=BREED_FURS, patterns=("plain", "plain", "blaze"),
                     noses=(INK, BROWN), pale_muzzle=1.0, extra="pale_mask"),
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
    "wolf": Species(ears=("pointed", "tall"), ear_size=(0.6, 0.75), jaw=(0.55, 0.7), muzzle=(0.26, 0.34),
                    reach=(0.34, 0.44), nose=(0.12, 0.16), eye=(0.1, 0.14), slit=0.4, brows=0.3, tail=("bushy",),
                    furs=("grey", "silver", "charcoal", "white", "brown"), patterns=("plain", "points"), noses=(INK,),
                    extra="ruff"),
    "koala": Species(ears=("rounded",), ear_size=(0.8, 0.95), width=(0.9, 1.05), jaw=(0.85, 1.0), muzzle=(0.22, 0.28),
                     reach=(0.2, 0.26), nose=(0.08, 0.1), eye=(0.09, 0.12), tail=("stub",), patterns=PLAIN,
                     furs=("grey", "silver", "brown", "sand"), noses=(INK,), extra="broad_nose"),
    "hedgehog": Species(ears=("rounded",), ear_size=(0.3, 0.4), width=(0.7, 0.85), jaw=(0.5, 0.65),
                        muzzle=(0.22, 0.28), reach=(0.26, 0.34), nose=(0.12, 0.16), eye=(0.1, 0.14), tail=("stub",),
                        patterns=PLAIN, furs=("cream", "sand", "silver", "brown"), noses=(INK,), extra="spines"),
    "zebra": Species(ears=("sideways", "tall"), ear_size=(0.5, 0.65), width=(0.66, 0.78), jaw=(0.7, 0.85),
                     muzzle=(0.4, 0.5), reach=(0.36, 0.46), nose=(0.16, 0.2), snout=True, eye=(0.11, 0.15),
                     tail=("thin",), furs=("white", "cream", "silver", "sand"), patterns=("dark_stripes",),
                     pale_muzzle=0.0, extra="crest"),
}  # fmt: skip
SPECIES = {**TARGETS, **SOURCE}
