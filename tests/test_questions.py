"""Quizzes and tasks: how a source writes them, what the package ships of them, and what a reader is told."""

import json

import pytest
from authoring_course import GOOD, QUESTIONS, make_course, stamped
from nbclient import NotebookClient
from nbformat import v4

import tl_helpers
from tl_helpers import questions
from tl_helpers.authoring.build import build, questions_text
from tl_helpers.authoring.check import check as check_course
from tl_helpers.authoring.notebooks import make_notebook
from tl_helpers.authoring.questions import question_findings, read_question, shipped
from tl_helpers.authoring.source import read_source
from tl_helpers.authoring.tree import Tree
from tl_helpers.live import VIEW
from tl_helpers.messages import CourseError, set_language
from tl_helpers.questions import Choice, Question, as_text, feedback, folded, load_question
from tl_helpers.tasks import check

QUESTION = Question(
    "<p>What is <b>frozen</b>?</p>",
    (Choice("The head", "No: it is trained.", False), Choice("The base &lt;all&gt;", "Yes: all of it.", True)),
)


@pytest.fixture
def shipped_questions(monkeypatch):
    entries = json.loads(shipped(read_source(stamped(GOOD + QUESTIONS))))
    monkeypatch.setattr(questions, "_questions", lambda lesson: entries if lesson == "01" else {})


@pytest.fixture
def tree(tmp_path):
    return make_course(tmp_path)


def found(tree: Tree, old: str = "", new: str = "") -> list[tuple[str, str]]:
    text = stamped(GOOD + QUESTIONS)
    assert old in text
    lesson = tree.course.lessons[0]
    return [(each.key, each.cell) for each in question_findings("s.py", read_source(text.replace(old, new)), lesson)]


def test_a_question_is_divided_into_text_and_items():
    question, items = read_question("Which?\n\n- [x] This one\n  Yes: so\n  it is.\n- [ ] That one\n  No.")
    assert question == "Which?"
    assert [(item.mark, item.text, item.below) for item in items] == [
        ("x", "This one", "Yes: so it is."),
        (" ", "That one", "No."),
    ]


def test_good_questions_have_no_findings(tree):
    assert found(tree) == []


def test_a_task_may_be_graded_instead_of_checked(tree):
    source = tree.source(tree.course.lessons[0])
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace('check("01", "task-rows", my_rows', 'grade("task-rows", my_rows'), encoding="utf-8")
    assert found(tree) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("# - [x] The weights stay", "# - [ ] The weights stay", ("quiz_flawed", "quiz-frozen")),
        ("# - [ ] The weights are 0", "# - [x] The weights are 0", ("quiz_flawed", "quiz-frozen")),
        ("# - [ ] The weights are 0\n#   No: they stay.\n", "", ("quiz_flawed", "quiz-frozen")),
        ("#   No: they stay.\n", "", ("quiz_flawed", "quiz-frozen")),
        ("The weights are 0", "The weights are $0$", ("quiz_flawed", "quiz-frozen")),
        ("# - [?] Look at the shape.\n", "", ("task_flawed", "task-rows")),
        ("# - [?] Look at the shape.", "# - [ ] Look at the shape.", ("task_flawed", "task-rows")),
        ("# - [?] Boyuta bakın.", "# - [?] Boyuta bakın.\n# - [?] Sayın.", ("task_flawed", "task-rows")),
        ("# - [ ] Ağırlıklar 0'dır", "# - [x] Ağırlıklar 0'dır", ("question_unlike", "quiz-frozen")),
        ('"task-rows", my_rows', '"task-row", my_rows', ("task_unchecked", "task-rows")),
        ("assert len(shape) == 2", "print(shape)", ("objective_not_shown", "")),
    ],
)
def test_a_flaw_is_found_and_its_cell_named(tree, old, new, expected):
    assert expected in found(tree, old, new)


def test_an_objective_without_anything_that_shows_it_is_found(tree):
    table = tree.root / "tl_helpers" / "course.toml"
    table.write_text(table.read_text().replace('["shapes"], ["shapes"], ["shapes"]', '["shapes"], []'))
    assert found(Tree(tree.root)) == [("objective_not_shown", ""), ("objective_not_shown", "")]


def test_a_built_lesson_ships_its_questions_asks_them_and_folds_its_hints(tree):
    lesson = tree.course.lessons[0]
    assert build(tree, (lesson,)) == []
    assert check_course(tree, (lesson,)) == []
    assert tree.questions(lesson).read_text(encoding="utf-8") == questions_text(tree, lesson)
    for language, hint in (
        ("en", "<summary>First hint</summary>Look"),
        ("tr", "<summary>Birinci ipucu</summary>Boyuta"),
    ):
        notebook = make_notebook(tree, lesson, language, read_source(tree.source(lesson).read_text(encoding="utf-8")))
        cells = {cell.id: cell for cell in notebook.cells}
        assert cells["quiz-frozen"].cell_type == "code"
        assert cells["quiz-frozen"].source == 'tl_helpers.quiz("01", "quiz-frozen")'
        assert hint in cells["task-rows"].source
        assert "[?]" not in cells["task-rows"].source


def test_questions_edited_by_hand_are_found_and_a_changed_question_is_executed_again(tree):
    lesson = tree.course.lessons[0]
    build(tree, (lesson,))
    tree.questions(lesson).write_text("{}\n")
    assert {"questions_stale", "execute_again"} <= {each.key for each in check_course(tree, (lesson,))}
    (tree.root / "tl_helpers" / "questions" / "07.json").write_text("{}")
    assert "stray" in {each.key for each in check_course(tree, (lesson,))}


def test_a_lesson_that_fails_keeps_the_questions_that_were_there(tree):
    lesson = tree.course.lessons[0]
    build(tree, (lesson,))
    before = tree.questions(lesson).read_text(encoding="utf-8")
    source = tree.source(lesson)
    source.write_text(source.read_text(encoding="utf-8").replace("No: they stay", "No") + '\n# %% name="x"\n1 / 0\n')
    source.write_text(stamped(source.read_text(encoding="utf-8")))
    assert [each.key for each in build(tree, (lesson,))] == ["failed", "failed"]
    assert tree.questions(lesson).read_text(encoding="utf-8") == before


def test_markdown_and_formulas_of_a_question_become_html(shipped_questions):
    question = load_question("01", "quiz-frozen")
    assert (
        question.text
        == "<p>What does <em>frozen</em> mean, if <code>trainable</code> is false and the loss is $\\ln 2$?</p>"
    )
    assert question.choices[1] == Choice("The weights stay", "Yes: <strong>none</strong> changes, not one.", True)
    set_language("tr")
    assert load_question("01", "quiz-frozen").choices[0].why == "Hayır: oldukları gibi kalırlar."


@pytest.mark.parametrize(("lesson", "name"), [("01", "quiz-melted"), ("01", "task-rows"), ("99", "quiz-frozen")])
def test_an_unknown_question_is_refused(shipped_questions, each_language, lesson, name):
    with pytest.raises(CourseError, match=name):
        tl_helpers.quiz(lesson, name)


def test_an_unknown_task_is_refused(shipped_questions):
    with pytest.raises(CourseError, match="task-columns"):
        check("01", "task-columns", 2, lambda answer: answer == 2)


def test_feedback_tells_right_from_wrong_and_explains_both():
    assert "✗" in feedback(QUESTION, 0)
    assert "No: it is trained." in feedback(QUESTION, 0)
    assert "✓" in feedback(QUESTION, 1)
    assert "Yes: all of it." in feedback(QUESTION, 1)
    assert feedback(QUESTION, None) == ""


def test_without_widgets_each_choice_has_its_explanation():
    html, text = folded(QUESTION), as_text(QUESTION)
    assert "<details><summary>b) The base &lt;all&gt;</summary>Yes: all of it.</details>" in html
    assert "b) The base <all>" in text
    assert "b: Yes: all of it." in text


def test_an_open_task_says_so_kindly_and_does_not_look_at_the_answer(shipped_questions, capsys):
    check("01", "task-rows", None, lambda answer: 1 / 0)
    assert "Not answered yet" in capsys.readouterr().out


class Strange:
    def __repr__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


@pytest.mark.parametrize("wrong", [3, "two", [2, 2], Strange()])
def test_a_wrong_or_strange_answer_gets_a_hint_and_never_an_error(shipped_questions, capsys, wrong):
    check("01", "task-rows", wrong, lambda answer: answer == 2 and not isinstance(answer, list))
    said = capsys.readouterr().out
    assert "Not yet" in said
    assert "Hint: Look at the shape." in said
    assert "Second hint: It is the first of its numbers." in said


def test_a_right_answer_is_called_right(shipped_questions, capsys, each_language):
    check("01", "task-rows", 2, lambda answer: answer == 2)
    assert capsys.readouterr().out.strip() == {"en": "Right: 2.", "tr": "Doğru: 2."}[each_language]


LIVE = """
from tl_helpers import questions
from tl_helpers.questions import Choice, Question, _widget, folded, as_text
from tl_helpers.live import show_live
question = Question("<p>Which?</p>", (Choice("A", "No: not A.", False), Choice("B", "Yes: B.", True)))
widget = _widget(question)
show_live(widget, {"text/html": folded(question), "text/plain": as_text(question)})
text, choice, said = widget.children
seen = [said.value]
for place in (0, 1):
    choice.index = place
    seen.append(said.value)
print(seen)
"""


def test_in_a_kernel_a_quiz_is_a_widget_that_answers_and_leaves_text_where_no_widgets_run():
    notebook = v4.new_notebook(cells=[v4.new_code_cell(LIVE)])
    NotebookClient(notebook, kernel_name="python3").execute()
    shown, printed = notebook.cells[0].outputs
    assert {VIEW, "text/html", "text/plain"} <= set(shown.data)
    first, second, third = eval(printed.text)
    assert first == ""
    assert "No: not A." in second
    assert "Yes: B." in third
