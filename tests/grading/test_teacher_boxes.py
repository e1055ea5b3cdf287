"""A box's files: plain ones are copied out, nothing that was left there leads outside, and all of it can be removed."""

import os
import socket
import sys

import pytest

from tl_helpers.grading.teacher.boxes import BEYOND, DEEPEST, folder_bytes, remove_box
from tl_helpers.grading.teacher.taking import copy_out

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="submissions are not run on Windows")


@pytest.fixture
def box(tmp_path):
    made = tmp_path / "box"
    (made / "answers" / "inner").mkdir(parents=True)
    (made / "answers" / "a.json").write_text("a")
    (made / "answers" / "inner" / "ş.npy").write_bytes(b"b" * 10)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "hidden.txt").write_text("hidden")
    return made


def taken(box, tmp_path, folder="answers", limit_bytes=1000, limit_files=100):
    return copy_out(box, folder, tmp_path / "clean", limit_bytes=limit_bytes, limit_files=limit_files)


def test_plain_files_are_copied_out(box, tmp_path):
    found = taken(box, tmp_path)
    assert (found.files, found.refused) == (("a.json", "inner/ş.npy"), ())
    assert (tmp_path / "clean" / "inner" / "ş.npy").read_bytes() == b"b" * 10


def test_links_pipes_and_sockets_are_refused(box, tmp_path, monkeypatch):
    answers = box / "answers"
    (answers / "link").symlink_to(tmp_path / "secret" / "hidden.txt")
    (answers / "folder").symlink_to(tmp_path / "secret")
    os.link(tmp_path / "secret" / "hidden.txt", answers / "hard")
    os.mkfifo(answers / "pipe")
    monkeypatch.chdir(answers)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        found = taken(box, tmp_path)
    assert found.files == ("a.json", "inner/ş.npy")
    assert found.refused == ("folder", "hard", "link", "pipe", "socket")
    assert sorted(os.listdir(tmp_path / "clean")) == ["a.json", "inner"]


@pytest.mark.parametrize("linked", ["box", "answers", "inner"])
def test_no_folder_on_the_way_may_be_a_link(box, tmp_path, linked):
    way = {"box": box, "answers": box / "answers", "inner": box / "answers" / "inner"}[linked]
    way.rename(tmp_path / "moved")
    way.symlink_to(tmp_path / "moved")
    found = taken(box, tmp_path, "answers/inner")
    assert found.files == ()
    assert os.listdir(tmp_path / "clean") == []


def test_a_folder_that_is_missing_or_a_file_gives_nothing(box, tmp_path):
    assert copy_out(box, "missing", tmp_path / "one", limit_bytes=9, limit_files=9).files == ()
    assert copy_out(box, "answers/a.json", tmp_path / "two", limit_bytes=9, limit_files=9).files == ()


def test_names_that_cannot_be_printed_are_refused(box, tmp_path):
    for name in (b"new\nline", b"\xff", b"\x1b[31m"):
        with open(os.fsencode(box / "answers") + b"/" + name, "w"):
            pass
    found = taken(box, tmp_path)
    assert found.files == ("a.json", "inner/ş.npy")
    assert len(found.refused) == 3
    assert all(name.isprintable() for name in found.refused)


def test_limits_bound_what_is_copied(box, tmp_path):
    (box / "answers" / "b.json").write_text("b" * 50)
    found = taken(box, tmp_path, limit_bytes=20)
    assert found.files == ("a.json", "inner/ş.npy")
    assert found.refused == ("b.json",)
    few = copy_out(box, "answers", tmp_path / "few", limit_bytes=100, limit_files=1)
    assert few.files == ("a.json",)
    assert few.refused


def test_a_target_that_is_there_is_not_touched(box, tmp_path):
    with pytest.raises(FileExistsError):
        copy_out(box, "answers", tmp_path / "secret", limit_bytes=9, limit_files=9)


def test_a_name_takes_space_even_where_a_file_is_empty(box):
    before = folder_bytes(box)
    (box / "empty").write_text("")
    (box / "data").write_bytes(b"x" * 100_000)
    assert folder_bytes(box) >= before + 104_000


def test_a_link_takes_only_its_own_space(box, tmp_path):
    before = folder_bytes(box)
    (tmp_path / "secret" / "big").write_bytes(b"x" * 100_000)
    (box / "link").symlink_to(tmp_path / "secret")
    assert folder_bytes(box) < before + 100_000


def test_folders_too_deep_to_be_counted_are_beyond_every_limit(box):
    nest(box, DEEPEST + 1)
    assert folder_bytes(box) == BEYOND


def nest(folder, depth):
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("deep", dir_fd=handle)
        inner = os.open("deep", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def test_a_box_is_removed_whatever_was_left_in_it(box, tmp_path):
    nest(box, 1200)
    (box / "link").symlink_to(tmp_path / "secret")
    (box / "answers" / "deep-link").symlink_to(tmp_path / "secret")
    os.link(tmp_path / "secret" / "hidden.txt", box / "hard")
    os.mkfifo(box / "pipe")
    with open(os.fsencode(box) + b"/\xff\n", "w"):
        pass
    (box / "answers" / "inner").chmod(0)
    (box / "answers").chmod(0)
    box.chmod(0)
    remove_box(box)
    assert not box.exists()
    assert (tmp_path / "secret" / "hidden.txt").read_text() == "hidden"


def test_a_box_that_became_a_link_or_a_file_is_removed_alone(tmp_path, box):
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(tmp_path / "secret")
    file.write_text("")
    for path in (link, file, tmp_path / "missing"):
        remove_box(path)
        assert not os.path.lexists(path)
    assert (tmp_path / "secret" / "hidden.txt").exists()
