"""Drawn men and women in a parquet file as FairFace publishes it, for tests."""

import io

import pytest
from official_files import write_people
from PIL import Image

from tl_helpers.drawn import drawn_pictures


def as_png(image):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def write_parquet(file, rows):
    """Write rows (content, path, age, gender, race) as FairFace publishes them."""
    pytest.importorskip("pyarrow")
    write_people(file, rows)


def drawn_rows(count, size=24):
    """As many drawn men as women, all adult, ages and races in turn."""
    drawn = drawn_pictures(("man", "woman"), count, seed=7, image_size=size)
    return [
        (as_png(image), f"val/{i}.jpg", 3 + i % 6, int(label), i % 7)
        for i, (image, label) in enumerate(zip(drawn.images, drawn.labels, strict=True))
    ]
