"""Typed settings with their defaults and meaning. Kept in the main store as one JSON document.

A field that an old file lacks takes its default; a field that this version does not know is dropped;
a value that is out of range falls back to its default, so that a damaged setting never stops the start.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.ledger_settings import LedgerSettings
from engine.network_records import Purpose

HUGGING_FACE = "https://huggingface.co"


class Settings(BaseModel):
    """What a user can choose."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: Literal["system", "light", "dark"] = "system"
    text_size: int = Field(default=100, ge=90, le=200, description="Per cent of the design's sizes.")
    reduced_motion: bool = False
    announce_answers: bool = Field(default=True, description="Read finished sentences to screen readers.")
    model: str | None = Field(default=None, description="Id of the chat model; None: the starter model.")
    n_ctx: int = Field(
        default=4096, ge=512, le=1_048_576, description="Context length in tokens, at most what the model was made for."
    )
    n_threads: int | None = Field(default=None, ge=1, le=512, description="None: as many as the other programs leave free.")
    max_answer_tokens: int = Field(default=512, ge=16, le=32_768)
    temperature: float = Field(default=0.0, ge=0.0, le=2.0, description="0 always takes the likeliest word.")
    open_purposes: tuple[Purpose, ...] = Field(default=(), description="What connections may be for; none: the lock is closed.")
    lock_changed: datetime | None = Field(default=None, description="When the offline lock was last opened or closed, UTC.")
    hub: str = Field(default=HUGGING_FACE, max_length=2000, description="Where models are looked for; https, or a loopback.")
    hub_hosts: tuple[str, ...] = Field(default=(), description="Further hosts that this hub sends downloads to.")
    proxy: str = Field(default="system", max_length=2000, description="system, none, or the address of a proxy.")
    download_limit: int | None = Field(default=None, ge=16_384, description="Bytes a second of all downloads together.")
    models_folder: str | None = Field(default=None, description="Folder of the model library; None: in the profile.")
    models_in_place: tuple[str, ...] = Field(default=(), description="Model files that are used where they are.")
    own_hidden_terms: tuple[str, ...] = Field(default=(), description="Terms that are hidden in every comparison.")
    ledger: LedgerSettings = Field(default=LedgerSettings(), description="Currency, electricity, hardware, budgets.")
    first_run_done: bool = Field(default=False, description="The choice at the first start was made.")

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read stored settings; fields that cannot be read take their defaults."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            broken = {tuple(map(str, problem["loc"][:2])) for problem in error.errors() if problem["loc"]}
            return cls._without(text, broken)

    @classmethod
    def _without(cls, text: str, broken: set[tuple[str, ...]]) -> Settings:
        import json

        try:
            stored = json.loads(text)
        except json.JSONDecodeError:
            return cls()
        if not isinstance(stored, dict):
            return cls()
        kept = {name: value for name, value in stored.items() if name == "ledger" or not any(name == each[0] for each in broken)}
        if isinstance(ledger := kept.get("ledger"), dict):  # one broken figure shall not cost the others
            kept["ledger"] = {name: value for name, value in ledger.items() if ("ledger", name) not in broken}
        else:
            kept.pop("ledger", None)
        return cls.model_validate(kept)
