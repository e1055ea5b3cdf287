"""House style of a source: short cells, short prose, code that compiles, pictures with an alt text."""

import io
import re
import tokenize
from statistics import median

from tl_helpers.authoring.agreement import prose
from tl_helpers.authoring.questions import QUIZ, kind_of
from tl_helpers.authoring.source import Cell
from tl_helpers.authoring.tree import Finding, found
from tl_helpers.messages import LANGUAGES

CODE_LINES = 15
WORDS = 120
TYPICAL_LINES = 4
TYPICAL_WORDS = 60
COMMENT = 40
GENERATED = 3
_NO_ALT = re.compile(r"!\[\s*\]\(|<img\b(?![^>]*\balt\s*=\s*[\"'][^\"'])[^>]*>", re.IGNORECASE)


def lint_findings(file: str, cells: list[Cell], size: tuple[int, int] | None) -> list[Finding]:
    """Report what the house style does not allow.

    Args:
        file: the source's name.
        cells: its cells.
        size: least and most cells of one language's notebook, generated cells included; None for a fragment, of which
            neither the number of cells nor what is typical of them is judged.

    Returns:
        The findings, in the order of the cells.
    """
    findings = [one for cell in cells for one in (_code(file, cell) if cell.kind == "code" else _markdown(file, cell))]
    if size:
        findings += _whole(file, cells, size)
    return findings


def _whole(file: str, cells: list[Cell], size: tuple[int, int]) -> list[Finding]:
    """Report what is wrong with a lesson's cells taken together."""
    findings = []
    count = GENERATED + sum(cell.kind == "code" or cell.language == "en" for cell in cells)
    if not size[0] <= count <= size[1]:
        findings.append(found(file, "cells", found=count, least=size[0], most=size[1]))
    lines = median([len(cell.text.split("\n")) for cell in cells if cell.kind == "code"] or [0])
    if lines > TYPICAL_LINES:
        findings.append(found(file, "median_lines", found=f"{lines:g}", most=TYPICAL_LINES))
    for language in LANGUAGES:
        runs = prose_runs(cells, language)
        for first, words in runs:
            if words > WORDS:
                place = (file, "run_words", first.name, first.line)
                findings.append(found(*place, language=language, found=words, most=WORDS))
        typical = median([words for _, words in runs] or [0])
        if typical >= TYPICAL_WORDS:
            findings.append(found(file, "median_words", language=language, found=f"{typical:g}", most=TYPICAL_WORDS))
    return findings


def prose_runs(cells: list[Cell], language: str) -> list[tuple[Cell, int]]:
    """Return the stretches of prose that a reader meets before a code cell.

    Tasks and quizzes are not prose, and a quiz question ends a stretch, as it becomes a code cell.

    Args:
        cells: of a source.
        language: whose prose.

    Returns:
        For each stretch its first cell and its number of words. What follows the last code cell is none.
    """
    runs: list[tuple[Cell, int]] = []
    run: list[Cell] = []
    for cell in cells:
        if cell.kind == "markdown" and cell.language == language and not kind_of(cell):
            run.append(cell)
        elif run and (cell.kind == "code" or kind_of(cell) == QUIZ):
            runs.append((run[0], sum(_words(each.text) for each in run)))
            run = []
    return runs


def _words(text: str) -> int:
    return len(re.findall(r"\w[\w'’-]*", prose(text)))


def _markdown(file: str, cell: Cell) -> list[Finding]:
    findings = []
    words = _words(cell.text)
    if words > WORDS and kind_of(cell) != QUIZ:
        findings.append(found(file, "words", cell.name, cell.line, language=cell.language, found=words, most=WORDS))
    if _NO_ALT.search(cell.text):
        findings.append(found(file, "alt", cell.name, cell.line, language=cell.language))
    return findings


def _code(file: str, cell: Cell) -> list[Finding]:
    findings = []
    lines = len(cell.text.split("\n"))
    if lines > CODE_LINES:
        findings.append(found(file, "code_lines", cell.name, cell.line, found=lines, most=CODE_LINES))
    try:
        compile(cell.text, file, "exec")
    except (SyntaxError, ValueError) as error:
        return [*findings, found(file, "syntax", cell.name, cell.line, error=str(error))]
    for comment in _comments(cell.text):
        if len(comment) > COMMENT:
            findings.append(found(file, "comment", cell.name, cell.line, found=comment, most=COMMENT))
    return findings


def _comments(code: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]
