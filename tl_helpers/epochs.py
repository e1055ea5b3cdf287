"""Run epochs: batches that are read when they are needed, and the loop over several workers that Keras 3 lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.messages import CourseError

Array = np.ndarray[Any, Any]


def make_batches(
    arrays: Sequence[Array], order: Array, batch_size: int, least: int = 1, parts: int = 1
) -> tf.data.Dataset:
    """Make batches of arrays, of which one batch at a time is read.

    Args:
        arrays: of n examples each, memory maps too; floats become those of Keras (float32).
        order: integers, shape (n,); what it holds at the beginning of an epoch is the order of that epoch.
        batch_size: examples of a batch; the last one may be smaller.
        least: examples of a last batch that is not left out.
        parts: of each batch that are given one after the other, of sizes that differ by one at most; a last batch with
            fewer examples than parts is left out.
    """
    rest, least = len(order) % batch_size, max(least, parts)
    count = len(order) - rest if rest < least else len(order)
    kinds = [keras.config.floatx() if np.issubdtype(array.dtype, np.floating) else array.dtype for array in arrays]

    def take(positions: Array) -> list[Array]:
        return [array[order[positions]].astype(kind) for array, kind in zip(arrays, kinds, strict=True)]

    def load(positions: tf.Tensor) -> tuple[tf.Tensor, ...]:
        batch = tf.numpy_function(take, [positions], [tf.as_dtype(kind) for kind in kinds])
        for tensor, array in zip(batch, arrays, strict=True):
            tensor.set_shape([None, *array.shape[1:]])
        return tuple(batch)

    options = tf.data.Options()
    options.autotune.enabled = False  # nothing to tune; its thread made the end of an iterator wait up to a minute
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA  # no files
    positions = tf.data.Dataset.range(count).batch(batch_size) if parts == 1 else _in_parts(count, batch_size, parts)
    return positions.map(load).prefetch(2).with_options(options)


def _in_parts(count: int, batch_size: int, parts: int) -> tf.data.Dataset:
    """Give the positions 0 to ``count`` in as many parts of each batch."""
    starts = np.append(np.arange(0, count, batch_size), count)
    within = np.linspace(starts[:-1], starts[1:], parts, endpoint=False, axis=1)  # (batches, parts)
    bounds = np.append(np.floor(within).astype(np.int64), count)
    return tf.data.Dataset.from_tensor_slices((bounds[:-1], bounds[1:])).map(tf.range)


def run_epochs(
    model: keras.Model,
    batches: tf.data.Dataset,
    validation: tf.data.Dataset | None,
    epochs: range,
    callbacks: Sequence[keras.callbacks.Callback],
) -> None:
    """Train with ``keras.Model.fit``, or where there are several workers with a loop that does the same.

    Args:
        model: compiled and built.
        batches: the same in every worker; each batch is divided among all devices.
        validation: the same, or None.
        epochs: numbers of the epochs, counted from 0.
        callbacks: of Keras; they get the figures of all devices together.
    """
    strategy = model.distribute_strategy
    hooks = [_Averaging(), *callbacks] if strategy.num_replicas_in_sync > 1 else list(callbacks)
    if isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        _run_in_workers(model, batches, validation, epochs, hooks)
    else:
        settings = {"epochs": epochs.stop, "initial_epoch": epochs.start, "callbacks": hooks, "verbose": 0}
        model.fit(batches, validation_data=validation, shuffle=False, **settings)  # in their order already


def check_shared(strategy: tf.distribute.Strategy, folder: Path, epochs: int) -> None:
    """Check that several workers found the same state in a folder; otherwise they would wait for one another for ever.

    Args:
        strategy: of the model.
        folder: where the state is kept.
        epochs: how many finished ones this worker found.

    Raises:
        CourseError: another worker found another number.
    """
    if isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        (mean,) = _averages(strategy, lambda: [tf.constant(float(epochs))])()
        if float(mean) != epochs:
            raise CourseError("training.not_shared", folder=folder)


class _Averaging(keras.callbacks.Callback):  # type: ignore[misc]
    """Give all devices the mean of the moving statistics that each keeps of its own examples.

    Keras lets the devices go apart in them (batch normalisation), so several workers would end with different weights.
    """

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Find the statistics: weights that training does not change by gradients."""
        self.statistics = [weight for weight in self.model.non_trainable_weights if "float" in weight.dtype]
        own = lambda: [tf.identity(weight.value) for weight in self.statistics]  # noqa: E731
        self.averages = _averages(self.model.distribute_strategy, own)

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Average before validation, which then measures the weights that are kept."""
        for weight, mean in zip(self.statistics, self.averages(), strict=True):
            weight.assign(mean)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Average at the end of an epoch, with validation or without."""
        self.on_test_begin()


def _run_in_workers(
    model: keras.Model,
    batches: tf.data.Dataset,
    validation: tf.data.Dataset | None,
    epochs: range,
    callbacks: Sequence[keras.callbacks.Callback],
) -> None:
    """Do what ``keras.Model.fit`` does, which fails where workers are several (Keras 3.13–3.15, TensorFlow 2.20–2.21).

    Its TensorFlow trainer averages whole batches (``_maybe_symbolic_build``) and scalars along an axis
    (``reduce_per_replica``) over the workers, which TensorFlow refuses. Its steps work, and are what is run here.
    """
    strategy = model.distribute_strategy
    steps = int(batches.cardinality())
    hooks = keras.callbacks.CallbackList(
        list(callbacks), model=model, epochs=epochs.stop, steps=steps if steps >= 0 else None
    )
    shares, train_step = _shared_out(strategy, batches, model.train_step)
    if validation is not None:
        held_out, test_step = _shared_out(strategy, validation, model.test_step)
    model.stop_training = False
    hooks.on_train_begin()
    for epoch in epochs:
        model.reset_metrics()
        hooks.on_epoch_begin(epoch)
        for number, batch in enumerate(shares):
            hooks.on_train_batch_begin(number)
            train_step(batch)
            hooks.on_train_batch_end(number, model.get_metrics_result())
        logs = model.get_metrics_result()
        if validation is not None:
            hooks.on_test_begin()
            model.reset_metrics()
            for batch in held_out:
                test_step(batch)
            measured = model.get_metrics_result()
            hooks.on_test_end(measured)
            logs |= {f"val_{name}": value for name, value in measured.items()}
        hooks.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    hooks.on_train_end()


def _shared_out(strategy: tf.distribute.Strategy, batches: tf.data.Dataset, step: Callable[[Any], Any]) -> Any:
    """Return this worker's shares of the batches, and the step as one graph for shares of any size."""
    shares = strategy.experimental_distribute_dataset(batches)

    def run(share: Any) -> Any:
        return strategy.run(step, args=(share,))

    return shares, tf.function(run, input_signature=[shares.element_spec], autograph=False)


def _averages(strategy: tf.distribute.Strategy, own: Callable[[], list[tf.Tensor]]) -> Any:
    """Make a function that averages over all devices what each has of its own."""

    def averages() -> list[tf.Tensor]:
        return [strategy.reduce("MEAN", each, axis=None) for each in strategy.run(own)]

    return tf.function(averages, autograph=False)
