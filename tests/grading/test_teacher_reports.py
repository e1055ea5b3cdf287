"""What a teacher and the students get: a grade book, feedback pages, a class summary; none can do harm."""

import base64
import csv
import hashlib
import itertools
import os
import re
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tl_helpers.grading import instant
from tl_helpers.grading.tasks import TASKS
from tl_helpers.grading.teacher.by_hand import write_last_answers
from tl_helpers.grading.teacher.clean import cut, one_line, visible
from tl_helpers.grading.teacher.feedback_pages import write_feedback
from tl_helpers.grading.teacher.gradebook import write_gradebook, write_needs_human
from tl_helpers.grading.teacher.names import BY_HAND, OUT_OF, TASK_POINTS, in_order, task_name
from tl_helpers.grading.teacher.pages import GLYPHS
from tl_helpers.grading.teacher.results import Note, Result, TaskResult
from tl_helpers.grading.teacher.similarity import Pair
from tl_helpers.grading.teacher.summary import frequent_mistakes, write_summary
from tl_helpers.grading.teacher.summary_plots import draw_tasks, outcomes, read_tasks, read_totals
from tl_helpers.grading.teacher.tables import safe, write_table
from tl_helpers.grading.teacher.texts import catalogue, say, speaking
from tl_helpers.grading.teacher.writing import write_note, write_value
from tl_helpers.messages import language, set_language

VOID = {"meta", "br", "img", "link", "hr", "input"}
HOSTILE = (
    "</pre></td><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)' onclick='x",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u2066\u200b\u200d\ufeff\u00ad",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "a\0b\x08\x7f\x85\u2028",
    "\ud800 \udfff",
    "]]><!-- <style>*{display:none}</style>",
)
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Page(HTMLParser):
    """A page's elements, attributes and texts; fails where an element is not closed in its turn."""

    def __init__(self, path):
        super().__init__()
        self.open, self.elements, self.attributes, self.texts, self.pre = [], [], [], [], []
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID and tag != "rect":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.texts if "style" not in self.open else []).append(data)
        (self.pre if "pre" in self.open else []).append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def values(self, name):
        return [value for _, each, value in self.attributes if each == name]

    def is_harmless(self):
        assert not {"script", "iframe", "object", "embed", "link", "base", "form"} & set(self.elements)
        assert [name for _, name, _ in self.attributes if name.startswith("on") or name == "style"] == []
        addresses = [value for name in ("href", "src", "action") for value in self.values(name)]
        assert [a for a in addresses if not a.startswith(("#", "feedback/", "data:image/png;base64,"))] == []
        assert not re.search(r"url\(|@import|https?:", self.source)
        assert not INVISIBLE.search(self.source.replace("\n", " "))
        return True


def task(name, points=None, state="", notes=(), source="x = 1"):
    total = TASK_POINTS[name]
    points = total if points is None else points
    state = state or ("right" if points == total else "partly" if points else "wrong")
    return TaskResult(name, state, points, total, tuple(notes), source)


def tasks(**changed):
    changed = {name.replace("_", "-"): each for name, each in changed.items()}
    usual = {name: task(name) for name in TASK_POINTS} | {BY_HAND: task(BY_HAND, 0, "by_hand")}
    return tuple((usual | changed).values())


def result(student="Ada", key="ada", **values):
    return Result(
        **{"name": f"{student}.ipynb", "student": student, "key": key, "digest": key, "language": "en"} | values
    )


PDF = result("Can", "can", notes=(Note("feedback.nothing_found"),))


def read(path, delimiter=","):
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=delimiter, strict=True))


def rows(path, delimiter=","):
    header, *others = read(path, delimiter)
    return [dict(zip(header, row, strict=True)) for row in others]


# Notes as texts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 3), ("count", 1234567), ("rate", 0.001), ("rate", 1e-7), ("x", 123456.789), ("found_share", 0.945),
        ("found", [1, 2.5, -1]), ("found", []), ("found", "my_split"), ("found", [[1], [2]]), ("x", float("nan")),
        ("x", True),
    ],
)  # fmt: skip
def test_values_are_written_as_the_instant_feedback_writes_them(name, value, each_language):
    assert write_value(name, value) == instant._write(name, value)


def test_a_note_that_no_catalogue_has_is_still_said():
    assert write_note(Note("grading.gone", {"count": 3})) == "grading.gone (count: 3)"
    assert write_note(Note("grading.counts_whole", {"whole": 3})) == "grading.counts_whole (whole: 3)"


def test_what_a_notebook_says_does_not_become_a_placeholder_or_endless():
    assert write_value("found", "{whole}") == "{whole}"
    assert len(write_value("found", "a" * 10_000_000)) < 3000
    assert len(write_value("found", 10**4000)) < 30
    assert len(write_value("found", list(range(100_000)))) < 1000
    assert write_value("share", "no number") == "no number"


def test_what_cannot_be_seen_is_named():
    assert visible("a\x1b[0m\u200b\r\nb\rc\t\u00a0d") == "a␛[0m⟨U+200B⟩\nb\nc\t d"
    assert not INVISIBLE.search("".join(visible(chr(code)) for code in range(0x3000) if chr(code) != "\n"))
    assert visible("İı ğ 漢字 é 👍") == "İı ğ 漢字 é 👍"


def test_long_texts_are_cut_and_the_rest_is_counted():
    assert cut("abcdef", 4, 10) == ("abcd", 2)
    assert cut("a\nb\nc", 100, 2) == ("a\nb", 2)
    assert one_line("x" * 10_000_000, 10) == "x" * 9 + "…"


def test_tasks_have_the_points_and_the_order_of_the_exercise(each_language):
    assert {name: each.points for name, each in TASKS.items()} == TASK_POINTS
    assert list(TASKS) == list(TASK_POINTS)
    assert [name for name, each in TASKS.items() if not each.checks] == [BY_HAND]
    assert OUT_OF == 24
    assert len({task_name(name) for name in TASKS}) == 11
    assert task_name("split") == {"en": "Split", "tr": "Bölme"}[each_language]
    assert task_name("unknown") == "unknown"


# Grade book


def test_a_grade_book_has_a_row_for_every_file_in_alphabetical_order(tmp_path):
    students = ("Şule", "Çağla", "İnci", "Cem", "Irmak", "Suna", "Łukasz")
    listed = [result(name, str(i), tasks=tasks()) for i, name in enumerate(students)]
    for order in (listed, listed[::-1]):
        write_gradebook([*order, PDF], tmp_path / "grades.csv")
        found = [row["student"] for row in rows(tmp_path / "grades.csv")]
        assert found == ["Can", "Cem", "Çağla", "Irmak", "İnci", "Łukasz", "Suna", "Şule"]


def test_a_row_has_the_points_of_each_task_and_leaves_those_given_by_hand_empty(tmp_path):
    notes = [Note("grading.split_missing", {"count": 4}), Note("grading.split_shared", {"count": 5}, human=True)]
    graded = result(tasks=tasks(split=task("split", 2, notes=notes), counts=task("counts", 0, "open")))
    write_gradebook([graded, PDF], tmp_path / "grades.csv")
    ada, can = rows(tmp_path / "grades.csv")
    assert list(ada)[:5] == ["student", "file", "language", "points", "out of"]
    assert (ada["points"], ada["out of"], ada["Split (3)"], ada["Class counts (1)"]) == ("22", "24", "2", "0")
    assert ada["Look back (0–2, to be given by hand)"] == ""
    assert ada["needs a human"] == "yes"
    assert ada["notes"].startswith("Split: 5 pictures are in training")
    assert "4 pictures" in ada["notes"]
    assert (can["points"], can["Split (3)"], can["needs a human"]) == ("", "", "yes")
    assert can["notes"].startswith("We could not read")


def test_titles_are_in_the_language_in_force_and_excel_in_turkish_gets_its_separators(tmp_path):
    set_language("tr")
    write_gradebook([result("Ayşe", language="en", tasks=tasks())], tmp_path / "g.csv", excel_turkish=True)
    (row,) = rows(tmp_path / "g.csv", ";")
    assert (row["öğrenci"], row["Bölme (3)"], row["öğretmen bakmalı"]) == ("Ayşe", "3", "hayır")
    write_table(tmp_path / "t.csv", ["a"], [[0.5], [-3], [-0.25]], excel_turkish=True)
    assert read(tmp_path / "t.csv", ";") == [["a"], ["0,5"], ["-3"], ["-0,25"]]


BY_HAND_TITLE = "Look back (0–2, to be given by hand)"


@pytest.mark.parametrize(
    ("entered", "kept"), [("2", "2"), ("1.5", "1.5"), ("1,5", "1.5"), ("0", "0"), ("later", "later")]
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_points_entered_by_hand_stay_when_the_grade_book_is_written_again(tmp_path, entered, kept, separator):
    path, listed = tmp_path / "grades.csv", [result("-Ada", tasks=tasks()), result("Bob", "bob", tasks=tasks())]
    write_gradebook(listed, path, excel_turkish=separator == ";")
    table = read(path, separator)
    table[1][table[0].index(BY_HAND_TITLE)] = entered
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(table)
    write_gradebook(listed, path)
    assert [row[BY_HAND_TITLE] for row in rows(path)] == [kept, ""]
    write_gradebook(listed, path, excel_turkish=True)
    assert rows(path, ";")[0][BY_HAND_TITLE] == kept.replace(".", ",")


def test_a_grade_book_that_cannot_be_read_is_put_aside(tmp_path):
    saved = "öğrenci;dosya\nŞule;ş.ipynb\n".encode("cp1254")
    (tmp_path / "grades.csv").write_bytes(saved)
    write_gradebook([result(tasks=tasks())], tmp_path / "grades.csv")
    assert (tmp_path / "grades.before.csv").read_bytes() == saved
    assert [row["student"] for row in rows(tmp_path / "grades.csv")] == ["Ada"]


def test_the_answers_that_a_person_reads_are_in_one_list(tmp_path, each_language):
    answered = result("Ada", tasks=tasks(), reflection="=Poppies\nneed a sixth output.")
    write_last_answers([answered, result("Bob", "bob", tasks=tasks()), PDF], tmp_path / "a.csv")
    assert read(tmp_path / "a.csv")[1:] == [
        ["Ada", "Ada.ipynb", "'=Poppies need a sixth output."],
        ["Bob", "Bob.ipynb", ""],
    ]


def test_a_long_title_of_a_plot_is_broken_into_lines(each_language, monkeypatch):
    monkeypatch.setattr(
        "tl_helpers.grading.teacher.summary_plots.task_name", lambda task: "a task with a very, very long name"
    )
    listed = [result(tasks=tasks(split=task("split", 0, "wrong"))), result("Bob", "bob", tasks=tasks())]
    drawing = draw_tasks(listed)
    fig = drawing.figure
    fig.canvas.draw()
    assert fig.get_suptitle().count("\n") >= 1
    assert fig._suptitle.get_window_extent().x1 <= fig.bbox.x1


STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "−")
BEFORE = ("", " ", "\t", "\r", "\n", "\u00a0", "\u3000", '"', "'", " \" '", "x;", "x,", 'x;"', "\u200b")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", BEFORE, ids=repr)
def test_no_cell_can_start_a_formula(start, before, tmp_path):
    text = f"{before}{start}1+cmd|' /C calc'!A0"
    hostile = result(text, name=text, tasks=tasks(split=task("split", 0, notes=[Note(text, {"found": text})])))
    write_gradebook([hostile], tmp_path / "g.csv")
    write_gradebook([hostile], tmp_path / "t.csv", excel_turkish=True)
    for name, own, other in (("g.csv", ",", ";"), ("t.csv", ";", ",")):
        assert len(read(tmp_path / name, own)) == 2
        cells = [cell for row in read(tmp_path / name, own) for cell in row]
        line = (tmp_path / name).read_text(encoding="utf-8-sig")
        cells += [cell for row in csv.reader(line.splitlines(), delimiter=other) for cell in row]
        for cell in cells:
            assert not cell.strip(" \t\r\n\u00a0\u3000\"'").startswith(STARTS) or re.match(r"[\s\"]*'", cell), cell


def test_harmless_texts_stay_as_they_are():
    for text in ("Ayşe Yılmaz", "Ana-Maria", "a+b", "ödev (1).ipynb", "2024", "x@y.org"):
        assert safe(text) == text


def test_a_name_of_several_lines_stays_one_row(tmp_path):
    write_gradebook([result("A\r\nB\nC", tasks=tasks()), result("D", "d", tasks=tasks())], tmp_path / "g.csv")
    assert [row["student"] for row in rows(tmp_path / "g.csv")] == ["A B C", "D"]


def test_a_grade_book_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "new" / "g.csv"
    write_gradebook([result(tasks=tasks())], path)
    before = path.read_bytes()

    def stop(*_):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.replace", stop)
    with pytest.raises(OSError, match="disk full"):
        write_gradebook([result("Other", tasks=tasks())], path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["g.csv"]


def test_what_needs_a_human_is_listed_with_task_and_reason(tmp_path):
    note = Note("grading.split_shared", {"count": 5}, human=True, private=True)
    graded = result("Ada", tasks=tasks(split=task("split", 0, notes=[note, Note("grading.counts_share")])))
    fine = result("Bob", "bob", tasks=tasks())
    silent = result("Deniz", "deniz")
    write_needs_human([silent, fine, PDF, graded], tmp_path / "h.csv")
    found = [(row["student"], row["task"], row["reason"][:12]) for row in rows(tmp_path / "h.csv")]
    assert found == [("Ada", "Split", "5 pictures a"), ("Can", "", "We could not"), ("Deniz", "", "This file co")]


# Feedback


def test_a_feedback_page_speaks_the_language_of_the_notebook_and_no_other(tmp_path):
    set_language("en")
    one = result("Ayşe", "a", language="tr", tasks=tasks(split=task("split", 0, "open")), reflection="Bir metin")
    page = Page(write_feedback(one, tmp_path))
    assert page.is_harmless()
    assert page.values("lang") == ["tr"]
    assert language() == "en"
    assert "Çiçekler: sıra sizde" in page.text
    assert "Bölme" in page.text
    english = [text for text in catalogue("en")["feedback"].values() if "{" not in text]
    assert [text for text in english if text in page.text] == []


def test_a_feedback_page_shows_points_findings_and_code_of_each_task(tmp_path, each_language):
    changed = tasks(
        split=task("split", 2, notes=[Note("grading.split_missing", {"count": 4})], source="my_split = a < b"),
        fine_tune=task("fine-tune", 0, "failed"),
        curves=task("curves", 0, "open"),
        train=task("train", 2, "reported"),
    )
    page = Page(write_feedback(result(language=each_language, tasks=changed, reflection="I would"), tmp_path))
    with speaking(each_language):
        assert say("grading.split_missing", count=4) in page.text
        for state in ("failed", "open", "reported", "by_hand"):
            assert say(f"feedback.means_{state}") in page.text
        assert say("feedback.task_points", points=2, total=3) in page.text
    assert "2 / 3" in page.text
    assert "my_split = a < b" in page.pre
    assert "I would" in page.text
    assert "●●○" in page.text
    assert page.elements.count("h2") == 11


def test_every_state_has_a_glyph_of_its_own_and_a_name(each_language):
    assert len(set(GLYPHS.values())) == len(GLYPHS) == 7
    assert len({say(f"feedback.state_{state}") for state in GLYPHS}) == 7


def test_a_file_that_cannot_be_graded_gets_a_page_that_says_what_to_do(tmp_path, each_language):
    for listed in ((Note("grading.compile_missing", {"found": "PDF"}),), ()):
        page = Page(write_feedback(result(language=each_language, notes=listed), tmp_path))
        with speaking(each_language):
            found = write_note(listed[0]).replace("`", "") if listed else say("feedback.nothing_found")
            assert " ".join(found.split()) in page.text.replace(" ,", ",").replace("  ", " ")
            assert say("feedback.what_to_do_text") in page.text
        assert "table" not in page.elements


def test_what_is_private_is_on_no_students_page(tmp_path):
    secret = Note("grading.second_instead", {"reason": "SECRET"}, private=True)
    for listed in (tasks(split=task("split", 1, notes=[secret])), ()):
        assert "SECRET" not in Page(write_feedback(result(tasks=listed, notes=(secret,)), tmp_path)).source


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_notebook_says_is_shown_and_does_nothing(text, tmp_path):
    note = Note("grading.compile_missing", {"found": f"`{text}`", "more": [text]})
    changed = tasks(split=task("split", 1, notes=[note, Note(text)], source=f"x\n{text}\ny"))
    hostile = result(text, "k", name=text, tasks=changed, notes=(note,), reflection=text)
    page = Page(write_feedback(hostile, tmp_path))
    assert page.is_harmless()
    assert visible(text) in "".join(page.pre)
    plain = Page(write_feedback(result("plain", "p", tasks=changed[1:], notes=(note,)), tmp_path))
    assert set(page.elements) == set(plain.elements) | {"pre"}
    pairs = [Pair("k", "k", ("split",)), Pair(text, "", (text,))]
    summary = Page(write_summary([hostile], tmp_path, protections_lines=[text], pairs=pairs))
    assert summary.is_harmless()
    assert one_line(visible(text), 80) in summary.text


def test_ten_megabytes_of_code_are_cut_with_a_note(tmp_path):
    for source in ("x" * 10_000_000, "\n" * 10_000_000 + "x", "<" * 10_000_000, "\0" * 10_000_000):
        path = write_feedback(
            result(tasks=tasks(split=task("split", source=f"a{source}b")), reflection=source), tmp_path
        )
        assert path.stat().st_size < 200_000
        assert "more characters are left out" in Page(path).text


def test_a_page_forbids_scripts_and_allows_only_its_own_style(tmp_path):
    page = Page(write_feedback(result(tasks=tasks()), tmp_path))
    assert "Content-Security-Policy" in page.values("http-equiv")
    policy = page.values("content")[0]
    style = re.search(r"<style>(.*?)</style>", page.source, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "script-src" not in policy
    assert "unsafe" not in policy


# Summary


def a_class(count):
    names = itertools.cycle(("Ayşe", "Bora", "Çağla", "Deniz"))
    made = []
    for i, name in zip(range(count), names, strict=False):
        share = Note("grading.split_missing", {"count": i + 1})
        wrong = task("split", 0, notes=[share]) if i % 3 == 0 else task("split")
        half = task("fine-tune", 2 if i % 2 else 0, notes=[Note("grading.tune_norms_awake", {"count": 3})])
        found = () if i % 10 == 9 else tasks(split=wrong, fine_tune=half)
        made.append(result(f"{name} {i}", f"k{i}", tasks=found))
    return made


@pytest.mark.parametrize("count", [0, 1, 12, 100])
def test_a_summary_is_written_for_a_class_of_any_size(count, tmp_path, each_language):
    listed = a_class(count)
    pairs = [Pair("k1", "k2", ("split", "model"), 0.9, 150)] if count > 2 else []
    path = write_summary(listed, tmp_path, protections_lines=["no network"], pairs=pairs)
    page = Page(path)
    assert page.is_harmless()
    assert page.values("lang") == [each_language]
    assert sorted(a for a in page.values("href")) == sorted(
        [f"feedback/k{i}.html" for i in range(count)] + [f"feedback/k{i}.html" for i in range(9, count, 10)]
    )
    assert "no network" in page.text
    alts = page.values("alt")
    assert len(alts) == (2 if count else 0)
    if count:
        graded = [one for one in listed if one.tasks]
        for sentence in (read_tasks(graded), read_totals(graded)):
            assert sentence in page.text
        assert all(read in alt for read, alt in zip((read_tasks(graded), read_totals(graded)), alts, strict=True))
        for source in page.values("src"):
            picture = np.asarray(Image.open(BytesIO(base64.b64decode(source.split(",")[1]))).convert("RGB"))
            assert picture.shape[1] > 700
            assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10


def test_the_readings_say_what_the_numbers_are():
    listed = [
        result("A", "a", tasks=tasks(split=task("split", 0, "open"), model=task("model", 2))),
        result("B", "b", tasks=tasks(split=task("split", 0))),
        result("C", "c", tasks=tasks()),
        PDF,
    ]
    shares = outcomes(listed)
    assert shares["split"] == pytest.approx({"full": 1 / 3, "part": 0, "none": 1 / 3, "open": 1 / 3})
    assert shares["model"] == pytest.approx({"full": 2 / 3, "part": 1 / 3, "none": 0, "open": 0})
    assert BY_HAND not in shares
    expected = "Most students have full points in “Class counts” (100 %), fewest in “Split” (33 %)."
    assert read_tasks(listed) == expected
    assert read_tasks(listed[2:3]) == "The share of students with full points is the same in every task: 100 %."
    expected = "Totals of 3 graded submissions lie between 19 and 24 points; their median is 21, their mean 21.3."
    assert read_totals(listed) == expected


def test_mistakes_are_counted_once_a_student_and_the_most_frequent_come_first():
    share, missing = Note("grading.counts_share"), Note("grading.split_missing", {"count": 2})
    listed = [result(str(i), str(i), tasks=tasks(counts=task("counts", 0, notes=[share, share]))) for i in range(3)]
    listed.append(result("x", "x", tasks=tasks(split=task("split", 1, notes=[missing]))))
    listed.append(result("y", "y", tasks=tasks(split=task("split", 3, notes=[missing]))))  # right: no mistake
    assert [(one.task, one.students) for one in frequent_mistakes(listed)] == [("counts", 3), ("split", 1)]
    assert len(frequent_mistakes(listed, most=1)) == 1


def test_a_summary_lists_points_mean_and_median_reasons_and_pairs(tmp_path):
    human = Note("grading.split_shared", {"count": 5}, human=True)
    listed = [
        result("Ada", "a", tasks=tasks(split=task("split", 0, notes=[human]))),
        result("Bob", "b", tasks=tasks()),
        PDF,
    ]
    pairs = [Pair("a", "b", ("model",), 0.9, 150), Pair("b", "", ("train",), 0.8, 130), Pair("a", "can")]
    page = Page(write_summary(listed, tmp_path, protections_lines=[], pairs=pairs))
    for expected in (
        "Submissions 3", "Graded 2", "Mean points 22.5", "Median points 22.5", "Need a human 2",
        "5 pictures are in training and validation at once.", "nearly the same answers Ada Bob Model 90 %",
        "nearly the course's solution Bob the course's solution Training 80 %", "identical files Ada Can – 100 %",
    ):  # fmt: skip
        assert expected in page.text


def test_results_with_the_same_name_keep_their_order():
    same = [result("A", key, name="x") for key in ("2", "1")]
    assert [one.key for one in in_order(same)] == ["1", "2"]
