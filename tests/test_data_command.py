"""What is kept is listed, checked and cleared; a folder for a school's server is made."""

import json
import os
import subprocess
import sys
from hashlib import md5, sha256

import numpy as np
import pytest

from tl_helpers import feature_cache, registry
from tl_helpers.data_command import main
from tl_helpers.downloading import downloads_folder, fetch
from tl_helpers.drawn import drawn_pictures
from tl_helpers.registry import RemoteFile
from tl_helpers.sha256sums import changed_files, sums_of, write_sums

NAMES = ("one.json", "two.json")


@pytest.fixture
def home(server, monkeypatch, tmp_path):
    """A data folder with one of everything: a download, photographs, own photographs, features, drawn pictures."""
    address, served = server
    files = {}
    for name in NAMES:
        (served / name).write_text(json.dumps(name))
        content = (served / name).read_bytes()
        files[name] = RemoteFile((f"{address}/{name}",), len(content), f"md5:{md5(content).hexdigest()}")
    for name in list(registry.FILES):
        monkeypatch.delitem(registry.FILES, name)
    registry.FILES.update(files)
    home = tmp_path / "home"
    monkeypatch.setenv("TL_DATA_HOME", str(home))
    fetch("one.json")
    for folder in ("flower_photos/daisy", "Images/beach"):
        (home / folder).mkdir(parents=True)
        (home / folder / "1.jpg").write_bytes(b"1" * 3_000_000)
    sums = {"flower_photos/daisy/1.jpg": sha256(b"1" * 3_000_000).hexdigest()}
    write_sums(sums_of(home / "flower_photos"), sums)
    feature_cache.write("ab12", (2, 3), [np.ones((2, 3))])
    drawn_pictures(("cat",), 2, seed=1, image_size=16)
    yield home
    for name in NAMES:
        registry.FILES.pop(name, None)


KEPT = ["one.json", "flower_photos", "Images", "features", "picturebook"]


def test_what_is_kept_is_listed_with_size_and_place(home, capsys, monkeypatch, each_language):
    monkeypatch.setenv("TL_LANGUAGE", each_language)
    assert main(["--list"]) == 0
    first, *lines, total = capsys.readouterr().out.splitlines()
    assert str(home) in first
    assert [line.split()[2] for line in lines] == KEPT
    sizes = {line.split()[2]: line.split()[0] for line in lines}
    assert sizes["flower_photos"] == sizes["Images"] == ("3.0" if each_language == "en" else "3,0")
    assert ("your own" if each_language == "en" else "sizin dosyalarınız") in lines[2]
    assert ("6.0 MB" if each_language == "en" else "6,0 MB") in total


def test_all_is_whole_until_something_is_damaged(home, capsys):
    assert main(["--verify"]) == 0
    assert capsys.readouterr().out.count("whole") == 4


@pytest.mark.parametrize("damage", ["one.json", "flower_photos", "features", "picturebook"])
def test_a_damaged_file_is_named_and_stays(home, capsys, monkeypatch, damage, each_language):
    monkeypatch.setenv("TL_LANGUAGE", each_language)
    places = {"one.json": "downloads/one.json", "flower_photos": "flower_photos/daisy/1.jpg"}
    pattern = places.get(damage) or f"{damage}/**/*.np*"
    (file,) = home.glob(pattern)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert main(["--verify"]) == 1
    said = capsys.readouterr().out
    assert f"{file.name}\n" in said
    assert said.endswith(f"python -m tl_helpers.pictures --clear {damage}\n")
    assert said.count("DAMAGED" if each_language == "en" else "BOZUK") == 1
    assert file.read_bytes() == content


def test_a_download_without_its_list_is_checked_by_what_is_published(home):
    sums_of(downloads_folder() / "one.json").unlink()
    assert main(["--verify"]) == 0
    (downloads_folder() / "one.json").write_text("x")
    assert main(["--verify"]) == 1


def test_one_thing_is_cleared_by_name_and_the_rest_stays(home, capsys):
    assert main(["--clear", "flower_photos"]) == 0
    assert "3.0 MB" in capsys.readouterr().out
    assert not (home / "flower_photos").exists()
    assert sorted(path.name for path in home.iterdir()) == ["Images", "downloads", "features", "picturebook"]


def test_what_a_reader_put_among_ours_survives(home):
    (home / "flower_photos" / "daisy" / "mine.jpg").write_text("mine")
    (home / "thesis.tex").write_text("mine")
    part = home / ".0123.part" / "Images"
    part.mkdir(parents=True)
    (part / "1.jpg").write_text("half")
    assert main(["--clear"]) == 0
    left = sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())
    assert left == ["Images/beach/1.jpg", "flower_photos/daisy/mine.jpg", "thesis.tex"]


def test_a_list_of_hashes_that_leads_elsewhere_removes_nothing_there(home, tmp_path):
    (tmp_path / "precious").write_text("x")
    write_sums(sums_of(home / "flower_photos"), {"flower_photos/../../precious": "0" * 64, "precious": "0" * 64})
    assert main(["--clear"]) == 0
    assert (tmp_path / "precious").exists()


def test_a_name_that_is_not_kept_is_refused_with_those_that_are(home, capsys, monkeypatch, each_language):
    monkeypatch.setenv("TL_LANGUAGE", each_language)
    assert main(["--clear", "elephants"]) == 2
    said = capsys.readouterr().err
    assert "elephants" in said
    assert all(name in said for name in KEPT)


@pytest.mark.parametrize("command", ["--list", "--verify", "--clear"])
def test_an_empty_data_folder_is_said_to_be_empty(monkeypatch, tmp_path, capsys, command):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "nothing"))
    assert main([command]) == 0
    assert "Nothing is kept" in capsys.readouterr().out


def test_a_mirror_is_made_goes_on_and_serves(home, server, monkeypatch, tmp_path, capsys):
    address, served = server
    folder = served / "mirror"
    (served / "two.json").rename(served / "away")
    assert main(["--mirror", str(folder)]) == 1
    assert "two.json could not be downloaded" in capsys.readouterr().out
    (served / "away").rename(served / "two.json")
    (served / "one.json").unlink()  # is in the folder already
    assert main(["--mirror", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["SHA256SUMS", *NAMES]
    (served / "two.json").unlink()
    monkeypatch.setenv("TL_MIRROR", f"{address}/mirror")
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "school"))
    assert fetch("two.json").read_text() == '"two.json"'
    assert changed_files(fetch("two.json")) == []


def test_a_smaller_file_of_the_teachers_own_stays_in_a_mirror(home, tmp_path):
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "one.json").write_text("{}")
    write_sums(folder / "SHA256SUMS", {"one.json": sha256(b"{}").hexdigest()})
    assert main(["--mirror", str(folder)]) == 0
    assert (folder / "one.json").read_text() == "{}"
    assert (folder / "SHA256SUMS").read_text().count("\n") == 2


def test_the_command_starts_without_tensorflow(tmp_path):
    code = (
        "import runpy, sys; sys.argv = ['pictures', '--list']\n"
        "try: runpy.run_module('tl_helpers.pictures', run_name='__main__')\n"
        "except SystemExit as end: print(end.code, sorted({'tensorflow', 'keras', 'requests'} & set(sys.modules)))"
    )
    environment = {**os.environ, "TL_DATA_HOME": str(tmp_path), "TL_LANGUAGE": "tr"}
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment, capture_output=True, check=True)
    said = run.stdout.decode().splitlines()
    assert said == [f"{tmp_path} içinde saklanan bir şey yok.", "0 []"]
    assert run.stderr == b""
