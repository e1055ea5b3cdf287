"""A first look at the installed package: all of it can be imported, and tests of its core pass with it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tl_helpers.messages import message

# Quick tests of what depends most on the versions of TensorFlow, Keras, NumPy and scikit-learn. None of them starts a
# Python of its own, which would not find the installed package.
TESTS = ("transfer", "fine_tuning", "splitting", "evaluation", "multi_task")
# All but what only authors and teachers start.
_IMPORT = """
import importlib, pkgutil, warnings
warnings.simplefilter("ignore")
import tl_helpers
names = [each.name for each in pkgutil.walk_packages(tl_helpers.__path__, "tl_helpers.", onerror=print)]
aside = ("tl_helpers.authoring", "tl_helpers.grading.teacher")
for name in names:
    if not name.startswith(aside) and not name.endswith(".__main__"):
        importlib.import_module(name)
assert len(names) > 50, names
"""


def import_all(python: Path, work: Path, environment: Mapping[str, str]) -> list[str]:
    """Import every module that a lesson could; return a sentence where one cannot be imported.

    Args:
        python: the environment's Python.
        work: a folder to start in, so that the installed package is taken and not the course's folder.
        environment: environment variables.
    """
    done = _start([str(python), "-c", _IMPORT], work, environment)
    return [message("drill.no_import", error=done.stderr.strip()[-600:])] if done.returncode else []


def core_tests(python: Path, root: Path, work: Path, environment: Mapping[str, str]) -> list[str]:
    """Run tests of the package's core with the installed package; return a sentence where one fails.

    Args:
        python: the environment's Python, with pytest.
        root: the course's folder, which has the tests.
        work: a folder to start in, as for ``import_all``.
        environment: environment variables.
    """
    tests = [str(root / "tests" / f"test_{name}.py") for name in TESTS]
    options = ["--quiet", "--no-header", "--override-ini=addopts=", "-p", "no:cacheprovider", "-m", "not slow"]
    options += ["-c", str(root / "pyproject.toml"), "--rootdir", str(root)]
    done = _start([str(python), "-m", "pytest", *options, *tests], work, environment)
    return [message("drill.tests_failed", error=(done.stdout + done.stderr).strip()[-1500:])] if done.returncode else []


def _start(command: list[str], work: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=work, env=dict(environment), check=False, capture_output=True, text=True)
