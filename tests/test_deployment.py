"""Which model for whom: latency, the efficient front, the rule, and sentences that follow the numbers."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import deployment, deployment_plots
from tl_helpers.deployment import cheapest_good_enough, efficient_front, latency
from tl_helpers.deployment_plots import (
    comparison_title,
    read_foretelling,
    read_front,
    read_integers,
    show_front,
    show_table,
)
from tl_helpers.messages import message


@pytest.fixture
def drawn(monkeypatch):
    kept = []
    monkeypatch.setattr(deployment_plots, "show", lambda fig, alt: kept.append((fig, alt)))
    yield kept
    plt.close("all")


def by_brute_force(costs, accuracies):
    """Oracle: a model is beaten where another is at least as good in both and better in one."""

    def beats(other, model):
        cheaper, better = costs[other] - costs[model], accuracies[model] - accuracies[other]
        return cheaper <= 0 and better <= 0 and (cheaper < 0 or better < 0)

    every = range(len(costs))
    return {model for model in every if not any(beats(other, model) for other in every)}


@pytest.mark.parametrize("seed", range(30))
def test_the_front_is_what_no_other_model_beats_also_with_ties(seed):
    random = np.random.default_rng(seed)
    costs, accuracies = random.integers(0, 5, 9).tolist(), random.integers(0, 5, 9).tolist()
    front = efficient_front(costs, accuracies)
    assert set(front) == by_brute_force(costs, accuracies)
    assert [costs[model] for model in front] == sorted(costs[model] for model in front)


def test_models_equal_in_both_are_all_on_the_front():
    assert efficient_front([1, 1, 2], [0.9, 0.9, 0.8]) == [0, 1]


def test_a_model_as_fast_but_less_accurate_is_beaten_and_so_is_one_as_accurate_but_slower():
    assert efficient_front([1, 2, 2, 3], [0.90, 0.94, 0.92, 0.94]) == [0, 1]


def test_the_rule_takes_the_cheapest_model_within_the_tolerance():
    costs, accuracies = [1, 2, 3], [0.80, 0.91, 0.92]
    assert cheapest_good_enough(costs, accuracies, tolerance=0.02) == 1
    assert cheapest_good_enough(costs, accuracies, tolerance=0.0) == 2
    assert cheapest_good_enough(costs, accuracies, tolerance=0.2) == 0


def test_of_two_that_cost_the_same_the_rule_takes_the_more_accurate():
    assert cheapest_good_enough([1, 1, 5], [0.90, 0.91, 0.92], tolerance=0.05) == 1


@pytest.mark.parametrize("seed", range(20))
def test_what_the_rule_takes_lies_on_the_front(seed):
    random = np.random.default_rng(seed)
    costs, accuracies = random.integers(0, 5, 8).tolist(), (random.integers(0, 9, 8) / 10).tolist()
    assert cheapest_good_enough(costs, accuracies, tolerance=0.3) in efficient_front(costs, accuracies)


def test_latency_is_the_median_of_the_runs_after_the_first(monkeypatch):
    durations = iter([50.0, 1.0, 2.0, 30.0])  # the first one is slow, and one is disturbed
    clock, given = [0.0], []

    def run(pictures):
        given.append(pictures)
        clock[0] += next(durations)

    monkeypatch.setattr(deployment.time, "perf_counter", lambda: clock[0])
    assert latency(run, "pictures", repeats=3) == 2.0
    assert given == ["pictures"] * 4


@pytest.mark.parametrize(
    ("seconds", "accuracies", "key"),
    [
        ({"a": 1e-3, "b": 2e-3, "c": 3e-3}, {"a": 0.8, "b": 0.9, "c": 0.85}, "front_some"),
        ({"a": 1e-3, "b": 2e-3, "c": 3e-3}, {"a": 0.8, "b": 0.85, "c": 0.9}, "front_all"),
        ({"a": 1e-3, "b": 2e-3, "c": 3e-3}, {"a": 0.9, "b": 0.85, "c": 0.8}, "front_one"),
    ],
)
def test_the_front_reads_as_its_numbers_say(each_language, seconds, accuracies, key):
    reading = read_front(seconds, accuracies)
    start = message(f"deployment.{key}", **dict.fromkeys(PLACES, "§"))
    assert all(part in reading for part in start.split("§"))


PLACES = (
    "count",
    "total",
    "fastest",
    "fastest_time",
    "fastest_share",
    "best",
    "best_time",
    "best_share",
    "beaten",
    "rival",
)


def test_the_reading_names_a_beaten_model_and_one_that_beats_it():
    reading = read_front({"slow": 3e-3, "fast": 1e-3, "good": 2e-3}, {"slow": 0.7, "fast": 0.8, "good": 0.9})
    assert "Not on it, for instance: slow; good is at least as fast" in reading
    other = read_front({"slow": 1e-3, "fast": 3e-3, "good": 2e-3}, {"slow": 0.7, "fast": 0.8, "good": 0.9})
    assert "Not on it, for instance: fast; good is at least as fast" in other


def test_models_that_are_all_the_same_read_as_one_front():
    assert "is the fastest" in read_front({"a": 1e-3, "b": 1e-3}, {"a": 0.9, "b": 0.9})


def test_the_front_is_drawn_with_a_letter_a_model_and_its_key(drawn, each_language, capsys):
    names = [f"model {i}" for i in range(8)]
    seconds = dict(zip(names, np.linspace(1e-4, 3e-3, 8), strict=True))
    accuracies = dict(zip(names, [0.7, 0.8, 0.75, 0.9, 0.91, 0.85, 0.92, 0.92], strict=True))
    show_front(seconds, accuracies, pictures=600)
    [(fig, alt)] = drawn
    written = [text.get_text() for text in fig.axes[0].texts]
    assert [text for text in written if len(text) == 1] == list("ABCDEFGH")
    assert [text[3:] for text in written if len(text) > 1] == names
    assert read_front(seconds, accuracies) in alt
    assert capsys.readouterr().out.strip() == read_front(seconds, accuracies)
    bold = [
        text.get_text()[3:] for text in fig.axes[0].texts if text.get_weight() == "bold" and len(text.get_text()) > 1
    ]
    assert bold == ["model 0", "model 1", "model 3", "model 4", "model 6"]


def test_the_keys_of_the_front_do_not_leave_the_figure_nor_overlap(drawn):
    names = [
        message(f"deployment.{kind}", name=name)
        for name in ("MobileNetV2", "short MobileNetV2", "Inception", "short Inception")
        for kind in ("floats", "integers")
    ]
    show_front(dict(zip(names, np.linspace(1e-4, 3e-3, 8), strict=True)), dict.fromkeys(names, 0.9), pictures=100)
    [(fig, _)] = drawn
    fig.draw_without_rendering()
    renderer = fig.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in fig.axes[0].texts if len(text.get_text()) > 1]
    for i, box in enumerate(boxes):
        assert fig.bbox.containsx(box.x1)
        assert not any(box.overlaps(other) for other in boxes[:i])


@pytest.mark.parametrize(("time", "words"), [(3.3, "foretells"), (1.2, "only 1.2 times"), (9.0, "even 9.0 times")])
def test_what_the_count_foretells_follows_the_latencies(time, words):
    assert words in read_foretelling("large", "small", (33, 10), (time, 1.0))


@pytest.mark.parametrize(
    ("accuracies", "words"), [((0.9, 0.88), "falls by 2.0"), ((0.9, 0.9), "the same"), ((0.9, 0.91), "rises by 1.0")]
)
def test_what_integers_cost_follows_the_accuracies(accuracies, words):
    assert words in read_integers("m", (400, 100), accuracies, (1.0, 1.0))


@pytest.mark.parametrize(
    ("seconds", "words"), [((2, 1), "2.0 times faster"), ((1, 2), "2.0 times slower"), ((1, 1), "about as fast")]
)
def test_what_integers_save_follows_the_latencies(seconds, words):
    reading = read_integers("m", (400, 100), (0.9, 0.9), seconds)
    assert "4.0 times smaller" in reading
    assert words in reading


def test_a_table_has_a_name_before_each_row_and_columns_one_below_the_other(capsys):
    show_table(["size", "time"], {"a": ["1", "2.5 ms"], "longer": ["100 KB", "3"]})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["a", "longer"]
    assert len({len(line) for line in lines}) == 1
    assert lines[1].index("1") + 1 == lines[2].index("KB") + 2


def test_the_title_of_a_comparison_names_a_leader_only_where_it_leads_in_every_run():
    assert "b leads in every run" in comparison_title({"a": [0.8, 0.8], "b": [0.9, 0.9], "c": [0.1, 0.1]})
    assert "a leads in every run" in comparison_title({"a": [0.9, 0.9], "b": [0.8, 0.8]})
    assert "b and a are close" in comparison_title({"a": [0.8, 0.8], "b": [0.9, 0.79]})
