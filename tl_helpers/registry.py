"""Every file that the full edition takes from elsewhere: its addresses, its size, and what its content must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tl_helpers.messages import CourseError

STORAGE = "https://storage.googleapis.com"
KERAS = f"{STORAGE}/tensorflow/keras-applications"
HDF5 = b"\x89HDF\r\n\x1a\n"  # the first bytes of a file of weights


@dataclass(frozen=True)
class RemoteFile:
    """A published file.

    Its name, in the cache and on a mirror, is the last part of its address.

    Args:
        addresses: where it is published, in order of preference.
        size: in bytes.
        digest: published hash, ``sha256:…`` or ``md5:…``; "" where none is published.
        begins: the first bytes, where no hash is published.
        counts: folder of an archive without a published hash → files in it.
    """

    addresses: tuple[str, ...]
    size: int
    digest: str = ""
    begins: bytes = b""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.addresses[0].rsplit("/", maxsplit=1)[-1]


def remote_file(name: str) -> RemoteFile:
    """Return a published file by name.

    Raises:
        CourseError: the course takes no such file.
    """
    if name not in FILES:
        raise CourseError("downloads.unknown", found=name, expected=", ".join(FILES))
    return FILES[name]


CATS_AND_DOGS = RemoteFile(
    addresses=(
        f"{STORAGE}/mledu-datasets/cats_and_dogs_filtered.zip",
        "https://download.mlcc.google.com/mledu-datasets/cats_and_dogs_filtered.zip",
    ),
    size=68_606_236,
    begins=b"PK",
    counts={"train/cats": 1000, "train/dogs": 1000, "validation/cats": 500, "validation/dogs": 500},
)
FLOWERS = RemoteFile(
    addresses=(f"{STORAGE}/download.tensorflow.org/example_images/flower_photos.tgz",),
    size=228_813_984,
    digest="sha256:4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
)
STANFORD_DOGS = RemoteFile(
    addresses=(
        "http://vision.stanford.edu/aditya86/ImageNetDogs/images.tar",
        "https://vision.stanford.edu/aditya86/ImageNetDogs/images.tar",
    ),
    size=793_579_520,
    digest="sha256:a443fc2f9a851aa1a7b8e4fa4af94b8459fce2c9f5a2f4dd4669cf9673a4ec58",
)
FAIRFACE = RemoteFile(
    addresses=(
        "https://huggingface.co/datasets/HuggingFaceM4/FairFace/resolve/54d573cdb8b5af490ba8da9da2799628f6e5c496/0.25/"
        "validation-00000-of-00001-951dbd63c8724ee1.parquet",
    ),
    size=63_189_799,
    digest="sha256:d0cfac2888356b3d3fa3d837bc30961d8c860934e4c5df862e8cb87812bfa137",
)
CLASS_INDEX = RemoteFile(
    addresses=(f"{STORAGE}/download.tensorflow.org/data/imagenet_class_index.json",),
    size=35_363,
    digest="md5:c2c37ea517e94d9795004a39431a14cb",
)


def _weights(address: str, size: int, md5: str = "") -> RemoteFile:
    return RemoteFile((f"{KERAS}/{address}",), size, f"md5:{md5}" if md5 else "", b"" if md5 else HDF5)


# Hashes are those of keras.applications, which has none for MobileNetV2; sizes are what a download says.
MOBILENET = "mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0"
INCEPTION = "inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels"
RESNET = "resnet/resnet50_weights_tf_dim_ordering_tf_kernels"
# A network without its classifier takes the weights of either size at any size.
WEIGHTS_WITHOUT_TOP: Mapping[str, tuple[RemoteFile, ...]] = {
    "MobileNetV2": (
        _weights(f"{MOBILENET}_160_no_top.h5", 9_406_464),
        _weights(f"{MOBILENET}_224_no_top.h5", 9_406_464),
    ),
    "InceptionV3": (_weights(f"{INCEPTION}_notop.h5", 87_910_968, "bcbd6486424b2319ff4ef7d526e38f63"),),
}
WEIGHTS_WITH_TOP: Mapping[str, tuple[RemoteFile, ...]] = {
    "MobileNetV2": (_weights(f"{MOBILENET}_224.h5", 14_536_120),),
    "InceptionV3": (_weights(f"{INCEPTION}.h5", 96_112_376, "9a0d58056eeedaa3f26cb7ebd46da564"),),
    "ResNet50": (_weights(f"{RESNET}.h5", 102_967_424, "2cb95161c43110f7111970584f804107"),),
}

FILES: dict[str, RemoteFile] = {
    file.name: file
    for file in (
        CATS_AND_DOGS,
        FLOWERS,
        STANFORD_DOGS,
        FAIRFACE,
        CLASS_INDEX,
        *(file for files in WEIGHTS_WITHOUT_TOP.values() for file in files),
        *(file for files in WEIGHTS_WITH_TOP.values() for file in files),
    )
}
