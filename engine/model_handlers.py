"""Which owner takes which wish about models and the network. One short function each; the work is done elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from engine.connection_export import as_csv
from engine.errors import StrongroomError
from engine.handlers import HANDLERS, handles
from engine.model_events import (
    ConnectionsExported,
    ConnectionsListed,
    HardwareShown,
    HubSearched,
    ModelChecked,
    ModelsFound,
    RepositoryShown,
)
from engine.model_intents import (
    AddModelFile,
    CancelDownload,
    CloseNetwork,
    DownloadModel,
    ExportBundle,
    ExportConnections,
    FindModels,
    ForgetHubToken,
    ImportBundle,
    ImportCatalogue,
    KeepHubToken,
    ListConnections,
    LookAtHardware,
    LookAtHeader,
    LookAtRepository,
    MoveLibrary,
    OpenNetwork,
    PauseDownload,
    RemoveModel,
    RepairModel,
    ResumeDownload,
    SearchHub,
    ShowOffers,
    StopLibraryWork,
    VerifyModel,
)
from engine.session import Session
from engine.work.export import write_file
from engine.work.faults import translated
from engine.work.network_access import ALL, sent_for_compare

__all__ = ["HANDLERS"]


@contextlib.contextmanager
def _told_once(session: Session) -> Iterator[None]:
    """Let an error that came with the last word of a piece of library work not be told a second time as Trouble."""
    try:
        yield
    except StrongroomError as error:
        if error is not session.desk.keeping.told:
            raise


# ---------------------------------------------------------------- the network
@handles(OpenNetwork)
async def open_network(session: Session, wish: OpenNetwork) -> None:
    await session.open_network(wish.purpose)


@handles(CloseNetwork)
async def close_network(session: Session, _: CloseNetwork) -> None:
    await session.close_network()


@handles(ListConnections)
async def list_connections(session: Session, wish: ListConnections) -> None:
    connections = await session.network.connections(wish.days)
    session.publish(ConnectionsListed(connections, wish.days, sent_for_compare(connections)))


@handles(ExportConnections)
async def export_connections(session: Session, wish: ExportConnections) -> None:
    connections = await session.network.connections(wish.days, limit=ALL)
    await asyncio.to_thread(write_file, wish.file, as_csv(connections))
    session.publish(ConnectionsExported(wish.file))


# ---------------------------------------------------------------- finding models
@handles(ShowOffers)
async def show_offers(session: Session, _: ShowOffers) -> None:
    await session.desk.show_offers()


@handles(ImportCatalogue)
async def import_catalogue(session: Session, wish: ImportCatalogue) -> None:
    await session.desk.finding.import_catalogue(wish.file)
    await session.desk.show_offers()


@handles(SearchHub)
async def search_hub(session: Session, wish: SearchHub) -> None:
    host = session.network.first_host("models")
    try:
        with translated("search the hub"):
            found = await session.desk.finding.search(wish.text)
    except StrongroomError as error:
        session.publish(HubSearched(wish.request, host, error=error))
    else:
        session.publish(HubSearched(wish.request, host, found))


@handles(LookAtRepository)
async def look_at_repository(session: Session, wish: LookAtRepository) -> None:
    try:
        with translated("look at a repository"):
            offer = await session.desk.finding.repository(wish.repository)
    except StrongroomError as error:
        session.publish(RepositoryShown(wish.request, wish.repository, error=error))
    else:
        session.publish(RepositoryShown(wish.request, wish.repository, offer))


@handles(LookAtHeader)
async def look_at_header(session: Session, wish: LookAtHeader) -> None:
    await session.desk.finding.look_at_header(wish.model, wish.size_key)
    await session.desk.show_offers()


@handles(KeepHubToken)
async def keep_hub_token(session: Session, wish: KeepHubToken) -> None:
    await session.keep_hub_token(wish.token)


@handles(ForgetHubToken)
async def forget_hub_token(session: Session, _: ForgetHubToken) -> None:
    await session.keep_hub_token(None)


# ---------------------------------------------------------------- downloads
@handles(DownloadModel)
async def download_model(session: Session, wish: DownloadModel) -> None:
    await session.desk.download(f"{wish.model}:{wish.size_key}")


@handles(PauseDownload)
async def pause_download(session: Session, wish: PauseDownload) -> None:
    await session.desk.downloads.pause(wish.download)


@handles(ResumeDownload)
async def resume_download(session: Session, wish: ResumeDownload) -> None:
    await session.desk.downloads.resume(wish.download)


@handles(CancelDownload)
async def cancel_download(session: Session, wish: CancelDownload) -> None:
    await session.desk.downloads.cancel(wish.download)


@handles(RepairModel)
async def repair_model(session: Session, wish: RepairModel) -> None:
    await session.desk.repair(wish.model)


# ---------------------------------------------------------------- the library
@handles(FindModels)
async def find_models(session: Session, wish: FindModels) -> None:
    with _told_once(session):
        session.publish(ModelsFound(await session.desk.find(wish.folder), wish.folder))


@handles(AddModelFile)
async def add_model_file(session: Session, wish: AddModelFile) -> None:
    with _told_once(session):
        await session.desk.add(wish.path, wish.how)
    await session.desk.show_offers()


@handles(VerifyModel)
async def verify_model(session: Session, wish: VerifyModel) -> None:
    with _told_once(session):
        if check := await session.desk.verify(wish.model):
            session.publish(ModelChecked(check))
    await session.desk.show_offers()


@handles(RemoveModel)
async def remove_model(session: Session, wish: RemoveModel) -> None:
    in_use = await session.remove_model(wish.model, even_if_used=wish.even_if_used)
    if in_use is not None:
        session.publish(in_use)
    else:
        await session.desk.show_offers()


@handles(MoveLibrary)
async def move_library(session: Session, wish: MoveLibrary) -> None:
    with _told_once(session):
        await session.desk.move(wish.folder)
    await session.desk.show_offers()


@handles(ExportBundle)
async def export_bundle(session: Session, wish: ExportBundle) -> None:
    with _told_once(session):
        await session.desk.export(list(wish.models), wish.folder)


@handles(ImportBundle)
async def import_bundle(session: Session, wish: ImportBundle) -> None:
    with _told_once(session):
        await session.desk.keeping.import_bundle(wish.folder)
    await session.desk.list()
    await session.desk.show_offers()


@handles(StopLibraryWork)
async def stop_library_work(session: Session, _: StopLibraryWork) -> None:
    session.desk.keeping.stop()


@handles(LookAtHardware)
async def look_at_hardware(session: Session, _: LookAtHardware) -> None:
    session.publish(HardwareShown(await session.desk.advice.look()))
