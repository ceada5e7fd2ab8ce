"""A profile for the verbs of the ledger: no keyring, and a passphrase that costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.session import Session
from engine.store.keys import Stretching
from tests.engine.test_compare_verbs import Shell


@contextmanager
def a_shell(profile: Path) -> Iterator[Shell]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        patched.setattr(Stretching, "today", lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))
        shell = Shell(profile)
        shell.done("ledger", "check")  # makes the store
        yield shell


def in_store(shell: Shell, work: Callable[[Any], Any]) -> Any:
    """Do something with the open store, between two verbs."""

    async def do(session: Session) -> Any:
        return await session.access.write(work)

    return shell.inside(do)
