"""What it means when a provider answers, but not with an answer. Pure; the one place that judges a status of a provider.

Of what it says, only its own short code is kept, never a sentence: sentences may quote the text that was sent, or the key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import KeyRefused, OutcomeUnknown, OutOfCredit, ProviderError, ProviderFailed, RateLimited
from engine.network_messages import retry_after
from engine.provider_records import Provider
from engine.providers.untrusted import count, items, mapping, text_of

Reason = Literal[
    "overloaded", "server_error", "model_unknown", "too_long", "bad_request", "filtered", "redirected", "bad_answer"
]  # fmt: skip
MAX_SENTENCE = 2000
_CODE = re.compile(r"[a-z0-9_.-]{1,60}")
#: Somebody between us and the model gave up waiting for it: it may have answered all the same.
_GAVE_UP = frozenset({408, 504, 524})
_NO_CREDIT = re.compile(
    r"insufficient_quota|insufficient_credits|insufficient.balance|billing_error|billing_hard_limit|billing_not_active"
    r"|credit balance"
)
_TOO_LONG = re.compile(
    r"context_length|exceed_context|context size|context length|context window|prompt is too long|request_too_large"
    r"|string_above_max_length|too many tokens|maximum context|input token count|too large for model|input is too long"
)
_FILTERED = re.compile(
    r"content_filter|content_policy|content_policy_violation|moderation|flagged|safety_violation|content_blocked"
)
_BAD_KEY = re.compile(r"api_key_invalid|api key not valid|invalid_api_key")
_NO_MODEL = re.compile(
    r"model_not_found|no such model|invalid.model|model.{0,200}(does not exist|not found)|is not a valid model"
)
_OVERLOADED = re.compile(r"overloaded|unavailable|slow_down|capacity|insufficient_system_resource|loading model")


@dataclass(frozen=True)
class _Said:
    """What an error says: its short code, all its words in lower case, and a status of HTTP if it names one."""

    code: str
    words: str
    status: int | None


def refusal(provider: Provider, status: int, headers: Mapping[str, str], error: Any, *, now: float) -> ProviderError:
    """What an answer with this status means. `headers` in lower case, `error` its JSON (None: it is none), `now` since 1970."""
    said = _read(error)
    name, host = provider.name, provider.host
    if 300 <= status < 400:
        return ProviderFailed(name, host, "redirected", status)
    if _NO_CREDIT.search(said.words) or status == 402:
        return OutOfCredit(name, host)
    if status == 429:
        return RateLimited(name, host, retry_after_s=retry_after(headers.get("retry-after"), now))
    if status in _GAVE_UP:
        return OutcomeUnknown(name, host, "timed_out")
    if status in (401, 403) or _BAD_KEY.search(said.words):
        if status != 401 and _FILTERED.search(said.words):  # OpenRouter says so with 403
            return ProviderFailed(name, host, "filtered", status, said.code)
        return KeyRefused(name, host, status)
    return ProviderFailed(name, host, _reason(status, said, is_error=error is not None), status, said.code)


def reported(provider: Provider, error: Any, *, has_begun: bool) -> ProviderError:
    """What an error means that came after 200, inside the answer. `has_begun`: some of an answer came before it.

    Once an answer has begun it may cost something, which only ProviderFailed with a status under 400 says.
    """
    said = _read(error)
    if not has_begun and said.status is not None and said.status >= 400:
        return refusal(provider, said.status, {}, {"error": error}, now=0.0)
    if not has_begun and _NO_CREDIT.search(said.words):
        return OutOfCredit(provider.name, provider.host)
    reason = _reason(said.status or 500, said, is_error=True)
    return ProviderFailed(provider.name, provider.host, reason, 200, said.code)


def may_cost(error: Exception) -> bool:
    """Whether what this error ended may be charged all the same, once the text had left."""
    return not (
        isinstance(error, KeyRefused | OutOfCredit | RateLimited) or (isinstance(error, ProviderFailed) and error.status >= 300)
    )


def _reason(status: int, said: _Said, *, is_error: bool) -> Reason:
    if _TOO_LONG.search(said.words) or status == 413:
        return "too_long"
    if _FILTERED.search(said.words):
        return "filtered"
    if status == 529 or status == 503 or (status >= 500 and _OVERLOADED.search(said.words)):
        return "overloaded"
    if status >= 500:
        return "server_error"
    if _NO_MODEL.search(said.words):
        return "model_unknown"
    if status in (404, 410):
        return "model_unknown" if is_error else "bad_answer"  # without an error of its own it is another kind of server
    return "bad_request" if status >= 400 else "bad_answer"


def _read(error: Any) -> _Said:
    first = items(error)[0] if items(error) else error  # Gemini wraps errors in a list
    outer = mapping(first)
    inner = mapping(outer.get("error")) or outer
    fields = [inner.get(name) for name in ("code", "type", "status")] + [outer.get("code"), outer.get("type")]
    names = [text_of(each).lower() for each in fields if text_of(each)]
    for detail in items(inner.get("details")):
        names.append(text_of(mapping(detail).get("reason")).lower())
    code = next((each for each in names if _CODE.fullmatch(each) and each not in ("error", "none")), "")
    metadata = mapping(inner.get("metadata"))
    sentences = [text_of(inner.get("message")), text_of(outer.get("message")), text_of(outer.get("detail")), *metadata]
    words = " ".join([*names, *(each[:MAX_SENTENCE].lower() for each in sentences if each)])
    status = count(inner.get("code"))
    return _Said(code, words, status if status is not None and 300 <= status < 600 else None)
