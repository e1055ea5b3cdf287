"""Where things lie in the course's folder, and a finding: what is wrong, in which file and cell."""

from dataclasses import dataclass, field
from pathlib import Path

from tl_helpers.messages import message
from tl_helpers.table import Course, Lesson, load_table


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Args:
        file: path from the course's folder, or a file's name.
        key: the kind of finding: its message in the catalogue's section ``authoring``.
        text: what was found, what was expected, what to do.
        cell: the cell's name, or "" where it is about the whole file.
        line: line of the cell's marker, counted from 1, or 0.
    """

    file: str
    key: str
    text: str
    cell: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Return it as one paragraph: ``file:line [cell] text``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} [{self.cell}] {self.text}" if self.cell else f"{place} {self.text}"


def found(file: str, key: str, cell: str = "", line: int = 0, **values: object) -> Finding:
    """Return a finding whose text is the catalogue's message ``authoring.<key>``."""
    return Finding(file, key, message(f"authoring.{key}", **values), cell, line)


@dataclass(frozen=True)
class Tree:
    """A course's folder.

    Args:
        root: the folder that has ``notebooks/`` and ``tl_helpers/``.
        cells: least and most cells of a lesson, or None for any number.
    """

    root: Path
    cells: tuple[int, int] | None = (30, 60)
    course: Course = field(init=False)

    def __post_init__(self) -> None:
        """Read the course table of this folder."""
        object.__setattr__(self, "course", load_table(self.root / "tl_helpers" / "course.toml"))

    def source(self, lesson: Lesson) -> Path:
        """Return the path of a lesson's bilingual source."""
        return self.root / "notebooks" / "source" / f"{lesson.source or lesson.stem}.py"

    def notebook(self, lesson: Lesson, language: str) -> Path:
        """Return the path of a lesson's committed notebook."""
        return self.root / "notebooks" / language / f"{lesson.stem}.ipynb"

    def questions(self, lesson: Lesson) -> Path:
        """Return the path of the file with which the package ships a lesson's quiz questions and hints."""
        return self.root / "tl_helpers" / "questions" / f"{lesson.number}.json"

    def readme(self, language: str) -> Path:
        """Return the path of the README in one language."""
        return self.root / ("README.md" if language == "en" else f"README.{language}.md")

    def name(self, path: Path) -> str:
        """Return a path as findings name it: from the course's folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def selected(self, name: str) -> tuple[Lesson, ...]:
        """Return the lesson that ``name`` names, or all of them where it is empty.

        Raises:
            CourseError: there is no such lesson.
        """
        return (self.course.lesson(name),) if name.strip() else self.course.lessons
