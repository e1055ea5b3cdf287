"""What a drilled notebook shows that the committed one does not: other exact results, or red text."""

from typing import Any

from tl_helpers.authoring.notebooks import EXACT
from tl_helpers.messages import message


def shown_otherwise(committed: Any, executed: Any) -> list[str]:
    """Return a sentence for each cell that shows on another machine what it must not.

    Args:
        committed: the committed notebook, with the mini edition's outputs.
        executed: the same, executed in the mini edition elsewhere.

    Returns:
        Cells tagged exact whose text differs, and cells that write to standard error.
    """
    said = []
    for there, here in zip(committed.cells, executed.cells, strict=True):
        if here.cell_type != "code":
            continue
        if EXACT in here.metadata.get("tags", []) and texts(there) != texts(here):
            said.append(message("drill.other_result", cell=here.id, found=texts(here), expected=texts(there)))
        red = "".join(output.text for output in here.outputs if output.get("name") == "stderr")
        if red.strip():
            said.append(message("drill.red", cell=here.id, text=red.strip()[-300:]))
    return said


def texts(cell: Any) -> str:
    """Return all that a cell's outputs say in plain text, but for what goes to standard error."""
    said = []
    for output in cell.outputs:
        if output.output_type == "stream":
            said.append(output.text if output.name == "stdout" else "")
        else:
            said.append(output.get("data", {}).get("text/plain", ""))
    return "".join(said)
