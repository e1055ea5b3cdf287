"""Check a folder of own pictures before training: ``python -m tl_helpers.checkup FOLDER``.

What is broken, there twice, nearly the same, in several classes, too few, too small or lopsided; why it matters; what
to do. Works without TensorFlow.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from tl_helpers.checkup_findings import FileSeen, Finding, find_all, folder_findings
from tl_helpers.folders import decode_picture
from tl_helpers.messages import CourseError, message, set_language
from tl_helpers.near_copies import SIDE, picture_hashes
from tl_helpers.pictures import Array, Splits


@dataclass(frozen=True)
class CheckUp:
    """What a check-up of pictures found. Introduced in lesson 09.

    Args:
        name: of the folder, or ``""``.
        seen: every file in a class, readable or not.
        findings: the gravest kind first; empty where nothing would harm a training.
        pictures: uint8, shape (n, 64, 64, 3), of the readable files in ``seen``, in their order.
    """

    name: str
    seen: tuple[FileSeen, ...]
    findings: tuple[Finding, ...]
    pictures: Array = field(repr=False, compare=False)

    @property
    def well(self) -> bool:
        """Whether the pictures can be used as they are."""
        return not self.findings


def check_up(source: Path | str | Splits, image_size: int = 160) -> CheckUp:
    """Check pictures before a training. Introduced in lesson 09.

    Args:
        source: folder with one sub-folder a class, or with ``train`` and ``validation`` that have them; or splits.
        image_size: height and width of the pictures that the model takes, in pixels.

    Returns:
        The check-up; ``checkup_report.show_check_up`` prints and plots it.

    Raises:
        CourseError: there is no such folder.
    """
    if isinstance(source, Splits):
        seen, images = _seen_in(source)
        return CheckUp("", seen, find_all(seen, picture_hashes(images), image_size), _small(images))
    folder = Path(source)
    if not folder.is_dir():
        raise CourseError("pictures.missing_folder", folder=folder)
    places = list(_places(folder))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        read = list(pool.map(lambda place: _look_at(folder.parent, *place), places))
    seen = tuple(file for file, _ in read)
    pictures = [image for _, image in read if image is not None]
    images = np.stack(pictures) if pictures else np.zeros((0, SIDE, SIDE, 3), dtype=np.uint8)
    findings = folder_findings(folder, seen) + find_all(seen, picture_hashes(images), image_size)
    return CheckUp(str(folder), seen, findings, images)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the check-up of a folder; returns 0 where nothing was found, 1 where something was, 2 without a folder."""
    from tl_helpers.checkup_report import report

    try:
        set_language(os.environ.get("TL_LANGUAGE", "").strip() or "en")
        parser = argparse.ArgumentParser(prog="python -m tl_helpers.checkup")
        parser.add_argument("folder", type=Path, help=message("checkup.help_folder"))
        parser.add_argument("--size", type=int, default=160, help=message("checkup.help_size"))
        options = parser.parse_args(arguments)
        checked = check_up(options.folder.expanduser(), options.size)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    print(report(checked))
    return 0 if checked.well else 1


def _places(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Find what is read as a picture: split, class and file, in the order of ``folders.read_folder``."""
    splits = ("train", "validation") if (folder / "train").is_dir() else ("",)
    for split in splits:
        top = folder / split
        for each in sorted(path for path in top.glob("*") if path.is_dir() and not path.name.startswith(".")):
            for path in sorted(each.rglob("*"), key=lambda path: path.as_posix()):
                if path.is_file() and not path.name.startswith("."):
                    yield split, each.name, path


def _look_at(base: Path, split: str, class_name: str, path: Path) -> tuple[FileSeen, Array | None]:
    name = path.relative_to(base).as_posix()
    try:
        content = path.read_bytes()
    except OSError as error:
        return FileSeen(name, split, class_name, "", 0, message("pictures.broken", error=error)), None
    image, reason = decode_picture(content, SIDE)
    if image is None:
        return FileSeen(name, split, class_name, "", 0, reason), None
    with Image.open(BytesIO(content)) as header:
        shortest = min(header.size)
    return FileSeen(name, split, class_name, sha256(content).hexdigest(), shortest), image


def _seen_in(splits: Splits) -> tuple[tuple[FileSeen, ...], Array]:
    """List the pictures of splits, which have their final size, so that the size of the files is not known."""
    parts = {"train": splits.train, "validation": splits.validation, "test": splits.test}
    seen = [
        FileSeen(name, split, part.class_names[label], sha256(image.tobytes()).hexdigest())
        for split, part in parts.items()
        for name, label, image in zip(part.names, part.labels, part.images, strict=True)
    ]
    return tuple(seen), np.concatenate([part.images for part in parts.values()])


def _small(images: Array) -> Array:
    resized = [np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BILINEAR)) for image in images]
    return np.array(resized, dtype=np.uint8).reshape(-1, SIDE, SIDE, 3)


if __name__ == "__main__":
    sys.exit(main())
