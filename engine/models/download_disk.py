"""The one thread on which downloads look at the disk, take locks and write journals, so that the loop never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from engine.models import planning
from engine.models.download_journal import DownloadFolder, Journal

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class DownloadDisk:
    """Runs one call after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="downloads")

    async def run(self, work: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """What `work` returns or raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    async def held(self, folder: DownloadFolder, plan: Callable[[Path], Journal] | None, promised: int) -> tuple[Journal, int]:
        """As planning.held; who gives up waiting leaves no lock behind."""
        work = asyncio.ensure_future(self.run(planning.held, folder, plan, promised))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work})
            if work.exception() is None:
                folder.release()
            raise

    def close(self) -> None:
        self._thread.shutdown(wait=False)
