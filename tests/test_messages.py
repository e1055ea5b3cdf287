import string

import pytest

from tl_helpers.messages import CourseError, catalogue, language, message, number, percent, set_language


def placeholders(text):
    return sorted(f"{name}:{spec}!{conversion}" for _, name, spec, conversion in string.Formatter().parse(text) if name)


def test_both_catalogues_have_the_same_keys_and_placeholders():
    english, turkish = catalogue("en"), catalogue("tr")
    assert {s: set(texts) for s, texts in english.items()} == {s: set(texts) for s, texts in turkish.items()}
    for section, texts in english.items():
        for name, text in texts.items():
            assert placeholders(text) == placeholders(turkish[section][name]), f"{section}.{name}"


def test_no_turkish_message_is_left_in_english():
    same = {
        f"{section}.{name}"
        for section, texts in catalogue("en").items()
        for name, text in texts.items()
        if text == catalogue("tr")[section][name] and text.strip("{}").isalpha()
    }
    assert same <= {"splits.test"} | {f"classes.{name}" for name in ("panda", "koala", "zebra", "robot", "husky")}


def test_a_message_speaks_the_language_in_force():
    assert message("classes.cat") == "cat"
    set_language("tr")
    assert (language(), message("classes.cat")) == ("tr", "kedi")


def test_numbers_are_written_as_each_language_writes_them():
    assert (number(2257984), number(0.5, 1), percent(0.945)) == ("2,257,984", "0.5", "94.5 %")
    set_language("tr")
    assert (number(2257984), number(0.5, 1), percent(0.945)) == ("2.257.984", "0,5", "%94,5")


def test_an_unknown_language_is_refused_and_the_old_one_stays(each_language):
    with pytest.raises(CourseError, match="'de'.*en, tr"):
        set_language("de")
    assert language() == each_language
