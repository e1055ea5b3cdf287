"""The command ``python -m tl_helpers.authoring drill``: drill lessons in one environment, and print a table."""

import argparse
import tempfile
from contextlib import nullcontext
from pathlib import Path

from tl_helpers.authoring.drill.archive import course_archive
from tl_helpers.authoring.drill.environments import NAMES, environment
from tl_helpers.authoring.drill.installed import freeze
from tl_helpers.authoring.drill.lesson import drill
from tl_helpers.authoring.drill.runs import Drilled, Ground, Run
from tl_helpers.authoring.drill.served import photographs, served
from tl_helpers.authoring.drill.table import table
from tl_helpers.authoring.tree import Tree
from tl_helpers.messages import LANGUAGES, message
from tl_helpers.settings import EDITIONS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help=message("drill.help_lessons"))
    parser.add_argument("--environment", choices=NAMES, default=NAMES[0], help=message("drill.help_environment"))
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--edition", nargs="+", choices=EDITIONS, help=message("drill.help_edition"))
    parser.add_argument("--prepare", action="store_true", help=message("drill.help_prepare"))
    parser.add_argument("--out", type=Path, default=Path("course-output") / "drill", help=message("drill.help_out"))


def drill_command(options: argparse.Namespace) -> int:
    """Drill lessons and print what was found; returns 1 where something is wrong."""
    tree = Tree(options.root)
    lessons = [tree.course.lesson(name) for name in options.lessons] or list(tree.course.lessons)
    if options.prepare:
        environment(tree.root, options.environment)
        return 0
    editions = options.edition or (list(EDITIONS) if photographs() else ["mini"])
    if "full" not in editions and not options.edition:
        print(message("drill.mini_only"))
    runs = [Run(lesson, code, edition) for lesson in lessons for edition in editions for code in options.language]
    results = drill_lessons(tree, runs, options.environment, options.out)
    print(table(results))
    return 1 if any(each.problems for each in results) else 0


def drill_lessons(tree: Tree, runs: list[Run], name: str, out: Path) -> list[Drilled]:
    """Drill lessons in an environment, which is made first where it is missing.

    Args:
        tree: the course's folder.
        runs: lessons, each in a language and an edition. The first one also looks at the package as a whole.
        name: of the environment.
        out: folder for the executed notebooks.

    Returns:
        How each went; one that fails does not stop the others.

    Raises:
        CourseError: the environment, the archive or the server cannot be had.
    """
    python = environment(tree.root, name)
    before = freeze(python)
    full = [run.lesson for run in runs if run.edition == "full"]
    with tempfile.TemporaryDirectory() as folder, served(tree.root, full) if full else nullcontext("") as mirror:
        ground = Ground(name, python, before, course_archive(tree.root, tree.course, Path(folder)), mirror, out)
        return [drill(tree, run, ground, thorough=place == 0) for place, run in enumerate(runs)]
