"""What can go wrong on the way from a server to the disk, said in one sentence that also says what to do."""

from __future__ import annotations

import errno
from pathlib import Path

from tl_helpers.editions import SourceError
from tl_helpers.messages import CourseError, message

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class DownloadError(CourseError):
    """What an address gave is not the file that was asked for; the next address may do better."""


def is_fault(error: Exception) -> bool:
    """Say whether the fault is the address's, so that another one may do better, and not this machine's disk."""
    import requests
    import urllib3

    network = (requests.RequestException, urllib3.exceptions.HTTPError, ConnectionError, TimeoutError)
    return isinstance(error, network) or (isinstance(error, ValueError) and not isinstance(error, SourceError))


def disk_error(error: OSError, folder: Path) -> SourceError:
    """Say what to do where a folder cannot be written to: no address would help.

    Args:
        error: what writing raised.
        folder: where to.
    """
    if error.errno in NO_ROOM:
        return SourceError("downloads.disk_full", folder=folder)
    return SourceError("downloads.no_folder", folder=folder, reason=error.strerror or error)


def explain(error: Exception) -> str:
    """Say in the reader's language why an address did not give the file, and what to do.

    Args:
        error: what ``download`` or a check raised.
    """
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        status = error.response.status_code
        return message(
            f"downloads.{_ANSWERS.get(status, 'refused' if status < 500 else 'server_error')}", status=status
        )
    if isinstance(error, requests.exceptions.SSLError):
        return message(f"downloads.{_certificate_fault(str(error))}")
    for kinds, key in (
        (requests.TooManyRedirects, "redirects"),
        (requests.exceptions.ProxyError, "proxy"),
        ((requests.Timeout, TimeoutError), "stalled"),
        ((requests.exceptions.ChunkedEncodingError, ConnectionResetError), "cut"),
        ((requests.ConnectionError, ConnectionError), _connection_fault(str(error))),
    ):
        if isinstance(error, kinds):
            return message(f"downloads.{key}")
    return str(error)[:200]


_ANSWERS = {401: "forbidden", 403: "forbidden", 404: "gone", 407: "proxy", 410: "gone", 429: "busy", 503: "busy"}


def _certificate_fault(text: str) -> str:
    if "not yet valid" in text:
        return "clock"
    return "expired" if "expired" in text else "certificate"


def _connection_fault(text: str) -> str:
    """Tell a server that falls silent or hangs up from one that cannot be reached, by what urllib3 says."""
    if "Read timed out" in text:
        return "stalled"
    return "cut" if "Connection aborted" in text or "Connection broken" in text else "no_network"
