"""The task that base models are pretrained on: telling the picture book's source classes from one another."""

import os
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import tensorflow as tf

from tl_helpers import picturebook
from tl_helpers.pictures import Array
from tl_helpers.settings import data_home

CLASSES = picturebook.SOURCE_CLASSES
TRAIN_SEED, TEST_SEED = 101, 202  # of the pictures; the lessons use others
BATCH_SIZE = 64
SHIFT, BRIGHTNESS, CONTRAST = 6, 16.0, 0.15  # at most: in pixels, in grey levels, as a share


def work_folder() -> Path:
    """Return the folder that keeps pictures and epochs; other drawings have another."""
    folder = data_home() / "pretrain" / picturebook.version()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_pictures(per_class: int, seed: int) -> tuple[Array, Array]:
    """Return the source task: drawn with every core the first time, read from the work folder afterwards.

    Args:
        per_class: pictures of each class.
        seed: of the pictures.

    Returns:
        uint8 images (n, 96, 96, 3), class after class, and int64 labels (n,).
    """
    file = work_folder() / f"pictures_{seed}_{per_class}.npy"
    if not file.is_file():
        part = file.with_name(f"part_{os.getpid()}_{file.name}")
        np.save(part, _draw_in_parallel(per_class, seed))
        os.replace(part, file)
    return np.load(file), np.repeat(np.arange(len(CLASSES)), per_class)


def fingerprint(pictures: Array) -> str:
    """Return the hash by which the published weights are tied to drawings.

    Args:
        pictures: the first training picture of each source class, uint8, shape (classes, 96, 96, 3).
    """
    return sha256(np.ascontiguousarray(pictures).tobytes()).hexdigest()


def training_batches(images: Array, labels: Array, seed: int) -> tf.data.Dataset:
    """Return the training pictures of an epoch, each time in another order and otherwise varied.

    Args:
        images: uint8, shape (n, 96, 96, 3).
        labels: integers, shape (n,).
        seed: of the order.

    Returns:
        Batches of float32 pictures, 0–255, mirrored, lit and shifted at random (shifts are the same for a whole batch),
        and one-hot labels (b, classes).
    """

    def vary(pictures: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        mirrored = tf.image.random_flip_left_right(tf.cast(pictures, tf.float32))
        padded = tf.pad(mirrored, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), "REFLECT")
        shifted = tf.image.random_crop(padded, tf.shape(pictures))
        each = (tf.shape(pictures)[0], 1, 1, 1)
        contrast = tf.random.uniform(each, 1 - CONTRAST, 1 + CONTRAST)
        varied = (shifted - 127.5) * contrast + 127.5 + tf.random.uniform(each, -BRIGHTNESS, BRIGHTNESS)
        return tf.clip_by_value(varied, 0.0, 255.0), tf.one_hot(targets, len(CLASSES))

    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(labels), seed=seed).batch(BATCH_SIZE)
    return dataset.map(vary).prefetch(tf.data.AUTOTUNE)


def _draw_in_parallel(per_class: int, seed: int) -> Array:
    with get_context("spawn").Pool() as pool:
        jobs = [(label, seed, index) for label in CLASSES for index in range(per_class)]
        return np.stack(pool.starmap(picturebook.draw, jobs, chunksize=100))
