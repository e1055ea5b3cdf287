"""Build the notebooks of every lesson in both languages, and the lesson tables of the READMEs."""

import json
from pathlib import Path
from typing import Any

from tl_helpers.authoring.execution import Outcome, execute
from tl_helpers.authoring.frontmatter import readme_text
from tl_helpers.authoring.hashes import code_hash, outputs_hash, recorded
from tl_helpers.authoring.lint import lint_findings
from tl_helpers.authoring.notebooks import make_notebook, notebook_text, read_notebook, set_metadata
from tl_helpers.authoring.parts import part_findings, part_of
from tl_helpers.authoring.questions import question_findings, shipped
from tl_helpers.authoring.source import Cell, read_source, structure_findings
from tl_helpers.authoring.texts import write_text
from tl_helpers.authoring.translation import translation_findings
from tl_helpers.authoring.tree import Finding, Tree, found
from tl_helpers.messages import LANGUAGES, message
from tl_helpers.table import Lesson

OBJECTIVES = 3


def build(tree: Tree, lessons: tuple[Lesson, ...]) -> list[Finding]:
    """Build lessons and the READMEs' tables; what has not changed is neither executed nor written.

    Args:
        tree: the course's folder.
        lessons: the lessons to build.

    Returns:
        What stopped a lesson from being built. Of such a lesson no file is written.
    """
    findings = []
    for lesson in lessons:
        problems = source_findings(tree, lesson)
        findings += problems or _build_lesson(tree, lesson)
    for language in LANGUAGES:
        text = readme_text(tree, language)
        if text is not None:
            _write(tree, tree.readme(language), text)
    return findings


def source_findings(tree: Tree, lesson: Lesson) -> list[Finding]:
    """Report all that is wrong in a lesson's source and in its entry of the course table."""
    path = tree.source(lesson)
    file = tree.name(path)
    if not path.is_file():
        return [found(file, "no_source", lesson=lesson.number)]
    whole = read_source(path.read_bytes().decode("utf-8"))
    cells = part_of(whole, lesson.part)
    return [
        *_table_findings(tree, lesson),
        *part_findings(file, whole, lesson.part),
        *structure_findings(file, whole),
        *translation_findings(file, whole),
        *lint_findings(file, cells, tree.cells),
        *question_findings(file, cells, lesson),
    ]


def cells_of(tree: Tree, lesson: Lesson) -> list[Cell]:
    """Return the cells of a lesson's source, of its own part where it shares the source with another."""
    return part_of(read_source(tree.source(lesson).read_bytes().decode("utf-8")), lesson.part)


def questions_text(tree: Tree, lesson: Lesson) -> str:
    """Return what the package must ship of a lesson's quizzes and tasks: the content of ``tree.questions(lesson)``."""
    return shipped(cells_of(tree, lesson))


def sound(tree: Tree, lesson: Lesson) -> bool:
    """Say whether a lesson's source exists and its cells are named well enough to make a notebook of them."""
    path = tree.source(lesson)
    return path.is_file() and not structure_findings(path.name, read_source(path.read_bytes().decode("utf-8")))


def planned(tree: Tree, lesson: Lesson, language: str) -> tuple[Any, Any | None]:
    """Make a lesson's notebook, with the outputs of the committed one where those still hold.

    Returns:
        The notebook and, where its outputs hold, the committed one; else the notebook without outputs, and None.
    """
    notebook = make_notebook(tree, lesson, language, cells_of(tree, lesson))
    committed = read_notebook(tree.notebook(lesson, language))
    if committed is None or not _holds(committed, code_hash(tree, notebook)):
        return notebook, None
    outputs = {cell.id: cell for cell in committed.cells if cell.cell_type == "code"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = outputs[cell.id].outputs, outputs[cell.id].execution_count
    seal(tree, lesson, language, notebook)
    return notebook, committed


def seal(tree: Tree, lesson: Lesson, language: str, notebook: Any) -> None:
    """Write into a notebook's metadata what it is and the hashes of its code and outputs."""
    own = {"lesson": lesson.number, "language": language}
    hashes = {"code": code_hash(tree, notebook), "outputs": outputs_hash(notebook)}
    set_metadata(notebook, tl_helpers={**own, **hashes})


def _holds(committed: Any, code: str) -> bool:
    own = recorded(committed)
    return own.get("code") == code and own.get("outputs") == outputs_hash(committed)


def _build_lesson(tree: Tree, lesson: Lesson) -> list[Finding]:
    texts: dict[Path, str] = {}
    findings: list[Finding] = []
    questions = tree.questions(lesson)
    before = questions.read_text(encoding="utf-8") if questions.is_file() else None
    _write(tree, questions, questions_text(tree, lesson))  # the notebooks read it when they are executed
    for language in LANGUAGES:
        path = tree.notebook(lesson, language)
        notebook, committed = planned(tree, lesson, language)
        if committed is None:
            print(message("authoring.executing", file=tree.name(path)), flush=True)
            outcome = execute(notebook, tree.root, {"TL_EDITION": "mini"})
            findings += _execution_findings(tree, path, notebook, outcome)
            seal(tree, lesson, language, notebook)
        texts[path] = notebook_text(notebook)
    if findings and before is not None:
        write_text(questions, before)
    elif findings:
        questions.unlink()
    else:
        for path, text in texts.items():
            _write(tree, path, text)
    return findings


def _write(tree: Tree, path: Path, text: str) -> None:
    changed = write_text(path, text)
    print(message("authoring.written" if changed else "authoring.unchanged", file=tree.name(path)), flush=True)


def _execution_findings(tree: Tree, path: Path, notebook: Any, outcome: Outcome) -> list[Finding]:
    file = tree.name(path)
    if outcome.error:
        name = notebook.cells[outcome.cell].id
        return [found(file, "failed", name, error=outcome.error, traceback=outcome.traceback)]
    findings = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        for output in outputs:
            if output.get("name") == "stderr":
                findings.append(found(file, "stderr", cell.id, text=output.text.strip()))
        shown = json.dumps(outputs, ensure_ascii=False)
        for folder in (outcome.folder, str(tree.root.resolve()), str(Path.home())):
            if f"{folder}/" in shown:
                findings.append(found(file, "machine_path", cell.id, folder=folder))
    return findings


def _table_findings(tree: Tree, lesson: Lesson) -> list[Finding]:
    file = "tl_helpers/course.toml"
    earlier = {each.number for each in tree.course.lessons[: tree.course.lessons.index(lesson)]}
    findings = [found(file, "after", lesson=lesson.number, after=one) for one in lesson.after if one not in earlier]
    for language, words in lesson.words.items():
        if len(words.objectives) != OBJECTIVES:
            key = "objectives_count"
            values = {"lesson": lesson.number, "language": language, "found": len(words.objectives)}
            findings.append(Finding(file, key, message(f"authoring.{key}", expected=OBJECTIVES, **values)))
    return findings
