"""A page on which others try a classifier: ``python -m tl_helpers.app MODEL_FOLDER``, with the extra ``app`` (gradio).

It runs on this machine only and keeps nothing: no telemetry, no history, no public link, nothing from other servers,
and what is uploaded lies in a throw-away folder until it is answered. Introduced in lesson 09.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tl_helpers.messages import LANGUAGES, CourseError, message, set_language

# Gradio reads these when it is imported; without them it counts uses, and keeps a history of answers.
PRIVATE = {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_RUN_HISTORY": "False", "GRADIO_SHARE": "False"}
LARGEST_FILE = "100mb"
FONTS: Any = {"font": ["system-ui", "sans-serif"], "font_mono": ["ui-monospace", "monospace"]}  # none to download
# Gradio's own words in upload and camera are in the browser's language, or in English; the labels are the page's.
OUR_WORDS_ONLY = ".gradio-container button .wrap { font-size: 0; }"
# https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy: nothing from other servers
OWN_SERVER_ONLY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; worker-src 'self' blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:"
)


@contextmanager
def serving(folder: Path, port: int | None = None) -> Iterator[str]:
    """Serve the page of a classifier on this machine while the context lasts; yield its address.

    Args:
        folder: as for ``tl_helpers.shared_model.load_shared``.
        port: of the address; None takes a free one from 7860 on.

    Raises:
        CourseError: gradio is not installed, or the folder holds no shared classifier.
        OSError: the port is taken.
    """
    if find_spec("gradio") is None:
        raise CourseError("app.no_gradio")
    os.environ["MPLBACKEND"] = "agg"  # answers are drawn outside the main thread
    from tl_helpers.session import load_tensorflow

    load_tensorflow()
    from tl_helpers.app_page import build_page
    from tl_helpers.shared_model import draw_answer, load_shared

    show = partial(draw_answer, load_shared(folder))
    with TemporaryDirectory(prefix="tl_app_", ignore_cleanup_errors=True) as throw_away:
        os.environ.update(PRIVATE, GRADIO_TEMP_DIR=throw_away)
        gr = import_module("gradio")
        page = build_page(show, Path(throw_away))
        _, address, _ = page.launch(
            share=False,
            quiet=True,
            inbrowser=False,
            prevent_thread_lock=True,
            server_name="127.0.0.1",
            server_port=port,
            max_file_size=LARGEST_FILE,
            enable_monitoring=False,
            footer_links=[],
            theme=gr.themes.Default(**FONTS),
            css=OUR_WORDS_ONLY,
            app_kwargs={"middleware": [import_module("starlette.middleware").Middleware(_OwnServerOnly)]},
        )
        try:
            yield address
        finally:
            page.close(verbose=False)


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until Ctrl-C; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.app")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, default=os.environ.get("TL_LANGUAGE") or "en")
    parser.add_argument("--port", type=int)
    given = parser.parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        set_language(given.language)
        with serving(given.folder, given.port) as address:
            print(message("app.running", address=address), flush=True)
            stopped.wait()
    except (CourseError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


class _OwnServerOnly:
    """ASGI middleware that forbids the page, by its content security policy, to ask any other server."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def sending(event: Any) -> None:
            if event["type"] == "http.response.start":
                policy = (b"content-security-policy", OWN_SERVER_ONLY.encode())
                event = {**event, "headers": [*event.get("headers", ()), policy]}
            await send(event)

        await self.app(scope, receive, sending)


if __name__ == "__main__":
    sys.exit(main())
