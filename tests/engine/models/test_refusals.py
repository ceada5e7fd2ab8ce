"""What the statuses of a hub mean, and how long it asks to wait."""

from __future__ import annotations

import time

import pytest

from engine.models.refusals import refusal, retry_after


def test_a_token_that_was_sent_and_not_taken_is_another_refusal_than_none() -> None:
    assert refusal("hub", 401, {}, with_token=True, now=0).reason == "token_refused"
    assert refusal("hub", 401, {}, with_token=False, now=0).reason == "gated"
    assert refusal("hub", 403, {}, with_token=True, now=0).reason == "gated"
    assert refusal("hub", 401, {"x-error-code": "RepoNotFound"}, with_token=True, now=0).reason == "not_found"


@pytest.mark.parametrize("said", [None, "", "soon", "-3", "1e3", "Thu, 99 Foo"])
def test_a_time_that_is_none_is_no_time(said: str | None):
    assert retry_after(said, time.time()) is None


def test_a_time_as_a_number_or_as_a_date():
    assert retry_after("120", 0) == 120
    assert retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 20) == 40
    assert retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 90) == 0


@pytest.mark.parametrize(("said", "reason", "waits"), [({"retry-after": "7"}, "rate_limited", 7), ({}, "server_error", None)])
def test_a_hub_that_is_away_and_says_for_how_long_asks_to_wait(said: dict[str, str], reason: str, waits: float | None):
    refused = refusal("hub", 503, said, with_token=False, now=0)
    assert (refused.reason, refused.retry_after_s) == (reason, waits)
