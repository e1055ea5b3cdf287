"""Answers that are carried out of the box give the same facts there, whatever they are."""

import math
from collections import Counter, namedtuple
from dataclasses import asdict
from enum import IntEnum

import keras
import numpy as np
import pytest
import tensorflow as tf
from test_grading_answers import (
    COUNTS,
    FLOWERS,
    LAYERS,
    MODELS,
    SPLITS,
    STRANGE,
    BrokenModel,
    functional,
    given,  # noqa: F401
    train_labels,
    trained,  # noqa: F401
    tuned_by,
    upper_layers,
)

from tl_helpers.grading import plain
from tl_helpers.grading.answer_facts import class_row
from tl_helpers.grading.given import collect, said_classes
from tl_helpers.grading.tasks import TASKS, judge, points
from tl_helpers.grading.teacher.carrying import Asked, keep, random_probes, reported_facts, restore
from tl_helpers.transfer import compile_classifier

pytestmark = pytest.mark.long

SEED = 7
Pair = namedtuple("Pair", "one two")
MODEL_TASKS = ("model", "compile", "train", "fine-tune", "inception")


class Level(IntEnum):
    LOW = 2


class MyModel(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = functional()

    def call(self, inputs, training=False):
        return self.inner(inputs, training=training)


class MyDense(keras.layers.Dense):
    """A layer of the reader's own."""


def carried(task, *answers, folder, exercise=None):
    keep(task, answers, folder, SEED, exercise)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    restored = restore(task, folder, SEED)
    assert len(restored.answers) == len(answers)
    return restored


def same(one, other):
    """Compare facts: nested dictionaries, lists, texts and numbers, numbers approximately."""
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-6) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other


def facts_are_the_same(task, *answers, folder, given):  # noqa: F811
    restored = carried(task, *answers, folder=folder)
    assert restored.notes == ()
    there, here = (collect(task, each, given) for each in (answers, restored.answers))
    assert same(asdict(there), asdict(here)), f"{there}\n{here}"
    return points(TASKS[task], judge(TASKS[task], here)) == TASKS[task].points


@pytest.mark.parametrize("write", SPLITS.values(), ids=SPLITS.keys())
def test_a_split_is_carried(write, given, tmp_path):  # noqa: F811
    assert facts_are_the_same("split", write(), folder=tmp_path, given=given)


@pytest.mark.parametrize("write", COUNTS.values(), ids=COUNTS.keys())
def test_counts_are_carried(write, given, tmp_path):  # noqa: F811
    assert facts_are_the_same("counts", write(train_labels(given)), folder=tmp_path, given=given)


@pytest.mark.parametrize("write", LAYERS.values(), ids=LAYERS.keys())
def test_preprocessing_is_carried_and_its_answers_for_random_pictures_with_it(write, given, tmp_path):  # noqa: F811
    answer = write()
    assert facts_are_the_same("preprocess", answer, folder=tmp_path, given=given)
    restored = restore("preprocess", tmp_path, SEED)
    for picture, output in zip(random_probes(SEED), restored.reported["random_probes"], strict=True):
        np.testing.assert_allclose(output, picture / 127.5 - 1, atol=1e-5)
        np.testing.assert_allclose(np.asarray(restored.answers[0](picture)), output, atol=1e-5)
    is_layer = isinstance(answer, keras.Layer) and not isinstance(answer, keras.layers.Lambda)
    assert isinstance(restored.answers[0], type(answer) if is_layer else Asked)


def test_a_function_answers_only_for_the_pictures_of_the_box(tmp_path):
    restored = carried("preprocess", lambda pictures: pictures / 255, folder=tmp_path).answers[0]
    with pytest.raises(LookupError):
        restored(random_probes(SEED + 1)[0])
    with pytest.raises(LookupError):
        restored(random_probes(SEED)[0][..., :2])


def test_normalization_that_has_seen_pictures_is_carried(tmp_path):
    layer = keras.layers.Normalization()
    layer.adapt(np.random.default_rng(0).uniform(0, 255, (4, 8, 8, 3)))
    restored = carried("preprocess", layer, folder=tmp_path)
    assert restored.notes == ()
    picture = random_probes(1)[0]
    np.testing.assert_allclose(np.asarray(layer(picture)), np.asarray(restored.answers[0](picture)), rtol=1e-6)


def test_a_layer_that_makes_its_weights_when_it_is_called_is_carried_with_them(given, tmp_path):  # noqa: F811
    layer = keras.layers.Dense(3)
    restored = carried("preprocess", layer, folder=tmp_path)
    assert same(*(asdict(collect("preprocess", (each,), given)) for each in (layer, restored.answers[0])))
    assert np.ptp(restored.reported["random_probes"][0]) > 0


@pytest.mark.parametrize("write", MODELS.values(), ids=MODELS.keys())
def test_a_model_is_carried(write, given, tmp_path):  # noqa: F811
    assert facts_are_the_same("model", write(), folder=tmp_path, given=given)


@pytest.mark.parametrize(
    "model",
    [
        lambda: keras.Sequential([keras.layers.Dense(5)]),
        lambda: keras.Sequential([]),
        lambda: keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, keras.layers.PReLU(), dtype="float64")]),
        lambda: keras.Sequential([keras.Input((8, 8, 3)), keras.layers.SeparableConv2D(4, 3, activation="gelu")]),
        lambda: keras.Sequential([keras.Input((8, 8, 3), batch_size=2), keras.layers.Reshape((-1,))]),
    ],
    ids=["unbuilt", "empty", "layers inside, double precision", "separable", "fixed number of pictures"],
)
def test_other_models_are_carried(model, given, tmp_path):  # noqa: F811
    original = model()
    restored = carried("model", original, folder=tmp_path)
    assert restored.notes == ()
    assert same(*(asdict(collect("model", (each,), given)) for each in (original, restored.answers[0])))
    for mine, theirs in zip(original.weights, restored.answers[0].weights, strict=True):
        np.testing.assert_array_equal(np.asarray(mine.value), np.asarray(theirs.value))


def test_weights_frozen_one_by_one_stay_frozen(given, tmp_path):  # noqa: F811
    model = functional()
    for weight in model.layers[-1].weights[:1]:
        weight.trainable = False
    assert facts_are_the_same("model", model, folder=tmp_path, given=given)
    assert len(restore("model", tmp_path, SEED).answers[0].trainable_weights) == 1


COMPILED = {
    "logits": (None, keras.losses.SparseCategoricalCrossentropy(from_logits=True), ["accuracy"], "adam"),
    "names": ("softmax", "sparse_categorical_crossentropy", ["acc"], "adam"),
    "another metric": ("softmax", keras.losses.SparseCategoricalCrossentropy(), ["sparse_categorical_accuracy"], "sgd"),
    "functions": (
        "softmax",
        keras.losses.sparse_categorical_crossentropy,
        [keras.metrics.SparseCategoricalAccuracy(), keras.metrics.sparse_categorical_accuracy],
        "rmsprop",
    ),
    "one-hot": (
        None,
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        ["accuracy"],
        keras.optimizers.Adam(1e-2, clipnorm=1.0),
    ),
    "a schedule": (
        None,
        {"dense": keras.losses.SparseCategoricalCrossentropy(from_logits=True)},
        {"dense": ["accuracy"]},
        keras.optimizers.AdamW(keras.optimizers.schedules.ExponentialDecay(1e-3, 10, 0.9)),
    ),
}


@pytest.mark.parametrize("how", COMPILED.values(), ids=COMPILED.keys())
def test_how_a_model_is_compiled_is_carried(how, given, tmp_path):  # noqa: F811
    activation, loss, metrics, optimizer = how
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, activation=activation, name="dense")])
    model.compile(optimizer, loss=loss, metrics=metrics)
    assert facts_are_the_same("compile", model, folder=tmp_path, given=given)


def test_a_training_is_carried(trained, given, tmp_path):  # noqa: F811
    model, history = trained
    assert facts_are_the_same("train", model, history, folder=tmp_path, given=given)
    assert facts_are_the_same("train", model, history.history, folder=tmp_path, given=given)
    assert facts_are_the_same("curves", np.argmin(history.history["val_loss"]) + 1.0, folder=tmp_path, given=given)


def test_predictions_are_carried(trained, given, tmp_path):  # noqa: F811
    test = given.splits["test"]
    classes = np.array(said_classes(trained[0], test))
    share = np.mean(classes == test.labels)
    assert facts_are_the_same("predict", classes, share, folder=tmp_path, given=given)
    names = [FLOWERS[one] for one in classes]
    for way in (classes.tolist(), names, np.array(names), np.array(names, object), tf.constant(classes)):
        restored = carried("predict", way, tf.constant(share), folder=tmp_path)
        assert class_row(restored.answers[0], given.class_names) == classes.tolist()
        assert plain.number(restored.answers[1]) == pytest.approx(share)


def test_fine_tuning_is_carried(trained, given, tmp_path):  # noqa: F811
    model = tuned_by(trained[0], upper_layers, 1e-5)
    train = given.splits["train"].take(np.arange(0, 140, 14))
    model.fit(train.images, train.labels, verbose=0)
    assert facts_are_the_same("fine-tune", model, folder=tmp_path, given=given)


def test_a_comparison_with_inception_is_carried(trained, given, tmp_path):  # noqa: F811
    model = compile_classifier(functional("InceptionV3"))
    answers = (model, {"InceptionV3": np.float32(0.2), "MobileNetV2": 0.5}, "MobileNetV2")
    restored = carried("inception", *answers, folder=tmp_path)
    assert restored.notes == ()
    assert same(*(asdict(collect("inception", each, given)) for each in (answers, restored.answers)))


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_strange_answers_read_the_same_outside_or_a_human_is_asked(strange, trained, given, tmp_path):  # noqa: F811
    for task in TASKS.values():
        answers = (strange,) * len(task.answers)
        restored = carried(task.name, *answers, folder=tmp_path)
        assert list(map(plain.kind, restored.answers)) == list(map(plain.kind, answers))
        if task.checks and not any(note.human for note in restored.notes):
            there, here = (asdict(collect(task.name, each, given)) for each in (answers, restored.answers))
            assert same(there, here), f"{task.name}\n{there}\n{here}"
        is_broken = isinstance(strange, BrokenModel) and task.name in MODEL_TASKS
        assert [note.values for note in restored.notes] == [{"found": "BrokenModel"}] * is_broken


PLAIN = {
    "nested": [1, (2.5, [True, None]), {"a": range(3), 4: "b"}],
    "a named tuple": Pair(1, [2]),
    "an enumeration": Level.LOW,
    "counts of texts": Counter("abca"),
    "numbers of NumPy": [np.float32(1.5), np.int8(3), np.bool_(True), np.str_("x")],
    "a mask": np.array([[True, False]]),
    "endless numbers": [float("nan"), float("inf")],
    "half a letter": "\ud800",
    "letters": "öğüşıç" * 30_000,
}


@pytest.mark.parametrize("value", PLAIN.values(), ids=PLAIN.keys())
def test_plain_values_are_carried_with_their_kinds(value, tmp_path):
    restored = carried("counts", value, folder=tmp_path).answers[0]
    assert plain.kind(restored) == plain.kind(value)
    if isinstance(value, str):
        assert restored == value.encode("utf-8", "replace").decode()[:100_000]
        return

    def flat(one):
        if isinstance(one, dict):
            return [flat(pair) for pair in one.items()]
        if isinstance(one, list | tuple | range):
            return [flat(each) for each in one]
        found = plain.array(one)
        return (plain.kind(one), one if found is None or isinstance(one, str) else str(found.tolist()))

    assert flat(restored) == flat(value)


def test_an_answer_with_a_million_members_is_carried_and_one_with_more_is_named(tmp_path):
    assert carried("counts", [1] * 999_000, folder=tmp_path).answers[0] == [1] * 999_000
    assert plain.kind(carried("counts", [[1] * 600_000] * 2, folder=tmp_path).answers[0]) == "list"


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (
            lambda: keras.Sequential([keras.Input((96, 96, 3)), keras.layers.Lambda(lambda x: x), functional()]),
            "Lambda",
        ),
        (MyModel, "MyModel"),
        (lambda: keras.Sequential([keras.Input((4,)), MyDense(5)]), "MyDense"),
        (lambda: keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, lambda x: x)]), "lambda"),
        (lambda: keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, tf.nn.softmax)]), "softmax_v2"),
    ],
    ids=["Lambda", "a class of its own", "a layer of its own", "a lambda as activation", "TensorFlow's activation"],
)
def test_a_model_with_code_of_its_own_is_reported_and_a_human_is_asked(model, found, given, tmp_path):  # noqa: F811
    answer = model()
    if isinstance(answer, MyModel):
        answer(np.zeros((1, 96, 96, 3)))
    restored = carried("model", answer, folder=tmp_path, exercise=given)
    assert [(note.message, note.values, note.human) for note in restored.notes] == [
        ("carrying.unknown_part", {"found": found}, True)
    ]
    assert plain.kind(restored.answers[0]) == plain.kind(answer)
    assert reported_facts("model", restored.reported) == collect("model", (answer,), given)
    assert reported_facts("compile", restored.reported) is None


def test_a_loss_of_the_readers_own_is_reported_and_a_human_is_asked(given, tmp_path):  # noqa: F811
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5)])
    model.compile("adam", loss=lambda true, predicted: predicted, metrics=["accuracy"])
    restored = carried("compile", model, folder=tmp_path, exercise=given)
    assert [(note.message, note.human) for note in restored.notes] == [("carrying.not_compiled", True)]
    assert reported_facts("compile", restored.reported) == collect("compile", (model,), given)


def test_answers_that_were_never_kept_are_none(tmp_path):
    assert restore("model", tmp_path, SEED) is None
    assert restore("model", tmp_path / "nowhere", SEED) is None


def test_answers_kept_again_replace_those_before(tmp_path):
    keep("train", (functional(), {}), tmp_path, SEED)
    assert carried("train", None, [1], folder=tmp_path).answers == (None, [1])
    assert [path.name for path in (tmp_path / "train").iterdir()] == ["answers.json"]
