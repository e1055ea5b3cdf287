"""Facts that the box reports about a model that could not be carried: read with care, for the box may say anything."""

from __future__ import annotations

import types
from dataclasses import fields
from typing import Any, Union, get_args, get_origin, get_type_hints

from tl_helpers.grading.facts import Facts
from tl_helpers.grading.model_facts import CompileFacts, ModelFacts
from tl_helpers.grading.training_facts import ComparisonFacts, TrainingFacts, TuningFacts

KINDS: dict[str, type[Facts]] = {
    "model": ModelFacts,
    "compile": CompileFacts,
    "train": TrainingFacts,
    "fine-tune": TuningFacts,
    "inception": ComparisonFacts,
}
MOST = 10_000  # members of a list, letters of a text


def reported_facts(task: str, reported: dict[str, Any]) -> Facts | None:
    """Return the facts that the box reports about a task's answers.

    Args:
        task: its name.
        reported: of what ``restore`` returned.

    Returns:
        The facts, every field of its own type; None where there are none, or something else.
    """
    try:
        found: Facts = _read(KINDS[task], reported["facts"])
        return found
    except (KeyError, TypeError, ValueError):
        return None


def _read(wanted: Any, data: Any) -> Any:
    origin, members = get_origin(wanted), get_args(wanted)
    if isinstance(wanted, type) and issubclass(wanted, Facts):
        hints = get_type_hints(wanted)
        return wanted(**{each.name: _read(hints[each.name], data[each.name]) for each in fields(wanted)})
    if origin in (Union, types.UnionType):
        return None if data is None else _read(members[0], data)
    if origin is list and isinstance(data, list) and len(data) <= MOST:
        return [_read(members[0], each) for each in data]
    if origin is dict and isinstance(data, dict) and len(data) <= MOST:
        return {_read(members[0], key): _read(members[1], each) for key, each in data.items()}
    if wanted is float and type(data) in (int, float) and abs(data) < 2**63:
        return float(data)
    if type(data) is not wanted or (wanted is str and len(data) > MOST) or (wanted is int and abs(data) >= 2**63):
        raise TypeError(wanted)
    return data.encode("utf-8", "replace").decode() if wanted is str else data
