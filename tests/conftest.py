import os
import socket
import threading
import warnings
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["MPLBACKEND"] = "agg"

with warnings.catch_warnings():  # what TensorFlow warns of while it is imported is not ours
    warnings.simplefilter("ignore")
    import keras

from PIL import Image

from tl_helpers.messages import set_language

SETTINGS = (
    "TL_EDITION",
    "TL_LANGUAGE",
    "TL_PICTURES",
    "TL_WEIGHTS",
    "TL_DATA_HOME",
    "TL_CACHE_GB",
    "TL_COURSE_SOURCE",
    "TL_MIRROR",
)


@pytest.fixture(autouse=True)
def plain_settings(monkeypatch, tmp_path_factory):
    """English, seeded, no TL_ setting of the machine, and a data folder that all tests of the run share."""
    keras.utils.set_random_seed(0)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data-home"))
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(autouse=True)
def no_internet(monkeypatch):
    """Let nothing be asked of any other machine."""
    resolve = socket.getaddrinfo

    def local_only(host, *args, **options):
        if host not in ("127.0.0.1", "localhost", "::1", None, ""):
            raise socket.gaierror(socket.EAI_NONAME, f"tests stay on this machine: {host}")
        return resolve(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", local_only)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path):
    """The address and folder of an HTTP server on this machine."""
    (tmp_path / "served").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(tmp_path / "served")))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path / "served"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["en", "tr"])
def each_language(request):
    set_language(request.param)
    return request.param


@pytest.fixture
def test_data():
    folder = os.environ.get("TL_TEST_DATA", "")
    if not folder:
        pytest.skip("TL_TEST_DATA is not set: this test needs photographs and ImageNet weights")
    return Path(folder).resolve()


@pytest.fixture
def two_classes(tmp_path):
    """A folder with 20 noisy pictures of each of two classes."""
    random = np.random.default_rng(0)
    for name in ("ants", "bees"):
        (tmp_path / "insects" / name).mkdir(parents=True)
        for i in range(20):
            picture = Image.fromarray(random.integers(0, 256, (40, 50, 3), dtype=np.uint8))
            picture.save(tmp_path / "insects" / name / f"{i:02}.png")
    return tmp_path / "insects"
