"""Pictures as tf.data: in batches, shuffled, prefetched."""

import tensorflow as tf

from tl_helpers.pictures import Pictures


def as_dataset(pictures: Pictures, batch_size: int = 32, shuffle: bool = False, seed: int = 0) -> tf.data.Dataset:
    """Return batches of (images, labels) as tf.data, prefetched. Introduced in lesson 02.

    Args:
        pictures: what to read.
        batch_size: pictures a batch; the last one may be smaller.
        shuffle: a new order every epoch (for training only).
        seed: of that order.

    Returns:
        Dataset of (float32 images (b, size, size, 3) in 0–255, int64 labels (b,)).
    """
    dataset = tf.data.Dataset.from_tensor_slices((pictures.images, pictures.labels))
    if shuffle:
        dataset = dataset.shuffle(len(pictures), seed=seed)
    dataset = dataset.map(lambda image, label: (tf.cast(image, tf.float32), label)).batch(batch_size)
    return dataset.prefetch(tf.data.AUTOTUNE)
