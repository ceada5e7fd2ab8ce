from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import KeyRefused, OutcomeUnknown, OutOfCredit, ProviderError, ProviderFailed, RateLimited
from engine.network_messages import retry_after
from engine.providers.refusals import may_cost, refusal, reported
from tests.sending_stage import provider_at

PROVIDER = provider_at("https://api.example/v1")
NOW = 1_795_334_400.0  # 22 November 2026, 08:00 UTC


def met(status: int, error: Any = None, **headers: str) -> ProviderError:
    return refusal(PROVIDER, status, {name.replace("_", "-"): value for name, value in headers.items()}, error, now=NOW)


def openai(message: str = "", kind: str = "invalid_request_error", code: Any = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def anthropic(kind: str, message: str = "") -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


KEY, CREDIT, RATE, LATE = "KeyRefused", "OutOfCredit", "RateLimited", "OutcomeUnknown"
CASES: list[tuple[int, Any, str]] = [
    (401, openai("Incorrect API key provided: sk-1", code="invalid_api_key"), KEY),
    (401, anthropic("authentication_error"), KEY),
    (403, anthropic("permission_error"), KEY),
    (400, [{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT",
                      "details": [{"reason": "API_KEY_INVALID"}]}}], KEY),
    (429, openai("You exceeded your current quota", "insufficient_quota", "insufficient_quota"), CREDIT),
    (402, {"error": {"code": 402, "message": "Insufficient credits"}}, CREDIT),
    (402, openai("Insufficient Balance", "unknown_error", "invalid_request_error"), CREDIT),
    (400, anthropic("invalid_request_error", "Your credit balance is too low to access the Anthropic API."), CREDIT),
    (400, openai(code="billing_hard_limit_reached"), CREDIT),
    (429, openai(code="rate_limit_exceeded"), RATE),
    (429, [{"error": {"code": 429, "message": "You exceeded your current quota, please check your plan and billing details.",
                      "status": "RESOURCE_EXHAUSTED"}}], RATE),
    (429, anthropic("rate_limit_error"), RATE),
    (504, None, LATE), (524, None, LATE), (408, {"error": {"code": 408, "message": "timed out"}}, LATE),
    (404, openai("The model does not exist", code="model_not_found"), "model_unknown"),
    (404, anthropic("not_found_error", "model: claude-9"), "model_unknown"),
    (400, {"object": "error", "message": "Invalid model: x", "type": "invalid_model", "code": "1500"}, "model_unknown"),
    (400, {"error": {"message": "nope/x is not a valid model ID", "code": 400}}, "model_unknown"),
    (404, None, "bad_answer"),
    (400, openai("This model's maximum context length is 8", code="context_length_exceeded"), "too_long"),
    (400, anthropic("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"), "too_long"),
    (413, anthropic("request_too_large"), "too_long"), (413, None, "too_long"),
    (400, {"error": {"code": 400, "message": "request (9 tokens) exceeds the available context size (8 tokens)",
                     "type": "exceed_context_size_error"}}, "too_long"),
    (400, openai(code="content_filter"), "filtered"),
    (403, {"error": {"code": 403, "message": "Your input was flagged", "metadata": {"flagged_input": "x"}}}, "filtered"),
    (422, {"detail": [{"type": "extra_forbidden"}]}, "bad_request"),
    (400, openai(), "bad_request"), (405, None, "bad_request"),
    (529, anthropic("overloaded_error"), "overloaded"), (503, None, "overloaded"),
    (500, anthropic("overloaded_error"), "overloaded"),
    (500, anthropic("api_error"), "server_error"), (502, None, "server_error"),
    (301, None, "redirected"), (307, None, "redirected"), (204, None, "bad_answer"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "error", "meant"), CASES)
def test_what_providers_say_instead_of_an_answer(status: int, error: Any, meant: str) -> None:
    problem = met(status, error)
    found = problem.reason if isinstance(problem, ProviderFailed) else type(problem).__name__
    assert found == meant
    assert (problem.provider, problem.host) == ("Test", "api.example")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7.0), ("1.5", 1.5), ("Sun, 22 Nov 2026 08:00:30 GMT", 30.0), ("Sun, 22 Nov 2026 07:00:00 GMT", 0.0),
     ("soon", None), ("-1", None), ("9" * 400, None), ("", None)],
)  # fmt: skip
def test_how_long_to_wait(said: str, seconds: float | None) -> None:
    problem = met(429, retry_after=said)
    assert isinstance(problem, RateLimited) and problem.retry_after_s == seconds == retry_after(said, NOW)
    assert met(429).retry_after_s is None  # type: ignore[attr-defined]


def test_only_a_short_code_of_it_is_kept() -> None:
    assert met(400, openai("secret", code="Bad_Thing")).detail == "bad_thing"  # type: ignore[attr-defined]
    assert met(400, [{"error": {"code": 400, "status": "INVALID_ARGUMENT"}}]).detail == "invalid_argument"  # type: ignore[attr-defined]
    assert met(400, openai(code="Mr Smith owes 5", kind="")).detail == ""  # type: ignore[attr-defined]


@given(st.integers(100, 599), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_sentence_of_it_is_kept(status: int, sentence: str, kind: str, code: str) -> None:
    problem = met(status, openai(f"<{sentence}>", kind, code))
    assert f"<{sentence}>" not in str(problem)
    detail = getattr(problem, "detail", "")
    assert detail in ("", kind.lower(), code.lower()) and len(detail) <= 60 and detail.isprintable()


ODD = [None, [], {}, "x", 7, [7], {"error": "x"}, {"error": {"code": {}}}, {"error": {"details": 1, "metadata": 2}}]


@pytest.mark.parametrize("error", ODD)
def test_an_error_of_any_shape_is_one(error: Any) -> None:
    assert isinstance(met(400, error), ProviderFailed) and isinstance(reported(PROVIDER, error, has_begun=False), ProviderFailed)


def test_an_error_inside_an_answer_that_has_not_begun_is_as_good_as_a_status() -> None:
    assert isinstance(reported(PROVIDER, {"code": 429}, has_begun=False), RateLimited)
    assert isinstance(reported(PROVIDER, {"code": 402}, has_begun=False), OutOfCredit)
    assert isinstance(reported(PROVIDER, {"type": "insufficient_quota"}, has_begun=False), OutOfCredit)


def test_an_error_inside_an_answer_that_has_begun_may_cost() -> None:
    for error in ({"code": 429}, {"code": 402}, {"code": 502}, {"type": "overloaded_error"}, {"code": "server_error"}):
        problem = reported(PROVIDER, error, has_begun=True)
        assert isinstance(problem, ProviderFailed) and problem.status == 200 and may_cost(problem)
    assert reported(PROVIDER, {"type": "overloaded_error"}, has_begun=True).reason == "overloaded"  # type: ignore[attr-defined]


def test_what_was_refused_costs_nothing() -> None:
    free = [KeyRefused("", "", 401), OutOfCredit("", ""), RateLimited("", ""), met(500), met(404), met(307)]
    assert not any(map(may_cost, free))
    assert all(map(may_cost, [OutcomeUnknown("", "", "timed_out"), met(204), met(504), ValueError()]))
