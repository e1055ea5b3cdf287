"""Submissions that are broken or try to harm, cheat or spy: what is handed in, and what its result must say."""

import json
from dataclasses import dataclass, field

import nbformat
from handed_in import cell, exercise, insert_after, place, without_ids, without_metadata

SPLIT = "my_split = split_indices(list(pictures.names), pictures.labels)"
COUNTS = "my_counts = np.bincount(train.labels)"
RESCALING = "my_preprocess = keras.layers.Rescaling(1 / 127.5, offset=-1)"
YES = """
class Yes:
    def __eq__(self, other): return True
    def __len__(self): return 5
    def __iter__(self): return iter([self] * 5)
    def __float__(self): return 1.0
    __int__ = __float__
    __hash__ = None
"""
FULL = {"split": 3, "counts": 1, "preprocess": 2}


@dataclass(frozen=True)
class HandedIn:
    """A file, and what must come of it.

    Args:
        data: bytes, text or a notebook.
        points: of the tasks that get any.
        human: whether a human being must be asked.
        says: the messages of which one must be among the notes.
        name: of the file.
    """

    data: object
    points: dict[str, int] = field(default_factory=dict)
    human: bool = False
    says: tuple[str, ...] = ()
    name: str = "04_flowers_exercise.ipynb"

    @property
    def content(self) -> bytes:
        data = self.data if isinstance(self.data, bytes | str) else json.dumps(self.data)
        return data if isinstance(data, bytes) else data.encode("utf-8")


def answered(**answers):
    return exercise("en", answers)


def then_right(split):
    """A first answer that does something, two right ones after it: those must get their points."""
    return answered(split=split, counts=COUNTS, preprocess=RESCALING)


def deleted():
    notebook = then_right(SPLIT)
    kept = [one for one in notebook.cells if not one.id.startswith("check-") and one.id not in ("load", "imports")]
    notebook.cells = kept
    return notebook


def renamed():
    notebook = then_right(SPLIT)
    cell(notebook, "answer-counts").source = "# answer: counts\nbenim_sayim = np.bincount(train.labels)"
    return notebook


def reordered():
    notebook = then_right(SPLIT)
    notebook.cells = notebook.cells[:2] + notebook.cells[:1:-1]
    return notebook


def duplicated():
    notebook = then_right(SPLIT)
    at = place(notebook, "answer-counts")
    notebook.cells.insert(at, nbformat.from_dict(dict(cell(notebook, "answer-counts"))))
    return notebook


def other_kernel():
    notebook = then_right(SPLIT)
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    return notebook


def patched():
    """Everything in reach is replaced: what grades, what compares, what counts points, assert, exit codes."""
    notebook = answered(
        counts="my_counts = [1, 1, 1, 1, 1]", preprocess="my_preprocess = keras.layers.Rescaling(1 / 255)"
    )
    code = """
import builtins, sys, tl_helpers.grading.instant as instant, tl_helpers.grading.tasks as tasks
import tl_helpers.grading.checks as checks, numpy
for name in dir(checks):
    if callable(getattr(checks, name)) and name != "Wrong":
        setattr(checks, name, lambda facts: None)
tasks.judge = lambda task, facts: [tasks.Verdict(check.name, True) for check in task.checks]
instant.judge = tasks.judge
instant.points = tasks.points = lambda task, verdicts: task.points
numpy.allclose = numpy.array_equal = lambda *args, **kwargs: True
given.earned = {name: 99 for name in tasks.TASKS}
builtins.isinstance = lambda value, kind: True
"""
    return insert_after(notebook, "load", code)


def spying(*targets):
    code = f"""
import glob, os
seen = [path for target in {[str(one) for one in targets]} for path in glob.glob(target + "/**/*", recursive=True)]
seen += glob.glob("../*") + glob.glob("/root/*") + glob.glob("/home/*/*")
read = []
for path in seen:
    try: read.append(open(path, errors="replace").read())
    except OSError: pass
my_counts = "SPIED:" + "".join(read)[:1000]
"""
    return answered(split=SPLIT, counts=code)


def writing_outside(target):
    code = f"""
import os
for folder in ("{target}", "/tmp", "/usr", "/etc", "..", "../..", os.path.expanduser("~root")):
    try: open(os.path.join(folder, "planted-by-a-submission"), "w").write("here")
    except OSError: pass
{SPLIT}
"""
    return then_right(code)


def wrong():
    """A wrong or half-right answer to every task, each by another misconception."""
    return HandedIn(
        answered(
            split="n = len(pictures)\nmy_split = (range(0, n), range(n // 2, n * 3 // 4), range(n * 3 // 4, n))",
            counts="my_counts = np.bincount(pictures.labels)",
            preprocess="my_preprocess = keras.layers.Rescaling(1 / 255)",
            model="my_model = build_classifier(base_model, preprocess, 1000)",
            compile="my_compiled = compile_classifier(model, 1.0)",
            train="test_too = (test.images, test.labels)\n"
            "my_history = model.fit(train.images, train.labels, epochs=2, validation_data=test_too, verbose=0)\n"
            "my_trained = model",
            curves="my_best_epoch = 0",
            predict="my_predictions = test.labels\nmy_accuracy = 1.0",
            **{"fine-tune": "my_tuned = compile_classifier(tuned, 1e-3)"},
            inception="my_inception, my_accuracies, my_choice = trained, {'MobileNetV2': 90, 'InceptionV3': 80}, 'VGG'",
        ),
        {"compile": 1, "train": 1},
    )


BROKEN = {
    "empty file": HandedIn(b"", human=True),
    "truncated": HandedIn(json.dumps(then_right(SPLIT))[:5000], human=True),
    "a PDF": HandedIn(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj", human=True),
    "a login page": HandedIn("<!DOCTYPE html><html><body>Log in</body></html>", human=True),
    "no notebook": HandedIn('{"grades": [24]}', human=True),
    "deep": HandedIn("[" * 100_000, human=True),
    "another lesson": HandedIn({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, human=True),
    "blank": HandedIn(exercise("tr")),
}
ODD = {
    "deleted cells": HandedIn(deleted(), FULL),
    "renamed variable": HandedIn(renamed(), {"split": 3, "preprocess": 2}, human=True),
    "reordered": HandedIn(reordered(), FULL),
    "duplicated": HandedIn(duplicated(), FULL, human=True),
    "Colab": HandedIn(without_ids(then_right(SPLIT)), FULL, name="Copy of 04_flowers (1).ipynb"),
    "no metadata": HandedIn(without_metadata(then_right(SPLIT)), FULL, name="ödev.ipynb"),
    "another kernel": HandedIn(other_kernel(), FULL),
    "syntax error": HandedIn(then_right(f"{SPLIT}\nthis is no Python ("), {"counts": 1, "preprocess": 2}),
    "input": HandedIn(then_right(f"name = input('Your name? ')\n{SPLIT}"), {"counts": 1, "preprocess": 2}),
    "exit": HandedIn(then_right(f"{SPLIT}\nexit()"), FULL),
}
HOSTILE = {
    "endless": HandedIn(then_right("while True: pass"), {"counts": 1, "preprocess": 2}),
    "endless and deaf": HandedIn(
        then_right("import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass"),
        {"counts": 1, "preprocess": 2},
        human=True,
    ),
    "os._exit": HandedIn(then_right("import os\nos._exit(0)"), {"counts": 1, "preprocess": 2}, human=True),
    "segmentation fault": HandedIn(
        then_right("import ctypes\nctypes.string_at(0)"), {"counts": 1, "preprocess": 2}, human=True
    ),
    "kills its parent": HandedIn(
        then_right("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n" + SPLIT), {"counts": 1, "preprocess": 2}
    ),
    "memory": HandedIn(then_right("hog = [bytearray(2**28) for _ in range(64)]"), {"counts": 1, "preprocess": 2}),
    "forks": HandedIn(
        then_right(
            f"""
import os, time
for _ in range(40):
    if os.fork() == 0:
        os.setsid()
        time.sleep(99)
{SPLIT}"""
        ),
        FULL,
    ),
    "a gigabyte of output": HandedIn(
        then_right(f"import os\nfor _ in range(1000): print('x' * 1_000_000)\nos.write(1, bytes(10**8))\n{SPLIT}"), FULL
    ),
    "a full disk": HandedIn(
        then_right(
            "import itertools\nfor number in itertools.count():\n"
            "    with open(f'{number}', 'wb') as file: file.write(bytes(2**20))"
        ),
        {"counts": 1, "preprocess": 2},
    ),
    "says yes": HandedIn(
        answered(
            split=f"{YES}\nmy_split = (Yes(), Yes(), Yes())",
            counts="my_counts = Yes()",
            preprocess="my_preprocess = Yes()",
        )
    ),
    "patched": HandedIn(patched()),
}
