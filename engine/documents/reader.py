"""Read a document in a sealed process of its own and hand its pages over as they come. The program's side.

Pausing the consumer pauses the reading; leaving the iteration ends the process. Whatever happens inside it, a bomb, a
crash, an endless loop, comes out as a DocumentError and touches no other document. A page of a PDF that ends the
process is found, marked as failed and passed over, so that one page does not cost the others. Knows no store and no paths.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass

from engine.documents.formats import MAX_BYTES, PDF, READABLE, openable
from engine.documents.protocol import (
    CHUNK_BYTES,
    AllRead,
    Chunk,
    FromExtractor,
    Opened,
    PagesRead,
    PageText,
    ReadDocument,
    ReadOn,
    Refused,
    ToExtractor,
)
from engine.errors import DocumentError, DocumentTooLarge, DocumentUnreadable, WorkerDied, error_from
from engine.sealed_process import SealedProcess

__all__ = ["READABLE", "Limits", "Opened", "PagesRead", "openable", "read_document"]

MOST_DEATHS = 4  # of processes that read one document; each page that kills takes two
_OUT_OF_MEMORY = 5  # how engine.worker_main ends a worker that has no memory left
_OUT_OF_MEMORY_WORDS = ("memory allocation of", "bad_alloc", "out of memory", "cannot allocate memory")


@dataclass(frozen=True)
class Limits:
    """What reading one document may take. `memory` is in bytes, besides the document itself."""

    memory: int = 1536 * 1024 * 1024
    processor_s: int = 900
    silence_s: float = 90.0  # without a sign of life: for opening the document, and for each batch of pages


DEFAULT_LIMITS = Limits()


async def read_document(
    name: str,
    chunks: Iterable[bytes] | bytes,
    *,
    password: str | None = None,
    n_bytes: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> AsyncGenerator[Opened | PagesRead, None]:
    """Open a document, then yield its pages in order. `name` serves for its ending and for messages only.

    `n_bytes` is its size, where `chunks` cannot tell; it bounds the memory that reading may take. The password goes
    through the pipe and is kept nowhere. Raises DocumentError kinds, and NotSealed where the operating system does not
    seal the process. Time that the consumer takes is not counted against the limits.
    """
    if isinstance(chunks, bytes):
        n_bytes = len(chunks)
    n_bytes = MAX_BYTES if n_bytes is None else n_bytes
    if n_bytes > MAX_BYTES:
        raise DocumentTooLarge(name, n_bytes, MAX_BYTES)
    opened: Opened | None = None
    n_done, n_killed, n_deaths, one_by_one = 0, 0, 0, False
    while True:
        try:
            request = ReadDocument(name, password, first_page=n_done + 1, one_by_one=one_by_one)
            async with contextlib.aclosing(_reading(request, chunks, n_bytes, limits)) as steps:
                async for step in steps:
                    if isinstance(step, PagesRead):
                        n_done += len(step.pages)
                    elif opened is not None:
                        continue
                    else:
                        opened = step
                    yield step
            return
        except _Died as death:
            n_deaths += 1
            error = death.error
            if opened is None or opened.media_type != PDF or not isinstance(chunks, bytes) or n_deaths > MOST_DEATHS:
                raise error from None
        if one_by_one:  # so it was this page
            n_done, n_killed = n_done + 1, n_killed + 1
            if n_killed == opened.n_pages:
                raise error
            yield PagesRead((PageText(n_done, "", "failed"),))
        if n_done == opened.n_pages:
            return
        one_by_one = not one_by_one


class _Died(Exception):
    """The process ended before its last word; `error` is what that means for the document."""

    def __init__(self, error: DocumentUnreadable) -> None:
        super().__init__(error.reason)
        self.error = error


async def _reading(
    request: ReadDocument, chunks: Iterable[bytes] | bytes, n_bytes: int, limits: Limits
) -> AsyncGenerator[Opened | PagesRead, None]:
    """One process, from its start to its last word."""
    async with await _start(n_bytes, limits) as worker:
        try:
            await _send(worker, request, chunks)
            while (message := await _next(worker, request.name, limits)) is not None:
                if isinstance(message, AllRead):
                    return
                if isinstance(message, Refused):
                    raise _refusal(message)
                yield message
                if isinstance(message, PagesRead):
                    await _read_on(worker)
        except WorkerDied:
            pass
        raise _Died(await _why_dead(worker, request.name))


async def _start(n_bytes: int, limits: Limits) -> SealedProcess[ToExtractor, FromExtractor]:
    resident = limits.memory + 2 * n_bytes
    return await SealedProcess.start(
        "extract",
        FromExtractor,
        # Address space is more than memory in use: libraries, stacks of threads and arenas that are never touched.
        memory_limit=resident + 1024 * 1024 * 1024,
        cpu_limit_s=limits.processor_s,
        resident_limit=resident,
    )


async def _send(
    worker: SealedProcess[ToExtractor, FromExtractor], request: ReadDocument, chunks: Iterable[bytes] | bytes
) -> None:
    await worker.send(request)
    for piece in _pieces((chunks,) if isinstance(chunks, bytes) else chunks):
        try:
            await worker.send(Chunk(piece, last=False))
        except WorkerDied:
            return  # it may have refused the document and left a last word in the pipe
    try:
        await worker.send(Chunk(b"", last=True))
    except WorkerDied:
        return


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), CHUNK_BYTES):
            yield chunk[start : start + CHUNK_BYTES]


async def _next(worker: SealedProcess[ToExtractor, FromExtractor], name: str, limits: Limits) -> FromExtractor | None:
    try:
        async with asyncio.timeout(limits.silence_s):
            return await worker.receive()
    except TimeoutError:
        raise _Died(DocumentUnreadable(name, "too_slow")) from None


async def _read_on(worker: SealedProcess[ToExtractor, FromExtractor]) -> None:
    try:
        await worker.send(ReadOn())
    except WorkerDied:
        return  # it was ahead and has already sent everything; what it said is still in the pipe


def _refusal(message: Refused) -> DocumentError:
    """The worker's error; what is no DocumentError was not made by an honest worker."""
    error = error_from(message.kind, message.facts)
    return error if isinstance(error, DocumentError) else DocumentUnreadable("", "crashed")


async def _why_dead(worker: SealedProcess[ToExtractor, FromExtractor], name: str) -> DocumentUnreadable:
    """What the end of a worker without a last word means."""
    exit_code = await worker.end(grace_s=1.0)
    if exit_code == -getattr(signal, "SIGXCPU", 0):
        return DocumentUnreadable(name, "too_slow")
    words = worker.stderr_tail.lower()
    if exit_code == _OUT_OF_MEMORY or any(sign in words for sign in _OUT_OF_MEMORY_WORDS):
        return DocumentUnreadable(name, "too_much_memory")
    return DocumentUnreadable(name, "crashed", f"exit code {exit_code}")
