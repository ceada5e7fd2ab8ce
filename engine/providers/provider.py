"""A provider of remote models: exactly what would be sent to it, and what it sends back. Pure; opens no connection."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from engine.compare_records import Difference
from engine.provider_records import Dialect as DialectName
from engine.provider_records import Provider
from engine.providers.anthropic_dialect import AnthropicDialect
from engine.providers.dialect import Body, Dialect, Ended, Grew, Piece, Thought, Wish
from engine.providers.openai_dialect import OpenAIDialect
from engine.providers.untrusted import mapping

__all__ = ["Body", "Dialect", "Ended", "Grew", "Piece", "Thought", "Wish", "body_for", "dialect_of", "texts_of"]

_DIALECTS: dict[DialectName, Dialect] = {"openai": OpenAIDialect(), "anthropic": AnthropicDialect()}


def dialect_of(provider: Provider) -> Dialect:
    """The dialect that this provider speaks."""
    return _DIALECTS[provider.dialect]


def body_for(provider: Provider, wish: Wish) -> Body:
    """What would be sent to this provider for a wish."""
    dialect = dialect_of(provider)
    sent, differs = dialect.body(provider, wish)
    return _as_body(dialect.url(provider), sent, differs)


def texts_of(provider: Provider, content: bytes) -> tuple[str, ...]:
    """The texts of the messages of a body, read back from its bytes: this is what a person is shown."""
    return tuple(dialect_of(provider).texts(mapping(json.loads(content))))


def _as_body(url: str, sent: Mapping[str, Any], differs: tuple[Difference, ...]) -> Body:
    """The bytes of what is sent: the same wish always gives the same ones.

    Half of a surrogate pair has no bytes; it is replaced by U+FFFD, here and so also in what is shown before it is sent.
    """
    text = json.dumps(sent, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    content = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    return Body(url, content, hashlib.sha256(content).hexdigest(), differs)
