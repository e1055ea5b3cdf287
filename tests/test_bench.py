import json

import numpy as np
import pytest

from tl_helpers import feature_cache
from tl_helpers.authoring.bench import __main__ as bench
from tl_helpers.authoring.bench import procedures, report, speed, step


def machine():
    return {"cores": 2, "tensorflow": "2.21.0"}


def engines(rate):
    rates = {"keras_predict_first": 50.0, "keras_predict": 100.0, "ours_keras": 90.0, "ours_litert": rate}
    return {"pictures_a_second": rates, "gflop_a_picture": 0.5, "pixels": 96}


def procedure(seconds, validation, test):
    splits = [{"validation": validation - 0.01, "test": test}, {"validation": validation + 0.01, "test": test}]
    return {"seconds": seconds, "splits": splits, "peak_memory_gb": 1.25}


@pytest.fixture
def results():
    return {
        "machine": machine(),
        "roofline": {"gflops": 200.0},
        "engines_mini": engines(300.0),
        "second_run": {"pictures": 800, "seconds_first": 2.0, "seconds_from_cache": 0.05},
        "growth": {
            "pictures": [100, 1000],
            "seconds_by_pictures": [0.1, 1.0],
            "epochs": [1, 5, 25],
            "seconds_by_epochs": [1.0, 1.1, 1.5],
            "seconds_by_epochs_whole_model": [1.0, 5.0],
        },
        "ours_photographs": procedure(10.0, 0.97, 0.98),
        "tutorial_photographs": procedure([100.0, 250.0], 0.96, 0.99),
    }


def test_ratios_compare_figures_of_the_same_run(results):
    assert report.ratios(results) == pytest.approx(
        {
            "features_mini": 3.0,
            "features_mini_first_call": 6.0,
            "roofline_mini": 0.75,
            "procedure_photographs": 35.0,
            "validation_gain_photographs": 0.01,
            "test_gain_photographs": -0.01,
        }
    )


def test_figures_plot_and_both_readmes_are_written(results, tmp_path):
    for name in ("README.md", "README.tr.md"):
        (tmp_path / name).write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    report.publish(results, tmp_path)
    kept = json.loads((tmp_path / "assets/reference/benchmark.json").read_text(encoding="utf-8"))
    assert kept["ratios"]["procedure_photographs"] == 35
    english = (tmp_path / "README.md").read_text(encoding="utf-8")
    turkish = (tmp_path / "README.tr.md").read_text(encoding="utf-8")
    assert english.startswith("before\n")
    assert english.endswith("\nafter\n")
    assert "old" not in english
    assert "| 350.0 s, validation 96.0 %, test 99.0 %, 1.2 GB | 10.0 s, validation 97.0 %" in english
    assert "| 35.0 × |" in english
    assert "](assets/benchmark_en.png)" in english
    assert "%97,0" in turkish
    assert "| 35,0 × |" in turkish
    for code in ("en", "tr"):
        assert (tmp_path / f"assets/benchmark_{code}.png").stat().st_size > 5000


def test_a_readme_without_marks_is_not_guessed_at():
    with pytest.raises(ValueError, match="benchmark:begin"):
        report.with_table("no marks here", "| table |")


def test_steps_that_need_photographs_are_left_out_by_name_where_there_are_none(monkeypatch, tmp_path, capsys):
    ran, published = [], []
    monkeypatch.delenv("TL_TEST_DATA", raising=False)
    monkeypatch.setattr(bench, "run_step", lambda *arguments: ran.append(arguments) or {})
    monkeypatch.setattr(bench, "publish", lambda results, root: published.append(set(results)))
    assert bench.main(["--out", str(tmp_path)]) == 0
    assert "tutorial_photographs: left out" in capsys.readouterr().out
    assert {name for name, *_ in ran} == set(step.STEPS)
    assert not [test_data for *_, test_data in ran if test_data]
    bench.main(["--out", str(tmp_path), "--test-data", str(tmp_path)])
    assert published[1] - published[0] == {"engines_full", "ours_photographs", "tutorial_photographs"}


def test_a_step_runs_in_a_process_of_its_own_and_says_its_peak_memory():
    measured = bench.run_step("import_time", {"repeats": 1}, None)
    assert 0 < measured["seconds"] < 30
    assert 0.05 < measured["peak_memory_gb"] < 8


@pytest.mark.long
def test_every_engine_is_measured_beside_keras_predict():
    measured = speed.feature_engines("mini", 70, repeats=1)
    assert measured["gflop_a_picture"] == pytest.approx(0.022, rel=0.1)
    assert max(measured["largest_difference"].values()) < 1e-3
    assert all(rate > 1 for rate in measured["pictures_a_second"].values())
    assert speed.roofline()["gflops"] > 1


@pytest.mark.long
def test_growth_is_measured_on_features_computed_anew():
    measured = speed.growth([10, 20], [1, 2])
    assert [len(measured[key]) for key in ("seconds_by_pictures", "seconds_by_epochs")] == [2, 2]
    assert min(measured["seconds_by_pictures"] + measured["seconds_by_epochs"]) > 0


def test_the_second_run_is_read_from_the_cache():
    measured = speed.second_run(20)
    assert measured["seconds_from_cache"] < measured["seconds_first"]


@pytest.mark.long
def test_both_procedures_are_scored_on_the_same_five_divisions(monkeypatch, tmp_path):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(procedures, "TUTORIAL_EPOCHS", 1)
    monkeypatch.setattr(procedures, "DRAWN_PER_CLASS", 10)
    theirs, ours = procedures.tutorial("drawn"), procedures.ours("drawn", fine_tune=True)
    assert len(theirs["seconds"]) == 2
    for measured in (theirs, ours):
        assert len(measured["splits"]) == procedures.SPLITS
        assert all(0 <= split["test"] <= 1 for split in measured["splits"])
    assert ours["seconds"] > ours["seconds_for_features"] > 0
    assert 0 <= ours["fine_tuned"]["test"] <= 1
    assert list(feature_cache.cache_folder().glob("*.npy"))


def test_the_divisions_share_no_picture_and_differ(tmp_path):
    procedures.draw_folder(tmp_path, 10)
    files, labels = procedures._files(str(tmp_path / "validation"))
    assert [file.parent.name for file in files] == ["cat"] * 10 + ["dog"] * 10
    divisions = list(procedures._held_out_splits(files, labels))
    for validation, test in divisions:
        assert sorted([*validation, *test]) == list(range(20))
        assert list(np.bincount(labels[test])) == [2, 2]
    assert len({tuple(test) for _, test in divisions}) > 1
