"""An exercise and its solution from one source: which cells each has, and what of an answer the reader is given."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tl_helpers.authoring.source import Cell
from tl_helpers.authoring.tree import Finding, found

PARTS = ("exercise", "solution")
ANSWER = "answer"
_REGION = re.compile(r"^# BEGIN SOLUTION\n(.*?)^# END SOLUTION(?:\n|\Z)", re.MULTILINE | re.DOTALL)


def part_of(cells: Sequence[Cell], part: str) -> list[Cell]:
    """Return the cells of one part of a source.

    Args:
        cells: of the whole source. A cell tagged ``exercise`` or ``solution`` belongs to that part only; a code cell
            tagged ``answer`` has one region between ``# BEGIN SOLUTION`` and ``# END SOLUTION``.
        part: ``"exercise"``: regions are cut out; ``"solution"``: they stay, without their marks; ``""``: a lesson that
            has no parts, whose cells are returned as they are.
    """
    if not part:
        return list(cells)
    other = PARTS[1 - PARTS.index(part)]
    kept = [cell for cell in cells if other not in cell.tags]
    return [replace(cell, text=_answer(cell.text, part), tags=_own(cell.tags)) for cell in kept]


def part_findings(file: str, cells: Sequence[Cell], part: str) -> list[Finding]:
    """Report answers without a region, regions outside an answer, and parts of a lesson that has none."""
    findings = []
    for cell in cells:
        expected = 1 if cell.kind == "code" and ANSWER in cell.tags else 0
        if (len(_REGION.findall(cell.text)), cell.text.count(" SOLUTION")) != (expected, 2 * expected):
            findings.append(found(file, "answer_region", cell.name, cell.line))
        if not part and {*PARTS, ANSWER} & set(cell.tags):
            findings.append(found(file, "no_parts", cell.name, cell.line))
    return findings


def _answer(text: str, part: str) -> str:
    return _REGION.sub(r"\1" if part == "solution" else "", text).rstrip("\n")


def _own(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag not in PARTS)
