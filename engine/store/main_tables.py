"""The tables of the main store, as this version has them; how they came about is in main_schema."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from engine.store.columns import StoredText, UtcTime


class MainTable(SQLModel, registry=registry()):
    """Base of the main store's tables."""


class SettingsRow(MainTable, table=True):
    """The one row of settings."""

    __tablename__ = "settings"

    id: int = Field(primary_key=True)
    json_text: str = Field(sa_type=StoredText)


class MatterRow(MainTable, table=True):
    """A matter and its key, wrapped. `state`: creating, ready or deleting; without a key in the last one."""

    __tablename__ = "matters"

    id: str = Field(primary_key=True)
    name: str = Field(sa_type=StoredText)
    created: datetime = Field(sa_type=UtcTime)
    state: str
    wrapped_key: bytes
    n_documents: int
    confidential: bool = False


class ConnectionRow(MainTable, table=True):
    """One request that was tried: written before its first byte, completed when it ended. Sizes in bytes."""

    __tablename__ = "connections"

    id: int | None = Field(default=None, primary_key=True)
    time: datetime = Field(sa_type=UtcTime, index=True)
    purpose: str | None
    about: str = Field(sa_type=StoredText)
    method: str
    host: str = Field(sa_type=StoredText)
    port: int
    sent: int
    received: int
    status: int | None
    outcome: str
    reason: str
    via: str = Field(sa_type=StoredText)
    duration_us: int | None


class ModelLoadRow(MainTable, table=True):
    """A model that was loaded, or not for lack of memory (`measured` is NULL). Bytes; speeds once some were measured."""

    __tablename__ = "model_loads"

    id: int | None = Field(default=None, primary_key=True)
    time: datetime = Field(sa_type=UtcTime)
    sha256: str = Field(index=True)
    architecture: str = Field(sa_type=StoredText)
    n_ctx: int
    predicted: int | None
    measured: int | None
    free: int | None
    weights: int
    tokens_per_s: float | None
    prompt_tokens_per_s: float | None


class MeasurementRow(MainTable, table=True):
    """Something measured of this computer, such as the speed of its memory, as JSON."""

    __tablename__ = "measurements"

    name: str = Field(primary_key=True)
    time: datetime = Field(sa_type=UtcTime)
    json_text: str = Field(sa_type=StoredText)


class ProviderRow(MainTable, table=True):
    """A provider of remote models, as JSON; `position` is the order in which they were added."""

    __tablename__ = "providers"

    position: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    json_text: str = Field(sa_type=StoredText)


class RemoteCallRow(MainTable, table=True):
    """One request to a remote model: reserved before it is sent, changed once, when it ended. Money in nano-dollars."""

    __tablename__ = "remote_calls"

    id: str = Field(primary_key=True)
    time: datetime = Field(sa_type=UtcTime, index=True)
    workload: str
    provider: str = Field(sa_type=StoredText)
    model: str = Field(sa_type=StoredText)
    host: str = Field(sa_type=StoredText)
    sha256: str
    n_hidden: int
    consent: str
    status: str
    reserved_nano: int | None
    cost_nano: int | None
    cost_source: str
    prompt_tokens: int | None
    generated_tokens: int | None
    cached_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    answered_by: str = Field(sa_type=StoredText)
    ttft_us: int | None
    total_us: int | None
    stop_reason: str
    provider_request_id: str = Field(sa_type=StoredText)
    rates: str | None  # prices a token that the cost was computed with, as JSON
    use: str
    pair: str = Field(sa_type=StoredText)


class VoteSetRow(MainTable, table=True):
    """A vote set. `state`: ready, or deleting while prompts of it may still lie in a matter."""

    __tablename__ = "vote_sets"

    id: str = Field(primary_key=True)
    name: str = Field(sa_type=StoredText)
    kind: str
    created: datetime = Field(sa_type=UtcTime)
    seed: int
    state: str


class VoteRow(MainTable, table=True):
    """The newest vote of a voter on a comparison, as JSON."""

    __tablename__ = "votes"

    vote_set: str = Field(primary_key=True)
    comparison: str = Field(primary_key=True)
    voter: str = Field(primary_key=True, sa_type=StoredText)
    time: datetime = Field(sa_type=UtcTime)
    json_text: str = Field(sa_type=StoredText)


class EvaluationRow(MainTable, table=True):
    """The result of a finished evaluation, as JSON: numbers and names of models."""

    __tablename__ = "evaluations"

    id: int | None = Field(default=None, primary_key=True)
    vote_set: str
    time: datetime = Field(sa_type=UtcTime)
    json_text: str = Field(sa_type=StoredText)
