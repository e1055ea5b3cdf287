"""What commands have in common: the reader's language, a sentence for a mistake, a line for Ctrl-C, an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from tl_helpers.messages import CourseError, set_language

WRONG_USE, INTERRUPTED = 2, 130


def run_main(command: Callable[[], int], interrupted: Callable[[], str]) -> int:
    """Run a command in the language of ``TL_LANGUAGE``.

    Args:
        command: reads the command line, does the work and returns its exit code.
        interrupted: what to say after Ctrl-C.

    Returns:
        The command's exit code; 2 where it was used wrongly; 130 after Ctrl-C.
    """
    try:
        set_language(os.environ.get("TL_LANGUAGE", "").strip() or "en")
        return command()
    except CourseError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("\n" + interrupted(), file=sys.stderr)
        return INTERRUPTED
