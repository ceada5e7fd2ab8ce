"""How a month was worked out: every number stands in the page, nothing that is not known is made up, and all can be copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import shiboken6
from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.theme import Theme
from desktop.viewmodels import ledger_explained as explained
from desktop.views.ledger_explained import ExplainedSheet
from engine.ledger_records import Month, Spread
from engine.price_records import Currency
from engine.statement_records import BreakEven, EnergyUsed, HardwareShare, LedgerPage
from tests.desktop import ledger_samples as samples


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


def part(page: LedgerPage, title: str) -> explained.Part:
    return next(each for each in explained.parts(page) if each.title == title)


def lines(page: LedgerPage, title: str) -> dict[str, str]:
    return {line.name: line.value for line in part(page, title).formula}


# ---------------------------------------------------------------- the figures
def test_what_was_avoided_is_opened_to_tokens_ratio_and_price() -> None:
    shown = lines(samples.page(currency=Currency("EUR", 920_000_000, date(2025, 9, 1))), "API price avoided")
    assert shown["Tokens read"] == "61,200,000 × $2.00 a million"
    assert shown["Tokens written"] == "21,400,000 × $10.00 a million"
    assert shown["Its tokens for one of ours"] == "1.00 (0.80 to 1.60)"
    assert shown["One dollar"] == "0.92 EUR"
    assert shown["API price avoided"].startswith("€438.20 (")


@pytest.mark.parametrize(
    ("source", "words"), [("calibrated", "your own comparisons"), ("prior", "beforehand"), ("none", "Nobody has counted")]
)
def test_where_the_ratio_comes_from_is_said(source: str, words: str) -> None:
    first, *others = samples.references()
    page = samples.page(references=(replace(first, ratio_source=source), *others))  # type: ignore[arg-type]
    assert words in " ".join(part(page, "API price avoided").notes)


def test_electricity_can_be_multiplied_from_what_is_shown() -> None:
    energy = EnergyUsed(Spread(30, 38_057_000_000, 41_000_000_000), (("rapl", 800_000), ("model", 200_000)), 247_000_000, False)
    found = part(samples.page(energy=energy), "Electricity")
    shown = {line.name: line.value for line in found.formula}
    assert shown["Energy"].startswith("38.057 kWh") and shown["A kilowatt-hour"] == "€0.247"
    assert "the counter of the processor (80%), an estimate for this computer (20%)" in found.sentences[0]
    assert "example" not in found.text and "CO₂" not in found.text


def test_an_example_price_and_co2_are_told_where_they_are() -> None:
    energy = EnergyUsed(samples.exactly(0), (("meter", 1_000_000),), 200_000_000, True, 3_600_000_000, Spread(1, 13_794, 2))
    found = part(samples.page(energy=energy), "Electricity")
    assert "This price is an example" in found.text and "13,794 g of CO₂" in found.text and "1 h 0 min" in found.text


@pytest.mark.parametrize("make", [samples.page, samples.dear_page])
def test_the_subtraction_is_exact_at_all_three_ends(make: object) -> None:
    page = make()  # type: ignore[operator]
    for line in part(page, "Net saving").formula:
        figures = [int(digits.replace(",", "").replace(".", "")) for digits in re.findall(r"€([\d,]+\.\d\d)", line.value)]
        avoided, electricity, hardware, net = figures
        assert avoided - electricity - hardware == (-net if "= −" in line.value else net), line.value


def test_a_loss_is_called_one() -> None:
    assert "cost more here" in part(samples.dear_page(), "Net saving").text


def test_without_a_price_nothing_is_claimed() -> None:
    page = samples.page(avoided=None, net=None)
    found = part(page, "API price avoided")
    assert "not counted as zero" in found.text and "€" not in found.text and found.setting == "costs:prices"
    assert not part(page, "Net saving").formula


def test_hardware_that_is_owned_has_no_price_and_one_with_a_share_says_it() -> None:
    owned = part(samples.page(hardware=HardwareShare()), "Hardware share")
    assert "owned already" in owned.text and "Price" not in lines(samples.page(hardware=HardwareShare()), "Hardware share")
    shared = HardwareShare(samples.euros(20), samples.euros(2_800), 48, 60, date(2025, 3, 4))
    shown = lines(samples.page(hardware=shared), "Hardware share")
    assert shown["Share of its use"] == "60%" and shown["Spread over"] == "48 months" and shown["Bought on"] == "4 March 2025"
    paid_off = replace(shared, amount=0)
    assert "paid off" in part(samples.page(hardware=paid_off), "Hardware share").text


def test_what_was_paid_adds_up_and_names_what_is_not_known() -> None:
    found = part(samples.troubled_page(), "Paid to remote models")
    shown = {line.name: line.value for line in found.formula}
    assert (shown["Through Strongroom"], shown["Beyond that, by imported bills"]) == ("€41.20", "€171.20")
    assert shown["Paid to remote models"] == "€212.40" and "The cost of 3 requests is not known; they count" in found.text
    assert "not even the highest cost" in found.text and found.setting == "costs:calls"
    assert part(samples.page(), "Paid to remote models").setting == ""


def test_a_forecast_that_there_is_not_is_explained() -> None:
    assert "first days" in part(samples.page(), "Paid by the end of the month").text
    assert "this month is over" in part(samples.page(is_running=False), "Paid by the end of the month").text
    assert lines(samples.troubled_page(), "Paid by the end of the month")["Paid by the end of the month"] == "about €301"


def test_what_was_left_out_is_counted_with_its_electricity() -> None:
    shown = lines(samples.troubled_page(), "Left out of the saving")
    assert shown["31 answers that were stopped"] == "€0.05 electricity"
    assert "Nothing was left out" in part(samples.page(), "Left out of the saving").text


@pytest.mark.parametrize("state", ["no_hardware", "too_early", "reached", "likely", "never"])
def test_every_state_of_the_break_even_has_words(state: str) -> None:
    found = BreakEven(state, samples.euros(2_800), reached=Month(2025, 11), latest=None)  # type: ignore[arg-type]
    shown = part(replace(samples.page(), break_even=found), "Pays for itself")
    assert shown.sentences[0]
    assert ("not within ten years" in shown.text) == (state in ("reached", "likely"))


def test_dollars_are_not_exchanged() -> None:
    page = samples.page(currency=Currency())
    assert "Nothing is exchanged" in part(page, "Exchange rate").text and "One dollar" not in explained.text(page)


@pytest.mark.parametrize("make", [samples.page, samples.empty_page, samples.dear_page, samples.troubled_page])
def test_everything_is_in_the_text_that_is_copied(make: object) -> None:
    page = make()  # type: ignore[operator]
    copied = explained.text(page)
    for each in explained.parts(page):
        assert each.title in copied
        for line in each.formula:
            assert line.name in copied and line.value in copied
    assert "None" not in copied and "{" not in copied and "Your time" in copied


# ---------------------------------------------------------------- the sheet
@pytest.fixture
def over(qapp: QApplication) -> Iterator[tuple[QWidget, Theme]]:
    theme, area = Theme(qapp, "light"), QWidget()
    area.resize(1024, 608)
    area.show()
    yield area, theme
    shiboken6.delete(area)
    shiboken6.delete(theme)


@pytest.mark.parametrize("text_size", [100, 200])
def test_the_sheet_fits_and_its_values_stand_inside(over: tuple[QWidget, Theme], text_size: int) -> None:
    area, theme = over
    theme.choose("light", text_size=text_size, reduced_motion=True)
    sheet = ExplainedSheet(theme, area, samples.troubled_page())
    sheet.ask()
    QTest.qWait(30)
    assert sheet.panel.width() <= area.width() and sheet.panel.height() <= area.height()
    for view in sheet.parts:
        assert view.width() <= sheet.panel.width() and view.minimumSizeHint().width() <= view.width(), view.part.title


def test_copying_takes_the_whole_and_a_button_leads_to_the_setting(over: tuple[QWidget, Theme]) -> None:
    area, theme = over
    page = samples.page()
    sheet = ExplainedSheet(theme, area, page)
    wanted: list[str] = []
    sheet.setting_wanted.connect(wanted.append)
    sheet.ask()
    sheet.copy.click()
    assert QApplication.clipboard().text() == explained.text(page)
    next(view for view in sheet.parts if view.part.title == "Electricity").button.click()  # type: ignore[union-attr]
    assert wanted == ["costs:electricity"] and sheet.isHidden()


def test_each_figure_is_read_out_as_a_whole(over: tuple[QWidget, Theme]) -> None:
    area, theme = over
    sheet = ExplainedSheet(theme, area, samples.page())
    names = [view.accessibleName() for view in sheet.parts]
    assert names[0] == "API price avoided" and "€438.20" in sheet.parts[0].accessibleDescription()
