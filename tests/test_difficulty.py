import json

import numpy as np
import pytest

from tl_helpers.authoring import difficulty


def test_colour_histograms_are_shares_of_each_picture():
    images = np.zeros((2, 4, 4, 3), np.uint8)
    images[1, :2] = 255
    shares = difficulty.colour_histograms(images)
    assert shares.shape == (2, 64)
    assert shares[:, 0].tolist() == [1.0, 0.5]
    assert shares[1, 63] == 0.5


def test_every_method_is_measured_and_written(monkeypatch, tmp_path):
    monkeypatch.setattr(difficulty, "SCRATCH_EPOCHS", 1)
    monkeypatch.setattr(difficulty, "HEAD_EPOCHS", 1)
    target = tmp_path / "difficulty.json"
    assert difficulty.main(["--runs", "1", "--per-class", "6", "--held-out", "4", "--out", str(target)]) == 0
    results = json.loads(target.read_text(encoding="utf-8"))
    assert set(results["accuracy"]) == set(difficulty.METHODS)
    for scores in results["accuracy"].values():
        assert scores["mean"] == pytest.approx(np.mean(scores["runs"]))
        assert 0 <= scores["mean"] <= 1
    assert results["held_out_pictures"] == 8


def test_no_picture_measured_on_is_one_trained_on():
    assert difficulty.HELD_OUT_SEED not in range(difficulty.TRAIN_SEED, difficulty.TRAIN_SEED + 100)
