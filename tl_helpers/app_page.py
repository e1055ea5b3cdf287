"""The page of ``python -m tl_helpers.app``: a picture in, an answer out, and the upload thrown away."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from tl_helpers.interactive import Drawing, answers
from tl_helpers.messages import LANGUAGES, language, message, set_language

NAMES = {"en": "English", "tr": "Türkçe"}
_one_at_a_time = threading.Lock()  # the course's language is one for the whole process


def build_page(show: Callable[[Any], Drawing], throw_away: Path) -> Any:
    """Build the page: a switch for the language, upload, camera, and the answer. Introduced in lesson 09.

    Args:
        show: from a picture, uint8 (height, width, 3), to what answers it.
        throw_away: folder in which gradio puts uploads.

    Returns:
        ``gradio.Blocks``, in the language in force.
    """
    gr = import_module("gradio")
    code = language()
    every, age = 60, 120  # seconds: an upload that nobody waits for any more
    with gr.Blocks(title=message("app.title"), analytics_enabled=False, delete_cache=(every, age)) as page:
        chosen = gr.Radio([(name, key) for key, name in NAMES.items()], value=code, show_label=False, container=False)
        head = gr.Markdown(_heading(code))
        with gr.Row():
            upload = gr.File(label=_word("app.upload", code), type="filepath", height=180)
            camera = gr.Image(
                label=_word("app.camera", code), sources=["webcam"], type="filepath", image_mode=None, height=180
            )
        result = gr.HTML(elem_id="answer")

        def reply(file: str | None, code: str) -> tuple[None, str]:
            return None, answer_upload(file, code, show, throw_away)

        def speak(code: str) -> list[Any]:
            labels = [gr.update(label=_word(key, code)) for key in ("app.upload", "app.camera")]
            return [_heading(code), *labels, ""]

        private = {"api_visibility": "private", "show_progress": "minimal"}
        one_by_one = {"concurrency_id": "answer", "concurrency_limit": 1}
        for source, event in ((upload, upload.upload), (camera, camera.input)):
            event(reply, [source, chosen], [source, result], **private, **one_by_one)
        chosen.change(speak, chosen, [head, upload, camera, result], **private)
    return page


def answer_upload(file: str | None, code: str, show: Callable[[Any], Drawing], throw_away: Path) -> str:
    """Say what an uploaded file shows, as HTML, and delete the file. Introduced in lesson 09.

    Args:
        file: path of the upload in the throw-away folder; None where there is none.
        code: ``"en"`` or ``"tr"``.
        show: as for ``build_page``.
        throw_away: nothing outside this folder is read or deleted.
    """
    if file is None:
        return ""
    path, folder = Path(file).resolve(), throw_away.resolve()
    with _speaking(code):
        if folder not in path.parents or not path.is_file():
            return f"<p>{escape(message('app.gone'))}</p>"
        try:
            return answers(iter([(path.name, path.read_bytes())]), show)
        finally:
            path.unlink(missing_ok=True)
            if path.parent != folder:  # a folder of its own, in which gradio put it
                shutil.rmtree(path.parent, ignore_errors=True)


@contextmanager
def _speaking(code: str) -> Iterator[None]:
    with _one_at_a_time:
        before = language()
        set_language(code if code in LANGUAGES else before)
        try:
            yield
        finally:
            set_language(before)


def _word(key: str, code: str) -> str:
    with _speaking(code):
        return message(key)


def _heading(code: str) -> str:
    return f"# {_word('app.title', code)}\n{_word('app.what', code)}"
