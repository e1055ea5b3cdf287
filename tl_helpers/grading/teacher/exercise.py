"""Where the exercise's and the solution's notebooks lie, in a clone as in an installed package."""

from __future__ import annotations

from pathlib import Path

import nbformat

from tl_helpers.messages import LANGUAGES

FILES = {"exercise": "04_flowers_exercise.ipynb", "solution": "05_flowers_solution.ipynb"}


def notebooks(part: str) -> dict[str, Path]:
    """Return language → file of the exercise's or the solution's notebook.

    Args:
        part: ``"exercise"`` or ``"solution"``.
    """
    package = Path(__file__).resolve().parents[2]
    places = [package / "assets" / "notebooks", package.parent / "notebooks"]
    root = next((place for place in places if place.is_dir()), places[-1])
    return {code: root / code / FILES[part] for code in LANGUAGES}


def code_cells(file: Path) -> dict[str, str]:
    """Return the code of a notebook's cells by their names.

    Args:
        file: one of ``notebooks``.
    """
    notebook = nbformat.read(file, as_version=4)
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "code"}


def known_sources() -> list[str]:
    """Return code that every student has: the exercise's own cells, and the solution's."""
    files = [path for part in FILES for path in notebooks(part).values()]
    return [source for file in files for source in code_cells(file).values()]
