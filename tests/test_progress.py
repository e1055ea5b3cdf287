import sys

import nbformat
import pytest
from nbclient import NotebookClient

from tl_helpers import progress
from tl_helpers.progress import ProgressLine, in_notebook, time_left

THREE_TEXTS = """
from tl_helpers.progress import ProgressLine, REDRAW_AFTER
import time
with ProgressLine() as line:
    for text in ("one", "two", "three"):
        line.show(text)
        time.sleep(1.1 * REDRAW_AFTER)
"""


def test_a_log_gets_the_last_text_only(capsys):
    with ProgressLine() as line:
        for text in ("one", "two", "three"):
            line.show(text)
    assert capsys.readouterr().out == "three\n"


def test_nothing_shown_is_nothing_written(capsys):
    with ProgressLine():
        pass
    assert capsys.readouterr().out == ""


def test_a_terminal_sees_each_text_on_the_same_line(capsys, monkeypatch):
    monkeypatch.setattr(progress, "REDRAW_AFTER", 0)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with ProgressLine() as line:
        line.show("one")
        line.show("two")
    assert capsys.readouterr().out == "\r\x1b[Kone\r\x1b[Ktwo\r\x1b[Ktwo\n"


def test_a_terminal_is_not_redrawn_more_often_than_a_reader_can_see(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with ProgressLine() as line:
        for number in range(1000):
            line.show(f"{number}")
    assert capsys.readouterr().out.count("\r") < 20


def test_the_last_text_stays_when_the_block_fails(capsys):
    def fail():
        with ProgressLine() as line:
            line.show("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert capsys.readouterr().out == "half\n"


def test_a_notebook_keeps_one_line_with_the_last_text():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(THREE_TEXTS)])
    NotebookClient(notebook, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output["output_type"] == "display_data"
    assert output["data"] == {"text/plain": "three"}


def test_a_notebook_display_is_updated_in_place(monkeypatch):
    shown = []

    class Handle:
        def update(self, bundle, raw):
            shown.append(("update", bundle["text/plain"]))

    def display(bundle, raw, display_id):
        shown.append(("new", bundle["text/plain"]))
        return Handle()

    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.setattr(progress, "REDRAW_AFTER", 0)
    monkeypatch.setattr("IPython.display.display", display)
    with ProgressLine() as line:
        line.show("one")
        line.show("two")
    assert shown == [("new", "one"), ("update", "two"), ("update", "two")]


def test_this_is_no_notebook():
    assert not in_notebook()


def test_the_time_left_is_that_of_the_mean_rate():
    assert time_left(2, 3, 10) == 5
