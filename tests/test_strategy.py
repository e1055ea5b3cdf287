"""The strategy chart: what was measured, the way it speaks for, and readings that follow the numbers."""

import json

import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import likeness, strategy
from tl_helpers.messages import LANGUAGES, message, set_language
from tl_helpers.settings import asset

FIELDS = [(size, similarity) for size in strategy.SIZES for similarity in strategy.SIMILARITIES]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def runs(frozen, fine_tuned, scratch_small=(0.5, 0.5)):
    return {"scratch_small": list(scratch_small), "frozen": list(frozen), "fine_tuned": list(fine_tuned)}


def live(alike, unlike, pixels=0.5):
    return {"pixels": {1.0: [pixels], 0.0: [pixels]}, "frozen": {1.0: [alike], 0.0: [unlike]}}


def test_the_kept_runs_cover_every_field_with_as_many_runs_of_each_way():
    kept = strategy.reference_runs()
    assert set(kept) == set(FIELDS)
    for field in kept.values():
        assert set(field) == set(strategy.WAYS)
        assert len({len(each) for each in field.values()}) == 1


def test_the_kept_means_are_those_of_the_runs():
    for each in json.loads(asset("reference/similarity_and_size.json").read_text(encoding="utf-8"))["results"]:
        measured = strategy.reference_runs()[each["per_class"], each["similarity"]][each["method"]]
        assert np.mean(measured) == pytest.approx(each["mean"], abs=1e-4)


def test_ways_are_ranked_by_their_mean():
    assert strategy.ranked(runs((0.8, 0.9), (0.7, 0.7))) == ["frozen", "fine_tuned", "scratch_small"]
    assert strategy.ranked(runs((0.4, 0.4), (0.7, 0.7))) == ["fine_tuned", "scratch_small", "frozen"]


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (runs((0.8, 0.9), (0.7, 0.7)), "frozen"),
        (runs((0.7, 0.7), (0.8, 0.9)), "fine_tuned"),
        (runs((0.4, 0.4), (0.4, 0.4)), "scratch_small"),
        (runs((0.8, 0.9), (0.85, 0.7)), "close"),
    ],
)
def test_the_advice_follows_the_numbers(measured, verdict):
    best, second = strategy.ranked(measured)[:2]
    expected = message(
        f"strategy.reading_{verdict}",
        size="10",
        similarity="0.5",
        best=message(f"strategy.{best}"),
        second=message(f"strategy.{second}"),
        best_mean=f"{100 * np.mean(measured[best]):.1f} %",
        second_mean=f"{100 * np.mean(measured[second]):.1f} %",
        runs=2,
    )
    assert strategy.read_strategy(measured, 10, 0.5) == expected


def test_the_four_verdicts_give_different_advice(each_language):
    verdicts = [runs((0.9, 0.9), (0.7, 0.7)), runs((0.7, 0.7), (0.9, 0.9)), runs((0.4, 0.4), (0.3, 0.3))]
    verdicts.append(runs((0.9, 0.6), (0.8, 0.7)))
    ends = {strategy.read_strategy(each, 10, 0.5).rsplit(": ", 1)[-1] for each in verdicts}
    assert len(ends) == 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", FIELDS)
def test_the_chart_marks_the_chosen_field_and_says_what_was_measured_there(language, field):
    set_language(language)
    drawing = strategy.draw_strategy(*field)
    chart, bars = drawing.figure.axes
    marked = [patch for patch in chart.patches if patch.get_linewidth() > 2]
    assert len(marked) == 1
    place = marked[0].get_x() + marked[0].get_width() / 2, marked[0].get_y() + marked[0].get_height() / 2
    assert (strategy.SIZES[round(place[0])], strategy.SIMILARITIES[round(place[1])]) == field
    measured = strategy.reference_runs()[field]
    widths = [bar.get_width() for bar in bars.patches]
    assert widths == pytest.approx([100 * np.mean(measured[way]) for way in strategy.WAYS])
    assert drawing.reading == strategy.read_strategy(measured, *field)
    assert drawing.reading in drawing.alt
    assert "{" not in drawing.alt + drawing.figure.get_suptitle()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_chart_stays_inside_the_figure_and_its_field(language):
    set_language(language)
    fig = strategy.draw_strategy(40, 0.5).figure
    fig.draw_without_rendering()
    renderer, chart = fig.canvas.get_renderer(), fig.axes[0]
    for text, patch in zip(chart.texts, chart.patches, strict=True):
        box, frame = text.get_window_extent(renderer), patch.get_window_extent(renderer)
        assert frame.x0 < box.x0, text.get_text()
        assert box.x1 < frame.x1, text.get_text()
    for axis in fig.axes:
        for label in (axis.xaxis.label, axis.yaxis.label, *axis.get_yticklabels()):
            box = label.get_window_extent(renderer)
            assert box.x0 >= 0, label.get_text()
            assert box.x1 <= fig.bbox.x1, label.get_text()
            assert box.y0 >= 0, label.get_text()
            assert box.y1 <= fig.bbox.y1, label.get_text()


def test_live_runs_read_as_they_are():
    assert likeness.read_live(live(0.9, 0.55)) == message(
        "strategy.live_fades", alike="1.0", unlike="0.0", most="40.0", least="5.0"
    )
    assert likeness.read_live(live(0.7, 0.7)) == message(
        "strategy.live_stays", alike="1.0", unlike="0.0", most="20.0", least="20.0"
    )


@pytest.mark.parametrize(("scores", "key"), [((0.9, 0.55), "fades"), ((0.6, 0.9), "stays")])
def test_the_plot_of_live_runs_titles_and_prints_what_it_shows(monkeypatch, capsys, each_language, scores, key):
    shown = []
    monkeypatch.setattr(likeness, "show", lambda fig, alt: shown.append((fig, alt)))
    likeness.show_live_beside_reference(live(*scores), 40)
    [(fig, alt)] = shown
    assert fig.axes[0].get_title(loc="left") == message(f"strategy.live_title_{key}")
    assert capsys.readouterr().out.strip() in alt
