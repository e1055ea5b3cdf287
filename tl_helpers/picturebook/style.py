"""The similarity knob: the same drawing in another technique, from flat colour to an engraving in one ink."""

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter

from tl_helpers.picturebook.colours import PAINTS, PALE, darker, pick, span, vary


def engraved(image: Image.Image, rng: Generator, similarity: float) -> Image.Image:
    """Go over from a drawing in flat colours to an engraving, in which lines of one ink grow with the shadows.

    Args:
        image: RGB drawing, as large as it was drawn.
        rng: source of chance, for the ink, the paper and the direction of the lines.
        similarity: share of the drawing in the mixture, 0–1; at 0.0 only the engraving is left.

    Returns:
        RGB picture of the same size.
    """
    paper, ink = vary(rng, pick(rng, PALE)), darker(pick(rng, PAINTS), span(rng, (0.6, 0.9)))
    angle, period = span(rng, (-0.8, 0.8)), span(rng, (3.2, 4.4)) * image.width / 96
    grey = image.convert("L")
    shade = 1.0 - np.asarray(grey, dtype=np.float32) / 255
    edges = np.asarray(grey.filter(ImageFilter.FIND_EDGES).filter(ImageFilter.MaxFilter(3)), dtype=np.float32)
    contours = np.pad(edges[3:-3, 3:-3], 3) / 40  # the filter takes the picture's border for an edge
    low, high = np.percentile(shade, (2, 98))
    shade = np.clip((shade - low) / max(high - low, 1e-3), 0.06, 0.94)
    axis = np.arange(image.width, dtype=np.float32)
    waves = 0.5 + 0.5 * np.cos((np.cos(angle) * axis[:, None] + np.sin(angle) * axis[None, :]) * 2 * np.pi / period)
    lines = np.clip(np.maximum((shade - waves) * 4 + 0.5, contours - 0.4), 0, 1)[:, :, None]
    engraving = np.asarray(paper) * (1 - lines) + np.asarray(ink) * lines
    mixed = similarity * np.asarray(image, dtype=np.float32) + (1 - similarity) * engraving
    return Image.fromarray(mixed.astype(np.uint8))
