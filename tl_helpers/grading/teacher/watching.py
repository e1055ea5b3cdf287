"""What a run uses while it runs, and which limit it passed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from tl_helpers.grading.teacher.boxes import folder_bytes
from tl_helpers.grading.teacher.limits import Limits
from tl_helpers.grading.teacher.processes import cpu_seconds, fair_bytes, held_bytes, resident_bytes

DISK_EVERY = 0.5  # seconds, and at least ten times as long as measuring takes


class Watch:
    """Looks at a run again and again.

    Args:
        top: the process that was started.
        limits: of the run.
        folders: in which it can write.
        output: file descriptor that gets what it prints.
        inside: the process that was started is bubblewrap, and ``launch`` is below it.
    """

    def __init__(self, top: int, limits: Limits, folders: Sequence[Path], output: int, *, inside: bool) -> None:
        self.limits = limits
        self.folders = folders
        self.output = output
        self.inside = inside
        self.top = top
        self.began = time.monotonic()
        self.peak_memory = 0
        self.cpu_seconds = 0.0
        self.processes: list[psutil.Process] = []
        self.seen: set[psutil.Process] = set()
        self._free = shutil.disk_usage(folders[0]).free
        self._look_at_disk = self.began

    @property
    def seconds(self) -> float:
        """Return the wall-clock time since the beginning."""
        return time.monotonic() - self.began

    def look(self) -> str:
        """Return which limit is passed: ``"time"``, ``"cpu"``, ``"memory"``, ``"disk"``, ``"output"``, ``"processes"``.

        "" where none is.
        """
        self._look_at_processes()
        if len(self.processes) > self.limits.processes:
            return "processes"
        if self._memory() > self.limits.memory:
            return "memory"
        if self.printed_too_much():
            return "output"
        if time.monotonic() >= self._look_at_disk:
            before = time.monotonic()
            if self.filled_the_disk():
                return "disk"
            self._look_at_disk = time.monotonic() + max(DISK_EVERY, 10 * (time.monotonic() - before))
        if self.cpu_seconds > self.limits.cpu_seconds:
            return "cpu"
        return "time" if self.seconds > self.limits.seconds else ""

    def printed_too_much(self) -> bool:
        """Return whether what was printed reached the largest size of a file."""
        return os.fstat(self.output).st_size >= self.limits.file

    def filled_the_disk(self) -> bool:
        """Return whether its files, removed ones that it still has open included, take more than they may."""
        if held_bytes(self.processes) + sum(map(folder_bytes, self.folders)) > self.limits.disk:
            return True
        try:
            free = shutil.disk_usage(self.folders[0]).free
        except OSError:
            return False  # it removed its box
        return free < min(self.limits.disk, self._free - self.limits.disk)

    def how_it_ended(self, status: int) -> str:
        """Return how a run ended that was not ended by us: ``Ran.ended``."""
        self.processes = []
        if self.printed_too_much():
            return "output"
        if self.filled_the_disk():
            return "disk"
        used_up = status == -signal.SIGKILL and self.cpu_seconds >= self.limits.cpu_seconds
        if status == -signal.SIGXCPU or used_up:
            return "cpu"
        return "failed" if status else ""

    def end_world(self) -> int:
        """Kill process 1 of bubblewrap's world, and so all in it; return how many besides the command's own."""
        self._look_at_processes()
        with contextlib.suppress(psutil.Error):
            outer = psutil.Process(self.top)  # it ends when all in its world has ended
            for process in outer.children() or [outer]:
                process.kill()
        return max(0, len(self.processes) - 1)

    def _look_at_processes(self) -> None:
        """Find the run's processes, without those of ours that hold it."""
        self.processes, cpu = [], 0.0
        with contextlib.suppress(psutil.Error):
            top = psutil.Process(self.top)
            holders = [top, *top.children()] if self.inside else [top]
            below = top.children(recursive=True)
            self.processes = [process for process in below if process not in holders]
            cpu = sum(map(cpu_seconds, [*self.processes, holders[-1]]))
        self.seen.update(self.processes)
        self.cpu_seconds = max(self.cpu_seconds, cpu)

    def _memory(self) -> int:
        """Return the memory of all processes; what they share counts once, which takes long to find out."""
        memory = sum(map(resident_bytes, self.processes))
        if memory > self.limits.memory and len(self.processes) > 1:
            memory = sum(map(fair_bytes, self.processes))
        self.peak_memory = max(self.peak_memory, memory)
        return memory
