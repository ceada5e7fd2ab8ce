from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import attestation
from engine.attestation import attest, program_files, verify
from engine.errors import StoreLocked
from engine.network_records import Connection, NetworkState
from engine.records import ComputerReport

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
STATE = NetworkState(("models",), NOW, (("models", ("huggingface.co", "us.aws.cdn.hf.co")),), ("models",), "proxy.example:3128")
REPORT = ComputerReport(
    hardware={"memory_total": 1}, engine={}, sandbox={"network": "enforced", "files": "enforced", "detail": "seccomp"},
    store={"encrypted": True, "place": Path("/home/me")}, keyring={"secure": True}, libraries={"python": "3.11"},
    problems=("none",),
)  # fmt: skip
ONE = Connection(1, NOW, "models", "Qwen3", "GET", "huggingface.co", 443, 100, 2000, 200, "done")
LOG = (
    ONE,
    replace(ONE, id=2, time=NOW + timedelta(hours=1), sent=50, outcome="failed", reason="tls"),
    replace(ONE, id=3, purpose=None, host="evil.example", sent=0, outcome="refused", reason="bypass"),
)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A keyring that keeps what it is given; the real one has tests of its own."""
    kept: dict[str, bytes] = {}
    monkeypatch.setattr(attestation.secrets, "read_secret", kept.get)
    monkeypatch.setattr(attestation.secrets, "write_secret", kept.__setitem__)
    return kept


def statement(profile: str = "profile") -> dict:
    return attest(network=STATE, report=REPORT, connections=LOG, version="0.1.0", profile=Path(profile))


def test_another_profile_signs_with_another_key(keyring: dict[str, bytes]) -> None:
    first, second = statement(), statement("another")
    assert first["public_key"] != second["public_key"] and statement()["public_key"] == first["public_key"]
    assert not verify(first["statement"], first["signature"], second["public_key"])


def test_a_statement_says_what_was_measured(keyring: dict[str, bytes]) -> None:
    said = statement()["statement"]
    assert said["network"]["open_purposes"] == ["models"] and said["network"]["closed"] is False
    assert said["seal"] == REPORT.sandbox and said["store"]["encrypted"] is True and said["problems"] == ["none"]
    assert said["log"] == {
        "entries": 3,
        "first": NOW.isoformat(),
        "last": (NOW + timedelta(hours=1)).isoformat(),
        "outcomes": {"done": 1, "failed": 1, "refused": 1},
        "bypasses": 1,
        "sent_bytes": {"models": 150, "none": 0},
        "hosts": ["huggingface.co"],
    }
    assert said["program"]["version"] == "0.1.0" and said["program"]["libraries"] == {"python": "3.11"}
    assert datetime.now(UTC) - datetime.fromisoformat(said["time"]) < timedelta(minutes=1)


def test_a_signature_holds_for_these_words_only(keyring: dict[str, bytes]) -> None:
    signed = json.loads(json.dumps(statement(), indent=3))  # as a file that was written and read again
    words, signature, key = signed["statement"], signed["signature"], signed["public_key"]
    assert verify(words, signature, key)
    assert verify(dict(reversed(words.items())), signature, key), "the order of a file means nothing"
    words["network"]["closed"] = True
    assert not verify(words, signature, key)
    words["network"]["closed"] = False
    assert verify(words, signature, key) and not verify(words | {"more": 1}, signature, key)
    other = base64.b64encode(bytes(32)).decode()
    for wrong in [(signature, other), (other, key), ("", key), (signature, "x"), (signature[:-4], key), ("ä", key)]:
        assert not verify(words, *wrong)


def test_the_key_stays_the_same_and_in_the_keyring(keyring: dict[str, bytes]) -> None:
    first, second = statement(), statement()
    assert first["public_key"] == second["public_key"] and len(keyring) == 1
    (kept,) = keyring.values()
    assert base64.b64encode(kept).decode() not in json.dumps(first)


def test_a_key_that_is_none_is_replaced(keyring: dict[str, bytes]) -> None:
    statement()
    (name,) = keyring
    keyring[name] = b"short"
    signed = statement()
    assert verify(signed["statement"], signed["signature"], signed["public_key"]) and len(keyring[name]) == 32


def test_without_a_keyring_it_comes_unsigned_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_: str) -> bytes:
        raise StoreLocked("no_keyring")

    monkeypatch.setattr(attestation.secrets, "read_secret", locked)
    signed = statement()
    assert (signed["signature"], signed["public_key"], signed["unsigned"]) == (None, None, "no_keyring")
    assert signed["statement"]["seal"] == REPORT.sandbox


def test_the_program_is_told_by_its_files(tmp_path: Path) -> None:
    for name, text in {"main.py": "a", "engine/b.py": "b", "desktop/views/c.py": "c", "engine/b.txt": "no"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = program_files(tmp_path)
    names = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.py"))
    listing = "".join(f"{hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    assert before == (3, hashlib.sha256(listing.encode()).hexdigest())
    (tmp_path / "engine/b.py").write_text("B")
    assert program_files(tmp_path)[1] != before[1]
    assert program_files()[0] > 100


@pytest.mark.skipif(sys.platform != "linux", reason="sha256sum is a program of Linux")
def test_anybody_can_compute_the_same_checksum() -> None:
    command = "find main.py engine desktop -name '*.py' -type f | LC_ALL=C sort | xargs sha256sum | sha256sum"
    shown = subprocess.run(
        ["sh", "-c", command], cwd=attestation.PROGRAM, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert shown.split()[0] == program_files()[1]
