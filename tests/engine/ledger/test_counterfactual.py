from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data import providers as listed
from genai_prices.types import TieredPrices
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger.counterfactual import avoided, repriced
from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Prices
from engine.ledger.ratios import UNKNOWN, Ratio
from engine.ledger_records import NOTHING, Avoided, DayTotal, Spread, WorkloadId
from engine.price_records import ListedPrice

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BOOK = PriceBook((), (), Prices())
EVEN = Ratio(Spread(1_000_000, 1_000_000, 1_000_000), "calibrated")
LUNA, STEPPED = "openai/gpt-6-luna", "anthropic/claude-haiku-5-5"  # the second has a step at 100,000 tokens


def would_cost(reference: str, n_prompt: int, n_generated: int, ratio: Ratio = EVEN, **more: object) -> Spread:
    found = avoided(reference, n_prompt, n_generated, NOON, ratio, BOOK, **more)
    assert found is not None
    return found.amount


def nano(dollars: str) -> Spread:
    exact = Decimal(dollars) * 10**9
    assert exact == int(exact)
    return Spread(int(exact), int(exact), int(exact))


# ---------------------------------------------------------------- known amounts
def test_the_three_numbers_of_the_essay_on_21_november_2026() -> None:
    """100,000 tickets of 600 and 200 tokens: what GPT-4 takes, what a small model of today takes, and a server of 350 dollars."""
    a_month = [would_cost(model, 600, 200).mid * 100_000 for model in ("openai/gpt-4", LUNA)]
    assert a_month == [3_000 * 10**9, 16 * 10**9]
    server = 350 * 10**9
    assert [each - server for each in a_month] == [2_650 * 10**9, -334 * 10**9]


TICKETS = {  # dollars for 100,000 tickets of each profile
    "openai/gpt-4": ("2100", "3000", "3900", "18000"),
    "openai/gpt-4-turbo": ("800", "1200", "1550", "7000"),
    "openai/gpt-4o": ("225", "350", "450", "2000"),
    "openai/gpt-4o-mini": ("13.5", "21", "27", "120"),
    "openai/gpt-5.1": ("162.5", "275", "350", "1500"),
    "openai/gpt-5.5": ("550", "900", "1150", "5000"),
    "openai/gpt-6.1-sol": ("200", "320", "410", "1800"),
    "openai/gpt-6-luna": ("10", "16", "20.5", "90"),
    "anthropic/claude-sonnet-4-5": ("300", "480", "615", "2700"),
    "anthropic/claude-opus-4-5": ("500", "800", "1025", "4500"),
    "anthropic/claude-opus-5-5": ("400", "640", "820", "3600"),
    "anthropic/claude-haiku-5-5": ("10", "16", "20.5", "90"),
    "deepseek/deepseek-v4-pro": ("52.8", "79.2", "102.3", "462"),
    "mistral/mistral-large-4": ("56", "84", "108.5", "490"),
}


@pytest.mark.parametrize(("reference", "dollars"), TICKETS.items())
def test_a_hundred_thousand_tickets(reference: str, dollars: tuple[str, ...]) -> None:
    for profile, expected in zip(((500, 100), (600, 200), (800, 250), (4000, 1000)), dollars, strict=True):
        assert would_cost(reference, *profile).mid * 100_000 == Decimal(expected) * 10**9


@pytest.mark.parametrize(
    ("reference", "n_prompt", "n_generated", "dollars"),
    [
        (STEPPED, 100_000, 1000, "0.0105"),
        (STEPPED, 100_001, 1000, "0.0525005"),
        ("openai/gpt-5.5", 272_000, 0, "1.36"),
        ("openai/gpt-5.5", 272_001, 0, "2.72001"),
        ("openai/gpt-4", 0, 0, "0"),
    ],
)
def test_above_a_step_every_token_has_its_price(reference: str, n_prompt: int, n_generated: int, dollars: str) -> None:
    assert would_cost(reference, n_prompt, n_generated) == nano(dollars)


def test_batches_are_half_the_price_where_they_are_asked_for() -> None:
    assert would_cost("openai/gpt-4", 600, 200, in_batches=True).mid * 100_000 == 1_500 * 10**9
    assert would_cost(LUNA, 1, 0).mid == 100 and would_cost(LUNA, 1, 0, in_batches=True).mid == 50


def test_each_end_of_the_ratio_is_reckoned_apart_with_its_own_step() -> None:
    ratio = Ratio(Spread(900_000, 1_000_000, 1_300_000), "prior")
    assert would_cost("openai/gpt-4", 600, 200, ratio) == Spread(27_000_000, 30_000_000, 39_000_000)
    found = would_cost(STEPPED, 100_000, 1000, ratio)
    assert found == Spread(9_450_000, 10_500_000, 5 * 13_650_000)


def test_what_is_kept_says_what_it_was_worked_out_with() -> None:
    found = avoided(LUNA, 600, 200, NOON, UNKNOWN, BOOK)
    assert isinstance(found, Avoided)
    assert (found.reference, found.ratio, found.ratio_source) == (LUNA, UNKNOWN.amount, "none")
    assert found.rates == BOOK.rates_of(LUNA, 600, NOON)


def test_without_a_price_nothing_is_known_which_is_not_nothing() -> None:
    assert avoided("my/model", 600, 200, NOON, EVEN, BOOK) is None
    assert repriced(total("my/model"), "my/model", EVEN, BOOK) is None
    priced = PriceBook([ListedPrice("my/model", 0, 0)], (), Prices())
    free = avoided("my/model", 600, 200, NOON, EVEN, priced)
    assert free is not None and free.amount == NOTHING


# ---------------------------------------------------------------- against the package's own reckoning
@cache
def all_models() -> tuple[tuple[str, str], ...]:
    return tuple((each.id, model.id) for each in listed for model in each.models)


def test_five_thousand_events_cost_what_the_package_says_to_the_nano_dollar() -> None:
    """Generations of the past and of the next months, of all providers, at every hour.

    A price with more than six digits behind the point (it was divided by a third party) is rounded to a pico-dollar a token,
    so the sum can differ by half of that for each token. Everything else is equal. The package itself is wrong for DeepSeek
    before 17 August 2026 in its peak hours and at weekends, where it has the peak's price; so are we, with it.
    """
    chance, compared, rounded, in_future = random.Random(20261121), 0, 0, 0
    while compared < 5000:
        name, model = chance.choice(all_models())
        when = NOON + timedelta(minutes=chance.randint(-60 * 24 * 700, 60 * 24 * 400))
        size = chance.choice([1_000, 150_000, 1_200_000])
        n_prompt, n_generated = chance.randint(0, size), chance.randint(0, 20_000)
        found = avoided(f"{name}/{model}", n_prompt, n_generated, when, EVEN, BOOK)
        if found is None:
            continue
        usage = Usage(input_tokens=n_prompt, output_tokens=n_generated)
        theirs = calc_price(usage, model, provider_id=name, genai_request_timestamp=when)
        expected = int((theirs.total_price * 10**9).to_integral_value(ROUND_HALF_EVEN))
        is_long = any(price * 10**6 % 1 for price in singles(vars(theirs.model_price)))
        slack = (n_prompt + n_generated) // 2000 + 1 if is_long else 0
        assert abs(found.amount.mid - expected) <= slack, (name, model, when, n_prompt, n_generated)
        compared, rounded, in_future = compared + 1, rounded + is_long, in_future + (when > NOON)
    assert rounded < 250 and 1000 < in_future < 4000


def singles(prices: dict[str, Decimal | TieredPrices | None]) -> list[Decimal]:
    found: list[Decimal] = []
    for price in prices.values():
        if isinstance(price, TieredPrices):
            found += [price.base, *(step.price for step in price.tiers)]
        elif price is not None:
            found.append(price)
    return found


# ---------------------------------------------------------------- properties
RATIOS = st.lists(st.integers(100_000, 4_000_000), min_size=3, max_size=3).map(lambda ends: Ratio(Spread(*sorted(ends)), "prior"))
REFERENCES = st.sampled_from([LUNA, STEPPED, "openai/gpt-5.5", "deepseek/deepseek-v4-pro", "google/gemini-3.8-flash", "my/model"])
MINE = PriceBook([ListedPrice("my/model", 1_234_567, 7_654_321)], (), Prices())
PROMPTS, ANSWERS = st.integers(0, 600_000), st.integers(0, 50_000)


@settings(max_examples=60)
@given(REFERENCES, PROMPTS, ANSWERS, RATIOS, st.booleans())
def test_the_range_is_in_order_and_whole(reference: str, n_prompt: int, n_generated: int, ratio: Ratio, batches: bool) -> None:
    found = avoided(reference, n_prompt, n_generated, NOON, ratio, MINE, in_batches=batches)
    assert found is not None and 0 <= found.amount.low <= found.amount.mid <= found.amount.high
    assert [type(each) for each in (found.amount.low, found.amount.mid, found.amount.high)] == [int] * 3


@settings(max_examples=60)
@given(REFERENCES, PROMPTS, ANSWERS, RATIOS, st.integers(1, 200_000), st.integers(0, 9_000))
def test_more_tokens_never_cost_less_not_even_across_a_step(
    reference: str, n_prompt: int, n_generated: int, ratio: Ratio, more: int, longer: int
) -> None:
    fewer = avoided(reference, n_prompt, n_generated, NOON, ratio, MINE)
    many = avoided(reference, n_prompt + more, n_generated + longer, NOON, ratio, MINE)
    assert fewer and many
    assert (many.amount.low, many.amount.mid, many.amount.high) >= (fewer.amount.low, fewer.amount.mid, fewer.amount.high)
    assert many.amount.low >= fewer.amount.low and many.amount.high >= fewer.amount.high


@settings(max_examples=60)
@given(PROMPTS, ANSWERS, RATIOS)
def test_it_is_rounded_once(n_prompt: int, n_generated: int, ratio: Ratio) -> None:
    found = avoided("my/model", n_prompt, n_generated, NOON, ratio, MINE)
    exact = Fraction((n_prompt * 1_234_567 + n_generated * 7_654_321) * ratio.amount.mid, 10**9)
    assert found is not None and found.amount.mid == round(exact)  # Fraction rounds half to even


# ---------------------------------------------------------------- sums of a day
def total(model: str = "Qwen3.5 4B", **more: object) -> DayTotal:
    day = date(2026, 11, 21)
    return replace(DayTotal(day, day, "local", WorkloadId("ask"), "", model, "work", n=1, prompt=600, generated=200,
                            longest_prompt=600), **more)  # fmt: skip


def summed(prompts: list[int], n_generated: int = 200) -> DayTotal:
    return total(
        n=len(prompts), prompt=sum(prompts), generated=n_generated * len(prompts), longest_prompt=max(prompts, default=0)
    )


@settings(max_examples=60)
@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=20), st.sampled_from([LUNA, STEPPED, "openai/gpt-5.5"]))
def test_where_no_step_is_reached_a_sum_is_that_of_its_events(prompts: list[int], reference: str) -> None:
    ratio = Ratio(Spread(900_000, 1_100_000, 1_500_000), "prior")
    found = repriced(summed(prompts), reference, ratio, BOOK)
    events = [would_cost(reference, each, 200, ratio) for each in prompts]
    assert found is not None
    for one, other in ((found.low, "low"), (found.mid, "mid"), (found.high, "high")):
        assert abs(one - sum(getattr(each, other) for each in events)) <= len(prompts)  # each of them was rounded


@settings(max_examples=60)
@given(st.lists(st.integers(0, 300_000), min_size=1, max_size=12), RATIOS, st.booleans())
def test_across_a_step_the_range_holds_what_its_events_come_to(prompts: list[int], ratio: Ratio, batches: bool) -> None:
    found = repriced(summed(prompts), STEPPED, ratio, BOOK, in_batches=batches)
    events = [would_cost(STEPPED, each, 200, ratio, in_batches=batches) for each in prompts]
    assert found is not None and found.low <= found.mid <= found.high
    assert found.low - len(prompts) <= sum(each.low for each in events)
    assert sum(each.high for each in events) <= found.high + len(prompts)


def test_equally_long_prompts_are_known_to_be_above_a_step() -> None:
    assert repriced(summed([100_001] * 3, 1000), STEPPED, EVEN, BOOK) == Spread(*[3 * 52_500_500] * 3)
    mixed = repriced(summed([90_000, 110_000], 1000), STEPPED, EVEN, BOOK)
    assert mixed == Spread(21_000_000, 21_000_000, 105_000_000)  # the mean is just at the step


def test_a_sum_has_the_prices_of_its_day() -> None:
    def on(day: date) -> Spread | None:
        return repriced(total(utc_day=day, prompt=1000, generated=1000, longest_prompt=1000), "openai/gpt-5.6-luna", EVEN, BOOK)

    assert on(date(2026, 7, 29)) == nano("0.007") and on(date(2026, 7, 30)) == nano("0.0014")


def test_where_the_hour_counts_the_range_goes_from_the_cheapest_to_the_dearest() -> None:
    found = repriced(total(), "deepseek/deepseek-v4-pro", EVEN, BOOK)
    assert found == Spread(792_000, 792_000, 1_584_000)


def test_a_sum_without_events_is_nothing_and_one_that_was_taken_back_stays_in_order() -> None:
    assert repriced(total(n=0, prompt=0, generated=0), LUNA, EVEN, BOOK) == NOTHING
    back = repriced(total(n=-1, prompt=-600, generated=-200), LUNA, UNKNOWN, BOOK)
    assert back is not None and back.low <= back.mid <= back.high < 0
