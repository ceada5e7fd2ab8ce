"""The settings of the ledger, without a window: what was typed counts, or a sentence says why it does not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from desktop.viewmodels.costs import CostsModel
from desktop.viewmodels.costs_pages import CostsPages
from desktop.viewmodels.providers import ProvidersModel
from desktop.viewmodels.settings import SettingsModel
from engine import intents, ledger_intents
from engine.events import SettingsChanged
from engine.ledger_settings import LedgerSettings, MeterWatts, Thresholds
from tests.desktop import costs_samples as samples
from tests.desktop import ledger_samples
from tests.desktop.recording import RecordingBridge


@pytest.fixture
def bridge(qapp: object) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def pages(bridge: RecordingBridge) -> CostsPages:
    settings = SettingsModel(bridge)
    pages = CostsPages(bridge, settings, ProvidersModel(bridge))
    pages.kept_settings = settings  # type: ignore[attr-defined]
    return pages


@pytest.fixture
def model(pages: CostsPages) -> CostsModel:
    return pages.costs


def wished(bridge: RecordingBridge) -> LedgerSettings:
    """What the newest wish would make of the settings."""
    return bridge.wished(intents.ChangeSettings)[-1].settings.ledger


def full(bridge: RecordingBridge, ledger: LedgerSettings = samples.FULL) -> None:
    bridge.send(*samples.a_page_of_costs(ledger))


# ---------------------------------------------------------------- currency
def test_a_currency_without_a_rate_is_refused_with_the_way_out(model: CostsModel, bridge: RecordingBridge) -> None:
    problem = model.use_currency("PLN")
    assert "no exchange rate for PLN" in problem and "Exchange rates" in problem
    assert not bridge.wishes and model.ledger.currency == "USD"
    assert model.add_rate("pln", "3,65", "2026-11-02") == {}
    assert model.use_currency("pln") == ""
    assert wished(bridge).currency == "PLN" and wished(bridge).rates[0].per_usd == Decimal("3.65")


def test_a_rate_of_the_same_day_takes_the_place_of_the_one_before(model: CostsModel, bridge: RecordingBridge) -> None:
    for figure in ("0.91", "0.92"):
        assert model.add_rate("EUR", figure, "2026-11-02") == {}
    assert [rate.per_usd for rate in wished(bridge).rates] == [Decimal("0.92")]


def test_each_field_of_a_rate_has_its_own_sentence(model: CostsModel, bridge: RecordingBridge) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    assert set(model.add_rate("E", "x", tomorrow)) == {"currency", "per_usd", "day"}
    assert set(model.add_rate("USD", "0", "2026-11-02")) == {"currency", "per_usd"}
    assert not bridge.wishes


def test_rates_are_shown_newest_first_and_say_which_is_used(model: CostsModel, bridge: RecordingBridge) -> None:
    full(bridge)
    assert [(rate.currency, rate.day.month, used) for rate, used in model.rates] == [
        ("EUR", 9, True), ("GBP", 7, False), ("EUR", 3, False),
    ]  # fmt: skip


def test_the_last_rate_of_a_currency_in_use_stays(model: CostsModel, bridge: RecordingBridge) -> None:
    full(bridge)
    newest, pounds, oldest = (rate for rate, _ in model.rates)
    assert model.remove_rate(newest) == "" and model.remove_rate(pounds) == ""
    problem = model.remove_rate(oldest)
    assert "electricity" in problem and "hardware" in problem and "budgets" in problem
    assert wished(bridge).rates == (oldest,)


# ---------------------------------------------------------------- electricity
def test_a_tariff_is_dated_and_needs_a_currency_that_can_be_counted(model: CostsModel, bridge: RecordingBridge) -> None:
    assert "currency" in model.add_tariff("0.25", "EUR", "2026-01-01")
    model.add_rate("EUR", "0.92", "2026-01-01")
    assert model.add_tariff("0,25", "EUR", "2026-01-01") == {}
    (tariff,) = wished(bridge).tariffs
    assert (tariff.per_kwh, tariff.currency, tariff.day) == (Decimal("0.25"), "EUR", date(2026, 1, 1))
    model.remove_tariff(tariff)
    assert wished(bridge).tariffs == ()


def test_a_tariff_of_the_future_is_not_the_one_in_use(model: CostsModel, bridge: RecordingBridge) -> None:
    next_year = (date.today() + timedelta(days=365)).isoformat()
    for price, day in (("0.2", "2026-01-01"), ("0.3", next_year)):
        assert model.add_tariff(price, "USD", day) == {}
    assert [(str(tariff.per_kwh), used) for tariff, used in model.tariffs] == [("0.3", False), ("0.2", True)]


def test_watts_while_answering_are_not_below_those_at_rest(model: CostsModel, bridge: RecordingBridge) -> None:
    assert set(model.measure("120", "38")) == {"busy"}
    assert set(model.measure("a few", "-3")) == {"idle", "busy"}
    assert model.measure("38", "120") == {}
    assert wished(bridge).watts == MeterWatts(idle=38, busy=120)
    model.forget_watts()
    assert wished(bridge).watts is None


def test_a_co2_factor_counts_only_if_it_was_entered(model: CostsModel, bridge: RecordingBridge) -> None:
    assert model.use_co2("lots") and not bridge.wishes
    assert model.use_co2("363") == "" and wished(bridge).co2_g_per_kwh == 363
    assert model.use_co2("") == "" and wished(bridge).co2_g_per_kwh is None


# ---------------------------------------------------------------- hardware, references, budgets
def test_hardware_is_kept_as_a_whole_or_not_at_all(model: CostsModel, bridge: RecordingBridge) -> None:
    assert set(model.use_hardware("x", "PLN", "then", "0", "101")) == {"price", "currency", "bought", "n_months", "share"}
    assert not bridge.wishes
    assert model.use_hardware("2 800", "USD", "2025-03-04", "48", "60 %") == {}
    kept = wished(bridge).hardware
    assert kept is not None and (kept.price, kept.n_months, kept.share_percent) == (Decimal(2800), 48, 60)
    model.own_already()
    assert wished(bridge).hardware is None


def test_a_reference_is_known_with_its_price_and_whether_it_is_suggested(model: CostsModel, bridge: RecordingBridge) -> None:
    full(bridge)
    assert model.reference("would_use") == (ledger_samples.SOL, False, (2_000_000_000, 10_000_000_000))
    assert model.reference("strong") == (ledger_samples.OPUS, True, (4_000_000_000, 20_000_000_000))
    assert model.reference("cheapest") == (ledger_samples.LUNA, True, None)
    model.choose_reference("strong", "google/gemini-4-argon")
    assert model.reference("strong") is None, "the month has not been made anew yet"


def test_the_month_is_asked_for_again_when_the_engine_has_taken_a_change(model: CostsModel, bridge: RecordingBridge) -> None:
    full(bridge)
    model.watch(True)
    n = len(bridge.wished(ledger_intents.ShowLedger))
    model.choose_reference("strong", "google/gemini-4-argon")
    assert len(bridge.wished(ledger_intents.ShowLedger)) == n
    bridge.send(SettingsChanged(samples.settings_of(model.ledger)))
    assert len(bridge.wished(ledger_intents.ShowLedger)) == n + 1
    bridge.send(SettingsChanged(samples.settings_of(model.ledger, text_size=120)))
    assert len(bridge.wished(ledger_intents.ShowLedger)) == n + 1, "the size of text changes no month"


def test_a_budget_takes_the_place_of_the_one_for_the_same(model: CostsModel, bridge: RecordingBridge) -> None:
    full(bridge)
    assert set(model.keep_budget("", "much", "XYZ", "50, 120", is_hard=True)) == {"limit", "currency", "warn"}
    assert model.keep_budget("provider:openai", "30", "USD", "90 50; 90", is_hard=True) == {}
    kept = {budget.scope: budget for budget in wished(bridge).budgets}
    assert len(kept) == 3 and kept["provider:openai"].warn_percent == (50, 90) and kept["provider:openai"].is_hard
    moved = kept["workload:v1"]
    assert model.keep_budget("workload:v2", "5", "USD", "", is_hard=False, before=moved) == {}
    assert {budget.scope for budget in wished(bridge).budgets} == {"", "provider:openai", "workload:v2"}


def test_a_budget_can_be_for_everything_a_provider_or_a_workload(model: CostsModel, bridge: RecordingBridge) -> None:
    full(bridge)
    assert model.scopes[""] == "All remote models" and model.scopes["provider:openai"] == "OpenAI"
    assert model.scopes["workload:v1"] == "Ticket triage" and model.scopes["workload:compare"] == "Comparisons"


# ---------------------------------------------------------------- thresholds
def test_a_threshold_keeps_to_its_range_and_goes_back(pages: CostsPages, bridge: RecordingBridge) -> None:
    thresholds = pages.thresholds
    assert thresholds.use("margin_percent", "30") == "Enter a number from 1 to 20."
    assert thresholds.use("valid_percent", "98.5") == "Enter a whole number."
    assert not bridge.wishes and not thresholds.are_own
    assert thresholds.use("margin_percent", "2 %") == "" and thresholds.use("least_saving", "7,50") == ""
    assert wished(bridge).thresholds == Thresholds(margin_percent=2, least_saving=Decimal("7.50"))
    assert thresholds.are_own and thresholds.value("least_saving") == "7.5"
    thresholds.reset()
    assert wished(bridge).thresholds == Thresholds()


def test_entries_are_kept_for_a_year_at_least(pages: CostsPages, bridge: RecordingBridge) -> None:
    assert pages.thresholds.use_whole("keep_months", "12") == "Enter a number from 13 to 240."
    assert pages.thresholds.use_whole("keep_months", "36") == "" and wished(bridge).keep_months == 36
