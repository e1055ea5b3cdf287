"""A shell in which cells run as in a notebook: what they print goes nowhere, and each has its time."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from tl_helpers.grading.teacher.limits import PATIENCE

LONGEST_ERROR = 500
AGAIN = 5.0  # seconds after which a step that was interrupted and goes on is interrupted again


class TimeLimitError(BaseException):
    """A step takes too long; not an ``Exception``, so that few cells catch it by accident."""


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython without a screen: figures are drawn nowhere, nothing can be asked, leaving ends a step only."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Have no event loop of a window."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
        """Leave Matplotlib as it is, without a window, whatever ``%matplotlib`` asks for."""
        return gui or "inline", "agg"

    def ask_exit(self) -> None:
        """End the step."""
        raise SystemExit


def make_shell(folder: Path) -> Shell:
    """Return a shell that leaves no history.

    Args:
        folder: where IPython may keep files.
    """
    os.environ["MPLBACKEND"] = "agg"
    folder.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.xmode = "Minimal"
    shell: Shell = Shell.instance(config=config, ipython_dir=str(folder))
    shell.system = shell.system_raw  # without a terminal of its own
    return shell


def run_step(shell: Shell, source: str, seconds: float) -> str:
    """Run a cell.

    Args:
        shell: in which.
        source: of the cell.
        seconds: of computing that it may take, over all its threads.

    Returns:
        Its error, shortened; "" where there was none.
    """
    try:
        with _silent(), limited(seconds):
            result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
    except BaseException as caught:  # what a cell raises must not end the steps that follow
        error = caught
    _close_figures()
    return "" if error is None else describe(error)


def describe(error: BaseException) -> str:
    """Return an error's type and text, at most 500 characters, whatever its text may do."""
    try:
        text = str(error)
    except BaseException:  # an error of the reader's own may fail in any way
        text = ""
    return f"{type(error).__name__}: {text}"[:LONGEST_ERROR]


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``TimeLimitError`` in what computes too long, or waits ``PATIENCE`` times as long.

    Computing time is what counts, so that a busy machine takes no points. Where the system has no such clocks, whoever
    started this ends it.
    """

    def interrupt(*_: Any) -> None:
        raise TimeLimitError(f"{seconds:g} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    clocks = {signal.ITIMER_PROF: (signal.SIGPROF, seconds), signal.ITIMER_REAL: (signal.SIGALRM, PATIENCE * seconds)}
    for clock, (number, limit) in clocks.items():
        signal.signal(number, interrupt)
        signal.setitimer(clock, limit, AGAIN)
    try:
        yield
    finally:
        for clock in clocks:
            signal.setitimer(clock, 0)


@contextmanager
def _silent() -> Iterator[None]:
    """Throw away what is printed, by whatever way, so that a verbose cell takes no disk."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept, nothing = {number: os.dup(number) for number in (1, 2)}, os.open(os.devnull, os.O_WRONLY)
    try:
        for number in kept:
            os.dup2(nothing, number)
        yield
    finally:
        with contextlib.suppress(Exception):  # a cell may have replaced them
            sys.stdout.flush()
            sys.stderr.flush()
        for number, own in kept.items():
            os.dup2(own, number)
            os.close(own)
        os.close(nothing)


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    try:
        if pyplot is not None:
            pyplot.close("all")
    except BaseException:  # a cell may have changed what closing does
        return
