import json
from dataclasses import replace

import numpy as np
import pytest

from tl_helpers.authoring import measurements, reference
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI, full_edition
from tl_helpers.messages import percent
from tl_helpers.pictures import Splits, load_pictures
from tl_helpers.reference import load_reference, show_reference

pytestmark = pytest.mark.long


@pytest.fixture
def few():
    train, validation, test = (drawn_pictures(("cat", "dog"), 4, seed) for seed in (1, 2, 3))
    return Splits(train, validation, test)


def published_data(monkeypatch, test_data, data_set, name):
    """The photographs of a published measurement, and what was published of them."""
    monkeypatch.setenv("TL_PICTURES", str(test_data / "photos"))
    monkeypatch.setenv("TL_WEIGHTS", str(test_data / "weights"))
    edition = full_edition((data_set,), ("MobileNetV2",))
    splits, published = load_pictures(data_set, edition), load_reference(name)
    assert reference.data_hash(splits) == published["data_hash"]
    return splits, edition, published


def check_complete(measured):
    assert {"command", "versions", "data_hash", "data", "machine", "results"} == set(measured)
    assert measured["machine"].keys() == {"cores"}
    assert {"python", "tensorflow", "keras"} <= set(measured["versions"])
    runs = measured["results"]["runs"]
    assert all({"seed", "frozen", "fine_tuned", "seconds_frozen", "seconds_fine_tuned"} == set(run) for run in runs)
    assert all(0 <= run[key] <= 1 for run in runs for key in ("frozen", "fine_tuned"))
    for place in ("from_layer_100", "whole_base"):
        moved = measured["results"]["moved_statistics"][place]
        assert moved["widely_taught"] > 0
        assert moved["frozen_batch_norm"] == 0


def test_the_shipped_reference_of_fine_tuning_is_complete():
    measured = load_reference("fine_tuning")
    check_complete(measured)
    runs = measured["results"]["runs"]
    assert len(runs) == len(reference.SEEDS)
    assert np.mean([run["fine_tuned"] for run in runs]) >= 0.97


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("feature_extraction", {"pixels", "scratch", "frozen"}),
        ("deployment", {"whole_float32", "whole_int8", "short_float32", "short_int8"}),
        ("dogs", {"breed"}),
    ],
)
def test_the_other_shipped_references_are_complete_and_shown_in_both_languages(name, keys, each_language, capsys):
    measured = load_reference(name)
    assert {"command", "versions", "data_hash", "data", "machine", "results"} == set(measured)
    runs = measured["results"]["runs"]
    assert [run["seed"] for run in runs] == list(measurements.SEEDS)
    assert all(set(run) == {"seed"} | keys for run in runs)
    show_reference(name)
    shown = capsys.readouterr().out
    assert measured["command"] in shown
    for key in keys:
        assert percent(float(np.mean([run[key] for run in runs]))) in shown


@pytest.mark.parametrize("name", ["feature_extraction", "deployment", "dogs"])
def test_each_measurement_measures_every_method_for_every_seed(name, monkeypatch, few):
    monkeypatch.setattr(measurements, "SEEDS", (0, 1))
    monkeypatch.setattr(measurements, "EPOCHS", 1)
    measure, _ = reference.MEASUREMENTS[name]
    runs = measure(few, MINI)["runs"]
    assert [run["seed"] for run in runs] == [0, 1]
    assert all(0 <= value <= 1 for run in runs for key, value in run.items() if key != "seed")


@pytest.mark.full
def test_the_breeds_are_measured_again_within_two_points(monkeypatch, test_data):
    splits, edition, published = published_data(monkeypatch, test_data, "dogs", "dogs")
    again = measurements.dogs(splits, edition)["runs"]
    for run, other in zip(again, published["results"]["runs"], strict=True):
        assert run["breed"] == pytest.approx(other["breed"], abs=0.02)


def test_an_incomplete_reference_is_noticed():
    measured = load_reference("fine_tuning")
    with pytest.raises(AssertionError):
        check_complete({key: value for key, value in measured.items() if key != "data_hash"})


def test_a_measurement_is_written_with_what_is_needed_to_repeat_it(monkeypatch, tmp_path, few):
    monkeypatch.setattr(reference, "SEEDS", (0,))
    monkeypatch.setattr(reference, "EPOCHS", 1)
    monkeypatch.setattr(reference, "STEPS", 1)
    monkeypatch.setattr(reference, "BATCH", 4)
    monkeypatch.setattr(reference, "full_edition", lambda *_: MINI)
    monkeypatch.setattr(reference, "load_pictures", lambda *_: few)
    assert reference.main(["fine_tuning", "--out", str(tmp_path)]) == 0
    measured = json.loads((tmp_path / "fine_tuning_photographs.json").read_text(encoding="utf-8"))
    check_complete(measured)
    assert measured["command"].endswith("reference fine_tuning")
    assert measured["data"] == {"train": 8, "validation": 8, "pixels": 96}


def test_the_data_hash_knows_every_pixel_and_label(few):
    before = reference.data_hash(few)
    images = few.test.images.copy()
    images[-1, -1, -1, -1] ^= 1
    assert reference.data_hash(replace(few, test=replace(few.test, images=images))) != before
    assert reference.data_hash(replace(few, train=replace(few.train, labels=1 - few.train.labels))) != before
    assert reference.data_hash(few) == before


@pytest.mark.full
def test_the_moved_statistics_on_photographs_are_the_published_ones(monkeypatch, test_data):
    splits, edition, published = published_data(monkeypatch, test_data, "cats_and_dogs", "fine_tuning")
    moved = reference.moved_by_recipe(splits.train, edition)
    assert moved == published["results"]["moved_statistics"]  # counts: tolerance 0
