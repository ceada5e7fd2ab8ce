"""What the engine shows to its callers: frozen values carried by events and returned by queries.

No behaviour beyond small derived facts, no database, no Qt. Offsets are counted in characters of the
page's text as it was extracted, end exclusive. Pages count from 1. Times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

MatterId = NewType("MatterId", str)
DocumentId = NewType("DocumentId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
RequestId = NewType("RequestId", str)
ModelId = NewType("ModelId", str)

StopReason = Literal["end_of_text", "stop_word", "token_limit", "cancelled"]
Verdict = Literal["exact", "near", "altered", "not_found"]
PageSource = Literal["text", "ocr", "empty", "failed"]
DocumentStatus = Literal["waiting", "reading", "indexing", "ready", "needs_password", "no_text", "failed", "cancelled"]
Protection = Literal["keyring", "passphrase", "memory"]


# ---------------------------------------------------------------- matters and documents
@dataclass(frozen=True)
class Matter:
    """A folder of documents and conversations with an encrypted file and a key of its own.

    `is_confidential`: nothing of it may be sent, not even after approval.
    """

    id: MatterId
    name: str
    created: datetime
    n_documents: int = 0
    is_confidential: bool = False


@dataclass(frozen=True)
class PageCoverage:
    """How one page was read. `confidence` is 0–1 and known for recognised pages only."""

    number: int
    source: PageSource
    characters: int
    confidence: float | None = None


@dataclass(frozen=True)
class Document:
    """A document of a matter, as far as it has been read.

    `problem` is the kind of the error that stopped it and `problem_facts` its facts.
    `n_indexed` of `n_passages` passages can be found by meaning; all of them by their words.
    """

    id: DocumentId
    matter: MatterId
    name: str
    media_type: str
    n_bytes: int
    sha256: str
    added: datetime
    status: DocumentStatus
    n_pages: int = 0
    n_pages_read: int = 0
    n_pages_without_text: int = 0
    n_passages: int = 0
    n_indexed: int = 0
    problem: str | None = None
    problem_facts: dict[str, object] | None = None
    original_path: str | None = None


@dataclass(frozen=True)
class Page:
    """One page's text. `label` names the place for formats without pages (a heading path, a mail part)."""

    document: DocumentId
    number: int
    text: str
    source: PageSource
    label: str = ""
    width: float | None = None  # points; None for formats without pages
    height: float | None = None


@dataclass(frozen=True)
class Passage:
    """A stretch of one page, the unit of search. `heading` is its heading path, '' if none is known."""

    id: int
    document: DocumentId
    page: int
    start: int
    end: int
    heading: str
    text: str


@dataclass(frozen=True)
class FoundPassage:
    """A passage with its fused rank score (reciprocal rank fusion; larger is better, no unit)."""

    passage: Passage
    score: float


# ---------------------------------------------------------------- answers and evidence
@dataclass(frozen=True)
class Evidence:
    """A span of a page that the program, not the model, found to carry a sentence.

    `quote` is the page's own text from `start` to `end`. `similarity` is 0–100.
    """

    document: DocumentId
    document_name: str
    page: int
    start: int
    end: int
    quote: str
    verdict: Verdict
    similarity: float


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer (`start`, `end` are offsets into the answer's text) and what carries it.

    `unsupported_parts` are the numbers, names or negations of the sentence that its evidence does not have.
    `checkable` is False for stretches that claim nothing (a greeting, a heading, a question).
    """

    start: int
    end: int
    text: str
    evidence: tuple[Evidence, ...] = ()
    supported: bool = False
    checkable: bool = True
    unsupported_parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Tokens of one request. `cached_tokens` are those prompt tokens that were already in the KV cache."""

    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int


@dataclass(frozen=True)
class Timings:
    """`ttft_s`: seconds from submission to the first token; rates in tokens per second (0 if nothing ran)."""

    ttft_s: float
    prefill_tokens_per_s: float
    decode_tokens_per_s: float
    total_s: float


@dataclass(frozen=True)
class Reading:
    """What the model was given for an answer, so that nothing is left out silently.

    `quotes_only`: it could only choose among sentences of the documents, because it is too small for words of its own.
    """

    n_documents: int
    n_passages: int
    n_passages_left_out: int = 0
    n_turns_left_out: int = 0
    quotes_only: bool = False


@dataclass(frozen=True)
class Message:
    """A question or an answer of a conversation."""

    id: MessageId
    conversation: ConversationId
    role: Literal["user", "assistant"]
    text: str
    created: datetime
    sentences: tuple[Sentence, ...] = ()
    model: str = ""
    stop_reason: StopReason | None = None
    usage: Usage | None = None
    timings: Timings | None = None
    reading: Reading | None = None
    problem: str | None = None  # kind of the error that ended the answer
    problem_facts: dict[str, object] | None = None


@dataclass(frozen=True)
class Conversation:
    """A thread of questions and answers in a matter; `draft` is what was being written."""

    id: ConversationId
    matter: MatterId
    title: str
    created: datetime
    updated: datetime
    draft: str = ""


# ---------------------------------------------------------------- page pictures
@dataclass(frozen=True)
class Quad:
    """A rectangle on a page in fractions (0–1) of its width and height, origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PagePicture:
    """A rendered page: `rgb` holds height × width × 3 bytes, rows from the top; `quads` mark the spans asked for."""

    document: DocumentId
    page: int
    width: int
    height: int
    rgb: bytes
    quads: tuple[Quad, ...]


# ---------------------------------------------------------------- models and the computer
@dataclass(frozen=True)
class MemorySum:
    """What a model needs, in bytes, part by part. `learned` is the correction from loads measured on this computer."""

    weights: int
    cache: int
    buffers: int
    program: int
    vision: int = 0
    learned: int = 0

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.buffers + self.program + self.vision + self.learned


@dataclass(frozen=True)
class Fit:
    """Whether a model fits into the memory that is free now (bytes), with a context of `n_ctx` tokens.

    Speeds are an estimate from this computer's memory until `is_measured`; None where nothing can be said.
    `offered_n_ctx` is a smaller context with which it would fit well. `device` names the graphics device it is judged
    for, '' for the computer's own memory.
    """

    verdict: Literal["fits_well", "tight", "slow", "does_not_fit", "unknown"]
    needed_bytes: int | None
    free_bytes: int
    tokens_per_s_low: float | None = None
    tokens_per_s_high: float | None = None
    n_ctx: int | None = None
    sum: MemorySum | None = None
    offered_n_ctx: int | None = None
    is_measured: bool = False
    prompt_tokens_per_s: float | None = None
    device: str = ""


@dataclass(frozen=True)
class Model:
    """A model file on this computer. Fields are None where the file does not say."""

    id: ModelId
    name: str
    file: str
    n_bytes: int
    sha256: str | None
    quantisation: str | None
    n_parameters: int | None
    context_length: int | None
    licence: str | None
    purpose: Literal["chat", "embedding", "unknown"]
    fit: Fit
    note: str = ""
    problem: str | None = None  # kind of the error that keeps it from being used
    problem_facts: dict[str, object] | None = None
    source: str = ""  # where it came from: a repository with its commit, a program, a folder
    is_in_place: bool = False  # the file is another program's, or in a folder of the user's
    is_verified: bool | None = None  # its checksum was compared with the publisher's; None: there is none to compare
    can_repair: bool = False  # damaged parts can be fetched again
    sees: bool = False  # a file that lets it see pictures lies beside it


@dataclass(frozen=True)
class Seal:
    """What the operating system enforces on a worker. `detail` is for people who administer computers."""

    network: Literal["enforced", "not_enforced"]
    files: Literal["enforced", "not_enforced"]
    detail: str


@dataclass(frozen=True)
class ModelState:
    """The chat model's worker as the status bar shows it. Memory is in bytes, 0 if unknown."""

    phase: Literal["none", "loading", "ready", "restarting", "failed"]
    model: ModelId | None = None
    name: str = ""
    n_ctx: int = 0
    memory: int = 0
    tokens_per_s: float | None = None
    seal: Seal | None = None
    problem: str | None = None
    problem_facts: dict[str, object] | None = None


@dataclass(frozen=True)
class Check:
    """One line of the doctor's report."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class ComputerReport:
    """What `doctor` found; `problems` are kinds of trouble in plain words for administrators."""

    hardware: dict[str, object]
    engine: dict[str, object]
    sandbox: dict[str, object]
    store: dict[str, object]
    keyring: dict[str, object]
    libraries: dict[str, str]
    problems: tuple[str, ...]
