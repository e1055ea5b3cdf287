"""Check that what is committed is what the sources give; read only, nothing is executed."""

from itertools import zip_longest
from typing import Any

from tl_helpers.authoring.build import planned, questions_text, sound, source_findings
from tl_helpers.authoring.frontmatter import readme_findings
from tl_helpers.authoring.glossary import glossary_findings, load_glossary
from tl_helpers.authoring.hashes import code_hash, outputs_hash, recorded
from tl_helpers.authoring.notebooks import notebook_text, read_notebook
from tl_helpers.authoring.spelling import word_list_findings
from tl_helpers.authoring.tree import Finding, Tree, found
from tl_helpers.authoring.wording import text_pairs
from tl_helpers.messages import LANGUAGES
from tl_helpers.table import Lesson


def check(tree: Tree, lessons: tuple[Lesson, ...]) -> list[Finding]:
    """Check sources, committed notebooks, the READMEs' lesson tables, and the Turkish against the glossary.

    Args:
        tree: the course's folder.
        lessons: the lessons to check; files of no lesson, the READMEs and the messages are always checked.

    Returns:
        All that is wrong, file by file.
    """
    findings = []
    for lesson in lessons:
        findings += source_findings(tree, lesson)
        if sound(tree, lesson):
            findings += questions_findings(tree, lesson)
            for language in LANGUAGES:
                findings += notebook_findings(tree, lesson, language)
    findings += glossary_findings(load_glossary(tree), text_pairs(tree, lessons))
    return findings + word_list_findings(tree) + stray_findings(tree) + readme_findings(tree)


def notebook_findings(tree: Tree, lesson: Lesson, language: str) -> list[Finding]:
    """Report how a committed notebook differs from what its source gives."""
    path = tree.notebook(lesson, language)
    file = tree.name(path)
    if not path.is_file():
        return [found(file, "no_notebook", lesson=lesson.number)]
    committed = read_notebook(path)
    if committed is None:
        return [found(file, "not_a_notebook")]
    expected, carried = planned(tree, lesson, language)
    findings = _cell_findings(file, expected, committed)
    own = recorded(committed)
    if own.get("outputs") != outputs_hash(committed):
        findings.append(found(file, "outputs_edited"))
    if own.get("code") != code_hash(tree, expected):
        findings.append(found(file, "execute_again"))
    if carried is not None and not findings and notebook_text(expected).encode() != path.read_bytes():
        findings.append(found(file, "differs"))
    return findings


def questions_findings(tree: Tree, lesson: Lesson) -> list[Finding]:
    """Report a file of questions that is not what the source gives."""
    path = tree.questions(lesson)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [] if text == questions_text(tree, lesson) else [found(tree.name(path), "questions_stale")]


def stray_findings(tree: Tree) -> list[Finding]:
    """Report notebooks, sources and questions that belong to no lesson of the course table."""
    known = {path(lesson) for lesson in tree.course.lessons for path in (tree.source, tree.questions)}
    known |= {tree.notebook(lesson, language) for lesson in tree.course.lessons for language in LANGUAGES}
    folder = tree.root / "notebooks"
    files = [*folder.glob("source/*.py"), *folder.glob("*/*.ipynb"), *tree.root.glob("tl_helpers/questions/*.json")]
    return [found(tree.name(path), "stray") for path in sorted(files) if path not in known]


def _cell_findings(file: str, expected: Any, committed: Any) -> list[Finding]:
    """Name each cell whose kind, place, text or metadata is not the source's."""
    findings = []
    for ours, theirs in zip_longest(expected.cells, committed.cells):
        if ours is None or theirs is None:
            cell = ours or theirs
            findings.append(found(file, "cell_missing" if theirs is None else "cell_extra", str(cell.get("id", ""))))
        elif _essence(ours) != _essence(theirs):
            findings.append(found(file, "cell_differs", ours.id))
    return findings


def _essence(cell: Any) -> tuple[Any, ...]:
    return cell.cell_type, cell.get("id"), cell.source, cell.metadata
