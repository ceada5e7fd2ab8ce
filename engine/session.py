"""Everything that is open while Strongroom runs: the store, the local models, the work on them.

Lives on the engine's event loop; the window reaches it through intents, the command line through `Service.call`.
Decides the order of opening and closing, and nothing about how any part does its work.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil

from engine.documents.viewer import PageViewer
from engine.errors import ModelMissing, NotFound, StoreDamaged, StoreError, StoreLocked, StrongroomError
from engine.events import (
    Event,
    MattersChanged,
    MemoryMeasured,
    ModelsListed,
    ModelStateChanged,
    SettingsChanged,
    StoreNeedsKey,
    StoreOpened,
    Trouble,
)
from engine.inference.supervisor import ChatModel, EmbeddingModel
from engine.models.library import EMBEDDING_MODEL, STARTER_MODEL, Library
from engine.paths import Profile, resources
from engine.records import Matter, MatterId, Model, ModelId, ModelState, Protection
from engine.settings import Settings
from engine.store.store import Store
from engine.work.add_documents import AddingDocuments
from engine.work.ask import Asking
from engine.work.faults import translated
from engine.work.indexing import Indexing
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
        self.library = Library([resources() / "models", profile.models])
        self.embedding = EmbeddingModel(resources() / "models" / EMBEDDING_MODEL.file)
        self.retrieval = Retrieval(self.access, self.embedding)
        self.indexing = Indexing(self.access, self.embedding, self.retrieval, publish)
        self.adding = AddingDocuments(self.access, publish, self.indexing.wanted)
        self.asking = Asking(self.access, self.retrieval, self.chat_model, lambda: self.settings, publish)
        self.viewer = PageViewer()
        self.models: tuple[Model, ...] = ()
        self._chat: ChatModel | None = None
        self._why_no_chat: StrongroomError = ModelMissing("")
        self._choosing = asyncio.Lock()
        self._unlocking = asyncio.Lock()
        self._model_was_wanted = False
        self._background: list[asyncio.Task[None]] = []

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
        self.settings = settings
        self.publish(StoreOpened(protection))
        self.publish(SettingsChanged(settings))
        self.publish(MattersChanged(matters))
        self.indexing.start()
        if go_on:
            self._background.append(asyncio.create_task(self._go_on_where_it_stopped(matters)))
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

    async def forget_matter(self, matter: MatterId) -> None:
        """Let go of everything that is open of a matter that is about to be deleted."""
        await self.asking.end(matter)
        await self.adding.cancel(matter)
        self.indexing.forget(matter)
        self.retrieval.forget(matter)
        await self.viewer.close()

    async def change_settings(self, settings: Settings) -> None:
        """Keep the settings and put them to work."""
        before, self.settings = self.settings, settings
        if self.access.is_open:  # else they hold until the store is opened, which brings its own
            try:
                await self.access.write(lambda store: store.settings.write(settings))
            except StrongroomError:
                if self.settings is settings:
                    self.settings = before
                self.publish(SettingsChanged(self.settings))  # the window has shown the others already
                raise
        self.publish(SettingsChanged(settings))
        await self._apply(before)

    async def choose_model(self, model: ModelId) -> None:
        """Use this model from now on; choosing the one that has failed is the way to try it again."""
        has_failed = self._model_was_wanted and (self._chat is None or self._chat.state.phase == "failed")
        before = self.settings
        await self.change_settings(self.settings.model_copy(update={"model": model}))
        if has_failed and not self._is_loaded_anew(before) and not self._choosing.locked():
            await self.load_chat_model()

    async def _apply(self, before: Settings) -> None:
        """Load the chat model again when it was loaded, or is loading, with other settings."""
        if self._model_was_wanted and self._is_loaded_anew(before):
            await self.load_chat_model()

    def _is_loaded_anew(self, before: Settings) -> bool:
        return any(getattr(before, name) != getattr(self.settings, name) for name in ("model", "n_ctx", "n_threads"))

    # ------------------------------------------------------------ models
    async def chat_model(self) -> ChatModel:
        """The chat model in use, or that is being chosen. Raises the ModelError that says why there is none."""
        async with self._choosing:
            if self._chat is None:
                raise self._why_no_chat
            return self._chat

    async def list_models(self) -> tuple[Model, ...]:
        """Look at the model files on this computer; each header is read in a sealed worker."""
        self.models = tuple(await self.library.installed())
        self.publish(ModelsListed(self.models))
        return self.models

    async def load_chat_model(self, wanted: ModelId | str | None = None) -> ChatModel:
        """Load the chosen chat model in place of the one in use, which stops its answers.

        Raises ModelError or NotSealed; the reason is kept for later questions.
        """
        self._model_was_wanted = True
        async with self._choosing:
            await self.asking.end()  # an answer ends with what is written of it rather than with a dead process
            await self._close_chat()
            try:
                file, model = self.library.chat_file(wanted or self.settings.model)
                self._chat = ChatModel(
                    file,
                    model,
                    n_ctx=self.settings.n_ctx,
                    n_threads=self.settings.n_threads,
                    on_state=self._show_model,
                )
                await self._chat.start()
            except StrongroomError as error:
                self._why_no_chat, self._chat = error, None
                self.publish(ModelStateChanged(ModelState("failed", problem=error.kind, problem_facts=error.facts)))
                raise
            return self._chat

    def _show_model(self, state: ModelState) -> None:
        """A model is shown under the name it has in the library, which is kinder than the one in its file."""
        known = {STARTER_MODEL.id: STARTER_MODEL.name} | {model.id: model.name for model in self.models}
        name = known.get(state.model, state.name) if state.model else state.name
        self.publish(ModelStateChanged(replace(state, name=name)))

    async def bring_up_models(self) -> None:
        """Load the model for answers, then look what else there is; a failure is shown, not raised.

        In this order, since looking reads every model file from beginning to end.
        """
        try:
            await self.load_chat_model()
        except StrongroomError as error:
            self.publish(Trouble(error, about="model"))
        await self.list_models()
        if self._chat is not None:
            self._show_model(self._chat.state)

    async def _close_chat(self) -> None:
        chat, self._chat = self._chat, None
        if chat is not None:
            await chat.close()

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
            self.adding.close,
            self.indexing.close,
            self._close_chat,
            self.embedding.close,
            self.viewer.close,
            self.access.close,
        )
        for step in steps:  # whatever one runs into, the store is closed in the end
            try:
                with translated("close"):
                    await step()
            except StrongroomError as error:
                log.error("something did not close well: %s", error.kind)
