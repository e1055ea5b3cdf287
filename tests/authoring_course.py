"""A tiny course in a folder of its own, for the tests of the build and of the runner."""

from pathlib import Path

from tl_helpers.authoring.translation import stamp_source
from tl_helpers.authoring.tree import Tree

TABLE = """
[course]
repository = "https://github.com/someone/a-course"
branch = "main"
title = { en = "A course", tr = "Bir kurs" }
"""
LESSON = """
[[lesson]]
number = "{number}"
slug = "{slug}"
pictures = []
bases = []
after = [{after}]
minutes = {{ mini_cpu = 1, full_cpu = 2.5, full_gpu = 2 }}
shown_by = [["shapes"], ["shapes"], ["shapes"]]
en = {{ title = "Title {number}", summary = "A | summary.", prerequisites = "Nothing.", objectives = ["a", "b", "c"] }}
tr = {{ title = "Başlık {number}", summary = "Bir özet.", prerequisites = "Yok.", objectives = ["a", "b", "c"] }}
"""
PACKAGE = """
import os

def start(number, language):
    from IPython.display import display
    edition = os.environ["TL_EDITION"]
    display({"application/vnd.tl-helpers.results+json": {"edition": edition}, "text/plain": edition}, raw=True)
    return edition

def quiz(lesson, name):
    from pathlib import Path
    file = Path(__file__).parent / "questions" / f"{lesson}.json"
    print(file.read_text(encoding="utf-8") if file.is_file() else name)

def check(lesson, name, answer, is_right):
    print("open")
"""
GOOD = """# %% [markdown] name="why" lang="en"
# ## Why we freeze
#
# It keeps 94.5 % of 2,257,984 weights, as $\\ln 2$ and `base(x)` say.
#
# See [lesson](https://example.org/notebooks/en/01_first.ipynb).

# %% [markdown] name="why" lang="tr" en="00000000"
# ## Neden dondururuz
#
# $\\ln 2$ ve `base(x)`: 2.257.984 ağırlığın %94,5'ini korur.
#
# [Ders](https://example.org/notebooks/tr/01_first.ipynb) için bakın.

# %% name="shapes" tags=["exact"]
shape = (2, 3)  # (rows, columns)
assert len(shape) == 2
shape

# %% [markdown] name="read" lang="en"
# We read the shape.

# %% [markdown] name="read" lang="tr"
# Boyutu okuruz.
"""
RESULTS = """
# %% name="results"
import os
from pathlib import Path
from IPython.display import display
print(sorted(key for key in os.environ if key.startswith("TL_")))
print(list(Path.cwd().iterdir()))
accuracy = {"accuracy": 0.9512, "pictures": 1200.0, "best": "frozen base"}
display({"application/vnd.tl-helpers.results+json": accuracy, "text/plain": "kept"}, raw=True)
"""
QUESTIONS = """
# %% [markdown] name="quiz-frozen" lang="en" tags=["quiz"]
# What does *frozen* mean, if `trainable` is false and the loss is $\\ln 2$?
#
# - [ ] The weights are 0
#   No: they stay.
# - [x] The weights stay
#   Yes: **none** changes,
#   not one.

# %% [markdown] name="quiz-frozen" lang="tr" tags=["quiz"]
# `trainable` yanlışsa ve kayıp $\\ln 2$ ise *dondurulmuş* ne demektir?
#
# - [ ] Ağırlıklar 0'dır
#   Hayır: oldukları gibi kalırlar.
# - [x] Ağırlıklar olduğu gibi kalır
#   Evet: **hiçbiri** değişmez.

# %% [markdown] name="task-rows" lang="en" tags=["task"]
# **Task.** How many rows?
#
# - [?] Look at the shape.
# - [?] It is the first of
#   its numbers.

# %% [markdown] name="task-rows" lang="tr" tags=["task"]
# **Görev.** Kaç satır var?
#
# - [?] Boyuta bakın.
# - [?] Sayıların ilki.

# %% name="check-rows"
my_rows = None
tl_helpers.check("01", "task-rows", my_rows, lambda answer: answer == 2)
"""
FAILING = """
# %% name="may-fail"
import os
if "TL_FAIL" in os.environ:
    raise ValueError("no pictures here")
"""


def stamped(text: str) -> str:
    """Return a source with every stamp up to date."""
    return stamp_source(text)[0]


def make_course(root: Path) -> Tree:
    """Write a course of two lessons, not built."""
    for folder in ("tl_helpers/authoring", "assets/weights", "notebooks/source"):
        (root / folder).mkdir(parents=True)
    lessons = [("01", "first", ""), ("02", "second", '"01"')]
    table = TABLE + "".join(LESSON.format(number=n, slug=slug, after=after) for n, slug, after in lessons)
    (root / "tl_helpers" / "course.toml").write_text(table, encoding="utf-8")
    (root / "tl_helpers" / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    (root / "tl_helpers" / "authoring" / "tool.py").write_text("", encoding="utf-8")
    (root / "assets" / "weights" / "base.bin").write_bytes(b"weights")
    for name, code in [("01_first", QUESTIONS + FAILING), ("02_second", RESULTS)]:
        (root / "notebooks" / "source" / f"{name}.py").write_text(stamped(GOOD + code), encoding="utf-8")
    for name in ("README.md", "README.tr.md"):
        (root / name).write_text("# A\n\n<!-- lessons:begin -->\n<!-- lessons:end -->\n\nend\n", encoding="utf-8")
    return Tree(root, cells=None)
