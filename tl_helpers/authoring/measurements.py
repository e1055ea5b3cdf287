"""What ``reference.py`` measures on photographs for lessons 02, 06 and 07: their own comparisons, seed by seed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.baselines import pixel_classifier, small_network, small_pixels
from tl_helpers.batches import as_dataset
from tl_helpers.editions import Edition
from tl_helpers.evaluation import accuracy, predicted_classes
from tl_helpers.export import run_tflite, to_int8
from tl_helpers.features import extract_features
from tl_helpers.pictures import Pictures, Splits
from tl_helpers.splitting import split_at
from tl_helpers.transfer import build_classifier, compile_classifier, train_head

Run = dict[str, Any]
SEEDS = (0, 1, 2)
SHARE = 0.8  # of the training pictures that a run takes
EPOCHS = 16  # of the small network
SHORT = "block_13_project_BN"
CALIBRATION = 100  # pictures


def feature_extraction(splits: Splits, edition: Edition) -> dict[str, Any]:
    """Measure lesson 02's comparison in validation: pixels, a small network from scratch, a frozen base.

    Args:
        splits: photographs of cats and dogs.
        edition: the full one.
    """
    base_model, preprocess = load_base_model("MobileNetV2", edition), preprocessing("MobileNetV2")
    validation, runs = splits.validation, []
    held_out = extract_features(base_model, preprocess, validation.images)
    for seed, part in _parts(splits.train):
        pixels = pixel_classifier(part.images, part.labels)
        scratch = compile_classifier(small_network(edition.image_size), 2e-3)
        scratch.fit(as_dataset(part, shuffle=True, seed=seed), epochs=EPOCHS, shuffle=False, verbose=0)
        run = {
            "seed": seed,
            "pixels": float(pixels.score(small_pixels(validation.images), validation.labels)),
            "scratch": scratch.evaluate(as_dataset(validation), verbose=0, return_dict=True)["accuracy"],
            "frozen": _frozen(base_model, part, held_out, validation)[0],
        }
        runs.append(_rounded(run))
    return {"runs": runs}


def deployment(splits: Splits, edition: Edition) -> dict[str, Any]:
    """Measure the MobileNetV2 side of lesson 06 in validation: whole and cut short, in float32 and with 8 bits.

    InceptionV3 is not measured: no ImageNet weights of it were at hand.

    Args:
        splits: photographs of cats and dogs.
        edition: the full one.
    """
    whole = load_base_model("MobileNetV2", edition)
    networks = {"whole": whole, "short": split_at(whole, SHORT)[0]}
    runs: list[Run] = [{"seed": seed} for seed in SEEDS]
    for name, network in networks.items():
        held_out = extract_features(network, preprocessing("MobileNetV2"), splits.validation.images)
        for run, (_, part) in zip(runs, _parts(splits.train), strict=True):
            run[f"{name}_float32"], head = _frozen(network, part, held_out, splits.validation, 3e-3)
            classifier = build_classifier(network, preprocessing("MobileNetV2"), dropout=0.0)
            classifier.get_layer("head").set_weights(head.get_layer("head").get_weights())
            content = to_int8(classifier, part.images[:: max(1, len(part) // CALIBRATION)])
            answers = predicted_classes(run_tflite(content, splits.validation.images))
            run[f"{name}_int8"] = accuracy(splits.validation.labels, answers)
    return {"cut": SHORT, "not_measured": ["InceptionV3"], "runs": [_rounded(run) for run in runs]}


def dogs(splits: Splits, edition: Edition) -> dict[str, Any]:
    """Measure lesson 07's task golden or husky in validation, with a frozen base.

    The tasks on people are not measured: no photographs of people with labels were at hand.

    Args:
        splits: photographs of golden retrievers and huskies.
        edition: the full one.
    """
    base_model = load_base_model("MobileNetV2", edition)
    held_out = extract_features(base_model, preprocessing("MobileNetV2"), splits.validation.images)
    runs = [
        {"seed": seed, "breed": _frozen(base_model, part, held_out, splits.validation)[0]}
        for seed, part in _parts(splits.train)
    ]
    return {"not_measured": ["species", "gender"], "runs": [_rounded(run) for run in runs]}


def training_part(train: Pictures, seed: int) -> Pictures:
    """Return the training pictures that a run takes: another ``SHARE`` of them for each seed, in their order."""
    return train.take(np.sort(np.random.default_rng(seed).permutation(len(train))[: int(SHARE * len(train))]))


def _parts(train: Pictures) -> Iterator[tuple[int, Pictures]]:
    """Yield each seed with its part of the training pictures, and set the seed everywhere."""
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        yield seed, training_part(train, seed)


def _frozen(
    base_model: keras.Model, part: Pictures, held_out: Any, validation: Pictures, learning_rate: float = 1e-3
) -> tuple[float, keras.Model]:
    features = extract_features(base_model, preprocessing("MobileNetV2"), part.images)
    head, _ = train_head(features, part.labels, learning_rate=learning_rate)
    answers = predicted_classes(head(held_out, training=False).numpy())
    return accuracy(validation.labels, answers), head


def _rounded(run: Run) -> Run:
    return {key: round(value, 5) if isinstance(value, float) else value for key, value in run.items()}
