"""The sections of the page about costs: forms that keep what was typed, sheets, lists, and what each of them says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs_pages import CostsPages
from desktop.viewmodels.providers import ProvidersModel
from desktop.viewmodels.settings import SettingsModel
from desktop.views.costs_budgets import BudgetSettings, BudgetSheet
from desktop.views.costs_calls import OpenCallSettings
from desktop.views.costs_currency import CurrencySettings
from desktop.views.costs_electricity import ElectricitySettings
from desktop.views.costs_hardware import HardwareSettings
from desktop.views.costs_price_sheet import PriceSheet
from desktop.views.costs_prices import PriceSettings
from desktop.views.costs_references import ReferenceSettings, ReferenceSheet
from desktop.views.costs_thresholds import ThresholdSettings
from desktop.widgets.sheet import ConfirmSheet
from engine import intents, ledger_intents
from engine.errors import PricesUnfit
from engine.ledger_events import LedgerRefused, OpenCallsListed
from engine.ledger_settings import LedgerSettings
from tests.desktop import costs_samples as samples
from tests.desktop.recording import RecordingBridge


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def area(qapp: QApplication) -> Iterator[QWidget]:
    """What the page stands in and its sheets lie over."""
    area = QWidget()
    area.theme = Theme(qapp, "light")  # type: ignore[attr-defined]
    area.resize(940, 860)
    yield area
    area.close()
    theme = area.theme  # type: ignore[attr-defined]
    shiboken6.delete(area)
    shiboken6.delete(theme)


class Sections:
    """Those of the page that a test asks for, each made when it does; the others cost time."""

    def __init__(self, area: QWidget, models: CostsPages) -> None:
        theme: Theme = area.theme  # type: ignore[attr-defined]
        self._column = QVBoxLayout(area)
        self._makers: dict[str, Callable[[], QWidget]] = {
            "currency": lambda: CurrencySettings(theme, models.costs),
            "electricity": lambda: ElectricitySettings(theme, models.costs),
            "hardware": lambda: HardwareSettings(theme, models.costs),
            "references": lambda: ReferenceSettings(theme, models.costs, models.search, area),
            "budgets": lambda: BudgetSettings(theme, models.costs, area),
            "prices": lambda: PriceSettings(theme, models.prices, area),
            "calls": lambda: OpenCallSettings(theme, models.calls),
            "thresholds": lambda: ThresholdSettings(theme, models.thresholds),
        }

    def __getattr__(self, name: str) -> Any:
        section = self._makers[name]()
        self._column.addWidget(section)
        self._column.addStretch()
        setattr(self, name, section)
        QApplication.processEvents()
        return section


@pytest.fixture
def models(bridge: RecordingBridge) -> CostsPages:
    settings = SettingsModel(bridge)
    models = CostsPages(bridge, settings, ProvidersModel(bridge))
    models.kept = settings  # type: ignore[attr-defined]
    bridge.send(*samples.a_page_of_costs())
    return models


@pytest.fixture
def page(area: QWidget, models: CostsPages) -> Sections:
    """The page without the window around it."""
    page = Sections(area, models)
    area.show()
    area.activateWindow()
    assert QTest.qWaitForWindowActive(area)
    return page


def said(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def sheet_of(area: QWidget, kind: type) -> object:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    (sheet,) = area.findChildren(kind)
    return sheet


def wished(bridge: RecordingBridge) -> LedgerSettings:
    return bridge.wished(intents.ChangeSettings)[-1].settings.ledger


# ---------------------------------------------------------------- forms
def test_nonsense_is_said_below_its_field_and_what_was_typed_stays(page: Sections, bridge: RecordingBridge) -> None:
    form = page.currency.form
    form.fill(currency="EUR", per_usd="1,085", day="2026-11-02")
    QTest.keyClick(form.fields["day"].field, Qt.Key.Key_Return)
    assert form.text("per_usd") == "1,085" and form.text("currency") == "EUR"
    assert "two ways" in said(form) and "two ways" in form.fields["per_usd"].field.accessibleDescription()
    assert QApplication.focusWidget() is form.fields["per_usd"].field and not bridge.wishes
    QTest.keyClicks(form.fields["per_usd"].field, "0")
    assert "two ways" not in said(form), "it goes once something is changed"
    form.fill(per_usd="0,92")
    form.button.click()
    assert wished(bridge).rates[-1].per_usd == Decimal("0.92") and form.text("per_usd") == ""


def test_a_currency_without_a_rate_stays_typed_and_can_be_given_one(page: Sections, bridge: RecordingBridge) -> None:
    section = page.currency
    section.code.field.setText("PLN")
    section.code.use.click()
    assert "no exchange rate for PLN" in said(section) and section.code.field.text() == "PLN" and not bridge.wishes
    assert section.form.text("currency") == "PLN"
    section.form.fill(per_usd="3.65")
    section.form.button.click()
    assert "no exchange rate" not in said(section) and section.code.use.isVisible()
    section.code.use.click()
    assert wished(bridge).currency == "PLN" and not section.code.use.isVisible()


def test_a_rate_that_is_needed_says_so_and_stays(page: Sections, bridge: RecordingBridge) -> None:
    rates = page.currency.rates
    rates.remove[2].click()
    assert len(page.currency.rates.remove) == 2
    rates.remove[0].click()
    QApplication.processEvents()
    assert "is used for" in said(rates) and len(rates.remove) == 2


def test_electricity_shows_what_counts_and_how_it_is_known(page: Sections, bridge: RecordingBridge) -> None:
    words = said(page.electricity)
    assert "€0.247 a kilowatt-hour" in words and "From 1 June 2025 on, in use" in words
    assert "38 watts at rest, 124 watts while answering" in words and "plug meter between" in words
    assert "This month: your plug meter" in words
    page.electricity.on_anyway.click()
    assert wished(bridge).is_on_anyway is False and "at rest counts as well" in said(page.electricity)
    page.electricity.forget.click()
    assert wished(bridge).watts is None and page.electricity.watts.text("idle") == ""


def test_hardware_is_owned_already_until_its_price_is_entered(page: Sections, bridge: RecordingBridge) -> None:
    section = page.hardware
    section.choice._segments["owned"].click()
    assert wished(bridge).hardware is None and not section.form.isVisible()
    n = len(bridge.wishes)
    section.choice._segments["price"].click()
    assert section.form.isVisible() and len(bridge.wishes) == n, "nothing counts before a price is there"
    section.form.fill(price="1 200,50", bought="2026-01-05", n_months="36", share="50")
    section.form.button.click()
    hardware = wished(bridge).hardware
    assert hardware is not None and (hardware.price, hardware.n_months, hardware.share_percent) == (Decimal("1200.50"), 36, 50)
    assert "€1,200.50, bought on 5 January 2026" in said(section)


# ---------------------------------------------------------------- models, budgets
def test_suggestions_are_named_as_such_and_a_missing_price_too(page: Sections) -> None:
    words = said(page.references)
    assert "anthropic/claude-opus-5-5, suggested by Strongroom" in words and "$4.00 read" in words
    assert "no known price, so nothing is counted" in words
    assert page.references.suggest["would_use"].isVisible() and not page.references.suggest["strong"].isVisible()


def test_a_model_is_found_and_compared_with(area: QWidget, page: Sections, bridge: RecordingBridge) -> None:
    page.references.choose["strong"].click()
    sheet = sheet_of(area, ReferenceSheet)
    assert not sheet.use.isEnabled() and QApplication.focusWidget() is sheet.field
    QTest.keyClicks(sheet.field, "luna")
    bridge.send(samples.listed("luna", samples.BUNDLED[:1]))
    sheet.table.selectRow(0)
    sheet.use.click()
    assert wished(bridge).strong == "openai/gpt-6-luna" and sheet.isHidden()


def test_a_model_without_a_price_can_be_named_in_full(area: QWidget, page: Sections, bridge: RecordingBridge) -> None:
    page.references.choose["cheapest"].click()
    sheet = sheet_of(area, ReferenceSheet)
    sheet.field.setText("northmoor/own-model")
    bridge.send(samples.listed("northmoor/own-model", ()))
    assert "nothing is counted as saved" in said(sheet)
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    assert wished(bridge).cheapest == "northmoor/own-model"


def test_a_budget_is_changed_in_its_sheet_which_stays_until_it_does(
    area: QWidget, page: Sections, bridge: RecordingBridge
) -> None:
    page.budgets.list.edit[0].click()
    sheet = sheet_of(area, BudgetSheet)
    assert sheet.limit.field.text() == "50" and sheet.hard.isChecked() and "is not sent" in said(sheet)
    sheet.limit.field.setText("a lot")
    sheet.keep.click()
    assert not sheet.isHidden() and "not a number" in said(sheet) and not bridge.wishes
    sheet.limit.field.setText("75")
    sheet.hard.click()
    assert "only warns" in said(sheet)
    sheet.keep.click()
    (changed,) = [budget for budget in wished(bridge).budgets if not budget.scope]
    assert sheet.isHidden() and (changed.limit, changed.is_hard) == (75, False)
    page.budgets.list.remove[0].click()
    assert len(wished(bridge).budgets) == 2


# ---------------------------------------------------------------- prices, requests
def test_a_price_of_ones_own_stays_in_its_sheet_until_it_is_kept(area: QWidget, page: Sections, bridge: RecordingBridge) -> None:
    page.prices.table.selectRow(2)
    assert page.prices.change.text() == "Enter my price" and not page.prices.remove.isVisible()
    page.prices.change.click()
    sheet = sheet_of(area, PriceSheet)
    assert sheet.fields["prompt"].field.text() == "0.1"
    sheet.fields["prompt"].field.setText("0,08")
    sheet.keep.click()
    bridge.send(LedgerRefused("KeepPrice", PricesUnfit("bad_model", detail="model")))
    assert not sheet.isHidden() and "provider/model" in said(sheet) and sheet.fields["prompt"].field.text() == "0,08"
    sheet.keep.click()
    (wish,) = bridge.wished(ledger_intents.KeepPrice)[1:]
    assert (wish.price.model, wish.price.prompt) == ("openai/gpt-6-luna", 80_000)
    bridge.send(samples.listed("openai/gpt-6-luna", ()))
    assert sheet.isHidden()


def test_only_ones_own_price_is_removed_and_after_a_question(area: QWidget, page: Sections, bridge: RecordingBridge) -> None:
    page.prices.table.selectRow(0)
    page.prices.remove.click()
    sheet_of(area, ConfirmSheet).confirm.click()
    assert bridge.wished(ledger_intents.RemovePrice) == [ledger_intents.RemovePrice(samples.OWN_PRICE)]


def test_the_list_says_how_old_it_is_and_which_file_goes_before_it(page: Sections, bridge: RecordingBridge) -> None:
    bridge.send(samples.listed(age_days=193, imported="prices.csv"))
    assert page.prices.age.text() == "Very old: 193 days" and page.prices.age.tone == "danger"
    assert "prices.csv" in said(page.prices) and "6 of 1,424 prices" in said(page.prices)


def test_an_invoice_resolves_a_request_and_the_others_keep_what_was_typed(page: Sections, bridge: RecordingBridge) -> None:
    first, second = samples.OPEN_CALLS
    forms = page.calls.forms
    forms[second.id].fill(cost="1,2")
    forms[first.id].fill(cost="0.02")
    forms[first.id].button.click()
    assert bridge.wishes[-1] == ledger_intents.ResolveCall(first.id, 20_000_000)
    bridge.send(OpenCallsListed((second,)))
    assert list(page.calls.forms) == [second.id] and page.calls.forms[second.id].text("cost") == "1,2"
    bridge.send(OpenCallsListed(()))
    assert "There are none" in said(page.calls)


# ---------------------------------------------------------------- thresholds
def test_thresholds_are_folded_away_and_go_back_to_the_defaults(page: Sections, bridge: RecordingBridge) -> None:
    section = page.thresholds
    assert "Margin" not in said(section) and section.fields["keep_months"].isVisible()
    section.fold.click()
    QApplication.processEvents()
    assert "By how many of a hundred answers" in said(section) and not section.reset.isVisible()
    margin = section.fields["margin_percent"]
    margin.field.setText("30")
    margin.use.click()
    assert "from 1 to 20" in said(section) and margin.field.text() == "30" and not bridge.wishes
    margin.field.setText("2 %")
    margin.use.click()
    assert wished(bridge).thresholds.margin_percent == 2 and margin.field.text() == "2"
    section.reset.click()
    assert wished(bridge).thresholds == LedgerSettings().thresholds and margin.field.text() == "5"
