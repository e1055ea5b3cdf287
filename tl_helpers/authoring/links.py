"""Absolute addresses of a lesson's notebooks, and words of the catalogue in a given language."""

from tl_helpers.messages import catalogue
from tl_helpers.table import Course, Lesson

BADGES = {
    "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
    "nbviewer": "https://raw.githubusercontent.com/jupyter/design/main/logos/Badges/nbviewer_badge.svg",
    "GitHub": "https://img.shields.io/badge/GitHub-open-24292f?logo=github",
}
OTHER = {"en": "tr", "tr": "en"}


def say(language: str, key: str, **values: object) -> str:
    """Return the message ``authoring.<key>`` in ``language``, whatever language is in force."""
    return catalogue(language)["authoring"][key].format(**values)


def address(course: Course, lesson: Lesson, language: str, site: str) -> str:
    """Return where a lesson's notebook opens.

    Args:
        course: the course.
        lesson: one of its lessons.
        language: ``"en"`` or ``"tr"``.
        site: ``"Colab"``, ``"nbviewer"`` or ``"GitHub"``.
    """
    path = f"blob/{course.branch}/notebooks/{language}/{lesson.stem}.ipynb"
    project = "/".join(course.repository.split("/")[-2:])
    return {
        "Colab": f"https://colab.research.google.com/github/{project}/{path}",
        "nbviewer": f"https://nbviewer.org/github/{project}/{path}",
        "GitHub": f"{course.repository}/{path}",
    }[site]


def badge(course: Course, lesson: Lesson, language: str, site: str) -> str:
    """Return a site's badge in markdown, with an alt text and a link to the notebook."""
    alt = say(language, "open_in", site=site)
    return f"[![{alt}]({BADGES[site]})]({address(course, lesson, language, site)})"


def numbered(lesson: Lesson, language: str) -> str:
    """Return a lesson's number and title, such as ``2 · Feature extraction``."""
    return f"{lesson.number.lstrip('0')} · {lesson.words[language].title}"


def link(course: Course, lesson: Lesson, language: str) -> str:
    """Return a link to a lesson on GitHub, followed by one that opens it in Colab."""
    return (
        f"[{numbered(lesson, language)}]({address(course, lesson, language, 'GitHub')})"
        f" ([Colab]({address(course, lesson, language, 'Colab')}))"
    )
