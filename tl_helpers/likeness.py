"""What a frozen base gains over pixels, measured in lesson 01, beside the runs that the course keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tl_helpers.messages import message, number
from tl_helpers.plots import BLUE, GREEN, GREY, figure, set_title, show
from tl_helpers.strategy import SIMILARITIES, reference_runs

Live = Mapping[str, Mapping[float, Sequence[float]]]  # way → similarity → accuracy (0–1) of each run


def show_live_beside_reference(live: Live, size: int) -> None:
    """Plot runs made here beside those that the course keeps, and print how they read. Introduced in lesson 01.

    Args:
        live: ``"pixels"`` and ``"frozen"`` → similarity → accuracy (0–1) of each run.
        size: pictures a class, one of ``SIZES``.
    """
    fig, axis = figure(6.2, 3.5)
    kept = {similarity: reference_runs()[size, similarity]["frozen"] for similarity in SIMILARITIES}
    looks = {"pixels": (live["pixels"], GREY, "s"), "frozen": (live["frozen"], BLUE, "o"), "kept": (kept, GREEN, "D")}
    for shift, (name, (runs, colour, marker)) in zip((-0.03, 0.0, 0.03), looks.items(), strict=True):
        places = [similarity + shift for similarity, values in runs.items() for _ in values]
        values = [100 * value for each in runs.values() for value in each]
        axis.plot(places, values, marker, color=colour, alpha=0.7, label=message(f"strategy.live_{name}"))
    axis.axhline(50, color=GREY, linewidth=1, linestyle=":")
    axis.set_xticks(SIMILARITIES, [number(each, 1) for each in SIMILARITIES])
    axis.set_ylim(40, 100)
    axis.set_xlabel(message("strategy.similarity"))
    axis.set_ylabel(message("strategy.accuracy"))
    axis.legend(loc="upper left", frameon=False, fontsize=9)
    set_title(axis, message(f"strategy.live_title_{_carries(live)}"))
    reading = read_live(live)
    show(fig, message("strategy.live_alt", reading=reading))
    print(reading)


def read_live(live: Live) -> str:
    """Say what the frozen base gains over pixels at the highest and at the lowest similarity.

    Args:
        live: as ``show_live_beside_reference`` takes it.
    """
    gains = {each: _gain(live, each) for each in (max(live["frozen"]), min(live["frozen"]))}
    (alike, most), (unlike, least) = gains.items()
    values = {"alike": number(alike, 1), "unlike": number(unlike, 1)}
    points = {"most": number(most, 1), "least": number(least, 1)}
    return message(f"strategy.live_{_carries(live)}", **values, **points)


def _carries(live: Live) -> str:
    alike, unlike = _gain(live, max(live["frozen"])), _gain(live, min(live["frozen"]))
    return "fades" if alike - unlike > 5 else "stays"


def _gain(live: Live, similarity: float) -> float:
    return 100 * float(np.mean(live["frozen"][similarity]) - np.mean(live["pixels"][similarity]))
