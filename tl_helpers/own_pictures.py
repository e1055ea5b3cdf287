"""A folder of own pictures: the reader's, or one that the course draws with the faults that real folders have."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from PIL import Image, ImageEnhance

from tl_helpers.checkup import check_up
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import Edition
from tl_helpers.messages import CourseError, message, number
from tl_helpers.pictures import Splits, split_indices
from tl_helpers.plots import class_name
from tl_helpers.settings import folder_setting

DRAWN = {"cat": 220, "dog": 220, "sunflower": 72}  # pictures a class: cats and dogs are easier to come by
SEED, QUALITY = 9, 92
SIMILARITY = 0.8  # drawn a little unlike what the base was pretrained on, as own pictures are
BROKEN, COPY, EDITED = "cat/cat_torn.jpg", "dog/copy of dog_012.jpg", "cat/cat_edited.jpg"
KNOWN_FOLDERS = ("flower_photos", "cats_and_dogs_filtered")  # what TL_PICTURES may hold for other lessons


def own_folder(edition: Edition, folder: str | Path | None = None) -> Path:
    """Return the folder of the reader's pictures; where there is none, draw one. Introduced in lesson 09.

    Args:
        edition: the full one takes the folder that ``TL_PICTURES`` names, or flowers, or cats and dogs in it.
        folder: the reader's own, in either edition; None for the one above.

    Raises:
        CourseError: there is no such folder.
    """
    if folder is not None:
        wanted = Path(folder).expanduser()
        if not wanted.is_dir():
            raise CourseError("pictures.missing_folder", folder=wanted)
        return wanted
    named = folder_setting("TL_PICTURES") if edition.name == "full" else None
    if named is None:
        return write_example_folder(Path(mkdtemp()) / "my_pictures", edition.image_size)
    return next((named / name for name in KNOWN_FOLDERS if (named / name).is_dir()), named)


def write_example_folder(folder: Path, image_size: int = 96) -> Path:
    """Draw a folder of pictures as people collect them, with faults. Introduced in lesson 09.

    One file is torn off half-way, one is there twice, one is another's brightened copy that falls into another split,
    and one class has far fewer pictures than the others.

    Args:
        folder: made anew; what was there is removed.
        image_size: height and width of the pictures, in pixels.

    Returns:
        The folder, with one sub-folder a class.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for label, count in DRAWN.items():
        (folder / label).mkdir(parents=True)
        for position, image in enumerate(drawn_pictures((label,), count, SEED, image_size, SIMILARITY).images):
            (folder / label / f"{label}_{position:03}.jpg").write_bytes(_jpeg(Image.fromarray(image), QUALITY))
    torn = (folder / "cat" / "cat_007.jpg").read_bytes()
    (folder / BROKEN).write_bytes(torn[: len(torn) // 2])
    shutil.copyfile(folder / "dog" / "dog_012.jpg", folder / COPY)
    (folder / EDITED).write_bytes(_edited_across_splits(sorted((folder / "cat").glob("cat_0*.jpg"))))
    return folder


def count_leaks(splits: Splits) -> int:
    """Count groups of near copies, or copies, of which a part lies in another split. Introduced in lesson 09.

    Args:
        splits: as ``read_splits`` returns them.
    """
    found = [finding for finding in check_up(splits).findings if finding.kind == "across_splits"]
    return sum(len(finding.groups) for finding in found)


def split_counts(splits: Splits) -> str:
    """Say how many pictures of each class each split has. Introduced in lesson 09.

    Args:
        splits: as ``read_splits`` returns them.

    Returns:
        One line a split, in the reader's language.
    """
    lines = []
    for name, part in (("train", splits.train), ("validation", splits.validation), ("test", splits.test)):
        counts = np.bincount(part.labels, minlength=len(part.class_names))
        listed = [f"{class_name(label)} {number(count)}" for label, count in zip(part.class_names, counts, strict=True)]
        shown = {"total": number(len(part)), "classes": ", ".join(listed)}
        lines.append(message("pictures.counts", split=message(f"splits.{name}"), **shown))
    return "\n".join(lines)


def planted_faults(folder: Path) -> set[str]:
    """Name the faults that ``write_example_folder`` planted, as a check-up calls them. Introduced in lesson 09.

    Args:
        folder: what ``own_folder`` returned.

    Returns:
        Kinds of findings; none for the reader's own folder.
    """
    is_drawn = all((folder / name).is_file() for name in (BROKEN, COPY, EDITED))
    return {"broken", "copies", "near", "imbalance"} if is_drawn else set()


def _edited_across_splits(files: list[Path]) -> bytes:
    """Return a brightened copy of one of the pictures which will be trained on while its original is not."""
    contents = [file.read_bytes() for file in sorted(files[0].parent.glob("cat_[0-9]*.jpg"))]
    keys = [sha256(content).hexdigest() for content in contents]
    for original, edited in _edits(contents[: len(files)]):
        every = [*keys, sha256(edited).hexdigest()]
        train, *_ = split_indices(every, np.zeros(len(every), dtype=np.int64))
        if len(keys) in train and original not in train:
            return edited
    raise RuntimeError("no picture is held out")  # 30 % are


def _edits(contents: list[bytes]) -> Iterator[tuple[int, bytes]]:
    for place, content in enumerate(contents):
        with Image.open(BytesIO(content)) as image:
            yield place, _jpeg(ImageEnhance.Brightness(image).enhance(1.06), QUALITY - 8)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality, subsampling=0)
    return stream.getvalue()
