"""The diagrams: drawn in both languages, words inside their boxes, the numbers of what is drawn."""

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import block_figures, figures, task_figures
from tl_helpers.base_models import build_base_model
from tl_helpers.block_figures import block_channels
from tl_helpers.inception import inception_module
from tl_helpers.messages import CourseError, message

NETWORK = build_base_model("MobileNetV2")
DRAWINGS = {
    "transfer": figures.draw_transfer,
    "three_ways": figures.draw_three_ways,
    "dropout": lambda: figures.draw_dropout(0.5, seed=1),
    "mobilenet": block_figures.draw_mobilenet_block,
    "mobilenet_of_a_network": lambda: block_figures.draw_mobilenet_block(NETWORK, block=13),
    "inception": block_figures.draw_inception_module,
    "factorisation": block_figures.draw_factorisation,
    "heads": task_figures.draw_heads,
}
WORDS_IN_BOXES = {
    "transfer": 12,
    "three_ways": 9,
    "mobilenet": 5,
    "mobilenet_of_a_network": 5,
    "inception": 9,
    "heads": 4,
}


@pytest.fixture
def drawn(monkeypatch):
    """Keep what is shown: figure and alternative text."""
    kept = []
    for module in (figures, block_figures, task_figures):
        monkeypatch.setattr(module, "show", lambda fig, alt: kept.append((fig, alt)))
    yield kept
    plt.close("all")


def texts(fig):
    return [text for axis in fig.axes for text in axis.texts if text.get_text()]


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_diagram_has_an_alternative_text_and_no_open_placeholder(drawn, each_language, name):
    DRAWINGS[name]()
    [(fig, alt)] = drawn
    words = [alt] + [text.get_text() for text in texts(fig)] + [axis.get_title(loc="left") for axis in fig.axes]
    assert len(alt) > 60
    assert not any("{" in word for word in words)


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_two_words_overlap_and_none_leaves_the_figure(drawn, each_language, name):
    DRAWINGS[name]()
    [(fig, _)] = drawn
    fig.draw_without_rendering()
    renderer = fig.canvas.get_renderer()
    written = texts(fig) + [axis._left_title for axis in fig.axes]
    boxes = [text.get_window_extent(renderer) for text in written]
    for i, box in enumerate(boxes):
        assert fig.bbox.containsx(box.x0), written[i].get_text()
        assert fig.bbox.containsx(box.x1), written[i].get_text()
        assert not any(box.overlaps(other) for other in boxes[:i]), written[i].get_text()


@pytest.mark.parametrize("name", WORDS_IN_BOXES)
def test_every_word_in_a_box_stays_inside_it(drawn, each_language, name):
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
    assert inside == WORDS_IN_BOXES[name]


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


def test_a_blocks_numbers_are_those_of_its_layers():
    assert block_channels(NETWORK, 2) == (8, 48, 8, True)
    assert block_channels(NETWORK, 13) == (32, 192, 56, False)


def test_the_drawn_block_has_the_networks_numbers_and_a_shortcut_only_where_the_network_has_one(drawn):
    block_figures.draw_mobilenet_block(NETWORK, block=2)
    block_figures.draw_mobilenet_block(NETWORK, block=13)
    (with_it, alt), (without, other_alt) = drawn
    assert next(text.get_text() for text in texts(with_it)) == "8 channels"
    assert len(texts(with_it)) == len(texts(without)) + 1
    assert "48" in alt
    assert "192" in other_alt
    assert "without a shortcut" in other_alt
    assert "without a shortcut" not in alt


@pytest.mark.parametrize("block", [0, 17])
def test_a_block_that_the_network_does_not_have_is_refused(block):
    with pytest.raises(CourseError) as refused:
        block_figures.draw_mobilenet_block(NETWORK, block)
    assert refused.value.key == "figures_blocks.unknown_block"


def test_the_drawn_module_gives_as_many_channels_as_the_module_itself(drawn):
    filters = (2, 3, 4, 5, 6, 7)
    block_figures.draw_inception_module(9, filters)
    inputs = keras.Input((4, 4, 9))
    [(fig, alt)] = drawn
    channels = inception_module(inputs, filters, "mixed").shape[-1]
    assert f"side by side: {channels} channels" in [text.get_text() for text in texts(fig)]
    assert f"they give {channels} channels" in alt


def test_the_split_window_is_drawn_with_as_many_cells_as_it_has_weights(drawn):
    block_figures.draw_factorisation(5)
    [(fig, _)] = drawn
    assert [len(axis.patches) for axis in fig.axes] == [25, 10]
    assert [axis.get_title(loc="left").split()[-2] for axis in fig.axes] == ["25", "10"]
