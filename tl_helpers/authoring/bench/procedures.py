"""The widely taught procedure and ours, from picture files to a classifier that tells new ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.authoring.bench.speed import BASE, Measured, base_of
from tl_helpers.base_models import preprocessing
from tl_helpers.drawn import drawn_pictures
from tl_helpers.evaluation import accuracy, predicted_classes
from tl_helpers.features import extract_activations, extract_features
from tl_helpers.picturebook import TARGETS
from tl_helpers.pictures import split_indices
from tl_helpers.settings import data_home
from tl_helpers.splitting import split_at
from tl_helpers.training import fit
from tl_helpers.transfer import compile_classifier, unfreeze

Array = np.ndarray[Any, Any]
CUT = "block_10_project_BN"
SPLITS = 5
TUTORIAL_EPOCHS = 10
FROZEN_IN_TUTORIAL = 100
DRAWN_PER_CLASS = 200


def tutorial(folder: str) -> Measured:
    """Follow the widely taught procedure: every picture through the frozen layers in every epoch, then fine-tune.

    Args:
        folder: has ``train`` and ``validation``, with one sub-folder a class, photographs; or ``"drawn"``.
    """
    folder, edition = _ready(folder)
    start = time.perf_counter()
    base_model = base_of(edition)
    size = base_model.input_shape[1]
    load = keras.utils.image_dataset_from_directory
    train = load(f"{folder}/train", shuffle=True, batch_size=32, image_size=(size, size), seed=0, verbose=False)
    held_out = load(f"{folder}/validation", shuffle=True, batch_size=32, image_size=(size, size), seed=0, verbose=False)
    fifth = int(held_out.cardinality()) // 5
    validation = held_out.skip(fifth).prefetch(tf.data.AUTOTUNE)
    augmentation = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.2)])
    inputs = keras.Input((size, size, 3))
    outputs = base_model(preprocessing(BASE)(augmentation(inputs)), training=False)
    outputs = keras.layers.Dropout(0.2)(keras.layers.GlobalAveragePooling2D()(outputs))
    model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(outputs))
    histories: list[dict[str, list[float]]] = []
    seconds: list[float] = []
    for optimizer in (keras.optimizers.Adam(1e-4), keras.optimizers.RMSprop(1e-5)):
        if histories:
            base_model.trainable = True
            for layer in base_model.layers[:FROZEN_IN_TUTORIAL]:
                layer.trainable = False
        model.compile(optimizer, loss=keras.losses.BinaryCrossentropy(), metrics=["accuracy"])
        batches = train.prefetch(tf.data.AUTOTUNE)
        history = model.fit(
            batches, validation_data=validation, epochs=TUTORIAL_EPOCHS, shuffle=False, verbose=2
        ).history
        histories.append(history)
        seconds.append(time.perf_counter() - start - sum(seconds))
    files, labels = _files(f"{folder}/validation")
    ordered = load(f"{folder}/validation", shuffle=False, batch_size=32, image_size=(size, size), verbose=False)
    answers = (model.predict(ordered, verbose=0)[:, 0] > 0.5).astype(int)
    return {
        "seconds": seconds,
        "val_accuracy": [history["val_accuracy"] for history in histories],
        "splits": [_scores(answers, labels, split) for split in _held_out_splits(files, labels)],
    }


def ours(folder: str, fine_tune: bool = False) -> Measured:
    """Push every picture through the frozen layers once, then train a head (and the top) on what came out.

    Args:
        folder: as for ``tutorial``.
        fine_tune: train blocks 11–16 as well, on activations kept at the cut.
    """
    folder, edition = _ready(folder)
    start = time.perf_counter()
    train_files, train_labels = _files(f"{folder}/train")
    files, labels = _files(f"{folder}/validation")
    base_model, preprocess = base_of(edition), preprocessing(BASE)
    both = extract_features(base_model, preprocess, train_files + files)
    seconds_for_features = time.perf_counter() - start
    train, held_out = both[: len(train_files)], both[len(train_files) :]
    splits = []
    for number, split in enumerate(_held_out_splits(files, labels)):
        before = time.perf_counter()
        keras.utils.set_random_seed(number)
        model = _head(train.shape[1])
        chosen = (held_out[split[0]], labels[split[0]])
        model, _ = fit(model, (train, train_labels), chosen, epochs=60, patience=5, batch_size=128, show_progress=False)
        answers = predicted_classes(model.predict(held_out, verbose=0))
        splits.append(_scores(answers, labels, split) | {"seconds": time.perf_counter() - before})
    measured = {"seconds_for_features": seconds_for_features, "splits": splits}
    measured["seconds"] = seconds_for_features + splits[0]["seconds"]
    if fine_tune:
        measured["fine_tuned"] = _fine_tuned(base_model, model, (train_files, train_labels), (files, labels))
    return measured


def draw_folder(folder: Path, per_class: int) -> None:
    """Draw cats and dogs as files, laid out as the photographs are.

    Args:
        folder: gets ``train`` and ``validation`` with one sub-folder a class.
        per_class: pictures of each class in each of the two.
    """
    for seed, part in enumerate(("train", "validation"), start=4):
        pictures = drawn_pictures(TARGETS["cats_and_dogs"], per_class, seed)
        for i, (image, label) in enumerate(zip(pictures.images, pictures.labels, strict=True)):
            file = folder / part / pictures.class_names[label] / f"{i:04}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(tf.io.encode_png(image).numpy())


def _fine_tuned(
    base_model: keras.Model, head: keras.Model, train: tuple[list[Path], Array], held_out: tuple[list[Path], Array]
) -> Measured:
    start = time.perf_counter()
    bottom, top = split_at(base_model, CUT)
    preprocess = preprocessing(BASE)
    activations = extract_activations(bottom, preprocess, train[0] + held_out[0])
    seconds_for_activations = time.perf_counter() - start
    outputs = keras.layers.GlobalAveragePooling2D()(unfreeze(top).output)
    classifier = compile_classifier(keras.Model(top.input, head(outputs)), 1e-4)
    inputs, others = activations[: len(train[0])], activations[len(train[0]) :]
    split = next(iter(_held_out_splits(*held_out)))
    chosen = (others[split[0]], held_out[1][split[0]])
    epochs = 5
    before = time.perf_counter()
    classifier, _ = fit(classifier, (inputs, train[1]), chosen, epochs=epochs, show_progress=False)
    seconds_an_epoch = (time.perf_counter() - before) / epochs
    scores = _scores(predicted_classes(classifier.predict(others, verbose=0)), held_out[1], split)
    return scores | {
        "seconds_for_activations": seconds_for_activations,
        "seconds_an_epoch": seconds_an_epoch,
        "megabytes": activations.nbytes / 1e6,
    }


def _head(channels: int) -> keras.Model:
    layers = [keras.Input((channels,)), keras.layers.Dropout(0.2), keras.layers.Dense(1, name="head")]
    return compile_classifier(keras.Sequential(layers), 2e-3)


def _ready(folder: str) -> tuple[str, str]:
    """Return a folder of picture files and its edition; drawn pictures are written there first."""
    if folder != "drawn":
        return folder, "full"
    drawn = data_home() / "benchmark"
    draw_folder(drawn, DRAWN_PER_CLASS)
    return str(drawn), "mini"


def _files(folder: str) -> tuple[list[Path], Array]:
    classes = sorted(path for path in Path(folder).iterdir() if path.is_dir())
    files = [sorted(each.iterdir()) for each in classes]
    labels = np.repeat(np.arange(len(classes)), [len(each) for each in files])
    return [file for each in files for file in each], labels


def _held_out_splits(files: list[Path], labels: Array) -> Iterator[tuple[Array, Array]]:
    """Divide the held-out pictures into validation and test, in five ways."""
    for seed in range(SPLITS):
        _, validation, test = split_indices([file.name for file in files], labels, (0.0, 0.8, 0.2), seed)
        yield validation, test


def _scores(answers: Array, labels: Array, split: tuple[Array, Array]) -> Measured:
    validation, test = (accuracy(labels[part], answers[part]) for part in split)
    return {"validation": validation, "test": test}
