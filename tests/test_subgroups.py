"""Right answers by group: counted, with Wilson's interval, and held against chance."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from tl_helpers import subgroups
from tl_helpers.messages import set_language
from tl_helpers.subgroups import GroupScore, chance_of_gap, group_name, read_subgroups, subgroup_report


def wilson(right, total, z=1.959964):
    """Wilson's interval, as in https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval."""
    share = right / total
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    return middle - half, middle + half


@pytest.mark.parametrize("seed", range(5))
def test_a_report_counts_as_one_would_by_hand(seed):
    random = np.random.default_rng(seed)
    labels, predicted = random.integers(0, 2, 60), random.integers(0, 2, 60)
    groups = [("a", "b", "c")[i] for i in random.integers(0, 3, 60)]
    expected = {}
    for label, answer, group in zip(labels, predicted, groups, strict=True):
        right, total = expected.get(group, (0, 0))
        expected[group] = (right + int(label == answer), total + 1)
    scores = subgroup_report(labels, predicted, groups)
    assert {score.group: (score.right, score.total) for score in scores} == expected
    assert [score.group for score in scores] == sorted(expected)
    for score in scores:
        np.testing.assert_allclose((score.low, score.high), wilson(score.right, score.total), atol=1e-6)


def test_the_order_of_the_pictures_does_not_matter():
    labels, predicted, groups = np.array([0, 1, 1, 0]), np.array([0, 0, 1, 0]), ["x", "y", "y", "x"]
    order = [2, 0, 3, 1]
    again = subgroup_report(labels[order], predicted[order], [groups[i] for i in order])
    assert again == subgroup_report(labels, predicted, groups)


@pytest.mark.parametrize(("right", "total"), [(0, 3), (3, 3), (1, 1)])
def test_the_interval_stays_a_share_in_the_smallest_groups(right, total):
    labels = np.zeros(total, dtype=int)
    predicted = np.array([0] * right + [1] * (total - right))
    (score,) = subgroup_report(labels, predicted, ["only"] * total)
    assert 0 <= score.low <= right / total <= score.high <= 1
    assert score.high - score.low > 0.3


def score(group, right, total):
    return GroupScore(group, right, total, *wilson(right, total))


def test_chance_makes_the_widest_gap_as_often_as_counting_says():
    # 2 of 4 right, dealt to two groups of 2: in 2 of 6 ways one group gets both
    assert np.isclose(chance_of_gap([score("a", 2, 2), score("b", 0, 2)], draws=20_000), 1 / 3, atol=0.02)
    assert chance_of_gap([score("a", 5, 10), score("b", 5, 10)]) == 1


def test_chance_is_that_of_shuffling_the_pictures():
    scores = [score("a", 12, 20), score("b", 25, 30), score("c", 14, 15)]
    right = np.concatenate([[True] * s.right + [False] * (s.total - s.right) for s in scores])
    random, wide = np.random.default_rng(1), 0
    for _ in range(2000):
        shares = [part.mean() for part in np.split(random.permutation(right), [20, 50])]
        wide += max(shares) - min(shares) >= 14 / 15 - 12 / 20 - 1e-9
    assert np.isclose(chance_of_gap(scores), wide / 2000, atol=0.03)


def test_many_groups_drawn_by_chance_are_seldom_called_different():
    random = np.random.default_rng(2)
    called = 0
    for _ in range(60):
        labels, groups = (random.random(300) < 0.8).astype(int), [f"{i:02}" for i in random.integers(0, 14, 300)]
        called += "hardly" in read_subgroups(subgroup_report(labels, np.ones(300, dtype=int), groups))
    assert called <= 8  # 3 expected


def test_a_gap_is_called_a_difference_only_where_chance_hardly_makes_it():
    apart = read_subgroups([score("a", 50, 100), score("b", 90, 100)])
    assert "“a” fares worst (50.0 % right), “b” best (90.0 %): 40.0 points apart" in apart
    assert "in less than 0.1 % of the tries, so chance hardly explains it" in apart
    assert "“b” fares worst" in read_subgroups([score("a", 90, 100), score("b", 50, 100)])
    assert "chance may explain it" in read_subgroups([score("a", 8, 16), score("b", 12, 16)])


def test_a_tiny_group_is_not_compared():
    assert "“a” fares worst" in read_subgroups([score("a", 50, 100), score("tiny", 0, 5), score("b", 90, 100)])
    assert "nothing can be compared" in read_subgroups([score("tiny", 0, 5), score("b", 90, 100)])


def test_a_plot_of_groups_has_its_reading_and_a_title_that_follows_it(monkeypatch, capsys, each_language):
    shown = []
    monkeypatch.setattr(subgroups, "show", lambda fig, alt: shown.append((fig.axes[0].get_title(loc="left"), alt)))
    subgroups.show_subgroups([score("a", 50, 100), score("b", 90, 100), score("c", 1, 2)])
    subgroups.show_subgroups([score("a", 80, 100), score("b", 82, 100)])
    plt.close("all")
    (apart, first), (together, _) = shown
    assert apart != together
    assert capsys.readouterr().out.splitlines()[0] in first


def test_groups_are_named_in_the_readers_language():
    assert (group_name("long"), group_name("20–29")) == ("long or tied hair", "20–29")
    set_language("tr")
    assert (group_name("long"), group_name("20–29")) == ("uzun ya da toplu saç", "20–29")
