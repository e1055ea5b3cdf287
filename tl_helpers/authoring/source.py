"""Read a lesson's bilingual source: jupytext's percent format, each cell with its name, language, stamp and line."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import jupytext

from tl_helpers.authoring.tree import Finding, found
from tl_helpers.messages import LANGUAGES

NAME = re.compile(r"[a-z0-9-]{1,50}")
MARKER = re.compile(r"^\s*#\s*%%")
RESERVED = ("front-matter", "set-up", "navigation")
_ATTRIBUTES = {"name", "lang", "en", "tags", "points"}
_NOISE = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "incorrectly_encoded_metadata"}
_LINE = re.compile(r'line="?(\d+)')


@dataclass(frozen=True)
class Cell:
    """A cell of a source.

    Args:
        kind: ``"markdown"``, ``"code"`` or ``"raw"``.
        name: its name, "" where it has none.
        language: ``lang``, "" where it has none (code).
        stamp: ``en``: of a Turkish cell, the hash of the English it translates.
        text: what the cell holds, markdown without its comment signs.
        tags: its tags.
        line: line of its marker, counted from 1.
        strange: attributes that a source does not have, or the marker's text where it cannot be read.
        points: what a graded cell is worth, 0 for any other.
    """

    kind: str
    name: str
    language: str
    stamp: str
    text: str
    tags: tuple[str, ...]
    line: int
    strange: tuple[str, ...] = ()
    points: int = 0


def read_source(text: str) -> list[Cell]:
    """Read a source's cells.

    Args:
        text: the source, in jupytext's percent format.

    Returns:
        Its cells in order, as jupytext reads them.
    """
    text = text.replace("\r\n", "\n")
    cells = jupytext.reads(text, fmt="py:percent").cells
    return [_cell(cell, line) for cell, line in zip(cells, _marker_lines(text), strict=True)]


def structure_findings(file: str, cells: list[Cell]) -> list[Finding]:
    """Report names that are missing, malformed or taken, unknown languages and attributes, and raw cells."""
    findings = [finding for cell in cells for finding in _cell_findings(file, cell)]
    english = {cell.name for cell in cells if cell.kind == "markdown" and cell.language == "en"}
    names = Counter((cell.name, cell.language) for cell in cells if cell.name)
    names.update((cell.name, "en") for cell in cells if cell.kind == "code" and cell.name in english)
    for cell in cells:
        if names[cell.name, cell.language] > 1:
            findings.append(found(file, "name_taken", cell.name, cell.line))
    return findings


def _cell_findings(file: str, cell: Cell) -> list[Finding]:
    def at_cell(key: str, **values: object) -> Finding:
        return found(file, key, cell.name, cell.line, **values)

    findings = [at_cell("attribute", found=each, expected=", ".join(sorted(_ATTRIBUTES))) for each in cell.strange]
    if not cell.name:
        findings.append(at_cell("name_missing"))
    elif not NAME.fullmatch(cell.name) or cell.name in RESERVED:
        findings.append(at_cell("name_bad", found=cell.name))
    if cell.kind == "raw":
        findings.append(at_cell("raw"))
    elif cell.kind == "code" and cell.language:
        findings.append(at_cell("code_language"))
    elif cell.kind == "markdown" and cell.language not in LANGUAGES:
        findings.append(at_cell("language", found=cell.language, expected=", ".join(LANGUAGES)))
    return findings


def _cell(cell: Any, line: int) -> Cell:
    attributes = {key: value for key, value in cell.metadata.items() if key not in _NOISE}
    strange = [key for key in attributes if key not in _ATTRIBUTES]
    strange += [text for text in [cell.metadata.get("incorrectly_encoded_metadata")] if text]
    name, language, stamp = (str(attributes.get(key, "")) for key in ("name", "lang", "en"))
    points = attributes.get("points", 0)
    if not isinstance(points, int) or cell.cell_type != "code":
        strange += ["points"] if points else []
        points = 0
    tags = attributes.get("tags", [])
    tags = tuple(tags) if isinstance(tags, list) else (str(tags),)
    return Cell(cell.cell_type, name, language, stamp, cell.source, tags, line, tuple(strange), points)


def _marker_lines(text: str) -> list[int]:
    """Let jupytext itself say on which line each cell starts, by reading a copy whose markers carry their line."""
    lines = [
        f'{line.rstrip()} line="{number}"' if MARKER.match(line) else line
        for number, line in enumerate(text.split("\n"), start=1)
    ]
    cells = jupytext.reads("\n".join(lines), fmt="py:percent").cells
    return [_line(cell.metadata) for cell in cells]


def _line(metadata: dict[str, Any]) -> int:
    marked = _LINE.search(str(metadata.get("incorrectly_encoded_metadata", "")))
    return int(metadata.get("line") or (marked[1] if marked else 1))
