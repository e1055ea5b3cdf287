"""The kept runs at every dropout rate: made as the lesson trains, drawn one at a time, read as the numbers are."""

import json

import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import dropout_rates
from tl_helpers.authoring import dropout_runs
from tl_helpers.messages import LANGUAGES, message, set_language
from tl_helpers.settings import asset

TOLERANCE = 0.06  # of a mean loss of one seed after 15 epochs; between machines rounding grows while a network trains


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def history(loss, val_loss):
    return {"loss": [0.7, loss], "val_loss": [0.7, val_loss], "accuracy": [0.5, 0.9], "val_accuracy": [0.5, 0.8]}


def test_every_rate_was_trained_with_the_same_seeds_and_epochs():
    kept = json.loads(asset("reference/dropout_rates.json").read_text(encoding="utf-8"))
    assert {(each["rate"], each["seed"]) for each in kept["results"]} == {
        (rate, seed) for rate in dropout_runs.RATES for seed in dropout_runs.SEEDS
    }
    assert {len(each[name]) for each in kept["results"] for name in dropout_rates.CURVES} == {15}
    assert set(kept) == {"command", "versions", "data_hash", "machine", "results"}


def test_one_kept_run_can_be_made_again():
    train, validation = dropout_runs.examples()
    kept = json.loads(asset("reference/dropout_rates.json").read_text(encoding="utf-8"))
    assert dropout_runs.data_hash(train, validation) == kept["data_hash"]
    (expected,) = [each for each in kept["results"] if (each["rate"], each["seed"]) == (0.5, 0)]
    again = dropout_runs.run(0.5, 0, train, validation)
    for name in ("loss", "val_loss"):
        assert np.mean(again[name]) == pytest.approx(np.mean(expected[name]), abs=TOLERANCE)


def test_the_script_writes_what_the_lesson_reads(monkeypatch, tmp_path):
    examples = (np.zeros((4, 3), np.float32), np.array([0, 1, 0, 1]))
    monkeypatch.setattr(dropout_runs, "examples", lambda: (examples, examples))
    monkeypatch.setattr(dropout_runs, "train_network", lambda rate, seed, *_: history(rate + seed / 7, 1.0))
    assert dropout_runs.main(["--out", str(tmp_path / "runs.json")]) == 0
    written = json.loads((tmp_path / "runs.json").read_text(encoding="utf-8"))
    assert len(written["results"]) == len(dropout_runs.RATES) * len(dropout_runs.SEEDS)
    assert written["results"][1] == {"rate": 0.0, "seed": 1, **history(0.1429, 1.0)}
    assert written["command"] == dropout_runs.COMMAND


def test_the_kept_runs_show_what_the_lesson_says():
    runs = dropout_rates.rate_runs()
    assert list(runs) == sorted(runs)
    assert np.mean([each["accuracy"][-1] for each in runs[0.8]]) < 0.9
    training = [np.mean([each["loss"][-1] for each in histories]) for histories in runs.values()]
    assert training[0] < training[-1]


@pytest.mark.parametrize(("rate", "verdict"), [(0.0, "too_little"), (0.4, "best"), (0.8, "too_much")])
def test_the_reading_of_a_rate_follows_the_numbers(rate, verdict):
    runs = {0.0: [history(0.1, 0.6)], 0.4: [history(0.2, 0.4)], 0.8: [history(0.5, 0.7)]}
    train, validation = runs[rate][0]["loss"][-1], runs[rate][0]["val_loss"][-1]
    values = {"train": f"{train:.2f}", "validation": f"{validation:.2f}", "gap": f"{validation - train:.2f}"}
    expected = message(f"dropout_rates.{verdict}", rate=f"{rate:.1f}", seeds=1, best="0.4", lowest="0.40", **values)
    assert dropout_rates.read_rate(runs, rate) == expected
    opposite = {each: [history(0.1, 1 - histories[0]["val_loss"][-1])] for each, histories in runs.items()}
    assert dropout_rates.read_rate(opposite, 0.4) != dropout_rates.read_rate(runs, 0.4)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rate", [0.0, 0.8])
def test_the_drawing_marks_the_rate_and_says_its_gap(language, rate):
    set_language(language)
    drawing = dropout_rates.draw_rate(rate)
    curves, gaps = drawing.figure.axes
    marked = gaps.lines[-1]
    assert marked.get_xdata() == [rate]
    expected = np.mean([each["val_loss"][-1] - each["loss"][-1] for each in dropout_rates.rate_runs()[rate]])
    assert marked.get_ydata() == [pytest.approx(expected)]
    assert len(curves.lines) == 2 * (len(dropout_runs.SEEDS) + 1)
    assert drawing.reading in drawing.alt
    drawing.figure.draw_without_rendering()
    for axis in drawing.figure.axes:
        for label in (axis.xaxis.label, axis.title):
            box = label.get_window_extent(drawing.figure.canvas.get_renderer())
            assert drawing.figure.bbox.x0 <= box.x0
            assert box.x1 <= drawing.figure.bbox.x1, label.get_text()
