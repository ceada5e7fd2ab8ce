"""Which owner takes which wish. One short function each; the work is done elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from engine.computer_check import check_computer
from engine.errors import DocumentEncrypted, NotFound, StoreDamaged, StoreError
from engine.events import (
    ComputerChecked,
    ConversationExported,
    ConversationOpened,
    ConversationsChanged,
    CoverageShown,
    DocumentRemoved,
    MatterOpened,
    MattersChanged,
    OriginalFound,
    PageShown,
    StoreNeedsKey,
)
from engine.intents import (
    AddDocuments,
    AskQuestion,
    CancelReading,
    ChangeSettings,
    CheckComputer,
    ChooseModel,
    CreateMatter,
    DeleteConversation,
    DeleteMatter,
    ExportConversation,
    Intent,
    KeepDraft,
    OpenConversation,
    OpenMatter,
    OpenOriginal,
    PauseReading,
    ReadAgain,
    RemoveDocument,
    RenameConversation,
    RenameMatter,
    RenderPage,
    ResumeReading,
    ShowCoverage,
    StopReply,
    UnlockStore,
)
from engine.records import Document, MatterId, PagePicture
from engine.session import Session
from engine.work.export import conversation_as_markdown, write_file
from engine.work.file_choice import chosen_files, matter_name
from engine.work.originals import find_original

#: Settings with wishes of their own; what other changes of settings say of them does not count.
OWNED_BY_THE_ENGINE = ("open_purposes", "lock_changed", "models_folder", "models_in_place")

Handler = Callable[[Session, Any], Awaitable[None]]
HANDLERS: dict[type[Intent], Handler] = {}


def handles(kind: type[Intent]) -> Callable[[Handler], Handler]:
    """Register the handler of one kind of wish."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


# ---------------------------------------------------------------- the store
@handles(UnlockStore)
async def unlock_store(session: Session, wish: UnlockStore) -> None:
    try:
        await session.unlock(wish.protection, wish.passphrase or None)
    except StoreError as error:
        is_new = not isinstance(error, StoreDamaged) and await session.kind_of_store() is None
        session.publish(StoreNeedsKey(error, is_new=is_new))


# ---------------------------------------------------------------- matters
@handles(CreateMatter)
async def create_matter(session: Session, wish: CreateMatter) -> None:
    matter = await session.access.write(lambda store: store.matters.create(wish.name))
    await publish_matters(session)
    await _publish_matter(session, matter.id)


@handles(RenameMatter)
async def rename_matter(session: Session, wish: RenameMatter) -> None:
    await session.access.write(lambda store: store.matters.rename(wish.matter, wish.name))
    await publish_matters(session)


@handles(DeleteMatter)
async def delete_matter(session: Session, wish: DeleteMatter) -> None:
    await session.forget_matter(wish.matter)
    await session.access.write(lambda store: store.matters.delete(wish.matter))
    session.retrieval.forget(wish.matter)  # what was under way may have taken its vectors in again
    await publish_matters(session)


@handles(OpenMatter)
async def open_matter(session: Session, wish: OpenMatter) -> None:
    await _publish_matter(session, wish.matter)
    session.adding.tell(wish.matter)


# ---------------------------------------------------------------- documents
@handles(AddDocuments)
async def add_documents(session: Session, wish: AddDocuments) -> None:
    files = await asyncio.to_thread(chosen_files, wish.paths)
    matter = wish.matter
    if matter is None:
        created = await session.access.write(lambda store: store.matters.create(matter_name(wish.paths)))
        matter = created.id
        await publish_matters(session)
        await _publish_matter(session, matter)
    await session.adding.add(matter, files)
    await publish_matters(session)


@handles(PauseReading)
async def pause_reading(session: Session, wish: PauseReading) -> None:
    session.adding.pause(wish.matter)


@handles(ResumeReading)
async def resume_reading(session: Session, wish: ResumeReading) -> None:
    session.adding.resume(wish.matter)


@handles(CancelReading)
async def cancel_reading(session: Session, wish: CancelReading) -> None:
    await session.adding.cancel(wish.matter)


@handles(ReadAgain)
async def read_again(session: Session, wish: ReadAgain) -> None:
    await session.adding.read_again(wish.matter, wish.document, wish.password)


@handles(RemoveDocument)
async def remove_document(session: Session, wish: RemoveDocument) -> None:
    await session.adding.forget(wish.matter, wish.document)
    await session.access.write(lambda store: store.matter(wish.matter).documents.remove(wish.document))
    session.retrieval.forget(wish.matter, wish.document)
    session.viewer.forget(wish.document)
    session.publish(DocumentRemoved(wish.matter, wish.document))
    await publish_matters(session)


@handles(ShowCoverage)
async def show_coverage(session: Session, wish: ShowCoverage) -> None:
    pages = await session.access.read(lambda store: store.matter(wish.matter).documents.coverage(wish.document))
    session.publish(CoverageShown(wish.document, tuple(pages)))


@handles(RenderPage)
async def render_page(session: Session, wish: RenderPage) -> None:
    page, document = await session.access.read(
        lambda store: (
            store.matter(wish.matter).documents.page(wish.document, wish.page),
            store.matter(wish.matter).documents.get(wish.document),
        )
    )
    picture = await page_picture(session, wish, document) if page.width is not None else None
    session.publish(PageShown(page, document.n_pages, picture, wish.spans))


@handles(OpenOriginal)
async def open_original(session: Session, wish: OpenOriginal) -> None:
    document = await session.access.read(lambda store: store.matter(wish.matter).documents.get(wish.document))
    session.publish(OriginalFound(await asyncio.to_thread(find_original, document)))


# ---------------------------------------------------------------- conversations
@handles(OpenConversation)
async def open_conversation(session: Session, wish: OpenConversation) -> None:
    conversation, messages = await session.access.read(
        lambda store: (
            store.matter(wish.matter).conversations.get(wish.conversation),
            tuple(store.matter(wish.matter).conversations.messages(wish.conversation)),
        )
    )
    session.publish(ConversationOpened(conversation, messages))


@handles(RenameConversation)
async def rename_conversation(session: Session, wish: RenameConversation) -> None:
    await session.access.write(lambda store: store.matter(wish.matter).conversations.rename(wish.conversation, wish.title))
    await _publish_conversations(session, wish.matter)


@handles(DeleteConversation)
async def delete_conversation(session: Session, wish: DeleteConversation) -> None:
    await session.asking.end(wish.matter, wish.conversation)
    await session.access.write(lambda store: store.matter(wish.matter).conversations.delete(wish.conversation))
    await _publish_conversations(session, wish.matter)


@handles(KeepDraft)
async def keep_draft(session: Session, wish: KeepDraft) -> None:
    with contextlib.suppress(NotFound):  # it was deleted together with the place it was written for
        await session.access.write(lambda store: store.matter(wish.matter).conversations.set_draft(wish.conversation, wish.text))


@handles(AskQuestion)
async def ask_question(session: Session, wish: AskQuestion) -> None:
    await session.asking.ask(wish)
    if session.access.is_open:
        with contextlib.suppress(NotFound):  # the matter was deleted meanwhile
            await _publish_conversations(session, wish.matter)


@handles(StopReply)
async def stop_reply(session: Session, wish: StopReply) -> None:
    session.asking.stop(wish.request)


@handles(ExportConversation)
async def export_conversation(session: Session, wish: ExportConversation) -> None:
    conversation, messages = await session.access.read(
        lambda store: (
            store.matter(wish.matter).conversations.get(wish.conversation),
            store.matter(wish.matter).conversations.messages(wish.conversation),
        )
    )
    await asyncio.to_thread(write_file, wish.file, conversation_as_markdown(conversation, messages))
    session.publish(ConversationExported(wish.file))


# ---------------------------------------------------------------- the rest
@handles(ChooseModel)
async def choose_model(session: Session, wish: ChooseModel) -> None:
    await session.choose_model(wish.model)


@handles(ChangeSettings)
async def change_settings(session: Session, wish: ChangeSettings) -> None:
    # The window's copy may be older than a lock that was closed or a model that was added meanwhile.
    owned = {name: getattr(session.settings, name) for name in OWNED_BY_THE_ENGINE}
    await session.change_settings(wish.settings.model_copy(update=owned))


@handles(CheckComputer)
async def run_computer_check(session: Session, _: CheckComputer) -> None:
    session.publish(ComputerChecked(await check_computer(session)))


# ---------------------------------------------------------------- what several of them tell
async def publish_matters(session: Session) -> None:
    session.publish(MattersChanged(tuple(await session.access.read(lambda store: store.matters.list()))))


async def _publish_matter(session: Session, matter: MatterId) -> None:
    def read(store: Any) -> MatterOpened:
        opened = store.matter(matter)
        about = next((each for each in store.matters.list() if each.id == matter), None)
        if about is None:
            raise NotFound("matter", matter)
        return MatterOpened(
            about, tuple(opened.documents.list()), tuple(opened.conversations.list()), opened.conversations.draft()
        )

    session.publish(await session.access.read(read))


async def _publish_conversations(session: Session, matter: MatterId) -> None:
    conversations = await session.access.read(lambda store: store.matter(matter).conversations.list())
    session.publish(ConversationsChanged(matter, tuple(conversations)))


async def page_picture(session: Session, wish: RenderPage, document: Document) -> PagePicture | None:
    """The page as it looks; None for a protected document whose password is no longer known, then its text is shown."""

    async def original() -> bytes:
        return await session.access.read(lambda store: store.matter(wish.matter).documents.original(wish.document))

    password = session.adding.password_of(wish.document)
    try:
        return await session.viewer.page(document, original, wish.page, wish.width, wish.spans, password=password)
    except DocumentEncrypted:
        return None
