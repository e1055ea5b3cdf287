"""Read a folder with one sub-folder a class: any readable picture, broken and duplicate files named and left out."""

from __future__ import annotations

import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from tl_helpers import leakage
from tl_helpers.messages import CourseError, message
from tl_helpers.pictures import Array, LeftOut, Pictures, Splits


@dataclass(frozen=True)
class FolderContents:
    """The usable pictures of a folder, a key of each one's content (64 hex digits), and the files left out."""

    pictures: Pictures
    keys: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def read_splits(
    folder: Path,
    image_size: int,
    held_out_test_share: float = 0.2,
    only: tuple[str, ...] | None = None,
    near_copies_together: bool = True,
) -> Splits:
    """Read training, validation and test pictures from a folder. Introduced in lesson 09.

    A folder with sub-folders ``train`` and ``validation`` keeps that division, and a share of validation becomes the
    test split; any other folder is split 70/15/15. Always by class; no file is in two splits, also not as a copy, nor
    as a near copy: resized, saved again, brightened or mirrored.

    Args:
        folder: has one sub-folder a class, or ``train`` and ``validation`` that do.
        image_size: height and width of the pictures returned, in pixels.
        held_out_test_share: share of validation that becomes the test split, 0–1.
        only: sub-folders to read where the folder has no ``train``; None for all.
        near_copies_together: near copies stay in one split (``Splits.near_copies`` names them), and those of a picture
            in ``train`` are left out of validation and test; False looks for exact copies only.

    Raises:
        CourseError: no such folder, fewer than two classes, a class without a usable or with too few pictures.
    """
    if not folder.is_dir():
        raise CourseError("pictures.missing_folder", folder=folder)
    if not (folder / "train").is_dir():
        whole = read_folder(folder, image_size, only=only)
        groups = _groups(whole.pictures, near_copies_together)
        parts = leakage.split_groups(list(whole.keys), whole.pictures.labels, groups)
        train, validation, test = (whole.pictures.take(part) for part in parts)
        return Splits(train, validation, test, whole.left_out, leakage.named_groups(whole.pictures, groups))
    expected, found = _class_names(folder / "train"), _class_names(folder / "validation")
    if found != expected:
        raise CourseError(
            "pictures.classes_differ", folder=folder, found=", ".join(found), expected=", ".join(expected)
        )
    trained_on = read_folder(folder / "train", image_size)
    held_out = read_folder(
        folder / "validation", image_size, known=dict(zip(trained_on.keys, trained_on.pictures.names, strict=True))
    )
    left_out = trained_on.left_out + held_out.left_out
    pictures, keys = held_out.pictures, np.array(held_out.keys)
    if near_copies_together:
        kept, repeating = leakage.without_near_copies_of(trained_on.pictures, pictures)
        pictures, keys, left_out = pictures.take(kept), keys[kept], left_out + repeating
    shares = (0.0, 1 - held_out_test_share, held_out_test_share)
    groups = _groups(pictures, near_copies_together)
    _, chosen, reserved = leakage.split_groups(keys.tolist(), pictures.labels, groups, shares)
    validation, test = pictures.take(chosen), pictures.take(reserved)
    return Splits(trained_on.pictures, validation, test, left_out, leakage.named_groups(pictures, groups))


def read_folder(
    folder: Path, image_size: int, known: dict[str, str] | None = None, only: tuple[str, ...] | None = None
) -> FolderContents:
    """Read every picture of a folder with one sub-folder a class.

    Grey, CMYK, palette, transparent and rotated (EXIF) pictures become upright RGB; of an animation the first frame
    is taken. A file that cannot be read to its end, or that repeats another, is left out and reported by name.

    Args:
        folder: its sub-folders, in the order of their names, are the classes; names that begin with "." are ignored.
        image_size: every picture is resized to this height and width, in pixels.
        known: content key → name of pictures of another split, of which no copy may come here.
        only: sub-folders to read, in this order; None for all.

    Raises:
        CourseError: no such folder, fewer than two classes, or a class without a usable picture.
    """
    class_names = only or _class_names(folder)
    files = [
        (path, label)
        for label, name in enumerate(class_names)
        for path in sorted((folder / name).rglob("*"), key=lambda path: path.as_posix())
        if path.is_file() and not path.name.startswith(".")
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        read = list(pool.map(lambda item: read_picture(item[0], image_size), files))
    seen = dict(known or {})
    kept: list[tuple[Array, int, str, str]] = []
    left_out: list[LeftOut] = []
    for (path, label), (image, key, reason) in zip(files, read, strict=True):
        name = path.relative_to(folder.parent).as_posix()
        if image is None:
            left_out.append(LeftOut(name, reason))
        elif key in seen:
            left_out.append(LeftOut(name, message("pictures.duplicate", other=seen[key])))
        else:
            seen[key] = name
            kept.append((image, label, name, key))
    for label, class_name in enumerate(class_names):
        if not any(entry[1] == label for entry in kept):
            raise CourseError("pictures.empty_class", folder=folder / class_name)
    images, labels, names, keys = zip(*kept, strict=True)
    pictures = Pictures(np.stack(images), np.array(labels, dtype=np.int64), class_names, names)
    return FolderContents(pictures, keys, tuple(left_out))


def read_picture(path: Path, image_size: int) -> tuple[Array | None, str, str]:
    """Read one picture file. Introduced in lesson 03.

    Args:
        path: any format that Pillow reads.
        image_size: height and width of the result, in pixels.

    Returns:
        The picture, uint8 (size, size, 3), or None where it cannot be read; a key of the file's content; and the
        reason why it cannot be read, in the reader's language, else "".
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, "", message("pictures.broken", error=error)
    array, reason = decode_picture(content, image_size)
    return array, "" if array is None else sha256(content).hexdigest(), reason


def decode_picture(content: bytes, image_size: int) -> tuple[Array | None, str]:
    """Decode a picture.

    Args:
        content: of a file in any format that Pillow reads.
        image_size: height and width of the result, in pixels.

    Returns:
        The picture, uint8 (size, size, 3), or None where it cannot be read; and the reason why, else "".
    """
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(content)) as image:
            warnings.simplefilter("ignore")
            image.draft("RGB", (2 * image_size, 2 * image_size))
            upright = ImageOps.exif_transpose(_eight_bit(image)).convert("RGB")
            array = np.asarray(upright.resize((image_size, image_size), Image.Resampling.BILINEAR))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        known = not isinstance(error, UnidentifiedImageError)
        return None, message("pictures.broken", error=error if known else message("checkup.no_format"))
    return array, ""


def _groups(pictures: Pictures, near_copies_together: bool) -> Array:
    return leakage.same_picture_groups(pictures.images) if near_copies_together else np.arange(len(pictures))


def _eight_bit(image: Image.Image) -> Image.Image:
    """Scale 16-bit grey to 8 bits, which Pillow's own conversion would cut off at 255."""
    if not image.mode.startswith("I;16"):
        return image
    return Image.fromarray((np.asarray(image) // 257).astype(np.uint8))


def _class_names(folder: Path) -> tuple[str, ...]:
    if not folder.is_dir():
        raise CourseError("pictures.missing_folder", folder=folder)
    names = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(names) < 2:
        raise CourseError("pictures.one_class", folder=folder, found=", ".join(names) or "—")
    return tuple(names)
