"""Have the drawings named blind: ``python -m tl_helpers.authoring.naming sheets``, then ``… naming score guesses.csv``.

``sheets`` draws numbered pictures without labels. Somebody who knows only the possible names writes a table with the
columns group, number, guess. ``score`` sets it beside the key and keeps guesses, key and confusion tables.
"""

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from tl_helpers import picturebook
from tl_helpers.authoring.texts import write_text
from tl_helpers.evaluation import confusion_matrix
from tl_helpers.settings import asset

SEED = 73_003  # of the key and of the pictures; nothing else in the course uses it
COUNT, COLUMNS, ROWS, CELL = 100, 5, 4, 112
GROUPS = picturebook.TARGETS
WANTED = {"cats_and_dogs": 0.95, "flowers": 0.95, "breeds": 0.95, "people": 0.85}


def key(group: str, count: int = COUNT) -> list[str]:
    """Return what the pictures of a group show, in order, chosen at random.

    Args:
        group: one of ``GROUPS``.
        count: number of pictures.
    """
    rng = np.random.default_rng([SEED, list(GROUPS).index(group)])
    return [GROUPS[group][int(choice)] for choice in rng.integers(len(GROUPS[group]), size=count)]


def write_sheets(folder: Path) -> list[Path]:
    """Write the numbered pictures of all groups, 20 a sheet, without their names.

    Args:
        folder: where the sheets go; made where it is missing.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for group in GROUPS:
        for start in range(0, COUNT, COLUMNS * ROWS):
            labels = list(enumerate(key(group)))[start : start + COLUMNS * ROWS]
            files.append(folder / f"{group}_{start // (COLUMNS * ROWS) + 1}.png")
            _sheet([(number, picturebook.draw(label, SEED, number)) for number, label in labels]).save(files[-1])
    return files


def _sheet(pictures: Sequence[tuple[int, Any]]) -> Image.Image:
    sheet = Image.new("RGB", (COLUMNS * CELL, ROWS * CELL), "white")
    for place, (number, picture) in enumerate(pictures):
        x, y = place % COLUMNS * CELL + 8, place // COLUMNS * CELL + 14
        sheet.paste(Image.fromarray(picture), (x, y))
        ImageDraw.Draw(sheet).text((x, y - 13), str(number), fill="black")
    return sheet


def fingerprint() -> str:
    """Return the hash that ties the naming to its drawings: of the first picture of each group."""
    pictures = [picturebook.draw(key(group)[0], SEED, 0) for group in GROUPS]
    return sha256(np.stack(pictures).tobytes()).hexdigest()


def score(guesses: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    """Compare guesses with the key.

    Args:
        guesses: name given to each (group, number); one that is missing counts as wrong.

    Returns:
        For each group: share right (0–1), what was wanted, and the confusion table (rows: key, columns: guess; the
        last column counts answers that are none of the group's names).
    """
    results = {}
    for group, labels in GROUPS.items():
        truth = [labels.index(label) for label in key(group)]
        answers = [guesses.get((group, number), "") for number in range(COUNT)]
        named = [labels.index(answer) if answer in labels else len(labels) for answer in answers]
        matrix = confusion_matrix(np.array(truth), np.array(named), len(labels) + 1)[: len(labels)]
        results[group] = {
            "right": float(np.trace(matrix) / COUNT),
            "wanted": WANTED[group],
            "names": labels,
            "confusion": matrix.tolist(),
        }
    return results


def _read(file: Path) -> dict[tuple[str, int], str]:
    with file.open(encoding="utf-8", newline="") as stream:
        return {(row["group"], int(row["number"])): row["guess"].strip() for row in csv.DictReader(stream)}


def _keep(guesses: Mapping[tuple[str, int], str], results: dict[str, Any], folder: Path) -> None:
    rows = [(group, number, guesses.get((group, number), ""), name) for group in GROUPS
            for number, name in enumerate(key(group))]  # fmt: skip
    table = "group,number,guess,key\n" + "".join(f"{g},{n},{guess},{name}\n" for g, n, guess, name in rows)
    report = {"pictures_each": COUNT, "seed": SEED, "fingerprint": fingerprint(), "groups": results}
    for file, text in (("blind_naming.csv", table), ("blind_naming.json", json.dumps(report, indent=1) + "\n")):
        write_text(folder / file, text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write sheets, or score guesses; returns the exit code, 1 where a group was named too badly."""
    parser = argparse.ArgumentParser(prog="python -m tl_helpers.authoring.naming", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sheets").add_argument("--out", type=Path, default=Path("naming"))
    scoring = commands.add_parser("score")
    scoring.add_argument("guesses", type=Path)
    scoring.add_argument("--out", type=Path, default=asset("reference"))
    options = parser.parse_args(arguments)
    if options.command == "sheets":
        print(*write_sheets(options.out), sep="\n")
        return 0
    guesses = _read(options.guesses)
    results = score(guesses)
    _keep(guesses, results, options.out)
    for group, result in results.items():
        print(f"{group:14} {100 * result['right']:5.1f} % right, {100 * result['wanted']:.0f} % wanted")
    return 0 if all(each["right"] >= each["wanted"] for each in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
