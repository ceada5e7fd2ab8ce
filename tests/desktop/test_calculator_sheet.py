"""The calculator: what is asked of the engine, nonsense refused at its field, and each outcome said as plainly as the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from desktop.viewmodels import typed_figures
from desktop.viewmodels.calculator import CalculatorModel
from desktop.views.calculator_sheet import CalculatorSheet
from desktop.wordings import calculator
from engine import events
from engine import ledger_intents as wishes
from engine.errors import LedgerInputUnfit
from engine.ledger_events import LedgerRefused
from engine.ledger_records import Spread
from engine.ledger_settings import ExchangeRate, Hardware, LedgerSettings, MeterWatts, Tariff
from engine.settings import Settings
from engine.statement_records import CalculatorInput
from tests.desktop import ledger_samples
from tests.desktop import sheet_samples_ledger as samples
from tests.desktop.sheet_stage import SheetStage, clipped, texts

ASKED = wishes.Calculate("r", CalculatorInput(100_000, 600, 200, ledger_samples.SOL))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[SheetStage]:
    stage = SheetStage(qapp)
    stage.send(*ledger_samples.a_month_of_work())
    stage.bridge.wishes.clear()
    yield stage
    stage.close()


def opened(stage: SheetStage) -> CalculatorSheet:
    stage.ledger.calculator_wanted.emit()
    stage.send(samples.prices())
    return stage.sheet(CalculatorSheet)


def last(stage: SheetStage) -> wishes.Calculate:
    found: wishes.Calculate = stage.bridge.wished(wishes.Calculate)[-1]
    return found


def type_into(sheet: CalculatorSheet, name: str, text: str) -> None:
    field = sheet.fields[name].field
    field.setText(text)
    field.textEdited.emit(text)


def test_it_begins_with_the_plan_and_what_is_known_of_this_computer(stage: SheetStage) -> None:
    sheet = opened(stage)
    asked = last(stage).asked
    assert (asked.n_items, asked.prompt, asked.generated, asked.model) == (100_000, 600, 200, ledger_samples.SOL)
    assert asked.server == 350_000_000_000 and asked.computer == 0
    assert asked.generate_speed == 66_960  # 18.6 a second, as it was measured
    assert asked.power == Spread(35_000, 65_000, 120_000)
    assert sheet.fields["n_items"].field.hasFocus()
    assert "How fast it writes was measured on this computer; how fast it reads is an example." in texts(sheet)


def test_what_was_entered_is_taken_over_in_dollars(stage: SheetStage) -> None:
    entered = LedgerSettings(
        currency="EUR",
        rates=(ExchangeRate(currency="EUR", day=date(2026, 1, 1), per_usd=Decimal("0.8")),),
        tariffs=(Tariff(day=date(2026, 1, 1), currency="EUR", per_kwh=Decimal("0.28")),),
        watts=MeterWatts(idle=20, busy=95),
        hardware=Hardware(price=Decimal(2800), currency="EUR", bought=date(2026, 1, 1), n_months=36),
    )
    stage.send(events.SettingsChanged(Settings(ledger=entered)))
    opened(stage)
    asked = last(stage).asked
    assert (asked.per_kwh, asked.computer, asked.n_months) == (350_000_000, 3_500_000_000_000, 36)
    assert asked.power == Spread(95_000, 95_000, 95_000)
    without = entered.model_copy(update={"rates": ()})
    stage.send(events.SettingsChanged(Settings(ledger=without)))
    assert stage.gestures.places.per_kwh is None  # without a rate nothing is made up


def test_a_rate_of_exchange_makes_no_more_digits_than_anybody_reads(stage: SheetStage) -> None:
    entered = LedgerSettings(
        currency="EUR",
        rates=(ExchangeRate(currency="EUR", day=date(2026, 1, 1), per_usd=Decimal("0.9")),),
        tariffs=(Tariff(day=date(2026, 1, 1), currency="EUR", per_kwh=Decimal("0.31")),),
        hardware=Hardware(price=Decimal(2800), currency="EUR", bought=date(2026, 1, 1)),
    )
    stage.send(events.SettingsChanged(Settings(ledger=entered)))
    fields = opened(stage).fields
    assert [fields[name].field.text() for name in ("computer", "per_kwh")] == ["3,111.11", "0.3444"]


def test_typing_is_worked_out_after_a_pause_and_once(stage: SheetStage, qtbot) -> None:
    sheet = opened(stage)
    stage.bridge.wishes.clear()
    for text in ("4", "40", "40,000"):
        type_into(sheet, "n_items", text)
    assert stage.bridge.wished(wishes.Calculate) == []
    qtbot.waitUntil(lambda: bool(stage.bridge.wished(wishes.Calculate)), timeout=5000)
    (wish,) = stage.bridge.wished(wishes.Calculate)
    assert wish.asked.n_items == 40_000


def test_an_answer_to_an_older_question_is_not_shown(stage: SheetStage) -> None:
    sheet = opened(stage)
    old = last(stage)
    sheet.model.choose_preset(300, 20)
    stage.send(samples.calculated(old))
    assert sheet.model.calculation is None
    stage.send(samples.calculated(last(stage)))
    assert sheet.model.calculation is not None


def test_nonsense_is_refused_at_its_field_and_nothing_is_asked(stage: SheetStage) -> None:
    sheet = opened(stage)
    stage.send(samples.calculated(last(stage)))
    for name, text in (("n_items", "many"), ("n_items", "3.5"), ("per_kwh", "0,5"), ("prompt", "")):
        stage.bridge.wishes.clear()
        type_into(sheet, name, text)
        sheet.fields[name].field.returnPressed.emit()
        assert stage.bridge.wished(wishes.Calculate) == []
        assert "number" in sheet.fields[name].field.accessibleDescription()
        assert "Correct what is marked" in texts(sheet.result) and "$320" not in texts(sheet.result)
        type_into(sheet, name, "5")
        sheet.fields[name].field.returnPressed.emit()
        assert len(stage.bridge.wished(wishes.Calculate)) == 1


def test_what_the_engine_refuses_is_marked_where_it_was_typed(stage: SheetStage) -> None:
    sheet = opened(stage)
    type_into(sheet, "n_months", "5000")
    sheet.model.calculate()
    stage.send(LedgerRefused("Calculate", LedgerInputUnfit("n_months", "too_large"), last(stage).request))
    assert "too large" in sheet.fields["n_months"].field.accessibleDescription()


def test_a_model_is_found_by_its_name_and_chosen(stage: SheetStage) -> None:
    sheet = opened(stage)
    sheet.model_button.click()
    sheet.finder.field.textEdited.emit("luna")
    assert stage.bridge.wished(wishes.ListPrices)[-1].text == "luna"
    stage.send(replace(samples.prices("luna"), prices=(samples.LUNA_PRICE,), n_found=1))
    assert sheet.finder.buttons[0].text() == "GPT-6 Luna, openai: $0.10 and $0.50 for a million tokens"
    sheet.finder.buttons[0].click()
    assert last(stage).asked.model == "openai/gpt-6-luna" and sheet.finder.isHidden()
    sheet.model_button.click()
    stage.key(Qt.Key.Key_Escape)
    assert sheet.finder.isHidden() and not sheet.isHidden()


# ---------------------------------------------------------------- what it comes to
def test_too_much_for_this_computer_is_said_and_the_api_is_cheaper() -> None:
    found = samples.calculated(ASKED).calculation
    assert calculator.verdict(found) == (
        "The API is cheaper",
        "The API costs $320.00 a month, a rented server $350.00. This computer can’t do this much.",
    )
    api, server, computer = calculator.ways(found)
    assert api.is_cheapest and server.from_items == "109,375" and server.saves == "$30.00 more"
    assert (computer.cost, computer.from_items) == ("Does not fit", "–")
    assert "This computer can do 43,800 a month; 100,000 do not fit." in calculator.sentences(found)
    assert "Prices of 9 November 2026." in calculator.basis(found)


def test_a_computer_that_pays_says_when_and_up_to_which_price_of_electricity() -> None:
    asked = replace(ASKED, asked=replace(ASKED.asked, n_items=40_000, computer=2_800_000_000_000))
    found = samples.fitting(asked).calculation
    assert calculator.verdict(found)[0] == "A workstation is the cheapest"
    said = calculator.sentences(found)
    assert "The workstation has paid for itself after 10.2 months." in said
    assert "Above $4.86 a kilowatt-hour, a workstation costs more than the API. You pay $0.20." in said
    assert calculator.ways(found)[2].cost == "$31.20 to $47.20"
    never = calculator.sentences(replace(found, payback_months=None, per_kwh_limit=0))
    assert any("never pays for itself" in words for words in never)
    assert "A workstation costs more than the API even where electricity is free." in never
    late = calculator.sentences(replace(found, payback_months=60_000))
    assert any("longer than it is used" in words for words in late)


def test_cheap_models_win_and_ranges_that_overlap_settle_nothing() -> None:
    found = samples.cheap(ASKED).calculation
    assert calculator.verdict(found)[0] == "The API is cheaper"
    assert calculator.ways(found)[2].saves == "$13.70 to $60.40 more"
    overlapping = replace(found, api=40_000_000_000)
    title, sums = calculator.verdict(overlapping)
    assert title == "Too close to call" and "depending on the watts" in sums
    assert not any(way.is_cheapest for way in calculator.ways(overlapping))
    never = replace(found, server=samples.plan(350, 350, 350, 6, None))
    assert any("never gets cheaper" in words for words in calculator.sentences(never))


def test_without_a_price_nothing_is_compared() -> None:
    found = replace(samples.calculated(ASKED).calculation, api=None, server=None, computer=None)
    assert calculator.ways(found) == () and "There is no price for GPT-6.1 Sol" in calculator.verdict(found)[0]
    assert len(calculator.sentences(found)) == 1


def test_the_sheet_shows_the_plan_as_a_table_and_in_words(stage: SheetStage) -> None:
    sheet = opened(stage)
    stage.send(samples.calculated(last(stage)))
    words = texts(sheet.result)
    assert "The API is cheaper" in words and "With the API, the cheapest" in words and "109,375" in words
    assert "A rented server: A month: $350.00" in sheet.result.ways.accessibleDescription()
    assert "23" not in sheet.result.accessibleName() and "The API is cheaper" in sheet.result.accessibleName()
    stage.key(Qt.Key.Key_Escape)
    assert not stage.has_sheet and stage.behind.hasFocus()


def test_the_fee_of_a_provider_is_added_and_said(stage: SheetStage) -> None:
    places = stage.gestures.places
    fee = tuple(replace(each, prices=each.id, fee_ppm=55_000) for each in places.providers)
    places.setup.show_providers(fee)
    model = CalculatorModel(stage.bridge, places)
    model.begin()
    assert last(stage).asked.fee_ppm == 55_000
    assert "fee of 5.5%" in calculator.basis(samples.calculated(last(stage)).calculation)


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("en_GB", "1,234.5", Decimal("1234.5")), ("de_DE", "1.234,5", Decimal("1234.5")), ("en_GB", "3,5", None),
        ("en_GB", "1e5", None), ("en_GB", "nan", None), ("en_GB", " 0.25 ", Decimal("0.25")), ("en_GB", "", None),
    ],
)  # fmt: skip
def test_figures_are_read_as_the_locale_writes_them(locale: str, text: str, expected: Decimal | None) -> None:
    QLocale.setDefault(QLocale(locale))
    assert typed_figures.decimal(text) == expected
    if expected is not None:
        assert typed_figures.decimal(typed_figures.written(expected)) == expected


def test_nothing_is_clipped_in_a_small_window_with_large_text(qtbot, qapp: QApplication) -> None:
    stage = SheetStage(qapp, text_size=200)
    stage.send(*ledger_samples.a_month_of_work())
    sheet = opened(stage)
    stage.theme.choose("light", text_size=200, reduced_motion=True)
    stage.send(samples.calculated(last(stage)))
    sheet.model_button.click()
    assert clipped(sheet) == []
    stage.close()
