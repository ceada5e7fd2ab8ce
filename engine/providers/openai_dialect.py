"""The dialect of OpenAI's chat completions, which most providers and own servers speak, each with oddities of its own.

Counted tokens are brought into one form: cached ones are part of the prompt, reasoning is part of what was generated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from engine.compare_records import Difference, PaneStopReason
from engine.provider_records import Provider, TokenCounts
from engine.providers.dialect import Ended, ErrorReported, Event, Grew, Piece, Thought, Unreadable, Wish, key_for_header
from engine.providers.untrusted import count, items, mapping, name_of, text_of

MAX_COST_USD = Decimal(1_000_000)
_LIMITS = frozenset({"length", "max_tokens", "model_length", "max_output_tokens"})
#: `content_filter` of OpenAI; the others are Gemini's, which reach some answers as they are.
_FILTERS = frozenset("content_filter refusal safety recitation blocklist prohibited_content spii image_safety sensitive".split())
#: Reasons that say that there is no proper end: OpenRouter and Mistral, DeepSeek.
_FAULTS = {"error": "server_error", "insufficient_system_resource": "overloaded"}


class OpenAIDialect:
    """Speaks chat completions."""

    def url(self, provider: Provider) -> str:
        return provider.base_url + "/chat/completions"

    def models_url(self, provider: Provider) -> str:
        return provider.base_url + "/models"

    def body(self, provider: Provider, wish: Wish) -> tuple[dict[str, Any], tuple[Difference, ...]]:
        differs: list[Difference] = []
        sent: dict[str, Any] = {
            "model": wish.model,
            "messages": [{"role": each.role, "content": each.text} for each in wish.messages],
        }
        if "max_completion_tokens" in provider.quirks:
            sent["max_completion_tokens"] = wish.max_tokens
            differs.append("max_tokens")
        else:
            sent["max_tokens"] = wish.max_tokens
        if wish.temperature is None or "no_temperature" in provider.quirks:
            differs.append("temperature")
        else:
            sent["temperature"] = wish.temperature
        sent["stream"] = True
        if "no_stream_options" not in provider.quirks:
            sent["stream_options"] = {"include_usage": True}
        return sent, tuple(differs)

    def headers(self, provider: Provider, key: str | None) -> dict[str, str]:
        return {} if key is None else {"authorization": f"Bearer {key_for_header(provider, key)}"}

    def texts(self, sent: Event) -> Iterator[str]:
        for message in items(sent.get("messages")):
            yield text_of(mapping(message).get("content"))

    def pieces(self, events: Iterable[Event]) -> Iterator[Piece]:
        heard = _Heard()
        for event in events:
            heard.note(event)
            for choice in items(event.get("choices"))[:1]:
                yield from _said(mapping(mapping(choice).get("delta")))
                heard.end(mapping(choice).get("finish_reason"))
        if heard.stop_reason is not None:
            yield heard.ended(heard.stop_reason)

    def whole(self, answer: Event) -> Iterator[Piece]:
        heard = _Heard()
        heard.note(answer)
        choices = items(answer.get("choices"))
        if not choices:
            raise Unreadable
        yield from _said(mapping(mapping(choices[0]).get("message")))
        heard.end(mapping(choices[0]).get("finish_reason") or "stop")
        yield heard.ended(heard.stop_reason or "end_of_text")


class _Heard:
    """What an answer said about itself so far."""

    def __init__(self) -> None:
        self.stop_reason: PaneStopReason | None = None
        self._model = self._id = ""
        self._usage: Event = {}

    def note(self, event: Event) -> None:
        if event.get("error"):
            raise ErrorReported(event["error"])
        self._model = name_of(event.get("model")) or self._model
        self._id = name_of(event.get("id")) or self._id
        self._usage = mapping(event.get("usage")) or self._usage  # some repeat it in each event; the last one counts

    def end(self, reason: Any) -> None:
        if not isinstance(reason, str) or not reason:
            return
        reason = reason.lower()
        if reason in _FAULTS:
            raise ErrorReported({"code": _FAULTS[reason]})
        first = reason.partition(":")[0].strip()
        self.stop_reason = "token_limit" if first in _LIMITS else "filtered" if first in _FILTERS else "end_of_text"

    def ended(self, stop_reason: PaneStopReason) -> Ended:
        return Ended(stop_reason, self._model, tokens_of(self._usage), cost_of(self._usage), self._id)


def _said(message: Event) -> Iterator[Piece]:
    """Reasoning and text of a message, or of more of one. Mistral sends them as a list of parts."""
    if thought := text_of(message.get("reasoning_content")) or text_of(message.get("reasoning")):
        yield Thought(thought)
    content = message.get("content")
    for part in items(content):
        part = mapping(part)
        if part.get("type") == "thinking":
            thinking = part.get("thinking")
            words = [text_of(mapping(each).get("text")) for each in items(thinking)] or [text_of(thinking)]
            yield from (Thought(each) for each in words if each)
        elif text := text_of(part.get("text")):
            yield Grew(text)
    if text := text_of(content) or text_of(message.get("refusal")):
        yield Grew(text)


def tokens_of(usage: Event) -> TokenCounts | None:
    """Tokens in one form; None if the prompt or what was generated was not counted."""
    prompt, written, total = (count(usage.get(name)) for name in ("prompt_tokens", "completion_tokens", "total_tokens"))
    if prompt is None or (written is None and total is None):
        return None
    details = mapping(usage.get("prompt_tokens_details"))
    cached = count(details.get("cached_tokens"))
    if cached is None:  # DeepSeek and Moonshot have names of their own
        cached = count(usage.get("prompt_cache_hit_tokens")) or count(usage.get("cached_tokens")) or 0
    cached = min(cached, prompt)
    return TokenCounts(
        prompt,
        max(written or 0, (total or 0) - prompt),  # Gemini and Grok count reasoning in the total only
        cached=cached,
        cache_write=min(count(details.get("cache_write_tokens")) or 0, prompt - cached),
        reasoning=count(mapping(usage.get("completion_tokens_details")).get("reasoning_tokens")),
    )


def cost_of(usage: Event) -> int | None:
    """What OpenRouter says that it charged, in nano-dollars. With a key of the upstream's own, that one's charge is added."""
    said = [usage.get("cost")]
    if usage.get("is_byok") is True:
        said.append(mapping(usage.get("cost_details")).get("upstream_inference_cost"))
    total = Decimal(0)
    for each in said:
        if not isinstance(each, int | Decimal) or isinstance(each, bool):
            return None
        if not Decimal(each).is_finite() or not 0 <= each <= MAX_COST_USD:
            return None
        total += each
    return int((total * 10**9).to_integral_value(ROUND_HALF_EVEN))
