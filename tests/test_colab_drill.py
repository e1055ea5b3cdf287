"""Lessons alone in an environment with Colab's versions, installed by their own set-up cell; the ends of the range."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tl_helpers.authoring.drill.bounds import pythons, read_project
from tl_helpers.authoring.drill.command import drill_lessons
from tl_helpers.authoring.drill.environments import required
from tl_helpers.authoring.drill.installed import COURSE, unmet
from tl_helpers.authoring.drill.runs import Run
from tl_helpers.authoring.tree import Tree

pytestmark = [pytest.mark.drill, pytest.mark.slow]

ROOT = Path(__file__).parent.parent


def drill(tmp_path, *runs):
    tree = Tree(ROOT)
    asked = [Run(tree.course.lesson(number), language, edition) for number, language, edition in runs]
    for result in drill_lessons(tree, asked, "colab", tmp_path):
        assert result.problems == [], result
        assert COURSE in result.added
        print(result)


def test_lessons_run_in_mini_as_in_colab(tmp_path):
    drill(tmp_path, ("02", "en", "mini"), ("07", "tr", "mini"))


@pytest.mark.full
def test_a_lesson_runs_in_full_as_in_colab_with_nothing_set_but_the_mirror(tmp_path, test_data, monkeypatch):
    monkeypatch.setenv("TL_TEST_DATA", str(test_data))
    drill(tmp_path, ("02", "tr", "full"))


def test_both_ends_of_the_range_can_be_installed(tmp_path):
    project = read_project(ROOT)
    oldest, *_, newest = pythons(project)
    for name, minor in (("oldest", oldest), ("newest", newest)):
        wanted, report = required(ROOT, name), tmp_path / f"{name}.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--quiet"]
        command += ["--python-version", minor, "--only-binary", ":all:", "--target", str(tmp_path / name)]
        done = subprocess.run(
            [*command, "--report", str(report), *wanted.split("\n")], check=False, stderr=-1, text=True
        )
        assert done.returncode == 0, done.stderr
        found = [each["metadata"] for each in json.loads(report.read_text(encoding="utf-8"))["install"]]
        assert unmet(wanted, {each["name"].lower().replace("_", "-"): each["version"] for each in found}) == []
