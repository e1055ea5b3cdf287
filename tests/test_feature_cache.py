import os
import subprocess
import sys
import time

import numpy as np
import pytest

from tl_helpers import feature_cache
from tl_helpers.messages import CourseError

KEY = "0123456789abcdef"
WRITE = f"""
import numpy as np
from tl_helpers import feature_cache
feature_cache.write("{KEY}", (64, 1024), (np.full((8, 1024), i, "f4") for i in range(8)))
"""


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    return tmp_path / "features"


@pytest.fixture
def array():
    return np.random.default_rng(0).normal(size=(6, 5, 3)).astype("float32")


def kept_file():
    return feature_cache.cache_folder() / f"{KEY}.npy"


def test_what_was_written_in_batches_is_read_whole(array):
    written = feature_cache.write(KEY, array.shape, [array[:4], array[4:]])
    np.testing.assert_array_equal(written, array)
    np.testing.assert_array_equal(feature_cache.read(KEY), array)
    np.testing.assert_array_equal(np.load(kept_file()), array)  # an ordinary NumPy file, with a hash behind


def test_nothing_kept_is_none():
    assert feature_cache.read(KEY) is None


@pytest.mark.parametrize("damage", ["cut", "one_byte", "empty", "longer", "another_array"])
def test_a_broken_file_is_not_trusted_and_deleted(array, damage):
    feature_cache.write(KEY, array.shape, [array])
    content = kept_file().read_bytes()
    changed = {
        "cut": content[:-40],
        "one_byte": content[:200] + bytes([content[200] ^ 1]) + content[201:],
        "empty": b"",
        "longer": content + b"x",
        "another_array": content[:-32] + bytes(32),
    }
    kept_file().write_bytes(changed[damage])
    assert feature_cache.read(KEY) is None
    assert not kept_file().exists()


def test_a_batch_that_fails_leaves_nothing_behind(own_cache, array):
    def batches():
        yield array[:2]
        raise RuntimeError("decoder")

    with pytest.raises(RuntimeError, match="decoder"):
        feature_cache.write(KEY, array.shape, batches())
    assert list(own_cache.iterdir()) == []


def test_an_array_stays_readable_after_its_file_was_evicted(array):
    feature_cache.write(KEY, array.shape, [array])
    kept = feature_cache.read(KEY)
    kept_file().unlink()
    np.testing.assert_array_equal(kept, array)


def test_the_entries_used_longest_ago_make_room(monkeypatch, array):
    monkeypatch.setenv("TL_CACHE_GB", "1.5e-6")  # 1,500 bytes: three of 520
    for age, key in ((30, "aa"), (20, "bb"), (10, "cc")):
        feature_cache.write(key, array.shape, [array])
        if key in ("aa", "bb"):
            old = time.time() - age
            os.utime(feature_cache.cache_folder() / f"{key}.npy", (old, old))
    assert feature_cache.read("aa") is None
    assert feature_cache.read("bb") is not None  # read now, so "cc" is the next to go
    old = time.time() - 5
    os.utime(feature_cache.cache_folder() / "cc.npy", (old, old))
    feature_cache.write("dd", array.shape, [array])
    assert [feature_cache.read(key) is not None for key in ("bb", "cc", "dd")] == [True, False, True]


def test_parts_that_nobody_writes_any_more_are_removed(own_cache, array):
    own_cache.mkdir()
    abandoned, fresh = own_cache / ".aa.1.part", own_cache / ".aa.2.part"
    for part in (abandoned, fresh):
        part.write_bytes(b"half")
    two_days_ago = time.time() - 48 * 3600
    os.utime(abandoned, (two_days_ago, two_days_ago))
    feature_cache.write(KEY, array.shape, [array])
    assert not abandoned.exists()
    assert fresh.exists()


@pytest.mark.parametrize("asked", ["much", "-1", "nan", "inf"])
def test_a_limit_that_is_no_size_is_explained(monkeypatch, asked, each_language):
    monkeypatch.setenv("TL_CACHE_GB", asked)
    with pytest.raises(CourseError, match="TL_CACHE_GB.*0"):
        feature_cache.size_limit()


def test_a_process_killed_while_writing_leaves_no_entry(own_cache):
    killed = WRITE.replace("(np.full", "(i == 5 and os.kill(os.getpid(), 9) or np.full")
    result = subprocess.run([sys.executable, "-c", "import os" + killed], check=False)
    assert result.returncode == -9
    assert [file.suffix for file in own_cache.iterdir()] == [".part"]
    assert feature_cache.read(KEY) is None
    subprocess.run([sys.executable, "-c", WRITE], check=True)
    np.testing.assert_array_equal(feature_cache.read(KEY)[:, 0], np.repeat(np.arange(8), 8))


def test_two_processes_that_write_and_read_the_same_entry_do_not_harm_each_other():
    code = WRITE.replace("feature_cache.write", "for _ in range(60): kept = feature_cache.write") + (
        f'    kept = feature_cache.read("{KEY}")\n'
        "    assert kept is None or (kept[:, 5] == np.repeat(np.arange(8), 8)).all()\n"
    )
    code = code.replace("range(60): kept = ", "range(60):\n    ")
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert feature_cache.read(KEY) is not None


def in_own_mounts(script):
    """Run a shell script that may mount things nobody else sees."""
    try:
        probe = subprocess.run(
            ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare here: a full disk and a read-only folder need mounts of their own")
    if probe.returncode:
        pytest.skip("this user may not mount: a full disk and a read-only folder need mounts of their own")
    return subprocess.run(["unshare", "--mount", "sh", "-ec", script], capture_output=True, text=True, check=False)


def test_a_full_disk_is_an_error_that_leaves_nothing_behind(tmp_path):
    result = in_own_mounts(f"""mount -t tmpfs -o size=100k none {tmp_path}
        {sys.executable} -c '{WRITE}' || true
        ls -A {tmp_path}/features""")
    assert "No space left on device" in result.stderr
    assert result.stdout == ""
    assert result.returncode == 0


def test_entries_of_a_read_only_folder_are_read(tmp_path, array):
    feature_cache.write(KEY, array.shape, [array])
    read = f'from tl_helpers import feature_cache; print(feature_cache.read("{KEY}").sum())'
    result = in_own_mounts(f"""mount --bind {tmp_path} {tmp_path}
        mount -o remount,ro,bind {tmp_path}
        {sys.executable} -c '{read}'
        {sys.executable} -c '{WRITE}'""")
    assert float(result.stdout) == pytest.approx(array.sum(), rel=1e-5)
    assert "Read-only file system" in result.stderr
