"""Read code without running it: what a cell assigns, and which answers its marker lines announce."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import groupby

from tl_helpers.grading.tasks import TASKS

PARSED = 100_000  # characters of a cell; a longer one is searched line by line
MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*)$", re.MULTILINE)
TIMED = re.compile(r"^([ \t]*)%time[ \t]+", re.MULTILINE)
MARKER = re.compile(r"[ \t]*#+[ \t]*answer[ \t]*[:=-]?[ \t]*(.*)", re.IGNORECASE)
ANSWERS = {name: task.name for task in TASKS.values() for name in task.answers}


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, IPython's magics left out; None where it is no Python.

    Args:
        source: of the cell.
    """
    if len(source) > PARSED:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the student wrote
        for readable in (source, MAGIC.sub(r"\1pass", TIMED.sub(r"\1", source))):
            try:
                return ast.parse(readable)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


def assigned(source: str) -> set[str]:
    """Return the names that a cell assigns at its top level, functions and imports included.

    Args:
        source: of the cell. Where it is no Python, only names of answers are found, at the beginning of a line.
    """
    tree = parsed(source)
    if tree is None:
        lines = source.splitlines()
        return {name for name in ANSWERS for line in lines if name in line and _assigns(line, name)}
    return names_of(tree.body)


@lru_cache(maxsize=512)
def answered(source: str) -> frozenset[str]:
    """Return the names of answers that a cell assigns, None at the top level aside.

    Args:
        source: of the cell.
    """
    tree = parsed(source)
    if tree is None:
        return frozenset(assigned(source))
    return frozenset(names_of([each for each in tree.body if not is_open(each)]) & ANSWERS.keys())


def is_open(statement: ast.stmt) -> bool:
    """Return whether a statement assigns nothing but None."""
    if not isinstance(statement, ast.Assign):
        return False
    values = (isinstance(statement.value, ast.Tuple) and statement.value.elts) or [statement.value]
    return all(isinstance(value, ast.Constant) and value.value is None for value in values)


def names_of(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that statements assign, those inside of functions aside."""
    found = _Names()
    for statement in statements:
        with suppress(RecursionError):
            found.visit(statement)
    return found.names


def dumped(statements: Sequence[ast.stmt]) -> list[str]:
    """Return statements as texts that are equal where the statements are, however they are laid out."""
    texts = []
    for statement in statements:
        try:
            texts.append(ast.dump(statement))
        except RecursionError:
            texts.append("")
    return texts


def essence(source: str) -> str:
    """Return what two cells have in common that say the same: blanks and, in Python, comments do not count."""
    tree = parsed(source)
    return " ".join(source.split()) if tree is None else "\n".join(dumped(tree.body))


def marked(source: str) -> str:
    """Return the task that a cell's first marker line announces, ``"split"`` for ``# answer: split``, else ``""``."""
    return next((task for task in map(_marker, source.splitlines()) if task), "")


def parted(source: str) -> list[str]:
    """Part a cell into which several answers were merged, at its marker lines.

    Args:
        source: of the cell.

    Returns:
        One source a task that is announced; the cell itself where only one is, or where it cannot be parted.
    """
    lines = source.splitlines(keepends=True)
    tasks: list[str] = []
    for line in lines:
        tasks.append(_marker(line) or (tasks[-1] if tasks else ""))
    first = next((task for task in tasks if task), "")
    pairs = zip((task or first for task in tasks), lines, strict=True)
    parts = ["".join(line for _, line in group) for _, group in groupby(pairs, key=lambda pair: pair[0])]
    if len(parts) < 2 or (parsed(source) is not None and any(parsed(part) is None for part in parts)):
        return [source]
    return parts


class _Names(ast.NodeVisitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.names.add(node.id)

    def visit_alias(self, node: ast.alias) -> None:
        self.names.add(node.asname or node.name.split(".")[0])

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.names.add(node.name)

    def visit_Lambda(self, node: ast.Lambda | ast.comprehension) -> None:
        """Names inside are its own."""

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef  # noqa: N815
    visit_comprehension = visit_Lambda


def _assigns(line: str, name: str) -> bool:
    before, _, after = line.partition(name)
    target = re.fullmatch(r"[ \t]*(?:%time[ \t]+)?[(\[]?(?:\w+[ \t]*,[ \t]*)*", before[:200])
    return bool(target and re.match(r"(?:[ \t]*,[ \t]*\w+){0,20}[)\]]?[ \t]*(?::[^=]{0,80})?=(?!=)", after))


def _marker(line: str) -> str:
    found = MARKER.match(line.rstrip())
    said = re.sub(r"[\W_]+", "-", found[1][:80].casefold()).strip("-") if found else ""
    return next((task for task in TASKS if said == task or said.startswith(f"{task}-")), "")
