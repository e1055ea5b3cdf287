"""The dropout comparison: the same start for every rate, honest measuring, readings that follow the numbers."""

import keras
import numpy as np
import pytest
from sklearn.metrics import log_loss

from tl_helpers import dropout, dropout_plots
from tl_helpers.editions import MINI
from tl_helpers.messages import LANGUAGES, message, set_language
from tl_helpers.pictures import Pictures, Splits

SIZES = (25, 400)


@pytest.fixture
def examples():
    """Return training and validation examples whose sign of the first number is the label, mostly."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(120, 12)).astype("float32")
    labels = (inputs[:, 0] + rng.normal(size=120) > 0).astype(int)
    return (inputs[:40], labels[:40]), (inputs[40:], labels[40:])


@pytest.fixture
def shown(monkeypatch):
    """Keep the alternative texts of what is shown."""
    kept = []
    monkeypatch.setattr(dropout_plots, "show", lambda fig, alt: kept.append((fig, alt)))
    yield kept
    from matplotlib import pyplot as plt

    plt.close("all")
    set_language("en")


def history(gap, accuracy=0.8, loss=0.1):
    return {
        "loss": [0.7, loss],
        "val_loss": [0.7, loss + gap],
        "accuracy": [0.5, 1.0],
        "val_accuracy": [0.5, accuracy],
    }


def test_networks_of_one_seed_start_from_the_same_weights_whatever_the_rate():
    without, with_dropout = (dropout.dense_network(6, rate, seed=3, units=8) for rate in (0.0, 0.5))
    for one, other in zip(without.get_weights(), with_dropout.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_seed_starts_from_other_weights():
    one, other = (dropout.dense_network(6, 0.5, seed=seed, units=8).get_weights()[0] for seed in (0, 1))
    assert not np.array_equal(one, other)


def test_measuring_agrees_with_scikit_learn_and_leaves_dropout_off(examples):
    (inputs, labels), _ = examples
    network = dropout.dense_network(12, rate=0.8, seed=0, units=16)
    logits = np.asarray(network(inputs, training=False), dtype=float)[:, 0]
    loss, accuracy = dropout.measure(network, inputs, labels)
    assert loss == pytest.approx(log_loss(labels, 1 / (1 + np.exp(-logits))), abs=1e-6)
    assert accuracy == np.mean((logits > 0) == (labels == 1))
    assert dropout.measure(network, inputs, labels) == (loss, accuracy)


def test_training_gives_a_value_an_epoch_of_what_keras_measures_too(examples, monkeypatch):
    train, validation = examples
    built = []
    original = dropout.dense_network
    monkeypatch.setattr(dropout, "dense_network", lambda *args: built.append(original(*args)) or built[-1])
    curves = dropout.train_network(0.5, 0, train, validation, epochs=3)
    assert {name: len(values) for name, values in curves.items()} == dict.fromkeys(
        ("loss", "accuracy", "val_loss", "val_accuracy"), 3
    )
    labels = validation[1][:, None].astype("float32")
    expected = keras.losses.BinaryCrossentropy(from_logits=True)(labels, built[0](validation[0], training=False))
    assert curves["val_loss"][-1] == pytest.approx(float(expected), abs=1e-5)


def test_a_network_learns_what_can_be_learned(examples):
    curves = dropout.train_network(0.0, 0, *examples, epochs=15)
    assert curves["loss"][-1] < curves["loss"][0]
    assert curves["accuracy"][-1] > 0.9


def test_first_pictures_keeps_the_length_repeats_few_and_grows_by_adding():
    examples = np.arange(10)[:, None], np.arange(10)
    (_, few), (_, more), (_, every) = (dropout.first_pictures(examples, size, seed=4) for size in (3, 6, 10))
    assert len(few) == len(more) == len(every) == 10
    assert len(set(few)) == 3
    assert set(few) < set(more) < set(every) == set(range(10))


def test_first_pictures_keeps_inputs_and_labels_together():
    inputs, labels = dropout.first_pictures((np.arange(10)[:, None], np.arange(10)), 4, seed=0)
    np.testing.assert_array_equal(inputs[:, 0], labels)


def test_the_loss_gap_is_validation_minus_training_after_the_last_epoch():
    assert dropout.loss_gap(history(gap=0.25)) == pytest.approx(0.25)


def test_the_mini_edition_takes_two_kinds_of_drawn_pictures_without_one_in_common(monkeypatch, tmp_path):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(dropout, "PER_SET", 6)
    train, validation = dropout.two_kinds(MINI)
    assert len(train) == len(validation) == 6
    assert set(train.labels) == {0, 1}
    assert not {each.tobytes() for each in train.images} & {each.tobytes() for each in validation.images}


def test_the_full_edition_takes_some_photographs_of_both_kinds(monkeypatch):
    def pictures(count):
        names = tuple(map(str, range(count)))
        return Pictures(np.zeros((count, 2, 2, 3), np.uint8), np.arange(count) // (count // 2), ("cat", "dog"), names)

    splits = Splits(pictures(1000), pictures(100), pictures(10))
    monkeypatch.setattr(dropout, "load_pictures", lambda name, edition: splits)
    train, validation = dropout.two_kinds(dropout.Edition("full", 160))
    assert (len(train), len(validation)) == (400, 100)
    assert set(train.labels) == set(validation.labels) == {0, 1}


@pytest.mark.parametrize(
    ("gaps", "verdict"),
    [((0.2, 0.3), "falls"), ((0.6, 0.7), "rises"), ((0.2, 0.7), "unclear")],
)
def test_the_reading_of_the_gap_follows_the_numbers(gaps, verdict):
    reading = dropout_plots.read_gaps([history(0.5), history(0.5)], [history(gap) for gap in gaps])
    mean, least, most = np.mean(gaps), min(gaps), max(gaps)
    after = f"{mean:.2f} ({least:.2f}–{most:.2f})"
    assert reading.startswith(message(f"dropout.gap_{verdict}", before="0.50 (0.50–0.50)", after=after, seeds=2))


@pytest.mark.parametrize(
    ("accuracies", "verdict"), [((0.7, 0.7), "falls"), ((0.9, 0.9), "rises"), ((0.8, 0.9), "unclear")]
)
def test_the_reading_of_accuracy_follows_the_numbers(accuracies, verdict):
    after = [history(0.2, accuracy) for accuracy in accuracies]
    reading = dropout_plots.read_gaps([history(0.5), history(0.5)], after)
    mean = f"{100 * np.mean(accuracies):.1f} %"
    assert reading.endswith(message(f"dropout.accuracy_{verdict}", before="80.0 %", after=mean))


def test_the_reading_by_size_judges_each_end_by_itself():
    without = dict.fromkeys(SIZES, (1.0, 1.0))
    reading = dropout_plots.read_gap_by_size(without, {25: (1.2, 1.3), 400: (0.5, 0.4)})
    few = message("dropout.size_rises", size="25", before="1.00", after="1.25")
    many = message("dropout.size_falls", size="400", before="1.00", after="0.45")
    assert reading == f"{few} {many}"
    assert "do not agree" in dropout_plots.read_gap_by_size(without, {25: (0.8, 1.3), 400: (0.5, 0.4)})


@pytest.mark.parametrize(("last", "key"), [(0.1, "rate_shrinks"), (0.9, "rate_grows")])
def test_the_reading_by_rate_says_where_validation_loss_is_lowest(last, key):
    runs = {0.0: [history(0.5)], 0.5: [history(0.05)], 0.8: [history(last, loss=0.6)]}
    values = {"first": "0.0", "last": "0.8", "before": "0.50", "after": f"{last:.2f}", "best": "0.5", "loss": "0.15"}
    assert dropout_plots.read_loss_by_rate(runs) == message(f"dropout.{key}", **values)


def show_all(gap_at_400=0.4):
    dropout_plots.show_dropout_curves([history(0.5)] * 2, [history(0.2)] * 2)
    dropout_plots.show_gap_by_size({25: (1.0, 1.2), 400: (0.5, gap_at_400)}, {25: (1.1, 1.2), 400: (0.2, 0.3)})
    dropout_plots.show_loss_by_rate({0.0: [history(0.5)] * 2, 0.8: [history(0.1)] * 2})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plot_has_title_labels_alternative_text_and_prints_its_reading(shown, capsys, language):
    set_language(language)
    show_all()
    printed = capsys.readouterr().out
    assert len(shown) == 3
    for fig, alt in shown:
        assert alt.split(". ", 1)[1].strip() in printed.replace("\n", " ")
        assert all(axis.get_title(loc="left") and axis.get_xlabel() for axis in fig.axes)
        assert fig.axes[0].get_ylabel()
        assert "{" not in alt


def test_a_gap_of_zero_can_be_plotted_too(shown, recwarn):
    show_all(gap_at_400=-0.1)
    shown[1][0].draw_without_rendering()
    assert shown[1][0].axes[0].get_yscale() == "linear"
    assert not recwarn.list


def test_the_title_by_size_follows_the_numbers(shown):
    show_all()
    dropout_plots.show_gap_by_size({25: (0.5,), 400: (1.0,)}, {25: (0.5,), 400: (1.0,)})
    titles = [fig.axes[0].get_title(loc="left") for fig, _ in shown]
    assert titles[1] == message("dropout.size_shrinks")
    assert titles[3] == message("dropout.size_stays")
