from base64 import b64decode

import numpy as np
import pytest

from tl_helpers import plots
from tl_helpers.messages import set_language


@pytest.fixture
def shown(monkeypatch):
    """What the plots under test show: (PNG bytes, alternative text)."""
    pictures = []

    def display(bundle, metadata, raw):
        assert raw
        pictures.append((b64decode(bundle["image/png"]), metadata["image/png"]["alt"]))

    monkeypatch.setattr("IPython.display.display", display)
    return pictures


def history(train, validation):
    return {"loss": [1.0, 0.5], "val_loss": [1.1, 0.6], "accuracy": [0.5, train], "val_accuracy": [0.5, validation]}


def test_learning_curves_read_as_they_are():
    assert "a gap of 20.0 points" in plots.read_learning_curves(history(0.9, 0.7))
    assert "less than 2 points" in plots.read_learning_curves(history(0.9, 0.89))
    assert "validation is 5.0 points ahead" in plots.read_learning_curves(history(0.9, 0.95))
    assert "a gap of 13.8 points" in plots.read_learning_curves(history(1.0, 0.86249))  # as 100.0 and 86.2 read


def test_a_comparison_names_the_leader_and_whether_it_always_leads():
    always = plots.read_comparison({"a": [0.5, 0.6], "b": [0.8, 0.9]})
    assert always.startswith("Over 2 runs “b” reaches 85.0 %")
    assert "ahead in every run" in always
    assert "behind in some runs" in plots.read_comparison({"a": [0.5, 0.95], "b": [0.8, 0.9]})
    assert "“a” reaches" in plots.read_comparison({"a": [0.9, 0.9], "b": [0.5, 0.6]})


def test_a_confusion_matrix_names_the_commonest_mistake():
    reading = plots.read_confusion(np.array([[40, 2], [9, 49]]), ["cat", "dog"])
    assert reading == "89 of 100 pictures are named rightly; the commonest mistake is dog taken for cat, 9 times."
    assert "cat taken for dog, 9" in plots.read_confusion(np.array([[40, 9], [2, 49]]), ["cat", "dog"])
    assert plots.read_confusion(np.diag([3, 4]), ["cat", "dog"]).startswith("All 7 of 7")


def test_readings_are_turkish_in_turkish():
    set_language("tr")
    assert "%90,0" in plots.read_learning_curves(history(0.9, 0.7))
    assert "köpek yerine kedi demek (9 kez)" in plots.read_confusion(np.array([[4, 2], [9, 4]]), ["kedi", "köpek"])


def test_every_plot_is_a_picture_with_alternative_text_and_a_reading(shown, capsys, each_language):
    plots.show_learning_curves(history(0.9, 0.7))
    plots.show_comparison({"a": [0.5, 0.6], "b": [0.8, 0.9]}, "title", "accuracy (%)")
    plots.show_confusion(np.array([[4, 1], [2, 3]]), ["cat", "dog"])
    plots.show_pictures(np.zeros((3, 8, 8, 3)), ["x", "y", ""], "title", columns=2)
    assert len(shown) == 4
    for data, alt in shown:
        assert data.startswith(b"\x89PNG")
        assert len(alt) > 20
    assert len(capsys.readouterr().out.strip().splitlines()) == 3


def test_classes_are_named_in_the_readers_language():
    assert (plots.class_name("dog"), plots.class_name("ants")) == ("dog", "ants")
    set_language("tr")
    assert (plots.class_name("dog"), plots.class_name("ants")) == ("köpek", "ants")


def test_an_axis_has_the_readers_decimal_sign(each_language):
    fig, axis = plots.figure()
    axis.plot([0.0, 0.5], [0.0, 0.5])
    fig.draw_without_rendering()
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert ("0.2" if each_language == "en" else "0,2") in labels
    plots.plt.close(fig)
