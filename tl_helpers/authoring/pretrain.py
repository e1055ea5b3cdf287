"""Pretrain the mini edition's base models on the picture book's source task: ``make pretrain``.

Pictures and every epoch are kept in the course's data folder, under the picture book's version: a run that was stopped
goes on where it was, and never with other drawings.
"""

import argparse
import csv
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import keras
import numpy as np

from tl_helpers import picturebook
from tl_helpers.authoring import source_task
from tl_helpers.authoring.model_card import publish
from tl_helpers.authoring.source_task import BATCH_SIZE, TEST_SEED, TRAIN_SEED, work_folder
from tl_helpers.base_models import build_base_model, preprocessing
from tl_helpers.evaluation import confusion_matrix
from tl_helpers.pictures import Array

SEEDS = {"MobileNetV2": 7, "InceptionV3": 8}  # of the networks, in the order in which they are trained
TRAIN_PER_CLASS, TEST_PER_CLASS = 260, 60
CYCLES = {"MobileNetV2": 2, "InceptionV3": 1}  # the narrow MobileNetV2 goes on learning after one
EPOCHS, PEAK_RATE, WEIGHT_DECAY = 15, 2e-3, 0.02  # epochs of a cycle, rate of the first
JIT_COMPILE = "auto"  # Keras' default; the tests, which train for one step, do without
MOMENTUM = 0.95  # Keras' 0.99 and 0.999 would need many more steps before the moving statistics follow
PACKAGES = ("tensorflow", "keras", "numpy", "pillow")


def build_network(name: str, outputs: int | None = None) -> tuple[keras.Model, keras.Model]:
    """Build base model and full classifier with random weights.

    Args:
        name: of the base model.
        outputs: number of logits; None: one a source class.

    Returns:
        The base (96×96×3 in [-1, 1] → a 3×3 feature map) and the classifier (0–255 → logits).
    """
    base_model = build_base_model(name)
    for layer in base_model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = MOMENTUM
    inputs = keras.Input((96, 96, 3))
    features = keras.layers.GlobalAveragePooling2D()(base_model(preprocessing(name)(inputs)))
    logits = keras.layers.Dense(outputs or len(source_task.CLASSES), name="head")(keras.layers.Dropout(0.2)(features))
    return base_model, keras.Model(inputs, logits)


class Cycles(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Warm up for an epoch, fall along a cosine to zero, and begin again at half the rate.

    Warm restarts: Loshchilov and Hutter (2017), arXiv:1608.03983.

    Args:
        steps: batches of an epoch.
        epochs: of a cycle, the warm-up included.
    """

    def __init__(self, steps: int, epochs: int) -> None:
        self.steps, self.epochs = steps, epochs

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step of training."""
        passed = keras.ops.cast(step, "float32") / self.steps
        cycle, epoch = keras.ops.floor(passed / self.epochs), passed % self.epochs
        falling = 0.5 * (1 + keras.ops.cos(np.pi * (epoch - 1) / max(1, self.epochs - 1)))
        rising = 0.05 + 0.95 * epoch
        return PEAK_RATE * 0.5**cycle * keras.ops.where(epoch < 1, rising, falling)


class EpochSeconds(keras.callbacks.Callback):  # type: ignore[misc]
    """Add the seconds that an epoch took to what is logged of it."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002, D102
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002, D102
        if logs is not None:
            logs["seconds"] = time.perf_counter() - self.start


def train(name: str, classifier: keras.Model, images: Array, labels: Array) -> None:
    """Train with AdamW, a cosine schedule and label smoothing, going on from the last epoch kept in the work folder."""
    work, steps = work_folder() / name, -(-len(labels) // BATCH_SIZE)
    classifier.compile(
        keras.optimizers.AdamW(Cycles(steps, EPOCHS), weight_decay=WEIGHT_DECAY),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        metrics=["accuracy"],
        jit_compile=JIT_COMPILE,
    )
    work.mkdir(parents=True, exist_ok=True)
    kept = [
        EpochSeconds(),
        keras.callbacks.BackupAndRestore(str(work / "backup"), delete_checkpoint=False),
        keras.callbacks.CSVLogger(str(work / "log.csv"), append=True),
    ]
    batches = source_task.training_batches(images, labels, SEEDS[name])
    classifier.fit(batches, epochs=EPOCHS * CYCLES[name], callbacks=kept, verbose=2, shuffle=False)


def measure(classifier: keras.Model, images: Array, labels: Array) -> dict[str, Any]:
    """Measure the classifier on pictures that training never saw.

    Returns:
        Accuracy overall and of each class, and the commonest confusions, as plain numbers.
    """
    classes = source_task.CLASSES
    matrix = confusion_matrix(labels, classifier.predict(images, verbose=0).argmax(axis=1), len(classes))
    mistakes = matrix * (1 - np.eye(len(classes), dtype=int))
    commonest = [np.unravel_index(i, matrix.shape) for i in np.argsort(-mistakes, axis=None)[:5]]
    return {
        "accuracy": float(np.trace(matrix) / matrix.sum()),
        "per_class": {label: float(matrix[i, i] / matrix[i].sum()) for i, label in enumerate(classes)},
        "commonest_mistakes": [[classes[t], classes[a], int(matrix[t, a])] for t, a in commonest],
    }


def pretrain(name: str) -> dict[str, Any]:
    """Draw, train, measure and publish one base model; returns what was measured and how."""
    images, labels = source_task.kept_pictures(TRAIN_PER_CLASS, TRAIN_SEED)
    held_out = source_task.kept_pictures(TEST_PER_CLASS, TEST_SEED)
    keras.utils.set_random_seed(SEEDS[name])
    base_model, classifier = build_network(name)
    train(name, classifier, images, labels)
    log = work_folder() / name / "log.csv"
    with log.open(encoding="utf-8", newline="") as rows:
        seconds = sum(float(row["seconds"]) for row in csv.DictReader(rows))
    results = measure(classifier, *held_out) | {
        "command": f"python -m tl_helpers.authoring.pretrain {name}",
        "parameters": base_model.count_params(),
        "classes": len(source_task.CLASSES),
        "training_pictures": len(labels),
        "test_pictures": len(held_out[1]),
        "epochs": EPOCHS * CYCLES[name],
        "training_seconds": round(seconds),
        "seeds": {"network": SEEDS[name], "training_pictures": TRAIN_SEED, "test_pictures": TEST_SEED},
        "picture_book_version": picturebook.version(),
        "fingerprint": source_task.fingerprint(images[::TRAIN_PER_CLASS]),
        "versions": {"python": platform.python_version()} | {package: version(package) for package in PACKAGES},
        "cores": os.cpu_count(),
    }
    publish(name, base_model, classifier, results, log)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Pretrain the base models asked for, or all; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.pretrain", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{' or '.join(SEEDS)}; all where none is given")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(SEEDS):
        parser.error(f"no such base model: {', '.join(sorted(unknown))}")
    for name in options.names or SEEDS:
        print(f"{name}: {len(source_task.CLASSES)} classes of {TRAIN_PER_CLASS} pictures", flush=True)
        print(json.dumps(pretrain(name), indent=1), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
