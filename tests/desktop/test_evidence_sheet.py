"""The evidence sheet: every reason with its figures, the one that decides, what the user says, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from desktop.viewmodels.evidence import EvidenceModel
from desktop.views.evidence_sheet import EvidenceSheet
from desktop.wordings import evidence
from engine import ledger_intents as wishes
from engine.advice_records import RULES, Advice, Quality, Reason, Traits
from engine.errors import MoveRefused
from engine.ledger_events import LedgerRefused
from engine.price_records import Currency
from tests.desktop import sheet_samples_ledger as samples
from tests.desktop.sheet_stage import SheetStage, clipped, texts


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


def opened(stage: SheetStage, advice: Advice) -> EvidenceSheet:
    stage.send(samples.shown(advice))
    stage.ledger.evidence_wanted.emit(advice)
    return stage.sheet(EvidenceSheet)


def test_all_reasons_are_told_in_order_and_the_one_that_decides_is_marked(stage: SheetStage) -> None:
    sheet = opened(stage, samples.stay())
    rows = sheet.model.reasons
    assert [row.title for row in rows] == ["Room on this computer", "Quality", "Saving"]
    assert [row.decides for row in rows] == [True, False, False]
    assert ("Most that this computer can do", "43,800") in rows[0].figures
    assert rows[0].sentence == ""  # it is the sentence at the top
    assert rows[2].sentence == "The API costs €16.00 a month, this computer up to €14.80. The difference is too small."
    words = texts(sheet)
    assert words.index("Room on this computer") < words.index("Quality") and words.count("Decides") == 1
    assert "100,000 a month; this computer can do about 43,800." in words


def test_the_quality_stands_with_its_range_and_its_test_is_folded(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    result = sheet.model.result
    assert result is not None and result.estimate is not None
    assert (result.estimate.low, result.estimate.high) == (0.984, 1.017)
    assert [n for _, n in result.cells] == [380, 5, 5, 10]
    assert "100.0%, range 98.4% to 101.7%" in texts(sheet)
    assert "below 0.001" not in texts(sheet)
    sheet.quality.fold.click()
    assert {"Nam and Blackwelder, for a ratio", "400", "below 0.001", "95%"} <= set(texts(sheet.quality).split("\n"))


def test_money_is_shown_in_the_currency_of_the_ledger_and_says_by_which_rate(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    assert sheet.model.money[:3] == (
        ("The API a month, at least", "€320.00"), ("This computer a month, at most", "€12.36"), ("Saving a month", "€307 to €316")
    )  # fmt: skip
    assert ("Pays for the computer in", "9.1 months") in sheet.model.money
    assert "shown in EUR by the rate that you entered" in texts(sheet)
    stage.send(samples.shown(samples.migrate(), currency=Currency("CHF", 500_000_000)))
    assert "160.00" in dict(sheet.model.money)["The API a month, at least"]
    stage.send(samples.shown(samples.migrate(), currency=Currency()))
    assert "rate" not in sheet.model.money_note


def test_what_is_not_known_is_never_shown_as_nothing(stage: SheetStage) -> None:
    sheet = opened(stage, samples.unknown())
    assert dict(sheet.model.money)["The API a month, at least"] == "not known"
    assert set(dict(sheet.model.room[1:]).values()) == {"not known"}
    assert sheet.model.result is None and sheet.vote.text() == "Vote now"


def test_what_the_user_says_is_kept_and_nonsense_is_refused_at_its_field(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    traits = sheet.traits
    traits.items.field.setText("many")
    traits.items.use.click()
    assert stage.bridge.wished(wishes.DescribeWorkload) == []
    assert "whole number" in traits.items.field.accessibleDescription()
    traits.items.field.setText("2,500")
    traits.items.use.click()
    traits.sensitivity.options["confidential"].click()
    traits.reasoning.click()
    traits.wait.field.setText("30")
    stage.key(Qt.Key.Key_Return)  # not in the field: nothing is kept by accident
    traits.wait.field.returnPressed.emit()
    told = [wish.traits for wish in stage.bridge.wished(wishes.DescribeWorkload)]
    base = Traits()
    assert told == [
        replace(base, monthly_items=2_500), replace(base, sensitivity="confidential"),
        replace(base, is_reasoning=True), replace(base, longest_wait_s=30),
    ]  # fmt: skip
    kept = samples.migrate(workload=replace(samples.workload(), traits=told[0]))
    stage.send(samples.shown(kept))
    assert traits.items.field.text() == "2,500" and traits.sensitivity.key == "internal"
    traits.items.field.setText("")
    traits.items.use.click()
    assert stage.bridge.wished(wishes.DescribeWorkload)[-1].traits.monthly_items is None
    stage.send(LedgerRefused("DescribeWorkload", MoveRefused("Letter labels", "fixed")))
    assert "always runs on this computer" in texts(traits)


def test_newer_advice_is_shown_at_once(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    stage.send(samples.shown(samples.stay()))
    assert "this computer can do about 43,800" in sheet.verdict.accessibleName()


def test_it_leads_to_moving_voting_and_the_rules(stage: SheetStage) -> None:
    led: list[object] = []
    stage.ledger.vote_wanted.connect(led.append)
    stage.ledger.settings_wanted.connect(led.append)
    opened(stage, samples.migrate()).vote.click()
    opened(stage, samples.migrate()).rules.click()
    assert led == [samples.TRIAGE, "costs"] and not stage.has_sheet
    opened(stage, samples.migrate()).move_it.click()
    assert stage.has_sheet


def test_escape_closes_it_and_gives_the_focus_back(stage: SheetStage) -> None:
    sheet = opened(stage, samples.migrate())
    assert sheet.done.hasFocus()
    stage.key(Qt.Key.Key_Escape)
    assert not stage.has_sheet and stage.behind.hasFocus()


def test_every_rule_has_a_title_and_a_sentence(stage: SheetStage) -> None:
    reasons = tuple(Reason(each, "stay", each == RULES[0]) for each in RULES)
    model = EvidenceModel(stage.bridge, stage.gestures.places, samples.migrate(reasons=reasons, quality=Quality()))
    for rule, row in zip(RULES, model.reasons, strict=True):
        assert row.sentence or row.decides
        assert evidence.rule(rule) == row.title


def test_nothing_is_clipped_in_a_small_window_with_large_text(qtbot, qapp: QApplication) -> None:
    stage = SheetStage(qapp, text_size=200)
    assert clipped(opened(stage, samples.stay())) == []
    stage.close()
