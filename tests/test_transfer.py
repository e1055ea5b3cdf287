import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.linear_model import LogisticRegression

from tl_helpers.base_models import load_base_model, parameter_counts, preprocessing
from tl_helpers.baselines import majority_accuracy, pixel_classifier, small_network, small_pixels
from tl_helpers.editions import MINI, Edition, SourceError
from tl_helpers.features import extract_features
from tl_helpers.messages import CourseError
from tl_helpers.transfer import build_classifier, compile_classifier, train_head, unfreeze


@pytest.fixture(scope="module")
def base_model():
    base_model = load_base_model("MobileNetV2", MINI)
    base_model.trainable = False
    return base_model


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (12, 96, 96, 3), dtype=np.uint8)


def test_the_mini_base_model_is_keras_own_mobilenet_v2(base_model):
    assert base_model.input_shape == (None, 96, 96, 3)
    assert base_model.output_shape == (None, 3, 3, 1280)
    fresh = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, include_top=False, weights=None)
    assert [w.shape for w in fresh.weights] == [w.shape for w in base_model.weights]


def test_damaged_weights_are_refused(monkeypatch, each_language):
    monkeypatch.setattr("tl_helpers.base_models._published_hash", lambda file: "0" * 64)
    with pytest.raises(CourseError, match="sha256"):
        load_base_model("MobileNetV2", MINI)


def test_an_unknown_base_model_is_refused_with_the_known_ones(each_language):
    with pytest.raises(CourseError, match="'VGG16'.*MobileNetV2"):
        load_base_model("VGG16", MINI)
    with pytest.raises(CourseError, match="'VGG16'.*ResNet50"):
        preprocessing("VGG16")


def test_imagenet_weights_that_cannot_be_read_are_a_missing_source(monkeypatch, tmp_path, each_language):
    (tmp_path / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_160_no_top.h5").write_text("half a download")
    monkeypatch.setenv("TL_WEIGHTS", str(tmp_path))
    with pytest.raises(SourceError, match="MobileNetV2"):
        load_base_model("MobileNetV2", Edition("full", 160))


def test_imagenet_weights_out_of_reach_are_a_missing_source(monkeypatch, tmp_path):
    def unreachable(*_, **__):
        raise Exception("URL fetch failure on somewhere: None -- no answer")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(keras.applications, "MobileNetV2", unreachable)
    with pytest.raises(SourceError, match="no network"):
        load_base_model("MobileNetV2", Edition("full", 160))


@pytest.mark.parametrize(
    ("name", "module"), [("MobileNetV2", "mobilenet_v2"), ("InceptionV3", "inception_v3"), ("ResNet50", "resnet50")]
)
def test_preprocessing_is_what_keras_does_for_that_base_model(name, module, images):
    oracle = getattr(keras.applications, module).preprocess_input(images.astype("float32"))
    np.testing.assert_allclose(preprocessing(name)(tf.constant(images, tf.float32)), oracle, atol=1e-4)


def test_parameters_are_counted_as_keras_counts_them(base_model):
    model = build_classifier(base_model, preprocessing("MobileNetV2"))
    counts = parameter_counts(model)
    assert counts == {"trainable": 1281, "frozen": base_model.count_params()}
    assert sum(counts.values()) == model.count_params()


def test_a_frozen_base_does_not_change_in_training(base_model, images):
    model = compile_classifier(build_classifier(base_model, preprocessing("MobileNetV2")))
    before = [weight.copy() for weight in base_model.get_weights()]
    head = model.get_layer("head").get_weights()[0].copy()
    model.fit(images, np.arange(12) % 2, epochs=2, verbose=0)
    for old, new in zip(before, base_model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert not np.array_equal(head, model.get_layer("head").get_weights()[0])


@pytest.mark.long
def test_the_freeze_proof_notices_a_base_that_is_not_frozen(images):
    unfrozen = load_base_model("MobileNetV2", MINI)
    model = compile_classifier(build_classifier(unfrozen, preprocessing("MobileNetV2")))
    before = [weight.copy() for weight in unfrozen.get_weights()]
    model.fit(images, np.arange(12) % 2, epochs=1, verbose=0)
    assert any(not np.array_equal(old, new) for old, new in zip(before, unfrozen.get_weights(), strict=True))


def changed_weights(model, base_model, images):
    before = {weight.path: weight.numpy() for weight in base_model.weights}
    compile_classifier(model, 1e-3).fit(images, np.arange(len(images)) % 2, epochs=2, verbose=0)
    return {weight.path for weight in base_model.weights if not np.array_equal(before[weight.path], weight.numpy())}


def kernels(layers):
    return {weight.path for layer in layers for weight in layer.weights if weight.name == "kernel"}


@pytest.mark.parametrize("from_layer", [None, "block_13_expand", 116])
def test_unfreezing_trains_the_kernels_from_a_layer_on_and_no_batch_normalisation(images, from_layer):
    unfrozen = load_base_model("MobileNetV2", MINI)
    assert unfrozen.layers[116].name == "block_13_expand"
    assert unfreeze(unfrozen, from_layer) is unfrozen
    changed = changed_weights(build_classifier(unfrozen, preprocessing("MobileNetV2")), unfrozen, images)
    assert changed == kernels(unfrozen.layers if from_layer is None else unfrozen.layers[116:])


@pytest.mark.long
def test_making_a_base_trainable_without_unfreeze_moves_its_statistics(images):
    unfrozen = load_base_model("MobileNetV2", MINI)
    unfrozen.trainable = True
    changed = changed_weights(build_classifier(unfrozen, preprocessing("MobileNetV2")), unfrozen, images)
    assert sum("moving_mean" in path for path in changed) == 52


def test_unfreezing_reaches_into_models_that_a_model_holds(images):
    small = keras.Sequential([keras.Input((96, 96, 3))], name="inner")
    for number in range(2):
        small.add(keras.layers.Conv2D(2, 3, strides=8, name=f"convolution_{number}"))
        small.add(keras.layers.BatchNormalization(name=f"normalisation_{number}"))
    outer = keras.Sequential([keras.Input((96, 96, 3)), keras.layers.Conv2D(3, 1, name="first"), small])
    model = keras.Sequential([outer, keras.layers.Flatten(), keras.layers.Dense(1)])
    unfreeze(outer, "convolution_1")
    assert {path.split("/")[-2] for path in changed_weights(model, outer, images)} == {"convolution_1"}
    unfreeze(outer, "inner")
    assert {path.split("/")[-2] for path in changed_weights(model, outer, images)} == {"convolution_0", "convolution_1"}
    unfreeze(outer)
    assert not any(layer.trainable for layer in small.layers[1::2])
    assert outer.layers[0].trainable


@pytest.mark.parametrize("from_layer", ["block_17_expand", 154, -1])
def test_unfreezing_from_an_unknown_layer_is_refused(base_model, each_language, from_layer):
    with pytest.raises(CourseError, match=rf"^unfreeze: {from_layer!r}|layer {from_layer!r}.*154.*0–153"):
        unfreeze(base_model, from_layer)
    assert not base_model.trainable


def test_a_head_on_kept_features_equals_the_whole_model(base_model, images):
    preprocess = preprocessing("MobileNetV2")
    model = build_classifier(base_model, preprocess, outputs=3)
    features = extract_features(base_model, preprocess, images)
    assert features.shape == (12, 1280)
    np.testing.assert_allclose(model.get_layer("head")(features), model.predict(images, verbose=0), atol=1e-4)


def test_augmentation_acts_in_training_only(base_model, images):
    flip = keras.layers.RandomFlip("horizontal")
    plain = build_classifier(base_model, preprocessing("MobileNetV2"), dropout=0.0)
    varied = build_classifier(base_model, preprocessing("MobileNetV2"), dropout=0.0, augmentation=flip)
    varied.set_weights([*varied.get_weights()[: -len(plain.get_weights())], *plain.get_weights()])
    pictures = tf.constant(images, tf.float32)
    np.testing.assert_allclose(varied(pictures, training=False), plain(pictures, training=False), atol=1e-5)
    assert not np.allclose(varied(pictures, training=True), plain(pictures, training=True), atol=1e-5)


def test_pictures_of_another_size_than_the_base_takes_are_refused(base_model, each_language):
    with pytest.raises(CourseError, match=r"\(64, 64, 3\).*\(96, 96, 3\).*image_size=96"):
        extract_features(base_model, preprocessing("MobileNetV2"), np.zeros((2, 64, 64, 3), np.uint8))
    with pytest.raises(CourseError, match=r"\(96, 96\).*\(96, 96, 3\)"):
        extract_features(base_model, preprocessing("MobileNetV2"), np.zeros((2, 96, 96), np.uint8))


def test_loss_and_accuracy_fit_a_single_logit():
    model = compile_classifier(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    model.set_weights([np.array([[1.0]]), np.array([0.0])])
    logits, labels = np.array([[-3.0], [-0.2], [0.3], [2.0]]), np.array([0, 1, 1, 1])
    figures = model.evaluate(logits, labels, verbose=0, return_dict=True)
    oracle = keras.losses.binary_crossentropy(labels, tf.sigmoid(logits[:, 0]))
    assert figures["loss"] == pytest.approx(float(oracle), rel=1e-4)
    assert figures["accuracy"] == 0.75


def test_loss_and_accuracy_fit_one_logit_a_class():
    model = compile_classifier(keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)]))
    model.set_weights([np.eye(3), np.zeros(3)])
    logits, labels = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 3.0, 1.0]]), np.array([0, 1, 2])
    figures = model.evaluate(logits, labels, verbose=0, return_dict=True)
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    assert figures["loss"] == pytest.approx(-np.log(shares[range(3), labels]).mean(), rel=1e-5)
    assert figures["accuracy"] == pytest.approx(2 / 3)


def test_a_head_learns_what_logistic_regression_learns():
    random = np.random.default_rng(0)
    features = random.normal(size=(400, 20)).astype("float32")
    labels = (features @ random.normal(size=20) > 0).astype(int)
    head, history = train_head(features, labels, epochs=40, learning_rate=0.02)
    oracle = LogisticRegression().fit(features, labels).decision_function(features)
    logits = head.predict(features, verbose=0)[:, 0]
    assert np.corrcoef(logits, oracle)[0, 1] > 0.95
    assert head.evaluate(features, labels, verbose=0)[1] > np.mean((oracle > 0) == labels) - 0.06
    assert len(history.history["loss"]) == 40


def test_the_majority_class_is_that_of_training():
    assert majority_accuracy(np.array([0, 1, 1]), np.array([0, 0, 0, 1])) == 0.25


def test_small_pixels_are_the_means_of_the_fields():
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    fields = images.reshape(2, 4, 2, 4, 2, 3).mean(axis=(2, 4)).reshape(2, -1)
    np.testing.assert_allclose(small_pixels(images, 4), fields / 127.5 - 1, atol=0.0085)  # one grey level


def test_the_pixel_classifier_learns_what_pixels_tell():
    random = np.random.default_rng(0)
    labels = np.arange(60) % 2
    images = np.clip(random.normal(100 + 40 * labels[:, None, None, None], 20, (60, 32, 32, 3)), 0, 255)
    classifier = pixel_classifier(images.astype(np.uint8), labels)
    assert classifier.score(small_pixels(images.astype(np.uint8)), labels) == 1.0


def test_the_small_network_gives_one_logit_for_two_classes():
    assert small_network(96).output_shape == (None, 1)
    assert small_network(160, outputs=5).output_shape == (None, 5)
