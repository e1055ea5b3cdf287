"""Show how far a long computation is, on one line: in a notebook, in a terminal, and in a log."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import Any

REDRAW_AFTER = 0.2  # seconds


class ProgressLine:
    """One line that is kept up to date while a ``with`` block runs.

    A notebook (Colab, JupyterLab) and a terminal show it change; where output goes to a file or a pipe only the last
    text is written. A notebook that was run from the outside keeps the last text as well.
    """

    def __init__(self) -> None:
        self._text = ""
        self._drawn = -REDRAW_AFTER
        self._display: Any = None

    def show(self, text: str) -> None:
        """Replace the line's text, at most five times a second."""
        self._text = text
        if monotonic() - self._drawn >= REDRAW_AFTER:
            self._drawn = monotonic()
            self._draw()

    def __enter__(self) -> ProgressLine:
        """Begin; nothing is written before the first ``show``."""
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Leave the last text that was shown on a line of its own."""
        if not self._text:
            return
        if in_notebook():
            self._draw()
        elif sys.stdout.isatty():
            self._draw()
            print()
        else:
            print(self._text)

    def _draw(self) -> None:
        if in_notebook():
            self._draw_in_notebook()
        elif sys.stdout.isatty():
            print(f"\r\x1b[K{self._text}", end="", flush=True)

    def _draw_in_notebook(self) -> None:
        from IPython.display import display

        bundle = {"text/plain": self._text}
        if self._display is None:
            self._display = display(bundle, raw=True, display_id=True)
        else:
            self._display.update(bundle, raw=True)


def in_notebook() -> bool:
    """Say whether this code runs in a Jupyter kernel."""
    shell = sys.modules.get("IPython")
    kernel = shell.get_ipython() if shell else None
    return kernel is not None and hasattr(kernel, "kernel")


def time_left(done: int, total: int, seconds: float) -> float:
    """Estimate how many seconds the rest will take, if it goes on at the mean rate so far.

    Args:
        done: how much is finished, above 0.
        total: how much there is.
        seconds: how long the finished part took.

    Example:
        >>> time_left(25, 100, 2.0)
        6.0
    """
    return seconds * (total - done) / done
