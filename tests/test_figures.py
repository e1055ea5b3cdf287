"""The diagrams: drawn in both languages, words inside their boxes, the right neurons switched off."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import figures
from tl_helpers.messages import LANGUAGES, message, set_language

DRAWINGS = {
    "transfer": figures.draw_transfer,
    "three_ways": figures.draw_three_ways,
    "dropout": lambda: figures.draw_dropout(0.5, seed=1),
}


@pytest.fixture
def drawn(monkeypatch):
    """Keep what is shown: figure and alternative text."""
    kept = []
    monkeypatch.setattr(figures, "show", lambda fig, alt: kept.append((fig, alt)))
    yield kept
    plt.close("all")
    set_language("en")


def texts(fig):
    return [text for axis in fig.axes for text in axis.texts if text.get_text()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAWINGS)
def test_every_diagram_has_an_alternative_text_and_no_open_placeholder(drawn, language, name):
    set_language(language)
    DRAWINGS[name]()
    [(fig, alt)] = drawn
    words = [alt] + [text.get_text() for text in texts(fig)] + [axis.get_title(loc="left") for axis in fig.axes]
    assert len(alt) > 60
    assert not any("{" in word for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["transfer", "three_ways"])
def test_no_two_words_overlap_and_none_leaves_the_figure(drawn, language, name):
    set_language(language)
    DRAWINGS[name]()
    [(fig, _)] = drawn
    renderer = fig.canvas.get_renderer()
    fig.draw_without_rendering()
    boxes = [text.get_window_extent(renderer) for text in texts(fig)]
    for i, box in enumerate(boxes):
        assert fig.bbox.containsx(box.x0), texts(fig)[i].get_text()
        assert fig.bbox.containsx(box.x1), texts(fig)[i].get_text()
        assert not any(box.overlaps(other) for other in boxes[:i]), texts(fig)[i].get_text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["transfer", "three_ways"])
def test_every_word_in_a_box_stays_inside_it(drawn, language, name):
    set_language(language)
    DRAWINGS[name]()
    [(fig, _)] = drawn
    fig.draw_without_rendering()
    renderer, inside = fig.canvas.get_renderer(), 0
    for axis in fig.axes:
        frames = [patch.get_window_extent(renderer) for patch in axis.patches]
        for text in (text for text in axis.texts if text.get_text()):
            box = text.get_window_extent(renderer)
            centre = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
            for frame in (frame for frame in frames if frame.contains(*centre)):
                inside += 1
                assert frame.x0 < box.x0, text.get_text()
                assert box.x1 < frame.x1, text.get_text()
    assert inside == {"transfer": 12, "three_ways": 9}[name]


def test_only_the_transfer_drawing_hands_something_on(drawn):
    figures.draw_transfer()
    [(fig, _)] = drawn
    classical, transfer = ([text.get_text() for text in axis.texts] for axis in fig.axes)
    assert message("figures.handed_on") not in classical
    assert message("figures.handed_on") in transfer


def test_each_way_trains_what_its_name_says(drawn):
    figures.draw_three_ways()
    [(fig, _)] = drawn
    boxes = [text.get_text() for text in fig.axes[0].texts]
    for state, count in (("kept", 6), ("new", 2), ("tuned", 1)):
        assert sum(text.endswith(f"\n{message(f'figures.{state}')}") for text in boxes) == count


@pytest.mark.parametrize(("rate", "off"), [(0.0, 0), (0.25, 2), (0.5, 4), (1.0, 8)])
def test_dropout_masks_switch_off_the_share_asked_for_in_hidden_layers_only(rate, off):
    masks = figures.dropout_masks(rate, seed=3)
    assert [int(np.sum(~mask)) for mask in masks] == [0, off, off, 0]


def test_another_seed_switches_off_other_neurons():
    one, same, other = (np.concatenate(figures.dropout_masks(0.5, seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_neuron_that_is_off_has_no_link(drawn):
    figures.draw_dropout(0.5, seed=1)
    [(fig, _)] = drawn
    links = [sum(len(line.get_xdata()) == 2 for line in axis.lines) for axis in fig.axes]
    assert links == [5 * 8 + 8 * 8 + 8 * 1, 5 * 4 + 4 * 4 + 4 * 1]
