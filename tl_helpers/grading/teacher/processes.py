"""A run's processes: what they use, and the end of all of them."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Sequence

import psutil

MARK = "TL_BOX"  # environment variable: which run a process belongs to


def held_bytes(processes: Sequence[psutil.Process]) -> int:
    """Return the bytes of files that processes have open and that have no name, in memory or on disk (Linux)."""
    found: dict[tuple[int, int], int] = {}
    if sys.platform == "linux":
        for process in processes:
            with contextlib.suppress(OSError):
                for name in os.listdir(f"/proc/{process.pid}/fd"):
                    with contextlib.suppress(OSError):
                        file = os.stat(f"/proc/{process.pid}/fd/{name}")
                        if stat.S_ISREG(file.st_mode) and file.st_nlink == 0:
                            found[file.st_dev, file.st_ino] = file.st_blocks * 512
    return sum(found.values())


def resident_bytes(process: psutil.Process) -> int:
    """Return a process's memory; 0 where it has ended."""
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def fair_bytes(process: psutil.Process) -> int:
    """Return a process's memory, with its share of what it has in common with others where that can be known."""
    with contextlib.suppress(psutil.Error, OSError):
        found = process.memory_full_info()
        return int(getattr(found, "pss", found.uss))
    return resident_bytes(process)


def cpu_seconds(process: psutil.Process) -> float:
    """Return the processor time of a process and of those of its children that have ended."""
    with contextlib.suppress(psutil.Error):
        return float(sum(process.cpu_times()[:4]))
    return 0.0


def end_remaining(mark: str, user: int | None, seen: set[psutil.Process]) -> int:
    """Kill what is left of a run, wherever it went; return how many processes that were.

    Args:
        mark: the value of ``MARK`` in the environment of all its processes.
        user: the user that all its processes have and no other has, None where there is none.
        seen: processes that were seen to be the run's.
    """
    killed: set[psutil.Process] = set()
    until = time.monotonic() + 10
    while (left := [p for p in psutil.process_iter() if _belongs(p, mark, user, seen)]) and time.monotonic() < until:
        killed.update(left)
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        time.sleep(0.02)
    return len(killed)


def _belongs(process: psutil.Process, mark: str, user: int | None, seen: set[psutil.Process]) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if process in seen or (user is not None and process.uids().real == user):
            return True
        return bool(process.environ().get(MARK) == mark)
    return False
