"""The example class is what the script makes of today's exercise, and its submissions are what their stories say."""

import ast
import json
import re

import pytest

from tl_helpers.authoring import example_class
from tl_helpers.authoring.__main__ import ROOT
from tl_helpers.authoring.example_class import CLASS, EXPECTED, FOLDER, GRADED, answered
from tl_helpers.authoring.tree import Tree
from tl_helpers.grading.tasks import TASKS

TREE = Tree(ROOT)
STUDENTS = {student.name: student for student in CLASS}


def committed(name):
    (path,) = (ROOT / FOLDER).glob(f"{name}_*/*.ipynb")
    return path


def cells(name):
    return json.loads(committed(name).read_text(encoding="utf-8"))["cells"]


def answers(name):
    """Task → code, of a student's saved notebook."""
    sources = ["".join(cell["source"]) for cell in cells(name)]
    return {found[1]: source for source in sources if (found := re.match(r"# answer: (\S+)\n", source))}


def nameless(code):
    """What is left of code without comments and without the names of variables, in the order of their first use."""
    tree, known = ast.parse(code), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = known.setdefault(node.id, str(len(known)))
    return ast.dump(tree)


def test_the_committed_class_is_what_the_script_makes():
    kept = {path.relative_to(ROOT / FOLDER).as_posix(): path for path in (ROOT / FOLDER).rglob("*") if path.is_file()}
    made = example_class.example_class(TREE)
    stale = "make build, then .venv/bin/python -m tl_helpers.authoring.example_class"
    assert kept.keys() == made.keys(), stale
    assert [name for name, path in kept.items() if path.read_text(encoding="utf-8") != made[name]] == [], stale


def test_the_command_writes_the_class_and_takes_away_what_an_earlier_one_had(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(example_class, "example_class", lambda tree: {"Ö_1001_/a.ipynb": "new"})
    (tmp_path / "tl_helpers").mkdir()
    (tmp_path / "tl_helpers" / "course.toml").write_bytes((ROOT / "tl_helpers" / "course.toml").read_bytes())
    (tmp_path / FOLDER / "gone_").mkdir(parents=True)
    (tmp_path / FOLDER / "gone_" / "b.ipynb").write_text("old", encoding="utf-8")
    assert example_class.main(["--root", str(tmp_path)]) == 0
    assert [path.name for path in sorted((tmp_path / FOLDER).rglob("*"))] == ["Ö_1001_", "a.ipynb"]
    assert (tmp_path / FOLDER / "Ö_1001_" / "a.ipynb").read_text(encoding="utf-8") == "new"
    assert "1 submissions" in capsys.readouterr().out


def test_every_student_has_the_points_expected_of_each_task():
    assert len(EXPECTED) == 12
    for name, points in EXPECTED.items():
        assert tuple(points) in (GRADED, ()), name
        assert all(0 <= given <= TASKS[task].points for task, given in points.items()), name
    assert sum(sum(points.values()) == 24 for points in EXPECTED.values()) == 4


@pytest.mark.parametrize("student", [student for student in CLASS if student.points], ids=lambda each: each.name)
def test_every_saved_notebook_has_each_task_and_the_students_answers(student):
    wanted = {
        cell.id.removeprefix("answer-"): cell.source for cell in answered(TREE, student.language, student.answers).cells
    }
    found = answers(student.name)
    assert found.keys() == TASKS.keys()
    assert found == {task: wanted[task] for task in TASKS}
    open_tasks = {task for task, code in found.items() if re.search(r"^my_\w+(, my_\w+)* = None", code, re.MULTILINE)}
    assert not {task for task in open_tasks if EXPECTED[student.name].get(task)}
    language = f'LANGUAGE = "{student.language}"'
    assert any("".join(cell["source"]).startswith(language) for cell in cells(student.name))


def test_what_colab_saved_has_no_ids_of_cells_and_an_older_format():
    saved = json.loads(committed("Emma Johnson").read_text(encoding="utf-8"))
    assert saved["nbformat_minor"] == 0
    assert "colab" in saved["metadata"]
    assert not any("id" in cell for cell in saved["cells"])
    assert all(re.fullmatch("[0-9a-f]{12}", cell["metadata"]["id"]) for cell in saved["cells"])
    assert any("nbgrader" in cell["metadata"] for cell in saved["cells"])


def test_what_was_stripped_has_no_metadata_and_another_order_and_name():
    assert committed("Işıl Çiğdem Aydın").name == "ödev (1).ipynb"
    assert all(not cell["metadata"] and "id" not in cell for cell in cells("Işıl Çiğdem Aydın"))
    assert list(answers("Işıl Çiğdem Aydın")) != list(answers("Çağrı Öztürk")) == list(TASKS)


def test_the_copy_says_the_same_in_other_words():
    original, copy = answers("Çağrı Öztürk"), answers("Gökhan Ünlü")
    for task in GRADED:
        assert copy[task] != original[task]
        assert nameless(copy[task]) == nameless(original[task])
    assert nameless(answers("Ayşe Yılmaz")["model"]) != nameless(original["model"])


def test_only_the_syntax_error_is_no_python():
    broken = []
    for name in [student.name for student in CLASS if student.points]:
        for task, code in answers(name).items():
            try:
                ast.parse(code)
            except SyntaxError:
                broken.append((name, task))
    assert broken == [("Jürgen Weiß", "predict")]


def test_the_pdf_is_no_notebook():
    text = committed("Noah Smith").read_text(encoding="utf-8")
    assert text.startswith("%PDF-")
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
