"""Hidden checks: what answers do with pictures that nobody could have seen before."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np

from tl_helpers import picturebook
from tl_helpers.grading.checks import Wrong
from tl_helpers.grading.teacher.probes import ask, random_probes
from tl_helpers.grading.training_facts import predicted
from tl_helpers.pictures import Array, Pictures

PER_CLASS = 40
# The course's own answers name 84–89 % (frozen), 89–95 % (fine-tuned) and 82–89 % (second base) of fresh pictures.
# The margins are for answers that pass the open checks only just, and for the luck of 200 pictures.
FAR_ABOVE_CHANCE = 0.35
ABOVE_CHANCE = 0.27
DROP = 0.15


def fresh_pictures(secret: int, known: Pictures) -> Pictures:
    """Draw the kinds of flowers anew. They are not kept on disk, where a student's code might find them.

    Args:
        secret: any whole number; another one gives other pictures.
        known: the course's own pictures; none of them is returned.

    Returns:
        ``PER_CLASS`` pictures of each class, in the size of the known ones.
    """
    seed = _seed("pictures", secret)
    images, labels = picturebook.draw_many(known.class_names, PER_CLASS, seed, known.images.shape[1])
    seen = {_digest(image) for image in known.images}
    new = np.array([_digest(image) not in seen for image in images])
    names = tuple(f"fresh {i}" for i in range(int(new.sum())))
    return Pictures(images[new], labels[new], known.class_names, names)


def accuracy(model: Any, pictures: Pictures) -> float:
    """Return the share of pictures that a model names rightly, 0 where it cannot say anything."""
    scores = predicted(model, pictures.images)
    return 0.0 if scores is None else float(np.mean(scores.argmax(axis=1) == pictures.labels))


def learned(share: float) -> Wrong | None:
    """The trained model names fresh pictures far better than by chance (share: of them named rightly)."""
    return None if share >= FAR_ABOVE_CHANCE else Wrong("judging.fresh_train", {"found_share": share})


def knowledge_kept(before: float, after: float) -> Wrong | None:
    """Fine-tuning has not destroyed what the model knew (shares of fresh pictures, before and after)."""
    if after >= max(before - DROP, FAR_ABOVE_CHANCE):
        return None
    return Wrong("judging.fresh_tune", {"found_share": after})


def second_learned(share: float) -> Wrong | None:
    """The model on the second base names fresh pictures better than by chance (share: of them named rightly)."""
    return None if share >= ABOVE_CHANCE else Wrong("judging.fresh_inception", {"found_share": share})


def pixel_range(answer: Any, reported: Mapping[str, Any], *, secret: int, seed: int) -> Wrong | None:
    """Every pixel of random pictures becomes x / 127.5 - 1.

    Args:
        answer: a layer, or a function of pictures (n, size, size, 3).
        reported: where it cannot be called here: what it made of the pictures of ``probes.random_probes`` in the box,
            ``"random_probes"``.
        secret: seed of the random pictures that it is called with here.
        seed: of those in the box.
    """
    pictures = random_probes(_seed("pixels", secret))
    outputs = [ask(answer, picture) for picture in pictures]
    if all(output is None for output in outputs):
        pictures, outputs = random_probes(seed), reported.get("random_probes", outputs)
    pairs = zip(outputs, pictures, strict=False)
    is_right = len(outputs) == len(pictures) and all(_is_scaled(output, picture) for output, picture in pairs)
    return None if is_right else Wrong("judging.fresh_pixels")


def _is_scaled(output: Array | None, picture: Array) -> bool:
    return output is not None and output.shape == picture.shape and np.allclose(output, picture / 127.5 - 1, atol=0.02)


def _seed(purpose: str, secret: int) -> int:
    return int.from_bytes(sha256(f"{purpose} {secret}".encode()).digest()[:8], "big")


def _digest(image: Array) -> bytes:
    return sha256(image.tobytes()).digest()
