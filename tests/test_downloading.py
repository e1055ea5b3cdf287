"""One published file: fetched, checked, kept, fetched again; from the school's mirror or its addresses."""

import base64
import errno
import os
import re
import ssl
import time
from dataclasses import replace
from hashlib import md5, sha256
from types import SimpleNamespace

import pytest
import requests
from urllib3.exceptions import NewConnectionError, ProtocolError, ReadTimeoutError

from tl_helpers import http_download, registry
from tl_helpers.download_faults import DownloadError, explain, is_fault
from tl_helpers.downloading import downloads_folder, fetch, fetch_first
from tl_helpers.editions import SourceError
from tl_helpers.file_checks import check_file
from tl_helpers.http_download import download
from tl_helpers.messages import CourseError
from tl_helpers.registry import CLASS_INDEX, HDF5, RemoteFile
from tl_helpers.sha256sums import sums_of

NAME = CLASS_INDEX.name
CONTENT = b'{"0": ["n01440764", "tench"]}'


def sums(**files):
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items())


@pytest.fixture
def official(server, monkeypatch, tmp_path):
    """The folder of the only official address of one small file."""
    address, folder = server
    (folder / "official").mkdir()
    (folder / "official" / NAME).write_bytes(CONTENT)
    digest = f"md5:{md5(CONTENT).hexdigest()}"
    file = RemoteFile((f"{address}/official/{NAME}",), len(CONTENT), digest)
    monkeypatch.setitem(registry.FILES, NAME, file)
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))
    return folder / "official"


@pytest.fixture
def mirror(server, official, monkeypatch):
    """The folder of a mirror with a smaller file of its own."""
    address, folder = server
    (folder / "mirror").mkdir()
    (folder / "mirror" / NAME).write_bytes(b"{}")
    (folder / "mirror" / "SHA256SUMS").write_text(sums(**{NAME: b"{}"}))
    monkeypatch.setenv("TL_MIRROR", f"{address}/mirror/")
    return folder / "mirror"


def test_a_file_is_fetched_once_and_listed_with_its_hash(official, capsys):
    file = fetch(NAME)
    assert file.read_bytes() == CONTENT
    assert sorted(path.name for path in downloads_folder().iterdir()) == [NAME, f"{NAME}.sha256"]
    assert sums_of(file).read_text() == sums(**{NAME: CONTENT})
    assert NAME in capsys.readouterr().out
    (official / NAME).unlink()
    assert fetch(NAME) == file
    assert capsys.readouterr().out == ""


def test_a_file_that_was_damaged_is_fetched_again_and_this_is_said(official, capsys, each_language):
    fetch(NAME).write_bytes(CONTENT[:-1] + b"x")
    assert fetch(NAME).read_bytes() == CONTENT
    assert ("fetched again" if each_language == "en" else "yeniden indiriliyor") in capsys.readouterr().out


def test_a_file_that_somebody_put_there_must_be_the_published_one(official):
    downloads_folder().mkdir(parents=True)
    (downloads_folder() / NAME).write_bytes(CONTENT)
    (official / NAME).rename(official / "away")
    assert fetch(NAME).read_bytes() == CONTENT
    (downloads_folder() / NAME).write_bytes(b"something else")
    (official / "away").rename(official / NAME)
    assert fetch(NAME).read_bytes() == CONTENT


def test_a_mirror_is_asked_first_and_trusted_by_its_own_list(mirror, official):
    (official / NAME).unlink()
    assert fetch(NAME).read_bytes() == b"{}"
    assert fetch(NAME).read_bytes() == b"{}"


MIRRORS = {
    "no list": (None, "no list of hashes SHA256SUMS .*404", "özet listesi yok .*404"),
    "no hashes": ("see our wiki", "is no list of hashes", "bir özet listesi değil"),
    "other files": (sums(other=b"x"), f"does not name {NAME}", f"listesinde {NAME} yok"),
    "another hash": (sums(**{NAME: b"x"}), "its sha256 is another", "sha256 değeri başka"),
}


@pytest.mark.parametrize("fault", MIRRORS)
def test_a_mirror_that_vouches_for_nothing_is_refused_and_the_official_address_asked(
    mirror, capsys, fault, each_language
):
    listed, *said = MIRRORS[fault]
    if listed is None:
        (mirror / "SHA256SUMS").unlink()
    else:
        (mirror / "SHA256SUMS").write_text(listed)
    assert fetch(NAME).read_bytes() == CONTENT
    printed = " ".join(capsys.readouterr().out.split())
    assert re.search(said[each_language == "tr"], printed), printed


def test_a_list_may_have_been_made_on_windows(mirror):
    text = sums(**{NAME: b"{}"}).replace("  ", " *").replace("\n", "\r\n").upper().replace(NAME.upper(), NAME)
    (mirror / "SHA256SUMS").write_text(text, encoding="utf-8-sig", newline="")
    assert fetch(NAME).read_bytes() == b"{}"


def test_where_nobody_has_the_file_each_address_says_why(mirror, official, server, each_language):
    (mirror / NAME).unlink()
    (official / NAME).write_bytes(CONTENT + b" ")
    with pytest.raises(SourceError, match=f"{NAME}.*404.*{len(CONTENT) + 1}") as error:
        fetch(NAME)
    assert str(error.value).count(server[0].removeprefix("http://")) == 2
    assert list(downloads_folder().iterdir()) == []


def test_of_files_that_serve_equally_the_mirrors_comes_before_the_internet(mirror, monkeypatch):
    far = RemoteFile(("http://127.0.0.1:9/better.json",), 5, "md5:" + "0" * 32)
    monkeypatch.setitem(registry.FILES, "better.json", far)
    assert fetch_first(("better.json", NAME)).read_bytes() == b"{}"


@pytest.mark.parametrize("value", ["school.example", "ftp://school.example/course", "file:///srv/course", "https://"])
def test_a_mirror_that_is_no_address_is_explained(official, monkeypatch, value, each_language):
    monkeypatch.setenv("TL_MIRROR", value)
    with pytest.raises(CourseError, match="TL_MIRROR") as error:
        fetch(NAME)
    assert not isinstance(error.value, SourceError)


def test_a_full_disk_is_said_before_anything_is_written_and_no_other_address_asked(
    mirror, monkeypatch, capsys, each_language
):
    monkeypatch.setattr(http_download.shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    with pytest.raises(SourceError, match="is full.*TL_DATA_HOME|dolu.*TL_DATA_HOME"):
        fetch(NAME)
    assert capsys.readouterr().out == ""


def test_half_a_download_is_removed_after_a_day(official):
    downloads_folder().mkdir(parents=True)
    old, new = (downloads_folder() / f".{name}.part" for name in ("old", "new"))
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    fetch(NAME)
    assert (old.exists(), new.exists()) == (False, True)


def arrival(tmp_path, monkeypatch, seconds, size=0, shown=None):
    """A download that began some seconds ago; what its line shows goes into a list."""
    monkeypatch.setattr(http_download, "monotonic", lambda: 0.0)
    line = SimpleNamespace(show=shown.append) if shown is not None else None
    begun = http_download._Arrival("a.zip", size, 10**9, tmp_path, line)
    monkeypatch.setattr(http_download, "monotonic", lambda: seconds)
    return begun


def test_the_line_says_how_far_it_is_and_how_long_it_will_take(tmp_path, monkeypatch, each_language):
    shown = []
    begun = arrival(tmp_path, monkeypatch, 10.0, 20_000_000, shown)
    for begun.done in (5_000_000, 20_000_000):
        begun.update(1)
    expected = {
        "en": ["a.zip: 5.0 of 20.0 MB · 0.5 MB/s · 30 s left", "a.zip: 20.0 MB in 10 s · 2.0 MB/s"],
        "tr": ["a.zip: 5,0 / 20,0 MB · 0,5 MB/sn · kalan 30 sn", "a.zip: 10 saniyede 20,0 MB · 2,0 MB/sn"],
    }
    assert shown == expected[each_language]


def test_where_nobody_says_the_size_the_line_says_what_has_come(tmp_path, monkeypatch):
    shown = []
    begun = arrival(tmp_path, monkeypatch, 2.0, 0, shown)
    begun.done = 3_000_000
    begun.update(1)
    assert shown == ["a.zip: 3.0 MB · 1.5 MB/s"]


@pytest.mark.parametrize(("seconds", "done", "stops"), [(61, 60_000, True), (61, 62_000, False), (59, 0, False)])
def test_a_server_that_drips_is_given_up(tmp_path, monkeypatch, seconds, done, stops, each_language):
    begun = arrival(tmp_path, monkeypatch, float(seconds))
    begun.done = done
    if stops:
        with pytest.raises(DownloadError, match="too slow|çok yavaş"):
            begun._check_rate()
    else:
        begun._check_rate()


def test_the_rate_counts_from_minute_to_minute(tmp_path, monkeypatch):
    begun = arrival(tmp_path, monkeypatch, 61.0)
    begun.done = 50_000_000
    begun._check_rate()
    monkeypatch.setattr(http_download, "monotonic", lambda: 125.0)
    begun.done += 1000
    with pytest.raises(DownloadError):
        begun._check_rate()


def test_a_file_of_unknown_size_may_not_be_endless(server, tmp_path):
    (server[1] / "large").write_bytes(bytes(5000))
    with pytest.raises(DownloadError, match="5,000 bytes"):
        download(f"{server[0]}/large", tmp_path / "large", largest=4000)


def test_the_hash_that_a_server_states_counts_where_none_is_published(tmp_path, each_language):
    begun = http_download._Arrival("a.h5", 0, 1, tmp_path, None)
    md5_of = base64.b64encode(md5(HDF5).digest()).decode()
    begun.response = SimpleNamespace(headers={"x-goog-hash": f"crc32c=AAAAAA==, md5={md5_of}"}, close=lambda: None)
    file = tmp_path / "a.h5"
    file.write_bytes(HDF5)
    remote = RemoteFile(("https://example.org/a.h5",), len(HDF5), begins=HDF5)
    check_file(file, remote, begun.stated_digest())
    file.write_bytes(HDF5[:-1] + b"x")
    with pytest.raises(DownloadError, match="md5"):
        check_file(file, remote, begun.stated_digest())
    with pytest.raises(DownloadError, match="of this kind|bu türden"):
        check_file(file, remote)
    begun.response.headers["x-goog-hash"] = "md5=?"
    assert begun.stated_digest() == ""


def test_a_published_hash_counts_more_than_one_that_a_server_states(tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    remote = RemoteFile(("https://example.org/a",), 7, f"sha256:{sha256(b'other').hexdigest()}")
    with pytest.raises(DownloadError, match="sha256"):
        check_file(tmp_path / "a", remote, f"md5:{md5(b'content').hexdigest()}")


def answer(status):
    return requests.HTTPError(response=SimpleNamespace(status_code=status))


FAULTS = [
    (answer(403), "let us in", "içeri almıyor"),
    (answer(404), "404, the file is not there", "404, dosya orada yok"),
    (answer(418), "418", "418"),
    (answer(500), "wrong there", "bir şey bozuk"),
    (answer(503), "too much to do", "çok yoğun"),
    (requests.TooManyRedirects(), "in circles", "döndürüp duruyor"),
    (requests.exceptions.ProxyError(), "HTTP_PROXY", "HTTP_PROXY"),
    (requests.exceptions.SSLError(ssl.SSLError("certificate is not yet valid")), "clock", "saati yanlış"),
    (requests.exceptions.SSLError(ssl.SSLError("certificate has expired")), "has expired", "süresi dolmuş"),
    (requests.exceptions.SSLError(ssl.SSLError("self-signed certificate")), "not trusted", "güvenilmiyor"),
    (requests.ConnectTimeout(), "fell silent", "sustu"),
    (requests.ConnectionError(ReadTimeoutError(None, "", "Read timed out.")), "fell silent", "sustu"),
    (requests.exceptions.ChunkedEncodingError(ProtocolError("Connection broken")), "cut off", "kesildi"),
    (requests.ConnectionError(ProtocolError("Connection aborted.")), "cut off", "kesildi"),
    (requests.ConnectionError(NewConnectionError(None, "refused")), "no network", "ağ bağlantısı yok"),
    (DownloadError("downloads.web_page"), "login page", "giriş sayfası"),
]


@pytest.mark.parametrize(("error", "english", "turkish"), FAULTS, ids=[repr(fault[0])[:40] for fault in FAULTS])
def test_every_fault_of_a_network_is_explained(error, english, turkish, each_language):
    if isinstance(error, DownloadError):
        error = DownloadError(error.key)  # in the language of now
    assert is_fault(error)
    assert (english if each_language == "en" else turkish) in explain(error)


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "full"), PermissionError(13, "no"), SourceError("people.no_pyarrow")]
)
def test_what_is_wrong_here_is_no_fault_of_an_address(error):
    assert not is_fault(error)


def test_an_entry_of_the_registry_is_not_changed_by_a_mirror(mirror):
    before = replace(registry.FILES[NAME])
    fetch(NAME)
    assert registry.FILES[NAME] == before
