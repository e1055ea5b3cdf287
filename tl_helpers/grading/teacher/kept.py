"""What a run keeps in its folder: results, the secret seed, a lock; and its scratch folder."""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tl_helpers.authoring.texts import write_text
from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.exercise import notebooks
from tl_helpers.grading.teacher.notebook_files import Unreadable, read_bytes
from tl_helpers.grading.teacher.reading import Found
from tl_helpers.grading.teacher.results import Result, result_from_json
from tl_helpers.grading.teacher.texts import TeacherError


def kept_result(file: Path) -> tuple[str, Result]:
    """Return a kept result, and the fingerprint of how it was graded.

    Args:
        file: one of ``results/`` in the folder that grading made.

    Raises:
        OSError: it cannot be read.
        ValueError: it is something else.
    """
    kept = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(kept, dict) or not {"graded", "result"} <= set(kept):
        raise ValueError(file)
    return kept["graded"], result_from_json(kept["result"])


def result_of(folder: Path, found: Found, graded: str) -> Result | None:
    """Return the result of a submission that was graded before, in the same way; None where there is none.

    Args:
        folder: of results.
        found: the file; it must be as it was then.
        graded: fingerprint of how it is graded now.
    """
    try:
        before, result = kept_result(folder / f"{found.key}.json")
    except (OSError, ValueError):
        return None
    same = before == graded and result.name == found.name
    return result if same and result.digest == _digest(found) else None


def keep_result(folder: Path, result: Result, graded: str) -> None:
    """Keep a result, whole or not at all.

    Args:
        folder: of results.
        result: of a submission.
        graded: fingerprint of how it was graded.
    """
    write_text(folder / f"{result.key}.json", json.dumps({"graded": graded, "result": result.to_json()}))


def fingerprint(secret: int, seconds: float) -> str:
    """Return a hash of what results depend on, beside the submission: code, exercise, settings.

    Args:
        secret: the teacher's seed.
        seconds: of computing that a cell may take.
    """
    package = Path(__file__).resolve().parents[2]
    files = sorted([*package.rglob("*.py"), *package.rglob("*.toml"), *notebooks("exercise").values()])
    digest = hashlib.sha256(f"{secret} {seconds}".encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def secret_seed(out: Path, given: int | None) -> int:
    """Return the teacher's seed, and keep it.

    Args:
        out: the run's folder.
        given: the seed, where the teacher gave one; else the one that is kept is taken, else a new one.
    """
    file = out / "secret-seed.txt"
    kept = file.read_text(encoding="ascii", errors="replace").strip() if file.is_file() else ""
    secret = given if given is not None else int(kept) if kept.isdecimal() else secrets.randbits(48)
    write_text(file, f"{secret}\n")
    file.chmod(0o600)
    return secret


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Let one run at a time use a folder.

    Raises:
        TeacherError: another run uses it.
    """
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise TeacherError("running.in_use", found=out) from error
        yield


@contextmanager
def scratch_folder(out: Path) -> Iterator[Path]:
    """Give a run a folder for its boxes, to which another user can come; what a killed run left there goes first.

    Args:
        out: the run's folder.
    """
    name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()).resolve() / f"tl-grading-{name}"
    remove_box(folder)
    folder.mkdir(mode=0o711)
    try:
        yield folder
    finally:
        remove_box(folder)


def _digest(found: Found) -> str:
    try:
        return "" if found.problem else hashlib.sha256(read_bytes(found.path)).hexdigest()
    except Unreadable:
        return ""
