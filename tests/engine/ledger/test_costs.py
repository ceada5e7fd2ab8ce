from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.costs import FRAME_TOKENS, cost_of, high_token_estimate, highest_cost
from engine.provider_records import Rates, TokenCounts

#: GPT-5: 1.25, 10 and 0.125 dollars a million tokens.
GPT_5 = Rates(1_250_000, 10_000_000, 125_000, 1_250_000, "0123456789abcdef", "2026-11-09")
#: Claude Sonnet 4.5: 3, 15, 0.30 and 3.75 dollars a million tokens.
SONNET = Rates(3_000_000, 15_000_000, 300_000, 3_750_000, "0123456789abcdef", "2026-11-09")

COUNTS = st.integers(0, 2_000_000)
RATES = st.builds(Rates, *[st.integers(0, 10**9)] * 4, st.just(""), st.just(""))
FEES = st.integers(0, 200_000)


@st.composite
def usages(draw: st.DrawFn) -> TokenCounts:
    prompt = draw(COUNTS)
    cached = draw(st.integers(0, prompt))
    return TokenCounts(prompt, draw(COUNTS), cached, draw(st.integers(0, prompt - cached)))


@pytest.mark.parametrize(
    ("rates", "tokens", "dollars"),
    [
        (GPT_5, TokenCounts(4000, 1000, cached=3000), "0.011625"),
        (GPT_5, TokenCounts(1200, 300, cached=1024), "0.003348"),
        (SONNET, TokenCounts(504 + 123 + 1000, 97, cached=1000, cache_write=123), "0.00372825"),
        (GPT_5, TokenCounts(4000, 1000, cached=3000, reasoning=900), "0.011625"),  # reasoning is part of the answer
        (SONNET, TokenCounts(0, 0), "0"),
    ],
)
def test_known_calls_cost_what_they_cost(rates: Rates, tokens: TokenCounts, dollars: str) -> None:
    assert cost_of(tokens, rates) == Fraction(dollars) * 10**9


def test_a_hundred_cached_tokens_cost_something() -> None:
    """0.0028 dollars a million: what micro-dollars could not tell from nothing."""
    assert cost_of(TokenCounts(100, 0, cached=100), Rates(140_000, 280_000, 2_800, 140_000, "", "")) == 280


@pytest.mark.parametrize(("pico", "nano"), [(499, 0), (500, 0), (501, 1), (1_499, 1), (1_500, 2), (1_501, 2), (2_500, 2)])
def test_halves_go_to_the_even_number(pico: int, nano: int) -> None:
    assert cost_of(TokenCounts(1, 0), Rates(pico, 0, 0, 0, "", "")) == nano


@given(usages(), RATES, FEES)
def test_it_is_rounded_once_with_the_fee(tokens: TokenCounts, rates: Rates, fee: int) -> None:
    fresh = tokens.prompt - tokens.cached - tokens.cache_write
    pico = fresh * rates.prompt + tokens.cached * rates.cached + tokens.cache_write * rates.cache_write
    exact = Fraction(pico + tokens.generated * rates.generated) * (1 + Fraction(fee, 10**6)) / 1000
    assert cost_of(tokens, rates, fee) == round(exact)  # Fraction rounds half to even


def test_a_fee_is_added() -> None:
    assert cost_of(TokenCounts(1_000_000, 0), GPT_5, fee_ppm=55_000) == 1_318_750_000


@pytest.mark.parametrize(
    "wrong",
    [TokenCounts(10, 5, cached=99), TokenCounts(10, 5, cached=10, cache_write=7), TokenCounts(10, 5, cached=-4, cache_write=-9)],
)
def test_counts_that_contradict_each_other_stay_within_the_request(wrong: TokenCounts) -> None:
    assert 0 < cost_of(wrong, SONNET) <= highest_cost(10, 5, SONNET)


@given(usages(), RATES, FEES, st.integers(0, 1000), st.integers(0, 1000))
def test_nothing_costs_more_than_the_most(tokens: TokenCounts, rates: Rates, fee: int, more: int, longer: int) -> None:
    assert cost_of(tokens, rates, fee) <= highest_cost(tokens.prompt + more, tokens.generated + longer, rates, fee)


def test_the_most_is_rounded_up_and_takes_the_dearest_price_of_the_prompt() -> None:
    assert highest_cost(1, 0, Rates(1, 0, 0, 0, "", "")) == 1
    assert highest_cost(1000, 100, SONNET) == 1000 * 3_750 + 100 * 15_000
    assert highest_cost(1000, 0, replace(SONNET, cached=9_000_000), fee_ppm=100_000) == 9_900_000


# ---------------------------------------------------------------- tokens
#: Tokens of o200k_base, counted once; the bytes that stand for one go from 1.8 (figures) to 5.7 (Arabic).
O200K = {
    "Hello, my parcel was due on Tuesday and has still not arrived. I have called twice and nobody could tell me where it is. "
    "Please send the money back or tell me when it will come.": 40,
    "Der Verkäufer zahlt für jede Woche der Verspätung eine Vertragsstrafe von einem halben Prozent des Kaufpreises, höchstens "
    "jedoch fünf Prozent. Weitergehende Ansprüche bleiben unberührt.": 42,
    "Le vendeur verse une pénalité d’un demi pour cent du prix par semaine de retard, sans pouvoir dépasser cinq pour cent. Les "
    "autres droits de l’acheteur demeurent réservés.": 38,
    "卖方每延迟一周应支付货款百分之零点五的违约金，但最高不超过百分之五。买方的其他权利不受影响。": 38,  # noqa: RUF001
    "売主は、遅延一週間ごとに代金の〇・五パーセントの違約金を支払う。ただし、五パーセントを上限とする。": 44,
    "يدفع البائع غرامة قدرها نصف في المائة من الثمن عن كل أسبوع من التأخير، على ألا تتجاوز خمسة في المائة.": 32,
    '{"name": "Anna Harlow", "tenancy": "T-2291", "rent": 1250.00, "paid": [true, false, true], "due": "2026-11-30"}': 48,
    "4929 1183 2201 7765 0093 DE89 3704 0044 0532 0130 00 0049 30 901820": 38,
    "👩‍⚖️📜🏛️🔒✅": 14,
}
LARGEST_RATIO = 2.2  # of one vendor's count to another's, as measured on the same texts


@pytest.mark.parametrize(("text", "n_tokens"), O200K.items())
def test_the_estimate_is_above_what_any_vendor_counts(text: str, n_tokens: int) -> None:
    assert n_tokens * LARGEST_RATIO <= high_token_estimate(text)


@given(st.text())
def test_there_is_a_token_for_each_byte_as_written_and_as_normalised(text: str) -> None:
    assert high_token_estimate(text) >= len(text.encode("utf-8", "surrogatepass")) + FRAME_TOKENS


def test_a_character_that_normalising_makes_longer_is_counted_so() -> None:
    assert high_token_estimate("\ufdfa" * 100) == 3300 + FRAME_TOKENS  # 3 bytes as written, 33 when taken apart


def test_half_a_character_is_counted() -> None:
    assert high_token_estimate("a\ud800") == 4 + FRAME_TOKENS
