"""A parquet file of people becomes folders with a table of groups, and lesson 07 reads the same from both."""

import numpy as np
import pytest
from parquet_people import as_png, drawn_rows, write_parquet

from tl_helpers import registry
from tl_helpers.messages import CourseError
from tl_helpers.people_files import AGES, RACES, read_people
from tl_helpers.people_folders import TABLE, people_from_parquet, read_table
from tl_helpers.picturebook import draw
from tl_helpers.registry import FAIRFACE, RemoteFile
from tl_helpers.sha256sums import digest_of, write_sums
from tl_helpers.sources import locate_pictures


@pytest.fixture
def parquet(tmp_path):
    """Adults, three children, one adult twice."""
    rows = drawn_rows(12)
    children = [(as_png(draw("man", 9, i, 24)), f"val/child{i}.jpg", i, 0, 0) for i in range(3)]
    write_parquet(tmp_path / "people.parquet", [*rows, *children, rows[0]])
    return tmp_path / "people.parquet"


def test_adults_become_files_and_a_table(parquet, tmp_path):
    sums = people_from_parquet(parquet, tmp_path / "people")
    files = {f.relative_to(tmp_path).as_posix(): f for f in (tmp_path / "people").rglob("*") if f.is_file()}
    assert sums == {name: digest_of(file) for name, file in files.items()}
    assert sorted(name.split("/")[1] for name in files) == ["man"] * 12 + [TABLE] + ["woman"] * 12
    groups = {content: (AGES[age], RACES[race]) for content, _, age, _, race in drawn_rows(12)}
    table = read_table(tmp_path / "people")
    assert len(table) == 24
    for name, row in table.items():
        assert (row["age"], row["race"]) == groups[(tmp_path / "people" / name).read_bytes()]


def test_the_same_people_are_taken_from_folders_as_from_the_file(parquet, tmp_path):
    people_from_parquet(parquet, tmp_path / "people")
    one, other = (read_people(place, 16, per_class=5) for place in (parquet, tmp_path / "people"))
    assert one.keys == other.keys
    assert one.groups == other.groups
    np.testing.assert_array_equal(one.pictures.images, other.pictures.images)
    np.testing.assert_array_equal(one.pictures.labels, other.pictures.labels)


def test_a_table_of_the_teachers_own_may_divide_otherwise(tmp_path):
    lines = ["file,glasses"]
    for label in ("man", "woman"):
        (tmp_path / label).mkdir()
        for i in range(3):
            (tmp_path / label / f"{i}.png").write_bytes(as_png(draw(label, 4, i, 24)))
            lines.append(f"{label}/{i}.png,{'yes' if i else 'no'}")
    (tmp_path / TABLE).write_text("\n".join([*lines, "woman/gone.png,no"]), encoding="utf-8")
    found = read_people(tmp_path, 16, per_class=10)
    assert set(found.groups) == {"glasses"}
    assert found.groups["glasses"].count("no") == 2
    assert [left_out.name.split("/")[-1] for left_out in found.left_out] == ["gone.png"]


def test_a_table_that_names_nobody_is_refused(tmp_path, each_language):
    (tmp_path / TABLE).write_text("name,age\nman/1.jpg,70+\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"people\.csv.*`file`"):
        read_table(tmp_path)


def test_a_broken_file_and_one_without_women_are_refused(tmp_path, each_language):
    (tmp_path / "text.parquet").write_text("not parquet")
    with pytest.raises(CourseError, match=r"text\.parquet"):
        people_from_parquet(tmp_path / "text.parquet", tmp_path / "one")
    write_parquet(tmp_path / "men.parquet", [row for row in drawn_rows(3) if row[3] == 0])
    with pytest.raises(CourseError, match="men.parquet.* 3 .* 0 "):
        people_from_parquet(tmp_path / "men.parquet", tmp_path / "two")


def test_people_are_fetched_and_only_their_folders_stay(server, monkeypatch, tmp_path, parquet):
    address, folder = server
    content = parquet.read_bytes()
    (folder / FAIRFACE.name).write_bytes(content)
    file = RemoteFile((f"{address}/{FAIRFACE.name}",), len(content), f"sha256:{digest_of(parquet)}")
    monkeypatch.setitem(registry.FILES, FAIRFACE.name, file)
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))
    assert locate_pictures("people") == tmp_path / "home" / "people"
    assert sorted(path.name for path in (tmp_path / "home").rglob("*") if path.suffix != ".png") == [
        "downloads",
        "man",
        "people",
        "people.csv",
        "people.sha256",
        "woman",
    ]


def test_a_mirror_with_an_unusable_file_of_people_is_a_missing_source(server, monkeypatch, tmp_path, each_language):
    address, folder = server
    (folder / FAIRFACE.name).write_bytes(b"PAR1 and nothing else")
    write_sums(folder / "SHA256SUMS", {FAIRFACE.name: digest_of(folder / FAIRFACE.name)})
    monkeypatch.setenv("TL_MIRROR", address)
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))
    with pytest.raises(CourseError, match=r"cannot be used|kullanılamıyor"):
        locate_pictures("people")
    assert [path.name for path in (tmp_path / "home").rglob("*")] == ["downloads"]
