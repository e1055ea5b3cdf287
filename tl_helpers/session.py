"""The set-up cell of every lesson: edition, device, versions, expected minutes, seeds."""

import os
import platform
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from tl_helpers.devices import gpus, prepare_gpus
from tl_helpers.editions import MINI, Edition, SourceError, full_edition
from tl_helpers.messages import message, number, set_language
from tl_helpers.results import emit_results
from tl_helpers.settings import folder_setting, in_colab, requested_edition
from tl_helpers.table import Lesson, load_table

SEED = 42


def start(lesson: str, language: str) -> Edition:
    """Begin a lesson: choose the edition, fix every seed and say what the lesson runs on.

    Args:
        lesson: number of the lesson, such as ``"02"``.
        language: ``"en"`` or ``"tr"``.

    Returns:
        The edition that the lesson runs in; mini where the full one cannot be had.

    Raises:
        CourseError: unknown lesson, language or edition.
    """
    set_language(language)
    entry = load_table().lesson(lesson)
    asked = requested_edition()
    load_tensorflow()
    edition = _full_or_mini(entry) if asked == "full" else MINI
    fix_seeds(SEED)
    print(_report(entry, edition))
    emit_results({"edition": edition.name})
    return edition


def fix_seeds(seed: int) -> None:
    """Seed Python, NumPy and TensorFlow, so that a lesson gives the same pictures and nearly the same numbers again."""
    import keras

    keras.utils.set_random_seed(seed)


def load_tensorflow() -> None:
    """Import TensorFlow, look for devices and make them ready, without the noise that would worry a reader."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with native_errors_hidden():
        import tensorflow as tf

        tf.config.list_physical_devices()
        prepare_gpus()
    # Keras 3.15 warns of its own default value whenever fit is given a dataset.
    warnings.filterwarnings("ignore", message="`shuffle=True` was passed")
    # scikit-learn 1.6 asks SciPy for an option that SciPy 1.18 does not have any more.
    warnings.filterwarnings("ignore", message="Unknown solver options: iprint")


@contextmanager
def native_errors_hidden() -> Iterator[None]:
    """Hide what native code writes to standard error meanwhile."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _full_or_mini(entry: Lesson) -> Edition:
    try:
        return full_edition(entry.pictures, entry.bases)
    except SourceError as error:
        print(message("session.mini_instead", reason=error))
        return MINI


def _report(entry: Lesson, edition: Edition) -> str:
    here = gpus()
    lines = [
        message(f"session.edition_{edition.name}", size=edition.image_size),
        message("session.gpu", name=", ".join(map(str, here)))
        if here
        else message("session.cpu", cores=os.cpu_count()),
        message("session.versions", versions=_versions()),
        message("session.minutes", minutes=_minutes(entry, edition, bool(here))),
        message("session.seed", seed=SEED),
    ]
    if edition.name == "full" and not here:
        lines.insert(2, message("session.turn_on_gpu" if in_colab() else "session.no_gpu"))
    if edition.name == "mini" and folder_setting("TL_PICTURES") and requested_edition() == "mini":
        lines.insert(1, message("session.pictures_unused"))
    return "\n".join(lines)


def _versions() -> str:
    packages = {"TensorFlow": "tensorflow", "Keras": "keras", "NumPy": "numpy", "tl_helpers": "tl-helpers"}
    return ", ".join([f"Python {platform.python_version()}"] + [f"{k} {version(v)}" for k, v in packages.items()])


def _minutes(entry: Lesson, edition: Edition, has_gpu: bool) -> str:
    key = "mini_cpu" if edition.name == "mini" else ("full_gpu" if has_gpu else "full_cpu")
    return number(entry.minutes[key])
