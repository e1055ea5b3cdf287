"""Sliders over a drawing, and a drawing of the reader's own pictures; each leaves something static."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from tl_helpers.live import show_live, widgets_here
from tl_helpers.messages import message, number
from tl_helpers.plots import png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = np.ndarray[Any, Any]
LARGEST_UPLOAD = 50_000_000  # pixels; a larger picture is refused before it is unpacked


class Drawing(NamedTuple):
    """A figure, its alternative text, and the sentence that reads it, both in the reader's language."""

    figure: Figure
    alt: str
    reading: str


def explore(draw: Callable[..., Drawing], controls: Mapping[str, Sequence[Any]], start: Sequence[Any]) -> None:
    """Show a drawing with a slider for each thing that it depends on. Introduced in lesson 01.

    Without a running kernel the drawing of ``start`` and its reading stay.

    Args:
        draw: takes one value a control, in their order; quick.
        controls: label in the reader's language → the values that its slider stops at, numbers or texts.
        start: the value of each control at first.
    """
    drawing = draw(*start)
    picture = png(drawing.figure)
    panel, reading = _explorer(draw, controls, start, _html_image(picture, drawing.alt), drawing.reading)
    static = {"image/png": b64encode(picture).decode("ascii"), "text/plain": drawing.alt}
    show_live(panel, static, {"image/png": {"alt": drawing.alt}})
    show_live(reading, {"text/plain": drawing.reading})


def upload(answer: Callable[[Array], Drawing]) -> None:
    """Let the reader upload pictures and show what a model says of each. Introduced in lesson 01.

    Nothing is stored. Without a running kernel a sentence says what would be here.

    Args:
        answer: takes a picture, uint8, shape (height, width, 3), 0–255.
    """
    ipywidgets = widgets_here()
    box = None
    if ipywidgets:
        button = ipywidgets.FileUpload(accept="image/*", multiple=True, description=message("interactive.choose"))
        button.layout.width = "auto"
        shown = ipywidgets.HTML()
        button.observe(lambda change: setattr(shown, "value", answers(uploads(change["new"]), answer)), "value")
        box = ipywidgets.VBox([button, shown])
    show_live(box, {"text/plain": message("interactive.upload_static")})


def uploads(value: Any) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each uploaded file.

    Args:
        value: of a ``FileUpload`` of ipywidgets 7 (a dictionary by name) or 8 (a tuple of dictionaries).
    """
    if isinstance(value, Mapping):
        value = [{"name": name, "content": file["content"]} for name, file in value.items()]
    for file in value:
        yield file["name"], bytes(file["content"])


def answers(files: Iterator[tuple[str, bytes]], answer: Callable[[Array], Drawing]) -> str:
    """Return what a model says of each uploaded file, as HTML; of one that is no picture, why it cannot be used.

    Args:
        files: name and content of each.
        answer: as for ``upload``.
    """
    parts = []
    for name, content in files:
        picture, reason = open_picture(content)
        if picture is None:
            parts.append(f"<p>{escape(message('interactive.not_a_picture', name=name, reason=reason))}</p>")
        else:
            drawing = answer(picture)
            parts.append(f"{_html_image(png(drawing.figure), drawing.alt)}<p>{escape(drawing.reading)}</p>")
    return "".join(parts)


def open_picture(content: bytes) -> tuple[Array | None, str]:
    """Open an uploaded picture: upright, RGB; of an animation the first frame.

    Args:
        content: of a file in any format that Pillow reads.

    Returns:
        uint8, shape (height, width, 3), and ""; or None and the reason, in the reader's language.
    """
    try:
        with Image.open(BytesIO(content)) as image:
            if image.width * image.height > LARGEST_UPLOAD:
                found, most = (number(pixels / 1e6) for pixels in (image.width * image.height, LARGEST_UPLOAD))
                return None, message("interactive.too_large", found=found, expected=most)
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB")), ""
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None, message("interactive.unreadable")


def _explorer(
    draw: Callable[..., Drawing], controls: Mapping[str, Sequence[Any]], start: Sequence[Any], image: str, reading: str
) -> tuple[Any, Any]:
    ipywidgets = widgets_here()
    if ipywidgets is None:
        return None, None
    sliders = [
        ipywidgets.SelectionSlider(
            options=[(_written(value), value) for value in values],
            value=first,
            description=label,
            layout={"width": "auto", "max_width": "560px"},
            style={"description_width": "initial"},
        )
        for (label, values), first in zip(controls.items(), start, strict=True)
    ]
    shown, said = ipywidgets.HTML(image), ipywidgets.HTML(escape(reading))

    def redraw(_change: Any) -> None:
        drawing = draw(*(slider.value for slider in sliders))
        shown.value, said.value = _html_image(png(drawing.figure), drawing.alt), escape(drawing.reading)

    for slider in sliders:
        slider.observe(redraw, "value")
    return ipywidgets.VBox([*sliders, shown]), said


def _html_image(picture: bytes, alt: str) -> str:
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{b64encode(picture).decode("ascii")}">'


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    decimals = 0 if float(value).is_integer() else len(f"{value:g}".partition(".")[2])
    return number(value, decimals)
