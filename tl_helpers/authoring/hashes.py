"""Hashes that tell whether a notebook must be executed again, and whether its outputs were touched."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tl_helpers.authoring.tree import Tree


def code_hash(tree: Tree, notebook: Any) -> str:
    """Return the hash of all that a notebook's outputs come from: code cells, package, weights, its own questions."""
    digest = hashlib.sha256(_package_hash(tree).encode())
    questions = tree.questions(tree.course.lesson(recorded(notebook)["lesson"]))
    digest.update(questions.read_bytes() if questions.is_file() else b"")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            digest.update(json.dumps([cell.id, cell.source]).encode())
    return digest.hexdigest()[:32]


def outputs_hash(notebook: Any) -> str:
    """Return the hash of a notebook's outputs and execution counts."""
    outputs = [[cell.id, cell.execution_count, cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(outputs, sort_keys=True).encode()).hexdigest()[:32]


def recorded(notebook: Any) -> dict[str, str]:
    """Return what the build wrote into a notebook's metadata about itself, as far as it is there."""
    own = notebook.metadata.get("tl_helpers", {})
    return {key: str(value) for key, value in own.items()} if isinstance(own, dict) else {}


def _package_hash(tree: Tree) -> str:
    digest = hashlib.sha256()
    for path in _package_files(tree.root):
        digest.update(f"{tree.name(path)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _package_files(root: Path) -> Iterable[Path]:
    package = root / "tl_helpers"
    files = [path for ending in ("*.py", "*.toml") for path in package.rglob(ending)]
    aside = {package / "authoring", package / "grading" / "teacher"}  # no lesson imports them
    files = [path for path in files if not aside & set(path.parents) and path != package / "grading" / "__main__.py"]
    files += [path for path in (root / "assets" / "weights").rglob("*") if path.is_file()]
    return sorted(path for path in files if not path.name.startswith("."))
