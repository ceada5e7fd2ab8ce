"""The dialect of Anthropic's messages.

Counted tokens are brought into one form: the prompt includes what was read from a cache and written to one, which Anthropic
counts beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.compare_records import Difference, PaneStopReason
from engine.provider_records import Provider, TokenCounts
from engine.providers.dialect import Ended, ErrorReported, Event, Grew, Piece, Thought, Unreadable, Wish, key_for_header
from engine.providers.untrusted import count, items, mapping, name_of, text_of

VERSION = "2026-10-21"  # the first one that takes no temperature
MAX_LISTED = 1000
_STOP_REASONS: dict[str, PaneStopReason] = {
    "end_turn": "end_of_text",
    "stop_sequence": "stop_word",
    "max_tokens": "token_limit",
    "model_context_window_exceeded": "token_limit",
    "refusal": "filtered",
}


class AnthropicDialect:
    """Speaks messages."""

    def url(self, provider: Provider) -> str:
        return provider.base_url + "/messages"

    def models_url(self, provider: Provider) -> str:
        return f"{provider.base_url}/models?limit={MAX_LISTED}"

    def body(self, provider: Provider, wish: Wish) -> tuple[dict[str, Any], tuple[Difference, ...]]:
        sent: dict[str, Any] = {"model": wish.model, "max_tokens": wish.max_tokens}
        if system := [each.text for each in wish.messages if each.role == "system"]:
            sent["system"] = "\n\n".join(system)
        sent["messages"] = [{"role": each.role, "content": each.text} for each in wish.messages if each.role != "system"]
        sent["stream"] = True
        if wish.temperature is None or "no_temperature" in provider.quirks:
            return sent, ("temperature",)
        sent["temperature"] = wish.temperature
        return sent, ()

    def headers(self, provider: Provider, key: str | None) -> dict[str, str]:
        known = {"anthropic-version": VERSION}
        return known if key is None else {**known, "x-api-key": key_for_header(provider, key)}

    def texts(self, sent: Event) -> Iterator[str]:
        if system := text_of(sent.get("system")):
            yield system
        for message in items(sent.get("messages")):
            yield text_of(mapping(message).get("content"))

    def pieces(self, events: Iterable[Event]) -> Iterator[Piece]:
        heard = _Heard()
        for event in events:
            match event.get("type"):
                case "error":
                    raise ErrorReported(event.get("error"))
                case "message_start":
                    heard.note(mapping(event.get("message")), is_whole=False)
                case "content_block_start":
                    yield from _said(mapping(event.get("content_block")))
                case "content_block_delta":
                    yield from _said(mapping(event.get("delta")))
                case "message_delta":
                    heard.note({**mapping(event.get("delta")), "usage": event.get("usage")}, is_whole=True)
        if heard.stop_reason is not None:
            yield heard.ended(heard.stop_reason)

    def whole(self, answer: Event) -> Iterator[Piece]:
        if answer.get("type") == "error" or answer.get("error"):
            raise ErrorReported(answer.get("error"))
        if not isinstance(answer.get("content"), list):
            raise Unreadable
        heard = _Heard()
        heard.note(answer, is_whole=True)
        for block in items(answer["content"]):
            yield from _said(mapping(block))
        yield heard.ended(heard.stop_reason or "end_of_text")


class _Heard:
    """What an answer said about itself so far."""

    def __init__(self) -> None:
        self.stop_reason: PaneStopReason | None = None
        self._model = self._id = ""
        self._usage: dict[str, Any] = {}

    def note(self, message: Event, *, is_whole: bool) -> None:
        """`is_whole`: what it counted as written is all of it, and no beginning."""
        self._model = name_of(message.get("model")) or self._model
        self._id = name_of(message.get("id")) or self._id
        usage = {name: value for name, value in mapping(message.get("usage")).items() if value is not None}
        if not is_whole:
            usage.pop("output_tokens", None)
        self._usage |= usage  # each one replaces what was said before
        if reason := text_of(message.get("stop_reason")):
            self.stop_reason = _STOP_REASONS.get(reason, "end_of_text")

    def ended(self, stop_reason: PaneStopReason) -> Ended:
        return Ended(stop_reason, self._model, tokens_of(self._usage), None, self._id)


def _said(block: Event) -> Iterator[Piece]:
    if thought := text_of(block.get("thinking")):
        yield Thought(thought)
    if text := text_of(block.get("text")):
        yield Grew(text)


def tokens_of(usage: Event) -> TokenCounts | None:
    """Tokens in one form; None if the prompt or what was generated was not counted."""
    fresh, written = count(usage.get("input_tokens")), count(usage.get("output_tokens"))
    if fresh is None or written is None:
        return None
    cached, cache_write = (count(usage.get(name)) or 0 for name in ("cache_read_input_tokens", "cache_creation_input_tokens"))
    reasoning = count(mapping(usage.get("output_tokens_details")).get("thinking_tokens"))
    return TokenCounts(fresh + cached + cache_write, written, cached=cached, cache_write=cache_write, reasoning=reasoning)
