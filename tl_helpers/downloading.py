"""Fetch a published file: from the school's mirror or its official addresses, checked, kept in the data folder."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from tl_helpers.download_faults import DownloadError, disk_error, explain, is_fault
from tl_helpers.editions import SourceError
from tl_helpers.file_checks import check_file
from tl_helpers.http_download import download
from tl_helpers.messages import message
from tl_helpers.mirror import on_mirror
from tl_helpers.registry import RemoteFile, remote_file
from tl_helpers.settings import data_home, mirror_setting
from tl_helpers.sha256sums import changed_files, digest_of, part_in, sums_of, write_sums

ABANDONED_AFTER = 24 * 3600  # seconds after which nobody goes on with half a download


def downloads_folder() -> Path:
    """Return the folder that keeps downloaded files, under ``TL_DATA_HOME``."""
    return data_home() / "downloads"


def fetch(name: str) -> Path:
    """Fetch a published file, unless it is here already.

    It is asked of the mirror (``TL_MIRROR``) first, then of its official addresses. Nobody ever sees half a file, and
    one that is no longer what it was is fetched again.

    Args:
        name: in the registry, such as ``"flower_photos.tgz"``.

    Returns:
        The file, whole and checked, in the data folder's ``downloads``.

    Raises:
        SourceError: no address gave it, or it cannot be written; says why and what to do.
        CourseError: the course takes no such file, or ``TL_MIRROR`` is no address.
    """
    return fetch_first((name,))


def fetch_first(names: Sequence[str], folder: Path | None = None) -> Path:
    """Fetch the first that can be had of files that serve equally well.

    Args:
        names: in the registry, in order of preference; but what a mirror has comes before what must cross the internet.
        folder: where to keep it; the data folder's ``downloads`` where not given.

    Returns:
        As ``fetch``.

    Raises:
        SourceError: as ``fetch``.
    """
    wanted, folder = [remote_file(name) for name in names], folder or downloads_folder()
    mirror = mirror_setting()
    for remote in wanted:
        if _is_here(folder / remote.name, remote):
            return folder / remote.name
    offers = _offers(wanted, mirror)
    reasons: dict[str, str] = {}
    for i, (address, remote) in enumerate(offers):
        try:
            return _bring(on_mirror(remote, mirror) if mirror and address.startswith(mirror) else remote, folder)
        except Exception as error:
            if isinstance(error, OSError) and not is_fault(error):
                raise disk_error(error, folder) from error
            if not is_fault(error):
                raise
            reasons[address] = explain(error)
            if i + 1 < len(offers):
                print(message("downloads.next_address", address=urlsplit(address).netloc, reason=reasons[address]))
    listed = "; ".join(f"{urlsplit(address).netloc}: {reason}" for address, reason in reasons.items())
    raise SourceError("downloads.failed", name=names[0], reasons=listed)


def remove_abandoned(folder: Path) -> None:
    """Remove what a lesson that was killed left half done: a file, or a folder with what it had unpacked.

    Args:
        folder: where it lies.
    """
    for part in folder.glob(".*.part"):
        with suppress(OSError):  # gone: another lesson has just finished it
            if time.time() - part.stat().st_mtime > ABANDONED_AFTER:
                shutil.rmtree(part) if part.is_dir() else part.unlink()


def _offers(wanted: Sequence[RemoteFile], mirror: str | None) -> list[tuple[str, RemoteFile]]:
    """List the addresses that may have a file, in the order in which they are asked, and what each should give."""
    first = [(f"{mirror}/{remote.name}", remote) for remote in wanted if mirror]
    return first + [
        (address, replace(remote, addresses=(address,))) for remote in wanted for address in remote.addresses
    ]


def _bring(remote: RemoteFile, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    remove_abandoned(folder)
    file, part = folder / remote.name, part_in(folder)
    try:
        stated = download(remote.addresses[0], part, remote.size)
        check_file(part, remote, stated)
        write_sums(sums_of(file), {file.name: digest_of(part)})
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
    return file


def _is_here(file: Path, remote: RemoteFile) -> bool:
    """Say whether a file was fetched before and is still as it was then."""
    if not file.is_file():
        return False
    with suppress(OSError):
        changed = changed_files(file)
        try:
            if changed is None:  # somebody put it there: it must be the published one
                check_file(file, remote)
            if not changed:
                return True
        except DownloadError:
            pass
    print(message("downloads.damaged", name=file.name, folder=file.parent))
    return False
