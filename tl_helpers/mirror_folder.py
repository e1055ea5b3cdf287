"""Make a folder that a school can put on its own server, for ``TL_MIRROR``."""

from __future__ import annotations

from pathlib import Path

from tl_helpers.downloading import fetch_first
from tl_helpers.editions import SourceError
from tl_helpers.registry import FILES
from tl_helpers.sha256sums import MANIFEST, digest_of, parse_sums, sums_of, write_sums


def make_mirror(folder: Path) -> dict[str, SourceError]:
    """Fetch every published file into a folder, and list their hashes in ``SHA256SUMS``.

    A file that the list names already, and that is as it says, is not fetched: own, smaller archives stay.

    Args:
        folder: is made where it does not exist.

    Returns:
        Name of each file that could not be had → why.
    """
    manifest = folder / MANIFEST
    sums = parse_sums(manifest.read_text(encoding="utf-8-sig")) if manifest.is_file() else {}
    failed: dict[str, SourceError] = {}
    for name in FILES:
        file = folder / name
        if name in sums and file.is_file() and digest_of(file) == sums[name]:
            continue
        try:
            sums[name] = digest_of(fetch_first((name,), folder))
            sums_of(file).unlink(missing_ok=True)
            write_sums(manifest, sums)
        except SourceError as error:
            sums.pop(name, None)
            failed[name] = error
    return failed
