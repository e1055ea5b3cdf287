"""Heat maps and planes, tried where the answer is known."""

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression

from tl_helpers import heat_plots, planes, trust_plots
from tl_helpers.base_models import build_base_model
from tl_helpers.heat_maps import enlarge, evidence, grad_cam, head_on_maps
from tl_helpers.known_answers import hidden_classes, two_patches
from tl_helpers.messages import set_language
from tl_helpers.planes import class_gap, nearer_to_own, read_plane, shared_plane, show_plane
from tl_helpers.trust import cover, forget_from, heat_on_mark, rank_agreement, stamp


@pytest.fixture
def shown(monkeypatch):
    """The figures and alternative texts of the plots under test."""
    figures = []
    for module in (heat_plots, planes, trust_plots):
        monkeypatch.setattr(module, "show", lambda fig, alt: figures.append((fig, alt)))
    yield figures
    plt.close("all")


def averaging_head(kernel, bias=0.0, size=12):
    kernel = np.asarray(kernel, dtype="float32")
    layers = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(kernel.shape[1])]
    model = keras.Sequential([keras.Input((size, size, len(kernel))), *layers])
    model.set_weights([kernel, np.full(kernel.shape[1], bias)])
    return model


@pytest.mark.parametrize("size", [12, 15])
def test_grad_cam_points_at_the_planted_patch_of_the_class_asked_for(size):
    top, maps, patches = two_patches(size)
    for direction, patch in zip((1.0, -1.0), patches, strict=True):
        assert patch.sum() == 9
        np.testing.assert_array_equal(grad_cam(top, maps, [[direction]])[0] > 0, patch)


def test_evidence_of_one_of_several_classes_comes_from_its_own_channels():
    maps = np.zeros((1, 12, 12, 3), dtype="float32")
    for channel in range(3):
        maps[0, channel, channel, channel] = 1
    head = averaging_head(np.eye(3))
    for asked in range(3):
        assert np.flatnonzero(evidence(head, maps, np.eye(3, dtype="float32")[[asked]])) == asked * 13


def test_evidence_under_an_averaging_head_sums_up_to_the_logit():
    maps = np.random.default_rng(0).normal(size=(4, 5, 5, 8)).astype("float32")
    head = averaging_head(np.random.default_rng(1).normal(size=(8, 1)), bias=0.7, size=5)
    signed = evidence(head, maps, np.ones((4, 1), dtype="float32"))
    np.testing.assert_allclose(signed.sum(axis=(1, 2)) + 0.7, np.asarray(head(maps))[:, 0], rtol=1e-4)
    oracle = maps @ head.get_weights()[0][:, 0] / 25
    np.testing.assert_allclose(signed, oracle, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(grad_cam(head, maps, np.ones((4, 1), "float32")), np.maximum(signed, 0))


def test_a_head_on_maps_says_what_it_says_of_their_averages():
    base_model, head = (
        build_base_model("MobileNetV2", 32),
        keras.Sequential([keras.Input((1280,)), keras.layers.Dense(1)]),
    )
    maps = np.random.default_rng(0).normal(size=(2, 1, 1, 1280)).astype("float32")
    np.testing.assert_allclose(head_on_maps(base_model, head)(maps), head(maps[:, 0, 0]), rtol=1e-5)


def test_the_surest_answers_come_first_the_right_ones_before_the_mistakes():
    logits, labels = np.array([[3.0], [-1.0], [2.0], [-5.0], [0.5]]), np.array([1, 0, 0, 1, 1])
    assert heat_plots.sure_answers(labels, logits, 2).tolist() == [0, 1, 3, 2]


def test_a_caption_says_what_is_wrong_and_how_sure_the_model_was(each_language):
    names = ("cat", "dog")
    right, wrong = heat_plots.answer_captions(np.array([0, 0]), np.array([[-9.0], [9.0]]), names)
    assert right == {"en": "cat (100 %)", "tr": "kedi (%100)"}[each_language]
    assert wrong.splitlines()[0] == {"en": "dog (100 %)", "tr": "köpek (%100)"}[each_language]
    assert {"en": "cat", "tr": "kedi"}[each_language] in wrong.splitlines()[1]


def test_a_map_is_stretched_without_moving_its_peak():
    heat = np.zeros((1, 3, 3), dtype="float32")
    heat[0, 2, 0] = 1
    large = enlarge(heat, 30)
    assert large.shape == (1, 30, 30)
    row, column = divmod(int(large[0].argmax()), 30)
    assert row >= 20
    assert column < 10


def test_only_the_hottest_part_is_covered():
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    heat = np.zeros((2, 8, 8))
    heat[:, :4, :4] = np.arange(1, 17).reshape(4, 4)
    covered = cover(images, heat, 0.25)
    np.testing.assert_array_equal(covered[:, 4:], images[:, 4:])
    np.testing.assert_array_equal(covered[:, :4, 4:], images[:, :4, 4:])
    means = images.mean(axis=(1, 2), keepdims=True).astype("float32")
    np.testing.assert_allclose(covered[:, :4, :4], np.broadcast_to(means, (2, 4, 4, 3)), rtol=1e-6)


def test_a_network_forgets_from_a_layer_on_and_stays_itself():
    base_model = build_base_model("MobileNetV2", 32)
    before = [weight.copy() for weight in base_model.get_weights()]
    copy = forget_from(base_model, "block_13_expand")
    forgotten = [layer.name for layer in base_model.layers].index("block_13_expand")
    for place, (ours, theirs) in enumerate(zip(base_model.layers, copy.layers, strict=True)):
        if ours.weights and hasattr(ours, "kernel"):
            assert np.array_equal(ours.kernel, theirs.kernel) == (place < forgotten), ours.name
    for old, new in zip(before, base_model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    for ours, theirs in zip(before, forget_from(base_model, None).get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_agreement_is_the_mean_rank_correlation():
    ours, theirs = np.random.default_rng(0).normal(size=(2, 3, 4, 4))
    oracle = np.mean([spearmanr(one.ravel(), other.ravel())[0] for one, other in zip(ours, theirs, strict=True)])
    assert rank_agreement(ours, theirs) == pytest.approx(oracle)
    assert rank_agreement(ours, np.exp(ours)) == pytest.approx(1)  # only the order counts
    assert rank_agreement(ours, -ours) == pytest.approx(-1)


@pytest.mark.parametrize("size", [96, 160])
def test_the_mark_lies_in_the_corner_and_nowhere_else(size):
    images = np.random.default_rng(0).integers(0, 256, (2, size, size, 3), dtype=np.uint8)
    kept = images.copy()
    marked, side = stamp(images), size // 3
    np.testing.assert_array_equal(images, kept)
    np.testing.assert_array_equal(marked[:, :-side], images[:, :-side])
    np.testing.assert_array_equal(marked[:, :, :-side], images[:, :, :-side])
    mark = marked[:, -side:, -side:]
    assert set(np.unique(mark)) == {0, 255}
    assert 0.4 < np.mean(mark > 0) < 0.6


def test_the_heat_on_the_mark_is_the_mean_of_the_corner():
    heat = np.zeros((2, 9, 9))
    heat[0, 8, 8], heat[0, 0, 0], heat[1, 6:, 6:] = 9, 99, 5
    assert heat_on_mark(heat) == pytest.approx((1 + 5) / 2)


def test_a_plane_in_many_dimensions_is_found_again():
    flat = np.random.default_rng(0).normal(size=(40, 2)) * [3, 2]
    directions = np.linalg.qr(np.random.default_rng(1).normal(size=(20, 2)))[0].T
    (first, second), held = shared_plane((flat @ directions)[:25], (flat @ directions)[25:])
    assert held == pytest.approx(1)
    found = np.concatenate([first, second])
    distances = [np.linalg.norm(each[:, None] - each[None], axis=-1) for each in (flat, found)]
    np.testing.assert_allclose(*distances, atol=1e-8)


def test_classes_hidden_from_the_plane_are_apart_in_all_features():
    features, labels = hidden_classes()
    (points,), _ = shared_plane(features)
    assert nearer_to_own(points, labels) < 0.65
    assert LogisticRegression(max_iter=1000).fit(features, labels).score(features, labels) == 1


def test_points_are_counted_that_lie_nearer_to_their_own_centre():
    points = np.array([[0.0, 0], [1, 0], [9, 0], [10, 0], [2, 0]])
    assert nearer_to_own(points, np.array([0, 0, 1, 1, 1])) == pytest.approx(0.8)
    assert nearer_to_own(points[:4], np.array([0, 0, 1, 1])) == 1


def test_heat_reads_as_gathered_or_spread():
    peak = np.zeros((2, 8, 8))
    peak[:, 0, 0] = 1
    assert heat_plots.read_heat_maps(peak).startswith("On average 100 % of the heat lies in the hottest quarter")
    assert "gathered" in heat_plots.read_heat_maps(peak)
    assert "spread widely" in heat_plots.read_heat_maps(np.ones((2, 8, 8)))
    assert "25 %" in heat_plots.read_heat_maps(np.zeros((2, 8, 8)))


CONTROL = "another\nhead"


def test_agreement_reads_as_what_was_learned_or_not():
    differs = trust_plots.read_agreement({CONTROL: 0.9, "all": 0.1}, CONTROL)
    assert "“another head” agree with ours by 0.90, those of “all” by 0.10: heat maps depend" in differs
    assert "explain nothing" in trust_plots.read_agreement({CONTROL: 0.9, "all": 0.85}, CONTROL)
    set_language("tr")
    assert "0,90" in trust_plots.read_agreement({CONTROL: 0.9, "all": 0.1}, CONTROL)


def corner_heat(hot):
    heat = np.full((2, 9, 9), 0.5)
    heat[:, 6:, 6:] = hot
    return heat


def test_the_mark_reads_as_found_or_not():
    found = trust_plots.read_mean_heat({"honest": corner_heat(0.1), "fooled": corner_heat(0.6)})
    assert "0.10 for “honest”, 0.60 for “fooled”, whose maps give the mark away" in found
    missed = trust_plots.read_mean_heat({"honest": corner_heat(0.5), "fooled": corner_heat(0.4)})
    assert "do not give it away" in missed


NEAR = np.array([[0.0, 0], [2, 0], [1, 0], [3, 0]])
APART = np.array([[0.0, 1], [2, 1], [8, 1], [10, 1]])
LABELS = np.array([0, 0, 1, 1])


def test_a_gap_is_measured_in_spreads_within_a_class():
    assert class_gap(NEAR, LABELS) == pytest.approx(1)
    assert class_gap(7 * APART, LABELS) == pytest.approx(8)  # the unit does not matter


def test_a_plane_reads_as_the_classes_lie():
    apart = read_plane(NEAR, APART, LABELS, 0.4)
    assert "1.0 times the spread within a class before fine-tuning, 8.0 times after it" in apart
    assert "the plane holds 40 % of all spread" in apart
    assert "only 1.0 times after" in read_plane(APART, NEAR, LABELS, 0.4)
    assert "about as much (8.0 times)" in read_plane(APART, APART, LABELS, 0.4)


def test_titles_follow_the_data(shown, capsys):
    trust_plots.show_agreement({CONTROL: 0.9, "all": -0.1}, CONTROL)
    trust_plots.show_agreement({CONTROL: 0.9, "all": 0.9}, CONTROL)
    trust_plots.show_mean_heat({"honest": corner_heat(0.1), "fooled": corner_heat(0.6)})
    trust_plots.show_mean_heat({"honest": corner_heat(0.1), "fooled": corner_heat(0.1)})
    for before, after in ((NEAR, APART), (APART, NEAR), (APART, APART + 1)):
        show_plane(before, after, LABELS, ("cat", "dog"), 0.4)
    titles = [fig.get_suptitle() or fig.axes[0].get_title(loc="left") for fig, _ in shown]
    assert len(set(titles)) == 7


def test_every_plot_says_what_it_shows(shown, capsys, each_language):
    images = np.zeros((3, 9, 9, 3), dtype=np.uint8)
    heat_plots.show_heat_maps(images, np.ones((3, 9, 9)), ["a", "b", "c\nd"], "title")
    trust_plots.show_agreement({CONTROL: 0.9, "all": 0.1}, CONTROL)
    trust_plots.show_mean_heat({"honest": corner_heat(0.1), "fooled": corner_heat(0.6)})
    show_plane(NEAR, APART, LABELS, ("cat", "dog"), 0.4)
    readings = capsys.readouterr().out.strip().splitlines()
    assert len(readings) == 4
    for (_, alt), reading in zip(shown, readings, strict=True):
        assert reading in alt


def test_both_moments_are_drawn_on_the_same_axes(shown, capsys):
    show_plane(NEAR, 100 + APART, LABELS, ("cat", "dog"), 0.4)
    first, second = shown[0][0].axes
    assert first.get_xlim() == second.get_xlim()
    assert first.get_xlim()[0] < 0
    assert second.get_xlim()[1] > 110
