"""What watches over a training: order of the examples, best weights, patience, state on disk, one line of progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import Any

import keras
import numpy as np

from tl_helpers.messages import CourseError, message, number, percent
from tl_helpers.progress import ProgressLine, time_left
from tl_helpers.resuming import Record, variables
from tl_helpers.smaller_batches import Division

Array = np.ndarray[Any, Any]


@dataclass(eq=False)
class Keeper(keras.callbacks.Callback):  # type: ignore[misc]
    """Order the examples of each epoch, keep what it brought, stop in time, and show how far the training is."""

    record: Record
    order: Array | None
    seed: int
    patience: int | None
    save: Callable[[], None] | None
    line: ProgressLine | None
    division: Division

    def __post_init__(self) -> None:  # noqa: D105
        super().__init__()
        self.start, self.first = monotonic(), self.record.epochs
        self.before: list[Array] = []
        self._remember()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Put the examples into an order that depends on seed and epoch only."""
        if self.order is not None:
            self.order[:] = np.random.default_rng([self.seed, epoch]).permutation(len(self.order))

    def begin_epoch_anew(self) -> None:
        """Put the model into its state before the epoch, its own optimizer included."""
        self.division.drop()
        for variable, value in zip(variables(self.division.model), self.before, strict=self.division.possible):
            variable.assign(value)

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        """Show how far the epoch is, or stop where the loss is no number any more."""
        self._check(logs["loss"])
        self.division.tell()
        if self.line:
            self.line.show(" · ".join(self._parts(batch + 1, logs)))

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:  # noqa: ARG002
        """Keep what the epoch brought, and stop where patience is at its end."""
        self._check(logs["loss"] + logs.get("val_loss", 0.0))
        for name, value in logs.items():
            self.record.history.setdefault(name, []).append(value)
        if self.record.best_epoch == self.record.epochs:
            self.record.best_weights = self.model.get_weights()
        with self.division.plain_optimizer():
            self._remember()
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

    def _remember(self) -> None:
        if self.division.possible:
            self.before = [keras.ops.convert_to_numpy(variable) for variable in variables(self.division.model)]

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
