"""A server on this machine that misbehaves as its address says: ``http://127.0.0.1:…/cut/flower_photos.tgz``.

The first part of the path names the behaviour, the last one the file. A manifest (SHA256SUMS) is served well unless the
behaviour begins with ``manifest-``; then only the manifest misbehaves.
"""

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from struct import pack
from urllib.parse import urlsplit

from official_server import FileHandler, QuietServer, serving

MANIFEST = "SHA256SUMS"
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Password: <input></body></html>\n"
DRIP_SECONDS = 0.05


class MisbehavingHandler(FileHandler):
    """Serve files well or badly."""

    protocol_version = "HTTP/1.0"  # the end of the connection is the end of the answer

    def respond(self) -> None:
        self.behaviour, _, self.file_name = urlsplit(self.path).path.strip("/").partition("/")
        self.server.asked[f"{self.behaviour}/{self.file_name}"] += 1
        prefix = "manifest-"
        if self.behaviour.startswith(prefix) == (self.file_name == MANIFEST):
            behave = getattr(self, self.behaviour.removeprefix(prefix).replace("-", "_"))
        else:
            behave = self.good
        behave()

    def asked_for(self) -> Path:
        return Path(self.directory) / self.file_name

    @property
    def content(self) -> bytes:
        return self.asked_for().read_bytes()

    def good(self) -> None:
        super().respond()

    def missing(self) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def broken(self) -> None:
        self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)

    def forbidden(self) -> None:
        self.send_error(HTTPStatus.FORBIDDEN)

    def busy(self) -> None:
        self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)

    def proxy_password(self) -> None:
        self.send_error(HTTPStatus.PROXY_AUTHENTICATION_REQUIRED)

    def loop(self) -> None:
        self.redirect(self.path)

    def to_login(self) -> None:
        self.redirect(f"/login/{self.file_name}")

    def redirect(self, target: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def login(self) -> None:
        self.answer(LOGIN_PAGE, kind="text/html")

    def hang_up(self) -> None:
        """Close the connection without a word."""

    def garbage(self) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n")

    def empty(self) -> None:
        self.answer(b"")

    def silent(self) -> None:
        self.server.released.wait()

    def stalled(self) -> None:
        self.answer(self.content[: len(self.content) // 2], length=len(self.content))
        self.wfile.flush()
        self.server.released.wait()

    def cut(self) -> None:
        self.answer(self.content[: len(self.content) // 2], length=len(self.content))

    def reset(self) -> None:
        """Break the connection off half-way as a router does that restarts."""
        self.cut()
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
        self.connection.close()

    def other_content(self) -> None:
        self.answer(bytes(byte ^ 0x55 for byte in self.content))

    def of_others(self) -> None:
        """A list of hashes that does not name our files."""
        self.answer(f"{'0' * 64}  other.zip\n".encode())

    def length_too_small(self) -> None:
        self.answer(self.content, length=len(self.content) - 10)

    def length_too_large(self) -> None:
        self.answer(self.content, length=len(self.content) + 10)

    def no_length(self) -> None:
        self.answer(self.content, length=None)

    def cut_once(self) -> None:
        """Break off the first time, then give the rest from the byte asked for."""
        self.cut() if self.is_first() else self.good()

    def no_range(self) -> None:
        """Break off the first time, then give the whole file whatever part was asked for."""
        self.cut() if self.is_first() else self.answer(self.content)

    def wrong_range(self) -> None:
        """Break off the first time, then give the whole file and call it the part that was asked for."""
        if self.is_first():
            self.cut()
        else:
            self.answer(self.content, status=HTTPStatus.PARTIAL_CONTENT if self.headers.get("Range") else HTTPStatus.OK)

    def drip(self) -> None:
        """Send a byte at a time: slow enough for a small file to take minutes."""
        self.answer(b"", length=len(self.content))
        for byte in self.content:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.server.released.wait(DRIP_SECONDS):
                return

    def slow(self) -> None:
        """Send the file in 40 pieces over two seconds."""
        content = self.content
        self.answer(b"", length=len(content))
        step = len(content) // 40 + 1
        for first in range(0, len(content), step):
            self.wfile.write(content[first : first + step])
            self.wfile.flush()
            time.sleep(DRIP_SECONDS)

    def is_first(self) -> bool:
        return self.server.asked[f"{self.behaviour}/{self.file_name}"] == 1

    def answer(
        self,
        body: bytes,
        length: int | None = -1,
        kind: str = "application/octet-stream",
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        """Send a body; its length as it is (-1), or as given, or (None) not at all."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length == -1 else length))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def misbehaving_server(folder: Path) -> Iterator[QuietServer]:
    """Serve a folder badly meanwhile. The server's ``asked`` counts requests by behaviour and file."""
    with serving(MisbehavingHandler, folder) as server:
        server.asked = Counter()
        server.released = threading.Event()
        try:
            yield server
        finally:
            server.released.set()


@contextmanager
def server_of_the_future(folder: Path, secrets: Path) -> Iterator[tuple[QuietServer, Path]]:
    """Serve a folder over TLS with a certificate that is valid from next year on: to the client, a wrong clock.

    Gives the server and the file of the certificate, which the client must trust.
    """
    certificate, key = certificate_of_the_future(secrets)
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(FileHandler, folder) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.address = server.address.replace("http:", "https:")
        yield server, certificate


def certificate_of_the_future(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that is not valid before next year, and its key."""
    (folder / "index.txt").touch()
    (folder / "ca.cnf").write_text(CA_SETTINGS.format(folder=folder), encoding="utf-8")
    start = datetime.now(UTC) + timedelta(days=365)
    first, last = (f"{start + timedelta(days=days):%Y%m%d%H%M%SZ}" for days in (0, 30))
    key, request, certificate = (folder / name for name in ("key.pem", "request.pem", "certificate.pem"))
    settings = ["-config", folder / "ca.cnf"]
    make_request = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, *settings]
    sign = ["ca", "-selfsign", "-batch", "-notext", "-in", request, "-keyfile", key, "-out", certificate, *settings]
    sign += ["-outdir", folder, "-startdate", first, "-enddate", last]
    for command in (make_request, sign):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    return certificate, key


CA_SETTINGS = """
[req]
distinguished_name = name
prompt = no
[name]
CN = 127.0.0.1
[ca]
default_ca = own
[own]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = IP:127.0.0.1
basicConstraints = critical, CA:TRUE
"""
