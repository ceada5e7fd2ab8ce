"""Every happening. Frozen values, published in order by `service.Service`.

Each AskQuestion ends in exactly one last word: Finished or Failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.errors import StrongroomError
from engine.records import (
    ComputerReport,
    Conversation,
    ConversationId,
    Document,
    DocumentId,
    Matter,
    MatterId,
    Message,
    Model,
    ModelState,
    Page,
    PageCoverage,
    PagePicture,
    Protection,
    Reading,
    RequestId,
    Sentence,
)
from engine.settings import Settings


@dataclass(frozen=True)
class Event:
    """Base of all happenings."""


# ---------------------------------------------------------------- the store
@dataclass(frozen=True)
class StoreNeedsKey(Event):
    """The store is closed and somebody must decide. `is_new`: nothing has been stored yet."""

    error: StrongroomError
    is_new: bool


@dataclass(frozen=True)
class StoreOpened(Event):
    protection: Protection


@dataclass(frozen=True)
class SettingsChanged(Event):
    settings: Settings


# ---------------------------------------------------------------- matters and documents
@dataclass(frozen=True)
class MattersChanged(Event):
    matters: tuple[Matter, ...]


@dataclass(frozen=True)
class MatterOpened(Event):
    matter: Matter
    documents: tuple[Document, ...]
    conversations: tuple[Conversation, ...]
    draft: str = ""


@dataclass(frozen=True)
class DocumentChanged(Event):
    """A document was added or got further."""

    document: Document


@dataclass(frozen=True)
class DocumentAlreadyHere(Event):
    """A file with the same bytes is in the matter already; it was not added again."""

    document: Document


@dataclass(frozen=True)
class DocumentRemoved(Event):
    matter: MatterId
    document: DocumentId


@dataclass(frozen=True)
class ReadingProgress(Event):
    """How far the reading of a matter's new documents is; n_total 0 when nothing is left."""

    matter: MatterId
    n_done: int
    n_total: int
    page: int = 0
    n_pages: int = 0
    paused: bool = False
    seconds_left: float | None = None


@dataclass(frozen=True)
class CoverageShown(Event):
    document: DocumentId
    pages: tuple[PageCoverage, ...]


@dataclass(frozen=True)
class PageShown(Event):
    """A page to look at; `picture` is None for formats without pages, then the text is shown as it is."""

    page: Page
    n_pages: int
    picture: PagePicture | None
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class OriginalFound(Event):
    path: Path


# ---------------------------------------------------------------- conversations
@dataclass(frozen=True)
class ConversationsChanged(Event):
    matter: MatterId
    conversations: tuple[Conversation, ...]


@dataclass(frozen=True)
class ConversationOpened(Event):
    conversation: Conversation
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class ConversationExported(Event):
    file: Path


@dataclass(frozen=True)
class AnswerStarted(Event):
    """The question is stored; the answer belongs to `conversation`."""

    request: RequestId
    conversation: ConversationId
    question: Message


@dataclass(frozen=True)
class AnswerProgress(Event):
    """Before the first word: passages are looked for, then the model reads `n_read` of `n_to_read` tokens."""

    request: RequestId
    stage: Literal["waiting", "searching", "reading", "writing", "checking"]
    n_read: int = 0
    n_to_read: int = 0
    reading: Reading | None = None


@dataclass(frozen=True)
class AnswerGrew(Event):
    """More of an answer arrived; `text` continues what came before."""

    request: RequestId
    text: str


@dataclass(frozen=True)
class SentenceChecked(Event):
    """A finished sentence was compared with the documents; offsets as in Sentence."""

    request: RequestId
    sentence: Sentence


@dataclass(frozen=True)
class Finished(Event):
    """Last word: the answer as it was stored."""

    request: RequestId
    answer: Message


@dataclass(frozen=True)
class Failed(Event):
    """Last word: why there is no answer, or no more of it. `answer` is what was kept of it, if anything."""

    request: RequestId
    error: StrongroomError
    answer: Message | None = None


# ---------------------------------------------------------------- models and the rest
@dataclass(frozen=True)
class ModelsListed(Event):
    models: tuple[Model, ...]


@dataclass(frozen=True)
class ModelStateChanged(Event):
    state: ModelState


@dataclass(frozen=True)
class MemoryMeasured(Event):
    """Memory of this computer in bytes: in use by everything, and in all."""

    used: int
    total: int


@dataclass(frozen=True)
class ComputerChecked(Event):
    report: ComputerReport


@dataclass(frozen=True)
class Trouble(Event):
    """Something other than an answer failed; `about` names the document, matter or setting for the user."""

    error: StrongroomError
    about: str = ""
