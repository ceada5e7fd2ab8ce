"""Stores whose passphrase costs nothing to stretch.

Stretching one as it is outside takes a second of a core and a quarter of a gigabyte, each time a store is opened. What it
costs is kept with the store, so programs that open such a store later, also in processes of their own, open it quickly.
tests/engine/store/test_keys.py holds what it costs outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.paths import Profile
from engine.store.keys import Stretching
from engine.store.store import Store


@contextmanager
def cheap_passphrases() -> Iterator[None]:
    """Stores that this process makes meanwhile have one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stretching, "today", lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))
        yield


def make_store(profile: Path, passphrase: str) -> None:
    """An empty store in this folder, closed again."""
    with cheap_passphrases():
        Store.open(Profile(profile), protection="passphrase", passphrase=passphrase).close()
