import io
import shutil
import threading
import zipfile
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

import tl_helpers
from tl_helpers import sources
from tl_helpers.editions import SourceError
from tl_helpers.messages import CourseError
from tl_helpers.sources import Archive, locate_pictures


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path):
    """The address and folder of an HTTP server on this machine."""
    (tmp_path / "served").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path / "served"
    server.shutdown()
    server.server_close()


def archive_bytes(top="cats_and_dogs_filtered"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for split, count in (("train", 3), ("validation", 10)):
            for kind, red in (("cats", 0), ("dogs", 128)):
                for i in range(count):
                    picture = io.BytesIO()
                    Image.new("RGB", (20, 20), (red + i, 7 * i, count)).save(picture, "PNG")
                    archive.writestr(f"{top}/{split}/{kind}/{i}.png", picture.getvalue())
        archive.writestr("elsewhere.txt", "not ours")
    return buffer.getvalue()


@pytest.fixture
def published(server, monkeypatch, tmp_path):
    """Let the course download from the server; returns a function that changes addresses or size."""
    address, folder = server
    (folder / "good.zip").write_bytes(archive_bytes())
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))

    def publish(*files, size=len(archive_bytes())):
        archive = Archive(tuple(f"{address}/{file}" for file in files), size)
        entry = replace(sources.DATA_SETS["cats_and_dogs"], archive=archive)
        monkeypatch.setattr(sources, "DATA_SETS", {"cats_and_dogs": entry})

    publish("good.zip")
    return publish


def test_photographs_are_downloaded_once_and_kept(published, tmp_path, capsys):
    folder = locate_pictures("cats_and_dogs")
    assert folder == tmp_path / "home" / "cats_and_dogs_filtered"
    assert len(list(folder.rglob("*.png"))) == 26
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["cats_and_dogs_filtered"]
    published("gone.zip")
    assert locate_pictures("cats_and_dogs") == folder
    assert capsys.readouterr().out.count("good.zip") == 1


def test_the_second_address_is_tried_where_the_first_fails(published):
    published("gone.zip", "good.zip")
    assert locate_pictures("cats_and_dogs").is_dir()


FAULTS = {
    "gone": ("answered 404", "yanıtı: 404"),
    "wrong size": ("expected 1", "beklenen 1 bayt"),
    "no zip": ("no zip archive", "zip arşivi değil"),
    "other content": ("no folder", "klasörü yok"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_download_leaves_nothing_behind_and_says_why(published, server, tmp_path, fault, each_language):
    content = {"no zip": b"<html>", "other content": archive_bytes("birds")}.get(fault)
    if content:
        (server[1] / "good.zip").write_bytes(content)
    files = ("gone.zip",) if fault == "gone" else ("good.zip",)
    published(*files, size=1 if fault == "wrong size" else len(content or archive_bytes()))
    with pytest.raises(SourceError, match="cats_and_dogs_filtered") as error:
        locate_pictures("cats_and_dogs")
    assert FAULTS[fault][each_language == "tr"] in str(error.value)
    assert list((tmp_path / "home").iterdir()) == []


def test_a_machine_without_network_is_told_so(published, server, monkeypatch, tmp_path, each_language):
    archive = Archive(("http://127.0.0.1:9/nothing.zip",), 1)  # the discard port: nobody listens
    entry = replace(sources.DATA_SETS["cats_and_dogs"], archive=archive)
    monkeypatch.setattr(sources, "DATA_SETS", {"cats_and_dogs": entry})
    with pytest.raises(SourceError, match="no network" if each_language == "en" else "ağ bağlantısı yok"):
        locate_pictures("cats_and_dogs")


def test_a_data_folder_that_cannot_be_written_is_a_missing_source(published, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SourceError, match="Not a directory"):
        locate_pictures("cats_and_dogs")


def test_two_lessons_that_download_at_once_share_one_folder(published, monkeypatch, tmp_path):
    def slower(file, wanted, temporary, folder):
        shutil.copytree(temporary, folder)  # the other lesson has just finished
        (folder / "marker").touch()
        unpack(file, wanted, temporary, folder)

    unpack = sources._unpack
    monkeypatch.setattr(sources, "_unpack", slower)
    assert (locate_pictures("cats_and_dogs") / "marker").exists()


def test_own_pictures_may_lie_in_the_official_folder_or_in_class_folders(monkeypatch, two_classes):
    monkeypatch.setenv("TL_PICTURES", str(two_classes))
    assert locate_pictures("cats_and_dogs") == two_classes
    (two_classes / "cats_and_dogs_filtered").mkdir()
    assert locate_pictures("cats_and_dogs") == two_classes / "cats_and_dogs_filtered"


def test_a_folder_with_other_pictures_is_refused(monkeypatch, two_classes, each_language):
    monkeypatch.setenv("TL_PICTURES", str(two_classes))
    (two_classes / "wasps").mkdir()
    with pytest.raises(CourseError, match=r"ants, bees, wasps.*cats_and_dogs_filtered") as error:
        locate_pictures("cats_and_dogs")
    assert not isinstance(error.value, SourceError)


def test_without_network_the_lesson_says_so_and_goes_on_in_mini(published, monkeypatch, capsys, each_language):
    monkeypatch.setenv("TL_EDITION", "full")
    published("gone.zip")
    edition = tl_helpers.start("02", each_language)
    assert edition.name == "mini"
    said = capsys.readouterr().out
    assert ("goes on in the mini edition" if each_language == "en" else "mini sürümde devam ediyor") in said
