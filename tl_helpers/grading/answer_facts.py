"""Collect facts about answers that are numbers: splits, counts, pixels, histories, predictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tl_helpers.grading import plain
from tl_helpers.grading.facts import CountFacts, CurveFacts, PixelFacts, PredictionFacts, SplitFacts

Array = np.ndarray[Any, Any]
PROBED = (0.0, 127.5, 255.0)


def split_facts(answer: Any, labels: Sequence[int], names: Sequence[str]) -> SplitFacts:
    """Collect the facts of a split. Introduced in lesson 04.

    Args:
        answer: three of indices (n,), truth values a picture, or ``Pictures``: training, validation, test.
        labels: of all pictures, integers (n,).
        names: of all pictures, one each.
    """
    members = plain.parts(answer, 3)
    if members is None:
        return SplitFacts("split_kind", plain.kind(answer))
    lists = split_rows(answer, names)
    if lists is None:
        return SplitFacts("split_indices", ", ".join(plain.kind(member) for member in members))
    train, validation, test = (set(row) for row in lists)
    shared = [len(train & validation), len(train & test), len(validation & test)]
    repeated = sum(len(row) - len(set(row)) for row in lists)
    missing = len(labels) - len(train | validation | test)
    classes = int(max(labels, default=0)) + 1
    counts = [np.bincount([labels[i] for i in set(row)], minlength=classes).tolist() for row in lists]
    return SplitFacts(counts=counts, shared=shared, repeated=repeated, missing=missing)


def split_rows(answer: Any, names: Sequence[str]) -> list[list[int]] | None:
    """Return a split as three lists of indices; None where it cannot be read so.

    Args:
        answer: as for ``split_facts``.
        names: of all pictures, one each.
    """
    place = {name: position for position, name in enumerate(names)}
    rows = [_indices(member, len(names), place) for member in plain.parts(answer, 3) or ()]
    return None if len(rows) != 3 or None in rows else [row or [] for row in rows]


def count_facts(answer: Any, class_names: Sequence[Sequence[str]], labels: Sequence[Sequence[int]]) -> CountFacts:
    """Collect the facts of counted classes. Introduced in lesson 04.

    Args:
        answer: a number a class, in order; or class (name or label) → number.
        class_names: for each class the names that it goes by.
        labels: of the training, validation and test pictures.
    """
    train, *held_out = [np.bincount(one, minlength=len(class_names)).tolist() for one in labels]
    given = plain.attempt(lambda: _ordered(answer, class_names), None)
    values = plain.numbers(answer) if given is None else plain.numbers(given)
    if values is None or len(values) != len(class_names):
        return CountFacts("counts_kind", plain.kind(answer))
    whole = np.sum([train, *held_out], axis=0).tolist()
    return CountFacts(given=values, train=train, whole=whole, held_out=held_out)


def pixel_facts(answer: Any, size: int) -> PixelFacts:
    """Collect the facts of preprocessing. Introduced in lesson 04.

    Args:
        answer: a layer, a model or a function of pictures.
        size: height and width of the pictures that it is for; a model that has no shape yet takes it from them.
    """
    if not callable(answer) or isinstance(answer, type):
        return PixelFacts("preprocess_kind", plain.kind(answer))
    probes = [np.full((1, size, size, 3), value, dtype=np.float32) for value in PROBED]
    none: list[float] = []
    outputs = plain.attempt(lambda: [float(np.mean(_channels(answer, probe))) for probe in probes], none)
    probes[0][..., 0] = 255.0
    red = plain.attempt(lambda: _channels(answer, probes[0]), none)
    if not outputs or not red:
        return PixelFacts("preprocess_fails", plain.kind(answer))
    return PixelFacts(outputs=outputs, red=red)


def curve_facts(answer: Any, history: Any) -> CurveFacts:
    """Collect the facts of a chosen epoch. Introduced in lesson 04.

    Args:
        answer: number of an epoch.
        history: what it was read from, as ``history_lists`` takes it.
    """
    epoch = plain.number(answer)
    if epoch is None or epoch != round(epoch):
        return CurveFacts("curves_kind", plain.kind(answer))
    return CurveFacts(epoch=int(epoch), history=history_lists(history))


def prediction_facts(
    classes: Any,
    accuracy: Any,
    class_names: Sequence[Sequence[str]],
    predicted: Mapping[str, Sequence[int]],
    labels: Mapping[str, Sequence[int]],
) -> PredictionFacts:
    """Collect the facts of predictions on the test pictures. Introduced in lesson 04.

    Args:
        classes: a class a picture: its number, or its name.
        accuracy: share of right answers.
        class_names: for each class the names that it goes by.
        predicted: ``"train"``, ``"validation"``, ``"test"`` → what the model says, recomputed.
        labels: the same → true classes.
    """
    row = class_row(classes, class_names)
    if row is None:
        found = plain.array(classes)
        scores = found is not None and found.ndim == 2 and found.shape[1] > 1
        return PredictionFacts("predict_scores" if scores else "predict_kind", plain.kind(classes))
    splits = [name for name in ("train", "validation") if name in labels]
    others = {name: float(np.mean(np.equal(predicted[name], labels[name]))) for name in splits}
    return PredictionFacts(
        classes=row,
        accuracy=plain.number(accuracy),
        model_classes=[int(one) for one in predicted["test"]],
        labels=[int(one) for one in labels["test"]],
        other_accuracies=others,
    )


def class_row(classes: Any, class_names: Sequence[Sequence[str]]) -> list[int] | None:
    """Return classes, given by number or name, as whole numbers; None where they cannot be read so."""
    row = plain.whole_numbers(classes)
    return plain.attempt(lambda: _named(classes, class_names), None) if row is None else row


def history_lists(history: Any) -> dict[str, list[float]]:
    """Return a history's figures, an accuracy as ``accuracy`` whatever Keras calls it; {} where there are none.

    Args:
        history: Keras' ``History``, or name → a value an epoch.
    """
    figures = plain.attempt(lambda: history.history, None) if not isinstance(history, dict) else history
    if not isinstance(figures, dict):
        return {}
    lists = {}
    for name, values in dict.items(figures):  # not a method of the reader's own
        row, key = plain.numbers(values), plain.text(name)
        if row and key and len(row) <= 10_000:
            short = "accuracy" if key.endswith(("accuracy", "acc")) else key.removeprefix("val_")
            lists["val_" * key.startswith("val_") + short] = row
    return lists


def _indices(member: Any, count: int, place: Mapping[str, int]) -> list[int] | None:
    names = plain.attempt(lambda: [place[name] for name in plain.members(member.names) or [None]], None)
    if names is not None:
        return names
    found = plain.array(member)
    if found is not None and found.dtype.kind == "b" and found.shape == (count,):
        return [int(i) for i in np.flatnonzero(found)]
    row = None if found is not None and found.dtype.kind == "b" else plain.whole_numbers(member)
    return row if row is not None and all(0 <= i < count for i in row) else None


def _ordered(answer: dict[Any, Any], class_names: Sequence[Sequence[str]]) -> list[Any]:
    by_name = {plain.text(key) or plain.number(key): value for key, value in dict.items(answer)}
    return [
        next(by_name[key] for key in (*names, float(position)) if key in by_name)
        for position, names in enumerate(class_names)
    ]


def _named(classes: Any, class_names: Sequence[Sequence[str]]) -> list[int]:
    row = plain.members(classes.tolist() if type(classes) is np.ndarray else classes)
    if row is None:
        raise TypeError  # an iterator may never end
    place = {name: position for position, names in enumerate(class_names) for name in names}
    return [place[str.__str__(name)] for name in row]


def _channels(function: Callable[[Array], Any], picture: Array) -> list[float]:
    output = np.asarray(function(picture.copy()), dtype=np.float64)
    return [float(one) for one in output.reshape(-1, 3).mean(axis=0)]
