"""Measure how hard the drawn cats and dogs are: ``python -m tl_helpers.authoring.difficulty``.

Every run draws its own training pictures; all are scored on one held-out set. No seed is used by a lesson, a test or
the pretraining, and nothing is tuned on the held-out pictures.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from tl_helpers import picturebook
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.baselines import pixel_classifier, small_network, small_pixels
from tl_helpers.editions import MINI
from tl_helpers.evaluation import predicted_classes
from tl_helpers.pictures import Array
from tl_helpers.settings import asset
from tl_helpers.transfer import compile_classifier, extract_features, train_head

LABELS = ("cat", "dog")
TRAIN_SEED, HELD_OUT_SEED = 1001, 2002  # run r trains on pictures of seed 1001 + r
SCRATCH_EPOCHS, HEAD_EPOCHS, BATCH_SIZE = 16, 20, 32
PACKAGES = ("numpy", "pillow", "scikit-learn", "tensorflow", "keras")
Pair = tuple[Array, Array]


def pixels(train: Pair, held_out: Pair, run: int) -> float:  # noqa: ARG001
    """Return the accuracy of logistic regression on 32×32 pixels.

    Args:
        train: uint8 images (n, 96, 96, 3) and integer labels (n,).
        held_out: the same for other pictures.
        run: seed of what the method leaves to chance.
    """
    return float(pixel_classifier(*train).score(small_pixels(held_out[0]), held_out[1]))


def colours(train: Pair, held_out: Pair, run: int) -> float:  # noqa: ARG001
    """Return the accuracy of logistic regression on colour histograms; arguments as in ``pixels``."""
    classifier = LogisticRegression(C=100, max_iter=2000).fit(colour_histograms(train[0]), train[1])
    return float(classifier.score(colour_histograms(held_out[0]), held_out[1]))


def scratch(train: Pair, held_out: Pair, run: int) -> float:
    """Return the accuracy of the lessons' small network with random weights; arguments as in ``pixels``."""
    keras.utils.set_random_seed(run)
    network = compile_classifier(small_network(train[0].shape[1]), learning_rate=2e-3)
    network.fit(*train, epochs=SCRATCH_EPOCHS, batch_size=BATCH_SIZE, verbose=0)
    return float(np.mean(predicted_classes(network.predict(held_out[0], verbose=0)) == held_out[1]))


def frozen(train: Pair, held_out: Pair, run: int) -> float:
    """Return the accuracy of a linear head on the frozen pretrained base; arguments as in ``pixels``."""
    keras.utils.set_random_seed(run)
    base_model, preprocess = load_base_model("MobileNetV2", MINI), preprocessing("MobileNetV2")
    head, _ = train_head(extract_features(base_model, preprocess, train[0]), train[1], epochs=HEAD_EPOCHS)
    logits = head.predict(extract_features(base_model, preprocess, held_out[0]), verbose=0)
    return float(np.mean(predicted_classes(logits) == held_out[1]))


METHODS: dict[str, Callable[[Pair, Pair, int], float]] = {
    each.__name__: each for each in (pixels, colours, scratch, frozen)
}


def colour_histograms(images: Array) -> Array:
    """Count how often each of 64 coarse colours occurs.

    Args:
        images: uint8, shape (n, height, width, 3).

    Returns:
        float64, shape (n, 64): shares of each picture's pixels, rows sum to 1.
    """
    coarse = (images // 64).astype(int) @ (16, 4, 1)
    shares: Array = np.stack([np.bincount(picture.ravel(), minlength=64) for picture in coarse]) / coarse[0].size
    return shares


def measure(methods: Sequence[str], runs: int, per_class: int, held_out_per_class: int) -> dict[str, Any]:
    """Measure the accuracy of each method over several runs.

    Args:
        methods: names in ``METHODS``.
        runs: how often each is trained, every time on other pictures.
        per_class: training pictures of each class.
        held_out_per_class: pictures of each class that all runs are scored on.

    Returns:
        For each method its accuracies (0–1), one a run, their mean and their standard deviation.
    """
    held_out = picturebook.draw_many(LABELS, held_out_per_class, HELD_OUT_SEED)
    scores: dict[str, list[float]] = {name: [] for name in methods}
    for run in range(runs):
        train = picturebook.draw_many(LABELS, per_class, TRAIN_SEED + run)
        for name in methods:
            scores[name].append(METHODS[name](train, held_out, run))
            print(f"run {run + 1}/{runs}  {name:14} {100 * scores[name][-1]:5.1f} %", flush=True)
    return {
        name: {"mean": float(np.mean(each)), "std": float(np.std(each)), "runs": each} for name, each in scores.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the numbers; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.difficulty", description=__doc__)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--per-class", type=int, default=200, help="training pictures of each class")
    parser.add_argument("--held-out", type=int, default=300, help="held-out pictures of each class")
    parser.add_argument("--out", type=Path, default=asset("reference") / "picturebook_difficulty.json")
    options = parser.parse_args(arguments)
    results = {
        "command": "python -m tl_helpers.authoring.difficulty",
        "classes": LABELS,
        "picture_book_version": picturebook.version(),
        "training_pictures": options.per_class * len(LABELS),
        "held_out_pictures": options.held_out * len(LABELS),
        "seeds": {"training_pictures": [TRAIN_SEED + run for run in range(options.runs)],
                  "held_out_pictures": HELD_OUT_SEED, "networks": list(range(options.runs))},
        "epochs": {"scratch": SCRATCH_EPOCHS, "frozen": HEAD_EPOCHS},
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "accuracy": measure(options.methods, options.runs, options.per_class, options.held_out),
    }  # fmt: skip
    temporary = options.out.with_suffix(".tmp")
    temporary.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
