"""The files around the package agree with one another."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tl_helpers.authoring.drill.bounds import pythons, ranges
from tl_helpers.authoring.drill.environments import required
from tl_helpers.authoring.drill.installed import unmet

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


@pytest.mark.parametrize("file", ["README.md", "README.tr.md", "Makefile"])
def test_the_supported_pythons_are_those_of_pyproject(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    ends = re.findall(r"Python (3\.\d+)[–-](3\.\d+)", text)
    assert ends
    assert {tuple(pythons(PROJECT)[place] for place in (0, -1))} == set(ends)
    in_code = re.findall(r"\((3), (\d+)\)", text)
    assert not in_code or [f"{major}.{minor}" for major, minor in in_code] == [*ends[0]]


def test_no_readme_states_a_version_of_tensorflow_that_is_supported():
    for readme in ("README.md", "README.tr.md"):
        text = (ROOT / readme).read_text(encoding="utf-8").split("<!-- benchmark:begin -->")
        assert not re.search(r"TensorFlow \d", text[0] + text[1].split("<!-- benchmark:end -->")[1])


def test_the_environment_of_colab_is_within_the_supported_range():
    pins = {each.split("==")[0]: each.split("==")[1] for each in required(ROOT, "colab").splitlines() if "==" in each}
    within = [each for each in ranges(PROJECT) if Requirement(each).name in pins and "ipykernel" not in each]
    assert len(within) >= 7
    assert unmet("\n".join(within), pins) == []
    assert unmet("\n".join(within), {**pins, "tensorflow": "2.18.0"}) == ["tensorflow<3,>=2.20"]


def test_the_package_version_is_stated_the_same_twice():
    import tl_helpers

    assert tl_helpers.__version__ == PROJECT["version"]


def test_importing_the_package_does_not_import_tensorflow():
    code = "import sys, tl_helpers; assert not {'tensorflow', 'keras', 'sklearn', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("readme", ["README.md", "README.tr.md"])
def test_a_readme_names_only_commands_that_the_makefile_has(readme):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets
