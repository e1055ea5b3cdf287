"""Bring one file from one address: how far it is on one line, and an end to servers that stall, drip or never stop."""

from __future__ import annotations

import errno
import os
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from tl_helpers.download_faults import DownloadError
from tl_helpers.messages import message, number
from tl_helpers.progress import ProgressLine, time_left

TIMEOUT_SECONDS = 20.0  # without a byte
PATIENCE_SECONDS = 60.0  # at less than the slowest rate
SLOWEST_BYTES_PER_SECOND = 1000
LARGEST_BYTES = 4_000_000_000  # of a file whose size nobody published
READ_AT_ONCE = 1 << 20  # bytes


def download(address: str, file: Path, size: int = 0, largest: int = 0, show_progress: bool = True) -> str:
    """Bring a file.

    Args:
        address: where it is, ``http://`` or ``https://``.
        file: where to write it; what is there is overwritten, and half a file may be left when this fails.
        size: in bytes, where it is known; a server that announces or sends another size is refused at once.
        largest: in bytes, where the size is not known.
        show_progress: show one line that says how far it is.

    Returns:
        The hash that the server itself states, as ``md5:…`` (Google's storage does), else "".

    Raises:
        DownloadError: too slow, another size, or a web page instead of a file.
        OSError: what requests raises for all else on the network; or the file cannot be written.
    """
    import pooch

    name = address.rsplit("/", maxsplit=1)[-1]
    with ProgressLine() as line:
        arrival = _Arrival(name, size, largest or LARGEST_BYTES, file.parent, line if show_progress else None)
        try:
            pooch.HTTPDownloader(
                progressbar=arrival,
                chunk_size=READ_AT_ONCE,
                timeout=TIMEOUT_SECONDS,
                headers={"Accept-Encoding": "identity"},
                hooks={"response": arrival.begin},
            )(address, str(file), None)
        finally:
            arrival.end()
        return arrival.stated_digest()


class _Arrival:
    """What pooch tells of a download (``total``, ``update``, ``reset``, ``close``), and what we refuse of it."""

    def __init__(self, name: str, size: int, largest: int, folder: Path, line: ProgressLine | None) -> None:
        self.name, self.size, self.largest, self.folder, self.line = name, size, largest, folder, line
        self.total = 0  # set by pooch, from what the server announces
        self.done = self.done_before = 0
        self.start = self.window_start = monotonic()
        self.response: Any = None

    def begin(self, response: Any, **_: object) -> None:
        """Refuse by its headers what cannot be the file; called for each response, redirects included."""
        self.end()
        self.response = response
        if response.status_code != 200:
            return
        if "text/html" in response.headers.get("Content-Type", "").lower():
            raise DownloadError("downloads.web_page")
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and "Content-Encoding" not in response.headers:
            self._check_size(int(announced), exactly=True)
        if shutil.disk_usage(self.folder).free < (self.size or int(announced or 0)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        response.raw.stream = self._arriving  # requests would wait for whole chunks, for hours where bytes drip

    def update(self, _: int) -> None:
        """Show how far it is; pooch gives the size of a whole chunk, so we count ourselves."""
        seconds = max(monotonic() - self.start, 1e-3)
        total = max(self.size or self.total, self.done)
        if self.line is None or not self.done:
            return
        shown = {"name": self.name, "done": _megabytes(self.done), "rate": _megabytes(self.done / seconds)}
        if not (self.size or self.total):
            self.line.show(message("downloads.progress_open", **shown))
        elif self.done < total:
            left = number(time_left(self.done, total, seconds))
            self.line.show(message("downloads.progress", total=_megabytes(total), left=left, **shown))
        else:
            self.line.show(message("downloads.done", seconds=number(seconds), **shown))

    def reset(self) -> None:
        """Do nothing: pooch fills its bar at the end."""

    def close(self) -> None:
        """Do nothing: the line ends with its ``with`` block."""

    def end(self) -> None:
        """Close the connection."""
        if self.response is not None:
            self.response.close()

    def stated_digest(self) -> str:
        """Return the md5 of the header ``x-goog-hash``, else ""."""
        for part in self.response.headers.get("x-goog-hash", "").split(","):
            kind, _, value = part.strip().partition("=")
            with suppress(ValueError):
                if kind == "md5":
                    return f"md5:{b64decode(value, validate=True).hex()}"
        return ""

    def _arriving(self, amount: int, decode_content: bool = True) -> Iterator[bytes]:
        raw = self.response.raw
        read, amount = (raw.read1, amount) if hasattr(raw, "read1") else (raw.read, 1024)  # urllib3 before 2.1
        while data := read(amount, decode_content=decode_content):
            self.done += len(data)
            self._check_size(self.done, exactly=False)
            self._check_rate()
            yield data

    def _check_size(self, found: int, exactly: bool) -> None:
        most = self.size or self.largest
        if found > most or (exactly and self.size and found != self.size):
            raise DownloadError("downloads.wrong_size", found=number(found), expected=number(most))

    def _check_rate(self) -> None:
        seconds = monotonic() - self.window_start
        if seconds < PATIENCE_SECONDS:
            return
        if self.done - self.done_before < SLOWEST_BYTES_PER_SECOND * seconds:
            raise DownloadError("downloads.too_slow", seconds=number(seconds))
        self.window_start, self.done_before = monotonic(), self.done


def _megabytes(count: float) -> str:
    return number(count / 1e6, 1)
