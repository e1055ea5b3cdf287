"""Report cards against independent oracles: SciPy's interval, scikit-learn's calibration curve, brute force."""

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve

from tl_helpers.messages import message
from tl_helpers.pictures import Pictures
from tl_helpers.report_card import (
    calibration_bins,
    choose_threshold,
    confidence_and_right,
    expected_calibration_error,
    read_silence,
    report_card,
    wilson_interval,
)
from tl_helpers.report_card_plots import draw_doubt, read_doubt, read_reliability, show_mistakes, show_reliability

RANDOM = np.random.default_rng(0)
CONFIDENCE = RANDOM.uniform(1 / 3, 1, 500)
RIGHT = RANDOM.random(500) < CONFIDENCE**2
HALF = np.arange(200) % 2 == 0


@pytest.mark.parametrize(("right", "total"), [(0, 7), (7, 7), (1, 1), (31, 40), (500, 1000)])
def test_wilsons_interval_is_scipys(right, total):
    expected = binomtest(right, total).proportion_ci(method="wilson")
    assert wilson_interval(right, total) == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_confidence_is_the_probability_of_the_answer():
    logits = RANDOM.normal(size=(50, 4))
    labels = RANDOM.integers(0, 4, 50)
    confidence, right = confidence_and_right(labels, logits)
    np.testing.assert_allclose(confidence, softmax(logits, axis=1).max(axis=1))
    np.testing.assert_array_equal(right, np.argmax(logits, axis=1) == labels)


@pytest.mark.parametrize("bins", [4, 10, 15])
def test_the_parts_of_a_reliability_diagram_are_those_of_scikit_learn(bins):
    parts = calibration_bins(CONFIDENCE, RIGHT, bins)
    true, said = calibration_curve(RIGHT, CONFIDENCE, n_bins=bins, strategy="uniform")
    np.testing.assert_allclose([part[0] for part in parts], said)
    np.testing.assert_allclose([part[1] for part in parts], true)
    counts, _ = np.histogram(CONFIDENCE, bins, range=(0, 1))
    assert [part[2] for part in parts] == [count for count in counts if count]


@pytest.mark.parametrize("bins", [4, 10])
def test_the_calibration_error_is_the_weighted_distance_from_the_diagonal(bins):
    true, said = calibration_curve(RIGHT, CONFIDENCE, n_bins=bins, strategy="uniform")
    counts, _ = np.histogram(CONFIDENCE, bins, range=(0, 1))
    expected = np.average(np.abs(true - said), weights=counts[counts > 0])
    assert expected_calibration_error(CONFIDENCE, RIGHT, bins) == pytest.approx(expected)


@pytest.mark.parametrize(("said", "error"), [(0.9, 0.4), (0.5, 0.0), (1.0, 0.5)])
def test_the_error_of_a_model_that_always_says_the_same_is_its_boast(said, error):
    assert expected_calibration_error(np.full(200, said), HALF) == pytest.approx(error)


@pytest.mark.parametrize("wanted", [0.5, 0.7, 0.8, 0.9])
def test_the_threshold_is_the_lowest_of_those_that_are_high_enough(wanted):
    good = [
        step
        for step in (round(0.5 + 0.01 * place, 2) for place in range(50))
        if (step <= CONFIDENCE).any() and RIGHT[step <= CONFIDENCE].mean() >= wanted
    ]
    assert choose_threshold(CONFIDENCE, RIGHT, wanted) == pytest.approx(min(good))


def test_where_no_threshold_is_high_enough_the_model_never_answers():
    assert choose_threshold(np.full(200, 0.8), HALF, 0.95) == 1.0
    assert choose_threshold(np.full(200, 0.8), np.ones(200, bool), 0.95) == 0.5


def test_a_report_card_counts_what_the_model_did(each_language):
    labels = np.array([0, 0, 1, 1])
    logits = np.array([[4.0, 0], [4, 0], [0, 4], [0.1, 0]])
    lines = report_card(labels, logits, ("cat", "dog"), threshold=0.6).splitlines()
    percents = {"en": ("75.0 %", "30.1 %", "100.0 %"), "tr": ("%75,0", "%30,1", "%100,0")}[each_language]
    assert percents[0] in lines[0]
    assert percents[1] in lines[0]
    assert lines[1:3] == [
        message("report_card.of_class", name=message(f"classes.{name}"), right=right, count=2)
        for name, right in (("cat", 2), ("dog", 1))
    ]
    assert percents[2] in lines[-1]


def test_a_model_that_keeps_silent_about_everything_gets_a_report_card_too():
    text = report_card(np.array([0, 1]), np.array([[1.0, 0], [0, 1]]), ("cat", "dog"), threshold=1.0)
    assert text.splitlines()[-1] == message("report_card.silence_always", threshold="100 %", silent="2")


def test_the_answers_that_are_given_have_an_interval_of_their_own(each_language):
    said = read_silence(np.array([0.9] * 20 + [0.6] * 30), np.arange(50) < 20, 0.8)  # all 20 sure answers are right
    shown = {"en": ("80 %", "100.0 %", "83.9 %"), "tr": ("%80", "%100,0", "%83,9")}[each_language]
    threshold, kept, low = shown
    assert said == message("report_card.silence", threshold=threshold, silent="30", kept=kept, low=low, high=kept)


READINGS = {
    "over": (np.full(200, 0.9), HALF),
    "under": (np.full(200, 0.6), np.arange(200) > 10),
    "honest": (np.full(200, 0.52), HALF),
}


@pytest.mark.parametrize("verdict", READINGS)
def test_a_reliability_diagram_is_read_from_its_numbers(verdict, capsys, each_language):
    confidence, right = READINGS[verdict]
    reading = read_reliability(confidence, right)
    others = [read_reliability(*READINGS[other]) for other in READINGS if other != verdict]
    opening = message(f"report_card.reliability_{verdict}", said="{}", right="{}", points="{}").split(":")[1]
    assert opening.split("{}")[0] in reading
    assert reading not in others
    show_reliability(confidence, right)
    assert reading in capsys.readouterr().out


def test_silence_is_read_from_its_numbers():
    confidence = np.array([0.55, 0.65, 0.75, 0.95])
    assert "75.0 % of the pictures, and 66.7 %" in read_doubt(confidence, np.array([True, False, True, True]), 0.6)
    assert "50.0 % of the pictures, and 100.0 %" in read_doubt(confidence, np.array([True, False, True, True]), 0.7)
    assert read_doubt(confidence, np.ones(4, bool), 0.99) == message("report_card.doubt_none", threshold="99 %")


@pytest.mark.parametrize(("right", "gains"), [([False, True, True, True], True), ([True, True, True, False], False)])
def test_the_title_says_whether_silence_gains(right, gains):
    drawing = draw_doubt(np.array([0.55, 0.65, 0.75, 0.95]), np.array(right), 0.6)
    title = message("report_card.doubt_title_gains" if gains else "report_card.doubt_title_no_gain")
    assert drawing.figure.axes[0].get_title(loc="left") == title
    assert drawing.reading in drawing.alt


def test_the_surest_mistakes_are_shown_with_truth_and_answer(capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("tl_helpers.report_card_plots.show_pictures", lambda *given: shown.append(given))
    images = np.arange(3, dtype=np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), np.uint8)
    pictures = Pictures(images, np.array([0, 1, 1]), ("cat", "dog"), ("a", "b", "c"))
    show_mistakes(pictures, np.array([[0.0, 1], [0, 1], [2, 0]]))
    ((found, captions, _),) = shown
    assert found[:, 0, 0, 0].tolist() == [2, 0]
    assert captions == ["dog →\ncat", "cat →\ndog"]
    show_mistakes(pictures, np.array([[1.0, 0], [0, 1], [0, 1]]))
    assert len(shown) == 1
    assert "3" in capsys.readouterr().out
