import keras
import numpy as np
import pytest

from tl_helpers.base_models import build_base_model
from tl_helpers.messages import CourseError
from tl_helpers.splitting import join, legal_cuts, split_at
from tl_helpers.transfer import unfreeze


def resnet50():
    return keras.applications.ResNet50(weights=None, include_top=False, input_shape=(64, 64, 3))


NETWORKS = {
    "MobileNetV2": (lambda: build_base_model("MobileNetV2"), "block_10_project_BN", "block_11_expand"),
    "InceptionV3": (lambda: build_base_model("InceptionV3"), "mixed_4", "mixed_4_1x7"),
    "ResNet50": (resnet50, "conv4_block2_out", "conv4_block3_1_conv"),
}


@pytest.fixture(scope="module")
def networks():
    return {name: build() for name, (build, _, _) in NETWORKS.items()}


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).uniform(-1, 1, (2, 96, 96, 3)).astype("float32")


def reachable_without(model, name):
    """Oracle: can the output be reached from the input along a path that avoids a layer?"""
    inbound = {
        operation.name: [tensor._keras_history.operation.name for tensor in operation._inbound_nodes[0].input_tensors]
        for operation in model.layers
    }
    waiting, seen = [model.layers[-1].name], set()
    while waiting:
        current = waiting.pop()
        if current == name or current in seen:
            continue
        seen.add(current)
        waiting += inbound[current]
    return model.layers[0].name in seen


@pytest.mark.parametrize("name", NETWORKS)
def test_legal_cuts_are_exactly_the_layers_that_every_path_passes(networks, name):
    model = networks[name]
    expected = [layer.name for layer in model.layers[1:-1] if not reachable_without(model, layer.name)]
    assert legal_cuts(model) == expected
    assert NETWORKS[name][1] in expected


@pytest.mark.parametrize("name", NETWORKS)
def test_parts_joined_again_predict_what_the_whole_predicts(networks, name, images):
    model = networks[name]
    pictures = images[:, : model.input_shape[1], : model.input_shape[2]]
    bottom, top = split_at(model, NETWORKS[name][1])
    whole = model.predict(pictures, verbose=0)
    np.testing.assert_array_equal(top.predict(bottom.predict(pictures, verbose=0), verbose=0), whole)
    np.testing.assert_array_equal(join(bottom, top).predict(pictures, verbose=0), whole)
    assert len(bottom.weights) + len(top.weights) == len(model.weights)


@pytest.mark.long
def test_every_legal_cut_of_mobilenet_can_be_made(networks, images):
    model = networks["MobileNetV2"]
    whole = model(images, training=False)
    for name in legal_cuts(model):
        bottom, top = split_at(model, name)
        np.testing.assert_allclose(top(bottom(images, training=False), training=False), whole, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_cut_that_something_goes_round_is_explained(networks, name, each_language):
    illegal = NETWORKS[name][2]
    with pytest.raises(CourseError, match=illegal) as error:
        split_at(networks[name], illegal)
    named = [cut for cut in legal_cuts(networks[name]) if cut in str(error.value)]
    assert len(named) >= 2  # the nearest legal cuts on both sides


def test_the_tutorials_layer_100_lies_within_a_residual_block(each_language):
    model = keras.applications.MobileNetV2((96, 96, 3), include_top=False, weights=None)
    with pytest.raises(CourseError, match=r"block_10_project_BN.*block_11_add"):
        split_at(model, 100)


@pytest.mark.parametrize("layer", ["block_99", 400, -1])
def test_a_layer_that_does_not_exist_is_named_with_what_there_is(networks, layer, each_language):
    with pytest.raises(CourseError, match="154"):
        split_at(networks["MobileNetV2"], layer)


@pytest.mark.parametrize("layer", [0, "out_relu"])
def test_a_cut_before_the_first_or_after_the_last_layer_leaves_nothing_to_split(networks, layer, each_language):
    with pytest.raises(CourseError, match="Conv1"):
        split_at(networks["MobileNetV2"], layer)


def test_parts_that_do_not_fit_are_not_joined(networks, each_language):
    bottom, _ = split_at(networks["MobileNetV2"], "block_10_project_BN")
    _, top = split_at(networks["MobileNetV2"], "block_3_project_BN")
    with pytest.raises(CourseError, match="6, 6, 32.*12, 12, 16"):
        join(bottom, top)


def test_training_the_top_changes_the_base_model_but_neither_the_bottom_nor_batch_norm():
    keras.utils.set_random_seed(0)
    model = build_base_model("MobileNetV2")
    bottom, top = split_at(model, "block_13_project_BN")
    outputs = keras.layers.GlobalAveragePooling2D()(unfreeze(top).output)
    tuned = keras.Model(top.input, keras.layers.Dense(1)(outputs))
    tuned.compile("sgd", "mse")
    before = [weight.copy() for weight in bottom.get_weights()]
    statistics = [weight.numpy() for weight in top.weights if "moving" in weight.name]
    kernel = model.get_layer("Conv_1").get_weights()[0].copy()
    random = np.random.default_rng(0)
    tuned.fit(random.normal(size=(8, *bottom.output_shape[1:])), random.normal(size=(8, 1)), verbose=0)
    for old, new in zip(before, bottom.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    moved = [weight.numpy() for weight in top.weights if "moving" in weight.name]
    assert len(statistics) > 0
    for old, new in zip(statistics, moved, strict=True):
        np.testing.assert_array_equal(old, new)
    assert not np.array_equal(kernel, model.get_layer("Conv_1").get_weights()[0])


def test_a_joined_model_is_saved_and_read_again(networks, images, tmp_path):
    joined = join(*split_at(networks["MobileNetV2"], "block_10_project_BN"))
    joined.save(tmp_path / "joined.keras")
    again = keras.models.load_model(tmp_path / "joined.keras")
    np.testing.assert_array_equal(again.predict(images, verbose=0), joined.predict(images, verbose=0))


@pytest.mark.slow
def test_inception_of_the_full_edition_is_cut_after_a_whole_module(images):
    model = keras.applications.InceptionV3(input_shape=(96, 96, 3), include_top=False, weights=None)
    cuts = legal_cuts(model)
    assert [f"mixed{i}" for i in range(10)] == [name for name in cuts if name.startswith("mixed") and "_" not in name]
    bottom, top = split_at(model, "mixed7")
    np.testing.assert_allclose(
        join(bottom, top).predict(images, verbose=0), model.predict(images, verbose=0), atol=1e-6
    )
    branch = model.layers[model.layers.index(model.get_layer("mixed7")) - 1].name
    with pytest.raises(CourseError, match="mixed6.*mixed7"):
        split_at(model, branch)
