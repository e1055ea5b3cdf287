"""Grading: facts from what a reader answered, checks from facts to points, and feedback in the reader's language."""
