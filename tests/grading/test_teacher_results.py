"""Results and texts of the teacher's side of grading."""

import string

import pytest

from tl_helpers.grading.teacher.results import Note, Result, TaskResult, result_from_json
from tl_helpers.grading.teacher.texts import catalogue, say, speaking
from tl_helpers.messages import language

RESULT = Result(
    "Ayşe/ödev.ipynb",
    "Ayşe",
    "ayse-1",
    "ab",
    "tr",
    (TaskResult("split", "partly", 2, 3, (Note("grading.split_missing", {"count": 4}, human=True),), "x = 1"),),
    (Note("grading.open", {"points": 3, "names": "my_split"}),),
    "bir metin",
)


def test_a_result_is_read_again_as_it_was_written():
    assert result_from_json(RESULT.to_json()) == RESULT
    assert RESULT.points == 2
    assert [note.message for note in RESULT.needs_human] == ["grading.split_missing"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tasks": 3}', '{"tasks": [], "notes": [], "more": 1}', "null"])
def test_something_else_is_no_result(text):
    with pytest.raises(ValueError, match="."):
        result_from_json(text)


def test_the_language_is_the_old_one_again_after_a_while():
    before = language()
    with speaking("tr"):
        assert say("grading.open", points=3, names="my_split").startswith("Henüz")
    assert language() == before
    with pytest.raises(KeyError):
        say("grading.no_such_message")


def test_both_languages_of_the_teachers_messages_have_the_same_keys_and_placeholders():
    def placeholders(code):
        fields = {}
        for section, messages in catalogue(code).items():
            for name, text in messages.items():
                fields[section, name] = sorted(set(_fields(text)))
        return fields

    assert placeholders("en") == placeholders("tr")


def _fields(text):
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
