"""Code as a sequence of tokens that stays the same when variables, comments, spacing or quotes change."""

from __future__ import annotations

import builtins
import keyword
import re
import tokenize
import warnings
from collections.abc import Collection, Iterator
from io import StringIO

LONGEST = 20_000  # characters of a source that are read
LONGEST_LINE = 500  # for Python's tokenizer, which takes very long over some lines
_ASIDE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
_TEXTS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
_PIECE = re.compile(r"#.*|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|\w+|[^\w\s]")  # where Python cannot read it
_NAME = re.compile(r"[^\W\d]\w*")
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+\S+[ \t]+)?import[ \t]+([\w, ]+)", re.MULTILINE)
Token = tuple[str, bool]  # and whether it is a word within a text


def tokens(source: str, api: Collection[str]) -> list[str]:
    """Return the tokens of some code: comments, line ends and indents left out, texts as their words, names as "v".

    Attributes, keyword arguments, Python's own names and those of ``api`` stay.

    Args:
        source: code, also such as Python cannot read; at most its first ``LONGEST`` characters are read.
        api: names that stay.
    """
    kept = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | frozenset(api)
    listed = _read(source[:LONGEST])
    found, depth = [], 0
    for place, (token, is_word) in enumerate(listed):
        depth += (token in "([{") - (token in ")]}") if not is_word else 0
        before = listed[place - 1][0] if place else ""
        after = listed[place + 1][0] if place + 1 < len(listed) else ""
        is_argument = depth > 0 and after == "=" and before in ("(", ",")
        stays = is_word or before == "." or is_argument or token in kept or not _NAME.fullmatch(token)
        found.append(token if stays else "v")
    return found


def imported(sources: Collection[str]) -> set[str]:
    """Return the names that code imports, as they are called in it.

    Args:
        sources: pieces of code.
    """
    lists = (names for source in sources for names in _IMPORT.findall(source[:LONGEST]))
    return {each.split()[-1] for names in lists for each in names.split(",") if each.split()}


def _read(source: str) -> list[Token]:
    if max(map(len, source.splitlines()), default=0) > LONGEST_LINE:
        return _by_pattern(source)
    try:
        with warnings.catch_warnings():  # Python's opinion of a student's literals
            warnings.simplefilter("ignore")
            return list(_by_python(source))
    except (SyntaxError, tokenize.TokenError, ValueError):
        return _by_pattern(source)


def _by_python(source: str) -> Iterator[Token]:
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type in _TEXTS:
            yield from ((word, True) for word in _words(token.string))
        elif token.type not in _ASIDE and token.string.strip() and not _is_mark(token.type):
            yield token.string, False


def _by_pattern(source: str) -> list[Token]:
    return [token for piece in _PIECE.findall(source) for token in _plain(piece)]


def _plain(piece: str) -> list[Token]:
    if piece.startswith("#"):
        return []
    return [(word, True) for word in _words(piece)] if piece[0] in "\"'" else [(piece, False)]


def _words(text: str) -> list[str]:
    """Return the words of a text literal, without its prefix and quotes."""
    return re.findall(r"\w+", re.sub(r"^[A-Za-z]{0,2}(?=[\"'])", "", text))


def _is_mark(kind: int) -> bool:
    return tokenize.tok_name[kind] in ("FSTRING_START", "FSTRING_END")
