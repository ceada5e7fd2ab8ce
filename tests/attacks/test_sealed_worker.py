"""A worker that was taken over: everything it may try against the network, the files and the other programs is refused.

Each attack runs twice, without the seal and with it, as the superuser (where the tests run as one) and as an ordinary
user. Without the seal it has to get through, so that no row passes because it never worked; the listeners count what
reached them. `WITHOUT_A_CONTROL` names the rows that a kernel, a container or a missing privilege may stop by itself.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
NOBODY = 65534

# What depends on how the kernel was built and what the container allows, and what only the superuser can do.
WITHOUT_A_CONTROL = {
    "virtual_machine_socket", "multipath_tcp", "tcp_fast_open", "io_uring", "netlink", "performance_counters",
    "fault_handling_in_user_space", "new_user_and_network_namespace", "kernel_keyring", "message_queue",
    "compare_its_memory", "ptrace_seize", "nameless_file", "hide_a_message_in_file_attributes", "name_lookup",
    "borrow_its_socket",
}  # fmt: skip
FOR_THE_SUPERUSER = {"raw_icmp", "raw_packets", "change_the_root", "mount_something"}


# ---------------------------------------------------------------- the arena
@dataclass
class Listeners:
    """Everything somebody could be reached at, and how often somebody was."""

    folder: Path
    n_reached: int = 0
    ports: dict[str, Any] = field(default_factory=dict)

    def open(self) -> None:
        tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        by_path, datagrams, abstract = (socket.socket(socket.AF_UNIX, kind) for kind in (1, 2, 1))
        name = f"strongroom-attack-{os.getpid()}"
        by_path.bind(str(self.folder / "stream"))
        datagrams.bind(str(self.folder / "datagram"))
        abstract.bind("\0" + name)
        for place in ("stream", "datagram"):
            os.chmod(self.folder / place, 0o777)
        for server in (by_path, abstract):
            server.listen()
        self._doors = [tcp, udp, by_path, datagrams, abstract]
        self.ports = {
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "unix": str(self.folder / "stream"),
            "unix_datagram": str(self.folder / "datagram"),
            "abstract": name,
        }
        self._stop, self._stopping = os.pipe()
        self._thread = threading.Thread(target=self._count)
        self._thread.start()

    def _count(self) -> None:
        while True:
            ready, _, _ = select.select([*self._doors, self._stop], [], [])
            if self._stop in ready:
                return
            for door in ready:
                self.n_reached += 1
                if door.type == socket.SOCK_DGRAM:
                    door.recv(4096)
                else:
                    door.accept()[0].close()

    def close(self) -> None:
        os.write(self._stopping, b"x")
        self._thread.join()
        for door in self._doors:
            door.close()
        for end in (self._stop, self._stopping):
            os.close(end)


@dataclass(frozen=True)
class Arena:
    """A user, a Python that this user can run, a home with a key, a model, a profile, and listeners."""

    user: int
    python: str
    folder: Path
    listeners: Listeners

    def run_file(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        """Start one of the scripts beside this test as the arena's user."""
        return self._popen(str(self.folder / "sealed" / script), *arguments)

    def run_script(self, script: str) -> subprocess.Popen[str]:
        """Start a script given as text as the arena's user."""
        return self._popen("-c", script)

    def _popen(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.python, "-I", "-B", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={"HOME": str(self.folder / "home")},
            **as_user(self.user),
        )

    def attack(self, *, sealed: bool, last_attack: str = "") -> tuple[dict[str, Any], subprocess.Popen[str], dict[str, Any]]:
        """Let a victim wait, let the probe attack; returns what the probe told, its process, what the victim noticed."""
        for place in ("scrap", "doomed"):
            (self.folder / "home" / place).write_text("content")
            os.chown(self.folder / "home" / place, self.user, self.user)
        victim = self.run_file("victim.py")
        assert victim.stdout is not None
        plan = {
            **json.loads(victim.stdout.readline()),
            **self.listeners.ports,
            "sealed": sealed,
            "last_attack": last_attack,
            "program": str(self.folder / "program"),
            "has_numpy": self.python == sys.executable,
            "model": str(self.folder / "models" / "model.gguf"),
            "neighbour": str(self.folder / "models" / "neighbour.gguf"),
            "link_to_the_key": str(self.folder / "shelf" / "link"),
            "store": str(self.folder / "profile" / "store.db"),
            "home": str(self.folder / "home"),
            **{name: str(self.folder / "home" / name) for name in ("ssh_key", "scrap", "doomed")},
        }
        probe = self.run_file("probe.py", json.dumps(plan))
        out, err = probe.communicate(timeout=60)
        noticed = victim.communicate("")[0]
        victim.wait()
        told = json.loads(out) if out.startswith("{") else {"said": out.strip(), "stderr": err}
        return told, probe, json.loads(noticed)


def as_user(user: int) -> dict[str, Any]:
    """The arguments that make subprocess start something as this user."""
    return {} if user == os.geteuid() else {"user": user, "group": user, "extra_groups": []}


def users() -> list[int]:
    """Both kinds of user where that is possible, otherwise the one there is."""
    return [0, NOBODY] if os.geteuid() == 0 else [os.geteuid()]


def python_for(user: int) -> str:
    """A Python that this user can run: a virtual environment in the superuser's home is out of reach for others."""
    for name in (sys.executable, *(f"/usr/bin/python3.{minor}" for minor in range(19, 10, -1)), "/usr/local/bin/python3"):
        try:
            subprocess.run(
                [name, "-I", "-c", "import sys; assert sys.version_info >= (3, 11)"], check=True, cwd="/", **as_user(user)
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return name
    pytest.fail(f"there is no Python 3.11 or later that user {user} can run: install one in /usr/bin", pytrace=False)


@pytest.fixture(scope="module", params=users(), ids=lambda user: "superuser" if user == 0 else "ordinary")
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    user: int = request.param
    folder = Path(tempfile.mkdtemp(prefix="strongroom-attacks-"))
    ignore = shutil.ignore_patterns("__pycache__", "store", "inference", "documents", "work", "models")
    shutil.copytree(CHECKOUT / "engine", folder / "program" / "engine", ignore=ignore)
    shutil.copytree(Path(__file__).parent / "sealed", folder / "sealed", ignore=ignore)
    for place in ("home", "models", "shelf", "profile", "doors"):
        (folder / place).mkdir()
    (folder / "home" / "ssh_key").write_text("PRIVATE KEY")
    (folder / "models" / "model.gguf").write_bytes(b"GGUF" + bytes(60))
    (folder / "models" / "neighbour.gguf").write_text("another model")
    (folder / "profile" / "store.db").write_text("the store")
    (folder / "shelf" / "link").symlink_to(folder / "home" / "ssh_key")
    listeners = Listeners(folder / "doors")
    listeners.open()
    for place in [folder, *folder.rglob("*")]:
        if not place.is_symlink():
            os.chown(place, user, user)
    folder.chmod(0o755)
    yield Arena(user, python_for(user), folder, listeners)
    listeners.close()
    shutil.rmtree(folder)


# ---------------------------------------------------------------- the table
@pytest.fixture(scope="module")
def without(arena: Arena) -> dict[str, Any]:
    told, probe, noticed = arena.attack(sealed=False)
    assert probe.returncode == 0, told
    return {**told, "noticed": noticed, "n_reached": arena.listeners.n_reached}


@pytest.fixture(scope="module")
def sealed(arena: Arena, without: dict[str, Any]) -> dict[str, Any]:
    before = arena.listeners.n_reached
    told, probe, noticed = arena.attack(sealed=True)
    assert probe.returncode == 0, told
    return {**told, "noticed": noticed, "n_reached": arena.listeners.n_reached - before}


def test_without_the_seal_the_attacks_work(arena: Arena, without: dict[str, Any]) -> None:
    excused = WITHOUT_A_CONTROL | (FOR_THE_SUPERUSER if arena.user else set())
    powerless = {name: result for name, result in without["attacks"].items() if result != "done" and name not in excused}
    assert not powerless
    assert without["n_reached"] >= 8
    assert without["noticed"]["signals"] >= 1  # equal signals that wait are merged into one
    assert without["noticed"]["overwritten"]


def test_with_the_seal_every_attack_is_refused(arena: Arena, sealed: dict[str, Any], without: dict[str, Any]) -> None:
    for name, result in sealed["attacks"].items():
        print(f"{name:55} {without['attacks'][name]:40} {result}")
    assert sealed["seal"][:2] == ["enforced", "enforced"], sealed["seal"]
    assert len(sealed["attacks"]) > 70
    assert {name: result for name, result in sealed["attacks"].items() if not result.startswith("refused")} == {}


def test_with_the_seal_nobody_was_reached_but_by_the_socket_opened_before(sealed: dict[str, Any]) -> None:
    assert sealed["n_reached"] == 1
    assert sealed["noticed"] == {"signals": 0, "overwritten": False, "borrowed": False}


def test_with_the_seal_a_worker_can_still_work(sealed: dict[str, Any], without: dict[str, Any]) -> None:
    assert set(sealed["rights"].values()) == {"done"}, sealed["rights"]
    assert set(without["rights"].values()) == {"done"}, without["rights"]


@pytest.mark.parametrize("attack", ["become_another_program", "become_a_program_from_memory"])
def test_a_sealed_worker_cannot_become_another_program(arena: Arena, attack: str) -> None:
    assert arena.attack(sealed=False, last_attack=attack)[0]["said"] == "became another program"
    assert arena.attack(sealed=True, last_attack=attack)[0]["result"].startswith("refused")


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="other numberings of calls exist on x86-64 only")
@pytest.mark.parametrize("attack", ["call_by_the_old_numbers", "call_by_the_x32_numbers"])
def test_calls_by_another_numbering_end_the_worker(arena: Arena, attack: str) -> None:
    _, free, _ = arena.attack(sealed=False, last_attack=attack)
    told, probe, _ = arena.attack(sealed=True, last_attack=attack)
    assert probe.returncode == -31, told  # SIGSYS
    assert free.returncode == 0  # the same call without the seal: answered, one way or the other


def test_a_seal_after_the_first_thread_is_not_called_one() -> None:
    script = f"""
import sys, threading, time
sys.path.insert(0, {str(CHECKOUT)!r})
threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
from engine import sandbox
seal = sandbox.seal()
print(seal.network, seal.files, seal.detail)
sys.stdout.flush()
import os; os._exit(0)
"""
    said = subprocess.run([sys.executable, "-I", "-B", "-c", script], capture_output=True, text=True, timeout=30).stdout
    assert said.startswith("enforced not_enforced"), said
    assert "threads were running" in said


WINDOW = """
import ctypes, subprocess, sys
sys.path.insert(0, {program!r})
from engine import sandbox
if {hardened}:
    assert sandbox.harden_this_process()
canary = ctypes.create_string_buffer(b"canary", 16)
print(ctypes.addressof(canary), flush=True)
sys.stdin.read()
subprocess.run(["/bin/true"], check=True)
print("can still start programs")
"""


@pytest.mark.parametrize("hardened", [False, True])
def test_a_hardened_window_is_out_of_reach_for_unsealed_programs_of_the_same_user(arena: Arena, hardened: bool) -> None:
    window = arena.run_script(WINDOW.format(program=str(arena.folder / "program"), hardened=hardened))
    assert window.stdout is not None
    address = int(window.stdout.readline())
    spy = arena.run_script(f"f = open('/proc/{window.pid}/mem', 'rb', 0); f.seek({address}); print(f.read(6))")
    seen, refusal = spy.communicate()
    assert window.communicate("")[0].strip() == "can still start programs"
    # The superuser may look at every process, whatever it does.
    is_refused = hardened and arena.user != 0
    assert ("canary" in seen, "PermissionError" in refusal) == (not is_refused, is_refused)
