"""The one chat model that answers: which it is, when it is loaded anew, and what each load teaches.

Loading waits for nothing but the answer that is being written, which ends with what it has. Knows no question and no
document; how a model runs is inference/supervisor, whether it fits is work/model_advice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

import psutil

from engine.errors import ModelMissing, OutOfMemory, StrongroomError
from engine.events import Event, ModelStateChanged
from engine.inference.supervisor import ChatModel
from engine.models.library import STARTER_MODEL
from engine.records import ModelId, ModelState
from engine.settings import Settings
from engine.work.faults import translated
from engine.work.model_desk import ModelDesk

log = logging.getLogger(__name__)


class ChatInUse:
    """`end_answers` is awaited before a model is closed. Create and use it on the engine's loop."""

    def __init__(
        self,
        desk: ModelDesk,
        *,
        settings: Callable[[], Settings],
        end_answers: Callable[[], Awaitable[None]],
        publish: Callable[[Event], None],
    ) -> None:
        self._desk, self._settings, self._end_answers, self._publish = desk, settings, end_answers, publish
        self._chat: ChatModel | None = None
        self._why_none: StrongroomError = ModelMissing("")
        self._choosing = asyncio.Lock()
        self._free_before: int | None = None
        self._was_wanted = False

    @property
    def model_id(self) -> ModelId | None:
        """The model that is loaded, or being loaded."""
        return self._chat.state.model if self._chat is not None else None

    @property
    def is_to_be_tried_again(self) -> bool:
        """Whether a model was wanted and has failed, and none is being loaded."""
        has_failed = self._chat is None or self._chat.state.phase == "failed"
        return self._was_wanted and has_failed and not self._choosing.locked()

    async def model(self) -> ChatModel:
        """The model in use, or that is being chosen. Raises the ModelError that says why there is none."""
        async with self._choosing:
            if self._chat is None:
                raise self._why_none
            return self._chat

    def is_loaded_otherwise(self, before: Settings) -> bool:
        """Whether a model is wanted that settings other than these load differently."""
        now = self._settings()
        differs = any(getattr(before, name) != getattr(now, name) for name in ("model", "n_ctx", "n_threads"))
        return self._was_wanted and differs

    async def load(self, wanted: ModelId | str | None = None) -> ChatModel:
        """Load the chosen model in place of the one in use, which stops its answers.

        A model that cannot fit is not even tried: it would push everything else out of memory. Raises ModelError or
        NotSealed; the reason is kept for later questions.
        """
        self._was_wanted = True
        async with self._choosing:
            await self._end_answers()  # an answer ends with what is written of it rather than with a dead process
            await self._close()
            try:
                self._chat = await self._opened(wanted)
                await self._chat.start()
            except StrongroomError as error:
                await self._learn_from_failure(error)
                self._why_none, self._chat = error, None
                self._show(ModelState("failed", self._id_of(wanted), problem=error.kind, problem_facts=error.facts))
                raise
            await self._learn_from(self._chat)
            return self._chat

    def _id_of(self, wanted: ModelId | str | None) -> ModelId:
        """The id of a model that may not be there any more."""
        chosen = wanted or self._settings().model or STARTER_MODEL.id
        return next((each.id for each in self._desk.models if chosen in (each.id, each.file)), ModelId(chosen))

    async def file_changed(self, model: ModelId) -> None:
        """Load the model anew if it is the one in use: what it has in memory is no longer what its file should be.

        A file that was found damaged is not loaded again, which the state then says.
        """
        is_wanted = self._was_wanted and self._id_of(None) == model
        if self.model_id == model or (is_wanted and self.is_to_be_tried_again):
            with contextlib.suppress(StrongroomError):  # the state tells it
                await self.load(model)

    async def _opened(self, wanted: ModelId | str | None) -> ChatModel:
        settings = self._settings()
        library, chosen = self._desk.library, wanted or settings.model
        file, model = await library.sound_file(chosen)
        parts = (await asyncio.to_thread(library.parts, chosen))[1:]
        if (facts := await asyncio.to_thread(library.facts, chosen)) is not None:
            fit = (await self._desk.advice.judge())(facts)
            if fit.verdict == "does_not_fit":
                raise OutOfMemory(model, fit.n_ctx or settings.n_ctx)
        self._free_before = psutil.virtual_memory().available
        return ChatModel(file, model, n_ctx=settings.n_ctx, n_threads=settings.n_threads, parts=parts, on_state=self._show)

    async def close(self) -> None:
        """End the model's process; what it has shown is kept."""
        async with self._choosing:
            await self._close()

    async def _close(self) -> None:
        chat, self._chat = self._chat, None
        if chat is not None:
            if chat.load_report is not None and chat.load_report.tokens_per_s:
                await self._learn_from(chat)
            await chat.close()
        self._desk.advice.loaded(None)

    # ------------------------------------------------------------ what is told and learned
    def show(self) -> None:
        """Publish the state again, such as after the model's name became known."""
        if self._chat is not None:
            self._show(self._chat.state)

    def _show(self, state: ModelState) -> None:
        """A model is shown under the name it has in the library, which is kinder than the one in its file."""
        chat = self._chat if state.phase == "ready" else None  # one that has died gives nothing back
        self._desk.advice.loaded(chat.load_report if chat is not None else None)
        known = {STARTER_MODEL.id: STARTER_MODEL.name} | {model.id: model.name for model in self._desk.models}
        name = known.get(state.model, state.name) if state.model else state.name
        self._publish(ModelStateChanged(replace(state, name=name)))

    async def _learn_from(self, chat: ChatModel) -> None:
        report, model = chat.load_report, chat.state.model
        if report is None or model is None:
            return
        try:
            with translated("learn from a load"):
                await self._desk.learn(model, report, self._free_before)
        except StrongroomError as error:  # advice gets no better by it, but answers come all the same
            log.error("what a load took was not kept: %s", error.kind)

    async def _learn_from_failure(self, error: StrongroomError) -> None:
        if isinstance(error, OutOfMemory) and self.model_id is not None and self._free_before is not None:
            await self._desk.learn_failure(self.model_id, error.n_ctx, self._free_before)
