"""Local models for those who want one by name: the model in use, or another one beside it.

A model beside the one in use has a process of its own, is loaded only where it fits, is shared by all who borrow it at the
same time, and is kept for a little while after that. Knows no question; how a model runs is inference/supervisor.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from engine.errors import ModelError, ModelMissing, NotSealed, OutOfMemory, StrongroomError, WorkerDied
from engine.inference.supervisor import ChatModel
from engine.models.facts import ModelFacts
from engine.models.library import STARTER_MODEL
from engine.records import ModelId
from engine.settings import Settings
from engine.work.chat_in_use import ChatInUse
from engine.work.faults import translated
from engine.work.model_desk import ModelDesk

log = logging.getLogger(__name__)

KEPT_S = 120.0  # somebody who compares asks again soon, and loading takes long


@dataclass(frozen=True)
class _LoadedAs:
    """What a model was loaded with; a file that changed, or another context, is another load."""

    files: tuple[tuple[str, int, int, int], ...]
    n_ctx: int
    n_threads: int | None


@dataclass(eq=False)
class _Beside:
    """A model beside the one in use."""

    id: ModelId
    chat: ChatModel
    loaded_as: _LoadedAs
    n_borrowers: int = 0
    until: asyncio.TimerHandle | None = None  # runs while nobody has borrowed it


class LocalModels:
    """Create and use it on the engine's loop. `kept_s` is how long a model stays after the last borrower, in seconds."""

    def __init__(
        self, desk: ModelDesk, chat_in_use: ChatInUse, settings: Callable[[], Settings], *, kept_s: float = KEPT_S
    ) -> None:
        self._desk, self._in_use, self._settings, self._kept_s = desk, chat_in_use, settings, kept_s
        self._beside: dict[ModelId, _Beside] = {}
        self._changing = asyncio.Lock()  # each model that comes or goes changes what room there is for the next
        self._errands: set[asyncio.Task[None]] = set()
        self._is_closing = False

    @contextlib.asynccontextmanager
    async def borrowed(self, model: ModelId | None = None) -> AsyncIterator[ChatModel]:
        """A loaded model, None for the one in use. One that is closed meanwhile ends its answers with WorkerDied.

        Raises ModelError, OutOfMemory where it does not fit beside what is loaded, and NotSealed.
        """
        chat = await self._model_in_use(model)
        if chat is not None:
            yield chat
            return
        beside = await self._taken(model)
        try:
            yield beside.chat
        finally:
            self._given_back(beside)

    async def make_room(self) -> None:
        """Close what nobody has borrowed, such as before the model in use is exchanged for a larger one."""
        async with self._changing:
            await self._close_idle()

    async def close(self) -> None:
        """End all processes, also those that are loading; who has borrowed one is told that it died."""
        self._is_closing = True
        for errand in list(self._errands):
            errand.cancel()
        for beside in list(self._beside.values()):
            await self._close(beside)

    # ------------------------------------------------------------ the model in use
    async def _model_in_use(self, wanted: ModelId | None) -> ChatModel | None:
        """The model in use if it is the wanted one, waiting while it is loaded. Raises why it could not be loaded."""
        chosen = ModelId(self._settings().model or STARTER_MODEL.id)
        wanted = wanted or self._in_use.model_id or chosen
        if wanted not in (chosen, self._in_use.model_id):
            return None
        try:
            chat = await self._in_use.model()
        except StrongroomError:
            if self._in_use.is_to_be_tried_again:
                raise
            return None  # nobody has wanted one to be in use, as in a script
        return chat if chat.state.model == wanted else None

    # ------------------------------------------------------------ models beside it
    async def _taken(self, model: ModelId | None) -> _Beside:
        async with self._changing:
            beside = await self._found_or_made(model)
            beside.n_borrowers += 1
            if beside.until is not None:
                beside.until.cancel()
            try:
                await self._start(beside)
            except BaseException:
                self._given_back(beside)
                raise
            return beside

    async def _found_or_made(self, wanted: ModelId | None) -> _Beside:
        library, chosen = self._desk.library, wanted or self._settings().model
        file, model = await library.sound_file(chosen)
        parts = await asyncio.to_thread(library.parts, chosen)
        settings = self._settings()
        try:
            stamps = await asyncio.to_thread(_stamps, parts)
        except OSError:
            raise ModelMissing(model) from None
        loaded_as = _LoadedAs(stamps, settings.n_ctx, settings.n_threads)
        beside = self._beside.get(model)
        if beside is not None and (beside.loaded_as == loaded_as or beside.n_borrowers):
            return beside  # what somebody works with is shared as it is
        if beside is not None:
            await self._close(beside)
        await self._require_room(model)
        if self._is_closing:
            raise WorkerDied("chat", None)
        chat = ChatModel(file, model, n_ctx=settings.n_ctx, n_threads=settings.n_threads, parts=parts[1:])
        self._beside[model] = made = _Beside(model, chat, loaded_as)
        return made

    async def _start(self, beside: _Beside) -> None:
        """Load it, also again where it has died since. One that cannot be loaded is let go of."""
        free = psutil.virtual_memory().available
        try:
            await beside.chat.start()
        except (ModelError, NotSealed) as error:
            await self._close(beside)
            if isinstance(error, OutOfMemory):
                with contextlib.suppress(StrongroomError), translated("learn from a load"):
                    await self._desk.learn_failure(beside.id, error.n_ctx, free)
            raise

    def _given_back(self, beside: _Beside) -> None:
        beside.n_borrowers -= 1
        if beside.n_borrowers == 0 and self._beside.get(beside.id) is beside:
            beside.until = asyncio.get_running_loop().call_later(self._kept_s, self._close_soon, beside)

    def _close_soon(self, beside: _Beside) -> None:
        async def close() -> None:
            async with self._changing:
                if not beside.n_borrowers:
                    await self._close(beside)

        errand = asyncio.create_task(close(), name="close a model")
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def _close(self, beside: _Beside) -> None:
        if self._beside.get(beside.id) is beside:
            del self._beside[beside.id]
        if beside.until is not None:
            beside.until.cancel()
        await beside.chat.close()

    async def _close_idle(self) -> None:
        for beside in [each for each in self._beside.values() if not each.n_borrowers]:
            await self._close(beside)

    # ------------------------------------------------------------ whether there is room
    async def _require_room(self, model: ModelId) -> None:
        """Raises OutOfMemory for a model that would push others out of memory; what nobody uses makes way for it."""
        facts = await self._facts(model)
        if facts is None:  # nothing is known of what it needs: loading it tells
            return
        if await self._does_not_fit(facts):
            await self._close_idle()
            if await self._does_not_fit(facts):
                raise OutOfMemory(model, self._settings().n_ctx)

    async def _does_not_fit(self, facts: ModelFacts) -> bool:
        judge = await self._desk.advice.judge(beside=True)
        # The system counts weights as free, since they could be read from their file again, over and over.
        weights = sum(each.chat.load_report.weights for each in self._beside.values() if each.chat.load_report is not None)
        return replace(judge, free=max(0, judge.free - weights))(facts).verdict == "does_not_fit"

    async def _facts(self, model: ModelId) -> ModelFacts | None:
        facts = await asyncio.to_thread(self._desk.library.facts, model)
        if facts is None:  # nobody has looked at the models yet
            await self._desk.relist()
            facts = await asyncio.to_thread(self._desk.library.facts, model)
        return facts


def _stamps(files: Sequence[Path]) -> tuple[tuple[str, int, int, int], ...]:
    found = []
    for file in files:
        status = file.stat()
        found.append((str(file), status.st_size, status.st_mtime_ns, status.st_ino))
    return tuple(found)
