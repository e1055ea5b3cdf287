"""A school's own server (``TL_MIRROR``): it has the files under their own names, and a list of their hashes."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from tl_helpers.download_faults import DownloadError, explain, is_fault
from tl_helpers.http_download import download
from tl_helpers.registry import RemoteFile
from tl_helpers.sha256sums import MANIFEST, parse_sums

LARGEST_MANIFEST = 1_000_000  # bytes


def on_mirror(remote: RemoteFile, mirror: str) -> RemoteFile:
    """Return a file as a mirror has it: trusted by the mirror's own list of hashes, and by nothing else.

    Args:
        remote: as it is published.
        mirror: address of a folder with the files and ``SHA256SUMS``, as ``sha256sum * > SHA256SUMS`` writes it.

    Raises:
        DownloadError: the mirror has no such list, or the list does not name the file.
    """
    sums = _manifest(mirror)
    if remote.name not in sums:
        raise DownloadError("downloads.mirror_lacks", manifest=MANIFEST, name=remote.name)
    digest = f"sha256:{sums[remote.name]}"
    return replace(remote, addresses=(f"{mirror}/{remote.name}",), size=0, digest=digest, begins=b"", counts={})


def _manifest(mirror: str) -> dict[str, str]:
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / MANIFEST
            download(f"{mirror}/{MANIFEST}", file, largest=LARGEST_MANIFEST, show_progress=False)
            sums = parse_sums(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        if not is_fault(error):
            raise
        raise DownloadError("downloads.mirror_no_list", manifest=MANIFEST, reason=explain(error)) from error
    if not sums:
        raise DownloadError("downloads.mirror_bad_list", manifest=MANIFEST)
    return sums
