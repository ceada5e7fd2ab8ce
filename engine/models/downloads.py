"""All downloads of this process: which there are, whose turn it is, and what the window is told of them.

Lives on the engine's loop; each transfer runs in a thread of its own, at most two at once, and nothing here waits for a
disk or a server on the loop. Every event is published on the loop. Knows nothing of how bytes are fetched or kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import NetworkRefused, NotFound, StrongroomError
from engine.events import Event
from engine.model_events import DownloadChanged, DownloadRemoved
from engine.model_records import Download, DownloadId, ModelSize, OfferedModel
from engine.models import planning
from engine.models.download_disk import DownloadDisk
from engine.models.download_journal import DownloadFolder, Journal, download_id
from engine.models.fetch import Patience
from engine.models.library_names import plain_name
from engine.models.line import Line
from engine.models.provenance import Provenance
from engine.models.rate_limit import RateLimit
from engine.models.running import Running, promised
from engine.models.transfer import Transfer
from engine.network import NetworkDoor
from engine.records import ModelId

if TYPE_CHECKING:
    from engine.models.hub import Hub

log = logging.getLogger(__name__)

AT_ONCE = 2
TELL_S = 0.25  # at most four events a second for each download


class Downloads:
    """`folder` is the library's, `installed` tells which model a file became, `limit` the bytes a second for all together.

    `on_done` is called with each finished download's files while its phase is `measuring`; it may take its time.
    """

    def __init__(
        self,
        folder: Callable[[], Path],
        hub: Callable[[], Hub],
        door: NetworkDoor,
        publish: Callable[[Event], None],
        limit: Callable[[], int | None],
        installed: Callable[[Path], Awaitable[ModelId | None]],
        *,
        on_done: Callable[[Path, Provenance], Awaitable[None]] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._folder, self._hub, self._door, self._publish = folder, hub, door, publish
        self._installed, self._on_done = installed, on_done
        self._limit = RateLimit(limit)
        self._patience = patience or Patience()
        self._all: dict[DownloadId, Running] = {}
        self._queue: list[Running] = []
        self._deciding = asyncio.Lock()  # one wish at a time changes what is fetched
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="download")
        self._disk = DownloadDisk()
        self._closing = False

    # ------------------------------------------------------------ wishes
    async def start(self, offer: OfferedModel, size: ModelSize) -> Download:
        """Begin to fetch a size, or go on with it where it was begun before.

        Raises at once: NetworkRefused, NetworkFailed, HubRefused, FileChanged (from asking the hub what is not known yet),
        NameRefused, NoRoom, FolderUnwritable, AlreadyRunning.
        """
        for file in (*size.files, *((size.vision,) if size.vision else ())):
            plain_name(file.path)
        self._require_open()
        hub = self._hub()
        if not size.is_confirmed or (size.vision and not (size.vision.n_bytes and size.vision.sha256)):
            size = await asyncio.to_thread(hub.resolve, size)
        async with self._deciding:
            running = self._all.get(download_id(offer, size))
            if running is not None and running.download.phase != "done":
                return await self._go_on(running)
            library = self._folder()
            folder, plan = DownloadFolder(library, download_id(offer, size)), partial(planning.planned, offer, size)
            if here := await self._disk.run(planning.found_here, library, size):
                return await self._already_here(folder, await self._disk.run(plan, library), here)
            return await self._begin(folder, plan)

    async def repair(self, file: Path) -> Download:
        """Fetch the damaged parts of a library file again. Raises NotFound where its source is not known; else as `start`."""
        self._require_open()
        async with self._deciding:
            folder, journal = await self._disk.run(planning.planned_repair, file)
            running = self._all.get(folder.id)
            if running is not None and running.download.phase != "done":
                return await self._go_on(running)
            return await self._begin(folder, lambda _: journal)

    async def pause(self, download: DownloadId) -> None:
        """Stop fetching; returns once nothing comes any more. What came stays. Raises NotFound."""
        running = self._get(download)
        if running in self._queue:
            self._queue.remove(running)
            await self._disk.run(running.folder.release)
            self._tell(running, phase="paused")
            running.is_quiet.set()
        elif running.task is not None and running.download.phase != "measuring":
            running.interruption.interrupt()
            await running.is_quiet.wait()

    async def resume(self, download: DownloadId) -> Download:
        """Go on with a paused or failed download. Raises NotFound, NetworkRefused, NoRoom, FolderUnwritable, AlreadyRunning."""
        async with self._deciding:
            running = self._get(download)
            self._require_open()
            return await self._go_on(running)

    async def cancel(self, download: DownloadId) -> None:
        """Stop and remove what was fetched; of one that is done, only the line in the list. Raises NotFound, AlreadyRunning."""
        async with self._deciding:
            running = self._get(download)
            await self.pause(download)
            if running.task is not None:
                await asyncio.wait({running.task})
            if running.download.phase != "done":
                await self._disk.run(planning.removed, running.folder)
            self._all.pop(download, None)
            self._publish(DownloadRemoved(download))

    async def restore(self) -> None:
        """List what earlier runs began, as paused, and clear away what they broke off removing."""
        async with self._deciding:
            for folder, journal, n_done in await self._disk.run(planning.kept, self._folder()):
                if folder.id not in self._all:
                    running = self._listed(folder, journal)
                    self._tell(running, phase="paused", n_done=n_done)

    @contextlib.asynccontextmanager
    async def standing_still(self) -> AsyncIterator[None]:
        """Nothing is fetched meanwhile and other wishes wait; then what ran goes on, in the folder that is the library now."""
        async with self._deciding:
            stopped = [each for each in self._all.values() if each.is_active]
            for each in stopped:
                await self.pause(each.download.id)
                if each.task is not None:
                    await asyncio.wait({each.task})
            try:
                yield
            finally:
                await self._follow_the_library()
                for each in stopped:
                    if each.download.phase == "paused" and each.download.id in self._all:
                        with contextlib.suppress(StrongroomError):  # it stays paused, and says why when it is resumed
                            await self._go_on(each)

    async def _follow_the_library(self) -> None:
        for each in list(self._all.values()):
            if each.folder.library != (library := self._folder()) and each.download.phase != "done":
                each.folder = DownloadFolder(library, each.folder.id)
                if await self._disk.run(each.folder.read) is None:  # it could not be brought along
                    del self._all[each.download.id]
                    self._publish(DownloadRemoved(each.download.id))

    def list(self) -> tuple[Download, ...]:
        return tuple(running.download for running in self._all.values())

    async def finished(self, download: DownloadId) -> Download:
        """Wait until it is done, failed or paused. Raises NotFound."""
        running = self._get(download)
        await running.is_quiet.wait()
        if running.task is not None:
            await asyncio.wait({running.task})
        return running.download

    async def close(self) -> None:
        """Pause everything and wait for the threads; what came is kept for a later run."""
        self._closing = True
        for running in self._all.values():
            running.interruption.interrupt()
        for running in list(self._all.values()):
            await self.pause(running.download.id)
            if running.task is not None and running.download.phase == "measuring":
                running.task.cancel()
        tasks = {running.task for running in self._all.values() if running.task is not None}
        if tasks:
            await asyncio.wait(tasks)
        self._threads.shutdown(wait=False)
        self._disk.close()

    # ------------------------------------------------------------ beginning and going on
    async def _begin(self, folder: DownloadFolder, plan: Callable[[Path], Journal]) -> Download:
        journal, n_done = await self._disk.held(folder, plan, promised(self._all.values()))
        return self._enqueue(self._listed(folder, journal), n_done)

    async def _go_on(self, running: Running) -> Download:
        if running.is_active:
            return running.download
        if running.task is not None:
            await asyncio.wait({running.task})  # it may still be putting the last bytes on the disk
        running.journal, n_done = await self._disk.held(running.folder, None, promised(self._all.values()))
        return self._enqueue(running, n_done)

    async def _already_here(self, folder: DownloadFolder, journal: Journal, file: Path) -> Download:
        running = self._listed(folder, journal)
        model = await self._installed(file)
        self._tell(running, phase="done", n_done=journal.n_bytes or 0, file=file.name, installed=model)
        return running.download

    def _listed(self, folder: DownloadFolder, journal: Journal) -> Running:
        running = Running(folder, journal, asyncio.get_running_loop(), self._phase_changed)
        self._all[folder.id] = running
        return running

    def _enqueue(self, running: Running, n_done: int) -> Download:
        hosts = (self._hub().host,)
        self._tell(running, phase="waiting", n_done=n_done, problem=None, problem_facts=None, hosts=hosts)
        running.renew()
        running.is_quiet.clear()
        self._queue.append(running)
        self._start_next()
        return running.download

    def _start_next(self) -> None:
        while self._queue and sum(each.task is not None for each in self._all.values()) < AT_ONCE and not self._closing:
            running = self._queue.pop(0)
            running.task = asyncio.create_task(self._run(running), name=f"download {running.download.id}")

    def _require_open(self) -> None:
        if "models" not in self._door.state().open_purposes:
            raise NetworkRefused("models", self._hub().host, "offline")

    # ------------------------------------------------------------ one run of one download
    async def _run(self, running: Running) -> None:
        """From the first request to the last word of this run. Never raises."""
        try:
            placed = await self._transferred(running)
            await self._finish(running, placed)
        except (Exception, asyncio.CancelledError) as end:
            self._tell(running, **running.ended_by(end))
        finally:
            running.folder.release()
            running.task = None
            running.is_quiet.set()
            self._start_next()

    async def _transferred(self, running: Running) -> Sequence[tuple[Path, Provenance]]:
        hub = self._hub()
        line = Line(self._door, hub, self._limit, running.interruption, running.progress, self._patience)
        transfer = Transfer(running.folder, running.journal, line, hub.host)
        work = asyncio.get_running_loop().run_in_executor(self._threads, transfer.run)
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=TELL_S)
                self._tell(running, **running.standing())
        except asyncio.CancelledError:
            running.interruption.interrupt()
            await asyncio.wait({work})
            raise
        return work.result()

    async def _finish(self, running: Running, placed: Sequence[tuple[Path, Provenance]]) -> None:
        await self._disk.run(running.folder.remove)
        file, known = placed[0]
        self._tell(running, phase="measuring", n_done=running.download.n_bytes or 0, file=file.name)
        running.is_quiet.set()
        model = None
        try:
            if self._on_done is not None:
                await self._on_done(file, known)
            model = await self._installed(file)
        except asyncio.CancelledError:
            log.info("closed before a new model was measured")
        except Exception as fault:  # the file is in the library all the same
            log.error("after a download: %s", type(fault).__name__)
        self._tell(running, phase="done", installed=model)

    # ------------------------------------------------------------ telling
    def _phase_changed(self, running: Running) -> None:
        """On the loop: the thread of a transfer has come to another phase."""
        if running.task is None:
            return
        self._tell(running, **running.standing())
        if running.progress.phase == "paused":
            running.is_quiet.set()

    def _tell(self, running: Running, **changes: Any) -> None:
        if running.change(**changes):
            self._publish(DownloadChanged(running.download))

    def _get(self, download: DownloadId) -> Running:
        if download not in self._all:
            raise NotFound("download", download)
        return self._all[download]
