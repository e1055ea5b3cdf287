"""The lessons' quiz questions and the hints of their tasks; the build takes both from the lessons' sources."""

import json
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any

from tl_helpers.live import show_live, widgets_here
from tl_helpers.messages import CourseError, language

LETTERS = "abcde"
STYLE = """<style>.tl-quiz .widget-radio-box label { display: flex; align-items: baseline; white-space: normal;
width: auto; height: auto; line-height: 1.5 } .tl-quiz .widget-radio-box input { order: -1 }</style>"""


@dataclass(frozen=True)
class Choice:
    """One answer to a quiz question: its text and why it is right or not, both HTML."""

    text: str
    why: str
    is_right: bool


@dataclass(frozen=True)
class Question:
    """A quiz question (HTML) and its choices, one of which is right."""

    text: str
    choices: tuple[Choice, ...]


def quiz(lesson: str, name: str) -> None:
    """Ask a quiz question of a lesson: as buttons where widgets run, else as text whose choices unfold.

    Args:
        lesson: its number, such as ``"02"``.
        name: of the question's cell in the lesson's source.

    Raises:
        CourseError: the lesson has no such question.
    """
    question = load_question(lesson, name)
    show_live(_widget(question), {"text/html": folded(question), "text/plain": as_text(question)})


def load_question(lesson: str, name: str) -> Question:
    """Return a quiz question in the reader's language.

    Args:
        lesson: as for ``quiz``.
        name: as for ``quiz``.

    Raises:
        CourseError: the lesson has no such question.
    """
    entry = _entry(lesson, name)
    choices = [Choice(each["text"], each["why"], each["right"]) for each in entry.get("choices", ())]
    if not choices:
        raise CourseError("questions.unknown", found=name, lesson=lesson)
    return Question(entry["question"], tuple(choices))


def load_hints(lesson: str, name: str) -> tuple[str, ...]:
    """Return the hints of a task in the reader's language, as HTML, the gentler one first.

    Args:
        lesson: its number, such as ``"02"``.
        name: of the task's cell in the lesson's source.

    Raises:
        CourseError: the lesson has no such task.
    """
    hints = _entry(lesson, name).get("hints")
    if not hints:
        raise CourseError("questions.unknown", found=name, lesson=lesson)
    return tuple(hints)


def feedback(question: Question, chosen: int | None) -> str:
    """Return what a reader is told who has chosen an answer, as HTML; "" where none is chosen.

    Args:
        question: what was asked.
        chosen: place of the choice, counted from 0.
    """
    if chosen is None:
        return ""
    choice = question.choices[chosen]
    sign, colour = ("✓", "#009E73") if choice.is_right else ("✗", "#D55E00")
    look = f"border-left: 4px solid {colour}; padding-left: 10px; white-space: normal; line-height: 1.5"
    return f'<div style="{look}"><b style="color: {colour}">{sign}</b> {choice.why}</div>'


def folded(question: Question) -> str:
    """Return a question as HTML that needs no kernel: each choice unfolds its explanation."""
    choices = [
        f"<details><summary>{letter}) {choice.text}</summary>{choice.why}</details>"
        for letter, choice in zip(LETTERS, question.choices, strict=False)
    ]
    return "\n".join([question.text, *choices])


def as_text(question: Question) -> str:
    """Return a question as plain text, for readers of bare text: explanations stand below the choices."""
    choices = [f"{letter}) {plain(choice.text)}" for letter, choice in zip(LETTERS, question.choices, strict=False)]
    whys = [f"{letter}: {plain(choice.why)}" for letter, choice in zip(LETTERS, question.choices, strict=False)]
    return "\n".join([plain(question.text), *choices, "", *whys])


def plain(html: str) -> str:
    """Return HTML without its tags."""
    return unescape(re.sub(r"<[^>]*>", "", html)).strip()


def _widget(question: Question) -> Any | None:
    ipywidgets = widgets_here()
    if ipywidgets is None:
        return None
    options = [(plain(choice.text), place) for place, choice in enumerate(question.choices)]
    choice = ipywidgets.RadioButtons(options=options, index=None, layout={"width": "auto"})
    said = ipywidgets.HTMLMath()
    choice.observe(lambda change: setattr(said, "value", feedback(question, change["new"])), "value")
    box = ipywidgets.VBox([ipywidgets.HTMLMath(question.text + STYLE), choice, said])
    box.add_class("tl-quiz")
    return box


def _entry(lesson: str, name: str) -> dict[str, Any]:
    entry: dict[str, Any] = _questions(lesson).get(name, {}).get(language(), {})
    return entry


@cache
def _questions(lesson: str) -> dict[str, Any]:
    try:
        text = files("tl_helpers").joinpath("questions", f"{lesson}.json").read_text(encoding="utf-8")
    except OSError:
        return {}
    questions: dict[str, Any] = json.loads(text)
    return questions
