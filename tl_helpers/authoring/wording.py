"""The texts that a reader sees, in one language, and a text stripped to its words."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tl_helpers.authoring.agreement import prose
from tl_helpers.authoring.source import read_source
from tl_helpers.authoring.tree import Tree
from tl_helpers.messages import LANGUAGES
from tl_helpers.table import Lesson

COURSE_TABLE = "tl_helpers/course.toml"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE = re.compile(
    r"^[a-z_]+: "  # split_at: …, the function that speaks
    r"|\w+\([^)]*\)"  # fit(model)
    r"|\[\w+\.[^\]]*\]"  # [layer.name for layer in layers]
    r"|(?<![^\s(])[\w-]*(?:[/=\\_~]|\w\.\w)[^\s,;:)]*"  # course-output/, engine=x, TL_EDITION, course.toml
    r"|(?<!\w)\.[a-z]{2,5}\b"  # .png
    r"|\b\w*(?:[a-z][A-Z]|\d)\w*\b"  # LiteRT, MobileNetV2, 5×5
)
_LINK = re.compile(r"\[([^\]]*)\]\(")
_HYPHEN = re.compile(r"(?<=\w)-\n(?=\w)")
_MARK = re.compile(r"\[[ x?]\] ")
_SECTION = re.compile(r"^\[([\w-]+)\]")
_ENTRY = re.compile(r"^([\w-]+) *=")


@dataclass(frozen=True)
class TextPair:
    """A text that a reader sees, with its sibling.

    Args:
        file: path from the course's folder.
        place: name of the cell, ``section.key`` of a message, or "".
        line: counted from 1, or 0.
        english: as it is written.
        turkish: as it is written.
    """

    file: str
    place: str
    line: int
    english: str
    turkish: str

    def translated(self) -> tuple[str, str]:
        """Return both texts without the words of links that are the same in both, such as titles of papers."""
        ours, theirs = ({_on_one_line(title) for title in _LINK.findall(text)} for text in (self.english, self.turkish))

        def keep(link: re.Match[str]) -> str:
            return "[](" if _on_one_line(link[1]) in ours & theirs else link[0]

        return _LINK.sub(keep, self.english), _LINK.sub(keep, self.turkish)


def words_only(text: str) -> str:
    """Return a text without code, formulas, addresses, tags, placeholders and emphasis, on one line.

    Example:
        >>> words_only("**Yığın** boyutu `batch_size`, {found} resim: TL_EDITION")
        'Yığın boyutu , resim:'
    """
    text = prose(_COMMENT.sub(" ", text))
    text = _CODE.sub(" ", _PLACEHOLDER.sub(" ", _MARK.sub(" ", text)))
    return _on_one_line(text.replace("*", "").replace("|", " "))


def text_pairs(tree: Tree, lessons: tuple[Lesson, ...]) -> list[TextPair]:
    """Return all that a reader of these lessons may see: their cells, the messages, course table and READMEs."""
    cells = [wording for lesson in lessons for wording in _cells(tree, lesson)]
    return [*cells, *_messages(tree), *_table(tree), *_readmes(tree)]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _cells(tree: Tree, lesson: Lesson) -> Iterator[TextPair]:
    path = tree.source(lesson)
    if not path.is_file():
        return
    cells = [cell for cell in read_source(path.read_bytes().decode("utf-8")) if cell.kind == "markdown"]
    english = {cell.name: cell.text for cell in cells if cell.language == "en"}
    for cell in cells:
        if cell.language == "tr":
            yield TextPair(tree.name(path), cell.name, cell.line, english.get(cell.name, ""), cell.text)


def _messages(tree: Tree) -> Iterator[TextPair]:
    english, turkish = (tree.root / "tl_helpers" / "messages" / f"{code}.toml" for code in ("en", "tr"))
    if not (english.is_file() and turkish.is_file()):
        return
    siblings = tomllib.loads(english.read_text(encoding="utf-8"))
    lines = _lines(turkish)
    for section, texts in tomllib.loads(turkish.read_text(encoding="utf-8")).items():
        for key, text in texts.items():
            place = f"{section}.{key}"
            words = (siblings.get(section, {}).get(key, ""), text)
            whole = (_HYPHEN.sub("", one) for one in words)  # labels of figures are divided at line ends
            yield TextPair(tree.name(turkish), place, lines.get(place, 0), *whole)


def _lines(path: Path) -> dict[str, int]:
    """Return the line of each ``section.key`` of a catalogue."""
    lines, section = {}, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if opened := _SECTION.match(line):
            section = opened[1]
        elif entry := _ENTRY.match(line):
            lines[f"{section}.{entry[1]}"] = number
    return lines


def _table(tree: Tree) -> Iterator[TextPair]:
    for lesson in tree.course.lessons:
        ours, theirs = lesson.words["en"], lesson.words["tr"]
        for key in ("title", "summary", "prerequisites"):
            yield TextPair(COURSE_TABLE, f"{lesson.number} {key}", 0, getattr(ours, key), getattr(theirs, key))
        for index, (one, other) in enumerate(zip(ours.objectives, theirs.objectives, strict=False), start=1):
            yield TextPair(COURSE_TABLE, f"{lesson.number} objective {index}", 0, one, other)


def _readmes(tree: Tree) -> Iterator[TextPair]:
    """Yield the READMEs one by one: they are too long to be compared term by term."""
    for language in LANGUAGES:
        path = tree.readme(language)
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            yield TextPair(tree.name(path), "", 0, *((text, "") if language == "en" else ("", text)))
