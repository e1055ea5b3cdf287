"""Publish a pretrained base model under ``assets/``: weights and their hashes, what was measured, the model card."""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tl_helpers.authoring.texts import replace_between, write_text
from tl_helpers.base_models import MINI_WEIGHTS, top_file
from tl_helpers.settings import asset

BEGIN, END = "<!-- measured:{name}:begin -->", "<!-- measured:{name}:end -->"


def publish(name: str, base_model: keras.Model, classifier: keras.Model, results: dict[str, Any], log: Path) -> None:
    """Write weights, hashes, results, log and the table of the model card; each file whole or not at all.

    Args:
        name: of the base model.
        base_model: without its classifier, trained.
        classifier: with its last layer, ``head``.
        results: what was measured; the keys of ``per_class`` are the class names, in the order of the logits.
        log: CSV file of the training.
    """
    folder, reference = asset("weights"), asset("reference")
    kernel, bias = classifier.get_layer("head").get_weights()
    base_part, top_part = (folder / f".part.{file}" for file in (MINI_WEIGHTS[name], top_file(name)))
    base_model.save_weights(base_part)
    np.savez(top_part, kernel=kernel, bias=bias, class_names=np.array(list(results["per_class"])))
    os.replace(base_part, folder / MINI_WEIGHTS[name])
    os.replace(top_part, folder / top_file(name))
    write_text(folder / "SHA256SUMS", _sums(folder, (MINI_WEIGHTS[name], top_file(name))))
    write_text(reference / f"pretraining_{name}.json", json.dumps(results, indent=1) + "\n")
    write_text(
        reference / f"pretraining_log_{name}.csv", "\n".join(log.read_text(encoding="utf-8").splitlines()) + "\n"
    )
    card = folder / "README.md"
    write_text(card, with_table(card.read_text(encoding="utf-8"), name, measured_table(results)))


def measured_table(results: Mapping[str, Any]) -> str:
    """Return the model card's table of accuracies, in markdown.

    Args:
        results: what ``measure`` returned.
    """
    rows = ["| class | accuracy |", "|---|---|", f"| **all** | **{100 * results['accuracy']:.1f} %** |"]
    return "\n".join(rows + [f"| {name} | {100 * share:.1f} % |" for name, share in results["per_class"].items()])


def with_table(card: str, name: str, table: str) -> str:
    """Return the model card with another table between the markers of one base model.

    Raises:
        ValueError: the card has no such markers.
    """
    begin, end = BEGIN.format(name=name), END.format(name=name)
    changed = replace_between(card, begin, end, table)
    if changed is None:
        raise ValueError(f"the model card has no place for a table: {begin} … {end}")
    return changed


def _sums(folder: Path, changed: tuple[str, str]) -> str:
    """Return ``SHA256SUMS`` with new hashes of the changed files and the old lines of all others."""
    file = folder / "SHA256SUMS"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    sums = {line.split()[-1].lstrip("*"): line.split()[0] for line in lines}
    sums |= {name: sha256((folder / name).read_bytes()).hexdigest() for name in changed}
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
