"""The local chat model as the rest of the engine uses it: a conversation in, an answer piece by piece out.

It is a sealed worker process that may die at any time. Every request ends in exactly one last word: an Ended, or an
error of engine.errors that is raised. Leaving the loop over an answer, or cancelling the task that runs it, stops the
answer in the worker. Everything runs in one asyncio loop. Knows nothing of documents, prompts or the store.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.errors import StrongroomError, WorkerDied, error_from
from engine.inference.embedding_model import EmbeddingModel
from engine.inference.load_report import LoadReport, in_use
from engine.inference.pieces import Ended, Grew, Piece, Reading
from engine.inference.protocol import (
    ChatMessage,
    Counted,
    CountTokens,
    FromChat,
    Generate,
    Load,
    SetThreads,
    Step,
    Stop,
)
from engine.inference.threads import ThreadKeeper
from engine.inference.worker_life import Plan, WorkerLife
from engine.records import ModelId, ModelState, RequestId, Timings, Usage

__all__ = ["ChatMessage", "ChatModel", "EmbeddingModel", "Ended", "Grew", "LoadReport", "Piece", "Reading"]

N_SLOTS = 16  # requests that are computed together; each costs next to nothing until it is used
MEASURED_FROM = 64  # prompt tokens from which a prefill's speed says something


@dataclass(eq=False)
class _Open:
    """A request without its last word; `is_sent`: the worker knows of it."""

    inbox: asyncio.Queue[Piece | StrongroomError] = field(default_factory=asyncio.Queue)
    is_sent: bool = False


class ChatModel:
    """A chat model in a sealed worker of its own.

    `n_ctx` tokens are shared by everything that runs at the same time, and are at most what the model was made for.
    `n_threads` None: as many as other programs leave free, looked at again and again while something is computed.
    `parts`: the further files of a model that comes in several, of which `file` is the first.
    """

    def __init__(
        self,
        file: Path,
        model_id: ModelId,
        *,
        n_ctx: int = 4096,
        n_threads: int | None = None,
        n_slots: int = N_SLOTS,
        parts: Sequence[Path] = (),
        on_state: Callable[[ModelState], None] = lambda state: None,
        allow_unsealed: bool = False,
    ) -> None:
        self._threads = ThreadKeeper(n_threads)
        load = Load(str(file.absolute()), n_ctx, self._threads.n_most, n_slots)
        self._model_id, self._name = model_id, file.stem
        self._on_state = on_state
        self._tokens_per_s: float | None = None
        self._memory = 0
        self._open: dict[RequestId, _Open] = {}
        self._counting: dict[str, asyncio.Future[list[int]]] = {}
        self._numbers = itertools.count()
        self._errands: set[asyncio.Task[None]] = set()
        self.prefill_tokens_per_s: float | None = None
        self.load_report: LoadReport | None = None  # of the newest start; it stays when the worker ends
        self._life = WorkerLife(
            Plan("chat", FromChat, load, allow_unsealed, tuple(parts)),
            on_message=self._take,
            on_death=self._died,
            on_phase=self._phase_changed,
        )
        self.state = ModelState("none", model_id, self._name)

    async def start(self) -> None:
        """Load the model. Raises ModelError or NotSealed where that cannot be."""
        await self._life.start()

    async def generate(
        self,
        request: RequestId,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int,
        temperature: float = 0.0,
        top_p: float = 0.95,
        top_k: int = 40,
        seed: int | None = None,
        repeat_penalty: float = 1.0,
        breaks_loops: bool = True,
        stop: Sequence[str] = (),
        priority: Literal["interactive", "batch"] = "interactive",
        choices: Sequence[str] = (),
        most_choices: int = 3,
    ) -> AsyncIterator[Piece]:
        """Answer a conversation, piece by piece; the last piece is Ended.

        An answer that fills the context ends with `token_limit`. With `choices` it is made of at most `most_choices` of
        these texts, word for word. Raises PromptTooLong, WorkerDied, NotSealed and what keeps the model from loading.
        `request` must not be in use.
        """
        if request in self._open:
            raise ValueError(f"request {request} is already open")
        wish = Generate(
            request,
            list(messages),
            max_tokens,
            temperature,
            top_p,
            top_k,
            seed,
            repeat_penalty,
            breaks_loops,
            list(stop),
            priority,
            list(choices),
            most_choices,
        )
        entry = self._open[request] = _Open()
        piece: Piece | StrongroomError | None = None
        try:
            await self._send_when_ready(entry, wish)
            while not isinstance(piece, Ended | StrongroomError):
                piece = await entry.inbox.get()
                if isinstance(piece, StrongroomError):
                    raise piece
                yield piece
        finally:
            del self._open[request]
            if entry.is_sent and not isinstance(piece, Ended | StrongroomError):
                self._tell_soon_to_stop(request)

    @property
    def n_parameters(self) -> int | None:
        """Parameters of the model; None while it is not loaded."""
        running = self._life.running
        return running.ready.n_params if running else None

    def stop(self, request: RequestId) -> None:
        """End an answer where it is; its Ended follows. Unknown requests have had their last word already."""
        entry = self._open.get(request)
        if entry is None:
            return
        if entry.is_sent:
            self._tell_soon_to_stop(request)
        else:
            entry.inbox.put_nowait(Ended.without_a_word())

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model would read it inside a message. Raises WorkerDied and what `start` raises."""
        running = await self._life.ready()
        request = f"count-{next(self._numbers)}"
        counted = self._counting[request] = asyncio.get_running_loop().create_future()
        try:
            await running.process.send(CountTokens(request, list(texts)))
            return await counted
        finally:
            del self._counting[request]

    async def close(self) -> None:
        """End the worker; open requests are told that it died."""
        await self._life.close()
        await self._threads.close()
        self._died(WorkerDied("chat", None))
        for errand in list(self._errands):
            errand.cancel()

    # ------------------------------------------------------------ to the worker
    async def _send_when_ready(self, entry: _Open, wish: Generate) -> None:
        """Wait for the worker, unless the request is stopped before."""
        ready = asyncio.ensure_future(self._life.ready())
        stopped = asyncio.ensure_future(entry.inbox.get())
        try:
            await asyncio.wait({ready, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                entry.inbox.put_nowait(stopped.result())
                return
            running = ready.result()
        finally:
            for waiting in (ready, stopped):
                if not waiting.done():
                    waiting.cancel()
        entry.is_sent = True
        self._threads.watch(
            running.process.pid,
            is_busy=lambda: bool(self._open) and self._life.running is running,
            send=lambda n_threads: running.process.send(SetThreads(n_threads)),
        )
        await running.process.send(wish)

    def _tell_soon_to_stop(self, request: RequestId) -> None:
        async def tell() -> None:
            running = self._life.running
            if running is not None:
                with contextlib.suppress(StrongroomError):  # its death is told to every open request anyway
                    await running.process.send(Stop(request))

        errand = asyncio.create_task(tell())
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    # ------------------------------------------------------------ from the worker
    def _take(self, message: Step | Counted) -> None:
        if isinstance(message, Counted):
            counted = self._counting.get(message.request)
            if counted is not None and not counted.done():
                counted.set_result(message.counts)
            return
        for progress in message.progress:
            self._hand(progress.request, Reading(progress.n_read, progress.n_to_read))
        for growth in message.grew:
            self._hand(growth.request, Grew(growth.text))
        for end in message.ended:
            self._measure(end.usage, end.timings)
            self._hand(end.request, Ended(end.stop_reason, end.usage, end.timings))
        for refusal in message.refused:
            self._hand(refusal.request, error_from(refusal.kind, refusal.facts))

    def _hand(self, request: str, piece: Piece | StrongroomError) -> None:
        entry = self._open.get(RequestId(request))
        if entry is not None:  # else its reader has left and the Stop is on its way
            entry.inbox.put_nowait(piece)

    def _died(self, error: StrongroomError) -> None:
        for entry in self._open.values():
            if entry.is_sent:
                entry.inbox.put_nowait(error)
        for counted in self._counting.values():
            if not counted.done():
                counted.set_exception(error)

    # ------------------------------------------------------------ state and threads
    def _phase_changed(self) -> None:
        if self._life.running is not None:
            self._threads.worker_started()
            ready = self._life.running.ready
            self._memory = in_use(self._life.running.process.pid, ready)
            self.load_report = LoadReport.at_start(ready, self._memory)
        self._show()

    def _measure(self, usage: Usage, timings: Timings) -> None:
        if timings.decode_tokens_per_s:
            self._tokens_per_s = timings.decode_tokens_per_s
        if usage.prompt_tokens - usage.cached_tokens >= MEASURED_FROM and timings.prefill_tokens_per_s:
            self.prefill_tokens_per_s = timings.prefill_tokens_per_s
        running = self._life.running
        if running is not None and self.load_report is not None:
            self._memory = in_use(running.process.pid, running.ready)
            self.load_report = self.load_report.after(self._memory, self._tokens_per_s, self.prefill_tokens_per_s)
        self._show()

    def _show(self) -> None:
        running, problem = self._life.running, self._life.problem
        self.state = ModelState(
            phase=self._life.phase,
            model=self._model_id,
            name=running.ready.name if running else self._name,
            n_ctx=running.ready.n_ctx if running else 0,
            memory=self._memory if running else 0,
            tokens_per_s=self._tokens_per_s,
            seal=running.process.seal if running else None,
            problem=problem.kind if problem else None,
            problem_facts=problem.facts if problem else None,
        )
        self._on_state(self.state)
