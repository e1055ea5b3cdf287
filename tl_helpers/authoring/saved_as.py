"""Save a notebook as different programs do, or as it looks after what students do to it."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from tl_helpers.authoring.notebooks import notebook_text

MOVED = (("answer-preprocess", "counts"), ("check-counts", "answer-counts"), ("answer-reflection", "imports"))
PDF = """%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 300 200]>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""


def as_built(notebook: Any) -> str:
    """Return a notebook as JupyterLab keeps it: with ids and metadata."""
    return notebook_text(notebook)


def as_colab_saves(notebook: Any) -> str:
    """Return a notebook as Colab saves it: an older format, no ids of cells, metadata of its own."""
    cells = [{key: value for key, value in cell.items() if key != "id"} for cell in notebook.cells]
    for number, (cell, known) in enumerate(zip(cells, notebook.cells, strict=True), start=1):
        token = sha256(known.id.encode()).hexdigest()[:12]
        cell["metadata"] = {**cell["metadata"], "id": token}
        if known.cell_type == "code":
            cell["execution_count"] = number
    metadata = {**notebook.metadata, "colab": {"provenance": [], "toc_visible": True}}
    return _json(cells, metadata, 0)


def as_stripped(notebook: Any) -> str:
    """Return a notebook without ids and metadata, whose cells stand in another order."""
    cells = list(notebook.cells)
    for name, before in MOVED:
        cell = cells.pop(position(cells, name))
        cells.insert(position(cells, before), cell)
    aside = ("id", "metadata")
    kept = [{"metadata": {}, **{key: value for key, value in cell.items() if key not in aside}} for cell in cells]
    return _json(kept, {}, 4)


def as_a_pdf(_: Any) -> str:
    """Return a page of PDF, whatever the notebook is."""
    return PDF


def position(cells: Sequence[Any], name: str) -> int:
    """Return where the cell of a name stands."""
    return next(place for place, cell in enumerate(cells) if cell.id == name)


def _json(cells: list[dict[str, Any]], metadata: dict[str, Any], minor: int) -> str:
    for cell in cells:
        cell["source"] = str(cell["source"]).splitlines(keepends=True)
    notebook = {"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": cells}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
