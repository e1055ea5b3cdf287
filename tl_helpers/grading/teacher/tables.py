"""CSV files that spreadsheets open rightly, and in which no cell can start a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from tl_helpers.authoring.texts import write_text
from tl_helpers.grading.teacher.clean import one_line

Cell = str | int | float | None
LONGEST = 1_000  # characters of a cell
# A sign that starts a formula, its wide, small, raised and lowered variants included, where a cell begins or where one
# would begin if a program took the other separator.
_FORMULA = re.compile(r"(^|[,;|])(?=[\s\"'“”‘’«»`]*[=+\-@＝＋－＠﹦﹢﹣﹫⁺⁻⁼₊₋₌−])")


def write_table(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, excel_turkish: bool = False
) -> None:
    """Write a table as CSV, in one step: UTF-8 with a byte-order mark, as spreadsheets expect it.

    Args:
        path: the file.
        header: titles of the columns.
        rows: texts are made safe, numbers stay numbers, None is an empty cell.
        excel_turkish: ";" between cells and a decimal comma.

    Raises:
        OSError: the file cannot be written.
    """
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if excel_turkish else ",", lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([_cell(value, excel_turkish) for value in row])
    write_text(path, f"\ufeff{text.getvalue()}")


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, on one line.

    Example:
        >>> safe("=1+1"), safe(" ＠SUM(A1)"), safe("Ayşe; -2"), safe("a-b")
        ("'=1+1", "'＠SUM(A1)", "Ayşe;' -2", 'a-b')
    """
    return _FORMULA.sub(r"\1'", one_line(text, LONGEST))


def _cell(value: Cell, excel_turkish: bool) -> str:
    if value is None or isinstance(value, str):
        return safe(value or "")
    written = f"{value:.4g}" if isinstance(value, float) else str(value)
    return written.replace(".", ",") if excel_turkish else written
