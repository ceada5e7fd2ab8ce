"""Reading what a provider says, which may have any shape: what is not what it should be counts as not said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_COUNT = 10**12
MAX_NAME = 200  # letters of what a provider calls a model or a request


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def count(value: Any) -> int | None:
    """A number of tokens; None for anything that is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT else None


def name_of(value: Any) -> str:
    """What a provider calls something, fit to be shown and kept; '' for anything else."""
    text = text_of(value)
    return text if 0 < len(text) <= MAX_NAME and text.isascii() and text.isprintable() else ""
