"""Every wish a user or a script can utter. Frozen values; `service.Service.submit` takes them.

An intent that starts work which streams is answered with events carrying the request's id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.records import ConversationId, DocumentId, MatterId, MessageId, ModelId, RequestId
from engine.settings import Settings


@dataclass(frozen=True)
class Intent:
    """Base of all wishes."""


# ---------------------------------------------------------------- the store
@dataclass(frozen=True)
class UnlockStore(Intent):
    """Open the store: with the keyring, a passphrase (also the one a new store shall get), or in memory only."""

    protection: Literal["keyring", "passphrase", "memory"]
    passphrase: str = field(default="", repr=False)


# ---------------------------------------------------------------- matters
@dataclass(frozen=True)
class CreateMatter(Intent):
    """Start a matter; answered by MattersChanged and MatterOpened."""

    name: str


@dataclass(frozen=True)
class RenameMatter(Intent):
    matter: MatterId
    name: str


@dataclass(frozen=True)
class DeleteMatter(Intent):
    """Destroy the matter's key and file. Cannot be undone."""

    matter: MatterId


@dataclass(frozen=True)
class OpenMatter(Intent):
    """Show a matter; answered by MatterOpened."""

    matter: MatterId


# ---------------------------------------------------------------- documents
@dataclass(frozen=True)
class AddDocuments(Intent):
    """Copy files (folders: what they hold) into the matter and read them.

    `matter` None starts a matter named after the first file or folder.
    """

    matter: MatterId | None
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class PauseReading(Intent):
    """Let the document that is being read finish its page and wait."""

    matter: MatterId


@dataclass(frozen=True)
class ResumeReading(Intent):
    matter: MatterId


@dataclass(frozen=True)
class CancelReading(Intent):
    """Stop reading; documents not yet read are marked cancelled and can be read again."""

    matter: MatterId


@dataclass(frozen=True)
class ReadAgain(Intent):
    """Read a document once more, with a password where it needs one (never stored)."""

    matter: MatterId
    document: DocumentId
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class RemoveDocument(Intent):
    matter: MatterId
    document: DocumentId


@dataclass(frozen=True)
class ShowCoverage(Intent):
    """How each page of a document was read; answered by CoverageShown."""

    matter: MatterId
    document: DocumentId


@dataclass(frozen=True)
class RenderPage(Intent):
    """A picture of a page, `width` pixels wide, with the given spans marked; answered by PageShown."""

    matter: MatterId
    document: DocumentId
    page: int
    width: int
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class OpenOriginal(Intent):
    """Where is the file that was added? Answered by OriginalFound or Trouble."""

    matter: MatterId
    document: DocumentId


# ---------------------------------------------------------------- conversations
@dataclass(frozen=True)
class OpenConversation(Intent):
    matter: MatterId
    conversation: ConversationId


@dataclass(frozen=True)
class RenameConversation(Intent):
    matter: MatterId
    conversation: ConversationId
    title: str


@dataclass(frozen=True)
class DeleteConversation(Intent):
    matter: MatterId
    conversation: ConversationId


@dataclass(frozen=True)
class KeepDraft(Intent):
    """Remember what is being written; `conversation` None is the matter's next conversation."""

    matter: MatterId
    conversation: ConversationId | None
    text: str


@dataclass(frozen=True)
class AskQuestion(Intent):
    """Ask about the documents of a matter. `conversation` None starts one; `documents` None means all of them."""

    request: RequestId
    matter: MatterId
    text: str
    conversation: ConversationId | None = None
    documents: tuple[DocumentId, ...] | None = None
    replaces: MessageId | None = None  # ask again: the answer to put aside


@dataclass(frozen=True)
class StopReply(Intent):
    request: RequestId


@dataclass(frozen=True)
class ExportConversation(Intent):
    """Write a conversation with its sources as Markdown to a file that the user chose."""

    matter: MatterId
    conversation: ConversationId
    file: Path


# ---------------------------------------------------------------- the rest
@dataclass(frozen=True)
class ChooseModel(Intent):
    """Use another local model from now on."""

    model: ModelId


@dataclass(frozen=True)
class ChangeSettings(Intent):
    settings: Settings


@dataclass(frozen=True)
class CheckComputer(Intent):
    """Look at the computer, the store, the keyring and the workers; answered by ComputerChecked."""
