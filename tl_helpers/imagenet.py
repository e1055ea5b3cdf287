"""Keras' own networks with ImageNet weights, found on this machine or fetched."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import keras

from tl_helpers.downloading import fetch_first
from tl_helpers.editions import SourceError
from tl_helpers.registry import CLASS_INDEX, WEIGHTS_WITH_TOP, WEIGHTS_WITHOUT_TOP
from tl_helpers.settings import folder_setting

WITHOUT_TOP = {name: tuple(file.name for file in files) for name, files in WEIGHTS_WITHOUT_TOP.items()}
WITH_TOP = {name: tuple(file.name for file in files) for name, files in WEIGHTS_WITH_TOP.items()}
Loaded = TypeVar("Loaded")


def imagenet_network(name: str, image_size: int | None = None) -> keras.Model:
    """Load a network of ``keras.applications`` with its ImageNet weights.

    Args:
        name: ``"MobileNetV2"`` or ``"InceptionV3"``; with its classifier also ``"ResNet50"``.
        image_size: height and width of the pictures, in pixels, for the network without its classifier; None for the
            whole classifier at its default size.

    Returns:
        Model from (b, size, size, 3), values as ``preprocessing`` gives them, to a feature map (b, h, w, channels) or
        to logits (b, 1000).

    Raises:
        SourceError: the weights are not here and cannot be downloaded, or are damaged.
    """
    names = (WITHOUT_TOP if image_size else WITH_TOP)[name]
    try:
        return _load_first(names, lambda file: _network(name, image_size, file))
    except SourceError as error:
        raise SourceError("base_models.no_weights", name=name, reason=error) from error


def imagenet_class_names() -> tuple[str, ...]:
    """Return the 1000 class names of ImageNet as Keras gives them, in the order of the logits, such as ``tiger_cat``.

    Raises:
        SourceError: the list of names is not here and cannot be downloaded, or is damaged.
    """
    try:
        return _load_first((CLASS_INDEX.name,), _class_names)
    except SourceError as error:
        raise SourceError("base_models.no_class_names", reason=error) from error


def _load_first(names: Sequence[str], load: Callable[[Path], Loaded]) -> Loaded:
    """Load one of several files: from ``TL_WEIGHTS``, else from the Keras home, else fetched."""
    file = _first_in(folder_setting("TL_WEIGHTS"), names)
    if file is not None:
        return load(file)
    file = _first_in(Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models", names)
    if file is not None:
        with suppress(SourceError):  # half a file that Keras left there: a whole one is fetched
            return load(file)
    return load(fetch_first(names))


def _first_in(folder: Path | None, names: Sequence[str]) -> Path | None:
    files = [folder / name for name in names] if folder else []
    return next((file for file in files if file.is_file()), None)


def _network(name: str, image_size: int | None, weights: Path) -> keras.Model:
    build = getattr(keras.applications, name)
    try:
        if image_size:
            return build(input_shape=(image_size, image_size, 3), include_top=False, weights=weights)
        return build(weights=weights, classifier_activation=None)
    except Exception as error:  # Keras reports a damaged file in many ways
        raise SourceError("base_models.cannot_load", file=weights, reason=str(error)[:200]) from error


def _class_names(file: Path) -> tuple[str, ...]:
    try:
        index = json.loads(file.read_text(encoding="utf-8"))
        return tuple(str(index[str(i)][1]) for i in range(1000))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise SourceError("base_models.cannot_load", file=file, reason=str(error)[:200]) from error
