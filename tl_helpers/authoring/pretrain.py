"""Pretrain the mini edition's base model on the picture book's source task: ``make pretrain``.

The network is Keras' own MobileNetV2 (width 0.35, 96 px). Every epoch is kept in ``--work``, so a run that was stopped
goes on where it was.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers import picturebook
from tl_helpers.base_models import MINI_WEIGHTS, preprocessing
from tl_helpers.evaluation import confusion_matrix
from tl_helpers.pictures import Array
from tl_helpers.settings import asset, data_home

SEED = 7
TRAIN_SEED, TEST_SEED = 101, 202  # of the pictures; the lessons use others
TRAIN_PER_CLASS, TEST_PER_CLASS = 400, 60
EPOCHS, BATCH_SIZE, PEAK_RATE, WEIGHT_DECAY, SHIFT = 18, 64, 2e-3, 0.02, 6
MOMENTUM = 0.95  # Keras' 0.999 would need many thousands of steps before the moving statistics follow
CLASSES = picturebook.SOURCE_CLASSES
BEGIN, END = "<!-- measured:begin -->", "<!-- measured:end -->"


def draw_in_parallel(per_class: int, seed: int) -> tuple[Array, Array]:
    """Draw the source task with every core.

    Args:
        per_class: pictures of each class.
        seed: of the pictures.

    Returns:
        uint8 images (n, 96, 96, 3) and int64 labels (n,).
    """
    with get_context("spawn").Pool() as pool:
        jobs = [(label, seed, index) for label in CLASSES for index in range(per_class)]
        images = pool.starmap(picturebook.draw, jobs, chunksize=100)
    return np.stack(images), np.repeat(np.arange(len(CLASSES)), per_class)


def build_network() -> tuple[keras.Model, keras.Model]:
    """Build base model and full classifier with random weights.

    Returns:
        The base (96×96×3 in [-1, 1] → 3×3×1280) and the classifier (0–255 → one logit a source class).
    """
    base_model = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, include_top=False, weights=None)
    for layer in base_model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = MOMENTUM
    inputs = keras.Input((96, 96, 3))
    features = keras.layers.GlobalAveragePooling2D()(base_model(preprocessing("MobileNetV2")(inputs)))
    logits = keras.layers.Dense(len(CLASSES), name="head")(keras.layers.Dropout(0.2)(features))
    return base_model, keras.Model(inputs, logits)


def training_batches(images: Array, labels: Array) -> tf.data.Dataset:
    """Return shuffled batches, pictures mirrored and batches shifted by a few pixels at random, with one-hot labels."""

    def vary(pictures: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        mirrored = tf.image.random_flip_left_right(tf.cast(pictures, tf.float32))
        padded = tf.pad(mirrored, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), "REFLECT")
        return tf.image.random_crop(padded, tf.shape(pictures)), tf.one_hot(targets, len(CLASSES))

    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(labels), seed=SEED).batch(BATCH_SIZE)
    return dataset.map(vary).prefetch(tf.data.AUTOTUNE)


def train(classifier: keras.Model, images: Array, labels: Array, work: Path, epochs: int) -> None:
    """Train with AdamW, a cosine schedule and label smoothing, going on from the last epoch kept in ``work``."""
    steps = -(-len(labels) // BATCH_SIZE)
    rate = keras.optimizers.schedules.CosineDecay(
        PEAK_RATE / 20, max(1, epochs - 1) * steps, warmup_target=PEAK_RATE, warmup_steps=steps
    )
    classifier.compile(
        keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        metrics=["accuracy"],
    )
    kept = [
        keras.callbacks.BackupAndRestore(str(work / "backup"), delete_checkpoint=False),
        keras.callbacks.CSVLogger(str(work / "log.csv"), append=True),
    ]
    classifier.fit(training_batches(images, labels), epochs=epochs, callbacks=kept, verbose=2, shuffle=False)


def measure(classifier: keras.Model) -> dict[str, Any]:
    """Measure the classifier on pictures of a seed that training never drew.

    Returns:
        Accuracy overall and of each class, and the commonest confusions, as plain numbers.
    """
    images, labels = draw_in_parallel(TEST_PER_CLASS, TEST_SEED)
    matrix = confusion_matrix(labels, classifier.predict(images, verbose=0).argmax(axis=1), len(CLASSES))
    mistakes = matrix * (1 - np.eye(len(CLASSES), dtype=int))
    commonest = [np.unravel_index(i, matrix.shape) for i in np.argsort(-mistakes, axis=None)[:5]]
    return {
        "accuracy": float(np.trace(matrix) / matrix.sum()),
        "per_class": {name: float(matrix[i, i] / matrix[i].sum()) for i, name in enumerate(CLASSES)},
        "commonest_mistakes": [[CLASSES[t], CLASSES[a], int(matrix[t, a])] for t, a in commonest],
    }


def publish(base_model: keras.Model, classifier: keras.Model, results: dict[str, Any], work: Path) -> None:
    """Write weights, their hashes, what was measured and the log under ``assets/``; each file whole or not at all."""
    folder, reference = asset("weights"), asset("reference")
    base_file = folder / MINI_WEIGHTS["MobileNetV2"]
    head_file = folder / base_file.name.replace("_no_top.weights.h5", "_top.npz")
    base_model.save_weights(work / "base.weights.h5")
    kernel, bias = classifier.get_layer("head").get_weights()
    np.savez(work / "top.npz", kernel=kernel, bias=bias, class_names=np.array(CLASSES))
    os.replace(work / "base.weights.h5", base_file)
    os.replace(work / "top.npz", head_file)
    sums = [f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in (base_file, head_file)]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    (reference / "pretraining.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    log = (work / "log.csv").read_text(encoding="utf-8").splitlines()
    (reference / "pretraining_log.csv").write_text("\n".join(log) + "\n", encoding="utf-8")
    card = folder / "README.md"
    before, _, rest = card.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    card.write_text(f"{before}{BEGIN}\n{measured_table(results)}\n{END}{after}", encoding="utf-8")


def measured_table(results: dict[str, Any]) -> str:
    """Return the model card's table of accuracies, in markdown.

    Args:
        results: what ``measure`` returned.
    """
    rows = ["| class | accuracy |", "|---|---|", f"| **all** | **{100 * results['accuracy']:.1f} %** |"]
    return "\n".join(rows + [f"| {name} | {100 * share:.1f} % |" for name, share in results["per_class"].items()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, train, measure and publish; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.pretrain", description=__doc__)
    work = data_home() / "pretrain" / picturebook.version()  # other drawings are another training
    parser.add_argument("--work", type=Path, default=work, help="folder that keeps every epoch")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--per-class", type=int, default=TRAIN_PER_CLASS, help="training pictures of each class")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(SEED)
    start = time.perf_counter()
    images, labels = draw_in_parallel(options.per_class, TRAIN_SEED)
    print(f"{len(labels)} pictures of {len(CLASSES)} classes drawn in {time.perf_counter() - start:.0f} s", flush=True)
    base_model, classifier = build_network()
    train(classifier, images, labels, options.work, options.epochs)
    results = measure(classifier) | {
        "command": "make pretrain",
        "classes": len(CLASSES),
        "training_pictures": len(labels),
        "test_pictures": TEST_PER_CLASS * len(CLASSES),
        "epochs": options.epochs,
        "seeds": {"network": SEED, "training_pictures": TRAIN_SEED, "test_pictures": TEST_SEED},
        "versions": {"python": platform.python_version(), "tensorflow": tf.__version__, "keras": keras.__version__},
        "cores": os.cpu_count(),
    }
    publish(base_model, classifier, results, options.work)
    print(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
