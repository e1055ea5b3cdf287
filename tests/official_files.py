"""What the official addresses serve, made from photographs and weights for tests: the same formats, other content.

Pictures are stored as they are, never compressed again. A file that is there already is not made again.
"""

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from hashlib import file_digest
from pathlib import Path

import numpy as np
from PIL import Image

from tl_helpers.picturebook import draw

BREEDS = ("n02099601-golden_retriever", "n02110185-Siberian_husky")
OTHER_BREED, OTHER_NUMBER = "n02085620-Chihuahua", "n02085620"  # in the archive, but not of the course
FLOWERS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
KINDS = [(split, kind) for split in ("train", "validation") for kind in ("cats", "dogs")]

CATS_AND_DOGS = "cats_and_dogs_filtered.zip"
FLOWER_PHOTOS = "flower_photos.tgz"
STANFORD_DOGS = "images.tar"
FAIRFACE = "validation-00000-of-00001-951dbd63c8724ee1.parquet"
CLASS_INDEX = "imagenet_class_index.json"
MOBILENET = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0"
PICTURES = (CATS_AND_DOGS, FLOWER_PHOTOS, STANFORD_DOGS, FAIRFACE)
# Name of the file → network, with its classifier or without.
WEIGHTS: Mapping[str, tuple[str, bool]] = {
    f"{MOBILENET}_160_no_top.h5": ("MobileNetV2", False),
    f"{MOBILENET}_224_no_top.h5": ("MobileNetV2", False),
    f"{MOBILENET}_224.h5": ("MobileNetV2", True),
    "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5": ("InceptionV3", False),
    "inception_v3_weights_tf_dim_ordering_tf_kernels.h5": ("InceptionV3", True),
    "resnet50_weights_tf_dim_ordering_tf_kernels.h5": ("ResNet50", True),
}
NAMES = (*PICTURES, CLASS_INDEX, *WEIGHTS)


def build(data: Path, folder: Path, names: Iterable[str] = NAMES, adults: int = 300) -> Path:
    """Make official files in a folder, with their SHA256SUMS; those that are there already are kept.

    Args:
        data: has ``photos`` laid out as the archives unpack, and perhaps ``weights``, as TL_TEST_DATA does.
        folder: where the files come to lie.
        names: which of ``NAMES``.
        adults: men, and as many women, to draw into the file of people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    makers: dict[str, Callable[[Path], None]] = {
        CATS_AND_DOGS: lambda part: cats_and_dogs(data / "photos", part),
        FLOWER_PHOTOS: lambda part: flower_photos(data / "photos", part),
        STANFORD_DOGS: lambda part: stanford_dogs(data / "photos", part),
        FAIRFACE: lambda part: fairface(adults, part),
        CLASS_INDEX: class_index,
        **{name: lambda part, name=name: weights(data / "weights", name, part) for name in WEIGHTS},
    }
    for name in names:
        if not (folder / name).is_file():
            part = folder / f".{name}.{os.getpid()}"
            makers[name](part)
            os.replace(part, folder / name)
    write_manifest(folder)
    return folder


def write_manifest(folder: Path) -> None:
    """Write SHA256SUMS of all files in a folder, as ``sha256sum`` does."""
    lines = []
    for file in sorted(folder.iterdir()):
        if file.is_file() and not file.name.startswith(".") and file.name != "SHA256SUMS":
            with file.open("rb") as stream:
                lines.append(f"{file_digest(stream, 'sha256').hexdigest()}  {file.name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def cats_and_dogs(photos: Path, file: Path) -> None:
    top = photos / "cats_and_dogs_filtered"
    with zipfile.ZipFile(file, "w") as archive:
        archive.mkdir(top.name)
        for split, kind in KINDS:
            archive.mkdir(f"{top.name}/{split}/{kind}")
            for photo in sorted((top / split / kind).iterdir()):
                archive.write(photo, f"{top.name}/{split}/{kind}/{photo.name}")
        archive.writestr(f"{top.name}/vectorize.py", "# a script that came with the pictures\n")


def flower_photos(photos: Path, file: Path) -> None:
    with gzip.open(file, "wb", compresslevel=0) as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        _add_text(archive, "flower_photos/LICENSE.txt", "Who took which photograph.\n")
        for name in FLOWERS:
            archive.add(photos / "flower_photos" / name, f"flower_photos/{name}", filter=_plain)


def stanford_dogs(photos: Path, file: Path) -> None:
    with tarfile.open(file, "w") as archive:
        archive.add(photos / "Images", "Images", recursive=False, filter=_plain)
        for i in range(8):
            _add(archive, f"Images/{OTHER_BREED}/{OTHER_NUMBER}_{i}.jpg", jpeg(draw("fox", 3, i, 64)))
        for breed in BREEDS:
            archive.add(photos / "Images" / breed, f"Images/{breed}", filter=_plain)


def fairface(adults: int, file: Path) -> None:
    """Draw men and women of every adult group, and a child for every fifth adult, as FairFace publishes them."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = []
    for i in range(2 * adults + 2 * adults // 5):
        gender, is_child = i % 2, i >= 2 * adults
        picture = draw(("man", "woman")[gender], 11, i, 160)
        rows.append((jpeg(picture), f"{i + 1}.jpg", i // 2 % 3 if is_child else 3 + i // 2 % 6, gender, i // 2 % 7))
    struct = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {
        "image": pa.array([{"bytes": content, "path": path} for content, path, *_ in rows], struct),
        "age": pa.array([row[2] for row in rows], pa.int64()),
        "gender": pa.array([row[3] for row in rows], pa.int64()),
        "race": pa.array([row[4] for row in rows], pa.int64()),
        "service_test": pa.array([True] * len(rows)),
    }
    parquet.write_table(pa.table(columns), file, compression="none")


def class_index(file: Path) -> None:
    names = {
        207: ("n02099601", "golden_retriever"),
        250: ("n02110185", "Siberian_husky"),
        282: ("n02123159", "tiger_cat"),
    }
    content = {str(i): names.get(i, (f"n{i:08}", f"thing_{i}")) for i in range(1000)}
    file.write_text(json.dumps(content), encoding="utf-8")


def weights(given: Path, name: str, file: Path) -> None:
    """Copy the weights for tests where they are of this network; else random values in the official format."""
    network, has_top = WEIGHTS[name]
    known = sorted(given.glob(f"{MOBILENET}_*_no_top.h5"))
    if network == "MobileNetV2" and not has_top and known:
        file.write_bytes(known[0].read_bytes())
    else:
        random_weights(network, has_top, file)


def random_weights(network: str, has_top: bool, file: Path) -> None:
    """Write random weights of a network of ``keras.applications`` as Keras 2.1 did: HDF5, one group a layer."""
    import h5py
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(5)
    model = getattr(keras.applications, network)(include_top=has_top, weights=None)
    with h5py.File(file, "w") as stream:
        stream.attrs.update({"backend": "tensorflow", "keras_version": "2.1.6"})
        stream.attrs["layer_names"] = np.array([layer.name.encode() for layer in model.layers])
        for layer in model.layers:
            group = stream.create_group(layer.name)
            values = [*layer.trainable_weights, *layer.non_trainable_weights]
            names = [f"{layer.name}/{value.name}:0" for value in values]
            group.attrs["weight_names"] = np.array([name.encode() for name in names])
            for name, value in zip(names, values, strict=True):
                group[name] = keras.ops.convert_to_numpy(value)


def drawn_data(folder: Path, per_class: int = 4) -> Path:
    """Draw a few pictures laid out as TL_TEST_DATA is, for tests that need the formats and not photographs."""
    photos = folder / "photos"
    places = [(f"cats_and_dogs_filtered/{split}/{kind}", kind[:3], split == "train") for split, kind in KINDS]
    places += [(f"flower_photos/{name}", name.removesuffix("s"), False) for name in FLOWERS]
    places += [(f"Images/{name}", label, False) for name, label in zip(BREEDS, ("golden", "husky"), strict=True)]
    for place, label, is_training in places:
        (photos / place).mkdir(parents=True)
        for i in range(per_class):
            picture = draw(label, 21 + is_training, i, 48)
            (photos / place / f"{Path(place).name.split('-')[0]}_{i}.jpg").write_bytes(jpeg(picture))
    return folder


def pictures_in(archive: Path) -> dict[str, bytes]:
    """Read what a course must unpack of a zip archive: name of each picture → content."""
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist() if name.endswith(".jpg")}


def kept_in(home: Path) -> dict[str, bytes]:
    """Read all files of a data folder, hidden ones too, but for lists of hashes: name → content."""
    found = (file for file in home.rglob("*") if file.is_file() and file.suffix != ".sha256")
    return {file.relative_to(home).as_posix(): file.read_bytes() for file in found}


def jpeg(picture: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mode = 0o755 if entry.isdir() else 0o644
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    _add(archive, name, text.encode())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
