from collections import Counter
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from tl_helpers import picturebook
from tl_helpers.authoring.methods import colour_histograms
from tl_helpers.messages import CourseError, catalogue
from tl_helpers.picturebook import person_cues
from tl_helpers.picturebook.__main__ import main


@pytest.fixture(scope="module")
def sheet():
    """Three pictures of every class."""
    return picturebook.draw_many(picturebook.CLASSES, 3, seed=5)


def test_a_picture_is_the_same_whenever_it_is_drawn():
    first = picturebook.draw("cat", seed=3, index=4)
    picturebook.draw("dog", seed=3, index=4)
    assert np.array_equal(first, picturebook.draw("cat", seed=3, index=4))


def test_pictures_are_the_same_on_every_machine():
    """Compared coarsely, so that another release of the drawing library may round otherwise."""
    means = [picturebook.draw(label, 1, 2).reshape(4, 24, 4, 24, 3).mean(axis=(1, 3, 4)) for label in ("cat", "owl")]
    np.testing.assert_allclose(np.round(means).astype(int).reshape(2, 16), KNOWN_MEANS, atol=2)


KNOWN_MEANS = [
    [175, 173, 178, 178, 176, 161, 172, 179, 143, 150, 144, 145, 142, 160, 149, 132],
    [204, 209, 210, 219, 178, 158, 158, 192, 154, 136, 150, 153, 109, 112, 122, 128],
]


def test_seed_index_and_class_each_change_the_picture():
    base = picturebook.draw("cat", 1, 1)
    for other in (("cat", 2, 1), ("cat", 1, 2), ("dog", 1, 1)):
        assert not np.array_equal(base, picturebook.draw(*other))


def test_a_set_has_its_classes_in_turn_and_every_picture_is_its_own():
    images, labels = picturebook.draw_many(("dog", "cat"), 3, seed=8, size=64)
    assert (images.shape, images.dtype, labels.dtype) == ((6, 64, 64, 3), np.uint8, np.int64)
    assert list(labels) == [0, 1, 0, 1, 0, 1]
    assert np.array_equal(images[3], picturebook.draw("cat", 8, 1, 64))


def test_no_picture_is_blank_clipped_or_drawn_twice(sheet):
    images, _ = sheet
    assert len({sha256(image.tobytes()).hexdigest() for image in images}) == len(images)
    assert images.reshape(len(images), -1).std(axis=1).min() > 12
    assert np.isin(images, (0, 255)).reshape(len(images), -1).mean(axis=1).max() < 0.75


def test_source_and_target_classes_have_none_in_common():
    assert not set(picturebook.SOURCE_CLASSES) & set(picturebook.TARGET_CLASSES)
    assert len(picturebook.SOURCE_CLASSES) >= 24
    assert {"cat", "golden", "woman", "daisy", "tulip"} <= set(picturebook.TARGET_CLASSES)


def test_the_less_similar_the_farther_from_the_drawing_in_flat_colours():
    flat = picturebook.draw("rose", 4, 2).astype(float)
    steps = [picturebook.draw("rose", 4, 2, similarity=similarity) for similarity in (1.0, 0.75, 0.5, 0.25, 0.0)]
    distances = [np.abs(step - flat).mean() for step in steps]
    assert distances[0] == 0
    assert distances == sorted(distances)
    assert distances[-1] > 20


def test_an_engraving_keeps_what_is_drawn_and_has_one_ink():
    images, _ = picturebook.draw_many(("cat", "tulip"), 4, seed=9, similarity=0.0)
    for image in images.astype(float):
        shades = image.reshape(-1, 3) - image.reshape(-1, 3).mean(axis=0)
        spread = np.linalg.svd(shades, compute_uv=False) ** 2
        assert spread[0] / spread.sum() > 0.9  # all colours lie on the line from paper to ink
        assert image.std() > 12


def test_a_similarity_beyond_its_range_is_refused(each_language):
    with pytest.raises(CourseError, match=r"1\.5.*0.*1"):
        picturebook.draw("cat", 1, similarity=1.5)


@pytest.fixture(scope="module")
def looks():
    rng = np.random.default_rng(9300)
    return {label: [person_cues.draw_look(rng, label) for _ in range(1500)] for label in person_cues.PEOPLE}


def best_threshold(men, women):
    """Return the accuracy of the best rule "man from (or up to) this value on"."""
    values = np.concatenate([men, women])
    right = [(np.mean(men >= value) + np.mean(women < value)) / 2 for value in np.unique(values)]
    return max(*right, 1 - min(right))


@pytest.mark.parametrize("cue", person_cues.CUES)
def test_no_cue_alone_tells_man_from_woman(looks, cue):
    men, women = ([look.cues[cue] for look in looks[label]] for label in ("man", "woman"))
    assert 0.6 < best_threshold(np.array(men), np.array(women)) < 0.82


def test_neither_hair_nor_earrings_tell_man_from_woman_and_every_style_is_worn_by_both(looks):
    styles = {label: Counter(look.style for look in looks[label]) for label in looks}
    best = sum(max(styles["man"][style], styles["woman"][style]) for style in person_cues.STYLES["man"])
    assert best / 3000 < 0.85
    assert all(styles[label][style] for label in styles for style in person_cues.STYLES["man"])
    earrings = {label: np.mean([look.earrings for look in looks[label]]) for label in looks}
    assert abs(earrings["man"] - earrings["woman"]) < 0.7


def test_an_unknown_class_is_refused_with_the_known_ones(each_language):
    with pytest.raises(CourseError, match=r"'unicorn'.*cat, dog"):
        picturebook.draw("unicorn", 1)


def test_a_contact_sheet_is_written(tmp_path, capsys):
    assert main(["--sheet", "cat", "owl", "--per-class", "3", "--out", str(tmp_path / "sheet.png")]) == 0
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (3 * 98, 2 * 98)
    assert main(["--sheet", "unicorn", "--out", str(tmp_path / "none.png")]) == 2
    assert "unicorn" in capsys.readouterr().err
    assert not (tmp_path / "none.png").exists()


@pytest.mark.parametrize(
    ("group", "limit"), [("cats_and_dogs", 0.65), ("flowers", 0.45), ("breeds", 0.65), ("people", 0.65)]
)
def test_colours_alone_do_not_tell_the_classes_of_a_lesson_apart(group, limit):
    train, train_labels = picturebook.draw_many(picturebook.TARGETS[group], 120, seed=31)
    held_out, labels = picturebook.draw_many(picturebook.TARGETS[group], 120, seed=32)
    classifier = LogisticRegression(C=100, max_iter=2000).fit(colour_histograms(train), train_labels)
    assert classifier.score(colour_histograms(held_out), labels) <= limit


def test_every_class_has_a_name_in_each_language():
    for language in ("en", "tr"):
        assert set(catalogue(language)["classes"]) >= set(picturebook.CLASSES)
