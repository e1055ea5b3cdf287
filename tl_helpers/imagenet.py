"""Keras' own networks with ImageNet weights, found on this machine or downloaded by Keras."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import keras

from tl_helpers.editions import SourceError
from tl_helpers.messages import message
from tl_helpers.settings import folder_setting

# Trained at 160 or 224 pixels; a network without its classifier takes either at any size.
WITHOUT_TOP = {
    "MobileNetV2": tuple(
        f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_{size}_no_top.h5" for size in (160, 224)
    ),
    "InceptionV3": ("inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",),
}
WITH_TOP = {
    "MobileNetV2": ("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",),
    "InceptionV3": ("inception_v3_weights_tf_dim_ordering_tf_kernels.h5",),
    "ResNet50": ("resnet50_weights_tf_dim_ordering_tf_kernels.h5",),
}
CLASS_INDEX = "imagenet_class_index.json"
CLASS_INDEX_FOLDER = "https://storage.googleapis.com/download.tensorflow.org/data"  # that of decode_predictions
CLASS_INDEX_HASH = "c2c37ea517e94d9795004a39431a14cb"


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
    weights = _local_file((WITHOUT_TOP if image_size else WITH_TOP)[name]) or "imagenet"
    build = getattr(keras.applications, name)
    try:
        if image_size:
            return build(input_shape=(image_size, image_size, 3), include_top=False, weights=weights)
        return build(weights=weights, classifier_activation=None)
    except Exception as error:  # Keras reports a failed download as a bare Exception, a damaged file in many ways
        raise SourceError("base_models.no_weights", name=name, reason=_why(error)) from error


def imagenet_class_names() -> tuple[str, ...]:
    """Return the 1000 class names of ImageNet as Keras gives them, in the order of the logits, such as ``tiger_cat``.

    Raises:
        SourceError: the list of names is not here and cannot be downloaded, or is damaged.
    """
    try:
        file = _local_file((CLASS_INDEX,)) or keras.utils.get_file(
            CLASS_INDEX, f"{CLASS_INDEX_FOLDER}/{CLASS_INDEX}", cache_subdir="models", file_hash=CLASS_INDEX_HASH
        )
        index = json.loads(Path(file).read_text(encoding="utf-8"))
        return tuple(str(index[str(i)][1]) for i in range(1000))
    except Exception as error:  # as in imagenet_network
        raise SourceError("base_models.no_class_names", reason=_why(error)) from error


def _local_file(names: Sequence[str]) -> Path | None:
    """Return the first of these files that is on this machine: in ``TL_WEIGHTS``, else in the Keras home."""
    keras_home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    folders = [folder for folder in (folder_setting("TL_WEIGHTS"), keras_home / "models") if folder]
    files = [folder / name for folder in folders for name in names]
    return next((file for file in files if file.is_file()), None)


def _why(error: Exception) -> str:
    return message("pictures.no_network") if "URL fetch failure" in str(error) else str(error)[:200]
