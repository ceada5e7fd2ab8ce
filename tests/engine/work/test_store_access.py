"""Writes go on when nobody waits for them any more, and say nothing to anybody then."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import NotFound
from engine.paths import Profile
from engine.store.store import Store
from engine.work.store_access import StoreAccess


async def test_a_write_that_fails_after_its_wish_was_cancelled_is_no_error_of_anybody_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer, may_go_on = ThreadPoolExecutor(1), threading.Event()
    access = StoreAccess(writer, writer)
    await access.open(lambda: Store.open(Profile(tmp_path), protection="memory"))

    def fail(_: Store) -> None:
        may_go_on.wait(10)
        raise NotFound("document", "gone")

    wish = asyncio.create_task(access.write(fail))
    await asyncio.sleep(0)
    wish.cancel()
    with pytest.raises(asyncio.CancelledError):
        await wish
    may_go_on.set()
    with caplog.at_level(logging.INFO):
        await access.close()  # after the write, on the same thread
        await asyncio.sleep(0)
        gc.collect()
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("INFO", "a write that nobody waited for failed: NotFound")
    ]
    writer.shutdown()
