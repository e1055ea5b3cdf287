"""Judge a submission outside the box: its answers, rebuilt from plain data, against the course's own checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tl_helpers.base_models import load_base_model
from tl_helpers.editions import MINI
from tl_helpers.grading.given import SECOND, begin
from tl_helpers.grading.tasks import TASKS, Task, points
from tl_helpers.grading.teacher import hidden
from tl_helpers.grading.teacher.bounds import SECONDS, TimeUpError, is_too_large, time_limit
from tl_helpers.grading.teacher.notes import verdict_note
from tl_helpers.grading.teacher.on_word import Budget, Word, unlike_history
from tl_helpers.grading.teacher.replaying import Judged, Replay, Shared
from tl_helpers.grading.teacher.results import Note, TaskResult
from tl_helpers.grading.teacher.typed import was_typed
from tl_helpers.grading.training_facts import TrainingFacts
from tl_helpers.pictures import Pictures

if TYPE_CHECKING:
    from tl_helpers.grading.teacher.carrying import Restored
    from tl_helpers.grading.teacher.plan import Step
    from tl_helpers.grading.teacher.reading import StudentCell, Submission

Restore = Callable[[str, Path, int], "Restored | None"]
_Cells = Sequence["StudentCell"]
IN_USE = "used"  # folder beside the answers: the training with which the notebook went on after its check


@dataclass(frozen=True)
class _Answer:
    """A task of one submission: the student's code, whether there is any, what was kept, and what went wrong."""

    task: Task
    source: str
    worked: bool
    restored: Restored | None
    error: str = ""
    skipped: Note | None = None


class Judge:
    """Judges submissions, one after the other; made once a process.

    Always in the mini edition, whatever ``TL_EDITION`` says.

    Args:
        secret: any whole number; the pictures of the hidden checks are drawn from it.
        restore: ``carrying.restore`` where not given.
    """

    def __init__(self, secret: int, restore: Restore | None = None) -> None:
        if restore is None:
            from tl_helpers.grading.teacher.carrying import restore as restore_kept

            restore = restore_kept
        self._restore = restore
        self._given = begin(MINI)
        self._given.second = load_base_model(SECOND, self._given.edition)
        pictures = self._given.pictures
        for array in (pictures.images, pictures.labels):
            array.flags.writeable = False
        self._secret = secret
        self._shared = Shared(secret, pictures, lambda: self.fresh)

    @cached_property
    def fresh(self) -> Pictures:
        """Return the pictures of the hidden checks, drawn when first needed."""
        return hidden.fresh_pictures(self._secret, self._given.pictures)

    def judge(
        self,
        submission: Submission,
        steps: Sequence[Step],
        answers: Path,
        seed: int,
        *,
        errors: Mapping[str, str],
        skipped: Mapping[str, Note],
    ) -> list[TaskResult]:
        """Judge a submission's answers, in the exercise's order.

        Args:
            submission: as it was read.
            steps: as they were run.
            answers: folder with what was kept of each task's answers; in its folder ``"used"``, kept as those of
                ``train``, the training with which the notebook went on.
            seed: with which they were kept.
            errors: step or task → what its error said.
            skipped: step or task → why it did not run to its end.

        Returns:
            A result a task. It never raises because of what is in the answers.
        """
        given = replace(self._given, used={}, numbers={}, earned={}, judged={})
        replay = Replay(given, self._shared, lambda: self._kept_in_use(answers, seed), seed)
        budget = Budget()
        results = []
        for task in TASKS.values():
            own = [step.source for step in steps if step.name == f"answer-{task.name}"]
            kept = [step.name for step in steps if step.keep == task.name]
            names = {task.name, f"answer-{task.name}", *kept}
            answer = _Answer(
                task,
                "\n\n".join(own),
                bool(kept),
                self._restore(task.name, answers, seed),
                next((text for name, text in errors.items() if name in names), ""),
                next((note for name, note in skipped.items() if name in names), None),
            )
            results.append(_result(answer, replay, budget, submission.cells))
        return results

    def _kept_in_use(self, answers: Path, seed: int) -> Restored | None:
        kept = self._restore("train", answers / IN_USE, seed)
        return None if kept is None or any(map(is_too_large, kept.answers)) else kept


def _result(answer: _Answer, replay: Replay, budget: Budget, cells: _Cells) -> TaskResult:
    early = _not_answered(answer)
    if early or answer.restored is None:
        return early or _ended(answer, "failed", Note("judging.nothing_kept", human=True))
    try:
        with time_limit(SECONDS):
            if any(map(is_too_large, answer.restored.answers)):
                return _ended(answer, "wrong", Note("judging.too_large", human=True))
            judged = replay.judge(answer.task.name, answer.restored)
        return _with_points(answer, judged, replay, budget, cells)
    except (Exception, TimeUpError) as error:  # answers are hostile; nothing in one may stop the others
        values = {"error": f"{type(error).__name__}: {error}"[:300]}
        return _ended(answer, "wrong", Note("judging.could_not", values, human=True))


def _not_answered(answer: _Answer) -> TaskResult | None:
    """Return the result where there is nothing to judge."""
    restored, task = answer.restored, answer.task
    if not answer.worked or not task.checks:
        return _ended(answer, "by_hand" if answer.worked else "open")
    if answer.skipped is not None:
        return _ended(answer, "failed", answer.skipped)
    if restored is None:
        return _ended(answer, "failed") if answer.error else None
    missing = [value is None for value in restored.answers]
    if not any(missing):
        return None
    names = Note("judging.partly_open", {"names": ", ".join(task.answers)})
    lost = answer.error or restored.notes
    return _ended(answer, "failed" if lost else "open", *([] if all(missing) else [names]))


def _with_points(answer: _Answer, judged: Judged, replay: Replay, budget: Budget, cells: _Cells) -> TaskResult:
    task = answer.task
    notes = [verdict_note(verdict) for verdict in judged.verdicts if not verdict.passed]
    earned = points(task, judged.verdicts)
    word = _word(answer, judged, replay, earned, cells)
    if word is None:
        state = "partly" if notes and earned else "wrong" if notes else "right"
        return _ended(answer, state, *notes, points=earned)
    given = word.certain + budget.take(word.wanted - word.certain)
    short = [Note("judging.reported_enough", human=True)] if given < word.wanted else []
    return _ended(answer, "reported", *notes, word.note, *short, points=given)


def _word(answer: _Answer, judged: Judged, replay: Replay, earned: int, cells: _Cells) -> Word | None:
    """Return which points rest on the notebook's word, None where all were computed again."""
    task = answer.task
    if judged.word_only:
        return Word(0, earned // 2, Note("judging.not_rebuilt", human=True))
    if was_typed(task, judged.verdicts, answer.source, cells):
        return Word(earned, task.points, Note("judging.typed", human=True))
    if task.name == "curves" and earned and replay.history_doubt:
        return Word(0, earned, Note(replay.history_doubt))
    if not isinstance(judged.facts, TrainingFacts):
        return None
    return unlike_history(judged.facts, earned, replay.validation_count)


def _ended(answer: _Answer, state: str, *notes: Note, points: int = 0) -> TaskResult:
    key = "judging.too_long" if answer.error.startswith("TimeLimitError") else "judging.raised"
    raised = [Note(key, {"error": answer.error[:300]})] if answer.error else []
    kept = answer.restored.notes if answer.restored is not None else ()
    return TaskResult(answer.task.name, state, points, answer.task.points, (*raised, *kept, *notes), answer.source)
