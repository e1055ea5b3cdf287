"""Notes as texts, with numbers as the language in force writes them."""

from __future__ import annotations

from typing import Any

from tl_helpers.grading.teacher.clean import CHARACTERS, cut, visible
from tl_helpers.grading.teacher.names import task_name
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.teacher.texts import say
from tl_helpers.messages import language, number, percent

LONGEST = 2_000  # characters of a value


def write_note(note: Note) -> str:
    """Return what a note says in the language in force, as plain text that is still to be escaped.

    Args:
        note: its values may come from a notebook: they are made visible and shortened.

    Returns:
        The message; its key and values where no catalogue has it, as may be after an update.
    """
    values = {name: write_value(name, value) for name, value in note.values.items()}
    try:
        return say(note.message, **values)
    except (KeyError, IndexError, ValueError):
        listed = ", ".join(f"{name}: {value}" for name, value in values.items())
        named = long_text(note.message, LONGEST)
        return f"{named} ({listed})" if listed else named


def write_value(name: str, value: Any) -> str:
    """Return a value of a note as the instant feedback writes it: shares as percentages, lists, numbers, texts.

    Args:
        name: of the placeholder; ``task`` has a task, one that ends in "share" a share of 1.
        value: a text, a number, or a list of them.
    """
    if name == "task":
        return f"“{task_name(str(value))}”"
    if name.endswith("share") and isinstance(value, int | float):
        return percent(value)
    if isinstance(value, list | tuple):
        return f"[{'; '.join(write_value('', one) for one in value[:100])}{'; …' * (len(value) > 100)}]"
    if isinstance(value, int):
        return number(value) if abs(value) < 1e15 else f"{value:.3e}" if abs(value) < 1e300 else "…"
    if isinstance(value, float):
        written = f"{value:.4g}"
        return written.replace(".", ",") if language() == "tr" else written
    return long_text(str(value), LONGEST)


def long_text(text: str, characters: int = CHARACTERS) -> str:
    """Return a text made visible, cut with a note that says how much is left out.

    Args:
        text: any text.
        characters: at most so many of it.
    """
    kept, left = cut(text, characters)
    return f"{visible(kept)}\n{say('writing.cut', count=number(left))}" if left else visible(kept)
