"""Tools that look inside a network, tried on networks whose answer is known."""

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import favourites as beside
from tl_helpers import looking_plots as plots
from tl_helpers.base_models import build_base_model
from tl_helpers.known_answers import linear_filters, one_filter, places_lit, stripes
from tl_helpers.looking import (
    activations,
    favourite_pictures,
    filter_pictures,
    in_batches,
    liveliest,
    middle_of,
    seen_from_middle,
)
from tl_helpers.messages import set_language


def convolutions(*layers, size=31):
    """A network of convolutions, given as (window, strides)."""
    stack = [keras.layers.Conv2D(2, window, strides, padding="same") for window, strides in layers]
    return keras.Sequential([keras.Input((size, size, 3)), *stack])


def upright_edge():
    """A filter that answers to dark on the left and bright on the right."""
    kernel = np.zeros((3, 3, 3, 1), dtype="float32")
    kernel[:, 0], kernel[:, 2] = -1, 1
    return kernel


def test_a_filter_for_upright_edges_answers_to_upright_stripes_and_not_to_lying_ones():
    answers = activations(one_filter([[-1, 0, 1]] * 3), ["filter"], stripes())["filter"]
    rows, columns = np.nonzero(answers[0, ..., 0])
    assert set(columns) == {4, 5, 16, 17}  # the two windows of each step from dark to bright
    assert set(rows) == set(range(22))
    assert not answers[1].any()


def test_places_are_counted_at_which_a_filter_answers():
    upright, lying = stripes()
    edge = np.array([[-1, 0, 1]] * 3)
    assert [places_lit(edge, each) for each in (upright, lying)] == [4 * 22, 0]
    assert [places_lit(edge.T, each) for each in (upright, lying)] == [0, 4 * 22]
    assert places_lit(0.33 * edge.T, upright) == 0  # but for rounding


def test_activations_are_those_of_the_layers_asked_for():
    pictures = keras.Input((8, 8, 3))
    first = keras.layers.ReLU(name="first")(pictures)
    model = keras.Model(pictures, keras.layers.Conv2D(2, 3, name="next")(first))
    inputs = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    answers = activations(model, ["next", "first"], inputs)
    assert list(answers) == ["next", "first"]
    np.testing.assert_array_equal(answers["first"], np.maximum(inputs, 0))
    np.testing.assert_allclose(answers["next"], model(inputs), rtol=1e-5, atol=1e-6)


def test_batches_give_what_the_whole_gives():
    model, _ = linear_filters(2)
    inputs = np.random.default_rng(0).normal(size=(5, 9, 9, 3)).astype("float32")
    np.testing.assert_allclose(in_batches(model, inputs, 2), model(inputs), rtol=1e-5, atol=1e-6)


def test_a_filter_becomes_a_picture_with_grey_for_nothing():
    pictures = filter_pictures(upright_edge() * 0.01)
    assert pictures.shape == (1, 3, 3, 3)
    assert pictures[0, :, :, 1].tolist() == [[0, 128, 255]] * 3


def test_colour_is_what_cancels_and_light_is_what_does_not():
    light, colour = upright_edge(), np.zeros((3, 3, 3, 1))
    colour[1, 1, :, 0] = [1, -1, 0]
    np.testing.assert_allclose(plots.colour_shares(np.concatenate([light, colour], axis=-1)), [0, 1], atol=1e-12)


def test_the_liveliest_channels_are_those_that_differ_from_place_to_place():
    answers = np.zeros((4, 4, 3))
    answers[..., 0], answers[0, 0, 1], answers[0, :, 2] = 9, 2, 4  # large everywhere is not lively
    assert liveliest(answers, 2).tolist() == [2, 1]


@pytest.mark.parametrize(
    ("layers", "width"), [([(1, 1)], 1), ([(3, 1)], 3), ([(3, 1), (3, 1)], 5), ([(3, 2), (3, 1)], 7)]
)
def test_the_middle_of_a_map_sees_its_receptive_field(layers, width):
    top, bottom, left, right = seen_from_middle(convolutions(*layers))
    assert (bottom - top, right - left) == (width, width)


def test_a_receptive_field_ends_at_the_edge_of_the_picture():
    assert seen_from_middle(convolutions((9, 1), size=5)) == (0, 5, 0, 5)


def test_what_lies_outside_the_receptive_field_changes_nothing():
    base_model = build_base_model("MobileNetV2", 64)
    bottom = keras.Model(base_model.input, base_model.get_layer("block_2_expand_BN").output)
    top, end, left, right = seen_from_middle(bottom)
    assert 0 < top < end < 64
    one, other = np.random.default_rng(0).uniform(-1, 1, (2, 64, 64, 3)).astype("float32")
    other[top:end, left:right] = one[top:end, left:right]
    row, column = middle_of(bottom)
    answers = bottom(np.stack([one, other]), training=False)[:, row, column]
    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_the_favourite_picture_of_a_linear_filter_is_the_filter(seed):
    model, filters = linear_filters(3, seed)
    for picture, channel in zip(favourite_pictures(model, [2, 0], steps=5, smoothing=0), [2, 0], strict=True):
        assert np.corrcoef(picture[3:6, 3:6].ravel(), filters[channel].ravel())[0, 1] > 0.98
        picture[3:6, 3:6] = 0
        assert np.abs(picture).max() < 0.06  # the noise at the start


def test_the_favourite_picture_excites_its_own_channel_more_than_the_start_and_stays_a_picture():
    base_model = build_base_model("MobileNetV2", 32)
    bottom = keras.Model(base_model.input, base_model.get_layer("block_2_expand_BN").output)
    row, column = middle_of(bottom)
    start, found = (favourite_pictures(bottom, [5], steps=steps) for steps in (0, 15))
    before, after = (float(bottom(each)[0, row, column, 5]) for each in (start, found))
    assert after > before
    assert np.abs(found).max() <= 1


def test_smoothing_makes_neighbours_alike():
    def roughness(picture):
        return np.abs(np.diff(picture, axis=0)).mean() / np.abs(picture).mean()

    rough, smooth = (favourite_pictures(linear_filters()[0], [0], steps=5, smoothing=each)[0] for each in (0, 2))
    assert roughness(smooth) < roughness(rough)


def test_filters_read_as_they_are():
    light, colour = upright_edge(), np.zeros((3, 3, 3, 1))
    colour[1, 1, :, 0] = [1, -1, 0]
    reading = plots.read_filters(np.concatenate([light, light, colour], axis=-1))
    assert reading == "3 filters of 3×3 pixels: 2 look mostly at light and dark, 1 mostly at colour."
    assert "1 look mostly at light and dark, 2 mostly at colour" in plots.read_filters(
        np.concatenate([light, colour, colour], axis=-1)
    )


def test_a_layer_reads_as_it_is():
    maps = np.zeros((4, 4, 10))
    maps[..., :3] = 1
    reading = plots.read_layer(maps, (10, 17, 10, 19), "block_1", 32)
    assert "block_1: 10 channels answer at 4×4 places; the place in the middle sees 7×9 pixels" in reading
    assert "70 % of the answers are 0" in reading
    assert "sees the whole picture; 0 % of the answers" in plots.read_layer(maps + 1, (0, 32, 0, 32), "x", 32)
    set_language("tr")
    assert "%70" in plots.read_layer(maps, (10, 17, 10, 19), "block_1", 32)


def favourites(found, strongest):
    pictures = np.full((1, 8, 8, 3), 0.5)
    examples = np.zeros((1, beside.EXAMPLES, 8, 8, 3), dtype=np.uint8)
    return beside.Favourites((7,), pictures, np.array([found]), examples, np.array([strongest]), (2, 5, 2, 5), 64)


def test_a_favourite_reads_as_it_is():
    assert "the answer is 8.0 to the picture that was found, and at most 3.0 to 64 real ones" in beside.read_favourite(
        favourites(8.0, 3.0), 0, "block_6"
    )
    assert "only 2.0 to the picture that was found; one of 64 real ones gets 3.0" in beside.read_favourite(
        favourites(2.0, 3.0), 0, "block_6"
    )


def test_real_pictures_are_ranked_by_the_answer_of_the_middle():
    model, filters = linear_filters(2)
    inputs = np.zeros((5, 9, 9, 3), dtype="float32")
    for place, strength in enumerate((0.1, 0.5, -1.0, 0.3, 0.2)):
        inputs[place, 3:6, 3:6] = strength * filters[1]
    images = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones((1, 9, 9, 3), dtype=np.uint8)
    compared = beside.compare_with_real(model, (1,), inputs[3:4], inputs, images)
    assert compared.examples[0, :, 0, 0, 0].tolist() == [1, 3, 4]
    assert compared.strongest[0] == pytest.approx(0.5 * np.sum(filters[1] ** 2), rel=1e-4)
    assert compared.answers[0] == pytest.approx(0.3 * np.sum(filters[1] ** 2), rel=1e-4)


def test_drawings_have_a_reading_and_show_what_is_seen(each_language):
    maps = {"a": np.random.default_rng(0).random((4, 4, 8)), "b": np.random.default_rng(0).random((2, 2, 16))}
    seen = {"a": (1, 4, 1, 4), "b": (0, 8, 0, 8)}
    picture = np.zeros((8, 8, 3), dtype=np.uint8)
    drawings = [plots.draw_layer(picture, maps, seen, name) for name in maps]
    assert [drawing.figure.axes[0].patches[0].get_width() for drawing in drawings] == [3, 8]
    drawings.append(beside.draw_favourite({"a": favourites(2.0, 1.0)}, "a", 7))
    assert {axis.images[0].get_array().shape for axis in drawings[-1].figure.axes} == {(3, 3, 3)}
    assert len({drawing.reading for drawing in drawings}) == 3
    for drawing in drawings:
        assert drawing.reading in drawing.alt
        plt.close(drawing.figure)


def test_the_title_of_the_filters_follows_them(monkeypatch, capsys):
    titles = []
    monkeypatch.setattr(plots, "show", lambda fig, alt: titles.append(fig.get_suptitle()) or plt.close(fig))
    colour = np.zeros((3, 3, 3, 1))
    colour[1, 1, :, 0] = [1, -1, 0]
    plots.show_filters(upright_edge())
    plots.show_filters(colour)
    assert len(set(titles)) == 2
    assert len(capsys.readouterr().out.splitlines()) == 2
