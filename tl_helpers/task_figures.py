"""The diagram of lesson 07: one base model, three heads."""

from __future__ import annotations

from tl_helpers.figures import _arrow, _box, _canvas
from tl_helpers.messages import message
from tl_helpers.plots import BLUE, GREY, ORANGE, figure, show


def draw_heads() -> None:
    """Draw one frozen base model that serves three heads, and which pictures teach each. Introduced in lesson 07."""
    fig, axis = figure(6.6, 4.6)
    _canvas(axis, 12.6, 8.8, message("multi_task.heads_title"))
    axis.text(1.0, 4.0, message("figures.picture"), ha="center", va="center", color=GREY)
    _arrow(axis, (1.95, 4.0), (2.6, 4.0))
    _box(axis, (4.2, 4.0), (3.0, 2.4), message("multi_task.heads_base"), BLUE)
    for y, task in ((6.8, "kind"), (4.0, "breed"), (1.2, "person")):
        _arrow(axis, (5.8, 4.0 + (y - 4.0) * 0.25), (7.3, y))
        _box(axis, (9.9, y), (5.0, 2.0), message(f"multi_task.heads_{task}"), ORANGE)
    show(fig, message("multi_task.heads_alt"))
