"""Pictures of pages for the window, drawn by a sealed process. The program's side.

One process is kept for the document that was looked at last, a few pictures are kept in memory, and of several
requests that wait only the newest is drawn: who turns pages quickly wants the page where the turning stops. A process
that dies is replaced at the next request. Knows no store: it is handed a way to get the original when it needs it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from engine.documents import formats
from engine.documents.protocol import (
    CHUNK_BYTES,
    Chunk,
    DocumentOpen,
    FromRenderer,
    NotRendered,
    OpenDocument,
    Rendered,
    RenderPage,
    ToRenderer,
)
from engine.errors import DocumentEncrypted, DocumentUnreadable, NotFound, WorkerDied
from engine.records import Document, DocumentId, PagePicture, Quad
from engine.sealed_process import SealedProcess

Spans = tuple[tuple[int, int], ...]
Original = Callable[[], Awaitable[bytes]]

_MEMORY = 1024 * 1024 * 1024  # bytes, besides the document itself
_ADDRESS_SPACE = 1024 * 1024 * 1024  # what libraries and threads take without using it
_N_PICTURES = 12
_PICTURE_BYTES = 96 * 1024 * 1024  # all kept pictures together


@dataclass(frozen=True)
class _Wanted:
    """A picture as it is asked for; equal wishes have equal pictures."""

    document: DocumentId
    page: int
    width: int
    spans: Spans


class PageViewer:
    """Draws pages. All methods belong to one event loop."""

    def __init__(self, *, idle_s: float = 60.0, patience_s: float = 30.0) -> None:
        """The process ends after `idle_s` seconds without a request, and when a page takes longer than `patience_s`."""
        self._idle_s, self._patience_s = idle_s, patience_s
        self._worker: SealedProcess[ToRenderer, FromRenderer] | None = None
        self._open_document: DocumentId | None = None
        self._drawing = asyncio.Lock()
        self._newest_waiting: asyncio.Future[None] | None = None
        self._pictures: OrderedDict[_Wanted, PagePicture] = OrderedDict()
        self._numbers = itertools.count(1)
        self._ending: asyncio.TimerHandle | None = None
        self._left: set[asyncio.Task[int]] = set()

    async def page(
        self, document: Document, original: Original, page: int, width: int, spans: Spans = (), *, password: str | None = None
    ) -> PagePicture | None:
        """The picture of a page, `width` pixels wide, with the places of `spans`; None for formats without pictures.

        Raises asyncio.CancelledError in a request that a newer one has overtaken, DocumentEncrypted, DocumentUnreadable,
        NotFound (no such page), WorkerDied (the page ended its process; another page can be asked for) and NotSealed.
        """
        if document.media_type != formats.PDF:
            return None
        wanted = _Wanted(document.id, page, width, tuple(spans))
        if wanted in self._pictures:
            self._pictures.move_to_end(wanted)
            return self._pictures[wanted]
        await self._my_turn()
        try:
            picture = await self._draw(wanted, document.name, original, password)
        finally:
            self._drawing.release()
        self._keep(wanted, picture)
        return picture

    def forget(self, document: DocumentId) -> None:
        """Drop everything that is known of a document that was removed."""
        for wanted in [each for each in self._pictures if each.document == document]:
            del self._pictures[wanted]
        if self._open_document == document:
            self._leave_worker()

    async def close(self) -> None:
        """End the process and forget every picture."""
        self._pictures.clear()
        self._leave_worker()
        if self._left:
            await asyncio.gather(*self._left, return_exceptions=True)

    # ------------------------------------------------------------ one at a time
    async def _my_turn(self) -> None:
        """Wait for the process; whoever waited before is overtaken."""
        if self._newest_waiting is not None:
            self._newest_waiting.cancel()
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._newest_waiting = mine
        acquiring = asyncio.create_task(self._drawing.acquire())
        try:
            waiting: list[asyncio.Future[Any]] = [acquiring, mine]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if mine.cancelled():
                raise asyncio.CancelledError
        except asyncio.CancelledError:
            self._give_back(acquiring)
            raise
        finally:
            if self._newest_waiting is mine:
                self._newest_waiting = None

    def _give_back(self, acquiring: asyncio.Task[Literal[True]]) -> None:
        if not acquiring.cancel() and not acquiring.cancelled() and acquiring.result():
            self._drawing.release()

    # ------------------------------------------------------------ the process
    async def _draw(self, wanted: _Wanted, name: str, original: Original, password: str | None) -> PagePicture:
        if self._ending is not None:
            self._ending.cancel()
        try:
            worker = await self._worker_for(wanted.document, name, original, password)
            answer = await self._ask(worker, wanted, name)
        except BaseException:
            self._leave_worker()  # what it would say next belongs to nobody
            raise
        self._ending = asyncio.get_running_loop().call_later(self._idle_s, self._leave_worker)
        if isinstance(answer, NotRendered):
            if answer.reason == "no_page":
                raise NotFound("page", str(wanted.page))
            raise DocumentUnreadable(name, "damaged", f"page {wanted.page}")
        quads = tuple(Quad(*quad) for quad in answer.quads)
        return PagePicture(wanted.document, wanted.page, answer.width, answer.height, answer.rgb, quads)

    async def _worker_for(
        self, document: DocumentId, name: str, original: Original, password: str | None
    ) -> SealedProcess[ToRenderer, FromRenderer]:
        """The process that has this document open; a process never sees two documents."""
        if self._worker is not None and self._open_document == document and self._worker.exit_code is None:
            return self._worker
        self._leave_worker()
        content = await original()
        resident = _MEMORY + 2 * len(content)
        worker: SealedProcess[ToRenderer, FromRenderer] = await SealedProcess.start(
            "render", FromRenderer, memory_limit=resident + _ADDRESS_SPACE, resident_limit=resident
        )
        self._worker, self._open_document = worker, document
        await worker.send(OpenDocument(password))
        for start in range(0, len(content), CHUNK_BYTES):
            await worker.send(Chunk(content[start : start + CHUNK_BYTES], last=False))
        await worker.send(Chunk(b"", last=True))
        answer = await self._answer(worker, name)
        if isinstance(answer, NotRendered) and answer.reason == "encrypted":
            raise DocumentEncrypted(name, tried=password is not None)
        if not isinstance(answer, DocumentOpen):
            raise DocumentUnreadable(name, "damaged")
        return worker

    async def _ask(self, worker: SealedProcess[ToRenderer, FromRenderer], wanted: _Wanted, name: str) -> Rendered | NotRendered:
        number = next(self._numbers)
        await worker.send(RenderPage(number, wanted.page, wanted.width, wanted.spans))
        answer = await self._answer(worker, name)
        if not isinstance(answer, Rendered | NotRendered) or answer.request != number:
            raise WorkerDied(worker="render", exit_code=None)
        if isinstance(answer, Rendered) and len(answer.rgb) != answer.width * answer.height * 3:
            raise WorkerDied(worker="render", exit_code=None)  # what it says of the picture is not true
        return answer

    async def _answer(self, worker: SealedProcess[ToRenderer, FromRenderer], name: str) -> FromRenderer:
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await worker.receive()
        except TimeoutError:
            raise DocumentUnreadable(name, "too_slow") from None
        if answer is None:
            raise WorkerDied(worker="render", exit_code=await worker.end(grace_s=1.0))
        return answer

    def _leave_worker(self) -> None:
        """End the process without waiting for its end."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        worker, self._worker, self._open_document = self._worker, None, None
        if worker is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop is closing: the kernel reaps it
            task = asyncio.get_running_loop().create_task(worker.end())
            self._left.add(task)
            task.add_done_callback(self._left.discard)

    def _keep(self, wanted: _Wanted, picture: PagePicture) -> None:
        self._pictures[wanted] = picture
        while len(self._pictures) > _N_PICTURES or sum(len(each.rgb) for each in self._pictures.values()) > _PICTURE_BYTES:
            if len(self._pictures) == 1:
                return
            self._pictures.popitem(last=False)
