"""A kernel as Colab's is: another Python, an empty home, nothing set but where the course and the photographs are."""

import os
from collections.abc import Mapping
from pathlib import Path

# What would let a kernel see the author's own Python, files or choices.
_OWN = ("TL_", "PYTHON", "VIRTUAL_ENV", "CONDA", "KERAS_", "TF_", "MPL", "JUPYTER_", "IPY", "XDG_", "PYTEST", "COV_")
_PIP_CONFIG = (".config/pip/pip.conf", ".pip/pip.conf")
# In Colab the kernel has imported google.colab before the first cell; lessons only ask whether it has.
_COLAB = """import sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
del sys, types
"""


def alone(python: Path, work: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables of a kernel that believes to be in Colab, and write what makes it so.

    Args:
        python: the Python of its environment.
        work: a throw-away folder, for its home and its IPython.
        settings: the ``TL_*`` settings; all of the caller's are dropped.

    Returns:
        The caller's variables without what is the caller's own. How pip finds its packages on this machine stays.
    """
    start = work / "ipython" / "profile_default" / "startup" / "colab.py"
    start.parent.mkdir(parents=True)
    start.write_text(_COLAB, encoding="utf-8")
    home = work / "home"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_OWN)}
    pip = [str(Path.home() / name) for name in _PIP_CONFIG if (Path.home() / name).is_file()]
    own = {
        "HOME": str(home),
        "IPYTHONDIR": str(work / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger, which nobody uses here, prints a warning
        "PATH": os.pathsep.join([str(python.parent), kept.get("PATH", "")]),
        **({"PIP_CONFIG_FILE": pip[0]} if pip and "PIP_CONFIG_FILE" not in kept else {}),
    }
    return {**kept, **own, **settings}
