"""One base model, several answers: labels that may be missing, losses that leave them out, and what is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from tl_helpers.evaluation import probabilities
from tl_helpers.messages import message, number
from tl_helpers.plots import class_name
from tl_helpers.session import fix_seeds

Array = np.ndarray[Any, Any]

LEAVES = ("golden", "husky", "man", "woman")
TASKS: Mapping[str, tuple[str, str]] = {
    "kind": ("dog", "human"),
    "breed": ("golden", "husky"),
    "person": ("man", "woman"),
}
MISSING = -1  # the label of a picture to which a task's question cannot be put


def task_labels(leaves: Array) -> dict[str, Array]:
    """Turn what a picture shows into one label a task, -1 where the task does not apply. Introduced in lesson 07.

    Args:
        leaves: integers, shape (n,), index into ``LEAVES``.

    Returns:
        Task → int64, shape (n,): 0 or 1, index into ``TASKS[task]``, or -1.
    """
    is_human = (leaves >= 2).astype(np.int64)
    return {
        "kind": is_human,
        "breed": np.where(is_human == 0, leaves, -1),
        "person": np.where(is_human == 1, leaves - 2, -1),
    }


def masked_loss(labels: Any, logits: Any) -> Any:
    """Return the mean cross-entropy of the pictures that have a label. Introduced in lesson 07.

    Args:
        labels: shape (b,) or (b, 1): 0, 1, or -1 for none.
        logits: float, shape (b,) or (b, 1).

    Returns:
        A number, 0 or more; 0 where no picture has a label.
    """
    labels = keras.ops.cast(keras.ops.reshape(labels, (-1,)), "float32")
    logits = keras.ops.reshape(logits, (-1,))
    known = keras.ops.cast(labels >= 0, "float32")
    losses = keras.ops.binary_crossentropy(keras.ops.maximum(labels, 0.0), logits, from_logits=True)
    return keras.ops.sum(known * losses) / keras.ops.maximum(keras.ops.sum(known), 1.0)


class MaskedAccuracy(keras.metrics.Mean):  # type: ignore[misc]
    """Share of right answers among the pictures that have a label, over all batches. Introduced in lesson 07."""

    def update_state(self, labels: Any, logits: Any, sample_weight: Any = None) -> None:  # noqa: ARG002
        """Count a batch; labels and logits as in ``masked_loss``."""
        labels = keras.ops.cast(keras.ops.reshape(labels, (-1,)), "float32")
        answers = keras.ops.cast(keras.ops.reshape(logits, (-1,)) >= 0, "float32")
        super().update_state(answers == labels, sample_weight=labels >= 0)


def three_heads(channels: int, shared: int = 0) -> keras.Model:
    """Put one head a task on features, with a shared hidden layer below them or without. Introduced in lesson 07.

    Args:
        channels: features of a picture.
        shared: neurons of the hidden layer that all heads share; 0 for none.

    Returns:
        Model from features (b, channels) to a dictionary: task → logits (b, 1).
    """
    features = keras.Input((channels,))
    below = keras.layers.Dropout(0.2)(features)
    if shared:
        below = keras.layers.Dense(shared, activation="tanh", name="shared")(below)
    return keras.Model(features, {task: keras.layers.Dense(1, name=task)(below) for task in TASKS})


def compile_tasks(
    model: keras.Model, loss_weights: Mapping[str, float] | None = None, learning_rate: float = 1e-3
) -> keras.Model:
    """Compile a model of several tasks: a masked loss and a masked accuracy for each. Introduced in lesson 07.

    Args:
        model: gives a dictionary: task → logits (b, 1).
        loss_weights: how much each task's loss counts; 1 each where it is None.
        learning_rate: of Adam.

    Returns:
        The same model.
    """
    losses = dict.fromkeys(model.output_names, masked_loss)
    metrics = {task: [MaskedAccuracy(name="accuracy")] for task in model.output_names}
    model.compile(keras.optimizers.Adam(learning_rate), loss=losses, loss_weights=loss_weights, metrics=metrics)
    return model


def restart(model: keras.Model, seed: int) -> None:
    """Put a compiled model back to before its training, with the random weights of a seed. Introduced in lesson 07.

    Args:
        model: compiled and trained, if only for a step.
        seed: of the weights, and of all chance in the next training.
    """
    fix_seeds(seed)
    model.set_weights(keras.Model.from_config(model.get_config()).get_weights())
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(keras.ops.zeros_like(variable))


def few_labels(labels: Array, per_class: int, seed: int) -> Array:
    """Keep the labels of a few pictures of each class and take those of all others away. Introduced in lesson 07.

    Args:
        labels: integers, shape (n,); -1 for none.
        per_class: labels that are kept, of each class.
        seed: another seed keeps others.

    Returns:
        Integers, shape (n,); -1 where there is no label or it was taken away.
    """
    rng = np.random.default_rng(seed)
    kept = [rng.permutation(np.flatnonzero(labels == label))[:per_class] for label in (0, 1)]
    few = np.full_like(labels, -1)
    few[np.concatenate(kept)] = labels[np.concatenate(kept)]
    return few


def leaf_classes(logits: Mapping[str, Array]) -> Array:
    """Decide as a person would: first dog or human, then which one. Introduced in lesson 07.

    Args:
        logits: task → float, shape (n, 1) or (n,).

    Returns:
        int64, shape (n,), index into ``LEAVES``.
    """
    answers = {task: (np.reshape(values, -1) >= 0).astype(np.int64) for task, values in logits.items()}
    return np.where(answers["kind"] == 0, answers["breed"], 2 + answers["person"])


def spoken_answer(logits: Mapping[str, float]) -> str:
    """Say the answer as a person would: "dog (0.99) → husky (0.93)". Introduced in lesson 07.

    Args:
        logits: task → logit of one picture.
    """
    said = {}
    for task, names in TASKS.items():
        share = float(probabilities(np.array([logits[task]]))[0])
        said[task] = (names[share >= 0.5], number(max(share, 1 - share), 2))
    steps = [said["kind"], said["breed" if said["kind"][0] == "dog" else "person"]]
    return " → ".join(f"{leaf_name(name)} ({share})" for name, share in steps)


def leaf_name(label: str) -> str:
    """Return the name of a task's class in the reader's language. Introduced in lesson 07."""
    return message("multi_task.human") if label == "human" else class_name(label)
