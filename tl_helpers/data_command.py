"""``python -m tl_helpers.pictures``: list, check and clear what is kept, and make a mirror."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tl_helpers.kept_data import Kept, damaged_files, kept_data, remove
from tl_helpers.messages import CourseError, message, number, set_language
from tl_helpers.mirror_folder import make_mirror
from tl_helpers.registry import FILES
from tl_helpers.settings import data_home
from tl_helpers.sha256sums import MANIFEST

DAMAGED, WRONG_USE, INTERRUPTED = 1, 2, 130
NAMES_SHOWN = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Look after the data folder.

    Args:
        arguments: the command line without the program's name; the process's own where it is None.

    Returns:
        The exit code: 0; 1 where something is damaged or could not be fetched; 2 for a wrong name or setting; 130 after
        Ctrl-C.
    """
    try:
        set_language(os.environ.get("TL_LANGUAGE", "").strip() or "en")
        options = _parser().parse_args(arguments)
        if options.mirror:
            return mirror_command(options.mirror)
        if options.clear is not None:
            return clear_command(options.clear)
        return verify_command() if options.verify else list_command()
    except CourseError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("\n" + message("data_command.interrupted"), file=sys.stderr)
        return INTERRUPTED


def list_command() -> int:
    """Say what is kept, where, and how large it is."""
    found = kept_data()
    print(message("data_command.where" if found else "data_command.nothing", folder=data_home()))
    for kept in found:
        kind = message(f"data_command.kind_{kept.kind}")
        print(f"{_megabytes(kept.size):>12}  {kept.name} ({kind})")
    if found:
        print(message("data_command.total", size=_megabytes(sum(kept.size for kept in found))))
    return 0


def clear_command(name: str) -> int:
    """Remove what is kept under a name, or all of it; never what the reader put there."""
    found = kept_data()
    chosen = [kept for kept in found if name in ("", kept.name)]
    if name and not chosen:
        names = ", ".join(kept.name for kept in found) or "—"
        raise CourseError("data_command.unknown", found=name, expected=names)
    if not chosen:
        print(message("data_command.nothing", folder=data_home()))
    for kept in chosen:
        if kept.kind == "own":
            print(message("data_command.own_stays", name=kept.name))
            continue
        size = _megabytes(kept.size)
        remove(kept)
        print(message("data_command.cleared", name=kept.name, size=size))
    return 0


def verify_command() -> int:
    """Check every file that is kept; change nothing."""
    found = kept_data()
    if not found:
        print(message("data_command.nothing", folder=data_home()))
    damaged = [kept.name for kept in found if not _report(kept)]
    if damaged:
        commands = "\n".join(f"  python -m tl_helpers.pictures --clear {name}" for name in damaged)
        print(message("data_command.repair") + "\n" + commands)
    return DAMAGED if damaged else 0


def mirror_command(folder: Path) -> int:
    """Fetch every published file into a folder for a school's server."""
    failed = make_mirror(folder)
    for error in failed.values():
        print(error)
    count = len(FILES) - len(failed)
    print(message("data_command.mirrored", count=count, of=len(FILES), folder=folder, manifest=MANIFEST))
    return DAMAGED if failed else 0


def _report(kept: Kept) -> bool:
    damaged = damaged_files(kept)
    if damaged is None:
        print(message("data_command.not_checked", name=kept.name, kind=message(f"data_command.kind_{kept.kind}")))
    elif damaged:
        names = ", ".join(damaged[:NAMES_SHOWN]) + (" …" if len(damaged) > NAMES_SHOWN else "")
        shown = {"damaged": number(len(damaged)), "count": number(len(kept.files)), "files": names}
        print(message("data_command.damaged", name=kept.name, **shown))
    else:
        print(message("data_command.whole", name=kept.name, count=number(len(kept.files))))
    return not damaged


def _megabytes(size: int) -> str:
    return f"{number(size / 1e6, 1)} MB"


def _parser() -> argparse.ArgumentParser:
    description = message("data_command.description", folder=data_home())
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.pictures", description=description)
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("--list", action="store_true", help=message("data_command.help_list"))
    one.add_argument("--verify", action="store_true", help=message("data_command.help_verify"))
    one.add_argument("--clear", nargs="?", const="", metavar="NAME", help=message("data_command.help_clear"))
    one.add_argument("--mirror", type=Path, metavar="FOLDER", help=message("data_command.help_mirror"))
    return parser
