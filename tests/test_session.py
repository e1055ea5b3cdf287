import json
import warnings

import numpy as np
import pytest
import tensorflow as tf

import tl_helpers
from tl_helpers import results, session
from tl_helpers.devices import Gpu
from tl_helpers.editions import Edition
from tl_helpers.messages import CourseError, language
from tl_helpers.results import MIME_TYPE, show_results


def test_a_lesson_begins_in_mini_and_says_what_it_runs_on(capsys, each_language):
    edition = tl_helpers.start("02", each_language)
    said = capsys.readouterr().out
    assert (edition.name, edition.image_size, language()) == ("mini", 96, each_language)
    assert ("the course draws itself" if each_language == "en" else "kursun kendi çizdiği") in said
    for part in ("96×96", "TensorFlow", "Keras", "tl_helpers", "CPU", "42"):
        assert part in said
    assert said.count("\n") == 5


def test_the_seeds_are_fixed():
    draws = []
    for _ in range(2):
        tl_helpers.start("02", "en")
        draws.append((np.random.rand(), float(tf.random.uniform(()))))
    assert draws[0] == draws[1]


def test_what_scikit_learn_and_scipy_disagree_on_is_not_shown_to_a_reader():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        session.load_tensorflow()
        warnings.warn("Unknown solver options: iprint", UserWarning, stacklevel=1)
        with pytest.raises(UserWarning, match="other"):
            warnings.warn("Unknown solver options: other", UserWarning, stacklevel=1)


def test_pictures_given_to_the_mini_edition_are_said_to_be_unused(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TL_PICTURES", str(tmp_path))
    tl_helpers.start("02", "en")
    assert "set TL_EDITION=full" in capsys.readouterr().out


@pytest.mark.parametrize(("in_colab", "words"), [(True, "Change runtime type"), (False, "only more slowly")])
def test_the_full_edition_without_gpu_says_what_to_do(monkeypatch, capsys, in_colab, words):
    monkeypatch.setenv("TL_EDITION", "full")
    monkeypatch.setattr(session, "full_edition", lambda *_: Edition("full", 160))
    monkeypatch.setattr(session, "in_colab", lambda: in_colab)
    tl_helpers.start("02", "en")
    said = capsys.readouterr().out
    assert words in said
    assert "160×160" in said


def test_a_gpu_is_named(monkeypatch, capsys):
    monkeypatch.setattr(session, "gpus", lambda: [Gpu("Tesla T4", 15.8, (7, 5))])
    tl_helpers.start("02", "en")
    assert "Device: GPU (Tesla T4, 15.8 GB)." in capsys.readouterr().out


def test_unknown_lesson_language_and_edition_are_refused(monkeypatch):
    with pytest.raises(CourseError, match="99"):
        tl_helpers.start("99", "en")
    with pytest.raises(CourseError, match="'de'"):
        tl_helpers.start("02", "de")
    monkeypatch.setenv("TL_EDITION", "maxi")
    with pytest.raises(CourseError, match="maxi"):
        tl_helpers.start("02", "en")


def test_results_are_shown_and_handed_over_as_plain_data(monkeypatch, capsys):
    published = []
    monkeypatch.setattr(results, "_publish", published.append)
    show_results({"accuracy": np.float32(0.5), "epochs": 20, "edition": "mini"})
    assert capsys.readouterr().out.split() == ["accuracy", "0.500", "epochs", "20", "edition", "mini"]
    assert json.loads(json.dumps(published)) == [{MIME_TYPE: {"accuracy": 0.5, "epochs": 20.0, "edition": "mini"}}]


def test_results_outside_jupyter_are_only_shown(capsys):
    show_results({"accuracy": 0.25})
    assert capsys.readouterr().out == "accuracy  0.250\n"
