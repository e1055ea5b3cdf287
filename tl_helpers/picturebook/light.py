"""How a picture was taken: light, colour cast, sharpness and noise, the same for every class."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tl_helpers.picturebook.colours import chance, span


def photograph(image: Image.Image, rng: Generator) -> NDArray[np.uint8]:
    """Add light, blur and noise to a drawing.

    Args:
        image: RGB picture of size × size pixels.
        rng: source of chance.

    Returns:
        The finished picture, uint8, shape (size, size, 3).
    """
    if chance(rng, 0.25):
        image = image.filter(ImageFilter.GaussianBlur(span(rng, (0.3, 0.8)) * image.width / 96))
    pixels = np.asarray(image, dtype=np.float32) * light(image.width, rng)
    pixels = np.minimum(pixels, 225 + (pixels - 225) * 0.4)  # bright tones are compressed, as film does
    pixels += rng.normal(0.0, 1.0, pixels.shape).astype(np.float32) * span(rng, (1.0, 6.0))
    finished: NDArray[np.uint8] = np.clip(pixels + 0.5, 0, 255).astype(np.uint8)
    return finished


def light(size: int, rng: Generator) -> NDArray[np.float32]:
    """Return a factor for every pixel: brightness, a colour cast and a soft fall-off; shape (size, size, 3)."""
    axis = np.linspace(-1.0, 1.0, size, dtype=np.float32)
    angle, strength = span(rng, (0, 2 * np.pi)), span(rng, (0.0, 0.22))
    slope = strength * (np.cos(angle) * axis[None, :] + np.sin(angle) * axis[:, None])
    brightness = span(rng, (0.76, 1.12))
    cast = 1.0 + rng.uniform(-0.06, 0.06, 3)
    factor = (brightness + slope)[:, :, None] * cast
    return np.asarray(factor, dtype=np.float32)
