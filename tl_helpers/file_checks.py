"""Is a file the published one: size, hash, and for an archive without a published hash every entry's CRC."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath

from tl_helpers.download_faults import DownloadError
from tl_helpers.messages import number
from tl_helpers.registry import RemoteFile
from tl_helpers.sha256sums import digest_of

WEB_PAGE = (b"<!doctype html", b"<html")


def check_file(file: Path, remote: RemoteFile, stated: str = "") -> None:
    """Check a file that has arrived.

    Args:
        file: where it is.
        remote: what it should be.
        stated: the hash that the server itself states, ``md5:…`` or ""; it counts where none is published.

    Raises:
        DownloadError: it is something else; says what.
    """
    with file.open("rb") as stream:
        begins = stream.read(512)
    if begins.lstrip().lower().startswith(WEB_PAGE):
        raise DownloadError("downloads.web_page")
    size = file.stat().st_size
    if remote.size and size != remote.size:
        raise DownloadError("downloads.wrong_size", found=number(size), expected=number(remote.size))
    algorithm, _, digest = (remote.digest or stated).partition(":")
    if digest and digest_of(file, algorithm) != digest:
        raise DownloadError("downloads.wrong_hash", algorithm=algorithm)
    if not begins.startswith(remote.begins):
        raise DownloadError("downloads.wrong_kind")
    if remote.counts:
        _check_zip(file, remote)


def _check_zip(file: Path, remote: RemoteFile) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            broken = archive.testzip()
            names = [PurePosixPath(entry.filename) for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, NotImplementedError) as error:
        raise DownloadError("downloads.wrong_kind") from error
    if broken:
        raise DownloadError("downloads.wrong_crc", name=broken)
    found = Counter("/".join(path.parts[-3:-1]) for path in names if not path.name.startswith("."))
    for folder, count in remote.counts.items():
        if found[folder] != count:
            raise DownloadError(
                "downloads.wrong_count", folder=folder, found=number(found[folder]), expected=number(count)
            )
