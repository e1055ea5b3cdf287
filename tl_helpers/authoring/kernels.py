"""The kernel that executes a notebook: a Python, an empty folder, a chosen environment, a clean end."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient import NotebookClient


class _OnePython(KernelSpecManager):  # type: ignore[misc]
    """Know one kernel, an interpreter's, whatever kernels the user has installed under the same name."""

    python = sys.executable

    def get_kernel_spec(self, kernel_name: str) -> Any:
        argv = [self.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=kernel_name)


class Client(NotebookClient):  # type: ignore[misc]
    """A notebook client whose kernel is the interpreter ``python`` and which ends its kernel at once on Ctrl-C."""

    interrupted = False
    python = sys.executable
    folder = Path()

    def create_kernel_manager(self) -> Any:
        """Return a manager that starts the interpreter's kernel and talks to it through files, not the network."""
        private: dict[str, Any] = {"connection_file": str(self.folder / "kernel.json")}
        if os.name == "posix":
            private |= {"transport": "ipc", "ip": str(self.folder / "kernel")}
        kernels = _OnePython()
        kernels.python = self.python
        self.km = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=kernels, **private)
        return self.km

    async def async_start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel, after taking the signals from nbclient, which would leave the execution hanging."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()

        def stop() -> None:
            self.interrupted = True
            self.shutdown_kernel = "immediate"
            if task:
                task.cancel()

        with contextlib.suppress(RuntimeError):  # not in the main thread, or a system without signals
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(each, stop)
        await super().async_start_new_kernel(**kwargs)

    async def async_start_new_kernel_client(self) -> Any:
        """Connect to the kernel; a Ctrl-C meanwhile ends it too."""
        try:
            return await super().async_start_new_kernel_client()
        except asyncio.CancelledError:
            await self._async_cleanup_kernel()
            raise

    @property
    def peak_mb(self) -> float | None:
        """Return the kernel's peak memory so far in MB, or None where the system does not tell it."""
        provisioner = getattr(self.km, "provisioner", None)
        return peak_mb(getattr(provisioner, "pid", None))


def peak_mb(pid: int | None) -> float | None:
    """Return a process's peak resident memory in MB (VmHWM of Linux's ``/proc``), or None where it is not known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return kilobytes[0] / 1024 if kilobytes else None


def kernel_environment(root: Path, settings: Mapping[str, str], work: Path) -> dict[str, str]:
    """Return a kernel's environment: the caller's, with this course's package first and nothing of the user's IPython.

    Args:
        root: the course's folder.
        settings: the ``TL_*`` settings to use; all others are dropped.
        work: a throw-away folder for IPython's own files.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TL_")}
    environment.pop("MPLBACKEND", None)
    path = [str(root.resolve()), environment.get("PYTHONPATH", "")]
    own = {
        "PYTHONPATH": os.pathsep.join(each for each in path if each),
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(work / "ipython"),
    }
    return {**environment, **own, **settings}
