import csv
import json

import pytest
from PIL import Image

from tl_helpers import picturebook
from tl_helpers.authoring import naming
from tl_helpers.settings import asset


def right_guesses():
    return {(group, number): name for group in naming.GROUPS for number, name in enumerate(naming.key(group))}


def write_guesses(file, guesses):
    rows = "".join(f"{group},{number},{guess}\n" for (group, number), guess in guesses.items())
    file.write_text("group,number,guess\n" + rows, encoding="utf-8")


def test_sheets_show_the_pictures_of_the_key_and_never_their_names(monkeypatch, tmp_path):
    monkeypatch.setattr(naming, "COUNT", 3)
    files = naming.write_sheets(tmp_path / "sheets")
    assert [file.name for file in files] == [f"{group}_1.png" for group in naming.GROUPS]
    with Image.open(files[1]) as sheet:
        third = sheet.crop((2 * naming.CELL + 8, 14, 2 * naming.CELL + 104, 110))
    assert third.tobytes() == picturebook.draw(naming.key("flowers")[2], naming.SEED, 2).tobytes()


def test_the_key_has_every_class_about_equally_often():
    for group, labels in naming.GROUPS.items():
        names = naming.key(group)
        assert min(names.count(label) for label in labels) >= 0.6 * naming.COUNT / len(labels)


def test_right_wrong_missing_and_foreign_answers_are_told_apart():
    guesses = right_guesses()
    truth = naming.key("people")
    guesses["people", 0] = "woman" if truth[0] == "man" else "man"
    guesses["people", 1] = "robot"
    del guesses["people", 2]
    results = naming.score(guesses)
    assert results["flowers"]["right"] == 1.0
    assert results["people"]["right"] == pytest.approx(0.97)
    confusion = results["people"]["confusion"]
    assert sum(map(sum, confusion)) == 100
    assert sum(row[-1] for row in confusion) == 2
    row = results["people"]["names"].index(truth[0])
    assert confusion[row][1 - row] == 1


def test_scoring_keeps_guesses_key_and_confusion_and_fails_below_what_is_wanted(tmp_path, capsys):
    guesses, reference = right_guesses(), tmp_path / "reference"
    reference.mkdir()
    write_guesses(tmp_path / "guesses.csv", guesses)
    assert naming.main(["score", str(tmp_path / "guesses.csv"), "--out", str(reference)]) == 0
    write_guesses(tmp_path / "guesses.csv", dict(list(guesses.items())[6:]))
    assert naming.main(["score", str(tmp_path / "guesses.csv"), "--out", str(reference)]) == 1
    assert "94.0 % right, 95 % wanted" in capsys.readouterr().out
    with (reference / "blind_naming.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["guess"], row["key"]) for row in rows[5:7]] == [("", rows[5]["key"]), (rows[6]["key"],) * 2]
    assert json.loads((reference / "blind_naming.json").read_text(encoding="utf-8"))["pictures_each"] == 100


def test_the_committed_naming_is_of_todays_drawings_and_good_enough():
    report = json.loads(asset("reference/blind_naming.json").read_text(encoding="utf-8"))
    with asset("reference/blind_naming.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    guesses = {(row["group"], int(row["number"])): row["guess"] for row in rows}
    assert [row["key"] for row in rows if row["group"] == "breeds"] == naming.key("breeds")
    assert json.loads(json.dumps(naming.score(guesses))) == report["groups"]
    assert all(each["right"] >= each["wanted"] for each in report["groups"].values())
    assert report["fingerprint"] == naming.fingerprint()
