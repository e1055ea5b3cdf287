"""Whole classes through the teacher's command: the example class, broken and hostile ones, a run that is killed."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from hostile import BROKEN, HOSTILE, ODD, HandedIn, spying, writing_outside, wrong

from tl_helpers.authoring.example_class import EXPECTED
from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.kept import kept_result
from tl_helpers.grading.teacher.sandbox import protections

pytestmark = pytest.mark.classes
ROOT = Path(__file__).parents[2]
SECRET_SEED = 4711
PLANTED = "planted-by-a-submission"


def command(submissions, out, *more):
    fixed = ["--out", str(out), "--jobs", "2", "--seconds", "15", "--seed", str(SECRET_SEED)]
    return [sys.executable, "-m", "tl_helpers.grading", str(submissions), *fixed, *more]


def grade(submissions, out, *more):
    done = subprocess.run(command(submissions, out, *more), capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def results(out):
    """Return student → result."""
    found = [kept_result(file)[1] for file in sorted((out / "results").iterdir())]
    return {result.student: result for result in found}


def rows(out, name="grades.csv"):
    with (out / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def earned(result):
    return {task.task: task.points for task in result.tasks if task.points}


def messages(result):
    return {note.message for note in (*result.notes, *(note for task in result.tasks for note in task.notes))}


def page(out, result):
    return (out / "feedback" / f"{result.key}.html").read_text(encoding="utf-8")


def hand_in(folder, files):
    for student, file in files.items():
        (folder / student).mkdir(parents=True)
        (folder / student / file.name).write_bytes(file.content)
    return folder


def strays():
    """Return processes that a box has left."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any("teacher.inside" in part for part in process.info["cmdline"] or ()):
            found.append(process)
    return found


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    out = tmp_path_factory.mktemp("example")
    grade(ROOT / "assets" / "example_class", out)
    return out


def test_each_student_of_the_example_class_gets_the_points_that_the_answers_deserve(example):
    found = {student: earned(result) for student, result in results(example).items()}
    assert found == {student: {task: n for task, n in each.items() if n} for student, each in EXPECTED.items()}


def test_a_class_leaves_grades_feedback_a_summary_similar_answers_and_who_needs_a_human_being(example):
    assert len(rows(example)) == 1 + len(EXPECTED)
    assert len(list((example / "feedback").glob("*.html"))) == len(EXPECTED)
    similar = [row for row in rows(example, "similarity.csv")[1:] if "Çağrı Öztürk" in row]
    assert any("Jürgen Weiß" in cell or "Gökhan Ünlü" in cell for row in similar for cell in row)
    assert "Noah Smith" in {row[0] for row in rows(example, "needs_a_human.csv")[1:]}
    assert (example / "summary.html").read_text(encoding="utf-8").count("<img") >= 2


def test_feedback_is_in_the_language_of_the_notebook_and_keeps_the_secret(example):
    for result in results(example).values():
        text = page(example, result)
        assert f'lang="{result.language}"' in text
        assert str(SECRET_SEED) not in text


def test_grading_again_grades_nothing_again_and_the_grades_are_the_same(example):
    before = (example / "grades.csv").read_bytes()
    said = grade(ROOT / "assets" / "example_class", example)
    assert "[1/" not in said
    assert (example / "grades.csv").read_bytes() == before


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("submissions")
    secret = tmp_path_factory.mktemp("secret")
    (secret / "hidden.txt").write_text("SECRET-OF-THE-TEACHER", encoding="utf-8")
    files = {**BROKEN, **ODD, **HOSTILE, "wrong": wrong()}
    files |= {
        "spy": HandedIn(spying(folder, secret), {"split": 3}),
        "writer": HandedIn(writing_outside(secret), HOSTILE["forks"].points),
    }
    files["victim"] = ODD["Colab"]
    hand_in(folder, files)
    out = tmp_path_factory.mktemp("graded")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    grade(folder, out)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    if protections().files:
        assert list(secret.iterdir()) == [secret / "hidden.txt"]
    return files, out


def test_each_broken_or_hostile_submission_has_a_row_a_reason_and_a_page_and_stops_none_of_the_others(hostile):
    files, out = hostile
    found = results(out)
    assert set(found) == set(files)
    assert {row[0] for row in rows(out)[1:]} == set(files)
    for student, file in files.items():
        result = found[student]
        assert earned(result) == file.points, (student, messages(result))
        assert bool(result.needs_human) >= file.human, (student, messages(result))
        assert set(file.says) <= messages(result), (student, messages(result))
        assert page(out, result).count("<html") == 1


def test_every_wrong_answer_through_the_whole_way_is_told_what_is_wrong(hostile):
    _, out = hostile
    tasks = {task.task: task for task in results(out)["wrong"].tasks}
    for name, task in TASKS.items():
        if task.checks:
            assert tasks[name].state in {"wrong", "partly"}, name
            assert tasks[name].notes, name
            assert tasks[name].points < task.points, name


def test_a_submission_sees_neither_the_teachers_files_nor_those_of_others(hostile):
    _, out = hostile
    if not protections().files:
        pytest.skip("files are not protected on this machine, and the teacher is told so")
    text = (out / "results" / f"{results(out)['spy'].key}.json").read_text(encoding="utf-8")
    assert "SECRET-OF-THE-TEACHER" not in text


def test_nothing_is_left_on_the_machine(hostile):
    assert strays() == []
    for folder in ("/tmp", "/usr", "/etc", str(Path.home())):
        assert not (Path(folder) / PLANTED).exists() or not protections().files
    assert list(Path("/tmp").glob("tl-grading-*")) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_goes_on_and_its_grades_are_the_same(how, tmp_path):
    files = {f"student {number}": ODD["Colab"] for number in range(3)} | {"blank": BROKEN["blank"]}
    folder, out, whole = hand_in(tmp_path / "in", files), tmp_path / "out", tmp_path / "whole"
    # Tests that a shell started in the background ignore Ctrl-C, and so would what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command(folder, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    while process.poll() is None and not list(out.glob("results/*.json")):
        time.sleep(0.1)
    os.kill(process.pid, how)
    process.wait()
    kept = len(list(out.glob("results/*.json")))
    assert 1 <= kept < len(files)
    deadline = time.monotonic() + 60
    while strays() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert strays() == []
    assert f"{kept} submissions" in grade(folder, out)
    grade(folder, whole)
    assert rows(out) == rows(whole)
