"""The teacher's side of grading: submissions are run in a box, judged outside it, reported. No lesson imports it."""
