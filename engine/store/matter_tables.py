"""The tables of a matter's file, as this version has them; how they came about is in matter_schema.

The full-text index `passage_words` is no table of a row class: it holds words without their texts, so that a page's
text lies in one place only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from engine.store.columns import FilePath, StoredText, UtcTime

FACTS = JSON(none_as_null=True)


class MatterTable(SQLModel, registry=registry()):
    """Base of the tables in a matter's file."""


class DocumentRow(MatterTable, table=True):
    __tablename__ = "documents"

    id: str = Field(primary_key=True)
    name: str = Field(sa_type=StoredText)
    media_type: str = Field(sa_type=StoredText)
    n_bytes: int
    sha256: str = Field(unique=True)
    added: datetime = Field(sa_type=UtcTime)
    position: int  # the order in which documents came
    status: str
    n_pages: int
    problem: str | None
    problem_facts: dict[str, Any] | None = Field(sa_type=FACTS)
    original_path: str | None = Field(sa_type=FilePath)


class OriginalRow(MatterTable, table=True):
    """A stretch of a document's original bytes; `place` counts from 0."""

    __tablename__ = "originals"

    document: str = Field(primary_key=True)
    place: int = Field(primary_key=True)
    content: bytes


class PageRow(MatterTable, table=True):
    __tablename__ = "pages"

    id: int | None = Field(default=None, primary_key=True)
    document: str
    number: int
    text: str = Field(sa_type=StoredText)
    characters: int  # SQLite's own length() ends at a NUL character, which page texts may hold
    source: str
    label: str = Field(sa_type=StoredText)
    width: float | None
    height: float | None
    confidence: float | None


class PassageRow(MatterTable, table=True):
    """A stretch of a page; its text is the page's from `start` to `end`. Ids are never used again."""

    __tablename__ = "passages"

    id: int | None = Field(default=None, primary_key=True)
    document: str
    page: int
    start: int
    end: int
    heading: str = Field(sa_type=StoredText)
    indexed: bool  # has a vector


class VectorRow(MatterTable, table=True):
    """What a passage means: half-precision numbers, little-endian."""

    __tablename__ = "vectors"

    passage: int = Field(primary_key=True)
    numbers: bytes


class ConversationRow(MatterTable, table=True):
    __tablename__ = "conversations"

    id: str = Field(primary_key=True)
    title: str = Field(sa_type=StoredText)
    created: datetime = Field(sa_type=UtcTime)
    updated: datetime = Field(sa_type=UtcTime)
    draft: str = Field(sa_type=StoredText)


class NextDraftRow(MatterTable, table=True):
    """The one row with what is being written for a conversation that does not exist yet."""

    __tablename__ = "next_draft"

    id: int = Field(primary_key=True)
    text: str = Field(sa_type=StoredText)


class MessageRow(MatterTable, table=True):
    """A question or an answer. `position` orders them; `aside` ones were replaced by a newer answer and stay unseen."""

    __tablename__ = "messages"

    position: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    conversation: str
    role: str
    text: str = Field(sa_type=StoredText)
    created: datetime = Field(sa_type=UtcTime)
    aside: bool = False
    model: str = Field(default="", sa_type=StoredText)
    stop_reason: str | None = None
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    generated_tokens: int | None = None
    ttft_s: float | None = None
    prefill_tokens_per_s: float | None = None
    decode_tokens_per_s: float | None = None
    total_s: float | None = None
    n_documents: int | None = None
    n_passages: int | None = None
    n_passages_left_out: int | None = None
    n_turns_left_out: int | None = None
    quotes_only: bool | None = None
    problem: str | None = None
    problem_facts: dict[str, Any] | None = Field(default=None, sa_type=FACTS)


class SentenceRow(MatterTable, table=True):
    __tablename__ = "sentences"

    message: str = Field(primary_key=True)
    place: int = Field(primary_key=True)
    start: int
    end: int
    text: str = Field(sa_type=StoredText)
    supported: bool
    checkable: bool
    unsupported_parts: list[str] = Field(sa_type=JSON)


class EvidenceRow(MatterTable, table=True):
    """What carries a sentence. Outlives its document, so that an old answer still shows what it stood on."""

    __tablename__ = "evidence"

    message: str = Field(primary_key=True)
    sentence: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    document: str
    document_name: str = Field(sa_type=StoredText)
    page: int
    start: int
    end: int
    quote: str = Field(sa_type=StoredText)
    verdict: str
    similarity: float


class HiddenDetailRow(MatterTable, table=True):
    """A detail that placeholders stand for, as JSON; `place` counts from 0."""

    __tablename__ = "hidden_details"

    place: int = Field(primary_key=True)
    json_text: str = Field(sa_type=StoredText)


class ComparisonRow(MatterTable, table=True):
    """A prompt with the answers of its panes, as JSON. `position` is the order in which comparisons came."""

    __tablename__ = "comparisons"

    position: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    created: datetime = Field(sa_type=UtcTime)
    question: str = Field(sa_type=StoredText)
    answers: str = Field(sa_type=StoredText)
    vote_set: str | None
    documents: list[str] = Field(sa_type=JSON)
    n_hidden: int
    approved: datetime | None = Field(sa_type=UtcTime)
    prompt: int | None


class PromptRow(MatterTable, table=True):
    """A prompt of a vote set; the set itself is in the main store."""

    __tablename__ = "prompts"

    vote_set: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    text: str = Field(sa_type=StoredText)
    expected: str | None = Field(sa_type=StoredText)
    source: str = Field(sa_type=StoredText)
