"""Check the spelling of all that a reader sees, with hunspell and the course's own list of words."""

import re
import shutil
import subprocess
from dataclasses import dataclass

from tl_helpers.authoring.glossary import Glossary, load_glossary
from tl_helpers.authoring.tree import Finding, Tree, found
from tl_helpers.authoring.turkish import alphabetical, lower, without_endings
from tl_helpers.authoring.wording import TextPair, words_only
from tl_helpers.messages import CourseError

DICTIONARIES = {"en": ("en_GB", "hunspell-en-gb"), "tr": ("tr_TR", "hunspell-tr")}
_WORD = re.compile(r"(?<![\w'’])[^\W\d_]+(?:['’][^\W\d_]+)?")
_SUFFIX = {"en": re.compile("['’]s$"), "tr": re.compile("['’].*$")}  # Keras'ın is asked for as Keras


@dataclass(frozen=True)
class WordList:
    """The course's own words of one language.

    Args:
        words: in small letters.
        models: a word that takes endings → a word of the dictionary that takes the same ones.
    """

    words: frozenset[str]
    models: tuple[tuple[str, str], ...]

    def has(self, word: str) -> bool:
        """Say whether a word is listed, however its letters are written."""
        return bool({lower(word), word.lower()} & self.words)

    def retold(self, word: str) -> list[str]:
        """Return what the dictionary may be asked instead of a word it does not know: its models' forms.

        Example:
            >>> WordList(frozenset(), (("öznitelik", "güzellik"),)).retold("özniteliğin")
            ['güzelliğin']
        """
        pairs = [(own[:-1], model[:-1]) if own[-1] == model[-1] else (own, model) for own, model in self.models]
        return [model + word[len(own) :] for own, model in pairs if word.startswith(own)]


def spelling_findings(tree: Tree, texts: list[TextPair], language: str) -> list[Finding]:
    """Report the words that neither the dictionary nor the course's list knows.

    Args:
        tree: the course's folder.
        texts: all that a reader sees.
        language: ``"en"`` or ``"tr"``.

    Raises:
        CourseError: hunspell or its dictionary is not here.
    """
    own, glossary = word_list(tree, language), load_glossary(tree)
    every = [(text, _words(glossary, text, language)) for text in texts]
    unknown = _unknown({word for _, words in every for word in words if not own.has(word)}, language)
    retold = {word: _instead(word, own, language) for word in unknown}
    strange = _unknown({each for forms in retold.values() for each in forms}, language)
    wrong = {word for word, forms in retold.items() if strange.issuperset(forms)}
    listed = f"notebooks/words.{language}.txt"
    return [
        found(text.file, "misspelt", text.place, text.line, words=", ".join(bad), list=listed)
        for text, words in every
        if (bad := sorted(words & wrong))
    ]


def word_list(tree: Tree, language: str) -> WordList:
    """Read the course's own list of words: a word a line, or a word and another one that takes the same endings."""
    lines = [line.split() for line in _lines(tree, language)]
    pairs = tuple((line[0], line[1]) for line in lines if len(line) > 1)
    return WordList(frozenset(word for line in lines for word in line[:1]), pairs)


def word_list_findings(tree: Tree) -> list[Finding]:
    """Report a list of words that is not sorted or has a word twice."""
    findings = []
    for language in DICTIONARIES:
        lines = _lines(tree, language)
        expected = sorted(set(lines), key=alphabetical)
        if lines != expected:
            place = next(one for one, other in zip(expected, [*lines, ""], strict=False) if one != other)
            findings.append(found(f"notebooks/words.{language}.txt", "word_list", expected=place))
    return findings


def _words(glossary: Glossary, text: TextPair, language: str) -> set[str]:
    """Return the words of a text that are to be checked: none in capitals, and none that is quoted in English."""
    plain = glossary.without_english(words_only(text.translated()[1])) if language == "tr" else words_only(text.english)
    words = (_SUFFIX[language].sub("", word) for word in _WORD.findall(plain))
    return {word for word in words if len(word) > 1 and not word.isupper()}


def _instead(word: str, own: WordList, language: str) -> list[str]:
    """Return other words that the dictionary may know in a word's stead: without an ending, or with a model's stem."""
    stems = without_endings(lower(word)) if language == "tr" else []
    return stems + [retold for stem in [lower(word), *stems] for retold in own.retold(stem)]


def _unknown(words: set[str], language: str) -> set[str]:
    """Return the words that the dictionary does not know."""
    dictionary, package = DICTIONARIES[language]
    if not words:
        return set()
    if shutil.which("hunspell") is None:
        raise CourseError("authoring.no_spell_checker", dictionary=dictionary, package=package)
    command = ["hunspell", "-d", dictionary, "-i", "utf-8", "-l"]
    lines = "\n".join(sorted(words))
    asked = subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", check=False)
    if asked.returncode:
        raise CourseError("authoring.no_spell_checker", dictionary=dictionary, package=package)
    return set(asked.stdout.split())


def _lines(tree: Tree, language: str) -> list[str]:
    path = tree.root / "notebooks" / f"words.{language}.txt"
    return path.read_text(encoding="utf-8").split("\n")[:-1] if path.is_file() else []
