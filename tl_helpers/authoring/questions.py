"""Quizzes and tasks of a source: read from its tagged cells, checked, and turned into what the package ships."""

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown_it import MarkdownIt

from tl_helpers.authoring.source import Cell
from tl_helpers.authoring.tree import Finding, found
from tl_helpers.messages import LANGUAGES, catalogue
from tl_helpers.table import Lesson

QUIZ, TASK = "quiz", "task"
CHOICES = (2, 5)
HINTS = 2
_ITEM = re.compile(r"^- \[(.)\] +(.*)$")
_FORMULA = re.compile(r"\$[^$]+\$")


@dataclass(frozen=True)
class Item:
    """A choice of a quiz question or a hint of a task: its mark, its first line, and the indented lines under it."""

    mark: str
    text: str
    below: str


def read_question(text: str) -> tuple[str, list[Item]]:
    """Divide a tagged cell into its question and its items.

    Args:
        text: markdown: the question, then lines ``- [x] choice``, ``- [ ] choice`` or ``- [?] hint``, each with what
            belongs to it on indented lines.

    Returns:
        The question, and the items in order.
    """
    question: list[str] = []
    items: list[list[str]] = []
    for line in text.split("\n"):
        if _ITEM.match(line):
            items.append([line])
        else:
            (items[-1] if items else question).append(line)
    return "\n".join(question).strip(), [_item(lines) for lines in items]


def shipped(cells: Sequence[Cell]) -> str:
    """Return the text of the file that the package ships for a lesson: its questions in both languages, as JSON."""
    questions: dict[str, dict[str, Any]] = {}
    for cell in cells:
        if kind_of(cell) and cell.language in LANGUAGES:
            questions.setdefault(cell.name, {})[cell.language] = _shipped(cell)
    return json.dumps(questions, ensure_ascii=False, indent=1) + "\n"


def kind_of(cell: Cell) -> str:
    """Return ``"quiz"`` or ``"task"`` for a cell that is tagged so, else ``""``."""
    return next((kind for kind in (QUIZ, TASK) if cell.kind == "markdown" and kind in cell.tags), "")


def quiz_code(lesson: Lesson, cell: Cell) -> str:
    """Return the code of the cell that asks a quiz question in a notebook."""
    return f'tl_helpers.quiz("{lesson.number}", "{cell.name}")'


def task_text(cell: Cell) -> str:
    """Return a task as a notebook shows it: the question, and its hints folded."""
    question, hints = read_question(cell.text)
    names = (catalogue(cell.language)["tasks"][key] for key in ("first_hint", "second_hint"))
    folded = [
        f"<details><summary>{name}</summary>{_html(hint.text)}</details>"
        for name, hint in zip(names, hints, strict=False)
    ]
    return question + "\n\n" + "\n".join(folded)


def question_findings(file: str, cells: Sequence[Cell], lesson: Lesson) -> list[Finding]:
    """Report quizzes and tasks that are not as they must be, and objectives that nothing shows."""
    findings = [found(file, key, cell.name, cell.line, **more) for cell in cells for key, more in _flaws(cell)]
    findings += _unlike_findings(file, cells)
    code = "\n".join(cell.text for cell in cells if cell.kind == "code")
    for cell in cells:
        calls = (f'check("{lesson.number}", "{cell.name}"', f'grade("{cell.name}"')
        if kind_of(cell) == TASK and cell.language == "en" and not any(call in code for call in calls):
            findings.append(found(file, "task_unchecked", cell.name, cell.line, lesson=lesson.number))
    return findings + _objective_findings(file, cells, lesson)


def _item(lines: list[str]) -> Item:
    match = _ITEM.match(lines[0])
    assert match
    below = " ".join(line.strip() for line in lines[1:]).strip()
    return Item(match[1], f"{match[2]} {below}".strip(), "") if match[1] == "?" else Item(match[1], match[2], below)


def _flaws(cell: Cell) -> list[tuple[str, dict[str, Any]]]:
    kind, (question, items) = kind_of(cell), read_question(cell.text)
    marks = [item.mark for item in items]
    if kind == QUIZ:
        whole = all(item.text and item.below for item in items) and "$" not in "".join(item.text for item in items)
        counts = CHOICES[0] <= len(items) <= CHOICES[1] and marks.count("x") == 1
        if not (question and whole and counts and set(marks) <= {"x", " "}):
            return [("quiz_flawed", {"least": CHOICES[0], "most": CHOICES[1]})]
    if kind == TASK and not (question and marks == ["?"] * HINTS and all(item.text for item in items)):
        return [("task_flawed", {"expected": HINTS})]
    return []


def _unlike_findings(file: str, cells: Sequence[Cell]) -> list[Finding]:
    """Report a quiz whose right answers, or whose kind, differ between the languages."""
    marks: dict[str, set[tuple[str, ...]]] = {}
    for cell in cells:
        if cell.kind == "markdown":
            looks = (kind_of(cell), *(item.mark for item in read_question(cell.text)[1]))
            marks.setdefault(cell.name, set()).add(looks)
    unlike = [cell for cell in cells if cell.language == "tr" and len(marks.get(cell.name, ())) > 1]
    return [found(file, "question_unlike", cell.name, cell.line) for cell in unlike]


def _objective_findings(file: str, cells: Sequence[Cell], lesson: Lesson) -> list[Finding]:
    showing = {cell.name for cell in cells if kind_of(cell) or (cell.kind == "code" and _asserts(cell.text))}
    findings = []
    for place in range(max(len(lesson.shown_by), len(lesson.words["en"].objectives))):
        names = lesson.shown_by[place] if place < len(lesson.shown_by) else ()
        missing = ", ".join(name for name in names if name not in showing)
        if missing or not names:
            findings.append(found(file, "objective_not_shown", objective=place + 1, found=missing or "–"))
    return findings


def _asserts(code: str) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return False
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    return any(isinstance(node, ast.Assert) for node in nodes) or any("testing.assert_" in name for name in called)


def _shipped(cell: Cell) -> dict[str, Any]:
    question, items = read_question(cell.text)
    if kind_of(cell) == TASK:
        return {"hints": [_html(item.text) for item in items]}
    choices = [{"text": _html(item.text), "why": _html(item.below), "right": item.mark == "x"} for item in items]
    return {"question": _html(question, blocks=True), "choices": choices}


def _html(text: str, *, blocks: bool = False) -> str:
    """Return markdown as HTML; formulas stay as they are, for MathJax."""
    markdown = MarkdownIt("commonmark")
    marked = _FORMULA.sub("\x00", text)
    html = str(markdown.render(marked) if blocks else markdown.renderInline(marked))
    for formula in _FORMULA.findall(text):
        html = html.replace("\ufffd", escape(formula), 1)
    return html.strip()
