"""Archives are unpacked whole, only what is needed, and nothing of them gets out of its folder."""

import io
import stat
import tarfile
import zipfile
from hashlib import sha256

import pytest

from tl_helpers import unpacking
from tl_helpers.download_faults import DownloadError
from tl_helpers.unpacking import unpack_classes

CLASSES = ("cats", "dogs")
PLAIN = {"photos/cats/1.jpg": b"cat one", "photos/cats/2.jpg": b"cat two", "photos/dogs/1.jpg": b"dog"}


def make_zip(file, contents):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file


def make_tar(file, contents, mode="w:gz", extra=()):
    with tarfile.open(file, mode) as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in extra:
            archive.addfile(info)
    return file


def make_plain_tar(file, contents):
    return make_tar(file, contents, "w")


MAKERS = [make_zip, make_tar, make_plain_tar]


def unpacked(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("make", MAKERS)
def test_only_class_folders_and_the_licence_are_unpacked_and_hashed(tmp_path, make):
    more = {"photos/birds/1.jpg": b"bird", "photos/LICENSE.txt": b"CC BY", "photos/.DS_Store": b"x", "read.me": b"x"}
    archive = make(tmp_path / "archive", {**PLAIN, **more, "photos/cats/.hidden": b"x"})
    sums = unpack_classes(archive, tmp_path / "new", CLASSES)
    found = unpacked(tmp_path / "new")
    assert set(found) == {"cats/1.jpg", "cats/2.jpg", "dogs/1.jpg", "LICENSE.txt"}
    assert sums == {f"new/{name}": sha256(content).hexdigest() for name, content in found.items()}


@pytest.mark.parametrize("prefix", ["", "photos/", "deep/down/photos/"])
@pytest.mark.parametrize("make", MAKERS)
def test_class_folders_are_found_wherever_they_lie(tmp_path, make, prefix):
    contents = {prefix + name.removeprefix("photos/"): content for name, content in PLAIN.items()}
    unpack_classes(make(tmp_path / "archive", contents), tmp_path / "new", CLASSES)
    assert set(unpacked(tmp_path / "new")) == {"cats/1.jpg", "cats/2.jpg", "dogs/1.jpg"}


def test_a_division_into_training_and_validation_is_kept(tmp_path):
    contents = {f"top/{split}/{kind}/1.jpg": b"x" for split in ("train", "validation") for kind in CLASSES}
    unpack_classes(make_zip(tmp_path / "archive", contents), tmp_path / "new", CLASSES)
    assert set(unpacked(tmp_path / "new")) == {name.removeprefix("top/") for name in contents}


OUTSIDE = [
    "../evil",
    "photos/cats/../../../evil",
    "/tmp/evil",
    "photos\\..\\..\\evil",
    "C:/evil",
    "photos/cats/a\nb.jpg",
]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("make", MAKERS)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path, make, name, each_language):
    archive = make(tmp_path / "inner.archive", {**PLAIN, name: b"evil"})
    with pytest.raises(DownloadError, match="outside its folder|dışına yazabilir"):
        unpack_classes(archive, tmp_path / "inner" / "new", CLASSES)
    assert not (tmp_path / "inner").exists()
    assert not (tmp_path / "evil").exists()


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path, kind):
    archive = make_tar(tmp_path / "a.tar", PLAIN, extra=[special("photos/cats/3.jpg", kind, "/etc/passwd")])
    with pytest.raises(DownloadError, match=r"photos/cats/3\.jpg"):
        unpack_classes(archive, tmp_path / "new", CLASSES)


def test_a_class_folder_that_is_a_link_brings_nothing(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = special("photos/dogs", tarfile.SYMTYPE, str(tmp_path / "elsewhere"))
    archive = make_tar(tmp_path / "a.tar", {"photos/cats/1.jpg": b"cat"}, extra=[link])
    with pytest.raises(DownloadError, match="no folders cats, dogs"):
        unpack_classes(archive, tmp_path / "new", CLASSES)


def test_a_link_in_a_zip_is_refused(tmp_path):
    archive = make_zip(tmp_path / "a.zip", PLAIN)
    with zipfile.ZipFile(archive, "a") as opened:
        link = zipfile.ZipInfo("photos/cats/3.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "/etc/passwd")
    with pytest.raises(DownloadError, match=r"photos/cats/3\.jpg"):
        unpack_classes(archive, tmp_path / "new", CLASSES)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("make", MAKERS)
def test_a_name_that_is_there_twice_is_refused(tmp_path, make):
    archive = make(tmp_path / "archive", {**PLAIN, "photos/cats/./1.jpg": b"another"})
    with pytest.raises(DownloadError, match=r"photos/cats/1\.jpg"):
        unpack_classes(archive, tmp_path / "new", CLASSES)


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, make, monkeypatch, each_language):
    monkeypatch.setattr(unpacking, "READ_AT_ONCE", 1000)  # what a small archive may always unpack to, by the ratio
    archive = make(tmp_path / "archive", {**PLAIN, "photos/cats/3.jpg": bytes(2_000_000)})
    assert archive.stat().st_size < 20_000
    with pytest.raises(DownloadError, match="far more|çok daha fazla"):
        unpack_classes(archive, tmp_path / "new", CLASSES)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("limit", "value"), [("MOST_BYTES", 10), ("MOST_FILES", 2)])
@pytest.mark.parametrize("make", MAKERS)
def test_there_are_limits_to_bytes_and_files(tmp_path, make, monkeypatch, limit, value):
    archive = make(tmp_path / "archive", PLAIN)
    unpack_classes(archive, tmp_path / "allowed", CLASSES)
    monkeypatch.setattr(unpacking, limit, value)
    with pytest.raises(DownloadError, match="far more"):
        unpack_classes(archive, tmp_path / "new", CLASSES)


def test_a_header_as_large_as_a_disk_is_not_read(tmp_path):
    header = special("photos/cats/long", tarfile.GNUTYPE_LONGNAME)
    header.size = 10**11
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.fileobj.write(header.tobuf(tarfile.GNU_FORMAT))
    with pytest.raises(DownloadError):
        unpack_classes(tmp_path / "a.tar", tmp_path / "new", CLASSES)


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {**PLAIN, "photos/cats/3.jpg": bytes(5000)})
    content = archive.read_bytes()
    assert content.count((5000).to_bytes(4, "little")) == 2  # in the local header and in the directory
    archive.write_bytes(content.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    with pytest.raises(DownloadError):
        unpack_classes(archive, tmp_path / "new", CLASSES)


@pytest.mark.parametrize("make", MAKERS)
def test_half_an_archive_is_broken(tmp_path, make):
    archive = make(tmp_path / "archive", {**PLAIN, "photos/dogs/2.jpg": b"dog" * 9999})
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(DownloadError):
        unpack_classes(archive, tmp_path / "new", CLASSES)


def test_a_damaged_byte_in_a_zip_is_found(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {})
    with zipfile.ZipFile(archive, "w") as opened:  # stored as it is
        for name, content in PLAIN.items():
            opened.writestr(name, content)
    archive.write_bytes(archive.read_bytes().replace(b"cat two", b"cat tow"))
    with pytest.raises(DownloadError, match="broken"):
        unpack_classes(archive, tmp_path / "new", CLASSES)


def test_something_else_than_an_archive_is_broken(tmp_path, each_language):
    (tmp_path / "a.zip").write_bytes(b"<html>no archive</html>" * 100)
    with pytest.raises(DownloadError, match="broken|bozuk"):
        unpack_classes(tmp_path / "a.zip", tmp_path / "new", CLASSES)
