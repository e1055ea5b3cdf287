"""The drill's environments: made once in the course's folder, then laid under an empty one for each lesson."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tl_helpers.authoring.drill.bounds import lowest, pythons, ranges, read_project
from tl_helpers.authoring.drill.installed import COURSE, freeze, unmet
from tl_helpers.messages import CourseError, message

NAMES = ("colab", "newest", "oldest")
PINS = Path("tests") / "colab-requirements.txt"
STAMP = ".ready"
PIP = ("-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check", "--no-input")


def environment(root: Path, name: str) -> Path:
    """Make an environment where it is not there yet, and return its Python.

    The newest end is what pip finds today: its packages are brought up to date each time. The others are made again
    only where what they must have has changed.

    Args:
        root: the course's folder; the environment lies in it as ``.venv-<name>``.
        name: ``"colab"``, ``"newest"`` or ``"oldest"``.

    Raises:
        CourseError: pip cannot install what it needs, or somebody has changed what it installed.
    """
    folder, wanted = root / f".venv-{name}", required(root, name)
    python, stamp = python_in(folder), folder / STAMP
    made = python.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted
    if not made:
        print(message("drill.making", name=name, folder=folder.name), flush=True)
        stamp.unlink(missing_ok=True)
        subprocess.run([find_python(root, oldest=name == "oldest"), "-m", "venv", "--clear", str(folder)], check=True)
    if not made or name == "newest":
        upgrade = ["--upgrade", "--upgrade-strategy", "eager"] if name == "newest" else []
        _run([str(python), *PIP, "install", *upgrade, *wanted.split("\n")], name)
        stamp.write_text(wanted, encoding="utf-8")
    if COURSE in freeze(python):  # from tests in a browser
        _run([str(python), *PIP, "uninstall", "--yes", COURSE], name)
    missing = unmet(wanted, freeze(python))
    if missing:
        raise CourseError("drill.not_as_wanted", name=name, folder=folder.name, missing=", ".join(missing))
    return python


def required(root: Path, name: str) -> str:
    """Return what pip must install in an environment, one requirement a line."""
    if name == "colab":
        lines = (root / PINS).read_text(encoding="utf-8").splitlines()
        wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    else:
        wanted = ranges(read_project(root))
    return "\n".join(map(lowest, wanted) if name == "oldest" else wanted)


def overlay(python: Path, folder: Path) -> Path:
    """Lay an empty environment over another one, and return its Python.

    It sees the packages below, as Colab's Python sees Colab's; pip puts what it installs into ``folder``, which is
    thrown away later, and leaves those below as they are.

    Args:
        python: the Python of the environment below.
        folder: the new environment; it must not be there yet.
    """
    subprocess.run([str(python), "-m", "venv", "--without-pip", str(folder)], check=True)
    mine = python_in(folder)
    (packages(mine) / "below.pth").write_text(f"{packages(python)}\n", encoding="utf-8")
    return mine


def packages(python: Path) -> Path:
    """Return the folder that holds the packages of an environment."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    shown = subprocess.run([str(python), "-I", "-c", code], check=True, capture_output=True, text=True)
    return Path(shown.stdout.strip())


def python_in(folder: Path) -> Path:
    """Return the path of an environment's Python."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def find_python(root: Path, oldest: bool) -> str:
    """Return a Python of this machine to make an environment with.

    Args:
        root: the course's folder.
        oldest: the oldest supported one that is here, or the newest.
    """
    supported = pythons(read_project(root))
    for minor in supported if oldest else reversed(supported):
        installed = sorted(Path.home().glob(f".pyenv/versions/{minor}.*/bin/python"))
        for python in [*map(str, installed), shutil.which(f"python{minor}")]:
            if python and _minor(python) == minor:
                return python
    return sys.executable


def _minor(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", code], check=False, capture_output=True, text=True).stdout.strip()


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise CourseError("drill.not_made", name=name, error=done.stderr.strip()[-600:])
