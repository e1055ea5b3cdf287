"""The teacher's command: grade a folder of submissions and leave all reports."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tl_helpers.command_line import run_main
from tl_helpers.grading.teacher.texts import TeacherError, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade a class.

    Args:
        arguments: the command line without the program's name; the process's own where it is None.

    Returns:
        The exit code: 0 when every file has its result, also where some cannot be graded; 2 for a wrong folder or
        setting; 130 after Ctrl-C, when what was graded so far is kept.
    """
    return run_main(partial(_asked, arguments), partial(say, "command.interrupted"))


def _asked(arguments: Sequence[str] | None) -> int:
    if os.name != "posix":
        raise TeacherError("command.system", found=sys.platform)
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does, nothing left behind
    return _grade(options)


def _grade(options: argparse.Namespace) -> int:
    from tl_helpers.grading.teacher.reports import write_reports
    from tl_helpers.grading.teacher.running import Settings, grade_class
    from tl_helpers.grading.teacher.sandbox import protections

    active = protections()
    for line in active.lines():
        print(line)
    settings = Settings(options.folder, options.out, options.jobs, options.seconds, options.seed)
    results = grade_class(settings)
    write_reports(results, options.out, active.lines(), excel_turkish=options.excel_tr)
    human = sum(bool(result.needs_human) for result in results)
    print(say("command.done", count=len(results), human=human, folder=options.out))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.grading", description=say("command.description"))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    options: dict[str, dict[str, Any]] = {
        "folder": {"type": Path},
        "--out": {"type": Path, "default": Path("grading-output")},
        "--jobs": {"type": _at_least_one, "default": cores},
        "--seconds": {"type": _at_least_one, "default": 120},
        "--seed": {"type": int},
        "--excel-tr": {"action": "store_true"},
    }
    for name, how in options.items():
        key = name.strip("-").replace("-", "_")
        parser.add_argument(name, help=say(f"command.help_{key}"), **how)
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(say("command.at_least_one", found=text))
    return int(text)
