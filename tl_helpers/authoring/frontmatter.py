"""The generated markdown: a lesson's front matter and navigation, and the lesson table of the READMEs."""

from tl_helpers.authoring.links import OTHER, badge, link, numbered, say
from tl_helpers.authoring.texts import replace_between
from tl_helpers.authoring.tree import Finding, Tree, found
from tl_helpers.messages import LANGUAGES
from tl_helpers.table import Course, Lesson

BEGIN, END = "<!-- lessons:begin -->", "<!-- lessons:end -->"
_TIMES = ("mini_cpu", "full_cpu", "full_gpu")


def front_matter(course: Course, lesson: Lesson, language: str) -> str:
    """Return a notebook's first cell: title, badges, links, minutes, prerequisites and objectives, in markdown."""
    words = lesson.words[language]
    badges = " ".join(badge(course, lesson, language, site) for site in ("Colab", "nbviewer", "GitHub"))
    other = OTHER[language]
    minutes = " · ".join(f"{say(language, key)}: {_minutes(lesson.minutes[key], language)}" for key in _TIMES)
    before = [link(course, each, language) for each in course.lessons if each.number in lesson.after]
    parts = [
        f"# {numbered(lesson, language)}",
        badges,
        f"**{say(other, 'also_in')}** {link(course, lesson, other)}",
        navigation(course, lesson, language),
        f"**{say(language, 'minutes')}** {minutes}",
        f"**{say(language, 'prerequisites')}** " + " ".join([words.prerequisites, *before]),
        f"**{say(language, 'objectives')}**",
        "\n".join(f"{index}. {objective}" for index, objective in enumerate(words.objectives, start=1)),
    ]
    return "\n\n".join(part for part in parts if part)


def navigation(course: Course, lesson: Lesson, language: str) -> str:
    """Return the links to the previous and the next lesson, in markdown; "" in a course of one lesson."""
    place = course.lessons.index(lesson)
    around = {"previous": course.lessons[max(place - 1, 0) : place], "next": course.lessons[place + 1 : place + 2]}
    return " · ".join(
        f"{say(language, key)} {link(course, each, language)}"
        for key, found_there in around.items()
        for each in found_there
    )


def lesson_table(course: Course, language: str) -> str:
    """Return the lesson table of the README in one language, in markdown."""
    header = say(language, "table_header")
    rows = [header, "|" + "---|" * (header.count("|") - 1)]
    rows += [_row(course, lesson, language) for lesson in course.lessons]
    return "\n".join(rows)


def readme_text(tree: Tree, language: str) -> str | None:
    """Return a README's text with the lesson table that the course table gives, or None where it has no place."""
    path = tree.readme(language)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return replace_between(text, BEGIN, END, lesson_table(tree.course, language))


def readme_findings(tree: Tree) -> list[Finding]:
    """Report a README without a place for the lesson table, or with a stale one."""
    findings = []
    for language in LANGUAGES:
        path, text = tree.readme(language), readme_text(tree, language)
        if text is None:
            findings.append(found(tree.name(path), "readme_markers", begin=BEGIN, end=END))
        elif text != path.read_text(encoding="utf-8"):
            findings.append(found(tree.name(path), "readme_stale"))
    return findings


def _row(course: Course, lesson: Lesson, language: str) -> str:
    words, other = lesson.words[language], OTHER[language]
    cells = [
        lesson.number.lstrip("0"),
        f"[{words.title}](notebooks/{language}/{lesson.stem}.ipynb)",
        words.summary,
        _minutes(lesson.minutes["mini_cpu"], language),
        badge(course, lesson, language, "Colab"),
        f"[{say(other, 'language_name')}](notebooks/{other}/{lesson.stem}.ipynb)",
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _minutes(minutes: float, language: str) -> str:
    digits = f"{minutes:g}"
    return digits.replace(".", ",") if language == "tr" else digits
