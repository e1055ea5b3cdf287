"""Write text files whole or not at all, and replace what stands between two marks."""

import os
import tempfile
from pathlib import Path


def write_text(path: Path, text: str) -> bool:
    """Write a file in one step, so that nobody sees half of it.

    Returns:
        Whether its content changed.
    """
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return True


def replace_between(text: str, begin: str, end: str, new: str) -> str | None:
    """Return a text with what stands between two marks replaced, or None where it has not both marks.

    Args:
        text: Markdown.
        begin: mark on a line of its own.
        end: mark after it.
        new: comes on lines of its own between them.
    """
    before, found_begin, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    return f"{before}{begin}\n{new}\n{end}{after}" if found_begin and found_end else None
