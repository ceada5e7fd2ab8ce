"""Whether a model fits this computer and how fast it would be, judged with what was measured here.

Brings together what is free now, the speed of the memory and every earlier load. The arithmetic is models/memory_fit,
what loads teach is models/learned; here is only where their numbers come from and where new ones are kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from engine.errors import StoreError
from engine.inference.load_report import LoadReport
from engine.model_records import Gpu, Hardware, ModelLoad
from engine.models import hardware
from engine.models.facts import ModelFacts
from engine.models.learned import learn
from engine.models.memory_fit import fit
from engine.models.memory_speed import memory_bytes_per_s
from engine.records import Fit
from engine.settings import Settings
from engine.store.store import Store
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

MEMORY_SPEED = "memory_bytes_per_s"  # the name of the measurement in the store


@dataclass(frozen=True)
class Judge:
    """What is known of this computer at one moment; judges any number of models for it."""

    n_ctx: int
    free: int
    total: int
    gpus: tuple[Gpu, ...]
    bytes_per_s: float | None
    loads: tuple[ModelLoad, ...]

    def __call__(
        self, facts: ModelFacts | None, n_bytes: int | None = None, *, sha256: str | None = None, vision_bytes: int = 0
    ) -> Fit:
        """The fit of a model whose header says `facts`. `sha256` finds what its file has shown before.

        Without a header it is unknown, unless its `n_bytes` alone are more than this computer has.
        """
        if facts is None:
            is_hopeless = n_bytes is not None and n_bytes > self.total
            return Fit(
                "does_not_fit" if is_hopeless else "unknown", n_bytes if is_hopeless else None, self.free, n_ctx=self.n_ctx
            )
        return fit(
            facts,
            self.n_ctx,
            free=self.free,
            total=self.total,
            gpus=self.gpus,
            bytes_per_s=self.bytes_per_s,
            learned=learn(self.loads, sha256=sha256, architecture=facts.architecture),
            vision_bytes=vision_bytes,
            n_cores=psutil.cpu_count(logical=False),
        )


class ModelAdvice:
    """Looks at this computer and remembers what it measured. `settings` tells the context that is judged for."""

    def __init__(self, access: StoreAccess, folder: Path, settings: Callable[[], Settings]) -> None:
        self._access = access
        self._folder = folder
        self._settings = settings
        self._speed: float | None = None
        self._gpus: tuple[Gpu, ...] | None = None
        self._measuring = asyncio.Lock()
        self.n_ctx: int | None = None  # instead of the settings'
        self._loaded: LoadReport | None = None

    async def look(self) -> Hardware:
        """This computer now, with the speed of its memory, which is measured at each look."""
        found = await asyncio.to_thread(hardware.look, self._folder)
        self._gpus = found.gpus
        return replace(found, bytes_per_s=await self._memory_speed())

    def loaded(self, report: LoadReport | None) -> None:
        """Take into account what the model in use takes; None: there is none."""
        self._loaded = report

    async def judge(self, *, beside: bool = False) -> Judge:
        """A judge for this moment: of models in place of the one in use or, with `beside`, of one that is loaded as well.

        The system counts the weights of the one in use as free, since they could be read from their file again.
        """
        if self._gpus is None:
            self._gpus = (await asyncio.to_thread(hardware.look, self._folder)).gpus
        if self._speed is None:
            self._speed = await self._kept_speed() or await self._memory_speed()
        memory, loaded = psutil.virtual_memory(), self._loaded
        weights = loaded.weights if loaded else 0
        of_its_own = max(0, loaded.measured - weights) if loaded else 0
        free = max(0, memory.available - weights) if beside else memory.available + of_its_own
        return Judge(
            n_ctx=self.n_ctx or self._settings().n_ctx,
            free=min(free, memory.total),
            total=memory.total,
            gpus=self._gpus or (),
            bytes_per_s=self._speed,
            loads=await self._loads(),
        )

    async def remember(self, load: ModelLoad) -> None:
        """Keep what a load showed, for the next advice. Without a store that takes it, it is forgotten."""
        await self._keep(lambda store: store.model_loads.record(load))

    async def _keep(self, call: Callable[[Store], None]) -> None:
        if self._access.is_open:
            try:
                await self._access.write(call)
            except StoreError as error:  # such as a full disk, on which somebody looks for models to remove
                log.info("what was measured was not kept: %s", error.kind)

    async def _loads(self) -> tuple[ModelLoad, ...]:
        if not self._access.is_open:
            return ()
        return tuple(await self._access.read(lambda store: store.model_loads.recent()))

    async def _memory_speed(self) -> float | None:
        """The fastest that memory was read in any look: another program that is busy makes it look slower than it is."""
        async with self._measuring:
            measured = await asyncio.to_thread(memory_bytes_per_s)
            before = max((each for each in (self._speed, await self._kept_speed()) if each is not None), default=None)
            if measured is None or (before is not None and measured <= before):
                self._speed = before
                return before
            self._speed = measured
            await self._keep(lambda store: store.measurements.put(MEMORY_SPEED, measured))
            return measured

    async def _kept_speed(self) -> float | None:
        if not self._access.is_open:
            return None
        try:
            kept = await self._access.read(lambda store: store.measurements.get(MEMORY_SPEED))
        except StoreError:
            return None
        return float(kept[1]) if kept and isinstance(kept[1], int | float) and kept[1] > 0 else None
