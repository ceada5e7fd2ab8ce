"""Records as JSON text in a column: for values that are read as a whole and never searched in."""

from __future__ import annotations

import json
from typing import TypeVar

import msgspec

Record = TypeVar("Record")


def json_of(record: object) -> str:
    """A record, or a list of them, as JSON. Halves of surrogate pairs stay for the column to replace."""
    return json.dumps(msgspec.to_builtins(record), ensure_ascii=False, allow_nan=False)


def record_from(json_text: str, kind: type[Record]) -> Record:
    """The record that `json_of` wrote. What a later version no longer knows is left out."""
    return msgspec.convert(json.loads(json_text), kind)
