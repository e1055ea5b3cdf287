import io
import os
import shutil
import zipfile
from dataclasses import replace

import pytest
from PIL import Image

import tl_helpers
from tl_helpers import data_sets, registry, sources
from tl_helpers.editions import SourceError
from tl_helpers.messages import CourseError
from tl_helpers.registry import CATS_AND_DOGS
from tl_helpers.sha256sums import changed_files
from tl_helpers.sources import locate_pictures

NAME = CATS_AND_DOGS.name
COUNTS = {"train/cats": 3, "train/dogs": 3, "validation/cats": 10, "validation/dogs": 10}


def archive_bytes(top="cats_and_dogs_filtered/", counts=COUNTS):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (folder, count) in enumerate(counts.items()):
            for i in range(count):
                picture = io.BytesIO()
                Image.new("RGB", (20, 20), (64 * number + i, 7 * i, count)).save(picture, "PNG")
                archive.writestr(f"{top}{folder}/{i}.png", picture.getvalue())
        archive.writestr("elsewhere.txt", "not ours")
    return buffer.getvalue()


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def published(server, monkeypatch, home):
    """Let the course download from the server; returns a function that changes addresses or size."""
    address, folder = server
    (folder / "good").mkdir()
    (folder / "good" / NAME).write_bytes(archive_bytes())

    def publish(*places, size=len(archive_bytes())):
        addresses = tuple(f"{address}/{place}/{NAME}" for place in places)
        file = replace(CATS_AND_DOGS, addresses=addresses, size=size, counts=COUNTS)
        entry = replace(data_sets.DATA_SETS["cats_and_dogs"], archive=file)
        monkeypatch.setitem(registry.FILES, NAME, file)
        monkeypatch.setattr(data_sets, "DATA_SETS", {"cats_and_dogs": entry})

    publish("good")
    return publish


def in_home(home):
    return sorted(path.relative_to(home).as_posix() for path in [*home.glob("*"), *home.glob("downloads/*")])


WHOLE = ["cats_and_dogs_filtered", "cats_and_dogs_filtered.sha256", "downloads"]


def test_photographs_are_downloaded_once_and_kept(published, home, capsys):
    folder = locate_pictures("cats_and_dogs")
    assert folder == home / "cats_and_dogs_filtered"
    assert len(list(folder.rglob("*.png"))) == 26
    assert in_home(home) == WHOLE
    published("gone")
    assert locate_pictures("cats_and_dogs") == folder
    assert capsys.readouterr().out.count(NAME) == 1


def test_the_second_address_is_tried_where_the_first_fails(published, capsys, each_language):
    published("gone", "good")
    assert locate_pictures("cats_and_dogs").is_dir()
    assert "404" in capsys.readouterr().out


FAULTS = {
    "gone": ("answered 404", "yanıtı: 404"),
    "wrong size": ("expected 1;", "beklenen 1 bayt"),
    "a page": ("login page", "giriş sayfası"),
    "no zip": ("not a file of this kind", "bu türden bir dosya değil"),
    "other content": ("has 0 files in train/cats", "train/cats klasöründe 0 dosya"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_download_leaves_nothing_behind_and_says_why(published, server, home, fault, each_language):
    other = archive_bytes(counts={"train/birds": 4})
    content = {"a page": b"\n<!DOCTYPE html>", "no zip": b"PK no zip", "other content": other}.get(fault)
    if content:
        (server[1] / "good" / NAME).write_bytes(content)
    published("gone" if fault == "gone" else "good", size=1 if fault == "wrong size" else len(content or b""))
    with pytest.raises(SourceError, match="cats_and_dogs_filtered") as error:
        locate_pictures("cats_and_dogs")
    assert FAULTS[fault][each_language == "tr"] in str(error.value)
    assert in_home(home) == ["downloads"]


def test_a_machine_without_network_is_told_so(published, monkeypatch, each_language):
    file = replace(CATS_AND_DOGS, addresses=(f"http://127.0.0.1:9/{NAME}",))  # the discard port: nobody listens
    monkeypatch.setitem(registry.FILES, NAME, file)
    with pytest.raises(SourceError, match="no network" if each_language == "en" else "ağ bağlantısı yok"):
        locate_pictures("cats_and_dogs")


def test_a_data_folder_that_cannot_be_written_is_a_missing_source(published, monkeypatch, tmp_path, each_language):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SourceError, match=r"Not a directory.*TL_DATA_HOME"):
        locate_pictures("cats_and_dogs")


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_damaged_folder_is_fetched_again_when_it_is_used(published, home, capsys, each_language, harm):
    picture = locate_pictures("cats_and_dogs") / "train" / "cats" / "0.png"
    before = picture.read_bytes()
    if harm == "changed":
        picture.write_bytes(before[:-1] + b"x")
    else:
        shutil.rmtree(picture.parent)
    locate_pictures("cats_and_dogs")
    assert picture.read_bytes() == before
    assert in_home(home) == WHOLE
    assert capsys.readouterr().out.count(NAME) == 2


def test_a_damaged_folder_that_cannot_be_fetched_is_a_missing_source(published, home):
    (locate_pictures("cats_and_dogs") / "train" / "cats" / "0.png").unlink()
    published("gone")
    with pytest.raises(SourceError, match="404"):
        locate_pictures("cats_and_dogs")
    assert in_home(home) == WHOLE


def test_a_folder_of_the_readers_that_is_in_the_way_is_not_touched(published, home, each_language):
    (home / "cats_and_dogs_filtered").mkdir(parents=True)
    (home / "cats_and_dogs_filtered" / "holiday.png").write_text("mine")
    with pytest.raises(SourceError, match="cats_and_dogs_filtered.*cats, dogs.*TL_DATA_HOME"):
        locate_pictures("cats_and_dogs")
    assert (home / "cats_and_dogs_filtered" / "holiday.png").read_text() == "mine"


@pytest.mark.parametrize("moment", ["fetch", "unpack_classes"])
def test_two_lessons_that_download_at_once_share_one_folder(published, monkeypatch, home, moment):
    def slower(*arguments):
        result = quick(*arguments)
        with monkeypatch.context() as others:  # meanwhile the other lesson does all of it
            others.setattr(sources, moment, quick)
            os.utime(locate_pictures("cats_and_dogs"), (1, 1))
        return result

    quick = getattr(sources, moment)
    monkeypatch.setattr(sources, moment, slower)
    folder = locate_pictures("cats_and_dogs")
    assert folder.stat().st_mtime == 1
    assert changed_files(folder) == []
    assert in_home(home) == WHOLE


def test_own_pictures_may_lie_in_the_official_folder_or_in_class_folders(monkeypatch, two_classes):
    monkeypatch.setenv("TL_PICTURES", str(two_classes))
    assert locate_pictures("cats_and_dogs") == two_classes
    (two_classes / "cats_and_dogs_filtered").mkdir()
    assert locate_pictures("cats_and_dogs") == two_classes / "cats_and_dogs_filtered"


@pytest.mark.parametrize("nesting", [".", "flower_photos", "photos/flower_photos", "old/flower_photos/unpacked"])
def test_photographs_are_found_some_levels_down(monkeypatch, tmp_path, nesting):
    for name in data_sets.DATA_SETS["flowers"].class_folders:
        (tmp_path / nesting / name).mkdir(parents=True)
    (tmp_path / "another").mkdir()
    monkeypatch.setenv("TL_PICTURES", str(tmp_path))
    assert locate_pictures("flowers") == tmp_path / nesting


def test_photographs_that_are_divided_already_are_found(monkeypatch, tmp_path):
    for split in ("train", "validation"):
        for name in ("cats", "dogs"):
            (tmp_path / "old" / "pets" / split / name).mkdir(parents=True)
    monkeypatch.setenv("TL_PICTURES", str(tmp_path))
    assert locate_pictures("cats_and_dogs") == tmp_path / "old" / "pets"


def test_a_folder_with_other_pictures_is_refused(monkeypatch, two_classes, each_language):
    monkeypatch.setenv("TL_PICTURES", str(two_classes))
    (two_classes / "wasps").mkdir()
    with pytest.raises(CourseError, match=r"ants, bees, wasps.*cats_and_dogs_filtered") as error:
        locate_pictures("cats_and_dogs")
    assert not isinstance(error.value, SourceError)


def test_without_network_the_lesson_says_so_and_goes_on_in_mini(published, monkeypatch, capsys, each_language):
    monkeypatch.setenv("TL_EDITION", "full")
    published("gone")
    edition = tl_helpers.start("02", each_language)
    assert edition.name == "mini"
    said = capsys.readouterr().out
    assert ("goes on in the mini edition" if each_language == "en" else "mini sürümde devam ediyor") in said
