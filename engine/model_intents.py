"""Wishes about models and about the network. Like those of `intents`: frozen, taken by `service.Service.submit`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.intents import Intent
from engine.model_records import DownloadId
from engine.network_records import Purpose
from engine.records import ModelId, RequestId


# ---------------------------------------------------------------- the network
@dataclass(frozen=True)
class OpenNetwork(Intent):
    """Allow connections for a purpose until the lock is closed again; answered by NetworkChanged."""

    purpose: Purpose


@dataclass(frozen=True)
class CloseNetwork(Intent):
    """Close the offline lock at once: running downloads pause, open connections end."""


@dataclass(frozen=True)
class ListConnections(Intent):
    """The network log, newest first; answered by ConnectionsListed. `days` None: everything that is kept."""

    days: int | None = 7


@dataclass(frozen=True)
class ExportConnections(Intent):
    """Write the network log as CSV to a file that the user chose; answered by ConnectionsExported."""

    file: Path
    days: int | None = None


# ---------------------------------------------------------------- finding models
@dataclass(frozen=True)
class ShowOffers(Intent):
    """The catalogue with what fits this computer now; answered by OffersShown. Needs no network."""


@dataclass(frozen=True)
class ImportCatalogue(Intent):
    """Use a newer catalogue that came as a file; answered by OffersShown or Trouble."""

    file: Path


@dataclass(frozen=True)
class SearchHub(Intent):
    """Look for GGUF repositories on the hub; answered by HubSearched."""

    request: RequestId
    text: str


@dataclass(frozen=True)
class LookAtRepository(Intent):
    """Which sizes a repository offers and whether they fit; answered by RepositoryShown. Reads a header by range request."""

    request: RequestId
    repository: str


@dataclass(frozen=True)
class LookAtHeader(Intent):
    """Read the header of a catalogue model's size from the hub, so that its fit is known; answered by OffersShown."""

    model: str
    size_key: str


@dataclass(frozen=True)
class KeepHubToken(Intent):
    """Keep a token for gated repositories in the system keyring; answered by HubTokenChanged."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class ForgetHubToken(Intent):
    pass


# ---------------------------------------------------------------- downloads
@dataclass(frozen=True)
class DownloadModel(Intent):
    """Fetch a size of an offered model; answered by DownloadChanged until it is done or failed."""

    model: str
    size_key: str


@dataclass(frozen=True)
class PauseDownload(Intent):
    download: DownloadId


@dataclass(frozen=True)
class ResumeDownload(Intent):
    """Go on with a paused or failed download where it stopped."""

    download: DownloadId


@dataclass(frozen=True)
class CancelDownload(Intent):
    """Stop and remove what was fetched; answered by DownloadRemoved."""

    download: DownloadId


# ---------------------------------------------------------------- the library
@dataclass(frozen=True)
class FindModels(Intent):
    """Look for model files of other programs, or in a folder; answered by ModelsFound."""

    folder: Path | None = None


@dataclass(frozen=True)
class AddModelFile(Intent):
    """Take a GGUF file into the library. `in_place`: leave it where it is and use it there.

    Otherwise it is cloned or linked where the file system allows, else copied; the file itself is never changed.
    """

    path: Path
    how: Literal["import", "in_place"] = "import"


@dataclass(frozen=True)
class VerifyModel(Intent):
    """Read a model's file and compare its checksum; answered by ModelChecked."""

    model: ModelId


@dataclass(frozen=True)
class RepairModel(Intent):
    """Fetch the damaged parts of a model's file again; answered by DownloadChanged."""

    model: ModelId


@dataclass(frozen=True)
class RemoveModel(Intent):
    """Take a model out of the library; a file used in place stays. `even_if_used`: what depends on it was shown."""

    model: ModelId
    even_if_used: bool = False


@dataclass(frozen=True)
class MoveLibrary(Intent):
    """Move every model file to another folder, verified before the old one goes; answered by LibraryProgress."""

    folder: Path


@dataclass(frozen=True)
class ExportBundle(Intent):
    """Write models with their checksums into a folder, to be carried to a computer without a network."""

    models: tuple[ModelId, ...]
    folder: Path


@dataclass(frozen=True)
class ImportBundle(Intent):
    """Take the models of such a folder into the library, each verified."""

    folder: Path


@dataclass(frozen=True)
class StopLibraryWork(Intent):
    """Stop the import, move, export or verification that runs; what was complete stays."""


@dataclass(frozen=True)
class LookAtHardware(Intent):
    """Look at this computer and measure its memory; answered by HardwareShown."""
