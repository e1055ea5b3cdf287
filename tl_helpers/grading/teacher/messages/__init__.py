"""Catalogues of the teacher's messages, one a language."""
