"""Grade a folder of submissions: ``python -m tl_helpers.grading folder --out folder``."""

import sys

from tl_helpers.grading.teacher.command import main

if __name__ == "__main__":
    sys.exit(main())
