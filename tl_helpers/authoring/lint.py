"""House style of a source: short cells, short prose, code that compiles, pictures with an alt text."""

import io
import re
import tokenize

from tl_helpers.authoring.agreement import prose
from tl_helpers.authoring.questions import QUIZ, kind_of
from tl_helpers.authoring.source import Cell
from tl_helpers.authoring.tree import Finding, found

CODE_LINES = 15
WORDS = 120
COMMENT = 40
GENERATED = 3
_NO_ALT = re.compile(r"!\[\s*\]\(|<img\b(?![^>]*\balt\s*=\s*[\"'][^\"'])[^>]*>", re.IGNORECASE)


def lint_findings(file: str, cells: list[Cell], size: tuple[int, int] | None) -> list[Finding]:
    """Report what the house style does not allow.

    Args:
        file: the source's name.
        cells: its cells.
        size: least and most cells of one language's notebook, generated cells included, or None for any number.

    Returns:
        The findings, in the order of the cells.
    """
    findings = [one for cell in cells for one in (_code(file, cell) if cell.kind == "code" else _markdown(file, cell))]
    count = GENERATED + sum(cell.kind == "code" or cell.language == "en" for cell in cells)
    if size and not size[0] <= count <= size[1]:
        findings.append(found(file, "cells", found=count, least=size[0], most=size[1]))
    return findings


def _markdown(file: str, cell: Cell) -> list[Finding]:
    findings = []
    words = len(re.findall(r"\w[\w'’-]*", prose(cell.text)))
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
