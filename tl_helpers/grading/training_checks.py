"""Checks of trainings, fine-tuning and the second base: from facts to what is wrong with them, or None."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tl_helpers.grading.checks import Wrong
from tl_helpers.grading.model_checks import frozen, logits, loss, pixels, pretrained

if TYPE_CHECKING:
    from tl_helpers.grading.training_facts import ComparisonFacts, TrainingFacts, TuningFacts

ENOUGH = 0.5  # accuracy of a head that has learned five classes
MORE_THAN_CHANCE = 0.3  # accuracy that five classes hardly reach by chance; a base may be far from the task
LOWER = 10  # times: learning rate of the head's training over that of fine-tuning


def watched(facts: TrainingFacts) -> Wrong | None:
    """The history has validation figures of at least two epochs, all of them numbers."""
    losses = facts.history.get("val_loss", [])
    if not facts.history:
        return Wrong("train_no_history")
    if not losses or "val_accuracy" not in facts.history:
        return Wrong("train_no_validation")
    if not np.isfinite(losses).all():
        return Wrong("train_diverged")
    return Wrong("train_one_epoch") if len(losses) < 2 else None


def held_out(facts: TrainingFacts) -> Wrong | None:
    """What was used for validation is not the test split, nor the training split."""
    losses = np.array(facts.history.get("val_loss", []))

    def matches(split: str) -> bool:
        return split in facts.losses and bool(np.any(np.isclose(losses, facts.losses[split], rtol=2e-3, atol=2e-4)))

    if matches("validation") or not (matches("test") or matches("train")):
        return None
    return Wrong("train_on_test" if matches("test") else "train_validated_on_train")


def learned(facts: TrainingFacts) -> Wrong | None:
    """The model names validation pictures far better than by chance."""
    share = facts.accuracies.get("validation", 0.0)
    if share >= ENOUGH:
        return None
    in_training = max(facts.history.get("accuracy", [0.0]))
    key = "train_shuffled" if in_training < 0.35 else "train_not_learned"
    return Wrong(key, {"found_share": share, "train_share": in_training})


def base_kept(facts: TrainingFacts) -> Wrong | None:
    """Training the head has left the base as it was, moving statistics included."""
    if facts.model.same_as_pretrained == 1.0:
        return None
    if facts.model.statistics_moved and facts.model.trainable_in_base == 0:
        return Wrong("train_statistics", {"count": facts.model.statistics_moved})
    return Wrong("train_base_moved", {"changed_share": 1 - facts.model.same_as_pretrained})


def batch_norm(facts: TuningFacts) -> Wrong | None:
    """Batch normalisation stays frozen, its moving statistics are the pretrained ones."""
    if facts.model.batch_norms_awake:
        return Wrong("tune_norms_awake", {"count": facts.model.batch_norms_awake})
    if facts.model.statistics_moved:
        return Wrong("tune_statistics", {"count": facts.model.statistics_moved})
    return None


def gentle(facts: TuningFacts) -> Wrong | None:
    """The learning rate is a tenth of the head's or lower."""
    found, head = facts.compiled.learning_rate, facts.head_rate
    if 0 < found <= head / LOWER * 1.01:
        return None
    return Wrong("tune_rate_same" if found >= head * 0.99 else "tune_rate", {"rate": found, "head_rate": head})


def moved(facts: TuningFacts) -> Wrong | None:
    """Weights of the base have really changed."""
    if not facts.model.has_base:
        return Wrong("model_other_base")
    if facts.model.same_as_pretrained < 1.0:
        return None
    return Wrong("tune_not_trained" if facts.model.trainable_in_base else "tune_all_frozen")


def knowledge_kept(facts: TuningFacts) -> Wrong | None:
    """Validation accuracy has not been destroyed."""
    if facts.after >= max(facts.before - 0.1, ENOUGH):
        return None
    return Wrong("tune_destroyed", {"before_share": facts.before, "after_share": facts.after})


def tuned_logits(facts: TuningFacts) -> Wrong | None:
    """The model was compiled again with the loss that fits its last layer."""
    return loss(facts.compiled) or logits(facts.compiled)


def second_base(facts: ComparisonFacts) -> Wrong | None:
    """The model stands on the second base, with its pretrained weights."""
    wrong = pretrained(facts.model)
    return Wrong("inception_other_base") if wrong and wrong.message == "model_other_base" else wrong


def second_frozen(facts: ComparisonFacts) -> Wrong | None:
    """The second base is frozen."""
    return frozen(facts.model)


def second_pixels(facts: ComparisonFacts) -> Wrong | None:
    """Pixels reach the second base as it wants them."""
    return pixels(facts.model)


def second_learned(facts: ComparisonFacts) -> Wrong | None:
    """The second model names validation pictures better than by chance."""
    share = list(facts.validation.values())[-1]
    return None if share >= MORE_THAN_CHANCE else Wrong("inception_not_learned", {"found_share": share})


def said(facts: ComparisonFacts) -> Wrong | None:
    """Both validation accuracies are as computed again."""
    pairs = [(name, share, facts.validation[name]) for name, share in facts.said.items()]
    for name, share, true in pairs:
        if abs(share - 100 * true) <= 1 and share > 1:
            return Wrong("inception_percent", {"found": share})
        if abs(share - true) > 0.015:
            return Wrong("inception_accuracy", {"name": name, "found_share": share, "true_share": true})
    return None


def choice(facts: ComparisonFacts) -> Wrong | None:
    """The base with the better validation accuracy is chosen."""
    if facts.choice not in facts.validation:
        return Wrong("inception_choice_unknown", {"found": facts.choice, "expected": ", ".join(facts.validation)})
    best = max(facts.validation.values())
    if facts.validation[facts.choice] >= best - 0.005:
        return None
    return Wrong("inception_choice", {"found": facts.choice, "best_share": best})
