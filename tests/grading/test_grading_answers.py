"""Right answers written in many ways get all points; whatever else a reader assigns, facts never raise."""

from collections import Counter
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.model_selection import StratifiedShuffleSplit, train_test_split

from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.editions import MINI
from tl_helpers.grading.given import Given, collect, said_classes
from tl_helpers.grading.tasks import TASKS, judge, points
from tl_helpers.pictures import Pictures, split_indices
from tl_helpers.transfer import build_classifier, compile_classifier, unfreeze

FLOWERS = ("daisy", "dandelion", "rose", "sunflower", "tulip")
LABELS = np.repeat(np.arange(5), 40)
NAMES = tuple(f"{FLOWERS[label]} {number}" for number, label in enumerate(LABELS))
HISTORY = {"loss": [1.0, 0.5], "accuracy": [0.5, 0.9], "val_loss": [0.9, 0.6], "val_accuracy": [0.6, 0.8]}


@pytest.fixture(scope="module")
def given():
    """Pictures of five flat colours, so that a head learns them at once."""
    colours = np.array([[250, 20, 20], [20, 250, 20], [20, 20, 250], [250, 250, 20], [20, 250, 250]])
    noise = np.random.default_rng(0).integers(-15, 5, (len(LABELS), 96, 96, 3))
    images = np.clip(colours[LABELS][:, None, None] + noise, 0, 255).astype(np.uint8)
    pictures = Pictures(images, LABELS, FLOWERS, NAMES)
    made = Given(pictures, MINI, load_base_model("MobileNetV2", MINI))
    made.used["split"] = tuple(map(list, split_indices(list(NAMES), LABELS)))
    made.numbers.update(head_rate=1e-3, validation=1.0)
    made.second = load_base_model("InceptionV3", MINI)
    return made


def all_points(task, *answers, given):
    verdicts = judge(TASKS[task], collect(task, answers, given))
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    return points(TASKS[task], verdicts) == TASKS[task].points


def frozen(name="MobileNetV2"):
    base_model = load_base_model(name, MINI)
    base_model.trainable = False
    return base_model


def sklearn_split(labels=LABELS, **more):
    train, rest = train_test_split(np.arange(200), train_size=0.7, stratify=labels, random_state=1, **more)
    validation, test = train_test_split(rest, test_size=0.5, stratify=labels[rest], random_state=1)
    return train, validation, test


def shuffle_split():
    train, rest = next(StratifiedShuffleSplit(1, test_size=0.3, random_state=0).split(LABELS, LABELS))
    validation, test = next(StratifiedShuffleSplit(1, test_size=0.5, random_state=0).split(rest, LABELS[rest]))
    return train, rest[validation], rest[test]


def loop_split():
    parts = [[], [], []]
    for label in range(5):
        members = np.random.default_rng(label).permutation(np.flatnonzero(label == LABELS)).tolist()
        for part, some in zip(parts, (members[:28], members[28:34], members[34:]), strict=True):
            part.extend(some)
    return parts


def masks():
    return tuple(np.isin(np.arange(200), part) for part in sklearn_split())


SPLITS = {
    "train_test_split": sklearn_split,
    "StratifiedShuffleSplit": shuffle_split,
    "split_indices": lambda: split_indices(list(NAMES), LABELS, seed=3),
    "lists from a loop": loop_split,
    "a dictionary": lambda: dict(zip(("train", "validation", "test"), sklearn_split(), strict=True)),
    "truth values": masks,
    "tensors": lambda: [tf.constant(part) for part in sklearn_split()],
    "pictures themselves": lambda: [
        Pictures(np.zeros((200, 1, 1, 3), np.uint8), LABELS, FLOWERS, NAMES).take(part) for part in sklearn_split()
    ],
}


@pytest.mark.parametrize("write", SPLITS.values(), ids=SPLITS.keys())
def test_a_right_split_gets_all_points(write, given):
    assert all_points("split", write(), given=given)


def train_labels(given):
    return given.splits["train"].labels


COUNTS = {
    "bincount": np.bincount,
    "a list": lambda labels: [int((labels == label).sum()) for label in range(5)],
    "by name": lambda labels: {name: int((labels == i).sum()) for i, name in enumerate(FLOWERS)},
    "by name in Turkish, another order": lambda labels: {
        name: int((labels == i).sum())
        for i, name in reversed(list(enumerate(("papatya", "karahindiba", "gül", "ayçiçeği", "lale"))))
    },
    "Counter of labels": lambda labels: Counter(labels.tolist()),
    "Counter of NumPy labels": Counter,
    "a tensor": lambda labels: tf.math.bincount(tf.constant(labels, tf.int32)),
}


@pytest.mark.parametrize("write", COUNTS.values(), ids=COUNTS.keys())
def test_right_counts_get_all_points(write, given):
    assert all_points("counts", write(train_labels(given)), given=given)


LAYERS = {
    "Rescaling": lambda: keras.layers.Rescaling(1 / 127.5, offset=-1),
    "the package's": lambda: preprocessing("MobileNetV2"),
    "Keras' function": lambda: keras.applications.mobilenet_v2.preprocess_input,
    "a function": lambda: lambda pictures: pictures / 127.5 - 1,
    "two layers": lambda: keras.Sequential([keras.layers.Rescaling(1 / 255), keras.layers.Rescaling(2, offset=-1)]),
    "Normalization": lambda: keras.layers.Normalization(mean=127.5, variance=127.5**2),
    "Lambda": lambda: keras.layers.Lambda(lambda pictures: (pictures - 127.5) / 127.5),
}


@pytest.mark.parametrize("write", LAYERS.values(), ids=LAYERS.keys())
def test_right_preprocessing_gets_all_points(write, given):
    assert all_points("preprocess", write(), given=given)


def test_looking_at_preprocessing_that_has_no_shape_yet_does_not_spoil_it_for_the_model(given):
    layers = [keras.layers.Rescaling(1 / 255), keras.layers.Rescaling(2, offset=-1)]
    preprocess = keras.Sequential(layers)
    assert all_points("preprocess", preprocess, given=given)
    assert all_points("model", build_classifier(frozen(), preprocess, 5), given=given)


def functional(name="MobileNetV2", **dense):
    base_model = frozen(name)
    inputs = keras.Input((96, 96, 3))
    features = base_model(keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs), training=False)
    features = keras.layers.GlobalAveragePooling2D()(features)
    return keras.Model(inputs, keras.layers.Dense(5, **dense)(features))


def sequential():
    layers = [keras.Input((96, 96, 3)), keras.layers.Rescaling(1 / 127.5, offset=-1), frozen()]
    return keras.Sequential([*layers, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(5)])


def flattened():
    """The base's own layers, one by one frozen, with two dense layers and augmentation."""
    base_model = load_base_model("MobileNetV2", MINI)
    for layer in base_model.layers:
        layer.trainable = False
    inputs = keras.Input((96, 96, 3))
    pictures = keras.layers.RandomFlip("horizontal")(inputs)
    features = base_model(keras.applications.mobilenet_v2.preprocess_input(pictures))
    features = keras.layers.Dense(16, activation="relu")(keras.layers.Flatten()(features))
    return keras.Model(inputs, keras.layers.Softmax()(keras.layers.Dense(5)(features)))


def functions_inside():
    base_model = frozen()
    inputs = keras.Input((96, 96, 3))
    features = keras.ops.mean(base_model(inputs / 127.5 - 1), axis=(1, 2))
    features = keras.layers.BatchNormalization()(keras.layers.Dropout(0.3)(features))
    return keras.Model(inputs, keras.layers.Dense(5)(features))


def head_as_a_model():
    base_model = frozen()
    head = keras.Sequential([keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(5, activation="softmax")])
    return keras.Sequential([keras.Input((96, 96, 3)), preprocessing("MobileNetV2"), base_model, head])


MODELS = {
    "build_classifier": lambda: build_classifier(frozen(), preprocessing("MobileNetV2"), 5),
    "functional": functional,
    "softmax": lambda: functional(activation="softmax"),
    "Sequential": sequential,
    "layer by layer, two dense layers, Softmax": flattened,
    "functions instead of layers, batch norm in the head": functions_inside,
    "the head as a model": head_as_a_model,
}


@pytest.mark.parametrize("write", MODELS.values(), ids=MODELS.keys())
def test_a_right_model_gets_all_points(write, given):
    assert all_points("model", write(), given=given)


@pytest.mark.long
def test_what_is_wrong_with_a_model_is_found(given):
    random = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, include_top=False, weights=None)
    random.trainable = False
    twice = keras.Sequential([preprocessing("MobileNetV2"), keras.layers.Rescaling(1 / 127.5, offset=-1)])
    unlike = {
        "model_random_base": build_classifier(random, preprocessing("MobileNetV2"), 5),
        "range_twice": build_classifier(frozen(), twice, 5),
        "range_unit": build_classifier(frozen(), keras.layers.Rescaling(1 / 255), 5),
        "model_not_frozen": build_classifier(load_base_model("MobileNetV2", MINI), preprocessing("MobileNetV2"), 5),
        "model_thousand": build_classifier(frozen(), preprocessing("MobileNetV2"), 1000),
        "model_sigmoid": functional(activation="sigmoid"),
        "model_other_base": build_classifier(frozen("InceptionV3"), preprocessing("InceptionV3"), 5),
        "model_unbuilt": keras.Sequential([keras.layers.Dense(5)]),
    }
    for message, model in unlike.items():
        verdicts = judge(TASKS["model"], collect("model", (model,), given))
        assert [verdict.message for verdict in verdicts if not verdict.passed] == [message]


@pytest.mark.parametrize(
    ("activation", "loss", "metrics", "optimizer"),
    [
        (None, keras.losses.SparseCategoricalCrossentropy(from_logits=True), ["accuracy"], "adam"),
        ("softmax", "sparse_categorical_crossentropy", ["acc"], "adam"),
        ("softmax", keras.losses.SparseCategoricalCrossentropy(), ["sparse_categorical_accuracy"], "rmsprop"),
        ("softmax", keras.losses.sparse_categorical_crossentropy, [keras.metrics.SparseCategoricalAccuracy()], "sgd"),
        (None, keras.losses.CategoricalCrossentropy(from_logits=True), ["accuracy"], keras.optimizers.Adam(1e-2)),
    ],
)
def test_a_right_compile_gets_all_points(activation, loss, metrics, optimizer, given):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, activation=activation)])
    model.compile(optimizer, loss=loss, metrics=metrics)
    assert all_points("compile", model, given=given)


@pytest.fixture(scope="module")
def trained(given):
    model = compile_classifier(functional(), 1e-2)
    train, validation = given.splits["train"], given.splits["validation"]
    held_out = (validation.images, validation.labels)
    history = model.fit(train.images, train.labels, epochs=8, validation_data=held_out, verbose=0)
    given.used["train"] = (model, history)
    given.numbers["validation"] = history.history["val_accuracy"][-1]
    return model, history


def test_a_training_with_keras_gets_all_points_and_one_validated_on_test_does_not(trained, given):
    model, history = trained
    assert all_points("train", model, history, given=given)
    assert all_points("train", model, history.history, given=given)
    facts = collect("train", (model, history), given)
    losses = {"train": 0.1, "validation": 0.3, "test": 0.4}
    on_test = replace(facts, losses=losses, history={**facts.history, "val_loss": [1.0, 0.8, 0.4]})
    assert [each.message for each in judge(TASKS["train"], on_test) if not each.passed] == ["train_on_test"]


def test_losses_computed_again_are_those_of_keras(trained, given):
    model, history = trained
    facts = collect("train", (model, history), given)
    assert facts.losses["validation"] == pytest.approx(history.history["val_loss"][-1], rel=1e-3)
    assert facts.accuracies["validation"] == pytest.approx(history.history["val_accuracy"][-1])


def test_right_epochs_and_predictions_get_all_points(trained, given):
    model, history = trained
    given.used["train"] = (model, HISTORY)
    assert all_points("curves", 2, given=given)
    assert all_points("curves", np.int64(2), given=given)
    assert all_points("curves", np.argmin(HISTORY["val_loss"]) + 1.0, given=given)
    given.used["train"] = (model, history)
    test = given.splits["test"]
    classes = np.array(said_classes(model, test))
    share = np.mean(classes == test.labels)
    assert all_points("predict", classes, share, given=given)
    assert all_points("predict", classes.tolist(), float(share), given=given)
    assert all_points("predict", [FLOWERS[one] for one in classes], share, given=given)
    assert all_points("predict", tf.constant(classes), tf.constant(share), given=given)


def tuned_by(model, recipe, rate):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    recipe(next(layer for layer in copy.layers if hasattr(layer, "layers")))
    return compile_classifier(copy, rate)


def upper_layers(base_model):
    base_model.trainable = True
    for layer in base_model.layers[:-20]:
        layer.trainable = False
    for layer in base_model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False


def all_awake(base_model):
    base_model.trainable = True


@pytest.mark.long
@pytest.mark.parametrize(
    ("recipe", "rate", "expected"),
    [
        (upper_layers, 1e-5, []),
        (lambda base_model: unfreeze(base_model, "block_16_expand"), 1e-4, []),
        (lambda base_model: None, 1e-5, ["tune_all_frozen"]),
        (all_awake, 1e-5, ["tune_norms_awake"]),
        (upper_layers, 1e-3, ["tune_rate_same"]),
    ],
    ids=["layer by layer", "unfreeze", "still frozen", "batch norm awake", "same rate"],
)
def test_fine_tuning_is_judged_by_what_it_did(recipe, rate, expected, trained, given):
    model = tuned_by(trained[0], recipe, rate)
    train = given.splits["train"].take(np.arange(0, 140, 14))
    model.fit(train.images, train.labels, verbose=0)
    verdicts = judge(TASKS["fine-tune"], collect("fine-tune", (model,), given))
    assert [verdict.message for verdict in verdicts if not verdict.passed][:1] == expected


@pytest.mark.long
def test_a_comparison_with_inception_gets_all_points(given):
    model = compile_classifier(functional("InceptionV3"), 1e-2)
    train, validation = given.splits["train"], given.splits["validation"]
    model.fit(train.images, train.labels, epochs=8, verbose=0)
    share = model.evaluate(validation.images, validation.labels, verbose=0)[1]
    before, given.numbers["validation"] = given.numbers["validation"], 0.5
    by_name = {"InceptionV3": share, "MobileNetV2": 0.5}
    assert all_points("inception", model, by_name, "InceptionV3", given=given)
    assert all_points("inception", model, (0.5, share), "InceptionV3", given=given)
    given.numbers["validation"] = before


class SaysYes:
    """Equal to everything, longer than anything, and without a text of its own."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1

    def __repr__(self):
        raise RuntimeError

    def __len__(self):
        return 10**12

    def __iter__(self):
        while True:
            yield self

    def __float__(self):
        raise RuntimeError

    __int__ = __str__ = __bool__ = __call__ = __float__


class Poisoned:
    """Every attribute raises."""

    def __getattr__(self, name):
        raise RuntimeError(name)


class YesArray(np.ndarray):
    """An array that is equal to everything."""

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    __hash__ = None


class Endless(list):
    """A list that never ends."""

    def __iter__(self):
        while True:
            yield 1


class BrokenModel(keras.Model):
    def call(self, inputs):
        raise RuntimeError

    @property
    def output_shape(self):
        raise RuntimeError


STRANGE = {
    "equal to everything": SaysYes(),
    "poisoned": Poisoned(),
    "a class": SaysYes,
    "nothing": object(),
    "text": "a" * 10_000_000,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "huge whole number": 10**400,
    "huge array": np.broadcast_to(np.zeros(1), (10**12,)),
    "huge list": [0] * 2_000_000,
    "ragged": [[1, 2], [3], "x"],
    "nested": [[[[1]]]],
    "objects in an array": np.full(3, object(), dtype=object),
    "three strange parts": (SaysYes(), Poisoned(), [SaysYes()]),
    "an array equal to everything": np.zeros(150).view(YesArray),
    "complex": 1j,
    "truth": True,
    "empty": [],
    "endless": iter(int, 1),
    "an endless list": Endless([1, 2, 3]),
    "dictionary": {"history": SaysYes(), 1: Poisoned()},
    "strange keys": {SaysYes(): 1, (): 2},
    "negative": (range(-3, 0), range(3), range(3)),
    "a layer": keras.layers.Dense(5),
    "a broken model": BrokenModel(),
    "an unbuilt model": keras.Sequential([]),
    "a function that raises": lambda pictures: 1 / 0,
    "a function of something else": lambda: None,
    "nothing at all": None,
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_facts_never_raise_and_strange_answers_get_no_point(strange, trained, given):
    for task in TASKS.values():
        if task.checks:
            facts = collect(task.name, (strange,) * len(task.answers), given)
            assert points(task, judge(task, facts)) == 0, task.name


@pytest.mark.long
def test_part_of_an_answer_may_be_strange(trained, given):
    model, history = trained
    for strange in (SaysYes(), Poisoned(), {"val_loss": SaysYes()}, np.zeros((3, 3))):
        for answers in ((model, strange), (strange, history)):
            assert points(TASKS["train"], judge(TASKS["train"], collect("train", answers, given))) < 3
        assert points(TASKS["predict"], judge(TASKS["predict"], collect("predict", ([0] * 30, strange), given))) < 2
