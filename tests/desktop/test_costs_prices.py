"""Prices and requests of unknown cost, without a window: found, kept, imported, resolved, and refused beside the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt

from desktop.viewmodels.costs_calls import OpenCallsModel
from desktop.viewmodels.costs_price_table import COLUMNS
from desktop.viewmodels.costs_prices import PriceSearch, PricesModel
from desktop.wordings import costs
from engine import ledger_intents
from engine.errors import LedgerInputUnfit, PricesUnfit
from engine.ledger_events import LedgerRefused, OpenCallsListed
from tests.desktop import costs_samples as samples
from tests.desktop.recording import RecordingBridge


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def bridge(qapp: object) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> PricesModel:
    model = PricesModel(bridge)
    bridge.send(samples.listed())
    return model


def enter(prices: PricesModel, **changes: str) -> None:
    texts = {"model": "own/x", "prompt": "2", "generated": "10", "cached": "", "first": "", "url": ""} | changes
    prices.keep(**texts, before=None)  # type: ignore[arg-type]


def test_only_the_list_that_was_looked_for_is_shown(model: PricesModel, bridge: RecordingBridge) -> None:
    assert model.table.rowCount() == len(samples.PRICES) and model.n_found == len(samples.PRICES) + 1_418
    model.text = "luna"
    bridge.send(samples.listed("opus", samples.BUNDLED[2:3]))
    assert model.table.rowCount() == len(samples.PRICES)
    bridge.send(samples.listed("luna", samples.BUNDLED[:1]))
    assert model.table.rowCount() == 1 and model.n_found == 1


def test_prices_sort_by_their_figures_and_own_ones_come_first_otherwise(model: PricesModel) -> None:
    table = model.table
    assert table.price_at(0) == samples.OWN_PRICE
    table.sort(COLUMNS.index("generated"), Qt.SortOrder.DescendingOrder)
    assert [table.price_at(row).generated for row in range(2)] == [20_000_000, 9_000_000]  # type: ignore[union-attr]
    table.sort(-1)
    assert table.price_at(0) == samples.OWN_PRICE
    assert table.index(5, 1).data() == "$0.075" and table.index(0, 4).data() == "Yours"


def test_notes_of_files_are_no_markup(model: PricesModel) -> None:
    assert "Announced &amp; dated" in model.table.index(5, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_price_is_kept_in_whole_pico_dollars(model: PricesModel, bridge: RecordingBridge) -> None:
    enter(model, model=" openai/gpt-6.1-sol ", prompt="1,8", generated="$9", cached="0.18", first="2026-11-01")
    (wish,) = bridge.wished(ledger_intents.KeepPrice)
    price = wish.price
    assert (price.model, price.prompt, price.generated, price.cached) == ("openai/gpt-6.1-sol", 1_800_000, 9_000_000, 180_000)
    assert (price.first, price.source, price.checked) == (date(2026, 11, 1), "own", date.today().isoformat())
    assert model.is_busy


def test_nonsense_never_reaches_the_engine(model: PricesModel, bridge: RecordingBridge) -> None:
    enter(model, model="gpt", prompt="free", generated="20000", cached="-1", first="soon")
    assert set(model.entry_problems) == {"model", "prompt", "generated", "cached", "first"}
    assert not bridge.wished(ledger_intents.KeepPrice) and not model.is_busy


def test_what_the_engine_refuses_is_said_beside_its_field(model: PricesModel, bridge: RecordingBridge) -> None:
    enter(model)
    bridge.send(LedgerRefused("KeepPrice", PricesUnfit("bad_number", detail="output")))
    assert set(model.entry_problems) == {"generated"} and not model.is_busy


def test_kept_is_told_by_the_list_of_that_model_and_by_no_other(model: PricesModel, bridge: RecordingBridge) -> None:
    told: list[bool] = []
    model.kept.connect(lambda: told.append(True))
    enter(model)
    bridge.send(samples.listed())
    assert not told and model.is_busy
    bridge.send(samples.listed("own/x", ()))
    assert told and not model.is_busy
    assert bridge.wishes[-1] == ledger_intents.ListPrices("", 200), "the list that is shown is asked for anew"


def test_a_price_whose_day_changes_takes_the_place_of_the_one_before(model: PricesModel, bridge: RecordingBridge) -> None:
    before = samples.OWN_PRICE
    model.keep(before.model, "2", "10", "", "2025-10-01", "", before)
    bridge.send(samples.listed(before.model, ()))
    assert bridge.wished(ledger_intents.RemovePrice) == [ledger_intents.RemovePrice(before)]
    model.keep(before.model, "2", "10", "", "2025-09-01", "", before)
    bridge.send(samples.listed(""), samples.listed(before.model, ()))
    assert len(bridge.wished(ledger_intents.RemovePrice)) == 1


def test_a_file_that_was_refused_says_why_and_what_still_holds(model: PricesModel, bridge: RecordingBridge) -> None:
    model.import_file(Path("/tmp/prices.csv"))
    assert bridge.wishes[-1] == ledger_intents.ImportPrices(Path("/tmp/prices.csv"))
    bridge.send(LedgerRefused("ImportPrices", PricesUnfit("bad_number", "prices.csv", 14)))
    assert model.problem is not None and "Line 14" in model.problem.happened and "still hold" in model.problem.kept
    model.import_file(Path("/tmp/prices.csv"))
    bridge.send(samples.listed(imported="prices.csv"))
    assert model.problem is None and model.imported == "prices.csv"


@pytest.mark.parametrize(("days", "tone"), [(0, "neutral"), (60, "neutral"), (61, "caution"), (180, "caution"), (181, "danger")])
def test_an_old_list_is_told_by_icon_and_word(days: int, tone: str) -> None:
    status = costs.price_age("2026-11-09", days)
    assert status.tone == tone and status.icon and str(days) in status.text
    assert ("ld:" in status.text) == (tone != "neutral")


def test_a_search_shows_its_own_answer(bridge: RecordingBridge) -> None:
    search = PriceSearch(bridge)
    search.find(" luna ")
    assert bridge.wishes[-1] == ledger_intents.ListPrices("luna", 200)
    bridge.send(samples.listed())
    assert search.prices is None
    bridge.send(samples.listed("luna", samples.BUNDLED[:1]))
    assert search.prices == samples.BUNDLED[:1]


# ---------------------------------------------------------------- requests of unknown cost
def test_a_request_is_resolved_with_what_the_invoice_says(bridge: RecordingBridge) -> None:
    model = OpenCallsModel(bridge)
    bridge.send(OpenCallsListed(samples.OPEN_CALLS))
    first, second = samples.OPEN_CALLS
    model.resolve(first, "nothing")
    assert set(model.problems) == {first.id} and not bridge.wishes
    model.resolve(first, "0,0214")
    assert bridge.wishes == [ledger_intents.ResolveCall(first.id, 21_400_000)] and not model.problems
    bridge.send(LedgerRefused("ResolveCall", LedgerInputUnfit("cost", "too_large")))
    assert set(model.problems) == {first.id}
    model.resolve(first, "0.02")
    bridge.send(OpenCallsListed((second,)))
    assert model.calls == (second,) and not model.problems


def test_another_refusal_is_not_taken_for_ours(bridge: RecordingBridge, model: PricesModel) -> None:
    calls = OpenCallsModel(bridge)
    bridge.send(LedgerRefused("ResolveCall", LedgerInputUnfit("cost", "too_large")))
    bridge.send(LedgerRefused("ImportPrices", PricesUnfit("no_rows")))
    assert not calls.problems and model.problem is None


def test_details_of_a_price_name_what_has_no_column() -> None:
    words = costs.price_details(replace(samples.BUNDLED[1], cached=10_000))
    assert "Longer prompts cost more" in words and "$0.01" in words and "claude.example" in words
