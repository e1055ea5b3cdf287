"""A server on this machine for files of the official formats; a school's mirror looks the same.

``python tests/official_server.py FOLDER_OF_TEST_DATA --port 8765`` makes the files and serves them, until stopped;
then ``TL_MIRROR=http://127.0.0.1:8765`` is all that a lesson needs.
"""

import argparse
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from official_files import NAMES, build


class FileHandler(SimpleHTTPRequestHandler):
    """Serve the files of one folder, whole or from a byte onwards, as the official addresses do."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self.respond()

    def respond(self) -> None:
        file = self.asked_for()
        if not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        size = file.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first = int(asked[1]) if asked else 0
        if first >= size > 0:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        last = min(int(asked[2]) if asked and asked[2] else size - 1, size - 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK)
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        with file.open("rb") as stream:
            stream.seek(first)
            self.send_body(stream.read(last - first + 1) if asked and asked[2] else stream)

    def send_body(self, content: object) -> None:
        if isinstance(content, bytes):
            self.wfile.write(content)
        else:
            self.copyfile(content, self.wfile)

    def asked_for(self) -> Path:
        return Path(self.translate_path(self.path))

    def log_message(self, *_: object) -> None:
        pass


class QuietServer(ThreadingHTTPServer):
    """A server that does not complain of clients that go away."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(handler: type, folder: Path, port: int = 0) -> Iterator[QuietServer]:
    """Serve a folder on 127.0.0.1 meanwhile; give the server, whose ``address`` names it."""
    server = QuietServer(("127.0.0.1", port), partial(handler, directory=str(folder)))
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def official_server(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder of official files meanwhile, and give the address for TL_MIRROR."""
    with serving(FileHandler, folder, port) as server:
        yield server.address


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with photos/ and weights/, as TL_TEST_DATA")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--out", type=Path, help="keep the files here for the next time (else in a temporary folder)")
    parser.add_argument("--only", nargs="*", default=NAMES, choices=NAMES, help="make only these files")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = build(chosen.data, chosen.out or Path(temporary), chosen.only)
        with official_server(folder, chosen.port) as address:
            print(f"TL_MIRROR={address}", flush=True)
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                print()


if __name__ == "__main__":
    main()
