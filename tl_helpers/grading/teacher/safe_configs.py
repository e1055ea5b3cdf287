"""Clean a kept model's configuration: only safe parts, small numbers and short texts, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tl_helpers.grading.teacher.safe_parts import (
    ACTIVATIONS,
    CONTAINERS,
    DTYPES,
    UnsafeError,
    canonical_module,
    clean_count,
    clean_dtype,
    clean_shape,
    clean_target,
    clean_text,
    plain_dict,
)

MOST_LAYERS, MOST_CALLS = 3_000, 10_000
MOST_UNITS = 16_384  # the greatest whole number in a layer's configuration
DEEPEST = 60
DROPPED = ("seed", "lora_rank", "lora_alpha", "quantization_config")  # nothing that a forward pass needs
SHAPES = ("batch_shape", "build_input_shape", "target_shape", "newshape", "shape")


def clean_config(serialised: Any) -> dict[str, Any]:
    """Return a layer's or model's serialised form, made anew of safe parts only.

    Initialisers, regularisers and constraints are left out, for the weights come along and nothing is trained.

    Args:
        serialised: what ``keras.saving.serialize_keras_object`` returned, read again from JSON; anything at all.

    Returns:
        What ``keras.saving.deserialize_keras_object`` may read.

    Raises:
        UnsafeError: a part is not on the list of safe ones, or something is too large.
    """
    return _Cleaner().part(serialised, 0)


@dataclass
class _Cleaner:
    layers: int = 0
    calls: int = 0

    def part(self, value: Any, depth: int) -> dict[str, Any]:
        """Clean a container, a layer or an operation."""
        found = plain_dict(value)
        name = found.get("class_name")
        module = canonical_module(found.get("module"), name)
        self.layers = clean_count(self.layers + 1, MOST_LAYERS)
        config = found.get("config")
        if depth > DEEPEST or not isinstance(config, dict):
            raise UnsafeError("carrying.damaged")
        is_container = name in CONTAINERS
        cleaned = self.container(config, depth) if is_container else self.settings(config, depth)
        return {"module": module, "class_name": name, "config": cleaned, "registered_name": None}

    def container(self, config: dict[str, Any], depth: int) -> dict[str, Any]:
        """Clean what a Functional or Sequential model is made of."""
        kept: dict[str, Any] = {"name": clean_text(config.get("name"))}
        listed = config.get("layers")
        if not isinstance(listed, list):
            raise UnsafeError("carrying.damaged")
        kept["layers"] = [self.member(layer, depth + 1) for layer in listed]
        for key in ("input_layers", "output_layers"):
            if key in config:
                kept[key] = self.plain(config[key], depth + 1)
        if config.get("build_input_shape") is not None:
            kept["build_input_shape"] = clean_shape(config["build_input_shape"])
        return kept

    def member(self, value: Any, depth: int) -> dict[str, Any]:
        """Clean a layer of a model, and the calls that connect it with others."""
        cleaned = self.part(value, depth)
        if "inbound_nodes" in value:
            calls = value["inbound_nodes"]
            if not isinstance(calls, list):
                raise UnsafeError("carrying.damaged")
            self.calls = clean_count(self.calls + len(calls), MOST_CALLS)
            cleaned["name"] = clean_text(value.get("name"))
            cleaned["inbound_nodes"] = [self.call(call, depth) for call in calls]
        return cleaned

    def call(self, value: Any, depth: int) -> dict[str, Any]:
        """Clean the arguments of a call."""
        args, kwargs = plain_dict(value).get("args", []), plain_dict(value).get("kwargs", {})
        if not isinstance(args, list) or not isinstance(kwargs, dict):
            raise UnsafeError("carrying.damaged")
        named = {clean_text(key): self.plain(each, depth + 1, 2**31) for key, each in kwargs.items()}
        return {"args": [self.plain(each, depth + 1, 2**31) for each in args], "kwargs": named}

    def settings(self, config: dict[str, Any], depth: int) -> dict[str, Any]:
        """Clean the configuration of a layer or an operation."""
        kept: dict[str, Any] = {}
        for key, value in config.items():
            if key.endswith("initializer"):
                kept[key] = "zeros"
            elif key in DROPPED or key.endswith(("regularizer", "constraint")):
                continue
            elif key in SHAPES and value is not None:
                kept[key] = clean_shape(value) if key == "batch_shape" else clean_target(value)
            elif key in ("activation", "recurrent_activation"):
                kept[key] = self.activation(value, depth)
            elif key == "dtype":
                kept[key] = clean_dtype(value)
            else:
                kept[clean_text(key)] = self.plain(value, depth + 1)
        return kept

    def activation(self, value: Any, depth: int) -> Any:
        """Clean an activation: its name, a function of Keras, or a layer."""
        if isinstance(value, dict) and value.get("class_name") == "function":
            is_keras = value.get("module") in ("builtins", "keras.activations")
            value = value.get("config") if is_keras else f"{value.get('module')}.{value.get('config')}"
        if value is None or (isinstance(value, str) and value in ACTIVATIONS):
            return value
        if isinstance(value, str) or "class_name" not in plain_dict(value):
            raise UnsafeError("carrying.unknown_part", found=value[:80] if isinstance(value, str) else "lambda")
        return self.part(value, depth + 1)

    def plain(self, value: Any, depth: int, most: int = MOST_UNITS) -> Any:
        """Clean numbers, texts, truth values, lists and dictionaries of them, and Keras' notation for a few others."""
        if depth > DEEPEST:
            raise UnsafeError("carrying.damaged")
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            clean_count(abs(value), most)
            return value
        if isinstance(value, str):
            return clean_text(value)
        if isinstance(value, list | tuple):
            return [self.plain(each, depth + 1, most) for each in value]
        if isinstance(value, dict) and ("class_name" in value or "module" in value or "registered_name" in value):
            return self.notation(value, depth)
        if isinstance(value, dict):
            return {clean_text(key): self.plain(each, depth + 1, most) for key, each in value.items()}
        raise UnsafeError("carrying.damaged")

    def notation(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        """Clean what Keras writes for slices, arrays and the tensors between layers."""
        name, config = value.get("class_name"), value.get("config")
        inside = {"__ellipsis__": (), "__slice__": ("start", "stop", "step")}
        inside["__keras_tensor__"] = ("shape", "dtype", "keras_history")
        inside |= dict.fromkeys(("__numpy__", "__tensor__"), ("value", "dtype"))
        if name == "DTypePolicy":
            return {
                "module": "keras",
                "class_name": name,
                "config": {"name": clean_dtype(value)},
                "registered_name": None,
            }
        if not isinstance(name, str) or name not in inside or not isinstance(config, dict):
            raise UnsafeError("carrying.unknown_part", found=str(name)[:80])
        kept = {key: self.plain(config.get(key), depth + 1, 2**31) for key in inside[name]}
        if "dtype" in kept and kept["dtype"] not in DTYPES:
            raise UnsafeError("carrying.damaged")
        return {"class_name": name, "config": kept}
