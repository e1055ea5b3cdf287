"""Drawings at the ends of every range, and pictures that come too close to one another."""

from hashlib import sha256

import numpy as np
import pytest
from PIL import Image

from tl_helpers import picturebook
from tl_helpers.drawn import drawn_splits
from tl_helpers.picturebook.canvas import Canvas
from tl_helpers.picturebook.light import photograph
from tl_helpers.picturebook.scene import draw_background, draw_foreground
from tl_helpers.sources import DATA_SETS

PAPER = (1, 2, 3)  # no drawing uses it
NEAR = 6.0  # mean difference of two 24×24 grey pictures, in steps of 0–255; a shifted or noisier copy stays below


class Extreme(np.random.Generator):
    """Gives only the ends of ranges; which end is left to chance, and so are choices from lists."""

    def random(self, *args, **kwargs):
        return np.where(super().random(*args, **kwargs) < 0.5, 0.0, 1.0 - 1e-9)[()]

    def uniform(self, low=0.0, high=1.0, size=None):
        return np.where(super().random(size) < 0.5, low, high)[()]


def extreme(*seed):
    return Extreme(np.random.PCG64(seed))


@pytest.mark.parametrize("label", picturebook.CLASSES)
def test_no_picture_at_the_ends_of_all_ranges_is_blank_or_drawn_twice(label):
    hashes = set()
    for index in range(8):
        rng, canvas = extreme(31, index), Canvas(96)
        draw_background(canvas, rng)
        picturebook.draw_subject(canvas, rng, label)
        draw_foreground(canvas, rng)
        picture = photograph(canvas.reduced(), rng)
        assert picture.std() > 10
        assert np.isin(picture, (0, 255)).mean() < 0.3
        hashes.add(sha256(picture.tobytes()).hexdigest())
    assert len(hashes) == 8


@pytest.mark.parametrize("label", picturebook.CLASSES)
def test_what_a_picture_shows_is_large_enough_and_lies_mostly_inside_it(label):
    """Drawn at half size in the middle of an empty sheet, so that what the edge would cut off is seen.

    Shoulders of portraits run out of the picture on purpose.
    """
    for index in range(8):
        canvas = Canvas(192)
        canvas.image.paste(PAPER, (0, 0, canvas.pixels, canvas.pixels))
        with canvas.placed(0.25, 0.25, 0.5):
            picturebook.draw_subject(canvas, extreme(32, index), label)
        drawn = (np.asarray(canvas.image) != PAPER).any(axis=2)
        quarter = canvas.pixels // 4
        inside = drawn[quarter:-quarter, quarter:-quarter]
        assert inside.mean() > 0.04, f"{label} {index} fills {inside.mean():.3f} of its picture"
        share = inside.sum() / drawn.sum()
        assert share > (1 / 3 if label in picturebook.TARGETS["people"] else 0.5), (
            f"only {share:.2f} of {label} {index} lies in its picture"
        )


def small_grey(images):
    small = [Image.fromarray(image).convert("L").resize((24, 24), Image.Resampling.BOX) for image in images]
    return np.stack([np.asarray(image, dtype=np.float32).ravel() for image in small])


def smallest_difference(first, second):
    return min(float(np.abs(second - picture).mean(axis=1).min()) for picture in first)


def test_a_shifted_copy_counts_as_nearly_equal():
    images, _ = picturebook.draw_many(("cat", "dog"), 10, seed=33)
    copies = np.clip(np.roll(images, 1, axis=2).astype(int) + 3, 0, 255).astype(np.uint8)
    assert smallest_difference(small_grey(copies), small_grey(images)) < NEAR


@pytest.mark.parametrize("name", DATA_SETS)
def test_no_picture_of_one_split_nearly_equals_one_of_another(name):
    splits = drawn_splits(DATA_SETS[name], 96)
    train, validation, test = (small_grey(each.images) for each in (splits.train, splits.validation, splits.test))
    assert smallest_difference(validation, train) > NEAR
    assert smallest_difference(test, train) > NEAR
    assert smallest_difference(test, validation) > NEAR
