import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tl_helpers import keeper
from tl_helpers.messages import CourseError, message, set_language
from tl_helpers.resuming import Record, keep, resume
from tl_helpers.training import fit
from tl_helpers.transfer import compile_classifier

EPOCHS = 3


def examples(count, seed=0):
    random = np.random.default_rng(seed)
    inputs = random.normal(size=(count, 8)).astype("float32")
    return inputs, (inputs[:, 0] + random.normal(size=count) > 0).astype(int)


TRAIN, VALIDATION = examples(96), examples(40, 1)


def build(rate=0.01, units=6, dropout=0.3, trainable=True):
    """A model with everything that has a state: weights, moving statistics, random masks, Adam's means."""
    keras.utils.set_random_seed(3)
    layers = [
        keras.Input((8,)),
        keras.layers.Dense(units, activation="relu", trainable=trainable),
        keras.layers.BatchNormalization(),
        keras.Sequential([keras.layers.Dropout(dropout)]),
        keras.layers.Dense(1),
    ]
    return compile_classifier(keras.Sequential(layers), rate)


def build_plain():
    """A model without random masks and batch statistics, which trains alike on one device and on several."""
    keras.utils.set_random_seed(3)
    layers = [keras.Input((8,)), keras.layers.Dense(6, activation="relu"), keras.layers.Dense(1)]
    return compile_classifier(keras.Sequential(layers), 0.01)


def assert_same(first, second, **tolerance):
    for one, other in zip(first[0].get_weights(), second[0].get_weights(), strict=True):
        np.testing.assert_allclose(one, other, **{"rtol": 1e-5, "atol": 1e-6, **tolerance})
    assert first[1].keys() == second[1].keys()
    for name, values in first[1].items():
        np.testing.assert_allclose(values, second[1][name], **{"rtol": 1e-5, "atol": 1e-6, **tolerance}, err_msg=name)


def fit_all(**settings):
    return fit(build(), TRAIN, VALIDATION, **{"epochs": EPOCHS, "show_progress": False, **settings})


@pytest.fixture(scope="module")
def uninterrupted():
    return fit_all()


class At(keras.callbacks.Callback):
    """Does something at one batch of one epoch, both counted from 0."""

    def __init__(self, epoch, batch, action):
        super().__init__()
        self.when, self.action, self.epoch = (epoch, batch), action, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if (self.epoch, batch) == self.when:
            self.action(self.model)


class Noted(keras.layers.Layer):
    """Notes what passes through it in training."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def call(self, inputs, training=False):
        if training:
            self.seen.append(np.array(inputs)[:, 0])
        return inputs


def seen_in_training(**settings):
    """Train on examples that are numbered 0 to 95, and return their numbers, a row an epoch."""
    noted = Noted()
    model = keras.Sequential([keras.Input((1,)), noted, keras.layers.Dense(1)])
    model.compile("sgd", loss="mse", run_eagerly=True)
    numbers = np.arange(96, dtype="float32")[:, None]
    fit(model, (numbers / 96, numbers), show_progress=False, **settings)
    return np.rint(96 * np.concatenate(noted.seen)).astype(int).reshape(-1, 96)


# What is trained


def test_training_equals_keras_own_on_the_same_batches(capsys):
    model, oracle, losses = build_plain(), build_plain(), []
    fitted, history = fit(model, TRAIN, epochs=3, batch_size=16, seed=5, show_progress=False)
    assert fitted is model
    assert capsys.readouterr() == ("", "")
    for epoch in range(3):
        order = np.random.default_rng([5, epoch]).permutation(96)
        kept = oracle.fit(TRAIN[0][order], TRAIN[1][order], batch_size=16, shuffle=False, verbose=0).history
        losses.append((kept["loss"][0], oracle.get_weights()))
    np.testing.assert_allclose(history["loss"], [loss for loss, _ in losses], rtol=1e-5)
    best = min(losses, key=lambda pair: pair[0])[1]
    for one, other in zip(model.get_weights(), best, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_an_epoch_takes_every_example_once_in_an_order_of_seed_and_epoch():
    one, again, other = (seen_in_training(epochs=3, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(np.sort(one), np.tile(np.arange(96), (3, 1)))
    np.testing.assert_array_equal(one, again)
    assert len({tuple(order) for order in [*one, *other, range(96)]}) == 7


def test_a_training_that_goes_on_takes_the_orders_that_it_would_have_taken(tmp_path):
    whole = seen_in_training(epochs=3)
    first = seen_in_training(epochs=1, folder=tmp_path)
    rest = seen_in_training(epochs=3, folder=tmp_path)
    np.testing.assert_array_equal(np.concatenate([first, rest]), whole)


def test_a_memory_map_is_read_a_batch_at_a_time(tmp_path):
    rows = []

    class Watched(np.memmap):
        def __array__(self, *_, **__):
            raise AssertionError("the whole memory map was asked for")

        def __getitem__(self, key):
            found = np.ndarray.__getitem__(self.view(np.ndarray), key)
            rows.append(len(found))
            return found

    np.asarray(TRAIN[0], "float64").tofile(tmp_path / "inputs")
    inputs = Watched(tmp_path / "inputs", dtype="float64", mode="r", shape=(96, 8))
    settings = {"epochs": 1, "batch_size": 20, "show_progress": False}
    mapped = fit(build(), (inputs, TRAIN[1]), (inputs, TRAIN[1]), **settings, folder=tmp_path / "folder")
    assert max(rows) <= 32
    assert_same(mapped, fit(build(), TRAIN, TRAIN, **settings))


def test_a_data_set_is_trained_on_in_its_own_order():
    batches = tf.data.Dataset.from_tensor_slices(TRAIN).batch(32)
    held_out = tf.data.Dataset.from_tensor_slices(VALIDATION).batch(32)
    oracle = build_plain()
    kept = oracle.fit(batches, validation_data=held_out, epochs=3, shuffle=False, verbose=0).history
    _, history = fit(build_plain(), batches, held_out, epochs=3, show_progress=False)
    for name, values in kept.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras counts the batches in the first epoch
def test_a_data_set_of_unknown_length_is_trained_on(capsys):
    batches = tf.data.Dataset.from_tensor_slices(TRAIN).batch(32).filter(lambda *_: True)
    _, history = fit(build_plain(), batches, epochs=2)
    assert len(history["loss"]) == 2
    assert capsys.readouterr().out.count("\n") == 1


def test_a_model_that_is_not_built_yet_is_trained_and_goes_on(tmp_path):
    def unbuilt():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
        model.compile("adam", loss=keras.losses.BinaryCrossentropy(from_logits=True))
        return model

    settings = {"folder": tmp_path, "show_progress": False}
    losses = [fit(unbuilt(), TRAIN, epochs=epochs, **settings)[1]["loss"] for epochs in (1, 2)]
    assert len(losses[1]) == 2
    assert losses[1][:1] == losses[0]
    assert losses[1][1] < losses[1][0]


def test_a_function_that_builds_the_model_is_called():
    built = []

    def build_and_note():
        built.append(build_plain())
        return built[-1]

    model, _ = fit(build_and_note, TRAIN, epochs=1, show_progress=False)
    assert built == [model]


def test_a_model_that_is_not_compiled_is_refused(each_language):
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)], name="bare")
    with pytest.raises(CourseError, match="bare.*compile_classifier"):
        fit(model, TRAIN, epochs=1)


def test_a_built_model_with_a_strategy_is_refused(each_language):
    with pytest.raises(CourseError, match=r"fit\(build, …, strategy=strategy\)"):
        fit(build(), TRAIN, epochs=1, strategy=tf.distribute.OneDeviceStrategy("CPU:0"))


# Early stopping


def memorising():
    """A model that soon gets worse in validation: the labels are coin tosses."""
    random = np.random.default_rng(0)
    train, validation = ((random.normal(size=(n, 8)), random.integers(0, 2, n)) for n in (48, 400))
    return build(0.05, units=32, dropout=0.0), train, validation


@pytest.mark.parametrize("patience", [2, None])
def test_the_weights_of_the_best_epoch_are_restored(patience):
    model, train, validation = memorising()
    _, history = fit(model, train, validation, epochs=8, patience=patience, show_progress=False)
    best = int(np.argmin(history["val_loss"]))
    assert len(history["val_loss"]) == (8 if patience is None else best + 1 + patience)
    assert best < 5
    assert model.evaluate(*validation, verbose=0)[0] == pytest.approx(min(history["val_loss"]), rel=1e-4)
    assert min(history["val_loss"]) < history["val_loss"][-1] - 1e-3


def test_without_validation_the_training_loss_decides():
    raised = At(2, 0, lambda model: model.optimizer.learning_rate.assign(3.0))
    model, history = fit(build_plain(), TRAIN, epochs=12, patience=2, show_progress=False, callbacks=[raised])
    assert np.argmin(history["loss"]) in {0, 1}
    assert len(history["loss"]) == np.argmin(history["loss"]) + 3
    same = build_plain()
    fit(same, TRAIN, epochs=int(np.argmin(history["loss"])) + 1, show_progress=False)
    for one, other in zip(model.get_weights(), same.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_loss_that_is_no_number_stops_at_once_and_restores_the_best_weights():
    batches = []
    noting = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: batches.append(batch))
    blown_up = At(2, 0, lambda model: model.optimizer.learning_rate.assign(1e30))
    model = build_plain()
    with pytest.raises(CourseError, match=r"^Epoch 3: .*learning_rate=1e\+30") as error:
        fit(model, TRAIN, epochs=9, batch_size=8, show_progress=False, callbacks=[blown_up, noting])
    assert len(batches) < 2 * 12 + 6
    best = fit(build_plain(), TRAIN, epochs=2, batch_size=8, show_progress=False)
    for one, other in zip(model.get_weights(), best[0].get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)
    set_language("tr")
    assert re.match(r"3\. dönem: .*learning_rate=1e\+30", str(CourseError(error.value.key, **error.value.values)))


def test_a_loss_that_is_no_number_in_validation_stops_too():
    held_out = (VALIDATION[0], np.full(40, np.nan))
    model, before = build_plain(), build_plain().get_weights()
    with pytest.raises(CourseError, match="Epoch 1: "):
        fit(model, TRAIN, held_out, epochs=2, show_progress=False)
    for one, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


# Going on


def interrupt(_):
    raise KeyboardInterrupt


def test_an_interrupted_training_goes_on_to_the_same_end(tmp_path, uninterrupted):
    for epoch in (0, 2):
        with pytest.raises(KeyboardInterrupt):
            fit_all(folder=tmp_path, callbacks=[At(epoch, 1, interrupt)])
    done = []
    noting = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: done.append(epoch))
    assert_same(fit_all(folder=tmp_path, callbacks=[noting]), uninterrupted)
    assert done == [2]


def variables(model):
    return [*model.variables, *model.optimizer.variables]


def kept(folder, number):
    """A model whose variables all have one value, kept in a folder as the state after that many epochs."""
    model = build()
    model.optimizer.build(model.trainable_variables)
    for variable in variables(model):
        variable.assign(np.full(variable.shape, number))
    record = Record({"loss": [1.0 / each for each in range(1, number + 1)]}, model.get_weights())
    if number > 1:
        record.files = json.loads((folder / "training.json").read_text())["weights"]
    keep(folder, {"seed": "0"}, model, record)


def assert_kept(folder, number):
    model = build()
    model.optimizer.build(model.trainable_variables)
    record = resume(folder, {"seed": "0"}, model)
    assert record.epochs == record.best_epoch == number
    np.testing.assert_array_equal(record.best_weights[0], np.full((8, 6), number))
    for variable in variables(model):
        np.testing.assert_array_equal(variable, np.full(variable.shape, number))


@pytest.mark.parametrize("file", ["weights", "state"])
@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_write_that_breaks_off_leaves_the_state_before_it(tmp_path, monkeypatch, file, moment):
    kept(tmp_path, 1)
    call, left = getattr(os, moment), iter([True] if file == "state" else [])

    def breaking(*arguments):
        if not next(left, False):
            raise KeyboardInterrupt
        return call(*arguments)

    monkeypatch.setattr(os, moment, breaking)
    with pytest.raises(KeyboardInterrupt):
        kept(tmp_path, 2)
    monkeypatch.setattr(os, moment, call)
    assert_kept(tmp_path, 1)
    kept(tmp_path, 2)
    assert_kept(tmp_path, 2)
    assert {file.name for file in tmp_path.iterdir()} == {"training.json", "training-0002.npz"}


def killed_in(folder, moment):
    """Train with a folder in this process, until it kills itself without any notice."""

    def kill(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    if moment != "epoch":
        setattr(os, moment, kill)
    fit_all(folder=folder, callbacks=[At(2, 1, kill)])


def run_python(code, **environment):
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_training as t; {code}"
    settings = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.long
def test_a_killed_process_is_continued_by_another_to_the_same_end(tmp_path, uninterrupted):
    for moment, done in (("epoch", 2), ("fsync", 2)):
        process = run_python(f"t.killed_in({str(tmp_path)!r}, {moment!r})")
        _, error = process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL, error
        assert len(json.loads((tmp_path / "training.json").read_text())["history"]["loss"]) == done
    assert_same(fit_all(folder=tmp_path), uninterrupted)


def test_more_epochs_go_on_and_a_finished_training_returns_at_once(tmp_path, monkeypatch, uninterrupted):
    fit_all(folder=tmp_path, epochs=1)
    assert_same(fit_all(folder=tmp_path), uninterrupted)
    monkeypatch.setattr(keras.Model, "fit", lambda *_, **__: pytest.fail("trained again"))
    assert_same(fit_all(folder=tmp_path), uninterrupted)


def test_a_training_that_stopped_early_returns_at_once_and_goes_on_with_more_patience(tmp_path, monkeypatch):
    model, train, validation = memorising()
    settings = {"epochs": 12, "show_progress": False, "folder": tmp_path}
    _, first = fit(model, train, validation, patience=2, **settings)
    model = memorising()[0]
    with monkeypatch.context() as patch:
        patch.setattr(keras.Model, "fit", lambda *_, **__: pytest.fail("trained again"))
        _, again = fit(model, train, validation, patience=2, **settings)
    assert again == first
    assert model.evaluate(*validation, verbose=0)[0] == pytest.approx(min(first["val_loss"]), rel=1e-4)
    _, longer = fit(memorising()[0], train, validation, patience=3, **settings)
    assert len(longer["loss"]) > len(first["loss"])
    assert longer["loss"][: len(first["loss"])] == first["loss"]


def test_only_the_last_and_the_best_weights_stay_and_nothing_else_is_touched(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    model, train, validation = memorising()
    _, history = fit(model, train, validation, epochs=6, folder=tmp_path, show_progress=False)
    best = int(np.argmin(history["val_loss"])) + 1
    assert best < 6
    weights = {f"training-{best:04}.npz", "training-0006.npz"}
    assert {file.name for file in tmp_path.iterdir()} == {"notes.txt", "training.json", *weights}


OTHER = {
    "model": lambda: (build(units=7), TRAIN, VALIDATION, {}),
    "settings": lambda: (build(rate=0.02), TRAIN, VALIDATION, {}),
    "train": lambda: (build(), (TRAIN[0], 1 - TRAIN[1]), VALIDATION, {}),
    "validation": lambda: (build(), TRAIN, None, {}),
    "batch_size": lambda: (build(), TRAIN, VALIDATION, {"batch_size": 16}),
    "seed": lambda: (build(), TRAIN, VALIDATION, {"seed": 1}),
}


@pytest.fixture(scope="module")
def one_epoch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one-epoch")
    fit_all(folder=folder, epochs=1)
    return folder


@pytest.mark.parametrize("kind", OTHER)
def test_the_folder_of_another_training_is_refused_and_left_alone(one_epoch, kind, each_language):
    model, train, validation, settings = OTHER[kind]()
    before = {file: file.read_bytes() for file in one_epoch.iterdir()}
    with pytest.raises(CourseError) as refusal:
        fit(model, train, validation, epochs=3, folder=one_epoch, show_progress=False, **settings)
    kinds = [each for each in OTHER if message(f"training.kind_{each}") in str(refusal.value)]
    assert kinds == [kind]
    assert str(one_epoch) in str(refusal.value)
    assert {file: file.read_bytes() for file in one_epoch.iterdir()} == before


@pytest.mark.parametrize("change", [{"dropout": 0.5}, {"trainable": False}])
def test_another_layer_of_the_same_shape_makes_another_training(one_epoch, change):
    with pytest.raises(CourseError, match="layers"):
        fit(build(**change), TRAIN, VALIDATION, epochs=3, folder=one_epoch, show_progress=False)


def state_file(folder):
    return folder / "training.json"


def weight_file(folder):
    return max(folder.glob("*.npz"))


def flip(file, position):
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)


DAMAGES = {
    "the state is cut off": lambda folder: state_file(folder).write_bytes(state_file(folder).read_bytes()[:90]),
    "the state is empty": lambda folder: state_file(folder).write_text(""),
    "the state is something else": lambda folder: state_file(folder).write_text("[3]"),
    "the state lacks a part": lambda folder: state_file(folder).write_text('{"history": {}, "weights": {}}'),
    "the state has another form": lambda folder: state_file(folder).write_text('{"history": [], "weights": 3}'),
    "the state is no text": lambda folder: state_file(folder).write_bytes(b"\xff\xfe\x00"),
    "the weights are missing": lambda folder: weight_file(folder).unlink(),
    "the weights are cut off": lambda folder: weight_file(folder).write_bytes(weight_file(folder).read_bytes()[:900]),
    "one bit of the weights is wrong": lambda folder: flip(weight_file(folder), 700),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_state_is_noticed_with_one_sentence(tmp_path, damage, capsys, each_language):
    kept(tmp_path, 1)
    DAMAGES[damage](tmp_path)
    model = build()
    model.optimizer.build(model.trainable_variables)
    before = [np.array(variable) for variable in variables(model)]
    assert resume(tmp_path, {"seed": "0"}, model) is None
    assert capsys.readouterr().out == message("training.damaged", folder=tmp_path) + "\n"
    for old, variable in zip(before, variables(model), strict=True):
        np.testing.assert_array_equal(old, variable)


def test_a_training_with_a_damaged_state_starts_again(tmp_path, capsys, uninterrupted):
    fit_all(folder=tmp_path, epochs=1)
    flip(weight_file(tmp_path), 700)
    assert_same(fit_all(folder=tmp_path), uninterrupted)
    assert capsys.readouterr().out.count("\n") == 1
    assert_same(fit_all(folder=tmp_path), uninterrupted)
    assert capsys.readouterr().out == ""


# What is shown


def test_the_progress_is_one_line_that_ends_with_the_result(capsys):
    _, history = fit_all(show_progress=True)
    best, loss = int(np.argmin(history["val_loss"])) + 1, min(history["val_loss"])
    shown = f"Epochs trained: {EPOCHS}. Best weights: epoch {best} (validation loss {loss:.3f}).\n"
    assert capsys.readouterr() == (shown, "")


def test_a_finished_training_shows_its_result(capsys, one_epoch, each_language):
    _, history = fit_all(folder=one_epoch, epochs=1, show_progress=True)
    loss = f"{history['val_loss'][0]:.3f}"
    (line,) = capsys.readouterr().out.splitlines()
    assert (loss if each_language == "en" else loss.replace(".", ",")) in line


def test_the_progress_tells_the_figures_of_the_epoch_in_the_language_in_force(monkeypatch):
    texts, clock = [], iter(range(1000))
    monkeypatch.setattr(keeper, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr("tl_helpers.progress.ProgressLine.show", lambda line, text: texts.append(text))
    _, history = fit(build(), TRAIN, VALIDATION, epochs=3, callbacks=[At(2, 0, lambda _: set_language("tr"))])
    during, after, losses = history["accuracy"], history["val_accuracy"], history["loss"]
    assert len(texts) == 3 * 3 + 1
    assert re.fullmatch(r"Epoch 1/3 · 33 % of the epoch · loss \d\.\d{3} · accuracy \d+\.\d % · 8 s left", texts[0])
    assert texts[5] == (
        f"Epoch 2/3 · 100 % of the epoch · loss {losses[1]:.3f} · accuracy {100 * during[1]:.1f} % · "
        f"validation {100 * after[0]:.1f} % · 3 s left"
    )
    assert texts[8] == (
        f"Dönem 3/3 · bu dönemde ilerleme %100 · kayıp {losses[2]:.3f} · doğruluk %{100 * during[2]:.1f} · "
        f"doğrulama %{100 * after[1]:.1f} · kalan süre 0 sn"
    ).replace(".", ",")


# Several devices


def save_fit(file, fitted):
    model, history = fitted
    arrays = {f"weight_{i}": weight for i, weight in enumerate(model.get_weights())}
    np.savez(file, **arrays, **{f"history_{name}": values for name, values in history.items()})


def saved_fit(file):
    with np.load(file) as arrays:
        weights = [arrays[name] for name in arrays.files if name.startswith("weight_")]
        history = {name[8:]: list(arrays[name]) for name in arrays.files if name.startswith("history_")}
    model = build_plain()
    if [weight.shape for weight in weights] != [weight.shape for weight in model.get_weights()]:
        model = build()
    model.set_weights(weights)
    return model, history


TRAIN_AND_ONE, VALIDATION_AND_ONE = examples(97), examples(33, 1)  # 32 is a batch: the last ones have one example


def on_two_devices(folder):
    """Train under MirroredStrategy on two logical devices: plainly; then with random masks, and take that up again."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    assert strategy.num_replicas_in_sync == 2
    settings = {"strategy": strategy, "show_progress": False}
    folder = Path(folder)
    save_fit(folder / "plain.npz", fit(build_plain, TRAIN, VALIDATION_AND_ONE, epochs=2, **settings))
    settings |= {"epochs": 1, "folder": folder / "kept"}
    first, again = (fit(build, TRAIN_AND_ONE, VALIDATION, **settings)[0] for _ in range(2))
    for one, other in zip(variables(first), variables(again), strict=True):
        for values in zip(*map(strategy.experimental_local_results, (one.value, other.value)), strict=True):
            np.testing.assert_array_equal(*values, err_msg=one.path)


@pytest.mark.long
def test_two_devices_train_as_one_does_and_both_are_put_into_the_state_that_was_kept(tmp_path):
    process = run_python(f"t.on_two_devices({str(tmp_path)!r})")
    _, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    alone = fit(build_plain(), TRAIN, VALIDATION_AND_ONE, epochs=2, show_progress=False)
    assert_same(saved_fit(tmp_path / "plain.npz"), alone, rtol=1e-3, atol=1e-4)


def as_worker(folder, number):
    """Train as one of two workers: an epoch, then more; then with moving statistics and batches that do not halve."""
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    assert strategy.num_replicas_in_sync == 2
    folder = Path(folder)
    for epochs in (1, EPOCHS):
        fitted = fit(build_plain, TRAIN, VALIDATION, epochs=epochs, folder=folder / "kept", strategy=strategy)
    save_fit(folder / f"worker{number}.npz", fitted)
    uneven = tuple(array[:94] for array in TRAIN)
    settings = {"epochs": 1, "batch_size": 19, "strategy": strategy, "show_progress": False}
    save_fit(folder / f"worker{number}-uneven.npz", fit(build, uneven, VALIDATION, **settings))


def start_workers(code):
    """Start two processes as two workers of one cluster; {number} in the code is the worker's."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, other)]
    tasks = [{"cluster": {"worker": addresses}, "task": {"type": "worker", "index": number}} for number in (0, 1)]
    return [run_python(code.format(number=n), TF_CONFIG=json.dumps(task)) for n, task in enumerate(tasks)]


@pytest.mark.long
def test_two_workers_train_as_one_process_does_and_the_first_one_writes(tmp_path):
    workers = start_workers(f"t.as_worker({str(tmp_path)!r}, {{number}})")
    outputs = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], outputs
    first, second = (saved_fit(tmp_path / f"worker{number}.npz") for number in (0, 1))
    assert_same(first, second, rtol=0, atol=0)
    assert_same(*(saved_fit(tmp_path / f"worker{number}-uneven.npz") for number in (0, 1)), rtol=0, atol=0)
    assert_same(first, fit(build_plain(), TRAIN, VALIDATION, epochs=EPOCHS, show_progress=False), rtol=1e-3, atol=1e-4)
    assert first[1]["loss"][-1] < first[1]["loss"][0] - 0.01
    assert outputs[0][0].count("\n") == 2
    assert outputs[1][0] == ""
