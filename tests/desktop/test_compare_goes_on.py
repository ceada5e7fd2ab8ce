"""Compare in the course of a day: where the keyboard is after each step, repeating an answer, coming back to earlier ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.viewmodels.compare_votes import CompareVotes
from desktop.views.consent_sheet import ConsentSheet
from desktop.widgets.sheet import ConfirmSheet
from engine import compare_events as happened
from engine import compare_intents as wishes
from engine import events
from engine.compare_records import Comparison, ComparisonId, VoteSetId
from tests.desktop import compare_samples as samples
from tests.desktop.compare_samples import CLAUDE, GPT, GRIEVANCE, QWEN, SUMMARIES
from tests.desktop.recording import NOW, RecordingBridge
from tests.desktop.test_compare_view import Stage, texts


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.window.close()
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


def earlier(n: int, vote_set: VoteSetId | None = SUMMARIES) -> Comparison:
    answers = (samples.answer(0, QWEN, "One."), samples.answer(1, GPT, "Two."))
    created = NOW.replace(minute=n)
    return Comparison(ComparisonId(f"e{n}"), GRIEVANCE.id, created, f"Prompt {n}", answers, vote_set)


# ---------------------------------------------------------------- where the keyboard is
def test_after_sending_the_keyboard_is_at_stop_and_after_the_last_answer_votes_work(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish))
    stage.view.prompt.review.setFocus()
    stage.view.prompt.review.click()
    (sheet,) = stage.window.findChildren(ConsentSheet)
    sheet.agree.click()
    sheet.send.click()
    stage.bridge.send(samples.started(wish, 0), samples.started(wish, 1, "sending"))
    assert not sheet.isVisible()
    assert stage.view.prompt.stop.hasFocus()
    answers = (samples.answer(0, QWEN, "One."), samples.answer(1, GPT, "Two."))
    stage.bridge.send(*samples.ended(wish, *answers), samples.kept(wish, *answers))
    assert stage.view.prompt.next.hasFocus(), "what Qt finds beside a button that is gone is a switch somewhere"
    stage.key(Qt.Key.Key_2)
    assert stage.bridge.wished(wishes.CastVote)[-1].best == 1


def test_a_pane_that_is_stopped_keeps_the_keyboard_on_the_page(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    stage.panes[0].stop.setFocus()
    stage.bridge.send(*samples.ended(wish, samples.answer(0, QWEN, "One", stop_reason="cancelled")))
    focused = QApplication.focusWidget()
    assert focused is not None and stage.view.isAncestorOf(focused)


def test_another_comparison_begins_at_its_top(stage: Stage) -> None:
    stage.window.resize(1024, 640)
    stage.ask(QWEN, GPT, CLAUDE)
    samples.everything_answered(stage.bridge)
    stage.bridge.send(happened.Tallied(samples.tally()))
    QApplication.processEvents()
    bar = stage.view._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    stage.view.prompt.next.click()
    assert bar.value() == 0 and stage.view.composer.text.hasFocus()


# ---------------------------------------------------------------- once more
def test_an_answer_that_was_stopped_can_be_repeated_since_no_vote_counts_without_it(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), samples.started(wish, 1))
    assert not stage.panes[1].again.isVisible()
    stage.bridge.send(*samples.ended(wish, samples.answer(1, GPT, "One", stop_reason="cancelled")))
    assert stage.panes[1].again.isVisible()
    stage.panes[1].again.click()
    assert stage.bridge.wishes[-1] == wishes.TryPaneAgain(wish.request, 1)
    stage.bridge.send(samples.started(wish, 1), *samples.ended(wish, samples.answer(1, GPT, "One.")))
    assert not stage.panes[1].again.isVisible()


def test_a_pane_that_waits_again_does_not_say_that_nothing_was_sent(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish))
    assert "Nothing has been sent" in texts(stage.panes[1]) and "Not sent" in texts(stage.panes[1])
    stage.bridge.send(samples.started(wish, 1), *samples.ended(wish, samples.failed(1, GPT)), samples.prepared(wish))
    pane = stage.panes[1]
    assert pane.pane.stage == "unsent"
    assert "Nothing has been sent" not in texts(pane) and "Nothing is sent again before that" in texts(pane)
    assert "nothing has been sent" not in pane.accessibleName()


def test_what_waits_in_a_matter_that_became_confidential_cannot_be_sent_and_says_so(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish))
    assert stage.view.prompt.review.isEnabled()
    stage.bridge.send(events.MattersChanged((replace(GRIEVANCE, is_confidential=True),)))
    assert not stage.view.prompt.review.isEnabled()
    assert "confidential" in texts(stage.panes[1]) and "confidential" in stage.view.prompt.note.text()
    stage.view.review()
    assert not stage.window.findChildren(ConsentSheet)


# ---------------------------------------------------------------- earlier ones
def test_earlier_comparisons_are_listed_the_newest_first_and_open_again(stage: Stage) -> None:
    assert wishes.ListComparisons(GRIEVANCE.id) not in stage.bridge.wishes  # known since the screen was shown
    button = stage.view.toolbar.earlier
    assert not button.isEnabled()
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, (earlier(2), earlier(1))))
    assert button.isEnabled()
    button.click()
    first, second = button.choices.actions()
    assert first.text().startswith("Prompt 2\t") and second.text().startswith("Prompt 1\t")
    second.trigger()
    button.choices.close()
    assert stage.bridge.wishes[-1] == wishes.OpenComparison(GRIEVANCE.id, ComparisonId("e1"))
    stage.bridge.send(happened.ComparisonOpened(earlier(1)))
    assert "Two." in texts(stage.panes[1])


def test_a_vote_from_before_stands_when_its_comparison_is_opened_again(stage: Stage) -> None:
    stage.view.model.votes.choose(SUMMARIES)
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, (earlier(2), earlier(1)), judged=(ComparisonId("e1"),)))
    stage.bridge.send(happened.ComparisonOpened(earlier(1)))
    assert "that vote stands" in stage.view.model.why_not_vote and not stage.panes[0].vote.isEnabled()
    stage.key(Qt.Key.Key_1)
    assert not stage.bridge.wished(wishes.CastVote)
    stage.bridge.send(happened.ComparisonOpened(earlier(2)))
    assert stage.panes[0].vote.isEnabled()


def test_what_was_just_compared_is_listed_too_and_nothing_is_left_while_answers_are_written(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    answers = (samples.answer(0, QWEN, "One."), samples.answer(1, GPT, "Two."))
    stage.bridge.send(samples.kept(wish, is_done=False))
    assert not stage.view.toolbar.earlier.isEnabled()
    stage.bridge.send(*samples.ended(wish, *answers), samples.kept(wish, *answers))
    assert stage.view.toolbar.earlier.isEnabled()
    assert [each.words for each in stage.view.model.history.entries] == [samples.QUESTION.replace("\n", " ")[:55] + "…"]


def test_earlier_comparisons_of_another_matter_are_not_listed(stage: Stage) -> None:
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, (earlier(1),)))
    other = replace(GRIEVANCE, id="m7")  # type: ignore[arg-type]
    stage.bridge.send(events.MatterOpened(other, (), ()))
    assert stage.view.model.history.entries == []
    assert wishes.ListComparisons(other.id) in stage.bridge.wishes
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, (earlier(1),)))
    assert stage.view.model.history.entries == []


def test_after_a_start_votes_count_where_they_did_before_until_another_set_is_chosen(qapp: QApplication) -> None:
    bridge = RecordingBridge()
    votes = CompareVotes(bridge)
    votes.ask(GRIEVANCE.id)
    listed = happened.ComparisonsListed(GRIEVANCE.id, (earlier(2), earlier(1, None)))
    votes.take(listed)
    assert votes.vote_set is None  # which sets there are is not known yet
    votes.take(happened.VoteSetsListed(samples.vote_sets()))
    assert votes.vote_set is not None and votes.vote_set.id == SUMMARIES
    votes.choose(None)
    votes.take(listed)
    assert votes.vote_set is None


def test_the_comparison_that_is_shown_can_be_deleted_after_a_question(stage: Stage) -> None:
    button = stage.view.toolbar.earlier
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, (earlier(2), earlier(1))))
    button.click()
    assert [each.text() for each in button.choices.actions() if each.text().startswith("Delete")] == []  # none is shown
    button.choices.close()
    stage.bridge.send(happened.ComparisonOpened(earlier(1)))
    button.click()
    next(each for each in button.choices.actions() if each.text().startswith("Delete")).trigger()
    button.choices.close()
    assert stage.bridge.wished(wishes.DeleteComparison) == []
    (sheet,) = stage.window.findChildren(ConfirmSheet)
    sheet.confirm.click()
    assert stage.bridge.wished(wishes.DeleteComparison) == [wishes.DeleteComparison(GRIEVANCE.id, ComparisonId("e1"))]
    assert stage.view.model.run is None and stage.view.model.prompt.text == "Prompt 1"  # the prompt can be used again


@pytest.mark.parametrize("place", [0, 1])
def test_one_answer_alone_is_shown_and_cannot_be_judged(stage: Stage, place: int) -> None:
    one = replace(earlier(1), answers=(earlier(1).answers[place],))
    stage.view.model.votes.choose(SUMMARIES)
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, (earlier(2), one)))
    stage.bridge.send(happened.ComparisonOpened(one))
    assert len(stage.panes) == 1 and ("One.", "Two.")[place] in texts(stage.panes[0])
    assert "only one answer" in stage.view.model.why_not_vote and not stage.panes[0].vote.isEnabled()
    stage.key(Qt.Key.Key_1)
    assert not stage.bridge.wished(wishes.CastVote)
    stage.bridge.send(happened.ComparisonOpened(earlier(2)))
    assert len(stage.panes) == 2
