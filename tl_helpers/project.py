"""A project to copy: ``python -m tl_helpers.project FOLDER`` writes train.py and a README in the reader's language."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from tl_helpers.messages import LANGUAGES, CourseError, language, message, set_language

SKELETON = Path(__file__).with_name("skeleton")


def write_project(folder: Path) -> list[Path]:
    """Write the skeleton of a project of one's own, in the language in force. Introduced in lesson 09.

    Args:
        folder: made where it is missing; it must be empty.

    Returns:
        The files, and the empty folder for the pictures.

    Raises:
        CourseError: something is in the folder already.
    """
    from tl_helpers.table import load_table

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError("project.not_empty", folder=folder)
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    code = (SKELETON / "train.py").read_text(encoding="utf-8")
    readme = (SKELETON / f"README.{language()}.md").read_text(encoding="utf-8")
    (folder / "train.py").write_text(code.replace('LANGUAGE = "en"', f'LANGUAGE = "{language()}"', 1), encoding="utf-8")
    (folder / "README.md").write_text(readme.replace("{archive}", load_table().archive), encoding="utf-8")
    return [folder / "README.md", folder / "train.py", pictures]


def base_edition(base: str) -> Any:
    """Return the edition of the best base model that can be had here: ImageNet's, else the course's own.

    Args:
        base: name of a base model, such as ``"MobileNetV2"``.
    """
    from tl_helpers.editions import MINI, SourceError, full_edition

    if os.environ.get("TL_EDITION", "").strip() == "mini":
        return MINI
    try:
        return full_edition((), (base,))
    except SourceError as error:
        print(message("project.mini", reason=error))
        return MINI


def gpu_strategy() -> Any:
    """Return a strategy that trains on all GPUs where there are several, else None."""
    import tensorflow as tf

    gpus = tf.config.list_logical_devices("GPU")
    return tf.distribute.MirroredStrategy() if len(gpus) > 1 else None


def main(arguments: list[str] | None = None) -> int:
    """Write a project and say what to do next; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.project")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, default=os.environ.get("TL_LANGUAGE") or "en")
    given = parser.parse_args(arguments)
    try:
        set_language(given.language)
        write_project(given.folder)
    except (CourseError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(message("project.written", folder=given.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
