"""Write a contact sheet: ``python -m tl_helpers.picturebook --sheet cat dog --out sheet.png``."""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from PIL import Image

from tl_helpers.messages import CourseError, message
from tl_helpers.picturebook import CLASSES, draw_many


def contact_sheet(labels: Sequence[str], per_class: int, seed: int) -> Image.Image:
    """Lay pictures out, one row a class.

    Args:
        labels: classes of the picture book.
        per_class: pictures in a row.
        seed: of the pictures.

    Returns:
        RGB picture of ``98 × per_class`` by ``98 × len(labels)`` pixels.
    """
    images, targets = draw_many(labels, per_class, seed)
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=255)
    return Image.fromarray(np.vstack([np.hstack(framed[targets == row]) for row in range(len(labels))]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and write the sheet; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.picturebook", description=__doc__)
    parser.add_argument("--sheet", nargs="*", default=[], metavar="CLASS", help="classes; all where none is named")
    parser.add_argument("--out", default="sheet.png", help="picture file to write, .png or .jpg")
    parser.add_argument("--per-class", type=int, default=12, help="pictures of each class")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other pictures")
    options = parser.parse_args(arguments)
    try:
        contact_sheet(options.sheet or CLASSES, max(1, options.per_class), options.seed).save(options.out)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    print(message("picturebook.written", file=options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
