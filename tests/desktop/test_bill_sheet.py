"""Importing a bill: nothing is kept before Keep, what is found is told, and an import goes only after a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.views.bill_sheet import BillSheet
from desktop.widgets.sheet import ConfirmSheet
from desktop.wordings import bills
from engine import ledger_intents as wishes
from engine.errors import BillUnfit
from engine.ledger_events import BillsListed, LedgerRefused
from tests.desktop import sheet_samples_ledger as samples
from tests.desktop.sheet_stage import SheetStage, clipped, texts

EXPORT = Path("usage, October.csv")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[SheetStage]:
    stage = SheetStage(qapp)
    yield stage
    stage.close()


def opened(stage: SheetStage, *, kept: bool = False) -> BillSheet:
    stage.ledger.bill_wanted.emit()
    stage.send(samples.kept() if kept else BillsListed(()), samples.shown(samples.migrate()))
    return stage.sheet(BillSheet)


def found(stage: SheetStage, sheet: BillSheet) -> wishes.ReadBill:
    sheet.model.read([EXPORT])
    wish: wishes.ReadBill = stage.bridge.wished(wishes.ReadBill)[-1]
    stage.send(samples.read(wish))
    return wish


def test_a_file_is_read_and_nothing_is_kept_before_keep(stage: SheetStage, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = opened(stage)
    assert not sheet.keep.isVisible() and sheet.choose.hasFocus()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(EXPORT), ""))
    sheet.choose.click()
    wish = stage.bridge.wished(wishes.ReadBill)[0]
    assert wish.file == EXPORT and not sheet.choose.isEnabled()
    stage.send(samples.read(wish))
    words = texts(sheet)
    for each in ("OpenAI", "1 to 31 October 2026", "18,204", "$142.77, as the provider says", "61", "4", "12"):
        assert each in words.split("\n")
    assert "Names of keys, projects, people" in words
    assert stage.bridge.wished(wishes.KeepBill) == []


def test_what_it_was_for_and_what_it_includes_go_along(stage: SheetStage) -> None:
    sheet = opened(stage)
    wish = found(stage, sheet)
    assert sheet.ours.isChecked()
    sheet.workload.choices.aboutToShow.emit()
    next(one for one in sheet.workload.choices.actions() if one.text() == "Letter labels").trigger()
    sheet.ours.click()
    assert "added to the bill" in texts(sheet)
    sheet.keep.click()
    sheet.keep.click()
    assert stage.bridge.wished(wishes.KeepBill) == [wishes.KeepBill(wish.request, samples.TRIAGE, False)]
    assert not sheet.keep.isEnabled()
    stage.send(samples.kept())
    words = texts(sheet)
    assert "OpenAI, 1 to 31 October 2026: kept." in words and not sheet.keep.isVisible()
    assert "$9.12, computed from its tokens, for Letter labels, without what Strongroom sent" in words


def test_an_unfit_file_says_what_to_do_in_place_and_the_next_one_is_read(stage: SheetStage) -> None:
    sheet = opened(stage)
    sheet.model.read([EXPORT])
    request = stage.bridge.wished(wishes.ReadBill)[0].request
    stage.send(LedgerRefused("ReadBill", BillUnfit(EXPORT.name, "unknown_columns", 3), request))
    words = texts(sheet)
    assert f"{EXPORT.name} was not imported" in words and "Line 3" in words and "Nothing was taken from it" in words
    found(stage, sheet)
    assert "was not imported" not in texts(sheet) and sheet.keep.isVisible()


def test_the_answer_for_another_file_is_not_shown(stage: SheetStage) -> None:
    sheet = opened(stage)
    old = found(stage, sheet)
    sheet.model.read([EXPORT])
    stage.send(samples.read(old, n_requests=1))
    assert sheet.model.found is None and not sheet.keep.isVisible()


def test_an_import_is_removed_only_after_a_question(stage: SheetStage) -> None:
    sheet = opened(stage, kept=True)
    first = next(iter(sheet.list.removals))
    sheet.list.removals[first].click()
    question = stage.sheet(ConfirmSheet)
    assert question.cancel.hasFocus() and "$142.77 of OpenAI" in texts(question)
    question.cancel.click()
    assert stage.bridge.wished(wishes.RemoveBill) == [] and not sheet.isHidden()
    sheet.list.removals[first].click()
    stage.sheet(ConfirmSheet).confirm.click()
    assert stage.bridge.wished(wishes.RemoveBill) == [wishes.RemoveBill("b1")]
    stage.send(BillsListed(samples.kept().bills[1:]))
    assert "removed. It no longer counts." in texts(sheet) and list(sheet.list.removals) == ["b0"]


def test_a_file_can_be_dropped_and_escape_keeps_nothing(stage: SheetStage) -> None:
    sheet = opened(stage)
    sheet._drop.hovering.emit([EXPORT])
    assert "Release to read this file" in texts(sheet)
    sheet._drop.dropped.emit([EXPORT])
    assert stage.bridge.wished(wishes.ReadBill)[0].file == EXPORT
    stage.key(Qt.Key.Key_Escape)
    assert not stage.has_sheet and stage.behind.hasFocus()
    assert stage.bridge.wished(wishes.KeepBill) == []


def test_money_that_is_not_known_is_not_nothing() -> None:
    assert bills.cost(samples.bill(cost=None)) == "not known"
    assert bills.cost(samples.bill(cost=0)) == "$0.00, as the provider says"
    assert bills.days(samples.bill(last=samples.bill().first)) == "1 October 2026"
    costs_only = samples.bill(n_requests=0, prompt=0, generated=0)
    assert [value for _, value in bills.rows(costs_only, 0)].count("not in the file") == 3
    assert "request" not in bills.line(costs_only, "")


def test_nothing_is_clipped_in_a_small_window_with_large_text(qtbot, qapp: QApplication) -> None:
    stage = SheetStage(qapp, text_size=200)
    sheet = opened(stage, kept=True)
    stage.theme.choose("light", text_size=200, reduced_motion=True)
    found(stage, sheet)
    assert clipped(sheet) == []
    stage.close()
