"""A plan has the exercise's own cells in its order, and each of a student's answers where it belongs."""

import ast
import random

import nbformat
import pytest
from handed_in import EXERCISES, cell, exercise, insert_after, lesson, place, read, without_ids, without_metadata

from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.plan import Step, make_plan, reflection_text

RUN = {task: f"{', '.join(TASKS[task].answers)} = {', '.join(['1'] * len(TASKS[task].answers))}" for task in TASKS}
OWN = ("set-up", "imports", "load", "load-base", "curves-plot", "confusion", "copy")


def plan(folder, notebook):
    submission = read(folder, notebook)
    return make_plan(submission, EXERCISES[submission.language])


def in_order(steps):
    return [step.name for step in steps if not step.name.startswith("before-")]


def keeps(steps):
    return [step.keep for step in steps if step.keep]


def source(steps, name):
    return "\n".join(step.source for step in steps if step.name == name)


def run(steps):
    """Return what is kept (task → answers) when the steps run, with stand-ins for all that needs TensorFlow."""
    names = {"use": lambda name, *answers, given: range(3) if name == "split" else range(len(answers)), "given": None}
    kept = {}
    for step in steps:
        if step.name not in OWN:
            try:
                exec(step.source, names)
            except Exception as error:
                names.setdefault("errors", []).append(f"{step.name}: {error!r}")
        if step.keep:
            kept[step.keep] = [names.get(name) for name in TASKS[step.keep].answers]
    return kept


@pytest.mark.parametrize("language", ["en", "tr"])
def test_our_solution_gives_a_plan_that_keeps_every_task(tmp_path, language):
    steps = plan(tmp_path, lesson("05_flowers_solution", language))
    assert keeps(steps) == list(TASKS)
    for step in steps:
        compile(step.source, step.name, "exec")
    exercise_names = [name for name in (one.get("id") for one in EXERCISES[language].cells) if name in in_order(steps)]
    assert [name for name in in_order(steps) if name] == exercise_names
    assert "tl_helpers.grading.given import begin" in source(steps, "imports")
    for step in steps:
        if step.keep:
            own = cell(lesson("05_flowers_solution", language), step.name).source
            assert step.source == own or step.keep == "reflection"


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_untouched_exercise_gives_no_steps(tmp_path, language):
    assert plan(tmp_path, exercise(language)) == []
    assert plan(tmp_path, without_metadata(exercise(language))) == []


def test_a_submission_with_a_problem_gives_no_steps(tmp_path):
    assert plan(tmp_path, b"%PDF") == []


@pytest.mark.parametrize("language", ["en", "tr"])
def test_set_up_starts_the_exercise_and_installs_nothing(tmp_path, language):
    notebook = exercise(language, RUN)
    cell(notebook, "set-up").source = "print('mine')"
    (first, *_) = plan(tmp_path, notebook)
    assert first.name == "set-up"
    assert ast.dump(ast.parse(first.source)) == ast.dump(
        ast.parse(f'LANGUAGE = "{language}"\nimport tl_helpers\nedition = tl_helpers.start("04", LANGUAGE)')
    )


def test_own_cells_lose_what_only_shows_and_keep_every_name(tmp_path):
    steps = plan(tmp_path, exercise("en", RUN))
    for shown in ("print(", "show_pictures(", "show_learning_curves(", "show_confusion(", "grade(", "quiz("):
        assert not any(shown in step.source for step in steps if step.name != "answer-reflection"), shown
    assert source(steps, "check-split") == 'train, validation, test = use("split", my_split, given=given)'
    assert source(steps, "curves-plot") == 'figures = getattr(history, "history", history)'
    assert source(steps, "load").startswith("given = begin(edition)\npictures = given.pictures\nshown = [")
    for name, names in (("load-base", "base_model second_base"), ("copy", "tuned"), ("confusion", "logits worst")):
        assert all(f"{one} =" in source(steps, name) for one in names.split())
    left_out = {"key-results", "quiz-choose", "check-counts", "check-curves", "check-fine-tune"}
    assert left_out.isdisjoint(in_order(steps))


@pytest.mark.parametrize("last", ["split", "counts", "curves", "inception"])
def test_a_plan_ends_with_the_last_answer_and_open_tasks_keep_nothing(tmp_path, last):
    steps = plan(tmp_path, exercise("tr", {last: RUN[last]}))
    assert steps[-1] == Step(f"answer-{last}", f"# answer: {last}\n{RUN[last]}", keep=last)
    assert keeps(steps) == [last]
    before = list(TASKS)[: list(TASKS).index(last)]
    assert [source(steps, f"answer-{task}") for task in before] == [
        cell(EXERCISES["tr"], f"answer-{task}").source for task in before
    ]
    assert run(steps) == {last: [1] * len(TASKS[last].answers)}


@pytest.mark.parametrize("lose", [without_ids, without_metadata])
@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_lost_metadata_and_another_order_give_the_same_plan(tmp_path, lose, order):
    expected = plan(tmp_path, exercise("tr", RUN))
    notebook = lose(exercise("tr", RUN))
    notebook.cells.reverse() if order == "reversed" else random.Random(3).shuffle(notebook.cells)
    steps = plan(tmp_path, notebook)
    assert in_order(steps) == in_order(expected)
    assert keeps(steps) == list(TASKS)
    assert run(steps) == run(expected)


def test_a_doubled_answer_runs_in_the_students_order_and_the_last_is_kept(tmp_path):
    notebook = exercise("en", {"split": "my_split = 1", "counts": RUN["counts"]})
    again = nbformat.from_dict(
        {**cell(notebook, "answer-split"), "id": "x", "source": "# answer: split\nmy_split += 1"}
    )
    untouched = nbformat.from_dict({**cell(exercise(), "answer-split"), "id": "y"})
    notebook.cells += [again, untouched]
    steps = plan(tmp_path, notebook)
    assert [step.keep for step in steps if step.name == "answer-split"] == ["", "split"]
    assert run(steps) == {"split": [2], "counts": [1]}


def test_a_deleted_answer_is_open_and_the_exercise_goes_on(tmp_path):
    notebook = exercise("en", {"counts": "my_counts = my_split"})
    for name in ("answer-split", "check-split", "load", "imports"):
        notebook.cells.remove(cell(notebook, name))
    steps = plan(tmp_path, notebook)
    assert in_order(steps) == ["set-up", "imports", "load", "answer-split", "check-split", "answer-counts"]
    assert run(steps) == {"counts": [None]}
    assert keeps(steps) == ["counts"]


def test_an_answer_that_fails_leaves_its_names_known(tmp_path):
    for code in ("my_split = (1,", "my_split = 1 / 0", "benim_split = 3"):
        steps = plan(tmp_path, exercise("en", {"split": code, "counts": "my_counts = train"}))
        assert keeps(steps) == ["split", "counts"]
        assert run(steps)["counts"] == [0], code


@pytest.mark.parametrize("markers", [True, False])
def test_merged_answers_are_each_kept(tmp_path, markers):
    notebook = exercise("en", {"split": "my_split = 5", "counts": "my_counts = 6"})
    merged = [cell(notebook, name).source for name in ("answer-split", "answer-counts")]
    if not markers:
        merged = [text.split("\n", 1)[1] for text in merged]
    cell(notebook, "answer-split").source = "\n\n".join(merged)
    cell(notebook, "answer-counts").source = "# answer: counts\nmy_counts = None"
    steps = plan(tmp_path, notebook)
    assert keeps(steps) == ["split", "counts"]
    assert run(steps) == {"split": [5], "counts": [6]}
    notebook.cells.remove(cell(notebook, "answer-counts"))
    assert run(plan(tmp_path, notebook)) == {"split": [5], "counts": [6]}


def test_all_cells_merged_into_one_are_planned_and_untouched_ones_stay_open(tmp_path):
    for answers, expected in ((RUN, list(TASKS)), ({}, [])):
        notebook = exercise("tr", answers)
        merged = "\n\n".join(one.source for one in notebook.cells if one.cell_type == "code")
        notebook.cells = [nbformat.v4.new_code_cell(merged)]
        assert keeps(plan(tmp_path, notebook)) == expected


def test_an_answer_given_before_its_place_is_kept_there_and_not_overwritten(tmp_path):
    notebook = exercise("en", {"split": "my_split, my_counts = 3, 4"})
    steps = plan(tmp_path, notebook)
    assert run(steps) == {"split": [3], "counts": [4]}
    assert steps[-1] == Step("answer-counts", "", keep="counts")
    assert in_order(steps)[-2:] == ["check-split", "answer-counts"]


def test_an_answer_that_fails_before_its_place_leaves_its_names_known(tmp_path):
    answers = {"split": "my_split, my_preprocess = 3, 1 / 0", "model": "my_model = preprocess"}
    assert run(plan(tmp_path, exercise("en", answers))) == {"split": [None], "preprocess": [None], "model": [range(1)]}


def test_an_answer_given_after_its_place_is_kept_where_it_is_given(tmp_path):
    notebook = exercise("en", {"counts": "my_split = 3\nmy_counts = 4"})
    steps = plan(tmp_path, notebook)
    assert run(steps) == {"split": [3], "counts": [4]}
    assert [step.keep for step in steps][-2:] == ["counts", "split"]


def test_an_answer_written_into_the_check_cell_counts_before_the_check(tmp_path):
    notebook = exercise()
    cell(notebook, "check-split").source = "my_split = 3\n" + cell(notebook, "check-split").source
    steps = plan(tmp_path, notebook)
    assert run(steps) == {"split": [3]}
    assert [step.name for step in steps][-3:] == ["answer-split", "", "answer-split"]
    cell(notebook, "check-split").source = "my_split = 4"
    cell(notebook, "answer-counts").source = "my_counts = train"
    steps = plan(tmp_path, notebook)
    assert run(steps) == {"split": [4], "counts": [0]}
    assert in_order(steps)[-5:] == ["answer-split", "", "answer-split", "check-split", "answer-counts"]


def test_extra_cells_follow_what_they_followed(tmp_path):
    notebook = exercise("en", {"split": "my_split = a", "counts": RUN["counts"], "preprocess": RUN["preprocess"]})
    notebook.cells[:0] = [nbformat.v4.new_code_cell("a = 1"), nbformat.v4.new_code_cell("   ")]
    insert_after(notebook, "set-up", "b = 1")
    insert_after(notebook, "imports", "import math", "# nothing")
    insert_after(notebook, "answer-split", "my_split += 1")
    insert_after(notebook, "check-split", "!pip install x", "my_split = 7")
    insert_after(notebook, "check-preprocess", "never_needed = 1")
    steps = plan(tmp_path, notebook)
    assert [step.source for step in steps if not step.name] == [
        *("a = 1", "b = 1", "import math", "my_split += 1", "!pip install x", "my_split = 7"),
    ]
    assert in_order(steps) == [
        *("set-up", "", "", "imports", "", "load", "answer-split", "", "check-split", "", ""),
        *("answer-counts", "answer-preprocess"),
    ]
    assert [step.source for step in steps if step.keep == "split"] == ["my_split += 1"]
    assert run(steps)["split"] == [2]


def test_an_extra_none_takes_no_answer_away(tmp_path):
    notebook = insert_after(exercise("en", {"split": RUN["split"]}), "answer-split", "my_split = None", "x = 2")
    assert run(plan(tmp_path, notebook)) == {"split": [1]}


def test_a_changed_cell_of_the_exercise_is_replaced_by_its_own(tmp_path):
    notebook = exercise("en", RUN)
    cell(notebook, "load").source = "given = begin(edition)\npictures = given.pictures[:3]\ngiven.earned = 3"
    cell(notebook, "check-split").source = "train, validation, test = 1, 2, 3\ngrade = print"
    cell(notebook, "copy").source = "raise SystemExit"
    assert plan(tmp_path, notebook) == plan(tmp_path, exercise("en", RUN))


def test_imports_functions_and_variables_added_to_a_cell_of_the_exercise_stay(tmp_path):
    notebook = exercise("en", RUN)
    cell(notebook, "imports").source += "\nfrom sklearn.model_selection import train_test_split\nfrom x import *"
    cell(notebook, "load").source = "b = 2\n" + cell(notebook, "load").source + "\na, c = 1, 2\ngiven = None\na.x = 3"
    cell(notebook, "check-counts").source = "def f():\n    return 1\n"
    cell(notebook, "load-base").source = "import json\nbase_model = None\nmy_model = None"
    steps = plan(tmp_path, notebook)
    extra = [(steps[i - 1].name, step.source) for i, step in enumerate(steps) if not step.name]
    assert extra == [
        ("imports", "from sklearn.model_selection import train_test_split\nfrom x import *"),
        ("", "b = 2"),
        ("load", "a, c = (1, 2)"),
        ("answer-counts", "def f():\n    return 1"),
        ("load-base", "import json"),
    ]
    steps = [step for step in steps if step.name]
    assert steps == plan(tmp_path, exercise("en", RUN))


# What a person reads


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("my_reflection = None", ""),
        ("", ""),
        ("my_reflection = 'Önce ayırırım.'", "Önce ayırırım."),
        ('my_reflection = """\nBir\n%d\n!iki\n"""', "Bir\n%d\n!iki"),
        ("my_reflection = ('a '\n 'b')", "a b"),
        ("my_reflection = None\nmy_reflection = 'x'", "x"),
        ("my_reflection = ''", ""),
        ("my_reflection = message('x')", "my_reflection = message('x')"),
        ("my_reflection = I would split", "my_reflection = I would split"),
        ("my_reflection = None\nI would split", "my_reflection = None\nI would split"),
        ("'never assigned'", "'never assigned'"),
    ],
)
def test_the_reflection_is_read_without_running_it(tmp_path, code, text):
    notebook = exercise("en", {"reflection": code})
    read_text = reflection_text(read(tmp_path, notebook))
    assert read_text.removeprefix("# answer: reflection\n") == text


def test_a_long_reflection_is_cut_and_one_in_another_cell_is_found(tmp_path):
    notebook = exercise("en", {"split": f"my_split = 1\nmy_reflection = '{'ş' * 6000}'"})
    assert reflection_text(read(tmp_path, notebook)) == "ş" * 5000


def test_the_reflection_comes_last_and_needs_nothing_but_set_up_and_imports(tmp_path):
    answer = {"reflection": "my_reflection = 'x'\ngrade('reflection', my_reflection, given=given)"}
    steps = plan(tmp_path, exercise("en", answer))
    assert in_order(steps) == ["set-up", "imports", "answer-reflection"]
    assert run(steps) == {"reflection": ["x"]}
    assert steps[-1].source == "my_reflection = 'x'"
    steps = plan(tmp_path, exercise("en", {"counts": RUN["counts"], **answer}))
    assert in_order(steps)[-2:] == ["answer-counts", "answer-reflection"]
    steps = plan(tmp_path, exercise("en", {"counts": "my_counts = 2; my_reflection = 'x'"}))
    assert run(steps) == {"counts": [2], "reflection": ["x"]}


def test_a_plan_can_be_written_as_text_whatever_the_student_wrote(tmp_path):
    notebook = exercise("en", {"split": "my_split = '\ud800\0'"})
    notebook.cells.insert(place(notebook, "load"), nbformat.v4.new_code_cell("x = '\udfff'"))
    assert all(step.source.encode("utf-8") is not None for step in plan(tmp_path, notebook))
