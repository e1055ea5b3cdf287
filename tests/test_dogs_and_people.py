"""Dogs and people in both editions: split without overlap, groups kept, what is missing named."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from parquet_people import as_png, drawn_rows, write_parquet
from PIL import Image

import tl_helpers
from tl_helpers import drawn_people
from tl_helpers.dogs_and_people import imagenet_names, light_groups, load_dogs_and_people
from tl_helpers.drawn import drawn_pictures
from tl_helpers.drawn_people import drawn_groups
from tl_helpers.editions import Edition, SourceError, full_edition
from tl_helpers.messages import CourseError, catalogue
from tl_helpers.people_files import AGES, RACES, read_people
from tl_helpers.people_folders import people_from_parquet
from tl_helpers.picturebook import draw, people
from tl_helpers.registry import FAIRFACE
from tl_helpers.sources import DATA_SETS, locate_pictures

DOG_FOLDERS = DATA_SETS["dogs"].class_folders


@pytest.fixture
def dog_folders(tmp_path):
    """Stanford's folder with both breeds, and a third one that nobody asked for."""
    for name in (*DOG_FOLDERS, "n02085620-Chihuahua"):
        folder = tmp_path / "photos" / "Images" / name
        folder.mkdir(parents=True)
        drawn = drawn_pictures(("golden",), 20, seed=len(name), image_size=24).images
        for i, image in enumerate(drawn):
            Image.fromarray(image).save(folder / f"{name.split('-')[0]}_{i}.png")
    return tmp_path / "photos"


def test_the_mini_edition_draws_four_classes_and_splits_them():
    data = load_dogs_and_people(Edition("mini", 16))
    splits = data.splits
    parts = (splits.train, splits.validation, splits.test)
    assert [list(np.bincount(part.labels)) for part in parts] == [[150] * 4, [100] * 4, [200] * 4]
    assert splits.test.class_names == ("golden", "husky", "man", "woman")
    assert list(splits.test.labels >= 2) == [False] * 400 + [True] * 400
    assert all(len(groups) == 400 for groups in data.groups.values())
    assert set(data.groups) == {"age", "hair"}
    seen = [{image.tobytes() for image in part.images} for part in parts]
    assert sum(len(contents) for contents in seen) == len(set().union(*seen))


def test_every_group_has_a_name_in_both_languages():
    used = {group for groups in load_dogs_and_people(Edition("mini", 16)).groups.values() for group in groups}
    used |= set(RACES) | {"dark", "bright", "age", "hair", "race", "light"}
    for language in ("en", "tr"):
        assert used <= set(catalogue(language)["people"])


def test_the_groups_of_drawn_people_are_what_was_drawn(monkeypatch):
    names = [f"{label} 3/{i}" for i, label in enumerate(("man", "woman") * 15)]
    chosen = []

    def remember(function, pick):
        def wrapped(*arguments):
            value = function(*arguments)
            chosen.append(pick(value))
            return value

        return wrapped

    monkeypatch.setattr(people, "draw_look", remember(people.draw_look, lambda look: look.style))
    monkeypatch.setattr(people, "choose", remember(people.choose, str))
    monkeypatch.setattr(people, "person_of", remember(people.person_of, lambda person: person.age))
    for i, name in enumerate(names):
        draw(name.split()[0], 3, i // 2, 32)
    drawn = [chosen[i : i + 3] for i in range(0, len(chosen), 3)]
    hair = ["covered" if worn else "long" if style in drawn_people.LONG_HAIR else "short" for style, worn, _ in drawn]
    ages = [("young", "middle", "old")[min(int(3 * age), 2)] for *_, age in drawn]
    groups = drawn_groups(names)
    assert list(groups["hair"]) == hair
    assert list(groups["age"]) == ages
    assert len(set(hair)) == 3


def test_a_file_of_people_is_read_adults_only_with_their_groups(tmp_path):
    rows = drawn_rows(8)
    children = [(as_png(draw("man", 9, i, 24)), f"val/child{i}.jpg", i, 0, 0) for i in range(3)]
    write_parquet(tmp_path / "people.parquet", rows + children)
    found = read_people(tmp_path / "people.parquet", 32, per_class=100)
    assert len(found.pictures) == 16
    assert found.pictures.images.shape == (16, 32, 32, 3)
    assert not any("child" in name for name in found.pictures.names)
    by_name = {path: (label, AGES[age], RACES[race]) for _, path, age, label, race in rows}
    for i, name in enumerate(found.pictures.names):
        known = (int(found.pictures.labels[i]), found.groups["age"][i], found.groups["race"][i])
        assert known == by_name[name]


def test_who_is_taken_does_not_depend_on_the_order_of_the_rows(tmp_path):
    rows = drawn_rows(10)
    write_parquet(tmp_path / "one.parquet", rows)
    write_parquet(tmp_path / "two.parquet", rows[::-1])
    one, two = (read_people(tmp_path / f"{name}.parquet", 16, per_class=4) for name in ("one", "two"))
    assert one.pictures.names == two.pictures.names
    assert list(np.bincount(one.pictures.labels)) == [4, 4]


def test_broken_bytes_and_copies_are_left_out_and_named(tmp_path, each_language):
    rows = drawn_rows(4)
    broken = [
        (b"no picture", "val/broken.jpg", 4, 0, 1),
        (rows[0][0][:60], None, 4, 1, 1),
        (None, "val/empty.jpg", 5, 0, 2),
    ]
    copy = [(rows[1][0], "val/zz_copy.jpg", 4, 1, 1)]
    write_parquet(tmp_path / "people.parquet", rows + broken + copy)
    found = read_people(tmp_path / "people.parquet", 16, per_class=100)
    assert len(found.pictures) == 8
    row = "row 10" if each_language == "en" else "10. satır"
    assert {left_out.name for left_out in found.left_out} == {"val/broken.jpg", row, "val/empty.jpg", "val/zz_copy.jpg"}
    assert all(left_out.reason for left_out in found.left_out)


def test_a_file_that_is_no_parquet_file_or_lacks_a_column_is_refused(tmp_path, each_language):
    from pyarrow import parquet, table

    (tmp_path / "text.parquet").write_text("not parquet")
    parquet.write_table(table({"image": [1], "age": [1]}), tmp_path / "thin.parquet")
    with pytest.raises(CourseError, match=r"text\.parquet"):
        read_people(tmp_path / "text.parquet", 16, 5)
    with pytest.raises(CourseError, match="gender, race"):
        read_people(tmp_path / "thin.parquet", 16, 5)


def test_a_file_with_men_only_is_refused(tmp_path, each_language):
    write_parquet(tmp_path / "men.parquet", [row for row in drawn_rows(3) if row[3] == 0])
    with pytest.raises(CourseError, match="men.parquet.* 3 .* 0 "):
        read_people(tmp_path / "men.parquet", 16, 5)


def test_without_pyarrow_the_reader_is_told_what_to_install(tmp_path, monkeypatch, each_language):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CourseError, match="pip install pyarrow"):
        read_people(tmp_path / "any.parquet", 16, 5)
    (tmp_path / "any.parquet").touch()
    monkeypatch.setenv("TL_PICTURES", str(tmp_path))
    with pytest.raises(SourceError, match="pip install pyarrow"):
        locate_pictures("people")


def test_photographs_are_found_in_the_official_folders(monkeypatch, dog_folders):
    monkeypatch.setenv("TL_PICTURES", str(dog_folders))
    write_parquet(dog_folders / "validation.parquet", drawn_rows(1))
    assert locate_pictures("dogs") == dog_folders / "Images"
    assert locate_pictures("people") == dog_folders / "validation.parquet"
    (dog_folders / "people").mkdir()
    shutil.move(dog_folders / "validation.parquet", dog_folders / "people")
    assert locate_pictures("people") == dog_folders / "people" / "validation.parquet"


def test_what_is_not_in_tl_pictures_may_be_in_the_data_folder(monkeypatch, dog_folders, tmp_path):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("TL_PICTURES", str(tmp_path / "empty"))
    monkeypatch.setenv("TL_DATA_HOME", str(dog_folders))
    assert locate_pictures("dogs") == dog_folders / "Images"


@pytest.mark.parametrize(("name", "wanted"), [("dogs", "Images.*n02099601"), ("people", "man, woman")])
def test_where_photographs_are_missing_it_is_said_what_to_put_where(monkeypatch, tmp_path, name, wanted, each_language):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    with pytest.raises(SourceError, match=wanted) as error:
        locate_pictures(name)
    assert str(tmp_path) in str(error.value)


def test_the_lesson_goes_on_in_mini_where_people_are_missing(monkeypatch, dog_folders, capsys):
    monkeypatch.setenv("TL_PICTURES", str(dog_folders))
    monkeypatch.setenv("TL_EDITION", "full")
    assert tl_helpers.start("07", "en").name == "mini"
    assert FAIRFACE.name in capsys.readouterr().out


def full(folder, people):
    return Edition("full", 24, {"dogs": folder / "Images", "people": people})


def test_the_full_edition_reads_both_breeds_and_the_people_of_a_file(dog_folders):
    write_parquet(dog_folders / "validation.parquet", drawn_rows(10))
    data = load_dogs_and_people(full(dog_folders, dog_folders / "validation.parquet"))
    parts = (data.splits.train, data.splits.validation, data.splits.test)
    assert [list(np.bincount(part.labels)) for part in parts] == [[14, 14, 4, 4], [3, 3, 2, 2], [3, 3, 4, 4]]
    assert data.splits.train.class_names == ("golden", "husky", "man", "woman")
    assert {name: len(groups) for name, groups in data.groups.items()} == {"age": 8, "race": 8}
    ages = {name: AGES[age] for _, name, age, *_ in drawn_rows(10)}
    assert list(data.groups["age"]) == [ages[name] for name in data.splits.test.names[6:]]


def test_people_in_folders_with_a_table_are_reported_by_the_same_groups(dog_folders, tmp_path):
    write_parquet(tmp_path / "people.parquet", drawn_rows(10))
    people_from_parquet(tmp_path / "people.parquet", tmp_path / "people")
    places = (tmp_path / "people.parquet", tmp_path / "people")
    from_file, from_folder = (load_dogs_and_people(full(dog_folders, place)) for place in places)
    assert set(from_folder.groups) == {"age", "race"}
    assert from_folder.groups == from_file.groups
    np.testing.assert_array_equal(from_folder.splits.test.images, from_file.splits.test.images)


def test_the_full_edition_reads_people_from_folders_too(dog_folders):
    for label in ("man", "woman"):
        (dog_folders / "people" / label).mkdir(parents=True)
        for i in range(20):
            Image.fromarray(draw(label, 4, i, 24)).save(dog_folders / "people" / label / f"{i}.png")
    data = load_dogs_and_people(full(dog_folders, dog_folders / "people"))
    assert list(np.bincount(data.splits.test.labels)) == [3, 3, 3, 3]
    assert sorted(data.groups["light"]) == ["bright"] * 3 + ["dark"] * 3


def test_the_darker_half_is_the_darker_half():
    images = np.stack([np.full((4, 4, 3), value, dtype=np.uint8) for value in (10, 200, 50, 220)])
    assert light_groups(images) == {"light": ("dark", "bright", "dark", "bright")}


def test_pictures_of_imagenet_are_known_by_their_names():
    assert imagenet_names(["Images/n02099601-golden_retriever/n02099601_10.jpg", "golden 1/0", "n0209.jpg"]) == 1


@pytest.mark.full
def test_the_dogs_are_the_photographs_for_tests(monkeypatch, test_data, tmp_path):
    (tmp_path / "Images").symlink_to(test_data / "photos" / "Images")
    write_parquet(tmp_path / "people.parquet", drawn_rows(30, size=48))
    monkeypatch.setenv("TL_PICTURES", str(tmp_path))
    monkeypatch.setenv("TL_WEIGHTS", str(test_data / "weights"))
    data = load_dogs_and_people(full_edition(("dogs", "people"), ("MobileNetV2",)))
    dogs = [name for name, label in zip(data.splits.test.names, data.splits.test.labels, strict=True) if label < 2]
    assert imagenet_names(dogs) == len(dogs) > 40


@pytest.mark.full
@pytest.mark.slow
def test_the_very_same_notebook_runs_on_photographs_of_dogs_and_people_drawn_in_a_file(test_data, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "Images").symlink_to(test_data / "photos" / "Images")
    write_parquet(tmp_path / "photos" / "validation.parquet", drawn_rows(300, size=160))
    command = [sys.executable, "-m", "tl_helpers.authoring", "run", "07", "--out", str(tmp_path / "out")]
    settings = {"TL_EDITION": "full", "TL_PICTURES": tmp_path / "photos", "TL_WEIGHTS": test_data / "weights"}
    environment = {**os.environ, **{name: str(value) for name, value in settings.items()}}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    (lesson,) = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["lessons"]
    assert lesson["edition"] == "full"
    assert lesson["results"]["golden or husky, test accuracy"] >= 0.95
    assert lesson["results"]["dog or human, test accuracy"] >= 0.98
