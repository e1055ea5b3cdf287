"""Facts about rebuilt answers: those that ``collect`` finds, with as few questions to a model as a verdict needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from tl_helpers.grading import plain
from tl_helpers.grading.answer_facts import class_row, prediction_facts
from tl_helpers.grading.facts import Facts
from tl_helpers.grading.given import Given, collect, said_classes
from tl_helpers.grading.tasks import TASKS, judge
from tl_helpers.grading.teacher.on_word import has_loss
from tl_helpers.grading.teacher.reported import reported_facts
from tl_helpers.grading.training_facts import training_facts

if TYPE_CHECKING:
    from tl_helpers.grading.teacher.carrying import Restored

MODEL_TASKS = ("model", "compile", "train", "fine-tune", "inception")


def facts_of(task: str, restored: Restored, given: Given) -> tuple[Facts, bool]:
    """Return the facts of answers, and whether they rest on the notebook's word alone.

    Args:
        task: its name.
        restored: its answers.
        given: with what the task builds on in use.
    """
    if task in MODEL_TASKS and not isinstance(restored.answers[0], keras.Model):
        reported = reported_facts(task, restored.reported)
        if reported is not None:
            return reported, True
    quick = {"train": _training, "predict": _predictions}.get(task)
    facts = plain.attempt(lambda: quick(given, *restored.answers), None) if quick else None
    is_unseen = task == "predict" and given.used["train"][0] is None
    return facts or collect(task, restored.answers, given), is_unseen


def _training(given: Given, model: Any, history: Any) -> Facts | None:
    """Return facts without asking the model about training and test pictures; None where a check needs that."""
    validation = {"validation": given.splits["validation"]}
    facts = training_facts(model, history, given.base_model, validation)
    return facts if facts.problem or has_loss(facts) else None


def _predictions(given: Given, classes: Any, accuracy: Any) -> Facts | None:
    """Return facts about the test pictures alone; None where something is wrong, and more has to be known.

    Where the model in use could not be built again, the accuracy is compared with the classes given.
    """
    model, names, test = given.used["train"][0], given.class_names, given.splits["test"]
    row = said_classes(model, test) if model is not None else class_row(classes, names) or []
    said = row if len(row) == len(test) else [-1] * len(test)
    facts = prediction_facts(classes, accuracy, names, {"test": said}, {"test": test.labels.tolist()})
    is_right = all(verdict.passed for verdict in judge(TASKS["predict"], facts))
    return facts if is_right or model is None else None
