"""Hold the Turkish to the course's glossary: forms that it avoids, and terms of the English that it must have."""

import re
from dataclasses import dataclass
from functools import cached_property

from tl_helpers.authoring.tree import Finding, Tree, found
from tl_helpers.authoring.turkish import lower
from tl_helpers.authoring.wording import TextPair, words_only
from tl_helpers.messages import CourseError

FILE = "notebooks/GLOSSARY.md"
UNCHECKED = "–"
_COLUMNS = {"term": 5, "phrase": 2}
_PARENTHESES = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Term:
    """A row of the glossary.

    Args:
        english: the term, then other forms of it.
        turkish: what the course writes.
        stems: what to look for in Turkish: one of these lists, all its words, any form of a word.
        avoided: beginnings of words that are wrong.
    """

    english: tuple[str, ...]
    turkish: str
    stems: tuple[tuple[tuple[str, ...], ...], ...]
    avoided: tuple[str, ...]

    def stands_in(self, turkish: str) -> bool:
        """Say whether a Turkish text, in small letters, has the term."""
        return not self.stems or any(
            all(any(re.search(rf"(?<!\w){re.escape(form)}", turkish) for form in forms) for forms in words)
            for words in self.stems
        )


@dataclass(frozen=True)
class Glossary:
    """The glossary.

    Args:
        terms: its rows.
        phrases: English phrases in which a term's word has an everyday meaning.
    """

    terms: tuple[Term, ...] = ()
    phrases: tuple[str, ...] = ()

    @cached_property
    def _by_form(self) -> dict[str, Term | None]:
        forms: dict[str, Term | None] = {_key(form): term for term in self.terms for form in term.english}
        return forms | {_key(phrase): None for phrase in self.phrases}

    @cached_property
    def _english(self) -> re.Pattern[str]:
        forms = sorted(self._by_form, key=len, reverse=True)
        return re.compile("|".join(rf"(?P<_{i}>\b{_inflected(form)}(?!\w))" for i, form in enumerate(forms)) or "(?!)")

    @cached_property
    def _wrong(self) -> dict[str, Term]:
        return {form: term for term in self.terms for form in term.avoided}

    @cached_property
    def _avoided(self) -> re.Pattern[str]:
        forms = "|".join(re.escape(form) for form in sorted(self._wrong, key=len, reverse=True)) or "(?!)"
        return re.compile(rf"(?<![\w-])({forms})[\w'’]*")

    def terms_in(self, english: str) -> list[Term]:
        """Return the terms that an English text has, longest forms first, each once."""
        forms = sorted(self._by_form, key=len, reverse=True)
        matches = self._english.finditer(_key(words_only(english)))
        terms = [self._by_form[forms[int(str(match.lastgroup)[1:])]] for match in matches]
        return [term for term in dict.fromkeys(terms) if term]

    def without_english(self, turkish: str) -> str:
        """Return a Turkish text without the English terms that stand in parentheses."""

        def keep(parentheses: re.Match[str]) -> str:
            return "" if self._english.match(_key(parentheses[1])) else parentheses[0]

        return _PARENTHESES.sub(keep, turkish)

    def avoided_in(self, turkish: str) -> list[tuple[str, Term]]:
        """Return the avoided forms that a Turkish text has, each as it stands there, with its term."""
        text = self.without_english(words_only(turkish))
        hits: dict[str, Term] = {}
        for small in (lower(text), text.replace("İ", "i").lower()):  # the second for English words: Inference
            hits |= {
                text[match.start() : match.end()]: self._wrong[match[1]] for match in self._avoided.finditer(small)
            }
        return list(hits.items())


def read_glossary(text: str) -> Glossary:
    """Read the two tables of ``notebooks/GLOSSARY.md``.

    Args:
        text: Markdown; a table of terms has five columns, one of everyday phrases two.

    Raises:
        CourseError: a term's row has no English or no Turkish.
    """
    terms: list[Term] = []
    phrases: list[str] = []
    for row in _rows(text, "English", _COLUMNS["term"]):
        english, turkish, stems, avoided, _ = row
        if not english or not turkish or not stems:
            raise CourseError("authoring.glossary_row", file=FILE, row=" | ".join(row))
        alternatives = () if stems == UNCHECKED else tuple(_stem(item) for item in _items(stems))
        terms.append(Term(_items(english), turkish, alternatives, tuple(lower(item) for item in _items(avoided))))
    for phrase, _ in _rows(text, "English phrase", _COLUMNS["phrase"]):
        phrases.extend(_items(phrase))
    return Glossary(tuple(terms), tuple(phrases))


def load_glossary(tree: Tree) -> Glossary:
    """Read the glossary of a course; an empty one where it has none."""
    path = tree.root / FILE
    return read_glossary(path.read_text(encoding="utf-8")) if path.is_file() else Glossary()


def glossary_findings(glossary: Glossary, texts: list[TextPair]) -> list[Finding]:
    """Report Turkish that goes against the glossary.

    Args:
        glossary: the course's.
        texts: all that a reader sees.

    Returns:
        The findings, text by text.
    """
    findings = []
    for text in texts:
        english, turkish = text.translated()
        for hit, term in glossary.avoided_in(turkish):
            findings.append(found(text.file, "avoided", text.place, text.line, found=hit, expected=term.turkish))
        small = lower(words_only(turkish))
        for term in glossary.terms_in(english) if turkish else []:
            if not term.stands_in(small):
                values = {"english": term.english[0], "expected": term.turkish}
                findings.append(found(text.file, "term_missing", text.place, text.line, **values))
    return findings


def _rows(text: str, first: str, columns: int) -> list[list[str]]:
    """Return the rows of the tables whose first heading is ``first``."""
    rows: list[list[str]] = []
    inside = False
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[0] == first and len(cells) == columns:
            inside = True
        elif inside and not set(line) <= set("|- "):
            rows.append((cells + [""] * columns)[:columns])
    return rows


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(",") if item.strip())


def _stem(item: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word.split("/")) for word in lower(item).split())


def _key(form: str) -> str:
    return " ".join(form.lower().replace("-", " ").replace("–", " ").split())


def _inflected(form: str) -> str:
    words = form.split()
    last = re.escape(words[-1])
    last = rf"(?:{last[:-1]}ies|{last})" if last.endswith("y") else last
    return " ".join([*map(re.escape, words[:-1]), last]) + r"(?:e?s|['’]s|s['’])?"
