"""Inside the box: run a submission's steps one by one, as a notebook would, and keep its answers.

``python -m tl_helpers.grading.teacher.inside <box>`` reads ``plan.json``; it writes ``progress.txt`` (the index of the
step that runs, ``end`` after the last one), ``steps.jsonl`` (a line a step that has ended) and ``answers/``. What cells
print goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.carrying import keep
from tl_helpers.grading.teacher.shell import Shell, describe, limited, make_shell, run_step

AFTER_TRAINING = "check-train"  # the cell that decides whose training the notebook goes on with


def main(box: Path) -> None:
    """Run the plan of a box.

    Args:
        box: its folder.
    """
    plan = json.loads((box / "plan.json").read_text(encoding="utf-8"))
    _close_input()
    shell = make_shell(box / "ipython")
    owner, skipped = os.getpid(), set(plan["skip"])
    with (box / "steps.jsonl").open("w", encoding="utf-8") as lines:
        for index, step in enumerate(plan["steps"]):
            if index in skipped:
                continue
            (box / "progress.txt").write_text(str(index), encoding="ascii")
            start = monotonic()
            error = run_step(shell, step["source"], plan["step_seconds"])
            if os.getpid() != owner:  # a copy of the process that a cell has made and not ended
                os._exit(0)
            if step["keep"]:
                values = [shell.user_ns.get(name) for name in TASKS[step["keep"]].answers]
                error = _keep(shell, step["keep"], values, box / "answers", plan) or error
            if step["name"] == AFTER_TRAINING:
                _keep_used(shell, box / "answers" / "used", plan)
            line = {"index": index, "name": step["name"], "error": error, "seconds": round(monotonic() - start, 3)}
            lines.write(json.dumps(line) + "\n")
            lines.flush()
    (box / "progress.txt").write_text("end", encoding="ascii")


def _keep(shell: Shell, task: str, values: Sequence[Any], folder: Path, plan: dict[str, Any]) -> str:
    try:
        with limited(plan["step_seconds"]):
            keep(task, values, folder, plan["seed"], shell.user_ns.get("given"))
    except BaseException as error:
        return describe(error)
    return ""


def _keep_used(shell: Shell, folder: Path, plan: dict[str, Any]) -> None:
    """Keep the course's own training where the notebook goes on with it: another machine's would differ a little."""
    try:
        used = shell.user_ns["given"].used["train"]
        theirs = used[0] is shell.user_ns.get("my_trained")
    except BaseException:  # a cell may have changed what is in use
        return
    if not theirs:
        _keep(shell, "train", used, folder, plan)


def _close_input() -> None:
    """Give cells an input that ends at once."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
    sys.stdout.flush()
    os._exit(0)  # threads that a cell has left running are not waited for
