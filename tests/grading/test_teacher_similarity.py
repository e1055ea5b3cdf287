"""Near-identical answers are found although names, comments, spacing or quotes differ; short or usual ones are not."""

import csv
import json
import re
from pathlib import Path

import pytest

from tl_helpers.grading.teacher.code_tokens import LONGEST, imported, tokens
from tl_helpers.grading.teacher.results import Result, TaskResult
from tl_helpers.grading.teacher.similarity import (
    PAIR_RUNS,
    Pair,
    like_solution,
    same_files,
    similar_pairs,
    sources_of,
    write_similarity,
)

ROOT = Path(__file__).parents[2]


def code_of(stem):
    cells = json.loads((ROOT / "notebooks" / "en" / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}


EXERCISE, SOLVED = code_of("04_flowers_exercise"), code_of("05_flowers_solution")
SOLUTION = {name.removeprefix("answer-"): code for name, code in SOLVED.items() if name.startswith("answer-")}
KNOWN = [*EXERCISE.values(), *SOLUTION.values()]

LONG = {
    "train": """# answer: train
best, wait, log = 10.0, 0, {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
order = np.random.default_rng(5)
for epoch in range(12):
    chosen = order.permutation(len(train.labels))
    for start in range(0, len(chosen), 32):
        batch = chosen[start : start + 32]
        model.train_on_batch(train.images[batch], train.labels[batch])
    scores = model.evaluate(validation.images, validation.labels, verbose=0, return_dict=True)
    for key, value in scores.items():
        log[f"val_{key}"].append(value)
    if scores["loss"] < best:
        best, wait = scores["loss"], 0
    else:
        wait += 1
    if wait > 3:
        break
my_trained, my_history = model, log
""",
    "fine-tune": """# answer: fine-tune
inner = tuned.get_layer(base_model.name)
inner.trainable = True
for number, layer in enumerate(inner.layers):
    frozen = number < 0.6 * len(inner.layers) or isinstance(layer, keras.layers.BatchNormalization)
    layer.trainable = not frozen
slow = keras.optimizers.RMSprop(learning_rate=5e-5)
tuned.compile(optimizer=slow, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
tuned.fit(train.images, train.labels, batch_size=16, epochs=3, validation_data=(validation.images, validation.labels))
my_tuned = tuned
""",
}
OTHER = {
    "train": """# answer: train
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
my_history = model.fit(
    train.images, train.labels, epochs=20, batch_size=8, callbacks=[stop],
    validation_data=(validation.images, validation.labels), verbose=2,
)
my_trained = model
print(my_history.history["val_accuracy"][-1], len(my_history.epoch), stop.stopped_epoch, model.count_params())
""",
    "fine-tune": """# answer: fine-tune
unfreeze(tuned.get_layer(base_model.name), "block_12_expand")
compile_classifier(tuned, learning_rate=1e-5)
tuned.fit(train.images, train.labels, epochs=2, validation_data=(validation.images, validation.labels))
my_tuned = tuned
""",
}
SHORT = {
    "split": "my_split = split_indices(list(pictures.names), pictures.labels)",
    "counts": "my_counts = np.bincount(train.labels)",
    "preprocess": "my_preprocess = keras.layers.Rescaling(1 / 127.5, offset=-1)",
    "compile": 'model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),'
    ' metrics=["accuracy"])\nmy_compiled = model',
    "curves": "my_best_epoch = 1 + int(np.argmin(my_history.history['val_loss']))",
    "predict": "scores = trained.predict(test.images, verbose=0)\nmy_predictions = scores.argmax(axis=1)\n"
    "my_accuracy = float((my_predictions == test.labels).mean())",
}
RENAMED = {
    "best": "smallest", "wait": "patience_used", "log": "kayıt", "order": "rng", "epoch": "dönem", "chosen": "idx",
    "start": "i", "batch": "b", "scores": "sonuç", "key": "k", "value": "v_", "inner": "temel", "number": "n",
    "layer": "katman", "frozen": "donuk", "slow": "opt",
}  # fmt: skip


def disguise(code):
    """The same code with other names, comments, quotes and spacing."""
    code = re.sub(r"(?<![.\w\"])([a-z]+)\b(?!\"|=[^=])", lambda found: RENAMED.get(found[1], found[1]), code)
    code = code.replace('"', "'").replace(", ", " ,").replace("\n    ", "\n\n\t# benim kodum\n\t")
    return code.replace("\n\t        ", "\n\t\t\t").replace("\n\t    ", "\n\t\t")


def test_the_disguise_of_this_test_leaves_nothing_but_the_meaning():
    for code in LONG.values():
        compile(disguise(code), "", "exec")
        assert len(set(code.splitlines()) & set(disguise(code).splitlines())) <= 3


def test_a_copy_with_other_names_comments_quotes_and_spacing_is_found():
    copy = {task: disguise(code) for task, code in LONG.items()}
    (pair,) = similar_pairs({"ada": LONG, "bob": copy, "can": OTHER}, KNOWN)
    assert (pair.first, pair.second, pair.tasks) == ("ada", "bob", ("train", "fine-tune"))
    assert pair.share >= 0.95
    assert pair.length >= PAIR_RUNS


def test_a_copy_with_a_few_lines_of_ones_own_is_found_and_a_rewritten_one_is_not():
    added = {"train": LONG["train"] + "print(best, wait)\n", "fine-tune": LONG["fine-tune"] + "tuned.summary()\n"}
    (pair,) = similar_pairs({"a": LONG, "b": added}, KNOWN)
    assert 0.8 <= pair.share < 1
    one, half = LONG["train"] + LONG["fine-tune"], LONG["train"] + OTHER["train"] + OTHER["fine-tune"]
    assert similar_pairs({"a": {"train": one}, "b": {"train": half}}, KNOWN) == []
    assert len(similar_pairs({"a": {"train": half}, "b": {"train": half}}, KNOWN)) == 1


def test_short_right_answers_make_no_pairs_although_they_are_the_same():
    assert similar_pairs({str(i): dict(SHORT) for i in range(4)}, KNOWN) == []
    assert similar_pairs({str(i): dict(SHORT) for i in range(4)}, []) == []
    others = {"counts": "my_counts = [int((train.labels == i).sum()) for i in range(5)]"}
    assert similar_pairs({"a": SHORT, "b": others}, []) == []


def test_what_the_course_gives_does_not_count():
    answers = {"a": SOLUTION, "b": SOLUTION}
    assert similar_pairs(answers, KNOWN) == []
    (pair,) = similar_pairs(answers, list(EXERCISE.values()))
    assert pair.share == 1


def test_what_most_of_a_class_wrote_does_not_count_but_a_copy_within_it_does():
    honest = {f"h{i}": {"train": LONG["train"]} for i in range(4)}
    others = {f"o{i}": {"fine-tune": OTHER["fine-tune"]} for i in range(3)}
    assert similar_pairs(honest | others, KNOWN) == []
    assert len(similar_pairs(dict(list(honest.items())[:2]) | others, KNOWN)) == 1
    assert len(similar_pairs(honest, KNOWN)) == 6  # four students are too few for a habit


def test_students_who_each_wrote_their_own_make_no_pairs():
    assert similar_pairs({"a": LONG, "b": OTHER, "c": SOLUTION, "d": SHORT, "e": {}, "f": {"train": ""}}, KNOWN) == []


def test_answers_of_different_tasks_are_not_compared():
    assert similar_pairs({"a": {"train": LONG["train"]}, "b": {"fine-tune": LONG["train"]}}, KNOWN) == []


def test_the_courses_own_solution_is_recognised_under_other_names():
    theirs = {task: code.replace("held_out", "rest").replace("features", "f") for task, code in SOLUTION.items()}
    found = like_solution({"a": theirs, "b": LONG, "c": SHORT, "d": {}}, SOLUTION, list(EXERCISE.values()))
    assert [(pair.first, pair.second) for pair in found] == [("a", "")]
    assert {"train", "inception"} <= set(found[0].tasks)
    assert not {"split", "counts", "preprocess"} & set(found[0].tasks)


@pytest.mark.parametrize(
    "broken", ["!pip install x\n", "%matplotlib inline\n", "def f(:\n", "x = 'open\n", "\0", "\ud800", "(" * 300]
)
def test_code_that_python_cannot_read_is_compared_as_well(broken):
    copy = {task: broken + disguise(code) for task, code in LONG.items()}
    (pair,) = similar_pairs({"a": {task: broken + code for task, code in LONG.items()}, "b": copy}, KNOWN)
    assert pair.share >= 0.8


HOSTILE = ['"\\' * 500_000, "(" * 1_000_000, "'" * 999_999, "a" * 1_000_000, "\n" * 1_000_000, '"""' + "x\n" * 500_000,
           "\\\n" * 500_000, " " * 1_000_000 + "x", "f'{" * 300_000, "1_" * 500_000, "\x0c\r" * 500_000]  # fmt: skip


@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_endless_code_is_read_up_to_a_limit(code):
    assert len(tokens(code, ())) <= LONGEST
    assert similar_pairs({"a": {"train": code}, "b": {"train": "x"}}, KNOWN) == []


def test_tokens_stay_the_same_whatever_variables_comments_spacing_and_quotes_are():
    one = tokens('result = np.mean(values[0], axis=1)  # mean\nprint("a b", result)', {"np"})
    assert one == tokens("r=np.mean( v[ 0 ],axis = 1 )\n\nprint('''a b''',r)", {"np"})
    assert one == [
        "v",
        "=",
        "np",
        ".",
        "mean",
        "(",
        "v",
        "[",
        "0",
        "]",
        ",",
        "axis",
        "=",
        "1",
        ")",
        "print",
        "(",
        "a",
        "b",
        ",",
        "v",
        ")",
    ]
    assert tokens("f(axis=1)", ()) != tokens("f(other=1)", ())
    assert tokens("a.fit(b)", ()) != tokens("a.predict(b)", ())


def test_imported_names_are_found():
    code = "import numpy as np\nfrom a.b import c, d as e\nfrom x import (y)\nimports = 3\n    import z"
    assert imported([code]) == {"np", "c", "e", "z"}


def test_identical_files_are_reported_once_each():
    def file(key, digest):
        return Result(key, key, key, digest, "en")

    found = same_files([file("c", "1"), file("a", "1"), file("b", "2"), file("d", "1"), file("e", ""), file("f", "")])
    assert found == [Pair("a", "c"), Pair("a", "d")]


def test_what_is_compared_comes_from_results():
    result = Result("a", "a", "k", "", "en", (TaskResult("split", "right", 3, 3, source="x = 1"),))
    assert sources_of([result]) == {"k": {"split": "x = 1"}}


def test_pairs_are_written_with_names_that_cannot_be_formulas(tmp_path, each_language):
    pairs = [Pair("a", "b", ("train", "fine-tune"), 0.876, 200), Pair("a", "c"), Pair("b", "", ("model",), 1.0, 150)]
    names = {"a": "=1+1", "b": "Ayşe", "c": "@x"}
    write_similarity(pairs, tmp_path / "s.csv", name=names.get)
    found = list(csv.reader((tmp_path / "s.csv").read_text(encoding="utf-8-sig").splitlines(), strict=True))
    assert [row[1] for row in found[1:]] == ["'=1+1", "'=1+1", "Ayşe"]
    assert [row[2] for row in found[1:3]] == ["Ayşe", "'@x"]
    assert [row[4:] for row in found[1:]] == [["88", "200"], ["100", ""], ["100", "150"]]
    assert len({row[0] for row in found[1:]}) == 3
    assert found[1][3] == {"en": "Training, Fine-tuning", "tr": "Eğitim, İnce ayar"}[each_language]


def test_a_hundred_submissions_are_compared_and_the_one_copy_among_them_is_found():
    def own(number):
        rows = "\n".join(
            f"part_{i} = model.layer_{number}_{i}(train.images[{i}:{number}], axis={i})" for i in range(12)
        )
        return dict.fromkeys(("model", "train", "fine-tune", "inception"), rows)

    sources = {f"{number:03}": own(number) for number in range(100)}
    sources["copy"] = {task: re.sub(r"part_(\d+)", r"teil\1", code) for task, code in sources["042"].items()}
    (pair,) = similar_pairs(sources, KNOWN)
    assert (pair.first, pair.second, len(pair.tasks)) == ("042", "copy", 4)
