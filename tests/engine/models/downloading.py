"""What tests of downloads stand on: a loopback hub, a real door that is open for it, a library, and what was published."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from pathlib import Path

from engine.events import Event
from engine.model_events import DownloadChanged
from engine.model_records import Download, DownloadId, Licence, ModelSize, OfferedModel, RemoteFile
from engine.models.downloads import Downloads
from engine.models.fetch import Patience
from engine.models.hub import Hub
from engine.network import NetworkDoor
from engine.network_records import Connection
from engine.policy import NetworkPolicy, hosts_of_hub
from engine.records import ModelId
from tests.loopback_files import sha256_of
from tests.loopback_hub import LoopbackHub

REPOSITORY = "acme/tiny-GGUF"
FILE = "tiny.Q4_K_M.gguf"
MIB = 1 << 20
QUICK = Patience(tries=4, first_s=0.01, longest_s=0.05, longest_asked_s=1.0)


class KeptConnections:
    """A log of connections in memory."""

    def __init__(self) -> None:
        self.entries: list[Connection] = []
        self._ids = itertools.count(1)

    def begin(self, connection: Connection) -> int:
        return next(self._ids)

    def end(self, connection: Connection) -> None:
        self.entries.append(connection)


def open_door(hub: LoopbackHub, **patience: float) -> NetworkDoor:
    """A door that lets requests for models out to this hub and its cdn, and nowhere else."""
    door = NetworkDoor(KeptConnections(), **patience)
    door.use(NetworkPolicy(frozenset({"models"}), {"models": hosts_of_hub(hub.url, [hub.cdn_url])}), "none")
    return door


def offer(name: str = "tiny", licence: str = "apache-2.0") -> OfferedModel:
    return OfferedModel(
        name, "Tiny", "acme", "chat", "", Licence(licence, licence, "yes", ""), ("en",), None, None, "llama", None, ""
    )


def size_of(hub: LoopbackHub, *paths: str, repository: str = REPOSITORY, vision: str | None = None) -> ModelSize:
    """The size that consists of these files, with everything that the hub would say of them."""
    stands = hub.repositories[repository]

    def remote(path: str) -> RemoteFile:
        return RemoteFile(path, stands.files[path].n_bytes, sha256_of(stands.files[path]))

    files = tuple(remote(path) for path in paths)
    return ModelSize("Q4_K_M", "smaller", repository, stands.revision, files, remote(vision) if vision else None)


class Stage:
    """Downloads into a library folder, with everything they published."""

    def __init__(self, hub: LoopbackHub, library: Path, *, token: str | None = None, patience: Patience = QUICK) -> None:
        self.hub, self.library = hub, library
        self.door = open_door(hub, connect_s=2.0, stall_s=0.5)
        self.events: list[Event] = []
        self._loop_thread = threading.get_ident()
        self.limit: int | None = None
        self.downloads = Downloads(
            lambda: self.library,
            lambda: Hub(self.door, hub.url, lambda: token),
            self.door,
            self._publish,
            lambda: self.limit,
            self._installed,
            patience=patience,
        )

    def _publish(self, event: Event) -> None:
        assert threading.get_ident() == self._loop_thread
        self.events.append(event)

    async def _installed(self, file: Path) -> ModelId | None:
        return ModelId(file.stem)

    def told(self, download: DownloadId) -> list[Download]:
        return [each.download for each in self.events if isinstance(each, DownloadChanged) and each.download.id == download]

    def phases(self, download: DownloadId) -> list[str]:
        """The phases in the order in which they were told, without repetitions."""
        return [phase for phase, _ in itertools.groupby(each.phase for each in self.told(download))]

    async def fetched(self, size: ModelSize, model: OfferedModel | None = None) -> Download:
        """Start a download and wait for its end."""
        begun = await self.downloads.start(model or offer(), size)
        return await asyncio.wait_for(self.downloads.finished(begun.id), 20)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.005)

    async def until_there(self, download: DownloadId, n_bytes: int) -> None:
        """Wait until the thread of a download has at least so many bytes."""
        await self.until(lambda: self.downloads._all[download].progress.n_done >= n_bytes)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.name != ".downloads")
