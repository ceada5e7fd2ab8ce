"""Figures of reports: what is not nothing is not shown as nothing, and a range holds what it held."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.csv_cells import cell
from engine.ledger_records import Month, Spread
from engine.price_records import Currency
from engine.reports import figures
from engine.reports.figures import money, plain, span
from tests.engine.reports.pages import EURO, UNIT

nano = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=80)
@given(nano)
def test_plain_amounts_are_read_back_to_the_last_unit_and_never_guarded(amount: int) -> None:
    text = cell(plain(amount))
    assert int(Decimal(text).scaleb(9)) == amount
    assert len(text.partition(".")[2]) == 9 and not text.startswith("'") and "E" not in text


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(370_470_000_000, "€370.47"), (-12_300_000_000, "−€12.30"), (0, "€0.00"), (1, "less than €0.01"),
     (-1, "minus less than €0.01"),
     (5_000_000, "less than €0.01"), (5_000_001, "€0.01"), (15_000_000, "€0.02"), (1_234_567 * UNIT, "€1,234,567.00")],
)  # fmt: skip
def test_money(amount: int, shown: str) -> None:
    assert money(amount, EURO) == shown


def test_columns_say_shortly_that_something_is_tiny() -> None:
    assert [figures.short(each, EURO) for each in (1, -1, 0, None, UNIT)] == ["<€0.01", ">−€0.01", "€0.00", "not known", "€1.00"]


def test_money_of_other_currencies_and_not_known() -> None:
    assert money(None, EURO) == "not known"
    assert money(1_500 * UNIT, Currency("JPY")) == "¥1,500" and money(UNIT, Currency("CHF")) == "CHF\u00a01.00"


@settings(max_examples=80)
@given(nano, nano)
def test_a_range_is_rounded_outwards(one: int, other: int) -> None:
    low, high = sorted((one, other))
    text = span(Spread(low, low, high), EURO)
    if low == high:
        assert text == money(low, EURO)
        return
    ends = [Decimal(each.replace("€", "").replace(",", "").replace("−", "-")) * UNIT for each in text.split(" to ")]
    assert ends[0] <= low and high <= ends[1]
    assert high - low <= ends[1] - ends[0] <= high - low + 2 * UNIT


def test_other_figures() -> None:
    assert figures.energy(38 * UNIT) == "38 kWh" and figures.energy(420_000_000) == "0.42 kWh"
    assert figures.energy(12_000_000) == "12 Wh" and figures.energy(0) == "0 Wh" and figures.energy(1) == "less than 0.1 Wh"
    assert figures.percent(805_000) == "80%" and figures.ratio(1_290_000) == "1.29" and figures.kilograms(16_800) == "16.8 kg"
    assert figures.month(Month(2026, 9)) == "September 2026" and figures.iso_day("2026-09-30") == "30 September 2026"
    assert figures.iso_day("yesterday") == "yesterday" and figures.counted(1, "item", "items") == "1 item"
    assert figures.adds_up(3, (1, 2), EURO) and not figures.adds_up(10_000_000, (5_000_000, 5_000_000), EURO)
