"""Pictures about which a preprocessing is asked: those of the check, and some drawn from a seed."""

from __future__ import annotations

from typing import Any

import numpy as np

from tl_helpers.editions import MINI
from tl_helpers.grading import plain
from tl_helpers.grading.answer_facts import PROBED

Array = np.ndarray[Any, Any]
SHAPE = (1, MINI.image_size, MINI.image_size, 3)  # a model that has no shape yet takes it from them
MOST_OUTPUTS = 100_000


def flat_probes() -> list[Array]:
    """Return the pictures of ``answer_facts.pixel_facts``: three flat ones and a red one, float32 (1, 96, 96, 3)."""
    flat = [np.full(SHAPE, value, dtype=np.float32) for value in PROBED]
    red = np.full(SHAPE, PROBED[0], dtype=np.float32)
    red[..., 0] = 255.0
    return [*flat, red]


def random_probes(seed: int) -> list[Array]:
    """Return three pictures of random pixels, float32 (1, 96, 96, 3), whole numbers 0–255.

    Args:
        seed: the same seed gives the same pictures.
    """
    random = np.random.default_rng(seed)
    return [random.integers(0, 256, SHAPE).astype(np.float32) for _ in range(3)]


def all_probes(seed: int) -> list[Array]:
    """Return the pictures of ``flat_probes``, then those of ``random_probes``."""
    return [*flat_probes(), *random_probes(seed)]


def ask(function: Any, picture: Array) -> Array | None:
    """Return what a function makes of a picture, float64; None where it raises or gives something else."""
    output = plain.attempt(lambda: np.asarray(function(picture.copy()), dtype=np.float64), None)
    return None if output is None or output.size > MOST_OUTPUTS else output
