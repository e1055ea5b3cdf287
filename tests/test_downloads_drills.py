"""Fault drills: whatever goes wrong with a download, the reader is told in one sentence, the lesson goes on, nothing
broken stays behind, and the next run with a good server succeeds."""

import shutil
from hashlib import sha256

import official_files as official
import pytest
from misbehaving_server import misbehaving_server, server_of_the_future
from official_files import kept_in, pictures_in

import tl_helpers
from tl_helpers import http_download, registry
from tl_helpers.downloading import fetch
from tl_helpers.editions import SourceError
from tl_helpers.messages import message
from tl_helpers.registry import RemoteFile
from tl_helpers.sources import locate_pictures

ARCHIVE = official.CATS_AND_DOGS
DEAD = "http://127.0.0.1:9"  # the discard port: nobody listens
# What the server does → what the reader is told, in English and Turkish.
EXPLAINED = {
    "missing": ("the server answered 404", "sunucunun yanıtı: 404"),
    "broken": ("the server answered 500", "sunucunun yanıtı: 500"),
    "busy": ("the server answered 503, it has too much to do", "sunucunun yanıtı: 503, sunucu çok yoğun"),
    "forbidden": ("the server answered 403, it does not let us in", "sunucunun yanıtı: 403, bizi içeri almıyor"),
    "proxy-password": ("the proxy does not let us through", "vekil sunucu geçit vermiyor"),
    "loop": ("sends us round in circles", "döndürüp duruyor"),
    "silent": ("the server fell silent", "sunucu sustu"),
    "stalled": ("the server fell silent", "sunucu sustu"),
    "cut": ("the connection was cut off in the middle", "bağlantı yarıda kesildi"),
    "reset": ("the connection was cut off in the middle", "bağlantı yarıda kesildi"),
    "hang-up": ("the connection was cut off in the middle", "bağlantı yarıda kesildi"),
    "garbage": ("the connection was cut off in the middle", "bağlantı yarıda kesildi"),
    "drip": ("the connection is too slow", "bağlantı çok yavaş"),
    "other-content": ("what came is not the published file", "gelen, yayımlanan dosya değil"),
    "length-too-small": ("bytes came, expected", "bayt geldi, beklenen"),
    "length-too-large": ("bytes came, expected", "bayt geldi, beklenen"),
    "empty": ("0 bytes came, expected", "0 bayt geldi, beklenen"),
    "login": ("a web page came instead of the file, perhaps a login page", "belki bir giriş sayfası"),
    "to-login": ("a web page came instead of the file, perhaps a login page", "belki bir giriş sayfası"),
}
# The same for a school's mirror, whose list of hashes is all that is known of a file, or misbehaves itself.
EXPLAINED_MIRROR = {
    "missing": ("the server answered 404", "sunucunun yanıtı: 404"),
    "cut": ("the connection was cut off in the middle", "bağlantı yarıda kesildi"),
    "other-content": ("what came is not the published file", "gelen, yayımlanan dosya değil"),
    "length-too-small": ("what came is not the published file", "gelen, yayımlanan dosya değil"),
    "length-too-large": ("the connection was cut off in the middle", "bağlantı yarıda kesildi"),
    "login": ("perhaps a login page", "belki bir giriş sayfası"),
    "manifest-missing": ("the mirror has no list of hashes", "yansı sunucuda SHA256SUMS özet listesi yok"),
    "manifest-silent": ("the server fell silent", "sunucu sustu"),
    "manifest-drip": ("the connection is too slow", "bağlantı çok yavaş"),
    "manifest-login": ("perhaps a login page", "belki bir giriş sayfası"),
    "manifest-other-content": ("is no list of hashes", "bir özet listesi değil"),
    "manifest-of-others": ("does not name cats_and_dogs_filtered.zip", "listesinde cats_and_dogs_filtered.zip yok"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A few drawn cats and dogs in the official archive, and the class index."""
    data = official.drawn_data(tmp_path_factory.mktemp("data"))
    return official.build(data, tmp_path_factory.mktemp("files"), (ARCHIVE, official.CLASS_INDEX))


@pytest.fixture(scope="module")
def server(files):
    with misbehaving_server(files) as server:
        yield server


@pytest.fixture(autouse=True)
def impatient(monkeypatch, server, tmp_path):
    """Little patience with what drips, a data folder of the test's own, the full edition, and no proxy."""
    monkeypatch.setattr(http_download, "PATIENCE_SECONDS", 0.4)
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TL_EDITION", "full")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server.asked.clear()


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def behaviour(request, monkeypatch):
    """What a server does. It is waited for a second at most where it would never answer."""
    if request.param.endswith(("silent", "stalled")):
        monkeypatch.setattr(http_download, "TIMEOUT_SECONDS", 1.0)
    return request.param


@pytest.fixture
def publish(monkeypatch, files):
    """Return a function that lets files be published in these folders, in order of preference."""

    def publish(*folders, name=ARCHIVE):
        content = (files / name).read_bytes()
        addresses = tuple(f"{folder}/{name}" for folder in folders)
        remote = RemoteFile(addresses, len(content), f"sha256:{sha256(content).hexdigest()}")
        monkeypatch.setitem(registry.FILES, name, remote)

    return publish


def lesson_goes_on_in_mini(language, capsys, home):
    """Start a lesson; return the one line that says why it is not in the full edition."""
    capsys.readouterr()
    assert tl_helpers.start("02", language).name == "mini"
    (line,) = [
        line
        for line in capsys.readouterr().out.splitlines()
        if line.endswith(message("session.mini_instead", reason="").strip())
    ]
    assert kept_in(home) == {}
    assert not list(home.glob("*.part"))
    return line


def next_run_succeeds(files, home):
    assert locate_pictures("cats_and_dogs") == home / "cats_and_dogs_filtered"
    assert kept_in(home) == pictures_in(files / ARCHIVE)


@pytest.mark.parametrize("behaviour", EXPLAINED, indirect=True)
def test_a_fault_of_the_only_address_is_explained_and_the_lesson_goes_on(
    publish, server, files, home, behaviour, each_language, capsys
):
    publish(f"{server.address}/{behaviour}")
    line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert EXPLAINED[behaviour][each_language == "tr"] in line
    assert ARCHIVE in line
    publish(f"{server.address}/good")
    next_run_succeeds(files, home)


@pytest.mark.parametrize("behaviour", EXPLAINED, indirect=True)
def test_where_one_address_misbehaves_the_next_one_is_asked(
    publish, server, files, home, behaviour, each_language, capsys
):
    publish(f"{server.address}/{behaviour}", f"{server.address}/good")
    next_run_succeeds(files, home)
    assert EXPLAINED[behaviour][each_language == "tr"] in capsys.readouterr().out


@pytest.mark.parametrize("behaviour", EXPLAINED_MIRROR, indirect=True)
def test_a_mirror_that_misbehaves_is_explained_and_official_addresses_are_asked(
    publish, server, files, home, behaviour, each_language, capsys, monkeypatch
):
    monkeypatch.setenv("TL_MIRROR", f"{server.address}/{behaviour}")
    publish(DEAD)
    line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert EXPLAINED_MIRROR[behaviour][each_language == "tr"] in line
    publish(f"{server.address}/good")
    next_run_succeeds(files, home)
    assert EXPLAINED_MIRROR[behaviour][each_language == "tr"] in capsys.readouterr().out


def test_a_mirror_that_is_good_again_serves_the_next_run(publish, server, files, home, capsys, monkeypatch):
    publish(DEAD)
    monkeypatch.setenv("TL_MIRROR", f"{server.address}/other-content")
    lesson_goes_on_in_mini("en", capsys, home)
    monkeypatch.setenv("TL_MIRROR", f"{server.address}/good/")
    next_run_succeeds(files, home)


@pytest.mark.parametrize("behaviour", ["cut-once", "no-range", "wrong-range"], indirect=True)
def test_after_a_cut_the_next_run_gets_the_whole_file_with_ranges_or_without(
    publish, server, files, home, behaviour, each_language, capsys
):
    publish(f"{server.address}/{behaviour}")
    line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert EXPLAINED["cut"][each_language == "tr"] in line
    next_run_succeeds(files, home)


def test_a_server_that_states_no_length_is_no_fault(publish, server, files, home):
    publish(f"{server.address}/no-length")
    next_run_succeeds(files, home)


def test_a_slow_server_is_waited_for_as_long_as_it_goes_on(publish, server, files, home):
    publish(f"{server.address}/slow")  # two seconds, five times as long as the others are waited for
    next_run_succeeds(files, home)


@pytest.mark.parametrize("behaviour", ["login", "cut", "other-content"], indirect=True)
def test_a_file_that_is_no_archive_is_never_kept_half_or_wrong(publish, server, files, home, behaviour, each_language):
    name = official.CLASS_INDEX
    publish(f"{server.address}/{behaviour}", name=name)
    with pytest.raises(SourceError) as error:
        fetch(name)
    assert EXPLAINED[behaviour][each_language == "tr"] in str(error.value)
    assert kept_in(home) == {}
    publish(f"{server.address}/good", name=name)
    assert fetch(name).read_bytes() == (files / name).read_bytes()


@pytest.fixture
def secrets(tmp_path):
    """An empty folder for a certificate and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here, which makes the certificate")
    (tmp_path / "secrets").mkdir()
    return tmp_path / "secrets"


def test_a_clock_that_is_wrong_is_named(publish, files, home, secrets, each_language, capsys, server, monkeypatch):
    with server_of_the_future(files, secrets) as (future, certificate):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        publish(future.address)
        line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert ("this computer's clock must be wrong" if each_language == "en" else "bilgisayarın saati yanlış") in line
    publish(f"{server.address}/good")
    next_run_succeeds(files, home)


def test_a_certificate_that_nobody_trusts_is_not_taken_for_a_wrong_clock(
    publish, files, home, secrets, each_language, capsys
):
    with server_of_the_future(files, secrets) as (future, _):
        publish(future.address)
        line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert ("certificate is not trusted" if each_language == "en" else "sertifikasına güvenilmiyor") in line


def use_proxy(monkeypatch, address, bypass=""):
    for name, value in (("HTTP_PROXY", address), ("HTTPS_PROXY", address), ("NO_PROXY", bypass)):
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.lower(), value)


def test_a_proxy_that_is_not_there_is_named_and_an_exception_from_it_helps(
    publish, server, files, home, each_language, capsys, monkeypatch
):
    publish(f"{server.address}/good")
    use_proxy(monkeypatch, DEAD)
    line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert EXPLAINED["proxy-password"][each_language == "tr"] in line
    use_proxy(monkeypatch, DEAD, bypass="127.0.0.1")
    next_run_succeeds(files, home)


def test_a_proxy_that_works_is_used(publish, server, files, home, monkeypatch):
    publish("http://school.invalid/good")  # a name that no machine has
    use_proxy(monkeypatch, server.address)
    next_run_succeeds(files, home)


def test_without_network_the_lesson_goes_on(publish, server, files, home, each_language, capsys):
    publish(DEAD)
    line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert ("no network connection" if each_language == "en" else "ağ bağlantısı yok") in line
    publish("http://school.invalid")
    line = lesson_goes_on_in_mini(each_language, capsys, home)
    assert ("no network connection" if each_language == "en" else "ağ bağlantısı yok") in line
    publish(f"{server.address}/good")
    next_run_succeeds(files, home)
