"""What a drill found, as a table in the reader's language."""

from collections.abc import Sequence

from tl_helpers.authoring.drill.runs import Drilled
from tl_helpers.authoring.progress import clock
from tl_helpers.messages import message, number

_COLUMNS = ("environment", "lesson", "language", "edition", "install", "set_up", "time", "memory", "added", "result")


def table(results: Sequence[Drilled]) -> str:
    """Return the results as an aligned table, followed by what went wrong, a line each."""
    rows = [[message(f"drill.column_{name}") for name in _COLUMNS], *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    wrong = [f"{' '.join(each.name)}: {problem}" for each in results for problem in each.problems]
    return "\n".join([*lines, "", *wrong]).rstrip()


def _row(result: Drilled) -> list[str]:
    return [
        *result.name,
        number(result.install_seconds, 1),
        number(result.set_up_seconds, 1),
        clock(result.minutes * 60),
        "–" if result.peak_mb is None else number(result.peak_mb),
        ", ".join(result.added) or "–",
        message("drill.wrong", count=len(result.problems)) if result.problems else message("drill.good"),
    ]
