"""Show how far a run is: one line kept up to date in a terminal, a line every few cells elsewhere."""

import shutil
import sys
from threading import Event, Thread
from time import monotonic
from typing import Any, TextIO

from tl_helpers.authoring.notebooks import heading_of
from tl_helpers.messages import message

EVERY = 10
SECOND = 1.0


class Progress:
    """The progress of one lesson.

    Args:
        lesson: the lesson's name.
        notebook: its notebook.
        stream: where to write; standard output where it is None.
    """

    def __init__(self, lesson: str, notebook: Any, stream: TextIO | None = None) -> None:
        self.lesson = lesson
        self.notebook = notebook
        self.stream = stream or sys.stdout
        self.start = monotonic()
        self.index = 0
        self.ended = Event()

    def cell(self, index: int) -> None:
        """Say that the cell at ``index`` is starting."""
        self.index = index
        if self.stream.isatty():
            self._redraw()
        elif index % EVERY == 0:
            self._write(f"{self._line()}\n")

    def end(self, line: str) -> None:
        """Stop the clock, and replace the progress by a last line."""
        self.ended.set()
        self._write(f"\r\x1b[K{line}\n" if self.stream.isatty() else f"{line}\n")

    def __enter__(self) -> "Progress":
        """Keep the time in a terminal's line running while a long cell runs."""
        if self.stream.isatty():
            Thread(target=self._tick, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the clock."""
        self.ended.set()

    def _tick(self) -> None:
        while not self.ended.wait(SECOND):
            self._redraw()

    def _redraw(self) -> None:
        self._write(f"\r\x1b[K{self._line()[: shutil.get_terminal_size().columns - 1]}")

    def _line(self) -> str:
        return message(
            "run.progress",
            lesson=self.lesson,
            cell=self.index + 1,
            cells=len(self.notebook.cells),
            heading=heading_of(self.notebook, self.index),
            elapsed=clock(monotonic() - self.start),
        )

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def clock(seconds: float) -> str:
    """Write a time as minutes and seconds.

    Example:
        >>> clock(75.4)
        '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
