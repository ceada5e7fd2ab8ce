"""A signed statement of what Strongroom enforces on this computer at this moment, to hand to somebody who has to know.

It says what was measured, not what was promised: the lock, the hosts, the seal that a worker just reached, how the data
is kept, what the log holds, and which program this is. The key belongs to one profile and stays in the system keyring,
so a signature shows that a statement is unchanged and comes from the same profile as an earlier one; it cannot show that
the program itself is honest. For that the statement has the checksum of its files, to be compared with a release.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine import secrets
from engine.errors import StoreLocked
from engine.json_shapes import Json, network_json
from engine.network_records import Connection, NetworkState
from engine.records import ComputerReport

FORMAT = "strongroom-attestation-1"
KEY = "attestation key"
PROGRAM = Path(__file__).parents[1]


def attest(
    *, network: NetworkState, report: ComputerReport, connections: Sequence[Connection], version: str, profile: Path
) -> Json:
    """The statement, its signature and the public key that it can be checked with, the last two in base64.

    The key is that of the profile in the folder `profile`. Where no keyring keeps a key the statement comes unsigned and
    says why. Reads the program's files; may block on the keyring.
    """
    statement: Json = json.loads(_as_signed(_statement(network, report, connections, version)))
    try:
        key = _key(profile)
    except StoreLocked as error:
        return {"statement": statement, "signature": None, "public_key": None, "unsigned": error.reason}
    return {
        "statement": statement,
        "signature": _text(key.sign(_as_signed(statement))),
        "public_key": _text(key.public_key().public_bytes_raw()),
    }


def verify(statement: Mapping[str, object], signature: str, public_key: str) -> bool:
    """Whether the statement is, word for word, the one that was signed with this key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), _as_signed(statement))
    except (InvalidSignature, NotBase64, ValueError, TypeError):
        return False
    return True


def program_files(top: Path = PROGRAM) -> tuple[int, str]:
    """How many files of source this program runs from, and one checksum over all of them.

    It is the SHA-256 of the lines that `sha256sum` prints for them, in the order of their paths.
    """
    files = [top / "main.py", *(top / "engine").rglob("*.py"), *(top / "desktop").rglob("*.py")]
    lines = sorted((file.relative_to(top).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files)
    listing = "".join(f"{checksum}  {name}\n" for name, checksum in lines)
    return len(lines), hashlib.sha256(listing.encode()).hexdigest()


def _statement(network: NetworkState, report: ComputerReport, connections: Sequence[Connection], version: str) -> Json:
    n_files, checksum = program_files()
    return {
        "format": FORMAT,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": {"version": version, "files": n_files, "sha256": checksum, "libraries": report.libraries},
        "network": network_json(network),
        "log": _summed(connections),
        "seal": report.sandbox,
        "store": report.store,
        "keyring": report.keyring,
        "problems": list(report.problems),
    }


def _summed(connections: Sequence[Connection]) -> Json:
    """What the log holds: how many requests ended how, how much was sent for what, and attempts to get past the door."""
    sent: Counter[str] = Counter()
    for each in connections:
        sent[each.purpose or "none"] += each.sent
    times = [each.time for each in connections]
    return {
        "entries": len(connections),
        "first": min(times).isoformat() if times else None,
        "last": max(times).isoformat() if times else None,
        "outcomes": dict(sorted(Counter(each.outcome for each in connections).items())),
        "bypasses": sum(each.reason == "bypass" for each in connections),
        "sent_bytes": dict(sorted(sent.items())),
        "hosts": sorted({each.host for each in connections if each.outcome != "refused"}),
    }


def _key(profile: Path) -> Ed25519PrivateKey:
    """This profile's key, made when there is none yet. Raises StoreLocked."""
    name = f"{KEY} {hashlib.sha256(os.fsencode(profile.absolute())).hexdigest()[:16]}"
    kept = secrets.read_secret(name)
    if kept is not None and len(kept) == 32:
        return Ed25519PrivateKey.from_private_bytes(kept)
    key = Ed25519PrivateKey.generate()
    secrets.write_secret(name, key.private_bytes_raw())
    return key


def _as_signed(statement: Mapping[str, object]) -> bytes:
    """The statement as bytes, the same however the JSON was written or read in between."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str).encode("ascii")


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
