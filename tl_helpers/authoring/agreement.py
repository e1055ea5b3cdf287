"""What must be the same in a cell and its translation: headings, links, numbers, formulas and code."""

import re
from collections import Counter

_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1`*~*\s*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\\w$])\$(?![\s$])([^$]+?)(?<![\s\\])\$(?!\d)", re.DOTALL)
_TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_ADDRESS = re.compile(r"https?://[^\s<>)\"'\]]+")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_HEADING = re.compile(r"^(#{1,6})\s", re.MULTILINE)
_WORDING = re.compile(r"\\(?:text|mathrm|operatorname)\{[^}]*\}")
_NUMBER = re.compile(r"(?<!\w)([-−](?=\d))?(?<![.,]\d)(\d+(?:[.,]\d+)*)")
_PERCENT = re.compile(r"%|\b(?:percent|per cent|yüzde)\b", re.IGNORECASE)
_VERSION = re.compile(r"\d+(?:\.\d+){2,}")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def facts(text: str, language: str) -> dict[str, Counter[str]]:
    """Return what a markdown cell must share with its sibling.

    Args:
        text: the cell's markdown.
        language: ``"en"`` or ``"tr"``, which decides how numbers are read.

    Returns:
        For each of ``headings``, ``code``, ``formulas``, ``links`` and ``numbers``, how often each item occurs.
    """
    text, code = _take_code(text)
    text, formulas = _take_formulas(text, language)
    headings = [f"{index}. {level}" for index, level in enumerate(_HEADING.findall(text), start=1)]
    text, links = _take_links(text)
    every = {"headings": headings, "code": code, "formulas": formulas, "links": links}
    return {kind: Counter(items) for kind, items in every.items()} | {"numbers": Counter(numbers(text, language))}


def numbers(text: str, language: str) -> list[str]:
    """Return a text's numbers as both languages would share them, and a ``%`` for each percentage.

    Example:
        >>> numbers("94.5 % of 2,257,984", "en")
        ['94.5', '2257984', '%']
        >>> numbers("2.257.984 içinde %94,5", "tr")
        ['2257984', '94.5', '%']
    """
    found = [sign.replace("−", "-") + one for sign, digits in _NUMBER.findall(text) for one in _read(digits, language)]
    return found + ["%"] * len(_PERCENT.findall(text))


def differences(english: str, turkish: str) -> dict[str, tuple[str, str]]:
    """Return what a cell and its translation do not share.

    Returns:
        For each kind of fact that differs, what only the English has and what only the Turkish has.
    """
    ours, theirs = facts(english, "en"), facts(turkish, "tr")
    return {
        kind: (_list(ours[kind] - theirs[kind]), _list(theirs[kind] - ours[kind]))
        for kind in ours
        if ours[kind] != theirs[kind]
    }


def prose(text: str) -> str:
    """Return a cell's markdown without code, formulas, addresses and tags."""
    return _take_links(_take_formulas(_take_code(text)[0], "en")[0])[0]


def _list(items: Counter[str]) -> str:
    return ", ".join(sorted(items.elements())) or "–"


def _take_code(text: str) -> tuple[str, list[str]]:
    blocks = [match[2].rstrip() for match in _FENCE.finditer(text)]
    text = _FENCE.sub(" ", text)
    spans = [" ".join(match[2].split()) for match in _SPAN.finditer(text)]
    return _SPAN.sub(" ", text), blocks + spans


def _take_formulas(text: str, language: str) -> tuple[str, list[str]]:
    formulas = ["".join(_WORDING.sub(r"\\text", match[1] or match[2]).split()) for match in _FORMULA.finditer(text)]
    if language == "tr":
        formulas = [formula.replace("{,}", ".") for formula in formulas]
    return _FORMULA.sub(" ", text), formulas


def _take_links(text: str) -> tuple[str, list[str]]:
    targets = _TARGET.findall(text)
    text = _TARGET.sub("] ", text)
    links = targets + _ADDRESS.findall(text)
    text = _TAG.sub(" ", _ADDRESS.sub(" ", text))
    return text, [_without_language(link.rstrip(".,;:")) for link in links]


def _without_language(link: str) -> str:
    link = re.sub(r"(^|/)(?:en|tr)/(?=[^/]+\.ipynb)", r"\1<language>/", link)
    return re.sub(r"README\.tr\.md", "README.md", link)


def _read(digits: str, language: str) -> list[str]:
    """Return the numbers that a run of digits, points and commas stands for, written with a decimal point."""
    if language == "tr" and not _GROUPED.fullmatch(digits.replace(".", ",")) and _VERSION.fullmatch(digits):
        return [digits]
    if language == "tr":
        digits = digits.translate(str.maketrans(",.", ".,"))
    if _GROUPED.fullmatch(digits):
        return [digits.replace(",", "")]
    return digits.split(",")
