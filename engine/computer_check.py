"""What `doctor` tells: the computer, the engine, the seal that a worker really reached, the store and the keyring."""

from __future__ import annotations

import asyncio

from engine import secrets
from engine.errors import StoreDamaged, StrongroomError
from engine.models.doctor import examine
from engine.records import ComputerReport
from engine.session import Session


async def check_computer(session: Session) -> ComputerReport:
    """Look at everything an answer depends on. Opens nothing that is closed and writes nothing that stays."""
    try:
        kind = await session.kind_of_store()
    except StoreDamaged as error:
        kind = error.kind
    encrypted = await asyncio.to_thread(_is_encrypted, session) if kind is not None else None
    store = {"exists": kind is not None, "protection": kind, "encrypted": encrypted, "open": session.access.is_open}
    return await examine(store=store, keyring=await asyncio.to_thread(_keyring), models=await session.library.installed())


def _is_encrypted(session: Session) -> bool | None:
    """Whether the store's file begins with anything but SQLite's own words; None if there is no file to look at.

    A store that is open here was opened with a key. Its file is not looked at: closing it again would drop the locks
    that SQLite holds on it.
    """
    if session.access.is_open:
        return True
    try:
        with session.profile.store.open("rb") as file:
            return not file.read(16).startswith(b"SQLite format 3")
    except OSError:
        return None


def _keyring() -> dict[str, object]:
    try:
        backend = secrets.secure_keyring()
    except StrongroomError as error:
        return {"secure": False, "problem": error.kind, **error.facts}
    return {"secure": True, "backend": f"{type(backend).__module__}.{type(backend).__name__}"}
