"""The page's side that needs no gradio: every upload is answered kindly and thrown away."""

from io import BytesIO

import pytest
from PIL import Image

from tl_helpers import app
from tl_helpers.app_page import answer_upload
from tl_helpers.interactive import Drawing
from tl_helpers.messages import catalogue, language, message
from tl_helpers.plots import figure


def show(picture):
    fig, axis = figure(2, 1)
    axis.imshow(picture)
    return Drawing(fig, "a picture", f"{language()}: {picture.shape[1]}×{picture.shape[0]}, {picture[0, 0].tolist()}")


def saved(image, kind, **settings):
    stream = BytesIO()
    image.save(stream, kind, **settings)
    return stream.getvalue()


FRAMES = [Image.new("RGB", (6, 4), colour) for colour in ("red", "blue")]
UPLOADS = {
    "cat.png": (saved(Image.new("RGB", (5, 4), "white"), "PNG"), "5×4, [255, 255, 255]"),
    "moving.gif": (saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), "6×4, [255, 0, 0]"),
}
REFUSED = {
    "notes.txt": (b"this is no picture", "unreadable"),
    "empty.jpg": (b"", "unreadable"),
    "torn.png": (saved(Image.effect_noise((64, 64), 90), "PNG")[:900], "unreadable"),
    "huge.png": (saved(Image.new("1", (10_000, 6_000)), "PNG"), "too_large"),
}


@pytest.fixture
def put(tmp_path):
    """A function that puts an upload where gradio would: into a folder of its own."""

    def put_there(name, content):
        (tmp_path / "uploads" / "0123abcd").mkdir(parents=True)
        path = tmp_path / "uploads" / "0123abcd" / name
        path.write_bytes(content)
        return str(path)

    return put_there


@pytest.mark.parametrize("name", UPLOADS)
@pytest.mark.parametrize("code", ["en", "tr"])
def test_a_picture_is_answered_in_the_visitors_language_and_thrown_away(put, tmp_path, name, code):
    content, expected = UPLOADS[name]
    html = answer_upload(put(name, content), code, show, tmp_path / "uploads")
    assert f"<p>{code}: {expected}</p>" in html
    assert list((tmp_path / "uploads").iterdir()) == []
    assert language() == "en"


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("code", ["en", "tr"])
def test_what_cannot_be_answered_is_explained_and_thrown_away(put, tmp_path, name, code):
    content, key = REFUSED[name]
    html = answer_upload(put(name, content), code, show, tmp_path / "uploads")
    opening = catalogue(code)["interactive"][key].split("{")[0]
    assert f"{name}: {opening}" in html
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_model_that_fails_does_not_keep_the_upload(put, tmp_path):
    def failing(picture):
        raise MemoryError

    with pytest.raises(MemoryError):
        answer_upload(put("cat.png", UPLOADS["cat.png"][0]), "tr", failing, tmp_path / "uploads")
    assert list((tmp_path / "uploads").iterdir()) == []
    assert language() == "en"


def test_nothing_outside_the_uploads_is_read_or_deleted(tmp_path):
    own = tmp_path / "own.png"
    own.write_bytes(UPLOADS["cat.png"][0])
    (tmp_path / "uploads").mkdir()
    for path in (own, tmp_path / "uploads" / ".." / "own.png", tmp_path / "uploads" / "gone.png"):
        assert message("app.gone") in answer_upload(str(path), "en", show, tmp_path / "uploads")
    assert own.is_file()


def test_without_an_upload_there_is_no_answer(tmp_path):
    assert answer_upload(None, "en", show, tmp_path) == ""


@pytest.mark.parametrize("code", ["en", "tr"])
def test_without_gradio_the_command_says_what_to_install(monkeypatch, tmp_path, capsys, code):
    monkeypatch.setattr(app, "find_spec", lambda name: None)
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)
    assert app.main([str(tmp_path), "--language", code]) == 2
    assert capsys.readouterr().err == catalogue(code)["app"]["no_gradio"] + "\n"


def test_a_folder_without_a_model_is_refused_before_the_page_opens(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(app, "find_spec", lambda name: True)
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)
    monkeypatch.setenv("MPLBACKEND", "agg")
    assert app.main([str(tmp_path)]) == 2
    assert "model.keras" in capsys.readouterr().err


def test_every_setting_that_would_send_or_keep_something_is_off():
    assert set(app.PRIVATE) == {"GRADIO_ANALYTICS_ENABLED", "GRADIO_RUN_HISTORY", "GRADIO_SHARE"}
    assert set(app.PRIVATE.values()) == {"False"}
    assert "http" not in app.OWN_SERVER_ONLY
