"""A folder of own pictures: the reader's, or a drawn one with faults that the check-up must find."""

import pytest

from tl_helpers import own_pictures
from tl_helpers.checkup import check_up
from tl_helpers.editions import MINI, Edition
from tl_helpers.folders import read_splits
from tl_helpers.messages import CourseError, message
from tl_helpers.own_pictures import (
    EDITED,
    count_leaks,
    own_folder,
    planted_faults,
    split_counts,
    write_example_folder,
)

FULL = Edition("full", 64)


@pytest.fixture
def few_pictures(monkeypatch):
    monkeypatch.setattr(own_pictures, "DRAWN", {"cat": 24, "dog": 24, "sunflower": 8})


@pytest.fixture
def drawn(few_pictures, tmp_path):
    return write_example_folder(tmp_path / "my_pictures", 64)


def test_the_check_up_finds_every_fault_that_was_planted(drawn):
    assert planted_faults(drawn) == {"broken", "copies", "near", "imbalance"}
    assert planted_faults(drawn) <= {finding.kind for finding in check_up(drawn, 64).findings}


def test_the_edited_picture_is_torn_from_its_original_by_a_careless_split_only(drawn):
    careless, careful = (read_splits(drawn, 64, near_copies_together=together) for together in (False, True))
    (group,) = careful.near_copies
    assert any(name.endswith(EDITED) for name in group)
    torn, whole = (
        {part for part in ("train", "validation", "test") if set(group) & set(getattr(splits, part).names)}
        for splits in (careless, careful)
    )
    assert "train" in torn
    assert len(torn) == 2
    assert whole == {"train"}


def test_leaks_are_counted(drawn):
    assert count_leaks(read_splits(drawn, 64, near_copies_together=False)) == 1
    assert count_leaks(read_splits(drawn, 64)) == 0


def test_the_pictures_of_each_split_are_counted_by_class(two_classes, each_language):
    lines = split_counts(read_splits(two_classes, 32)).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        message(f"splits.{name}") for name in ("train", "validation", "test")
    ]
    assert ["28" in lines[0], "ants 14, bees 14" in lines[0], "ants 3, bees 3" in lines[2]] == [True, True, True]


def test_a_folder_that_is_written_again_is_the_same(drawn):
    before = {path: path.read_bytes() for path in drawn.rglob("*.jpg")}
    (drawn / "cat" / "old.jpg").write_bytes(b"left over")
    write_example_folder(drawn, 64)
    assert {path: path.read_bytes() for path in drawn.rglob("*.jpg")} == before


def test_the_readers_own_folder_is_taken_as_it_is_in_either_edition(two_classes):
    for edition in (MINI, FULL):
        assert own_folder(edition, str(two_classes)) == two_classes
    assert planted_faults(two_classes) == set()


def test_a_folder_that_is_not_there_is_refused(tmp_path, each_language):
    with pytest.raises(CourseError, match="nowhere"):
        own_folder(MINI, tmp_path / "nowhere")


def test_tl_pictures_names_the_folder_of_the_full_edition_only(monkeypatch, few_pictures, two_classes):
    monkeypatch.setenv("TL_PICTURES", str(two_classes))
    assert own_folder(FULL) == two_classes
    assert own_folder(MINI).name == "my_pictures"


def test_of_a_folder_with_the_courses_photographs_the_flowers_are_taken(monkeypatch, tmp_path):
    for name in ("flower_photos", "cats_and_dogs_filtered", "Images"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TL_PICTURES", str(tmp_path))
    assert own_folder(FULL) == tmp_path / "flower_photos"


def test_without_own_pictures_the_full_edition_draws_some_too(few_pictures):
    assert planted_faults(own_folder(FULL))
