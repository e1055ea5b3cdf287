"""Drive JupyterLab or the classic notebook in headless Chromium, for the tests of what a reader sees."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAB_SETTINGS = {
    "notebook-extension/tracker": '{"windowingMode": "none"}',  # cells out of sight are in the page as well
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
}
START_SECONDS = 90
RUN_SECONDS = 600


@contextmanager
def server(kind: str, python: str, folder: Path) -> Iterator[str]:
    """Serve a folder with JupyterLab (``"lab"``) or the classic notebook (``"classic"``); yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, text in LAB_SETTINGS.items():
        file = folder / ".settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    app = {
        "lab": ["lab", "--ServerApp.token=", "--ServerApp.password=", "--LabApp.expose_app_in_browser=True"],
        "classic": ["notebook", "--NotebookApp.token=", "--NotebookApp.password="],
    }[kind]
    command = [python, "-m", "jupyter", *app, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    environment = {
        **os.environ,
        "PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTER_DATA_DIR": str(folder / ".data"),
        "IPYTHONDIR": str(folder / ".ipython"),
        "TL_EDITION": "mini",
    }
    with (folder / ".server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api", process, folder / ".server.log")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def chromium() -> Iterator[object]:
    """Start headless Chromium, the system's own; yield a page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1100, "height": 1000})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def find_chromium() -> str | None:
    """Return the system's Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def hand_out(folder: Path, stem: str, language: str) -> str:
    """Copy a committed notebook into a folder of its own, as a reader gets it; return its name there."""
    name = f"{stem}_{language}.ipynb"
    shutil.copy(ROOT / "notebooks" / language / f"{stem}.ipynb", folder / name)
    return name


def run_all(page, kind: str, address: str, name: str) -> None:
    """Open a notebook, run all its cells and wait for the end; fail where a cell does."""
    if kind == "lab":
        page.goto(f"{address}/lab/tree/{name}?reset")
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady", timeout=90_000)
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel?.status === 'idle'"
        )
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        last = """() => {
            const all = [...window.jupyterapp.shell.currentWidget.content.widgets];
            const cells = all.filter(c => c.model.type === 'code');
            const failed = cells.some(c => c.model.sharedModel.outputs.some(o => o.output_type === 'error'));
            const busy = cells.some(c => c.inputArea.promptNode.textContent.includes('*'));
            return failed || (!busy && window.tlStarted && cells.at(-1).model.executionCount !== null);
        }"""
        page.wait_for_function(
            "() => { window.tlStarted = [...document.querySelectorAll('.jp-InputPrompt')]"
            ".some(p => p.textContent.includes('*')) || window.tlStarted; return window.tlStarted }"
        )
    else:
        page.goto(f"{address}/notebooks/{name}")
        page.wait_for_function("() => window.Jupyter?.notebook?.kernel?.is_connected()", timeout=90_000)
        page.wait_for_function("() => 'jupyter.widget' in Jupyter.notebook.kernel.comm_manager.targets")
        page.wait_for_timeout(3000)  # the widgets' manager looks for widgets that a kernel may have already
        page.evaluate("() => Jupyter.notebook.execute_all_cells()")
        last = """() => {
            const cells = Jupyter.notebook.get_cells().filter(c => c.cell_type === 'code' && c.get_text());
            const failed = cells.some(c => c.output_area.outputs.some(o => o.output_type === 'error'));
            return failed || cells.every(c => typeof c.input_prompt_number === 'number');
        }"""
    page.wait_for_function(last, timeout=RUN_SECONDS * 1000, polling=1000)
    errors = page.locator("[data-mime-type='application/vnd.jupyter.error'], .output_error").all_inner_texts()
    assert not errors, errors[0][-2000:]


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])


def python_with(kind: str) -> str | None:
    """Return the Python that has the front end: this one for the lab, for the classic notebook ``TL_COLAB_PYTHON``."""
    return sys.executable if kind == "lab" else os.environ.get("TL_COLAB_PYTHON")
