"""What a drill takes and gives: the ground that lessons are run on, one run, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tl_helpers.table import Lesson


@dataclass(frozen=True)
class Ground:
    """What lessons are drilled on.

    Args:
        name: of the environment, such as ``"colab"``.
        python: its Python.
        before: its packages with their versions.
        archive: what the set-up cell installs from.
        mirror: address of the server that has the photographs, or "".
        out: folder for executed notebooks.
    """

    name: str
    python: Path
    before: Mapping[str, str]
    archive: Path
    mirror: str
    out: Path


@dataclass(frozen=True)
class Run:
    """One lesson in one language (``"en"``, ``"tr"``) and one edition (``"mini"``, ``"full"``)."""

    lesson: Lesson
    language: str
    edition: str


@dataclass
class Drilled:
    """How a run went.

    Args:
        name: environment, lesson, language and edition.
        install_seconds: from the start of the first cell until pip had installed the course; 0 where it did not.
        set_up_seconds: how long the first cell took in all; it starts the lesson too, and in full fetches photographs.
        minutes: how long all of it took.
        peak_mb: peak memory of the kernel in MB, or None where it is not known.
        added: the packages that were installed, by name.
        problems: a sentence for each thing that went wrong.
    """

    name: tuple[str, str, str, str]
    install_seconds: float = 0.0
    set_up_seconds: float = 0.0
    minutes: float = 0.0
    peak_mb: float | None = None
    added: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)
