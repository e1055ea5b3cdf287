"""What the teacher's side says: its own catalogue a language, then the course's."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

from tl_helpers.messages import CourseError, language, message, set_language


def say(key: str, **values: Any) -> str:
    """Return a message of the teacher's catalogue, else of the course's, in the language in force.

    Args:
        key: section and name, such as ``"reading.empty"``.
        **values: what its ``{placeholders}`` stand for.

    Raises:
        KeyError: neither catalogue has such a message.
    """
    section, name = key.split(".", 1)
    text = catalogue(language()).get(section, {}).get(name)
    return message(key, **values) if text is None else text.format(**values)


class TeacherError(CourseError):
    """An error explained by a message of the teacher's catalogue.

    Args:
        key: the message's key.
        **values: what its placeholders stand for.
    """

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        ValueError.__init__(self, say(key, **values))


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say everything in one language for a while.

    Args:
        code: ``"en"`` or ``"tr"``.
    """
    before = language()
    set_language(code)
    try:
        yield
    finally:
        set_language(before)


@cache
def catalogue(code: str) -> dict[str, dict[str, str]]:
    """Return the teacher's messages of one language, by section and name."""
    path = files(f"{__package__}.messages").joinpath(f"{code}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
