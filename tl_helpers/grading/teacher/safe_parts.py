"""Which parts of Keras a kept model may be made of, by name; all else is refused before Keras reads it."""

from __future__ import annotations

from math import prod
from typing import Any


class UnsafeError(Exception):
    """A kept model is not rebuilt; ``key`` is the message that says why, ``values`` what its placeholders stand for."""

    def __init__(self, key: str, **values: Any):
        super().__init__(key, values)
        self.key, self.values = key, values


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


CONTAINERS = {"Functional": "keras.src.models.functional", "Model": "keras", "Sequential": "keras"}

LAYERS = _names("""
    InputLayer Dense Activation Identity Rescaling Normalization Resizing CenterCrop Flatten Reshape Permute
    RepeatVector Dropout SpatialDropout1D SpatialDropout2D GaussianDropout GaussianNoise AlphaDropout
    ActivityRegularization BatchNormalization LayerNormalization GroupNormalization UnitNormalization RMSNormalization
    Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose SeparableConv1D SeparableConv2D DepthwiseConv1D DepthwiseConv2D
    MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
    ZeroPadding1D ZeroPadding2D Cropping1D Cropping2D UpSampling1D UpSampling2D
    Add Average Concatenate Dot Maximum Minimum Multiply Subtract
    ReLU LeakyReLU PReLU ELU Softmax Attention AdditiveAttention MultiHeadAttention
    RandomFlip RandomRotation RandomZoom RandomTranslation RandomCrop RandomContrast RandomBrightness RandomHue
    RandomSaturation RandomGrayscale RandomSharpness RandomShear RandomPosterization RandomColorDegeneration
    RandomErasing RandomGaussianBlur RandomInvert RandomPerspective AutoContrast Equalization Solarization
    """)

OPERATIONS = {
    "keras.src.ops.numpy": _names("""
        Absolute Add Subtract Multiply Divide TrueDivide FloorDivide Mod Power Negative Square Sqrt Exp Log Reciprocal
        Maximum Minimum Clip Round Floor Ceil Sign Tanh Mean Max Min Amax Amin Sum Var Std GetItem Flip Concatenate
        Stack Squeeze ExpandDims Reshape Transpose Moveaxis Swapaxes Ravel Matmul
        """),
    "keras.src.ops.nn": _names(
        """
        Relu Relu6 LeakyRelu Elu Selu Gelu Silu Sigmoid HardSigmoid Softplus Softmax LogSoftmax MaxPool AveragePool
        Normalize
        """
    ),
    "keras.src.ops.core": frozenset({"Cast", "StopGradient"}),
    "keras.src.ops.image": frozenset({"Resize", "RGBToGrayscale"}),
    "keras.src.ops.math": frozenset({"Logsumexp", "Rsqrt"}),
}

DTYPES = _names("bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64")
MOST_INPUTS = 3 * 1_024**2  # numbers that go into a model at once
POLICIES = DTYPES | {"mixed_float16", "mixed_bfloat16"}
ACTIVATIONS = _names("""
    linear relu relu6 leaky_relu elu selu gelu silu swish mish celu sigmoid hard_sigmoid hard_silu hard_swish
    log_sigmoid softmax log_softmax softplus softsign tanh exponential
    """)


def canonical_module(module: Any, name: Any) -> str:
    """Return the module from which Keras itself takes a safe layer, container or operation.

    Args:
        module: as the configuration has it.
        name: of the class.

    Raises:
        UnsafeError: it is none of them.
    """
    if isinstance(module, str) and isinstance(name, str):
        if name in OPERATIONS.get(module, ()):
            return module
        if name in CONTAINERS and (module == "keras" or module.startswith(("keras.models", "keras.src.models."))):
            return CONTAINERS[name]
        if name in LAYERS and (module == "keras.layers" or module.startswith("keras.src.layers.")):
            return "keras.layers"
    raise UnsafeError("carrying.unknown_part", found=str(name)[:80])


def plain_dict(value: Any) -> dict[str, Any]:
    """Return a dictionary read from JSON; {} for anything else."""
    return value if isinstance(value, dict) else {}


def clean_shape(value: Any) -> list[int | None]:
    """Return a shape of at most five sizes, each None or at least 1.

    Raises:
        UnsafeError: it is something else, or has too many members.
    """
    if not isinstance(value, list | tuple) or len(value) > 5:
        raise UnsafeError("carrying.damaged")
    sizes: list[int | None] = list(value)
    if not all(size is None or (type(size) is int and size >= 1) for size in sizes):
        raise UnsafeError("carrying.damaged")
    clean_count(prod(size or 1 for size in sizes), MOST_INPUTS)
    return sizes


def clean_dtype(value: Any) -> str | None:
    """Return the name of a type of numbers or of a policy, or None; raises ``UnsafeError`` for anything else."""
    name = plain_dict(value.get("config")).get("name") if isinstance(value, dict) else value
    is_policy = not isinstance(value, dict) or value.get("class_name") == "DTypePolicy"
    if name is None and not isinstance(value, dict):
        return None
    if not is_policy or not isinstance(name, str) or name not in POLICIES:
        raise UnsafeError("carrying.unknown_part", found=str(name)[:80])
    return name


def clean_target(value: Any) -> list[int | None]:
    """Return a shape as ``clean_shape`` does, in which a size may be -1 as well."""
    clean_shape([None if size == -1 else size for size in value] if isinstance(value, list | tuple) else value)
    return list(value)


def clean_text(value: Any) -> str:
    """Return a text of at most 200 characters; raises ``UnsafeError`` for anything else."""
    if not isinstance(value, str) or len(value) > 200:
        raise UnsafeError("carrying.damaged")
    return value


def clean_count(count: int, limit: int) -> int:
    """Return a count; raises ``UnsafeError`` where it exceeds the limit."""
    if count > limit:
        raise UnsafeError("carrying.too_large", found=min(count, 10**18), limit=limit)
    return count
