"""Everything that can go wrong, as kinds with facts. Sentences live in desktop/wording.py.

StrongroomError
├── ModelError      ModelMissing · ModelDamaged · ModelUnsupported · OutOfMemory · PromptTooLong · WorkerDied
├── DocumentError   DocumentEncrypted · DocumentUnreadable · DocumentTooLarge · OriginalMissing
├── StoreError      StoreLocked · StoreDamaged · StoreInUse · DiskFull · NotFound
├── NetworkError    NetworkRefused · NetworkFailed · HubRefused
├── FetchError      FileChanged · ChecksumWrong · NoRoom · FolderUnwritable · AlreadyRunning · NameRefused · FileUnfit
├── ProviderError   KeyMissing · KeyRefused · OutOfCredit · RateLimited · ProviderFailed · OutcomeUnknown · ProviderUnfit
├── CompareError    MatterConfidential · HiddenDetailLeaks · NotApproved · PromptsUnfit · JudgeUnfit
├── LedgerError     BudgetReached · BillUnfit · PricesUnfit · MoveRefused · LedgerInputUnfit
├── NotSealed       the operating system did not enforce what a confidential worker needs
└── Unexpected      a fault in Strongroom itself

Stopping is not an error: a stopped answer ends with the stop reason `cancelled`.
A `kind` is the class name in snake case; `facts` are the fields. Facts never hold document content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from engine.compare_errors import CompareError as CompareError
from engine.compare_errors import HiddenDetailLeaks as HiddenDetailLeaks
from engine.compare_errors import JudgeUnfit as JudgeUnfit
from engine.compare_errors import KeyMissing as KeyMissing
from engine.compare_errors import KeyRefused as KeyRefused
from engine.compare_errors import MatterConfidential as MatterConfidential
from engine.compare_errors import NotApproved as NotApproved
from engine.compare_errors import OutcomeUnknown as OutcomeUnknown
from engine.compare_errors import OutOfCredit as OutOfCredit
from engine.compare_errors import PromptsUnfit as PromptsUnfit
from engine.compare_errors import ProviderError as ProviderError
from engine.compare_errors import ProviderFailed as ProviderFailed
from engine.compare_errors import ProviderUnfit as ProviderUnfit
from engine.compare_errors import RateLimited as RateLimited
from engine.ledger_errors import BillUnfit as BillUnfit
from engine.ledger_errors import BudgetReached as BudgetReached
from engine.ledger_errors import LedgerError as LedgerError
from engine.ledger_errors import LedgerInputUnfit as LedgerInputUnfit
from engine.ledger_errors import MoveRefused as MoveRefused
from engine.ledger_errors import PricesUnfit as PricesUnfit
from engine.strongroom_error import StrongroomError as StrongroomError


def error_from(kind: str, facts: dict[str, Any]) -> StrongroomError:
    """Rebuild an error that a worker sent as kind and facts.

    A worker may be in the hands of the file it read, so an unknown kind, or facts that are not of this kind, become
    Unexpected instead of something that nobody has words for.
    """
    try:
        return msgspec.convert(facts, StrongroomError.kinds[kind])
    except (KeyError, msgspec.ValidationError):
        return Unexpected(where="worker", what=kind if re.fullmatch("[a-z_]{1,40}", kind) else "an error of no known kind")


class ModelError(StrongroomError):
    """A local model cannot do what was asked."""


@dataclass(eq=False)
class ModelMissing(ModelError):
    """No model with this name is on this computer."""

    model: str


@dataclass(eq=False)
class ModelDamaged(ModelError):
    """The model's file cannot be read as a GGUF, or its checksum is not the published one."""

    model: str
    reason: Literal["not_a_gguf", "truncated", "wrong_checksum", "load_failed"]


@dataclass(eq=False)
class ModelUnsupported(ModelError):
    """The file is sound, but this engine cannot use it for this purpose."""

    model: str
    reason: Literal["architecture", "no_chat_template", "bad_chat_template", "not_an_embedding_model"]
    detail: str = ""


@dataclass(eq=False)
class OutOfMemory(ModelError):
    """The model, or the room for its context, does not fit into memory."""

    model: str
    n_ctx: int


@dataclass(eq=False)
class PromptTooLong(ModelError):
    """The prompt does not fit the model's context. Nothing was cut and nothing was sent to the model."""

    n_prompt_tokens: int
    n_ctx: int


@dataclass(eq=False)
class WorkerDied(ModelError):
    """A worker process ended while something was waiting for it. `exit_code` is negative for a signal."""

    worker: Literal["chat", "embedding", "extract", "render", "inspect"]
    exit_code: int | None
    restarting: bool = False


class DocumentError(StrongroomError):
    """A document cannot be read."""


@dataclass(eq=False)
class DocumentEncrypted(DocumentError):
    """The document asks for a password; `tried` says whether one was given and refused."""

    name: str
    tried: bool = False


@dataclass(eq=False)
class DocumentUnreadable(DocumentError):
    """The document cannot be turned into text."""

    name: str
    reason: Literal[
        "empty",
        "damaged",
        "wrong_format",
        "unsupported_format",
        "no_text",
        "too_slow",
        "too_much_memory",
        "crashed",
        "unreachable",
    ]
    detail: str = ""


@dataclass(eq=False)
class DocumentTooLarge(DocumentError):
    """The file is larger than Strongroom reads (both in bytes)."""

    name: str
    n_bytes: int
    limit: int


@dataclass(eq=False)
class OriginalMissing(DocumentError):
    """The file that was added is no longer where it was, or has changed since."""

    name: str
    changed: bool


class StoreError(StrongroomError):
    """The encrypted store cannot be used."""


@dataclass(eq=False)
class StoreLocked(StoreError):
    """The key of the store cannot be had."""

    reason: Literal["no_keyring", "keyring_locked", "key_missing", "needs_passphrase", "wrong_passphrase"]


@dataclass(eq=False)
class StoreDamaged(StoreError):
    """A file of the store cannot be opened with its key, or is from a newer version."""

    file: str
    reason: Literal["not_readable", "newer_version", "migration_failed"]
    detail: str = ""


@dataclass(eq=False)
class StoreInUse(StoreError):
    """Another Strongroom has this store open."""

    pid: int | None


@dataclass(eq=False)
class DiskFull(StoreError):
    """No room to write. What was stored before is untouched. `free` is in bytes."""

    free: int


@dataclass(eq=False)
class NotFound(StoreError):
    """What was asked for is not in the store."""

    what: Literal[
        "matter", "document", "conversation", "message", "page", "request", "download", "catalogue model", "provider",
        "vote set", "comparison", "workload", "entry", "call", "bill", "price",
    ]  # fmt: skip
    name: str


class NetworkError(StrongroomError):
    """A connection was not opened, or brought nothing."""


@dataclass(eq=False)
class NetworkRefused(NetworkError):
    """The door did not let a request out; nothing was sent. `purpose` is '' for a request that had none.

    `not_approved`: the text is not, byte for byte, one that a person has seen and approved for this address.
    """

    purpose: str
    host: str
    reason: Literal["offline", "no_purpose", "host_not_allowed", "not_https", "bypass", "not_approved"]


@dataclass(eq=False)
class NetworkFailed(NetworkError):
    """A request was let out and got no usable answer. `detail` is for people who administer networks."""

    host: str
    reason: Literal["no_address", "no_connection", "timed_out", "tls", "proxy", "broken_off", "bad_answer"]
    detail: str = ""


@dataclass(eq=False)
class HubRefused(NetworkError):
    """The hub answered, but not with what was asked for. `retry_after_s` where it said so."""

    host: str
    reason: Literal["not_found", "gated", "token_refused", "rate_limited", "server_error", "unexpected"]
    status: int
    retry_after_s: float | None = None


class FetchError(StrongroomError):
    """A model file could not be brought into the library."""


@dataclass(eq=False)
class FileChanged(FetchError):
    """What the hub has under this name is not the file that was chosen (other size, checksum or commit)."""

    file: str
    host: str


@dataclass(eq=False)
class ChecksumWrong(FetchError):
    """All bytes came, but they are not the published ones. Nothing of them was put into the library."""

    file: str
    host: str
    expected: str
    found: str


@dataclass(eq=False)
class NoRoom(FetchError):
    """The disk of `folder` has too little room (bytes). `kept`: what was fetched before is still there."""

    folder: str
    needed: int
    free: int
    kept: bool = False


@dataclass(eq=False)
class FolderUnwritable(FetchError):
    """Nothing can be written into this folder."""

    folder: str


@dataclass(eq=False)
class AlreadyRunning(FetchError):
    """Another Strongroom is fetching this file into the same folder."""

    file: str
    pid: int | None


@dataclass(eq=False)
class NameRefused(FetchError):
    """A file name that points out of its folder, or is no name on this system, was not used."""

    name: str


@dataclass(eq=False)
class FileUnfit(FetchError):
    """The file, folder or list that was handed in is not what it should be."""

    file: str
    reason: Literal[
        "not_a_catalogue", "older_catalogue", "newer_format", "not_a_bundle", "not_a_gguf", "incomplete_split", "missing",
        "unreadable", "too_large", "no_gguf_here", "needs_confirmation",
    ]  # fmt: skip
    detail: str = ""


@dataclass(eq=False)
class NotSealed(StrongroomError):
    """A worker could not be sealed, so it was not given anything confidential."""

    network: str
    files: str


@dataclass(eq=False)
class Unexpected(StrongroomError):
    """A fault in Strongroom. `where` is a place in the code, `what` the type of the exception; never its text."""

    where: str
    what: str
