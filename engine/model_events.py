"""Happenings about models and about the network. Like those of `events`: frozen, published in order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.errors import StrongroomError
from engine.events import Event
from engine.model_records import (
    CatalogueEdition,
    Download,
    DownloadId,
    FoundModel,
    FoundRepository,
    Hardware,
    ModelCheck,
    Offer,
)
from engine.network_records import Connection, NetworkState
from engine.records import ModelId, RequestId


# ---------------------------------------------------------------- the network
@dataclass(frozen=True)
class NetworkChanged(Event):
    state: NetworkState


@dataclass(frozen=True)
class ConnectionsListed(Event):
    """The log, newest first. `sent_for_compare`: bytes of text that left in this time, all of them approved."""

    connections: tuple[Connection, ...]
    days: int | None
    sent_for_compare: int = 0


@dataclass(frozen=True)
class ConnectionLogged(Event):
    """A connection was tried, or one that was open has ended."""

    connection: Connection


@dataclass(frozen=True)
class ConnectionsExported(Event):
    file: Path


# ---------------------------------------------------------------- finding models
@dataclass(frozen=True)
class OffersShown(Event):
    """The catalogue. `first_choices` are the ids of the models that suit this computer best, the best first."""

    edition: CatalogueEdition
    offers: tuple[Offer, ...]
    first_choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class HubSearched(Event):
    """Last word of SearchHub. `host` is the hub that answered, or did not."""

    request: RequestId
    host: str
    repositories: tuple[FoundRepository, ...] = ()
    error: StrongroomError | None = None


@dataclass(frozen=True)
class RepositoryShown(Event):
    """Last word of LookAtRepository."""

    request: RequestId
    repository: str
    offer: Offer | None = None
    error: StrongroomError | None = None


@dataclass(frozen=True)
class HubTokenChanged(Event):
    is_kept: bool


# ---------------------------------------------------------------- downloads
@dataclass(frozen=True)
class DownloadChanged(Event):
    download: Download


@dataclass(frozen=True)
class DownloadRemoved(Event):
    download: DownloadId


# ---------------------------------------------------------------- the library
@dataclass(frozen=True)
class ModelsFound(Event):
    models: tuple[FoundModel, ...]
    folder: Path | None = None


@dataclass(frozen=True)
class ModelChecked(Event):
    check: ModelCheck


@dataclass(frozen=True)
class ModelInUse(Event):
    """The answer to RemoveModel that asks back: what depends on the model. `is_loaded`: it is open now."""

    model: ModelId
    needed_by: tuple[Literal["chosen_for_answers", "search_by_meaning", "starter"], ...]
    is_loaded: bool


@dataclass(frozen=True)
class LibraryProgress(Event):
    """How far an import, a move, an export or a verification is. `is_done` is its last word, with or without `error`."""

    work: Literal["import", "move", "export", "verify", "find"]
    about: str
    n_done: int = 0
    n_bytes: int = 0
    is_done: bool = False
    error: StrongroomError | None = None


@dataclass(frozen=True)
class HardwareShown(Event):
    hardware: Hardware
