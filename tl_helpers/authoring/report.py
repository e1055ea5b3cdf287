"""The report of a run, in the reader's language: JSON for programs, markdown and HTML for people."""

import json
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from tl_helpers.authoring.texts import write_text
from tl_helpers.messages import message, number

_COLUMNS = ("lesson", "language", "edition", "minutes", "memory", "status", "results")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1d1d1f}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;padding:.5rem;text-align:left;"
    "vertical-align:top}.failed{color:#a33a00}@media(max-width:40rem){table{display:block;overflow-x:auto}}"
)


@dataclass
class LessonReport:
    """How one lesson's run went.

    Args:
        lesson: its number.
        title: number and title in the reader's language.
        language: language of the notebook.
        edition: the edition that the set-up cell says it used, or None where it did not get so far.
        minutes: how long it took.
        peak_memory_mb: peak memory of the kernel, or None where the system does not tell it.
        status: ``"ok"`` or ``"failed"``.
        error: what went wrong, in a paragraph; "" where nothing did.
        results: the lesson's key results by name.
        notebook: file name of the executed notebook.
        page: file name of the HTML page.
    """

    lesson: str
    title: str
    language: str
    edition: str | None
    minutes: float
    peak_memory_mb: float | None
    status: str
    error: str
    notebook: str
    page: str
    results: dict[str, Any] = field(default_factory=dict)


def write_report(folder: Path, title: str, language: str, lessons: list[LessonReport]) -> None:
    """Write ``report.json``, ``report.md`` and ``report.html``.

    Args:
        folder: where to.
        title: the course's title.
        language: the reader's language, also the one in force.
        lessons: one entry a lesson.
    """
    data = {"title": title, "language": language, "lessons": [asdict(lesson) for lesson in lessons]}
    write_text(folder / "report.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    write_text(folder / "report.md", _markdown(title, lessons))
    write_text(folder / "report.html", _html(title, language, lessons))


def _markdown(title: str, lessons: list[LessonReport]) -> str:
    rows = [[message(f"run.column_{column}") for column in _COLUMNS], ["---"] * len(_COLUMNS)]
    for lesson in lessons:
        results = "<br>".join(f"{name}: {value}" for name, value in _results(lesson))
        rows.append([f"[{lesson.title}]({lesson.page})", *_middle(lesson), results])
    table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    errors = [f"{lesson.error}\n" for lesson in lessons if lesson.error]
    return "\n".join([f"# {message('run.report', title=title)}\n", table, "", *errors])


def _html(title: str, language: str, lessons: list[LessonReport]) -> str:
    heading = escape(message("run.report", title=title))
    head = "".join(f"<th>{escape(message(f'run.column_{column}'))}</th>" for column in _COLUMNS)
    rows = "\n".join(_html_row(lesson) for lesson in lessons)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{heading}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n"
        f"<table>\n<tr>{head}</tr>\n{rows}\n</table>\n</body>\n</html>\n"
    )


def _html_row(lesson: LessonReport) -> str:
    first = f'<a href="{escape(lesson.page)}">{escape(lesson.title)}</a>'
    results = "<br>".join(escape(f"{name}: {value}") for name, value in _results(lesson))
    if lesson.error:
        results += f'<p class="failed">{escape(lesson.error)}</p>'
    cells = [first, *(escape(cell) for cell in _middle(lesson)), results]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _middle(lesson: LessonReport) -> list[str]:
    memory = "–" if lesson.peak_memory_mb is None else number(lesson.peak_memory_mb)
    edition = lesson.edition or "–"
    status = message(f"run.status_{lesson.status}")
    return [lesson.language, edition, number(lesson.minutes, 1), memory, status]


def _results(lesson: LessonReport) -> list[tuple[str, str]]:
    return [(name, _written(value)) for name, value in lesson.results.items()]


def _written(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return number(value, 0 if float(value).is_integer() else 3)
