"""Instant feedback on a small task; an unanswered one, or a strange answer, never stops the notebook."""

from collections.abc import Callable
from typing import Any

from tl_helpers.live import show_live
from tl_helpers.messages import message
from tl_helpers.questions import load_hints, plain


def check(lesson: str, task: str, answer: Any, is_right: Callable[[Any], Any]) -> None:
    """Say whether an answer is right; if not, give a hint and fold the next one. Introduced in lesson 01.

    Args:
        lesson: its number, such as ``"02"``.
        task: name of the task's cell in the lesson's source.
        answer: what the reader filled in; None while the task is open.
        is_right: says whether an answer is right; one that it cannot deal with is not.

    Raises:
        CourseError: the lesson has no such task.
    """
    first, second = load_hints(lesson, task)
    if answer is None:
        print(message("tasks.open"))
    elif _says_yes(is_right, answer):
        print(message("tasks.right", answer=_shown(answer)))
    else:
        print(message("tasks.not_yet", answer=_shown(answer), hint=plain(first)))
        name = message("tasks.second_hint")
        folded = f"<details><summary>{name}</summary>{second}</details>"
        show_live(None, {"text/html": folded, "text/plain": f"{name}: {plain(second)}"})


def _says_yes(is_right: Callable[[Any], Any], answer: Any) -> bool:
    try:
        return bool(is_right(answer))
    except Exception:  # an answer of another kind than the task asks for
        return False


def _shown(answer: Any) -> str:
    try:
        return repr(answer)[:80]
    except Exception:  # an object of the reader's own whose repr fails
        return type(answer).__name__
