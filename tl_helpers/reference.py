"""Reference results: what was measured once on photographs, shown beside what a lesson measures itself."""

from __future__ import annotations

import json
from typing import Any

from tl_helpers.settings import asset


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
