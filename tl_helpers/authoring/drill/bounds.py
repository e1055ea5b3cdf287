"""The supported range, read from ``pyproject.toml``, where it is stated once: its lower end, and its Pythons."""

import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tl_helpers.messages import CourseError

# Of the extra "course": what runs a notebook and its widgets, reads lesson 07's photographs, runs the tests.
RUNNERS = ("ipykernel", "ipywidgets", "pyarrow", "pytest")
_MINORS = range(100)


def read_project(root: Path) -> dict[str, Any]:
    """Return the table ``project`` of a folder's ``pyproject.toml``."""
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def ranges(project: dict[str, Any]) -> list[str]:
    """Return the ranges of all that an environment at an end of the range needs: a lesson's needs and the runners.

    Args:
        project: the table ``project`` of ``pyproject.toml``.
    """
    runners = [each for each in project["optional-dependencies"]["course"] if Requirement(each).name in RUNNERS]
    return [str(Requirement(each)) for each in [*project["dependencies"], *runners]]


def lowest(requirement: str) -> str:
    """Return the pin at the lower end of a range.

    Raises:
        CourseError: the range has no lower end.

    Example:
        >>> lowest("tensorflow>=2.20,<3")
        'tensorflow==2.20'
    """
    parsed = Requirement(requirement)
    bounds = [each.version for each in parsed.specifier if each.operator in (">=", "==", "~=")]
    if len(bounds) != 1:
        raise CourseError("drill.no_lower_end", found=requirement)
    return f"{parsed.name}=={bounds[0]}"


def pythons(project: dict[str, Any]) -> list[str]:
    """Return the minor versions of Python that are supported, such as ``"3.11"``, oldest first.

    Raises:
        CourseError: the range has no upper end, or is empty.
    """
    supported = SpecifierSet(project["requires-python"])
    minors = [minor for minor in _MINORS if supported.contains(f"3.{minor}")]
    if not minors or minors[-1] == _MINORS[-1]:
        raise CourseError("drill.no_pythons", found=project["requires-python"])
    return [f"3.{minor}" for minor in minors]
