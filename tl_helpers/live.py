"""Show a widget where widgets run, and something that says the same where they do not: GitHub, HTML pages."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from tl_helpers.progress import in_notebook

VIEW = "application/vnd.jupyter.widget-view+json"


def widgets_here() -> Any | None:
    """Return the module ``ipywidgets``, or None where it is not installed or this is no Jupyter kernel."""
    try:
        return import_module("ipywidgets") if in_notebook() else None
    except ImportError:
        return None


def show_live(widget: Any | None, static: Mapping[str, str], metadata: Mapping[str, Any] | None = None) -> None:
    """Show a widget, and to readers who see no widgets something that says the same.

    Args:
        widget: of ipywidgets 7 or 8, or None.
        static: MIME type → content that is shown where no widgets run; outside Jupyter ``"text/plain"`` is printed.
        metadata: MIME type → metadata of that content, such as an alternative text.
    """
    if not in_notebook():
        print(static["text/plain"])
        return
    from IPython.display import display

    view = {VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}} if widget else {}
    display({**view, **static}, metadata=dict(metadata or {}), raw=True)
