"""Environments of the drill: made once, left as they are; real ones, with made-up packages and no network."""

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tl_helpers.authoring.drill import environments
from tl_helpers.authoring.drill.environments import environment, overlay, packages, python_in
from tl_helpers.authoring.drill.installed import complaints, freeze, installed_at
from tl_helpers.messages import CourseError

PROJECT = """[project]
requires-python = ">=3.11,<3.14"
dependencies = ["numpy>=2.0,<3"]
optional-dependencies = { course = ["pytest>=8.3,<10", "ruff>=0.11,<1"] }
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A folder of the course; what is asked of venv and pip there is written down instead of done."""
    asked, installed = [], {"numpy": "2.0.0", "pytest": "8.3.0"}

    def start(command, **_):
        if "venv" in command:
            asked.append("venv")
            python_in(Path(command[-1])).parent.mkdir(parents=True, exist_ok=True)
            python_in(Path(command[-1])).touch()
        else:
            asked.append(" ".join(command[command.index("--no-input") + 1 :]))
        return subprocess.CompletedProcess(command, 0, "", "")

    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "tests" / "colab-requirements.txt").write_text("# Colab\nnumpy==2.0.0\n\n")
    monkeypatch.setattr(environments, "find_python", lambda *_, **__: "python3")
    monkeypatch.setattr(environments, "freeze", lambda _: installed)
    monkeypatch.setattr(environments.subprocess, "run", start)
    return tmp_path, asked, installed


def test_an_environment_is_made_once_and_again_when_what_it_needs_changes(made):
    root, asked, _ = made
    for _ in range(2):
        assert environment(root, "colab") == python_in(root / ".venv-colab")
    assert asked == ["venv", "install numpy==2.0.0"]
    (root / "tests" / "colab-requirements.txt").write_text("numpy==2.0\n")
    environment(root, "colab")
    assert asked[2:] == ["venv", "install numpy==2.0"]


def test_the_oldest_end_is_made_of_lower_bounds_and_the_newest_is_brought_up_to_date_each_time(made):
    root, asked, _ = made
    for _ in range(2):
        environment(root, "oldest")
        environment(root, "newest")
    newest = "install --upgrade --upgrade-strategy eager numpy<3,>=2.0 pytest<10,>=8.3"
    assert asked == ["venv", "install numpy==2.0 pytest==8.3", "venv", newest, newest]


def test_a_course_that_tests_left_behind_is_taken_out(made):
    root, asked, installed = made
    installed["tl-helpers"] = "0.1.0"
    environment(root, "colab")
    assert asked[-1] == "uninstall --yes tl-helpers"


def test_an_environment_that_somebody_changed_is_refused(made):
    root, _, installed = made
    environment(root, "colab")
    installed["numpy"] = "2.1.0"
    with pytest.raises(CourseError, match=r"lacks numpy==2\.0\.0\. Delete the folder \.venv-colab"):
        environment(root, "colab")


def test_pip_that_fails_is_quoted_and_the_next_time_the_environment_is_made_anew(made, monkeypatch):
    root, asked, _ = made
    good = environments.subprocess.run
    bad = subprocess.CompletedProcess([], 1, "", "ERROR: No matching distribution found for numpy==2.0.0")
    monkeypatch.setattr(
        environments.subprocess, "run", lambda command, **_: good(command) if "venv" in command else bad
    )
    with pytest.raises(CourseError, match="pip says: ERROR: No matching distribution"):
        environment(root, "colab")
    monkeypatch.setattr(environments.subprocess, "run", good)
    environment(root, "colab")
    assert asked == ["venv", "venv", "install numpy==2.0.0"]


def wheel(folder, name, version, requires="", tag="py3-none-any"):
    """Write a wheel of a package with one module."""
    path = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", f"version = {version!r}\n")
        archive.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            + (f"Requires-Dist: {requires}\n" if requires else ""),
        )
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")
    return str(path)


@pytest.mark.long
def test_what_a_course_installs_is_seen_above_an_environment_that_stays_as_it_was(tmp_path):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    old, new = wheel(wheels, "arrays", "1.0"), wheel(wheels, "arrays", "2.0")
    kind, greedy = (tmp_path / name for name in ("kind", "greedy"))
    for folder in (kind, greedy):
        folder.mkdir()
    kind_course = wheel(kind, "tl_helpers", "0.1", "arrays>=1")
    greedy_course = wheel(greedy, "tl_helpers", "0.1", "arrays>=2")
    assert Path(new).is_file()

    below = tmp_path / "below"
    subprocess.run([sys.executable, "-m", "venv", str(below)], check=True)

    def install(python, package):
        command = [str(python), *environments.PIP, "install", "--no-index", "--find-links", str(wheels), package]
        subprocess.run(command, check=True)

    install(python_in(below), old)
    before = freeze(python_in(below))
    said = {}
    for name, course in (("kind", kind_course), ("greedy", greedy_course)):
        python = overlay(python_in(below), tmp_path / f"over-{name}")
        assert freeze(python) == before
        install(python, course)
        assert abs(time.time() - installed_at(packages(python))) < 3600
        assert installed_at(packages(python_in(below))) is None
        said[name] = complaints(before, freeze(python), packages(python))
        shown = subprocess.run(
            [python, "-c", "import arrays; print(arrays.version)"], check=True, capture_output=True, text=True
        )
        assert shown.stdout.strip() == {"kind": "1.0", "greedy": "2.0"}[name]
    assert said["kind"] == []
    assert len(said["greedy"]) == 1
    assert "changed arrays from" in said["greedy"][0]
    assert freeze(python_in(below)) == before
