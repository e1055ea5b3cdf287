import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import fine_tuning_plots as plots
from tl_helpers.base_models import build_base_model
from tl_helpers.messages import set_language


@pytest.fixture
def shown(monkeypatch):
    """The alternative texts of the plots under test."""
    texts = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, metadata, raw: texts.append(bundle["text/plain"]))
    return texts


def phase(accuracies, losses):
    return {"loss": losses, "val_loss": losses, "accuracy": accuracies, "val_accuracy": accuracies}


HEAD = phase([0.6, 0.7], [0.6, 0.5])


def test_two_phases_read_as_they_are():
    gain = plots.read_two_phases(HEAD, phase([0.72, 0.8, 0.9], [0.5, 0.4, 0.6]))
    assert gain.startswith("Validation accuracy is 70.0 % when the head is trained; in epoch 2 after unfreezing")
    assert "it is 80.0 %: 10.0 points more" in gain
    assert "it is 50.0 %: 20.0 points less" in plots.read_two_phases(HEAD, phase([0.5], [0.7]))
    assert "less than one point of difference" in plots.read_two_phases(HEAD, phase([0.705], [0.5]))
    set_language("tr")
    assert "%80,0: 10,0 puan daha fazla" in plots.read_two_phases(HEAD, phase([0.8], [0.4]))


SECONDS = {"head": 1.0, "top": 5.0, "all": 20.0}


@pytest.mark.parametrize(
    ("top", "whole", "words"),
    [
        (0.8, 0.9, "training the whole base is best with 90.0 % and takes 20.0 s"),
        (0.9, 0.6, "training “top” is best with 90.0 % and takes 5.0 s a run; the whole base reaches 60.0 % in 20.0 s"),
        (0.7, 0.6, "no depth is a full point better"),
    ],
)
def test_depths_read_as_they_are(top, whole, words, capsys, shown):
    accuracies = {"head": [0.69, 0.71], "top": [top, top], "all": [whole, whole]}
    reading = plots.read_depths(accuracies, SECONDS)
    assert reading.startswith("The head alone reaches 70.0 % on average")
    assert words in reading
    plots.show_depths(accuracies, SECONDS)
    assert capsys.readouterr().out.strip() == reading
    assert reading in shown[0]


def test_names_in_two_lines_are_read_in_one():
    accuracies = {"head\nalone": [0.7], "from\nblock 6": [0.9], "all": [0.8]}
    assert "“from block 6” is best" in plots.read_depths(accuracies, dict.fromkeys(accuracies, 1.0))


def test_titles_say_what_the_data_say(monkeypatch, shown):
    titles = []
    monkeypatch.setattr(plots, "set_title", lambda axis, text: titles.append(text))
    for whole in (0.9, 0.5):
        plots.show_depths({"head": [0.7], "top": [0.8], "all": [whole]}, SECONDS)
    assert len(set(titles)) == 2


def test_both_phases_are_in_one_plot_with_the_moment_of_unfreezing(shown, capsys, each_language, monkeypatch):
    figures = []
    monkeypatch.setattr(plots, "show", lambda figure, alt: figures.append((figure, alt)))
    plots.show_two_phases(HEAD, phase([0.8, 0.8, 0.9], [0.4, 0.3, 0.35]))
    ((figure, alt),) = figures
    for axis in figure.axes:
        curve, _, moment = axis.lines
        assert len(curve.get_xdata()) == 5
        assert moment.get_xdata() == [2.5, 2.5]
    assert capsys.readouterr().out.strip() in alt


def test_the_drawing_of_a_cut_follows_the_cut(each_language):
    base_model = build_base_model("MobileNetV2")
    low, high = (plots.draw_cut(base_model, cut) for cut in ("block_2_add", "block_16_project_BN"))
    assert low.reading != high.reading
    for drawing in (low, high):
        assert drawing.reading in drawing.alt
    trained = [sum(bar.get_facecolor()[0] > 0.5 for bar in each.figure.axes[0].patches) for each in (low, high)]
    assert trained == [15, 1]
    total = sum(bar.get_height() for bar in low.figure.axes[0].patches)
    norms = base_model.count_params() - sum(count for _, count in plots._parameters(base_model))
    np.testing.assert_allclose(1000 * total, base_model.count_params() - norms)
    for drawing in (low, high):
        plt.close(drawing.figure)
