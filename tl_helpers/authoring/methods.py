"""What the difficulty table compares: each method trains on a few pictures and is scored on others.

All take the same arguments and return an accuracy. Numbers of steps and learning rates were chosen on pictures of other
seeds than those that the table is measured on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import keras
import numpy as np
import tensorflow as tf
from sklearn.linear_model import LogisticRegression

from tl_helpers.authoring.pretrain import MOMENTUM, build_network
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.baselines import pixel_classifier, small_network, small_pixels
from tl_helpers.editions import MINI
from tl_helpers.evaluation import accuracy, predicted_classes
from tl_helpers.features import extract_features
from tl_helpers.pictures import Array
from tl_helpers.transfer import build_classifier, compile_classifier, train_head, unfreeze

Pair = tuple[Array, Array]
MARGIN = 10  # pixels that are added around a picture before it is cut at random
ZOOM = 0.15  # it is cut at 1 ± ZOOM of its size
TRAINING = {"margin": MARGIN, "zoom": ZOOM, "scratch_batch_norm_momentum": MOMENTUM}


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: Adam, its learning rate rising for a tenth of the steps, then falling as a cosine.

    Args:
        steps: batches in all, at least, however few pictures there are.
        batch_size: pictures a step.
        peak_rate: the highest learning rate.
        epochs: passes over the pictures, at least.
    """

    steps: int
    batch_size: int
    peak_rate: float
    epochs: int = 0

    def steps_for(self, pictures: int) -> int:
        """Return the number of batches for so many pictures."""
        return max(self.steps, -(-self.epochs * pictures // self.batch_size))


SMALL = Recipe(steps=210, batch_size=32, peak_rate=2e-3)
HEAD = Recipe(steps=260, batch_size=32, peak_rate=1e-3)
FINE_TUNING = Recipe(steps=300, batch_size=8, peak_rate=1e-3, epochs=24)
SCRATCH = replace(FINE_TUNING, peak_rate=5e-3)  # the same pictures as often; its rate is the best of 2e-3, 5e-3, 1e-2


def pixels(train: Pair, held_out: Pair, base: str, run: int) -> float:  # noqa: ARG001
    """Return the accuracy of logistic regression on 32×32 pixels.

    Args:
        train: uint8 images (n, 96, 96, 3) and integer labels (n,).
        held_out: the same for other pictures.
        base: name of the base model, for methods that take one.
        run: seed of what the method leaves to chance.
    """
    return float(pixel_classifier(*train).score(small_pixels(held_out[0]), held_out[1]))


def colours(train: Pair, held_out: Pair, base: str, run: int) -> float:  # noqa: ARG001
    """Return the accuracy of logistic regression on colour histograms; arguments as in ``pixels``."""
    classifier = LogisticRegression(C=100, max_iter=2000).fit(colour_histograms(train[0]), train[1])
    return float(classifier.score(colour_histograms(held_out[0]), held_out[1]))


def scratch_small(train: Pair, held_out: Pair, base: str, run: int) -> float:  # noqa: ARG001
    """Return the accuracy of the lessons' small network with random weights; arguments as in ``pixels``."""
    keras.utils.set_random_seed(run)
    return _trained(small_network(train[0].shape[1], _outputs(train)), train, held_out, SMALL)


def scratch(train: Pair, held_out: Pair, base: str, run: int) -> float:
    """Return the accuracy of the base model's own network with random weights; arguments as in ``pixels``."""
    keras.utils.set_random_seed(run)
    _, network = build_network(base, _outputs(train))
    return _trained(network, train, held_out, SCRATCH)


def frozen(train: Pair, held_out: Pair, base: str, run: int) -> float:
    """Return the accuracy of a linear head on the frozen pretrained base; arguments as in ``pixels``."""
    keras.utils.set_random_seed(run)
    base_model = load_base_model(base, MINI)
    features = extract_features(base_model, preprocessing(base), held_out[0])
    return _accuracy(_head(base_model, base, train), features, held_out[1])


def fine_tuned(train: Pair, held_out: Pair, base: str, run: int) -> float:
    """Return the accuracy of a base trained further once its head is trained; arguments as in ``pixels``."""
    keras.utils.set_random_seed(run)
    base_model = load_base_model(base, MINI)
    head = _head(base_model, base, train)
    network = build_classifier(unfreeze(base_model), preprocessing(base), _outputs(train))
    network.get_layer("head").set_weights(head.get_layer("head").get_weights())
    return _trained(network, train, held_out, FINE_TUNING)


METHODS: dict[str, Callable[[Pair, Pair, str, int], float]] = {
    each.__name__: each for each in (pixels, colours, scratch_small, scratch, frozen, fine_tuned)
}
RECIPES = {"scratch_small": SMALL, "scratch": SCRATCH, "frozen": HEAD, "fine_tuned": FINE_TUNING}
PRETRAINED = ("frozen", "fine_tuned")


def colour_histograms(images: Array) -> Array:
    """Count how often each of 64 coarse colours occurs.

    Args:
        images: uint8, shape (n, height, width, 3).

    Returns:
        float64, shape (n, 64): shares of each picture's pixels, rows sum to 1.
    """
    coarse = (images // 64).astype(int) @ (16, 4, 1)
    shares: Array = np.stack([np.bincount(picture.ravel(), minlength=64) for picture in coarse]) / coarse[0].size
    return shares


def varied_batches(images: Array, labels: Array, batch_size: int) -> tf.data.Dataset:
    """Return batches without end, in an order of chance, each picture mirrored, shifted and zoomed at random.

    Args:
        images: uint8, shape (n, height, width, 3).
        labels: integers, shape (n,).
        batch_size: pictures a batch.
    """

    def vary(picture: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        mirrored = tf.image.random_flip_left_right(tf.cast(picture, tf.float32))
        padded = tf.pad(mirrored, ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)), "REFLECT")
        side = tf.cast(tf.random.uniform((), 1 - ZOOM, 1 + ZOOM) * images.shape[1], tf.int32)
        cut = tf.image.random_crop(padded, (side, side, 3))
        return tf.ensure_shape(tf.image.resize(cut, images.shape[1:3]), images.shape[1:]), label

    dataset = tf.data.Dataset.from_tensor_slices((images, labels[:, None])).shuffle(len(labels)).repeat()
    return dataset.map(vary).batch(batch_size).prefetch(tf.data.AUTOTUNE)


def _outputs(train: Pair) -> int:
    classes = int(train[1].max()) + 1
    return 1 if classes == 2 else classes


def _head(base_model: keras.Model, base: str, train: Pair) -> keras.Model:
    features = extract_features(base_model, preprocessing(base), train[0])
    epochs = -(-HEAD.steps * HEAD.batch_size // len(features))
    return train_head(features, train[1], _outputs(train), epochs, HEAD.peak_rate, batch_size=HEAD.batch_size)[0]


def _trained(network: keras.Model, train: Pair, held_out: Pair, recipe: Recipe) -> float:
    steps = recipe.steps_for(len(train[0]))
    warm_up = steps // 10
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=recipe.peak_rate, warmup_steps=warm_up
    )
    compile_classifier(network, rate)
    batches = varied_batches(*train, recipe.batch_size)
    network.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
    return _accuracy(network, held_out[0], held_out[1])


def _accuracy(network: keras.Model, inputs: Array, labels: Array) -> float:
    return accuracy(labels, predicted_classes(network.predict(inputs, batch_size=100, verbose=0)))
