"""Keep translations in step: siblings side by side, stamps that tell a stale one, and what both must share."""

import hashlib
import re

from tl_helpers.authoring.agreement import differences
from tl_helpers.authoring.source import Cell, read_source
from tl_helpers.authoring.tree import Finding, found
from tl_helpers.messages import message

_STAMP = re.compile(r"(\s)en=(?:\"[^\"]*\"|'[^']*'|\S+)")
_LANG = re.compile(r"""(lang=["']tr["'])""")


def stamp_of(text: str) -> str:
    """Return the stamp of an English cell: 8 hex digits of the hash of its text, whitespace aside."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def translation_findings(file: str, cells: list[Cell]) -> list[Finding]:
    """Report siblings that are missing or not side by side, stale stamps, and facts that differ.

    Args:
        file: the source's name.
        cells: its cells.

    Returns:
        The findings, in the order of the cells.
    """
    findings = _order_findings(file, cells)
    for english, turkish in _pairs(cells):
        findings += _stamp_findings(file, english, turkish)
        for kind, (ours, theirs) in differences(english.text, turkish.text).items():
            what = message(f"authoring.kind_{kind}")
            findings.append(found(file, "differ", turkish.name, turkish.line, what=what, en=ours, tr=theirs))
    return sorted(findings, key=lambda finding: finding.line)


def stamp_source(text: str) -> tuple[str, list[str]]:
    """Stamp every Turkish cell with its English sibling; nothing else in the text changes.

    Args:
        text: a source.

    Returns:
        The stamped text, and the names of the cells whose stamp changed.
    """
    lines = text.split("\n")
    stamped = []
    for english, turkish in _pairs(read_source(text)):
        stamp = stamp_of(english.text)
        if turkish.stamp != stamp:
            lines[turkish.line - 1] = _with_stamp(lines[turkish.line - 1], stamp)
            stamped.append(turkish.name)
    return "\n".join(lines), stamped


def _with_stamp(marker: str, stamp: str) -> str:
    if _STAMP.search(marker):
        return _STAMP.sub(rf'\g<1>en="{stamp}"', marker, count=1)
    return _LANG.sub(rf'\g<1> en="{stamp}"', marker, count=1)


def _pairs(cells: list[Cell]) -> list[tuple[Cell, Cell]]:
    turkish: dict[str, Cell] = {}
    for cell in cells:
        if cell.kind == "markdown" and cell.language == "tr":
            turkish.setdefault(cell.name, cell)
    return [
        (cell, turkish.pop(cell.name))
        for cell in cells
        if cell.kind == "markdown" and cell.language == "en" and cell.name in turkish
    ]


def _order_findings(file: str, cells: list[Cell]) -> list[Finding]:
    findings = []
    prose = [cell for cell in cells if cell.kind == "markdown"]
    names = {language: {cell.name for cell in prose if cell.language == language} for language in ("en", "tr")}
    followers = [*cells[1:], None]
    for cell, follower in zip(cells, followers, strict=True):
        if cell.kind != "markdown" or cell.language not in names:
            continue
        if cell.name not in names["tr" if cell.language == "en" else "en"]:
            findings.append(found(file, f"no_sibling_of_{cell.language}", cell.name, cell.line))
        elif cell.language == "en" and (follower is None or (follower.name, follower.language) != (cell.name, "tr")):
            findings.append(found(file, "order", cell.name, cell.line))
    return findings


def _stamp_findings(file: str, english: Cell, turkish: Cell) -> list[Finding]:
    if turkish.stamp == stamp_of(english.text):
        return []
    key = "stale" if turkish.stamp else "unstamped"
    return [found(file, key, turkish.name, turkish.line, source=f"{file}:{english.line}")]
