"""Inside the box: run a submission's steps one by one, as a notebook would, and keep its answers.

``python -m tl_helpers.grading.teacher.inside <box>`` reads ``plan.json``; it writes ``progress.txt`` (the index of the
step that runs), ``steps.jsonl`` (a line a step that has ended) and ``answers/``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.carrying import keep

LONGEST_ERROR = 500
AFTER_TRAINING = "check-train"  # the cell that decides whose training the notebook goes on with
PATIENCE = 3  # times the computing time that a cell may take, it may wait
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


def main(box: Path) -> None:
    """Run the plan of a box.

    Args:
        box: its folder.
    """
    plan = json.loads((box / "plan.json").read_text(encoding="utf-8"))
    _close_input()
    shell = make_shell(box / "ipython")
    owner, skipped = os.getpid(), set(plan["skip"])
    with (box / "steps.jsonl").open("w", encoding="utf-8") as lines:
        for index, step in enumerate(plan["steps"]):
            if index in skipped:
                continue
            (box / "progress.txt").write_text(str(index), encoding="ascii")
            start = monotonic()
            error = run_step(shell, step["source"], plan["step_seconds"])
            if os.getpid() != owner:  # a copy of the process that a cell has made and not ended
                os._exit(0)
            if step["keep"]:
                values = [shell.user_ns.get(name) for name in TASKS[step["keep"]].answers]
                error = _keep(shell, step["keep"], values, box / "answers", plan) or error
            if step["name"] == AFTER_TRAINING:
                _keep_used(shell, box / "answers" / "used", plan)
            line = {"index": index, "name": step["name"], "error": error, "seconds": round(monotonic() - start, 3)}
            lines.write(json.dumps(line) + "\n")
            lines.flush()


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
        with _limited(seconds):
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
def _limited(seconds: float) -> Iterator[None]:
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


def _keep(shell: Shell, task: str, values: Sequence[Any], folder: Path, plan: dict[str, Any]) -> str:
    try:
        with _limited(plan["step_seconds"]):
            keep(task, values, folder, plan["seed"], shell.user_ns.get("given"))
    except BaseException as error:
        return describe(error)
    return ""


def _keep_used(shell: Shell, folder: Path, plan: dict[str, Any]) -> None:
    """Keep the course's own training where the notebook goes on with it: another machine's would differ a little."""
    try:
        used = shell.user_ns["given"].used["train"]
        theirs = used[0] is shell.user_ns.get("my_trained")
    except BaseException:  # a cell may have changed what is in use
        return
    if not theirs:
        _keep(shell, "train", used, folder, plan)


def _close_input() -> None:
    """Give cells an input that ends at once."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    try:
        if pyplot is not None:
            pyplot.close("all")
    except BaseException:  # a cell may have changed what closing does
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
    sys.stdout.flush()
    os._exit(0)  # threads that a cell has left running are not waited for
