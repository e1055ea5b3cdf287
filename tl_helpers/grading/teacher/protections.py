"""Which protections a box has on this machine, said to the teacher."""

from __future__ import annotations

from dataclasses import dataclass

from tl_helpers.grading.teacher.texts import TeacherError, say


class BoxError(TeacherError):
    """Nothing can be run in a box."""


@dataclass(frozen=True)
class Protections:
    """How submissions are run, and what holds there, as it was tried out.

    Args:
        bubblewrap: in a world of their own.
        other_user: as another user than the caller, who is root.
        network: they reach no network, this machine's own included.
        files: of the caller's files they can read none but those that they are given.
        memory: the system itself refuses memory beyond the limit; else they are ended a moment later.
        root: they are root: not contained at all.
        problem: why bubblewrap is not used: ``"missing"``, ``"system"`` (not Linux), or what it said.
    """

    bubblewrap: bool = False
    other_user: bool = False
    network: bool = False
    files: bool = False
    memory: bool = False
    root: bool = False
    problem: str = ""

    @property
    def processes(self) -> bool:
        """Return whether they can neither stop the caller's processes nor leave one of theirs behind."""
        return self.bubblewrap or self.other_user

    @property
    def all(self) -> bool:
        """Return whether all that a submission could do is shut in."""
        return self.bubblewrap and self.network and self.files and self.memory and not self.root

    def lines(self) -> list[str]:
        """Return what is protected and what is not, a sentence each, in the language in force."""
        held = {"files": self.files, "network": self.network, "processes": self.processes, "memory": self.memory}
        lines = [say(f"sandbox.{name}_{'held' if holds else 'open'}") for name, holds in held.items()]
        lines.append(say("sandbox.limits"))
        if self.other_user:
            lines.append(say("sandbox.other_user"))
        if self.root:
            lines.append(say("sandbox.root"))
        if self.problem in {"missing", "system"}:
            lines.append(say(f"sandbox.bubblewrap_{self.problem}"))
        elif self.problem:
            lines.append(say("sandbox.bubblewrap_fails", found=self.problem))
        return lines
