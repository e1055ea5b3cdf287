"""Reference results: what was measured once on photographs, shown beside what a lesson measures itself."""

from __future__ import annotations

import json
from typing import Any

from tl_helpers.messages import message, number, percent
from tl_helpers.settings import asset


def show_reference(name: str) -> None:
    """Print what was measured on photographs: each method's mean over the runs, its range, and what is missing.

    Introduced in lesson 02.

    Args:
        name: as for ``load_reference``.
    """
    measured = load_reference(name)
    runs = measured["results"]["runs"]
    count = number(measured["data"]["train"])
    print(message("reference.measured", command=measured["command"], count=count, runs=len(runs)))
    for key in (key for key in runs[0] if key != "seed"):
        values = [run[key] for run in runs]
        shown = {"mean": percent(sum(values) / len(values)), "low": percent(min(values)), "high": percent(max(values))}
        print(message("reference.line", name=message(f"reference.{key}"), **shown))
    missing = [message(f"reference.{key}") for key in measured["results"].get("not_measured", ())]
    if missing:
        print(message("reference.not_measured", names=", ".join(missing)))


def load_reference(name: str) -> dict[str, Any]:
    """Read the results of a measurement on photographs. Introduced in lesson 03.

    Args:
        name: of a measurement of ``python -m tl_helpers.authoring.reference``, such as ``"fine_tuning"``.

    Returns:
        ``command``, ``versions``, ``data_hash``, ``data``, ``machine`` and ``results``.
    """
    text = asset(f"reference/{name}_photographs.json").read_text(encoding="utf-8")
    measured: dict[str, Any] = json.loads(text)
    return measured
