import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tl_helpers import plots
from tl_helpers.checkup import check_up, main
from tl_helpers.checkup_report import class_counts, read_check_up, report, show_check_up
from tl_helpers.folders import read_splits
from tl_helpers.messages import CourseError
from tl_helpers.picturebook import draw_many
from tl_helpers.pictures import Splits

COUNT = 34


@pytest.fixture(scope="module")
def drawings():
    images, labels = draw_many(("cat", "dog"), COUNT, 5)
    return images[labels == 0], images[labels == 1]


@pytest.fixture
def folder(tmp_path, drawings):
    """A folder with nothing wrong at 96 pixels."""
    for name, images in zip(("cats", "dogs"), drawings, strict=True):
        (tmp_path / "own" / name).mkdir(parents=True)
        for i, image in enumerate(images):
            Image.fromarray(image).save(tmp_path / "own" / name / f"{i:02}.png")
    return tmp_path / "own"


def change(source, target, **changes):
    with Image.open(source) as picture:
        picture.convert("RGB").resize(changes.pop("size", picture.size)).save(target, **changes)


def kinds(check):
    return [finding.kind for finding in check.findings]


def only(check, kind):
    (finding,) = check.findings
    assert finding.kind == kind
    return finding


def test_a_good_folder_has_no_findings(folder, each_language):
    check = check_up(folder, 96)
    assert check.well
    assert check.findings == ()
    said = report(check)
    assert said.count("\n") == 1
    assert ("Nothing was found" if each_language == "en" else "bir şey bulunmadı") in said
    assert "68" in said


# Each thing that can be wrong


def broken(folder):
    (folder / "cats" / "notes.jpg").write_text("no picture")
    (folder / "cats" / "cut.png").write_bytes((folder / "cats" / "00.png").read_bytes()[:900])


def copies(folder):
    for name in ("zz1.png", "zz2.png"):
        (folder / "dogs" / name).write_bytes((folder / "dogs" / "03.png").read_bytes())


def near(folder):
    change(folder / "dogs" / "03.png", folder / "dogs" / "again.jpg", quality=60)
    change(folder / "dogs" / "05.png", folder / "dogs" / "large.png", size=(192, 192))


def across_classes(folder):
    change(folder / "dogs" / "03.png", folder / "cats" / "a dog.jpg")
    (folder / "cats" / "the same dog.png").write_bytes((folder / "dogs" / "07.png").read_bytes())


def imbalance(folder):
    for path in sorted((folder / "dogs").iterdir()):
        for turn in (1, 2, 3):
            image = Image.open(path).rotate(90 * turn)
            image.save(path.with_name(f"{path.stem}-{turn}.png"))


def few(folder):
    for i in range(20, COUNT):
        (folder / "cats" / f"{i:02}.png").unlink()


def tiny(folder):
    change(folder / "cats" / "11.png", folder / "cats" / "11.png", size=(95, 120))


def empty(folder):
    (folder / "horses").mkdir()


def stray(folder):
    (folder / "cats" / "00.png").rename(folder / "lost.png")


HARMS = {
    "broken": (broken, ("2", "notes.jpg", "cut.png")),
    "copies": (copies, ("2", "own/dogs/03.png = own/dogs/zz1.png = own/dogs/zz2.png")),
    "near": (near, ("4", "2", "own/dogs/03.png = own/dogs/again.jpg", "large.png")),
    "across_classes": (across_classes, ("2", "own/cats/a dog.jpg = own/dogs/03.png", "the same dog.png")),
    "imbalance": (imbalance, ("136", "34", "class_weight")),
    "few": (few, ("cats (20)", "33", "30")),
    "tiny": (tiny, ("96", "95", "cats/11.png")),
    "empty": (empty, ("horses",)),
    "stray": (stray, ("1", "lost.png")),
}


@pytest.mark.parametrize("kind", HARMS)
def test_what_is_wrong_is_found_alone_and_explained(folder, kind, each_language):
    harm, words = HARMS[kind]
    harm(folder)
    check = check_up(folder, 96)
    finding = only(check, kind)
    assert not check.well
    said = report(check)
    for part in (*words, finding.say("found"), finding.say("why"), finding.say("do")):
        assert part in said
    assert "object at" not in said  # of Python


def test_a_single_class_and_none_are_findings_not_errors(folder, tmp_path, each_language):
    for path in (folder / "dogs").iterdir():
        path.unlink()
    (folder / "dogs").rmdir()
    assert "cats" in only(check_up(folder, 96), "one_class").say("found")
    (tmp_path / "nothing").mkdir()
    check = check_up(tmp_path / "nothing")
    only(check, "one_class")
    assert len(report(check).splitlines()) == 4


def test_a_missing_folder_is_named(tmp_path, each_language):
    with pytest.raises(CourseError, match="nowhere"):
        check_up(tmp_path / "nowhere")


def divided(folder):
    for split, numbers in (("train", range(20)), ("validation", range(20, COUNT))):
        for name in ("cats", "dogs"):
            (folder / split / name).mkdir(parents=True)
            for i in numbers:
                (folder / name / f"{i:02}.png").rename(folder / split / name / f"{i:02}.png")
    for name in ("cats", "dogs"):
        (folder / name).rmdir()


def test_in_a_divided_folder_what_crosses_is_told_from_what_does_not(folder):
    divided(folder)
    assert check_up(folder, 96).well
    change(folder / "train" / "cats" / "03.png", folder / "validation" / "cats" / "again.jpg", quality=60)
    change(folder / "train" / "dogs" / "04.png", folder / "train" / "dogs" / "larger.png", size=(130, 130))
    (folder / "validation" / "dogs" / "copy.png").write_bytes((folder / "train" / "dogs" / "05.png").read_bytes())
    check = check_up(folder, 96)
    assert kinds(check) == ["across_splits", "redundant"]
    crossing, within = check.findings
    assert len(crossing.details) == 2
    assert within.details == ("own/train/dogs/04.png = own/train/dogs/larger.png",)
    assert len(read_splits(folder, 96).left_out) == 2


def test_a_divided_folder_with_other_classes_in_validation_is_told(folder):
    divided(folder)
    (folder / "validation" / "dogs").rename(folder / "validation" / "wolves")
    assert kinds(check_up(folder, 96))[0] == "differ"


def test_the_number_of_groups_that_a_plain_split_tears_apart_is_counted(folder, drawings):
    for i in range(COUNT):
        change(folder / "dogs" / f"{i:02}.png", folder / "dogs" / f"again {i:02}.jpg", quality=60)
    (finding,) = [each for each in check_up(folder, 96).findings if each.kind == "near"]
    splits = read_splits(folder, 96, near_copies_together=False)
    side = {name: split for split in ("train", "validation", "test") for name in getattr(splits, split).names}
    torn = sum(len({side[name] for name in line.split(" = ")}) > 1 for line in finding.details)
    assert finding.values["torn"] == str(torn)
    assert torn > 5


def test_splits_are_checked_too(folder):
    splits = read_splits(folder, 96)
    assert check_up(splits).well
    both = Splits(splits.train, splits.validation, splits.train.take(np.arange(3)))
    check = check_up(both)
    assert kinds(check)[0] == "across_splits"
    assert check.findings[0].values["groups"] == "3"
    assert check.pictures.shape == (len(both.train) + len(both.validation) + 3, 64, 64, 3)
    assert "three splits" in report(check)


# What is shown


def test_the_counts_add_up_and_the_sentence_follows_them(folder, each_language):
    assert class_counts(check_up(folder, 96)) == {
        name: {"usable": 34, "repeated": 0, "broken": 0} for name in ("cats", "dogs")
    }
    before = read_check_up(check_up(folder, 96))
    for harm in (broken, copies, near, across_classes):
        harm(folder)
    check = check_up(folder, 96)
    assert kinds(check) == ["across_classes", "near", "broken"]  # the copies belong to what is in two classes
    counts = class_counts(check)
    assert sum(sum(each.values()) for each in counts.values()) == len(check.seen) == 68 + 2 + 2 + 2 + 2
    assert sum(each["broken"] for each in counts.values()) == 2
    assert sum(each["usable"] for each in counts.values()) == 68
    assert read_check_up(check) != before


def test_a_long_list_is_cut_and_counted(folder, each_language):
    for i in range(8):
        (folder / "cats" / f"zz{i}.txt").write_text("no picture")
    said = report(check_up(folder, 96))
    assert said.count("cats/zz") == 5
    assert ("and 3 more" if each_language == "en" else "3 tane daha") in said


def test_the_plot_says_its_point_and_near_copies_are_shown(folder, monkeypatch, capsys, each_language):
    shown = []
    monkeypatch.setattr(plots, "show", lambda fig, alt: shown.append((fig, alt)))
    show_check_up(check_up(folder, 96))
    near(folder)
    show_check_up(check_up(folder, 96))
    titles = [fig.axes[0].get_title(loc="left") for fig, _ in shown]
    assert len(shown) == 3
    assert titles[0] != titles[1]
    assert "2" in titles[1]
    assert all(alt for _, alt in shown)
    drawn = [axis for axis in shown[2][0].axes if axis.images]
    assert [axis.get_title() for axis in drawn] == ["03.png", "again.jpg", "05.png", "large.png"]
    assert report(check_up(folder, 96)) in capsys.readouterr().out


# The command


@pytest.mark.parametrize(("language", "words"), [("en", "What to do"), ("tr", "Ne yapmalı")])
def test_the_command_says_what_it_found_and_its_exit_code_too(folder, capsys, monkeypatch, language, words):
    monkeypatch.setenv("TL_LANGUAGE", language)
    assert main([str(folder), "--size", "96"]) == 0
    assert words not in capsys.readouterr().out
    assert main([str(folder)]) == 1  # 96 pixels are too few for 160
    assert words in capsys.readouterr().out
    assert main([str(folder / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_the_command_works_without_tensorflow(folder):
    code = (
        "import sys; from tl_helpers.checkup import main; "
        f"assert main([{str(folder)!r}, '--size', '96']) == 0; "
        "assert not {'tensorflow', 'keras', 'matplotlib', 'sklearn'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.full
def test_in_photographs_of_cats_and_dogs_only_what_is_true_is_found(test_data):
    check = check_up(test_data / "photos" / "cats_and_dogs_filtered", 160)
    assert set(kinds(check)) <= {"redundant", "tiny"}
    (found,) = [finding for finding in check.findings if finding.kind == "redundant"]
    assert [line.count("dog.") for line in found.details] == [2]
