"""Judging outside the box: what the notebook's own checks give, hidden checks, and what rests on its word."""

import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
import pytest

from tl_helpers import picturebook
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.editions import Edition
from tl_helpers.features import extract_features
from tl_helpers.grading import instant
from tl_helpers.grading.given import Given, collect, said_classes
from tl_helpers.grading.tasks import TASKS, Verdict, judge, points
from tl_helpers.grading.teacher import bounds, hidden, judging, on_word, replay_facts, replaying
from tl_helpers.grading.teacher.carrying import Restored
from tl_helpers.grading.teacher.judging import Judge
from tl_helpers.grading.teacher.notes import plain_values, verdict_note
from tl_helpers.grading.teacher.plan import Step
from tl_helpers.grading.teacher.probes import random_probes
from tl_helpers.grading.teacher.reading import StudentCell, Submission
from tl_helpers.grading.teacher.replay_facts import facts_of
from tl_helpers.grading.teacher.results import Note, TaskResult
from tl_helpers.grading.teacher.texts import speaking
from tl_helpers.grading.teacher.typed import full_points_lines, is_literal
from tl_helpers.grading.teacher.writing import write_note
from tl_helpers.grading.training_facts import TrainingFacts, cross_entropy, predicted
from tl_helpers.pictures import Pictures, load_together
from tl_helpers.transfer import build_classifier, compile_classifier, train_head, unfreeze

pytestmark = pytest.mark.long

FLOWERS = ("daisy", "dandelion", "rose", "sunflower", "tulip")
COLOURS = np.array([[250, 20, 20], [20, 250, 20], [20, 20, 250], [250, 250, 20], [20, 250, 250]])
SMALL = Edition("mini", 32)
LABELS = np.repeat(np.arange(5), 40)
SEED = 11
GRADED = [task for task in TASKS.values() if task.checks]


def flat(labels, seed):
    """Pictures of a flat colour a class, so that a head learns them at once."""
    noise = np.random.default_rng(seed).integers(-15, 5, (len(labels), 32, 32, 3))
    return np.clip(COLOURS[labels][:, None, None] + noise, 0, 255).astype(np.uint8)


def noisy(labels, seed):
    """Pictures that have nothing to do with their classes, so that they can only be learned by heart."""
    return np.random.default_rng(seed).integers(0, 256, (len(labels), 32, 32, 3), dtype=np.uint8)


def judge_of(drawn, secret=5):
    pictures = Pictures(
        drawn(LABELS, 0), LABELS.copy(), FLOWERS, tuple(f"{label} {i}" for i, label in enumerate(LABELS))
    )
    given = Given(pictures, SMALL, load_base_model("MobileNetV2", SMALL))

    def draw_many(labels, per_class, seed, size, similarity=1.0):
        targets = np.tile(np.arange(len(labels)), per_class)
        return drawn(targets, seed), targets

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "begin", lambda edition: given)
        patch.setattr(hidden.picturebook, "draw_many", draw_many)
        made = Judge(secret, lambda task, folder, seed: None)
        assert len(made.fresh) == 200
    return made


@pytest.fixture(scope="module")
def judge_flat():
    return judge_of(flat)


def solution(made, head_of):
    """Right answers to all tasks, as they come out of the box.

    Args:
        made: the judge.
        head_of: from all features and labels, and the rows of training, to a kernel and a bias.
    """
    given = replace(made._given, used={}, numbers={})
    given.used["split"] = split_of(given)
    train, validation, test = given.splits.values()
    models = {}
    for name, base_model in (("MobileNetV2", given.base_model), ("InceptionV3", given.second)):
        own = load_base_model(name, made._given.edition)
        own.trainable = False
        models[name] = compile_classifier(build_classifier(own, preprocessing(name), 5))
        features = extract_features(base_model, preprocessing(name), given.pictures.images)
        models[name].get_layer("head").set_weights(head_of(features, given.pictures.labels, given.used["split"][0]))
    model, second = models.values()
    accuracies = {name: hidden.accuracy(each, validation) for name, each in models.items()}
    classes = said_classes(model, test)
    history = history_of(model, validation)
    return {
        "split": (given.used["split"],),
        "counts": (np.bincount(train.labels),),
        "preprocess": (preprocessing("MobileNetV2"),),
        "model": (model,),
        "compile": (model,),
        "train": (model, history),
        "curves": (int(np.argmin(history["val_loss"])) + 1,),
        "predict": (classes, float(np.mean(classes == test.labels))),
        "fine-tune": (tuned(model),),
        "inception": (second, accuracies, max(accuracies, key=accuracies.get)),
        "reflection": ("We would look first.",),
    }


def split_of(given):
    from tl_helpers.grading.ours import our_answer

    return tuple(part.tolist() for part in our_answer("split", given))


def history_of(model, validation):
    scores = predicted(model, validation.images)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    loss = cross_entropy(shares / shares.sum(axis=1, keepdims=True), validation.labels)
    share = float(np.mean(scores.argmax(axis=1) == validation.labels))
    return {"loss": [2.0, 0.1], "accuracy": [0.3, 0.9], "val_loss": [loss + 1, loss], "val_accuracy": [0.2, share]}


def tuned(model):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    unfreeze(next(layer for layer in copy.layers if hasattr(layer, "layers")), "block_16_expand")
    compile_classifier(copy, 1e-5)
    kernel = next(weight for weight in copy.trainable_weights if weight.path.endswith("kernel"))
    kernel.assign_add(np.full(kernel.shape, 1e-6, np.float32))
    return copy


def solved(features, labels, rows):
    """A head that names the pictures of some rows rightly, without chance in it."""
    inputs = np.hstack([features[rows], np.ones((len(rows), 1))])
    weights = np.linalg.lstsq(inputs, 12.0 * np.eye(5)[labels[rows]], rcond=None)[0].astype(np.float32)
    return [weights[:-1], weights[-1]]


@pytest.fixture(scope="module")
def right(judge_flat):
    answers = solution(judge_flat, solved)
    assert min(answers["inception"][1].values()) > 0.9
    return answers


def judged(made, answers, *, worked=None, sources=None, cells=(), errors=None, skipped=None):
    """Judge answers as if they came out of a box.

    Args:
        made: the judge.
        answers: task → answers, or what ``restore`` gives; ``"used"`` for the training that the notebook went on with.
        worked: tasks that are answered; those of ``answers`` where not given.
        sources: task → source of its cell.
        cells: of the submission.
        errors: step → error.
        skipped: step → note.
    """
    answers = {task: each if isinstance(each, Restored) else Restored(each) for task, each in answers.items()}
    made._restore = lambda task, place, seed: answers.get("used" if place.name == "used" else task)
    done = [task for task in TASKS if task in (answers if worked is None else worked)]
    steps = [Step(f"answer-{task}", (sources or {}).get(task, "x = 1"), task) for task in done]
    submission = Submission(Path("a.ipynb"), "a.ipynb", "a", "a", "", "en", cells=cells)
    results = made.judge(submission, steps, Path("answers"), SEED, errors=errors or {}, skipped=skipped or {})
    assert [result.task for result in results] == list(TASKS)
    return {result.task: result for result in results}


def some(answers, *tasks, **others):
    return {**{task: answers[task] for task in tasks}, **others}


def messages(result):
    return [note.message for note in result.notes]


def total(results):
    return sum(result.points for result in results.values())


def without_our_training(monkeypatch):
    def never(task, given):
        assert task == "split"
        return split_of(given)

    monkeypatch.setattr(replaying, "our_answer", never)


def test_our_own_kind_of_answers_get_all_points(judge_flat, right, monkeypatch):
    without_our_training(monkeypatch)
    results = judged(judge_flat, right)
    assert {task: (result.state, result.points) for task, result in results.items()} == {
        **{task.name: ("right", task.points) for task in GRADED},
        "reflection": ("by_hand", 0),
    }
    assert all(not result.notes for result in results.values())
    assert results["split"].source == "x = 1"


def test_where_nothing_is_answered_all_is_open_and_nothing_is_trained(judge_flat, monkeypatch):
    without_our_training(monkeypatch)
    results = judged(judge_flat, {})
    assert {(result.state, result.points, result.notes) for result in results.values()} == {("open", 0, ())}


def test_our_own_training_is_made_only_where_a_later_answer_needs_it(judge_flat, right, monkeypatch):
    made = []
    monkeypatch.setattr(replaying.Replay, "_our_training", lambda self: made.append(1) or right["train"])
    unanswered = {**right, "train": (None, None)}
    judged(judge_flat, some(unanswered, "split", "counts", "preprocess", "model", "compile", "train"))
    assert made == []
    assert judged(judge_flat, some(unanswered, "train", "curves"))["curves"].state == "right"
    assert made == [1]


def test_an_answer_that_is_there_in_part_is_open_and_says_what_is_missing(judge_flat, right, each_language):
    result = judged(judge_flat, {"predict": (right["predict"][0], None)})["predict"]
    assert (result.state, result.points) == ("open", 0)
    assert "my_predictions, my_accuracy" in write_note(result.notes[0])


def test_a_cell_that_stopped_is_said_and_what_it_had_assigned_before_counts(judge_flat, right):
    errors = {"answer-counts": "NameError: x", "answer-split": "ZeroDivisionError: …"}
    results = judged(judge_flat, some(right, "split", counts=(None,)), errors=errors)
    assert (results["counts"].state, results["counts"].points) == ("failed", 0)
    assert "NameError: x" in write_note(results["counts"].notes[0])
    assert (results["split"].state, results["split"].points) == ("right", 3)
    assert messages(results["split"]) == ["judging.raised"]


def test_tasks_that_were_not_reached_say_why(judge_flat, right):
    note = Note("grading.split_missing", {"count": 4})
    result = judged(judge_flat, some(right, "predict"), skipped={"answer-predict": note})["predict"]
    assert result == TaskResult("predict", "failed", 0, 2, (note,), "x = 1")


def test_an_answer_that_was_lost_or_damaged_is_for_a_person(judge_flat, right):
    damaged = Note("carrying.damaged", human=True)
    results = judged(judge_flat, {"split": Restored((None,), (damaged,))}, worked=("split", "counts"))
    assert (results["counts"].state, messages(results["counts"])) == ("failed", ["judging.nothing_kept"])
    assert (results["split"].state, results["split"].notes) == ("failed", (damaged,))
    assert results["counts"].notes[0].human


def test_a_wrong_answer_is_told_the_same_as_in_the_notebook_with_its_numbers_kept(judge_flat, right, each_language):
    thirds = np.array_split(np.random.default_rng(0).permutation(200), 3)
    result = judged(judge_flat, {"split": (thirds,)})["split"]
    given = replace(judge_flat._given, used={})
    verdicts = judge(TASKS["split"], collect("split", (thirds,), given))
    assert [f"– {write_note(note)}" for note in result.notes] == instant.feedback(TASKS["split"], verdicts)[1:]
    assert result.points == points(TASKS["split"], verdicts)
    assert result.notes[0].values["train_share"] == pytest.approx(67 / 200)
    assert json.loads(json.dumps([note.values for note in result.notes])) == [note.values for note in result.notes]


def test_later_answers_are_judged_on_the_readers_own_split_where_it_is_right_else_on_ours(judge_flat, right):
    rows = np.arange(200).reshape(5, 40)
    mine = (rows[:, 12:].ravel(), rows[:, :6].ravel(), rows[:, 6:12].ravel())
    leaking = (rows[:, 12:].ravel(), rows[:, :6].ravel(), rows[:, 5:11].ravel())
    for split, points_of_split in ((mine, 3), (leaking, 0)):
        results = judged(judge_flat, {"split": (split,), "train": right["train"], "predict": right["predict"]})
        assert results["split"].points == points_of_split
        assert (results["predict"].points == 2) == (points_of_split == 0)


# Hidden checks


@pytest.fixture(scope="module")
def judge_noise():
    return judge_of(noisy)


def by_heart(features, labels, train):
    """A head that knows every picture of the course, held out or not, and nothing else."""
    return solved(features, labels, range(len(labels)))


@pytest.fixture(scope="module")
def smuggled(judge_noise):
    return judged(judge_noise, solution(judge_noise, by_heart))


@pytest.mark.parametrize(
    ("task", "message", "expected"),
    [
        ("train", "judging.fresh_train", 1),
        ("fine-tune", "judging.fresh_tune", 2),
        ("inception", "judging.fresh_inception", 1),
    ],
)
def test_a_model_that_knows_the_courses_pictures_by_heart_does_not_get_the_points_of_learning(
    smuggled, task, message, expected
):
    assert messages(smuggled[task]) == [message]
    assert (smuggled[task].state, smuggled[task].points) == ("partly", expected)


def test_what_hidden_checks_found_is_said_in_one_line_without_their_thresholds(smuggled, each_language):
    for task in ("train", "fine-tune", "inception"):
        (note,) = smuggled[task].notes
        assert set(note.values) == {"found_share"}
        assert len(write_note(note).splitlines()) == 1
        assert "{" not in write_note(note)


def test_without_hidden_checks_what_is_known_by_heart_gets_all_points(judge_noise, monkeypatch):
    monkeypatch.setattr(replaying, "_HIDDEN", {})
    assert total(judged(judge_noise, solution(judge_noise, by_heart))) == 24


def only_flat(pictures):
    """Scale flat pictures as the base wants it, all others to 0–1."""
    pictures = np.asarray(pictures)
    return pictures / 127.5 - 1 if np.unique(pictures).size <= 2 else pictures / 255


def test_preprocessing_that_is_right_for_plain_pictures_only_gets_no_points(judge_flat, right, each_language):
    (wrong,) = (judged(judge_flat, {"preprocess": (only_flat,)})["preprocess"],)
    assert (wrong.state, wrong.points, messages(wrong)) == ("wrong", 0, ["judging.fresh_pixels"])
    assert write_note(wrong.notes[0])


def knows_flat_only(function):
    """What ``restore`` gives for a function: it knows its answers for the pictures of the open check."""

    def known(pictures):
        if np.unique(pictures).size > 2:
            raise LookupError
        return function(pictures)

    return known


@pytest.mark.parametrize(("function", "expected"), [(lambda pictures: pictures / 127.5 - 1, 2), (only_flat, 0)])
def test_a_function_that_stayed_in_the_box_is_judged_by_what_it_made_of_random_pictures_there(
    judge_flat, right, function, expected
):
    outputs = [np.asarray(function(picture)) for picture in random_probes(SEED)]
    kept = Restored((knows_flat_only(function),), reported={"random_probes": outputs})
    assert judged(judge_flat, {"preprocess": kept})["preprocess"].points == expected


@pytest.mark.parametrize("outputs", [[], [None] * 3, [np.zeros((1, 8, 8, 3))] * 3, [np.zeros(3)] * 3])
def test_outputs_of_random_pictures_that_are_missing_or_others_get_no_points(judge_flat, right, outputs):
    function = knows_flat_only(lambda pictures: pictures / 127.5 - 1)
    kept = Restored((function,), reported={"random_probes": outputs})
    assert judged(judge_flat, {"preprocess": kept})["preprocess"].points == 0


def test_fine_tuning_may_lose_a_little_on_fresh_pictures_but_not_much():
    assert hidden.knowledge_kept(0.85, 0.75) is None
    assert hidden.knowledge_kept(0.85, 0.6) is not None
    assert hidden.knowledge_kept(0.0, 0.25) is not None


def test_fresh_pictures_are_none_of_the_courses_and_others_for_another_secret():
    known = load_together("flowers", SMALL, 24)
    one, other = hidden.fresh_pictures(1, known), hidden.fresh_pictures(2, known)
    assert np.bincount(one.labels).tolist() == [hidden.PER_CLASS] * 5
    assert one.class_names == FLOWERS
    seen = {image.tobytes() for image in known.images}
    assert not any(image.tobytes() in seen for image in [*one.images, *other.images])
    assert not (one.images == other.images).all(axis=(1, 2, 3)).any()
    np.testing.assert_array_equal(one.images, hidden.fresh_pictures(1, known).images)


def test_a_fresh_picture_that_the_course_has_as_well_is_left_out(monkeypatch):
    known = Pictures(flat(LABELS, 0), LABELS, FLOWERS, tuple(map(str, LABELS)))
    drawn = np.concatenate([known.images[:3], flat(LABELS[:7], 9)])
    monkeypatch.setattr(picturebook, "draw_many", lambda *_: (drawn, LABELS[:10]))
    fresh = hidden.fresh_pictures(3, known)
    np.testing.assert_array_equal(fresh.images, drawn[3:])
    assert len(fresh) == len(fresh.names) == 7


def test_fresh_pictures_are_not_left_where_a_students_code_could_read_them(tmp_path, monkeypatch):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    hidden.fresh_pictures(3, Pictures(np.zeros((1, 24, 24, 3), np.uint8), LABELS[:1], FLOWERS, ("a",)))
    assert list(tmp_path.iterdir()) == []


# What rests on the notebook's word

FACTS = TrainingFacts(losses={"validation": 0.512}, accuracies={"validation": 0.84})
HONEST = {
    "early stopping, best weights restored": {"val_loss": [0.9, 0.512, 0.6], "val_accuracy": [0.7, 0.84, 0.83]},
    "a second fit's history": {"val_loss": [0.52, 0.5121], "val_accuracy": [0.84, 0.84]},
    "label smoothing": {"val_loss": [1.2, 1.1], "val_accuracy": [0.7, 0.84]},
    "one picture told otherwise by another engine": {"val_loss": [1.2, 1.1], "val_accuracy": [0.7, 0.8467]},
    "another accuracy": {"val_loss": [1.2, 0.5125], "val_accuracy": [0.1, 0.2]},
}


@pytest.mark.parametrize("history", HONEST.values(), ids=HONEST.keys())
def test_honest_histories_agree_with_their_models(history):
    assert on_word.agrees(replace(FACTS, history=history), 150)


@pytest.mark.parametrize("history", [{}, {"val_loss": [0.3, 0.2], "val_accuracy": [0.9, 0.95]}, {"val_loss": [np.nan]}])
def test_a_history_of_something_else_does_not_agree(history):
    assert not on_word.agrees(replace(FACTS, history=history), 150)


FORGED = {"loss": [1.0, 0.2], "accuracy": [0.5, 0.9], "val_loss": [9.0, 8.0], "val_accuracy": [0.11, 0.12]}


@pytest.fixture(scope="module")
def forged(judge_flat, right):
    return judged(judge_flat, {"train": (right["train"][0], FORGED), "curves": (2,)})


def test_a_history_unlike_its_model_keeps_its_points_but_a_person_is_told(forged):
    assert (forged["train"].state, forged["train"].points) == ("reported", 3)
    assert messages(forged["train"]) == ["judging.history_unlike"]
    assert forged["train"].notes[0].human
    assert (forged["curves"].state, forged["curves"].points) == ("reported", 1)


def test_a_history_on_the_test_split_is_wrong_not_only_unlike(judge_flat, right):
    model, _ = right["train"]
    made = replace(judge_flat._given, used={})
    made.used["split"] = right["split"][0]
    on_test = history_of(model, made.splits["test"])
    result = judged(judge_flat, {"train": (model, on_test)})["train"]
    assert (result.state, result.points, messages(result)) == ("partly", 1, ["grading.train_on_test"])


def test_no_more_than_so_many_points_rest_on_a_history(judge_flat, right, forged):
    none = total(judged(judge_flat, {"train": (right["train"][0], {})}))
    assert 0 < total(forged) - none <= on_word.REPORTED_POINTS


def test_the_budget_of_reported_points_is_never_exceeded():
    budget = on_word.Budget()
    taken = [budget.take(points) for points in (2, 0, 3, 2, 2)]
    assert taken == [2, 0, 3, 1, 0]
    assert sum(taken) == on_word.REPORTED_POINTS


def saved(task, line):
    return StudentCell("grade(…)", f"check-{task}", f"something before\n{line}\n{TASKS[task].points}")


TYPED = {
    "counts": ("my_counts = [140, 141, 139, 140, 140]", lambda right: ([140, 141, 139, 140, 140],)),
    "curves": ("my_best_epoch = None\nmy_best_epoch = 1  # from the plot", lambda right: (1,)),
    "predict": ("my_predictions = said()\nmy_accuracy = 0.412", lambda right: (right["predict"][0], 0.412)),
    "inception": (
        "my_inception = build()\nmy_accuracies, my_choice = {'MobileNetV2': 0.3, 'InceptionV3': 0.31}, 'InceptionV3'",
        lambda right: (right["inception"][0], (0.3, 0.31), "InceptionV3"),
    ),
}


@pytest.mark.parametrize("code", ["en", "tr"])
@pytest.mark.parametrize("task", TYPED)
def test_a_number_read_and_typed_in_keeps_its_points_where_the_saved_notebook_shows_them(judge_flat, right, task, code):
    source, answer = TYPED[task]
    with speaking(code):
        line = instant.feedback(TASKS[task], [])[0]
    answers = some(right, "train", **{task: answer(right)})
    shown = judged(judge_flat, answers, sources={task: source}, cells=(saved(task, line),))[task]
    assert (shown.state, shown.points) == ("reported", TASKS[task].points)
    assert messages(shown)[-1] == "judging.typed"
    assert shown.notes[-1].human
    not_shown = judged(judge_flat, answers, sources={task: source}, cells=(saved(task, "Right: 0 of 1 points."),))[task]
    assert not_shown.points < TASKS[task].points
    assert "judging.typed" not in messages(not_shown)


@pytest.mark.parametrize(
    "source",
    [
        "my_counts = list(range(5))",
        "x = 1; my_counts = [x]",
        "my_counts = [1]\nmy_counts.append(2)",
        "my_counts = (",
        "",
    ],
)
def test_a_forged_saved_output_gains_nothing_for_an_answer_that_is_no_literal(judge_flat, right, source):
    cells = tuple(saved("counts", line) for line in full_points_lines(TASKS["counts"]))
    result = judged(judge_flat, {"counts": ([1] * 5,)}, sources={"counts": source}, cells=cells)["counts"]
    assert (result.state, result.points) == ("wrong", 0)


def test_a_forged_saved_output_gains_nothing_for_what_nobody_types(judge_flat, right):
    cells = tuple(saved("split", line) for line in full_points_lines(TASKS["split"]))
    source = "my_split = ([0], [1], [2])"
    result = judged(judge_flat, {"split": (([0], [1], [2]),)}, sources={"split": source}, cells=cells)
    assert "judging.typed" not in messages(result["split"])
    assert result["split"].points == 1


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("a = 3", True),
        ("a: int = -3", True),
        ("a = None\na = [1, {'b': 2.5}]", True),
        ("a, b = 1, f()", True),
        ("b, a = 1, f()", False),
        ("a = f()", False),
        ("a = 1\nprint(a)", False),
        ("for a in (1, 2): pass", False),
        ("b = 1", False),
    ],
)
def test_literals_are_told_from_code(source, is_one):
    assert is_literal(source, "a") == is_one


def not_rebuilt(right, given, *tasks):
    """What ``restore`` gives for models that stay in the box: facts as JSON, and something that only has a kind."""
    kept = {}
    for task in tasks:
        facts = json.loads(json.dumps(asdict(collect(task, right[task], given))))
        note = Note("carrying.not_rebuilt", {"found": "Functional"}, human=True)
        kept[task] = Restored((object(), *right[task][1:]), (note,), {"facts": facts})
    return kept


@pytest.fixture
def in_the_box(judge_flat, right):
    given = replace(judge_flat._given, used={}, numbers={})
    given.used.update(split=right["split"][0], train=right["train"])
    given.numbers.update(head_rate=1e-3, validation=right["inception"][1]["MobileNetV2"])
    return given


def test_models_that_cannot_be_built_again_get_half_the_points_and_what_is_said_about_them_too(
    judge_flat, right, in_the_box, monkeypatch
):
    without_our_training(monkeypatch)
    kept = not_rebuilt(right, in_the_box, "model", "train")
    results = judged(judge_flat, {**some(right, "curves", "predict", "inception"), **kept})
    found = {task: (results[task].state, results[task].points) for task in ("model", "train", "curves", "predict")}
    assert found == {
        "model": ("reported", 2),
        "train": ("reported", 1),
        "curves": ("reported", 1),
        "predict": ("reported", 1),
    }
    assert messages(results["model"]) == ["carrying.not_rebuilt", "judging.not_rebuilt"]
    assert results["model"].notes[-1].human
    assert results["inception"].points == 2


def test_the_points_of_models_that_cannot_be_built_again_are_capped_in_all(judge_flat, right, in_the_box):
    kept = not_rebuilt(right, in_the_box, "model", "compile", "train", "fine-tune", "inception")
    results = judged(judge_flat, kept)
    reported = [result for result in results.values() if result.state == "reported"]
    assert sum(result.points for result in reported) == on_word.REPORTED_POINTS
    assert "judging.reported_enough" in messages(results["inception"])


def test_predictions_of_a_model_that_nobody_can_ask_must_at_least_fit_their_accuracy(judge_flat, right, in_the_box):
    kept = not_rebuilt(right, in_the_box, "train")
    for answer in ((right["predict"][0], 0.5), (right["predict"][0][:-1], right["predict"][1]), (3, 0.5)):
        assert judged(judge_flat, {**kept, "predict": answer})["predict"].points == 0


@pytest.mark.parametrize("facts", [{}, {"losses": 3}, {"model": []}, {"accuracies": {"validation": "1"}}, 3])
def test_facts_of_the_wrong_kind_get_no_points_and_stop_nothing(judge_flat, right, facts):
    kept = Restored((object(), right["train"][1]), (), {"facts": facts})
    results = judged(judge_flat, some(right, "split", train=kept))
    assert (results["train"].state, results["train"].points) == ("wrong", 0)
    assert results["split"].points == 3


def test_predictions_made_with_the_training_that_the_notebook_went_on_with_are_right(judge_flat, right, monkeypatch):
    without_our_training(monkeypatch)
    kept = some(right, "curves", "predict", "inception", train=(None, None), used=right["train"])
    results = judged(judge_flat, kept)
    assert results["train"].points == 0
    assert [results[task].points for task in ("curves", "predict", "inception")] == [1, 2, 2]


def test_something_else_in_place_of_that_training_is_not_believed(judge_flat, right, monkeypatch):
    asked = []
    monkeypatch.setattr(replaying.Replay, "_our_training", lambda self: asked.append(1) or right["train"])
    untrained = compile_classifier(
        build_classifier(load_base_model("MobileNetV2", SMALL), preprocessing("MobileNetV2"), 5)
    )
    for used in ((untrained, FORGED), (None, None)):
        judged(judge_flat, some(right, "curves", used=used), worked=("curves",))
    assert len(asked) == 2


# Nothing in an answer stops the others, or reaches the next submission


class Bomb:
    def __getattribute__(self, name):
        raise MemoryError

    def __call__(self, pictures):
        while True:
            time.sleep(0.01)


def huge():
    inputs = keras.Input((96, 96, 3))
    return keras.Model(inputs, keras.layers.Dense(5)(keras.layers.UpSampling2D(100)(inputs)))


def test_a_task_that_cannot_be_judged_gets_no_points_and_stops_nothing(judge_flat, right, monkeypatch):
    collected = replay_facts.collect

    def failing(task, answers, given):
        if task == "counts":
            raise RecursionError("too deep")
        return collected(task, answers, given)

    monkeypatch.setattr(replay_facts, "collect", failing)
    results = judged(judge_flat, some(right, "split", "counts", "preprocess"))
    assert (results["counts"].state, results["counts"].points) == ("wrong", 0)
    assert messages(results["counts"]) == ["judging.could_not"]
    assert "too deep" in results["counts"].notes[0].values["error"]
    assert total(results) == 5


def test_a_task_that_takes_too_long_is_given_up(judge_flat, right, monkeypatch):
    monkeypatch.setattr(judging, "SECONDS", 3.0)
    results = judged(judge_flat, {"preprocess": (Bomb(),), "model": right["model"]})
    assert messages(results["preprocess"]) == ["judging.could_not"]
    assert results["model"].points == 4


def test_a_model_too_large_to_run_is_not_run(judge_flat, right):
    results = judged(judge_flat, some(right, "preprocess", model=(huge(),)))
    assert (results["model"].state, messages(results["model"])) == ("wrong", ["judging.too_large"])
    assert results["preprocess"].points == 2


def test_models_of_the_course_are_not_too_large(right):
    assert not any(bounds.is_too_large(right[task][0]) for task in ("model", "fine-tune", "inception", "split"))
    deep = [keras.Sequential([keras.Input((8,)), keras.layers.Dense(8)])]
    for _ in range(60):
        deep.append(keras.Sequential([keras.Input((8,)), deep[-1]]))
    assert bounds.is_too_large(deep[-1])


def test_a_time_limit_is_lifted_after_it(monkeypatch):
    with pytest.raises(bounds.TimeUpError), bounds.time_limit(0.05):
        time.sleep(60)
    with bounds.time_limit(0.05):
        pass
    time.sleep(0.1)


def weights_of(made):
    return [weight for base in (made._given.base_model, made._given.second) for weight in base.get_weights()]


def vandal(pictures):
    """Write into whatever it is given."""
    if isinstance(pictures, np.ndarray):
        pictures[...] = 0
    return pictures


def test_a_submission_does_not_change_what_the_next_one_sees(judge_flat, right):
    before = [weight.copy() for weight in weights_of(judge_flat)]
    images = judge_flat._given.pictures.images.copy()
    judged(judge_flat, some(right, "curves", split=(Bomb(),), preprocess=(vandal,), train=(None, None)))
    judged(judge_flat, {"train": right["train"], "inception": (right["train"][0], {}, "x")})
    assert judge_flat._given.used == {}
    assert judge_flat._given.numbers == {}
    np.testing.assert_array_equal(judge_flat._given.pictures.images, images)
    for mine, then in zip(weights_of(judge_flat), before, strict=True):
        np.testing.assert_array_equal(mine, then)
    assert total(judged(judge_flat, right)) == 24
    with pytest.raises(ValueError, match="read-only"):
        judge_flat._given.pictures.images[0] = 0


# Faster facts, notes, and the real thing


def test_facts_found_the_quick_way_get_the_same_verdicts(judge_flat, right, in_the_box):
    model, history = right["train"]
    on_train = history_of(model, in_the_box.splits["train"])
    classes, share = right["predict"]
    cases = [("train", (model, each)) for each in (history, on_train)]
    cases += [("predict", each) for each in ((classes, share), (classes, 0.3), ("x", 1))]
    for task, answers in cases:
        expected = judge(TASKS[task], collect(task, answers, in_the_box))
        facts, is_on_word = facts_of(task, Restored(answers), in_the_box)
        assert (judge(TASKS[task], facts), is_on_word) == (expected, False)


def test_values_of_notes_stay_plain_and_are_written_in_either_language(each_language):
    verdict = Verdict(
        "a.b", False, "split_shares",
        {"train_share": np.float64(0.25), "validation_share": float("nan"), "test_share": 1},
    )  # fmt: skip
    note = verdict_note(verdict)
    assert note.values == {"train_share": 0.25, "validation_share": "nan", "test_share": 1}
    assert {"en": "25.0 %", "tr": "%25,0"}[each_language] in write_note(note)
    odd = plain_values({"a": [10**400, "x" * 1000, object()], "b": np.arange(3), "c": list(range(1000)), "d": 1e999})
    assert json.loads(json.dumps(odd, allow_nan=False)) == odd
    assert (odd["b"], len(odd["c"]), len(odd["a"][1])) == ([0, 1, 2], 50, 300)


@pytest.mark.slow
def test_our_solution_gets_all_points_on_drawn_flowers(monkeypatch):
    monkeypatch.setenv("TL_EDITION", "full")
    made = Judge(2**40 + 7, lambda task, folder, seed: None)
    assert made._given.pictures.images.shape == (1000, 96, 96, 3)

    keras.utils.set_random_seed(0)

    def head(features, labels, train):
        found, _ = train_head(features[train], labels[train], 5, epochs=15)
        return found.get_layer("head").get_weights()

    assert total(judged(made, solution(made, head))) == 24
