from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.price_book import PriceBook
from engine.ledger.prices import NEWEST_ENTRY, Prices
from engine.price_records import ListedPrice
from engine.provider_records import Provider, ProviderId

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BUNDLED = Prices()
PLAIN = PriceBook((), (), BUNDLED)
OPENAI = Provider(ProviderId("mine"), "Mine", "openai", "https://x.example", (), "x.example", prices="openai")


def own(model: str = "openai/gpt-4o", prompt: int = 7, generated: int = 11, **more: object) -> ListedPrice:
    return replace(ListedPrice(model, prompt, generated, source="own"), **more)


def imported(model: str = "openai/gpt-4o", prompt: int = 13, generated: int = 17, **more: object) -> ListedPrice:
    return replace(ListedPrice(model, prompt, generated, source="imported"), **more)


def book(*prices: ListedPrice) -> PriceBook:
    return PriceBook(
        [each for each in prices if each.source == "own"], [each for each in prices if each.source == "imported"], BUNDLED
    )


def prompt_price(in_book: PriceBook, reference: str = "openai/gpt-4o", when: datetime = NOON) -> int | None:
    rates = in_book.rates_of(reference, 1000, when)
    return None if rates is None else rates.prompt


# ---------------------------------------------------------------- which price counts
def test_ones_own_price_goes_before_an_imported_one_and_that_before_the_list() -> None:
    assert prompt_price(PLAIN) == 2_500_000
    assert prompt_price(book(imported())) == 13
    assert prompt_price(book(own(), imported())) == 7
    assert prompt_price(book(own("openai/gpt-4"))) == 2_500_000


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.sampled_from(["openai/gpt-4o", "openai/gpt-6-luna", "nobody/new"]))
def test_ones_own_price_is_taken_as_it_is(prompt: int, generated: int, model: str) -> None:
    rates = book(own(model, prompt, generated), imported(model)).rates_of(model, 300_000, NOON)
    assert rates is not None and (rates.prompt, rates.generated) == (prompt, generated)
    assert rates.cached == rates.cache_write == prompt


def test_prices_of_a_cache_are_the_prompts_where_none_was_given() -> None:
    rates = book(own(cached=0, cache_write=9)).rates_of("openai/gpt-4o", 0, NOON)
    assert rates is not None and (rates.cached, rates.cache_write) == (0, 9)


def test_a_price_holds_from_its_first_day_to_its_last_in_utc() -> None:
    days = book(own(first=date(2026, 11, 10), last=date(2026, 11, 20)))
    first = datetime(2026, 11, 10, tzinfo=UTC)
    assert prompt_price(days, when=first) == 7
    assert prompt_price(days, when=first - timedelta(microseconds=1)) == 2_500_000
    assert prompt_price(days, when=datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)) == 7
    assert prompt_price(days, when=datetime(2026, 11, 21, tzinfo=UTC)) == 2_500_000


@given(st.integers(-800, 800))
def test_an_announced_price_does_not_count_before_its_day(n_days: int) -> None:
    begins = NOON.date() + timedelta(days=5)
    announced = book(own(first=begins), imported())
    when = NOON + timedelta(days=n_days)
    assert prompt_price(announced, when=when) == (7 if when.date() >= begins else 13)


def test_of_several_that_hold_the_one_that_began_last_counts() -> None:
    several = book(own(prompt=1), own(prompt=3, first=date(2026, 11, 1)), own(prompt=2, first=date(2026, 6, 1)))
    assert [prompt_price(several, when=NOON - timedelta(days=days)) for days in (0, 30, 400)] == [3, 2, 1]
    over = book(own(prompt=1), own(prompt=3, first=date(2026, 11, 1), last=date(2026, 11, 5)))
    assert prompt_price(over) == 1


# ---------------------------------------------------------------- names
def test_a_price_is_also_that_of_the_releases_that_answer_under_its_name() -> None:
    mine = book(own(), own("anthropic/claude-opus-9"))
    assert prompt_price(mine, "openai/gpt-4o-2024-08-06") == 7
    assert prompt_price(mine, "anthropic/claude-opus-9-20270101") == 7
    assert prompt_price(mine, "openai/gpt-4o-mini") == 150_000
    assert prompt_price(mine, "openai/gpt-4o-2024-05-13") == prompt_price(PLAIN, "openai/gpt-4o-2024-05-13") == 5_000_000


def test_names_are_the_same_in_any_case() -> None:
    assert prompt_price(book(own("OpenAI/GPT-4o"))) == 7


@pytest.mark.parametrize("reference", ["", "gpt-4o", "/gpt-4o", "openai/", "openai/gpt-4-foo", "openai/" + "x" * 100_000])
def test_what_is_no_reference_or_has_no_price_is_not_known(reference: str) -> None:
    in_book = book(own(), imported())
    assert in_book.rates_of(reference, 1, NOON) is None
    assert in_book.steps(reference, NOON) == in_book.of_day(reference, NOON.date()) == ()


def test_a_server_of_ones_own_has_the_price_that_was_entered_under_its_id() -> None:
    server = replace(OPENAI, id=ProviderId("groq"), prices="")
    assert book(own("groq/qwen3")).rates(server, "qwen3", 1, NOON) is not None
    listed = "openai/gpt-oss-120b"
    assert PLAIN.rates_of(f"groq/{listed}", 1, NOON) is not None and PLAIN.rates(server, listed, 1, NOON) is None


def test_it_can_take_the_place_of_the_list() -> None:
    """For providers of the list it says what the list says, steps and hours included."""
    for model in ("gpt-4o", "gpt-5.5", "gpt-4-foo", "text-embedding-3-small"):
        for n_tokens in (0, 272_000, 272_001):
            assert PLAIN.rates(OPENAI, model, n_tokens, NOON) == BUNDLED.rates(OPENAI, model, n_tokens, NOON)
    assert PLAIN.models(OPENAI) == BUNDLED.models(OPENAI)
    assert book(own()).rates(OPENAI, "gpt-4o", 5, NOON) == book(own()).rates_of("openai/gpt-4o", 5, NOON)


# ---------------------------------------------------------------- steps and days
def test_steps_are_told_and_ones_own_price_has_none() -> None:
    assert PLAIN.steps("openai/gpt-5.5", NOON) == (272_000,)
    assert PLAIN.steps("anthropic/claude-haiku-5-5", NOON) == (100_000,)
    assert PLAIN.steps("openai/gpt-4", NOON) == book(own("openai/gpt-5.5")).steps("openai/gpt-5.5", NOON) == ()


def test_a_day_has_all_its_prices() -> None:
    assert len(PLAIN.of_day("deepseek/deepseek-v4-pro", NOON.date())) == 2
    assert len(book(own("deepseek/deepseek-v4-pro")).of_day("deepseek/deepseek-v4-pro", NOON.date())) == 1


# ---------------------------------------------------------------- where it is from
def test_rates_name_the_layer_that_they_are_from() -> None:
    in_book = book(own(checked="2026-11-02"), imported("openai/gpt-4", first=date(2026, 10, 1)))
    mine, theirs = (in_book.rates_of(each, 1, NOON) for each in ("openai/gpt-4o", "openai/gpt-4"))
    listed = in_book.rates_of("openai/gpt-5.5", 1, NOON)
    assert mine and theirs and listed
    assert re.fullmatch("own:[0-9a-f]{16}", mine.snapshot) and mine.as_of == "2026-11-02"
    assert re.fullmatch("imported:[0-9a-f]{16}", theirs.snapshot) and theirs.as_of == "2026-10-01"
    assert (listed.snapshot, listed.as_of) == (BUNDLED.snapshot, NEWEST_ENTRY)


def test_another_price_has_another_name_and_the_same_one_the_same() -> None:
    def snapshots(in_book: PriceBook) -> tuple[str, str]:
        rates = in_book.rates_of("openai/gpt-4o", 1, NOON)
        assert rates is not None
        return rates.snapshot, in_book.snapshot

    assert snapshots(book(own())) == snapshots(book(own()))
    assert snapshots(book(own())) != snapshots(book(own(generated=12)))
    alone, beside_another = snapshots(book(own())), snapshots(book(own(), own("openai/gpt-4")))
    assert alone[0] == beside_another[0] and alone[1] != beside_another[1]


def test_the_date_is_that_of_the_newest_list() -> None:
    assert PLAIN.as_of() == NEWEST_ENTRY == book(own(checked="2026-11-20"), imported(checked="2025-01-01")).as_of()
    assert book(imported(checked="2026-11-20"), imported("a/b")).as_of() == "2026-11-20"
    assert PLAIN.age_days(date(2026, 11, 21)) == 12 and PLAIN.age_days(date(2026, 1, 1)) == 0


# ---------------------------------------------------------------- looking for one
def test_found_are_ones_own_first_then_imported_ones_then_those_of_the_list() -> None:
    found, n_found = book(imported(), own(), own("x/y")).find("openai/GPT-4o", 4, NOON)
    assert [each.source for each in found] == ["own", "imported", "bundled", "bundled"]
    assert found[2].model == "openai/gpt-4o" and n_found > 4


def test_every_word_has_to_be_in_the_name() -> None:
    found, n_found = PLAIN.find(" luna  openai ", 100, NOON)
    assert n_found == len(found) > 0 and all("openai" in each.model and "luna" in each.model for each in found)
    assert PLAIN.find("no such model", 5, NOON) == ([], 0)
    assert PLAIN.find("", 0, NOON)[0] == [] and PLAIN.find("", 3, NOON)[1] > 1500
