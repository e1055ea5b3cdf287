import shutil
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image

from tl_helpers import picturebook
from tl_helpers.batches import as_dataset
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI, Edition
from tl_helpers.folders import read_folder, read_picture, read_splits
from tl_helpers.messages import CourseError
from tl_helpers.pictures import load_pictures, split_indices


def contents(pictures):
    return {sha256(image.tobytes()).hexdigest() for image in pictures.images}


def test_a_folder_becomes_pictures_labels_and_class_names(two_classes):
    pictures = read_folder(two_classes, 32).pictures
    assert pictures.images.shape == (40, 32, 32, 3)
    assert pictures.images.dtype == np.uint8
    assert pictures.class_names == ("ants", "bees")
    assert list(np.bincount(pictures.labels)) == [20, 20]
    assert pictures.names[0] == "insects/ants/00.png"


def test_a_plain_folder_is_split_by_class_without_overlap(two_classes):
    splits = read_splits(two_classes, 32)
    assert [list(np.bincount(part.labels)) for part in (splits.train, splits.validation, splits.test)] == [
        [14, 14],
        [3, 3],
        [3, 3],
    ]
    assert not contents(splits.train) & contents(splits.validation)
    assert not (contents(splits.train) | contents(splits.validation)) & contents(splits.test)


def test_a_split_does_not_depend_on_file_names(two_classes):
    before = contents(read_splits(two_classes, 32).test)
    for i, path in enumerate(sorted((two_classes / "ants").iterdir(), reverse=True)):
        path.rename(path.with_name(f"renamed-{i:02}.png"))
    assert contents(read_splits(two_classes, 32).test) == before


def test_official_validation_pictures_become_validation_and_test(two_classes, tmp_path):
    official = tmp_path / "official"
    shutil.copytree(two_classes, official / "validation")
    for name in ("ants", "bees"):
        (official / "train" / name).mkdir(parents=True)
        for i in range(4):
            (official / "validation" / name / f"{i:02}.png").rename(official / "train" / name / f"{i:02}.png")
    splits = read_splits(official, 32, held_out_test_share=0.25)
    assert (len(splits.train), len(splits.validation), len(splits.test)) == (8, 24, 8)
    assert list(np.bincount(splits.test.labels)) == [4, 4]


def test_a_copy_of_a_training_picture_is_kept_out_of_validation(two_classes, tmp_path):
    official = tmp_path / "official"
    shutil.copytree(two_classes, official / "train")
    shutil.copytree(two_classes, official / "validation")
    for name in ("ants", "bees"):
        for path in (official / "validation" / name).iterdir():
            if path.name > "09.png":
                with Image.open(path) as picture:
                    picture.rotate(180).save(path)
    splits = read_splits(official, 32)
    assert len(splits.validation) + len(splits.test) == 20
    assert [left_out.name for left_out in splits.left_out][:1] == ["validation/ants/00.png"]
    assert "train/ants/00.png" in splits.left_out[0].reason


def test_validation_with_other_classes_than_training_is_refused(two_classes, tmp_path, each_language):
    shutil.copytree(two_classes, tmp_path / "official" / "train")
    shutil.copytree(two_classes, tmp_path / "official" / "validation")
    (tmp_path / "official" / "validation" / "bees").rename(tmp_path / "official" / "validation" / "wasps")
    with pytest.raises(CourseError, match=r"wasps.*bees"):
        read_splits(tmp_path / "official", 32)


def test_a_text_file_named_jpg_is_left_out_and_named(two_classes, each_language):
    (two_classes / "ants" / "note.jpg").write_text("not a picture")
    left_out = read_folder(two_classes, 32).left_out
    assert [entry.name for entry in left_out] == ["insects/ants/note.jpg"]
    assert ("cannot be read" if each_language == "en" else "okunamıyor") in left_out[0].reason


def test_a_truncated_jpeg_is_left_out_and_named(two_classes):
    whole = two_classes / "ants" / "whole.jpg"
    Image.effect_noise((200, 200), 90).save(whole)
    (two_classes / "ants" / "cut.jpg").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert [entry.name for entry in read_folder(two_classes, 32).left_out] == ["insects/ants/cut.jpg"]


def test_a_picture_too_large_to_be_honest_is_left_out(two_classes, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 300)
    image, _, reason = read_picture(two_classes / "ants" / "00.png", 32)
    assert image is None
    assert "bomb" in reason


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "RGBA", "LA", "1", "I;16"])
def test_every_kind_of_picture_becomes_rgb(tmp_path, mode):
    suffix = "tif" if mode in ("CMYK", "I;16") else "png"
    image = Image.new("I;16", (30, 20), 30000) if mode == "I;16" else Image.new("RGB", (30, 20), "teal").convert(mode)
    image.save(tmp_path / f"picture.{suffix}")
    array, _, reason = read_picture(tmp_path / f"picture.{suffix}", 16)
    assert reason == ""
    assert (array.shape, array.dtype) == ((16, 16, 3), np.uint8)


def test_sixteen_bit_grey_keeps_its_brightness(tmp_path):
    Image.new("I;16", (30, 20), 65535 // 2).save(tmp_path / "grey.png")
    array, _, _ = read_picture(tmp_path / "grey.png", 16)
    assert abs(int(array.mean()) - 127) <= 1


def test_of_an_animation_the_first_frame_is_taken(tmp_path):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    array, _, _ = read_picture(tmp_path / "moving.gif", 8)
    assert tuple(array[0, 0]) == (255, 0, 0)


def test_a_rotated_photograph_is_turned_upright(tmp_path):
    image = Image.new("RGB", (40, 20), "white")
    image.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown a quarter turn clockwise
    image.save(tmp_path / "turned.jpg", exif=exif)
    array, _, _ = read_picture(tmp_path / "turned.jpg", 16)
    assert array[2].mean() < 50 < 200 < array[-2].mean()


def test_a_missing_folder_is_named(tmp_path, each_language):
    with pytest.raises(CourseError, match="nowhere"):
        read_splits(tmp_path / "nowhere", 32)


def test_a_single_class_is_refused(two_classes, each_language):
    shutil.rmtree(two_classes / "bees")
    with pytest.raises(CourseError, match="ants"):
        read_splits(two_classes, 32)


def test_an_empty_class_is_refused_by_name(two_classes, each_language):
    for path in (two_classes / "bees").iterdir():
        path.unlink()
    with pytest.raises(CourseError, match="bees"):
        read_splits(two_classes, 32)


def test_a_class_too_small_to_split_is_refused(two_classes, each_language):
    for path in sorted((two_classes / "bees").iterdir())[2:]:
        path.unlink()
    with pytest.raises(CourseError, match=r"2.*3"):
        read_splits(two_classes, 32)


@pytest.mark.parametrize("count", [3, 4, 7, 10, 101])
def test_a_split_is_disjoint_complete_and_gives_each_share_something(count):
    labels = np.repeat([0, 1], count)
    keys = [str(i) for i in range(2 * count)]
    parts = split_indices(keys, labels)
    assert sorted(np.concatenate(parts)) == list(range(2 * count))
    assert all(list(np.unique(labels[part])) == [0, 1] for part in parts)


def test_another_seed_gives_another_split():
    keys, labels = [str(i) for i in range(40)], np.zeros(40, dtype=int)
    assert list(split_indices(keys, labels, seed=0)[2]) != list(split_indices(keys, labels, seed=1)[2])


def test_the_split_is_the_same_on_every_machine():
    keys, labels = [str(i) for i in range(20)], np.zeros(20, dtype=int)
    ranked = sorted(range(20), key=lambda i: sha256(f"0:{i}".encode()).hexdigest())
    assert list(split_indices(keys, labels)[2]) == sorted(ranked[17:])


def test_the_mini_edition_draws_the_pictures_once(monkeypatch):
    first = load_pictures("cats_and_dogs", MINI, image_size=16)
    monkeypatch.setattr(picturebook, "draw_many", lambda *_: pytest.fail("drawn again"))
    again = load_pictures("cats_and_dogs", MINI, image_size=16)
    assert np.array_equal(first.train.images, again.train.images)
    assert (len(first.train), len(first.validation), len(first.test)) == (400, 600, 150)
    assert first.train.class_names == ("cat", "dog")


def test_a_damaged_file_of_kept_drawings_is_drawn_again(monkeypatch, tmp_path):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    first = drawn_pictures(("cat", "dog"), 2, seed=9, image_size=16)
    (file,) = (tmp_path / "picturebook").rglob("*.npz")
    file.write_bytes(file.read_bytes()[:100])
    assert np.array_equal(drawn_pictures(("cat", "dog"), 2, seed=9, image_size=16).images, first.images)


def test_a_data_folder_that_cannot_be_written_does_no_harm(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "file"))
    assert len(drawn_pictures(("cat", "dog"), 2, seed=9, image_size=16)) == 4


def test_an_unknown_data_set_is_refused_with_the_known_ones(each_language):
    with pytest.raises(CourseError, match=r"'birds'.*cats_and_dogs"):
        load_pictures("birds", MINI)


def test_folders_of_the_full_edition_get_the_standard_class_names(two_classes):
    (two_classes / "ants").rename(two_classes / "cats")
    (two_classes / "bees").rename(two_classes / "dogs")
    splits = load_pictures("cats_and_dogs", Edition("full", 24, {"cats_and_dogs": two_classes}))
    assert splits.test.class_names == ("cat", "dog")
    assert splits.train.images.shape[1:] == (24, 24, 3)


def test_a_dataset_gives_every_picture_once_as_floats(two_classes):
    pictures = read_folder(two_classes, 16).pictures
    batches = list(as_dataset(pictures, batch_size=16, shuffle=True))
    assert [len(labels) for _, labels in batches] == [16, 16, 8]
    assert batches[0][0].dtype == "float32"
    seen = sorted(float(image.sum()) for images, _ in batches for image in images.numpy())
    assert seen == sorted(float(image.sum()) for image in pictures.images)
