"""What lesson 08 draws of how far heat maps can be trusted: agreement between networks, and heat on a planted mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from tl_helpers.messages import message, number
from tl_helpers.plots import BLUE, ORANGE, figure, set_title, show
from tl_helpers.trust import heat_on_mark

Array = np.ndarray[Any, Any]


def show_agreement(agreement: Mapping[str, float], control: str) -> None:
    """Plot how much maps of changed networks agree with the original ones, and print how they read.

    Introduced in lesson 08.

    Args:
        agreement: what was changed, in the reader's language → rank correlation, -1 to 1.
        control: the one that is expected to agree.
    """
    fig, axis = figure(6.4, 0.55 * len(agreement) + 1.3)
    for row, (name, value) in enumerate(reversed(list(agreement.items()))):
        axis.barh(row, value, color=BLUE if name == control else ORANGE, height=0.6)
        axis.text(max(value, 0) + 0.02, row, number(value, 2), va="center")
    axis.axvline(0, color="black", linewidth=1)
    axis.set_xlim(min(0, *agreement.values()) - 0.02, 1.15)
    axis.set_yticks(range(len(agreement)), list(reversed(list(agreement))))
    axis.set_xlabel(message("heat_maps.agreement_axis"))
    set_title(axis, message(f"heat_maps.agreement_{_agreement_verdict(agreement, control)}_title"))
    reading = read_agreement(agreement, control)
    show(fig, message("heat_maps.agreement_alt", reading=reading))
    print(reading)


def read_agreement(agreement: Mapping[str, float], control: str) -> str:
    """Say in one sentence whether heat maps change with what the network has learned.

    Args:
        agreement: as for ``show_agreement``; the last one is the network that has forgotten most.
        control: as for ``show_agreement``.
    """
    last = list(agreement)[-1]
    shown = {"control": control.replace("\n", " "), "last": last.replace("\n", " ")}
    shown |= {"same": number(agreement[control], 2), "value": number(agreement[last], 2)}
    return message(f"heat_maps.agreement_{_agreement_verdict(agreement, control)}", **shown)


def show_mean_heat(heat: Mapping[str, Array]) -> None:
    """Show the mean heat map of each classifier with a frame where the mark is, and print how they read.

    Introduced in lesson 08.

    Args:
        heat: two classifiers in the reader's language → float, shape (n, size, size), of the same marked pictures.
    """
    fig, axes = figure(6.0, 3.5, len(heat))
    hottest = max(float(maps.mean(axis=0).max()) for maps in heat.values())
    for axis, (name, maps) in zip(axes, heat.items(), strict=True):
        axis.set_axis_off()
        axis.imshow(maps.mean(axis=0), cmap="cividis", vmin=0, vmax=hottest)
        size, side = maps.shape[1], maps.shape[1] // 3
        corner = (size - side - 0.5, size - side - 0.5)
        axis.add_patch(Rectangle(corner, side - 1, side - 1, fill=False, edgecolor=ORANGE, linewidth=3))
        axis.set_title(f"{name}: {number(heat_on_mark(maps), 2)}", fontsize=10)
    fig.suptitle(message(f"heat_maps.mark_{_mark_verdict(heat)}_title"), fontsize=12, fontweight="bold")
    reading = read_mean_heat(heat)
    show(fig, message("heat_maps.mark_alt", reading=reading))
    print(reading)


def read_mean_heat(heat: Mapping[str, Array]) -> str:
    """Say in one sentence how hot each classifier's maps are on the mark.

    Args:
        heat: as for ``show_mean_heat``.
    """
    (first, one), (second, other) = ((name, number(heat_on_mark(maps), 2)) for name, maps in heat.items())
    return message(f"heat_maps.mark_{_mark_verdict(heat)}", first=first, one=one, second=second, other=other)


def _agreement_verdict(agreement: Mapping[str, float], control: str) -> str:
    return "differs" if agreement[control] - list(agreement.values())[-1] > 0.3 else "same"


def _mark_verdict(heat: Mapping[str, Array]) -> str:
    one, other = (heat_on_mark(maps) for maps in heat.values())
    return "found" if other > 1.5 * one else "not_found"
