"""The tasks of the lessons: each accepts the answer, rejects another one, and says kindly when it is open."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest

from tl_helpers.authoring.source import read_source
from tl_helpers.deployment import cheapest_good_enough, efficient_front
from tl_helpers.dropout import dense_network
from tl_helpers.evaluation import chance_loss, probabilities
from tl_helpers.known_answers import places_lit, stripes
from tl_helpers.messages import message, number, percent
from tl_helpers.report_card import choose_threshold, wilson_interval
from tl_helpers.tasks import check
from tl_helpers.trust import rank_agreement

SOURCES = Path(__file__).parent.parent / "notebooks" / "source"
TASKS = [
    ("01_concepts_and_dropout", "check-way", '"feature extraction"', '"fine-tuning"'),
    ("01_concepts_and_dropout", "check-way", '" feature extraction"', "7"),
    ("01_concepts_and_dropout", "check-scale", "5", "0.2"),
    ("01_concepts_and_dropout", "check-scale", "1 / 0.2", '"five"'),
    ("01_concepts_and_dropout", "check-mistake", "False", "True"),
    ("02_feature_extraction", "check-range", "keras.layers.Rescaling(1 / 255)", "keras.layers.Rescaling(255)"),
    ("02_feature_extraction", "check-range", "lambda pixels: pixels / 255", "1 / 255"),
    ("02_feature_extraction", "check-outputs", "5", "1"),
    ("02_feature_extraction", "check-loss", "np.log(5)", "np.log(2)"),
    ("02_feature_extraction", "check-mistake", "np.mean(outputs >= 0.5)", "1.0"),
    ("03_fine_tuning", "check-rate", "0.0002", "0.002"),
    ("03_fine_tuning", "check-cut", '"block_8_add"', '"block_9_add"'),
    ("03_fine_tuning", "check-awake", '"BatchNormalization "', '"Dense"'),
    ("06_mobilenet_vs_inception", "check-bottleneck", "77", "78"),
    ("06_mobilenet_vs_inception", "check-front", '["A", "B"]', '["A", "B", "C"]'),
    ("06_mobilenet_vs_inception", "check-choice", '"fast"', '"slow"'),
    ("06_mobilenet_vs_inception", "check-rate", "64", "2"),
    ("07_multi_task", "check-labels", "[1, -1, 1]", "(1, 0, 1)"),
    ("07_multi_task", "check-chain", "0.8 * 0.9", "0.8"),
    ("07_multi_task", "check-mask", "lambda labels: labels >= 0", "lambda labels: labels > 0"),
    ("08_what_networks_see", "check-filter", "[[-1] * 3, [0] * 3, [1] * 3]", "np.array([[-1, 0, 1]] * 3)"),
    ("08_what_networks_see", "check-filter", "np.array([[0.33], [0], [-0.33]]) * np.ones(3)", "np.ones((3, 3))"),
    ("08_what_networks_see", "check-edges", '"network"', '"images"'),
    ("08_what_networks_see", "check-direction", "-1", "1"),
    ("08_what_networks_see", "check-direction", "[[-1.0]]", "[[-1.0, 1.0]]"),
    ("09_your_own_pictures", "check-interval", "0.84", "1.0"),
    ("09_your_own_pictures", "check-sure", "0.53", "0.7"),
    ("09_your_own_pictures", "check-range", "[0, 255]", "(-1, 1)"),
]
TAKE_LONG = {  # what comes before the answer does
    ("03_fine_tuning", "check-cut"),
    ("03_fine_tuning", "check-awake"),
    ("06_mobilenet_vs_inception", "check-rate"),
    ("07_multi_task", "check-mask"),
    ("09_your_own_pictures", "check-range"),
}


def run(lesson, name, answer):
    """Run the cell that checks a task as if the reader had written an answer."""
    cells = read_source((SOURCES / f"{lesson}.py").read_text(encoding="utf-8"))
    (code,) = [cell.text for cell in cells if cell.name == name]
    assert code.count("= None") == 1
    if (lesson, name) in TAKE_LONG:
        code = code[re.search(r"^my_\w+ = None", code, re.MULTILINE).start() :]
    rng = np.random.default_rng(0)
    names = {"np": np, "keras": keras, "check": check, "ones": np.ones((1, 1000), "float32"), "percent": percent}
    names |= {"train": (rng.normal(size=(4, 12)).astype("float32"),), "chance_loss": chance_loss}
    names |= {"network": dense_network(12, rate=0.5, seed=0, units=64), "probabilities": probabilities}
    names |= {"validation_logits": rng.normal(size=(50, 1)), "number": number, "message": message, "rate": 2.0}
    names |= {"fitting": ["block_8_add", "block_9_add"], "tricks": {"separable": (77, 1)}}
    names |= {"efficient_front": efficient_front, "cheapest_good_enough": cheapest_good_enough}
    names |= {"names": ["slow", "fast"], "at_1": {"slow": 2.0, "fast": 1.0}, "shares": [0.9, 0.9]}
    names |= {"places_lit": places_lit, "stripes": stripes, "rank_agreement": rank_agreement}
    names |= {"base_model": None, "emptied": None, "looked": rng.random((2, 9, 9, 3))}
    names |= {"wilson_interval": wilson_interval, "choose_threshold": choose_threshold}
    names |= {"confidence": np.repeat([0.9, 0.6], [53, 47]), "right": np.arange(100) < 53}
    exec(compile(code.replace("= None", f"= {answer}"), name, "exec"), names)


@pytest.mark.parametrize(("lesson", "name", "right", "wrong"), TASKS)
def test_a_task_accepts_the_answer_and_no_other(capsys, each_language, lesson, name, right, wrong):
    before = message("tasks.right", answer="|").split("|")[0]
    run(lesson, name, right)
    assert before in capsys.readouterr().out
    run(lesson, name, wrong)
    assert before not in capsys.readouterr().out


@pytest.mark.parametrize(("lesson", "name"), sorted({task[:2] for task in TASKS}))
def test_an_open_task_says_so(capsys, lesson, name):
    run(lesson, name, "None")
    assert message("tasks.open") in capsys.readouterr().out


@pytest.mark.parametrize("lesson", sorted({task[0] for task in TASKS}))
def test_every_task_of_a_lesson_is_tried(lesson):
    cells = read_source((SOURCES / f"{lesson}.py").read_text(encoding="utf-8"))
    tasks = [cell for cell in cells if "task" in cell.tags and cell.language == "en"]
    tried = {name for stem, name, *_ in TASKS if stem == lesson}
    assert len(tasks) == len(tried)
