"""What the engine shows of models that are not in use yet: offers, sizes, downloads, finds; and of this computer.

Frozen values. Amounts are bytes. What is not known is None and is shown as unknown, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

from engine.records import Fit, ModelId

DownloadId = NewType("DownloadId", str)

#: Size choices in the order of what they keep of the original.
SizeKind = Literal["smallest", "smaller", "balanced", "closest", "original"]
AtWork = Literal["yes", "with_conditions", "ask_lawyer", "no"]


# ---------------------------------------------------------------- what is offered
@dataclass(frozen=True)
class Licence:
    """A model's licence. `plain` is one or two sentences for somebody who is no lawyer; `at_work` sums them up."""

    id: str  # SPDX where there is one, such as Apache-2.0
    name: str
    at_work: AtWork
    plain: str
    url: str = ""


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository. `n_bytes` and `sha256` are None where they are not known yet; the hub tells them."""

    path: str
    n_bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class ModelSize:
    """One size of a model that can be downloaded: one file, or the parts of a split one, in order.

    `revision` is a commit; None means that it has to be asked for and is then pinned. `listed_bytes` is a rounded size
    from a public list, for orientation only. `vision` is the file that lets the model see pictures.
    """

    key: str  # the quantisation, such as Q4_K_M
    kind: SizeKind
    repository: str
    revision: str | None
    files: tuple[RemoteFile, ...]
    vision: RemoteFile | None = None
    listed_bytes: int | None = None

    @property
    def n_bytes(self) -> int | None:
        """The exact size of the files of the model, without `vision`; None while one of them is not known."""
        sizes = [file.n_bytes for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def about_bytes(self) -> int | None:
        return self.n_bytes or self.listed_bytes

    @property
    def is_confirmed(self) -> bool:
        """Whether commit, size and checksum of each file are known beforehand."""
        return self.revision is not None and all(file.n_bytes and file.sha256 for file in self.files)


@dataclass(frozen=True)
class OfferedModel:
    """A model of the catalogue, or a repository that was found on the hub."""

    id: str  # in the catalogue such as `qwen3-8b`; of a repository its name, owner/name
    name: str
    publisher: str
    purpose: Literal["chat", "embedding", "vision", "unknown"]
    good_for: str
    licence: Licence | None  # None: the hub names none
    languages: tuple[str, ...]  # BCP 47 codes, or `100+` where the publisher only counts
    n_parameters: int | None
    n_active_parameters: int | None
    architecture: str | None
    context_length: int | None
    released: str  # year and month, such as 2026-04, '' if unknown
    thinks: Literal["no", "switchable", "always", "unknown"] = "unknown"
    uses_tools: bool | None = None
    sees: bool | None = None
    gated: bool = False  # the publisher wants one to sign in and agree first
    note: str = ""


@dataclass(frozen=True)
class OfferedSize:
    """A size with what it means on this computer. `installed` is the model that holds exactly these files, if any.

    `at_least_bytes` is what it needs in any case where its fit is unknown, because its header has not been read yet.
    """

    size: ModelSize
    fit: Fit
    installed: ModelId | None = None
    at_least_bytes: int | None = None


@dataclass(frozen=True)
class Offer:
    """A model with its sizes, the smallest first. `advised` is the key of the size that suits this computer best."""

    model: OfferedModel
    sizes: tuple[OfferedSize, ...]
    advised: str | None = None


@dataclass(frozen=True)
class FoundRepository:
    """A repository that the hub named for a search; its files have not been looked at."""

    id: str
    n_downloads: int
    updated: datetime | None
    licence: Licence | None
    gated: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class CatalogueEdition:
    """Which catalogue is in use: the one that came with the program, or a newer file that was imported."""

    date: str
    n_models: int
    imported: bool


# ---------------------------------------------------------------- downloads
@dataclass(frozen=True)
class Download:
    """A download, or a repair of a damaged file (`is_repair`). Bytes count all its files together.

    `steps`: space reserved, data fetched, checksum compared, speed measured; `phase` says which one runs.
    `hosts` are those it fetches from. `seconds_left` is None while nothing can be said.
    """

    id: DownloadId
    name: str  # of the model, for people
    model: str  # id of the offer
    size_key: str
    file: str  # the name that it will have in the library
    phase: Literal["waiting", "connecting", "downloading", "retrying", "verifying", "measuring", "paused", "done", "failed"]
    n_bytes: int | None
    n_done: int
    bytes_per_s: float | None = None
    seconds_left: float | None = None
    hosts: tuple[str, ...] = ()
    is_repair: bool = False
    installed: ModelId | None = None  # once it is done
    problem: str | None = None  # kind of the error that stopped it
    problem_facts: dict[str, object] | None = None


# ---------------------------------------------------------------- models that are on this computer already
@dataclass(frozen=True)
class FoundModel:
    """A model file of another program, or in a folder that was looked through. `of` is that program's name."""

    path: str
    name: str
    n_bytes: int
    of: Literal["lm_studio", "jan", "gpt4all", "ollama", "hugging_face", "folder"]
    sha256: str | None = None  # where the other program's own records name it
    installed: ModelId | None = None  # the library has the same file already


@dataclass(frozen=True)
class ModelCheck:
    """What verifying a model found. `expected` None: there is nothing to compare with, the checksum was recorded now.

    `n_damaged_parts` and `damaged_bytes` are known where part checksums were recorded; `can_repair` where those parts
    can be fetched again.
    """

    model: ModelId
    is_sound: bool
    sha256: str
    expected: str | None
    n_damaged_parts: int | None = None
    damaged_bytes: int | None = None
    can_repair: bool = False


@dataclass(frozen=True)
class ModelLoad:
    """A model that was loaded with a context of `n_ctx` tokens: memory as predicted and as measured, speeds as measured.

    `measured` None: the load failed for lack of memory. `free` is what was free before. `time` is UTC.
    """

    time: datetime
    sha256: str
    architecture: str
    n_ctx: int
    predicted: int | None
    measured: int | None
    free: int | None
    weights: int
    tokens_per_s: float | None = None
    prompt_tokens_per_s: float | None = None


# ---------------------------------------------------------------- this computer
@dataclass(frozen=True)
class Gpu:
    """A graphics device. None where it does not say; `shares_memory`: it uses the computer's own memory."""

    name: str
    driver: str | None
    memory_total: int | None
    memory_free: int | None
    shares_memory: bool | None
    used: bool  # whether this build of llama.cpp can compute on it
    why_not: str = ""


@dataclass(frozen=True)
class Hardware:
    """This computer as far as models care. What could not be read is None and named in `unread`, with the reason."""

    processor: str | None
    n_cores: int | None
    n_threads: int | None
    vector_extensions: tuple[str, ...]
    memory_total: int
    memory_free: int
    bytes_per_s: float | None  # measured when reading memory; None until measured
    gpus: tuple[Gpu, ...]
    disk_free: int | None
    disk_encrypted: bool | None
    on_mains: bool | None  # None: no battery, or not known
    battery_percent: float | None
    unread: tuple[tuple[str, str], ...] = ()  # what, why
