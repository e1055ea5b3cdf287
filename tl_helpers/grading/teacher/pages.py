"""HTML pages that stand alone: one file each, nothing from outside, no script, whatever a notebook says escaped."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from tl_helpers.authoring.texts import write_text
from tl_helpers.grading.teacher.clean import one_line, visible
from tl_helpers.grading.teacher.names import task_name
from tl_helpers.grading.teacher.texts import say
from tl_helpers.grading.teacher.writing import long_text, write_note
from tl_helpers.messages import language, number, percent

GLYPHS = {"right": "✓", "partly": "◐", "wrong": "✗", "open": "○", "failed": "!", "reported": "◑", "by_hand": "✎"}
_CODE = re.compile(r"`([^`\n]+)`")


def write_page(template: str, path: Path, **values: Any) -> None:
    """Write a page in the language in force, in one step.

    Args:
        template: its file in ``templates``.
        path: the HTML file.
        **values: what the template shows; whatever is not ``Markup`` is escaped.

    Raises:
        OSError: the file cannot be written.
    """
    style = files(__package__).joinpath("templates", "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    page = _templates().get_template(template)
    write_text(path, page.render(language=language(), style=Markup(style), policy=policy, **values))


def with_code(text: str) -> Markup:
    """Return a text visible and escaped, with what stands between backticks marked up as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(visible(text)))))


@cache
def _templates() -> Environment:
    loader = PackageLoader("tl_helpers.grading.teacher", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"say": say, "glyphs": GLYPHS}
    made.filters |= {
        "note": lambda note: with_code(write_note(note)),
        "with_code": with_code,
        "task_name": task_name,
        "one_line": one_line,
        "long_text": long_text,
        "number": number,
        "percent": percent,
    }
    return made
