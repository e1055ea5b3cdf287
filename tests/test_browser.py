"""Lessons as a reader sees them: opened in a browser, run, a slider moved, a quiz answered wrong and right."""

import os
from pathlib import Path

import pytest
from browser import chromium, find_chromium, hand_out, python_with, run_all, server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LESSONS = {  # the language in which the classic notebook shows each; JupyterLab shows both
    "01_concepts_and_dropout": "tr",
    "03_fine_tuning": "en",
    "07_multi_task": "tr",
    "08_what_networks_see": "en",
    "09_your_own_pictures": "tr",
}
CASES = [("lab", stem, language) for stem in LESSONS for language in ("en", "tr")]
CASES += [("classic", stem, language) for stem, language in LESSONS.items()]
SCREENSHOTS = Path(os.environ.get("TL_SCREENSHOTS", "course-output/screenshots"))


@pytest.fixture(scope="module")
def front_end(request, tmp_path_factory):
    """A server with a front end, a page in a browser, and the folder that is served."""
    kind = request.param
    if find_chromium() is None:
        pytest.skip("there is no Chromium here: these tests look at lessons in a browser")
    pytest.importorskip("playwright", reason="playwright is not installed: pip install -e '.[course,browser]'")
    python = python_with(kind)
    if python is None:
        pytest.skip("TL_COLAB_PYTHON is not set: the Python of an environment with Colab's versions")
    folder = tmp_path_factory.mktemp(kind)
    with server(kind, python, folder) as address, chromium() as page:
        yield kind, address, page, folder


@pytest.mark.parametrize(("front_end", "stem", "language"), CASES, indirect=["front_end"])
def test_a_lesson_runs_its_slider_moves_and_its_quiz_answers(front_end, stem, language):
    kind, address, page, folder = front_end
    run_all(page, kind, address, hand_out(folder, stem, language))
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def shoot(what, element):
        element.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        page.screenshot(path=SCREENSHOTS / f"{kind}_{stem[:2]}_{language}_{what}.png")

    slider = page.locator(".widget-slider, .jupyter-widget-slider").first
    slider.scroll_into_view_if_needed()
    panel = slider.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]")
    before = panel.locator("img").get_attribute("src")
    handle = slider.locator(".noUi-handle, .ui-slider-handle").first
    handle.focus()
    handle.press("ArrowLeft")  # one of the two moves it, wherever it starts
    page.wait_for_timeout(1000)
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    wait_until(page, lambda: panel.locator("img").get_attribute("src") != before)
    shoot("slider", panel)

    quiz = page.locator(".tl-quiz").first
    choices = quiz.locator("input[type=radio]")
    said = []
    for place in range(choices.count()):
        before = quiz.inner_text()
        choices.nth(place).click()
        wait_until(page, lambda before=before: quiz.inner_text() != before)
        said.append(quiz.inner_text())
    marks = [("✓" in text, "✗" in text) for text in said]
    assert marks.count((True, False)) == 1
    assert marks.count((False, True)) == len(said) - 1
    shoot("quiz", quiz)


def wait_until(page, is_so, seconds=30):
    """Wait until something on the page has changed."""
    for _ in range(5 * seconds):
        if is_so():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"nothing changed on the page within {seconds} s")
