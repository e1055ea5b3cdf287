"""The favourite pictures of channels beside the real pictures to which they answer most, as lesson 08 draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tl_helpers.interactive import Drawing
from tl_helpers.looking import in_batches, middle_of, seen_from_middle
from tl_helpers.messages import message, number
from tl_helpers.plots import figure

Array = np.ndarray[Any, Any]
EXAMPLES = 3  # real pictures of each channel


@dataclass(frozen=True)
class Favourites:
    """What channels of a layer would like to see, and which real pictures come nearest. Introduced in lesson 08.

    Args:
        channels: their numbers.
        found: float, shape (channels, size, size, 3), in [-1, 1].
        answers: of the middle of each channel's map to its found picture, shape (channels,).
        examples: uint8, shape (channels, EXAMPLES, size, size, 3): the real pictures with the strongest answers.
        strongest: the answer to the first of them, shape (channels,).
        seen: part of the picture that matters, as ``seen_from_middle`` returns it.
        count: of real pictures that were tried.
    """

    channels: tuple[int, ...]
    found: Array
    answers: Array
    examples: Array
    strongest: Array
    seen: tuple[int, int, int, int]
    count: int


def compare_with_real(
    bottom: keras.Model, channels: tuple[int, ...], found: Array, inputs: Array, images: Array
) -> Favourites:
    """Ask a layer about found pictures and about real ones. Introduced in lesson 08.

    Args:
        bottom: as for ``favourite_pictures``.
        channels: one a found picture.
        found: what ``favourite_pictures`` returned.
        inputs: real pictures as the model takes them, shape (n, size, size, 3).
        images: the same as uint8, 0–255.
    """
    row, column = middle_of(bottom)
    chosen = list(channels)
    answers = np.asarray(bottom(found, training=False))[range(len(chosen)), row, column, chosen]
    real = in_batches(bottom, inputs)[:, row, column, chosen].T  # (channels, n)
    order = np.argsort(-real, axis=1, kind="stable")[:, :EXAMPLES]
    return Favourites(channels, found, answers, images[order], real.max(axis=1), seen_from_middle(bottom), len(images))


def draw_favourite(favourites: Mapping[str, Favourites], layer: str, channel: int) -> Drawing:
    """Draw what a channel would like to see, and what it answers to most in real pictures. Introduced in lesson 08.

    Only the part that the middle of the map sees is shown.

    Args:
        favourites: layer → its favourites.
        layer: one of them.
        channel: its number, one of those of the layer's favourites.
    """
    shown = favourites[layer]
    index = shown.channels.index(channel)
    fig, axes = figure(6.4, 2.5, EXAMPLES + 1)
    for axis in axes:
        axis.set_axis_off()
    found = shown.found[index]
    top, bottom, left, right = shown.seen
    axes[0].imshow((0.5 + 0.5 * found / np.abs(found).max())[top:bottom, left:right])
    axes[0].set_title(message("looking.found"), fontsize=9)
    for axis, picture in zip(axes[1:], shown.examples[index], strict=True):
        axis.imshow(picture[top:bottom, left:right])
        axis.set_title(message("looking.real"), fontsize=9)
    fig.suptitle(message("looking.favourite_title", channel=shown.channels[index]), fontsize=12, fontweight="bold")
    reading = read_favourite(shown, index, layer)
    return Drawing(fig, message("looking.favourite_alt", reading=reading), reading)


def read_favourite(favourites: Favourites, index: int, layer: str) -> str:
    """Say in one sentence how strongly a channel answers to its found picture and to the best real one.

    Args:
        favourites: of a layer.
        index: of the channel among them, from 0.
        layer: name of the layer.
    """
    found, real = float(favourites.answers[index]), float(favourites.strongest[index])
    numbers = {"found": number(found, 1), "real": number(real, 1), "count": number(favourites.count)}
    key = "looking.favourite_more" if found > real else "looking.favourite_less"
    return message(key, layer=layer, channel=favourites.channels[index], **numbers)
