"""Everything that can go wrong, as kinds with facts. Sentences live in desktop/wording.py.

StrongroomError
├── ModelError      ModelMissing · ModelDamaged · ModelUnsupported · OutOfMemory · PromptTooLong · WorkerDied
├── DocumentError   DocumentEncrypted · DocumentUnreadable · DocumentTooLarge · OriginalMissing
├── StoreError      StoreLocked · StoreDamaged · StoreInUse · DiskFull · NotFound
├── NetworkError    NetworkRefused · NetworkFailed · HubRefused
├── FetchError      FileChanged · ChecksumWrong · NoRoom · FolderUnwritable · AlreadyRunning · NameRefused · FileUnfit
├── ProviderError   KeyMissing · KeyRefused · OutOfCredit · RateLimited · ProviderFailed · OutcomeUnknown · ProviderUnfit
├── CompareError    MatterConfidential · HiddenDetailLeaks · NotApproved · PromptsUnfit · JudgeUnfit
├── NotSealed       the operating system did not enforce what a confidential worker needs
└── Unexpected      a fault in Strongroom itself

Stopping is not an error: a stopped answer ends with the stop reason `cancelled`.
A `kind` is the class name in snake case; `facts` are the fields. Facts never hold document content.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import msgspec


@dataclass(eq=False)  # not frozen: contextlib assigns __traceback__ to exceptions that pass through it
class StrongroomError(Exception):
    """Base of every error that a user can meet."""

    kinds: ClassVar[dict[str, type[StrongroomError]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        StrongroomError.kinds[cls.__dict__.get("kind") or _snake_case(cls.__name__)] = cls

    def __post_init__(self) -> None:
        Exception.__init__(self, str(self))

    @property
    def kind(self) -> str:
        """The stable name of this kind of error, such as `prompt_too_long`."""
        return _snake_case(type(self).__name__)

    @property
    def facts(self) -> dict[str, Any]:
        """What is known about this occurrence; plain values, ready for JSON."""
        return dataclasses.asdict(self)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.kind}({facts})"


def error_from(kind: str, facts: dict[str, Any]) -> StrongroomError:
    """Rebuild an error that a worker sent as kind and facts.

    A worker may be in the hands of the file it read, so an unknown kind, or facts that are not of this kind, become
    Unexpected instead of something that nobody has words for.
    """
    try:
        return msgspec.convert(facts, StrongroomError.kinds[kind])
    except (KeyError, msgspec.ValidationError):
        return Unexpected(where="worker", what=kind if re.fullmatch("[a-z_]{1,40}", kind) else "an error of no known kind")


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


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
        "vote set", "comparison",
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


class ProviderError(StrongroomError):
    """A remote model did not answer as it was asked to."""


@dataclass(eq=False)
class KeyMissing(ProviderError):
    """No key of this provider is kept; nothing was sent."""

    provider: str


@dataclass(eq=False)
class KeyRefused(ProviderError):
    """The provider does not accept the key, or not for this model. `status` is of HTTP."""

    provider: str
    host: str
    status: int


@dataclass(eq=False)
class OutOfCredit(ProviderError):
    """The account at the provider has no credit left, or has reached its limit."""

    provider: str
    host: str


@dataclass(eq=False)
class RateLimited(ProviderError):
    """The provider takes no more requests for now. `retry_after_s` where it said so."""

    provider: str
    host: str
    retry_after_s: float | None = None


@dataclass(eq=False)
class ProviderFailed(ProviderError):
    """The provider answered, but not with an answer. `detail` is its own code for the fault, never its text."""

    provider: str
    host: str
    reason: Literal[
        "overloaded", "server_error", "model_unknown", "too_long", "bad_request", "filtered", "redirected", "bad_answer"
    ]  # fmt: skip
    status: int
    detail: str = ""


@dataclass(eq=False)
class OutcomeUnknown(ProviderError):
    """The text was sent and the answer did not come, or not to its end. It may have been charged; it is not sent again."""

    provider: str
    host: str
    reason: Literal["timed_out", "broken_off"]


@dataclass(eq=False)
class ProviderUnfit(ProviderError):
    """What was entered does not describe a provider that can be used."""

    name: str
    reason: Literal["no_name", "bad_address", "not_https", "no_models", "name_taken", "bad_key"]


class CompareError(StrongroomError):
    """A comparison cannot be made as it was wished for. Nothing was sent."""


@dataclass(eq=False)
class MatterConfidential(CompareError):
    """The matter is marked as confidential: nothing of it leaves this computer, whatever is approved."""

    matter: str


@dataclass(eq=False)
class HiddenDetailLeaks(CompareError):
    """Details that shall be hidden would still be sent, in the named forms. Counts and kinds only, never the details."""

    n_leaks: int
    forms: str = ""


@dataclass(eq=False)
class NotApproved(CompareError):
    """What was approved is not what would be sent now: it has changed, was sent already, or belongs to nothing that waits."""

    reason: Literal["changed", "already_sent", "nothing_waits"]


@dataclass(eq=False)
class PromptsUnfit(CompareError):
    """A file of prompts, or a set, that cannot be used."""

    file: str
    reason: Literal["missing", "unreadable", "too_large", "no_prompts", "no_such_column", "too_many", "no_expected"]
    detail: str = ""


@dataclass(eq=False)
class JudgeUnfit(CompareError):
    """A model may not judge answers of its own, or of models of its family."""

    model: str
    reason: Literal["contestant", "family"]


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
