"""The drill: every lesson alone, as Colab runs it, in environments that are not the author's.

Three environments: Colab's versions, and both ends of the range of versions that ``pyproject.toml`` supports.
"""
