"""The key results of a lesson: a small table for the reader, and plain data for the course report."""

from collections.abc import Mapping
from typing import Any

from tl_helpers.messages import number

MIME_TYPE = "application/vnd.tl-helpers.results+json"


def emit_results(results: Mapping[str, float | str]) -> None:
    """Hand results to ``make course``'s report without showing anything; outside Jupyter this does nothing.

    Args:
        results: name → number or text.
    """
    _publish({MIME_TYPE: _plain(results)})


def show_results(results: Mapping[str, float | str]) -> None:
    """Show a lesson's key results as a table and hand them to ``make course``'s report. Introduced in lesson 01.

    Args:
        results: name in the reader's language → number or text.
    """
    shown = {name: _written(value) for name, value in results.items()}
    width = max(map(len, shown), default=0)
    print("\n".join(f"{name:<{width}}  {value}" for name, value in shown.items()))
    emit_results(results)


def _written(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return number(value, 0 if float(value).is_integer() else 3)


def _plain(results: Mapping[str, Any]) -> dict[str, float | str]:
    return {name: value if isinstance(value, str) else float(value) for name, value in results.items()}


def _publish(bundle: dict[str, Any]) -> None:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    if get_ipython() is not None:
        from IPython.display import publish_display_data

        publish_display_data(bundle)
