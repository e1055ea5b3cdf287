"""Answers that are known to be wrong or half right, as facts: each with the points that it must get and what it is told."""

from dataclasses import replace

from tl_helpers.grading.facts import CountFacts, CurveFacts, PixelFacts, PredictionFacts, SplitFacts
from tl_helpers.grading.model_facts import CompileFacts, ModelFacts
from tl_helpers.grading.training_facts import ComparisonFacts, TrainingFacts, TuningFacts

LABELS = [0, 1, 2, 3, 4] * 20
MODEL_SAYS = [1, *LABELS[1:90], 3, 4, 0, 1, 2, 2, 3, 4, 0, 1]
CURVE = {
    "loss": [1.0, 0.6, 0.4, 0.3, 0.2],
    "accuracy": [0.5, 0.8, 0.85, 0.9, 0.95],
    "val_loss": [0.9, 0.7, 0.5, 0.55, 0.6],
    "val_accuracy": [0.7, 0.8, 0.86, 0.84, 0.83],
}
MODEL = ModelFacts(
    output_shape=[5],
    activation="linear",
    trainable=6405,
    has_base=True,
    same_as_pretrained=1.0,
    pixels_at_base=[-1.0, 1.0],
)
COMPILED = CompileFacts(
    loss="sparse_categorical_crossentropy",
    from_logits=True,
    activation="linear",
    metrics=["accuracy"],
    optimizer="Adam",
    learning_rate=1e-3,
)
TUNED = replace(MODEL, trainable=500_000, trainable_in_base=490_000, same_as_pretrained=0.8)
RIGHT = {
    "split": SplitFacts(counts=[[140] * 5, [30] * 5, [30] * 5], shared=[0, 0, 0]),
    "counts": CountFacts(
        given=[140, 141, 139, 140, 140],
        train=[140, 141, 139, 140, 140],
        whole=[200, 201, 199, 200, 200],
        held_out=[[30] * 5, [31, 30, 29, 30, 30]],
    ),
    "preprocess": PixelFacts(outputs=[-1.0, 0.0, 1.0], red=[1.0, -1.0, -1.0]),
    "model": MODEL,
    "compile": COMPILED,
    "train": TrainingFacts(
        model=MODEL,
        history=CURVE,
        losses={"train": 0.15, "validation": 0.6, "test": 0.72},
        accuracies={"train": 0.96, "validation": 0.83, "test": 0.8},
    ),
    "curves": CurveFacts(epoch=3, history=CURVE),
    "predict": PredictionFacts(
        classes=MODEL_SAYS,
        accuracy=0.89,
        model_classes=MODEL_SAYS,
        labels=LABELS,
        other_accuracies={"train": 0.96, "validation": 0.86},
    ),
    "fine-tune": TuningFacts(
        model=TUNED, compiled=replace(COMPILED, learning_rate=1e-5), head_rate=1e-3, before=0.85, after=0.9
    ),
    "inception": ComparisonFacts(
        model=MODEL,
        said={"MobileNetV2": 0.85, "InceptionV3": 0.8},
        validation={"MobileNetV2": 0.85, "InceptionV3": 0.8},
        choice="MobileNetV2",
    ),
}


def train_after(**changes):
    return {"model": replace(MODEL, **changes)}


def tuned(**changes):
    return {"model": replace(TUNED, **changes)}


def compiled(**changes):
    return {"compiled": replace(COMPILED, **{"learning_rate": 1e-5} | changes)}


def without(*keys):
    return {key: values for key, values in CURVE.items() if key not in keys}


WITH_TEST = {**CURVE, "val_loss": [0.95, 0.8, 0.75, 0.72, 0.74]}
WITH_TRAIN = {**CURVE, "val_loss": [0.5, 0.4, 0.3, 0.2, 0.15]}
NEAR_CHANCE = {**CURVE, "accuracy": [0.2, 0.21, 0.2, 0.22, 0.24]}
SLICED = [[200, 200, 200, 100, 0], [0, 0, 0, 100, 50], [0, 0, 0, 0, 150]]
DRAWN = [[150, 133, 137, 141, 139], [22, 35, 33, 30, 30], [28, 32, 30, 29, 31]]

# ruff: noqa: E501
# (task, what it is, what differs from a right answer, points, messages)
WRONG = [
    ("split", "ten training pictures are in the test part", {"shared": [0, 10, 0], "counts": [[140] * 5, [30] * 5, [32] * 5]}, 0, ["split_test_shared"]),
    ("split", "validation and test are the same pictures", {"shared": [0, 0, 150], "missing": 150}, 0, ["split_test_shared", "split_missing"]),
    ("split", "training and validation share pictures", {"shared": [5, 0, 0]}, 0, ["split_shared"]),
    ("split", "cut in order of the classes", {"counts": SLICED}, 2, ["split_class_absent"]),
    ("split", "shuffled, but not by class", {"counts": DRAWN}, 2, ["split_not_stratified"]),
    ("split", "80/10/10", {"counts": [[160] * 5, [20] * 5, [20] * 5]}, 2, ["split_shares"]),
    ("split", "85/15 of 85, as when the second cut takes the rest", {"counts": [[145] * 5, [25] * 5, [30] * 5]}, 2, ["split_shares"]),
    ("split", "parts in another order", {"counts": [[30] * 5, [140] * 5, [30] * 5]}, 2, ["split_swapped"]),
    ("split", "a fifth of the pictures is left out", {"counts": [[112] * 5, [24] * 5, [24] * 5], "missing": 200}, 2, ["split_missing"]),
    ("split", "pictures drawn with repetition", {"repeated": 40}, 2, ["split_repeated"]),
    ("split", "80/10/10 cut in order", {"counts": [[200, 200, 200, 200, 0], [0, 0, 0, 0, 100], [0, 0, 0, 0, 100]]}, 1, ["split_shares", "split_class_absent"]),
    ("split", "an array of pictures", {"problem": "split_kind"}, 0, ["split_kind"]),
    ("counts", "all pictures", {"given": [200, 201, 199, 200, 200]}, 0, ["counts_whole"]),
    ("counts", "the validation pictures", {"given": [30] * 5}, 0, ["counts_held_out"]),
    ("counts", "shares", {"given": [0.2, 0.2014, 0.1986, 0.2, 0.2]}, 0, ["counts_share"]),
    ("counts", "percentages", {"given": [20, 20.14, 19.86, 20, 20]}, 0, ["counts_share"]),
    ("counts", "sorted instead of in the order of the classes", {"given": [139, 140, 140, 140, 141]}, 0, ["counts_order"]),
    ("counts", "made up", {"given": [100] * 5}, 0, ["counts_other"]),
    ("counts", "a single number", {"problem": "counts_kind"}, 0, ["counts_kind"]),
    ("preprocess", "0 to 1", {"outputs": [0.0, 0.5, 1.0], "red": [1.0, 0.0, 0.0]}, 0, ["range_unit"]),
    ("preprocess", "nothing", {"outputs": [0.0, 127.5, 255.0], "red": [255.0, 0.0, 0.0]}, 0, ["range_none"]),
    ("preprocess", "twice", {"outputs": [-1.00784, -1.0, -0.99216], "red": [-0.99216, -1.00784, -1.00784]}, 0, ["range_twice"]),
    ("preprocess", "reversed", {"outputs": [1.0, 0.0, -1.0], "red": [-1.0, 1.0, 1.0]}, 0, ["range_reversed", "preprocess_colours"]),
    ("preprocess", "another family's: means subtracted", {"outputs": [-113.0, 14.0, 142.0], "red": [-104.0, -117.0, 131.0]}, 0, ["range_means", "preprocess_colours"]),
    ("preprocess", "divided by 127.5 only", {"outputs": [0.0, 1.0, 2.0], "red": [2.0, 0.0, 0.0]}, 0, ["range_other"]),
    ("preprocess", "right range, blue first", {"red": [-1.0, -1.0, 1.0]}, 0, ["preprocess_colours"]),
    ("preprocess", "the pictures themselves", {"problem": "preprocess_kind"}, 0, ["preprocess_kind"]),
    ("model", "ImageNet's head of 1000 classes", {"output_shape": [1000], "activation": "softmax"}, 2, ["model_thousand"]),
    ("model", "one output", {"output_shape": [1]}, 2, ["model_one_output"]),
    ("model", "one output with a sigmoid, as for cats and dogs", {"output_shape": [1], "activation": "sigmoid"}, 1, ["model_one_output", "model_sigmoid"]),
    ("model", "six outputs", {"output_shape": [6]}, 2, ["model_outputs"]),
    ("model", "not pooled", {"output_shape": [3, 3, 5]}, 2, ["model_map"]),
    ("model", "sigmoid for five classes", {"activation": "sigmoid"}, 3, ["model_sigmoid"]),
    ("model", "relu at the end", {"activation": "relu"}, 3, ["model_activation"]),
    ("model", "no preprocessing", {"pixels_at_base": [0.0, 255.0]}, 3, ["range_none"]),
    ("model", "0 to 1 inside", {"pixels_at_base": [0.0, 1.0]}, 3, ["range_unit"]),
    ("model", "preprocessing twice", {"pixels_at_base": [-1.00784, -0.99216]}, 3, ["range_twice"]),
    ("model", "takes features instead of pictures", {"pixels_at_base": []}, 3, ["model_cannot_see"]),
    ("model", "base left trainable", {"trainable": 400_000, "trainable_in_base": 393_595, "batch_norms_awake": 52}, 2, ["model_not_frozen"]),
    ("model", "batch normalisation alone left awake", {"batch_norms_awake": 52}, 2, ["model_norms_awake"]),
    ("model", "all frozen, head included", {"trainable": 0}, 2, ["model_all_frozen"]),
    ("model", "random base (weights=None)", {"same_as_pretrained": 0.2}, 1, ["model_random_base"]),
    ("model", "a network of one's own", {"has_base": False, "same_as_pretrained": 0.0}, 1, ["model_other_base"]),
    ("model", "random base left trainable", {"same_as_pretrained": 0.2, "trainable": 400_000, "trainable_in_base": 393_595}, 0, ["model_not_frozen", "model_random_base"]),
    ("model", "a number", {"problem": "model_kind"}, 0, ["model_kind"]),
    ("compile", "softmax and from_logits=True", {"activation": "softmax"}, 0, ["compile_doubled"]),
    ("compile", "sigmoid and from_logits=True", {"activation": "sigmoid"}, 0, ["compile_doubled"]),
    ("compile", "logits taken for probabilities", {"from_logits": False}, 0, ["compile_logits"]),
    ("compile", "binary cross-entropy", {"loss": "binary_crossentropy"}, 0, ["compile_binary"]),
    ("compile", "mean squared error", {"loss": "mean_squared_error"}, 0, ["compile_loss"]),
    ("compile", "no accuracy", {"metrics": []}, 1, ["compile_no_accuracy"]),
    ("compile", "binary accuracy", {"metrics": ["BinaryAccuracy"]}, 1, ["compile_binary_accuracy"]),
    ("compile", "learning rate 1", {"learning_rate": 1.0}, 1, ["compile_fast"]),
    ("compile", "learning rate 1e-6", {"learning_rate": 1e-6}, 1, ["compile_slow"]),
    ("compile", "no accuracy, learning rate 1", {"metrics": [], "learning_rate": 1.0}, 0, ["compile_no_accuracy", "compile_fast"]),
    ("compile", "not compiled", {"problem": "compile_missing"}, 0, ["compile_missing"]),
    ("train", "validated on the test pictures", {"history": WITH_TEST}, 1, ["train_on_test"]),
    ("train", "validated on the training pictures", {"history": WITH_TRAIN}, 1, ["train_validated_on_train"]),
    ("train", "no validation", {"history": without("val_loss", "val_accuracy")}, 2, ["train_no_validation"]),
    ("train", "no accuracy in the history", {"history": without("accuracy", "val_accuracy")}, 2, ["train_no_validation"]),
    ("train", "no history", {"history": {}}, 2, ["train_no_history"]),
    ("train", "one epoch", {"history": {key: values[:1] for key, values in CURVE.items()}}, 2, ["train_one_epoch"]),
    ("train", "the loss ran away", {"history": {**CURVE, "val_loss": [0.9, float("nan")]}}, 2, ["train_diverged"]),
    ("train", "labels shuffled, pictures not", {"history": NEAR_CHANCE, "accuracies": {"train": 0.2, "validation": 0.2, "test": 0.19}}, 1, ["train_shuffled"]),
    ("train", "a model that was not trained", {"accuracies": {"train": 0.22, "validation": 0.21, "test": 0.2}}, 1, ["train_not_learned"]),
    ("train", "trained with the base awake", train_after(trainable_in_base=393_595, same_as_pretrained=0.0, statistics_moved=104), 1, ["train_base_moved"]),
    ("train", "moving statistics drifted", train_after(same_as_pretrained=0.6, statistics_moved=104), 1, ["train_statistics"]),
    ("train", "base awake and validated on test", {"history": WITH_TEST, **train_after(trainable_in_base=393_595, same_as_pretrained=0.0)}, 0, ["train_on_test", "train_base_moved"]),
    ("curves", "counted from 0", {"epoch": 2}, 0, ["curves_from_zero"]),
    ("curves", "best of training, which is the last", {"epoch": 5}, 0, ["curves_training"]),
    ("curves", "the last one", {"epoch": 5, "history": {**CURVE, "loss": [1, 0.2, 0.4, 0.5, 0.6], "accuracy": [0.5, 0.95, 0.9, 0.9, 0.9]}}, 0, ["curves_last"]),
    ("curves", "the first one", {"epoch": 1}, 0, ["curves_other"]),
    ("curves", "beyond the end", {"epoch": 9}, 0, ["curves_outside"]),
    ("curves", "a loss instead of an epoch", {"problem": "curves_kind"}, 0, ["curves_kind"]),
    ("predict", "the true labels", {"classes": LABELS}, 0, ["predict_labels"]),
    ("predict", "a threshold as for two classes", {"classes": [int(one > 0) for one in MODEL_SAYS]}, 0, ["predict_two"]),
    ("predict", "argmax over the pictures", {"classes": [3, 17, 42, 8, 99]}, 0, ["predict_count"]),
    ("predict", "training pictures", {"classes": MODEL_SAYS * 5}, 0, ["predict_count"]),
    ("predict", "classes counted from 1", {"classes": [one + 1 for one in MODEL_SAYS]}, 0, ["predict_other"]),
    ("predict", "in another order", {"classes": sorted(MODEL_SAYS)}, 0, ["predict_other"]),
    ("predict", "scores", {"problem": "predict_scores"}, 0, ["predict_scores"]),
    ("predict", "accuracy in percent", {"accuracy": 89.0}, 1, ["predict_percent"]),
    ("predict", "accuracy on training", {"accuracy": 0.96}, 1, ["predict_on_train"]),
    ("predict", "accuracy on validation", {"accuracy": 0.86}, 1, ["predict_on_validation"]),
    ("predict", "share of mistakes", {"accuracy": 0.11}, 1, ["predict_errors"]),
    ("predict", "made up", {"accuracy": 0.99}, 1, ["predict_accuracy"]),
    ("predict", "no number", {"accuracy": None}, 1, ["predict_no_accuracy"]),
    ("fine-tune", "batch normalisation unfrozen", tuned(batch_norms_awake=52, statistics_moved=104), 2, ["tune_norms_awake"]),
    ("fine-tune", "frozen again after the statistics moved", tuned(statistics_moved=18), 2, ["tune_statistics"]),
    ("fine-tune", "the head's learning rate", compiled(learning_rate=1e-3), 2, ["tune_rate_same"]),
    ("fine-tune", "half of it", compiled(learning_rate=5e-4), 2, ["tune_rate"]),
    ("fine-tune", "nothing unfrozen", tuned(trainable_in_base=0, same_as_pretrained=1.0), 0, ["tune_all_frozen"]),
    ("fine-tune", "unfrozen but not compiled again", tuned(same_as_pretrained=1.0), 0, ["tune_not_trained"]),
    ("fine-tune", "another network", tuned(has_base=False, same_as_pretrained=0.0, trainable_in_base=0), 0, ["model_other_base"]),
    ("fine-tune", "knowledge destroyed", {"after": 0.3}, 2, ["tune_destroyed"]),
    ("fine-tune", "compiled again without from_logits", compiled(from_logits=False), 2, ["compile_logits"]),
    ("fine-tune", "the usual broken recipe: norms awake, rate unchanged", {**tuned(batch_norms_awake=52, statistics_moved=104), **compiled(learning_rate=1e-3)}, 0, ["tune_norms_awake", "tune_rate_same"]),
    ("inception", "the first base again", {"model": replace(MODEL, has_base=False, same_as_pretrained=0.0)}, 0, ["inception_other_base"]),
    ("inception", "random Inception", {"model": replace(MODEL, same_as_pretrained=0.1)}, 0, ["model_random_base"]),
    ("inception", "left trainable", {"model": replace(MODEL, trainable_in_base=1000)}, 1, ["model_not_frozen"]),
    ("inception", "pixels of 0 to 1", {"model": replace(MODEL, pixels_at_base=[0.0, 1.0])}, 1, ["range_unit"]),
    ("inception", "head not trained", {"said": {"MobileNetV2": 0.85, "InceptionV3": 0.2}, "validation": {"MobileNetV2": 0.85, "InceptionV3": 0.2}}, 1, ["inception_not_learned"]),
    ("inception", "training accuracies", {"said": {"MobileNetV2": 0.95, "InceptionV3": 0.9}}, 1, ["inception_accuracy"]),
    ("inception", "percentages", {"said": {"MobileNetV2": 85.0, "InceptionV3": 80.0}}, 1, ["inception_percent"]),
    ("inception", "the worse base chosen", {"choice": "InceptionV3"}, 1, ["inception_choice"]),
    ("inception", "a base that was not compared", {"choice": "ResNet50"}, 1, ["inception_choice_unknown"]),
    ("inception", "test accuracies, and chosen by them", {"said": {"MobileNetV2": 0.8, "InceptionV3": 0.83}, "choice": "InceptionV3"}, 0, ["inception_accuracy", "inception_choice"]),
]  # fmt: skip


def wrong_facts(case):
    task, _, changes, *_ = case
    return replace(RIGHT[task], **changes)
