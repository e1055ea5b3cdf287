"""Lists of hashes as the command ``sha256sum`` writes and checks them, and what differs from such a list."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

MANIFEST = "SHA256SUMS"
_LINE = re.compile(r"^([0-9a-fA-F]{64}) [ *](?:\./)?(.+?)\s*$", re.MULTILINE)


def digest_of(file: Path, algorithm: str = "sha256") -> str:
    """Return a file's hash in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def parse_sums(text: str) -> dict[str, str]:
    """Read what ``sha256sum *`` writes.

    Returns:
        Name of a file → its hash; empty where the text is something else.

    Example:
        >>> parse_sums("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty.txt")["empty.txt"][:8]
        'e3b0c442'
    """
    return {name: digest.lower() for digest, name in _LINE.findall(text)}


def write_sums(file: Path, sums: Mapping[str, str]) -> None:
    """Write a list of hashes, all of it or nothing.

    Args:
        file: the list.
        sums: name of a file → its hash.
    """
    part = part_in(file.parent)
    try:
        part.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())), encoding="utf-8")
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def part_in(folder: Path) -> Path:
    """Return a name in a folder for what is not whole yet; nobody else has it."""
    return folder / f".{uuid4().hex}.part"


def sums_of(kept: Path) -> Path:
    """Return where the list of hashes of a file or folder lies: beside it."""
    return kept.with_name(f"{kept.name}.sha256")


def changed_files(kept: Path) -> list[str] | None:
    """Check a file, or every file of a folder, against the list of hashes beside it.

    Returns:
        Names of those that are missing or not as they were, from the parent folder; None where there is no list.
    """
    try:
        sums = parse_sums(sums_of(kept).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda name: _digest_or_none(kept.parent / name), sums)
    return [name for (name, digest), now in zip(sums.items(), found, strict=True) if now != digest] if sums else None


def folder_sums(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    """Hash files of a folder, as ``write_sums`` takes them: names from the folder's parent."""
    return {file.relative_to(folder.parent).as_posix(): digest_of(file) for file in files}


def _digest_or_none(file: Path) -> str | None:
    with suppress(OSError):
        return digest_of(file)
    return None
