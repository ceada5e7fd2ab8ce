"""Run one pane of a comparison: a model on this computer or a remote one, from its start to its one last word.

Whatever happens becomes an answer: a failure, a stop, a worker that dies. A remote pane sends the request that was
approved for it, as it is; nothing here asks for approval or remembers one.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from engine.compare_records import LocalChoice, PaneAnswer, Receiver
from engine.errors import NotFound, StrongroomError
from engine.inference.supervisor import ChatMessage, ChatModel, Ended, Grew, Reading
from engine.ledger_records import Use, WorkloadId
from engine.provider_records import Provider
from engine.providers import provider as remote
from engine.records import ModelId, RequestId
from engine.work.bookkeeping import NO_BOOKS, Books
from engine.work.faults import translated
from engine.work.pane_writing import PaneTask, Publish, Writing, nobody_listens
from engine.work.sending import Sent

STOPPING_PATIENCE_S = 5.0  # for a model that was asked to stop; then it is left alone


class Lender(Protocol):
    """Who has the local models."""

    def borrowed(self, model: ModelId | None = None) -> AbstractAsyncContextManager[ChatModel]: ...


class Sender(Protocol):
    """Who sends approved requests. After `stop` the pieces end with a Sent, and none is raised as a fault."""

    def send(
        self,
        receiver: Receiver,
        provider: Provider,
        *,
        request: RequestId,
        workload: WorkloadId,
        n_hidden: int,
        about: str,
        use: Use,
        pair: str,
    ) -> AsyncIterator[remote.Piece | Sent]: ...

    def stop(self, request: RequestId, pane: int | None = None) -> None: ...


class Stop:
    """Somebody's wish that panes end; one of it may serve several."""

    def __init__(self) -> None:
        self._wished = asyncio.Event()

    def set(self) -> None:
        self._wished.set()

    @property
    def is_set(self) -> bool:
        return self._wished.is_set()

    async def wait(self) -> None:
        await self._wished.wait()


class _Brake:
    """How one pane can be ended with its last words, while it has such a way."""

    def __init__(self) -> None:
        self.pull: Callable[[], None] | None = None


class Panes:
    """Runs panes, any number at once. Use it on the engine's loop."""

    def __init__(self, local: Lender, sending: Sender, *, bookkeeping: Books = NO_BOOKS) -> None:
        self._local, self._sending, self._books = local, sending, bookkeeping

    async def run(self, task: PaneTask, *, publish: Publish = nobody_listens, stop: Stop | None = None) -> PaneAnswer:
        """The answer, however it came to its end. Raises nothing but its cancellation, which comes after the last word."""
        stop, writing = stop or Stop(), Writing(task, publish)
        writing.start()
        try:
            await self._ask(task, writing, stop)
            writing.finish()
            if writing.is_long:
                await asyncio.to_thread(writing.look_for_names)
        finally:
            answer = writing.end()
        return answer

    async def _ask(self, task: PaneTask, writing: Writing, stop: Stop) -> None:
        if stop.is_set:
            return
        brake, ask = _Brake(), self._ask_local if task.is_local else self._ask_remote
        try:
            with translated("run a pane"):
                await _unless_stopped(stop, brake, ask(task, writing, brake))
        except StrongroomError as error:
            writing.failed(error)

    async def _ask_local(self, task: PaneTask, writing: Writing, brake: _Brake) -> None:
        assert isinstance(task.choice, LocalChoice)
        request = RequestId(uuid.uuid4().hex)
        messages = [ChatMessage(each.role, each.text) for each in task.messages]
        async with self._local.borrowed(task.choice.model) as chat:
            writing.read(0, 0)  # it is open; how far it reads is told later
            pieces = chat.generate(request, messages, max_tokens=task.max_tokens, temperature=task.temperature)
            brake.pull = lambda: chat.stop(request)
            async with self._books.generation(task.counted_for, chat.state.name, use=task.use, pair=task.pair) as noted:
                async for piece in pieces:
                    if isinstance(piece, Reading):
                        writing.read(piece.n_read, piece.n_to_read)
                    elif isinstance(piece, Grew):
                        writing.grow(piece.text)
                    elif isinstance(piece, Ended):
                        writing.stopped(piece.stop_reason)
                        writing.measured(piece.usage, piece.timings)
                        noted.ended(piece.usage, piece.timings, piece.stop_reason)

    async def _ask_remote(self, task: PaneTask, writing: Writing, brake: _Brake) -> None:
        receiver, provider = task.receiver, task.provider
        if task.why_not is not None:
            raise task.why_not
        if receiver is None or provider is None:
            raise NotFound("provider", getattr(task.choice, "provider", ""))
        pieces = self._sending.send(
            receiver,
            provider,
            request=task.request,
            workload=task.counted_for,
            n_hidden=task.n_hidden,
            about=receiver.provider_name,
            use=task.use,
            pair=task.pair,
        )
        brake.pull = lambda: self._sending.stop(task.request, task.pane)
        async for piece in pieces:
            if isinstance(piece, remote.Grew):
                writing.grow(piece.text)
            elif isinstance(piece, remote.Thought):
                writing.think(piece.text)
            elif isinstance(piece, remote.Ended):
                writing.stopped(piece.stop_reason)
            else:
                writing.charged(piece.tokens, piece.cost, piece.answered_by, piece.timings, piece.stop_reason)


async def _unless_stopped(stop: Stop, brake: _Brake, work: Coroutine[Any, Any, None]) -> None:
    """Do the work; when it is stopped it may end gently, where it can, and is cancelled otherwise."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and brake.pull is not None:
            brake.pull()
            await asyncio.wait({working}, timeout=STOPPING_PATIENCE_S)
    finally:
        for waiting in (working, stopping):
            waiting.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
    with contextlib.suppress(asyncio.CancelledError):
        working.result()
