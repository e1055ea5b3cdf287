"""The box in which submissions run: what it holds back, which limits end a run, and that nothing is left of it."""

import dataclasses
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tl_helpers.grading.teacher import boxed, bubblewrap, sandbox, users
from tl_helpers.grading.teacher.boxes import remove_box
from tl_helpers.grading.teacher.processes import MARK
from tl_helpers.grading.teacher.protections import BoxError, Protections
from tl_helpers.grading.teacher.sandbox import Limits, protections, readable_paths, run_in_box
from tl_helpers.grading.teacher.watching import Watch

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="submissions are not run on Windows"),
]

LIMITS = Limits(seconds=60, cpu_seconds=20, memory=2**28, disk=10 * 2**20, file=5 * 2**20, processes=100)
FORK = """
import os, signal, sys, time
for _ in range(50):
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
        os._exit(0)
"""
SLEEP = "import time; time.sleep(600)"
MODES = {
    "the best": None,
    "the caller, no bubblewrap": Protections(),
    "another user, no bubblewrap": Protections(other_user=True),
}


class Mode:
    """A way to run things, a folder with a box, and whether anything is left."""

    def __init__(self, ways: Protections, folder: Path, python: str) -> None:
        self.ways, self.folder, self.python = ways, folder, python
        self.box = folder / "box"
        self.box.mkdir()
        self.token = secrets.token_hex(8)

    def run(self, source, *arguments, limits=LIMITS, **more):
        """Run Python in the box; nothing may be left afterwards."""
        command = [self.python, "-S", "-E", "-c", source, *map(str, arguments), self.token]
        try:
            return run_in_box(command, self.box, limits, protections=self.ways, **more)
        finally:
            assert left(self.token) == []

    @property
    def output(self) -> str:
        return (self.box / "output.txt").read_text()

    def outcome(self):
        return json.loads(self.output)


def left(token: str) -> list[str]:
    """Processes of a run that are alive."""
    found = []
    for process in psutil.process_iter():
        try:
            if token in process.cmdline() and process.pid != os.getpid() and MARK in process.environ():
                found.append(f"{process.pid} {process.status()}")
        except psutil.Error:
            continue
    return found


def reachable_python() -> str:
    """A Python that another user can run too: the course's, else the system's."""
    closed = [above for above in Path(sys.executable).resolve().parents if not above.stat().st_mode & 1]
    return "/usr/bin/python3" if closed and Path("/usr/bin/python3").exists() else sys.executable


@pytest.fixture
def folder(monkeypatch):
    """A folder that every user can come to, in which all temporary folders are made."""
    made = Path(tempfile.mkdtemp(prefix="tl-test-"))
    made.chmod(0o755)
    (made / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made / "tmp"))
    yield made
    remove_box(made)


@pytest.fixture(params=MODES)
def mode(request, folder):
    ways = MODES[request.param] or protections()
    if ways.other_user and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    return Mode(ways, folder, reachable_python() if not ways.bubblewrap else sys.executable)


@pytest.fixture
def best(folder):
    return Mode(protections(), folder, sys.executable)


def test_a_command_that_ends_well_has_run(mode):
    ran = mode.run("import sys; print('out'); print('err', file=sys.stderr); open('kept', 'w').write('ş')")
    assert (ran.ended, ran.status, ran.stray) == ("", 0, 0)
    assert sorted(mode.output.split()) == ["err", "out"]
    assert (mode.box / "kept").read_text(encoding="utf-8") == "ş"
    assert ran.seconds > 0
    assert ran.cpu_seconds > 0


@pytest.mark.parametrize(("source", "status"), [("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -9)])
def test_another_status_is_a_failure(mode, source, status):
    ran = mode.run(source)
    assert (ran.ended, ran.status) == ("failed", status)


def test_a_command_that_is_not_there_fails_and_says_why(mode):
    ran = run_in_box(["/no/such/program"], mode.box, LIMITS, protections=mode.ways)
    assert (ran.ended, ran.status) == ("failed", 127)
    assert "FileNotFoundError" in mode.output


ATTEMPTS = """
import json, os, socket, sys
port, secret, outside, parent = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
def works(action):
    try:
        action()
    except OSError:
        return False
    return True
print(json.dumps({
    "network": works(lambda: socket.create_connection(("127.0.0.1", port), 5).close()),
    "read": works(lambda: open(secret).close()),
    "write": works(lambda: open(outside, "w").close()),
    "box": works(lambda: open("mine", "w").close()),
    "user": os.getuid(),
}))
"""


def test_what_is_said_to_be_protected_is(mode):
    tried, problem = sandbox._try(mode.ways) if mode.python == sys.executable else (mode.ways, "")
    assert tried is not None, problem
    secret, outside = mode.folder / "secret.txt", mode.folder / "open" / "left.txt"
    secret.write_text("x")
    secret.chmod(0o644)
    outside.parent.mkdir()
    outside.parent.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        mode.run(ATTEMPTS, server.getsockname()[1], secret, outside, os.getpid())
    found = mode.outcome()
    assert found["network"] != tried.network
    assert found["read"] != tried.files
    assert found["write"] != tried.files
    assert outside.exists() != tried.files
    assert found["box"]
    assert (found["user"] != os.geteuid()) == tried.other_user


def test_in_bubblewrap_nothing_but_the_box_can_be_written(best):
    if not best.ways.bubblewrap:
        pytest.skip("bubblewrap does not work here")
    source = """
import json, os, sys
written = []
for folder, folders, names in os.walk("/"):
    folders[:] = [name for name in folders if folder != "/" or name not in ("proc", "sys")]
    try:
        with open(os.path.join(folder, "try"), "w"):
            written.append(folder)
    except OSError:
        pass
    if folder.startswith("/usr") or folder == "/nix" or folder.count("/") > 4:
        folders[:] = []
print(json.dumps(written))
"""
    best.run(source)
    found = best.outcome()
    assert {name for name in found if not name.startswith(("/tmp", "/dev/shm"))} <= {str(best.box)}
    assert str(best.box) in found
    assert sorted(os.listdir(best.box)) == ["output.txt", "try"]
    assert sorted(os.listdir(best.folder)) == ["box", "tmp"]
    assert os.listdir(best.folder / "tmp") == []


def test_what_is_given_to_read_lies_at_its_own_place_and_cannot_be_written(best):
    given = best.folder / "given" / "deeper"
    given.mkdir(parents=True)
    (given / "a.txt").write_text("read me")
    (given.parent / "other.txt").write_text("not me")
    source = """
import json, os, sys
def write():
    try: open(sys.argv[1] + "/b.txt", "w")
    except OSError: return False
    return True
print(json.dumps([open(sys.argv[1] + "/a.txt").read(), os.path.exists(sys.argv[1] + "/../other.txt"), write()]))
"""
    best.run(source, given, readable=[given])
    if best.ways.bubblewrap:
        assert best.outcome() == ["read me", False, False]
    else:
        assert best.outcome()[0] == "read me"


def test_the_environment_is_cleared_but_for_what_is_passed(mode, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "secret")
    source = "import json, os, sys; print(json.dumps([dict(os.environ), sys.stdin.read()]))"
    mode.run(source, environment={"TL_LANGUAGE": "tr"})
    variables, read = mode.outcome()
    assert read == ""
    assert variables["TL_LANGUAGE"] == "tr"
    assert "SECRET_TOKEN" not in variables
    assert variables["HOME"] == variables["TMPDIR"] != os.environ.get("HOME")


def test_the_systems_limits_hold_in_the_process_itself(mode):
    source = """
import json, resource
names = ("CPU", "FSIZE", "NOFILE", "CORE", "DATA")
print(json.dumps({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))[0] for name in names}))
"""
    mode.run(source)
    memory = LIMITS.memory + LIMITS.memory // 4
    assert mode.outcome() == {"CPU": 20, "FSIZE": LIMITS.file, "NOFILE": 1024, "CORE": 0, "DATA": memory}


def test_a_run_that_takes_more_and_more_memory_is_ended(mode):
    ran = mode.run("import time\nheld = []\nwhile True: held.append(b'x' * 2**22); time.sleep(0.02)")
    assert ran.ended == "memory"
    assert ran.peak_memory > LIMITS.memory


def test_memory_of_all_processes_counts(mode):
    source = "import os, time\nfor _ in range(4): os.fork()\nheld = b'x' * 2**25; time.sleep(600)"
    assert mode.run(source).ended == "memory"


def test_far_too_much_memory_at_once_is_refused_and_the_run_goes_on(best):
    if not best.ways.memory:
        pytest.skip("this system does not limit memory")
    ran = best.run("try: b'x' * 2**30\nexcept MemoryError: print('refused')")
    assert (ran.ended, best.output) == ("", "refused\n")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is not known what processes share")
def test_memory_that_processes_share_counts_once(best):
    source = "import os, time\nheld = b'x' * 2**26\nfor _ in range(3): os.fork()\ntime.sleep(1)"
    assert best.run(source).ended == ""


def test_processes_that_hide_are_killed_and_counted(mode):
    ran = mode.run(FORK)
    assert (ran.ended, ran.stray) == ("", 50)


def test_too_many_processes_end_the_run(mode):
    ran = mode.run(FORK + "time.sleep(600)", limits=dataclasses.replace(LIMITS, processes=20))
    assert ran.ended == "processes"
    assert ran.stray >= 20


def test_forks_of_forks_end(mode):
    source = """
import os, time
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.01)
"""
    if os.geteuid() == 0 and not mode.ways.other_user:
        pytest.skip("the system does not bound the processes of root")
    assert mode.run(source, limits=dataclasses.replace(LIMITS, processes=20)).ended == "processes"


def test_an_infinite_loop_is_ended(mode):
    ran = mode.run("while True: pass", limits=dataclasses.replace(LIMITS, seconds=0.5))
    assert (ran.ended, ran.status) == ("time", -signal.SIGKILL)


@pytest.mark.parametrize(
    "source", ["while True: pass", "import signal\nsignal.signal(24, lambda *_: None)\nwhile True: pass"]
)
def test_computing_too_long_ends_the_run(best, source):
    ran = best.run(source, limits=dataclasses.replace(LIMITS, cpu_seconds=1))
    assert ran.ended == "cpu"


def test_a_gigabyte_of_output_fills_neither_memory_nor_disk(mode):
    ran = mode.run("import sys\nfor _ in range(1024): sys.stdout.write('x' * 2**20)")
    assert ran.ended == "output"
    assert (mode.box / "output.txt").stat().st_size <= LIMITS.file


FILL = {
    "many files": "for n in range(10**6): open(str(n), 'w').close()",
    "large files": "for n in range(10**6):\n    with open(str(n), 'wb') as f: f.write(b'x' * 2**20)",
    "in the home": "import os; os.chdir(os.environ['HOME'])\nfor n in range(10**6): open(str(n), 'w').close()",
    "removed files": """
import os, time
held = []
for n in range(30):
    held.append(open("x", "wb"))
    os.unlink("x")
    held[-1].write(b"x" * 2**20)
    held[-1].flush()
time.sleep(600)
""",
    "too deep": "import os\nfor n in range(200): os.mkdir('d'); os.chdir('d')",
    "files in memory": """
import os, time
held = [os.memfd_create("x") for n in range(30)]
for n in held: os.write(n, b"x" * 2**20)
time.sleep(600)
""",
}


@pytest.mark.parametrize("way", FILL)
def test_filling_the_disk_ends_the_run(best, way):
    if way in {"removed files", "files in memory"} and sys.platform != "linux":
        pytest.skip("such files can be found in Linux only")
    ran = best.run(FILL[way])
    assert ran.ended == "disk"
    assert os.listdir(best.folder / "tmp") == []


def test_a_run_that_kills_what_holds_it_leaves_nothing(mode):
    ran = mode.run(FORK + "os.kill(os.getppid(), 9); time.sleep(1)")
    expected = "failed" if mode.ways.other_user else "" if mode.ways.bubblewrap else "lost"
    assert ran.ended == expected
    assert ran.stray >= 50


def test_a_run_that_kills_its_group_ends_only_itself(mode):
    ran = mode.run("import os; os.killpg(0, 9)")
    assert (ran.ended, ran.status) == ("failed", -9)


def test_no_process_of_the_callers_can_be_stopped(best):
    if not best.ways.processes:
        pytest.skip("processes are not protected here")
    with subprocess.Popen([sys.executable, "-S", "-c", SLEEP]) as other:
        best.run("import os, sys\ntry: os.kill(int(sys.argv[1]), 9)\nexcept OSError: pass", other.pid)
        alive = other.poll() is None
        other.kill()
    assert alive


def test_a_link_in_the_place_of_the_output_is_not_followed(mode):
    precious = mode.folder / "precious.txt"
    precious.write_text("precious")
    ran = mode.run("import os, sys; os.symlink(sys.argv[1], 'output.txt'); print('printed')", precious)
    assert ran.ended == ""
    assert precious.read_text() == "precious"
    assert not (mode.box / "output.txt").is_symlink()
    assert mode.output == "printed\n"


def test_a_folder_in_the_place_of_the_output_goes_away(mode):
    mode.run("import os; os.makedirs('output.txt/deeper'); print('printed')")
    assert mode.output == "printed\n"


def test_a_box_that_was_removed_is_there_again(mode):
    mode.folder.chmod(0o777)
    elsewhere = mode.folder / "elsewhere"
    elsewhere.mkdir()
    source = """
import os, sys
for action in (lambda: os.rmdir(sys.argv[1]), lambda: os.symlink(sys.argv[2], sys.argv[1])):
    try: action()
    except OSError: pass
print("printed")
"""
    mode.run(source, mode.box, elsewhere)
    assert mode.box.is_dir()
    assert not mode.box.is_symlink()
    assert mode.output == "printed\n"
    assert os.listdir(elsewhere) == []


def test_a_box_can_be_used_again(mode):
    mode.run("open('kept', 'w').write('one'); print('first')")
    mode.run("open('kept', 'a').write(' two'); print('second')")
    assert mode.output == "second\n"
    assert (mode.box / "kept").read_text() == "one two"


def test_a_closed_box_can_be_read_again(mode):
    mode.run("import os; os.chmod('.', 0); print('printed')")
    assert mode.output == "printed\n"


def test_an_interruption_kills_the_run_and_goes_on(mode, monkeypatch):
    looks = []

    def look(self):
        looks.append(self.top)
        if len(looks) > 5:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr(Watch, "look", look)
    with pytest.raises(KeyboardInterrupt):
        mode.run(FORK + "time.sleep(600)")
    assert os.listdir(mode.folder / "tmp") == []


def test_a_run_is_stopped_when_it_is_asked_to(mode):
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    assert mode.run(SLEEP, stop=stop).ended == "stopped"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a run that nobody waits for")
def test_nothing_is_left_when_the_teachers_process_is_killed(mode):
    source = f"""
import sys
from pathlib import Path
from tl_helpers.grading.teacher.protections import Protections
from tl_helpers.grading.teacher.sandbox import run_in_box
ways = Protections(bubblewrap={mode.ways.bubblewrap}, other_user={mode.ways.other_user})
run_in_box([{mode.python!r}, "-S", "-E", "-c", {FORK + "open('ready', 'w'); time.sleep(600)"!r}, {mode.token!r}],
           Path({str(mode.box)!r}), protections=ways)
"""
    environment = {**os.environ, "TMPDIR": str(mode.folder / "tmp")}
    with subprocess.Popen([sys.executable, "-c", source], env=environment) as teacher:
        try:
            wait_until((mode.box / "ready").exists)
            assert left(mode.token)
        finally:
            teacher.kill()
    wait_until(lambda: left(mode.token) == [])


def wait_until(holds):
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_runs_from_several_threads_do_not_disturb_each_other(mode):
    def one(number):
        box = mode.folder / f"box-{number}"
        box.mkdir()
        command = [mode.python, "-S", "-E", "-c", FORK + f"print({number}); sys.exit({number})"]
        return run_in_box(command, box, LIMITS, protections=mode.ways), box

    with ThreadPoolExecutor(3) as pool:
        for number, (ran, box) in enumerate(pool.map(one, range(4))):
            assert (ran.status, ran.stray) == (number, 50)
            assert (box / "output.txt").read_text() == f"{number}\n"


def test_what_the_course_needs_can_be_read(best):
    source = "import tl_helpers.messages as m; print(m.message('grading.open', points=1, names='x'))"
    package = readable_paths()[0]
    command = [sys.executable, "-c", source]
    ran = run_in_box(
        command, best.box, LIMITS, readable=readable_paths(), environment={"PYTHONPATH": str(package.parent)}
    )
    assert ran.ended == "", best.output
    assert {path.name for path in readable_paths()} <= {"tl_helpers", "weights", "reference"}


@pytest.mark.slow
def test_tensorflow_runs_within_the_usual_limits(best):
    command = [sys.executable, "-c", "import tensorflow as tf; print(int(tf.constant(1) + 2))"]
    ran = run_in_box(command, best.box, environment={"TF_CPP_MIN_LOG_LEVEL": "2"})
    assert (ran.ended, ran.stray) == ("", 0), best.output
    assert best.output.split()[-1] == "3"
    assert ran.peak_memory < Limits().memory


def test_protections_are_said_in_both_languages(each_language):
    for values in range(2**6):
        bits = [bool(values >> place & 1) for place in range(6)]
        for problem in ("", "missing", "system", "bwrap: not allowed"):
            lines = Protections(*bits, problem=problem).lines()
            assert len(lines) == 5 + bits[1] + bits[5] + bool(problem)
            assert problem not in {"bwrap: not allowed"} or problem in lines[-1]


def test_only_a_box_that_holds_everything_back_protects_all():
    whole = Protections(bubblewrap=True, network=True, files=True, memory=True)
    assert whole.all
    for name in ("bubblewrap", "network", "files", "memory"):
        assert not dataclasses.replace(whole, **{name: False}).all
    assert not dataclasses.replace(whole, root=True).all


@pytest.fixture
def fresh():
    protections.cache_clear()
    yield
    protections.cache_clear()


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
def test_bubblewrap_that_is_forbidden_is_not_used_and_its_words_are_said(fresh, folder, monkeypatch):
    program = folder / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace'\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "bubblewrap_path", lambda: str(program))
    monkeypatch.setattr(sandbox, "bubblewrap_path", lambda: str(program))
    found = protections()
    assert not found.bubblewrap
    assert found.problem == "bwrap: No permissions to create new namespace"
    assert found.problem in found.lines()[-1]


def test_without_bubblewrap_it_is_said_to_be_missing(fresh, monkeypatch):
    monkeypatch.setattr(sandbox, "bubblewrap_path", lambda: None)
    found = protections()
    assert not found.bubblewrap
    assert found.problem == ("missing" if sys.platform == "linux" else "system")
    assert not found.network
    assert not found.files


def test_where_nothing_can_be_started_that_is_said(fresh, monkeypatch, each_language):
    monkeypatch.setattr(sandbox, "TRY", "raise ValueError('no way')")
    with pytest.raises(BoxError, match="no way"):
        protections()


def test_a_box_must_be_a_folder(folder, each_language):
    (folder / "file").write_text("")
    (folder / "link").symlink_to(folder)
    for name in ("missing", "file", "link"):
        with pytest.raises(BoxError, match=name):
            run_in_box(["true"], folder / name, protections=Protections())


def test_a_box_that_its_user_cannot_come_to_is_named(folder, each_language):
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    (folder / "closed" / "box").mkdir(parents=True)
    (folder / "closed").chmod(0o700)
    with pytest.raises(BoxError, match="closed"):
        run_in_box(["true"], folder / "closed" / "box", protections=Protections(other_user=True))


def test_windows_is_told_what_to_do(folder, monkeypatch, each_language):
    monkeypatch.setattr(boxed, "POSIX", False)
    with pytest.raises(BoxError, match="WSL"):
        run_in_box(["true"], folder, protections=Protections())


def test_each_run_gets_a_user_of_its_own_that_the_container_knows(folder):
    assert users.free_user() != users.free_user()
    assert users.free_user(highest=65536) in range(1000, 65536)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another user")
def test_a_python_below_tmp_becomes_another_user_too(monkeypatch):
    if not bubblewrap.bubblewrap_path():
        pytest.skip("bubblewrap is not installed")
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="below-tmp-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "box").mkdir()
        (folder / "python").symlink_to(Path(sys.executable).resolve())
        monkeypatch.setattr(sys, "executable", str(folder / "python"))
        ways = Protections(bubblewrap=True, other_user=True)
        ran = run_in_box(["/usr/bin/id", "-u"], folder / "box", LIMITS, readable=[folder / "python"], protections=ways)
        assert (ran.ended, ran.status) == ("", 0), (folder / "box" / "output.txt").read_text()
        assert int((folder / "box" / "output.txt").read_text()) != 0
