"""What lesson 08 draws of heat maps, of how far they can be trusted, and of features in a plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tl_helpers.heat_maps import corner_share
from tl_helpers.messages import message, number, percent
from tl_helpers.planes import nearer_to_own
from tl_helpers.plots import BLUE, ORANGE, class_name, figure, label_line, set_title, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray[Any, Any]
SMALL_CHANGE = 0.02  # of a share; less is called no change


def show_heat_maps(images: Array, heat: Array, captions: Sequence[str], title: str) -> None:
    """Show pictures and, below each, where its heat is; print how they read. Introduced in lesson 08.

    Args:
        images: uint8, shape (n, size, size, 3).
        heat: float, shape (n, size, size), 0 or more.
        captions: one text a picture.
        title: says the point.
    """
    fig, axes = figure(1.3 * len(images), 3.6, len(images), 2)
    for axis in np.ravel(axes):
        axis.set_axis_off()
    for column, (image, map_, caption) in enumerate(zip(images, heat, captions, strict=True)):
        axes[0, column].imshow(image)
        axes[0, column].set_title(caption, fontsize=9)
        _overlay(axes[1, column], image, map_)
    fig.suptitle(title, fontsize=12, fontweight="bold")
    reading = read_heat_maps(heat)
    names = ", ".join(caption.replace("\n", " ") for caption in captions)
    show(fig, message("heat_maps.pictures_alt", title=title, count=len(images), captions=names, reading=reading))
    print(reading)


def read_heat_maps(heat: Array) -> str:
    """Say in one sentence how much of the heat lies in the hottest quarter of each picture, on average.

    Args:
        heat: as for ``show_heat_maps``.
    """
    values = np.sort(heat.reshape(len(heat), -1), axis=1)
    total = values.sum(axis=1)
    hottest = values[:, -values.shape[1] // 4 :].sum(axis=1)
    share = float(np.mean(hottest[total > 0] / total[total > 0])) if np.any(total > 0) else 0.25
    key = "heat_maps.gathered" if share >= 0.5 else "heat_maps.spread"
    return message(key, share=percent(share, 0))


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
    from matplotlib.patches import Rectangle

    fig, axes = figure(6.0, 3.5, len(heat))
    for axis, (name, maps) in zip(axes, heat.items(), strict=True):
        axis.set_axis_off()
        axis.imshow(maps.mean(axis=0), cmap="cividis", vmin=0)
        size, side = maps.shape[1], maps.shape[1] // 3
        corner = (size - side - 0.5, size - side - 0.5)
        axis.add_patch(Rectangle(corner, side - 1, side - 1, fill=False, edgecolor=ORANGE, linewidth=3))
        axis.set_title(f"{name}: {percent(corner_share(maps), 0)}", fontsize=10)
    fig.suptitle(message(f"heat_maps.mark_{_mark_verdict(heat)}_title"), fontsize=12, fontweight="bold")
    reading = read_mean_heat(heat)
    show(fig, message("heat_maps.mark_alt", reading=reading))
    print(reading)


def read_mean_heat(heat: Mapping[str, Array]) -> str:
    """Say in one sentence how much of each classifier's heat lies on the mark.

    Args:
        heat: as for ``show_mean_heat``.
    """
    (first, one), (second, other) = ((name, percent(corner_share(maps), 0)) for name, maps in heat.items())
    return message(f"heat_maps.mark_{_mark_verdict(heat)}", first=first, one=one, second=second, other=other)


def show_plane(points: Mapping[str, Array], labels: Array, names: Sequence[str], held: float) -> None:
    """Plot features in a plane, side by side on the same axes, and print how they read. Introduced in lesson 08.

    Args:
        points: two moments in the reader's language → float, shape (n, 2).
        labels: 0 or 1, shape (n,).
        names: of the two classes.
        held: share of the spread that the plane holds, 0–1.
    """
    fig, axes = figure(7.0, 3.7, 2)
    every = np.concatenate(list(points.values()))
    low, high = every.min(axis=0), every.max(axis=0)
    margin = 0.06 * (high - low)
    for axis, (moment, each) in zip(axes, points.items(), strict=True):
        for label, colour, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
            axis.scatter(*each[labels == label].T, color=colour, marker=marker, s=14, alpha=0.6, label=class_name(names[label]))
        axis.set_xlim(low[0] - margin[0], high[0] + margin[0])
        axis.set_ylim(low[1] - margin[1], high[1] + margin[1])
        axis.set_xlabel(message("planes.first_axis"))
        axis.set_title(moment, fontsize=10)
    axes[0].set_ylabel(message("planes.second_axis"))
    axes[1].legend(loc="best", fontsize=9)
    fig.suptitle(message(f"planes.{_plane_verdict(points, labels)}_title"), fontsize=12, fontweight="bold")
    reading = read_plane(points, labels, held)
    show(fig, message("planes.alt", reading=reading))
    print(reading)


def read_plane(points: Mapping[str, Array], labels: Array, held: float) -> str:
    """Say in one sentence how well the plane keeps the classes apart before and after.

    Args:
        points: as for ``show_plane``.
        labels: as for ``show_plane``.
        held: as for ``show_plane``.
    """
    before, after = (percent(nearer_to_own(each, labels), 0) for each in points.values())
    return message(f"planes.{_plane_verdict(points, labels)}", before=before, after=after, held=percent(held, 0))


def _overlay(axis: Axes, image: Array, heat: Array) -> None:
    axis.imshow(image.mean(axis=-1), cmap="gray", vmin=0, vmax=255)
    axis.imshow(heat, cmap="cividis", alpha=0.6, vmin=0, vmax=max(float(heat.max()), 1e-9))


def _agreement_verdict(agreement: Mapping[str, float], control: str) -> str:
    return "differs" if agreement[control] - list(agreement.values())[-1] > 0.3 else "same"


def _mark_verdict(heat: Mapping[str, Array]) -> str:
    one, other = (corner_share(maps) for maps in heat.values())
    return "found" if other - one > 0.05 else "not_found"


def _plane_verdict(points: Mapping[str, Array], labels: Array) -> str:
    before, after = (nearer_to_own(each, labels) for each in points.values())
    return "same" if abs(after - before) < SMALL_CHANGE else ("apart" if after > before else "closer")
