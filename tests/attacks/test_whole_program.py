"""The whole program, as somebody runs it, and what it leaves behind: on the disk, on the network, in other programs' reach.

The command line and a window-less service run as processes of their own, in folders of their own. Canaries go in as a
document, its name, the name of a matter, a question and the passphrase, and are looked for wherever files may come to lie.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FACT = "The quartz kestrel pays 48,213 ducats to the harbour master every spring."
NAME, MATTER, QUESTION = "marigold-ledger.txt", "Operation Thimblerig", "How many ducats does the wolverine kestrel pay?"
PASSPHRASE = "salamander lanterns at noon"
CANARIES = ("quartz kestrel", "marigold-ledger", "Thimblerig", "wolverine kestrel", "salamander lanterns")
FORMS = [form for text in CANARIES for each in (text, text.lower()) for form in (each.encode(), each.encode("utf-16-le"))]
NO_BUS = "unix:path=/nowhere"
LONG_S = 90

# What `python main.py` runs, with something before it.
PROGRAM = "import runpy, sys; sys.argv = ['main.py', *sys.argv[1:]]; sys.path.insert(0, {checkout!r}); {first}\n"
PROGRAM += "runpy.run_path({checkout!r} + '/main.py', run_name='__main__')"

# The service without its window, as the window has it: a document and a question, and a word when the answer has begun.
SERVICE = """
import sys, time
from pathlib import Path
from engine import linux, sandbox
linux.drop_capabilities()  # as an ordinary user has it, also where the tests are run by the superuser
sandbox.harden_this_process()
from engine.events import AnswerGrew, Finished
from tests.engine.listening import Listening
profile, document, passphrase, matter, question = sys.argv[1], sys.argv[2], sys.stdin.readline().strip(), *sys.argv[3:]
heard = Listening(Path(profile))
heard.unlock("passphrase", passphrase)
(added,) = heard.add(Path(document))
request = heard.ask(added.matter, question)
heard.wait(AnswerGrew)
print("answering", flush=True)
assert isinstance(heard.last_word(request), Finished)
print("answered", flush=True)
sys.stdin.readline()
assert isinstance(heard.last_word(heard.ask(added.matter, question)), Finished)
heard.close()
print("closed", flush=True)
sys.stdin.readline()
"""


# ---------------------------------------------------------------- the places
@dataclass(frozen=True)
class Places:
    """Where a program may write, all empty at first; the document lies on a shelf outside."""

    root: Path

    @property
    def profile(self) -> Path:
        return self.root / "watched/profile"

    @property
    def document(self) -> Path:
        return self.root / "shelf" / NAME

    def environment(self) -> dict[str, str]:
        names = {
            "HOME": "home",
            "TMPDIR": "temp",
            "TEMP": "temp",
            "TMP": "temp",
            "SQLITE_TMPDIR": "temp",
            "XDG_RUNTIME_DIR": "run",
        }
        names |= {f"XDG_{kind}_HOME": f"home/.{kind.lower()}" for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
        folders = {name: str(self.root / "watched" / place) for name, place in names.items()}
        python = {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}
        return {**os.environ, **folders, **python, "DBUS_SESSION_BUS_ADDRESS": NO_BUS}

    def found(self) -> list[str]:
        """Files that hold a canary or are named after one. A file may go away while it is looked for."""
        watched, hits = self.root / "watched", []
        for file in watched.rglob("*"):
            try:
                content = file.read_bytes() if file.is_file() else b""
            except FileNotFoundError:
                continue
            if any(form in content or form in os.fsencode(file.name) for form in FORMS):
                hits.append(str(file.relative_to(watched)))
        return hits


@pytest.fixture
def places(tmp_path: Path, starter_model: Path, embedding_model: Path) -> Places:
    for folder in ("watched/home", "watched/temp", "watched/run", "watched/cwd", "shelf"):
        (tmp_path / folder).mkdir(parents=True, mode=0o700)
    places = Places(tmp_path)
    places.document.write_text(f"{FACT}\nThe store room is painted green. The door faces the river.\n", encoding="utf-8")
    return places


def run(places: Places, *arguments: str, first: str = "pass", umask: int = -1) -> subprocess.CompletedProcess[str]:
    """One verb, with the passphrase through a descriptor of its own."""
    read, write = os.pipe()
    os.write(write, PASSPHRASE.encode() + b"\n")
    os.close(write)
    program = PROGRAM.format(checkout=str(CHECKOUT), first=first)
    command = [sys.executable, "-c", program, "--profile", str(places.profile), *arguments, "--passphrase-fd", str(read)]
    try:
        return subprocess.run(
            command,
            pass_fds=[read],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONG_S,
            env=places.environment(),
            cwd=places.root / "watched/cwd",
            umask=umask,
        )
    finally:
        os.close(read)


def done(places: Places, *arguments: str, **more: object) -> dict:
    """The JSON of a verb that did what it was asked."""
    result = run(places, *arguments, "--json", **more)  # type: ignore[arg-type]
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@contextmanager
def service(places: Places) -> Iterator[subprocess.Popen[str]]:
    with (places.root / "service.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVICE, str(places.profile), str(places.document), MATTER, QUESTION],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=places.environment(),
            cwd=places.root / "watched/cwd",
        )
        try:
            say(process, PASSPHRASE)
            yield process
        finally:
            process.kill()
            process.communicate(timeout=10)


def say(process: subprocess.Popen[str], line: str = "") -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def says(process: subprocess.Popen[str], places: Places, word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().strip() == word, (places.root / "service.log").read_text()


def children(process: int) -> list[int]:
    """Processes that this one has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            found += [int(entry.name)] if parent == process else []
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


# ---------------------------------------------------------------- the disk
def test_the_command_line_leaves_nothing_in_clear(places: Places) -> None:
    (added,) = done(places, "documents", "add", MATTER, str(places.document))["documents"]
    assert added["status"] == "ready" and places.found() == []
    answer = done(places, "ask", MATTER, QUESTION)
    quotes = [each["quote"] for sentence in answer["sentences"] for each in sentence["evidence"]]
    assert any("quartz kestrel" in quote for quote in quotes), "the canary went all the way"
    assert places.found() == []
    wrong = run(places, "ask", f"{MATTER} II", QUESTION, "--model", "nowhere")
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr
    assert places.found() == []


def test_a_service_that_is_killed_while_it_answers_leaves_nothing_in_clear(places: Places) -> None:
    with service(places) as process:
        says(process, places, "answering")
        workers = children(process.pid)
        assert places.found() == []
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        assert places.found() == []
    end = time.monotonic() + 10
    while any(map(is_alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert workers and not any(map(is_alive, workers)), "nothing goes on with the documents in its memory"
    assert not any(form in (places.root / "service.log").read_bytes() for form in FORMS)
    (document,) = done(places, "documents", "list", "marigold-ledger")["documents"]  # the service names a matter by its file
    assert document["name"] == NAME and places.found() == []


def test_a_service_that_is_closed_leaves_nothing_in_clear(places: Places) -> None:
    with service(places) as process:
        says(process, places, "answering")
        says(process, places, "answered")
        say(process)
        says(process, places, "closed")
        assert places.found() == []
        say(process)
        assert process.wait(timeout=20) == 0
    assert places.found() == []
    assert (places.root / "service.log").read_text() == ""


def test_the_search_finds_what_is_in_clear(places: Places) -> None:
    (places.root / "watched/home/recent.txt").write_text(FACT, encoding="utf-16-le")
    (places.root / "watched/temp" / NAME).touch()
    assert sorted(places.found()) == ["home/recent.txt", f"temp/{NAME}"]


def test_everything_kept_is_for_its_owner_only(places: Places) -> None:
    """Also for somebody whose files are open to all by habit."""
    done(places, "documents", "add", MATTER, str(places.document), umask=0)
    kept = [places.profile, *places.profile.rglob("*")]
    assert len(kept) > 3
    assert [str(each) for each in kept if stat.S_IMODE(each.stat().st_mode) & 0o077] == []
    assert stat.S_IMODE(places.profile.stat().st_mode) == 0o700


# ---------------------------------------------------------------- the network
# Python tells of every socket before it is used; native code that does not go through Python is not seen here.
TELL = (
    "import os; seen = open(os.environ['SEEN'], 'a', buffering=1); sys.addaudithook(lambda event, about: event in "
    "('socket.connect', 'socket.bind', 'socket.getaddrinfo', 'socket.gethostbyname', 'socket.gethostbyaddr', 'socket.sendto', "
    "'socket.sendmsg') and seen.write(f'{event} {getattr(getattr(about[0], \"family\", 0), \"name\", about[0])}\\n'))"
)


def test_the_main_process_calls_nobody(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = places.root / "sockets.txt"
    monkeypatch.setenv("SEEN", str(seen))
    answer = done(places, "ask", MATTER, QUESTION, "--files", str(places.document), first=TELL)
    assert answer["answer"]
    assert [line for line in seen.read_text().splitlines() if "AF_UNIX" not in line] == []


def test_the_hook_hears_a_call(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = places.root / "sockets.txt"
    monkeypatch.setenv("SEEN", str(seen))
    call = "; import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9)); sys.exit(0)"
    assert run(places, "doctor", first=TELL + call).returncode == 0
    assert seen.read_text().startswith("socket.connect ") and "AF_UNIX" not in seen.read_text()


# ---------------------------------------------------------------- other programs
READER = """
import os, sys
from engine import linux
linux.drop_capabilities()
for process in sys.argv[1:]:
    for name in ("mem", "environ", "maps", "auxv", "fd", "cwd", "map_files"):
        place = f"/proc/{process}/{name}"
        try:
            if name in ("fd", "map_files"):
                os.readlink(f"{place}/{os.listdir(place)[0]}")
            elif name == "cwd":
                os.readlink(place)
            elif name == "mem":
                os.close(os.open(place, os.O_RDONLY))
            else:
                open(place, "rb").read()
            print(name)
        except OSError:
            pass
"""


ORDINARY = "from engine import linux; linux.drop_capabilities(); print('here', flush=True); input()"


def readable(places: Places, *processes: int) -> set[str]:
    """What another process of the same user can read of these."""
    command = [sys.executable, "-c", READER, *map(str, processes)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, env=places.environment())
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def test_other_programs_of_the_user_cannot_look_inside(places: Places) -> None:
    with service(places) as process:
        says(process, places, "answering")
        workers = children(process.pid)
        assert workers
        assert readable(places, process.pid) == set()
        assert readable(places, *workers) == set()
        for each in (process.pid, *workers):
            limits = Path(f"/proc/{each}/limits").read_text().splitlines()
            (core,) = [line for line in limits if line.startswith("Max core file size")]
            assert core.split()[4:6] == ["0", "0"], "no core dumps"
            for name in ("cmdline", "environ"):  # the superuser may look, and finds nothing either
                shown = Path(f"/proc/{each}/{name}")
                if os.access(shown, os.R_OK):
                    assert PASSPHRASE.encode() not in shown.read_bytes()


def test_the_reader_sees_into_an_ordinary_program(places: Places) -> None:
    ordinary = subprocess.Popen([sys.executable, "-c", ORDINARY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT)
    try:
        assert ordinary.stdout is not None and ordinary.stdout.readline()
        assert {"mem", "environ", "maps", "fd", "cwd"} <= readable(places, ordinary.pid)
    finally:
        ordinary.kill()
        ordinary.communicate(timeout=10)


# ---------------------------------------------------------------- a second instance
def test_a_second_instance_is_told_and_the_first_goes_on(places: Places) -> None:
    with service(places) as process:
        says(process, places, "answering")
        second = run(places, "documents", "list", MATTER, "--json")
        error = json.loads(second.stdout)["error"]
        assert (second.returncode, error["kind"], error["facts"]["pid"]) == (1, "store_in_use", process.pid)
        assert str(process.pid) in second.stderr and "Traceback" not in second.stderr
        says(process, places, "answered")
        say(process)
        says(process, places, "closed")  # it has answered once more
    assert places.found() == []
