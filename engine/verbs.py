"""What each verb of the command line does, as JSON-ready values. The same owners work here as behind the window.

Knows nothing of printing and exit codes. Raises StrongroomError.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import importlib.metadata
import uuid
from collections.abc import Callable
from typing import Protocol

from engine.computer_check import check_computer
from engine.errors import NotFound, StrongroomError, WorkerDied
from engine.events import (
    AnswerGrew,
    AnswerProgress,
    DocumentAlreadyHere,
    DocumentChanged,
    Event,
    Failed,
    Finished,
    ReadingProgress,
    Trouble,
)
from engine.inference.protocol import ChatMessage
from engine.inference.supervisor import Ended, Grew
from engine.intents import AskQuestion
from engine.json_shapes import Json, answer_json, document_json, passage_json, timings_json, usage_json
from engine.ledger_records import CHAT
from engine.model_events import DownloadChanged, LibraryProgress
from engine.model_records import Download
from engine.records import (
    Document,
    DocumentId,
    Matter,
    MatterId,
    RequestId,
)
from engine.session import Session
from engine.work.file_choice import chosen_files
from engine.work.prompt import INSTRUCTION_WITHOUT_DOCUMENTS


class Hearing(Protocol):
    """The command line's progress line, through which a verb hears events."""

    def listen(self, listener: Callable[[Event], None]) -> None: ...

    def say(self, line: str) -> None: ...


def version() -> str:
    """The installed version, or the one of the checkout."""
    try:
        return importlib.metadata.version("strongroom")
    except importlib.metadata.PackageNotFoundError:
        return "0.1.0 (checkout)"


# ---------------------------------------------------------------- the computer
async def doctor(session: Session, _: argparse.Namespace, __: Hearing) -> Json:
    return dataclasses.asdict(await check_computer(session))


# ---------------------------------------------------------------- documents
async def documents_add(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    matter = await find_matter(session, options.matter, start=True)
    documents, refused = await _add(session, matter.id, options.paths, progress, with_index=not options.without_index)
    return {"matter": {"id": matter.id, "name": matter.name}, "documents": documents, "refused": refused}


async def documents_list(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    matter = await find_matter(session, options.matter)
    documents = await _documents(session, matter.id)
    return {"matter": {"id": matter.id, "name": matter.name}, "documents": [await _document(session, each) for each in documents]}


async def documents_show(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    return {"documents": [await _document(session, await _find_document(session, options.document))]}


async def documents_remove(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    document = await _find_document(session, options.document)
    await session.access.write(lambda store: store.matter(document.matter).documents.remove(document.id))
    return {"removed": {"id": document.id, "name": document.name}}


async def documents_search(session: Session, options: argparse.Namespace, _: Hearing) -> Json:
    matter = await find_matter(session, options.matter)
    found = await session.retrieval.search(matter.id, options.text, limit=options.limit)
    names: dict[str, str] = {each.id: each.name for each in await _documents(session, matter.id)}
    return {"passages": [passage_json(each, names) for each in found]}


async def _add(
    session: Session, matter: MatterId, paths: list, progress: Hearing, *, with_index: bool
) -> tuple[list[Json], list[Json]]:
    """Add files and wait until each is read (and indexed).

    The documents behind the files, also those that were there already, and what could not be copied with its reason.
    Raises what went wrong where nothing came of any file.
    """
    refused: list[tuple[str, StrongroomError]] = []
    seen: dict[DocumentId, None] = {}

    def hear(event: Event) -> None:
        if isinstance(event, Trouble) and event.about != "index":  # words find what is not indexed; its status says so
            refused.append((event.about, event.error))
        elif isinstance(event, DocumentChanged | DocumentAlreadyHere):
            seen.setdefault(event.document.id)

    progress.listen(hear)
    files = await asyncio.to_thread(chosen_files, paths)
    await session.adding.add(matter, files)
    await session.adding.finished(matter)  # also when the store fails, so that no document gets any further
    if with_index:
        await session.indexing.finished()
    documents = [each for each in await _documents(session, matter) if each.id in seen]
    if refused and not documents:
        raise refused[0][1]
    told: list[Json] = [{"name": name, "error": {"kind": error.kind, "facts": error.facts}} for name, error in refused]
    return [await _document(session, each) for each in documents], told


async def _document(session: Session, document: Document) -> Json:
    pages = await session.access.read(lambda store: store.matter(document.matter).documents.coverage(document.id))
    return document_json(document, pages)


# ---------------------------------------------------------------- answers
async def ask(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    matter = await find_matter(session, options.matter, start=options.files is not None)
    scope = None
    if options.files is not None:
        scope = await _files_in(session, matter.id, options.files, progress)
    await session.load_chat_model(options.model)
    outcome: list[Finished | Failed] = []
    progress.listen(lambda event: outcome.append(event) if isinstance(event, Finished | Failed) else None)
    await session.asking.ask(AskQuestion(RequestId(uuid.uuid4().hex), matter.id, options.question, documents=scope))
    if isinstance(outcome[-1], Failed):
        raise outcome[-1].error
    return answer_json(outcome[-1].answer)


async def _files_in(session: Session, matter: MatterId, paths: list, progress: Hearing) -> tuple[DocumentId, ...]:
    """The documents behind `paths`, added now or already there. Raises what kept the first one out when all were."""
    documents, _ = await _add(session, matter, paths, progress, with_index=True)
    if not documents:
        raise NotFound("document", str(paths[0]))
    return tuple(each["id"] for each in documents)


async def chat(session: Session, options: argparse.Namespace, progress: Hearing) -> Json:
    model = await session.load_chat_model(options.model)
    request, settings = RequestId(uuid.uuid4().hex), session.settings
    lines = [ChatMessage("system", INSTRUCTION_WITHOUT_DOCUMENTS), ChatMessage("user", options.text)]
    pieces = model.generate(request, lines, max_tokens=settings.max_answer_tokens, temperature=settings.temperature)
    text, last = "", None
    async with session.asking.books.generation(CHAT, model.state.name) as noted:
        async for piece in pieces:
            if isinstance(piece, Grew):
                text += piece.text
                session.publish(AnswerGrew(request, piece.text))
            elif isinstance(piece, Ended):
                last = piece
                noted.ended(piece.usage, piece.timings, piece.stop_reason)
    if last is None:
        raise WorkerDied("chat", None)
    return {
        "text": text,
        "reasoning": "",
        "model": model.state.name,
        "stop_reason": last.stop_reason,
        "usage": usage_json(last.usage),
        "timings": timings_json(last.timings),
    }


# ---------------------------------------------------------------- finding things by name
async def find_matter(session: Session, name: str, *, start: bool = False) -> Matter:
    """A matter by id or name; `start` makes one of that name. Raises NotFound."""
    matters = await session.access.read(lambda store: store.matters.list())
    for matter in matters:
        if name in (matter.id, matter.name):
            return matter
    if not start:
        raise NotFound("matter", name)
    return await session.access.write(lambda store: store.matters.create(name))


async def _find_document(session: Session, wanted: str) -> Document:
    """A document by id, or by name where only one has it. Raises NotFound."""
    found: list[Document] = []
    for matter in await session.access.read(lambda store: store.matters.list()):
        found += [each for each in await _documents(session, matter.id) if wanted in (each.id, each.name)]
    if len({each.id for each in found}) != 1:
        raise NotFound("document", wanted)
    return found[0]


async def _documents(session: Session, matter: MatterId) -> list[Document]:
    return await session.access.read(lambda store: store.matter(matter).documents.list())


def download_line(download: Download) -> str:
    """How far a download is."""
    megabytes = f"{download.n_done / 1e6:.0f} of {download.n_bytes / 1e6:.0f} MB" if download.n_bytes else ""
    speed = f", {download.bytes_per_s / 1e6:.1f} MB/s" if download.bytes_per_s else ""
    left = f", {download.seconds_left:.0f} s left" if download.seconds_left is not None else ""
    return f"{download.phase.capitalize()} {download.name} {megabytes}{speed}{left}"


def progress_line(event: Event) -> str:
    """One line about how far a verb is, '' for events that say nothing about it."""
    match event:
        case ReadingProgress(n_total=total, n_done=done, page=page, n_pages=pages) if total:
            return f"Reading document {min(done + 1, total)} of {total}, page {page} of {pages}"
        case DocumentChanged(document=document) if document.status == "indexing":
            return f"Indexing {document.name}: {document.n_indexed} of {document.n_passages} passages"
        case AnswerProgress(stage="reading", n_read=read, n_to_read=to_read) if to_read:
            return f"Reading the passages: {100 * read // to_read} %"
        case AnswerProgress(stage="searching"):
            return "Looking for passages"
        case AnswerProgress(stage="writing"):
            return "Writing"
        case DownloadChanged(download=download):
            return download_line(download)
        case LibraryProgress(work=work, about=about, n_done=done, n_bytes=n_bytes, is_done=False):
            share = f": {100 * done // n_bytes} %" if n_bytes else ""
            return f"{work.capitalize()} {about}{share}"
    return ""
