import json
import os
import subprocess
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from tl_helpers import devices
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.devices import TOLERANCE, Gpu, gpus, helps_mixed_precision, largest_difference, prepare_gpus
from tl_helpers.devices import use_mixed_precision_where_it_helps as use_mixed_precision
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI
from tl_helpers.engines import TOLERANCE as BETWEEN_ENGINES
from tl_helpers.features import frozen_extractor
from tl_helpers.messages import CourseError, set_language
from tl_helpers.training import fit
from tl_helpers.transfer import build_classifier, compile_classifier

T4, P100, RADEON = Gpu("Tesla T4", 15.8, (7, 5)), Gpu("Tesla P100-PCIE-16GB", 17.1, (6, 0)), Gpu("gfx90a", None, None)


@pytest.fixture
def classifier():
    keras.utils.set_random_seed(0)
    base_model = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Conv2D(8, 3, strides=2, activation="relu")])
    return build_classifier(base_model, preprocessing("MobileNetV2"), dropout=0.0)


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (24, 16, 16, 3), dtype=np.uint8)


def machine_with(monkeypatch, *details, driver=""):
    """Let TensorFlow and NVIDIA's driver report these GPUs."""
    found = [SimpleNamespace(name=f"/physical_device:GPU:{i}", details=each) for i, each in enumerate(details)]
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: found if kind == "GPU" else [])
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda device: device.details)

    def run(command, **_):
        assert command[0] == "nvidia-smi"
        if isinstance(driver, Exception):
            raise driver
        return SimpleNamespace(stdout=driver)

    monkeypatch.setattr(devices.subprocess, "run", run)
    return found


# What is here


def test_without_a_gpu_none_is_reported_and_nothing_is_asked(monkeypatch):
    machine_with(monkeypatch, driver=AssertionError("asked the driver"))
    assert gpus() == []


def test_a_gpu_is_reported_with_memory_and_capability(monkeypatch):
    machine_with(monkeypatch, {"device_name": "Tesla T4", "compute_capability": (7, 5)}, driver="Tesla T4, 15360\n")
    (gpu,) = gpus()
    assert (gpu.name, gpu.capability) == ("Tesla T4", (7, 5))
    assert gpu.memory == pytest.approx(16.1, abs=0.01)
    assert str(gpu) == "Tesla T4, 16.1 GB"
    set_language("tr")
    assert str(gpu) == "Tesla T4, 16,1 GB"


@pytest.mark.parametrize(
    "driver",
    [FileNotFoundError("nvidia-smi"), subprocess.TimeoutExpired("nvidia-smi", 10), "no such thing\n", "Other, 4096\n"],
)
def test_where_the_driver_does_not_tell_the_memory_the_name_is_enough(monkeypatch, driver):
    machine_with(monkeypatch, {"device_name": "Tesla T4"}, {}, driver=driver)
    assert [str(gpu) for gpu in gpus()] == ["Tesla T4", "/physical_device:GPU:1"]


def test_gpus_of_one_name_and_two_sizes_are_reported_without_memory(monkeypatch):
    machine_with(
        monkeypatch, {"device_name": "A100"}, {"device_name": "L4"}, driver="A100, 40960\nA100, 81920\nL4, 23034"
    )
    assert [gpu.memory is None for gpu in gpus()] == [True, False]


def test_gpus_take_only_the_memory_that_they_need(monkeypatch):
    grown = []
    found = machine_with(monkeypatch, {}, {})
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, on: grown.append((gpu.name, on)))
    prepare_gpus()
    assert grown == [(gpu.name, True) for gpu in found]


def test_a_gpu_that_is_in_use_already_does_no_harm(monkeypatch):
    def refuse(*_):
        raise RuntimeError("Physical devices cannot be modified after being initialized")

    machine_with(monkeypatch, {})
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", refuse)
    prepare_gpus()


def test_a_lesson_computes_in_full_float32():
    tf.config.experimental.enable_tensor_float_32_execution(True)
    prepare_gpus()
    assert not tf.config.experimental.tensor_float_32_execution_enabled()


# Mixed precision


@pytest.mark.parametrize(
    ("here", "helps"),
    [([], False), ([T4], True), ([P100], False), ([RADEON], False), ([T4, P100], False), ([T4, T4], True)],
)
def test_mixed_precision_is_used_only_where_all_gpus_have_units_for_it(here, helps):
    assert helps_mixed_precision(here) is helps


@pytest.mark.parametrize("here", [[], [P100]])
def test_elsewhere_a_model_stays_as_it_is_and_a_sentence_says_why(classifier, capsys, here, each_language):
    before = classifier.get_config()
    assert use_mixed_precision(classifier, here) is classifier
    assert classifier.get_config() == before
    said = capsys.readouterr().out
    assert (P100.name if here else "CPU") in said


def test_without_being_told_the_gpus_are_looked_for(classifier, monkeypatch):
    monkeypatch.setattr(devices, "gpus", lambda: [T4])
    assert use_mixed_precision(classifier).dtype_policy.name == "mixed_float16"


def test_in_mixed_precision_layers_compute_in_float16_and_heads_give_float32(classifier, images, capsys, each_language):
    exact = np.asarray(classifier(images.astype("float32"), training=False))
    use_mixed_precision(classifier, [T4])
    assert "Tesla T4" in capsys.readouterr().out
    base_model = classifier.layers[2]
    assert base_model.layers[-1].compute_dtype == "float16"
    assert base_model(images.astype("float32") / 255).dtype == "float16"
    logits = classifier(images.astype("float32"), training=False)
    assert logits.dtype == "float32"
    assert {weight.dtype for weight in classifier.weights} == {"float32"}
    np.testing.assert_allclose(logits, exact, atol=0.05)
    assert np.abs(logits - exact).max() > 0


def test_of_several_heads_each_gives_float32():
    inputs = keras.Input((8,))
    shared = keras.layers.Dense(4)(inputs)
    model = keras.Model(inputs, [keras.layers.Dense(1)(shared), keras.layers.Dense(3)(shared)])
    outputs = use_mixed_precision(model, [T4])(np.ones((2, 8), "float32"))
    assert [output.dtype for output in outputs] == ["float32", "float32"]
    assert model.layers[1].compute_dtype == "float16"


def test_a_model_in_mixed_precision_learns_with_a_scaled_loss_and_is_kept(classifier, images, tmp_path):
    compile_classifier(use_mixed_precision(classifier, [T4]), 0.01)
    assert isinstance(classifier.optimizer, keras.optimizers.LossScaleOptimizer)
    labels = (images[..., 0].mean(axis=(1, 2)) > np.median(images[..., 0].mean(axis=(1, 2)))).astype(int)
    _, history = fit(classifier, (images, labels), epochs=3, batch_size=8, show_progress=False, folder=tmp_path / "run")
    assert history["loss"][-1] < history["loss"][0]
    classifier.save(tmp_path / "mixed.keras")
    again = keras.models.load_model(tmp_path / "mixed.keras", compile=False)
    np.testing.assert_allclose(again.predict(images, verbose=0), classifier.predict(images, verbose=0), atol=1e-3)


def test_a_compiled_model_is_refused_since_its_loss_would_not_be_scaled(classifier, each_language):
    with pytest.raises(CourseError, match=rf"{classifier.name}.*compile"):
        use_mixed_precision(compile_classifier(classifier), [T4])


# Agreement between devices


def extractor():
    base_model = load_base_model("MobileNetV2", MINI)
    return frozen_extractor(base_model, preprocessing("MobileNetV2"), keras.layers.GlobalAveragePooling2D())


def test_devices_may_differ_as_much_as_engines():
    assert TOLERANCE == BETWEEN_ENGINES


def differences():
    """Differences between two logical devices: of a model, of one in float16 on the second, and of nothing at all."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    pictures = drawn_pictures(("cat", "dog"), 4, seed=7).images
    model = extractor()
    found = {"same": largest_difference(model, pictures, "CPU:0", "CPU:1")}
    found["size"] = float(np.abs(model(pictures.astype("float32"))).max())
    try:
        largest_difference(model, pictures, "CPU:0", "GPU:0")
    except CourseError as error:
        found["missing"] = type(error).__name__
    exact = np.asarray(model(pictures.astype("float32")))
    half = np.asarray(use_mixed_precision(extractor(), [T4])(pictures.astype("float32")), dtype=np.float32)
    found["float16"] = float(np.abs(half - exact).max())
    print(json.dumps(found))


@pytest.mark.slow
def test_logical_devices_agree_and_float16_would_not():
    code = f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r}); import test_devices as t; t.differences()"
    settings = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=settings, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["same"] <= TOLERANCE < found["float16"]
    assert found["size"] > 100 * TOLERANCE
    assert found["missing"] == "CourseError"


@pytest.fixture
def gpu():
    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("TensorFlow sees no GPU here: this test compares one with the CPU")
    prepare_gpus()
    return "GPU:0"


def test_a_gpu_gives_the_features_that_the_cpu_gives(gpu):
    pictures = drawn_pictures(("cat", "dog"), 32, seed=7).images
    assert largest_difference(extractor(), pictures, "CPU:0", gpu) <= TOLERANCE


def test_a_head_trained_on_a_gpu_is_the_head_trained_on_the_cpu(gpu):
    random = np.random.default_rng(0)
    features = random.normal(size=(400, 64)).astype("float32")
    labels = (features[:, 0] + features[:, 1] > 0).astype(int)
    answers = []
    for device in ("CPU:0", gpu):
        keras.utils.set_random_seed(0)
        with tf.device(device):
            head = compile_classifier(keras.Sequential([keras.Input((64,)), keras.layers.Dense(1)]), 0.01)
            fit(head, (features, labels), epochs=5, show_progress=False)
            answers.append(np.asarray(head(features)))
    np.testing.assert_allclose(answers[0], answers[1], atol=10 * TOLERANCE)  # rounding of 65 steps adds up
