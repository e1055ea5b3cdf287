"""How fast pictures go through frozen layers, and what that grows with."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers import engines, features
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.costs import multiply_adds
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI, Edition
from tl_helpers.features import extract_features
from tl_helpers.picturebook import TARGETS
from tl_helpers.pictures import Pictures
from tl_helpers.transfer import build_classifier, compile_classifier, train_head

Array = np.ndarray[Any, Any]
Measured = dict[str, Any]
BASE = "MobileNetV2"
MATRIX = 2048


def roofline() -> Measured:
    """Measure how many float32 operations a second this machine does in a product of large matrices, on all cores."""
    matrix = tf.random.normal((MATRIX, MATRIX))
    seconds = [_seconds(lambda: tf.matmul(matrix, matrix).numpy()) for _ in range(20)]
    return {"gflops": 2 * MATRIX**3 / min(seconds[5:]) / 1e9}


def feature_engines(edition: str, count: int, repeats: int = 5) -> Measured:
    """Measure pictures a second through a frozen MobileNetV2, by Keras' ``predict`` and by each of our engines.

    Args:
        edition: ``"mini"`` (96 px, width 0.35) or ``"full"`` (160 px, width 1.0).
        count: of pictures, of chance colours.
        repeats: how often each is measured, in turn, so that a busy moment of the machine strikes all; medians count.
    """
    base_model, preprocess = base_of(edition), preprocessing(BASE)
    size = base_model.input_shape[1]
    images = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    frozen = features.frozen_extractor(base_model, preprocess, keras.layers.GlobalAveragePooling2D())
    oracle, first = timed(lambda: frozen.predict(images, verbose=0))
    content, conversion = timed(lambda: engines.convert(frozen))
    ours = {each: partial(_outputs, frozen, content, images, each) for each in engines.available_engines()}
    differences = {each: float(np.abs(run() - oracle).max()) for each, run in ours.items()}
    ways = {"keras_predict": lambda: frozen.predict(images, verbose=0)} | {f"ours_{k}": v for k, v in ours.items()}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, run in ways.items():
            seconds[name].append(_seconds(run))
    rates = {"keras_predict_first": count / first} | {name: count / median(each) for name, each in seconds.items()}
    operations = 2 * multiply_adds(frozen) / 1e9
    return {
        "pictures": count,
        "pixels": size,
        "gflop_a_picture": operations,
        "pictures_a_second": rates,
        "conversion_seconds": conversion,
        "largest_difference": differences,
    }


def growth(counts: Sequence[int], epochs: Sequence[int]) -> Measured:
    """Measure how the cost grows with pictures (features computed anew) and with epochs (features kept).

    Args:
        counts: numbers of drawn pictures.
        epochs: numbers of passes of the head over the features of 400 pictures.
    """
    base_model, preprocess = base_of("mini"), preprocessing(BASE)
    pictures = drawn_pictures(TARGETS["cats_and_dogs"], max(counts) // 2, seed=3)
    fastest = engines.available_engines()[0]
    extract_features(base_model, preprocess, pictures.images[:8], fastest)  # converts the model
    by_pictures = []
    for count in counts:
        chosen = pictures.images[np.linspace(0, len(pictures) - 1, count).astype(int)]
        by_pictures.append(_seconds(partial(extract_features, base_model, preprocess, chosen, fastest)))
    few = pictures.take(np.arange(0, len(pictures), max(1, len(pictures) // 400))[:400])
    by_epochs = [_seconds(partial(_features_and_head, base_model, few, number)) for number in epochs]
    whole_model = [_seconds(partial(_all_layers_every_epoch, base_model, few, number)) for number in epochs[:3]]
    return {
        "pictures": list(counts),
        "seconds_by_pictures": by_pictures,
        "epochs": list(epochs),
        "seconds_by_epochs": by_epochs,
        "seconds_by_epochs_whole_model": whole_model,
    }


def _features_and_head(base_model: keras.Model, pictures: Pictures, epochs: int) -> None:
    with _empty_cache():
        features_of_all = extract_features(base_model, preprocessing(BASE), pictures.images)
        train_head(features_of_all, pictures.labels, epochs=epochs)


def _all_layers_every_epoch(base_model: keras.Model, pictures: Pictures, epochs: int) -> None:
    model = compile_classifier(build_classifier(base_model, preprocessing(BASE)))
    model.fit(pictures.images, pictures.labels, epochs=epochs, verbose=0)


def second_run(count: int) -> Measured:
    """Measure features of drawn pictures the first time and from the cache.

    Args:
        count: of pictures.
    """
    base_model, preprocess = base_of("mini"), preprocessing(BASE)
    images = drawn_pictures(TARGETS["cats_and_dogs"], count // 2, seed=3).images
    first, second = (_seconds(lambda: extract_features(base_model, preprocess, images)) for _ in range(2))
    return {"pictures": count, "seconds_first": first, "seconds_from_cache": second}


def import_time(repeats: int = 7) -> Measured:
    """Measure how long ``import tl_helpers`` takes, beyond starting Python.

    Args:
        repeats: the median of so many counts.
    """

    def started(code: str) -> float:
        return median(
            _seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True)) for _ in range(repeats)
        )

    return {"seconds": started("import tl_helpers") - started("")}


def base_of(edition: str) -> keras.Model:
    """Load the frozen MobileNetV2 of an edition, ``"mini"`` or ``"full"``."""
    base_model = load_base_model(BASE, MINI if edition == "mini" else Edition("full", 160))
    base_model.trainable = False
    return base_model


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Call a function; return its result and the seconds that it took."""
    start = time.perf_counter()
    result = function()
    return result, time.perf_counter() - start


def _outputs(frozen: keras.Model, content: bytes, images: Array, engine: str) -> Array:
    loads = features.image_loads(images)
    batches = engines.run_keras(frozen, loads) if engine == "keras" else engines.run_litert(content, loads, engine)
    return np.concatenate(list(batches))


def _seconds(function: Callable[[], Any]) -> float:
    return timed(function)[1]


@contextmanager
def _empty_cache() -> Iterator[None]:
    kept = os.environ.get("TL_DATA_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TL_DATA_HOME"] = folder
        try:
            yield
        finally:
            os.environ.pop("TL_DATA_HOME")
            if kept:
                os.environ["TL_DATA_HOME"] = kept
