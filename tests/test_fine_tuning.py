import keras
import numpy as np
import pytest

from tl_helpers import fine_tuning, picturebook
from tl_helpers.base_models import build_base_model, load_base_model, parameter_counts, preprocessing
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI, Edition
from tl_helpers.fine_tuning import (
    at_cut,
    best_epoch,
    block_ends,
    classifier_on,
    load_unfamiliar,
    moved_statistics,
    moving_statistics,
    unfreeze_layers,
)
from tl_helpers.fine_tuning_plots import cut_counts
from tl_helpers.inception import inception_network
from tl_helpers.splitting import legal_cuts, split_at
from tl_helpers.transfer import build_classifier, compile_classifier, train_head, unfreeze

CUT = "block_10_project_BN"


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (8, 96, 96, 3), dtype=np.uint8)


def mobilenet():
    return build_base_model("MobileNetV2", 32)


def inception():
    return inception_network(64)


def resnet():
    return keras.applications.ResNet50(include_top=False, weights=None, input_shape=(32, 32, 3))


def functional(base_model):
    return build_classifier(base_model, keras.layers.Rescaling(1 / 127.5, offset=-1))


def sequential(base_model):
    head = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1)]
    return keras.Sequential([keras.Input(base_model.input_shape[1:]), base_model, *head])


def fitted(model):
    """How many moving statistics one fit of a single step moves."""
    pictures = np.random.default_rng(0).uniform(0, 255, (2, *model.input_shape[1:])).astype("float32")
    before = moving_statistics(model)
    compile_classifier(model, 1e-4)
    model.run_eagerly = True  # much sooner than a graph for one step
    model.fit(pictures, np.arange(2), epochs=1, verbose=0)
    return moved_statistics(before, model)


@pytest.mark.parametrize("wrap", [functional, sequential])
@pytest.mark.parametrize("build", [mobilenet, inception, resnet])
def test_unfreezing_never_lets_batch_norm_statistics_move(build, wrap):
    base_model = build()
    model = wrap(base_model)
    base_model.trainable = True
    every = len(moving_statistics(model))
    assert every > 50
    assert fitted(model) == every  # what the widely taught recipe does, and what this test would notice
    unfreeze(base_model)
    assert fitted(model) == 0


def test_unfreezing_the_upper_half_lets_no_statistics_move():
    base_model = mobilenet()
    model = functional(base_model)
    unfreeze(base_model, 100)
    assert fitted(model) == 0
    for layer in base_model.layers[100:]:
        layer.trainable = True
    assert fitted(model) == 36


def test_a_sequential_base_model_keeps_its_statistics_as_well():
    layers = [keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization(), keras.layers.ReLU()]
    base_model = keras.Sequential([keras.Input((16, 16, 3)), *layers])
    base_model.trainable = True
    assert fitted(functional(base_model)) == 2
    assert fitted(functional(unfreeze(base_model))) == 0
    assert fitted(functional(unfreeze_layers(base_model))) == 0


def test_unfreezing_wakes_up_a_frozen_model_in_an_awake_one():
    inner = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization()])
    outer = keras.Sequential([keras.Input((8, 8, 3)), inner])
    inner.trainable = False
    assert outer.trainable
    assert [weight.name for weight in unfreeze(outer).trainable_weights] == ["kernel", "bias"]


def test_a_statistic_that_moved_is_counted_and_no_other_weight_is():
    layers = [keras.layers.Dense(3), keras.layers.BatchNormalization(), keras.layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((2,)), *layers])
    before = moving_statistics(model)
    assert len(before) == 4
    assert moved_statistics(before, model) == 0
    model.layers[0].kernel.assign(model.layers[0].kernel + 1)
    model.layers[1].gamma.assign(model.layers[1].gamma + 1)
    assert moved_statistics(before, model) == 0
    model.layers[2].moving_variance.assign(model.layers[2].moving_variance * 2)
    assert moved_statistics(before, model) == 1


@pytest.mark.parametrize("start", [0, 100])
def test_the_lessons_unfreezing_wakes_up_what_the_packages_does(start):
    base_model = build_base_model("MobileNetV2")
    ours = [weight.path for weight in unfreeze_layers(base_model, start).trainable_weights]
    assert ours == [weight.path for weight in unfreeze(base_model, start).trainable_weights]
    assert 0 < len(ours) < len(base_model.trainable_weights) + len(moving_statistics(base_model))


@pytest.mark.parametrize("cut", [CUT, None])
def test_a_classifier_on_a_cut_says_at_first_what_base_and_head_say(images, cut):
    base_model, preprocess = load_base_model("MobileNetV2", MINI), preprocessing("MobileNetV2")
    head, _ = train_head(np.random.default_rng(0).normal(size=(8, 1280)).astype("float32"), np.arange(8) % 2, epochs=2)
    whole = build_classifier(base_model, preprocess)
    whole.get_layer("head").set_weights(head.get_weights())
    kept = [weight.copy() for weight in head.get_weights()]
    top, (inside, few) = at_cut(base_model, preprocess, cut, images, images[:2])
    classifier = classifier_on(top, head, 1e-2)
    np.testing.assert_allclose(classifier(inside), whole(images.astype("float32")), atol=1e-3)
    np.testing.assert_allclose(few, inside[:2], atol=1e-4)
    assert float(classifier.optimizer.learning_rate) == pytest.approx(1e-2)
    classifier.run_eagerly = True
    before = moving_statistics(classifier)
    classifier.fit(inside, np.arange(8) % 2, verbose=0)
    assert moved_statistics(before, classifier) == 0
    for old, new in zip(kept, head.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)  # the copy was trained, not the head


def test_blocks_end_where_a_cut_is_legal():
    base_model = build_base_model("MobileNetV2")
    ends = block_ends(base_model)
    assert set(ends) <= set(legal_cuts(base_model))
    assert len(ends) == 17
    assert CUT in ends
    assert "block_11_project_BN" not in ends  # the block's shortcut goes round it


@pytest.mark.parametrize("cut", ["expanded_conv_project_BN", CUT, "block_16_project_BN"])
def test_parameters_above_a_cut_are_those_that_unfreezing_wakes_up(cut):
    base_model = build_base_model("MobileNetV2")
    base_model.trainable = False
    counts = cut_counts(base_model, cut)
    assert sum(counts.values()) == base_model.count_params()
    assert counts["trainable"] == parameter_counts(unfreeze(split_at(base_model, cut)[1]))["trainable"]


def test_the_best_epoch_is_that_of_the_lowest_validation_loss():
    assert best_epoch({"val_loss": [0.5, 0.3, 0.4], "val_accuracy": [0.9, 0.7, 0.8]}) == 1


def test_unfamiliar_pictures_are_drawn_otherwise_in_the_mini_edition_only(monkeypatch):
    monkeypatch.setattr(fine_tuning, "load_pictures", lambda name, edition: (name, edition.name))
    assert load_unfamiliar(Edition("full", 160)) == ("cats_and_dogs", "full")
    wanted = []
    monkeypatch.setattr(fine_tuning, "drawn_splits", lambda *settings: wanted.append(settings))
    load_unfamiliar(MINI)
    ((data_set, size, similarity),) = wanted
    assert (data_set.name, data_set.drawn_held_out, size, similarity) == ("cats_and_dogs", 250, 96, 0.5)


def test_drawn_pictures_of_another_similarity_are_kept_apart():
    plain, engraved = (drawn_pictures(("cat", "dog"), 1, seed=7, similarity=each) for each in (1.0, 0.5))
    again = drawn_pictures(("cat", "dog"), 1, seed=7, similarity=0.5)
    oracle, _ = picturebook.draw_many(("cat", "dog"), 1, 7, similarity=0.5)
    np.testing.assert_array_equal(engraved.images, oracle)
    np.testing.assert_array_equal(again.images, oracle)
    assert not np.array_equal(plain.images, engraved.images)
