"""Sealing real processes: what may be read, what is limited, and that a seal is never claimed without looking.

The attacks on a sealed process are in tests/attacks/test_sealed_worker.py.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine import landlock, sandbox, seal_proof, seatbelt

CHECKOUT = Path(__file__).resolve().parents[2]

SEALED = """
import json, os, sys
sys.path.insert(0, {checkout!r})
from pathlib import Path
from engine import sandbox
before = os.open("/etc/passwd", os.O_RDONLY)
kept = os.open("/etc/hostname", os.O_RDONLY)
seal = sandbox.seal(keep=[kept], {settings})
def can(attempt):
    try:
        return attempt() or True
    except (OSError, MemoryError):
        return False
print(json.dumps(dict(network=seal.network, files=seal.files, detail=seal.detail, result={attempt})), flush=True)
"""


def sealed(attempt: str, settings: str = "") -> dict[str, Any]:
    """What a process tells after it has sealed itself; `attempt` is an expression."""
    script = SEALED.format(checkout=str(CHECKOUT), settings=settings, attempt=attempt)
    done = subprocess.run([sys.executable, "-I", "-B", "-c", script], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_sealed_process_says_how_it_is_sealed() -> None:
    told = sealed("None")
    assert (told["network"], told["files"]) == ("enforced", "enforced")
    assert "Landlock" in told["detail"] and "seccomp" in told["detail"]


def test_only_what_was_named_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    for name in ("named", "unnamed", "open/inside"):
        (tmp_path / name).write_text("x")
    places = [str(tmp_path / name) for name in ("named", "unnamed", "open/inside", "missing")]
    told = sealed(
        f"[can(lambda: open(place).read() == 'x') for place in {places!r}]",
        f"readable=[Path(place) for place in {[places[0], str(tmp_path / 'open'), places[3]]!r}]",
    )
    assert told["result"] == [True, False, True, False]


def test_a_profile_inside_the_programs_own_folder_stays_closed() -> None:
    """Somebody unpacks the program and keeps the data beside it."""
    told = sealed(
        f"[can(lambda: open(place, 'rb').read(1) and 1) for place in {[str(CHECKOUT / 'pyproject.toml'), sandbox.__file__]!r}]"
    )
    assert (CHECKOUT / "pyproject.toml").exists()
    assert told["result"] == [False, True]


def test_open_files_are_closed_except_those_to_keep() -> None:
    assert sealed("[can(lambda: os.read(before, 1) and 1), can(lambda: os.read(kept, 1) and 1)]")["result"] == [False, True]


def test_memory_is_limited() -> None:
    half_a_gigabyte = "[can(lambda: bytearray(1 << 29) and 1)]"
    assert sealed(half_a_gigabyte)["result"] == [True]
    assert sealed(half_a_gigabyte, "memory_limit=1 << 28")["result"] == [False]


def test_processor_time_is_limited() -> None:
    script = SEALED.format(checkout=str(CHECKOUT), settings="cpu_limit_s=1", attempt="[x for x in iter(int, 1)]")
    done = subprocess.run([sys.executable, "-I", "-B", "-c", script], capture_output=True, timeout=30)
    assert done.returncode == -signal.SIGXCPU


def test_a_seal_that_leaves_everything_readable_is_not_called_one() -> None:
    told = sealed("None", "readable=[Path('/')]")
    assert (told["network"], told["files"]) == ("enforced", "not_enforced")
    assert "open: reading /" in told["detail"]


@pytest.mark.parametrize(
    ("broken", "network", "files"),
    [("landlock.restrict", "enforced", "not_enforced"), ("seccomp.install", "not_enforced", "enforced")],
)
def test_a_layer_that_the_system_refuses_is_noticed(broken: str, network: str, files: str) -> None:
    """As on a kernel without Landlock, or in a container that forbids filters."""
    script = SEALED.format(checkout=str(CHECKOUT), settings="", attempt="None").replace(
        "before =",
        "from engine import landlock, seccomp\n"
        "def refuse(*arguments): raise OSError(38, 'Function not implemented')\n"
        f"{broken} = refuse\nbefore =",
    )
    done = subprocess.run([sys.executable, "-I", "-B", "-c", script], capture_output=True, text=True, timeout=30)
    told = json.loads(done.stdout)
    assert (told["network"], told["files"]) == (network, files)
    assert "Function not implemented" in told["detail"]


def test_the_proof_sees_every_hole_of_an_unsealed_process() -> None:
    network = seal_proof.network_holes(sockets_themselves=True)
    assert {"AF_INET stream", "AF_INET datagram", "AF_UNIX stream", "AF_UNIX datagram"} <= set(network)
    assert "AF_INET datagram" in seal_proof.network_holes(sockets_themselves=False)
    holes = seal_proof.file_holes([])
    assert {"reading /", "writing /tmp"} <= set(holes)


def test_the_proof_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert f"writing {tmp_path}" in seal_proof.file_holes([])
    assert f"reading {tmp_path}" in seal_proof.file_holes([])
    assert f"reading {tmp_path}" not in seal_proof.file_holes([tmp_path.parent])
    assert list(tmp_path.iterdir()) == []


def test_what_this_system_can_enforce_is_what_a_sealed_process_reaches() -> None:
    expected = sandbox.expected_seal()
    told = sealed("None")
    assert (expected.network, expected.files) == (told["network"], told["files"])
    assert os.listdir("/")  # asking sealed nobody


def test_hardening_forbids_core_dumps_and_reading_by_others() -> None:
    script = (
        f"import sys, resource; sys.path.insert(0, {str(CHECKOUT)!r})\n"
        "from engine import sandbox, linux\n"
        "print(linux.prctl(linux.PR_GET_DUMPABLE), sandbox.harden_this_process(), linux.prctl(linux.PR_GET_DUMPABLE),\n"
        "      resource.getrlimit(resource.RLIMIT_CORE))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30).stdout
    assert said.strip() == "1 True 0 (0, 0)"


@pytest.mark.parametrize(("known", "n_fields"), [(1, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3), (12, 3)])
def test_older_kernels_are_asked_for_what_they_know(monkeypatch: pytest.MonkeyPatch, known: int, n_fields: int) -> None:
    block, size = landlock._ruleset(known)
    assert len(block) == size == 8 * n_fields
    files = int.from_bytes(block[:8], "little")
    assert (
        bool(files & 1 << 13) == (known >= 2) and bool(files & 1 << 14) == (known >= 3) and bool(files & 1 << 15) == (known >= 5)
    )


def test_the_macos_profile_closes_the_network_and_quotes_paths(tmp_path: Path) -> None:
    rules = seatbelt.profile([Path('/models/a "b"')], home=Path("/Users/ada"), program=Path("/usr/bin/python3")).splitlines()
    assert rules[0] == "(version 1)"
    assert {"(deny network*)", "(deny file-write*)"} <= set(rules)
    assert '(allow file-read* (subpath "/models/a \\"b\\""))' in rules
    assert rules.index("(deny process-exec*)") < rules.index('(allow process-exec* (literal "/usr/bin/python3"))')
