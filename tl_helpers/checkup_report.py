"""Say and plot what a check-up of own pictures found."""

from __future__ import annotations

from collections import Counter

import numpy as np

from tl_helpers.checkup import CheckUp
from tl_helpers.messages import message, number, percent

DETAILS = 5  # lines a finding
PAIRS = 6


def show_check_up(check_up: CheckUp) -> None:
    """Plot how many files of each class can be used, show near copies, and print the report. Introduced in lesson 09.

    Args:
        check_up: what ``check_up`` returned, of at least one class.
    """
    from tl_helpers.plots import BLUE, GREY, ORANGE, class_name, figure, set_title, show, show_pictures

    counts = class_counts(check_up)
    fig, axis = figure(6.2, 0.5 * len(counts) + 1.6)
    rows = np.arange(len(counts))[::-1]
    left = np.zeros(len(counts))
    for kind, colour in (("usable", BLUE), ("repeated", ORANGE), ("broken", GREY)):
        widths = np.array([each[kind] for each in counts.values()])
        if widths.any():
            axis.barh(rows, widths, left=left, color=colour, height=0.6, label=message(f"checkup.{kind}"))
        left += widths
    axis.set_yticks(rows, [class_name(name) for name in counts])
    axis.set_xlabel(message("checkup.files"))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.35), ncols=3, frameon=False, fontsize=9)
    set_title(axis, _title(check_up))
    show(fig, message("checkup.alt", reading=read_check_up(check_up)))
    print(read_check_up(check_up))
    shown = [position for finding in check_up.findings for group in finding.groups for position in group[:2]]
    names = [file.name.rsplit("/", 1)[-1] for file in check_up.seen if file.key]
    if shown:
        some = shown[: 2 * PAIRS]
        show_pictures(check_up.pictures[some], [_short(names[i]) for i in some], message("checkup.pairs"))
    print(report(check_up))


def report(check_up: CheckUp) -> str:
    """Say what was found, why it matters and what to do. Introduced in lesson 09.

    Args:
        check_up: what ``check_up`` returned.

    Returns:
        Several lines in the reader's language.
    """
    usable = Counter(file.class_name for file in check_up.seen if file.key)
    classes = ", ".join(f"{name} {number(count)}" for name, count in usable.items()) or message("checkup.none")
    head = {"folder": check_up.name or message("checkup.splits_name"), "pictures": number(usable.total())}
    lines = [message("checkup.head", classes=classes, **head)]
    for position, finding in enumerate(check_up.findings, start=1):
        lines.append(message("checkup.found", position=position, text=finding.say("found")))
        lines += [message(f"checkup.{what}", text=finding.say(what)) for what in ("why", "do")]
        lines += [message("checkup.detail", text=line) for line in finding.details[:DETAILS]]
        if len(finding.details) > DETAILS:
            lines.append(message("checkup.more", count=number(len(finding.details) - DETAILS)))
    return "\n".join(lines if check_up.findings else [*lines, message("checkup.well")])


def class_counts(check_up: CheckUp) -> dict[str, dict[str, int]]:
    """Count each class's files: ``usable`` different pictures, ``repeated`` ones and ``broken`` ones."""
    readable = [file for file in check_up.seen if file.key]
    again = {i for finding in check_up.findings for group in finding.groups for i in group[1:]}
    counts: dict[str, dict[str, int]] = {}
    for file in check_up.seen:
        counts.setdefault(file.class_name, {"usable": 0, "repeated": 0, "broken": 0})["broken"] += not file.key
    for position, file in enumerate(readable):
        counts[file.class_name]["repeated" if position in again else "usable"] += 1
    return counts


def read_check_up(check_up: CheckUp) -> str:
    """Say in one sentence how many files there are and how many of them can be used."""
    totals = _totals(check_up)
    shown = {kind: number(count) for kind, count in totals.items()}
    counts = {"files": number(len(check_up.seen)), "classes": number(len(class_counts(check_up)))}
    return message("checkup.reading", **counts, **shown)


def _title(check_up: CheckUp) -> str:
    totals = _totals(check_up)
    lost = len(check_up.seen) - totals["usable"]
    return (
        message("checkup.title_lost", share=percent(lost / len(check_up.seen)))
        if lost
        else message("checkup.title_well")
    )


def _totals(check_up: CheckUp) -> dict[str, int]:
    counts = class_counts(check_up).values()
    return {kind: sum(each[kind] for each in counts) for kind in ("usable", "repeated", "broken")}


def _short(name: str) -> str:
    return name if len(name) < 16 else f"…{name[-14:]}"
