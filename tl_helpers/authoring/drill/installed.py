"""What an installation changed in an environment: packages by name and version before and after, and native code."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from tl_helpers.messages import message

COURSE = "tl-helpers"
NATIVE = (".so", ".pyd", ".dylib", ".dll", ".a")
_LINE = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:==| @ )(.+)$")


@dataclass(frozen=True)
class Difference:
    """What differs between two lists of packages: each by name, with its version or versions."""

    added: Mapping[str, str]
    removed: Mapping[str, str]
    changed: Mapping[str, tuple[str, str]]


def frozen(text: str) -> dict[str, str]:
    """Return the packages that the text of ``pip freeze`` names, each with its version or its address."""
    lines = [_LINE.match(line.strip()) for line in text.splitlines()]
    return {canonicalize_name(line[1]): line[2] for line in lines if line}


def freeze(python: Path) -> dict[str, str]:
    """Return the packages of an environment, pip and its like included, each with its version or its address."""
    command = [str(python), "-m", "pip", "freeze", "--all", "--disable-pip-version-check"]
    return frozen(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    """Compare two lists of packages by name."""
    return Difference(
        added={name: after[name] for name in sorted(after.keys() - before.keys())},
        removed={name: before[name] for name in sorted(before.keys() - after.keys())},
        changed={
            name: (before[name], after[name])
            for name in sorted(before.keys() & after.keys())
            if before[name] != after[name]
        },
    )


def native(folder: Path) -> list[str]:
    """Return the names of the packages in a folder that bring native code or were built for one kind of machine."""
    return sorted(canonicalize_name(each.name) for each in distributions(path=[str(folder)]) if _is_native(each))


def installed_at(folder: Path, name: str = COURSE) -> float | None:
    """Return when pip had a package of a folder installed, in seconds since 1970, or None where it is not there."""
    found = [each for each in distributions(path=[str(folder)]) if canonicalize_name(each.name) == name]
    records = [Path(str(file.locate())) for each in found for file in each.files or () if file.name == "RECORD"]
    return records[0].stat().st_mtime if records else None


def unmet(pins: str, found: Mapping[str, str]) -> list[str]:
    """Return the requirements that an environment does not meet.

    Args:
        pins: one requirement a line.
        found: its packages with their versions.
    """
    wanted = [Requirement(line) for line in pins.splitlines()]
    return [str(each) for each in wanted if not _meets(each, found.get(canonicalize_name(each.name)))]


def complaints(before: Mapping[str, str], after: Mapping[str, str], folder: Path) -> list[str]:
    """Return a sentence for each thing that installing the course must not do.

    Args:
        before: the packages before it.
        after: the packages after it.
        folder: where what was installed lies.
    """
    seen, compiled = difference(before, after), native(folder)
    said = [message("drill.changed", name=name, before=old, after=new) for name, (old, new) in seen.changed.items()]
    said += [message("drill.removed", name=name, version=version) for name, version in seen.removed.items()]
    said += [message("drill.native", name=name) for name in compiled]
    if COURSE not in seen.added:
        said.append(message("drill.not_installed", name=COURSE))
    return said


def _meets(requirement: Requirement, version: str | None) -> bool:
    try:
        return version is not None and requirement.specifier.contains(version, prereleases=True)
    except InvalidVersion:  # from an address
        return False


def _is_native(distribution: Distribution) -> bool:
    wheel = distribution.read_text("WHEEL") or ""
    tags = re.findall(r"^Tag: *(\S+)", wheel, re.MULTILINE)
    files = [str(file).casefold() for file in distribution.files or ()]
    built = re.search(r"^Root-Is-Purelib: *false", wheel, re.MULTILINE | re.IGNORECASE)
    machine = any(not tag.endswith("-none-any") for tag in tags)
    return bool(built) or machine or any(file.endswith(NATIVE) or ".so." in file for file in files)
