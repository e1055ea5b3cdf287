"""The runner, on a tiny course whose notebooks are made here without executing them."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from authoring_course import make_course

from tl_helpers.authoring import execution, kernels
from tl_helpers.authoring.__main__ import main
from tl_helpers.authoring.execution import clean_outputs, execute
from tl_helpers.authoring.notebooks import make_notebook, notebook_text
from tl_helpers.authoring.pages import page, results_of
from tl_helpers.authoring.progress import Progress, clock
from tl_helpers.authoring.report import LessonReport, write_report
from tl_helpers.authoring.run import kernel_settings
from tl_helpers.authoring.source import read_source
from tl_helpers.authoring.texts import write_text
from tl_helpers.authoring.tree import Tree
from tl_helpers.messages import set_language


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    tree = make_course(tmp_path / "course")
    for lesson in tree.course.lessons:
        cells = read_source(tree.source(lesson).read_text(encoding="utf-8"))
        for language in ("en", "tr"):
            write_text(tree.notebook(lesson, language), notebook_text(make_notebook(tree, lesson, language, cells)))
    return tree


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in [key for key in os.environ if key.startswith("TL_")]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("TL_EDITION", "mini")


@pytest.fixture(autouse=True)
def english() -> object:
    yield
    set_language("en")


def run(tree: Tree, out: Path, lesson: str = "") -> int:
    return main(["run", lesson, "--root", str(tree.root), "--out", str(out)])


def code(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text, id="it")])


def test_a_run_goes_on_after_a_lesson_that_fails_and_reports_it(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    monkeypatch.setenv("TL_LANGUAGE", "tr")
    monkeypatch.setenv("TL_FAIL", "1")
    assert run(tree, out) == 1
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    failed, done = report["lessons"]
    assert (report["title"], report["language"]) == ("Bir kurs", "tr")
    assert (failed["lesson"], failed["status"], done["status"]) == ("01", "failed", "ok")
    assert failed["error"].startswith("01_first dersi may-fail hücresinde")
    assert "ValueError: no pictures here" in failed["error"]
    assert "no pictures here" in (out / failed["page"]).read_text(encoding="utf-8")
    assert nbformat.read(out / failed["notebook"], as_version=4).cells[3].outputs[0].data["text/plain"] == "(2, 3)"
    assert done["edition"] == failed["edition"] == "mini"
    assert done["results"] == {"accuracy": 0.9512, "pictures": 1200, "best": "frozen base"}
    assert done["minutes"] > 0
    if Path("/proc/self/status").exists():
        assert done["peak_memory_mb"] > 10
    markdown, html = ((out / f"report.{kind}").read_text(encoding="utf-8") for kind in ("md", "html"))
    for text in (markdown, html):
        assert "Bir kurs: çalıştırma raporu" in text
        assert "accuracy: 0,951<br>pictures: 1.200<br>best: frozen base" in text
        assert "no pictures here" in text
    assert '<html lang="tr">' in html
    shown = capsys.readouterr().out
    assert re.search(r"01_first \| hücre 1/10 \| \d+:\d\d \| 1 · Başlık 01", shown)
    assert "2 · Başlık 02: bitti. Sürüm: mini" in shown


def test_one_lesson_in_the_edition_of_the_setting_leaves_its_notebook_page_and_report(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TL_EDITION", "full")
    out = tmp_path / "out"
    assert run(tree, out, "2") == 0
    names = ["02_second.html", "02_second.ipynb", "report.html", "report.json", "report.md"]
    assert sorted(path.name for path in out.iterdir()) == names
    [lesson] = json.loads((out / "report.json").read_text(encoding="utf-8"))["lessons"]
    assert (lesson["edition"], lesson["language"], lesson["title"]) == ("full", "en", "2 · Title 02")
    html = (out / "02_second.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in html
    assert "<title>2 · Title 02</title>" in html


@pytest.mark.parametrize(
    "case",
    [
        ("TL_LANGUAGE=de", "", "The language 'de' is not known"),
        ("TL_EDITION=huge", "", "TL_EDITION is 'huge'"),
        ("TL_LANGUAGE=tr", "9", "'9' diye bir ders yok. Dersler: 01_first, 02_second"),
    ],
)
def test_a_wrong_setting_ends_with_a_sentence_and_runs_nothing(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], case: tuple[str, str, str]
) -> None:
    setting, lesson, expected = case
    monkeypatch.setenv(*setting.split("="))
    assert run(tree, tree.root / "out", lesson) == 2
    assert expected in capfd.readouterr().err
    assert not (tree.root / "out").exists()


def test_a_notebook_that_is_missing_ends_with_a_sentence(
    tree: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree.notebook(tree.course.lessons[1], "en").unlink()
    assert run(tree, tmp_path / "out") == 2
    assert "notebooks/en/02_second.ipynb is missing" in capsys.readouterr().err


def test_relative_folders_are_made_absolute_before_the_kernel_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "course.zip").touch()
    monkeypatch.setenv("TL_PICTURES", "photos")
    monkeypatch.setenv("TL_DATA_HOME", "not/yet")
    monkeypatch.setenv("TL_COURSE_SOURCE", "./course.zip")
    monkeypatch.setenv("TL_MIRROR", "https://example.org/mirror")
    monkeypatch.setenv("TL_WEIGHTS", " ")
    assert kernel_settings() == {
        "TL_EDITION": "mini",
        "TL_PICTURES": str(tmp_path / "photos"),
        "TL_DATA_HOME": str(tmp_path / "not" / "yet"),
        "TL_COURSE_SOURCE": str(tmp_path / "course.zip"),
        "TL_MIRROR": "https://example.org/mirror",
    }


def test_the_kernel_is_this_python_whatever_kernels_the_user_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/nowhere/python"], "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("TL_FAIL", "1")
    text = "import os, sys; print(sys.executable, sys.path, [os.environ.get(key) for key in KEYS])"
    notebook = code(f"KEYS = ['PYTHONHASHSEED', 'TL_FAIL', 'MPLBACKEND', 'TL_EDITION']\n{text}")
    assert execute(notebook, tmp_path, {"TL_EDITION": "mini"}).error == ""
    shown = notebook.cells[0].outputs[0].text
    assert shown.startswith(sys.executable)
    assert str(tmp_path) in shown
    assert shown.rstrip().endswith("['0', None, 'module://matplotlib_inline.backend_inline', 'mini']")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("import time; time.sleep(30)", "the cell took longer than 0 minutes"),
        ("import os; os._exit(3)", "the kernel died, most often because the memory was full"),
    ],
)
def test_a_cell_that_hangs_or_kills_the_kernel_is_told_in_words(text: str, error: str, tmp_path: Path) -> None:
    outcome = execute(code(text), tmp_path, {}, seconds=1)
    assert (outcome.error, outcome.traceback, outcome.cell) == (error, "", 0)


def test_a_kernel_that_cannot_start_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels.sys, "executable", sys.executable)
    monkeypatch.setattr(execution.Client, "startup_timeout", 5)
    monkeypatch.setattr(kernels, "kernel_environment", lambda *_: {})
    argv = [sys.executable, "-c", "raise SystemExit(1)", "{connection_file}"]
    monkeypatch.setattr(
        kernels._OnePython, "get_kernel_spec", lambda *_: kernels.KernelSpec(argv=argv, language="python")
    )
    assert execute(code("1"), tmp_path, {}).error.startswith("the kernel could not be used (RuntimeError")


def test_ctrl_c_in_a_cell_ends_the_command_with_a_line(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Progress, "cell", lambda *_: signal.raise_signal(signal.SIGINT))
    assert run(tree, tmp_path / "out") == 130
    assert "Stopped on request; the kernel has ended too." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_while_the_kernel_starts_ends_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    slow = f"import os, pathlib, time; pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(60)"
    spec = kernels.KernelSpec(argv=[sys.executable, "-c", slow, "{connection_file}"], language="python")
    monkeypatch.setattr(kernels._OnePython, "get_kernel_spec", lambda *_: spec)
    timer = threading.Timer(1.5, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        execute(code("1"), tmp_path, {})
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_ctrl_c_ends_the_run_with_a_line_and_leaves_no_kernel(tree: Tree, tmp_path: Path) -> None:
    path = tree.notebook(tree.course.lessons[0], "en")
    notebook = nbformat.read(path, as_version=4)
    started = tmp_path / "started"
    slow = f"import os, pathlib, time\npathlib.Path({str(started)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    notebook.cells.insert(1, nbformat.v4.new_code_cell(slow, id="slow"))
    write_text(path, notebook_text(notebook))
    command = [sys.executable, "-m", "tl_helpers.authoring", "run", "1", "--root", str(tree.root)]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 40
        while not (started.exists() and started.read_text()) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Stopped on request" in said
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def test_widget_views_and_timing_are_taken_out_and_the_rest_is_kept() -> None:
    notebook = code("1")
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "1f"}, "text/plain": "IntSlider(value=3)"}
    output = nbformat.v4.new_output("display_data", data)
    output["transient"] = {"display_id": "x"}
    notebook.cells[0].outputs = [output]
    notebook.cells[0].metadata["execution"] = {"iopub.status.idle": "now"}
    notebook.metadata["widgets"] = {}
    clean_outputs(notebook)
    assert notebook.cells[0].outputs == [nbformat.v4.new_output("display_data", {"text/plain": "IntSlider(value=3)"})]
    assert notebook.cells[0].metadata == notebook.metadata == {}


def test_results_of_later_cells_complete_those_of_earlier_ones() -> None:
    notebook = code("1")
    kind = "application/vnd.tl-helpers.results+json"
    for results in ({"edition": "mini", "a": 1}, {"a": 2, "b": "x"}):
        notebook.cells[0].outputs.append(nbformat.v4.new_output("display_data", {kind: results}))
    assert results_of(notebook) == {"edition": "mini", "a": 2, "b": "x"}


def test_a_page_needs_nothing_from_elsewhere() -> None:
    notebook = code("1")
    kind = "application/vnd.tl-helpers.results+json"
    notebook.cells[0].outputs = [nbformat.v4.new_output("display_data", {kind: {"a": 1}})]
    badge = "# Başlık\n\n[![Colab ile aç](https://example.org/badge.svg)](https://example.org/notebook)"
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(badge))
    html = page(notebook, "tr", "2 · Başlık")
    assert '<html lang="tr">' in html
    assert '<a href="https://example.org/notebook">Colab ile aç</a>' in html
    for part in ("<script src", "<img", "badge.svg", "import mermaid", "cdnjs"):
        assert part not in html
    notebook.cells[0].source += " $x$"
    assert html.count("<script src") == page(notebook, "tr", "").count("<script src") - 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_in_a_terminal_and_a_line_every_few_cells_elsewhere() -> None:
    cells = [nbformat.v4.new_markdown_cell(f"## Part {index // 10}") for index in range(25)]
    for stream, lines in ((Terminal(), 1), (io.StringIO(), 4)):
        progress = Progress("01_first", nbformat.v4.new_notebook(cells=cells), stream)
        for index in range(25):
            progress.cell(index)
        progress.end("done")
        assert stream.getvalue().count("\n") == lines
        assert "01_first | cell 21/25 | 0:00 | Part 2" in stream.getvalue()
        assert stream.getvalue().endswith("done\n")


def test_the_clock_runs_on_in_a_terminal_while_a_long_cell_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tl_helpers.authoring.progress.SECOND", 0.01)
    stream = Terminal()
    with Progress("01_first", code("1"), stream) as progress:
        progress.cell(0)
        deadline = time.monotonic() + 5
        while stream.getvalue().count("cell 1/1") < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert stream.getvalue().count("cell 1/1") >= 3


def test_a_long_time_is_written_in_minutes() -> None:
    assert clock(3725) == "62:05"


def test_a_report_says_so_where_memory_and_edition_are_not_known(tmp_path: Path) -> None:
    lesson = LessonReport("01", "1 · A|B", "en", None, 1.25, None, "ok", "", "a.ipynb", "a.html", {"yes": True})
    write_report(tmp_path, "A <course>", "en", [lesson])
    assert "| [1 · A\\|B](a.html) | en | – | 1.2 | – | done | yes: True |" in (tmp_path / "report.md").read_text(
        "utf-8"
    )
    assert "A &lt;course&gt;: report of a run" in (tmp_path / "report.html").read_text("utf-8")


def test_peak_memory_is_unknown_where_the_system_does_not_tell_it() -> None:
    assert kernels.peak_mb(None) is None
