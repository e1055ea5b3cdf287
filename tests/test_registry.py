"""The files that the full edition takes from elsewhere."""

import inspect
import re

import pytest
from keras.src.applications import imagenet_utils, inception_v3, mobilenet_v2, resnet

from tl_helpers.data_sets import DATA_SETS
from tl_helpers.imagenet import WITH_TOP, WITHOUT_TOP
from tl_helpers.messages import CourseError
from tl_helpers.registry import CATS_AND_DOGS, CLASS_INDEX, FILES, STANFORD_DOGS, remote_file

DIGITS = {"sha256": 64, "md5": 32}


@pytest.mark.parametrize("file", FILES.values(), ids=list(FILES))
def test_an_entry_says_where_how_large_and_how_to_check(file):
    assert all(address.endswith(f"/{file.name}") for address in file.addresses)
    assert file.size > 0
    algorithm, _, digest = file.digest.partition(":")
    if digest:
        assert re.fullmatch(rf"[0-9a-f]{{{DIGITS[algorithm]}}}", digest)
    else:
        assert file.begins
    secure = [address.startswith("https://") for address in file.addresses]
    assert all(secure) or file == STANFORD_DOGS
    assert file.digest or all(secure)


def test_every_data_set_and_base_model_has_its_files():
    names = {data_set.archive.name for data_set in DATA_SETS.values()}
    names |= {name for files in (*WITH_TOP.values(), *WITHOUT_TOP.values()) for name in files}
    assert names | {CLASS_INDEX.name} == set(FILES)


def test_the_archive_without_a_hash_is_counted():
    assert sum(CATS_AND_DOGS.counts.values()) == 3000
    folders = {folder.split("/")[1] for folder in CATS_AND_DOGS.counts}
    assert folders == set(DATA_SETS["cats_and_dogs"].class_folders)


def test_addresses_and_hashes_of_weights_are_those_of_keras():
    inception = inspect.getsource(inception_v3)
    for with_top, address in ((True, inception_v3.WEIGHTS_PATH), (False, inception_v3.WEIGHTS_PATH_NO_TOP)):
        file = FILES[(WITH_TOP if with_top else WITHOUT_TOP)["InceptionV3"][0]]
        name = re.escape(file.name)
        assert file.addresses == (address,)
        stated = re.search(rf'"{name}",\s*WEIGHTS_PATH\w*,\s*cache_subdir="models",\s*file_hash="(\w+)"', inception)
        assert file.digest == f"md5:{stated[1]}"
    file = FILES[WITH_TOP["ResNet50"][0]]
    assert file.addresses == (f"{resnet.BASE_WEIGHTS_PATH}{file.name}",)
    assert file.digest == f"md5:{resnet.WEIGHTS_HASHES['resnet50'][0]}"
    for name in (*WITH_TOP["MobileNetV2"], *WITHOUT_TOP["MobileNetV2"]):
        assert FILES[name].addresses == (f"{mobilenet_v2.BASE_WEIGHT_PATH}{name}",)
    assert "file_hash" not in inspect.getsource(mobilenet_v2)  # else ours should have it


def test_the_class_index_is_that_of_keras():
    assert CLASS_INDEX.addresses == (imagenet_utils.CLASS_INDEX_PATH,)
    assert f'file_hash="{CLASS_INDEX.digest.removeprefix("md5:")}"' in inspect.getsource(imagenet_utils)


def test_a_file_that_the_course_does_not_take_is_refused(each_language):
    with pytest.raises(CourseError, match=r"'birds\.zip'.*flower_photos\.tgz"):
        remote_file("birds.zip")
