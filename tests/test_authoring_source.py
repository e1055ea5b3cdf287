"""The checks of a bilingual source: each is shown a source that it must reject."""

from pathlib import Path

import pytest
from authoring_course import GOOD, stamped

from tl_helpers.authoring.agreement import differences, numbers
from tl_helpers.authoring.lint import lint_findings
from tl_helpers.authoring.source import read_source, structure_findings
from tl_helpers.authoring.translation import stamp_of, stamp_source, translation_findings
from tl_helpers.authoring.tree import Finding
from tl_helpers.messages import catalogue
from tl_helpers.table import load_table

ALL = stamped(GOOD)
STAMP = stamp_of(read_source(GOOD)[0].text)


def findings(text: str, size: tuple[int, int] | None = None) -> list[Finding]:
    cells = read_source(text)
    return [
        *structure_findings("s.py", cells),
        *translation_findings("s.py", cells),
        *lint_findings("s.py", cells, size),
    ]


def test_a_good_source_has_no_findings() -> None:
    assert findings(ALL) == []


UNKNOWN = [("language", "read")]
BROKEN = {
    "a Turkish cell is missing": (
        '# %% [markdown] name="read" lang="tr"',
        '# %% [markdown] name="other" lang="tr"',
        [("no_sibling_of_en", "read"), ("no_sibling_of_tr", "other")],
    ),
    "an unknown language": ('name="read" lang="tr"', 'name="read" lang="de"', [*UNKNOWN, ("no_sibling_of_en", "read")]),
    "no language": ('name="read" lang="tr"', 'name="read"', [*UNKNOWN, ("no_sibling_of_en", "read")]),
    "a stale stamp": (f'en="{STAMP}"', 'en="12345678"', [("stale", "why")]),
    "an edited English cell": ("It keeps", "It still keeps", [("stale", "why")]),
    "a missing stamp": (f' en="{STAMP}"', "", [("unstamped", "why")]),
    "another heading level": ("# ## Neden", "# ### Neden", [("differ", "why")]),
    "a heading that is missing": ("# ## Neden", "# Neden", [("differ", "why")]),
    "another number": ("2.257.984", "2.257.983", [("differ", "why")]),
    "a number written the English way": ("%94,5'ini", "%94.5'ini", [("differ", "why")]),
    "a percent sign that is missing": ("%94,5'ini", "94,5'ini", [("differ", "why")]),
    "another link": ("tr/01_first", "tr/02_first", [("differ", "why")]),
    "another formula": ("# $\\ln 2$ ve", "# $\\ln 3$ ve", [("differ", "why")]),
    "another code span": ("`base(x)`:", "`base(y)`:", [("differ", "why")]),
    "another code block": ("# Boyutu okuruz.", "# Boyutu okuruz.\n#\n# ```\n# x\n# ```", [("differ", "read")]),
    "a bad name": ('name="shapes"', 'name="Shapes!"', [("name_bad", "Shapes!")]),
    "a name of a generated cell": ('name="shapes"', 'name="set-up"', [("name_bad", "set-up")]),
    "a missing name": (' name="shapes"', "", [("name_missing", "")]),
    "a code cell named as a markdown cell": ('name="shapes"', 'name="read"', [("name_taken", "read")]),
    "a code cell with a language": ('name="shapes"', 'name="shapes" lang="en"', [("code_language", "shapes")]),
    "an unknown attribute": ('name="shapes"', 'name="shapes" id="x"', [("attribute", "shapes")]),
    "a marker that cannot be read": ('tags=["exact"]', 'tags=["exact"', [("attribute", ""), ("name_missing", "")]),
    "a raw cell": ('# %% name="shapes"', '# %% [raw] name="shapes"', [("raw", "shapes")]),
    "a code cell of 16 lines": ("shape\n", "shape\n" * 15, [("code_lines", "shapes")]),
    "code that does not compile": ("shape\n", "shape (\n", [("syntax", "shapes")]),
    "a line magic": ("shape\n", "%timeit shape\n", [("syntax", "shapes")]),
    "prose in a comment": ("# (rows, columns)", "# " + "long words " * 5, [("comment", "shapes")]),
    "a picture without alt text": (
        "# Boyutu okuruz.",
        "# Boyutu okuruz. <img src='a.png'>",
        [("alt", "read")],
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_source_is_rejected_and_the_cell_is_named(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert old in ALL
    assert [(finding.key, finding.cell) for finding in findings(ALL.replace(old, new))] == expected


def test_a_markdown_picture_without_alt_text_is_found_in_both_languages() -> None:
    text = ALL.replace("# Boyutu okuruz.", "# Boyutu okuruz. ![](a.png)").replace("the shape.", "the shape. ![](a.png)")
    assert [finding.key for finding in findings(stamped(text))] == ["alt", "alt"]


def test_siblings_in_the_wrong_order_are_found() -> None:
    english, turkish = ALL[ALL.index('# %% [markdown] name="read"') :].split("\n\n")
    start = ALL[: ALL.index('# %% [markdown] name="read"')]
    swapped = f"{start}{turkish.strip()}\n\n{english}\n"
    assert [(finding.key, finding.cell) for finding in findings(swapped)] == [("order", "read")]


def test_a_code_cell_between_siblings_is_found() -> None:
    between = ALL.replace(
        '# %% [markdown] name="read" lang="tr"', '# %% name="x"\n1\n\n# %% [markdown] name="read" lang="tr"'
    )
    assert [(finding.key, finding.cell) for finding in findings(between)] == [("order", "read")]


def test_a_pair_given_twice_is_found() -> None:
    twice = ALL + "\n" + ALL[ALL.index('# %% [markdown] name="read"') :]
    assert {finding.key for finding in findings(twice)} >= {"name_taken"}


def test_text_before_the_first_cell_is_found() -> None:
    assert [(finding.key, finding.line) for finding in findings("x = 1\n\n" + ALL)] == [("name_missing", 1)]


def test_too_many_words_are_found() -> None:
    long = stamped(ALL.replace("We read the shape.", "word " * 121))
    assert [(finding.key, finding.cell) for finding in findings(long)] == [("words", "read")]


def test_code_and_addresses_are_not_counted_as_words() -> None:
    assert findings(stamped(ALL.replace("the shape.", "the shape. `" + "word " * 130 + "`"))) != []
    both = "`" + "word " * 130 + "`"
    text = ALL.replace("the shape.", f"the shape. {both}").replace("Boyutu okuruz.", f"Boyutu okuruz. {both}")
    assert findings(stamped(text)) == []


@pytest.mark.parametrize(("size", "expected"), [((6, 60), []), ((7, 60), ["cells"]), ((1, 5), ["cells"])])
def test_the_number_of_cells_counts_one_language_and_the_generated_cells(
    size: tuple[int, int], expected: list[str]
) -> None:
    assert [finding.key for finding in findings(ALL, size)] == expected


def lesson(code_lines: tuple[int, ...], words: tuple[int, ...], after: str = "") -> str:
    """A source with a stretch of prose before each code cell."""
    cells = []
    for index, (lines, count) in enumerate(zip(code_lines, words, strict=True)):
        cells += [f'# %% [markdown] name="p{index}" lang="{code}"\n# {"word " * count}\n' for code in ("en", "tr")]
        cells.append(f'# %% name="c{index}"\n' + "x = 1\n" * lines)
    return stamped("\n".join(cells) + after)


def typical(text: str) -> list[tuple[str, str]]:
    return [(finding.key, finding.cell) for finding in findings(text, (1, 99))]


@pytest.mark.parametrize(
    ("code_lines", "words", "expected"),
    [
        ((4, 4, 15), (59, 59, 120), []),
        ((4, 5, 15), (10, 10, 10), [("median_lines", "")]),
        ((1, 1, 1), (10, 60, 60), [("median_words", "")] * 2),
        ((1, 1, 1), (10, 10, 121), [("words", "p2")] * 2 + [("run_words", "p2")] * 2),
    ],
)
def test_what_is_typical_of_a_lessons_cells_is_linted(
    code_lines: tuple[int, ...], words: tuple[int, ...], expected: list[tuple[str, str]]
) -> None:
    assert typical(lesson(code_lines, words)) == expected


MORE = """
# %% [markdown] name="{name}" lang="en"{tags}
# {words}

# %% [markdown] name="{name}" lang="tr"{tags}
# {words}
"""


def test_prose_is_summed_up_to_the_next_code_cell() -> None:
    cells = [MORE.format(name=name, tags="", words="word " * 61) for name in ("one", "two")]
    text = lesson((1, 1, 1, 1), (1, 1, 1, 1))
    assert typical(stamped(text + "".join(cells) + '\n# %% name="end"\n1\n')) == [("run_words", "one")] * 2
    assert typical(stamped(text + "".join(cells))) == []


@pytest.mark.parametrize("tags", [' tags=["quiz"]', ' tags=["task"]'])
def test_tasks_and_quizzes_are_no_prose(tags: str) -> None:
    cells = [MORE.format(name=name, tags=tags, words="word " * 61) for name in ("one", "two")]
    assert typical(stamped(lesson((1,), (1,)) + "".join(cells) + '\n# %% name="end"\n1\n')) == []


def test_a_quiz_ends_a_stretch_of_prose_and_a_task_does_not() -> None:
    def around(tags: str) -> str:
        return "".join(
            MORE.format(name=name, tags=tags * (name == "two"), words="word " * 61) for name in ("one", "two", "three")
        )

    few, end = lesson((1, 1, 1, 1), (1, 1, 1, 1)), '\n# %% name="end"\n1\n'
    assert typical(stamped(few + around(' tags=["quiz"]') + end)) == []
    assert typical(stamped(few + around(' tags=["task"]') + end)) == [("run_words", "one")] * 2


def test_all_findings_are_reported_with_file_line_and_cell() -> None:
    broken = ALL.replace("2.257.984", "1").replace("shape\n", "shape (\n")
    first, second = findings(broken)
    assert str(first).startswith("s.py:8 [why] The siblings disagree in numbers; only in English: 2257984")
    assert str(second).startswith("s.py:15 [shapes] The code is not plain Python")


def test_a_finding_about_a_file_has_no_cell() -> None:
    assert str(Finding("a.md", "key", "text")) == "a.md text"


@pytest.mark.parametrize(
    ("english", "turkish"),
    [
        ("94.5 %", "%94,5"),
        ("94.5% of 2,257,984", "2.257.984 içinde %94,5"),
        ("94–96 %", "%94–96"),
        ("94.5 percent", "yüzde 94,5"),
        ("1,280 numbers", "1280 sayı"),
        ("Keras 3.15.1 says", "Keras 3.15.1 der"),
        ("[-1, 1] and 0–255", "0–255 ve [−1, 1]"),
        ("5×5×1280", "5×5×1280"),
        ("MobileNetV2 has 2 parts.", "MobileNetV2'nin 2 parçası var."),
        ("1,234.5 px", "1.234,5 piksel"),
        ("layer 100.", "100. katman"),
    ],
)
def test_the_same_numbers_are_read_from_both_languages(english: str, turkish: str) -> None:
    assert sorted(numbers(english, "en")) == sorted(numbers(turkish, "tr"))


@pytest.mark.parametrize(
    ("english", "turkish"),
    [("0.5", "0.5"), ("0.001", "0.001"), ("1,280", "1,280"), ("94.5 %", "94,5"), ("-1", "1"), ("2 and 2", "2")],
)
def test_different_numbers_are_told_apart(english: str, turkish: str) -> None:
    assert sorted(numbers(english, "en")) != sorted(numbers(turkish, "tr"))


@pytest.mark.parametrize(
    ("english", "turkish"),
    [
        ("$0.5 \\text{accuracy}$", "$0{,}5 \\text{doğruluk}$"),
        ("$$a\n+ b$$ then `x = 5`", "`x = 5`, sonra $$a + b$$"),
        ("[a](../en/02_b.ipynb)", "[a](../tr/02_b.ipynb)"),
        ("[a](https://x.org/1) https://x.org/5.", "https://x.org/5 [ç](https://x.org/1)"),
        ("[a](README.md)", "[a](README.tr.md)"),
        ("``a ` b``", "``a ` b``"),
        ("```python\nx = 94.5\n```\nSo.", "```python\nx = 94.5\n```\nYani."),
        ("a <b style='width:5px'>b</b>", "a <b>b</b>"),
    ],
)
def test_siblings_that_say_the_same_agree(english: str, turkish: str) -> None:
    assert differences(english, turkish) == {}


def test_stamping_changes_only_the_stamps() -> None:
    text, names = stamp_source(GOOD)
    assert names == ["why", "read"]
    assert [cell.text for cell in read_source(text)] == [cell.text for cell in read_source(GOOD)]
    read = stamp_of("We read the shape.")
    assert text == GOOD.replace("00000000", STAMP).replace(
        'name="read" lang="tr"', f'name="read" lang="tr" en="{read}"'
    )
    assert stamp_source(text) == (text, [])


def test_stamping_keeps_windows_line_ends() -> None:
    text, _ = stamp_source(GOOD.replace("\n", "\r\n"))
    assert text == ALL.replace("\n", "\r\n")


def test_a_stamp_does_not_depend_on_line_breaks() -> None:
    assert stamp_of("a b\n c") == stamp_of("a  b c ") != stamp_of("a b d")


def test_a_marker_within_a_string_is_no_cell() -> None:
    text = ALL.replace("shape\n", 'text = """\n# %% no cell\n"""\n', 1)
    assert [cell.line for cell in read_source(text)][-2:] == [22, 25]


def test_the_course_table_is_complete_in_both_languages() -> None:
    course = load_table()
    for lesson in course.lessons:
        assert [len(words.objectives) for words in lesson.words.values()] == [3, 3]
        assert set(lesson.after) < {each.number for each in course.lessons}
        assert numbers(lesson.words["en"].summary, "en") == numbers(lesson.words["tr"].summary, "tr")


def test_the_package_without_authoring_does_not_import_its_tools() -> None:
    package = Path(load_table.__code__.co_filename).parent
    aside = {"authoring", "teacher"}  # what no lesson imports
    files = [path for path in package.rglob("*.py") if not aside & set(path.relative_to(package).parts)]
    tools = ("jupytext", "nbformat", "nbclient", "nbconvert", "tl_helpers.authoring")
    code = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert [(name, tool) for name, text in code.items() for tool in tools if f"import {tool}" in text] == []
    assert [(name, tool) for name, text in code.items() for tool in tools if f"from {tool}" in text] == []


@pytest.mark.parametrize("section", ["authoring", "run"])
def test_messages_have_the_same_keys_in_both_languages(section: str) -> None:
    assert catalogue("en")[section].keys() == catalogue("tr")[section].keys()
