"""What a call counts as, for everything that can be told or seen of it. The price list of the tests is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import KeyRefused, OutcomeUnknown, ProviderError, ProviderFailed, RateLimited
from engine.ledger.prices import Prices
from engine.provider_records import Cost, Provider, ProviderId, Rates, TokenCounts
from engine.providers.provider import Ended, Grew, Thought
from engine.store.remote_calls import RemoteCall
from engine.work.call_costs import Heard, NoPrices, likely_tokens, settled

PROVIDER = Provider(ProviderId("p"), "P", "openai", "https://p.example/v1", ("m",), "p.example", prices="openai")
RATES = Rates(2_000_000, 8_000_000, 500_000, 2_500_000, "0" * 16, "2026-11-09")  # 2 and 8 dollars a million
CALL = RemoteCall("c1", datetime.now(UTC), "", "p", "m", "p.example", "0" * 64, reserved_nano=9_000_000)
TOKENS = TokenCounts(1000, 100, cached=400)
COMPUTED = 600 * 2000 + 400 * 500 + 100 * 8000  # nano-dollars

ENDED = Ended("end_of_text", "m-2026", TOKENS, None, "req_1")


class List:
    """Prices of some models; notes which it was asked for."""

    def __init__(self, *models: str, rates: Rates = RATES) -> None:
        self.models, self.rates_, self.asked = models, rates, []  # type: ignore[var-annotated]

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        self.asked.append((model, n_prompt_tokens))
        return self.rates_ if model in self.models else None


def heard(*pieces: Any, has_left: bool = True) -> Heard:
    heard = Heard(began=1.0, over=3.0, has_left=has_left)
    for piece in pieces:
        heard.note(piece)
    if heard.first is not None:
        heard.first = 1.5
    return heard


def test_tokens_are_priced_by_the_model_that_answered() -> None:
    prices = List("m", "m-2026")
    kept, sent = settled(CALL, PROVIDER, 4000, heard(Grew("Hel"), Grew("lo"), ENDED), None, prices)
    assert (sent.status, sent.cost, sent.priced_as) == ("settled", Cost(COMPUTED, "computed"), "m-2026")
    assert prices.asked == [("m-2026", 1000)]
    assert (kept.cost_nano, kept.cost_source, kept.rates, kept.tokens) == (COMPUTED, "computed", RATES, TOKENS)
    assert (kept.answered_by, kept.provider_request_id, kept.stop_reason) == ("m-2026", "req_1", "end_of_text")
    assert (kept.ttft_us, kept.total_us) == (500_000, 2_000_000)
    assert (sent.timings.ttft_s, sent.timings.total_s, sent.timings.tokens_per_s) == (0.5, 2.0, 100 / 1.5)


def test_the_speed_is_of_what_was_seen_to_be_written() -> None:
    def speed(*pieces: Any, reasoning: int | None = None) -> float | None:
        ended = replace(ENDED, tokens=replace(TOKENS, reasoning=reasoning))
        return settled(CALL, PROVIDER, 4000, heard(*pieces, ended), None, NoPrices())[1].timings.tokens_per_s

    assert speed(Grew("All of it at once.")) is None  # it came in no time, which is nobody's speed
    assert speed(Grew("Hel"), Grew("lo"), reasoning=40) == 60 / 1.5  # its thoughts were over before the first word came
    assert speed(Thought("Hm"), Grew("Hello"), reasoning=40) == 100 / 1.5
    assert speed(Grew("Hel"), Grew("lo"), reasoning=100) is None


def test_a_name_that_the_list_does_not_know_is_priced_as_the_requested_model_and_that_is_said() -> None:
    _, sent = settled(CALL, PROVIDER, 4000, heard(ENDED), None, List("m"))
    assert (sent.answered_by, sent.priced_as, sent.cost) == ("m-2026", "m", Cost(COMPUTED, "computed"))


def test_without_a_price_the_cost_is_not_known_and_never_nothing() -> None:
    kept, sent = settled(CALL, PROVIDER, 4000, heard(ENDED), None, NoPrices())
    assert (sent.status, sent.cost, sent.priced_as) == ("settled", Cost(None, "unknown", 9_000_000), "")
    assert (kept.cost_nano, kept.rates, kept.tokens) == (None, None, TOKENS)


@pytest.mark.parametrize(("fee", "nano"), [(0, 1001), (55_000, 1056), (500_000, 1502)])  # 1501.5: half to even
def test_what_the_provider_says_it_charged_comes_first_and_the_fee_is_added(fee: int, nano: int) -> None:
    ended = replace(ENDED, cost_nano=1001)
    kept, sent = settled(CALL, replace(PROVIDER, fee_ppm=fee), 4000, heard(ended), None, List("m"))
    assert sent.cost == Cost(nano, "provider") and (sent.priced_as, kept.rates) == ("", None)


@given(st.integers(0, 10**15), st.integers(0, 10**6))
def test_the_fee_is_rounded_as_a_fraction_would_be(charged: int, fee: int) -> None:
    from fractions import Fraction

    _, sent = settled(CALL, replace(PROVIDER, fee_ppm=fee), 1, heard(replace(ENDED, cost_nano=charged)), None, NoPrices())
    assert sent.cost.nano_usd == round(Fraction(charged * (10**6 + fee), 10**6))


def test_without_usage_it_is_estimated_from_what_was_seen_and_at_most_what_was_reserved() -> None:
    ended = replace(ENDED, tokens=None)
    kept, sent = settled(CALL, PROVIDER, 3500, heard(Thought("t" * 350), Grew("é" * 350), ended), None, List("m"))
    assert (sent.status, sent.tokens, sent.timings.tokens_per_s) == ("estimated", None, None)
    assert sent.cost == Cost(1000 * 2000 + 300 * 8000, "estimated", 9_000_000) and kept.rates == RATES
    _, sent = settled(replace(CALL, reserved_nano=5), PROVIDER, 3500, heard(Grew("a"), ended), None, List("m"))
    assert sent.cost == Cost(5, "estimated", 5)


def test_an_answer_that_broke_off_is_estimated_and_one_that_never_began_is_unknown() -> None:
    lost = OutcomeUnknown("P", "p.example", "broken_off")
    _, sent = settled(CALL, PROVIDER, 3500, heard(Grew("Hello")), lost, List("m"))
    assert (sent.status, sent.cost.source, sent.stop_reason, sent.answered_by) == ("estimated", "estimated", None, "")
    kept, sent = settled(CALL, PROVIDER, 3500, heard(), lost, List("m"))
    assert (sent.status, sent.cost, kept.stop_reason) == ("unknown", Cost(None, "unknown", 9_000_000), "")
    _, sent = settled(CALL, PROVIDER, 3500, heard(), None, List("m"))
    assert (sent.status, sent.stop_reason) == ("unknown", "cancelled")
    midway = ProviderFailed("P", "p.example", "overloaded", 200)  # an answer had begun
    assert settled(CALL, PROVIDER, 3500, heard(), midway, List("m"))[1].status == "unknown"


@pytest.mark.parametrize(
    "error",
    [KeyRefused("P", "p.example", 401), RateLimited("P", "p.example"), ProviderFailed("P", "p.example", "server_error", 500)],
)
def test_what_was_refused_costs_nothing(error: ProviderError) -> None:
    kept, sent = settled(CALL, PROVIDER, 3500, heard(), error, List("m"))
    assert (sent.status, sent.cost.nano_usd, kept.rates, kept.cost_nano) == ("refused", 0, None, 0)


def test_what_did_not_leave_costs_nothing() -> None:
    kept, sent = settled(CALL, PROVIDER, 3500, heard(has_left=False), None, List("m"))
    assert (sent.status, sent.cost.nano_usd, kept.cost_nano, sent.stop_reason) == ("not_sent", 0, 0, "cancelled")


def test_real_prices_know_a_dated_name_of_a_model() -> None:
    """As providers name what answered."""
    call = replace(CALL, model="gpt-4o")
    ended = replace(ENDED, answered_by="gpt-4o-2024-08-06", tokens=TokenCounts(1000, 100))
    _, sent = settled(call, PROVIDER, 3500, heard(ended), None, Prices())
    assert (sent.priced_as, sent.cost) == ("gpt-4o-2024-08-06", Cost(3_500_000, "computed"))  # 2.50 and 10 dollars a million
    _, sent = settled(call, PROVIDER, 3500, heard(replace(ended, answered_by="gpt-4-foo")), None, Prices())
    assert (sent.priced_as, sent.cost.nano_usd) == ("gpt-4o", 3_500_000)


@given(st.text(max_size=2000))
def test_the_estimate_lies_between_one_letter_and_eight_letters_a_token(text: str) -> None:
    n_bytes = len(text.encode())
    assert n_bytes / 8 <= likely_tokens(n_bytes) <= n_bytes
