"""One POST for each text, whatever happens, and exactly the bytes that were approved."""

from __future__ import annotations

import json
import logging
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.errors import (
    KeyRefused,
    NetworkFailed,
    NetworkRefused,
    OutcomeUnknown,
    OutOfCredit,
    ProviderFailed,
    ProviderUnfit,
    RateLimited,
    StrongroomError,
)
from engine.network import Interrupted, Interruption, NetworkDoor
from engine.network_messages import Patience
from engine.policy import NetworkPolicy
from engine.provider_records import DIALECTS, Dialect, Provider, TokenCounts
from engine.providers import asking
from engine.providers.asking import answer, list_models
from engine.providers.provider import Ended, Grew, Piece, Thought, body_for
from tests.loopback_provider import Fault, LoopbackProvider
from tests.network_stage import Visit, server
from tests.open_door import MemoryLog, open_door
from tests.sending_stage import QUICK, approved, asked, provider_at, wish

ANSWER = "This is test-large. It has read your question and thinks that all is well."
SHORT = Patience(5.0, 0.3)


@pytest.fixture
def there() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as running:
        yield running


@pytest.fixture
def door(there: LoopbackProvider) -> NetworkDoor:
    return open_door(there.origin, purpose="compare")[0]


def at(there: LoopbackProvider, dialect: Dialect = "openai", prices: str = "") -> Provider:
    return provider_at(there.url_for(dialect), dialect, prices=prices)


def text(pieces: list[Piece]) -> str:
    return "".join(each.text for each in pieces if isinstance(each, Grew))


def failure(door: NetworkDoor, provider: Provider, pieces: list[Piece] | None = None, **options: Any) -> StrongroomError:
    """How an approved text ended; `pieces` get what came before."""
    body = approved(door, body_for(provider, wish()))
    came = pieces if pieces is not None else []
    with pytest.raises(StrongroomError) as failed:
        came.extend(answer(door, provider, body, "sk-test", about="x", **{"patience": QUICK, **options}))
    return failed.value


def so_far(door: NetworkDoor, provider: Provider, **options: Any) -> tuple[str, StrongroomError]:
    body, came = approved(door, body_for(provider, wish())), ""
    try:
        for piece in answer(door, provider, body, "sk-test", about="x", **{"patience": QUICK, **options}):
            came += piece.text if isinstance(piece, Grew) else ""
    except StrongroomError as error:
        return came, error
    raise AssertionError("it came to its end")


# ---------------------------------------------------------------- an answer
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fault", [Fault.NONE, Fault.PLAIN, Fault.COMMENTS])
def test_an_answer(there: LoopbackProvider, door: NetworkDoor, dialect: Dialect, fault: Fault) -> None:
    there.fault, there.thinks = fault, "Let me see."
    pieces = asked(door, at(there, dialect))
    assert text(pieces) == ANSWER and len(there.posts) == 1
    assert "".join(each.text for each in pieces if isinstance(each, Thought)) == "Let me see."
    last = pieces[-1]
    assert isinstance(last, Ended) and (last.stop_reason, last.answered_by, last.request_id) == (
        "end_of_text",
        "test-large",
        "req_1",
    )
    assert last.tokens is not None and last.tokens.prompt > 0 < last.tokens.generated and last.cost_nano is None


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("fault", "reason"), [(Fault.TOKEN_LIMIT, "token_limit"), (Fault.FILTERED, "filtered")])
def test_an_answer_that_ended_otherwise(
    there: LoopbackProvider, door: NetworkDoor, dialect: Dialect, fault: Fault, reason: str
) -> None:
    there.fault = fault
    last = asked(door, at(there, dialect))[-1]
    assert isinstance(last, Ended) and last.stop_reason == reason


@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_answered_and_what_was_not_counted(there: LoopbackProvider, door: NetworkDoor, dialect: Dialect) -> None:
    there.fault = Fault.OTHER_MODEL
    last = asked(door, at(there, dialect))[-1]
    assert isinstance(last, Ended) and last.answered_by == "another-model-1"
    there.fault = Fault.NO_USAGE
    last = asked(door, at(there, dialect))[-1]
    assert isinstance(last, Ended) and last.tokens is None


def test_only_openrouter_is_believed_what_it_charged(there: LoopbackProvider, door: NetworkDoor) -> None:
    there.usage = {"prompt_tokens": 7, "completion_tokens": 5, "cost": 0.00014025}
    last = asked(door, at(there, prices="openrouter"))[-1]
    assert isinstance(last, Ended) and last.cost_nano == 140_250 and last.tokens == TokenCounts(7, 5)
    last = asked(door, at(there, prices="openai"))[-1]
    assert isinstance(last, Ended) and last.cost_nano is None


def test_letters_that_come_in_halves_are_made_whole(there: LoopbackProvider, door: NetworkDoor) -> None:
    def halves(visit: Visit) -> None:
        said = [
            {"content": "a \ud83d"},
            {"content": "\ude00 b \ud83d"},
            {"reasoning": "\ude00"},
            {"content": "\udfff"},
            {"content": "\ud83d"},
        ]
        events = [{"choices": [{"delta": each}]} for each in said] + [{"choices": [{"finish_reason": "stop"}]}]
        visit.answer(b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in events))

    with server(halves) as running:
        pieces = asked(open_door(running.url, purpose="compare")[0], provider_at(running.url))
    assert text(pieces) == "a \U0001f600 b \ufffd\ufffd\ufffd"
    assert [each.text for each in pieces if isinstance(each, Thought)] == ["\ufffd"]


# ---------------------------------------------------------------- exactly what was approved, once
ODDITIES = (
    "\x00\x01\x1b\x7f\x85\r\n\t", "\u2028\u2029\ufeff\ufffe\uffff", "\u202e\u2066\u200b\u200d\u00ad",
    "👩‍⚖️🏳️‍🌈\U0010ffff", "e\u0301\u1e9e\ufb01",
    '"\\/{}[]', "\ud800", "\udfff\ud800", "ÄÖÜß東京العربية", "%20&amp;<\\u0041>", "data: [DONE]\n\n",
    "0\r\n\r\nPOST / HTTP/1.1\r\n",
)  # fmt: skip


def any_text(dice: random.Random) -> str:
    parts = [dice.choice(ODDITIES) if dice.random() < 0.5 else chr(dice.randrange(0x110000)) for _ in range(dice.randrange(12))]
    return "".join(parts) * (5000 if dice.random() < 0.01 else 1)


def test_what_arrives_is_what_was_approved_to_the_byte(there: LoopbackProvider, door: NetworkDoor) -> None:
    dice = random.Random(4)
    there.answer_with = lambda _: "Yes."
    for number in range(1000):
        provider = at(there, dice.choice(DIALECTS))
        body = approved(door, body_for(provider, wish(any_text(dice), any_text(dice), system=any_text(dice))))
        pieces = list(answer(door, provider, body, "sk-test", about="x", patience=QUICK))
        assert text(pieces) == "Yes." and len(there.posts) == number + 1
        assert there.posts[-1].body == body.content and there.origin + there.posts[-1].path == body.url
        with pytest.raises(NetworkRefused, match="not_approved"):
            list(answer(door, provider, body, "sk-test", about="x", patience=QUICK))
    assert len(there.posts) == 1000


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_is_said_beside_the_text_but_what_is_named(there: LoopbackProvider, door: NetworkDoor, dialect: Dialect) -> None:
    asked(door, at(there, dialect))
    said = there.posts[0].headers
    own = {"authorization"} if dialect == "openai" else {"x-api-key", "anthropic-version"}
    of_http = {"host", "accept-encoding", "connection", "content-length", "user-agent"}
    assert set(said) == {"accept", "content-type", *own, *of_http}
    assert said["content-type"] == "application/json" and said["accept-encoding"] == "identity"
    assert "sk-test" in (said.get("authorization", "") + said.get("x-api-key", ""))


def test_without_a_key_none_is_said(there: LoopbackProvider, door: NetworkDoor) -> None:
    asked(door, at(there), key=None)
    assert "authorization" not in there.posts[0].headers


def test_the_environment_gives_no_key_and_no_address(
    there: LoopbackProvider, door: NetworkDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_CUSTOM_HEADERS", "OPENAI_ORG_ID"):
        monkeypatch.setenv(name, "from-the-environment")
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for dialect in DIALECTS:
        asked(door, at(there, dialect), key=None)
    assert "from-the-environment" not in str([post.headers for post in there.posts]) and len(there.posts) == 2


def test_other_texts_and_other_addresses_are_refused(there: LoopbackProvider, door: NetworkDoor) -> None:
    provider = at(there)
    body = approved(door, body_for(provider, wish()))
    for other in (
        replace(body, content=body.content + b" "),
        replace(body, url=body.url + "/"),
        replace(body, url=there.url_for("anthropic") + "/messages"),
        body_for(provider, wish("something else")),
        body_for(provider, wish(max_tokens=51)),
    ):
        with pytest.raises(NetworkRefused, match="not_approved"):
            list(answer(door, provider, other, None, about="x"))
    assert there.posts == []


def test_nothing_passes_once_the_purpose_is_closed(there: LoopbackProvider, door: NetworkDoor) -> None:
    body = approved(door, body_for(at(there), wish()))
    policy = NetworkPolicy(frozenset({"compare"}), {"compare": frozenset({there.origin})})
    door.use(NetworkPolicy(hosts=policy.hosts), "none")
    with pytest.raises(NetworkRefused, match="offline"):
        list(answer(door, at(there), body, None, about="x"))
    door.use(policy, "none")
    with pytest.raises(NetworkRefused, match="not_approved"):
        list(answer(door, at(there), body, None, about="x"))
    assert there.posts == []


def test_a_key_that_breaks_out_of_its_line_sends_nothing(there: LoopbackProvider, door: NetworkDoor) -> None:
    body = approved(door, body_for(at(there), wish()))
    with pytest.raises(ProviderUnfit):
        list(answer(door, at(there), body, "a\r\nx: y", about="x"))
    assert there.posts == []


# ---------------------------------------------------------------- faults
FAILS: dict[Fault, tuple[type[StrongroomError], str]] = {
    Fault.KEY_REFUSED: (KeyRefused, ""), Fault.FORBIDDEN: (KeyRefused, ""), Fault.NO_CREDIT: (OutOfCredit, ""),
    Fault.NO_QUOTA: (OutOfCredit, ""), Fault.RATE_LIMITED: (RateLimited, ""),
    Fault.MODEL_UNKNOWN: (ProviderFailed, "model_unknown"),
    Fault.TOO_LONG: (ProviderFailed, "too_long"), Fault.SERVER_ERROR: (ProviderFailed, "server_error"),
    Fault.OVERLOADED: (ProviderFailed, "overloaded"), Fault.DROPPED: (OutcomeUnknown, "broken_off"),
    Fault.SILENT: (OutcomeUnknown, "timed_out"), Fault.REDIRECT: (ProviderFailed, "redirected"),
    Fault.GZIP: (ProviderFailed, "bad_answer"), Fault.PAGE: (ProviderFailed, "bad_answer"),
    Fault.HALF: (OutcomeUnknown, "broken_off"), Fault.SHORT: (OutcomeUnknown, "broken_off"),
    Fault.STALLED: (OutcomeUnknown, "timed_out"), Fault.MALFORMED: (ProviderFailed, "bad_answer"),
    Fault.HUGE_EVENT: (ProviderFailed, "bad_answer"),
}  # fmt: skip
BEGUN = {Fault.HALF, Fault.SHORT, Fault.STALLED, Fault.MALFORMED, Fault.HUGE_EVENT, Fault.ERROR_EVENT}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fault", FAILS, ids=lambda fault: fault.name)
def test_every_fault_is_called_by_its_kind_after_one_post(there: LoopbackProvider, dialect: Dialect, fault: Fault) -> None:
    door, log = open_door(there.origin, purpose="compare")
    there.fault = fault
    came, error = so_far(door, at(there, dialect), patience=SHORT if fault in (Fault.SILENT, Fault.STALLED) else QUICK)
    kind, reason = FAILS[fault]
    assert type(error) is kind and getattr(error, "reason", "") == reason
    assert (error.provider, error.host) == ("Test", there.origin)  # type: ignore[attr-defined]
    assert len(there.posts) == 1 and there.gets == [] and ANSWER.startswith(came) and bool(came) == (fault in BEGUN)
    assert_complete(log)
    if isinstance(error, RateLimited):
        assert error.retry_after_s == 7.0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_error_in_the_middle_of_an_answer(there: LoopbackProvider, door: NetworkDoor, dialect: Dialect) -> None:
    there.fault = Fault.ERROR_EVENT
    came, error = so_far(door, at(there, dialect))
    assert came and isinstance(error, ProviderFailed) and error.status == 200
    assert error.reason == ("overloaded" if dialect == "anthropic" else "server_error") and len(there.posts) == 1


def assert_complete(log: MemoryLog) -> None:
    opened = [number for number, each in enumerate(log.begun, 1) if each.outcome == "open"]
    assert sorted(log.ended) == opened and [each.method for each in log.begun] == ["POST"]


def test_what_could_not_be_reached_was_not_sent() -> None:
    with LoopbackProvider() as gone:
        provider = at(gone)
    door, left = open_door(gone.origin, purpose="compare")[0], []
    error = failure(door, provider, leaving=lambda: left.append(1))
    assert isinstance(error, NetworkFailed) and error.reason == "no_connection" and left == []


def test_who_sends_is_told_before_the_text_leaves(there: LoopbackProvider, door: NetworkDoor) -> None:
    seen: list[int] = []
    asked(door, at(there), leaving=lambda: seen.append(len(there.posts)))
    assert seen == [0]


@pytest.mark.parametrize(
    "raw",
    [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabcde\r\n",
     b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"id\": 1", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
     b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n[[[[[[[",
     b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ndata: 7\n\n", b"HTTP/1.1 200 OK\r\n\r\n" + b"{" + b'"a":{' * 100_000,
     b"HTTP/1.1 200 OK\r\n\r\ndata: \xff\xfe\n\n", b'HTTP/1.1 200 OK\r\n\r\ndata: {"x": 1e99999999999999999999}\n\n',
     b"HTTP/1.1 307 Moved\r\nlocation: https://evil.example\r\ncontent-length: 0\r\n\r\n",
     b"HTTP/1.1 500 No\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
     b"HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nabc",
     b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc"],
)  # fmt: skip
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_that_is_none(raw: bytes, dialect: Dialect) -> None:
    with server(lambda visit: visit.say(raw)) as running:
        error = failure(open_door(running.url, purpose="compare")[0], provider_at(running.url, dialect))
        assert isinstance(error, ProviderFailed | OutcomeUnknown) and len(running.visits) == 1


@pytest.mark.parametrize("what", ["text", "whole", "error"])
def test_an_answer_without_an_end_is_not_taken(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MAX_TEXT", 100_000)
    monkeypatch.setattr(asking, "MAX_WHOLE", 100_000)
    status = b"500 No" if what == "error" else b"200 OK"
    piece = b'data: {"choices": [{"delta": {"content": "' + b"x" * 900 + b'"}}]}\n\n' if what == "text" else b"{" + b" " * 900

    def flood(visit: Visit) -> None:
        visit.say(b"HTTP/1.1 " + status + b"\r\n\r\n")
        for _ in range(5000):
            visit.say(piece)

    with server(flood) as running:
        door, log = open_door(running.url, purpose="compare")
        error = failure(door, provider_at(running.url))
    assert isinstance(error, ProviderFailed) and error.reason == ("server_error" if what == "error" else "bad_answer")
    assert log.ended[1].received < 2_000_000


def test_an_answer_whose_end_was_said_is_complete_without_its_last_words(there: LoopbackProvider) -> None:
    def hasty(visit: Visit) -> None:
        said = [{"choices": [{"delta": {"content": "Yes."}}]}, {"choices": [{"delta": {}, "finish_reason": "stop"}]}]
        visit.say(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n")
        visit.say(b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in said))

    with server(hasty) as running:
        pieces = asked(open_door(running.url, purpose="compare")[0], provider_at(running.url))
    assert pieces == [Grew("Yes."), Ended("end_of_text", "", None, None, "")]


# ---------------------------------------------------------------- ended here
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("by", ["stop", "lock", "leaving it"])
def test_an_answer_can_be_ended_at_once(there: LoopbackProvider, dialect: Dialect, by: str) -> None:
    door, log = open_door(there.origin, purpose="compare")
    there.may_go_on.clear()
    interruption, provider = Interruption(), at(there, dialect)
    body = approved(door, body_for(provider, wish()))
    pieces = answer(door, provider, body, None, about="x", interruption=interruption)
    assert isinstance(next(pieces), Grew)
    assert door.state().sending_to == (there.origin,)
    if by == "leaving it":
        pieces.close()  # type: ignore[attr-defined]
    else:
        threading.Timer(0.05, interruption.interrupt if by == "stop" else lambda: door.use(NetworkPolicy(), "none")).start()
        with pytest.raises(Interrupted if by == "stop" else NetworkRefused):
            list(pieces)
    assert door.state().sending_to == () and len(there.posts) == 1
    assert_complete(log)


# ---------------------------------------------------------------- secrets
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
def test_neither_text_nor_key_is_ever_told(
    there: LoopbackProvider, dialect: Dialect, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    door, log = open_door(there.origin, purpose="compare")
    there.fault = fault
    there.answer_with = lambda _: "The answer is confidential-answer, of course, and so it is."
    body = approved(door, body_for(at(there, dialect), wish("confidential-question")))
    told: list[object] = [body]
    try:
        told += answer(door, at(there, dialect), body, "sk-secret-key", about="x", patience=SHORT)
    except StrongroomError as error:
        told += [repr(error), str(error), error.facts]
        assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)
    everything = f"{told} {caplog.text} {log.begun} {log.ended}"
    for secret in ("confidential-question", "confidential-answer", "sk-secret-key", "Incorrect API key", "credit balance"):
        assert secret not in everything
    assert len(there.posts) == 1


# ---------------------------------------------------------------- the list of models
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_models_of_a_provider(there: LoopbackProvider, door: NetworkDoor, dialect: Dialect) -> None:
    there.models, there.keys = ("models/gemini", "b", "b", "c" * 300, "a"), {"sk-test"}
    assert list_models(door, at(there, dialect), "sk-test", about="models") == ("gemini", "b", "a")
    assert there.posts == [] and len(there.gets) == 1 and there.gets[0].body == b""
    with pytest.raises(KeyRefused):
        list_models(door, at(there, dialect), "sk-other", about="models")


@pytest.mark.parametrize(
    "fault", [Fault.DROPPED, Fault.REDIRECT, Fault.PAGE, Fault.GZIP, Fault.SERVER_ERROR, Fault.MODEL_UNKNOWN]
)
def test_a_list_of_models_that_does_not_come(there: LoopbackProvider, door: NetworkDoor, fault: Fault) -> None:
    there.fault = fault
    with pytest.raises((NetworkFailed, ProviderFailed)):
        list_models(door, at(there), "sk-test", about="models")
    assert there.posts == [] and len(there.gets) == 1
