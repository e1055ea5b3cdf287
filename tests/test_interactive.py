"""Sliders and uploads: what a widget does in a kernel, and what stays where no widgets run."""

import json
from io import BytesIO

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import v4
from PIL import Image

from tl_helpers import interactive
from tl_helpers.interactive import Drawing, answers, explore, open_picture, upload, uploads
from tl_helpers.live import VIEW
from tl_helpers.plots import figure


def draw(rate, size):
    fig, axis = figure(2, 1)
    axis.plot([0, rate], [0, size])
    return Drawing(fig, f"line to {rate} <{size}>", f"It ends at {rate} & {size}.")


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))


def file_of(image, kind="PNG", **settings):
    stream = BytesIO()
    image.save(stream, kind, **settings)
    return stream.getvalue()


def test_outside_jupyter_an_explorer_prints_its_start(capsys):
    explore(draw, {"rate": (0.1, 0.5), "size": (1, 2)}, start=(0.5, 2))
    assert capsys.readouterr().out == "line to 0.5 <2>\nIt ends at 0.5 & 2.\n"


LIVE = """
import json
from tl_helpers import interactive, live
from test_interactive import draw
made, real = [], interactive.show_live
interactive.show_live = lambda widget, *rest: (made.append(widget), real(widget, *rest))
interactive.explore(draw, {"rate": (0.1, 0.5), "size": (1, 2, 1000)}, start=(0.5, 2))
(rate, size, image), said = made[0].children, made[1]
before, first = image.value, said.value
rate.value = 0.1
print(json.dumps([first, said.value, before != image.value, image.value[:40], size.options, rate.description]))
"""


def test_in_a_kernel_a_moved_slider_draws_and_reads_anew_and_a_static_figure_is_kept():
    notebook = v4.new_notebook(cells=[v4.new_code_cell(LIVE)])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": "tests"}}).execute()
    picture, reading, printed = notebook.cells[0].outputs
    assert {VIEW, "image/png", "text/plain"} <= set(picture.data)
    assert picture.metadata["image/png"]["alt"] == "line to 0.5 <2>"
    assert reading.data["text/plain"] == "It ends at 0.5 & 2."
    first, then, changed, html, options, description = json.loads(printed.text)
    assert (first, then, changed) == ("It ends at 0.5 &amp; 2.", "It ends at 0.1 &amp; 2.", True)
    assert html == '<img alt="line to 0.1 &lt;2&gt;" src="data'[:40]
    assert [text for text, _ in options] == ["1", "2", "1,000"]
    assert description == "rate"


def test_uploaded_files_are_read_from_both_versions_of_the_widget():
    of_version_7 = {"cat.png": {"metadata": {}, "content": b"cat"}}
    of_version_8 = ({"name": "cat.png", "content": memoryview(b"cat")},)
    assert list(uploads(of_version_7)) == list(uploads(of_version_8)) == [("cat.png", b"cat")]


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "CMYK", "RGBA"])
def test_a_picture_of_any_kind_is_opened_as_rgb(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture, reason = open_picture(file_of(Image.new(mode, (5, 4)), kind))
    assert (picture.shape, picture.dtype, reason) == ((4, 5, 3), np.uint8, "")


def test_of_an_animation_the_first_frame_is_taken():
    frames = [Image.new("RGB", (3, 2), colour) for colour in ("red", "blue")]
    picture, _ = open_picture(file_of(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("content", [b"", b"no picture at all", file_of(NOISE)[:2000]])
def test_what_is_no_picture_is_explained(content, each_language):
    picture, reason = open_picture(content)
    assert picture is None
    assert ".jpg" in reason


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(interactive, "LARGEST_UPLOAD", 1_000_000)
    picture, reason = open_picture(file_of(Image.new("1", (2000, 1500))))
    assert picture is None
    assert "3 million" in reason


def test_a_picture_beyond_what_pillow_opens_is_explained_too(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert open_picture(file_of(Image.new("1", (2000, 1500))))[0] is None


def test_every_upload_gets_its_answer_and_a_bad_one_stops_none():
    def answer(picture):
        return draw(0.5, picture.shape[0])

    files = [("a<b>.txt", b"text"), ("cat.png", file_of(Image.new("RGB", (5, 4))))]
    html = answers(iter(files), answer)
    assert "<p>a&lt;b&gt;.txt: this file cannot be read" in html
    assert "<p>It ends at 0.5 &amp; 4.</p>" in html
    assert 'alt="line to 0.5 &lt;4&gt;"' in html


def test_outside_jupyter_an_upload_says_what_would_be_there(capsys, each_language):
    upload(lambda picture: draw(1, 1))
    assert len(capsys.readouterr().out) > 20


UPLOAD = """
from datetime import datetime, timezone
from test_interactive import draw, file_of
from PIL import Image
from tl_helpers import interactive
made, real = [], interactive.show_live
interactive.show_live = lambda widget, *rest: (made.append(widget), real(widget, *rest))
interactive.upload(lambda picture: draw(1, picture.shape[1]))
button, shown = made[0].children
file = {"name": "a.png", "type": "image/png", "size": 1, "content": file_of(Image.new("RGB", (9, 4)))}
button.set_trait("value", ({**file, "last_modified": datetime.now(timezone.utc)},))
print(shown.value[-40:])
"""


def test_in_a_kernel_an_upload_shows_the_answer():
    notebook = v4.new_notebook(cells=[v4.new_code_cell(UPLOAD)])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": "tests"}}).execute()
    assert "It ends at 1 &amp; 9." in notebook.cells[0].outputs[-1].text
