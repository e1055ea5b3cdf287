"""Names of tasks in the language in force, their points, and the order in which results are listed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from tl_helpers.authoring.turkish import lower
from tl_helpers.grading.teacher.clean import PLAIN, one_line
from tl_helpers.grading.teacher.results import Result
from tl_helpers.grading.teacher.texts import catalogue, say

# As in tl_helpers.grading.tasks, which imports TensorFlow.
TASK_POINTS = {
    "split": 3,
    "counts": 1,
    "preprocess": 2,
    "model": 4,
    "compile": 2,
    "train": 3,
    "curves": 1,
    "predict": 2,
    "fine-tune": 4,
    "inception": 2,
    "reflection": 2,
}
BY_HAND = "reflection"
OUT_OF = sum(TASK_POINTS.values()) - TASK_POINTS[BY_HAND]
_ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_PLACES = {ord(letter): chr(0xE000 + place) for place, letter in enumerate(_ALPHABET)}


def task_name(task: str) -> str:
    """Return a task's name in the language in force; the task itself where the catalogue has no name for it."""
    return say(f"tasks.{task}") if task in catalogue("en")["tasks"] else one_line(task, 40)


def in_order(results: Iterable[Result]) -> list[Result]:
    """Return results by student and file, in alphabetical order."""
    return sorted(results, key=lambda one: (alphabetical(one.student), alphabetical(one.name), one.name, one.key))


def alphabetical(text: str) -> str:
    """Return a key that sorts as a Turkish dictionary does (ç after c, ı before i), which puts English right as well.

    Example:
        >>> sorted(["İnci", "Şule", "Çağla", "Irmak", "Łukasz", "Cem", "Zoë", "Suna", "Ali 2"], key=alphabetical)
        ['Ali 2', 'Cem', 'Çağla', 'Irmak', 'İnci', 'Łukasz', 'Suna', 'Şule', 'Zoë']
    """
    small = lower(unicodedata.normalize("NFC", text)).translate(PLAIN)
    letters = (one if one in _ALPHABET else unicodedata.normalize("NFKD", one)[0] for one in small)
    return "".join(letters).translate(_PLACES)
