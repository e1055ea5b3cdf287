"""Commands of ``python -m tl_helpers.authoring``: build, check, stamp, spell, run, drill."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tl_helpers.authoring.build import build
from tl_helpers.authoring.check import check
from tl_helpers.authoring.drill.command import add_arguments, drill_command
from tl_helpers.authoring.run import run_course
from tl_helpers.authoring.spelling import DICTIONARIES, spelling_findings
from tl_helpers.authoring.texts import write_text
from tl_helpers.authoring.translation import stamp_source
from tl_helpers.authoring.tree import Finding, Tree
from tl_helpers.authoring.wording import text_pairs
from tl_helpers.messages import CourseError, language, message, set_language

ROOT = Path(__file__).resolve().parents[2]
FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: the command line without the program's name; the process's own where it is None.

    Returns:
        The exit code: 0, 1 where something is wrong, 2 for a wrong lesson or setting, 130 after Ctrl-C.
    """
    try:
        set_language(os.environ.get("TL_LANGUAGE", "").strip() or "en")
        options = _parser().parse_args(arguments)
        return _COMMANDS[options.command](options)
    except CourseError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("\n" + message("run.interrupted"), file=sys.stderr)
        return INTERRUPTED


def build_command(options: argparse.Namespace) -> int:
    """Build lessons and report what stopped them."""
    tree = Tree(options.root)
    return _tell(build(tree, tree.selected(options.lesson)))


def check_command(options: argparse.Namespace) -> int:
    """Check what is committed and report what is wrong."""
    tree = Tree(options.root)
    code = _tell(check(tree, tree.selected(options.lesson)))
    if not code:
        print(message("authoring.all_right"))
    return code


def stamp_command(options: argparse.Namespace) -> int:
    """Stamp one lesson's Turkish cells after a review."""
    if not options.lesson.strip():
        raise CourseError("authoring.stamp_which")
    tree = Tree(options.root)
    path = tree.source(tree.course.lesson(options.lesson))
    if not path.is_file():
        raise CourseError("authoring.no_source", lesson=options.lesson)
    text, stamped = stamp_source(path.read_bytes().decode("utf-8"))
    write_text(path, text)
    cells = ", ".join(stamped) or "–"
    print(message("authoring.stamped" if stamped else "authoring.nothing_to_stamp", file=tree.name(path), cells=cells))
    return 0


def spell_command(options: argparse.Namespace) -> int:
    """Check the spelling of what a reader sees, in both languages."""
    tree = Tree(options.root)
    texts = text_pairs(tree, tree.selected(options.lesson))
    code = _tell([finding for code in DICTIONARIES for finding in spelling_findings(tree, texts, code)])
    if not code:
        print(message("authoring.spelling_right"))
    return code


def run_command(options: argparse.Namespace) -> int:
    """Run lessons in the language and edition of the settings."""
    tree = Tree(options.root)
    reports = run_course(tree, tree.selected(options.lesson), options.out, language())
    return FAILED if any(report.error for report in reports) else 0


_COMMANDS = {
    "build": build_command,
    "check": check_command,
    "stamp": stamp_command,
    "spell": spell_command,
    "run": run_command,
    "drill": drill_command,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in _COMMANDS:
        command = commands.add_parser(name, help=message(f"authoring.help_{name}"))
        command.add_argument("--root", type=Path, default=ROOT, help=message("authoring.help_root"))
        if name == "drill":
            add_arguments(command)
            continue
        command.add_argument("lesson", nargs="?", default="", metavar="LESSON", help=message("authoring.help_lesson"))
        if name == "run":
            command.add_argument("--out", type=Path, default=Path("course-output"), help=message("run.help_out"))
    return parser


def _tell(findings: list[Finding]) -> int:
    for finding in findings:
        print(finding, file=sys.stderr)
    if findings:
        print(message("authoring.count", count=len(findings)), file=sys.stderr)
    return FAILED if findings else 0


if __name__ == "__main__":
    sys.exit(main())
