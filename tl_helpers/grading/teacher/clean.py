"""Text from elsewhere made fit to be shown: nothing in it is invisible, turns the line round or runs on for ever."""

from __future__ import annotations

import unicodedata

CHARACTERS, LINES = 10_000, 300
# Letters that Unicode does not take apart.
PLAIN = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # letters and marks that show nothing
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, directions, halves of pairs, odd ends of lines


def visible(text: str) -> str:
    r"""Return a text in which what cannot be seen is named; line ends are ``\n``, tabs stay.

    Example:
        >>> visible("a\x1b[31m\u202eb\ud800")
        'a␛[31m⟨U+202E⟩b⟨U+D800⟩'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one if one in "\n\t" else _shown(one) for one in text)


def one_line(text: str, characters: int = 200) -> str:
    r"""Return a text on one line, visible, shortened with "…".

    Args:
        text: any text.
        characters: at most so many of it.

    Example:
        >>> one_line(" Ayşe\n  Yılmaz\0", 30), one_line("abcdef", 4)
        ('Ayşe Yılmaz␀', 'abc…')
    """
    seen = " ".join(visible(text[: 4 * characters]).split())
    shortened = len(seen) > characters or len(text) > 4 * characters
    return f"{seen[: characters - 1]}…" if shortened else seen


def cut(text: str, characters: int = CHARACTERS, lines: int = LINES) -> tuple[str, int]:
    """Return the beginning of a text, and how many characters were left out.

    Args:
        text: any text.
        characters: at most so many.
        lines: at most so many.
    """
    kept = "\n".join(text[:characters].split("\n")[:lines])
    return kept, len(text) - len(kept)


def _shown(character: str) -> str:
    if character.isprintable() and character not in _BLANKS:
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if character == "\x7f" or character < " ":
        return "␡" if character == "\x7f" else chr(0x2400 + ord(character))
    unseen = category in _UNSEEN or character in _BLANKS
    return f"⟨U+{ord(character):04X}⟩" if unseen else character
