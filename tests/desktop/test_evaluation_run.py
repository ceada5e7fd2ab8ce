"""A whole set is run and its result read: nothing leaves but by the consent sheet, and a result says no more than it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, get_args

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.evaluation_result import Result
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.results_sheet import ResultsSheet
from desktop.views.run_set_sheet import RunSetSheet
from desktop.views.vote_gestures import VoteGestures
from desktop.widgets.sheet import Sheet
from desktop.wordings import vote_results
from engine import compare_events as happened
from engine import compare_intents as wishes
from engine import events
from engine.errors import KeyRefused, MatterConfidential, NotApproved
from engine.evaluation.caveats import Caveat
from engine.records import Model, ModelId
from engine.vote_records import Evaluation
from tests.desktop import compare_samples as samples
from tests.desktop import vote_samples as votes
from tests.desktop.compare_samples import GPT, GRIEVANCE, QWEN, SUMMARIES
from tests.desktop.recording import RecordingBridge, models
from tests.desktop.vote_samples import LABELS

SheetKind = TypeVar("SheetKind", bound=Sheet)
GEMMA = ModelId("g4")


class Stage:
    """The compare screen in the window with a chosen set of 120 prompts, over a recording bridge."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.window = MainWindow(self.bridge, self.theme)
        self.window.resize(1440, 900)
        self.window.show()
        self.bridge.send(*samples.a_day_of_comparing(), happened.VoteSetsListed(votes.vote_sets()))
        self.window.show_screen("compare")
        QTest.qWaitForWindowActive(self.window)
        QApplication.processEvents()
        self.window.compare.model.votes.choose(LABELS)
        self.list_prompts()
        self.bridge.wishes.clear()

    @property
    def gestures(self) -> VoteGestures:
        return self.window.compare.findChild(VoteGestures)

    def list_prompts(self, *, with_expected: bool = True) -> None:
        prompts = votes.prompts(with_expected=with_expected)
        self.bridge.send(happened.PromptsListed(GRIEVANCE.id, LABELS, prompts))

    def sheet(self, kind: type[SheetKind]) -> SheetKind:
        QApplication.processEvents()
        return next(one for one in self.window.area.findChildren(kind) if not one.isHidden())

    @property
    def has_sheet(self) -> bool:
        return any(not one.isHidden() for one in self.window.area.findChildren(Sheet))

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key)

    # ------------------------------------------------------------ steps of a run
    def choose_run(self) -> RunSetSheet:
        self.gestures.choose_run()
        return self.sheet(RunSetSheet)

    def prepare(self) -> wishes.PrepareEvaluation:
        self.choose_run().go.click()
        return self.bridge.wished(wishes.PrepareEvaluation)[-1]

    def consent(self) -> tuple[wishes.PrepareEvaluation, ConsentSheet]:
        wish = self.prepare()
        self.bridge.send(votes.prepared(wish))
        return wish, self.sheet(ConsentSheet)

    def begin(self) -> wishes.PrepareEvaluation:
        wish, sheet = self.consent()
        sheet.agree.click()
        sheet.send.click()
        self.bridge.send(happened.EvaluationProgress(wish.request, 1, 120, 0, 2_000_000))
        return wish

    def results(self, *found: Evaluation) -> ResultsSheet:
        self.gestures.show_results()
        self.bridge.send(happened.EvaluationsListed(LABELS, found))
        return self.sheet(ResultsSheet)


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.window.close()
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


def texts(root: QWidget) -> str:
    """All words that can be seen in a part of the window."""
    QApplication.processEvents()
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisibleTo(root))


# ---------------------------------------------------------------- choosing
def test_a_run_names_both_models_and_how_answers_are_judged(stage: Stage) -> None:
    sheet = stage.choose_run()
    assert sheet.scorers.key == "labels"  # the set sorts into labels, and right answers are known
    assert "Only the 100 prompts with an expected answer count." in texts(sheet)
    assert sheet.local.accessibleName().endswith("Qwen3 8B") and sheet.remote.accessibleName().endswith("gpt-5.2")
    sheet.scorers.options["exact"].click()
    sheet.hides.click()
    sheet.remote.choices.aboutToShow.emit()
    next(one for one in sheet.remote.choices.actions() if one.text() == "claude-sonnet-4-5").trigger()
    sheet.go.click()
    wish = stage.bridge.wished(wishes.PrepareEvaluation)[0]
    expected = (GRIEVANCE.id, LABELS, QWEN.model, samples.CLAUDE, "exact", False)
    assert (wish.matter, wish.set, wish.local, wish.remote, wish.scorer, wish.hides) == expected


def test_nothing_can_be_prepared_where_it_could_not_be_judged_or_sent(stage: Stage) -> None:
    stage.list_prompts(with_expected=False)
    sheet = stage.choose_run()
    assert sheet.scorers.key == "votes" and sheet.go.isEnabled()
    sheet.scorers.options["labels"].click()
    assert not sheet.go.isEnabled() and "expected answer" in sheet.go.accessibleDescription()
    sheet.scorers.options["exact"].click()
    assert sheet.go.isEnabled() and "That is not quality" in texts(sheet)
    matter = replace(GRIEVANCE, is_confidential=True)
    stage.bridge.send(events.MattersChanged((matter,)))
    assert not sheet.go.isEnabled() and "confidential" in sheet.go.accessibleDescription()
    sheet.go.click()
    stage.gestures.run.prepare()
    assert stage.bridge.wished(wishes.PrepareEvaluation) == []


def test_without_a_key_the_way_to_one_is_shown(stage: Stage) -> None:
    stage.bridge.send(happened.ProvidersListed(samples.providers("none"), ()))
    sheet = stage.choose_run()
    assert not sheet.go.isEnabled() and sheet.settings.isVisibleTo(sheet)
    sheet.settings.click()
    assert stage.window.screen_name == "settings" and not stage.has_sheet


# ---------------------------------------------------------------- approving
def test_only_the_consent_sheet_sends_and_it_approves_exactly_what_was_prepared(stage: Stage) -> None:
    wish = stage.prepare()
    assert stage.sheet(RunSetSheet).go.text() == "Getting ready" and not stage.sheet(RunSetSheet).go.isEnabled()
    prepared = votes.prepared(wish)
    stage.bridge.send(prepared)
    sheet = stage.sheet(ConsentSheet)
    assert QApplication.focusWidget() is sheet.cancel and stage.bridge.wished(wishes.RunEvaluation) == []
    sheet.agree.click()
    sheet.send.click()
    assert stage.bridge.wished(wishes.RunEvaluation) == [wishes.RunEvaluation(wish.request, prepared.sha256)]


@pytest.mark.parametrize("way", ["cancel", "escape", "cross"])
def test_leaving_the_consent_sheet_drops_what_was_prepared(stage: Stage, way: str) -> None:
    wish, sheet = stage.consent()
    sheet.agree.click()
    if way == "escape":
        stage.key(Qt.Key.Key_Escape)
    else:
        (sheet.cancel if way == "cancel" else sheet.cross).click()
    assert stage.bridge.wished(wishes.StopEvaluation) == [wishes.StopEvaluation(wish.request)]
    assert stage.bridge.wished(wishes.RunEvaluation) == [] and not stage.gestures.card.isVisible()
    assert stage.choose_run().go.isEnabled()


def test_closing_the_sheet_while_it_is_prepared_drops_it_and_no_consent_is_asked_later(stage: Stage) -> None:
    wish = stage.prepare()
    stage.sheet(RunSetSheet).cancel.click()
    assert stage.bridge.wished(wishes.StopEvaluation) == [wishes.StopEvaluation(wish.request)]
    stage.bridge.send(votes.prepared(wish))
    assert not stage.has_sheet


def test_why_it_could_not_be_prepared_is_said_in_the_sheet(stage: Stage) -> None:
    wish = stage.prepare()
    stage.bridge.send(happened.EvaluationFailed(wish.request, MatterConfidential("Grievance 2291")))
    sheet = stage.sheet(RunSetSheet)
    assert "marked as confidential" in texts(sheet) and sheet.go.isEnabled()


def test_an_approval_that_was_refused_is_said_where_the_text_is_read(stage: Stage) -> None:
    wish, sheet = stage.consent()
    sheet.agree.click()
    sheet.send.click()
    stage.bridge.send(happened.EvaluationFailed(wish.request, NotApproved("changed")))
    assert not sheet.isHidden() and "not the text that you approved" in texts(sheet)
    assert not stage.gestures.card.isVisible() and stage.gestures.run.stage == "waiting"


def test_a_sheet_that_is_closed_after_send_does_not_stop_the_run(stage: Stage) -> None:
    _wish, sheet = stage.consent()
    sheet.agree.click()
    sheet.send.click()
    sheet.cancel.click()  # it says Close now
    assert stage.bridge.wished(wishes.StopEvaluation) == [] and stage.gestures.card.isVisible()


# ---------------------------------------------------------------- under way
def test_a_run_says_how_far_it_is_and_can_be_stopped_once(stage: Stage) -> None:
    wish = stage.begin()
    card = stage.gestures.card
    stage.bridge.send(happened.EvaluationProgress(wish.request, 34, 120, 2, 42_000_000))
    assert not stage.has_sheet and "34 of 120 prompts, 2 not answered, $0.042 so far" in texts(card)
    stage.bridge.send(happened.EvaluationProgress(wish.request, 35, 120, 2, None))
    assert "cost not known" in texts(card)
    card.stop.click()
    card.stop.click()
    assert stage.bridge.wished(wishes.StopEvaluation) == [wishes.StopEvaluation(wish.request)]
    assert not card.stop.isEnabled() and "Stopping" in texts(card)
    stage.bridge.send(happened.EvaluationProgress(wish.request, 36, 120, 2, None))
    assert "Stopping" in texts(card)
    stage.bridge.send(happened.EvaluationFinished(wish.request, votes.not_settled(n=36)))
    assert "has been run" in texts(card) and not card.stop.isVisible()


def test_only_one_run_at_a_time(stage: Stage) -> None:
    stage.begin()
    sheet = stage.choose_run()
    assert not sheet.go.isEnabled() and "under way" in sheet.go.accessibleDescription()
    stage.key(Qt.Key.Key_Escape)
    assert stage.bridge.wished(wishes.StopEvaluation) == []


def test_events_of_other_runs_change_nothing(stage: Stage) -> None:
    wish = stage.begin()
    other = happened.EvaluationProgress(type(wish.request)("other"), 99, 120)
    stage.bridge.send(other, happened.EvaluationFinished(other.request, votes.evaluation()))
    assert stage.gestures.run.stage == "running" and stage.gestures.run.n_done == 1


def test_the_result_of_a_run_is_one_button_away(stage: Stage) -> None:
    wish = stage.begin()
    stage.bridge.send(happened.EvaluationFinished(wish.request, votes.evaluation(time=votes.NOW)))
    card = stage.gestures.card
    assert "reaches at least 95% of the quality" in texts(card)
    stage.window.compare.model.votes.choose(SUMMARIES)
    card.result.click()
    assert stage.window.compare.model.votes.vote_set == votes.vote_sets()[1]  # the set of the run
    assert "Letter labels: results" in texts(stage.sheet(ResultsSheet)) and not card.isVisible()


def test_a_run_to_be_voted_on_leads_to_its_first_pair_without_names(stage: Stage) -> None:
    sheet = stage.choose_run()
    sheet.scorers.options["votes"].click()
    sheet.go.click()
    wish = stage.bridge.wished(wishes.PrepareEvaluation)[-1]
    stage.bridge.send(votes.prepared(wish))
    consent = stage.sheet(ConsentSheet)
    consent.agree.click()
    consent.send.click()
    stage.bridge.send(happened.EvaluationProgress(wish.request, 120, 120, 2, 1_000_000))
    stage.bridge.send(happened.EvaluationFinished(wish.request, votes.voted_later()))
    assert wishes.ListComparisons(GRIEVANCE.id) in stage.bridge.wishes  # to learn of the pairs
    stage.gestures.card.vote.click()
    assert stage.bridge.wished(wishes.OpenComparison) == []
    pairs = votes.pairs(3, LABELS)
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, pairs))
    assert stage.bridge.wished(wishes.OpenComparison) == [wishes.OpenComparison(GRIEVANCE.id, pairs[-1].id)]
    assert stage.window.compare.model.is_blind


def test_a_run_that_failed_says_why_and_what_is_kept(stage: Stage) -> None:
    wish = stage.begin()
    stage.bridge.send(happened.EvaluationProgress(wish.request, 34, 120, 2, 42_000_000))
    stage.bridge.send(happened.EvaluationFailed(wish.request, KeyRefused("OpenAI", "api.openai.com", 401)))
    card = stage.gestures.card
    assert "does not accept the key" in texts(card) and "34 prompts that were answered are kept" in texts(card)
    assert not card.result.isVisible() and not card.vote.isVisible()
    card.cross.click()
    assert not card.isVisible() and stage.choose_run().go.isEnabled()


# ---------------------------------------------------------------- results
def result(found: Evaluation) -> Result:
    names = {"local:q": "Qwen3 8B", "openai/gpt-5.2": "gpt-5.2"}
    return Result(found, lambda key: names[key])


def test_a_verdict_is_said_only_where_the_engine_gives_one() -> None:
    for verdict in ("none", "more"):
        shown = result(votes.not_settled(verdict=verdict))
        assert "not shown yet" in shown.verdict and shown.chip.text == "Not settled"
    assert "reaches at least 95%" in result(votes.evaluation()).verdict
    assert "does not reach 95%" in result(votes.not_settled(verdict="inferior")).verdict
    assert "as good as gpt-5.2 within 5 points" in result(votes.judged(verdict="reached")).verdict
    assert (
        "Nothing can be said" in result(votes.evaluation(n=0)).verdict
        and result(votes.evaluation(n=0)).chip.text == "Not settled"
    )


@pytest.mark.parametrize("verdict", ["none", "more", "reached", "inferior"])
@pytest.mark.parametrize("scorer", ["exact", "labels", "fields"])
def test_agreement_is_never_called_quality(scorer: str, verdict: str) -> None:
    shown = result(votes.agreement(scorer=scorer, verdict=verdict))
    words = " ".join([shown.verdict, shown.chip.text, shown.estimate_title, shown.about, *(each for each, _ in shown.cells)])
    assert "not quality" in shown.verdict and "as good" not in words and "right" not in words.lower()
    assert "quality" not in words.replace("not quality", "")
    assert "both be wrong" in " ".join(shown.caveats)


def test_what_is_missing_is_said() -> None:
    assert result(votes.not_settled()).missing == "About 120 more prompts would settle it."
    assert "would not settle it" in result(votes.not_settled(n_more=None)).missing
    assert "alone settles nothing" in result(votes.judged()).missing
    assert result(votes.evaluation()).missing == ""
    assert "Judge the pairs" in result(votes.voted_later()).missing


def test_every_caveat_of_the_engine_has_words_of_its_own() -> None:
    words = {key: vote_results.caveat(key) for key in (*get_args(Caveat), "judge_too_few", "judge_disagrees")}
    assert len(set(words.values())) == len(words) and not any("further reservation" in each for each in words.values())
    assert "some new thing" in vote_results.caveat("some_new_thing")


@pytest.mark.parametrize("found", [votes.evaluation(), votes.not_settled(), votes.agreement(), votes.judged()])
def test_the_range_lies_on_its_axis_and_what_decides_is_on_it(found: Evaluation) -> None:
    estimate = result(found).estimate
    assert estimate is not None
    axis = estimate.axis
    assert axis.low <= estimate.low <= estimate.value <= estimate.high <= axis.high
    assert 0 <= axis.place(estimate.low) < axis.place(estimate.high) <= 1
    assert (axis.low == 0 or axis.low == -axis.high) and len(axis.ticks) <= 6
    if axis.threshold is not None:
        assert axis.low < axis.threshold[0] < axis.high and axis.threshold[1] in result(found).spoken


def test_a_ratio_without_bounds_stays_on_the_axis() -> None:
    estimate = result(votes.not_settled(estimate=5.0, interval=(0.2, 1_000_000.0))).estimate
    assert estimate is not None and estimate.axis.high == 2.0 and estimate.axis.place(estimate.high) == 1.0
    assert result(votes.not_settled(interval=None)).estimate is None


def test_the_counts_and_the_recall_are_shown_with_their_words(stage: Stage) -> None:
    sheet = stage.results(votes.evaluation(notes=("few_prompts",)))
    shown = texts(sheet)
    for words in (
        "Both right",
        "380",
        "Only Qwen3 8B right",
        "Neither right",
        "How often each label is found",
        "housing repairs",
    ):
        assert words in shown
    assert "98%" in shown and "Fewer than 30 prompts" in shown and "100.0%, range 98.4% to 101.7%" in shown
    assert sheet.result is not None
    chart = sheet.result.chart
    assert "range 98.4% to 101.7%" in chart.accessibleDescription() and "95%" in chart.accessibleDescription()
    assert "Nam and Blackwelder" not in shown
    sheet.result.fold.click()
    assert "Nam and Blackwelder" in texts(sheet) and "p below 0.001" in texts(sheet)


def test_earlier_runs_can_be_looked_at(stage: Stage) -> None:
    older = votes.not_settled()
    sheet = stage.results(older, votes.evaluation())  # in any order: the newest is shown first
    assert "reaches at least" in texts(sheet) and sheet.runs.isVisible()
    sheet.runs.choices.aboutToShow.emit()
    assert len(sheet.runs.choices.actions()) == 2
    sheet.runs.choices.actions()[1].trigger()
    assert "About 120 more prompts" in texts(sheet) and "reaches at least" not in texts(sheet)
    stage.bridge.send(happened.EvaluationsListed(LABELS, (votes.evaluation(), older)))
    assert "About 120 more prompts" in texts(sheet)  # what one looks at stays


def test_results_are_read_to_their_end_by_keyboard(stage: Stage) -> None:
    stage.window.resize(1024, 640)
    sheet = stage.results(votes.evaluation())
    QTest.qWait(20)
    bar = sheet._scroll.verticalScrollBar()
    assert QApplication.focusWidget() is sheet.done and bar.value() == 0 < bar.maximum()
    for _ in range(10):
        stage.key(Qt.Key.Key_PageDown)
    assert bar.value() == bar.maximum()
    stage.key(Qt.Key.Key_PageUp)
    assert bar.value() < bar.maximum()


def test_pairs_that_wait_can_be_judged_from_the_results(stage: Stage) -> None:
    sheet = stage.results(votes.voted_later())
    assert not sheet.vote.isVisible()
    pairs = votes.pairs(2, LABELS)
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, pairs))
    sheet.vote.click()
    assert not stage.has_sheet and stage.bridge.wished(wishes.OpenComparison)[-1].comparison == pairs[-1].id


def test_how_votes_stand_is_hidden_while_names_are(stage: Stage) -> None:
    stage.bridge.send(happened.Tallied(replace(samples.tally(), set=LABELS, notes=("some_judged", "not_blind"))))
    sheet = stage.results()
    assert sheet.votes.chart.isVisible() and "ranges overlap" in texts(sheet)
    assert "A model judged some of the pairs." in texts(sheet) and "with the names in sight" in texts(sheet)
    stage.window.compare.model.set_blind(True)
    assert not sheet.votes.chart.isVisible() and "ranges overlap" not in texts(sheet) and "hidden" in texts(sheet)


def test_results_are_exported_by_a_dialog_and_it_is_said_that_the_file_is_not_encrypted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = stage.results(votes.evaluation())
    suggested = []

    def choose(_parent: QWidget, _title: str, start: str, kinds: str) -> tuple[str, str]:
        suggested.append((Path(start).name, kinds))
        return "/tmp/Letter labels.md", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    sheet.export.click()
    assert suggested[0][0] == "Letter labels.csv" and all(end in suggested[0][1] for end in ("*.csv", "*.json", "*.md"))
    assert stage.bridge.wished(wishes.ExportComparisons) == [
        wishes.ExportComparisons(GRIEVANCE.id, Path("/tmp/Letter labels.md"), LABELS)
    ]
    stage.bridge.send(happened.ComparisonsExported(Path("/tmp/Letter labels.md")))
    assert "not encrypted" in texts(sheet)


# ---------------------------------------------------------------- a model as judge
def with_gemma() -> tuple[Model, ...]:
    return (*models(), replace(models()[0], id=GEMMA, name="Gemma 3 4B"))


def test_a_judge_is_another_local_model_and_its_limits_are_said(stage: Stage) -> None:
    stage.bridge.send(events.ModelsListed(with_gemma()))
    sheet = stage.results(votes.evaluation())
    assert not sheet.judge.start.isEnabled() and "no pair" in sheet.judge.start.accessibleDescription()
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, votes.pairs(3, LABELS)))
    assert sheet.judge.start.isEnabled() and "brings no verdict by itself" in texts(sheet)
    sheet.judge.choice.choices.aboutToShow.emit()
    by_name = {action.text(): action for action in sheet.judge.choice.choices.actions()}
    contestant = next(action for words, action in by_name.items() if words.startswith("Qwen3 8B"))
    assert not contestant.isEnabled() and "one of those that were compared" in contestant.text()
    by_name["Gemma 3 4B"].trigger()
    sheet.judge.start.click()
    wish = stage.bridge.wished(wishes.JudgeSet)[0]
    assert (wish.matter, wish.set, wish.judge) == (GRIEVANCE.id, LABELS, GEMMA)
    stage.bridge.send(happened.EvaluationProgress(wish.request, 12, 60))
    assert "12 of 60 pairs" in texts(sheet)
    sheet.judge.stop.click()
    assert stage.bridge.wished(wishes.StopEvaluation) == [wishes.StopEvaluation(wish.request)]
    stage.bridge.send(happened.EvaluationFinished(wish.request, votes.judged(time=votes.NOW)))
    assert "Judging has ended." in texts(sheet) and sheet.judge.start.isVisible()
    assert "A judging model alone settles nothing" in texts(sheet)  # its run is the newest
    assert stage.gestures.run.stage == "idle"


def test_a_tally_while_a_model_judges_is_not_its_end_and_a_failure_is_said(stage: Stage) -> None:
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, votes.pairs(3, LABELS)))
    sheet = stage.results()
    sheet.judge.start.click()
    wish = stage.bridge.wished(wishes.JudgeSet)[0]
    stage.bridge.send(happened.Tallied(replace(samples.tally(), set=LABELS)))
    assert stage.gestures.judging.is_at_work
    stage.bridge.send(happened.EvaluationFailed(wish.request, MatterConfidential("Grievance 2291")))
    assert not stage.gestures.judging.is_at_work and "confidential" in texts(sheet)


def test_where_every_local_model_was_compared_none_can_judge(stage: Stage) -> None:
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, votes.pairs(3, LABELS)))
    sheet = stage.results(votes.evaluation(), votes.not_settled(local="local:smollm2", remote=f"{GPT.provider}/{GPT.model}"))
    assert not sheet.judge.start.isEnabled() and "no other chat model" in texts(sheet)
