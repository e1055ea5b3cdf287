"""Submissions are found in whatever folder they were downloaded to."""

import os
import socket
import unicodedata

import pytest

from tl_helpers.grading.teacher.folders import find_submissions
from tl_helpers.grading.teacher.texts import say


def make(folder, *names):
    for name in names:
        path = os.path.join(os.fsencode(folder), name if isinstance(name, bytes) else os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"{}")
    return find_submissions(folder)


def students(found):
    return [one.student for one in found]


def problems(found):
    return [one.problem and one.problem.message for one in found]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["ayse.ipynb", "Ali Can.ipynb"], ["Ali Can", "ayse"]),
        (["Ayşe Yılmaz/04_flowers_exercise.ipynb", "Can/a.ipynb"], ["Ayşe Yılmaz", "Can"]),
        (["Ayşe Yılmaz_123456_assignsubmission_file_/04.ipynb"], ["Ayşe Yılmaz"]),
        (["Ayşe Yılmaz_123456_assignsubmission_file/04.ipynb"], ["Ayşe Yılmaz"]),
        (["Ayşe Yılmaz_123456_assignsubmission_file_04.ipynb"], ["Ayşe Yılmaz"]),
        (["CS1-Ödev 4-77/Can_1_assignsubmission_file_/x/y/04.ipynb"], ["Can"]),
        (["submitted/ayse/f/x.ipynb", "submitted/can/f/x.ipynb", "source/f/x.ipynb", "gradebook.db"],
         ["ayse", "can"]),
        (["submitted/ayse/flowers/x.ipynb"], ["ayse"]),
        (["ayse/flowers/x.ipynb", "can/flowers/x.ipynb"], ["ayse", "can"]),
        (["10-A/Ayşe/x.ipynb", "10-A/Can/x.ipynb", "10-B/Eda/x.ipynb", "10-B/Ömer/a/b/x.ipynb"],
         ["Ayşe", "Can", "Eda", "Ömer"]),
        (["indirilen/Ayşe/x.ipynb", "indirilen/Can/x.ipynb"], ["Ayşe", "Can"]),
        (["a/b/c/d/e/x.IPYNB"], ["a"]),
        (["ayse.ipynb.txt", "can.ipynb.json"], ["ayse", "can"]),
    ],
)  # fmt: skip
def test_students_are_found_in_every_layout(tmp_path, names, expected):
    found = make(tmp_path, *names)
    assert students(found) == expected
    assert problems(found) == [None] * len(expected)
    assert all(one.path.is_file() and one.path == tmp_path / one.name and not one.notes for one in found)


def test_a_folder_called_submitted_holds_a_folder_a_student(tmp_path):
    found = make(tmp_path / "submitted", "ayse/flowers/x.ipynb", "ayse/intro/x.ipynb")
    assert students(found) == ["ayse", "ayse"]


@pytest.mark.parametrize(
    "name",
    [
        unicodedata.normalize("NFC", "Çağrı Öztürk İğdır.ipynb"),
        unicodedata.normalize("NFD", "Çağrı Öztürk İğdır.ipynb"),
        "=SUM(A1)'\"; rm -rf.ipynb",
        "iki\nsatır\r\t.ipynb",
        "🌷 👩‍🌾.ipynb",
        "ş" * 124 + ".ipynb",
        b"bozuk \xff\xfe ad.ipynb",
        "CON.ipynb",
        " .ipynb",
    ],
)
def test_any_file_name_gives_a_student_and_a_safe_key(tmp_path, name):
    (found,) = make(tmp_path, name)
    assert found.problem is None
    assert found.path.read_bytes() == b"{}"
    assert found.name.encode("utf-8")
    assert found.student == unicodedata.normalize("NFC", found.student)
    assert found.student.isprintable() or "👩" in found.student
    assert len(found.key) <= 60
    assert set(found.key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_key_can_be_read_and_does_not_depend_on_the_other_files(tmp_path):
    (alone,) = make(tmp_path, "Şule Işık/x.ipynb")
    assert alone.key.startswith("sule-isik-")
    assert alone in make(tmp_path, "a.ipynb", "z.ipynb")


def test_colliding_names_have_keys_of_their_own_and_one_order(tmp_path):
    names = [
        "Ali.ipynb",
        "ali.ipynb",
        "ALI.ipynb",
        "alı.ipynb",
        *(unicodedata.normalize(n, "ö.ipynb") for n in ("NFC", "NFD")),
    ]
    found = make(tmp_path, *names)
    assert len({one.key.lower() for one in found}) == len(names) == len(found)
    other = tmp_path.parent / f"{tmp_path.name}-again"
    assert [(one.name, one.key) for one in make(other, *reversed(names))] == [(one.name, one.key) for one in found]


def test_what_the_system_or_jupyter_left_behind_is_ignored(tmp_path):
    found = make(
        tmp_path,
        "Ayşe/x.ipynb",
        "Ayşe/.ipynb_checkpoints/x-checkpoint.ipynb",
        "__MACOSX/Ayşe/._x.ipynb",
        "__MACOSX/Ayşe/y.ipynb",
        ".DS_Store",
        "Ayşe/._x.ipynb",
        ".gizli.ipynb",
    )
    assert [one.name for one in found] == ["Ayşe/x.ipynb"]


def test_several_notebooks_of_a_student_are_all_listed_with_a_note(tmp_path, each_language):
    found = make(tmp_path, "Ayşe/a.ipynb", "Ayşe/eski/b.ipynb", "Can/c.ipynb")
    assert students(found) == ["Ayşe", "Ayşe", "Can"]
    assert [len(one.notes) for one in found] == [1, 1, 0]
    note = found[0].notes[0]
    assert note.human
    assert "a.ipynb, b.ipynb" in say(note.message, **note.values)


def test_folders_that_every_student_has_are_no_students(tmp_path):
    found = make(tmp_path, *(f"{student}/{part}/x.ipynb" for student in ("Ayşe", "Can") for part in ("deneme", "son")))
    assert students(found) == ["Ayşe", "Ayşe", "Can", "Can"]
    assert all(one.notes for one in found)


def test_two_students_of_one_name_stay_two(tmp_path):
    found = make(tmp_path, *(f"Can_{number}_assignsubmission_file_/x.ipynb" for number in (1, 2)))
    assert students(found) == ["Can", "Can"]
    assert [one.notes for one in found] == [(), ()]


@pytest.mark.parametrize("ending", ["pdf", "py", "zip", "docx", "html"])
def test_another_file_in_the_place_of_a_notebook_is_said(tmp_path, ending, each_language):
    found = make(tmp_path, f"ayse.{ending}", f"Can/ödev.{ending}")
    assert students(found) == ["ayse", "Can"]
    assert problems(found) == ["reading.other"] * 2
    assert all(one.problem.human for one in found)
    text = say(found[1].problem.message, **found[1].problem.values)
    assert f"ödev.{ending}" in text
    assert ".ipynb" in text


def test_other_files_beside_a_notebook_are_the_students_own_business(tmp_path):
    found = make(tmp_path, "Ayşe/x.ipynb", "Ayşe/rapor.pdf", "can.ipynb", "can.pdf")
    assert [one.name for one in found] == ["Ayşe/x.ipynb", "can.ipynb"]


def test_text_typed_into_moodle_counts_only_where_there_is_no_notebook(tmp_path):
    found = make(
        tmp_path,
        "Ayşe_1_assignsubmission_file_/x.ipynb",
        "Ayşe_1_assignsubmission_onlinetext_/onlinetext.html",
        "Can_2_assignsubmission_onlinetext_/onlinetext.html",
        "Eda_3_assignsubmission_onlinetext_onlinetext.html",
    )
    assert students(found) == ["Ayşe", "Can", "Eda"]
    assert problems(found) == [None, "reading.other", "reading.other"]


def test_an_empty_folder_is_said(tmp_path, each_language):
    (tmp_path / "Ayşe" / "flowers").mkdir(parents=True)
    (tmp_path / "Can").mkdir()
    found = make(tmp_path, "eda.ipynb")
    assert students(found) == ["Ayşe", "Can", "eda"]
    assert problems(found) == ["reading.empty", "reading.empty", None]
    assert "Can" in say(found[1].problem.message, **found[1].problem.values)


def test_links_are_listed_and_never_followed(tmp_path, each_language):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.ipynb").write_text("{}")
    folder = tmp_path / "in"
    (folder / "Ayşe").mkdir(parents=True)
    (folder / "Ayşe" / "x.ipynb").symlink_to(outside / "secret.ipynb")
    (folder / "Can").symlink_to(outside)
    (folder / "Eda").symlink_to(folder)
    (folder / "broken.ipynb").symlink_to(tmp_path / "nowhere")
    found = find_submissions(folder)
    assert [one.name for one in found] == ["Ayşe/x.ipynb", "broken.ipynb", "Can", "Eda"]
    assert problems(found) == ["reading.link"] * 4
    assert "Ayşe/x.ipynb" in say(found[0].problem.message, **found[0].problem.values)


def test_pipes_and_sockets_are_listed_and_never_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("ayse.ipynb")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("can.ipynb")
        assert problems(find_submissions(tmp_path)) == ["reading.special"] * 2


def test_a_folder_that_cannot_be_read_is_said_and_the_others_are_found(tmp_path, monkeypatch):
    make(tmp_path, "Ayşe/x.ipynb", "Can/x.ipynb")
    scan = os.scandir

    def closed(path):
        if os.fspath(path).endswith("Can"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    found = find_submissions(tmp_path)
    assert problems(found) == [None, "reading.unreadable"]
    assert found[1].problem.values == {"found": "Can", "reason": "Permission denied"}
    with pytest.raises(ValueError, match="Permission denied"):
        find_submissions(tmp_path / "Can")


def test_very_deep_folders_do_not_stop_the_search(tmp_path):
    path = tmp_path / "in" / "Ayşe"
    path.mkdir(parents=True)
    for _ in range(1100):
        path = path / "a"
        path.mkdir()
    (path / "x.ipynb").touch()
    try:
        (found,) = find_submissions(tmp_path / "in")
        assert (found.student, found.problem) == ("Ayşe", None)
    finally:
        (path / "x.ipynb").unlink()
        os.removedirs(path)  # deeper than what clears old temporary folders can go


def test_no_folder_is_said(tmp_path, each_language):
    with pytest.raises(ValueError, match="nowhere"):
        find_submissions(tmp_path / "nowhere")
    assert find_submissions(tmp_path) == []
