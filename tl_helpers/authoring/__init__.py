"""Authoring: from one bilingual source a lesson to executed notebooks, and the checks that keep them in step.

Never imported by the rest of the package: it alone needs jupytext, nbformat, nbclient and nbconvert.
"""
