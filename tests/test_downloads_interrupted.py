"""Fault drills with real processes: a full or read-only disk, two lessons at once, processes that are killed.

Each ends as those of test_downloads_drills.py do: explained, nothing broken left, and the next run succeeds.
"""

import os
import shutil
import subprocess
import sys
import time
import zipfile

import official_files as official
import pytest
from misbehaving_server import misbehaving_server
from official_files import kept_in, pictures_in

from tl_helpers import downloading
from tl_helpers.editions import SourceError
from tl_helpers.sources import locate_pictures

ARCHIVE = official.CATS_AND_DOGS
NOT_OFFICIAL = "http://127.0.0.1:9"  # nobody listens there
# A lesson's download, in a process of its own; official addresses are out of reach.
LESSON = f"""
import os, signal, sys
from dataclasses import replace
from tl_helpers import registry
from tl_helpers.editions import SourceError
from tl_helpers.messages import set_language
from tl_helpers.sources import locate_pictures

for name, file in registry.FILES.items():
    registry.FILES[name] = replace(file, addresses=(f"{NOT_OFFICIAL}/{{name}}",))

def run(*languages):
    for language in languages:
        set_language(language)
        try:
            print("FOUND", locate_pictures("cats_and_dogs"))
        except SourceError as error:
            print("MISSING", error)
"""
BOTH = f"{LESSON}\nrun('en', 'tr')\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    data = official.drawn_data(tmp_path_factory.mktemp("data"))
    return official.build(data, tmp_path_factory.mktemp("files"), (ARCHIVE,))


@pytest.fixture(scope="module")
def server(files):
    with misbehaving_server(files) as server:
        yield server


@pytest.fixture
def home(tmp_path, monkeypatch, server):
    server.asked.clear()
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def mirror(monkeypatch, server):
    """Return a function that names the mirror's behaviour."""
    return lambda behaviour: monkeypatch.setenv("TL_MIRROR", f"{server.address}/{behaviour}")


def lesson(code=BOTH, **options):
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, **options)


def said_by(process):
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said.splitlines()


def next_run_succeeds(files, home, mirror):
    mirror("good")
    assert locate_pictures("cats_and_dogs") == home / "cats_and_dogs_filtered"
    assert kept_in(home) == pictures_in(files / ARCHIVE)


def until(condition, process):
    """Wait until something is so, while a process runs."""
    while not condition():
        assert process.poll() is None, "the process ended too early"
        time.sleep(0.002)


def test_a_file_that_may_not_grow_is_explained(files, home, mirror):
    mirror("good")
    limit = (files / ARCHIVE).stat().st_size // 2
    code = f"{LESSON}\nimport resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\nrun('en', 'tr')"
    english, turkish = (line for line in said_by(lesson(code)) if line.startswith("MISSING"))
    assert "cannot be written to (File too large): set TL_DATA_HOME" in english
    assert "klasörüne yazılamıyor" in turkish
    assert kept_in(home) == {}
    next_run_succeeds(files, home, mirror)


@pytest.fixture
def own_mounts():
    """Command that gives a process a view of the disks of its own, where it may mount."""
    command = ["unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",))]
    probe = [*command, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    return command


def test_a_full_disk_is_explained_wherever_it_happens_and_room_is_all_that_it_takes(
    own_mounts, files, home, server, tmp_path
):
    (tmp_path / "lesson.py").write_text(BOTH, encoding="utf-8")
    size = (files / ARCHIVE).stat().st_size // 1024
    script = f"""
    run() {{ echo "== $1"; mount -o remount,size=$2 "$TL_DATA_HOME"
             TL_MIRROR={server.address}/$3 {sys.executable} {tmp_path}/lesson.py; find "$TL_DATA_HOME" -type f; }}
    set -e
    mount -t tmpfs -o size=16k tmpfs "$TL_DATA_HOME"
    run seen-before 16k good
    run while-it-comes 16k no-length
    run while-it-is-unpacked {size + 24}k good
    run room 20m good
    """
    said = subprocess.run([*own_mounts, "sh", "-c", script], check=True, capture_output=True, text=True).stdout
    _, *runs = said.split("== ")
    for run in runs[:3]:
        name, *lines = run.splitlines()
        english, turkish = (line for line in lines if line.startswith("MISSING"))
        assert english.startswith("MISSING The disk with"), name
        assert "is full: make room there" in english, name
        assert "disk dolu: orada yer açın" in turkish, name
        assert not [line for line in lines if line.startswith(str(home)) and not line.endswith(".sha256")], name
    assert runs[3].count("FOUND") == 2
    assert sum(line.endswith(".jpg") for line in runs[3].splitlines()) == len(pictures_in(files / ARCHIVE))


def test_a_data_folder_that_is_read_only_is_explained(own_mounts, files, home, mirror, tmp_path):
    mirror("good")
    (tmp_path / "lesson.py").write_text(BOTH, encoding="utf-8")
    script = f'mount -t tmpfs -o ro tmpfs "$TL_DATA_HOME" && {sys.executable} {tmp_path}/lesson.py'
    said = subprocess.run([*own_mounts, "sh", "-c", script], check=True, capture_output=True, text=True).stdout
    english, turkish = (line for line in said.splitlines() if line.startswith("MISSING"))
    assert "cannot be written to (Read-only file system): set TL_DATA_HOME" in english
    assert "yazabildiğiniz bir klasör gösterin" in turkish
    next_run_succeeds(files, home, mirror)


def test_two_lessons_at_once_both_get_whole_pictures(files, home, mirror, server):
    mirror("slow")
    both = [lesson(f"{LESSON}\nrun('en')"), lesson(f"{LESSON}\nrun('tr')")]
    for process in both:
        assert said_by(process)[-1] == f"FOUND {home / 'cats_and_dogs_filtered'}"
    assert kept_in(home) == pictures_in(files / ARCHIVE)
    assert server.asked[f"slow/{ARCHIVE}"] == 2  # neither waited for the other
    next_run_succeeds(files, home, mirror)
    assert server.asked[f"good/{ARCHIVE}"] == 0


def a_day_later(monkeypatch):
    monkeypatch.setattr(downloading, "ABANDONED_AFTER", -1)


def test_a_lesson_killed_while_it_downloads_leaves_nothing_that_the_next_one_takes_for_whole(
    files, home, mirror, monkeypatch
):
    mirror("slow")
    process = lesson()
    until(lambda: any(kept_in(home).values()), process)
    process.kill()
    assert process.wait() == -9
    process.stdout.close()
    assert all(name.endswith(".part") for name in kept_in(home))
    mirror("missing")
    assert [line.split()[0] for line in said_by(lesson()) if line.startswith(("FOUND", "MISSING"))] == ["MISSING"] * 2
    a_day_later(monkeypatch)
    next_run_succeeds(files, home, mirror)


def test_a_lesson_killed_while_it_unpacks_leaves_nothing_that_the_next_one_takes_for_whole(home, monkeypatch, tmp_path):
    with zipfile.ZipFile(tmp_path / ARCHIVE, "w") as archive:
        for split, kind in official.KINDS:
            for i in range(600):
                archive.writestr(f"cats_and_dogs_filtered/{split}/{kind}/{i}.jpg", f"{split} {kind} {i}")
    official.write_manifest(tmp_path)
    with misbehaving_server(tmp_path) as server:
        monkeypatch.setenv("TL_MIRROR", f"{server.address}/good")
        process = lesson()
        until(lambda: any(home.glob(".*.part/*/*/*/0.jpg")), process)
        process.kill()
        assert process.wait() == -9
        process.stdout.close()
        assert not (home / "cats_and_dogs_filtered").exists()
        a_day_later(monkeypatch)
        assert locate_pictures("cats_and_dogs") == home / "cats_and_dogs_filtered"
        assert kept_in(home) == pictures_in(tmp_path / ARCHIVE)


@pytest.mark.parametrize("moment", range(5))
def test_a_lesson_killed_before_or_after_any_change_of_names_is_made_good_by_the_next(
    files, home, mirror, monkeypatch, moment
):
    """What is whole gets its name by ``os.replace``: four times for one data set."""
    mirror("good")
    code = f"""{LESSON}
change, changes = os.replace, []
def change_or_die(*names):
    if len(changes) == {moment}:
        os.kill(os.getpid(), signal.SIGKILL)
    changes.append(names)
    change(*names)
os.replace = change_or_die
run('en')
print(len(changes))
"""
    process = lesson(code)
    said, _ = process.communicate(timeout=120)
    if moment == 4:
        assert said.split()[-1] == "4"
    else:
        assert process.returncode == -9
    a_day_later(monkeypatch)
    next_run_succeeds(files, home, mirror)


def test_pictures_that_were_changed_on_the_disk_are_fetched_again(files, home, mirror, capsys, each_language):
    next_run_succeeds(files, home, mirror)
    victim = home / "cats_and_dogs_filtered" / "train" / "cats" / "cats_0.jpg"
    victim.write_bytes(victim.read_bytes()[:100])
    capsys.readouterr()
    next_run_succeeds(files, home, mirror)
    said = capsys.readouterr().out
    assert ("no longer as it was fetched" if each_language == "en" else "indirildiği gibi değil") in said


def test_a_data_folder_under_a_file_is_explained(files, mirror, monkeypatch, tmp_path, each_language):
    (tmp_path / "file").write_text("in the way")
    mirror("good")
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SourceError, match="cannot be written to" if each_language == "en" else "yazılamıyor"):
        locate_pictures("cats_and_dogs")


@pytest.mark.slow
def test_a_fresh_lesson_with_nothing_set_but_a_broken_mirror_goes_on_in_mini(home, mirror):
    mirror("missing")
    code = "import tl_helpers; print('EDITION', tl_helpers.start('02', 'tr').name)"
    outside = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOT_OFFICIAL)
    here = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "TL_EDITION": "full"}  # nobody outside is asked
    said = said_by(lesson(code, env={**os.environ, **outside, **here}))
    (line,) = (line for line in said if line.endswith("Ders mini sürümde devam ediyor."))
    assert "sunucunun yanıtı: 404" in line
    assert "vekil sunucu geçit vermiyor" in line
    assert said[-1] == "EDITION mini"
    assert kept_in(home) == {}
