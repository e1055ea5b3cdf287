import keras
import numpy as np
import pytest
import tensorflow as tf

from tl_helpers.inception import (
    convolution,
    expanded_module,
    factorised_module,
    inception_module,
    inception_network,
    reduction_module,
)


@pytest.fixture(scope="module")
def network():
    return inception_network()


@pytest.fixture
def feature_map():
    return np.random.default_rng(0).normal(size=(2, 8, 8, 5)).astype("float32")


def built(module, *filters):
    inputs = keras.Input((8, 8, 5))
    return keras.Model(inputs, module(inputs, *filters, "mixed"))


def disturbed(model):
    """Give batch normalisation statistics and scales that are not those of a fresh layer."""
    random = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in layer.get_weights()])
    return model


def by_hand(model, name, features, strides=1):
    """Compute what ``convolution`` does with TensorFlow's own functions."""
    (kernel,) = model.get_layer(f"{name}_conv").get_weights()
    gamma, beta, mean, variance = model.get_layer(f"{name}_bn").get_weights()
    convolved = tf.nn.conv2d(features, kernel, strides, "SAME")
    return tf.nn.relu((convolved - mean) / np.sqrt(variance + 1e-3) * gamma + beta)


def test_the_network_takes_pictures_to_a_small_feature_map(network):
    assert network.input_shape == (None, 96, 96, 3)
    assert network.output_shape == (None, 3, 3, 448)
    assert inception_network(160).output_shape == (None, 5, 5, 448)
    assert network.count_params() <= 900_000


def test_every_module_ends_in_a_layer_of_its_name_and_cuts_there(network):
    ends = [layer for layer in network.layers if isinstance(layer, keras.layers.Concatenate)]
    assert [layer.name for layer in ends] == [f"mixed_{i}" for i in range(9)]
    sizes = [layer.output.shape[1:] for layer in ends]
    assert sizes[:2] == [(12, 12, 112), (12, 12, 128)]
    assert sizes[2:6] == [(6, 6, 272), (6, 6, 256), (6, 6, 256), (6, 6, 256)]
    assert sizes[6:] == [(3, 3, 416), (3, 3, 448), (3, 3, 448)]
    for i, end in enumerate(ends):
        inside = [index for index, layer in enumerate(network.layers) if layer.name.startswith(f"mixed_{i}_")]
        assert network.layers.index(end) == max(inside) + 1  # all that comes before a module lies before it in layers
        assert min(inside) > (network.layers.index(ends[i - 1]) if i else 0)


def test_every_convolution_is_normalised_and_has_no_bias(network):
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    assert not any(layer.use_bias for layer in convolutions)
    for layer in convolutions:
        name = layer.name.removesuffix("_conv")
        assert isinstance(network.get_layer(f"{name}_bn"), keras.layers.BatchNormalization)
        assert isinstance(network.get_layer(name), keras.layers.ReLU)


def test_a_seed_gives_the_same_network_again():
    weights = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        weights.append(inception_network().get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_convolution_is_normalised_and_cut_off_below_zero(feature_map):
    model = disturbed(built(lambda inputs, name: convolution(inputs, 7, 3, name, strides=2)))
    answer = model.predict(feature_map, verbose=0)
    assert answer.shape == (2, 4, 4, 7)
    np.testing.assert_allclose(answer, by_hand(model, "mixed", feature_map, strides=2), rtol=1e-4, atol=1e-4)


def test_an_inception_module_is_its_four_branches_side_by_side(feature_map):
    model = disturbed(built(inception_module, (2, 3, 4, 2, 3, 1)))
    pooled = tf.nn.max_pool2d(feature_map, 3, 1, "SAME")
    branches = [
        by_hand(model, "mixed_1x1", feature_map),
        by_hand(model, "mixed_3x3", by_hand(model, "mixed_3x3_reduce", feature_map)),
        by_hand(model, "mixed_5x5", by_hand(model, "mixed_5x5_reduce", feature_map)),
        by_hand(model, "mixed_pool_projection", pooled),
    ]
    assert [branch.shape[-1] for branch in branches] == [2, 4, 3, 1]
    np.testing.assert_allclose(model.predict(feature_map, verbose=0), tf.concat(branches, -1), rtol=1e-4, atol=1e-4)


def test_a_factorised_module_splits_a_window_into_a_row_and_a_column(feature_map):
    model = disturbed(built(factorised_module, (2, 3, 4, 1)))
    row = by_hand(model, "mixed_1x7", by_hand(model, "mixed_7x7_reduce", feature_map))
    branches = [
        by_hand(model, "mixed_1x1", feature_map),
        by_hand(model, "mixed_7x1", row),
        by_hand(model, "mixed_pool_projection", tf.nn.max_pool2d(feature_map, 3, 1, "SAME")),
    ]
    assert model.get_layer("mixed_1x7_conv").kernel_size == (1, 7)
    assert model.get_layer("mixed_7x1_conv").kernel_size == (7, 1)
    np.testing.assert_allclose(model.predict(feature_map, verbose=0), tf.concat(branches, -1), rtol=1e-4, atol=1e-4)


def test_an_expanded_module_puts_row_and_column_side_by_side(feature_map):
    model = disturbed(built(expanded_module, (2, 3, 4, 1)))
    reduced = by_hand(model, "mixed_3x3_reduce", feature_map)
    branches = [
        by_hand(model, "mixed_1x1", feature_map),
        by_hand(model, "mixed_1x3", reduced),
        by_hand(model, "mixed_3x1", reduced),
        by_hand(model, "mixed_pool_projection", tf.nn.max_pool2d(feature_map, 3, 1, "SAME")),
    ]
    assert model.get_layer("mixed_1x3_conv").kernel_size == (1, 3)
    np.testing.assert_allclose(model.predict(feature_map, verbose=0), tf.concat(branches, -1), rtol=1e-4, atol=1e-4)


def test_a_reduction_halves_the_map_and_keeps_what_it_was_given_pooled(feature_map):
    model = disturbed(built(reduction_module, (2, 3), (2, 4, 4)))
    single = by_hand(model, "mixed_3x3", by_hand(model, "mixed_3x3_reduce", feature_map), strides=2)
    double = by_hand(model, "mixed_double_1", by_hand(model, "mixed_double_reduce", feature_map))
    double = by_hand(model, "mixed_double_2", double, strides=2)
    branches = [single, double, tf.nn.max_pool2d(feature_map, 3, 2, "SAME")]
    answer = model.predict(feature_map, verbose=0)
    assert answer.shape == (2, 4, 4, 3 + 4 + 5)
    np.testing.assert_allclose(answer, tf.concat(branches, -1), rtol=1e-4, atol=1e-4)
