"""Facts about answers: plain numbers, lists and texts only, so that they can be kept and judged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Facts:
    """What was found in an answer; where it cannot be read, ``problem`` is the message that says so."""

    problem: str = ""
    found: str = ""


@dataclass(frozen=True)
class SplitFacts(Facts):
    """A split: pictures of each class in each part, and what parts share, repeat or leave out."""

    counts: list[list[int]] = field(default_factory=list)  # 3 parts × classes
    shared: list[int] = field(default_factory=list)  # train–validation, train–test, validation–test
    repeated: int = 0
    missing: int = 0


@dataclass(frozen=True)
class CountFacts(Facts):
    """Counts of each class: those given, and the true ones of the training pictures, all of them, and the others."""

    given: list[float] = field(default_factory=list)
    train: list[int] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    held_out: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class PixelFacts(Facts):
    """What preprocessing makes of pixels of 0, 127.5 and 255, and of a red picture (three channels)."""

    outputs: list[float] = field(default_factory=list)
    red: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class CurveFacts(Facts):
    """An epoch, and the history in which it was to be found."""

    epoch: int = 0
    history: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class PredictionFacts(Facts):
    """Predicted classes and an accuracy, beside the true labels and what the model itself says, split by split."""

    classes: list[int] = field(default_factory=list)
    accuracy: float | None = None
    model_classes: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    other_accuracies: dict[str, float] = field(default_factory=dict)
