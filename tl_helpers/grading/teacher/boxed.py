"""One run in a box: started, watched, ended, and what it left cleared up."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.bubblewrap import bubblewrap_command
from tl_helpers.grading.teacher.limits import Limits, Ran
from tl_helpers.grading.teacher.processes import MARK, end_remaining
from tl_helpers.grading.teacher.protections import BoxError, Protections
from tl_helpers.grading.teacher.users import basic_environment, free_user, give, threads_of
from tl_helpers.grading.teacher.watching import Watch

POSIX = os.name == "posix"
OUTPUT = "output.txt"
LAUNCH = Path(__file__).with_name("launch.py")
PATIENCE = 10.0  # seconds for a process that was told to end


def run_boxed(
    command: Sequence[str],
    box: Path,
    limits: Limits,
    protections: Protections,
    *,
    readable: Sequence[Path],
    environment: Mapping[str, str],
    stop: threading.Event | None,
) -> Ran:
    """Run a command in a box: ``sandbox.run_in_box`` with everything said."""
    if not POSIX:
        raise BoxError("sandbox.windows")
    box = Path(os.path.abspath(box))
    if box.is_symlink() or not box.is_dir():
        raise BoxError("sandbox.no_box", folder=box)
    user = free_user() if protections.other_user else None
    scratch = Path(tempfile.mkdtemp(prefix="tl-box-"))
    home, before = str(scratch), list[str]()
    try:
        if protections.bubblewrap:
            home, before = "/tmp", bubblewrap_command(box, scratch, readable, becomes_other=user is not None)
        if user is not None:
            for folder in (box, scratch):
                give(folder, user, reachable=protections.bubblewrap)
            scratch.chmod(0o711)  # a Python that lies below /tmp is reached through it, before we become the user
        variables = {**basic_environment(home), **environment}
        with tempfile.TemporaryFile() as output:
            folders = (box, scratch)
            run = _Run(command, before, folders=folders, limits=limits, user=user, output=output, environment=variables)
            ran = run.watch(stop)
            _write_output(box, output)
    finally:
        remove_box(scratch)
    return ran


class _Run:
    """A command that is started in a session of its own, until nothing of it is left.

    Args:
        command: a program and its arguments.
        before: what to put before it: bubblewrap's, or nothing.
        folders: the box, where it starts, and its ``/tmp``.
        limits: of the run.
        user: whom it becomes, None for nobody else.
        output: gets what is printed.
        environment: all its variables.
    """

    def __init__(
        self,
        command: Sequence[str],
        before: Sequence[str],
        *,
        folders: tuple[Path, Path],
        limits: Limits,
        user: int | None,
        output: IO[bytes],
        environment: Mapping[str, str],
    ) -> None:
        self.inside, self.user, self.mark, self.stray = bool(before), user, secrets.token_hex(8), 0
        report, theirs = os.pipe()
        with open(theirs, "wb"):
            self.report = open(report, "rb", buffering=0)  # noqa: SIM115 (closed by watch)
            bounds = limits.of_a_process(threads_of(os.geteuid() if user is None else user))
            settings: dict[str, Any] = {"report": theirs, "parent": os.getpid(), "user": user, "limits": bounds}
            settings["folder"] = str(folders[0])
            launch = [sys.executable, "-I", "-S", "-c", LAUNCH.read_text(encoding="utf-8"), json.dumps(settings)]
            self.process = subprocess.Popen(
                [*before, *launch, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**environment, MARK: self.mark},
                pass_fds=[theirs],
                start_new_session=True,
            )
        self.usage = Watch(self.process.pid, limits, folders, output.fileno(), inside=self.inside)

    def watch(self, stop: threading.Event | None) -> Ran:
        """Wait for its end, or end it where it passes a limit or this is interrupted."""
        passed, stop = "", stop or threading.Event()
        try:
            while not passed and not self._has_ended():
                passed = "stopped" if stop.is_set() else self.usage.look()
                if not passed:
                    stop.wait(min(0.2, 0.02 + self.usage.seconds / 20))
            seconds = self.usage.seconds
        finally:
            with self.report:
                self._end()
                status, stray = self._reported()
        ended = passed or ("lost" if status is None else self.usage.how_it_ended(status))
        status = -signal.SIGKILL if status is None else status
        return Ran(ended, status, seconds, self.usage.cpu_seconds, self.usage.peak_memory, self.stray + stray)

    def _end(self) -> None:
        """Kill all that is left of it."""
        if not self._has_ended():
            if self.inside:
                self.stray += self.usage.end_world()
            else:
                self.process.terminate()  # it ends all that is below it
            if not self._has_ended(PATIENCE):
                self.process.kill()
                self._has_ended(PATIENCE)
        if not self.inside:
            self.stray += end_remaining(self.mark, self.user, self.usage.seen)

    def _has_ended(self, patience: float = 0) -> bool:
        """Wait for the end of the process that was started, and learn what all below it used."""
        until = time.monotonic() + patience
        while self.process.returncode is None:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                self.usage.cpu_seconds = max(self.usage.cpu_seconds, usage.ru_utime + usage.ru_stime)
            elif time.monotonic() >= until:
                return False
            else:
                time.sleep(0.01)
        return True

    def _reported(self) -> tuple[int | None, int]:
        """Return what ``launch`` said of the command's status and of stray processes."""
        os.set_blocking(self.report.fileno(), False)
        try:
            said = json.loads(self.report.read(1000) or b"{}")
            return said.get("status"), said.get("stray", 0)
        except ValueError:
            return None, 0


def _write_output(box: Path, output: IO[bytes]) -> None:
    """Put what was printed into the box, whatever is there under that name, or instead of the box."""
    if box.is_symlink() or not box.is_dir():
        remove_box(box)
        box.mkdir()
    box.chmod(0o700)
    remove_box(box / OUTPUT)
    output.seek(0)
    with open(box / OUTPUT, "xb") as written:
        shutil.copyfileobj(output, written)
