"""What every dialect of remote models gives: a body that can be shown before it is sent, and an answer in pieces. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.compare_records import Difference, PaneStopReason, PromptMessage
from engine.errors import ProviderUnfit
from engine.provider_records import Provider, TokenCounts

_SENDABLE = re.compile(r"[\x21-\x7e]{1,2000}")

Event = Mapping[str, Any]  # JSON of one event of a stream


@dataclass(frozen=True)
class Wish:
    """What a pane shall answer. `temperature` None: the provider's own."""

    messages: tuple[PromptMessage, ...] = field(repr=False)
    model: str
    max_tokens: int
    temperature: float | None = None


@dataclass(frozen=True)
class Body:
    """What would be sent, byte for byte, and exactly where. `sha256` in hexadecimal.

    `differs` are the settings of the wish that cannot be the same at this provider.
    """

    url: str
    content: bytes = field(repr=False)
    sha256: str
    differs: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Grew:
    """More of the answer."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Thought:
    """More of the reasoning before the answer."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Ended:
    """The answer came to its end. `answered_by` is the model that the provider names, '' if it names none.

    `tokens` None: it did not count them. `cost_nano` is what the provider itself says that it cost (nano-dollars).
    """

    stop_reason: PaneStopReason
    answered_by: str
    tokens: TokenCounts | None
    cost_nano: int | None
    request_id: str


Piece = Grew | Thought | Ended


class ErrorReported(Exception):
    """The provider reports an error where an answer should stand. `error` is what it says, and is not shown to anybody."""

    def __init__(self, error: Any) -> None:
        super().__init__()
        self.error = error


class Unreadable(Exception):
    """An answer that does not follow its dialect, so that part of it may be missing."""


class Dialect(Protocol):
    """A way to speak with providers. Each method is pure."""

    def url(self, provider: Provider) -> str:
        """Where texts are sent."""

    def models_url(self, provider: Provider) -> str:
        """Where the names of the models are asked for."""

    def body(self, provider: Provider, wish: Wish) -> tuple[dict[str, Any], tuple[Difference, ...]]:
        """What is sent, before it is made bytes, and what of the wish cannot be the same."""

    def headers(self, provider: Provider, key: str | None) -> dict[str, str]:
        """What is said beside the content's type. Raises ProviderUnfit for a key that holds what no key may hold."""

    def texts(self, sent: Event) -> Iterator[str]:
        """The texts of the messages of a body."""

    def pieces(self, events: Iterable[Event]) -> Iterator[Piece]:
        """An answer that comes as events. Yields no Ended if they stop before the answer's end.

        Raises ErrorReported and Unreadable.
        """

    def whole(self, answer: Event) -> Iterator[Piece]:
        """An answer that came in one piece; otherwise as `pieces`."""


def key_for_header(provider: Provider, key: str) -> str:
    """A key as it may stand in a header. Raises ProviderUnfit for one that holds what no key may hold; never tells it."""
    if _SENDABLE.fullmatch(key) is None:
        raise ProviderUnfit(provider.name, "bad_key")
    return key
