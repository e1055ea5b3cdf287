import csv
import json
from dataclasses import replace

import keras
import numpy as np
import pytest

from tl_helpers import drawn
from tl_helpers.authoring import difficulty, measuring, methods, source_task
from tl_helpers.authoring.measuring import Job, Row, Task, job_key, measure, plan, read_log, summaries

pytestmark = pytest.mark.long

TASK = Task("cats_and_dogs", ("cat", "dog"), 6, held_out_per_class=4)
SEEDS = (difficulty.DEV_TRAIN_SEED, difficulty.DEV_HELD_OUT_SEED)


@pytest.fixture(scope="module")
def pair():
    return measuring.picturebook.draw_many(("cat", "dog"), 6, SEEDS[0])


@pytest.fixture
def measured_jobs(monkeypatch):
    """Replace a job's work by a note of it; its accuracy is 0.75."""
    measured = []

    def note(train, held_out, base, run):
        measured.append((base, run))
        return 0.75

    monkeypatch.setattr(measuring, "METHODS", dict.fromkeys(methods.METHODS, note))
    return measured


def test_colour_histograms_are_shares_of_each_picture():
    images = np.zeros((2, 4, 4, 3), np.uint8)
    images[1, :2] = 255
    shares = methods.colour_histograms(images)
    assert shares.shape == (2, 64)
    assert shares[:, 0].tolist() == [1.0, 0.5]
    assert shares[1, 63] == 0.5


def test_varied_batches_keep_pictures_with_their_labels():
    images = np.arange(1, 6, dtype=np.uint8)[:, None, None, None] * np.full((1, 24, 24, 3), 10, np.uint8)
    batches = methods.varied_batches(images, np.arange(5), batch_size=4)
    seen = []
    for pictures, labels in batches.take(10):
        assert pictures.shape == (4, 24, 24, 3)
        np.testing.assert_allclose(pictures[:, 3, 5, 0], 10 * (labels[:, 0] + 1), rtol=1e-5)
        seen += labels[:, 0].numpy().tolist()
    assert [seen.count(label) for label in range(5)] == [8] * 5


def test_varied_pictures_are_mirrored_shifted_and_zoomed_ones():
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[15:25, 4:14] = 255  # a square, left of the middle
    pictures, _ = next(iter(methods.varied_batches(picture[None], np.zeros(1, int), batch_size=64)))
    bright = pictures.numpy()[..., 0] > 127
    on_the_left = bright[:, :, :20].any(axis=(1, 2))
    assert 0 < on_the_left.sum() < 64
    areas = bright.sum(axis=(1, 2))
    assert areas.min() < 95
    assert areas.max() > 105
    assert len(set(bright.argmax(axis=1).max(axis=1))) > 3


@pytest.mark.parametrize("name", methods.METHODS)
def test_every_method_gives_an_accuracy(monkeypatch, pair, name):
    short = methods.Recipe(steps=2, batch_size=4, peak_rate=1e-3)
    for recipe in ("SMALL", "SCRATCH", "HEAD", "FINE_TUNING"):
        monkeypatch.setattr(methods, recipe, short)
    share = methods.METHODS[name](pair, pair, "MobileNetV2", 0)
    assert share * 12 == pytest.approx(round(share * 12))


def test_fine_tuning_starts_from_a_trained_head_on_unfrozen_pretrained_weights(monkeypatch, pair):
    networks = []
    monkeypatch.setattr(methods, "HEAD", methods.Recipe(steps=50, batch_size=12, peak_rate=1e-2))
    monkeypatch.setattr(methods, "_trained", lambda network, *_: networks.append(network) or 0.5)
    methods.fine_tuned(pair, pair, "MobileNetV2", 0)
    logits = networks[0].predict(pair[0], verbose=0)[:, 0]
    assert np.mean((logits > 0) == pair[1]) > 0.9  # before any fine-tuning
    base_model = next(layer for layer in networks[0].layers if isinstance(layer, keras.Model))
    assert base_model.get_layer("Conv1").trainable
    assert not base_model.get_layer("bn_Conv1").trainable


def test_more_than_two_classes_get_an_output_each(monkeypatch, pair):
    networks = []
    monkeypatch.setattr(methods, "_trained", lambda network, *_: networks.append(network) or 0.5)
    for labels in (pair[1], np.arange(12) % 5):
        methods.scratch((pair[0], labels), pair, "MobileNetV2", 0)
    assert [network.output_shape[-1] for network in networks] == [1, 5]


def test_a_plan_has_every_run_with_its_own_seeds():
    jobs = plan([TASK], ["pixels", "scratch", "frozen"], ["MobileNetV2", "InceptionV3"], 2, SEEDS)
    assert len(jobs) == len(set(jobs)) == 2 * (1 + 1 + 2)
    assert {(job.run, job.train_seed) for job in jobs} == {(0, SEEDS[0]), (1, SEEDS[0] + 1)}
    assert {job.held_out_seed for job in jobs} == {SEEDS[1]}
    assert {job.base for job in jobs if job.method == "frozen"} == {"MobileNetV2", "InceptionV3"}
    assert {job.base for job in jobs if job.method == "pixels"} == {""}
    assert {job.base for job in jobs if job.method == "scratch"} == {"MobileNetV2"}


def test_what_the_log_holds_is_not_measured_again(measured_jobs, tmp_path):
    log = tmp_path / "log.csv"
    jobs = plan([TASK], ["pixels"], [], 3, SEEDS)
    measure(jobs[:2], log, workers=0)
    rows = measure(jobs, log, workers=0)
    assert measured_jobs == [("", 0), ("", 1), ("", 2)]
    assert [(row.task, row.method, row.run, row.accuracy) for row in rows] == [
        ("cats_and_dogs", "pixels", run, 0.75) for run in range(3)
    ]
    assert read_log(log) == rows


def test_a_run_that_stopped_half_way_keeps_what_it_had(monkeypatch, measured_jobs, tmp_path):
    log = tmp_path / "log.csv"
    jobs = plan([TASK], ["pixels"], [], 3, SEEDS)

    def stop_in_the_second_run(train, held_out, base, run):
        if run == 1:
            raise KeyboardInterrupt
        return 0.5

    with monkeypatch.context() as patch:
        patch.setattr(measuring, "METHODS", {"pixels": stop_in_the_second_run})
        with pytest.raises(KeyboardInterrupt):
            measure(jobs, log, workers=0)
    with log.open("a", encoding="utf-8") as stream:
        stream.write("cats_and_dogs,pixels,,1,0.9")  # cut off while it was being written
    assert [row.accuracy for row in measure(jobs, log, workers=0)] == [0.5, 0.75, 0.75]


def test_other_weights_are_measured_again_but_not_what_does_not_use_them(monkeypatch, measured_jobs, tmp_path):
    log = tmp_path / "log.csv"
    jobs = plan([TASK], ["pixels", "scratch", "fine_tuned"], ["MobileNetV2"], 1, SEEDS)
    measure(jobs, log, workers=0)
    monkeypatch.setattr(measuring, "weights_hash", lambda base: "another")
    measure(jobs, log, workers=0)
    assert measured_jobs == [("", 0), ("MobileNetV2", 0), ("MobileNetV2", 0), ("MobileNetV2", 0)]
    assert len(read_log(log)) == 3


@pytest.mark.parametrize("change", ["drawings", "recipe", "task", "seed"])
def test_a_job_made_from_something_else_has_another_key(monkeypatch, change):
    job = Job(TASK, "scratch", "MobileNetV2", 0, *SEEDS)
    other = job
    before = job_key(job)
    if change == "drawings":
        monkeypatch.setattr(measuring.picturebook, "version", lambda: "another")
    elif change == "recipe":
        monkeypatch.setitem(measuring.RECIPES, "scratch", replace(methods.SCRATCH, steps=1))
    elif change == "task":
        other = replace(job, task=replace(TASK, per_class=7))
    else:
        other = replace(job, train_seed=SEEDS[0] + 1)
    assert job_key(other) != before
    assert len(before) == measuring.HASH_DIGITS


@pytest.mark.slow
def test_worker_processes_measure_what_one_process_measures(tmp_path):
    jobs = plan([TASK], ["pixels", "colours"], [], 2, SEEDS)
    parallel, alone = (measure(jobs, tmp_path / f"{count}.csv", workers=count) for count in (2, 0))
    assert [row.accuracy for row in parallel] == [row.accuracy for row in alone]


def test_summaries_are_means_over_the_runs():
    rows = [Row("t", method, "", run, 0.5 + run / 4, 1.0, "") for method in ("a", "b") for run in range(2)]
    first, second = summaries(rows)
    assert (first["method"], second["method"]) == ("a", "b")
    assert (first["mean"], first["std"], first["runs"]) == (0.625, 0.125, [0.5, 0.75])


def result(method, mean, base="MobileNetV2"):
    return {"task": "cats_and_dogs", "method": method, "base": base, "mean": mean, "std": 0.0, "runs": [mean]}


@pytest.mark.parametrize(
    ("method", "mean", "met"), [("scratch", 0.8, True), ("scratch", 0.801, False), ("frozen", 0.88, True),
                                ("frozen", 0.879, False), ("fine_tuned", 0.93, True), ("fine_tuned", 0.92, False)],
)  # fmt: skip
def test_a_limit_is_judged_by_the_mean(method, mean, met):
    (judgement,) = difficulty.judged([result(method, mean)])
    assert judgement["met"] is met
    assert judgement["percent"] == pytest.approx(100 * mean)


def test_what_fine_tuning_gains_is_judged_for_each_base():
    means = {"MobileNetV2": (0.90, 0.93), "InceptionV3": (0.92, 0.94)}
    results = [result("frozen", low, base) for base, (low, _) in means.items()]
    results += [result("fine_tuned", high, base) for base, (_, high) in means.items()]
    limits = difficulty.judged(results)
    gains = {each["base"]: (each["percent"], each["met"]) for each in limits if each["method"] == "gain"}
    assert gains == {"MobileNetV2": (3.0, True), "InceptionV3": (2.0, False)}
    lines = difficulty.table(results, limits).splitlines()
    assert sum("NOT MET" in line for line in lines) == 1
    assert len(lines) == 1 + 4 + 2


def test_every_limit_is_of_a_task_and_method_that_is_measured():
    tasks = {task.name for task in difficulty.TASKS}
    assert {limit.task for limit in difficulty.LIMITS} <= tasks
    assert {limit.method for limit in difficulty.LIMITS} <= {*methods.METHODS, "gain"}


def test_both_experiments_are_written_with_one_log(monkeypatch, measured_jobs, tmp_path):
    monkeypatch.setattr(difficulty, "TASKS", (TASK,))
    monkeypatch.setattr(difficulty, "KNOBS", (Task("similarity_0.5_size_2", ("cat", "dog"), 2, 2, 0.5),))
    for experiment in ([], ["--knobs"]):
        assert difficulty.main([*experiment, "--dev", "--runs", "2", "--workers", "0", "--out", str(tmp_path)]) == 0
    figures = json.loads((tmp_path / "picturebook_difficulty.json").read_text(encoding="utf-8"))
    assert {each["method"] for each in figures["results"]} == set(methods.METHODS)
    assert figures["seeds"]["training_pictures"] == difficulty.DEV_TRAIN_SEED
    assert {(each["method"], each["met"]) for each in figures["limits"]} >= {("pixels", False), ("scratch", True)}
    knobs = json.loads((tmp_path / "similarity_and_size.json").read_text(encoding="utf-8"))
    assert [(each["similarity"], each["per_class"], each["method"]) for each in knobs["results"]] == [
        (0.5, 2, method) for method in difficulty.KNOB_METHODS
    ]
    with (tmp_path / "picturebook_difficulty_log.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(measured_jobs)


def test_the_report_is_measured_as_a_whole(measured_jobs, tmp_path, capsys):
    for part in (["--runs", "1"], ["--tasks", "breeds"], ["--methods", "pixels"]):
        with pytest.raises(SystemExit):
            difficulty.main([*part, "--out", str(tmp_path)])
    assert "--dev" in capsys.readouterr().err
    assert not measured_jobs


def test_the_report_is_measured_on_seeds_that_nothing_else_uses():
    report = {*range(difficulty.TRAIN_SEED, difficulty.TRAIN_SEED + difficulty.RUNS), difficulty.HELD_OUT_SEED}
    dev = {*range(difficulty.DEV_TRAIN_SEED, difficulty.DEV_TRAIN_SEED + difficulty.RUNS), SEEDS[1]}
    lessons = {drawn.TRAIN_SEED, drawn.HELD_OUT_SEED, source_task.TRAIN_SEED, source_task.TEST_SEED}
    assert len(report) == len(dev) == difficulty.RUNS + 1
    assert report.isdisjoint(dev | lessons)
    assert dev.isdisjoint(lessons)
