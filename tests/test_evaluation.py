import numpy as np
import pytest
from scipy.special import expit, softmax

from tl_helpers.evaluation import (
    accuracy,
    chance_loss,
    confusion_matrix,
    most_confident_mistakes,
    predicted_classes,
    probabilities,
)


@pytest.mark.parametrize("shape", [(50,), (50, 1)])
def test_two_class_probabilities_are_the_sigmoid(shape):
    logits = np.random.default_rng(0).normal(0, 5, shape)
    np.testing.assert_allclose(probabilities(logits), expit(logits.reshape(-1)), rtol=1e-12)


def test_many_class_probabilities_are_the_softmax():
    logits = np.random.default_rng(0).normal(0, 5, (50, 4))
    np.testing.assert_allclose(probabilities(logits), softmax(logits, axis=1), rtol=1e-12)


@pytest.mark.filterwarnings("error")
def test_extreme_logits_do_not_overflow():
    assert list(probabilities(np.array([-1e4, 0.0, 1e4]))) == [0.0, 0.5, 1.0]
    assert list(probabilities(np.array([[1e4, -1e4]]))[0]) == [1.0, 0.0]


def test_a_logit_of_zero_is_the_threshold_of_one_half():
    assert list(predicted_classes(np.array([-0.01, 0.0, 0.01]))) == [0, 1, 1]


def test_a_threshold_is_a_probability_not_a_logit():
    logits = np.array([-2.0, -1.0, 1.0, 3.0])
    assert list(predicted_classes(logits, 0.2)) == list((expit(logits) >= 0.2).astype(int))


def test_of_many_classes_the_highest_logit_wins():
    assert list(predicted_classes(np.array([[1.0, 3.0, 2.0], [0.0, -1.0, -2.0]]))) == [1, 0]


def test_accuracy_and_confusion_agree():
    labels, answers = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0])
    matrix = confusion_matrix(labels, answers, 3)
    assert matrix.tolist() == [[1, 1, 0], [0, 2, 0], [1, 0, 0]]
    assert accuracy(labels, answers) == np.trace(matrix) / matrix.sum() == 0.6


def test_a_model_that_knows_nothing_has_the_loss_ln_k():
    assert chance_loss(2) == pytest.approx(-np.log(1 / 2))
    assert chance_loss(5) == pytest.approx(-np.log(1 / 5))


def test_the_surest_mistakes_come_first():
    labels = np.array([0, 1, 0, 1])
    assert list(most_confident_mistakes(labels, np.array([0.5, -3.0, -9.0, 2.0]))) == [1, 0]
    assert list(most_confident_mistakes(labels, np.array([0.5, -3.0, -9.0, 2.0]), 1)) == [1]


def test_mistakes_among_many_classes_are_ranked_by_the_winning_probability():
    logits = np.array([[0.0, 5.0, 0.0], [0.0, 1.0, 0.0], [3.0, 0.0, 0.0]])
    assert list(most_confident_mistakes(np.array([0, 0, 0]), logits)) == [0, 1]
