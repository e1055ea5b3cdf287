"""The same training on several devices: a process of its own in which one processor counts as several devices."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.messages import CourseError
from tl_helpers.session import fix_seeds
from tl_helpers.training import fit
from tl_helpers.transfer import compile_classifier

Array = np.ndarray[Any, Any]
PATIENCE_SECONDS = 600


def build_head(channels: int, classes: int) -> keras.Model:
    """Build and compile a head whose first weights depend on the seed only. Introduced in lesson 09.

    Args:
        channels: numbers that it takes of each picture.
        classes: scores that it gives.
    """
    fix_seeds(0)
    layers = [keras.Input((channels,)), keras.layers.Dense(classes)]
    return compile_classifier(keras.Sequential(layers), learning_rate=1e-3)


def train_shared(features: Array, labels: Array, strategy: Any = None, epochs: int = 3) -> list[Array]:
    """Train a head, on one device or on all those of a strategy. Introduced in lesson 09.

    Nothing in it is left to chance but the first weights and the order of the examples, which depend on the seed only,
    and all batches are whole: so the number of devices should not matter. (Of a smaller last batch the devices would
    get unequal parts, while their gradients count alike.)

    Args:
        features: float32, shape (n, channels).
        labels: integers, shape (n,), n at least 2.
        strategy: of ``tf.distribute``; None trains on one device.
        epochs: passes over the features.

    Returns:
        Weights and biases of the head.
    """
    build = partial(build_head, features.shape[1], int(labels.max()) + 1)
    batch_size = min(32, len(labels) // 2 * 2)
    whole = len(labels) // batch_size * batch_size
    settings = {"epochs": epochs, "batch_size": batch_size, "strategy": strategy, "show_progress": False}
    model, _ = fit(build, (features[:whole], labels[:whole]), **settings)
    return list(model.get_weights())


def logical_devices(count: int) -> Any:
    """Let one processor count as several devices, and return the strategy that trains on all of them.

    Introduced in lesson 09.

    Args:
        count: of devices, 2 or more.

    Returns:
        A ``tf.distribute.MirroredStrategy``.

    Raises:
        CourseError: TensorFlow has begun to work in this process: then its devices stay what they are.
    """
    processor = tf.config.list_physical_devices("CPU")[0]
    try:
        tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * count)
    except RuntimeError as error:
        raise CourseError("distribution.too_late") from error
    return tf.distribute.MirroredStrategy([f"CPU:{device}" for device in range(count)])


def train_on_devices(features: Array, labels: Array, count: int) -> list[Array]:
    """Call ``train_shared`` in a process of its own, on several logical devices. Introduced in lesson 09.

    Args:
        features: as for ``train_shared``.
        labels: as for ``train_shared``.
        count: of devices, 2 or more.

    Returns:
        What ``train_shared`` returns there.

    Raises:
        CourseError: the process fails.
    """
    with TemporaryDirectory() as folder:
        given, result = Path(folder) / "given.npz", Path(folder) / "result.npz"
        np.savez(given, features=features, labels=labels)
        command = [sys.executable, "-m", "tl_helpers.distribution", str(given), str(result), str(count)]
        settings = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": _path()}
        done = subprocess.run(command, env=settings, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise CourseError("distribution.failed", code=done.returncode, reason=" ".join(last)[:300])
        with np.load(result) as arrays:
            return [arrays[name] for name in arrays.files]


def main(given: str, result: str, count: str) -> None:
    """Train on what a file holds, on so many logical devices, and write the weights into another file."""
    strategy = logical_devices(int(count))
    with np.load(given) as arrays:
        weights = train_shared(arrays["features"], arrays["labels"], strategy)
    np.savez(result, *weights)


def _path() -> str:
    """Return where the process finds this package, wherever it is started."""
    return os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])


if __name__ == "__main__":
    main(*sys.argv[1:4])
