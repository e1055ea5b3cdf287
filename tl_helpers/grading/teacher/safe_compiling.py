"""How a kept model was compiled, made again of Keras' own optimizers, losses and metrics."""

from __future__ import annotations

import json
from types import FunctionType
from typing import Any

import keras
import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.teacher.safe_parts import UnsafeError, plain_dict

OPTIMIZERS = {
    *("SGD", "Adam", "AdamW", "Adamax", "Nadam", "RMSprop", "Adagrad", "Adadelta", "Adafactor", "Ftrl", "Lion", "Lamb"),
    "Muon",
}
KEPT = ("from_logits", "name")  # of a loss or metric's configuration


def compiling_record(model: keras.Model) -> dict[str, Any] | None:
    """Return how a model is compiled, as plain data; None where it is not.

    Raises:
        UnsafeError: it cannot be written down.
    """
    if not model.compiled:
        return None
    config = plain.attempt(lambda: json.loads(json.dumps(model.get_compile_config() or {})), None)
    if config is None:
        raise UnsafeError("carrying.not_compiled", found=getattr(model.loss, "__name__", plain.kind(model.loss)))
    rate = float(np.asarray(model.optimizer.learning_rate))
    optimizer = plain_dict(config.get("optimizer"))
    return {
        "optimizer": {"module": optimizer.get("module"), "class_name": optimizer.get("class_name")},
        "learning_rate": rate,
        "loss": config.get("loss"),
        "metrics": config.get("metrics"),
    }


def compile_arguments(record: Any) -> dict[str, Any]:
    """Return what ``keras.Model.compile`` takes to compile a model in the same way.

    Args:
        record: what ``compiling_record`` returned, read again.

    Raises:
        UnsafeError: the optimizer, the loss or a metric is not built in.
    """
    found = plain_dict(record)
    optimizer, rate = plain_dict(found.get("optimizer")), found.get("learning_rate")
    name = optimizer.get("class_name")
    if optimizer.get("module") != "keras.optimizers" or not isinstance(name, str) or name not in OPTIMIZERS:
        raise UnsafeError("carrying.not_compiled", found=_shown(name))
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        raise UnsafeError("carrying.not_compiled", found=_shown(rate))
    return {
        "optimizer": getattr(keras.optimizers, name)(learning_rate=float(rate)),
        "loss": _measures(found.get("loss"), "losses"),
        "metrics": _measures(found.get("metrics"), "metrics"),
    }


def _measures(value: Any, home: str, depth: int = 3) -> Any:
    if isinstance(value, list) and len(value) <= 100 and depth:
        return [_measures(each, home, depth - 1) for each in value]
    if isinstance(value, dict) and "class_name" not in value and len(value) <= 100 and depth:
        return {str(key)[:80]: _measures(each, home, depth - 1) for key, each in value.items()}
    return _measure(value, home)


def _measure(value: Any, home: str) -> Any:
    """Return a built-in loss or metric: None, its name, the function, or an object of the class."""
    if value is None or (isinstance(value, str) and value.isidentifier() and len(value) <= 80):
        return value  # Keras looks a name up among its own
    found = plain_dict(value)
    name, module = found.get("class_name"), found.get("module")
    if name == "function":
        function = _public(home, found.get("config"))
        if module in ("builtins", f"keras.{home}") and isinstance(function, FunctionType):
            return function
        raise UnsafeError("carrying.not_compiled", found=_shown(found.get("config")))
    made, base = _public(home, name), keras.losses.Loss if home == "losses" else keras.metrics.Metric
    config = {key: each for key, each in plain_dict(found.get("config")).items() if key in KEPT}
    is_plain = all(isinstance(each, bool) or _is_short(each) for each in config.values())
    if module != f"keras.{home}" or not isinstance(made, type) or not issubclass(made, base) or not is_plain:
        raise UnsafeError("carrying.not_compiled", found=_shown(name))
    return made(**config)


def _public(home: str, name: Any) -> Any:
    if not isinstance(name, str) or name.startswith("_") or name in ("get", "serialize", "deserialize"):
        return None
    return getattr(getattr(keras, home), name, None)


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 80


def _shown(value: Any) -> str:
    return str(value)[:80] if isinstance(value, str | int | float) else "–"
