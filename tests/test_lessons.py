"""What a lesson introduces is the package's own code, and its prose is shown as it was meant."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from tl_helpers.authoring.parts import part_of
from tl_helpers.authoring.questions import question_findings
from tl_helpers.authoring.source import read_source
from tl_helpers.table import load_table

SOURCES = Path(__file__).parent.parent / "notebooks" / "source"
INTRODUCED = [
    ("01_concepts_and_dropout", "top_answers", "tl_helpers.as_it_is"),
    ("01_concepts_and_dropout", "dense_network", "tl_helpers.dropout"),
    ("01_concepts_and_dropout", "measure", "tl_helpers.dropout"),
    ("01_concepts_and_dropout", "loss_gap", "tl_helpers.dropout"),
    ("02_feature_extraction", "as_dataset", "tl_helpers.batches"),
    ("02_feature_extraction", "small_network", "tl_helpers.baselines"),
    ("02_feature_extraction", "train_head", "tl_helpers.transfer"),
    ("03_fine_tuning", "moving_statistics", "tl_helpers.fine_tuning"),
    ("03_fine_tuning", "moved_statistics", "tl_helpers.fine_tuning"),
    ("03_fine_tuning", "unfreeze_layers", "tl_helpers.fine_tuning"),
    ("03_fine_tuning", "at_cut", "tl_helpers.fine_tuning"),
    ("03_fine_tuning", "classifier_on", "tl_helpers.fine_tuning"),
    ("06_mobilenet_vs_inception", "convolution", "tl_helpers.inception"),
    ("06_mobilenet_vs_inception", "inception_module", "tl_helpers.inception"),
    ("06_mobilenet_vs_inception", "latency", "tl_helpers.deployment"),
    ("06_mobilenet_vs_inception", "efficient_front", "tl_helpers.deployment"),
    ("06_mobilenet_vs_inception", "cheapest_good_enough", "tl_helpers.deployment"),
    ("07_multi_task", "task_labels", "tl_helpers.multi_task"),
    ("07_multi_task", "masked_loss", "tl_helpers.multi_task"),
    ("07_multi_task", "update_state", "tl_helpers.multi_task"),
    ("07_multi_task", "three_heads", "tl_helpers.multi_task"),
    ("07_multi_task", "compile_tasks", "tl_helpers.multi_task"),
    ("07_multi_task", "few_labels", "tl_helpers.multi_task"),
    ("07_multi_task", "restart", "tl_helpers.multi_task"),
    ("07_multi_task", "leaf_classes", "tl_helpers.multi_task"),
    ("07_multi_task", "spoken_answer", "tl_helpers.multi_task"),
    ("07_multi_task", "subgroup_report", "tl_helpers.subgroups"),
    ("07_multi_task", "chance_of_gap", "tl_helpers.subgroups"),
    ("08_what_networks_see", "filter_pictures", "tl_helpers.looking"),
    ("08_what_networks_see", "activations", "tl_helpers.looking"),
    ("08_what_networks_see", "favourite_pictures", "tl_helpers.looking"),
    ("08_what_networks_see", "evidence", "tl_helpers.heat_maps"),
    ("08_what_networks_see", "grad_cam", "tl_helpers.heat_maps"),
    ("08_what_networks_see", "cover", "tl_helpers.trust"),
    ("08_what_networks_see", "forget_from", "tl_helpers.trust"),
    ("08_what_networks_see", "rank_agreement", "tl_helpers.trust"),
    ("08_what_networks_see", "stamp", "tl_helpers.trust"),
    ("08_what_networks_see", "shared_plane", "tl_helpers.planes"),
    ("09_your_own_pictures", "confidence_and_right", "tl_helpers.report_card"),
    ("09_your_own_pictures", "choose_threshold", "tl_helpers.report_card"),
    ("09_your_own_pictures", "wilson_interval", "tl_helpers.report_card"),
    ("09_your_own_pictures", "calibration_bins", "tl_helpers.report_card"),
    ("09_your_own_pictures", "expected_calibration_error", "tl_helpers.report_card"),
    ("09_your_own_pictures", "build_head", "tl_helpers.distribution"),
    ("09_your_own_pictures", "train_shared", "tl_helpers.distribution"),
]


def function(path, name):
    """The statements of a function, without its docstring and type hints."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    (found,) = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    body = found.body[1:] if ast.get_docstring(found) else found.body
    return [ast.unparse(statement) for statement in body]


@pytest.mark.parametrize(("lesson", "name", "module"), INTRODUCED)
def test_a_function_written_out_in_a_lesson_does_what_the_packages_does(lesson, name, module):
    package = function(Path(importlib.import_module(module).__file__), name)
    written_out = function(SOURCES / f"{lesson}.py", name)
    two_classes = [line.replace("Dense(outputs,", "Dense(1,") for line in package]
    assert written_out == two_classes


def test_every_imported_helper_names_the_lesson_that_introduced_it():
    for path in sorted(SOURCES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tl_helpers"):
                module = importlib.import_module(node.module)
                for name in (alias.name for alias in node.names):
                    doc = getattr(module, name).__doc__ or ""
                    plain = node.module in ("tl_helpers.messages", "tl_helpers.session", "tl_helpers.plots")
                    assert plain or "Introduced in lesson" in doc, f"{path.name}: {node.module}.{name}"


@pytest.mark.parametrize("lesson", load_table().lessons, ids=lambda lesson: lesson.stem)
def test_what_shows_an_objective_cannot_be_deleted_unnoticed(lesson):
    source = SOURCES / f"{lesson.source or lesson.stem}.py"
    cells = part_of(read_source(source.read_text(encoding="utf-8")), lesson.part)
    assert len(lesson.shown_by) == len(lesson.words["en"].objectives)
    assert question_findings("source", cells, lesson) == []
    for name in {name for names in lesson.shown_by for name in names}:
        rest = [cell for cell in cells if cell.name != name]
        assert "objective_not_shown" in {finding.key for finding in question_findings("source", rest, lesson)}, name


@pytest.mark.parametrize(
    "path", [*sorted(SOURCES.glob("*.py")), *sorted(SOURCES.parents[1].glob("README*.md"))], ids=lambda path: path.name
)
def test_no_line_of_prose_is_taken_for_a_numbered_list(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.match(r"(# )?\d+[.)] ", line)] == []  # such as "7. ders" at a line's beginning
