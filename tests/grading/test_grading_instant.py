"""What a reader sees of grading while working, and that the exercise goes on without an answer."""

import ast
import json
from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest

from tl_helpers.authoring.parts import part_of
from tl_helpers.authoring.source import read_source
from tl_helpers.editions import MINI, Edition, SourceError
from tl_helpers.grading import given as given_module
from tl_helpers.grading.given import Given, begin, copied, load_second_base
from tl_helpers.grading.instant import grade, use
from tl_helpers.grading.tasks import TASKS
from tl_helpers.pictures import Pictures, load_pictures, load_together
from tl_helpers.sources import locate_pictures

ROOT = Path(__file__).parents[2]
FLOWERS = ("daisy", "dandelion", "rose", "sunflower", "tulip")
CELLS = read_source((ROOT / "notebooks" / "source" / "04_05_flowers.py").read_text(encoding="utf-8"))


@pytest.fixture
def given():
    labels = np.repeat(np.arange(5), 20)
    names = tuple(f"{number}.jpg" for number in range(100))
    return Given(Pictures(np.zeros((100, 4, 4, 3), np.uint8), labels, FLOWERS, names), MINI, keras.Sequential())


def printed(capsys):
    return capsys.readouterr().out


def test_an_open_task_is_said_kindly_and_has_no_points_yet(given, capsys, each_language):
    assert grade("train", None, None, given=given) == 0
    out = printed(capsys)
    assert "my_trained, my_history" in out
    assert "3" in out
    assert len(out.splitlines()) == 1


def test_a_right_answer_gets_its_points_in_one_line(given, capsys, each_language):
    assert grade("preprocess", keras.layers.Rescaling(1 / 127.5, offset=-1), given=given) == 2
    assert len(printed(capsys).splitlines()) == 1
    assert given.total == 2


def test_a_wrong_answer_is_told_what_was_found_and_gets_both_hints(given, capsys, each_language):
    assert grade("preprocess", keras.layers.Rescaling(1 / 255), given=given) == 0
    out = printed(capsys)
    found = {"en": "between 0 and 1", "tr": "0 ile 1 arasında"}[each_language]
    hint = {"en": "Keras has a layer", "tr": "Keras'ta"}[each_language]
    assert found in out
    assert hint in out
    assert "Rescaling(scale, offset)" in out


def test_numbers_in_feedback_are_written_in_the_readers_language(given, capsys, each_language):
    thirds = np.array_split(np.random.default_rng(0).permutation(100), 3)
    grade("split", tuple(thirds), given=given)
    assert {"en": "34.0 %", "tr": "%34,0"}[each_language] in printed(capsys)


def test_points_are_those_of_the_last_run(given):
    for answer, points in ((keras.layers.Rescaling(1 / 127.5, offset=-1), 2), (None, 0)):
        grade("preprocess", answer, given=given)
        assert given.total == points


def test_the_exercise_goes_on_with_the_readers_answer_if_it_is_right_else_with_ours(given, capsys):
    positions = np.arange(100).reshape(5, 20)
    mine = (positions[:, :14].ravel(), positions[:, 14:17].ravel(), positions[:, 17:].ravel())
    train, _, _ = use("split", mine, given=given)
    assert train.names == tuple(f"{number}.jpg" for number in mine[0])
    assert printed(capsys) == ""
    assert grade("split", mine, given=given) == 3
    for unusable in (None, (mine[0], mine[0], mine[0])):
        parts = use("split", unusable, given=given)
        assert [len(part) for part in parts] == [70, 15, 15]
        assert "the course's own answer" in printed(capsys)


def test_a_verdict_is_not_kept_for_another_answer(given):
    right, wrong = keras.layers.Rescaling(1 / 127.5, offset=-1), keras.layers.Rescaling(1 / 255)
    use("preprocess", right, given=given)
    grade("preprocess", right, given=given)
    assert grade("preprocess", wrong, given=given) == 0


def test_a_reflection_is_left_to_a_person(given, capsys, each_language):
    assert grade("reflection", "We would look first.", given=given) == 0
    assert "4" in printed(capsys)


def test_a_copy_is_trained_without_changing_the_model():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(5)])
    model.layers[0].trainable = False
    twin = copied(model)
    assert [layer.name for layer in twin.layers] == [layer.name for layer in model.layers]
    assert [layer.trainable for layer in twin.layers] == [False, True]
    np.testing.assert_array_equal(twin.get_weights()[0], model.get_weights()[0])
    twin.layers[0].set_weights([np.zeros((3, 4)), np.zeros(4)])
    assert model.get_weights()[0].any()
    assert copied("no model") == "no model"


def test_where_inceptions_weights_cannot_be_had_the_courses_own_takes_its_place(given, monkeypatch, capsys):
    load = given_module.load_base_model

    def without_imagenet(name, edition):
        if edition.name == "full":
            raise SourceError("base_models.no_weights", name=name, reason="…")
        return load(name, edition)

    monkeypatch.setattr(given_module, "load_base_model", without_imagenet)
    given.edition = Edition("full", 128)
    base_model = load_second_base(given)
    assert base_model.input_shape == (None, 128, 128, 3)
    assert "small Inception" in printed(capsys)
    assert given.second is not base_model


def test_the_flowers_are_together_and_in_the_order_of_their_classes():
    pictures = load_together("flowers", MINI, 24)
    splits = load_pictures("flowers", MINI, 24)
    assert pictures.class_names == FLOWERS
    assert np.bincount(pictures.labels).tolist() == [200] * 5
    assert (np.diff(pictures.labels) >= 0).all()
    assert set(pictures.names) == {
        name for part in (splits.train, splits.validation, splits.test) for name in part.names
    }
    place = pictures.names.index(splits.test.names[7])
    np.testing.assert_array_equal(pictures.images[place], splits.test.images[7])


def test_an_exercise_begins_with_flowers_and_a_base():
    begun = begin(MINI)
    assert begun.pictures.images.shape == (1000, 96, 96, 3)
    assert begun.base_model.output_shape[-1] == 1280
    assert ("rose", "rose", "gül") in begun.class_names


def test_photographs_of_flowers_that_are_not_here_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    with pytest.raises(SourceError, match=r"flower_photos\.tgz.*daisy, dandelion"):
        locate_pictures("flowers")
    for name in ("daisy", "dandelion", "roses", "sunflowers", "tulips"):
        (tmp_path / "flower_photos" / name).mkdir(parents=True)
    assert locate_pictures("flowers") == tmp_path / "flower_photos"
    monkeypatch.setenv("TL_PICTURES", str(tmp_path / "flower_photos"))
    assert locate_pictures("flowers") == tmp_path / "flower_photos"


def in_exercise(name):
    return next(cell for cell in part_of(CELLS, "exercise") if cell.name == name and cell.kind == "code")


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_the_lesson_has_each_task_with_its_marker_its_names_and_its_points(task):
    answer = in_exercise(f"answer-{task.name}")
    graded = in_exercise(f"check-{task.name}") if task.checks else answer
    assert answer.text.startswith(f"# answer: {task.name}\n")
    assert graded.points == task.points
    first, *_ = ast.parse(answer.text).body
    assert set(task.answers) == {node.id for node in ast.walk(first) if isinstance(node, ast.Name)}
    assert {node.value for node in ast.walk(first) if isinstance(node, ast.Constant)} == {None}
    *_, last = ast.parse(graded.text).body
    assert ast.unparse(last) == f"grade({task.name!r}, {', '.join(task.answers)}, given=given)"


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize(("stem", "earned"), [("04_flowers_exercise", 0), ("05_flowers_solution", 24)])
def test_the_committed_notebooks_earn_no_points_unanswered_and_all_with_our_answers(stem, earned, language):
    notebook = nbformat.read(ROOT / "notebooks" / language / f"{stem}.ipynb", as_version=4)
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    outputs = [one for cell in graded for one in cell.outputs if one.output_type == "execute_result"]
    assert sum(cell.metadata.nbgrader.points for cell in graded) == 26
    assert sum(int(one.data["text/plain"]) for one in outputs) == earned
    assert "SOLUTION" not in json.dumps([cell.source for cell in notebook.cells])
