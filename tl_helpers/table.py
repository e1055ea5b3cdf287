"""The course table ``course.toml``: its lessons, what each needs, and where the course is published."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tl_helpers.messages import LANGUAGES, CourseError


@dataclass(frozen=True)
class Wording:
    """What a lesson's front matter says in one language."""

    title: str
    summary: str
    prerequisites: str
    objectives: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """One lesson: its number (``"02"``), what its full edition needs, and the minutes it takes.

    ``minutes`` has the keys ``mini_cpu``, ``full_cpu`` and ``full_gpu``; ``words`` has one entry a language;
    ``shown_by`` names for each objective the cells of the source that show it. An exercise and its solution share a
    ``source``, of which each is a ``part`` (``"exercise"`` or ``"solution"``); both are "" for other lessons.
    """

    number: str
    slug: str
    pictures: tuple[str, ...]
    bases: tuple[str, ...]
    after: tuple[str, ...]
    minutes: dict[str, float]
    words: dict[str, Wording]
    shown_by: tuple[tuple[str, ...], ...]
    source: str = ""
    part: str = ""

    @property
    def stem(self) -> str:
        """Return the name that its files share, such as ``"02_feature_extraction"``."""
        return f"{self.number}_{self.slug}"


@dataclass(frozen=True)
class Course:
    """The whole course: where it is published, its title in each language, its lessons in order."""

    repository: str
    branch: str
    title: dict[str, str]
    lessons: tuple[Lesson, ...]

    @property
    def archive(self) -> str:
        """Return the address of the published source archive, which pip can install."""
        return f"{self.repository}/archive/refs/heads/{self.branch}.zip"

    def lesson(self, name: str) -> Lesson:
        """Find a lesson by its number or file name: ``"2"``, ``"02"``, ``"02_feature_extraction"``.

        Raises:
            CourseError: there is no such lesson.
        """
        wanted = name.strip().removesuffix(".ipynb").removesuffix(".py")
        for lesson in self.lessons:
            if wanted in (lesson.stem, lesson.slug) or wanted.zfill(2) == lesson.number:
                return lesson
        raise CourseError("run.unknown_lesson", found=name, expected=", ".join(each.stem for each in self.lessons))


def load_table(path: Path | None = None) -> Course:
    """Read the course table.

    Args:
        path: a table; the course's own where it is None.

    Returns:
        The course.

    Raises:
        CourseError: the table is not TOML, or an entry is missing.
    """
    path = path or Path(__file__).with_name("course.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        course = table["course"]
        lessons = tuple(_lesson(entry) for entry in table["lesson"])
        return Course(course["repository"].rstrip("/"), course["branch"], course["title"], lessons)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise CourseError("authoring.table_broken", file=path.name, error=f"{type(error).__name__}: {error}") from error


def _lesson(entry: dict[str, Any]) -> Lesson:
    lists = {key: tuple(entry[key]) for key in ("pictures", "bases", "after")}
    words = {language: _wording(entry[language]) for language in LANGUAGES}
    minutes = {key: entry["minutes"][key] for key in ("mini_cpu", "full_cpu", "full_gpu")}
    shown_by = tuple(tuple(names) for names in entry.get("shown_by", ()))
    return Lesson(
        number=entry["number"],
        slug=entry["slug"],
        minutes=minutes,
        words=words,
        shown_by=shown_by,
        source=entry.get("source", ""),
        part=entry.get("part", ""),
        **lists,
    )


def _wording(entry: dict[str, Any]) -> Wording:
    return Wording(entry["title"], entry["summary"], entry["prerequisites"], tuple(entry["objectives"]))
