"""In the box, steps run one after another as in a notebook, whatever one of them does, and answers are kept."""

import json
import os
import subprocess
import sys

import pytest

from tl_helpers.grading.teacher.carrying import Asked, random_probes, restore
from tl_helpers.grading.teacher.shell import describe

pytestmark = pytest.mark.long

SEED = 5
LIMIT = 2.0  # seconds a step


def run(box, steps, skip=()):
    """Run steps (name → source; a name that ends in ``> task`` keeps the task's answers); return process and lines."""
    box.mkdir(exist_ok=True)
    listed = [{"name": name, "source": source, "keep": name.partition("> ")[2]} for name, source in steps.items()]
    plan = {"seed": SEED, "steps": listed, "skip": list(skip), "step_seconds": LIMIT}
    (box / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    command = [sys.executable, "-m", "tl_helpers.grading.teacher.inside", str(box)]
    work = box / "work"
    work.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    ended = subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, input="typed", timeout=300, check=False
    )
    lines = [json.loads(line) for line in (box / "steps.jsonl").read_text(encoding="utf-8").splitlines()]
    return ended, lines


STEPS = {
    "a number": "x = 1\nprint('said')",
    "no such name": "y",
    "a syntax error": "for",
    "figures": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "figures are closed": "assert plt.get_fignums() == [], plt.get_fignums()",
    "no window": "import matplotlib\nassert matplotlib.get_backend().lower() == 'agg', matplotlib.get_backend()",
    "the system": "!echo from the shell",
    "a magic": "%%time\nx += 1",
    "waiting": "import asyncio\nawait asyncio.sleep(0.01)\nx += 1",
    "asking": "input('?')",
    "asking by the shell": "!cat",
    "exit": "exit",
    "exit()": "exit()",
    "quit()": "quit()",
    "SystemExit": "import sys\nsys.exit(3)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "too long": "while True: pass",
    "too long, and caught": "try:\n    while True: pass\nexcept BaseException:\n    pass\nwhile True: pass",
    "an error whose text leaves": "class Bad(Exception):\n    def __str__(self):\n        raise SystemExit\nraise Bad",
    "a long error": "raise ValueError('long ' * 1_000)",
    "a copy of the process": "import os, time\nif os.fork() == 0: time.sleep(0.2)",
    "its own folder": "open('mine.txt', 'w').write('x')",
    "shown": "display(x)\nx",
    "the last result": "assert _ == 3 and __name__ == '__main__' and get_ipython() is not None",
    "a history": "from pathlib import Path\nassert not list(Path('..').rglob('*.sqlite'))",
    "an epoch > curves": "my_best_epoch = 3\nraise ValueError('after the answer')",
    "half > predict": "my_predictions = [1, 2]",
    "a function > preprocess": "my_preprocess = lambda pictures: pictures / 127.5 - 1",
    "an endless answer > counts": (
        "class Endless:\n    @property\n    def history(self):\n        while True: pass\nmy_counts = Endless()"
    ),
    "an answer that leaves > train": (
        "class Leaves:\n    @property\n    def history(self):\n        raise SystemExit\nmy_trained = Leaves()"
    ),
    "a thread": "import threading\nthreading.Thread(target=time.sleep, args=(1_000,)).start()",
}
ERRORS = {
    "no such name": "NameError: name 'y' is not defined",
    "a syntax error": "SyntaxError: invalid syntax",
    "asking": "EOFError",
    "exit": "SystemExit",
    "exit()": "SystemExit",
    "quit()": "SystemExit",
    "SystemExit": "SystemExit: 3",
    "KeyboardInterrupt": "KeyboardInterrupt",
    "too long": f"TimeLimitError: {LIMIT:g} s",
    "too long, and caught": f"TimeLimitError: {LIMIT:g} s",
    "an error whose text leaves": "SystemExit",
    "a long error": "ValueError: long long",
    "an epoch > curves": "ValueError: after the answer",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    box = tmp_path_factory.mktemp("inside") / "box"
    steps = {name: step for name, step in STEPS.items() if hasattr(os, "fork") or "fork" not in step}
    return (box, *run(box, steps))


@pytest.fixture(scope="module")
def lines(ran):
    return {line["name"]: line for line in ran[2]}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_ends_with_its_own_error_and_the_next_one_runs(name, lines):
    error = lines[name]["error"]
    assert error.startswith(ERRORS[name]) if name in ERRORS else error == ""
    assert len(error) <= 500
    assert list(lines[name]) == ["index", "name", "error", "seconds"]


def test_an_error_without_a_text_is_named():
    class SilentError(Exception):
        def __str__(self):
            raise SystemExit

    assert describe(SilentError()) == "SilentError: "
    assert len(describe(ValueError("long " * 1_000))) == 500


def test_every_step_has_one_line_in_order_and_the_process_ends_well_although_a_thread_runs_on(ran):
    box, ended, lines = ran
    assert ended.returncode == 0
    assert [line["index"] for line in lines] == list(range(len(lines)))
    assert (box / "progress.txt").read_text(encoding="ascii") == "end"


def test_what_steps_print_goes_nowhere(ran):
    said = ran[1].stdout + ran[1].stderr
    assert "said\n" not in said
    assert "from the shell" not in said
    assert (ran[0] / "work" / "mine.txt").read_text(encoding="utf-8") == "x"


def test_answers_are_kept_after_their_steps_and_missing_ones_are_none(ran):
    answers = ran[0] / "answers"
    assert restore("curves", answers, SEED).answers == (3,)
    assert restore("predict", answers, SEED).answers == ([1, 2], None)
    function = restore("preprocess", answers, SEED).answers[0]
    assert isinstance(function, Asked)
    assert function(random_probes(SEED)[0]).max() <= 1
    assert [type(each).__name__ for each in restore("counts", answers, SEED).answers] == ["Endless"]
    assert [type(each).__name__ for each in restore("train", answers, SEED).answers] == ["Leaves", "NoneType"]
    assert restore("split", answers, SEED) is None


def test_a_step_that_ends_the_process_can_be_skipped(tmp_path):
    box = tmp_path / "box"
    steps = {"one": "x = 1", "the end": "import os\nos._exit(7)", "two > curves": "my_best_epoch = x"}
    ended, lines = run(box, steps)
    assert ended.returncode == 7
    assert [line["name"] for line in lines] == ["one"]
    assert (box / "progress.txt").read_text(encoding="ascii") == "1"
    ended, lines = run(box, steps, skip=[1])
    assert ended.returncode == 0
    assert [line["index"] for line in lines] == [0, 2]
    assert restore("curves", box / "answers", SEED).answers == (1,)
