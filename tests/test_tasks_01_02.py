"""The tasks of lessons 01 and 02: each accepts the answer, rejects another one, and says kindly when it is open."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tl_helpers.authoring.source import read_source
from tl_helpers.dropout import dense_network
from tl_helpers.evaluation import chance_loss, probabilities
from tl_helpers.messages import message, percent
from tl_helpers.tasks import check

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
]


def run(lesson, name, answer):
    """Run the cell that checks a task as if the reader had written an answer."""
    cells = read_source((SOURCES / f"{lesson}.py").read_text(encoding="utf-8"))
    (code,) = [cell.text for cell in cells if cell.name == name]
    assert code.count("= None") == 1
    rng = np.random.default_rng(0)
    names = {"np": np, "keras": keras, "check": check, "ones": np.ones((1, 1000), "float32"), "percent": percent}
    names |= {"train": (rng.normal(size=(4, 12)).astype("float32"),), "chance_loss": chance_loss}
    names |= {"network": dense_network(12, rate=0.5, seed=0, units=64), "probabilities": probabilities}
    names |= {"validation_logits": rng.normal(size=(50, 1))}
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


def test_every_task_of_both_lessons_is_tried():
    for lesson in ("01_concepts_and_dropout", "02_feature_extraction"):
        cells = read_source((SOURCES / f"{lesson}.py").read_text(encoding="utf-8"))
        tasks = [cell for cell in cells if "task" in cell.tags and cell.language == "en"]
        tried = {name for stem, name, *_ in TASKS if stem == lesson}
        assert len(tasks) == len(tried)
