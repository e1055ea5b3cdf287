"""The archive that a lesson opened alone installs the course from, as the repository's site would offer it."""

import subprocess
import zipfile
from pathlib import Path

from tl_helpers.messages import CourseError
from tl_helpers.table import Course


def course_archive(root: Path, course: Course, out: Path) -> Path:
    """Write a zip of the working tree: all files that the repository holds or would hold, in one folder.

    Args:
        root: the course's folder, a clone.
        course: its table, which names the archive.
        out: folder to write into.

    Returns:
        The zip.

    Raises:
        CourseError: the folder is not a clone, or git is not here.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode("utf-8")
    except (OSError, subprocess.CalledProcessError) as error:
        raise CourseError("drill.no_clone", folder=root) from error
    top = f"{course.repository.rsplit('/', 1)[-1]}-{course.branch}"
    path = out / f"{course.branch}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(set(filter(None, listed.split("\0")))):
            if (root / name).is_file():
                archive.write(root / name, f"{top}/{name}")
    return path
