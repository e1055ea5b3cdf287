"""The full edition from a server that has the files in their official formats: nothing is set but TL_MIRROR."""

import csv
import os
import shutil
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import numpy as np
import official_files as official
import pytest
from official_server import official_server

import tl_helpers
from tl_helpers import registry
from tl_helpers.base_models import load_base_model, load_classifier
from tl_helpers.dogs_and_people import load_dogs_and_people
from tl_helpers.downloading import fetch
from tl_helpers.editions import Edition, SourceError, full_edition
from tl_helpers.people_files import ADULT, AGES, RACES
from tl_helpers.pictures import load_pictures
from tl_helpers.sources import locate_pictures

pytestmark = pytest.mark.full

ADULTS = 40
SMALL = (*official.PICTURES, official.CLASS_INDEX, f"{official.MOBILENET}_160_no_top.h5")
FOLDERS = {"cats_and_dogs": "cats_and_dogs_filtered", "flowers": "flower_photos", "dogs": "Images"}
LARGE = [pytest.param(name, marks=[pytest.mark.slow, pytest.mark.long]) for name in ("InceptionV3", "ResNet50")]


@pytest.fixture(scope="session")
def official_folder(tmp_path_factory):
    """A folder for official files, which tests fill as they need them; removed at the end, since it is large."""
    folder = tmp_path_factory.mktemp("official")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def served(official_folder, test_data, monkeypatch, tmp_path):
    """Set TL_MIRROR and nothing else of the full edition; return what it serves."""
    official.build(test_data, official_folder, SMALL, ADULTS)
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for name, file in registry.FILES.items():  # a test never asks anybody outside
        unreachable = replace(file, addresses=(f"http://127.0.0.1:9/{name}",))
        monkeypatch.setitem(registry.FILES, name, unreachable)
    with official_server(official_folder) as address:
        monkeypatch.setenv("TL_MIRROR", address)
        yield official_folder
    shutil.rmtree(tmp_path / "home", ignore_errors=True)  # hundreds of MB


def files_in(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("name", FOLDERS)
def test_of_an_archive_the_photographs_come_as_they_are_and_nothing_else(served, test_data, name):
    found = files_in(locate_pictures(name))
    expected = files_in(test_data / "photos" / FOLDERS[name])
    licence = {"LICENSE.txt": b"Who took which photograph.\n"} if name == "flowers" else {}
    assert found == expected | licence
    assert len(expected) > 300
    home = Path(os.environ["TL_DATA_HOME"])
    assert {file.name for file in home.rglob("*") if file.suffix in (".zip", ".tgz", ".tar", ".part")} == set()


def test_of_the_people_adults_are_kept_with_their_groups_and_children_are_not(served):
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(served / official.FAIRFACE).to_pylist()
    adults = {sha256(row["image"]["bytes"]).hexdigest(): row for row in rows if row["age"] >= ADULT}
    assert len(adults) == 2 * ADULTS < len(rows)
    folder = locate_pictures("people")
    found = {file.stem: file for file in folder.rglob("*.jpg")}
    assert {key: file.parent.name for key, file in found.items()} == {
        key: ("man", "woman")[row["gender"]] for key, row in adults.items()
    }
    with (folder / "people.csv").open(newline="", encoding="utf-8") as stream:
        for line in csv.DictReader(stream):
            row = adults[Path(line["file"]).stem]
            assert (line["age"], line["race"]) == (AGES[row["age"]], RACES[row["race"]])


def test_lesson_07_reads_what_came(served):
    edition = full_edition(("dogs", "people"), ())
    splits = load_dogs_and_people(replace(edition, image_size=32))
    counts = [np.bincount(part.labels) for part in (splits.splits.train, splits.splits.validation, splits.splits.test)]
    assert list(sum(counts)) == [150, 192, ADULTS, ADULTS]
    assert set(splits.groups) == {"age", "race"}
    assert set(splits.groups["age"]) <= set(AGES[ADULT:])


def test_the_photographs_are_split_as_those_of_a_folder(served, test_data, monkeypatch):
    served_splits = load_pictures("cats_and_dogs", full_edition(("cats_and_dogs",), ()), image_size=16)
    folder = test_data / "photos" / "cats_and_dogs_filtered"
    splits = load_pictures("cats_and_dogs", Edition("full", 160, {"cats_and_dogs": folder}), image_size=16)
    assert served_splits.test.names == splits.test.names
    np.testing.assert_array_equal(served_splits.train.images, splits.train.images)


def test_in_colab_a_lesson_is_full_with_nothing_set_but_the_mirror(served, monkeypatch, tmp_path, capsys, test_data):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TL_DATA_HOME")
    monkeypatch.delenv("KERAS_HOME")
    edition = tl_helpers.start("02", "en")
    assert edition.name == "full", capsys.readouterr().out
    kept = tmp_path / ".cache" / "tl_helpers"
    assert edition.folders == {"cats_and_dogs": kept / "cats_and_dogs_filtered"}
    given = next((test_data / "weights").glob("*_no_top.h5"))
    (weights,) = kept.rglob("*.h5")
    assert weights.read_bytes() == given.read_bytes()
    monkeypatch.setenv("TL_MIRROR", "http://127.0.0.1:9")
    assert tl_helpers.start("02", "tr") == edition  # the second time no server is needed


@pytest.mark.parametrize("name", ["MobileNetV2", LARGE[0]])
def test_weights_without_a_classifier_are_loaded_as_served(served, test_data, name):
    (file,) = {"MobileNetV2": SMALL[-1:], "InceptionV3": [n for n in official.WEIGHTS if n.endswith("_notop.h5")]}[name]
    official.build(test_data, served, (file,))
    model = load_base_model(name, Edition("full", 160))
    assert_same_weights(model, served / file)


@pytest.mark.parametrize("name", ["MobileNetV2", *LARGE])
def test_classifiers_are_loaded_as_served_with_the_names_of_a_thousand_classes(served, test_data, name):
    (file,) = (file for file, kind in official.WEIGHTS.items() if kind == (name, True))
    official.build(test_data, served, (file,))
    classifier, class_names = load_classifier(name, Edition("full", 160))
    assert (len(class_names), class_names[207]) == (1000, "golden_retriever")
    assert_same_weights(classifier, served / file)
    published = {line.split()[1]: line.split()[0] for line in (served / "SHA256SUMS").read_text().splitlines()}
    assert sha256(fetch(file).read_bytes()).hexdigest() == published[file]


def assert_same_weights(model, file):
    """A network's weights are those of a file: as many numbers, and the same sum of each layer's."""
    import h5py

    with h5py.File(file) as stream:
        arrays = []
        stream.visititems(lambda _, item: arrays.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    ours = model.get_weights()
    assert sum(array.size for array in ours) == sum(array.size for array in arrays) > 2e6
    assert sorted(sha256(array.tobytes()).hexdigest() for array in ours) == sorted(
        sha256(array.tobytes()).hexdigest() for array in arrays
    )


@pytest.mark.parametrize("damage", ["another hash", "half a hash", "a web page", "no line for it", "the file changed"])
def test_a_corrupt_manifest_is_refused(served, monkeypatch, tmp_path, damage, each_language):
    copy = tmp_path / "mirror"
    copy.mkdir()
    content, name = (served / official.FLOWER_PHOTOS).read_bytes(), official.FLOWER_PHOTOS
    digest = sha256(content).hexdigest()
    (copy / name).write_bytes(content)
    (copy / "SHA256SUMS").write_text(
        {
            "another hash": f"{digest[::-1]}  {name}\n",
            "half a hash": f"{digest[:32]}  {name}\n",
            "a web page": "<html>Index of /course</html>",
            "no line for it": f"{digest}  another_{name}\n",
            "the file changed": f"{digest}  {name}\n",
        }[damage]
    )
    if damage == "the file changed":
        (copy / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    english, turkish = {
        "another hash": ("not the published file", "yayımlanan dosya değil"),
        "half a hash": ("is no list of hashes", "bir özet listesi değil"),
        "a web page": ("is no list of hashes", "bir özet listesi değil"),
        "no line for it": ("does not name flower_photos.tgz", "listesinde flower_photos.tgz yok"),
        "the file changed": ("not the published file", "yayımlanan dosya değil"),
    }[damage]
    with official_server(copy) as address:
        monkeypatch.setenv("TL_MIRROR", address)
        with pytest.raises(SourceError, match=english if each_language == "en" else turkish):
            locate_pictures("flowers")
    assert [file for file in (tmp_path / "home").rglob("*") if file.is_file()] == []
