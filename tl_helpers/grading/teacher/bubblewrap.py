"""The command line of bubblewrap: a small world in which only the box can be written."""

from __future__ import annotations

import os
import shutil
import site
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
SYSTEM_FILES = ("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime")  # of /etc


def bubblewrap_path() -> str | None:
    """Return where bubblewrap is, None where it is not."""
    return shutil.which("bwrap") if sys.platform == "linux" else None


def bubblewrap_command(box: Path, scratch: Path, readable: Sequence[Path], *, becomes_other: bool) -> list[str]:
    """Return what to put before a command.

    The command is process 1 of its world: when it ends, all that it started ends.

    Args:
        box: the one folder of the caller's that can be written.
        scratch: a folder that serves as ``/tmp`` and ``/dev/shm``.
        readable: what can be read, at its own place, besides the system and Python's environment.
        becomes_other: the caller is root, and the command keeps the right to become another user, and no other right.
    """
    command = [bubblewrap_path() or "bwrap", "--die-with-parent", "--new-session", "--as-pid-1"]
    command += ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        command += ["--cap-drop", "ALL"]
    if becomes_other:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    command += [*_system(), "--proc", "/proc", "--dev", "/dev"]
    command += ["--bind", str(scratch), "/dev/shm", "--bind", str(scratch), "/tmp"]
    for path in _outermost([*environment_paths(), *readable]):
        command += [*_folders_above(path), "--ro-bind", str(path), str(path)]
    place = Path(os.path.abspath(box))
    command += [*_folders_above(place), "--bind", str(place), str(place)]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def environment_paths() -> list[Path]:
    """Return the folders of the Python that runs, of its virtual environment, and of the user's own packages."""
    paths = [Path(sys.prefix), Path(sys.base_prefix)]
    if site.ENABLE_USER_SITE:
        paths.append(Path(site.getusersitepackages()))
    return paths


def _system() -> list[str]:
    arguments: list[str] = []
    for place in map(Path, SYSTEM):
        if place.is_symlink():
            arguments += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            arguments += [*_folders_above(place), "--ro-bind", str(place), str(place)]
    for name in SYSTEM_FILES:
        if Path("/etc", name).exists():
            arguments += ["--ro-bind", f"/etc/{name}", f"/etc/{name}"]
    return arguments


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Return the paths that exist, as given and without links, less those below another or below the system's."""
    known = [Path(place) for place in SYSTEM]
    found: list[Path] = []
    given = [Path(os.path.abspath(path)) for path in paths]
    for path in sorted({*given, *(path.resolve() for path in given)}):
        if path.exists() and not any(path.is_relative_to(other) for other in [*known, *found]):
            found.append(path)
    return found


def _folders_above(path: Path) -> list[str]:
    """Return the arguments that make the folders above a path, open to every user."""
    return [part for folder in reversed(path.parents[:-1]) for part in ("--dir", str(folder))]
