from __future__ import annotations

import random
import re
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.metadata import version
from pathlib import Path

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data import providers as listed
from genai_prices.types import StartDateConstraint, TieredPrices

from engine.ledger.costs import cost_of, highest_cost
from engine.ledger.prices import CACHE_WRITE, CACHED, GENERATED, NEWEST_ENTRY, PROMPT, SEARCHES, UNUSED, Prices
from engine.provider_records import Provider, ProviderId, TokenCounts

CHECKOUT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PRESETS = ("openai", "anthropic", "google", "openrouter", "mistral", "deepseek")
PRICES = Prices()


def provider(name: str) -> Provider:
    return Provider(ProviderId(name), name, "openai", "https://x.example", (), "x.example", prices=name)


def dollars(name: str, model: str, tokens: TokenCounts, when: datetime = NOON) -> Decimal:
    rates = PRICES.rates(provider(name), model, tokens.prompt, when)
    assert rates is not None
    return Decimal(cost_of(tokens, rates)) / 10**9


# ---------------------------------------------------------------- known prices
PROFILES = ((500, 100), (600, 200), (800, 250), (4000, 1000))
TICKETS = {  # dollars for 100,000 tickets of each profile
    ("openai", "gpt-4"): ("2100", "3000", "3900", "18000"),
    ("openai", "gpt-4-turbo"): ("800", "1200", "1550", "7000"),
    ("openai", "gpt-4o"): ("225", "350", "450", "2000"),
    ("openai", "gpt-4o-mini"): ("13.5", "21", "27", "120"),
    ("openai", "gpt-5.1"): ("162.5", "275", "350", "1500"),
    ("openai", "gpt-5.5"): ("550", "900", "1150", "5000"),
    ("openai", "gpt-6.1-sol"): ("200", "320", "410", "1800"),
    ("openai", "gpt-6-luna"): ("10", "16", "20.5", "90"),
    ("anthropic", "claude-sonnet-4-5"): ("300", "480", "615", "2700"),
    ("anthropic", "claude-opus-4-5"): ("500", "800", "1025", "4500"),
    ("anthropic", "claude-opus-5-5"): ("400", "640", "820", "3600"),
    ("anthropic", "claude-haiku-5-5"): ("10", "16", "20.5", "90"),
    ("deepseek", "deepseek-v4-pro"): ("52.8", "79.2", "102.3", "462"),
    ("mistral", "mistral-large-4"): ("56", "84", "108.5", "490"),
}


@pytest.mark.parametrize(("model", "expected"), TICKETS.items())
def test_a_hundred_thousand_tickets(model: tuple[str, str], expected: tuple[str, ...]) -> None:
    assert [dollars(*model, TokenCounts(*profile)) * 100_000 for profile in PROFILES] == [Decimal(each) for each in expected]


@pytest.mark.parametrize(
    ("name", "model", "tokens", "expected"),
    [
        ("openai", "gpt-5", TokenCounts(4000, 1000, cached=3000), "0.011625"),
        ("openai", "gpt-5", TokenCounts(1200, 300, cached=1024), "0.003348"),
        ("anthropic", "claude-sonnet-4-5", TokenCounts(1627, 97, cached=1000, cache_write=123), "0.00372825"),
        ("openai", "gpt-4o-2024-08-06", TokenCounts(600, 200), "0.0035"),  # as the answer names it
    ],
)
def test_known_calls(name: str, model: str, tokens: TokenCounts, expected: str) -> None:
    assert dollars(name, model, tokens) == Decimal(expected)


@pytest.mark.parametrize(
    ("name", "model", "tokens", "expected"),
    [
        ("anthropic", "claude-haiku-5-5", TokenCounts(100_000, 1000), "0.0105"),
        ("anthropic", "claude-haiku-5-5", TokenCounts(100_001, 1000), "0.0525005"),
        ("openai", "gpt-5.5", TokenCounts(272_000, 0), "1.36"),
        ("openai", "gpt-5.5", TokenCounts(272_001, 0), "2.72001"),
    ],
)
def test_above_a_step_its_price_is_that_of_all_tokens(name: str, model: str, tokens: TokenCounts, expected: str) -> None:
    assert dollars(name, model, tokens) == Decimal(expected)


def test_a_price_counts_from_its_day_in_utc() -> None:
    luna, before = TokenCounts(1000, 1000), datetime(2026, 7, 29, 23, 59, 59, tzinfo=UTC)
    assert dollars("openai", "gpt-5.6-luna", luna, before) == Decimal("0.007")
    assert dollars("openai", "gpt-5.6-luna", luna, before + timedelta(seconds=1)) == Decimal("0.0014")
    one = TokenCounts(1000, 0)
    announced = dollars("google", "gemini-3.8-flash", one, datetime(2027, 1, 1, tzinfo=UTC))
    assert announced == 2 * dollars("google", "gemini-3.8-flash", one, datetime(2026, 12, 31, 23, tzinfo=UTC))


def test_the_hour_counts_where_it_does() -> None:
    ticket = TokenCounts(600, 200)
    at_night = dollars("deepseek", "deepseek-v4-pro", ticket, NOON.replace(hour=2))
    assert at_night == 2 * dollars("deepseek", "deepseek-v4-pro", ticket)


# ---------------------------------------------------------------- what is not known
@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("openai", "gpt-4-foo"),
        ("anthropic", "claude-sonnet-9"),
        ("openai", ""),
        ("openai", "gpt-4o" + "x" * 1_000_000),
        ("openai", "text-embedding-3-small"),  # answers nothing, so it has no price for answers
        ("openai", "whisper-1"),
        ("openai", "gpt-4o-search-preview"),  # charges for searches besides
        ("openai", "gpt-4o-mini-search-preview"),  # so does this, which the list takes for gpt-4o-mini
        ("openrouter", "perplexity/sonar-deep-research"),  # has a price of its own for reasoning
        ("perplexity", "sonar-pro"),  # and one for each request
        ("openrouter", "deepseek/deepseek-r1:free"),  # the list says nothing of it, which is not that it costs nothing
        ("openrouter", "openrouter/auto"),
        ("", "gpt-4o"),  # a server of one's own
        ("my-openai-proxy", "gpt-4o"),
        ("OpenAI", "gpt-4o"),
    ],
)
def test_what_the_list_does_not_say_is_not_known(name: str, model: str) -> None:
    assert PRICES.rates(provider(name), model, 1000, NOON) is None


def test_cached_tokens_without_a_price_cost_what_the_prompt_does() -> None:
    rates = PRICES.rates(provider("openai"), "gpt-4", 1000, NOON)
    assert rates is not None and rates.cached == rates.cache_write == rates.prompt == 30_000_000


# ---------------------------------------------------------------- against the package's own reckoning
def everything_listed() -> list[tuple[str, str]]:
    return [(each.id, model.id) for each in listed for model in each.models]


def prices_of(name: str, model: str, when: datetime) -> dict[str, Decimal | TieredPrices] | None:
    try:
        price = calc_price(Usage(), model, provider_id=name, genai_request_timestamp=when).model_price
    except LookupError:
        return None
    return {key: value for key, value in vars(price).items() if value is not None}


def test_every_price_that_is_not_given_has_a_reason() -> None:
    given = 0
    for name, model in everything_listed():
        prices = prices_of(name, model, NOON)
        if PRICES.rates(provider(name), model, 1000, NOON) is not None:
            given += 1
            continue
        assert (
            prices is None  # an entry that its own name does not lead to
            or not {PROMPT, GENERATED} <= prices.keys()
            or SEARCHES.search(model)
            or prices.keys() - {PROMPT, GENERATED, CACHED, CACHE_WRITE} - UNUSED
        ), (name, model, prices)
    assert given > 1500


def test_five_thousand_calls_cost_what_the_package_says_to_the_nano_dollar() -> None:
    """Where a price has more than six digits behind the point (it was divided by a third party), its rate is rounded to a
    pico-dollar a token, so the sum can differ by half of that for each of its tokens. It is exact everywhere else.
    """
    chance, models, compared, rounded = random.Random(20261122), everything_listed(), 0, 0
    of_presets = [each for each in models if each[0] in PRESETS]
    while compared < 5000:
        name, model = chance.choice(of_presets if compared % 2 else models)
        when = NOON + timedelta(minutes=chance.randint(-60 * 24 * 365 * 3, 60 * 24 * 400))
        size = chance.choice([1_000, 100_000, 1_000_000])
        prompt = chance.randint(0, size)
        cached = chance.randint(0, prompt)
        tokens = TokenCounts(prompt, chance.randint(0, size), cached, chance.randint(0, prompt - cached))
        rates = PRICES.rates(provider(name), model, prompt, when)
        if rates is None:
            continue
        usage = Usage(
            input_tokens=prompt, output_tokens=tokens.generated, cache_read_tokens=cached, cache_write_tokens=tokens.cache_write
        )
        total = calc_price(usage, model, provider_id=name, genai_request_timestamp=when).total_price
        expected = int((total * 10**9).to_integral_value(ROUND_HALF_EVEN))
        inexact = has_long_price(prices_of(name, model, when) or {})
        slack = (prompt + tokens.generated) // 2000 + 1 if inexact else 0
        assert abs(cost_of(tokens, rates) - expected) <= slack, (name, model, tokens, when)
        compared, rounded = compared + 1, rounded + inexact
    assert 0 < rounded < 250


def has_long_price(prices: dict[str, Decimal | TieredPrices]) -> bool:
    singles = [price for price in prices.values() if isinstance(price, Decimal)]
    stepped = [price for price in prices.values() if isinstance(price, TieredPrices)]
    singles += [single for price in stepped for single in (price.base, *(step.price for step in price.tiers))]
    return any(price * 10**6 % 1 for price in singles)


def test_nothing_costs_more_than_the_most_that_was_reserved_for_it() -> None:
    """Also across steps: the rates are those of the high estimate, and no step of the list goes down."""
    chance = random.Random(7)
    for name, model in everything_listed():
        for high in (500, 90_000, 300_000, 1_200_000):
            rates = PRICES.rates(provider(name), model, high, NOON)
            if rates is None:
                continue
            prompt = chance.randint(0, high)
            cached = chance.randint(0, prompt)
            tokens = TokenCounts(prompt, chance.randint(0, 4096), cached, chance.randint(0, prompt - cached))
            actual = PRICES.rates(provider(name), model, prompt, NOON)
            assert actual is not None and cost_of(tokens, actual, 55_000) <= highest_cost(high, 4096, rates, 55_000), (
                name,
                model,
            )


# ---------------------------------------------------------------- rows for a table, prices of a day
def test_rows_say_what_a_short_prompt_costs_and_whether_longer_ones_cost_more() -> None:
    rows = {row.model: row for row in PRICES.listed(NOON.date())}
    assert len(rows) > 1500 and list(rows) == sorted(rows)
    luna = rows["openai/gpt-6-luna"]
    assert (luna.prompt, luna.generated, luna.cached, luna.cache_write) == (100_000, 500_000, 10_000, 125_000)
    assert luna.has_steps and luna.source == "bundled" and "272K" in luna.note and luna.url.startswith("https://")
    assert (rows["openai/gpt-4"].cached, rows["openai/gpt-4"].has_steps) == (None, False)
    assert not [name for name in rows if "embed" in name or "whisper" in name]


def test_rows_have_the_days_from_which_and_until_which_they_hold() -> None:
    name = "google/gemini-3.8-flash"
    now = next(row for row in PRICES.listed(NOON.date()) if row.model == name)
    then = next(row for row in PRICES.listed(date(2027, 1, 1)) if row.model == name)
    assert (now.first, now.last) == (None, date(2026, 12, 31))
    assert (then.first, then.last, then.prompt) == (date(2027, 1, 1), None, 2 * now.prompt)


def test_a_row_costs_what_is_asked_for_it() -> None:
    for row in PRICES.listed(NOON.date())[::20]:
        name, _, model = row.model.partition("/")
        rates = PRICES.rates(provider(name), model, 0, NOON)
        assert rates is not None and (rates.prompt, rates.generated) == (row.prompt, row.generated), row.model


def test_a_day_has_every_price_of_its_hours() -> None:
    day = PRICES.of_day("deepseek", "deepseek-v4-pro", NOON.date())
    assert [each.rates[0].prompt for each in day] == [660_000, 1_320_000]
    assert len(PRICES.of_day("openai", "gpt-5.5", NOON.date())) == 1
    assert PRICES.of_day("openai", "gpt-4-foo", NOON.date()) == PRICES.of_day("nobody", "gpt-4", NOON.date()) == ()


# ---------------------------------------------------------------- the list
def test_the_day_of_the_newest_entry_is_that_of_the_list() -> None:
    """After an update of the package: look at what its newest dates are before writing them here."""
    assert version("genai-prices") == "0.2.3"
    starts = {
        condition.constraint.start_date
        for each in listed
        for model in each.models
        if isinstance(model.prices, list)
        for condition in model.prices
        if isinstance(condition.constraint, StartDateConstraint)
    }
    newest = date.fromisoformat(NEWEST_ENTRY)
    announced = {date(2026, 12, 1), date(2027, 1, 1)}
    assert newest in starts and {each for each in starts if each > newest} == announced
    assert PRICES.as_of() == NEWEST_ENTRY


def test_rates_name_the_list_that_they_are_from() -> None:
    rates = PRICES.rates(provider("openai"), "gpt-4o", 1, NOON)
    assert rates is not None and (rates.snapshot, rates.as_of) == (PRICES.snapshot, NEWEST_ENTRY)
    assert re.fullmatch("[0-9a-f]{16}", rates.snapshot)
    program = "from engine.ledger.prices import Prices; print(Prices().snapshot)"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True, timeout=60)
    assert other.stdout.strip() == rates.snapshot, "the same list has the same name in every process"


def test_another_list_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Prices().snapshot
    monkeypatch.setattr(listed[0], "price_comments", "changed")
    assert Prices().snapshot != before


@pytest.mark.parametrize("name", PRESETS)
def test_models_that_are_offered_have_a_price(name: str) -> None:
    models = PRICES.models(provider(name))
    assert len(models) >= 5 and list(models) == sorted(models)
    assert all(PRICES.rates(provider(name), model, 1000, datetime.now(UTC)) for model in models)
    assert not [model for model in models if "embed" in model or "tts" in model or ":batch" in model]


def test_models_of_a_provider_that_is_not_listed() -> None:
    assert PRICES.models(provider("")) == PRICES.models(provider("nobody")) == ()
    assert "gpt-4o" in PRICES.models(provider("openai"))
    assert PRICES.models(replace(provider("openai"), models=("mine",))) == PRICES.models(provider("openai"))


# ---------------------------------------------------------------- nothing leaves, nothing loads early
def test_no_connection_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def tried(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    for what in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, what, tried)
    monkeypatch.setattr(socket, "getaddrinfo", tried)
    prices = Prices()
    assert prices.rates(provider("openai"), "gpt-4o", 1000, NOON) is not None
    assert prices.rates(provider("openai"), "gpt-4-foo", 1000, NOON) is None
    assert prices.snapshot and prices.models(provider("mistral"))


def test_the_package_is_loaded_when_a_price_is_asked_for() -> None:
    program = (
        "import sys, threading\n"
        "from engine.ledger.prices import Prices\n"
        "from engine.provider_records import Provider, ProviderId\n"
        "from datetime import UTC, datetime\n"
        "prices = Prices()\n"
        "print(prices.as_of(), [name for name in sys.modules if name.startswith(('genai_prices', 'httpx2', 'pydantic'))])\n"
        "openai = Provider(ProviderId('o'), 'O', 'openai', '', (), '', prices='openai')\n"
        "print(prices.rates(openai, 'gpt-4o', 1, datetime.now(UTC)) is not None, threading.active_count())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True, timeout=60
    )
    assert ran.stdout.splitlines() == [f"{NEWEST_ENTRY} []", "True 1"]
