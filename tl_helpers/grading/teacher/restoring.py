"""Outside the box: make safe objects of what was kept, every byte of which may have been written to do harm."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.box_files import is_folder, read_array, read_json
from tl_helpers.grading.teacher.keeping import FILE, MOST_BYTES
from tl_helpers.grading.teacher.kept_values import read_array_data, read_value
from tl_helpers.grading.teacher.probes import all_probes, flat_probes
from tl_helpers.grading.teacher.results import Note
from tl_helpers.grading.teacher.safe_models import rebuild
from tl_helpers.grading.teacher.safe_parts import UnsafeError, plain_dict
from tl_helpers.grading.teacher.stand_ins import Asked, named, opaque

MOST_ARRAY_BYTES = 200_000_000
DAMAGED = Note("carrying.damaged", human=True)
REASONS = {
    "carrying.unknown_part": ("found",),
    "carrying.not_compiled": ("found",),
    "carrying.not_rebuilt": ("found",),
    "carrying.too_large": ("found", "limit"),
}


@dataclass(frozen=True)
class Restored:
    """A task's answers outside the box.

    Args:
        answers: as many as the task asks for; what could not be rebuilt has the ``plain.kind`` that it had in the box.
        notes: why something could not be rebuilt.
        reported: what only the box says, never to be trusted: ``"facts"`` about a model that was not rebuilt (read
            them with ``reported_facts``), ``"random_probes"``: outputs of a preprocessing for ``random_probes(seed)``.
    """

    answers: tuple[Any, ...]
    notes: tuple[Note, ...] = ()
    reported: dict[str, Any] = field(default_factory=dict)


def restore(task: str, folder: Path, seed: int) -> Restored | None:
    """Make safe objects of a task's kept answers; never raises.

    Args:
        task: its name.
        folder: of all answers.
        seed: with which they were kept.

    Returns:
        The answers; None where none were kept.
    """
    place, count = folder / task, len(TASKS[task].answers)
    if not is_folder(folder) or not is_folder(place):
        return Restored((None,) * count, (DAMAGED,)) if place.is_symlink() or place.exists() else None
    try:
        data = read_json(place / FILE, MOST_BYTES)
        listed = plain_dict(data)["answers"]
        if not isinstance(listed, list) or len(listed) != count:
            raise ValueError
        reader = _Reader(place, seed)
        answers = tuple(reader.answer(each) for each in listed)
        facts = plain_dict(plain_dict(data).get("reported")).get("facts")
        reported = {**({"facts": facts} if isinstance(facts, dict) else {}), **reader.reported}
        return Restored(answers, tuple(reader.notes), reported)
    except Exception:  # missing, truncated, or made to fail
        return Restored((None,) * count, (DAMAGED,))


class _Reader:
    """Reads the answers of one task; ``notes`` says what went wrong."""

    def __init__(self, place: Path, seed: int):
        self.place, self.seed = place, seed
        self.notes: list[Note] = []
        self.reported: dict[str, Any] = {}

    def answer(self, data: Any) -> Any:
        """Return an answer; what cannot be read stands for itself by its kind."""
        found = plain_dict(data)
        try:
            if found.get("is") == "asked":
                return self.asked(found)
            if found.get("is") == "model":
                return self.model(found)
            if "unsafe" in found:
                raise _reason(found)
            return read_value(data)
        except UnsafeError as error:
            self.notes.append(Note(error.key, error.values, human=True))
        except Exception:  # whatever was written to make reading fail
            self.notes.append(DAMAGED)
        return opaque(found.get("kind"), found.get("shape"))

    def model(self, data: dict[str, Any]) -> Any:
        """Rebuild a layer or model."""
        if type(data.get("file")) is not int:
            raise UnsafeError("carrying.damaged")
        weights = read_array(self.place / f"{data['file']}.npy", MOST_ARRAY_BYTES)
        layer, notes = rebuild(data.get("data"), weights)
        self.notes.extend(notes)
        return layer

    def asked(self, data: dict[str, Any]) -> Any:
        """Return the layer that was asked, else a function that knows what it answered."""
        probes = all_probes(self.seed)
        outputs = [None if each is None else read_array_data(each) for each in data["outputs"]]
        if len(outputs) != len(probes):
            raise UnsafeError("carrying.damaged")
        self.reported["random_probes"] = outputs[len(flat_probes()) :]
        itself = plain_dict(data.get("itself"))
        try:
            if itself.get("is") == "model":
                return self.model(itself)
        except UnsafeError as error:
            self.notes.append(Note(error.key, error.values, human=True))
        return named(Asked, data.get("kind"))(probes, outputs)


def _reason(data: dict[str, Any]) -> UnsafeError:
    """Return why the box did not write a model down, made of known messages and short values only."""
    key, values = data["unsafe"], plain_dict(data.get("values"))
    names = REASONS.get(key, ()) if isinstance(key, str) else ()
    return UnsafeError(key if names else "carrying.damaged", **{name: _short(values.get(name)) for name in names})


def _short(value: Any) -> Any:
    if isinstance(value, int | float) and abs(value) < 10**19:
        return value
    return value[:200].encode("utf-8", "replace").decode() if isinstance(value, str) else "–"
