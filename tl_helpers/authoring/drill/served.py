"""A server on this machine with the photographs in their official formats, for the full edition."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tl_helpers.data_sets import DATA_SETS
from tl_helpers.messages import CourseError
from tl_helpers.registry import CLASS_INDEX, WEIGHTS_WITH_TOP, WEIGHTS_WITHOUT_TOP
from tl_helpers.table import Lesson

SERVER = Path("tests") / "official_server.py"


def photographs() -> bool:
    """Say whether the full edition can be drilled here: a mirror is named, or a folder of test data."""
    return any(os.environ.get(key, "").strip() for key in ("TL_MIRROR", "TL_TEST_DATA"))


def needed(lessons: Iterable[Lesson]) -> list[str]:
    """Return the names of the official files that lessons may ask for, each once."""
    names = [CLASS_INDEX.name]
    for lesson in lessons:
        names += [DATA_SETS[name].archive.name for name in lesson.pictures]
        names += [file.name for base in lesson.bases for file in WEIGHTS_WITHOUT_TOP[base] + WEIGHTS_WITH_TOP[base]]
    return list(dict.fromkeys(names))


@contextmanager
def served(root: Path, lessons: Iterable[Lesson]) -> Iterator[str]:
    """Serve the test data meanwhile, and give the server's address; where ``TL_MIRROR`` names one, give that.

    Args:
        root: the course's folder.
        lessons: whose files are served.

    Raises:
        CourseError: neither ``TL_MIRROR`` nor ``TL_TEST_DATA`` is set, or the server does not start.
    """
    if not photographs():
        raise CourseError("drill.no_photographs")
    mirror = os.environ.get("TL_MIRROR", "").strip()
    if mirror:
        yield mirror
        return
    data = str(Path(os.environ["TL_TEST_DATA"].strip()).resolve())
    command = [sys.executable, str(root / SERVER), data, "--port", "0", "--only", *needed(lessons)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            _, _, address = line.strip().partition("TL_MIRROR=")
            if not address:
                raise CourseError("drill.no_server", command=" ".join(command))
            yield address
        finally:
            server.terminate()
