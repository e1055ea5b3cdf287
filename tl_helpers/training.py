"""Train a compiled model: one line of progress, early stopping, and going on after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.epochs import check_shared, make_batches, run_epochs
from tl_helpers.messages import CourseError, message, number, percent
from tl_helpers.progress import ProgressLine, time_left
from tl_helpers.resuming import Record, identify, keep, resume

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
        callbacks: of Keras; what they remember themselves is not kept in the folder.

    Returns:
        The model, and its history: each figure that Keras logs, a value an epoch.

    Raises:
        CourseError: a built model with a strategy; a model that is not compiled; a folder of another training; a loss
            that is no longer a number, after the best weights so far have been restored.
        OSError: the folder cannot be written to.
    """
    model = _compiled(model, strategy)
    devices = model.distribute_strategy.num_replicas_in_sync
    order = None if isinstance(train, tf.data.Dataset) else np.arange(len(train[0]))
    batches = train if order is None else make_batches(train, order, batch_size, devices)
    held_out = validation
    if validation is not None and not isinstance(validation, tf.data.Dataset):
        held_out = make_batches(validation, np.arange(len(validation[0])), batch_size)
    _prepare(model, batches)
    first_worker = model.distribute_strategy.extended.should_checkpoint
    record, save = Record({}, model.get_weights()), None
    if folder is not None:
        identity = identify(model, train, validation, batch_size, seed)
        record = resume(Path(folder), identity, model) or record
        check_shared(model.distribute_strategy, Path(folder), record.epochs)
        save = partial(keep, Path(folder), identity, model, record) if first_worker else None
    with ProgressLine() as line:
        shown = line if show_progress and first_worker else None
        keeper = _Keeper(record, order, seed, patience, save, shown)
        if record.epochs < epochs and not keeper.waited_enough():
            run_epochs(model, batches, held_out, range(record.epochs, epochs), [*callbacks, keeper])
        model.set_weights(record.best_weights)
        keeper.show_result()
    return model, record.history


@dataclass(eq=False)
class _Keeper(keras.callbacks.Callback):  # type: ignore[misc]
    """Order the examples of each epoch, keep what it brought, stop in time, and show how far the training is."""

    record: Record
    order: Array | None
    seed: int
    patience: int | None
    save: Callable[[], None] | None
    line: ProgressLine | None

    def __post_init__(self) -> None:
        super().__init__()
        self.start, self.first = monotonic(), self.record.epochs

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Put the examples into an order that depends on seed and epoch only."""
        if self.order is not None:
            self.order[:] = np.random.default_rng([self.seed, epoch]).permutation(len(self.order))

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        """Show how far the epoch is, or stop where the loss is no number any more."""
        self._check(logs["loss"])
        if self.line:
            self.line.show(" · ".join(self._parts(batch + 1, logs)))

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:  # noqa: ARG002
        """Keep what the epoch brought, and stop where patience is at its end."""
        self._check(logs["loss"] + logs.get("val_loss", 0.0))
        for name, value in logs.items():
            self.record.history.setdefault(name, []).append(value)
        if self.record.best_epoch == self.record.epochs:
            self.record.best_weights = self.model.get_weights()
        if self.save:
            self.save()
        if self.waited_enough():
            self.model.stop_training = True

    def waited_enough(self) -> bool:
        """Say whether there have been as many epochs without a better one as patience allows."""
        return self.patience is not None and self.record.epochs - self.record.best_epoch >= self.patience

    def show_result(self) -> None:
        """Show in the end how many epochs there were and which was best."""
        if self.line:
            key = "training.result_validation" if "val_loss" in self.record.history else "training.result"
            loss = number(min(self.record.monitored), 3)
            self.line.show(message(key, epochs=self.record.epochs, best=self.record.best_epoch, loss=loss))

    def _check(self, loss: float) -> None:
        if not isfinite(loss):
            self.model.set_weights(self.record.best_weights)
            rate = keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)
            raise CourseError("training.diverged", epoch=self.record.epochs + 1, rate=f"{rate:g}")

    def _parts(self, batches: int, logs: dict[str, float]) -> Iterator[str]:
        epochs, of_epoch = self.params["epochs"], self.params["steps"]  # no steps: a data set of unknown length
        yield message("training.epoch", epoch=self.record.epochs + 1, epochs=epochs)
        if of_epoch:
            yield message("training.share", share=percent(batches / of_epoch, 0))
        yield message("training.loss", loss=number(logs["loss"], 3))
        if "accuracy" in logs:
            yield message("training.accuracy", accuracy=percent(logs["accuracy"]))
        if "val_accuracy" in self.record.history:
            yield message("training.validation", accuracy=percent(self.record.history["val_accuracy"][-1]))
        if of_epoch:
            done = (self.record.epochs - self.first) * of_epoch + batches
            seconds = time_left(done, (epochs - self.first) * of_epoch, monotonic() - self.start)
            yield message("training.left", seconds=number(seconds))


def _compiled(model: keras.Model | Callable[[], keras.Model], strategy: tf.distribute.Strategy | None) -> keras.Model:
    if not isinstance(model, keras.Model):
        with (strategy or tf.distribute.get_strategy()).scope():
            model = model()
    elif strategy is not None:
        raise CourseError("training.built_already")
    if not model.compiled:
        raise CourseError("training.not_compiled", model=model.name)
    return model


def _prepare(model: keras.Model, batches: tf.data.Dataset) -> None:
    """Make all variables now, those of the optimizer too, so that they can be put into the state of an epoch."""
    with model.distribute_strategy.scope():
        if not model.built:
            model.build(tf.nest.map_structure(lambda each: each.shape, batches.element_spec[0]))
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)
