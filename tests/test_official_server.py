"""The files that tests serve have the official formats, and the server behaves as the official ones do."""

import gzip
import json
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import official_files as official
import pytest
from official_server import official_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    data = official.drawn_data(tmp_path_factory.mktemp("data"))
    return official.build(data, tmp_path_factory.mktemp("files"), (*official.PICTURES, official.CLASS_INDEX), adults=6)


def test_the_archives_have_the_official_folders_and_what_else_is_in_them(folder):
    with zipfile.ZipFile(folder / official.CATS_AND_DOGS) as archive:
        assert "cats_and_dogs_filtered/train/cats/cats_0.jpg" in archive.namelist()
        assert "cats_and_dogs_filtered/vectorize.py" in archive.namelist()
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    with tarfile.open(folder / official.FLOWER_PHOTOS, "r:gz") as archive:
        assert {"flower_photos/LICENSE.txt", "flower_photos/roses/roses_3.jpg"} < set(archive.getnames())
    with tarfile.open(folder / official.STANFORD_DOGS, "r:") as archive:
        breeds = {Path(name).parts[1] for name in archive.getnames() if "/" in name}
        assert breeds == {*official.BREEDS, official.OTHER_BREED}
    assert gzip.decompress((folder / official.FLOWER_PHOTOS).read_bytes())[:13] == b"flower_photos"
    assert len(json.loads((folder / official.CLASS_INDEX).read_text(encoding="utf-8"))) == 1000


def test_the_file_of_people_has_children_and_every_adult_group(folder):
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(folder / official.FAIRFACE).to_pylist()
    assert sorted({row["age"] for row in rows}) == [0, 3, 4, 5, 6, 7, 8]
    assert [sum(row["gender"] == gender and row["age"] >= 3 for row in rows) for gender in (0, 1)] == [6, 6]
    assert all(row["image"]["bytes"].startswith(b"\xff\xd8") for row in rows)


def test_files_that_are_there_are_kept_and_the_manifest_names_all(folder, tmp_path):
    (tmp_path / official.CATS_AND_DOGS).write_bytes(b"made before")
    official.build(Path("nowhere"), tmp_path, (official.CATS_AND_DOGS, official.CLASS_INDEX))
    named = dict(line.split()[::-1] for line in (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert named[official.CATS_AND_DOGS] == sha256(b"made before").hexdigest()
    assert set(named) == {official.CATS_AND_DOGS, official.CLASS_INDEX}


def test_the_server_gives_files_whole_and_from_a_byte_onwards(folder):
    content = (folder / official.CATS_AND_DOGS).read_bytes()
    with official_server(folder) as address:
        with urlopen(f"{address}/{official.CATS_AND_DOGS}") as answer:
            assert (answer.status, answer.read()) == (200, content)
        with urlopen(Request(f"{address}/{official.CATS_AND_DOGS}", headers={"Range": "bytes=1000-"})) as answer:
            assert (answer.status, answer.read()) == (206, content[1000:])
            assert answer.headers["Content-Range"] == f"bytes 1000-{len(content) - 1}/{len(content)}"
        with pytest.raises(HTTPError, match="404") as missing:
            urlopen(f"{address}/nothing.zip")
        missing.value.close()


@pytest.mark.slow
def test_random_weights_are_the_same_for_a_seed_and_keras_takes_them(tmp_path):
    import keras
    import numpy as np

    name = f"{official.MOBILENET}_224.h5"
    for folder in ("one", "two"):
        official.build(tmp_path, tmp_path / folder, (name,))
    one, two = (
        keras.applications.MobileNetV2(weights=str(tmp_path / folder / name)).get_weights() for folder in ("one", "two")
    )
    assert sum(value.size for value in one) == 3_538_984
    assert all(np.array_equal(*values) for values in zip(one, two, strict=True))


def test_pictures_are_stored_as_they_are(folder):
    with zipfile.ZipFile(folder / official.CATS_AND_DOGS) as archive:
        picture = archive.read("cats_and_dogs_filtered/validation/dogs/dogs_1.jpg")
    assert picture == official.jpeg(official.draw("dog", 21, 1, 48))
    assert picture.startswith(b"\xff\xd8")
