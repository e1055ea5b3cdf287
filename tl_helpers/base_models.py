"""Base models: networks pretrained on other pictures, their preprocessing, their weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import keras
import numpy as np

from tl_helpers.editions import Edition, SourceError
from tl_helpers.imagenet import WITH_TOP, imagenet_class_names, imagenet_network
from tl_helpers.inception import inception_network
from tl_helpers.messages import CourseError, message
from tl_helpers.settings import asset
from tl_helpers.transfer import build_classifier

MINI_WEIGHTS = {
    "MobileNetV2": "mobilenet_v2_0.35_96_picturebook_no_top.weights.h5",
    "InceptionV3": "inception_96_picturebook_no_top.weights.h5",
}
CAFFE_MEANS_BGR = (103.939, 116.779, 123.68)


def load_base_model(name: str, edition: Edition) -> keras.Model:
    """Load a pretrained base model without its classifier. Introduced in lesson 02.

    Args:
        name: ``"MobileNetV2"`` or ``"InceptionV3"``.
        edition: mini: a small network for 96 px (MobileNetV2 of width 0.35, ``inception_network``), pretrained on drawn
            things; full: Keras' own network for 160 px, pretrained on ImageNet.

    Returns:
        Model from (b, size, size, 3), values as ``preprocessing`` gives them, to a feature map (b, h, w, channels).

    Raises:
        CourseError: the course has no such base model, or the weights that it ships are damaged.
        SourceError: the ImageNet weights are not here and cannot be downloaded.
    """
    _check_name(name)
    if edition.name == "full":
        return imagenet_network(name, edition.image_size)
    base_model = build_base_model(name, edition.image_size)
    base_model.load_weights(_checked(MINI_WEIGHTS[name]))
    return base_model


def load_available(names: Sequence[str], edition: Edition) -> dict[str, keras.Model]:
    """Load those of several base models whose weights can be had, and say which ones cannot. Introduced in lesson 06.

    Args:
        names: as for ``load_base_model``.
        edition: as for ``load_base_model``.

    Returns:
        Name → base model, in the order asked for; the first is always there.

    Raises:
        CourseError: as ``load_base_model``, whatever the first base model raises.
    """
    loaded = {names[0]: load_base_model(names[0], edition)}
    for name in names[1:]:
        try:
            loaded[name] = load_base_model(name, edition)
        except SourceError as error:
            print(message("base_models.goes_on_without", reason=error, name=name))
    return loaded


def load_classifier(name: str, edition: Edition) -> tuple[keras.Model, tuple[str, ...]]:
    """Load a pretrained classifier as it is, with the classes that it was trained on. Introduced in lesson 01.

    Args:
        name: as for ``load_base_model``; in the full edition also ``"ResNet50"``.
        edition: mini: names drawn things at 96 px; full: names the 1000 classes of ImageNet, at Keras' own size (224 px
            for MobileNetV2 and ResNet50, 299 px for InceptionV3).

    Returns:
        Model from plain pictures (b, size, size, 3), values 0–255, to logits (b, classes); and its class names.

    Raises:
        CourseError: the course has no such base model, or the weights that it ships are damaged.
        SourceError: the ImageNet weights or class names are not here and cannot be downloaded.
    """
    _check_name(name, WITH_TOP if edition.name == "full" else MINI_WEIGHTS)
    if edition.name == "full":
        network = imagenet_network(name)
        inputs = keras.Input(network.input_shape[1:])
        return keras.Model(inputs, network(preprocessing(name)(inputs))), imagenet_class_names()
    with np.load(_checked(top_file(name))) as top:
        kernel, bias, class_names = top["kernel"], top["bias"], tuple(map(str, top["class_names"]))
    base_model = load_base_model(name, edition)
    classifier = build_classifier(base_model, preprocessing(name), len(class_names), dropout=0.0)
    classifier.get_layer("head").set_weights([kernel, bias])
    return classifier, class_names


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


def build_base_model(name: str, image_size: int = 96) -> keras.Model:
    """Build a base model of the mini edition with random weights.

    Args:
        name: as for ``load_base_model``.
        image_size: height and width of the pictures, in pixels.

    Returns:
        Model from (b, size, size, 3), values in [-1, 1], to a feature map (b, h, w, channels).
    """
    if name == "InceptionV3":
        return inception_network(image_size)
    return keras.applications.MobileNetV2((image_size, image_size, 3), alpha=0.35, include_top=False, weights=None)


def top_file(name: str) -> str:
    """Return the name of the file with a mini classifier's last layer: ``kernel``, ``bias`` and ``class_names``."""
    return MINI_WEIGHTS[name].replace("_no_top.weights.h5", "_top.npz")


def _check_name(name: str, known: Iterable[str] = tuple(MINI_WEIGHTS)) -> None:
    if name not in known:
        raise CourseError("base_models.unknown", found=name, expected=", ".join(known))


def _checked(name: str) -> Path:
    """Return a file of weights that the course ships, if it is the published one."""
    file = asset(f"weights/{name}")
    if not file.is_file() or sha256(file.read_bytes()).hexdigest() != _published_hash(file):
        raise CourseError("base_models.damaged", file=file)
    return file


def _published_hash(file: Path) -> str:
    lines = (file.parent / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return next((line.split()[0] for line in lines if line.split()[-1].lstrip("*") == file.name), "")
