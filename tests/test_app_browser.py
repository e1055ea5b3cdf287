"""The page of a classifier in a browser: what visitors may upload, what they are told, and that nothing is kept."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from browser import CHROMIUM, find_chromium
from PIL import Image

from tl_helpers import picturebook
from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.drawn import drawn_pictures
from tl_helpers.editions import MINI
from tl_helpers.features import extract_features
from tl_helpers.messages import catalogue
from tl_helpers.shared_model import save_shared
from tl_helpers.transfer import build_classifier, train_head

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CLASSES = ("cat", "dog", "sunflower")
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
SCREENSHOTS = Path(os.environ.get("TL_SCREENSHOTS", "course-output/screenshots"))


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory):
    """A classifier of drawn cats, dogs and sunflowers."""
    pictures = drawn_pictures(CLASSES, 60, 1)
    base_model, preprocess = load_base_model("MobileNetV2", MINI), preprocessing("MobileNetV2")
    base_model.trainable = False
    features = extract_features(base_model, preprocess, pictures.images)
    head, _ = train_head(features, pictures.labels, outputs=3, learning_rate=3e-3)
    classifier = build_classifier(base_model, preprocess, outputs=3)
    classifier.get_layer("head").set_weights(head.get_weights())
    return save_shared(tmp_path_factory.mktemp("shared") / "model", classifier, CLASSES, 0.5)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """What visitors bring: a drawn cat, text, 60 million pixels, an animation."""
    folder = tmp_path_factory.mktemp("files")
    Image.fromarray(picturebook.draw("cat", 5, 2, 240)).save(folder / "cat.png")
    (folder / "notes.txt").write_text("no picture")
    Image.new("RGB", (10_000, 6_000), "white").save(folder / "huge.jpg")
    frames = [Image.fromarray(picturebook.draw(label, 5, 2, 160)) for label in ("sunflower", "dog")]
    frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:], duration=200, loop=0)
    return folder


@pytest.fixture(scope="module")
def app(model_folder, tmp_path_factory):
    """The page as the command serves it; its address and the folder for its throw-away files."""
    if find_chromium() is None:
        pytest.skip("there is no Chromium here: these tests look at the page in a browser")
    pytest.importorskip("playwright", reason="playwright is not installed: pip install -e '.[course,browser,app]'")
    pytest.importorskip("gradio", reason="gradio is not installed: pip install -e '.[course,browser,app]'")
    folder = tmp_path_factory.mktemp("temporary")
    command = [sys.executable, "-m", "tl_helpers.app", str(model_folder), "--language", "tr"]
    environment = {**os.environ, "TMPDIR": str(folder), "HOME": str(tmp_path_factory.mktemp("home"))}
    log = folder.parent / "app.log"
    with (
        log.open("w") as noted,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=noted, text=True) as process,
    ):
        try:
            said = process.stdout.readline()
            assert said, log.read_text()[-2000:]
            yield re.search(r"http://127\.0\.0\.1:\d+", said).group(), folder
        finally:
            process.terminate()
            process.wait(30)
    assert process.returncode == 0
    assert "Traceback" not in log.read_text()
    assert kept(folder) == []


def kept(folder):
    """Names of files in a folder that hold anything."""
    return [path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_size]


@pytest.fixture(scope="module")
def page(app):
    """The page in a browser with a made-up camera, and the addresses of other servers that it asked."""
    from playwright.sync_api import sync_playwright

    address, _ = app
    others = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*CHROMIUM, *CAMERA])
        opened = browser.new_page(viewport={"width": 1000, "height": 760})
        opened.set_default_timeout(60_000)
        opened.on("request", lambda request: others.append(request.url))
        opened.goto(address)
        opened.wait_for_selector("input[type=file]", state="attached")
        opened.others = others
        yield opened
        browser.close()


def answer_to(page, act):
    """Do something on the page, and return the answer that it then shows; beside it stands how far that is."""
    answers = page.locator("#answer p")
    before = answers.all_inner_texts()
    act()
    for _ in range(300):
        page.wait_for_timeout(200)
        if answers.all_inner_texts() not in (before, []):
            page.wait_for_timeout(500)
            return answers.last.inner_text()
    raise AssertionError("no answer within a minute")


def shoot(page, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"app_{name}.png")


def choose(page, code):
    page.get_by_text({"en": "English", "tr": "Türkçe"}[code], exact=True).click()
    page.get_by_role("heading", name=catalogue(code)["app"]["title"]).wait_for()
    page.wait_for_timeout(500)


def upload(page, path):
    return answer_to(page, lambda: page.locator("input[type=file]").first.set_input_files(path))


@pytest.mark.parametrize("code", ["tr", "en"])
def test_what_visitors_bring_is_answered_or_explained_in_their_language_and_not_kept(page, app, files, code):
    words = catalogue(code)
    choose(page, code)
    assert upload(page, files / "cat.png").startswith(f"{words['classes']['cat']}:")
    shoot(page, f"cat_{code}")
    assert words["interactive"]["unreadable"] in upload(page, files / "notes.txt")
    shoot(page, f"text_{code}")
    assert words["interactive"]["too_large"].split("{")[0] in upload(page, files / "huge.jpg")
    assert words["classes"]["sunflower"] in upload(page, files / "moving.gif")
    assert kept(app[1]) == []


def test_what_gradio_writes_into_upload_and_camera_is_hidden(page):
    sizes = "areas => areas.map(area => getComputedStyle(area).fontSize)"
    assert page.eval_on_selector_all("button .wrap", sizes) == ["0px", "0px"]


def test_a_photo_of_the_camera_is_answered_and_not_kept(page, app):
    def take_photo():
        page.get_by_text("Click to Access Webcam").click()
        page.wait_for_function("() => [...document.querySelectorAll('video')].some(video => video.readyState > 2)")
        page.wait_for_timeout(1000)
        page.get_by_label("capture photo").click()

    answer = answer_to(page, take_photo)
    shoot(page, "camera")
    known = [*(catalogue("en")["classes"][name] for name in CLASSES), catalogue("en")["shared_model"]["unknown"]]
    assert any(answer.startswith(f"{name}:") for name in known)
    assert kept(app[1]) == []


@pytest.mark.full
def test_a_photograph_is_answered(page, app, test_data):
    photograph = sorted((test_data / "photos" / "cats_and_dogs_filtered" / "validation" / "cats").glob("*.jpg"))[0]
    assert "%" in upload(page, photograph)
    assert kept(app[1]) == []


def test_the_page_asks_no_other_server(page, app):
    asked = [url for url in page.others if not url.startswith((app[0], "data:", "blob:"))]
    assert asked == []
    assert len(page.others) > 5
