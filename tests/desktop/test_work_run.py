"""The work of a set: who answers how many, nothing sent but by the consent, samples that can be left out, and every end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.ledger import LedgerModel
from desktop.viewmodels.lock import LockModel
from desktop.views.compare import CompareView
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.ledger_gestures import LedgerGestures
from desktop.views.move_sheet import MoveSheet
from desktop.views.vote_gestures import VoteGestures
from desktop.views.work_consent import WorkConsentSheet
from desktop.views.work_gestures import WorkGestures
from desktop.views.work_sheet import WorkSheet
from desktop.widgets.card import Panel
from desktop.widgets.sheet import Sheet
from engine import compare_events as happened
from engine import compare_intents, ledger_intents
from engine.advice_records import Route
from engine.errors import MoveRefused, NotApproved, OutOfCredit
from engine.ledger_events import LedgerRefused, WorkFinished, WorkPrepared
from tests.desktop import compare_samples, vote_samples
from tests.desktop import sheet_samples_ledger as samples
from tests.desktop.compare_samples import GPT, GRIEVANCE
from tests.desktop.recording import RecordingBridge
from tests.desktop.sheet_stage import SheetKind, texts
from tests.desktop.vote_samples import LABELS

SHARED, HERE = Route("share", None, GPT, 80), Route("local", None, GPT)


class Stage:
    """The compare screen with a chosen set of 120 prompts, wired as the window does."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.area = Panel(self.theme, "canvas")
        self.area.resize(1024, 600)
        self.ledger = LedgerModel(self.bridge)
        lock = LockModel(self.bridge)
        lock.setParent(self.area)
        ledger_sheets = LedgerGestures(self.theme, self.area, self.bridge, self.ledger)
        model = CompareModel(self.bridge)
        model.setParent(self.area)
        self.bridge.send(*compare_samples.a_day_of_comparing(), happened.VoteSetsListed(vote_samples.vote_sets()))
        self.compare = CompareView(self.theme, model)
        column = QVBoxLayout(self.area)
        column.addWidget(self.compare.toolbar)
        column.addWidget(self.compare)
        votes = VoteGestures(self.theme, self.area, self.compare, self.bridge, lock)
        self.gestures = WorkGestures(
            self.theme, self.area, self.compare, self.bridge, lock, votes.sets, ledger_sheets.places
        )  # fmt: skip
        self.gestures.move_wanted.connect(ledger_sheets.show_move)
        self.gestures.export_wanted.connect(votes.export)
        self.area.show()
        self.area.activateWindow()
        assert QTest.qWaitForWindowActive(self.area)
        model.votes.choose(LABELS)
        self.bridge.send(happened.PromptsListed(GRIEVANCE.id, LABELS, vote_samples.prompts()))
        self.bridge.wishes.clear()

    def close(self) -> None:
        self.area.close()
        shiboken6.delete(self.area)
        shiboken6.delete(self.ledger)
        shiboken6.delete(self.theme)

    def sheet(self, kind: type[SheetKind]) -> SheetKind:
        QApplication.processEvents()
        return next(one for one in self.area.findChildren(kind) if not one.isHidden())

    @property
    def has_sheet(self) -> bool:
        return any(not one.isHidden() for one in self.area.findChildren(Sheet))

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.area, key)

    # ------------------------------------------------------------ steps
    def open(self) -> ledger_intents.PrepareWork:
        self.gestures.show()
        wish: ledger_intents.PrepareWork = self.bridge.wished(ledger_intents.PrepareWork)[-1]
        return wish

    def ready(self, route: Route, **numbers: int) -> WorkSheet:
        wish = self.open()
        self.bridge.send(samples.shown(samples.at(samples.migrate(), route)), samples.prepared(wish, **numbers))
        return self.sheet(WorkSheet)

    def consent(self, route: Route, **numbers: int) -> WorkConsentSheet:
        self.ready(route, **numbers).go.click()
        return self.sheet(WorkConsentSheet)

    @property
    def prepared(self) -> WorkPrepared:
        found = self.gestures.run.prepared
        assert found is not None
        return found

    @property
    def runs(self) -> list[ledger_intents.RunWork]:
        found: list[ledger_intents.RunWork] = self.bridge.wished(ledger_intents.RunWork)
        return found

    def begun_here(self) -> ledger_intents.RunWork:
        self.ready(Route("local"), n_local=120).go.click()
        self.bridge.send(happened.EvaluationProgress(self.runs[-1].request, 34, 120, 2, 0))
        return self.runs[-1]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.close()


def test_the_window_joins_the_ledger_the_compare_screen_and_their_sheets(qtbot, qapp: QApplication) -> None:
    bridge, theme = RecordingBridge(), Theme(qapp, "light")
    window = MainWindow(bridge, theme)
    window.show()
    bridge.send(*compare_samples.a_day_of_comparing(), samples.shown(samples.migrate()))
    window.show_screen("compare")
    window.compare.model.votes.choose(LABELS)
    window.compare.toolbar.work_wanted.emit()
    next(one for one in window.area.findChildren(WorkSheet) if not one.isHidden()).route.click()
    assert any(not one.isHidden() for one in window.area.findChildren(MoveSheet))
    window.ledger_sheets.screen_wanted.emit("models")
    assert window.screen_name == "models"
    window.close()
    shiboken6.delete(window)
    shiboken6.delete(theme)


# ---------------------------------------------------------------- what would be done
def test_the_menu_of_the_set_leads_to_its_work(stage: Stage) -> None:
    chooser = stage.compare.toolbar.sets
    chooser.choices.aboutToShow.emit()
    action = next(one for one in chooser.choices.actions() if one.text() == "Do the work…")
    action.trigger()
    (wish,) = stage.bridge.wished(ledger_intents.PrepareWork)
    assert (wish.matter, wish.workload, wish.hides) == (GRIEVANCE.id, samples.TRIAGE, True)
    assert stage.sheet(WorkSheet).cancel.hasFocus()
    stage.compare.model.votes.choose(None)
    chooser.choices.aboutToShow.emit()
    assert not next(one for one in chooser.choices.actions() if one.text() == "Do the work…").isEnabled()


def test_it_says_who_would_answer_how_many_and_what_that_costs_at_most(stage: Stage) -> None:
    sheet = stage.ready(SHARED, n_local=96, n_remote=24, n_sample=2)
    words = texts(sheet)
    assert "Qwen3 8B answers 80% on this computer, GPT-5.2 the others, at api.openai.com." in words
    assert stage.gestures.run.rows == (
        ("Answered on this computer by Qwen3 8B", "96"),
        ("Of these, as a sample, also by GPT-5.2 at api.openai.com", "2"),
        ("Answered by GPT-5.2 at api.openai.com", "24"),
        ("What it costs at most", "$0.06"),  # 5.46 cents, rounded up
    )
    assert sheet.go.text() == "Review what is sent" and not sheet.second.isVisible()
    assert stage.runs == []


def test_what_stays_here_begins_without_a_consent(stage: Stage) -> None:
    sheet = stage.ready(Route("local"), n_local=120)
    assert sheet.go.text() == "Answer 120 prompts here" and not sheet.hides.isVisible()
    sheet.go.click()
    assert [wish.approved for wish in stage.runs] == [""]
    assert stage.sheet(WorkSheet) is sheet  # until it has begun
    stage.bridge.send(happened.EvaluationProgress(stage.runs[0].request, 0, 120, 0, 0))
    assert not stage.has_sheet and stage.gestures.card.isVisible()


def test_hiding_less_makes_it_ready_anew(stage: Stage) -> None:
    sheet = stage.ready(SHARED, n_local=96, n_remote=24)
    sheet.hides.click()
    before, after = stage.bridge.wished(ledger_intents.PrepareWork)
    assert (before.hides, after.hides) == (True, False) and before.request != after.request
    assert not sheet.go.isEnabled()
    stage.bridge.send(samples.prepared(before, n_remote=120))  # on its way before
    assert stage.gestures.run.prepared is None


def test_closing_drops_what_was_prepared(stage: Stage) -> None:
    request = stage.open().request
    stage.key(Qt.Key.Key_Escape)
    assert not stage.has_sheet
    assert stage.bridge.wished(compare_intents.StopEvaluation) == [compare_intents.StopEvaluation(request)]


def test_a_route_without_a_model_leads_to_where_it_is_chosen(stage: Stage) -> None:
    request = stage.open().request
    stage.bridge.send(samples.shown(samples.at(samples.migrate(), Route())))
    stage.bridge.send(LedgerRefused("PrepareWork", MoveRefused("Letter labels", "no_remote_model"), request))
    sheet = stage.sheet(WorkSheet)
    assert "has no remote model to run on yet" in texts(sheet) and not sheet.go.isEnabled()
    sheet.route.click()
    assert stage.sheet(MoveSheet).model.advice.workload.id == samples.TRIAGE


def test_what_was_answered_before_is_told(stage: Stage) -> None:
    sheet = stage.ready(Route("local"), n_local=30)
    assert "90 prompts of this set have their answer already and are not asked again." in texts(sheet)


# ---------------------------------------------------------------- consent
def test_only_what_is_shown_is_approved_and_the_focus_starts_on_cancel(stage: Stage) -> None:
    sheet = stage.consent(SHARED, n_local=96, n_remote=24, n_sample=2)
    assert sheet.cancel.hasFocus() and not sheet.agree.isChecked() and not sheet.send.isEnabled()
    assert not sheet.second.isVisible()
    assert [each.sha256 for each in sheet.model.to_send] == [each.sha256 for each in stage.prepared.receivers]
    sheet.send.click()
    sheet.model.send()
    assert stage.runs == []
    sheet.agree.click()
    sheet.send.click()
    assert [wish.approved for wish in stage.runs] == [stage.prepared.sha256]
    stage.bridge.send(happened.EvaluationProgress(stage.runs[0].request, 1, 120, 0, 2_000_000))
    assert not stage.has_sheet and stage.gestures.run.sends
    assert "1 of 120 prompts, $0.002 so far" in texts(stage.gestures.card)


def test_cancelling_the_consent_sends_and_does_nothing(stage: Stage) -> None:
    stage.consent(SHARED, n_remote=24)
    stage.key(Qt.Key.Key_Escape)
    assert stage.runs == [] and stage.gestures.run.stage == "idle"
    assert len(stage.bridge.wished(compare_intents.StopEvaluation)) == 1


def test_samples_can_be_left_out_from_either_sheet(stage: Stage) -> None:
    sheet = stage.ready(HERE, n_local=120, n_sample=20)
    assert sheet.second.isVisible() and "Only the sample would be sent" in texts(sheet)
    sheet.second.go.click()
    assert [wish.approved for wish in stage.runs] == [""]
    stage.bridge.send(WorkFinished(stage.runs[0].request, samples.TRIAGE, 120, 0, 120, 0, 0))
    stage.key(Qt.Key.Key_Escape)
    consent = stage.consent(HERE, n_local=120, n_sample=20)
    consent.second.go.click()
    assert [wish.approved for wish in stage.runs] == ["", ""]
    stage.bridge.send(happened.EvaluationProgress(stage.runs[1].request, 0, 120, 0, 0))
    assert not stage.has_sheet and not stage.gestures.run.sends


def test_a_refusal_to_begin_comes_back_with_its_reason(stage: Stage) -> None:
    stage.consent(HERE, n_local=120, n_sample=20).second.go.click()
    stage.bridge.send(happened.EvaluationFailed(stage.runs[0].request, NotApproved("changed")))
    sheet = stage.sheet(WorkSheet)
    assert sheet.go.isEnabled() and stage.gestures.run.problem is not None
    assert stage.gestures.run.problem.happened in texts(sheet)


def test_what_has_changed_has_to_be_read_again(stage: Stage) -> None:
    sheet = stage.consent(SHARED, n_local=96, n_remote=24)
    sheet.agree.click()
    sheet.send.click()
    wish = stage.bridge.wished(ledger_intents.PrepareWork)[-1]
    newer = samples.prepared(wish, n_remote=25)
    stage.bridge.send(newer, happened.EvaluationFailed(wish.request, NotApproved("changed")))
    assert not sheet.agree.isChecked() and "25 texts" in sheet.title.text()
    sheet.agree.click()
    sheet.send.click()
    assert stage.runs[-1].approved == newer.sha256 != stage.runs[0].approved


def test_an_approval_that_is_not_of_what_is_shown_cannot_be_given(stage: Stage) -> None:
    wish = stage.open()
    prepared = samples.prepared(wish, n_remote=3)
    stage.bridge.send(replace(prepared, sha256="0" * 64))
    stage.sheet(WorkSheet).go.click()
    sheet = stage.sheet(ConsentSheet)
    sheet.agree.click()
    sheet.send.click()
    assert stage.runs == [] and not sheet.agree.isEnabled()


def test_where_nothing_is_left_to_send_the_work_is_shown_again(stage: Stage) -> None:
    stage.consent(SHARED, n_local=96, n_remote=24)
    wish = stage.bridge.wished(ledger_intents.PrepareWork)[-1]
    stage.bridge.send(samples.prepared(wish, n_local=96))
    sheet = stage.sheet(WorkSheet)
    assert sheet.go.text() == "Answer 96 prompts here" and stage.runs == []


# ---------------------------------------------------------------- under way, and its end
def test_progress_is_shown_and_can_be_stopped(stage: Stage) -> None:
    request = stage.begun_here().request
    card = stage.gestures.card
    assert "34 of 120 prompts, 2 not answered" in texts(card) and "$" not in texts(card)
    card.stop.click()
    assert stage.bridge.wished(compare_intents.StopEvaluation) == [compare_intents.StopEvaluation(request)]
    assert not card.stop.isEnabled()
    stage.bridge.send(WorkFinished(request, samples.TRIAGE, 33, 2, 33, 0, 0))
    assert "The work of Letter labels was stopped" in texts(card)
    assert "33 prompts answered (33 here), 2 not answered, nothing was paid." in texts(card)


def test_the_end_says_what_it_cost_and_offers_the_answers(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    request = stage.begun_here().request
    stage.bridge.send(WorkFinished(request, samples.TRIAGE, 120, 0, 96, 24, 52_000_000))
    card = stage.gestures.card
    assert "120 prompts answered (96 here, 24 by the remote model), paid $0.052." in texts(card)
    stage.bridge.send(WorkFinished("other", samples.TRIAGE, 1, 0, 1, 0, None))  # type: ignore[arg-type]
    assert "120 prompts" in texts(card)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("answers.csv", ""))
    stage.compare.model.votes.choose(compare_samples.SUMMARIES)
    card.export.click()
    assert stage.bridge.wished(compare_intents.ExportComparisons)[0].vote_set == LABELS
    assert card.isHidden()


def test_a_failure_keeps_what_was_answered_and_says_so(stage: Stage) -> None:
    request = stage.begun_here().request
    stage.bridge.send(happened.EvaluationFailed(request, OutOfCredit("OpenAI", "api.openai.com")))
    words = texts(stage.gestures.card)
    assert "did not come to its end" in words and "The 32 prompts that were answered are kept." in words
    stage.gestures.card.cross.click()
    assert stage.gestures.card.isHidden()


def test_a_cost_that_is_not_known_is_said(stage: Stage) -> None:
    request = stage.begun_here().request
    stage.bridge.send(WorkFinished(request, samples.TRIAGE, 120, 0, 96, 24, None))
    assert "what it cost is not known" in texts(stage.gestures.card)
