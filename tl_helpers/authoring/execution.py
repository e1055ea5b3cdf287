"""Execute a notebook alone, as Colab would: fresh kernel, empty folder; say what happened instead of raising."""

import asyncio
import atexit
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from nbclient.exceptions import CellControlSignal, CellExecutionError, CellTimeoutError, DeadKernelError

from tl_helpers.authoring.kernels import Client, kernel_environment
from tl_helpers.messages import message

CELL_SECONDS = 30 * 60
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass
class Outcome:
    """How an execution went.

    Args:
        minutes: how long it took.
        peak_mb: peak memory of the kernel in MB, or None where it is not known.
        folder: the throw-away folder it ran in (gone now).
        cell: index of the last cell that was started.
        error: what stopped it, in a sentence; "" where nothing did.
        traceback: the traceback without colours; "" where there is none.
    """

    minutes: float = 0.0
    peak_mb: float | None = None
    folder: str = ""
    cell: int = 0
    error: str = ""
    traceback: str = ""


def execute(
    notebook: Any,
    root: Path,
    settings: Mapping[str, str],
    on_cell: Callable[[int], object] | None = None,
    seconds: int = CELL_SECONDS,
) -> Outcome:
    """Execute a notebook's cells in place.

    Args:
        notebook: the notebook; its outputs are replaced.
        root: the course's folder, whose package the kernel imports.
        settings: the ``TL_*`` environment variables of the kernel.
        on_cell: called with each cell's index before it runs.
        seconds: the longest that one cell may take.

    Returns:
        How it went. The cells that ran have their outputs, also after an error.

    Raises:
        KeyboardInterrupt: on Ctrl-C, when the kernel has ended.
    """
    with tempfile.TemporaryDirectory(prefix="lesson-", ignore_cleanup_errors=True) as folder:
        work = Path(folder).resolve()
        return execute_in(work, notebook, kernel_environment(root, settings, work), on_cell, seconds=seconds)


def execute_in(
    work: Path,
    notebook: Any,
    environment: Mapping[str, str],
    on_cell: Callable[[int], object] | None = None,
    *,
    seconds: int = CELL_SECONDS,
    python: str = sys.executable,
) -> Outcome:
    """Execute a notebook's cells in place, in the empty folder ``alone`` of a throw-away folder.

    Args:
        work: the throw-away folder; the caller removes it.
        notebook: the notebook; its outputs are replaced.
        environment: all environment variables of the kernel.
        on_cell: called with each cell's index before it runs.
        seconds: the longest that one cell may take.
        python: the interpreter that the kernel is; it needs ``ipykernel``.

    Returns:
        How it went, as ``execute`` does.

    Raises:
        KeyboardInterrupt: on Ctrl-C, when the kernel has ended.
    """
    clear_outputs(notebook)
    outcome, start = Outcome(folder=str(work)), monotonic()
    (work / "alone").mkdir()
    client = _client(notebook, outcome, on_cell, seconds)
    client.folder, client.python = work, python
    try:
        asyncio.run(client.async_execute(cwd=str(work / "alone"), env=dict(environment)))
    except (CellExecutionError, CellControlSignal, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        outcome.error, outcome.traceback = _explain(error, seconds)
    except asyncio.CancelledError:
        client.interrupted = True
    finally:
        atexit.unregister(client._cleanup_kernel)  # nbclient leaves it where a kernel did not start
    if client.interrupted:
        raise KeyboardInterrupt
    outcome.minutes = (monotonic() - start) / 60
    clean_outputs(notebook)
    return outcome


def clear_outputs(notebook: Any) -> None:
    """Take the outputs and execution counts out of a notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def clean_outputs(notebook: Any) -> None:
    """Take out what differs from run to run or is of no use later: widget views, timing, transient data."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.pop("transient", None)
            output.get("data", {}).pop(_WIDGET, None)
            output.get("metadata", {}).pop(_WIDGET, None)
    notebook.metadata.pop("widgets", None)


def _client(notebook: Any, outcome: Outcome, on_cell: Callable[[int], object] | None, seconds: int) -> Client:
    def started(cell: Any, cell_index: int) -> None:  # noqa: ARG001
        outcome.cell = cell_index
        if on_cell:
            on_cell(cell_index)

    def executed(**_: Any) -> None:
        outcome.peak_mb = client.peak_mb or outcome.peak_mb

    client = Client(
        notebook,
        timeout=seconds,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        on_cell_start=started,
        on_cell_executed=executed,
    )
    return client


def _explain(error: Exception, seconds: int) -> tuple[str, str]:
    if isinstance(error, CellExecutionError):
        return _COLOUR.sub("", f"{error.ename}: {error.evalue}"), _COLOUR.sub("", error.traceback)
    if isinstance(error, CellTimeoutError):
        return message("run.timeout", minutes=round(seconds / 60)), ""
    if isinstance(error, DeadKernelError):
        return message("run.kernel_died"), ""
    return message("run.kernel_failed", error=f"{type(error).__name__}: {error}"), ""
