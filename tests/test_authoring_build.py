"""The build and the check, on a tiny course that is built once and copied for each test."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from authoring_course import make_course

from tl_helpers.authoring import build as building
from tl_helpers.authoring.__main__ import main
from tl_helpers.authoring.build import build
from tl_helpers.authoring.check import check
from tl_helpers.authoring.execution import Outcome
from tl_helpers.authoring.notebooks import notebook_text, set_up_code
from tl_helpers.authoring.tree import Tree
from tl_helpers.messages import CourseError
from tl_helpers.table import load_table


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = make_course(tmp_path_factory.mktemp("built") / "course")
    assert build(tree, tree.course.lessons) == []
    return tree.root


@pytest.fixture
def tree(built: Path, tmp_path: Path) -> Tree:
    return Tree(Path(shutil.copytree(built, tmp_path / "course")), cells=None)


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Outcome:
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(building, "execute", refuse)


def files(tree: Tree) -> dict[str, bytes]:
    return {tree.name(path): path.read_bytes() for path in sorted(tree.root.rglob("*")) if path.is_file()}


def checked(tree: Tree) -> list[tuple[str, str, str]]:
    return [(one.file, one.key, one.cell) for one in check(tree, tree.course.lessons)]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def read(tree: Tree, name: str) -> nbformat.NotebookNode:
    return nbformat.read(tree.root / "notebooks" / name, as_version=4)


def test_what_was_built_passes_the_check(tree: Tree) -> None:
    assert checked(tree) == []


def test_notebooks_are_valid_and_have_the_cells_in_order(tree: Tree) -> None:
    for language in ("en", "tr"):
        notebook = read(tree, f"{language}/01_first.ipynb")
        nbformat.validate(notebook)
        own = ["why", "shapes", "read", "quiz-frozen", "task-rows", "check-rows", "may-fail"]
        ids = ["front-matter", "set-up", *own, "navigation"]
        assert [cell.id for cell in notebook.cells] == ids


def test_code_is_the_same_in_both_languages_but_for_the_line_of_the_language(tree: Tree) -> None:
    code = {
        language: [cell.source for cell in read(tree, f"{language}/01_first.ipynb").cells if cell.cell_type == "code"]
        for language in ("en", "tr")
    }
    assert code["en"][1:] == code["tr"][1:]
    assert code["en"][0].replace('LANGUAGE = "en"', 'LANGUAGE = "tr"') == code["tr"][0]


def test_exact_cells_carry_the_tag_that_nbval_compares(tree: Tree) -> None:
    tags = {cell.id: cell.metadata.get("tags", []) for cell in read(tree, "en/01_first.ipynb").cells}
    assert tags["shapes"] == ["nbval-check-output"]
    assert tags["may-fail"] == []


def test_a_notebook_is_executed_alone_and_in_the_mini_edition(tree: Tree) -> None:
    outputs = {cell.id: cell.get("outputs") for cell in read(tree, "tr/02_second.ipynb").cells}
    assert outputs["set-up"][0].data["text/plain"] == "mini"
    assert outputs["shapes"][0].data["text/plain"] == "(2, 3)"
    assert outputs["results"][0].text == "['TL_EDITION']\n[]\n"


def test_metadata_are_the_same_on_every_machine(tree: Tree) -> None:
    metadata = read(tree, "en/01_first.ipynb").metadata
    assert set(metadata) == {"kernelspec", "language_info", "tl_helpers"}
    assert metadata.language_info == {"name": "python"}
    assert set(metadata.tl_helpers) == {"lesson", "language", "code", "outputs"}


def test_the_front_matter_links_to_everything_by_full_address(tree: Tree) -> None:
    first, second = (read(tree, f"en/{name}.ipynb") for name in ("01_first", "02_second"))
    text = first.cells[0].source
    base = "github.com/someone/a-course/blob/main/notebooks"
    assert text.startswith("# 1 · Title 01\n")
    colab = "https://colab.research.google.com/github/someone/a-course/blob/main/notebooks/en/01_first.ipynb"
    for part in (colab, "https://nbviewer.org/github/someone", f"{base}/tr/01_first.ipynb", f"{base}/en/02_second"):
        assert part in text
    assert "full edition, CPU: 2.5" in text
    assert text.endswith("1. a\n2. b\n3. c")
    assert f"[1 · Title 01](https://{base}/en/01_first.ipynb)" in second.cells[0].source
    assert second.cells[-1].source.startswith("Previous: [1 · Title 01]")
    assert "CPU: 2,5" in read(tree, "tr/01_first.ipynb").cells[0].source


def test_the_readmes_get_the_lesson_table_and_keep_the_rest(tree: Tree) -> None:
    english, turkish = (tree.readme(language).read_text(encoding="utf-8") for language in ("en", "tr"))
    assert english.startswith("# A\n\n<!-- lessons:begin -->\n| No. |")
    assert english.endswith("|\n<!-- lessons:end -->\n\nend\n")
    assert "| [Title 01](notebooks/en/01_first.ipynb) | A \\| summary. | 1 |" in english
    assert "[Başlık 02](notebooks/tr/02_second.ipynb)" in turkish
    assert len({line.count("|") - line.count("\\|") for line in english.splitlines() if line.startswith("|")}) == 1


@pytest.mark.usefixtures("no_kernel")
def test_a_build_without_a_change_leaves_every_file_as_it_is(tree: Tree) -> None:
    before = files(tree)
    assert build(tree, tree.course.lessons) == []
    assert files(tree) == before


@pytest.mark.usefixtures("no_kernel")
def test_a_change_of_markdown_keeps_the_outputs_and_is_not_executed(tree: Tree) -> None:
    before = read(tree, "en/01_first.ipynb")
    source = tree.source(tree.course.lesson("1"))
    edit(source, "We read the shape.", "We look at the shape.")
    assert main(["stamp", "01", "--root", str(tree.root)]) == 0
    assert ("notebooks/en/01_first.ipynb", "cell_differs", "read") in checked(tree)
    assert build(tree, tree.course.lessons) == []
    after = read(tree, "en/01_first.ipynb")
    assert [cell.get("outputs") for cell in after.cells] == [cell.get("outputs") for cell in before.cells]
    assert after.cells[4].source == "We look at the shape."
    assert checked(tree) == []


def test_a_change_of_code_is_found_and_executed(tree: Tree) -> None:
    edit(tree.source(tree.course.lesson("1")), "shape = (2, 3)", "shape = (2, 4)")
    found = checked(tree)
    for language in ("en", "tr"):
        file = f"notebooks/{language}/01_first.ipynb"
        assert {(file, "execute_again", ""), (file, "cell_differs", "shapes")} <= set(found)
    assert build(tree, tree.selected("01")) == []
    assert read(tree, "en/01_first.ipynb").cells[3].outputs[0].data["text/plain"] == "(2, 4)"
    assert checked(tree) == []


@pytest.mark.parametrize("file", ["tl_helpers/__init__.py", "tl_helpers/course.toml", "assets/weights/base.bin"])
def test_a_change_of_package_or_weights_asks_for_another_execution(tree: Tree, file: str) -> None:
    with (tree.root / file).open("a") as package:
        package.write("\n")
    assert {(key, cell) for _, key, cell in checked(tree)} == {("execute_again", "")}


def test_a_change_of_the_authoring_tools_does_not(tree: Tree) -> None:
    (tree.root / "tl_helpers" / "authoring" / "tool.py").write_text("x = 1\n")
    assert checked(tree) == []


EDITS = {
    "an output": ('"(2, 3)"', '"(2, 9)"', ("outputs_edited", "")),
    "an execution count": ('"execution_count": 2', '"execution_count": 7', ("outputs_edited", "")),
    "markdown": ("We read the shape.", "We read it.", ("cell_differs", "read")),
    "code": ("shape = (2, 3)", "shape = (2, 5)", ("cell_differs", "shapes")),
    "a tag": ("nbval-check-output", "nbval-skip", ("cell_differs", "shapes")),
    "a cell's name": ('"id": "read"', '"id": "reading"', ("cell_differs", "read")),
    "the recorded hash of the code": ('"code": "', '"code": "0', ("execute_again", "")),
    "other metadata": ('"name": "python3"', '"name": "python9"', ("differs", "")),
    "the layout of the file": ('\n   "id": "read"', '\n    "id": "read"', ("differs", "")),
    "a broken file": ('"cells": [', '"cells": ', ("not_a_notebook", "")),
}


@pytest.mark.parametrize(("old", "new", "expected"), EDITS.values(), ids=EDITS)
def test_a_notebook_edited_by_hand_is_found_and_named(
    tree: Tree, old: str, new: str, expected: tuple[str, str]
) -> None:
    edit(tree.root / "notebooks" / "en" / "01_first.ipynb", old, new)
    assert checked(tree) == [("notebooks/en/01_first.ipynb", *expected)]


@pytest.mark.parametrize(("extra", "expected"), [(True, "cell_extra"), (False, "cell_missing")])
def test_a_cell_added_or_removed_by_hand_is_found(tree: Tree, extra: bool, expected: str) -> None:
    path = tree.root / "notebooks" / "tr" / "02_second.ipynb"
    notebook = read(tree, "tr/02_second.ipynb")
    if extra:
        notebook.cells.append(nbformat.v4.new_markdown_cell("more", id="more"))
    else:
        notebook.cells.pop()
    path.write_text(notebook_text(notebook), encoding="utf-8")
    assert [key for _, key, _ in checked(tree)] == [expected]


def test_a_stale_translation_is_named_with_the_turkish_cell(tree: Tree) -> None:
    edit(tree.source(tree.course.lesson("2")), "We read the shape.", "We read the shape again.")
    [stale] = [one for one in check(tree, tree.course.lessons) if one.key == "stale"]
    assert (stale.file, stale.cell, stale.line) == ("notebooks/source/02_second.py", "read", 23)
    assert main(["check", "--root", str(tree.root)]) == 1


def test_missing_stray_and_unknown_files_are_found(tree: Tree) -> None:
    (tree.root / "notebooks" / "en" / "01_first.ipynb").rename(tree.root / "notebooks" / "en" / "09_old.ipynb")
    tree.source(tree.course.lesson("2")).rename(tree.root / "notebooks" / "source" / "08_old.py")
    assert checked(tree) == [
        ("notebooks/en/01_first.ipynb", "no_notebook", ""),
        ("notebooks/source/02_second.py", "no_source", ""),
        ("notebooks/en/09_old.ipynb", "stray", ""),
        ("notebooks/source/08_old.py", "stray", ""),
    ]


def test_a_stale_readme_and_one_without_markers_are_found(tree: Tree) -> None:
    edit(tree.readme("en"), "| 1 |", "| 2 |")
    edit(tree.readme("tr"), "<!-- lessons:end -->", "")
    assert checked(tree) == [("README.md", "readme_stale", ""), ("README.tr.md", "readme_markers", "")]


def test_a_wrong_entry_of_the_course_table_is_found(tree: Tree) -> None:
    table = tree.root / "tl_helpers" / "course.toml"
    edit(table, 'after = ["01"]', 'after = ["03"]')
    edit(table, 'objectives = ["a", "b", "c"]', 'objectives = ["a", "b"]')
    found = [key for file, key, _ in checked(Tree(tree.root, cells=None)) if file == "tl_helpers/course.toml"]
    assert found == ["objectives_count", "objectives_count", "after", "objectives_count", "objectives_count"]


@pytest.mark.parametrize(
    ("code", "key", "shown"),
    [
        ("1 / 0", "failed", "ZeroDivisionError"),
        ("import sys; print('oh', file=sys.stderr)", "stderr", "oh"),
        ("import os; print(os.path.join(os.getcwd(), 'x'))", "machine_path", "folder of this machine"),
    ],
)
def test_a_lesson_that_fails_or_is_untidy_is_not_written(tree: Tree, code: str, key: str, shown: str) -> None:
    edit(tree.source(tree.course.lesson("1")), "shape\n", f"{code}\n")
    before = files(tree)
    found = build(tree, tree.selected("1"))
    assert [(one.file, one.key, one.cell) for one in found] == [
        (f"notebooks/{language}/01_first.ipynb", key, "shapes") for language in ("en", "tr")
    ]
    assert shown in found[0].text
    assert files(tree) == before


def test_a_source_whose_cells_have_no_names_is_reported_without_looking_at_its_notebooks(tree: Tree) -> None:
    edit(tree.source(tree.course.lesson("1")), ' name="shapes"', "")
    assert [key for _, key, _ in checked(tree)] == ["name_missing", *["objective_not_shown"] * 3]


@pytest.mark.usefixtures("no_kernel")
def test_a_lesson_with_a_broken_source_is_not_built(tree: Tree) -> None:
    edit(tree.source(tree.course.lesson("1")), "shape = (2, 3)", "shape = (2, 4")
    before = files(tree)
    assert main(["build", "1", "--root", str(tree.root)]) == 1
    assert files(tree) == before


def test_check_says_so_when_all_is_right(
    tree: Tree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tl_helpers.authoring.__main__.Tree", lambda root: Tree(root, cells=None))
    monkeypatch.setenv("TL_LANGUAGE", "tr")
    assert main(["check", "--root", str(tree.root)]) == 0
    assert "uyuşuyor" in capsys.readouterr().out


def test_stamp_names_its_cells_and_asks_for_a_review(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    edit(tree.source(tree.course.lesson("2")), "We read the shape.", "We read the shape again.")
    assert main(["stamp", "2", "--root", str(tree.root)]) == 0
    assert "02_second.py: stamped read. A stamp says" in capsys.readouterr().out
    assert main(["stamp", "2", "--root", str(tree.root)]) == 0
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["stamp"], "Say which lesson"),
        (["stamp", "7"], "There is no lesson '7'. The lessons are 01_first, 02_second"),
        (["build", "nine"], "There is no lesson 'nine'"),
    ],
)
def test_a_wrong_lesson_ends_with_a_sentence(
    tree: Tree, arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--root", str(tree.root)]) == 2
    assert expected in capsys.readouterr().err


def test_stamp_of_a_lesson_without_a_source_ends_with_a_sentence(tree: Tree) -> None:
    tree.source(tree.course.lesson("2")).unlink()
    assert main(["stamp", "2", "--root", str(tree.root)]) == 2


@pytest.mark.parametrize("name", ["2", "02", " 02_second ", "02_second.ipynb", "second", "02_second.py"])
def test_a_lesson_goes_by_its_number_and_by_its_names(tree: Tree, name: str) -> None:
    assert tree.course.lesson(name).stem == "02_second"


@pytest.mark.parametrize("text", ["not toml", "[course]\n", "[course]\nrepository = 3\nbranch = 'main'\nlesson = 2\n"])
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "course.toml"
    path.write_text(text)
    with pytest.raises(CourseError, match=r"course\.toml cannot be used"):
        load_table(path)


def run_set_up(tree: Tree, folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    """Run the set-up cell in an empty folder, by a Python that does not have the package, with no network."""
    code = set_up_code(tree.course, tree.course.lesson("2"), "tr") + "\nprint(edition)"
    target = folder / "packages"
    environment = {"PYTHONPATH": str(target), "PIP_TARGET": str(target), "PIP_NO_INDEX": "1", "PATH": ""}
    environment |= {"TL_COURSE_SOURCE": str(source), "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_set_up_cell_installs_the_package_in_an_empty_folder(tree: Tree, tmp_path: Path) -> None:
    wheel = tmp_path / "tl_helpers-0.0-py3-none-any.whl"
    info = "tl_helpers-0.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tl_helpers/__init__.py", "def start(number, language):\n    return number + language\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tl_helpers\nVersion: 0.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    done = run_set_up(tree, tmp_path, wheel)
    assert done.stdout == "02tr\n", done.stderr


def test_a_set_up_that_cannot_install_ends_with_a_bilingual_sentence(tree: Tree, tmp_path: Path) -> None:
    done = run_set_up(tree, tmp_path, tmp_path / "nothing.zip")
    assert done.returncode == 1
    assert done.stderr.startswith("Could not install the course from / Kurs yüklenemedi: ")
    assert "Traceback" not in done.stderr


def test_notebook_files_end_with_one_line_break_and_keep_turkish_letters(tree: Tree) -> None:
    data = (tree.root / "notebooks" / "tr" / "01_first.ipynb").read_bytes()
    assert data.endswith(b"}\n")
    assert b"\r" not in data
    assert "Başlık".encode() in data
    assert list(json.loads(data)) == ["cells", "metadata", "nbformat", "nbformat_minor"]
