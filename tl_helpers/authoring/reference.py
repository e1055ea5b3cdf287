"""Measure reference results on photographs: ``python -m tl_helpers.authoring.reference fine_tuning``.

Photographs and ImageNet weights are found as a lesson's full edition finds them (``TL_PICTURES``, ``TL_WEIGHTS``).
A measurement is a function in ``MEASUREMENTS``; its name and ``_photographs.json`` make the file in assets/reference/.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tl_helpers import fingerprints
from tl_helpers.authoring import measurements
from tl_helpers.authoring.measurements import SEEDS, training_part
from tl_helpers.authoring.texts import write_text
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.editions import Edition, full_edition
from tl_helpers.features import extract_features
from tl_helpers.fine_tuning import at_cut, classifier_on, moved_statistics, moving_statistics, unfreeze_layers
from tl_helpers.pictures import Pictures, Splits, load_pictures
from tl_helpers.settings import asset
from tl_helpers.training import fit
from tl_helpers.transfer import build_classifier, compile_classifier, train_head

COMMAND = "python -m tl_helpers.authoring.reference"
PACKAGES = ("numpy", "pillow", "tensorflow", "keras")
CUT, LAYER = "block_10_project_BN", 100  # where fine-tuning begins; where the widely taught recipe does
RATE, EPOCHS = 1e-4, 8
STEPS, BATCH = 2, 32  # of the fit in which moving statistics are counted


def fine_tuning(splits: Splits, edition: Edition) -> dict[str, Any]:
    """Measure lesson 03: a frozen base against one fine-tuned from a cut on, and the statistics that two recipes move.

    Each seed takes another 80 % of the training pictures, the same for both; validation chooses nothing but the epoch
    of fine-tuning; the test pictures are not used.

    Args:
        splits: photographs of cats and dogs.
        edition: the full one.
    """
    return {
        "cut": CUT,
        "learning_rate": RATE,
        "epochs": EPOCHS,
        "runs": [_run(splits, edition, seed) for seed in SEEDS],
        "moved_statistics": moved_by_recipe(splits.train, edition),
    }


def moved_by_recipe(train: Pictures, edition: Edition) -> dict[str, dict[str, int]]:
    """Count the moving statistics that change in one short fit, from layer 100 on and in the whole base.

    Args:
        train: photographs.
        edition: the full one.

    Returns:
        ``"from_layer_100"`` and ``"whole_base"`` → ``"widely_taught"`` and ``"frozen_batch_norm"`` → a count; and
        ``"all"`` → ``"statistics"``, how many there are.
    """
    chosen = train.take(np.linspace(0, len(train) - 1, STEPS * BATCH).astype(int))
    counts: dict[str, dict[str, int]] = {}
    for name, start in (("from_layer_100", LAYER), ("whole_base", 0)):
        counts[name] = {
            recipe.__name__.strip("_"): _moved(chosen, edition, recipe, start)
            for recipe in (_widely_taught, _frozen_batch_norm)
        }
    base_model = load_base_model("MobileNetV2", edition)
    return counts | {"all": {"statistics": len(moving_statistics(base_model))}}


MEASUREMENTS: dict[str, tuple[Callable[[Splits, Edition], dict[str, Any]], str]] = {  # function, data set
    "feature_extraction": (measurements.feature_extraction, "cats_and_dogs"),
    "fine_tuning": (fine_tuning, "cats_and_dogs"),
    "deployment": (measurements.deployment, "cats_and_dogs"),
    "dogs": (measurements.dogs, "dogs"),
}


def data_hash(splits: Splits) -> str:
    """Return a hash of all pictures and labels, 12 hex digits."""
    parts = (splits.train, splits.validation, splits.test)
    keys = [fingerprints.of_images(part.images) + part.labels.tobytes().hex() for part in parts]
    return sha256("".join(keys).encode()).hexdigest()[:12]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the figures; returns the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("name", choices=MEASUREMENTS, help="what to measure")
    parser.add_argument("--out", type=Path, default=asset("reference"), help="folder of the file")
    options = parser.parse_args(arguments)
    measure, data_set = MEASUREMENTS[options.name]
    edition = full_edition((data_set,), ("MobileNetV2",))
    splits = load_pictures(data_set, edition)
    figures = {
        "command": f"{COMMAND} {options.name}",
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "data_hash": data_hash(splits),
        "data": {"train": len(splits.train), "validation": len(splits.validation), "pixels": edition.image_size},
        "machine": {"cores": os.cpu_count()},
        "results": measure(splits, edition),
    }
    write_text(options.out / f"{options.name}_photographs.json", json.dumps(figures, indent=1) + "\n")
    return 0


def _run(splits: Splits, edition: Edition, seed: int) -> dict[str, Any]:
    train, validation = training_part(splits.train, seed), splits.validation
    base_model, preprocess = load_base_model("MobileNetV2", edition), preprocessing("MobileNetV2")
    keras.utils.set_random_seed(seed)
    features, held_out = (extract_features(base_model, preprocess, each.images) for each in (train, validation))
    start = time.perf_counter()
    head, history = train_head(features, train.labels, validation_data=(held_out, validation.labels))
    seconds_of_head = time.perf_counter() - start
    top, (inside, held_inside) = at_cut(base_model, preprocess, CUT, train.images, validation.images)
    start = time.perf_counter()
    classifier = classifier_on(top, head, RATE)
    held_out_pairs = (held_inside, validation.labels)
    fit(classifier, (inside, train.labels), held_out_pairs, epochs=EPOCHS, seed=seed, show_progress=False)
    seconds = time.perf_counter() - start
    tuned = classifier.evaluate(*held_out_pairs, verbose=0, return_dict=True)["accuracy"]
    return {
        "seed": seed,
        "frozen": round(history.history["val_accuracy"][-1], 5),
        "fine_tuned": round(tuned, 5),
        "seconds_frozen": round(seconds_of_head, 1),
        "seconds_fine_tuned": round(seconds, 1),
    }


def _moved(pictures: Pictures, edition: Edition, recipe: Callable[[keras.Model, int], None], start: int) -> int:
    base_model = load_base_model("MobileNetV2", edition)
    base_model.trainable = False
    model = build_classifier(base_model, preprocessing("MobileNetV2"))
    recipe(base_model, start)
    before = moving_statistics(model)
    compile_classifier(model, RATE)
    model.run_eagerly = True  # sooner than making a graph for two steps
    model.fit(pictures.images, pictures.labels, batch_size=BATCH, epochs=1, verbose=0)
    return moved_statistics(before, model)


def _widely_taught(base_model: keras.Model, start: int) -> None:
    base_model.trainable = True
    for layer in base_model.layers[:start]:
        layer.trainable = False


def _frozen_batch_norm(base_model: keras.Model, start: int) -> None:
    unfreeze_layers(base_model, start)


if __name__ == "__main__":
    sys.exit(main())
