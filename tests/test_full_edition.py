"""The full edition on real photographs and ImageNet weights, off-line."""

import json
import os
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest

from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.editions import full_edition
from tl_helpers.evaluation import accuracy, predicted_classes
from tl_helpers.features import extract_features
from tl_helpers.folders import read_splits
from tl_helpers.messages import message
from tl_helpers.pictures import load_pictures
from tl_helpers.transfer import train_head

pytestmark = pytest.mark.full


@pytest.fixture
def edition(monkeypatch, test_data):
    monkeypatch.setenv("TL_PICTURES", str(test_data / "photos"))
    monkeypatch.setenv("TL_WEIGHTS", str(test_data / "weights"))
    return full_edition(("cats_and_dogs",), ("MobileNetV2",))


def test_photographs_are_split_as_stated(edition):
    splits = load_pictures("cats_and_dogs", edition, image_size=32)
    assert [list(np.bincount(part.labels)) for part in (splits.train, splits.validation, splits.test)] == [
        [500, 500],
        [160, 160],
        [40, 40],
    ]
    seen = [{sha256(image.tobytes()).digest() for image in part.images} for part in (splits.train, splits.test)]
    assert not seen[0] & seen[1]


def test_a_folder_of_five_flowers_is_read_and_split_by_class(test_data):
    splits = read_splits(test_data / "photos" / "flower_photos", 32)
    assert splits.train.class_names == ("daisy", "dandelion", "roses", "sunflowers", "tulips")
    assert [len(part) for part in (splits.train, splits.validation, splits.test)] == [420, 90, 90]


def test_imagenet_weights_are_also_found_in_the_keras_home(monkeypatch, test_data, tmp_path, edition):
    with_setting = load_base_model("MobileNetV2", edition).get_weights()
    monkeypatch.delenv("TL_WEIGHTS")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").symlink_to(test_data / "weights")
    for ours, keras_home in zip(with_setting, load_base_model("MobileNetV2", edition).get_weights(), strict=True):
        np.testing.assert_array_equal(ours, keras_home)


@pytest.mark.slow
def test_a_new_head_on_imagenet_features_tells_cats_from_dogs(edition):
    splits = load_pictures("cats_and_dogs", edition)
    base_model, preprocess = load_base_model("MobileNetV2", edition), preprocessing("MobileNetV2")
    features = extract_features(base_model, preprocess, splits.train.images)
    head, _ = train_head(features, splits.train.labels)
    logits = head.predict(extract_features(base_model, preprocess, splits.validation.images), verbose=0)
    assert accuracy(splits.validation.labels, predicted_classes(logits)) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "key", "least"),
    [
        ("03", message("fine_tuning.result_tuned"), 0.97),
        ("06", message("deployment.result_accuracy", name="MobileNetV2"), 0.95),
        ("08", message("heat_maps.result_control"), 0.5),
        ("09", message("own_pictures.result_accuracy"), 0.65),
    ],
)
def test_the_very_same_notebook_runs_on_photographs(test_data, tmp_path, number, key, least):
    command = [sys.executable, "-m", "tl_helpers.authoring", "run", number, "--out", str(tmp_path)]
    settings = {"TL_EDITION": "full", "TL_PICTURES": test_data / "photos", "TL_WEIGHTS": test_data / "weights"}
    environment = {**os.environ, **{name: str(value) for name, value in settings.items()}}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    (lesson,) = report["lessons"]
    assert lesson["edition"] == "full"
    assert lesson["results"][key] >= least
