"""One submission's answers, judged in the exercise's order; what later tasks build on is as it was in the notebook."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from tl_helpers.grading import instant, tasks
from tl_helpers.grading.checks import Wrong
from tl_helpers.grading.facts import Facts
from tl_helpers.grading.given import Given
from tl_helpers.grading.ours import RATE, our_answer
from tl_helpers.grading.tasks import TASKS, Verdict
from tl_helpers.grading.teacher import hidden
from tl_helpers.grading.teacher.on_word import agrees
from tl_helpers.grading.teacher.replay_facts import facts_of
from tl_helpers.grading.training_facts import TrainingFacts

if TYPE_CHECKING:
    from tl_helpers.grading.teacher.carrying import Restored
    from tl_helpers.pictures import Pictures

NEEDS = {
    "counts": ("split",),
    "train": ("split",),
    "curves": ("split", "train"),
    "predict": ("split", "train"),
    "fine-tune": ("split", "compile", "train"),
    "inception": ("split", "train"),
}
SEED = 0


@dataclass
class Shared:
    """What all submissions have in common; nothing in it is handed out or trained.

    Args:
        secret: the teacher's seed.
        pictures: of the exercise.
        fresh: returns the pictures drawn from the secret.
        trained: the course's own trainings so far, by split.
    """

    secret: int
    pictures: Pictures
    fresh: Callable[[], Pictures]
    trained: dict[bytes, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """Verdicts on a task's answers: those of the open checks, hidden ones in their places; and what they rest on.

    Args:
        verdicts: one a check.
        word_only: a model could not be built again, so that these rest on what the box reported.
        facts: what was found.
    """

    verdicts: list[Verdict]
    word_only: bool = False
    facts: Facts = field(default_factory=Facts)


class Replay:
    """Judges the answers of one submission, task by task.

    Args:
        given: pictures, bases, and what is in use so far.
        shared: with other submissions.
        kept_in_use: returns the training with which the notebook itself went on, where it was kept.
        seed: with which answers were kept.
    """

    def __init__(self, given: Given, shared: Shared, kept_in_use: Callable[[], Restored | None], seed: int = 0) -> None:
        self.given = given
        self.seed = seed
        self.shared = shared
        self.kept_in_use = kept_in_use
        self.history_doubt = ""
        self._shares: list[tuple[Any, float]] = []

    def judge(self, task: str, restored: Restored) -> Judged:
        """Judge the answers to a task, and remember them where later tasks go on with them.

        Args:
            task: its name.
            restored: its answers, none of them None but for a model that could not be built again.
        """
        for needed in NEEDS.get(task, ()):
            self._need(needed)
        facts, word_only = facts_of(task, restored, self.given)
        verdicts = tasks.judge(TASKS[task], facts)
        if all(verdict.passed for verdict in verdicts):
            self._keep(task, restored.answers, facts)
        if not word_only:
            verdicts = [self._hidden(verdict, restored) for verdict in verdicts]
        return Judged(verdicts, word_only, facts)

    @property
    def validation_count(self) -> int:
        """Return the number of validation pictures in use."""
        return len(self.given.used["split"][1])

    def _keep(self, task: str, answers: tuple[Any, ...], facts: Facts) -> None:
        if task == "split":
            self.given.used[task] = instant._normal(task, answers, self.given)
        elif task == "compile":
            self.given.numbers["head_rate"] = getattr(facts, "learning_rate", 0.0) or RATE
        elif task == "train" and isinstance(facts, TrainingFacts):
            model = answers[0] if isinstance(answers[0], keras.Model) else None
            self._use_training((model, answers[1]), facts)

    def _use_training(self, training: tuple[Any, Any], facts: TrainingFacts) -> None:
        self.given.used["train"] = training
        self.given.numbers["validation"] = facts.accuracies["validation"]
        if training[0] is None:
            self.history_doubt = "judging.history_unchecked"
        elif not agrees(facts, self.validation_count):
            self.history_doubt = "judging.history_unlike"

    def _need(self, task: str) -> None:
        """Go on with the course's own answer where the reader's is not in use."""
        if task == "compile":
            self.given.numbers.setdefault("head_rate", RATE)
        elif task == "split" and task not in self.given.used:
            self.given.used[task] = our_answer(task, self.given)
        elif task == "train" and task not in self.given.used and not self._keep_training_in_use():
            self.given.used[task] = self._our_training()
            with _silence():
                instant._remember(task, self.given)

    def _keep_training_in_use(self) -> bool:
        """Use the training with which the notebook went on, for the course's own comes out otherwise each time."""
        kept = self.kept_in_use()
        if kept is None or len(kept.answers) != 2:
            return False
        facts, _ = facts_of("train", kept, self.given)
        if not all(verdict.passed for verdict in tasks.judge(TASKS["train"], facts)):
            return False
        self._keep("train", kept.answers, facts)
        return True

    def _our_training(self) -> tuple[Any, ...]:
        key = b" ".join(np.asarray(part, np.int64).tobytes() for part in self.given.used["split"])
        if key not in self.shared.trained:
            keras.utils.set_random_seed(SEED)
            with _silence():
                self.shared.trained = {key: our_answer("train", self.given)}
        return self.shared.trained[key]

    def _hidden(self, verdict: Verdict, restored: Restored) -> Verdict:
        check = _HIDDEN.get(verdict.check)
        wrong = check(self, restored) if check and verdict.passed else None
        return Verdict(verdict.check, False, wrong.message, wrong.values) if wrong else verdict

    def _fresh_share(self, model: Any) -> float:
        for known, share in self._shares:
            if known is model:
                return share
        self._shares.append((model, hidden.accuracy(model, self.shared.fresh())))
        return self._shares[-1][1]

    def _fresh_tuned(self, restored: Restored) -> Wrong | None:
        trained = self.given.used["train"][0]
        before = 0.0 if trained is None else self._fresh_share(trained)
        return hidden.knowledge_kept(before, self._fresh_share(restored.answers[0]))


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()):
        yield


_HIDDEN: dict[str, Callable[[Replay, Restored], Wrong | None]] = {
    "preprocess.pixel_range": lambda replay, kept: hidden.pixel_range(
        kept.answers[0], kept.reported, secret=replay.shared.secret, seed=replay.seed
    ),
    "train.learned": lambda replay, kept: hidden.learned(replay._fresh_share(kept.answers[0])),
    "fine-tune.knowledge_kept": lambda replay, kept: replay._fresh_tuned(kept),
    "inception.second_learned": lambda replay, kept: hidden.second_learned(replay._fresh_share(kept.answers[0])),
}
