"""Carry a task's answers out of the box: ``keep`` inside, ``restore`` outside; only plain data in between."""

from tl_helpers.grading.teacher.keeping import keep
from tl_helpers.grading.teacher.probes import random_probes
from tl_helpers.grading.teacher.reported import reported_facts
from tl_helpers.grading.teacher.restoring import Restored, restore
from tl_helpers.grading.teacher.stand_ins import Asked

__all__ = ["Asked", "Restored", "keep", "random_probes", "reported_facts", "restore"]
