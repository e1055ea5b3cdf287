"""Instant feedback on a small task; an unanswered one never stops the notebook."""

from typing import Any

from tl_helpers.messages import message


def check(answer: Any, is_right: bool | None) -> None:
    """Say whether an answer is right. Introduced in lesson 01.

    Args:
        answer: what the reader filled in; None while the task is open.
        is_right: whether it is right; not looked at while the task is open.
    """
    if answer is None:
        print(message("tasks.open"))
    else:
        print(message("tasks.right" if is_right else "tasks.not_yet", answer=repr(answer)[:80]))
