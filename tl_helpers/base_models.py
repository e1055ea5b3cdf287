"""Base models: networks pretrained on other pictures, their preprocessing, their weights."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import keras

from tl_helpers.editions import Edition, SourceError
from tl_helpers.messages import CourseError, message
from tl_helpers.settings import asset, folder_setting

MINI_WEIGHTS = {"MobileNetV2": "mobilenet_v2_0.35_96_picturebook_no_top.weights.h5"}
IMAGENET_FILES = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_{size}_no_top.h5"
CAFFE_MEANS_BGR = (103.939, 116.779, 123.68)


def load_base_model(name: str, edition: Edition) -> keras.Model:
    """Load a pretrained base model without its classifier. Introduced in lesson 02.

    Args:
        name: ``"MobileNetV2"``.
        edition: mini: width 0.35, 96 px, pretrained on drawn things; full: width 1.0, 160 px, pretrained on ImageNet.

    Returns:
        Model from (b, size, size, 3), values as ``preprocessing`` gives them, to a feature map (b, h, w, 1280).

    Raises:
        CourseError: the course has no such base model, or the weights that it ships are damaged.
        SourceError: the ImageNet weights are not here and cannot be downloaded.
    """
    if name not in MINI_WEIGHTS:
        raise CourseError("base_models.unknown", found=name, expected=", ".join(MINI_WEIGHTS))
    return _mini(name, edition) if edition.name == "mini" else _imagenet(edition)


def preprocessing(name: str) -> keras.Layer:
    """Return the layer that turns pictures of 0–255 into what a base model was trained on. Introduced in lesson 02.

    Args:
        name: ``"MobileNetV2"`` or ``"InceptionV3"`` (values in [-1, 1]), or ``"ResNet50"`` (BGR, channel means
            subtracted, as ``keras.applications.resnet50.preprocess_input`` does).

    Raises:
        CourseError: another name.
    """
    if name in ("MobileNetV2", "InceptionV3"):
        return keras.layers.Rescaling(1 / 127.5, offset=-1, name="preprocessing")
    if name != "ResNet50":
        raise CourseError("base_models.unknown", found=name, expected="MobileNetV2, InceptionV3, ResNet50")
    inputs = keras.Input((None, None, 3))
    bgr = inputs[..., ::-1]
    means = keras.layers.Normalization(mean=CAFFE_MEANS_BGR, variance=(1.0, 1.0, 1.0))
    return keras.Model(inputs, means(bgr), name="preprocessing")


def parameter_counts(model: keras.Model) -> dict[str, int]:
    """Count a model's parameters. Introduced in lesson 02.

    Returns:
        ``{"trainable": …, "frozen": …}``.
    """
    return {
        "trainable": sum(weight.value.shape.num_elements() for weight in model.trainable_weights),
        "frozen": sum(weight.value.shape.num_elements() for weight in model.non_trainable_weights),
    }


def _mini(name: str, edition: Edition) -> keras.Model:
    file = asset(f"weights/{MINI_WEIGHTS[name]}")
    if sha256(file.read_bytes()).hexdigest() != _published_hash(file):
        raise CourseError("base_models.damaged", file=file)
    shape = (edition.image_size, edition.image_size, 3)
    base_model = keras.applications.MobileNetV2(shape, alpha=0.35, include_top=False, weights=None)
    base_model.load_weights(file)
    return base_model


def _published_hash(file: Path) -> str:
    lines = (file.parent / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return next((line.split()[0] for line in lines if line.split()[-1].lstrip("*") == file.name), "")


def _imagenet(edition: Edition) -> keras.Model:
    shape = (edition.image_size, edition.image_size, 3)
    try:
        base_model = keras.applications.MobileNetV2(shape, include_top=False, weights=_weights_file() or "imagenet")
    except Exception as error:  # Keras reports a failed download as a bare Exception, a damaged file in many ways
        unreachable = "URL fetch failure" in str(error)
        reason = message("pictures.no_network") if unreachable else str(error)[:200]
        raise SourceError("base_models.no_weights", name="MobileNetV2", reason=reason) from error
    return base_model


def _weights_file() -> Path | None:
    """Return ImageNet weights on this machine: in ``TL_WEIGHTS``, else in the Keras home.

    They were trained at 160 or 224 pixels; a network without its classifier takes either at any size.
    """
    keras_home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    folders = [folder for folder in (folder_setting("TL_WEIGHTS"), keras_home / "models") if folder]
    files = [folder / IMAGENET_FILES.format(size=size) for folder in folders for size in (160, 224)]
    return next((file for file in files if file.is_file()), None)
