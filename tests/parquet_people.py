"""Drawn men and women in a parquet file as FairFace publishes it, for tests."""

import io

import pytest
from PIL import Image

from tl_helpers.drawn import drawn_pictures


def as_png(image):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def write_parquet(file, rows):
    """Write rows (content, path, age, gender, race) as FairFace publishes them."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    struct = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {
        "image": pa.array([{"bytes": content, "path": path} for content, path, *_ in rows], struct),
        "age": pa.array([row[2] for row in rows], pa.int64()),
        "gender": pa.array([row[3] for row in rows], pa.int64()),
        "race": pa.array([row[4] for row in rows], pa.int64()),
        "service_test": pa.array([True] * len(rows)),
    }
    parquet.write_table(pa.table(columns), file)


def drawn_rows(count, size=24):
    """As many drawn men as women, all adult, ages and races in turn."""
    drawn = drawn_pictures(("man", "woman"), count, seed=7, image_size=size)
    return [
        (as_png(image), f"val/{i}.jpg", 3 + i % 6, int(label), i % 7)
        for i, (image, label) in enumerate(zip(drawn.images, drawn.labels, strict=True))
    ]
