"""What frozen layers give for each picture: computed once, by the fastest engine that is here, then kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import prod
from pathlib import Path
from time import monotonic
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tl_helpers import engines, feature_cache, fingerprints
from tl_helpers.costs import multiply_adds
from tl_helpers.folders import read_picture
from tl_helpers.messages import CourseError, message, number
from tl_helpers.progress import ProgressLine, time_left

Array = np.ndarray[Any, Any]
FORMAT = 1  # another number where the same key would mean something else
MEMORY_LIMIT = 1_000_000_000  # bytes; larger results go to disk at once and are read from there
WORTH_CONVERTING = 3e10  # multiply–adds; Keras does less than that sooner than a conversion (about 1 s)
SILENT_FOR = 1.0  # seconds before progress is shown


@dataclass(frozen=True)
class _Source:
    """Pictures to be pushed through: how many, a hash of their content, and functions that load some of them each."""

    count: int
    key: str
    loads: Callable[[], Iterable[engines.Load]]


def extract_features(
    base_model: keras.Model, preprocess: keras.Layer, pictures: Array | Sequence[Path], engine: str | None = None
) -> Array:
    """Push pictures through a frozen base model once, and keep on disk what comes out. Introduced in lesson 02.

    Args:
        base_model: without its classifier.
        preprocess: what ``preprocessing`` gives for this base model.
        pictures: uint8 or float, shape (n, size, size, 3), 0–255, of the size that the base model takes; or picture
            files, decoded to that size while others are computed.
        engine: one of ``engines.available_engines()``; None takes the one that is soonest ready with so many pictures.

    Returns:
        float32, shape (n, channels): the feature map averaged over its positions. Engines agree within
        ``engines.TOLERANCE``.

    Raises:
        CourseError: pictures of another shape than the base model takes, a file that cannot be read as a picture, or an
            engine that is not here.
    """
    source = _source(pictures, base_model.input_shape[1:])
    return _kept_or_computed(
        frozen_extractor(base_model, preprocess, keras.layers.GlobalAveragePooling2D()), source, engine
    )


def extract_activations(
    bottom: keras.Model, preprocess: keras.Layer, pictures: Array | Sequence[Path], engine: str | None = None
) -> Array:
    """Push pictures through the frozen lower part of a base model once. Introduced in lesson 03.

    Args:
        bottom: the first part that ``split_at`` returned.
        preprocess: as for ``extract_features``.
        pictures: as for ``extract_features``.
        engine: as for ``extract_features``.

    Returns:
        float32, shape (n, height, width, channels): the activations at the cut. More than ``MEMORY_LIMIT`` stays on
        disk (a NumPy memory map), from where training reads it batch by batch.

    Raises:
        CourseError: as ``extract_features``; or the activations fit neither into memory nor on the disk.
    """
    return _kept_or_computed(frozen_extractor(bottom, preprocess), _source(pictures, bottom.input_shape[1:]), engine)


def extract_views(
    bottom: keras.Model,
    preprocess: keras.Layer,
    images: Array,
    augmentation: keras.Layer,
    *,
    views: int,
    seed: int = 0,
    engine: str | None = None,
) -> Array:
    """Push pictures and augmented variants of them through the frozen lower part once. Introduced in lesson 03.

    So augmentation and kept activations live together: an epoch takes another view, or all of them.

    Args:
        bottom: the first part that ``split_at`` returned.
        preprocess: as for ``extract_features``.
        images: uint8 or float, shape (n, size, size, 3), 0–255.
        augmentation: Keras layers that vary pictures where ``training=True``.
        views: of each picture, at least 1: the picture itself, then variants.
        seed: another seed gives other variants.
        engine: as for ``extract_features``.

    Returns:
        float32, shape (views, n, height, width, channels); the first view is what ``extract_activations`` returns.

    Raises:
        CourseError: as ``extract_activations``.
    """
    plain = _source(images, bottom.input_shape[1:])
    key = "".join((plain.key, fingerprints.of_layers(augmentation), f"{views} {seed}"))
    varied = partial(_varied_loads, images, augmentation, views, seed)
    outputs = _kept_or_computed(frozen_extractor(bottom, preprocess), _Source(views * len(images), key, varied), engine)
    return outputs.reshape(views, len(images), *outputs.shape[1:])


def frozen_extractor(bottom: keras.Model, preprocess: keras.Layer, *after: keras.Layer) -> keras.Model:
    """Put preprocessing before the frozen part of a base model, and layers behind it.

    Args:
        bottom: takes what ``preprocess`` gives.
        preprocess: as for ``extract_features``.
        *after: layers that take what ``bottom`` gives, such as global average pooling.

    Returns:
        Model from (b, size, size, 3), 0–255, that runs as in use: batch normalisation with its moving statistics.
    """
    inputs = keras.Input(bottom.input_shape[1:])
    outputs = bottom(preprocess(inputs), training=False)
    for layer in after:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def image_loads(images: Array) -> Iterator[engines.Load]:
    """Divide pictures (n, size, size, 3) into what an engine takes at once."""
    for part in _parts(images):
        yield partial(np.asarray, part)


def check_image_shape(images: Array, expected: Sequence[int | None]) -> None:
    """Check that pictures have the shape that a model takes.

    Args:
        images: array of pictures, (n, height, width, channels).
        expected: height, width and channels; None stands for any.

    Raises:
        CourseError: another shape; says what was found, expected and to do.
    """
    found = tuple(images.shape[1:])
    if len(found) != len(expected) or any(e is not None and e != f for f, e in zip(found, expected, strict=True)):
        raise CourseError("base_models.image_shape", found=found, expected=tuple(expected))


def _source(pictures: Array | Sequence[Path], shape: Sequence[int]) -> _Source:
    if isinstance(pictures, np.ndarray):
        check_image_shape(pictures, shape)
        return _Source(len(pictures), fingerprints.of_images(pictures), partial(image_loads, pictures))
    try:
        key = fingerprints.of_files(pictures)
    except OSError as error:
        raise CourseError("features.unreadable", file=error.filename, reason=error.strerror) from error
    return _Source(len(pictures), f"{key} {tuple(shape)}", partial(_file_loads, pictures, shape[0]))


def _file_loads(files: Sequence[Path], size: int) -> Iterator[engines.Load]:
    for part in _parts(files):
        yield partial(_decoded, part, size)


def _varied_loads(images: Array, augmentation: keras.Layer, views: int, seed: int) -> Iterator[engines.Load]:
    yield from image_loads(images)
    for view in range(1, views):
        for generator in _seed_generators(augmentation):
            generator.state.assign(np.array([seed, view], dtype=generator.state.dtype))
        for part in _parts(images):
            varied = augmentation(tf.cast(part, tf.float32), training=True).numpy()
            yield partial(np.asarray, varied)


def _parts(pictures: Any) -> Iterator[Any]:
    for start in range(0, len(pictures), engines.PICTURES_AT_ONCE):
        yield pictures[start : start + engines.PICTURES_AT_ONCE]


def _seed_generators(layer: keras.Layer) -> Iterator[keras.random.SeedGenerator]:
    for each in getattr(layer, "layers", ()):
        yield from _seed_generators(each)
    yield from (value for value in vars(layer).values() if isinstance(value, keras.random.SeedGenerator))


def _decoded(files: Sequence[Path], size: int) -> Array:
    images = []
    for file in files:
        image, _, reason = read_picture(file, size)
        if image is None:
            raise CourseError("features.unreadable", file=file, reason=reason)
        images.append(image)
    return np.stack(images)


def _kept_or_computed(frozen: keras.Model, source: _Source, engine: str | None) -> Array:
    if engine is not None:
        engines.check_engine(engine)
    shape = (source.count, *frozen.output_shape[1:])
    if source.count == 0:
        return np.zeros(shape, dtype=np.float32)
    model_key = fingerprints.of_model(frozen)
    key = _key(model_key, source.key)
    kept = feature_cache.read(key)
    if kept is not None:
        return np.array(kept) if kept.nbytes <= MEMORY_LIMIT else kept
    batches = _with_progress(_computed(frozen, model_key, source, engine), source.count)
    return _in_memory(key, shape, batches) if 4 * prod(shape) <= MEMORY_LIMIT else _on_disk(key, shape, batches)


def _in_memory(key: str, shape: tuple[int, ...], batches: Iterator[Array]) -> Array:
    outputs = np.empty(shape, dtype=np.float32)
    done = 0
    for batch in batches:
        outputs[done : done + len(batch)] = batch
        done += len(batch)
    _try_to_keep(key, outputs)
    return outputs


def _on_disk(key: str, shape: tuple[int, ...], batches: Iterator[Array]) -> Array:
    size, limit = 4 * prod(shape), feature_cache.size_limit()
    if size > limit:
        raise CourseError("features.too_large", found=number(size / 1e9, 1), expected=number(limit / 1e9, 1))
    try:
        return feature_cache.write(key, shape, batches)
    except OSError as error:
        shown = {"size": number(size / 1e9, 1), "folder": feature_cache.cache_folder(), "reason": error.strerror}
        raise CourseError("features.no_room", **shown) from error


def _try_to_keep(key: str, outputs: Array) -> None:
    """Keep outputs on disk; where that cannot be done, say so and go on without."""
    if outputs.nbytes > feature_cache.size_limit():
        return
    try:
        feature_cache.write(key, outputs.shape, [outputs], outputs.dtype.str)
    except OSError as error:
        print(message("features.not_kept", folder=feature_cache.cache_folder(), reason=error.strerror))


def _computed(frozen: keras.Model, model_key: str, source: _Source, engine: str | None) -> Iterator[Array]:
    chosen = engine or _soonest_ready(frozen, model_key, source.count)
    if chosen == "keras":
        return engines.run_keras(frozen, source.loads())
    try:
        loads = engines.begun(source.loads())  # pictures are decoded while the model is converted
        return engines.run_litert(_converted(frozen, model_key), loads, chosen)
    except engines.ConversionError as error:
        if engine:
            raise
        print(error)
        return engines.run_keras(frozen, source.loads())


def _soonest_ready(frozen: keras.Model, model_key: str, count: int) -> str:
    fastest = engines.available_engines()[0]
    if fastest == "keras" or count * multiply_adds(frozen) >= WORTH_CONVERTING:
        return fastest
    return "keras" if feature_cache.read(_converted_key(model_key)) is None else fastest


def _converted(frozen: keras.Model, model_key: str) -> bytes:
    key = _converted_key(model_key)
    kept = feature_cache.read(key)
    if kept is not None:
        return kept.tobytes()
    content = engines.convert(frozen)
    _try_to_keep(key, np.frombuffer(content, dtype=np.uint8))
    return content


def _converted_key(model_key: str) -> str:
    return _key("converted", model_key, tf.__version__)


def _key(*parts: str) -> str:
    return sha256(" ".join((str(FORMAT), *parts)).encode()).hexdigest()


def _with_progress(batches: Iterator[Array], total: int) -> Iterator[Array]:
    start, done = monotonic(), 0
    with ProgressLine() as line:
        for batch in batches:
            yield batch
            done += len(batch)
            seconds = monotonic() - start
            if seconds > SILENT_FOR:
                left = number(time_left(done, total, seconds))
                shown = {"done": number(done), "total": number(total), "rate": number(done / seconds)}
                key = "features.progress" if done < total else "features.done"
                line.show(message(key, left=left, seconds=number(seconds, 1), **shown))
