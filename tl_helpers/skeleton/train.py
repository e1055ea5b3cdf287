"""Check, train, judge and export a classifier of the pictures in pictures/: python train.py."""

import sys
from pathlib import Path

LANGUAGE = "en"  # "en", "tr"
HERE = Path(__file__).parent
PICTURES, MODEL = HERE / "pictures", HERE / "model"
BASE, CUT = "MobileNetV2", "block_10_project_BN"  # everything above the cut is fine-tuned
HEAD_EPOCHS, HEAD_RATE = 20, 3e-3
TUNING_EPOCHS, TUNING_RATE = 8, 1e-4  # less than a tenth of the head's rate
WANTED = 0.95  # share of right answers among those that are given


def main() -> None:
    """Do all steps, one after the other."""
    import keras
    import numpy as np

    from tl_helpers.base_models import load_base_model, preprocessing
    from tl_helpers.checkup import check_up
    from tl_helpers.checkup_report import report
    from tl_helpers.export import to_int8, to_tflite
    from tl_helpers.features import extract_features
    from tl_helpers.fine_tuning import at_cut, classifier_on
    from tl_helpers.folders import read_splits
    from tl_helpers.project import base_edition, gpu_strategy
    from tl_helpers.report_card import choose_threshold, confidence_and_right, report_card
    from tl_helpers.session import fix_seeds
    from tl_helpers.shared_model import save_shared
    from tl_helpers.splitting import join, split_at
    from tl_helpers.training import fit
    from tl_helpers.transfer import train_head

    edition = base_edition(BASE)
    print(report(check_up(PICTURES, edition.image_size)))
    splits = read_splits(PICTURES, edition.image_size)
    train, validation, test = splits.train, splits.validation, splits.test

    fix_seeds(0)
    base_model, preprocess = load_base_model(BASE, edition), preprocessing(BASE)
    features, held_out = (extract_features(base_model, preprocess, part.images) for part in (train, validation))
    head, _ = train_head(features, train.labels, len(train.class_names), HEAD_EPOCHS, HEAD_RATE)
    frozen_loss = head.evaluate(held_out, validation.labels, verbose=0)[0]

    _, (inside, held_inside) = at_cut(base_model, preprocess, CUT, train.images, validation.images)

    def build() -> keras.Model:
        return classifier_on(split_at(load_base_model(BASE, edition), CUT)[1], head, TUNING_RATE)

    untuned, held_inside_and_labels = build(), (held_inside, validation.labels)
    tuned, history = fit(
        build, (inside, train.labels), held_inside_and_labels, epochs=TUNING_EPOCHS, strategy=gpu_strategy()
    )
    if min(history["val_loss"]) < frozen_loss:  # validation chooses
        untuned.set_weights(tuned.get_weights())
    inputs = keras.Input(base_model.input_shape[1:])
    finished = keras.Model(inputs, join(split_at(base_model, CUT)[0], untuned)(preprocess(inputs)))

    held_out_logits = finished.predict(validation.images, verbose=0)
    threshold = choose_threshold(*confidence_and_right(validation.labels, held_out_logits), WANTED)
    print(report_card(test.labels, finished.predict(test.images, verbose=0), train.class_names, threshold))

    save_shared(MODEL, finished, train.class_names, threshold)
    (MODEL / "model_float32.tflite").write_bytes(to_tflite(finished))
    (MODEL / "model_int8.tflite").write_bytes(to_int8(finished, np.array(train.images[:: max(1, len(train) // 100)])))


if __name__ == "__main__":
    from tl_helpers.messages import CourseError, set_language
    from tl_helpers.session import load_tensorflow

    set_language(LANGUAGE)
    load_tensorflow()
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
