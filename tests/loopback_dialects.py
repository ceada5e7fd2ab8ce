"""What a provider says in each of the two dialects, written from their documentation and not with the code under test."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """A server-sent event. `data` is JSON, or a bare word such as `[DONE]`."""

    data: dict[str, Any] | str
    name: str = ""

    def raw(self) -> bytes:
        said = self.data if isinstance(self.data, str) else json.dumps(self.data, ensure_ascii=False)
        return (f"event: {self.name}\n" if self.name else "").encode() + f"data: {said}\n\n".encode()


def pieces_of(text: str) -> list[str]:
    """Words with the spaces before them, as models write."""
    return re.findall(r"\s*\S+|\s+", text)


def texts_in(asked: dict[str, Any]) -> str:
    """All the words of a request."""
    return " ".join([asked.get("system", ""), *(str(message["content"]) for message in asked["messages"])])


def events_of(
    dialect: str, asked: dict[str, Any], text: str, thinks: str, usage: dict[str, Any] | None, fault: str
) -> list[Event]:
    return (_anthropic if dialect == "anthropic" else _openai)(asked, text, thinks, usage, fault)


# ---------------------------------------------------------------- OpenAI
def _openai(asked: dict[str, Any], text: str, thinks: str, usage: dict[str, Any] | None, fault: str) -> list[Event]:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": _model(asked, fault)}

    def chunk(delta: dict[str, Any], ends: str | None = None) -> Event:
        return Event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": ends}]})

    events = [chunk({"role": "assistant", "content": ""})]
    events += [chunk({"reasoning_content": piece}) for piece in pieces_of(thinks)]
    events += [chunk({"content": piece}) for piece in pieces_of(text)]
    events.append(chunk({}, {"TOKEN_LIMIT": "length", "FILTERED": "content_filter"}.get(fault, "stop")))
    is_wished = asked.get("stream_options", {}).get("include_usage") or usage is not None
    if is_wished and fault != "NO_USAGE":
        events.append(Event({**head, "choices": [], "usage": usage or _openai_usage(asked, text, thinks)}))
    return [*events, Event("[DONE]")]


def _openai_usage(asked: dict[str, Any], text: str, thinks: str) -> dict[str, Any]:
    read, written = len(pieces_of(texts_in(asked))), len(pieces_of(text)) + len(pieces_of(thinks))
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": len(pieces_of(thinks))},
    }


# ---------------------------------------------------------------- Anthropic
def _anthropic(asked: dict[str, Any], text: str, thinks: str, usage: dict[str, Any] | None, fault: str) -> list[Event]:
    counted = usage or {"input_tokens": len(pieces_of(texts_in(asked))), "cache_read_input_tokens": 0}
    written = {"output_tokens": len(pieces_of(text)) + len(pieces_of(thinks))}
    counts = fault != "NO_USAGE"
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": _model(asked, fault), "content": []}
    begin = {**message, "usage": {**counted, "output_tokens": 1}} if counts else message
    events = [Event({"type": "message_start", "message": begin}, "message_start"), Event({"type": "ping"}, "ping")]
    blocks = [("thinking", thinks)] if thinks else []
    for number, (kind, words) in enumerate([*blocks, ("text", text)]):
        events += _block(number, kind, words)
    ends = {"TOKEN_LIMIT": "max_tokens", "FILTERED": "refusal"}.get(fault, "end_turn")
    last: dict[str, Any] = {"type": "message_delta", "delta": {"stop_reason": ends, "stop_sequence": None}}
    if counts:
        last["usage"] = written | ({"output_tokens": usage["output_tokens"]} if usage and "output_tokens" in usage else {})
    return [*events, Event(last, "message_delta"), Event({"type": "message_stop"}, "message_stop")]


def _block(number: int, kind: str, words: str) -> list[Event]:
    start = {"type": "content_block_start", "index": number, "content_block": {"type": kind, kind: ""}}
    deltas = [
        {"type": "content_block_delta", "index": number, "delta": {"type": f"{kind}_delta", kind: piece}}
        for piece in pieces_of(words)
    ]
    stop = {"type": "content_block_stop", "index": number}
    return [Event(each, str(each["type"])) for each in (start, *deltas, stop)]


# ---------------------------------------------------------------- both
def _model(asked: dict[str, Any], fault: str) -> str:
    return "another-model-1" if fault == "OTHER_MODEL" else str(asked["model"])


def plain_answer(dialect: str, asked: dict[str, Any], text: str, thinks: str, usage: dict[str, Any] | None, fault: str) -> bytes:
    """The whole answer as one piece of JSON."""
    if dialect == "anthropic":
        blocks = [{"type": "thinking", "thinking": thinks}] if thinks else []
        read = usage or {"input_tokens": len(pieces_of(texts_in(asked))), "output_tokens": len(pieces_of(text))}
        said = {"id": "msg_1", "type": "message", "role": "assistant", "model": _model(asked, fault)}
        said |= {"content": [*blocks, {"type": "text", "text": text}], "stop_reason": "end_turn", "usage": read}
    else:
        message = {"role": "assistant", "content": text, **({"reasoning_content": thinks} if thinks else {})}
        said = {"id": "chatcmpl-1", "object": "chat.completion", "model": _model(asked, fault)}
        said |= {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        said["usage"] = usage or _openai_usage(asked, text, thinks)
    return json.dumps(said, ensure_ascii=False).encode()


_ERRORS = {  # fault: (type and code of OpenAI, type of Anthropic, sentence)
    "KEY_REFUSED": ("invalid_request_error", "invalid_api_key", "authentication_error", "Incorrect API key provided: sk-1."),
    "FORBIDDEN": ("invalid_request_error", "model_not_allowed", "permission_error", "Not for this key."),
    "NO_CREDIT": ("insufficient_credits", "402", "billing_error", "Insufficient credits."),
    "NO_QUOTA": ("insufficient_quota", "insufficient_quota", "rate_limit_error", "Your credit balance is too low."),
    "RATE_LIMITED": ("requests", "rate_limit_exceeded", "rate_limit_error", "Slow down."),
    "MODEL_UNKNOWN": ("invalid_request_error", "model_not_found", "not_found_error", "There is no such model."),
    "TOO_LONG": (
        "invalid_request_error", "context_length_exceeded", "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum",
    ),
    "SERVER_ERROR": ("server_error", "internal_error", "api_error", "Something broke."),
    "OVERLOADED": ("server_error", "overloaded", "overloaded_error", "Overloaded"),
}  # fmt: skip


def error_body(dialect: str, fault: str) -> bytes:
    kind, code, other_kind, sentence = _ERRORS[fault]
    if dialect == "anthropic":
        return json.dumps({"type": "error", "error": {"type": other_kind, "message": sentence}}).encode()
    return json.dumps({"error": {"message": sentence, "type": kind, "param": None, "code": code}}).encode()


def error_event(dialect: str) -> Event:
    """An error after an answer has begun."""
    if dialect == "anthropic":
        return Event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "error")
    return Event({"error": {"code": 502, "message": "The upstream broke.", "metadata": {"provider_name": "x"}}})


def a_page() -> bytes:
    return b"<!doctype html><title>Sign in to the guest network</title>"
