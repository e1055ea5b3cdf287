"""Turn an executed notebook into one HTML page in its language, readable without a network."""

import re
from copy import deepcopy
from typing import Any

from nbconvert import HTMLExporter

RESULTS = "application/vnd.tl-helpers.results+json"
_BADGE = re.compile(r"\[!\[([^\]]*)\]\(https?://[^)]*\)\]\(([^)]*)\)")
_SCRIPT = re.compile(r"<script src=\"([^\"]*)\"\s*>\s*</script>")
_MERMAID = re.compile(r"<script type=\"module\">(?:(?!</script>).)*?mermaid.*?</script>", re.DOTALL)


def page(notebook: Any, language: str, title: str) -> str:
    """Return a notebook as an HTML page.

    Args:
        notebook: an executed notebook.
        language: ``"en"`` or ``"tr"``, for the page's ``lang``.
        title: the page's title.

    Returns:
        A page that has its pictures and styles within. Badges become links. Only a page with formulas
        names a script elsewhere (MathJax); without a network its formulas show as they are typed.
    """
    notebook = deepcopy(notebook)
    notebook.metadata["title"] = title
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _BADGE.sub(r"[\1](\2)", cell.source)
        else:
            cell.outputs = [output for output in cell.outputs if set(output.get("data", {"text": ""})) - {RESULTS}]
    html, _ = HTMLExporter(language_code=language).from_notebook_node(notebook)
    formulas = any("$" in cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    html = _MERMAID.sub("", html)
    kept: str = _SCRIPT.sub(lambda script: script[0] if formulas and "mathjax" in script[1].lower() else "", html)
    return kept


def results_of(notebook: Any) -> dict[str, Any]:
    """Return the key results that a notebook's outputs carry, merged in the order of its cells."""
    results: dict[str, Any] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            results |= output.get("data", {}).get(RESULTS, {})
    return results
