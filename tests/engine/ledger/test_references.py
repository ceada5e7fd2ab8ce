from __future__ import annotations

from datetime import UTC, datetime

from engine.ledger.price_book import PriceBook
from engine.ledger.prices import Prices
from engine.ledger.references import references
from engine.ledger_settings import LedgerSettings

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_where_nothing_was_chosen_there_is_a_suggestion_that_has_a_price() -> None:
    book, rows = PriceBook((), (), Prices()), references(LedgerSettings())
    assert [(role, is_default) for role, _, is_default in rows] == [("would_use", True), ("strong", True), ("cheapest", True)]
    prices = [book.rates_of(reference, 600, NOON) for _, reference, _ in rows]
    assert [(each.prompt, each.generated) for each in prices if each] == [
        (2_000_000, 10_000_000), (4_000_000, 20_000_000), (100_000, 500_000),
    ]  # fmt: skip


def test_a_choice_is_kept_whether_it_has_a_price_or_not() -> None:
    rows = references(LedgerSettings(would_use=" my/model ", cheapest="deepseek/deepseek-v4-pro"))
    assert rows[0] == ("would_use", "my/model", False) and rows[2] == ("cheapest", "deepseek/deepseek-v4-pro", False)
    assert rows[1][2] is True
    assert PriceBook((), (), Prices()).rates_of("my/model", 1, NOON) is None
