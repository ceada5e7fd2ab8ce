"""Bring documents into a matter: copy and encrypt, read in a sealed worker, cut into passages, index.

The copy comes first, so that reading can go on after any interruption. One document is read at a time; a broken
one becomes a worded row and the next goes on. Passages can be found by their words as soon as a document is
read; `indexing` makes them findable by meaning in the background.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path

from engine.documents.passages import Cutter
from engine.documents.reader import Opened, PagesRead, openable, read_document
from engine.errors import DocumentEncrypted, DocumentError, DocumentUnreadable, NotFound, StrongroomError
from engine.events import DocumentAlreadyHere, DocumentChanged, Event, ReadingProgress, Trouble
from engine.records import Document, DocumentId, DocumentStatus, MatterId
from engine.store.store import Store
from engine.work.faults import translated
from engine.work.reading_run import ReadingRun, ToRead
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)


class AddingDocuments:
    """Owner of everything that comes into a matter. `indexed` is told about documents that have new passages."""

    def __init__(self, access: StoreAccess, publish: Callable[[Event], None], read: Callable[[MatterId], None]) -> None:
        self._access = access
        self._publish = publish
        self._read_finished = read
        self._runs: dict[MatterId, ReadingRun] = {}
        self._one_at_a_time = asyncio.Semaphore(1)
        self._passwords: dict[DocumentId, str] = {}
        self._cancels: Counter[MatterId] = Counter()

    # ------------------------------------------------------------ wishes
    async def add(self, matter: MatterId, files: list[Path]) -> list[Document]:
        """Copy `files` into the matter and queue them; a file that cannot be opened is Trouble, the others go on.

        Raises NotFound when the matter is gone.
        """
        added: list[Document] = []
        cancels = self._cancels[matter]
        for file in files:
            if self._cancels[matter] != cancels:
                break  # the rest of a folder is not copied after somebody has cancelled
            try:
                with translated("copy a document"):
                    document = await self._copy(matter, file)
            except NotFound:
                raise
            except StrongroomError as error:
                self._publish(Trouble(error, about=file.name))
                continue
            if document is not None:
                added.append(document)
                self._queue(ToRead(document))
        return added

    async def read_again(self, matter: MatterId, document: DocumentId, password: str | None) -> None:
        """Read the stored copy once more. Raises NotFound."""
        stored = await self._status(matter, document, "waiting")
        self._queue(ToRead(stored, password))

    async def resume_after_start(self, matter: MatterId) -> None:
        """Queue what an earlier run of the program left unread."""
        if matter in self._runs:
            return
        documents = await self._access.read(lambda store: store.matter(matter).documents.list())
        for document in documents:
            if document.status in ("waiting", "reading") and not self._is_queued(document):
                self._queue(ToRead(document))

    def pause(self, matter: MatterId) -> None:
        if run := self._runs.get(matter):
            run.going.clear()
            self._publish(run.progress())

    def resume(self, matter: MatterId) -> None:
        if run := self._runs.get(matter):
            run.going.set()
            self._publish(run.progress())

    def tell(self, matter: MatterId) -> None:
        """Say how far reading is, if it is going on or paused; for somebody who has just begun to look."""
        if run := self._runs.get(matter):
            self._publish(run.progress())

    async def finished(self, matter: MatterId) -> None:
        """Wait until nothing of this matter is being read or waits for it."""
        while (run := self._runs.get(matter)) is not None and run.task is not None:
            await asyncio.wait([run.task])

    async def cancel(self, matter: MatterId) -> None:
        """Stop reading in this matter; what waits, and what was half read, is marked cancelled."""
        self._cancels[matter] += 1
        run = self._runs.get(matter)
        if run is None or run.task is None:
            return
        run.cancelled = True
        run.task.cancel()
        await asyncio.gather(run.task, return_exceptions=True)

    async def forget(self, matter: MatterId, document: DocumentId) -> None:
        """Take a document that is about to be removed out of the queue."""
        self._passwords.pop(document, None)
        if run := self._runs.get(matter):
            kept = deque(each for each in run.waiting if each.document.id != document)
            gone = [each for each in run.waiting if each.document.id == document]
            run.n_total -= len(gone)
            run.bytes_total -= sum(each.document.n_bytes for each in gone)
            run.waiting = kept
            if not kept and (run.current is None or run.current.document.id == document):
                run.going.set()  # nothing is left that a pause could hold up
            self._publish(run.progress())

    def password_of(self, document: DocumentId) -> str | None:
        """The password that opened a document since the program started; it is never written anywhere."""
        return self._passwords.get(document)

    async def close(self) -> None:
        """Stop all reading; what is unread goes on at the next start."""
        tasks = [run.task for run in self._runs.values() if run.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ------------------------------------------------------------ copying
    async def _copy(self, matter: MatterId, file: Path) -> Document | None:
        refused = await asyncio.to_thread(openable, file)
        if refused is not None and not _has_a_row(refused):
            raise refused
        document, is_new = await self._access.write(lambda store: store.matter(matter).documents.add_file(file))
        if not is_new:
            self._publish(DocumentAlreadyHere(document))
            return None
        self._publish(DocumentChanged(document))
        if refused is not None:
            await self._set_aside(document, refused)
            return None
        return document

    # ------------------------------------------------------------ reading
    def _queue(self, wanted: ToRead) -> None:
        matter = wanted.document.matter
        run = self._runs.get(matter)
        if run is not None and run.cancelled:
            run = None  # that one is ending
        if run is None:
            run = self._runs[matter] = ReadingRun(matter)
            run.going.set()
            run.task = asyncio.create_task(self._read_all(run), name=f"read {matter}")
        run.waiting.append(wanted)
        run.n_total += 1
        run.bytes_total += wanted.document.n_bytes
        self._publish(run.progress())

    def _is_queued(self, document: Document) -> bool:
        run = self._runs.get(document.matter)
        queued = [] if run is None else [*run.waiting, *([run.current] if run.current else [])]
        return any(each.document.id == document.id for each in queued)

    async def _read_all(self, run: ReadingRun) -> None:
        try:
            while run.waiting:
                await self._take_turn(run)
                if not run.waiting:
                    break  # it was removed during the pause
                run.current = run.waiting.popleft()
                await self._read_one(run, run.current)
                run.n_done += 1
                run.bytes_done += run.current.document.n_bytes
                run.current = None
                self._give_turn(run)
                self._publish(run.progress())
        finally:
            self._give_turn(run)
            if self._runs.get(run.matter) is run:
                del self._runs[run.matter]
            if run.cancelled:
                for each in ([run.current] if run.current else []) + list(run.waiting):
                    await self._set_cancelled(each.document)
            self._publish(self._runs[run.matter].progress() if run.matter in self._runs else _over(run))

    async def _take_turn(self, run: ReadingRun) -> None:
        """Wait until this run is not paused and no other run reads; a paused one holds up nobody."""
        while not (run.going.is_set() and run.has_turn):
            self._give_turn(run)
            await run.going.wait()
            await self._one_at_a_time.acquire()
            run.has_turn = True

    def _give_turn(self, run: ReadingRun) -> None:
        if run.has_turn:
            run.has_turn = False
            self._one_at_a_time.release()

    async def _set_cancelled(self, document: Document) -> None:
        try:
            with translated("cancel reading"):
                await self._status(document.matter, document.id, "cancelled")
        except NotFound:
            return  # it was removed
        except StrongroomError as error:
            self._publish(Trouble(error, about=document.name))

    async def _read_one(self, run: ReadingRun, wanted: ToRead) -> None:
        document = wanted.document
        try:
            with translated("read a document"):
                await self._read_pages(run, wanted)
        except NotFound:
            return  # it was removed while it was being read
        except StrongroomError as error:
            await self._set_aside(document, error)
        else:
            self._read_finished(run.matter)

    async def _read_pages(self, run: ReadingRun, wanted: ToRead) -> None:
        document, matter = wanted.document, run.matter
        await self._status(matter, document.id, "reading")
        content = await self._access.read(lambda store: store.matter(matter).documents.original(document.id))
        await self._access.write(lambda store: store.matter(matter).documents.clear_pages(document.id))
        run.page, run.n_pages = 0, 0
        cutter = Cutter()
        async with aclosing(read_document(document.name, content, password=wanted.password)) as steps:
            async for step in steps:
                await self._take_turn(run)
                if isinstance(step, Opened):
                    run.n_pages = step.n_pages
                    await self._access.write(partial(_opened, document=document, step=step))
                else:
                    run.page += len(step.pages)
                    await self._keep_pages(document, step, cutter)
                self._publish(run.progress())
        if wanted.password is not None:
            self._passwords[document.id] = wanted.password
        await self._finish(matter, document.id)

    async def _keep_pages(self, document: Document, step: PagesRead, cutter: Cutter) -> None:
        pages = [page.of(document.id) for page in step.pages]
        passages = await asyncio.to_thread(cutter.cut, pages)

        def write(store: Store) -> Document:
            opened = store.matter(document.matter)
            opened.documents.put_pages(document.id, pages, step.confidences)
            opened.passages.put(document.id, passages)
            return opened.documents.get(document.id)

        self._publish(DocumentChanged(await self._access.write(write)))

    async def _finish(self, matter: MatterId, document: DocumentId) -> None:
        read = await self._access.read(lambda store: store.matter(matter).documents.get(document))
        if read.n_passages == 0:
            raise DocumentUnreadable(read.name, "no_text")
        await self._status(matter, document, "indexing")

    async def _set_aside(self, document: Document, error: StrongroomError) -> None:
        """Write down why a document could not be read; the row says it, the others go on."""
        status: DocumentStatus = "failed"
        if isinstance(error, DocumentEncrypted):
            status = "needs_password"
        elif isinstance(error, DocumentUnreadable) and error.reason == "no_text":
            status = "no_text"
        if not isinstance(error, DocumentError):
            self._publish(Trouble(error, about=document.name))
        try:
            await self._status(document.matter, document.id, status, error)
        except NotFound:
            return  # it was removed while it was being read
        except StrongroomError as second:  # the store itself fails: said once, the document stays as it was
            self._publish(Trouble(second, about=document.name))

    async def _status(
        self, matter: MatterId, document: DocumentId, status: DocumentStatus, error: StrongroomError | None = None
    ) -> Document:
        def write(store: Store) -> Document:
            documents = store.matter(matter).documents
            documents.set_status(document, status, error.kind if error else None, error.facts if error else None)
            return documents.get(document)

        changed = await self._access.write(write)
        self._publish(DocumentChanged(changed))
        return changed


def _has_a_row(refused: DocumentError) -> bool:
    """An empty file can be copied and shown with its reason; what cannot be copied at all is only reported."""
    return isinstance(refused, DocumentUnreadable) and refused.reason == "empty"


def _over(run: ReadingRun) -> ReadingProgress:
    return ReadingProgress(run.matter, run.n_done, 0)


def _opened(store: Store, document: Document, step: Opened) -> None:
    store.matter(document.matter).documents.opened(document.id, n_pages=step.n_pages, media_type=step.media_type)
