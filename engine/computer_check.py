"""What `doctor` tells: the computer, the engine, the seal that a worker really reached, the store and the keyring."""

from __future__ import annotations

import asyncio

from engine import secrets
from engine.errors import StrongroomError
from engine.models.doctor import examine
from engine.records import ComputerReport
from engine.session import Session


async def check_computer(session: Session) -> ComputerReport:
    """Look at everything an answer depends on. Opens nothing that is closed and writes nothing that stays."""
    kind = await session.kind_of_store()
    store = {"exists": kind is not None, "protection": kind, "encrypted": True, "open": session.access.is_open}
    return await examine(store=store, keyring=await asyncio.to_thread(_keyring), models=await session.library.installed())


def _keyring() -> dict[str, object]:
    try:
        backend = secrets.secure_keyring()
    except StrongroomError as error:
        return {"secure": False, "problem": error.kind, **error.facts}
    return {"secure": True, "backend": f"{type(backend).__module__}.{type(backend).__name__}"}
