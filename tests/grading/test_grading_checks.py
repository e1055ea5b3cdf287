"""Checks give each wrong answer the points that it must get, and say what is wrong."""

import json
from collections import Counter
from dataclasses import asdict

import pytest
from wrong_answers import RIGHT, WRONG, wrong_facts

from tl_helpers.grading.instant import feedback
from tl_helpers.grading.tasks import TASKS, judge, points
from tl_helpers.messages import LANGUAGES, catalogue, set_language

GRADED = [task for task in TASKS.values() if task.checks]
CHECKS = [check.name for task in GRADED for check in task.checks]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[0]}: {case[1]}")
def test_a_wrong_answer_gets_its_points_and_is_told_what_is_wrong(case):
    task, _, _, expected, messages = case
    verdicts = judge(TASKS[task], wrong_facts(case))
    assert (points(TASKS[task], verdicts), [each.message for each in verdicts if not each.passed]) == (
        expected,
        messages,
    )
    assert expected < TASKS[task].points


def test_there_are_sixty_wrong_answers_and_four_distinct_ones_a_task():
    told = {task.name: {tuple(case[4]) for case in WRONG if case[0] == task.name} for task in GRADED}
    assert len(WRONG) >= 60
    assert min(map(len, told.values())) >= 4
    assert max(Counter((case[0], case[1]) for case in WRONG).values()) == 1


@pytest.mark.parametrize("task", GRADED, ids=lambda task: task.name)
def test_a_right_answer_gets_all_points(task):
    assert points(task, judge(task, RIGHT[task.name])) == task.points


@pytest.mark.parametrize("check", CHECKS)
def test_switching_off_a_check_lets_a_wrong_answer_through(check):
    task = TASKS[check.split(".")[0]]
    cases = [case for case in WRONG if case[0] == task.name]
    with_it = [points(task, judge(task, wrong_facts(case))) for case in cases]
    without_it = [points(task, judge(task, wrong_facts(case), {check})) for case in cases]
    assert task.points not in with_it
    assert task.points in without_it


def test_the_tasks_make_twenty_six_points_of_which_a_person_gives_two():
    assert len(GRADED) == 10
    assert sum(task.points for task in GRADED) == 24
    assert sum(task.points for task in TASKS.values()) == 26


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[0]}: {case[1]}")
def test_feedback_on_every_wrong_answer_can_be_written_in_both_languages(case, code):
    set_language(code)
    head, *lines = feedback(TASKS[case[0]], judge(TASKS[case[0]], wrong_facts(case)))
    assert str(case[3]) in head
    assert len(lines) == len(case[4])
    assert "{" not in "".join(lines)


def test_every_message_is_told_to_somebody_and_exists_in_both_languages():
    words = {key for key in catalogue("en")["grading"] if key.split("_")[0] in (*TASKS, "range", "tune")}
    assert words == {key for key in catalogue("tr")["grading"] if key.split("_")[0] in (*TASKS, "range", "tune")}
    by_facts = {"split_indices", "preprocess_fails", "model_unbuilt", "predict_kind", "inception_kind"}
    assert words - by_facts == {key for case in WRONG for key in case[4]}


def test_facts_are_plain_data():
    for case in WRONG:
        facts = asdict(wrong_facts(case))
        assert json.loads(json.dumps(facts)) is not None
