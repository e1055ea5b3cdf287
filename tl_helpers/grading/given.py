"""What an exercise stands on: the pictures, the pretrained bases, and the answer in use at each task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from tl_helpers.base_models import load_base_model
from tl_helpers.editions import Edition, SourceError
from tl_helpers.grading import answer_facts, model_facts, plain, training_facts
from tl_helpers.grading.facts import Facts
from tl_helpers.grading.tasks import Verdict
from tl_helpers.messages import LANGUAGES, catalogue, message
from tl_helpers.pictures import Pictures, load_together

SPLITS = ("train", "validation", "test")
FIRST, SECOND = "MobileNetV2", "InceptionV3"


@dataclass
class Given:
    """The pictures of an exercise, its pretrained bases (never trained), and what is in use at each task so far."""

    pictures: Pictures
    edition: Edition
    base_model: keras.Model
    used: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    earned: dict[str, int] = field(default_factory=dict)
    judged: dict[str, list[Verdict]] = field(default_factory=dict)
    second: keras.Model | None = None

    @property
    def total(self) -> int:
        """Return the points earned so far, those that a person gives aside."""
        return sum(self.earned.values())

    @property
    def splits(self) -> dict[str, Pictures]:
        """Return the split in use: ``"train"``, ``"validation"``, ``"test"`` → pictures."""
        return {
            name: self.pictures.take(np.asarray(part)) for name, part in zip(SPLITS, self.used["split"], strict=True)
        }

    @property
    def class_names(self) -> list[tuple[str, ...]]:
        """Return for each class the names that it goes by, in every language."""
        known = [catalogue(code)["classes"] for code in LANGUAGES]
        return [(name, *(names.get(name, name) for names in known)) for name in self.pictures.class_names]


def begin(edition: Edition) -> Given:
    """Load the flowers and the base that the exercise stands on. Introduced in lesson 04.

    Args:
        edition: what ``tl_helpers.start`` returned.
    """
    return Given(load_together("flowers", edition), edition, load_base_model(FIRST, edition))


def load_second_base(given: Given) -> keras.Model:
    """Load the base that the first one is compared with, and say where it is not the edition's own.

    Introduced in lesson 04.

    Args:
        given: what ``begin`` returned.

    Returns:
        InceptionV3 of the edition; where its ImageNet weights cannot be had, the course's own small Inception,
        pretrained on drawn things, at the edition's size of pictures.
    """
    try:
        base_model = load_base_model(SECOND, given.edition)
        load = given.edition
    except SourceError as error:
        print(message("grading.second_instead", reason=error))
        load = Edition("mini", given.edition.image_size)
        base_model = load_base_model(SECOND, load)
    given.second = load_base_model(SECOND, load)  # one that nobody trains
    return base_model


def copied(model: keras.Model) -> keras.Model:
    """Copy a model with its weights, so that training the copy leaves the model as it is. Introduced in lesson 04.

    Args:
        model: a Keras model; one that cannot be copied is returned itself.

    Returns:
        A model of the same layers (by name) and weights, what is frozen included, not compiled.
    """

    def copy() -> keras.Model:
        made = keras.models.clone_model(model)
        made.set_weights(model.get_weights())
        return made

    return plain.attempt(copy, model)


def collect(task: str, answers: tuple[Any, ...], given: Given) -> Facts:
    """Collect the facts of a task's answers. Introduced in lesson 04.

    Args:
        task: its name.
        answers: what the reader assigned.
        given: what ``begin`` returned; earlier tasks that these answers build on are in use.
    """
    kind = {"fine-tune": "model", "train": "model", "compile": "model"}.get(task, task)
    unread = Facts(f"{kind}_kind", plain.kind(answers[0]))
    return plain.attempt(lambda: _COLLECTORS[task](given, *answers), unread)


def _split(given: Given, answer: Any) -> Facts:
    return answer_facts.split_facts(answer, given.pictures.labels.tolist(), given.pictures.names)


def _counts(given: Given, answer: Any) -> Facts:
    return answer_facts.count_facts(
        answer, given.class_names, [split.labels.tolist() for split in given.splits.values()]
    )


def _train(given: Given, answer: Any, history: Any) -> Facts:
    return training_facts.training_facts(answer, history, given.base_model, given.splits)


def _predict(given: Given, classes: Any, accuracy: Any) -> Facts:
    if answer_facts.class_row(classes, given.class_names) is None:  # not worth asking the model
        return answer_facts.prediction_facts(classes, accuracy, given.class_names, {}, {})
    model = given.used["train"][0]
    said = {name: said_classes(model, split) for name, split in given.splits.items()}
    labels = {name: split.labels.tolist() for name, split in given.splits.items()}
    return answer_facts.prediction_facts(classes, accuracy, given.class_names, said, labels)


def _tune(given: Given, answer: Any) -> Facts:
    validation = given.splits["validation"]
    rate, before = given.numbers["head_rate"], given.numbers["validation"]
    return training_facts.tuning_facts(answer, given.base_model, validation, rate, before)


def _compare(given: Given, answer: Any, said: Any, choice: Any) -> Facts:
    second = given.second or load_second_base(given)
    validation, first = given.splits["validation"], given.numbers["validation"]
    return training_facts.comparison_facts(
        answer, said, choice, pretrained=second, validation=validation, first=first, names=(FIRST, SECOND)
    )


def said_classes(model: Any, split: Pictures) -> list[int]:
    """Return the classes that a model says of the pictures of a split; -1 where it cannot say anything."""
    scores = training_facts.predicted(model, split.images)
    return [-1] * len(split) if scores is None else [int(one) for one in scores.argmax(axis=1)]


def _preprocess(given: Given, answer: Any) -> Facts:
    return answer_facts.pixel_facts(answer, given.edition.image_size)


def _model(given: Given, answer: Any) -> Facts:
    return model_facts.model_facts(answer, given.base_model)


def _compile(_: Given, answer: Any) -> Facts:
    return model_facts.compile_facts(answer)


def _curves(given: Given, answer: Any) -> Facts:
    return answer_facts.curve_facts(answer, given.used["train"][1])


_COLLECTORS: dict[str, Callable[..., Facts]] = {
    "split": _split,
    "counts": _counts,
    "preprocess": _preprocess,
    "model": _model,
    "compile": _compile,
    "train": _train,
    "curves": _curves,
    "predict": _predict,
    "fine-tune": _tune,
    "inception": _compare,
}
