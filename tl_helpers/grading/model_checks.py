"""Checks of models and how they are compiled: from facts to what is wrong with them, or None."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tl_helpers.grading.checks import Wrong, range_message

if TYPE_CHECKING:
    from tl_helpers.grading.model_facts import CompileFacts, ModelFacts

OUTPUTS = 5
ACTIVATIONS = ("linear", "softmax")
LOSSES = ("sparse_categorical_crossentropy", "categorical_crossentropy")


def outputs(facts: ModelFacts) -> Wrong | None:
    """One output a class, in one row."""
    if facts.output_shape == [OUTPUTS]:
        return None
    values = {"found": facts.output_shape}
    if len(facts.output_shape) > 1:
        return Wrong("model_map", values)
    known = {1: "model_one_output", 1000: "model_thousand"}
    return Wrong(known.get((facts.output_shape or [0])[0], "model_outputs"), values)


def activation(facts: ModelFacts) -> Wrong | None:
    """The last layer gives logits, or probabilities that sum to 1."""
    if facts.activation in ACTIVATIONS:
        return None
    key = "model_sigmoid" if facts.activation == "sigmoid" else "model_activation"
    return Wrong(key, {"found": facts.activation})


def pixels(facts: ModelFacts) -> Wrong | None:
    """Pixels of 0 and 255 reach the base as -1 and 1."""
    if len(facts.pixels_at_base) == 2 and np.allclose(facts.pixels_at_base, (-1, 1), atol=0.02):
        return None
    if len(facts.pixels_at_base) != 2:
        return Wrong("model_cannot_see")
    low, high = facts.pixels_at_base
    return Wrong(range_message(low, high), {"low": low, "high": high})


def frozen(facts: ModelFacts) -> Wrong | None:
    """No parameter of the base is trainable, nor is a batch normalisation awake."""
    if facts.trainable_in_base:
        return Wrong("model_not_frozen", {"count": facts.trainable_in_base, "total": facts.trainable})
    if facts.batch_norms_awake:
        return Wrong("model_norms_awake", {"count": facts.batch_norms_awake})
    return None


def trainable_head(facts: ModelFacts) -> Wrong | None:
    """Something outside the base can be trained."""
    return None if facts.trainable > facts.trainable_in_base else Wrong("model_all_frozen")


def pretrained(facts: ModelFacts) -> Wrong | None:
    """The base is there, with its pretrained weights."""
    if not facts.has_base:
        return Wrong("model_other_base")
    return None if facts.same_as_pretrained > 0.99 else Wrong("model_random_base")


def loss(facts: CompileFacts) -> Wrong | None:
    """The loss is a cross-entropy over several classes."""
    if facts.loss in LOSSES:
        return None
    key = "compile_binary" if facts.loss.startswith("binary") else "compile_loss"
    return Wrong(key, {"found": facts.loss or "–"})


def logits(facts: CompileFacts) -> Wrong | None:
    """What the loss expects is what the last layer gives."""
    if facts.from_logits == (facts.activation == "linear"):
        return None
    return Wrong("compile_doubled" if facts.from_logits else "compile_logits", {"found": facts.activation})


def metric(facts: CompileFacts) -> Wrong | None:
    """Accuracy is reported."""
    names = [name.lower() for name in facts.metrics]
    if any("binary" in name for name in names):
        return Wrong("compile_binary_accuracy", {"found": ", ".join(facts.metrics)})
    return None if any("acc" in name for name in names) else Wrong("compile_no_accuracy")


def rate(facts: CompileFacts) -> Wrong | None:
    """The learning rate suits a new head."""
    low, high = (1e-3, 1.0) if facts.optimizer == "SGD" else (5e-5, 2e-2)
    if low * 0.99 <= facts.learning_rate <= high * 1.01:
        return None
    return Wrong("compile_fast" if facts.learning_rate > high else "compile_slow", {"rate": facts.learning_rate})
