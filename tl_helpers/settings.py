"""Settings: what the environment variables ``TL_*`` say, checked, and where things lie."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tl_helpers.messages import CourseError

EDITIONS = ("mini", "full")


def in_colab() -> bool:
    """Say whether this Python runs in Google Colab."""
    return "google.colab" in sys.modules


def requested_edition() -> str:
    """Return the edition that ``TL_EDITION`` asks for; full in Colab and mini elsewhere where it is not set.

    Returns:
        ``"mini"`` or ``"full"``.

    Raises:
        CourseError: ``TL_EDITION`` is neither.
    """
    asked = os.environ.get("TL_EDITION", "").strip().casefold()
    if not asked:
        return "full" if in_colab() else "mini"
    if asked not in EDITIONS:
        raise CourseError("settings.edition", found=asked, expected=", ".join(EDITIONS))
    return asked


def folder_setting(name: str) -> Path | None:
    """Return the folder that the environment variable ``name`` names, or None where it is not set.

    Raises:
        CourseError: it names something that is not a folder.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise CourseError("settings.folder", setting=name, found=str(folder))
    return folder


def mirror_setting() -> str | None:
    """Return the address of the school's own server that ``TL_MIRROR`` names, or None where it is not set.

    Raises:
        CourseError: it is no address of a folder on a server.
    """
    value = os.environ.get("TL_MIRROR", "").strip().rstrip("/")
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise CourseError("settings.mirror", found=value)
    return value


def data_home() -> Path:
    """Return the folder that keeps downloads and drawn pictures: ``TL_DATA_HOME``, else ``~/.cache/tl_helpers``."""
    value = os.environ.get("TL_DATA_HOME", "").strip()
    return Path(value).expanduser() if value else Path.home() / ".cache" / "tl_helpers"


def asset(relative: str) -> Path:
    """Return the path of a file under ``assets/``, in an installed package as in a clone of the repository."""
    package = Path(__file__).resolve().parent
    installed = package / "assets" / relative
    return installed if installed.exists() else package.parent / "assets" / relative
