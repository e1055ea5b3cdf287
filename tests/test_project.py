"""The files around the package agree with one another."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_conda_and_pip_install_the_same():
    *from_conda, pip = ENVIRONMENT["dependencies"]
    assert from_conda == [f"python{PROJECT['requires-python']}", "pip"]
    assert pip["pip"] == [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["course"], "-e ."]


def test_every_requirement_is_a_range_and_not_a_pin():
    for requirement in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["course"]:
        assert "==" not in requirement
        assert ">=" in requirement
        assert "<" in requirement


def test_the_package_version_is_stated_the_same_twice():
    import tl_helpers

    assert tl_helpers.__version__ == PROJECT["version"]


def test_importing_the_package_does_not_import_tensorflow():
    code = "import sys, tl_helpers; assert not {'tensorflow', 'keras', 'sklearn', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("readme", ["README.md", "README.tr.md"])
def test_a_readme_names_only_commands_that_the_makefile_has(readme):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)\b", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets
