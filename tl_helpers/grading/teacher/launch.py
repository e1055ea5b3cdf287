"""What starts inside a box: sets limits, gives rights up, runs the command, and leaves no process of it behind.

``sandbox`` hands this file's text to Python (``python -c``), so it imports nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

PDEATHSIG, DUMPABLE, CHILD_SUBREAPER, NO_NEW_PRIVS = 1, 4, 36, 38  # linux/prctl.h
TICK = 0.02  # seconds


def main(settings: dict[str, Any], command: list[str]) -> None:
    """Run a command to its end, or to ours, and report on it.

    Args:
        settings: ``report`` is the file descriptor that gets ``{"status": …, "stray": …}`` (no status: it was
            stopped), ``parent`` the process whose end is ours too, ``user`` the user to become or None, ``folder``
            where to start; ``limits`` pairs a limit's name, such as ``"RLIMIT_CPU"``, with its soft and hard value.
        command: a program and its arguments.
    """
    with contextlib.suppress(OSError):  # where memory runs out, a box goes first
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.set_inheritable(settings["report"], False)
    control(DUMPABLE, 0)  # the command may be the same user: it must not write our report
    control(CHILD_SUBREAPER, 1)
    stopped: list[int] = []
    if os.getpid() != 1:
        signal.signal(signal.SIGTERM, lambda *received: stopped.append(received[0]))
    first = os.fork()
    if first == 0:
        become(settings["user"], settings["limits"], settings["folder"], command)
    status = None
    while status is None and not stopped and (os.getpid() == 1 or os.getppid() == settings["parent"]):
        status = reap().get(first)
        time.sleep(0 if status is not None else TICK)
    stray = end_all(settings["user"]) - {first}
    with contextlib.suppress(OSError):  # nobody listens any more
        os.write(settings["report"], json.dumps({"status": status, "stray": len(stray)}).encode())


def become(user: int | None, limits: dict[str, tuple[int, int]], folder: str, command: list[str]) -> None:
    """Turn this process into the command, without a right that it does not need."""
    try:
        os.setsid()
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM):
            signal.signal(ignored, signal.SIG_DFL)
        for name, (soft, hard) in limits.items():
            limit(getattr(resource, name, None), soft, hard)
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        os.chdir(folder)
        control(NO_NEW_PRIVS, 1)
        control(PDEATHSIG, signal.SIGKILL)
        os.execvp(command[0], command)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode(errors="replace"))
    finally:
        os._exit(127)


def limit(kind: int | None, soft: int, hard: int) -> None:
    """Set a limit, or the highest value that is allowed, where the system knows it."""
    if kind is None:
        return
    allowed = resource.getrlimit(kind)[1]
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (soft, hard))


def control(option: int, value: int) -> None:
    """Call ``prctl`` where there is one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def reap() -> dict[int, int]:
    """Return the children that ended, with their exit codes (a signal is negative)."""
    ended = {}
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = os.waitstatus_to_exitcode(found[1])
    return ended


def end_all(user: int | None) -> set[int]:
    """Kill all that descends from this process; return whom."""
    found: set[int] = set()
    until = time.monotonic() + 10
    while (alive := descendants()) and time.monotonic() < until:
        found |= alive
        if user is not None:
            end_user(user)
        for pid in alive:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(TICK)
        reap()
    return found


def end_user(user: int) -> None:
    """Kill all processes of a user at once, however fast they multiply."""
    helper = os.fork()
    if helper == 0:
        try:
            os.setuid(user)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    until = time.monotonic() + 1
    while helper not in reap() and time.monotonic() < until:
        time.sleep(TICK / 10)


def descendants() -> set[int]:
    """Return this process's living descendants (Linux; elsewhere none is found)."""
    parents = {}
    for name in os.listdir("/proc") if sys.platform == "linux" else []:
        with contextlib.suppress(OSError, ValueError):
            state, parent = Path("/proc", name, "stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
            parents[int(name)] = (int(parent), state)
    found, fresh = set(), {os.getpid()}
    while fresh:
        fresh = {pid for pid, (parent, _) in parents.items() if parent in fresh}
        found |= fresh
    return {pid for pid in found if parents[pid][1] not in "ZX"}


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
