"""As whom a box runs, what belongs to that user, and which environment it gets."""

from __future__ import annotations

import contextlib
import os
import secrets
import site
import stat
import sys
from pathlib import Path

import psutil

from tl_helpers.grading.teacher.protections import BoxError

FIRST_FREE, FREE = 1_900_000_000, 100_000_000  # numbers that no system gives to anybody


def free_user(highest: int = FIRST_FREE + FREE) -> int:
    """Return a user that nobody is, another each time, so that what it runs can be told apart.

    Args:
        highest: the user is below it, and below what this container knows.
    """
    with contextlib.suppress(OSError, ValueError):  # a container may know fewer users
        lines = Path("/proc/self/uid_map").read_text().splitlines()
        highest = min(highest, max(int(inside) + int(count) for inside, _, count in map(str.split, lines)))
    first = min(FIRST_FREE, highest // 2)
    user = first + secrets.randbelow(highest - first)
    return free_user(highest) if _is_known(user) else user


def _is_known(user: int) -> bool:
    import pwd  # not on Windows

    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def threads_of(user: int) -> int:
    """Return how many threads a user has now."""
    count = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            count += process.num_threads() if process.uids().real == user else 0
    return count


def give(folder: Path, user: int, *, reachable: bool) -> None:
    """Give a folder and what it holds to a user, without following links.

    Args:
        folder: a folder of ours.
        user: who gets it.
        reachable: the user comes to it whatever is above it.

    Raises:
        BoxError: the user can't come to it.
    """
    if not reachable:
        _check_reachable(folder)
    os.chown(folder, user, user, follow_symlinks=False)
    for parent, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = os.path.join(parent, name)
            found = os.lstat(path)
            if stat.S_ISDIR(found.st_mode) or found.st_nlink == 1:
                os.chown(path, user, user, follow_symlinks=False)


def _check_reachable(folder: Path) -> None:
    for above in folder.resolve().parents:
        if not above.stat().st_mode & stat.S_IXOTH:
            raise BoxError("sandbox.closed_folder", folder=above)


def basic_environment(home: str) -> dict[str, str]:
    """Return the variables that every box has."""
    found = {
        "PATH": os.pathsep.join([os.path.dirname(sys.executable), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": home,
        "TMPDIR": home,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if site.ENABLE_USER_SITE:
        found["PYTHONUSERBASE"] = site.getuserbase()
    return found
