"""What the benchmark's figures say: ratios within the run, a table in both READMEs, a plot."""

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import mean
from typing import Any

from matplotlib import pyplot as plt

from tl_helpers.authoring.texts import replace_between, write_text
from tl_helpers.grading.teacher.texts import say, speaking
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import BLUE, ORANGE, figure

Results = Mapping[str, Any]
BEGIN, END = "<!-- benchmark:begin -->", "<!-- benchmark:end -->"
GRADING = "<!-- grading:begin -->", "<!-- grading:end -->"
READMES = {"en": "README.md", "tr": "README.tr.md"}


def publish(results: Results, root: Path) -> None:
    """Write figures, plot and the READMEs' tables.

    Args:
        results: what each step measured, by name.
        root: of the repository; READMEs that are not there are left out.
    """
    file = root / "assets" / "reference" / "benchmark.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, json.dumps(dict(results) | {"ratios": ratios(results)}, indent=1) + "\n")
    for code, name in READMES.items():
        plot = f"assets/benchmark_{code}.png"
        with speaking(code):
            plot_growth(results["growth"], root / plot)
            readme, shown = root / name, f"{table(results)}\n\n![{message('bench.alt')}]({plot})"
        if readme.is_file():
            write_text(readme, with_table(readme.read_text(encoding="utf-8"), shown))


def write_grading(measured: Results, root: Path) -> None:
    """Write what grading takes: its figures, and a sentence in both READMEs.

    Args:
        measured: what ``bench.grading.measure`` returned.
        root: of the repository.
    """
    write_text(root / "assets" / "reference" / "benchmark_grading.json", json.dumps(dict(measured), indent=1) + "\n")
    for code, name in READMES.items():
        with speaking(code):
            shown = say(
                "bench.grading",
                count=measured["count"],
                minutes=number(measured["seconds_many"] / 60, 1),
                each=number(2 * measured["seconds_many"] / measured["count"], 1),
                few=measured["few"],
                ratio=number(measured["seconds_one"] / measured["seconds_two"], 2),
            )
        readme = root / name
        written = replace_between(readme.read_text(encoding="utf-8"), *GRADING, shown) if readme.is_file() else None
        if written:
            write_text(readme, written)


def ratios(results: Results) -> dict[str, float]:
    """Return what compares figures of the same run: how many times faster, shares of the roofline.

    Args:
        results: as for ``publish``; what was not measured has no ratio.
    """
    found = {}
    for edition in ("mini", "full"):
        if f"engines_{edition}" in results:
            measured = results[f"engines_{edition}"]
            rates = measured["pictures_a_second"]
            fastest = _fastest(rates)
            found[f"features_{edition}"] = fastest / rates["keras_predict"]
            found[f"features_{edition}_first_call"] = fastest / rates["keras_predict_first"]
            found[f"roofline_{edition}"] = fastest * measured["gflop_a_picture"] / results["roofline"]["gflops"]
    for pictures in ("drawn", "photographs"):
        if f"tutorial_{pictures}" in results:
            ours, tutorial = results[f"ours_{pictures}"], results[f"tutorial_{pictures}"]
            found[f"procedure_{pictures}"] = sum(tutorial["seconds"]) / ours["seconds"]
            found[f"test_gain_{pictures}"] = _mean(ours, "test") - _mean(tutorial, "test")
            found[f"validation_gain_{pictures}"] = _mean(ours, "validation") - _mean(tutorial, "validation")
    return found


def table(results: Results) -> str:
    """Return the figures as a Markdown table in the language in force."""
    compared = ratios(results)
    rows = [message("bench.head"), "|---|---|---|---|"]
    for edition in ("mini", "full"):
        if f"engines_{edition}" in results:
            rates = results[f"engines_{edition}"]["pictures_a_second"]
            what = message(f"bench.features_{edition}")
            columns = (_rate(rates["keras_predict"]), _rate(_fastest(rates)))
            rows.append(_row(what, *columns, compared[f"features_{edition}"]))
    for pictures in ("drawn", "photographs"):
        if f"tutorial_{pictures}" in results:
            ours, tutorial = results[f"ours_{pictures}"], results[f"tutorial_{pictures}"]
            what = message(f"bench.procedure_{pictures}")
            columns = (_procedure(sum(tutorial["seconds"]), tutorial), _procedure(ours["seconds"], ours))
            rows.append(_row(what, *columns, compared[f"procedure_{pictures}"]))
    cached = results["second_run"]
    rows.append(
        _row(
            message("bench.second_run", count=number(cached["pictures"])),
            message("bench.seconds", seconds=number(cached["seconds_first"], 1)),
            message("bench.seconds", seconds=number(cached["seconds_from_cache"], 2)),
            cached["seconds_first"] / cached["seconds_from_cache"],
        )
    )
    machine = results["machine"]
    shares = [
        message(
            "bench.share",
            share=percent(compared[f"roofline_{edition}"], 0),
            pixels=results[f"engines_{edition}"]["pixels"],
        )
        for edition in ("mini", "full")
        if f"roofline_{edition}" in compared
    ]
    where = {"cores": machine["cores"], "tensorflow": machine["tensorflow"], "roofline": ", ".join(shares)}
    return "\n".join(rows) + "\n\n" + message("bench.where", **where)


def with_table(text: str, new: str) -> str:
    """Return a README with the table between its marks replaced.

    Args:
        text: of the README.
        new: the table.

    Raises:
        ValueError: the README has not the two marks.
    """
    changed = replace_between(text, BEGIN, END, new)
    if changed is None:
        raise ValueError(f"the README has no place for a table: {BEGIN} … {END}")
    return changed


def plot_growth(growth: Mapping[str, Any], file: Path) -> None:
    """Plot what features cost against pictures, and training against epochs, in the language in force.

    Args:
        growth: what the step ``growth`` measured.
        file: PNG file.
    """
    fig, (left, right) = figure(9.0, 3.4, columns=2)
    left.plot(growth["pictures"], growth["seconds_by_pictures"], "o-", color=BLUE)
    left.set(xlabel=message("bench.pictures"), title=message("bench.linear"))
    many = len(growth["seconds_by_epochs_whole_model"])
    lines = [("ours", len(growth["epochs"]), "seconds_by_epochs", BLUE)]
    lines += [("whole", many, "seconds_by_epochs_whole_model", ORANGE)]
    for name, count, key, colour in lines:
        epochs, seconds = growth["epochs"][:count], growth[key]
        right.plot(epochs, seconds, "o-", color=colour)
        beside = {"xytext": (8, -4), "textcoords": "offset points", "color": colour}
        right.annotate(message(f"bench.{name}"), (epochs[-1], seconds[-1]), annotation_clip=False, **beside)
    right.set(xlabel=message("bench.epochs"), title=message("bench.flat"), xlim=(0, 1.45 * growth["epochs"][-1]))
    for axis in (left, right):
        axis.set(ylabel=message("bench.seconds_axis"), ylim=(0, None))
    fig.savefig(file, metadata={"Software": None})
    plt.close(fig)


def _fastest(rates: Mapping[str, float]) -> float:
    return max(rate for name, rate in rates.items() if name.startswith("ours_"))


def _mean(measured: Mapping[str, Any], part: str) -> float:
    return float(mean(split[part] for split in measured["splits"]))


def _procedure(seconds: float, measured: Mapping[str, Any]) -> str:
    shares = {part: percent(_mean(measured, part)) for part in ("validation", "test")}
    memory = number(measured["peak_memory_gb"], 1)
    return message("bench.procedure", seconds=number(seconds, 1), memory=memory, **shares)


def _rate(value: float) -> str:
    return message("bench.rate", rate=number(value))


def _row(what: str, theirs: str, ours: str, times: float) -> str:
    return f"| {what} | {theirs} | {ours} | {number(times, 1)} × |"
