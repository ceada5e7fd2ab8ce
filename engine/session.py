"""Everything that is open while Strongroom runs: the store, the local models, the work on them.

Lives on the engine's event loop; the window reaches it through intents, the command line through `Service.call`.
Decides the order of opening and closing, and nothing about how any part does its work.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import psutil

from engine.documents.viewer import PageViewer
from engine.errors import ModelError, NotFound, NotSealed, StoreDamaged, StoreError, StoreLocked, StrongroomError
from engine.events import (
    Event,
    MattersChanged,
    MemoryMeasured,
    SettingsChanged,
    StoreNeedsKey,
    StoreOpened,
    Trouble,
)
from engine.inference.supervisor import ChatModel, EmbeddingModel
from engine.model_events import HardwareShown, HubTokenChanged, ModelInUse
from engine.models.library import EMBEDDING_MODEL
from engine.network_records import Purpose
from engine.paths import Profile, resources
from engine.policy import check_hub_url
from engine.records import Matter, MatterId, Model, ModelId, Protection
from engine.settings import Settings
from engine.store.store import Store
from engine.work.add_documents import AddingDocuments
from engine.work.ask import Asking
from engine.work.chat_in_use import ChatInUse
from engine.work.compare_desk import CompareDesk
from engine.work.faults import translated
from engine.work.indexing import Indexing
from engine.work.ledger_desk import LedgerDesk
from engine.work.model_desk import ModelDesk
from engine.work.network_access import NetworkAccess, as_closed_as, closed, opened
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

MEMORY_EVERY_S = 2.0


class Session:
    """One profile in use. Create and use it on one event loop."""

    def __init__(
        self,
        profile: Profile,
        publish: Callable[[Event], None],
        writer: ThreadPoolExecutor,
        readers: ThreadPoolExecutor,
    ) -> None:
        self.profile = profile
        self.publish = publish
        self.settings = Settings()
        self.access = StoreAccess(writer, readers)
        self.network = NetworkAccess(self.access, publish)
        self.desk = ModelDesk(
            profile,
            self.access,
            self.network,
            settings=lambda: self.settings,
            change=self.change_settings,
            publish=publish,
        )
        self.library = self.desk.library
        self.embedding = EmbeddingModel(resources() / "models" / EMBEDDING_MODEL.file)
        self.retrieval = Retrieval(self.access, self.embedding)
        self.indexing = Indexing(self.access, self.embedding, self.retrieval, publish)
        self.adding = AddingDocuments(self.access, publish, self.indexing.wanted)
        self.ledger = LedgerDesk(self.access, self.desk, lambda: self.settings, publish)
        self.asking = Asking(
            self.access, self.retrieval, lambda: self.chat.model(), lambda: self.settings, publish, bookkeeping=self.ledger.books
        )
        self.chat = ChatInUse(self.desk, settings=lambda: self.settings, end_answers=self._make_way, publish=publish)
        self.desk.file_changed = self.chat.file_changed
        self.compare = CompareDesk(
            profile.root, self.access, self.network, self.retrieval, self.desk, self.chat, self.ledger, lambda: self.settings,
            publish,
        )  # fmt: skip
        self.viewer = PageViewer()
        self._unlocking = asyncio.Lock()
        self._has_read_settings = False
        self._background: list[asyncio.Task[None]] = []
        self._model_tried = asyncio.Event()  # the model for answers is loaded, or cannot be

    # ------------------------------------------------------------ the store
    async def open_at_start(self) -> None:
        """Open the store without asking, where that is possible; otherwise say what must be decided."""
        kind = None
        try:
            kind = await self.kind_of_store()
            if kind == "passphrase":
                raise StoreLocked("needs_passphrase")
            await self.unlock("keyring")
        except StoreError as error:
            is_new = kind is None and not isinstance(error, StoreDamaged)
            self.publish(StoreNeedsKey(error, is_new=is_new))

    async def kind_of_store(self) -> str | None:
        """How the store on disk is protected; None if there is none yet. Raises StoreDamaged."""
        return await asyncio.to_thread(Store.state, self.profile)

    async def unlock(self, protection: Protection, passphrase: str | None = None, *, go_on: bool = True) -> None:
        """Open the store and bring up what depends on it. Raises StoreError; then nothing is open.

        `go_on`: read and index in the background what an earlier run of the program left undone.
        """
        async with self._unlocking:
            if self.access.is_open:
                return
            await self.access.open(lambda: Store.open(self.profile, protection=protection, passphrase=passphrase))
            before = self.settings
            try:
                settings = await self.access.read(lambda store: store.settings.read())
                matters = tuple(await self.access.read(lambda store: store.matters.list()))
            except BaseException:
                await self.access.close()  # else the next attempt would find it open and say nothing
                raise
        self.settings, self._has_read_settings = settings, True
        self.publish(StoreOpened(protection))
        self.publish(SettingsChanged(settings))
        self.network.apply(settings)
        await self.ledger.bring_up()
        await self.compare.bring_up()
        self.publish(MattersChanged(matters))
        self.indexing.start()
        if go_on:
            self._background.append(asyncio.create_task(self._go_on_where_it_stopped(matters)))
            self._background.append(asyncio.create_task(self._bring_up_desk()))
        await self._apply(before)

    async def _go_on_where_it_stopped(self, matters: tuple[Matter, ...]) -> None:
        """Queue what is unread; a matter that cannot be opened is told and does not keep the others waiting."""
        for matter in matters:
            try:
                with translated("go on reading"):
                    await self.adding.resume_after_start(matter.id)
            except NotFound:
                continue  # deleted meanwhile
            except StrongroomError as error:
                self.publish(Trouble(error, about=matter.name))
            else:
                self.indexing.wanted(matter.id)

    async def _bring_up_desk(self) -> None:
        """Show what there is and what could be had, as the settings of this store say, and go on with nothing.

        An unfinished download waits until somebody wants it.
        """
        await self._model_tried.wait()  # it is waited for; and beside a load, memory looks slower than it is
        try:
            with translated("bring up the models"):
                await self.network.forget_old_connections()
                await self.desk.bring_up()
                self.publish(HardwareShown(await self.desk.advice.look()))
                await self._show_models()
                self.publish(HubTokenChanged(await self.desk.hub.has_token()))
        except StrongroomError as error:
            self.publish(Trouble(error, about="models"))

    async def forget_matter(self, matter: MatterId) -> None:
        """Let go of everything that is open of a matter that is about to be deleted."""
        await self.asking.end(matter)
        await self.compare.end(matter)
        await self.adding.cancel(matter)
        self.indexing.forget(matter)
        self.retrieval.forget(matter)
        await self.viewer.close()

    async def change_settings(self, settings: Settings) -> None:
        """Keep the settings and put them to work. Raises NetworkRefused for a hub that would be spoken to in clear.

        Where they cannot be kept, those from before hold, but a lock that they closed stays closed for this run.
        """
        check_hub_url(settings.hub)
        before, self.settings = self.settings, settings
        if self._has_read_settings:  # else they hold until the store is opened, which brings its own
            try:
                await self.access.write(lambda store: store.settings.write(settings))
            except StrongroomError:
                if self.settings is settings:
                    self.settings = as_closed_as(settings, before)
                self.publish(SettingsChanged(self.settings))  # the window has shown the others already
                self.network.apply(self.settings)
                raise
        self.publish(SettingsChanged(self.settings))
        self.network.apply(self.settings)  # these may be older than a lock that was closed while they were written
        if settings.ledger != before.ledger:
            self.ledger.statements.noticed()
        await self._apply(before)

    async def open_network(self, purpose: Purpose) -> None:
        """Let connections out for a purpose until the lock is closed again."""
        await self.change_settings(opened(self.settings, purpose))

    async def close_network(self) -> None:
        """Close the offline lock at once, before anything is written: what runs through it ends."""
        self.network.apply(closed(self.settings))
        await self.change_settings(closed(self.settings))

    async def keep_hub_token(self, token: str | None) -> None:
        """Keep the token for gated repositories in the keyring, None to forget it. Raises StoreLocked."""
        await self.desk.hub.keep_token(token)
        self.publish(HubTokenChanged(token is not None))

    async def choose_model(self, model: ModelId) -> None:
        """Use this model from now on; choosing the one that has failed is the way to try it again."""
        is_tried_again = self.chat.is_to_be_tried_again
        before = self.settings
        await self.change_settings(self.settings.model_copy(update={"model": model}))
        if is_tried_again and not self.chat.is_loaded_otherwise(before):
            await self.load_chat_model()

    async def _make_way(self) -> None:
        """Before the model for answers is exchanged: end what it writes, and give back the memory of idle models beside it."""
        await self.asking.end()
        await self.compare.make_way(self.chat.model_id)

    async def _apply(self, before: Settings) -> None:
        """Load the chat model again when it was loaded, or is loading, with other settings."""
        if self.chat.is_loaded_otherwise(before):
            await self.load_chat_model()

    # ------------------------------------------------------------ models
    @property
    def models(self) -> tuple[Model, ...]:
        """The models of this computer as they were last looked at."""
        return self.desk.models

    async def list_models(self) -> tuple[Model, ...]:
        """Look at the model files on this computer; each header is read in a sealed worker."""
        return await self.desk.list()

    async def remove_model(self, model: ModelId, *, even_if_used: bool) -> ModelInUse | None:
        """Take a model out of the library, or say what depends on it. The starter model takes the place of one in use."""
        if even_if_used and model == self.settings.model:
            with contextlib.suppress(ModelError, NotSealed):  # its state tells why it does not take the place
                await self.change_settings(self.settings.model_copy(update={"model": None}))
        return await self.desk.remove(model, is_loaded=self.chat.model_id == model, even_if_used=even_if_used)

    async def load_chat_model(self, wanted: ModelId | str | None = None) -> ChatModel:
        """Load the chosen chat model in place of the one in use. Raises ModelError or NotSealed."""
        return await self.chat.load(wanted)

    async def bring_up_models(self) -> None:
        """Load the model for answers, then look what else there is; a failure is shown, not raised.

        In this order, since looking reads every model file from beginning to end.
        """
        try:
            await self.load_chat_model()
        except StrongroomError as error:
            log.info("the model for answers could not be loaded: %s", error.kind)  # its state has told why
        finally:
            self._model_tried.set()
        if not self.access.is_open:  # else that is done with what the store knows of this computer
            await self._show_models()

    async def _show_models(self) -> None:
        await self.desk.show()
        self.chat.show()

    # ------------------------------------------------------------ the rest
    async def watch_memory(self) -> None:
        """Publish the computer's memory whenever it changed noticeably."""
        shown = -1
        while True:
            memory = psutil.virtual_memory()
            used = memory.total - memory.available
            if abs(used - shown) > memory.total // 500:
                shown = used
                self.publish(MemoryMeasured(used, memory.total))
            await asyncio.sleep(MEMORY_EVERY_S)

    async def close(self) -> None:
        """Stop answers and keep what was written, stop reading, close the store, end the workers."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        steps: tuple[Callable[[], Awaitable[None]], ...] = (
            self.asking.end,
            self.compare.close,
            self.desk.close,
            self.network.close,  # nothing goes on in a thread that nobody waits for, and its entry in the log gets its end
            self.adding.close,
            self.indexing.close,
            self.chat.close,
            self.embedding.close,
            self.viewer.close,
            self.ledger.close,
            self.access.close,
        )
        for step in steps:  # whatever one runs into, the store is closed in the end
            try:
                with translated("close"):
                    await step()
            except StrongroomError as error:
                log.error("something did not close well: %s", error.kind)
