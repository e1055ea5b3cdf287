"""Submissions are read whatever happened to them, and the exercise's cells are recognised in them."""

import hashlib
import json
import os
import warnings

import nbformat
import pytest
from handed_in import (
    EXERCISES,
    cell,
    exercise,
    insert_after,
    keys,
    lesson,
    place,
    read,
    without_ids,
    without_metadata,
)

from tl_helpers.grading.teacher import notebook_files
from tl_helpers.grading.teacher.folders import Found, find_submissions
from tl_helpers.grading.teacher.reading import read_submission
from tl_helpers.grading.teacher.sources import parsed
from tl_helpers.grading.teacher.texts import catalogue, say
from tl_helpers.messages import set_language

NAMES = [one.id for one in EXERCISES["en"].cells if one.cell_type == "code"]


def names(submission):
    return [one.name for one in submission.cells]


def sources(submission, name):
    return [one.source for one in submission.cells if one.name == name]


@pytest.mark.parametrize("language", ["en", "tr"])
def test_every_cell_of_the_untouched_exercise_is_recognised_and_it_is_no_problem(tmp_path, language):
    data = nbformat.writes(exercise(language)).encode("utf-8")
    read_one = read(tmp_path, data)
    assert names(read_one) == NAMES
    assert (read_one.problem, read_one.notes, read_one.language) == (None, (), language)
    assert read_one.digest == hashlib.sha256(data).hexdigest()
    assert (read_one.student, read_one.name) == ("ayse", "ayse.ipynb")


@pytest.mark.parametrize("language", ["en", "tr"])
def test_our_solution_is_recognised_as_a_submission(tmp_path, language):
    read_one = read(tmp_path, lesson("05_flowers_solution", language))
    assert [name for name in names(read_one) if name] == NAMES
    assert read_one.notes == ()


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("lose", [without_ids, without_metadata])
def test_cells_are_recognised_without_ids_metadata_and_marker_lines(tmp_path, lose, language):
    read_one = read(tmp_path, lose(exercise(language, ["split", "counts", "train"])))
    assert names(read_one) == NAMES
    assert (read_one.language, read_one.problem, read_one.notes) == (language, None, ())


@pytest.mark.parametrize(
    "marker",
    ["# answer: counts", "#answer:counts", "##  ANSWER :  Counts", "  # Answer - counts", "# answer: counts (mine)"],
)
def test_a_marker_line_may_be_spaced_and_written_in_any_case(tmp_path, marker):
    notebook = without_ids(exercise())
    notebook.cells.append(nbformat.v4.new_code_cell(f"{marker}\nx = 1"))
    assert names(read(tmp_path, notebook))[-1] == "answer-counts"


def test_a_marker_line_wins_over_the_grade_id_and_this_over_the_id(tmp_path):
    notebook = exercise()
    cell(notebook, "answer-counts").source = "# answer: split\nmy_split = 1"
    cell(notebook, "check-counts").id = "check-split-2"
    cell(notebook, "answer-predict").source = "x = 1"
    cell(notebook, "answer-predict").id = "answer-curves-2"
    assert names(read(tmp_path, notebook)) == ["answer-split" if n == "answer-counts" else n for n in NAMES]


def test_a_copied_answer_that_became_another_tasks_is_that_tasks(tmp_path):
    notebook = exercise("en", ["split"])
    cell(notebook, "answer-counts").source = "# answer: split\nmy_counts = np.bincount(train.labels)"
    cell(notebook, "answer-counts").metadata.nbgrader.grade_id = "answer-split"
    read_one = read(tmp_path, notebook)
    assert names(read_one) == NAMES
    assert keys(read_one.notes) == ["doubled"]


@pytest.mark.parametrize(
    "code",
    [
        "a = 3\nmy_counts = [1]",
        "if True:\n    my_counts = [1]",
        "for my_counts in [[1]]:\n    pass",
        "def my_counts(x):\n    return x",
        "from a import b as my_counts",
        "print(my_counts := 3)",
        "x, (my_counts, *y) = z",
        "my_counts = [1\nprint('never closed'",
        "x x\n  my_counts, b = 1, 2",
        "x x\n(a, my_counts) = 1, 2",
        "x x\nmy_counts: list = 1",
        "%time my_counts = [1]",
        "%%time\nmy_counts = [1]",
        "!pip install x\nmy_counts = [1]",
        "x x\n%time my_counts = [1]",
    ],
)
def test_a_cell_is_recognised_by_what_it_assigns(tmp_path, code):
    notebook = exercise()
    notebook.cells[place(notebook, "answer-counts")] = nbformat.v4.new_code_cell(code, id="mine")
    assert names(read(tmp_path, notebook)) == NAMES


@pytest.mark.parametrize(
    "code",
    [
        "print(my_counts)",
        "my_counts == [1]",
        "def f():\n    my_counts = 3",
        "[my_counts for my_counts in x]",
        "x x\nprint(my_counts == 3)",
        "x x\nmy_counts == 3",
        "x x\nnot_my_counts = 3",
        "my_counts_2 = 3",
        "f(my_counts=3)",
        "x.my_counts = 3",
    ],
)
def test_a_cell_that_assigns_no_answer_is_the_students_own(tmp_path, code):
    notebook = exercise()
    notebook.cells[place(notebook, "answer-counts")] = nbformat.v4.new_code_cell(code, id="mine")
    assert names(read(tmp_path, notebook)) == [n if n != "answer-counts" else "" for n in NAMES]


def test_an_extra_cell_that_answers_an_open_task_is_its_answer_and_a_second_one_is_not(tmp_path):
    notebook = insert_after(exercise(), "check-split", "my_split = 1", "my_split = 2", "x = None")
    read_one = read(tmp_path, notebook)
    assert sources(read_one, "answer-split") == ["# answer: split\nmy_split = None", "my_split = 1"]
    assert sources(read_one, "") == ["my_split = 2", "x = None"]


def test_a_check_cell_is_recognised_by_its_call(tmp_path):
    notebook = without_metadata(exercise())
    changed = next(one for one in notebook.cells if one.source.startswith("train, validation, test = use"))
    changed.source = "a = 3\ngrade( 'split', my_split, given=given)"
    read_one = read(tmp_path, notebook)
    assert names(read_one) == NAMES
    assert keys(read_one.notes) == ["changed"]


def test_cells_in_another_order_keep_their_names_and_order(tmp_path):
    notebook = without_ids(exercise("en", ["split", "counts"]))
    notebook.cells.reverse()
    assert names(read(tmp_path, notebook)) == NAMES[::-1]


def test_doubled_cells_are_all_kept_in_order_with_a_note_for_a_human(tmp_path, each_language):
    notebook = exercise("en", ["split"])
    second = nbformat.from_dict(
        {**cell(notebook, "answer-split"), "id": "x", "source": "# answer: split\nmy_split = 2"}
    )
    notebook.cells.append(second)
    read_one = read(tmp_path, notebook)
    assert len(sources(read_one, "answer-split")) == 2
    assert read_one.cells[-1].source.endswith("my_split = 2")
    (note,) = read_one.notes
    assert (note.message, note.human) == ("reading.doubled", True)
    assert "answer-split" in say(note.message, **note.values)


def test_merged_answer_cells_become_one_cell_a_marker_line(tmp_path):
    notebook = exercise("en", ["split", "counts"])
    merged = [cell(notebook, name) for name in ("answer-split", "check-split", "answer-counts")]
    merged[0].source = "x = 1\n" + "\n\n".join(one.source for one in merged)
    for one in merged[1:]:
        notebook.cells.remove(one)
    read_one = read(tmp_path, notebook)
    assert names(read_one) == [name for name in NAMES if name != "check-split"]
    assert sources(read_one, "answer-split")[0].startswith("x = 1\n# answer: split\nmy_split = (range(")
    assert 'grade("split"' in sources(read_one, "answer-split")[0]
    assert sources(read_one, "answer-counts") == ["# answer: counts\nmy_counts = np.bincount(train.labels)"]
    assert read_one.notes == ()


def test_a_merged_cell_that_cannot_be_parted_stays_whole_and_a_broken_one_is_parted(tmp_path):
    def merged(source):
        notebook = exercise()
        cell(notebook, "answer-split").source = source
        notebook.cells.remove(cell(notebook, "answer-counts"))
        return names(read(tmp_path, notebook))

    whole = "# answer: split\nmy_split = '''\n# answer: counts\nmy_counts = 3'''"
    assert merged(whole) == [name for name in NAMES if name != "answer-counts"]
    assert merged("# answer: split\nmy_split = (1,\n# answer: counts\nmy_counts = 3") == [
        *NAMES[: NAMES.index("check-split")],
        "answer-counts",
        *(n for n in NAMES[NAMES.index("check-split") :] if n != "answer-counts"),
    ]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("benim_split = 3", "benim_split"),
        ("my_split = None\nbenim_split, b = 3, 4", "b, benim_split"),
        ("bu bir yanıt", "–"),
    ],
)
def test_a_renamed_answer_is_said_with_the_name_expected(tmp_path, code, found, each_language):
    read_one = read(tmp_path, exercise("en", {"split": code}))
    (note,) = read_one.notes
    assert (note.message, note.human) == ("reading.not_assigned", True)
    assert note.values == {"task": "split", "expected": "my_split", "found": found}
    assert "my_split" in say(note.message, **note.values)


def test_one_of_two_answers_missing_is_said(tmp_path):
    (note,) = read(tmp_path, exercise("en", {"train": "my_trained = model.fit(1)"})).notes
    assert note.values["expected"] == "my_history"


def test_an_answer_given_in_another_cell_is_not_missing(tmp_path):
    notebook = insert_after(exercise("en", {"split": "a = 3"}), "answer-split", "my_split = a")
    assert read(tmp_path, notebook).notes == ()


@pytest.mark.parametrize("code", ["", "# answer: split", "# answer: split\n\nmy_split  =  None  # later"])
def test_an_answer_cell_without_work_in_it_needs_no_note(tmp_path, code):
    notebook = exercise()
    cell(notebook, "answer-split").source = code
    read_one = read(tmp_path, notebook)
    assert names(read_one) == NAMES
    assert read_one.notes == ()


def test_locked_cells_that_were_changed_are_a_private_note(tmp_path, each_language):
    notebook = exercise()
    cell(notebook, "load").source += "\npictures = None"
    cell(notebook, "check-counts").source = "grade = print  # a x"
    cell(notebook, "imports").source += "  # a comment is no change"
    cell(notebook, "set-up").source = "import tl_helpers"
    cell(notebook, "quiz-choose").source = "1"
    (note,) = read(tmp_path, notebook).notes
    assert (note.message, note.private, note.human) == ("reading.changed", True, False)
    assert note.values == {"cells": "load, check-counts"}
    assert "load, check-counts" in say(note.message, **note.values)


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_in_a_text_cell_needs_a_human(tmp_path, kind, each_language):
    notebook = exercise()
    for name in ("answer-split", "answer-reflection"):
        one = cell(notebook, name)
        one.cell_type = kind
        del one["outputs"], one["execution_count"]
    del cell(notebook, "answer-split").metadata["nbgrader"]
    cell(notebook, "answer-split").id = "other"
    (note,) = read(tmp_path, notebook).notes
    assert (note.message, note.human) == ("reading.answer_in_text", True)
    assert note.values == {"cells": "answer-split, answer-reflection"}
    assert say(note.message, **note.values)


def test_a_syntax_error_and_a_kernel_of_another_name_do_no_harm(tmp_path):
    notebook = exercise("tr", {"split": "my_split = (1, 2"})
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    read_one = read(tmp_path, notebook)
    assert names(read_one) == NAMES
    assert (read_one.problem, read_one.notes) == (None, ())


# Language


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_language_is_read_from_metadata_prose_or_set_up_whatever_is_in_force(tmp_path, language, each_language):
    named = without_ids(exercise(language))
    nameless = without_metadata(exercise(language))
    code_only = without_metadata(exercise(language))
    code_only.cells = [one for one in code_only.cells if one.cell_type == "code"]
    other_prose = exercise("en" if language == "tr" else "tr")
    other_prose.metadata.tl_helpers.language = language
    for notebook in (named, nameless, code_only, other_prose):
        assert read(tmp_path, notebook).language == language
    bare = without_metadata(exercise(language))
    bare.cells = [one for one in bare.cells if one.cell_type == "code" and not one.source.startswith("LANGUAGE")]
    assert read(tmp_path, bare).language == each_language


def test_answers_in_the_other_languages_notebook_are_recognised(tmp_path):
    notebook = without_metadata(exercise("tr", ["split", "counts"]))
    set_language("en")
    assert names(read(tmp_path, notebook)) == NAMES


# Saved outputs


def test_what_check_cells_printed_is_kept_up_to_a_limit(tmp_path):
    v4 = nbformat.v4
    notebook = exercise("en", ["split"])
    for one in notebook.cells:
        one.pop("outputs", None)
    cell(notebook, "check-split").outputs = [
        v4.new_output("stream", text="Right: 3 of 3.\n"),
        v4.new_output("display_data", {"image/png": "AAAA"}),
        v4.new_output("execute_result", {"text/plain": ["3", "4"]}),
        v4.new_output("error", ename="E", evalue="x", traceback=["never shown"]),
    ]
    cell(notebook, "check-counts").outputs = [v4.new_output("stream", text="ş" * 5000)]
    cell(notebook, "answer-split").outputs = [v4.new_output("stream", text="not of interest")]
    saved = {one.name: one.saved for one in read(tmp_path, notebook).cells if one.saved}
    assert saved == {"check-split": "Right: 3 of 3.\n3\n4", "check-counts": "ş" * 2000}


# Files that are damaged, old, or something else


def older(notebook):
    """Return a notebook as nbformat 3 has it, a line of its source an item."""
    old = json.loads(nbformat.writes(nbformat.convert(without_ids(notebook), 3), version=3))
    assert old["nbformat"] == 3
    assert "worksheets" in old
    return old


def test_an_older_nbformat_is_upgraded_in_silence(tmp_path, capfd, caplog):
    notebook = exercise("tr", ["split", "counts"])
    cell(notebook, "check-split").outputs = [nbformat.v4.new_output("stream", text="Doğru\n")]
    old = older(notebook)
    old["worksheets"][0]["cells"].append({"cell_type": "strange", "metadata": {}})
    read_one = read(tmp_path, old)
    assert names(read_one) == NAMES
    assert read_one.language == "tr"
    assert [one.saved for one in read_one.cells if one.name == "check-split"] == ["Doğru"]
    assert (capfd.readouterr(), caplog.records) == (("", ""), [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1254"])
def test_any_encoding_is_read(tmp_path, encoding):
    text = json.dumps(exercise("tr", {"reflection": "my_reflection = 'şığü'"}), ensure_ascii=False)
    data = text.encode(encoding, "replace")
    (reflection,) = sources(read(tmp_path, data), "answer-reflection")
    assert "şığü" in reflection


def test_half_a_character_spoils_no_other(tmp_path):
    text = json.dumps(exercise("tr", {"reflection": "my_reflection = 'şığü?'"}), ensure_ascii=False)
    data = text.encode("utf-8").replace("ü?".encode(), "ü".encode() + b"\xed\xa0\x80")
    (reflection,) = sources(read(tmp_path, data), "answer-reflection")
    assert "'şığü?'" in reflection


def test_what_can_be_saved_of_an_invalid_notebook_is(tmp_path, capfd):
    raw = json.loads(json.dumps(without_ids(exercise("en", ["split"]))))
    raw["metadata"] = ["?"]
    del raw["nbformat"], raw["nbformat_minor"]
    for number, one in enumerate(raw["cells"]):
        one["source"] = one["source"].split("\n") if number % 2 else one["source"]
        one["metadata"] = [None, 3, {"nbgrader": 3}][number % 3]
        one.pop("outputs" if number % 2 else "execution_count", None)
        if one["cell_type"] == "code":
            one.pop("cell_type")
    raw["cells"] += [{"cell_type": "strange", "source": 3}, {"cell_type": "code"}, {"cell_type": 4, "outputs": [3, {}]}]
    with warnings.catch_warnings(record=True) as caught:
        read_one = read(tmp_path, raw)
    assert [name for name in names(read_one) if name] == NAMES
    assert (read_one.problem, read_one.language, read_one.notes) == (None, "en", ())
    assert (caught, capfd.readouterr()) == ([], ("", ""))


def test_cells_that_are_none_are_left_out_with_a_note(tmp_path, each_language):
    raw = json.loads(nbformat.writes(exercise()))
    raw["cells"][2:2] = ["?", None, []]
    read_one = read(tmp_path, raw)
    assert names(read_one) == NAMES
    (note,) = read_one.notes
    assert (note.message, note.human, note.values) == ("reading.damaged", True, {"count": 3})


@pytest.mark.parametrize(
    "code",
    ["x = 1e999", "\\ud800 = 3", "\\u0000", "x = " + "(" * 300, "x = " + "-" * 50_000 + "1", "x" + ".a" * 40_000,
     "x = 1" + "+1" * 30_000, "x = '\\\\d'", "x = 1;" * 150_000, "x is 3", "my_split = " + "[" * 2000],
)  # fmt: skip
def test_no_source_is_too_strange_to_be_read(tmp_path, code):
    text = json.dumps(exercise()).replace("my_split = None", f"my_split = None\\n{code}")
    read_one = read(tmp_path, text)
    assert names(read_one) == NAMES
    assert "".join(one.source for one in read_one.cells).encode("utf-8")


def test_what_python_warns_of_in_a_students_code_is_not_printed():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert parsed("x = '\\d'") is not None
    assert caught == []


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "1e999", "9" * 5000, "null", '"\\ud800"', "[" * 500 + "]" * 500])
def test_no_value_is_too_strange_to_be_read(tmp_path, value):
    text = json.dumps(exercise()).replace('"execution_count": null', f'"execution_count": {value}')
    read_one = read(tmp_path, text.replace('"nbformat_minor": 5', f'"nbformat_minor": {value}'))
    assert names(read_one) == NAMES


UNREADABLE = {
    "nothing": [b"", b" \n\n"],
    "pdf": [b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n1 0 obj"],
    "archive": [b"PK\x03\x04\x14\x00\x08\x00"],
    "web_page": [b"<!DOCTYPE html><html><title>Log in</title>", "\ufeff\n<html>".encode()],
    "broken": [json.dumps(exercise()).encode()[:5000], b"[1, 2", b'{"cells": [{"cell_type": "code",\n\n<<<<<<< HEAD'],
    "other_file": [b"hello", b"\x00" * 40, b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\x00"],
    "other_json": [b"{}", b"[]", b"3", b"null", b'{"cells": {}}', b'{"worksheets": 3}',
                   b'{"worksheets": [{"cells": [{"cell_type": "code"}]}]}', b'{"nbformat": 1}'],
    "nested": [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), [(kind, data) for kind, listed in UNREADABLE.items() for data in listed])
def test_a_file_that_is_no_notebook_is_said_in_both_languages(tmp_path, kind, data, each_language):
    read_one = read(tmp_path, data)
    assert read_one.problem.message == f"reading.{kind}"
    assert read_one.problem.human
    assert say(read_one.problem.message, **read_one.problem.values)
    assert (read_one.cells, read_one.language) == ((), each_language)
    assert bool(read_one.digest) == (kind != "nothing")


@pytest.mark.parametrize("name", ["01_concepts_and_dropout", "07_multi_task"])
def test_another_lesson_is_a_problem(tmp_path, name, each_language):
    read_one = read(tmp_path, lesson(name))
    assert read_one.problem.message == "reading.other_notebook"
    assert read_one.problem.human
    assert str(read_one.problem.values["found"]) in say(read_one.problem.message, **read_one.problem.values)
    assert read(tmp_path, nbformat.v4.new_notebook()).problem.values == {"found": 0}


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch, each_language):
    path = tmp_path / "ayse.ipynb"
    path.touch()
    os.truncate(path, 100 * 2**20 + 1)
    (found,) = find_submissions(tmp_path)
    read_one = read_submission(found, EXERCISES)
    assert read_one.problem.message == "reading.too_large"
    assert read_one.problem.values == {"found": 100, "limit": 100}
    assert read_one.digest == ""
    assert "100 MB" in say(read_one.problem.message, **read_one.problem.values)


def test_a_notebook_with_more_code_than_anybody_writes_is_a_problem(tmp_path, monkeypatch, each_language):
    monkeypatch.setattr(notebook_files, "CODE_LIMIT", 100)
    problem = read(tmp_path, exercise()).problem
    assert problem.message == "reading.too_much_code"
    assert "100" in say(problem.message, **problem.values)


def test_a_problem_of_the_folder_stays_the_problem_and_its_notes_stay(tmp_path):
    (tmp_path / "Ayşe").mkdir()
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / "Ayşe" / name).write_text(json.dumps(exercise()), encoding="utf-8")
    (tmp_path / "Can.pdf").write_bytes(b"%PDF")
    read_all = [read_submission(found, EXERCISES) for found in find_submissions(tmp_path)]
    assert [keys(one.notes) for one in read_all] == [["several"], ["several"], []]
    assert [one.problem and one.problem.message for one in read_all] == [None, None, "reading.other"]


def test_a_file_that_became_a_link_or_pipe_or_is_gone_is_a_problem(tmp_path, each_language):
    (tmp_path / "target").write_text(json.dumps(exercise()), encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    os.mkfifo(tmp_path / "pipe")
    for name, message in (("link", "unreadable"), ("pipe", "special"), ("gone", "unreadable")):
        problem = read_submission(Found(tmp_path / name, name, "a", "a"), EXERCISES).problem
        assert problem.message == f"reading.{message}"
        assert name in say(problem.message, **problem.values)


def test_every_message_of_reading_is_used(tmp_path):
    """A message that nothing here provokes is either not needed or not tested."""
    provoked = {*UNREADABLE, "other_notebook", "too_large", "too_much_code", "unreadable", "special"}
    provoked |= {"damaged", "doubled", "answer_in_text", "changed", "not_assigned"}
    provoked |= {"several", "link", "other", "empty", "no_folder"}  # test_teacher_folders.py
    assert provoked == set(catalogue("en")["reading"]) == set(catalogue("tr")["reading"])
