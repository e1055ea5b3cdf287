"""Train a compiled model: one line of progress, early stopping, and going on after a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.epochs import check_shared, make_batches, run_epochs
from tl_helpers.keeper import Keeper
from tl_helpers.messages import CourseError
from tl_helpers.progress import ProgressLine
from tl_helpers.resuming import Record, identify, keep, resume
from tl_helpers.smaller_batches import Division

Array = np.ndarray[Any, Any]
Data: TypeAlias = tuple[Array, Array] | tf.data.Dataset


def fit(
    model: keras.Model | Callable[[], keras.Model],
    train: Data,
    validation: Data | None = None,
    *,
    epochs: int,
    batch_size: int = 32,
    patience: int | None = None,
    folder: Path | str | None = None,
    strategy: tf.distribute.Strategy | None = None,
    seed: int = 0,
    show_progress: bool = True,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> tuple[keras.Model, dict[str, list[float]]]:
    """Train a model and give it the weights of its best epoch. Introduced in lesson 03.

    The best epoch has the lowest loss in validation, or in training where there is no validation. With a folder, a
    training that was cut off at any moment goes on after its last whole epoch as if nothing had happened: with its
    weights, its optimizer, the random states of its layers and the order of the examples. A finished training returns
    at once; with more epochs it goes on.

    Where the device's memory is too small, each batch of arrays is computed in parts (halves, quarters …), which is
    said once, and the epoch begins anew. The optimizer adds up their gradients and takes one step a batch, so batch
    size and learning rate keep their meaning, and the result is the same but for rounding; only layers that look at a
    whole batch (batch normalisation that is trained) or draw at random (dropout) see something else.

    Args:
        model: compiled; or a function that builds and compiles one, which a strategy needs.
        train: inputs (n, …) and labels (n, …), memory maps too, of which one batch at a time is read; or a data set of
            batches, whose order is its own affair: it begins anew when a training goes on.
        validation: the same, or None.
        epochs: in all, 1 or more.
        batch_size: examples of a batch of arrays, over all devices together; a last batch with fewer examples than
            devices is left out, since batch normalisation has no mean of nothing.
        patience: epochs without a better one, 1 or more, after which training stops; None never stops early.
        folder: of this training alone, made where it is missing; None keeps nothing on disk.
        strategy: such as ``tf.distribute.MirroredStrategy()``; or ``tf.distribute.MultiWorkerMirroredStrategy()`` in
            every worker: all must see the folder, the first one writes it and shows the progress; evaluate the model
            elsewhere, for Keras 3 can neither evaluate nor predict in several workers.
        seed: of the order of the examples, 0 or more.
        show_progress: one line that is kept up to date.
        callbacks: of Keras; what they remember themselves is not kept in the folder; parts of batches are batches to
            them.

    Returns:
        The model, and its history: each figure that Keras logs, a value an epoch.

    Raises:
        CourseError: a built model with a strategy; a model that is not compiled; a folder of another training; a loss
            that is no longer a number, after the best weights so far have been restored; or not even one example, or
            a batch of a data set, fits into the device's memory.
        OSError: the folder cannot be written to.
    """
    model = _compiled(model, strategy)
    order = None if isinstance(train, tf.data.Dataset) else np.arange(len(train[0]))
    division = Division(model, batch_size)
    load = partial(_load, train, validation, order, division)
    _prepare(model, load()[0])
    first_worker = model.distribute_strategy.extended.should_checkpoint
    record, save = Record({}, model.get_weights()), None
    if folder is not None:
        identity = identify(model, train, validation, batch_size, seed)
        record = resume(Path(folder), identity, model) or record
        check_shared(model.distribute_strategy, Path(folder), record.epochs)
        save = partial(keep, Path(folder), identity, model, record) if first_worker else None
    with ProgressLine() as line:
        shown = line if show_progress and first_worker else None
        keeper = Keeper(record, order, seed, patience, save, shown, division)
        if record.epochs < epochs and not keeper.waited_enough():
            divisible = not any(isinstance(data, tf.data.Dataset) for data in (train, validation))
            _run_in_what_memory_holds(keeper, load, epochs, callbacks, divisible)
        model.set_weights(record.best_weights)
        keeper.show_result()
    return model, record.history


def _compiled(model: keras.Model | Callable[[], keras.Model], strategy: tf.distribute.Strategy | None) -> keras.Model:
    if not isinstance(model, keras.Model):
        with (strategy or tf.distribute.get_strategy()).scope():
            model = model()
    elif strategy is not None:
        raise CourseError("training.built_already")
    if not model.compiled:
        raise CourseError("training.not_compiled", model=model.name)
    return model


def _run_in_what_memory_holds(
    keeper: Keeper,
    load: Callable[[], tuple[tf.data.Dataset, tf.data.Dataset | None]],
    epochs: int,
    callbacks: Sequence[keras.callbacks.Callback],
    divisible: bool,
) -> None:
    """Run the epochs that are left; where memory is too small, begin the epoch anew with batches in smaller parts."""
    division = keeper.division
    try:
        while True:
            try:
                batches, held_out = load()
                left = range(keeper.record.epochs, epochs)
                run_epochs(division.model, batches, held_out, left, [*callbacks, keeper])
            except tf.errors.ResourceExhaustedError as error:
                keeper.begin_epoch_anew()
                if not divisible:
                    raise CourseError("devices.data_set") from error
                division.halve(error)
            else:
                return
    finally:
        division.drop()


def _load(
    train: Data, validation: Data | None, order: Array | None, division: Division
) -> tuple[tf.data.Dataset, tf.data.Dataset | None]:
    """Make batches of arrays, in parts of the size that memory holds; data sets stay as they are."""
    size, parts = (division.batch_size, division.parts) if division.adds_up else (division.size, 1)
    devices = division.model.distribute_strategy.num_replicas_in_sync
    batches = train if order is None else make_batches(train, order, size, devices, parts)
    if validation is None or isinstance(validation, tf.data.Dataset):
        return batches, validation
    return batches, make_batches(validation, np.arange(len(validation[0])), division.size)


def _prepare(model: keras.Model, batches: tf.data.Dataset) -> None:
    """Make all variables now, those of the optimizer too, so that they can be put into the state of an epoch."""
    with model.distribute_strategy.scope():
        if not model.built:
            model.build(tf.nest.map_structure(lambda each: each.shape, batches.element_spec[0]))
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)
