"""Facts about trainings: what the model learned, what it was validated on, what a second base brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.answer_facts import history_lists
from tl_helpers.grading.facts import Facts
from tl_helpers.grading.model_facts import CompileFacts, ModelFacts, compile_facts, model_facts
from tl_helpers.pictures import Pictures

Array = np.ndarray[Any, Any]
AT_ONCE = 600_000  # pixels pushed through together; all layers' outputs stay in memory meanwhile


@dataclass(frozen=True)
class TrainingFacts(Facts):
    """A training: the model after it, its history, and loss and accuracy on each split, computed again."""

    model: ModelFacts = field(default_factory=ModelFacts)
    history: dict[str, list[float]] = field(default_factory=dict)
    losses: dict[str, float] = field(default_factory=dict)
    accuracies: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TuningFacts(Facts):
    """A fine-tuning: the model after it, how it was compiled, and validation accuracy before and after."""

    model: ModelFacts = field(default_factory=ModelFacts)
    compiled: CompileFacts = field(default_factory=CompileFacts)
    head_rate: float = 0.0
    before: float = 0.0
    after: float = 0.0


@dataclass(frozen=True)
class ComparisonFacts(Facts):
    """A second base: its model, validation accuracies said and computed again, on test as well, and the choice."""

    model: ModelFacts = field(default_factory=ModelFacts)
    said: dict[str, float] = field(default_factory=dict)
    validation: dict[str, float] = field(default_factory=dict)
    choice: str = ""


def training_facts(answer: Any, history: Any, pretrained: keras.Model, splits: Mapping[str, Pictures]) -> TrainingFacts:
    """Collect the facts of a training. Introduced in lesson 04.

    Args:
        answer: the trained model.
        history: as ``history_lists`` takes it.
        pretrained: as for ``model_facts``.
        splits: ``"train"``, ``"validation"``, ``"test"`` → pictures.
    """
    model = model_facts(answer, pretrained)
    if model.problem:
        return TrainingFacts(model.problem, model.found)
    shares = {name: _shares(answer, model, split) for name, split in splits.items()}
    scored = {name: each for name, each in shares.items() if each is not None}
    losses = {name: cross_entropy(each, splits[name].labels) for name, each in scored.items()}
    accuracies = {name: float(np.mean(each.argmax(axis=1) == splits[name].labels)) for name, each in scored.items()}
    return TrainingFacts(model=model, history=history_lists(history), losses=losses, accuracies=accuracies)


def tuning_facts(
    answer: Any, pretrained: keras.Model, validation: Pictures, head_rate: float, before: float
) -> TuningFacts:
    """Collect the facts of a fine-tuning. Introduced in lesson 04.

    Args:
        answer: the fine-tuned model.
        pretrained: as for ``model_facts``.
        validation: pictures on which it is compared.
        head_rate: learning rate of the head's training.
        before: validation accuracy before fine-tuning.
    """
    trained = training_facts(answer, None, pretrained, {"validation": validation})
    compiled = compile_facts(answer)
    problem = trained.problem or compiled.problem
    if problem:
        return TuningFacts(problem, trained.found or compiled.found)
    after = trained.accuracies.get("validation", 0.0)
    return TuningFacts(model=trained.model, compiled=compiled, head_rate=head_rate, before=before, after=after)


def comparison_facts(
    answer: Any,
    said: Any,
    choice: Any,
    *,
    pretrained: keras.Model,
    validation: Pictures,
    first: float,
    names: Sequence[str],
) -> ComparisonFacts:
    """Collect the facts of the comparison with a second base. Introduced in lesson 04.

    Args:
        answer: the trained model on the second base.
        said: base → validation accuracy; or both in the order of ``names``.
        choice: name of a base.
        pretrained: the second base, as it was loaded.
        validation: pictures on which both are compared.
        first: validation accuracy on the first base, computed again.
        names: of the first base and the second.
    """
    trained = training_facts(answer, None, pretrained, {"validation": validation})
    if trained.problem:
        return ComparisonFacts(trained.problem, trained.found)
    values = plain.attempt(lambda: [said[name] for name in names], None) if isinstance(said, dict) else said
    shares = [plain.number(each) for each in plain.parts(values, 2) or ()]
    chosen = plain.text(choice)
    if len(shares) != 2 or None in shares or chosen is None:
        unread = said if chosen is not None else choice
        return ComparisonFacts("inception_kind", plain.kind(unread))
    return ComparisonFacts(
        model=trained.model,
        said={name: float(share or 0.0) for name, share in zip(names, shares, strict=True)},
        validation=dict(zip(names, (first, trained.accuracies.get("validation", 0.0)), strict=True)),
        choice=chosen,
    )


def predicted(model: Any, images: Array) -> Array | None:
    """Return what a model says of pictures, float64 (n, classes); None where it cannot say anything of that shape."""
    return plain.attempt(lambda: _predicted(model, images), None)


def cross_entropy(shares: Array, labels: Array) -> float:
    """Return the mean of minus the logarithm of the probability given to the true class (n, k), (n,)."""
    chosen = shares[np.arange(len(labels)), labels]
    return float(np.mean(-np.log(np.clip(chosen, 1e-7, 1.0))))


def _predicted(model: Any, images: Array) -> Array | None:
    count = max(1, AT_ONCE // int(np.prod(images.shape[1:3])))
    parts = [images[start : start + count] for start in range(0, len(images), count)]
    outputs = np.concatenate([np.asarray(model(part.astype(np.float32), training=False)) for part in parts])
    is_scores = outputs.ndim == 2 and len(outputs) == len(images) and np.isfinite(outputs).all()
    return outputs.astype(np.float64) if is_scores else None


def _shares(model: Any, facts: ModelFacts, split: Pictures) -> Array | None:
    scores = predicted(model, split.images)
    if scores is None or scores.shape[1] <= int(split.labels.max()):
        return None
    if facts.activation == "linear":
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = scores / np.clip(scores.sum(axis=1, keepdims=True), 1e-7, None)
    return shares
