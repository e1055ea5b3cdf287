"""Spelling: real words pass, misspelt ones are named, and the course itself has none."""

import os
import shutil
import subprocess
from functools import cache

import pytest

from tl_helpers.authoring.__main__ import ROOT, main
from tl_helpers.authoring.spelling import (
    DICTIONARIES,
    WordList,
    spelling_findings,
    word_list,
    word_list_findings,
)
from tl_helpers.authoring.tree import Tree
from tl_helpers.authoring.wording import TextPair, text_pairs
from tl_helpers.messages import CourseError

TREE = Tree(ROOT)


@cache
def missing() -> str:
    """What is needed for spelling and is not here."""
    if shutil.which("hunspell") is None:
        return "hunspell is not installed"
    for dictionary, package in DICTIONARIES.values():
        if subprocess.run(["hunspell", "-d", dictionary, "-l"], input=b"", capture_output=True, check=False).returncode:
            return f"{package} is not installed"
    return ""


@pytest.fixture
def speller():
    if missing() and os.environ.get("CI"):
        pytest.fail(f"{missing()}; in CI spelling must be checked")
    if missing():
        pytest.skip(missing())


def unknown(text: str, language: str = "tr") -> list[str]:
    texts = [TextPair("s.py", "cell", 7, *((text, "") if language == "en" else ("", text)))]
    return [finding.text.split(": ")[1].split(". ")[0] for finding in spelling_findings(TREE, texts, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Model ögrenir.", ["ögrenir"]),
        ("Doğruluk yüksekdir.", ["yüksekdir"]),
        ("Öznitelikların sayısı", ["Öznitelikların"]),
        ("Modellarin hepsi", ["Modellarin"]),
        ("Batch yerine mini kümeler", ["Batch"]),
        ("Özniteliklerin yanlızca biri", ["yanlızca"]),
    ],
)
def test_a_misspelt_turkish_word_is_named(speller, text, expected):
    assert unknown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Özniteliğin, özniteliklerden ve özniteliklerimizin",
        "Seyreltmesiz ağ, evrişimlerle ve gradyanları",
        "MobileNetV2'nin ve Keras'ın %80'lik bölümü",
        "Yığın (batch) ve `kod parçası` {yer}: TL_EDITION",
        "İlki eğitimindir; ağırlığıdır, köküdür.",
        "CPU ve GPU",
    ],
)
def test_a_turkish_word_that_is_right_passes(speller, text):
    assert unknown(text) == []


def test_english_is_british_and_checked_too(speller):
    assert unknown("The color of a neighbour's generalization", "en") == ["color"]


def test_a_model_gives_its_endings_only_to_its_own_word():
    own = WordList(frozenset({"öznitelik"}), (("öznitelik", "güzellik"), ("sigmoid", "deniz")))
    assert own.retold("özniteliği") == ["güzelliği"]
    assert own.retold("sigmoidi") == ["denizi"]
    assert own.retold("nitelik") == []
    assert own.has("ÖZNİTELİK")


@pytest.mark.parametrize("language", DICTIONARIES)
def test_the_course_is_spelt_rightly(speller, language):
    texts = text_pairs(TREE, TREE.course.lessons)
    assert [str(finding) for finding in spelling_findings(TREE, texts, language)] == []


@pytest.mark.parametrize("language", DICTIONARIES)
def test_every_model_is_a_word_of_the_dictionary(speller, language):
    models = " ".join(model for _, model in word_list(TREE, language).models)
    assert unknown(models, language) == []


def test_the_lists_of_words_are_sorted(tmp_path):
    assert word_list_findings(TREE) == []
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "tl_helpers").mkdir()
    (tmp_path / "tl_helpers" / "course.toml").write_bytes((ROOT / "tl_helpers" / "course.toml").read_bytes())
    (tmp_path / "notebooks" / "words.tr.txt").write_text("ağ\nşar\nçekirdek\n", encoding="utf-8")
    (finding,) = word_list_findings(Tree(tmp_path))
    assert "“çekirdek”" in finding.text


def test_without_a_spell_checker_the_command_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert main(["spell"]) == 2
    assert "apt-get install hunspell hunspell-" in capsys.readouterr().err
    with pytest.raises(CourseError, match="hunspell-tr"):
        unknown("Bir yazı")


def test_the_command_reports_and_ends_with_an_error(speller, monkeypatch, capsys):
    wrong = [TextPair("s.py", "cell", 7, "", "Yanlızca bir deneme")]
    monkeypatch.setattr("tl_helpers.authoring.__main__.text_pairs", lambda tree, lessons: wrong)
    assert main(["spell"]) == 1
    assert "s.py:7 [cell]" in capsys.readouterr().err
    wrong.clear()
    assert main(["spell"]) == 0
    assert "knows every word" in capsys.readouterr().out
