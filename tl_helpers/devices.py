"""What a lesson computes on: GPUs and their memory, number formats that fit them, and how far devices may disagree."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tl_helpers.messages import CourseError, message, number

if TYPE_CHECKING:
    import keras
    import numpy as np

# Largest absolute difference between features or logits of two devices, float32 on both and no TensorFloat-32 (see
# ``prepare_gpus``): sums are taken in another order. The same as between ``engines``.
TOLERANCE = 1e-3
TENSOR_CORES = (7, 0)  # compute capability from which float16 is faster (NVIDIA Volta, the T4 has 7.5)


@dataclass(frozen=True)
class Gpu:
    """One GPU.

    Args:
        name: such as ``"Tesla T4"``.
        memory: in all, in GB (10⁹ bytes); None where it cannot be known.
        capability: compute capability, such as ``(7, 5)``; None where it is not an NVIDIA GPU.
    """

    name: str
    memory: float | None = None
    capability: tuple[int, int] | None = None

    def __str__(self) -> str:
        """Name the GPU with its memory, in the reader's language."""
        return message("devices.gpu", name=self.name, memory=number(self.memory, 1)) if self.memory else self.name


def gpus() -> list[Gpu]:
    """Return the GPUs that TensorFlow sees; empty where there is none."""
    import tensorflow as tf

    found = tf.config.list_physical_devices("GPU")
    details = [tf.config.experimental.get_device_details(each) for each in found]
    memory = _memory_by_name() if found else {}
    names = [detail.get("device_name", each.name) for detail, each in zip(details, found, strict=True)]
    capabilities = [detail.get("compute_capability") for detail in details]
    return [Gpu(name, memory.get(name), each) for name, each in zip(names, capabilities, strict=True)]


def gpu_names() -> list[str]:
    """Return the names of the GPUs that TensorFlow sees; empty where there is none."""
    import tensorflow as tf

    found = tf.config.list_physical_devices("GPU")
    return [tf.config.experimental.get_device_details(each).get("device_name", each.name) for each in found]


def prepare_gpus() -> None:
    """Let two notebooks share a GPU, and let it compute what a CPU computes; call it before the first computation.

    TensorFlow would take all memory of a GPU at once, and round factors to ten bits on newer GPUs (TensorFloat-32),
    which makes features differ by more than ``TOLERANCE``.
    """
    import tensorflow as tf

    tf.config.experimental.enable_tensor_float_32_execution(False)
    for gpu in tf.config.list_physical_devices("GPU"):
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except (RuntimeError, ValueError):  # it is in use already, or divided into logical devices
            return


def helps_mixed_precision(here: Sequence[Gpu]) -> bool:
    """Say whether float16 is faster here: on GPUs with tensor cores, never on a CPU.

    Args:
        here: what ``gpus`` returned.
    """
    return bool(here) and all(gpu.capability is not None and gpu.capability >= TENSOR_CORES for gpu in here)


def use_mixed_precision_where_it_helps(model: keras.Model, here: Sequence[Gpu] | None = None) -> keras.Model:
    """Let a model's layers compute in float16 where that is faster, and say so. Introduced in lesson 09.

    Weights stay float32, and so does what the last layers compute, so that losses and probabilities keep their digits.
    ``compile`` then scales the loss, so that small gradients are not rounded to 0. Features that are kept on disk are
    computed in float32 everywhere: this is for training many layers on a GPU.

    Args:
        model: functional or sequential, not compiled yet.
        here: GPUs; None looks for them.

    Returns:
        The same model.

    Raises:
        CourseError: the model is compiled already, so that its optimizer would not scale the loss.
    """
    if model.compiled:
        raise CourseError("devices.compiled_already", model=model.name)
    here = gpus() if here is None else here
    if not helps_mixed_precision(here):
        reason = "old_gpu" if here else "no_gpu"
        print(message(f"devices.float32_{reason}", gpus=", ".join(gpu.name for gpu in here)))
        return model
    last = {id(tensor._keras_history.operation) for tensor in model.outputs}
    for layer in _layers(model):
        if id(layer) not in last and layer.dtype_policy.name == "float32":
            layer.dtype_policy = "mixed_float16"
    model.dtype_policy = "mixed_float16"
    print(message("devices.float16", gpus=", ".join(map(str, here))))
    return model


def largest_difference(model: keras.Model, images: np.ndarray[Any, Any], one: str, other: str) -> float:
    """Return by how much a model's outputs differ between two devices; ``TOLERANCE`` is the most that is right.

    Args:
        model: takes pictures as they are.
        images: shape (n, height, width, 3).
        one: device, such as ``"CPU:0"``.
        other: device, such as ``"GPU:0"``.
    """
    import numpy as np
    import tensorflow as tf

    def outputs(device: str) -> np.ndarray[Any, Any]:
        with tf.device(device):
            result = model(tf.cast(images, tf.float32), training=False)
        if tf.DeviceSpec.from_string(result.device).to_string().split("device:")[-1] != device:
            raise CourseError("devices.other_device", wanted=device, found=result.device)
        return np.asarray(result, dtype=np.float32)

    return float(np.abs(outputs(one) - outputs(other)).max())


def _layers(model: keras.Model) -> Iterator[keras.Layer]:
    for layer in model.layers:
        yield layer
        yield from _layers(layer) if hasattr(layer, "layers") else ()


def _memory_by_name() -> dict[str, float]:
    """Ask the NVIDIA driver for the memory in GB of each kind of GPU; what has two sizes under one name is left out."""
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
        rows = [line.rsplit(", ", 1) for line in answer.splitlines()]
        found = {(name.strip(), float(mebibytes) * 2**20 / 1e9) for name, mebibytes in rows}
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
    names = [name for name, _ in found]
    return {name: memory for name, memory in found if names.count(name) == 1}
