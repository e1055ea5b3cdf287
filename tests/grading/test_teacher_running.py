"""What a run keeps and refuses, and what it says; whole classes are graded in test_teacher_classes."""

import hashlib
import stat

import pytest

from tl_helpers.grading.teacher import running
from tl_helpers.grading.teacher.command import INTERRUPTED, WRONG_USE, main
from tl_helpers.grading.teacher.executing import _progress
from tl_helpers.grading.teacher.exercise import code_cells, notebooks
from tl_helpers.grading.teacher.kept import (
    alone,
    fingerprint,
    keep_result,
    kept_result,
    result_of,
    scratch_folder,
    secret_seed,
)
from tl_helpers.grading.teacher.plan import Step
from tl_helpers.grading.teacher.reading import find_submissions
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.texts import TeacherError
from tl_helpers.grading.teacher.working import seed_of


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in" / "Ayşe").mkdir(parents=True)
    (tmp_path / "in" / "Ayşe" / "a.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path / "in"


def graded(found):
    return Result(found.name, found.student, found.key, hashlib.sha256(found.path.read_bytes()).hexdigest(), "tr")


def test_a_result_counts_only_for_the_same_file_graded_in_the_same_way(folder, tmp_path):
    (found,) = find_submissions(folder)
    result = graded(found)
    keep_result(tmp_path, result, "how")
    assert result_of(tmp_path, found, "how") == result
    assert result_of(tmp_path, found, "otherwise") is None
    found.path.write_text("{ }", encoding="utf-8")
    assert result_of(tmp_path, found, "how") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"graded": "how", "result": "{}"}', '{"graded": "how", "result": 3}']
)
def test_a_result_that_cannot_be_read_is_graded_again(folder, tmp_path, text):
    (found,) = find_submissions(folder)
    (tmp_path / f"{found.key}.json").write_text(text, encoding="utf-8")
    assert result_of(tmp_path, found, "how") is None
    with pytest.raises((ValueError, TypeError)):
        kept_result(tmp_path / f"{found.key}.json")


def test_where_the_package_does_not_start_in_a_box_nobody_is_graded(folder, tmp_path, monkeypatch, each_language):
    monkeypatch.setattr("tl_helpers.grading.teacher.graders._draw", lambda work: None)
    monkeypatch.setattr("tl_helpers.grading.teacher.graders.try_out", lambda work: "No module named tl_helpers")
    with pytest.raises(TeacherError, match="No module named tl_helpers"):
        running.grade_class(running.Settings(folder, tmp_path / "out"))
    assert list((tmp_path / "out" / "results").iterdir()) == []


def test_how_a_class_is_graded_depends_on_the_seed_and_the_time():
    assert len({fingerprint(1, 60), fingerprint(2, 60), fingerprint(1, 61)}) == 3
    assert fingerprint(1, 60) == fingerprint(1, 60)


def test_the_secret_seed_is_kept_and_nobody_else_reads_it(tmp_path):
    first = secret_seed(tmp_path, None)
    assert secret_seed(tmp_path, None) == first
    assert secret_seed(tmp_path, 5) == 5
    assert secret_seed(tmp_path, None) == 5
    assert stat.S_IMODE((tmp_path / "secret-seed.txt").stat().st_mode) == 0o600
    (tmp_path / "secret-seed.txt").write_text("no number", encoding="utf-8")
    assert secret_seed(tmp_path, None) >= 0


def test_a_submission_has_a_seed_of_its_own_from_which_the_secret_does_not_follow():
    seeds = {seed_of(secret, digest) for secret in (1, 2) for digest in ("a", "b")}
    assert len(seeds) == 4
    assert all(0 <= seed < 2**48 for seed in seeds)


def test_two_runs_do_not_write_to_one_folder(tmp_path, each_language):
    with alone(tmp_path), pytest.raises(TeacherError, match=str(tmp_path)), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_what_a_killed_run_left_is_gone_in_the_next_and_nothing_stays(tmp_path):
    with scratch_folder(tmp_path) as scratch:
        (scratch / "box").mkdir()
    assert not scratch.exists()
    (scratch / "box").mkdir(parents=True)
    with scratch_folder(tmp_path) as again:
        assert again == scratch
        assert list(again.iterdir()) == []
    assert not scratch.exists()


STEPS = [Step("set-up", ""), Step("answer-split", "", "split")]


@pytest.mark.parametrize(
    ("where", "lines", "expected"),
    [
        ("1", '{"index": 1, "error": "NameError: x"}', (1, {"answer-split": "NameError: x"})),
        ("0", '{"index": 0, "error": ""}', (0, {})),
        ("7", '{"index": 9, "error": "x"}', (None, {})),
        ("-1", '{"index": "1", "error": "x"}\n[]\n{', (None, {})),
        ("9" * 5000, '{"index": 1, "error": {"a": 1}}', (None, {})),
        ("one", "[" * 100_000, (None, {})),
    ],
)
def test_what_a_box_says_of_its_progress_may_be_anything(tmp_path, where, lines, expected):
    (tmp_path / "progress.txt").write_text(where, encoding="utf-8")
    (tmp_path / "steps.jsonl").write_text(lines, encoding="utf-8")
    assert _progress(tmp_path, STEPS) == expected


def test_a_box_that_left_nothing_has_no_progress(tmp_path):
    assert _progress(tmp_path, STEPS) == (None, {})


def test_the_exercise_has_all_the_answers_that_the_solution_has():
    for code, file in notebooks("exercise").items():
        answers = {name for name in code_cells(file) if name.startswith("answer-")}
        assert answers == {name for name in code_cells(notebooks("solution")[code]) if name.startswith("answer-")}


@pytest.fixture
def speaks(monkeypatch, each_language):
    monkeypatch.setenv("TL_LANGUAGE", each_language)


def test_a_folder_that_is_not_there_or_empty_is_explained(tmp_path, capsys, speaks):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "missing", tmp_path / "empty"):
        assert main([str(folder), "--out", str(tmp_path / "out")]) == WRONG_USE
        assert str(folder) in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_number_that_makes_no_sense_is_explained(tmp_path, capsys, value, speaks):
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path), "--jobs", value])
    assert stopped.value.code == WRONG_USE
    assert value in capsys.readouterr().err


def test_ctrl_c_says_how_to_go_on(folder, tmp_path, capsys, monkeypatch, each_language):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setenv("TL_LANGUAGE", each_language)
    monkeypatch.setattr(running, "grade_class", interrupted)
    assert main([str(folder), "--out", str(tmp_path / "out")]) == INTERRUPTED
    assert {"en": "run the same command", "tr": "aynı komutu"}[each_language] in capsys.readouterr().err


def test_the_help_says_each_option(capsys, speaks):
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(option in said for option in ("--out", "--jobs", "--seconds", "--seed", "--excel-tr"))
