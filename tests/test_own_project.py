"""A project to copy: what the command writes, and what its train.py does when it is run."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tl_helpers import own_pictures, project
from tl_helpers.editions import MINI, SourceError
from tl_helpers.export import run_tflite
from tl_helpers.messages import catalogue, message
from tl_helpers.own_pictures import write_example_folder
from tl_helpers.project import base_edition, gpu_strategy, main, write_project
from tl_helpers.shared_model import load_shared
from tl_helpers.table import load_table


def test_a_project_is_small_and_speaks_the_readers_language(tmp_path, each_language):
    readme, train, pictures = write_project(tmp_path / "mine")
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["README.md", "pictures", "train.py"]
    assert list(pictures.iterdir()) == []
    assert f'\nLANGUAGE = "{each_language}"' in train.read_text()
    assert ast.parse(train.read_text())
    assert load_table().archive in readme.read_text()
    assert {"en": "pictures of", "tr": "resimler"}[each_language] in readme.read_text()


def test_both_readmes_name_the_same_files_and_commands():
    english, turkish = ((project.SKELETON / f"README.{code}.md").read_text() for code in ("en", "tr"))
    for name in ("`model.keras`", "`labels.json`", "`model_int8.tflite`", "`python train.py`", "TL_EDITION=mini"):
        assert name in english
        assert name in turkish


@pytest.mark.parametrize("there", ["file", "folder"])
def test_nothing_that_is_there_already_is_overwritten(tmp_path, there, capsys, each_language):
    own = tmp_path / "mine" / "train.py" if there == "folder" else tmp_path / "mine"
    own.parent.mkdir(exist_ok=True)
    own.write_text("mine")
    assert main([str(tmp_path / "mine"), "--language", each_language]) == 2
    assert capsys.readouterr().err == message("project.not_empty", folder=tmp_path / "mine") + "\n"
    assert own.read_text() == "mine"


def test_the_command_says_what_to_do_next(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TL_LANGUAGE", "tr")
    assert main([str(tmp_path / "mine")]) == 0
    assert capsys.readouterr().out == catalogue("tr")["project"]["written"].format(folder=tmp_path / "mine") + "\n"


def test_where_imagenets_weights_cannot_be_had_the_courses_own_base_is_taken(monkeypatch, capsys):
    def cannot(data_sets, bases):
        raise SourceError("base_models.no_weights", name=bases[0], reason="no network")

    monkeypatch.setattr("tl_helpers.editions.full_edition", cannot)
    assert base_edition("MobileNetV2") == MINI
    assert "no network" in capsys.readouterr().out
    monkeypatch.setenv("TL_EDITION", "mini")
    assert base_edition("MobileNetV2") == MINI
    assert capsys.readouterr().out == ""


def test_one_device_needs_no_strategy():
    assert gpu_strategy() is None


def run_train(folder):
    settings = {**os.environ, "TL_EDITION": "mini", "PYTHONPATH": str(Path(project.__file__).parent.parent)}
    command = [sys.executable, "train.py"]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.long
def test_a_project_without_pictures_says_what_is_missing(tmp_path):
    write_project(tmp_path / "mine")
    done = run_train(tmp_path / "mine")
    assert done.returncode == 1
    assert catalogue("en")["pictures"]["one_class"].split("(")[0].partition(" ")[2] in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_project_with_pictures_becomes_a_classifier_that_can_be_shared(tmp_path, monkeypatch, each_language):
    monkeypatch.setattr(own_pictures, "DRAWN", {"cat": 40, "dog": 40, "sunflower": 20})
    write_project(tmp_path / "mine")
    write_example_folder(tmp_path / "mine" / "pictures")
    done = run_train(tmp_path / "mine")
    assert (done.returncode, done.stderr) == (0, "")
    assert catalogue(each_language)["report_card"]["silence"].split("{")[0] in done.stdout
    assert "cat_torn.jpg" in done.stdout
    shared = load_shared(tmp_path / "mine" / "model")
    assert shared.class_names == ("cat", "dog", "sunflower")
    pictures = np.stack([own_pictures.drawn_pictures((name,), 5, 77).images for name in shared.class_names])
    answers = shared.model.predict(pictures.reshape(-1, 96, 96, 3), verbose=0).argmax(axis=1)
    assert np.mean(answers == np.repeat([0, 1, 2], 5)) >= 0.6
    for name, least in (("model_float32.tflite", 1.0), ("model_int8.tflite", 0.8)):
        content = (tmp_path / "mine" / "model" / name).read_bytes()
        agreeing = run_tflite(content, pictures.reshape(-1, 96, 96, 3)).argmax(axis=1) == answers
        assert agreeing.mean() >= least
