"""The drill's judgements, on made-up packages, environments and notebooks: no network, no environment is made."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from authoring_course import make_course
from official_files import NAMES

from tl_helpers.authoring.__main__ import main
from tl_helpers.authoring.drill import command, environments, served
from tl_helpers.authoring.drill.alone import alone
from tl_helpers.authoring.drill.archive import course_archive
from tl_helpers.authoring.drill.bounds import lowest, pythons, ranges, read_project
from tl_helpers.authoring.drill.installed import Difference, complaints, difference, frozen, native, unmet
from tl_helpers.authoring.drill.lesson import INSTALL_SECONDS, judge, settings
from tl_helpers.authoring.drill.runs import Drilled, Ground
from tl_helpers.authoring.drill.shown import shown_otherwise, texts
from tl_helpers.authoring.drill.table import table
from tl_helpers.authoring.execution import execute_in
from tl_helpers.authoring.tree import Tree
from tl_helpers.messages import CourseError
from tl_helpers.table import load_table

ROOT = Path(__file__).parent.parent


def test_the_ends_of_the_range_come_from_pyproject():
    project = read_project(ROOT)
    wanted = ranges(project)
    for requirement in project["dependencies"]:
        name = requirement.split(">=")[0]
        assert f"{name}=={requirement.split('>=')[1].split(',')[0]}" in map(lowest, wanted)
    assert {"ipykernel", "pytest"} <= {lowest(each).split("==")[0] for each in wanted}
    assert environments.required(ROOT, "oldest") == "\n".join(map(lowest, wanted))
    assert environments.required(ROOT, "newest") == "\n".join(wanted)


@pytest.mark.parametrize(
    ("requirement", "pin"),
    [("numpy>=2.0,<3", "numpy==2.0"), ("a_b<4,>=1.2.post1", "a_b==1.2.post1"), ("x~=1.4", "x==1.4")],
)
def test_the_lower_end_of_a_range_is_a_pin(requirement, pin):
    assert lowest(requirement) == pin


@pytest.mark.parametrize("requirement", ["numpy", "numpy<3", "numpy!=2.1", "numpy>=2,>=2.1", "numpy>2"])
def test_a_range_without_one_lower_end_is_refused(requirement):
    with pytest.raises(CourseError, match="no lower end"):
        lowest(requirement)


def test_the_supported_pythons_are_counted_from_the_range():
    assert pythons({"requires-python": ">=3.11,<3.14"}) == ["3.11", "3.12", "3.13"]
    for endless in (">=3.11", ">=3.14,<3.12", ""):
        with pytest.raises(CourseError, match="expected is a range with both ends"):
            pythons({"requires-python": endless})


def test_a_python_of_this_machine_is_found_for_each_end():
    for oldest in (True, False):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        found = environments.find_python(ROOT, oldest=oldest)
        shown = subprocess.run([found, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        assert shown in pythons(read_project(ROOT))


BEFORE = "numpy==2.1.3\nPillow==11.3.0\n# a comment\n-e git+https://example.org/x#egg=x\npip==24.2\n"


def test_two_lists_of_packages_are_compared_by_name():
    before = frozen(BEFORE)
    assert before == {"numpy": "2.1.3", "pillow": "11.3.0", "pip": "24.2"}
    after = frozen("numpy==2.2.0\nPip==24.2\nTL_helpers @ file:///course.zip#sha256=0\n")
    seen = difference(before, after)
    assert seen.added == {"tl-helpers": "file:///course.zip#sha256=0"}
    assert seen.removed == {"pillow": "11.3.0"}
    assert seen.changed == {"numpy": ("2.1.3", "2.2.0")}
    assert difference(before, before) == Difference({}, {}, {})


def test_what_an_environment_lacks_is_named():
    found = frozen("numpy==2.1.3\ntl-helpers @ file:///course.zip\nscipy==1.18.1\n")
    assert unmet("numpy==2.1.3\nscipy>=1.14,<2", found) == []
    assert unmet("numpy==2.1.2\nscipy<1.18\nkeras==3.13.2\ntl-helpers==0.1", found) == [
        "numpy==2.1.2",
        "scipy<1.18",
        "keras==3.13.2",
        "tl-helpers==0.1",
    ]


def package(folder, name, tag="py3-none-any", pure="true", files=()):
    """Lay an installed package into a folder."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nRoot-Is-Purelib: {pure}\nTag: {tag}\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in (f"{name}/__init__.py", *files)))


@pytest.mark.parametrize(
    "built",
    [
        {"tag": "cp313-cp313-manylinux_2_28_x86_64"},
        {"tag": "py3-none-win_amd64"},
        {"pure": "false"},
        {"files": ["fast/_c.cpython-313-x86_64-linux-gnu.so"]},
        {"files": ["fast.libs/libz.so.1"]},
        {"files": ["fast/_c.pyd"]},
    ],
)
def test_a_package_with_native_code_is_found(tmp_path, built):
    package(tmp_path, "tl_helpers")
    package(tmp_path, "slow", tag="py2.py3-none-any", files=["slow/also.something.py"])
    assert native(tmp_path) == []
    package(tmp_path, "Fast_One", **built)
    assert native(tmp_path) == ["fast-one"]


def test_each_thing_that_installing_must_not_do_is_a_sentence(tmp_path, each_language):
    package(tmp_path, "tl_helpers")
    before = {"numpy": "2.1.3", "pip": "24.2"}
    course = {"tl-helpers": "file:///course.zip"}
    assert complaints(before, {**before, **course, "pure": "1.0"}, tmp_path) == []
    package(tmp_path, "fast", tag="cp313-cp313-linux_x86_64")
    said = complaints(before, {"numpy": "2.4.0", "fast": "1.0"}, tmp_path)
    assert len(said) == 4
    for sentence, words in zip(said, ["numpy 2.1.3 2.4.0", "pip 24.2", "fast", "tl-helpers"], strict=True):
        assert all(word in sentence for word in words.split())


def notebook(*outputs, tags=("nbval-check-output",)):
    cell = nbformat.v4.new_code_cell("shape", id="shapes", metadata={"tags": list(tags)})
    cell.outputs = [nbformat.v4.new_output("stream", name=name, text=text) for name, text in outputs]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), cell])


def test_an_exact_result_that_differs_and_red_text_are_found():
    same = notebook(("stdout", "(2, 3)\n"))
    assert shown_otherwise(same, same) == []
    assert shown_otherwise(same, notebook(("stdout", "(2, 4)\n"))) == [
        "The cell shapes shows '(2, 4)\\n'; committed is '(2, 3)\\n'."
    ]
    [red] = shown_otherwise(same, notebook(("stdout", "(2, 3)\n"), ("stderr", "a warning\n")))
    assert red == "The cell shapes writes to standard error: 'a warning'."
    about = shown_otherwise(notebook(("stdout", "0.91"), tags=()), notebook(("stdout", "0.92"), tags=()))
    assert about == []
    result = notebook()
    result.cells[1].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "7", "text/html": "<b>7</b>"})]
    assert texts(result.cells[1]) == "7"


def drilled(**changed):
    values = {
        "name": ("colab", "02", "en", "mini"),
        "install_seconds": 7.0,
        "set_up_seconds": 12.34,
        "minutes": 1.5,
        "peak_mb": 1422.0,
        "added": ("tl-helpers",),
        "problems": [],
    }
    return Drilled(**values | changed)


def test_the_table_has_a_row_a_run_and_a_line_a_problem(each_language):
    shown = table(
        [
            drilled(),
            drilled(name=("colab", "07", "en", "mini"), peak_mb=None, added=(), problems=["One thing.", "Another."]),
        ]
    )
    header, rule, good, bad, *problems = shown.splitlines()
    assert len(rule) >= len(header.rstrip()) - 1
    assert good.split()[:4] == ["colab", "02", "en", "mini"]
    assert "1:30" in good
    assert "tl-helpers" in good
    assert ("12.3" in good and "1,422" in good) if each_language == "en" else ("12,3" in good and "1.422" in good)
    assert bad.split()[1] == "07"
    assert "2" in bad.split("–")[-1]
    assert problems == ["", "colab 07 en mini: One thing.", "colab 07 en mini: Another."]


def test_the_archive_holds_what_git_lists_and_what_is_new_but_nothing_ignored(tmp_path):
    tree = make_course(tmp_path / "course")
    subprocess.run(["git", "init", "--quiet", "."], cwd=tree.root, check=True)
    (tree.root / ".gitignore").write_text("*.secret\n")
    (tree.root / "mine.secret").write_text("no")
    subprocess.run(["git", "add", "."], cwd=tree.root, check=True)
    (tree.root / "yeni dosya.txt").write_text("not yet added")
    (tree.root / "tl_helpers" / "__init__.py").unlink()
    with zipfile.ZipFile(course_archive(tree.root, tree.course, tmp_path)) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"a-course-main"}
    assert "a-course-main/tl_helpers/course.toml" in names
    assert "a-course-main/yeni dosya.txt" in names
    assert not {"a-course-main/mine.secret", "a-course-main/tl_helpers/__init__.py"} & set(names)


def test_a_folder_that_is_no_clone_is_refused(tmp_path):
    tree = make_course(tmp_path / "course")
    with pytest.raises(CourseError, match="is not a clone"):
        course_archive(tree.root, tree.course, tmp_path)


def test_a_kernel_that_is_alone_is_in_colab_and_sees_nothing_of_the_caller(tmp_path, monkeypatch):
    for name in ("TL_EDITION", "TL_WEIGHTS", "PYTHONPATH", "KERAS_HOME", "MPLBACKEND", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "/the/author")
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nMARK=another exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    environment = alone(python, tmp_path, {"TL_MIRROR": "http://127.0.0.1:1"})
    assert [key for key in environment if key.startswith("TL_")] == ["TL_MIRROR"]
    assert "/the/author" not in environment.values()
    cell = """import os, json
import sys as system
from pathlib import Path
facts = [os.environ["MARK"], "google.colab" in system.modules, str(Path.home()), os.listdir(), os.listdir(Path.home())]
print(json.dumps([*facts, sorted({"sys", "types"} & set(globals()))]))"""
    asked = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell, id="it")])
    assert execute_in(tmp_path, asked, environment, python=str(python)).error == ""
    mark, colab, home, here, at_home, names = json.loads(asked.cells[0].outputs[0].text)
    assert (mark, colab, home, here, names) == ("another", True, str(tmp_path / "home"), [], [])
    assert not set(at_home) - {".cache", ".config"}


def results(edition):
    cells = [nbformat.v4.new_code_cell("start()", id="set-up")]
    cells[0].outputs = [
        nbformat.v4.new_output("display_data", {"application/vnd.tl-helpers.results+json": {"edition": edition}})
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_lesson_that_falls_back_to_mini_or_takes_long_to_install_is_not_good():
    assert judge(results("full"), "full", INSTALL_SECONDS - 0.1) == []
    assert judge(results("mini"), "full", 1) == ["It ran in the edition mini rather than full."]
    assert judge(results("mini"), "mini", INSTALL_SECONDS) == ["Installing the course took 30.0 s; it may take 30 s."]
    nothing = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("start()", id="set-up")])
    assert "–" in judge(nothing, "mini", 1)[0]


def test_the_full_edition_gets_no_setting_but_the_mirror(tmp_path):
    ground = Ground("colab", tmp_path, {}, tmp_path / "main.zip", "http://127.0.0.1:1", tmp_path)
    source = {"TL_COURSE_SOURCE": str(tmp_path / "main.zip")}
    assert settings(ground, "full") == {**source, "TL_MIRROR": "http://127.0.0.1:1"}
    assert settings(ground, "mini") == {**source, "TL_EDITION": "mini"}


def test_the_files_that_lessons_may_ask_for_are_ones_that_the_server_can_make():
    lessons = load_table().lessons
    assert set(served.needed(lessons)) <= set(NAMES)
    two = served.needed([lessons[1]])
    assert {"cats_and_dogs_filtered.zip", "imagenet_class_index.json"} < set(two)
    assert any(name.startswith("mobilenet") and "no_top" in name for name in two)
    assert not any(name.startswith("inception") for name in two)
    assert set(served.needed([lessons[6]])) >= {"images.tar", "validation-00000-of-00001-951dbd63c8724ee1.parquet"}


def test_the_server_is_the_named_mirror_or_one_started_with_the_test_data(tmp_path, monkeypatch):
    lessons = [load_table().lesson("02")]
    monkeypatch.delenv("TL_TEST_DATA", raising=False)
    with pytest.raises(CourseError, match="needs photographs"), served.served(tmp_path, lessons):
        pass
    monkeypatch.setenv("TL_TEST_DATA", str(tmp_path))
    server = tmp_path / "tests" / "official_server.py"
    server.parent.mkdir()
    server.write_text(
        "import sys, time\nprint('TL_MIRROR=http://' + '/'.join(sys.argv[1:]), flush=True)\ntime.sleep(60)\n"
    )
    with served.served(tmp_path, lessons) as address:
        assert address == f"http://{tmp_path}/--port/0/--only/" + "/".join(served.needed(lessons))
    server.write_text("raise SystemExit('no photographs')\n")
    with pytest.raises(CourseError, match="does not start"), served.served(tmp_path, lessons):
        pass
    monkeypatch.setenv("TL_MIRROR", "http://school.example")
    with served.served(tmp_path, lessons) as address:
        assert address == "http://school.example"


def test_the_command_drills_each_lesson_edition_and_language_and_fails_with_one(tmp_path, monkeypatch, capsys):
    asked = []

    def drill_lessons(tree: Tree, runs, name, out):
        asked.extend((each.lesson.number, each.language, each.edition, name) for each in runs)
        return [drilled(problems=problems)]

    tree = make_course(tmp_path / "course")
    monkeypatch.setattr(command, "drill_lessons", drill_lessons)
    monkeypatch.delenv("TL_TEST_DATA", raising=False)
    problems = []
    root = ["--root", str(tree.root)]
    assert main(["drill", "2", "--language", "tr", "--environment", "oldest", *root]) == 0
    assert asked == [("02", "tr", "mini", "oldest")]
    assert "Mini edition only" in capsys.readouterr().out
    asked.clear()
    monkeypatch.setenv("TL_MIRROR", "http://school.example")
    problems = ["It stopped."]
    assert main(["drill", *root]) == 1
    assert len(asked) == 2 * 2 * 2
    assert ("01", "tr", "full", "colab") in asked
    assert "It stopped." in capsys.readouterr().out
    assert main(["drill", "9", *root]) == 2
