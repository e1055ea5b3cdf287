"""The box in which submissions run: what protects it on this machine, and running a command in it."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import tl_helpers
from tl_helpers.grading.teacher.boxed import OUTPUT, run_boxed
from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.bubblewrap import bubblewrap_path
from tl_helpers.grading.teacher.limits import Limits, Ran
from tl_helpers.grading.teacher.protections import BoxError, Protections

DEFAULT = Limits()
TRIAL = Limits(seconds=60, cpu_seconds=30, memory=2**29, disk=2**24, file=2**20, processes=10)
# Tries what must not work. A large part of memory is asked for, but never written.
TRY = """
import json, os, socket, sys
import psutil
port, secret, package = sys.argv[1:]
open(package).close()
def works(action):
    try:
        action()
    except (OSError, MemoryError):
        return False
    return True
print()
print(json.dumps({
    "network": not works(lambda: socket.create_connection(("127.0.0.1", int(port)), 5).close()),
    "files": not works(lambda: open(secret).close()),
    "memory": not works(lambda: bytearray(2**30)),
    "root": os.getuid() == 0,
}))
"""


def run_in_box(
    command: Sequence[str],
    box: Path,
    limits: Limits = DEFAULT,
    *,
    readable: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    protections: Protections | None = None,
    stop: threading.Event | None = None,
) -> Ran:
    """Run a command that nobody trusts; what it prints is then in the box's ``output.txt``.

    May be called from several threads. When it returns or raises, no process of the run is left. The box then is a
    folder, and ``output.txt`` is what was printed; all else in it is to be distrusted (``taking.copy_out``).

    Args:
        command: a program and its arguments.
        box: a folder, the only one that is kept of those that the command can write; for the command it lies at the
            same absolute path.
        limits: beyond them the run is ended.
        readable: what it can read besides the system and Python's environment, where files are protected.
        environment: variables that it gets besides a path, a home and a language.
        protections: how to run it, if not in the best way that works here.
        stop: ends the run when it is set.

    Raises:
        BoxError: there is no way to do it here, the box is no folder, or the box's user can't come to it.
    """
    ways = protections or _best()
    return run_boxed(command, box, limits, ways, readable=readable, environment=environment or {}, stop=stop)


def readable_paths() -> list[Path]:
    """Return what the course's package needs in a box: its folder, and for a clone its weights and reference."""
    package = Path(tl_helpers.__file__).resolve().parent
    assets = [package.parent / "assets" / name for name in ("weights", "reference")]
    return [package, *(folder for folder in assets if folder.is_dir())]


@cache
def protections() -> Protections:
    """Return the best protections that work on this machine; each was tried out.

    Raises:
        BoxError: nothing can be run here at all.
    """
    problem = "" if sys.platform == "linux" else "system"
    said = ""
    for way in _ways():
        found, said = _try(way)
        if found is not None:
            return replace(found, problem="" if found.bubblewrap else problem or "missing")
        if way.bubblewrap:
            problem = said
    raise BoxError("sandbox.nothing_works", found=said)


_best = protections


def _ways() -> list[Protections]:
    """Return the ways to run something, the best first."""
    users = [True, False] if os.geteuid() == 0 else [False]
    worlds = [True, False] if bubblewrap_path() else [False]
    return [Protections(bubblewrap=world, other_user=user) for world in worlds for user in users]


def _try(way: Protections) -> tuple[Protections | None, str]:
    """Return what holds where something is run in this way, None and the last words where nothing can be."""
    folder = Path(tempfile.mkdtemp(prefix="tl-box-"))
    try:
        folder.chmod(0o755)
        (folder / "box").mkdir()
        (folder / "secret.txt").write_text("secret")
        (folder / "secret.txt").chmod(0o644)
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            package = readable_paths()[0] / "__init__.py"
            command = [sys.executable, "-c", TRY, str(port), str(folder / "secret.txt"), str(package)]
            ran = run_in_box(command, folder / "box", TRIAL, readable=readable_paths(), protections=way)
        words = (folder / "box" / OUTPUT).read_text(errors="replace").strip().splitlines() or [ran.ended]
        if ran.ended:
            return None, words[-1]
        found = json.loads(words[-1])
        return replace(way, **{**found, "root": found["root"] and not way.bubblewrap}), ""
    except (OSError, BoxError) as error:
        return None, str(error)
    finally:
        remove_box(folder)
