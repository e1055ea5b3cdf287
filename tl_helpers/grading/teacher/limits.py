"""What a run in a box may use, and how it went."""

from __future__ import annotations

import os
from dataclasses import dataclass

PATIENCE = 3  # times the computing time that something may take, it may last: it may wait, or the machine be busy


@dataclass(frozen=True)
class Limits:
    """What a run may use; beyond it, the run is ended.

    Args:
        seconds: wall-clock time.
        cpu_seconds: of all its processes together.
        memory: of all its processes together, bytes.
        disk: what its files take, bytes.
        file: the largest file, printed text included, bytes.
        processes: at the same time.
    """

    seconds: float = 300
    cpu_seconds: int = 300
    memory: int = 4 * 2**30
    disk: int = 300 * 2**20
    file: int = 100 * 2**20
    processes: int = 200

    def of_a_process(self, threads: int) -> dict[str, tuple[int, int]]:
        """Return the limits that the system itself holds for each process, soft and hard.

        Those on memory and processes lie a little higher than the run's own, so that the run is ended for the right
        reason; a process that asks for far too much memory at once is refused it, and can go on.

        Args:
            threads: how many threads the user has who will run it.
        """
        memory = self.memory + self.memory // 4
        threads += 2 * self.processes + 8 * (os.cpu_count() or 1)
        return {
            "RLIMIT_CPU": (self.cpu_seconds, self.cpu_seconds + 5),
            "RLIMIT_DATA": (memory, memory),
            "RLIMIT_FSIZE": (self.file, self.file),
            "RLIMIT_NPROC": (threads, threads),
            "RLIMIT_NOFILE": (1024, 1024),
            "RLIMIT_CORE": (0, 0),
        }


@dataclass(frozen=True)
class Ran:
    """How a run went.

    Args:
        ended: "" by itself, with status 0; ``"failed"``: by itself, with another; ``"stopped"``: it was asked to;
            ``"lost"``: what held it was killed, by the run where it is the same user, or by a system without memory;
            else the limit that it passed: ``"time"``, ``"cpu"``, ``"memory"``, ``"disk"``, ``"output"`` or
            ``"processes"``.
        status: exit code of the command; negative: the signal that ended it.
        seconds: wall-clock time.
        cpu_seconds: of all its processes.
        peak_memory: of all its processes together, bytes, as far as was seen; what they share may count twice.
        stray: processes besides the command's own that were still alive at its end, and were killed.
    """

    ended: str
    status: int
    seconds: float
    cpu_seconds: float
    peak_memory: int
    stray: int
