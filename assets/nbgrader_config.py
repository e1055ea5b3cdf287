"""nbgrader's settings for the flowers exercise; copy this file into the folder of your nbgrader course."""

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader import preprocessors as steps

c = get_config()  # noqa: F821

# The exercise is handed out as it is: ClearSolutions would put a stub of its own into every answer cell.
c.GenerateAssignment.preprocessors = [
    steps.IncludeHeaderFooter,
    steps.LockCells,
    steps.ClearOutput,
    steps.CheckCellMetadata,
    steps.ComputeChecksums,
    steps.SaveCells,
    steps.ClearHiddenTests,
    steps.ComputeChecksums,
    steps.CheckCellMetadata,
]

# TensorFlow writes to stderr when it is imported, which nbgrader would count as a failed check.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s)."

# A check that a student deleted comes back, or its points would silently be missing.
c.OverwriteCells.add_missing_cells = True
c.OverwriteCells.missing_cell_notification = "{cell_id}: deleted by the student / öğrenci silmiş\n\n"

# Training takes its time (seconds a cell).
c.Execute.timeout = 300

# Feedback pages show no hidden test that you add, and no endless output.
c.GenerateFeedback.preprocessors = [steps.GetGrades, steps.ClearHiddenTests, CSSHTMLHeaderPreprocessor]
c.LimitOutput.max_lines = 200
