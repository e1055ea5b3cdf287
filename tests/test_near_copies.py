import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from tl_helpers import near_copies
from tl_helpers.folders import read_picture
from tl_helpers.near_copies import BITS, THRESHOLD, members, near_copy_groups, near_copy_pairs, picture_hashes
from tl_helpers.picturebook import draw_many


def saved_again(picture, quality):
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def noisy(picture):
    values = np.asarray(picture) + np.random.default_rng(0).normal(0, 8, (picture.height, picture.width, 3))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


CHANGES = {
    "half the size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "another shape": lambda picture: picture.resize((200, 120)),
    "saved at quality 50": lambda picture: saved_again(picture, 50),
    "saved at quality 20": lambda picture: saved_again(picture, 20),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.8),
    "more contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(1.3),
    "grey": lambda picture: picture.convert("L").convert("RGB"),
    "noisy": noisy,
    "mirrored": ImageOps.mirror,
    "mirrored, small and saved again": lambda picture: saved_again(ImageOps.mirror(picture).resize((64, 64)), 50),
}


@pytest.fixture(scope="module")
def drawings():
    images, _ = draw_many(("cat", "dog", "daisy", "rose", "husky", "man"), 40, 3)
    return images


def flipped_bits(images):
    """Oracle: the hash by scipy's cosine transform, and bits counted one by one."""
    from scipy.fft import dctn

    grey = [np.asarray(Image.fromarray(i).convert("L").resize((64, 64), Image.Resampling.BILINEAR)) for i in images]
    low = [dctn(each.astype(float))[1:17, 1:17].ravel() for each in grey]
    bits = np.array([each > np.median(each) for each in low])
    return (bits[:, None] != bits[None]).sum(axis=2)


def test_the_hash_is_that_of_an_independent_cosine_transform(drawings):
    hashes = picture_hashes(drawings[:40])[:, 0].astype(int)
    assert set(np.unique(hashes)) == {-1, 1}
    assert np.abs((BITS - hashes @ hashes.T) // 2 - flipped_bits(drawings[:40])).max() <= 2  # rounding at the median


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found(drawings, change):
    changed = [np.asarray(CHANGES[change](Image.fromarray(image))) for image in drawings[::6]]
    pairs = near_copy_pairs(picture_hashes([*drawings, *changed]))
    assert pairs.tolist() == [[6 * i, len(drawings) + i] for i in range(40)]


def test_different_drawings_are_no_copies_and_far_from_the_threshold(drawings):
    hashes = picture_hashes(drawings)
    assert len(near_copy_pairs(hashes)) == 0
    assert len(near_copy_pairs(hashes, THRESHOLD + 20)) == 0
    assert len(near_copy_pairs(hashes, BITS // 2 - 20)) > 0


def test_pictures_of_one_colour_are_no_copies_of_one_another():
    plain = np.stack([np.full((40, 40, 3), grey, np.uint8) for grey in (0, 128, 255)])
    assert not picture_hashes(plain).any()
    assert len(near_copy_pairs(picture_hashes(plain))) == 0


def test_no_pictures_have_no_hashes():
    assert near_copy_pairs(picture_hashes(np.zeros((0, 8, 8, 3), np.uint8))).shape == (0, 2)


def test_pairs_are_found_across_the_borders_of_parts(monkeypatch):
    random = np.random.default_rng(0)
    hashes = np.where(random.random((50, 2, BITS)) < 0.5, -1, 1).astype(np.int8)
    hashes[37, 0], hashes[12, 0] = hashes[4, 0], hashes[44, 1]
    hashes[12, 1] = hashes[44, 0]
    monkeypatch.setattr(near_copies, "ROWS_AT_ONCE", 7)
    assert near_copy_pairs(hashes).tolist() == [[4, 37], [12, 44]]
    hashes[37, 0, : THRESHOLD + 1] *= -1
    assert near_copy_pairs(hashes).tolist() == [[12, 44]]


def test_pictures_joined_by_a_chain_are_one_group():
    groups = near_copy_groups(np.array([[5, 2], [2, 7], [0, 3]]), 8)
    assert groups.tolist() == [0, 1, 2, 0, 3, 2, 4, 2]
    assert [group.tolist() for group in members(groups)] == [[0, 3], [2, 5, 7]]
    assert near_copy_groups(np.zeros((0, 2), np.int64), 3).tolist() == [0, 1, 2]


@pytest.mark.full
def test_of_1400_photographs_of_cats_and_dogs_only_a_true_pair_is_found(test_data):
    files = sorted((test_data / "photos" / "cats_and_dogs_filtered").rglob("*.jpg"))
    images = np.stack([read_picture(file, 64)[0] for file in files])
    hashes = picture_hashes(images)
    for threshold in (THRESHOLD, THRESHOLD + 30):
        pairs = [tuple(files[i].name for i in pair) for pair in near_copy_pairs(hashes, threshold)]
        assert pairs == [("dog.180.jpg", "dog.74.jpg")]  # one photograph in two sizes
