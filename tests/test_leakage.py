from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageOps

from tl_helpers.editions import Edition
from tl_helpers.folders import read_splits
from tl_helpers.leakage import split_groups, without_leakage
from tl_helpers.messages import CourseError
from tl_helpers.near_copies import near_copy_pairs, picture_hashes
from tl_helpers.picturebook import draw_many
from tl_helpers.pictures import Pictures, Splits, load_pictures, split_indices


def write(folder, names, images):
    folder.mkdir(parents=True, exist_ok=True)
    for name, image in zip(names, images, strict=True):
        Image.fromarray(image).save(folder / f"{name}.png")


@pytest.fixture(scope="module")
def drawings():
    images, labels = draw_many(("cat", "dog"), 20, 5)
    return images[labels == 0], images[labels == 1]


@pytest.fixture
def own_folder(tmp_path, drawings):
    """Twenty drawings a class, and mirrored copies of the first six cats."""
    for name, images in zip(("cats", "dogs"), drawings, strict=True):
        write(tmp_path / "own" / name, [f"{i:02}" for i in range(20)], images)
    mirrored = [np.asarray(ImageOps.mirror(Image.fromarray(image))) for image in drawings[0][:6]]
    write(tmp_path / "own" / "cats", [f"copy-{i:02}" for i in range(6)], mirrored)
    return tmp_path / "own"


def sides(splits):
    return {
        name.rsplit("/", 1)[-1]: split
        for split in ("train", "validation", "test")
        for name in getattr(splits, split).names
        if "/cats/" in name
    }


def leaks(splits):
    parts = (splits.train, splits.validation, splits.test)
    side = np.repeat(np.arange(3), [len(part) for part in parts])
    pairs = near_copy_pairs(picture_hashes(np.concatenate([part.images for part in parts])))
    return int((side[pairs[:, 0]] != side[pairs[:, 1]]).sum())


# The split


@pytest.mark.parametrize("count", [3, 4, 7, 10, 101])
@pytest.mark.parametrize("shares", [(0.7, 0.15, 0.15), (0.0, 0.8, 0.2)])
def test_without_near_copies_the_split_is_the_plain_one(count, shares):
    keys, labels = [str(i) for i in range(2 * count)], np.repeat([0, 1], count)
    for seed in (0, 1):
        grouped = split_groups(keys, labels, np.arange(2 * count)[::-1].copy(), shares, seed)
        for got, expected in zip(grouped, split_indices(keys, labels, shares, seed), strict=True):
            assert got.dtype == expected.dtype
            np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("seed", range(20))
def test_groups_stay_whole_and_every_class_is_in_every_split(seed):
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, 90)
    groups = 100 * labels + random.integers(0, random.integers(4, 40), 90)
    parts = split_groups([str(i) for i in range(90)], labels, groups, seed=seed)
    assert sorted(np.concatenate(parts)) == list(range(90))
    assert sum(len(np.unique(groups[part])) for part in parts) == len(np.unique(groups))
    assert all(set(labels[part]) == {0, 1, 2} for part in parts)


def test_small_groups_hardly_change_the_sizes_and_validation_and_test_have_none():
    groups = np.arange(100)
    groups[:30] //= 2
    parts = split_groups([str(i) for i in range(100)], np.zeros(100, int), groups)
    assert [len(part) for part in parts] == [70, 15, 15]
    assert all(len(np.unique(groups[part])) == len(part) for part in parts[1:])


def test_the_order_of_the_files_does_not_matter():
    keys, groups = [str(i) for i in range(40)], np.arange(40) // 3
    order = np.random.default_rng(0).permutation(40)
    before = split_groups(keys, np.zeros(40, int), groups)
    after = split_groups([keys[i] for i in order], np.zeros(40, int), groups[order])
    for one, other in zip(before, after, strict=True):
        assert set(one) == set(order[other])


def test_what_is_in_two_classes_is_never_tested():
    groups = np.arange(20)
    groups[10:14] = groups[:4]
    train, _, _ = split_groups([str(i) for i in range(20)], np.repeat([0, 1], 10), groups)
    assert {0, 1, 2, 3, 10, 11, 12, 13} <= set(train)


def test_a_class_of_one_picture_in_many_copies_cannot_be_split(each_language):
    with pytest.raises(CourseError, match="2.*3"):
        split_groups([str(i) for i in range(20)], np.zeros(20, int), np.repeat([0, 1], 10))


# Folders


def test_near_copies_in_an_own_folder_are_kept_on_one_side(own_folder):
    plain = read_splits(own_folder, 48, near_copies_together=False)
    assert leaks(plain) > 0
    assert plain.near_copies == ()
    splits = read_splits(own_folder, 48)
    assert leaks(splits) == 0
    side = sides(splits)
    assert len(side) == 26
    assert all(side[f"{i:02}.png"] == side[f"copy-{i:02}.png"] for i in range(6))
    assert ("own/cats/00.png", "own/cats/copy-00.png") in splits.near_copies
    assert len(splits.near_copies) == 6


def test_a_near_copy_of_a_training_picture_is_left_out_of_validation_and_named(tmp_path, drawings, each_language):
    for name, images in zip(("cats", "dogs"), drawings, strict=True):
        write(tmp_path / "train" / name, range(10), images[:10])
        write(tmp_path / "validation" / name, range(10, 20), images[10:])
    smaller = Image.fromarray(drawings[0][4]).resize((60, 60))
    smaller.save(tmp_path / "validation" / "cats" / "small.png")
    splits = read_splits(tmp_path, 48)
    (left_out,) = splits.left_out
    assert left_out.name == "validation/cats/small.png"
    assert "train/cats/4.png" in left_out.reason
    assert ("nearly" if each_language == "en" else "neredeyse") in left_out.reason
    assert (len(splits.train), len(splits.validation), len(splits.test)) == (20, 16, 4)
    assert read_splits(tmp_path, 48, near_copies_together=False).left_out == ()


def test_own_pictures_in_a_lesson_are_kept_together_with_a_sentence(own_folder, capsys, each_language):
    splits = load_pictures("cats_and_dogs", Edition("full", 48, {"cats_and_dogs": own_folder}))
    said = capsys.readouterr().out
    assert leaks(splits) == 0
    assert "12" in said
    assert f"tl_helpers.checkup {own_folder}" in said


def test_the_official_archive_is_divided_as_it_always_was(own_folder, capsys):
    official = own_folder.rename(own_folder.parent / "cats_and_dogs_filtered")
    splits = load_pictures("cats_and_dogs", Edition("full", 48, {"cats_and_dogs": official}))
    assert (splits.near_copies, capsys.readouterr().out) == ((), "")
    assert leaks(splits) > 0


# Splits that were made in another way


def leaking(drawings):
    cats, dogs = drawings
    parts = []
    for start, stop, extra in ((0, 8, []), (8, 14, [0]), (14, 20, [1, 9])):
        images = np.concatenate([cats[start:stop], cats[extra][:, :, ::-1], dogs[start:stop]])
        count = stop - start + len(extra)
        names = tuple(f"cat {i}" for i in range(start, stop)) + tuple(f"cat {i} mirrored in {start}" for i in extra)
        labels = np.repeat([0, 1], [count, stop - start])
        parts.append(Pictures(images, labels, ("cat", "dog"), names + tuple(f"dog {i}" for i in range(start, stop))))
    return Splits(*parts)


def test_leakage_is_removed_and_nothing_else_moves(drawings):
    splits = leaking(drawings)
    assert leaks(splits) == 3
    clean = without_leakage(splits)
    assert leaks(clean) == 0
    moved_to_train = {"cat 0 mirrored in 8", "cat 1 mirrored in 14"}
    assert set(clean.train.names) == set(splits.train.names) | moved_to_train
    assert set(clean.validation.names) == set(splits.validation.names) - moved_to_train | {"cat 9 mirrored in 14"}
    assert len(clean.near_copies) == 3
    again = without_leakage(clean)
    assert [again.train.names, again.test.names] == [clean.train.names, clean.test.names]


def test_a_test_split_that_only_repeats_training_is_refused(drawings, each_language):
    splits = leaking(drawings)
    with pytest.raises(CourseError, match="test.*dog"):
        without_leakage(replace(splits, test=splits.train.take(np.arange(len(splits.train)))))


def test_pictures_copied_into_another_class_are_trained_on_but_never_tested(own_folder, each_language):
    def copy_into_dogs(pattern):
        for path in (own_folder / "cats").glob(pattern):
            with Image.open(path) as picture:
                picture.resize((70, 70)).save(own_folder / "dogs" / f"by mistake {path.name}")

    copy_into_dogs("1*.png")
    splits = read_splits(own_folder, 48)
    assert leaks(splits) == 0
    assert sum("by mistake" in name for name in splits.train.names) == 10
    assert len(splits.train) + len(splits.validation) + len(splits.test) == 56
    copy_into_dogs("[0c]*.png")
    with pytest.raises(CourseError, match="0.*2"):
        read_splits(own_folder, 48)
