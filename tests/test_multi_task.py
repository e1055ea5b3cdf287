"""Several tasks at once: what missing labels may do (nothing), what is said, and what the plots read."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from matplotlib import pyplot as plt
from sklearn.metrics import log_loss

from tl_helpers import multi_task, multi_task_plots
from tl_helpers.evaluation import probabilities
from tl_helpers.messages import LANGUAGES, set_language
from tl_helpers.multi_task import (
    TASKS,
    MaskedAccuracy,
    compile_tasks,
    few_labels,
    leaf_classes,
    masked_loss,
    restart,
    spoken_answer,
    task_labels,
    three_heads,
)


def examples(seed, count=40):
    random = np.random.default_rng(seed)
    return random.integers(-1, 2, count), random.normal(0, 3, count).astype(np.float32)


def gradient(labels, logits):
    variable = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = masked_loss(labels, variable)
    return tape.gradient(loss, variable).numpy()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shape", [(40,), (40, 1)])
def test_a_masked_loss_is_the_cross_entropy_of_the_labelled_pictures(seed, shape):
    labels, logits = examples(seed)
    known = labels >= 0
    loss = float(masked_loss(labels.reshape(shape), logits.reshape(-1, 1)))
    by_hand = np.mean(np.logaddexp(0, logits[known]) - labels[known] * logits[known])
    assert np.isclose(loss, by_hand, rtol=1e-5)
    assert np.isclose(loss, log_loss(labels[known], probabilities(logits[known])), rtol=1e-4)


def test_kerass_own_cross_entropy_is_not_masked():
    labels, logits = examples(0)
    unmasked = keras.losses.BinaryCrossentropy(from_logits=True)(labels.astype(np.float32), logits)
    assert not np.isclose(float(unmasked), float(masked_loss(labels, logits)), rtol=0.05)


def test_where_every_label_is_missing_the_loss_is_zero_and_teaches_nothing():
    _, logits = examples(1)
    nothing = np.full(40, -1)
    assert float(masked_loss(nothing, logits)) == 0.0
    assert np.array_equal(gradient(nothing, logits), np.zeros(40))


@pytest.mark.parametrize("seed", range(3))
def test_only_labelled_pictures_have_a_gradient(seed):
    labels, logits = examples(seed)
    known = labels >= 0
    expected = np.where(known, probabilities(logits) - labels, 0) / known.sum()
    np.testing.assert_allclose(gradient(labels, logits), expected, atol=1e-6)
    assert np.all(gradient(labels, logits)[~known] == 0)


def test_a_picture_without_a_label_does_not_matter_whatever_its_logit():
    labels, logits = np.array([1, -1, 0]), np.array([0.5, 0.0, -2.0], dtype=np.float32)
    extreme = np.array([0.5, 1e6, -2.0], dtype=np.float32)
    assert float(masked_loss(labels, logits)) == float(masked_loss(labels, extreme))


def test_very_sure_answers_give_a_finite_loss():
    loss = float(masked_loss(np.array([0, 1, -1]), np.array([1e4, -1e4, 1e4], dtype=np.float32)))
    assert np.isclose(loss, 1e4)


def test_masked_accuracy_over_batches_is_that_over_all_pictures():
    labels, logits = examples(2, 90)
    labels[30:60] = -1  # a batch without any label
    metric = MaskedAccuracy(name="accuracy")
    for part in np.split(np.arange(90), [30, 60]):
        metric.update_state(labels[part], logits[part].reshape(-1, 1))
    known = labels >= 0
    assert np.isclose(float(metric.result()), np.mean((logits[known] >= 0) == labels[known]))
    metric.reset_state()
    metric.update_state(np.full(5, -1), np.ones((5, 1)))
    assert float(metric.result()) == 0.0


@pytest.fixture
def small():
    random = np.random.default_rng(0)
    features = random.normal(size=(60, 8)).astype(np.float32)
    return features, task_labels(random.integers(0, 4, 60))


def test_fit_reports_loss_and_accuracy_of_each_task_as_numpy_does(small):
    features, labels = small
    model = compile_tasks(three_heads(8))
    reported = model.evaluate(features, labels, batch_size=60, verbose=0, return_dict=True)
    logits = model.predict(features, verbose=0)
    for task in TASKS:
        known = labels[task] >= 0
        right = (logits[task][known, 0] >= 0) == labels[task][known]
        assert np.isclose(reported[f"{task}_accuracy"], right.mean())
        assert np.isclose(reported[f"{task}_loss"], log_loss(labels[task][known], probabilities(logits[task][known])))


def test_a_head_without_a_single_label_keeps_its_weights_and_no_loss_is_nan(small):
    features, labels = small
    model = compile_tasks(three_heads(8))
    before = [weight.copy() for weight in model.get_layer("breed").get_weights()]
    history = model.fit(features, {**labels, "breed": np.full(60, -1)}, epochs=2, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    for weight, after in zip(before, model.get_layer("breed").get_weights(), strict=True):
        np.testing.assert_array_equal(weight, after)


def test_a_loss_weight_of_zero_keeps_a_head_from_learning(small):
    features, labels = small
    model = compile_tasks(three_heads(8, shared=3), {"kind": 0.0, "breed": 1.0, "person": 1.0})
    before = {task: model.get_layer(task).get_weights()[0].copy() for task in TASKS}
    model.fit(features, labels, epochs=1, verbose=0)
    moved = {task: not np.array_equal(before[task], model.get_layer(task).get_weights()[0]) for task in TASKS}
    assert moved == {"kind": False, "breed": True, "person": True}


def test_the_base_is_the_only_thing_that_heads_share_unless_a_layer_is_asked_for():
    names = [layer.name for layer in three_heads(8, shared=3).layers]
    assert "shared" in names
    assert not any("shared" in layer.name for layer in three_heads(8).layers)
    assert three_heads(8).count_params() == 3 * 9
    assert three_heads(8, shared=3).count_params() == 9 * 3 + 3 * 4


def test_each_class_gets_the_labels_of_the_questions_that_fit():
    labels = task_labels(np.array([0, 1, 2, 3]))
    assert {task: list(values) for task, values in labels.items()} == {
        "kind": [0, 0, 1, 1],
        "breed": [0, 1, -1, -1],
        "person": [-1, -1, 0, 1],
    }


def test_few_labels_keeps_as_many_of_each_class_as_asked():
    labels = np.array([0, 1, -1] * 20)
    few = few_labels(labels, 4, seed=1)
    assert [int(np.sum(few == label)) for label in (0, 1)] == [4, 4]
    assert np.array_equal(few[few >= 0], labels[few >= 0])
    assert not np.array_equal(few, few_labels(labels, 4, seed=2))


def one_layer():
    inputs = keras.Input((8,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile(keras.optimizers.Adam(0.01), loss="mse")
    return model


def test_a_restarted_model_trains_as_a_fresh_one(small):
    features, _ = small
    targets = features[:, :1]
    used, fresh = one_layer(), one_layer()
    used.fit(features, targets, epochs=3, verbose=0)
    restart(used, seed=5)
    fresh.set_weights(used.get_weights())
    for model in (used, fresh):
        model.fit(features, targets, epochs=3, shuffle=False, verbose=0)
    for ours, theirs in zip(used.get_weights(), fresh.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert np.isclose(float(used.optimizer.learning_rate), 0.01)


def test_the_seed_decides_the_weights_after_a_restart():
    model, weights = one_layer(), []
    for seed in (1, 1, 2):
        restart(model, seed)
        weights.append(model.get_weights()[0])
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_the_second_question_follows_the_first_answer(shape):
    random = np.random.default_rng(3)
    logits = {task: random.normal(size=50) for task in TASKS}
    expected = [
        (int(b >= 0) if k < 0 else 2 + int(p >= 0))
        for k, b, p in zip(logits["kind"], logits["breed"], logits["person"], strict=True)
    ]
    assert list(leaf_classes({task: values.reshape(shape) for task, values in logits.items()})) == expected


def logit(share):
    return np.log(share / (1 - share))


def test_an_answer_is_said_as_a_person_would_say_it():
    logits = {"kind": logit(0.01), "breed": logit(0.93), "person": 0.0}
    assert spoken_answer(logits) == "dog (0.99) → husky (0.93)"
    set_language("tr")
    assert spoken_answer(logits) == "köpek (0,99) → husky (0,93)"
    assert spoken_answer({"kind": logit(0.8), "breed": 9.0, "person": logit(0.3)}) == "insan (0,80) → erkek (0,70)"


LOW, HIGH = [0.5, 0.6, 0.55], [0.9, 0.95, 0.92]


def test_sharing_reads_as_it_is():
    assert "help in each of 3 runs, 55.0 % before and 92.3 % with" in multi_task_plots.read_sharing({1: LOW}, {1: HIGH})
    assert "hurt in each of 3 runs, 92.3 % before and 55.0 % with" in multi_task_plots.read_sharing({1: HIGH}, {1: LOW})
    assert "do not agree" in multi_task_plots.read_sharing({1: LOW}, {1: [0.4, 0.9, 0.9]})
    both = multi_task_plots.read_sharing({1: HIGH, 4: LOW, 16: LOW}, {1: LOW, 4: LOW, 16: HIGH})
    assert (
        both.index("Shared neurons: 1.") < both.index("hurt") < both.index("Shared neurons: 16.") < both.index("help")
    )


@pytest.fixture
def shown(monkeypatch):
    """Keep what is shown: figure and alternative text."""
    kept = []
    monkeypatch.setattr(multi_task_plots, "show", lambda fig, alt: kept.append((fig, alt)))
    yield kept
    plt.close("all")


def title(fig):
    return fig.axes[0].get_title(loc="left")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_of_sharing_says_what_the_data_say(shown, language, capsys):
    set_language(language)
    helps, hurts = ({1: LOW, 4: LOW}, {1: HIGH, 4: HIGH}), ({1: HIGH, 4: HIGH}, {1: LOW, 4: LOW})
    for alone, together in (helps, hurts, ({1: HIGH, 4: LOW}, {1: LOW, 4: HIGH}), ({1: LOW, 4: LOW}, {1: LOW, 4: LOW})):
        multi_task_plots.show_sharing(alone, together)
    assert len({title(fig) for fig, _ in shown}) == 4
    assert all(len(alt) > 80 and "{" not in alt for _, alt in shown)
    assert len(capsys.readouterr().out.strip().splitlines()) == 4


def test_being_sure_is_read_off_the_answers_that_are_left():
    labels = np.array([1, 1, 0, 0, 1, 0])
    logits = np.array([5.0, 4.0, -5.0, -4.0, -0.2, 0.2])  # the unsure ones are wrong
    drawing = multi_task_plots.draw_silence(labels, logits, 0.8)
    assert (
        "answers for 66.7 % of the people; 100.0 % of these answers are right, against 66.7 % of all" in drawing.reading
    )
    assert title(drawing.figure) == "Answers that it is sure of are better"
    opposite = multi_task_plots.draw_silence(1 - labels, logits, 0.8)
    assert "0.0 % of these answers are right, against 33.3 % of all" in opposite.reading
    assert title(opposite.figure) == "Being sure does not make answers better"
    plt.close("all")


def test_silence_reads_as_it_is():
    sure, right = np.array([0.95, 0.9, 0.6, 0.55]), np.array([True, True, False, False])
    assert "50.0 % of the people; 100.0 % of these" in multi_task_plots.read_silence(sure, right, 0.8)
    assert "50.0 % of the people; 0.0 % of these" in multi_task_plots.read_silence(sure, ~right, 0.8)
    assert "says nothing" in multi_task_plots.read_silence(sure, right, 0.99)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("least", [0.5, 0.999])
def test_silence_is_drawn_at_both_ends_of_the_slider(language, least):
    set_language(language)
    drawing = multi_task_plots.draw_silence(np.array([0, 1, 1]), np.array([[-1.0], [2.0], [-0.5]]), least)
    assert drawing.reading in drawing.alt
    none_left = ("says nothing", "susuyor")[language == "tr"] in drawing.reading
    assert none_left == (least == 0.999)
    plt.close("all")


def test_the_classes_are_the_leaves_in_order():
    leaves = [name for task in ("breed", "person") for name in TASKS[task]]
    assert tuple(leaves) == multi_task.LEAVES
