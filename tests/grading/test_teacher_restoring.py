"""Whatever a box leaves behind, reading it never raises, runs nothing of it, and allocates nothing big."""

import json
import os
import pickle
import random
import shutil
import tracemalloc
from copy import deepcopy
from math import prod
from types import FunctionType

import keras
import numpy as np
import pytest
from keras.src.utils.python_utils import func_dump

from tl_helpers.grading import plain
from tl_helpers.grading.model_facts import CompileFacts
from tl_helpers.grading.teacher.carrying import keep, reported_facts, restore
from tl_helpers.grading.teacher.texts import say, speaking

pytestmark = pytest.mark.long

SEED = 3
SHAPE = [None, 8, 8, 3]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The kept answers of a small training, as a box writes them."""
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(2, 3, activation="relu", name="conv"),
            keras.layers.BatchNormalization(),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(5, name="dense"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    folder = tmp_path_factory.mktemp("kept")
    keep("train", (model, {"loss": [1.0, 0.5], "val_loss": (0.5, 0.25)}), folder, SEED)
    return folder


@pytest.fixture
def box(kept, tmp_path):
    return shutil.copytree(kept, tmp_path / "answers")


@pytest.fixture
def allocated(monkeypatch):
    """Sizes of the weights for which memory is taken: all of them begin as zeros."""
    sizes, zeros = [], keras.initializers.Zeros.__call__

    def spy(self, shape, dtype=None):
        sizes.append(prod(shape))
        return zeros(self, shape, dtype)

    monkeypatch.setattr(keras.initializers.Zeros, "__call__", spy)
    return sizes


def edited(box, change):
    """Change ``answers.json`` and restore the answers."""
    file = box / "train" / "answers.json"
    data = json.loads(file.read_text(encoding="ascii"))
    data = change(data) or data
    file.write_text(json.dumps(data), encoding="ascii")
    return checked(restore("train", box, SEED))


def checked(restored):
    """Every note can be said, in both languages."""
    for code in ("en", "tr"):
        with speaking(code):
            assert all(say(note.message, **note.values) for note in restored.notes)
    assert all(note.human for note in restored.notes)
    assert len(restored.answers) == 2
    return restored


def layers(data):
    return data["answers"][0]["data"]["config"]["config"]["layers"]


def with_layer(layer):
    def insert(data):
        layers(data).insert(2, layer)
        data["answers"][0]["data"]["layers"].insert(2, {"trainable": True, "shapes": [], "weights_trainable": []})

    return insert


def part(module, kind, config, **more):
    return {"module": module, "class_name": kind, "config": config, "registered_name": None, **more}


def test_what_was_not_changed_is_restored(box, allocated):
    restored = edited(box, lambda data: None)
    assert restored.notes == ()
    assert plain.kind(restored.answers[0]) == "Sequential"
    assert restored.answers[1] == {"loss": [1.0, 0.5], "val_loss": (0.5, 0.25)}
    assert max(allocated) == 54


CANARY = "canary"


def harm():
    import pathlib

    pathlib.Path("canary").write_text("harm")


class Harm:
    def __reduce__(self):
        return (exec, ("import pathlib; pathlib.Path('canary').write_text('harm')",))


@keras.saving.register_keras_serializable("evil", "Evil")
class Evil(keras.layers.Layer):
    def __init__(self, **kwargs):
        harm()
        super().__init__()


@keras.saving.register_keras_serializable("evil", "relu_of_evil")
def relu_of_evil(inputs):
    harm()
    return inputs


LAMBDA = {"class_name": "__lambda__", "config": {"value": list(func_dump(FunctionType(harm.__code__, globals())))}}
HARMFUL = {
    "Lambda": part("keras.layers", "Lambda", {"name": "l", "function": LAMBDA, "arguments": {}}),
    "Lambda by its true module": part("keras.src.layers.core.lambda_layer", "Lambda", {"function": LAMBDA}),
    "a lambda as activation": part("keras.layers", "Activation", {"activation": LAMBDA}),
    "a lambda in an array's place": part("keras.layers", "Rescaling", {"scale": LAMBDA}),
    "a lambda as a name": part("keras.layers", "Rescaling", {"scale": 1.0, "name": LAMBDA}),
    "os.system": part("os", "system", {"command": "touch canary"}),
    "a function of os": part("keras.layers", "Activation", {"activation": part("os", "function", "system")}),
    "any function": part("keras.layers", "Activation", {"activation": part("builtins", "function", "eval")}),
    "a module that is imported": part("antigravity", "Dense", {"units": 5}),
    "a module inside Keras": part("keras.src.layers.core.lambda_layer.os", "system", {}),
    "a registered class": part("evil", "Evil", {}, registered_name="evil>Evil"),
    "a registered class under another name": part("keras.layers", "Evil", {}, registered_name="evil>Evil"),
    "a registered function": part("keras.layers", "Activation", {"activation": "evil>relu_of_evil"}),
    "a saved model from a file": part("keras.layers", "TFSMLayer", {"filepath": "/etc", "call_endpoint": "serve"}),
    "a wrapper of Torch": part("keras.layers", "TorchModuleWrapper", {"module": "x"}),
    "a vocabulary from a file": part("keras.layers", "TextVectorization", {"vocabulary": "/etc/passwd"}),
    "a layer in a layer": part("keras.layers", "TimeDistributed", {"layer": part("os", "system", {})}),
    "a type of TensorFlow's": part(
        "keras.layers", "Rescaling", {"scale": {"class_name": "__typespec__", "config": [], "module": "os"}}
    ),
    "a function that loads models": part("keras.saving", "load_model", {"filepath": "/etc/passwd"}),
    "an operation that maps a function": part("keras.src.ops.core", "Map", {}),
    "a policy of numbers": part("keras.layers", "Flatten", {"dtype": part("os", "system", {"name": "float32"})}),
    "a layer without a module": {"class_name": "Lambda", "config": {"function": LAMBDA}},
    "a layer in the old format": {"class_name": "Lambda", "config": {"function": LAMBDA["config"]["value"]}},
    "no layer at all": "Lambda",
}


@pytest.mark.parametrize("layer", HARMFUL.values(), ids=HARMFUL.keys())
def test_a_model_with_anything_but_safe_layers_is_not_rebuilt_and_nothing_runs(layer, box, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    restored = edited(box, with_layer(layer))
    assert [note.message for note in restored.notes] == ["carrying.unknown_part"]
    assert not isinstance(restored.answers[0], keras.Layer)
    assert plain.kind(restored.answers[0]) == "Sequential"
    assert restored.answers[1]["loss"] == [1.0, 0.5]
    assert not (tmp_path / CANARY).exists()


def test_a_registered_name_beside_a_safe_class_does_not_replace_it(box, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def register(data):
        for layer in layers(data):
            layer["registered_name"] = "evil>Evil"
            layer["build_config"] = {"input_shape": LAMBDA}
            layer["compile_config"] = {"optimizer": LAMBDA}
            layer["shared_object_id"] = 1
            for key in layer["config"]:
                if key.endswith(("initializer", "regularizer", "constraint")):
                    layer["config"][key] = part("evil", "Evil", {}, registered_name="evil>Evil")

    restored = edited(box, register)
    assert restored.notes == ()
    assert [type(layer) for layer in restored.answers[0].layers[:1]] == [keras.layers.Conv2D]
    assert not (tmp_path / CANARY).exists()


def set_units(units):
    return lambda data: layers(data)[-1]["config"].update(units=units)


LARGE = {
    "units": set_units(10**12),
    "more units than a text may have digits": set_units(10**4_000),
    "filters": lambda data: layers(data)[1]["config"].update(filters=10**9),
    "a large input": lambda data: layers(data)[0]["config"].update(batch_shape=[None, 10**6, 10**6, 3]),
    "many layers": lambda data: layers(data).extend([part("keras.layers", "Flatten", {})] * 3_000),
    "large outputs between": with_layer(part("keras.layers", "UpSampling2D", {"size": [3_000, 3_000]})),
    "large outputs of one layer called often": lambda data: data["answers"][0]["data"].update(
        config=part(
            "keras.src.models.functional",
            "Functional",
            {
                "name": "f",
                "layers": [
                    part("keras.layers", "InputLayer", {"batch_shape": SHAPE, "name": "i"}, name="i", inbound_nodes=[]),
                    part(
                        "keras.layers",
                        "UpSampling2D",
                        {"size": [4, 4], "name": "u"},
                        name="u",
                        inbound_nodes=[{"args": [tensor("i")], "kwargs": {}}] * 50,
                    ),
                ],
                "input_layers": ["i", 0, 0],
                "output_layers": ["u", 0, 0],
            },
        ),
        layers=[{"trainable": True, "shapes": [], "weights_trainable": []}] * 3,
    ),
}


def tensor(name):
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": SHAPE, "dtype": "float32", "keras_history": [name, 0, 0]},
    }


@pytest.mark.parametrize("change", LARGE.values(), ids=LARGE.keys())
def test_a_model_that_is_too_large_is_not_rebuilt(change, box, allocated):
    if change is LARGE["large outputs of one layer called often"]:
        np.save(box / "train" / "0.npy", np.zeros(0, np.float32))
    restored = edited(box, change)
    assert [note.message for note in restored.notes] == ["carrying.too_large"]
    assert allocated == []


@pytest.mark.parametrize(
    "change",
    [
        set_units(16_000),
        set_units(4),
        lambda data: layers(data)[1]["config"].update(filters=16_000, kernel_size=[16_000, 16_000], padding="same"),
        lambda data: layers(data).pop(2),
        with_layer(part("keras.layers", "Dense", {"units": 16_000, "name": "more"})),
        lambda data: data["answers"][0]["data"]["layers"].pop(),
        lambda data: data["answers"][0]["data"]["layers"][1]["shapes"].pop(),
        lambda data: data["answers"][0]["data"]["layers"][1]["weights_trainable"].pop(),
        lambda data: data["answers"][0]["data"].update(layers=None),
    ],
)
def test_weights_that_do_not_fit_the_layers_are_refused_before_anything_is_allocated(change, box, allocated):
    restored = edited(box, change)
    assert [note.message for note in restored.notes] in (["carrying.weights"], ["carrying.damaged"])
    assert not isinstance(restored.answers[0], keras.Layer)
    assert allocated == []


NONSENSE = {
    "units that are no number": set_units("five"),
    "units below zero": set_units(-3),
    "units not whole": set_units(1e12),
    "an unknown setting": lambda data: layers(data)[-1]["config"].update(nonsense=1),
    "a policy that does not exist": lambda data: layers(data)[-1]["config"].update(dtype="complex64"),
    "two layers of one name": lambda data: layers(data)[-1]["config"].update(name="conv"),
    "no layers": lambda data: data["answers"][0]["data"]["config"]["config"].pop("layers"),
    "loops": lambda data: data["answers"][0]["data"]["config"].update(
        module="keras.src.models.functional",
        class_name="Functional",
        config={
            "name": "f",
            "layers": [
                part("keras.layers", "Flatten", {"name": "a"}, name="a", inbound_nodes=[{"args": [tensor("a")]}]),
            ],
            "input_layers": ["a", 0, 0],
            "output_layers": ["a", 0, 0],
        },
    ),
}


@pytest.mark.parametrize("change", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_configuration_without_sense_is_refused(change, box, allocated):
    restored = edited(box, change)
    assert len(restored.notes) == 1
    assert not isinstance(restored.answers[0], keras.Layer)
    assert allocated == []


NOT_COMPILED = {
    "optimizer": {"optimizer": part("os", "system", {}), "learning_rate": 1},
    "an optimizer's name from elsewhere": {"optimizer": part("os", "Adam", {}), "learning_rate": 1},
    "a base class": {"optimizer": part("keras.optimizers", "Optimizer", {}), "learning_rate": 1},
    "learning rate": {"learning_rate": "fast"},
    "a lambda as loss": {"loss": LAMBDA},
    "a registered loss": {"loss": part("builtins", "function", "evil>relu_of_evil")},
    "a function of the module": {"loss": part("builtins", "function", "deserialize")},
    "a class that is no loss": {"loss": part("keras.losses", "warnings", {})},
    "a metric from elsewhere": {"metrics": [part("os", "system", {})]},
    "a metric with more memory": {"metrics": [part("keras.metrics", "MeanIoU", {"num_classes": 10**6})]},
    "a metric's name": {"metrics": ["os.system"]},
    "deep lists": {"metrics": [[[[[[["acc"]]]]]]]},
    "a number": {"loss": 3},
}


@pytest.mark.parametrize("change", NOT_COMPILED.values(), ids=NOT_COMPILED.keys())
def test_what_is_not_keras_own_is_not_compiled(change, box, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    restored = edited(box, lambda data: data["answers"][0]["data"]["compiled"].update(change))
    assert [note.message for note in restored.notes] == ["carrying.not_compiled"]
    assert restored.answers[0].compiled is False
    assert not (tmp_path / CANARY).exists()


def pickled(path):
    np.save(path, np.array([Harm()] * 3, dtype=object), allow_pickle=True)


def plain_pickle(path):
    path.write_bytes(pickle.dumps(Harm()))


def header(shape, descr="'<f4'"):
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return lambda path: path.write_bytes(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + b"\0" * 400)


def zipped(path):
    np.savez(path.with_suffix(".npz"), np.zeros(3))
    path.with_suffix(".npz").rename(path)


def linked(path):
    path.rename(path.with_name("other.npy"))
    path.symlink_to("other.npy")


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def folder(path):
    path.unlink()
    path.mkdir()


FILES = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "pickled": pickled,
    "a plain pickle": plain_pickle,
    "10**12 numbers promised": header((10**12,)),
    "two gigabytes promised": header((500_000_000,)),
    "numbers below zero": header((-100,)),
    "many dimensions": header((1,) * 60),
    "structures": header((100,), "[('a', '<f4')]"),
    "objects": header((50,), "'|O'"),
    "an expression": header("__import__('pathlib').Path('canary').touch()"),
    "texts": lambda path: np.save(path, np.array(["a" * 30] * 3)),
    "complex numbers": lambda path: np.save(path, np.zeros(89, complex)),
    "one number too few": lambda path: np.save(path, np.zeros(76, np.float32)),
    "two dimensions": lambda path: np.save(path, np.zeros((77, 1), np.float32)),
    "zipped": zipped,
    "a link": linked,
    "a folder": folder,
    **({"a pipe": pipe} if hasattr(os, "mkfifo") else {}),
}


@pytest.mark.parametrize("spoil", FILES.values(), ids=FILES.keys())
def test_weights_that_are_no_plain_numbers_are_refused(spoil, box, tmp_path, monkeypatch, allocated):
    monkeypatch.chdir(tmp_path)
    weights = box / "train" / "0.npy"
    assert np.load(weights).shape == (54 + 2 + 8 + 15,)
    spoil(weights)
    tracemalloc.start()
    try:
        restored = checked(restore("train", box, SEED))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert [note.message for note in restored.notes] in (["carrying.weights"], ["carrying.damaged"])
    assert not isinstance(restored.answers[0], keras.Layer)
    assert allocated == []
    assert not (tmp_path / CANARY).exists()


TEXTS = {
    "empty": "",
    "truncated": '{"answers": [',
    "no text": b"\xff\xfe\x00",
    "deep": "[" * 100_000,
    "deep and whole": '{"answers": [' + "[" * 500 + "]" * 500 + ", 1]}",
    "a list": "[1, 2]",
    "null": "null",
    "too many answers": '{"answers": [1, 2, 3]}',
    "no list": '{"answers": {"0": 1, "1": 2}}',
    "a number with many digits": '{"answers": [' + "9" * 10_000 + ", 1]}",
    "too large": '{"answers": [1, 2]}' + " " * 20_000_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=[str(key) for key in TEXTS])
def test_answers_that_are_not_as_they_are_written_are_refused(text, box):
    file = box / "train" / "answers.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    restored = checked(restore("train", box, SEED))
    assert [note.message for note in restored.notes] == ["carrying.damaged"]
    assert restored.answers[0] is None or plain.kind(restored.answers[0]) == "object"


@pytest.mark.parametrize("name", ["train", "train/answers.json", "."])
def test_links_are_not_followed(name, box, tmp_path):
    path = box / name
    path.rename(tmp_path / "elsewhere")
    (tmp_path / "answers" if name == "." else path).symlink_to(tmp_path / "elsewhere")
    restored = restore("train", box, SEED)
    assert restored.answers == (None, None)
    assert [note.message for note in restored.notes] == ["carrying.damaged"]


def test_missing_files_are_said(box):
    (box / "train" / "answers.json").unlink()
    assert [note.message for note in restore("train", box, SEED).notes] == ["carrying.damaged"]
    shutil.rmtree(box / "train")
    (box / "train").write_text("no folder")
    assert [note.message for note in restore("train", box, SEED).notes] == ["carrying.damaged"]


VALUES = {
    "an unknown form": {"is": "__class__", "kind": "x"},
    "a form that is no text": {"is": [1]},
    "no form": {"kind": "x"},
    "a kind that is no text": {"is": "list", "kind": [1], "members": [1]},
    "a kind with nothing inside": {"is": "tuple", "kind": "a\0b", "members": []},
    "half a letter as kind": {"is": "kind", "kind": "\ud800" * 100},
    "a shape of texts": {"is": "kind", "kind": "x", "shape": ["1"]},
    "members that are no list": {"is": "tuple", "kind": "tuple", "members": {"a": 1}},
    "keys that cannot be keys": {"is": "dict", "kind": "dict", "items": [[[1], 2]]},
    "items that are no pairs": {"is": "dict", "kind": "dict", "items": [1, 2]},
    "a long range": {"is": "range", "ends": [0, 10**30, 1]},
    "a range without steps": {"is": "range", "ends": [0, 1, 0]},
    "a range of texts": {"is": "range", "ends": ["0", "1", "2"]},
    "more numbers than there are": {
        "is": "array",
        "kind": "ndarray",
        "dtype": "int64",
        "shape": [10**12],
        "values": [1],
    },
    "a shape below zero": {"is": "array", "kind": "ndarray", "dtype": "int64", "shape": [-1, -1], "values": [1]},
    "numbers that are texts": {"is": "array", "kind": "ndarray", "dtype": "float64", "shape": [1], "values": ["1"]},
    "objects as numbers": {"is": "array", "kind": "ndarray", "dtype": "O", "shape": [1], "values": [1]},
    "numbers too large": {"is": "array", "kind": "ndarray", "dtype": "int64", "shape": [1], "values": [10**30]},
    "members that do not fit": {"is": "objects", "kind": "ndarray", "shape": [10**12], "members": [1]},
    "a history that is a list": {"is": "history", "kind": "History", "history": [1]},
    "names that are no list": {"is": "pictures", "kind": "Pictures", "names": {"is": "range", "ends": [0, 10**8, 1]}},
    "a text that is a number": {"is": "str", "kind": "str_", "value": 3},
    "a number that is a text": {"is": "int", "kind": "Level", "value": "3"},
    "answers that are missing": {"is": "asked", "kind": "function", "outputs": []},
    "answers that are texts": {"is": "asked", "kind": "function", "outputs": ["x"] * 7},
    "a model that is none": {"is": "model", "kind": "Functional", "file": "../../x", "data": []},
    "a file by a truth value": {"is": "model", "kind": "Functional", "file": True, "data": {}},
    "a reason that is none": {"is": "kind", "kind": "Functional", "unsafe": "say.anything", "values": {"found": "x"}},
    "a reason that is no text": {"is": "kind", "kind": "Functional", "unsafe": [1]},
    "a reason without values": {"is": "kind", "kind": "Functional", "unsafe": "carrying.too_large", "values": 3},
    "a reason with a list": {"kind": "Functional", "unsafe": "carrying.unknown_part", "values": {"found": ["x"] * 99}},
    "a long reason": {"kind": "Functional", "unsafe": "carrying.unknown_part", "values": {"found": "\ud800" * 9_999}},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_values_that_are_not_as_they_are_written_stand_for_something_at_most(value, box):
    for place in (0, 1):
        restored = edited(box, lambda data, place=place: data["answers"].__setitem__(place, value))
        answer = restored.answers[place]
        plain.kind(answer).encode()
        assert not isinstance(answer, keras.Layer)
        assert plain.array(answer) is None or plain.array(answer).size <= 1


def test_anything_anywhere_never_raises(box, allocated):
    """Replace parts of what was kept, drawn with a seed, by something else."""
    original = json.loads((box / "train" / "answers.json").read_text(encoding="ascii"))
    draw = random.Random(0)
    others = [None, True, -1, 10**12, 1e308, float("nan"), "x", "os", [], [[]], {}, {"is": 1}, LAMBDA, [1] * 99]
    refused = 0
    for _ in range(150):
        data = deepcopy(original)
        at = data
        while True:
            key = draw.choice(list(at) if isinstance(at, dict) else range(len(at)))
            if not isinstance(at[key], dict | list) or not at[key] or draw.random() < 0.1:
                break
            at = at[key]
        at[key] = draw.choice(others)
        refused += bool(edited(box, lambda _, data=data: data).notes)
    assert refused > 20
    assert max(allocated, default=0) < 1_000


def test_reported_facts_are_read_only_if_every_field_is_of_its_type():
    right = {
        **{"problem": "", "found": "", "loss": "mse", "from_logits": False, "activation": "linear"},
        **{"metrics": ["accuracy"], "optimizer": "Adam", "learning_rate": 1},
    }
    facts = CompileFacts("", "", "mse", False, "linear", ["accuracy"], "Adam", 1.0)
    assert reported_facts("compile", {"facts": right}) == facts
    wrong = [{"metrics": [1]}, {"metrics": "accuracy"}, {"learning_rate": "1"}, {"learning_rate": 10**400}]
    wrong += [{"from_logits": 1}, {"loss": "a" * 99_999}, {"loss": None}, {"metrics": ["a"] * 99_999}]
    for change in wrong:
        assert reported_facts("compile", {"facts": {**right, **change}}) is None
    for reported in ({}, {"facts": None}, {"facts": []}, {"facts": {}}):
        assert reported_facts("compile", reported) is None
    assert reported_facts("split", {"facts": right}) is None
