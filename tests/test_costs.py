"""What a network costs, against counts by hand."""

import keras

from tl_helpers.base_models import build_base_model
from tl_helpers.costs import multiply_adds, peak_activations

layers = keras.layers


def test_multiply_adds_of_a_depthwise_and_a_dense_layer_are_those_counted_by_hand():
    chain = [keras.Input((8, 8, 3)), layers.DepthwiseConv2D(3, padding="same"), layers.Flatten(), layers.Dense(5)]
    assert multiply_adds(keras.Sequential(chain)) == 8 * 8 * 9 * 3 + 8 * 8 * 3 * 5


def test_a_held_model_is_counted_too():
    inside = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 1)])
    inputs = keras.Input((4, 4, 1))
    assert multiply_adds(keras.Model(inputs, inside(inputs))) == multiply_adds(inside) == 32


def test_in_a_chain_the_peak_is_the_largest_pair_of_neighbours():
    inputs = keras.Input((4, 4, 1))  # 16 values
    wide = layers.Conv2D(10, 1)(inputs)  # 160
    narrow = layers.Conv2D(2, 1)(wide)  # 32
    model = keras.Model(inputs, layers.Conv2D(3, 1)(narrow))  # 48
    assert peak_activations(model) == 160 + 32


def test_a_shortcut_keeps_its_start_alive():
    inputs = keras.Input((4, 4, 2))  # 32
    wide = layers.Conv2D(10, 1)(inputs)  # 160
    back = layers.Conv2D(2, 1)(wide)  # 32
    plain, joined = keras.Model(inputs, back), keras.Model(inputs, layers.Add()([inputs, back]))
    assert peak_activations(plain) == 160 + 32
    assert peak_activations(joined) == 160 + 32 + 32


def test_normalisation_and_activation_write_over_their_input_unless_it_is_still_needed():
    inputs = keras.Input((4, 4, 2))  # 32
    wide = layers.Conv2D(10, 1)(inputs)  # 160
    normal = layers.ReLU()(layers.BatchNormalization()(wide))
    assert peak_activations(keras.Model(inputs, normal)) == 32 + 160
    assert peak_activations(keras.Model(inputs, layers.Concatenate()([wide, normal]))) == 160 + 160 + 320


def test_the_worst_moment_of_the_small_mobilenet_is_where_it_is_padded_before_its_first_narrowing():
    assert peak_activations(build_base_model("MobileNetV2")) == 48 * 48 * 48 + 49 * 49 * 48
