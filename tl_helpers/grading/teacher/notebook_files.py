"""Read a notebook file that may be anything: what can be saved of it is, and nothing that lies in it raises."""

from __future__ import annotations

import json
import logging
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from tl_helpers.grading.teacher.folders import shown
from tl_helpers.grading.teacher.results import Note

LIMIT = 100 * 2**20  # bytes of a file
CODE_LIMIT = 2_000_000  # characters of all code
SAVED = 2_000  # characters of a cell's saved outputs
KINDS = ((b"%PDF", "pdf"), (b"PK\x03\x04", "archive"), (b"<", "web_page"), (b"{", "broken"), (b"[", "broken"))


class Unreadable(Exception):  # noqa: N818
    """A file is no notebook; ``note`` says what it is.

    Args:
        message: key of ``texts.say``, without its section.
        **values: of its placeholders.
    """

    def __init__(self, message: str, **values: Any) -> None:
        self.note = Note(f"reading.{message}", values, human=True)
        super().__init__(message)


@dataclass(frozen=True)
class FileCell:
    """A cell as it lies in the file: ``"code"`` or another kind, its source, names that it may go by, saved text."""

    kind: str
    source: str
    labels: tuple[str, ...] = ()
    saved: str = ""


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook file, the language that its metadata say, and how many cells cannot be read."""

    cells: tuple[FileCell, ...]
    language: str
    damaged: int = 0


def read_bytes(path: Path) -> bytes:
    """Return what is in a regular file; no link is followed, no pipe or device is waited for.

    Args:
        path: of the file.

    Raises:
        Unreadable: it is something else, empty, too large or cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("special", found=shown(path.name))
            data = file.read(LIMIT + 1) if status.st_size <= LIMIT else b""
    except OSError as error:
        raise Unreadable("unreadable", found=shown(path.name), reason=error.strerror or str(error)) from error
    if status.st_size > LIMIT or len(data) > LIMIT:
        raise Unreadable("too_large", found=max(status.st_size, len(data)) // 2**20, limit=LIMIT // 2**20)
    if not data.strip():
        raise Unreadable("nothing")
    return data


def parse_notebook(data: bytes) -> Notebook:
    """Return the notebook that bytes hold: any nbformat, any Unicode encoding, damaged as long as cells are left.

    Args:
        data: of the file.

    Raises:
        Unreadable: there is no notebook in it.
    """
    try:
        raw = _upgraded(_json(data))
    except RecursionError:
        raise Unreadable("nested") from None
    cells = raw.get("cells") if isinstance(raw, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("other_json")
    read = tuple(_cell(cell) for cell in cells if isinstance(cell, dict))
    code = sum(len(cell.source) for cell in read if cell.kind == "code")
    if code > CODE_LIMIT:
        raise Unreadable("too_much_code", found=code, limit=CODE_LIMIT)
    language = _text(_inside(raw, "metadata", "tl_helpers", "language"))
    return Notebook(read, language, sum(not isinstance(cell, dict) for cell in cells))


def _json(data: bytes) -> Any:
    try:
        text = data.decode(json.detect_encoding(data), "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("cp1254", "replace")  # what editors on a Turkish Windows write
    try:
        return json.loads(text, parse_int=_integer)
    except ValueError as error:
        start = text.lstrip("\ufeff \t\r\n")[:20].encode("utf-8", "replace")
        kind = next((kind for magic, kind in KINDS if start.startswith(magic)), "other_file")
        place = getattr(error, "lineno", 1)
        raise Unreadable(kind, **({"line": place} if kind == "broken" else {})) from None


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 100 else 0


def _upgraded(raw: Any) -> Any:
    """Return notebooks of nbformat 1 to 3 as nbformat 4."""
    if not isinstance(raw, dict) or ("worksheets" not in raw and raw.get("nbformat") not in (1, 2)):
        return raw
    text = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, **raw})
    try:
        with _silent():
            return nbformat.reads(text, as_version=4)
    except RecursionError:
        raise
    except Exception:  # nbformat expects a valid one, and may trip over anything
        raise Unreadable("other_json") from None


@contextmanager
def _silent() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _cell(cell: dict[str, Any]) -> FileCell:
    kind = _text(cell.get("cell_type")).lower()
    if kind not in ("markdown", "raw"):
        kind = "code" if kind == "code" or "outputs" in cell or "execution_count" in cell else "unknown"
    labels = (_text(_inside(cell, "metadata", "nbgrader", "grade_id")), _text(cell.get("id")))
    return FileCell(kind, _lines(cell.get("source")), tuple(label for label in labels if label), _saved(cell))


def _saved(cell: dict[str, Any]) -> str:
    outputs = cell.get("outputs")
    texts = []
    for output in outputs if isinstance(outputs, list) else []:
        if isinstance(output, dict):
            texts.append(_lines(output.get("text")) or _lines(_inside(output, "data", "text/plain")))
    return "\n".join(text.rstrip("\n") for text in texts if text)[:SAVED]


def _lines(value: Any) -> str:
    """Return a text, or a list of lines, as clean text; "" for anything else."""
    if isinstance(value, list):
        lines = [line for line in value if isinstance(line, str)]
        value = ("" if any(line.endswith("\n") for line in lines) else "\n").join(lines)
    return _text(value).replace("\r\n", "\n").replace("\r", "\n")


def _text(value: Any) -> str:
    """Return a text without what cannot be written to a file; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _inside(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
