"""Everything about models but answering with them: which there are, which could be had, fetching, keeping, advice.

One object for the session, which tells it what is in use. Puts the parts together; each wish is worked on in one of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import psutil

from engine.errors import ModelError, ModelMissing, NotSealed, OutOfMemory
from engine.events import Event, ModelsListed
from engine.inference.load_report import LoadReport
from engine.model_events import ModelInUse
from engine.model_records import Download, FoundModel, ModelCheck, ModelLoad
from engine.models.checksums import Checksums
from engine.models.downloads import Downloads
from engine.models.facts import ModelFacts
from engine.models.library import Library
from engine.models.memory_fit import need
from engine.models.provenance import Provenance
from engine.paths import Profile, resources
from engine.records import Model, ModelId
from engine.settings import Settings
from engine.work.finding_models import FindingModels
from engine.work.hub_access import HubAccess
from engine.work.keeping_models import KeepingModels
from engine.work.model_advice import ModelAdvice
from engine.work.network_access import NetworkAccess
from engine.work.speed_test import N_CTX as SPEED_N_CTX
from engine.work.speed_test import measure_speed
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

JOURNAL = "library-move.json"  # in the profile
ChangeSettings = Callable[[Settings], Awaitable[None]]


class ModelDesk:
    """The models of a profile. `settings` tells the settings as they are, `change` keeps others."""

    def __init__(
        self,
        profile: Profile,
        access: StoreAccess,
        network: NetworkAccess,
        *,
        settings: Callable[[], Settings],
        change: ChangeSettings,
        publish: Callable[[Event], None],
    ) -> None:
        self._profile, self._settings, self._change, self._publish = profile, settings, change, publish
        self.bundled = resources() / "models"
        self.advice = ModelAdvice(access, profile.root, settings)
        self.library = Library(
            lambda: (self.bundled, self.folder()),
            in_place=lambda: tuple(Path(each) for each in settings().models_in_place),
            checksums=Checksums(profile.root / "checksums.json"),
        )
        self.models: tuple[Model, ...] = ()
        self.file_changed: Callable[[ModelId], Awaitable[None]] = _nobody_uses_it  # it was mended, or found damaged
        self._hashing, self._listing = asyncio.Lock(), asyncio.Lock()
        self.hub = HubAccess(network.door, lambda: network.hub_url(settings()), profile.root)
        self.finding = FindingModels(advice=self.advice, hub=self.hub.client, installed=lambda: self.models, folder=profile.root)
        self.keeping = KeepingModels(
            self.library,
            folder=self.folder,
            journal=profile.root / JOURNAL,
            bundled=self.bundled,
            recognise=self.finding.recognised,
            publish=publish,
        )
        self.downloads = Downloads(
            self.folder,
            self.hub.client,
            network.door,
            publish,
            lambda: settings().download_limit,
            self._id_of,
            on_done=self._after_download,
        )

    def folder(self) -> Path:
        """The folder of the library."""
        chosen = self._settings().models_folder
        return Path(chosen) if chosen else self._profile.models

    # ------------------------------------------------------------ what there is
    async def list(self) -> tuple[Model, ...]:
        """Look at the model files on this computer, new and changed ones from beginning to end."""
        async with self._hashing:  # no file is read twice at once
            await self.library.hash_new()
        return await self.relist()

    async def relist(self) -> tuple[Model, ...]:
        """As `list` without reading a file for its checksum; each header is read in a sealed worker."""
        async with self._listing:  # what was looked at first is not told last
            judge, chosen = await self.advice.judge(), self._settings().model
            file = next((each.file for each in self.models if each.id == chosen), None)
            self.models = tuple(await self.library.installed(judge=judge, at_once=True))
            self._publish(ModelsListed(self.models))
        renamed = next((each.id for each in self.models if each.file == file), chosen)
        if renamed != chosen == self._settings().model:  # a new file took the name: whoever chose that file meant it
            with contextlib.suppress(ModelError, NotSealed):  # the state of the chat model tells
                await self._change(self._settings().model_copy(update={"model": renamed}))
        return self.models

    async def show(self) -> None:
        """List what there is and what could be had, as both stand now."""
        await self.relist()
        await self.show_offers()
        await self.list()
        await self.show_offers()

    async def show_offers(self) -> None:
        self._publish(await self.finding.offers())

    async def bring_up(self) -> None:
        """What an earlier run left: unfinished downloads, a move that was not cleared away. After the store is open."""
        await self.keeping.finish_earlier_move()
        await self.downloads.restore()

    async def close(self) -> None:
        """Pause what runs; what was fetched or finished is kept."""
        await self.downloads.close()
        await self.keeping.close()

    # ------------------------------------------------------------ wishes that touch several parts
    async def add(self, path: Path, how: Literal["import", "in_place"]) -> ModelId:
        """Take in a model file, or use it where it is. Raises FetchError, ModelError."""
        if how == "import":
            added = await self.keeping.add(path)
            await self.relist()
            return added
        return await self._add_in_place(path)

    async def _add_in_place(self, path: Path) -> ModelId:
        file = await asyncio.to_thread(self.library.check_in_place, path)
        settings = self._settings()
        if str(file) not in settings.models_in_place:
            await self._change(settings.model_copy(update={"models_in_place": (*settings.models_in_place, str(file))}))
        await self.relist()
        await self.list()
        return await asyncio.to_thread(self.library.id_of, file)

    async def remove(self, model_id: ModelId, *, is_loaded: bool, even_if_used: bool) -> ModelInUse | None:
        """Take a model out of the library; a file used in place stays where it is. What depends on it is asked about first."""
        model, settings = self.library.named(model_id), self._settings()
        in_use = self.keeping.in_use(model, chosen=settings.model, is_loaded=is_loaded, even_if_used=even_if_used)
        if in_use is not None:
            return in_use
        if model.is_in_place:
            left = tuple(each for each in settings.models_in_place if each != model.file)
            await self._change(settings.model_copy(update={"models_in_place": left}))
        else:
            await self._end_repair(model)
            await self.keeping.remove(model)
        await self.relist()
        return None

    async def _end_repair(self, model: Model) -> None:
        """A repair that went on would bring the model back."""
        for each in self.downloads.list():
            if each.is_repair and each.phase != "done" and each.file == Path(model.file).name:
                await self.downloads.cancel(each.id)

    async def download(self, text: str) -> Download:
        """Begin to fetch what `text` names, as FindingModels.chosen understands it, or go on with what was begun of it.

        What an earlier run began goes on at the commit that it began with. Raises NotFound, NetworkError, FetchError.
        """
        model, size = await self.finding.chosen(text)
        await self.downloads.restore()
        for begun in self.downloads.list():
            if (begun.model, begun.size_key) == (model.id, size.key) and begun.phase in ("paused", "failed"):
                return await self.downloads.resume(begun.id)
        return await self.downloads.start(model, await self.finding.confirmed(model, size))

    async def verify(self, model: ModelId) -> ModelCheck | None:
        """Compare a model's checksums; a damaged one is listed as such from then on. None where the user stopped it.

        Raises FetchError, ModelMissing.
        """
        check = await self.keeping.verify(self.library.named(model))
        await self.relist()
        if check is not None and not check.is_sound:
            await self.file_changed(model)
        return check

    async def repair(self, model: ModelId) -> Download:
        """Fetch the damaged parts of a model again. Raises NotFound where it came from nowhere; else as a download."""
        return await self.downloads.repair(Path(self.library.named(model).file))

    async def export(self, models: Sequence[ModelId], folder: Path) -> None:
        await self.keeping.export([self.library.named(each) for each in models], folder)

    async def move(self, folder: Path) -> None:
        """Make `folder` the library, with all models in it. Raises FetchError; then everything is where it was.

        Downloads stand still meanwhile and go on in the new folder.
        """
        loop = asyncio.get_running_loop()

        def switch() -> None:
            settings = self._settings().model_copy(update={"models_folder": str(folder.absolute())})
            asyncio.run_coroutine_threadsafe(_awaited(self._change(settings)), loop).result()

        async with self.downloads.standing_still():
            await self.keeping.move(folder, switch)
        await self.relist()

    async def find(self, folder: Path | None) -> tuple[FoundModel, ...]:
        return await self.keeping.find(folder)

    # ------------------------------------------------------------ what loads teach
    async def learn(self, model: ModelId, report: LoadReport, free: int | None) -> None:
        """Keep what a load took, and how fast the model was, for the next advice."""
        known = next((each for each in self.models if each.id == model), None)
        if known is None or known.sha256 is None:
            return
        facts = await self._facts(model)
        needed = need(facts, report.n_ctx) if facts else None
        load = ModelLoad(
            datetime.now(UTC), known.sha256, report.architecture, report.n_ctx, needed.total if needed else None,
            report.measured, free, report.weights, report.tokens_per_s, report.prompt_tokens_per_s,
        )  # fmt: skip
        await self.advice.remember(load)

    async def learn_failure(self, model: ModelId, n_ctx: int, free: int) -> None:
        """Keep that a load failed for lack of memory, so that it is not advised again under the same conditions."""
        known, facts = next((each for each in self.models if each.id == model), None), await self._facts(model)
        if known is None or known.sha256 is None or facts is None:
            return
        needed = need(facts, n_ctx)
        load = ModelLoad(
            datetime.now(UTC), known.sha256, facts.architecture, n_ctx, needed.total if needed else None, None, free,
            facts.n_weight_bytes or 0,
        )  # fmt: skip
        await self.advice.remember(load)

    async def _facts(self, model: ModelId) -> ModelFacts | None:
        try:
            return await asyncio.to_thread(self.library.facts, model)
        except ModelMissing:  # it was removed while it was in use
            return None

    # ------------------------------------------------------------ after a download
    async def _id_of(self, file: Path) -> ModelId | None:
        await self.relist()
        return next((model.id for model in self.models if Path(model.file) == file), None)

    async def _after_download(self, file: Path, _: Provenance) -> None:
        """Measure the new model's speed, where it fits beside the one in use; what goes wrong then only leaves it unknown."""
        await self.relist()
        model = next((each for each in self.models if Path(each.file) == file), None)
        if model is not None:
            await self.file_changed(model.id)
        if model is not None and model.purpose == "chat" and await self._fits_beside(model.id):
            await self._measure(model)
        await self.relist()
        await self.show_offers()

    async def _fits_beside(self, model: ModelId) -> bool:
        """Whether the speed test can have all it needs: one that reads its weights from the disk would stop the computer."""
        facts = await self._facts(model)
        needed = need(facts, SPEED_N_CTX) if facts is not None else None
        return needed is not None and needed.total <= (await self.advice.judge(beside=True)).free

    async def _measure(self, model: Model) -> None:
        free = psutil.virtual_memory().available
        try:
            parts = await asyncio.to_thread(self.library.parts, model.id)
            report = await measure_speed(parts, model.id, n_threads=self._settings().n_threads)
        except OutOfMemory as error:
            await self.learn_failure(model.id, error.n_ctx, free)
        except (ModelError, NotSealed) as error:
            log.info("a new model could not be tried: %s", error.kind)
        else:
            if report is not None:
                await self.learn(model.id, report, free)


async def _awaited(change: Awaitable[None]) -> None:
    await change


async def _nobody_uses_it(_: ModelId) -> None:
    """Until somebody says that he wants to know."""
