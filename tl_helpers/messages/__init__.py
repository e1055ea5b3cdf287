"""What the course says to its reader: one catalogue file a language, and numbers as that language writes them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "tr")
_current = {"language": "en"}


class CourseError(ValueError):
    """An error explained in the reader's language: what was found, what was expected, what to do.

    Args:
        key: the message's key in the catalogue.
        **values: what the message's placeholders stand for.
    """

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(message(key, **values))


def set_language(code: str) -> None:
    """Choose the language of everything that the course says.

    Args:
        code: ``"en"`` or ``"tr"``.

    Raises:
        CourseError: another code.
    """
    if code not in LANGUAGES:
        raise CourseError("settings.language", found=code, expected=", ".join(LANGUAGES))
    _current["language"] = code


def language() -> str:
    """Return the language in force, ``"en"`` or ``"tr"``."""
    return _current["language"]


def message(key: str, **values: Any) -> str:
    """Return a message of the catalogue in the language in force.

    Args:
        key: section and name, such as ``"pictures.missing_folder"``.
        **values: what its ``{placeholders}`` stand for.

    Raises:
        KeyError: the catalogue has no such message.
    """
    section, name = key.split(".", 1)
    text: str = catalogue(language())[section][name]
    return text.format(**values)


def number(value: float, decimals: int = 0) -> str:
    """Write a number as the language in force does: 2,257,984.5 in English, 2.257.984,5 in Turkish."""
    return _localise(f"{value:,.{decimals}f}")


def percent(share: float, decimals: int = 1) -> str:
    """Write a share of 1 as a percentage: 0.945 is "94.5 %" in English and "%94,5" in Turkish."""
    digits = _localise(f"{100 * share:.{decimals}f}")
    return f"%{digits}" if language() == "tr" else f"{digits} %"


@cache
def catalogue(code: str) -> dict[str, dict[str, str]]:
    """Return the messages of one language, by section and name."""
    return tomllib.loads(files(__name__).joinpath(f"{code}.toml").read_text(encoding="utf-8"))


def _localise(digits: str) -> str:
    return digits.translate(str.maketrans(",.", ".,")) if language() == "tr" else digits
