"""Go on with smaller batches where a device's memory is too small, and say so once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.messages import CourseError, message, number

Array = np.ndarray[Any, Any]


class FittingSize:
    """How many pictures a device computes at once: half as many, as soon as its memory is too small.

    Args:
        asked: pictures at once, where memory allows.
    """

    def __init__(self, asked: int) -> None:
        self.asked, self.size, self.told = asked, asked, False

    def run(self, compute: Callable[[Array], Array], pictures: Array) -> Array:
        """Compute outputs of pictures, in parts that fit; the result does not depend on the parts.

        Args:
            compute: from pictures (b, …) to outputs (b, …).
            pictures: shape (n, …), n at least 1.

        Returns:
            Outputs, shape (n, …).

        Raises:
            CourseError: not even one picture fits.
        """
        outputs: list[Array] = []
        done = 0
        while done < len(pictures):
            part = pictures[done : done + self.size]
            try:
                outputs.append(compute(part))
            except tf.errors.ResourceExhaustedError as error:
                if len(part) == 1:
                    raise CourseError("devices.one_does_not_fit") from error
                self.size = -(-len(part) // 2)
                continue
            done += len(part)
            if self.size < self.asked and not self.told:
                self.told = True
                print(message("devices.smaller_batch", asked=number(self.asked), size=number(self.size)))
        return outputs[0] if len(outputs) == 1 else np.concatenate(outputs)


class Division:
    """Training batches that are computed in parts where memory is too small, with one step of the optimizer a batch.

    Keras' optimizers add up the gradients of the parts (``gradient_accumulation_steps``), so batch size and learning
    rate keep their meaning. Where an optimizer cannot, the batches themselves become smaller.

    Args:
        model: compiled and built, its optimizer too.
        batch_size: that was asked for.
    """

    def __init__(self, model: keras.Model, batch_size: int) -> None:
        self.model, self.batch_size = model, batch_size
        self.plain = model.optimizer
        self.parts, self.told = 1, False

    @property
    def size(self) -> int:
        """Examples that are computed at once."""
        return -(-self.batch_size // self.parts)

    @property
    def possible(self) -> bool:
        """Whether batches can be divided: only on one device."""
        return bool(self.model.distribute_strategy.num_replicas_in_sync == 1)

    @property
    def adds_up(self) -> bool:
        """Whether the optimizer can add up gradients so that nothing else changes.

        Not where it scales the loss or adds up already; nor with a schedule of learning rates or moving averages of the
        weights, which in Keras count every part as a step.
        """
        if isinstance(self.plain, keras.optimizers.LossScaleOptimizer):
            return False
        settings = self.plain.get_config()
        scheduled = isinstance(settings["learning_rate"], dict)
        return not (scheduled or settings["gradient_accumulation_steps"] or settings["use_ema"])

    def halve(self, error: Exception) -> None:
        """Divide batches into twice as many parts, and give the model an optimizer that adds up their gradients.

        Args:
            error: TensorFlow's, which said that memory is too small.

        Raises:
            CourseError: one example does not fit, or the model trains on several devices.
        """
        self.drop()
        if self.size == 1:
            raise CourseError("devices.one_does_not_fit") from error
        if not self.possible:
            raise CourseError("devices.strategy", batch_size=self.batch_size, less=self.batch_size // 2) from error
        self.parts, self.told = min(2 * self.parts, self.batch_size), False
        if self.adds_up:
            self.model.optimizer = _adding_up(self.plain, self.parts, self.model.trainable_variables)
            _copy_state(self.plain, self.model.optimizer, self.parts)
        self.model.train_function = None  # it holds the optimizer of before
        self.model._eval_epoch_iterator = None  # Keras keeps the batches of a validation that broke off

    def tell(self) -> None:
        """Say once that batches have become smaller, as soon as one has passed."""
        if self.parts > 1 and not self.told:
            key = "devices.parts" if self.adds_up else "devices.smaller_training_batch"
            print(message(key, batch_size=number(self.batch_size), size=number(self.size), parts=number(self.parts)))
        self.told = True

    @contextmanager
    def plain_optimizer(self) -> Iterator[None]:
        """Meanwhile give the model its own optimizer, in the state that it would have without parts.

        Only between batches: what has been added up so far is not carried over.
        """
        adding_up = self.model.optimizer
        if adding_up is not self.plain:
            _copy_state(adding_up, self.plain, 1 / self.parts)
            self.model.optimizer = self.plain
        try:
            yield
        finally:
            if adding_up is not self.plain:
                self.model.optimizer = adding_up

    def drop(self) -> None:
        """Give the model its own optimizer back, in the state in which it was last."""
        if self.model.optimizer is not self.plain:
            self.model.optimizer = self.plain
            self.model.train_function = None


def _adding_up(
    optimizer: keras.optimizers.Optimizer, parts: int, weights: list[keras.Variable]
) -> keras.optimizers.Optimizer:
    made = type(optimizer).from_config({**optimizer.get_config(), "gradient_accumulation_steps": parts})
    made.build(weights)
    return made


def _copy_state(source: keras.optimizers.Optimizer, target: keras.optimizers.Optimizer, factor: float) -> None:
    """Copy an optimizer's state; its count of steps, times a factor, since each part counts as a step."""
    values, places = ([v for v in each.variables if "gradient_accumulator" not in v.path] for each in (source, target))
    for value, place in zip(values, places, strict=True):
        place.assign(value)
    steps = keras.ops.convert_to_numpy(values[0])
    places[0].assign(np.rint(steps * factor).astype(steps.dtype))
