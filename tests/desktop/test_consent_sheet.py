"""The consent sheet as a person uses it: focus, keys, the box, the text to its last line, and what the status bar says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.theme import Theme
from desktop.viewmodels.approval import Approval
from desktop.viewmodels.batch_consent import BatchConsentModel
from desktop.viewmodels.consent import ConsentModel
from desktop.viewmodels.lock import LockModel
from desktop.views.consent_sheet import ConsentSheet, ask_consent
from desktop.widgets.card import Panel
from desktop.widgets.sheet import ConfirmSheet
from desktop.wordings import lock
from engine import compare_events, compare_intents, model_events
from engine.compare_records import Preview
from engine.errors import NotApproved
from engine.network_records import NetworkState
from tests.desktop import consent_samples as samples
from tests.desktop.recording import RecordingBridge


class Stage:
    """An area with a sheet over it."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.area = Panel(self.theme, "canvas")
        self.lock = LockModel(self.bridge)
        self.area.resize(1440, 868)
        self.area.show()
        self.area.activateWindow()
        assert QTest.qWaitForWindowActive(self.area)

    def open(self, model: Approval | None = None, preview: Preview | None = None) -> ConsentSheet:
        sheet = ask_consent(self.theme, self.area, model or ConsentModel(self.bridge, preview or samples.preview()), self.lock)
        QApplication.processEvents()
        return sheet

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.area, key)

    def said(self, part: QWidget) -> str:
        return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.area.close()
    shiboken6.delete(stage.area)
    shiboken6.delete(stage.theme)


# ---------------------------------------------------------------- focus and keys
def test_the_focus_starts_on_cancel_and_enter_sends_nothing(stage: Stage) -> None:
    sheet = stage.open()
    assert QApplication.focusWidget() is sheet.cancel and sheet.cancel.shows_focus
    assert not sheet.agree.isChecked() and not sheet.send.isEnabled()
    sheet.agree.click()
    for control in (sheet.agree, sheet.text.sent.text, sheet.text.review):
        control.setFocus()
        stage.key(Qt.Key.Key_Return)
        stage.key(Qt.Key.Key_Enter)
    assert stage.bridge.wishes == []
    sheet.cancel.setFocus()
    stage.key(Qt.Key.Key_Return)
    assert sheet.isHidden() and stage.bridge.wishes == []


def test_enter_sends_where_send_has_the_focus(stage: Stage) -> None:
    sheet = stage.open()
    sheet.agree.setFocus()
    stage.key(Qt.Key.Key_Space)
    sheet.send.setFocus()
    stage.key(Qt.Key.Key_Return)
    assert [type(wish) for wish in stage.bridge.wishes] == [compare_intents.SendComparison]


def test_escape_and_the_cross_send_nothing(stage: Stage) -> None:
    sheet = stage.open()
    sheet.agree.click()
    stage.key(Qt.Key.Key_Escape)
    assert sheet.isHidden()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    other = stage.open()
    other.cross.click()
    assert other.isHidden() and stage.bridge.wishes == []


def test_send_is_reached_by_keyboard_alone(stage: Stage) -> None:
    sheet = stage.open()
    for wanted in (sheet.agree, sheet.send):
        for _ in range(30):
            if QApplication.focusWidget() is wanted:
                break
            stage.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is wanted
        stage.key(Qt.Key.Key_Space)
    assert len(stage.bridge.wishes) == 1


def test_a_changed_text_takes_send_out_of_reach_at_once(stage: Stage) -> None:
    sheet = stage.open()
    sheet.agree.click()
    sheet.send.setFocus()
    stage.bridge.send(compare_events.ComparisonPrepared(samples.shown(samples.preview(), "[Person 3]")))
    assert "The text has changed" in stage.said(sheet) and not sheet.agree.isChecked()
    stage.key(Qt.Key.Key_Space)
    assert stage.bridge.wishes == []


def test_one_text_is_read_at_a_time(stage: Stage) -> None:
    first = stage.open()
    assert stage.open(preview=samples.preview("Another")) is first


# ---------------------------------------------------------------- what is shown
def test_where_what_what_stays_and_what_it_costs(stage: Stage) -> None:
    sheet = stage.open(preview=samples.with_passages())
    said = stage.said(sheet)
    for words in (
        "Send this text to two companies?",
        "api.openai.com",
        "api.anthropic.com",
        "Kept up to 30 days",
        "How long it is kept is not recorded",
        "Hiding is not perfect.",
        "What stays here",
        "At most $0.009",
        "Recorded in the network log",
        "5 passages of Complaint of 12 September.pdf",
    ):
        assert words in said, words
    assert sheet.send.text() == "Send to 2 hosts"
    assert sheet.text.sent.text.toPlainText() == samples.with_passages().text
    assert not any(original.original in said for original in samples.DETAILS)


def test_copper_marks_every_placeholder_in_the_text(stage: Stage) -> None:
    sheet = stage.open()
    text = sheet.text.sent.text
    for place in samples.preview().places:
        cursor = text.textCursor()
        cursor.setPosition(place.start + 1)
        assert cursor.charFormat().foreground().color() == stage.theme.tone("outbound").text
    cursor = text.textCursor()
    cursor.setPosition(3)
    assert cursor.charFormat().foreground().color() != stage.theme.tone("outbound").text


def test_the_end_of_a_very_long_text_is_reached(stage: Stage) -> None:
    preview = samples.long_text(500_000)
    sheet = stage.open(preview=preview)
    text = sheet.text.sent.text
    text.verticalScrollBar().setValue(text.verticalScrollBar().maximum())
    QApplication.processEvents()
    assert text.toPlainText() == preview.text
    assert text.cursorForPosition(text.viewport().rect().bottomRight()).position() >= len(preview.text) - 400


def test_one_word_of_a_hundred_thousand_letters_is_shown_too(stage: Stage) -> None:
    sheet = stage.open(preview=samples.preview("x" * 100_000))
    assert len(sheet.text.sent.text.toPlainText()) == 100_000


def test_unseen_characters_are_seen(stage: Stage) -> None:
    sheet = stage.open(preview=samples.preview("Pay\u202e 05 to\u200b me"))
    assert sheet.text.sent.text.toPlainText() == "Pay<U+202E> 05 to<U+200B> me"
    assert "2 characters that cannot be seen" in stage.said(sheet)


def test_the_request_is_shown_with_its_address_and_hash(stage: Stage) -> None:
    sheet = stage.open()
    sheet.text.as_sent.click()
    first = samples.preview().receivers[0]
    assert sheet.text.sent.text.toPlainText().encode() == first.body
    assert first.sha256 in stage.said(sheet) and first.url in stage.said(sheet)
    sheet.text.as_sent.click()
    assert sheet.text.sent.text.toPlainText() == samples.preview().text


def test_a_leak_is_shown_in_its_place_and_can_be_hidden(stage: Stage) -> None:
    sheet = stage.open(preview=samples.leaking())
    assert "[Person 1], written backwards" in stage.said(sheet) and not sheet.send.isEnabled() and not sheet.agree.isEnabled()
    show, hide = (one for one in sheet._leaks.findChildren(type(sheet.cancel)) if "backwards" in one.accessibleName())
    show.click()
    assert sheet.text.sent.text.textCursor().selectedText() == "wolraH annA"
    hide.click()
    assert stage.bridge.wishes == [compare_intents.ReviseHidden(samples.REQUEST, hide=("wolraH annA",))]


def test_letting_a_detail_be_seen_is_asked_twice(stage: Stage) -> None:
    sheet = stage.open()
    sheet.text.review.click()
    sheet.text.details.buttons["[Person 1]"].click()
    (question,) = stage.area.findChildren(ConfirmSheet)
    assert "api.openai.com" in stage.said(question) and QApplication.focusWidget() is question.cancel
    assert stage.bridge.wishes == []
    question.confirm.click()
    assert stage.bridge.wishes == [compare_intents.ReviseHidden(samples.REQUEST, show=("[Person 1]",))]


def test_words_are_hidden_from_a_selection_and_by_enter_in_the_field(stage: Stage) -> None:
    sheet = stage.open()
    start = samples.preview().text.index("apology")
    sheet.text.sent.go_to(start, start + len("apology"))
    sheet.text.more.click()
    assert sheet.text.hide_more.field.text() == "apology"
    sheet.agree.click()
    QTest.keyClick(sheet.text.hide_more.field, Qt.Key.Key_Return)
    assert stage.bridge.wishes == [compare_intents.ReviseHidden(samples.REQUEST, hide=("apology",))]
    assert not sheet.agree.isChecked()


def test_a_refusal_is_said_in_the_sheet(stage: Stage) -> None:
    sheet = stage.open()
    sheet.agree.click()
    sheet.send.click()
    stage.bridge.send(compare_events.ComparisonRefused(samples.REQUEST, NotApproved("changed")))
    assert not sheet.isHidden() and sheet._problem.isVisible() and not sheet.send.isEnabled()


def test_a_batch_is_gone_through_text_by_text(stage: Stage) -> None:
    batch = samples.batch(3)
    sheet = stage.open(BatchConsentModel(stage.bridge, batch))
    for preview in batch.previews:
        assert sheet.text.sent.text.toPlainText() == preview.text
        sheet.text.pages.next.click()
    assert not sheet.text.pages.next.isEnabled() and sheet.text.more.isHidden()
    sheet.agree.click()
    sheet.send.click()
    assert stage.bridge.wishes == [compare_intents.RunEvaluation(samples.REQUEST, batch.sha256)]


# ---------------------------------------------------------------- the lock
def test_the_status_bar_waits_for_send_only_while_the_sheet_is_open(stage: Stage) -> None:
    assert stage.lock.words.text == "Offline. Nothing leaves this computer"
    sheet = stage.open()
    assert (stage.lock.words.text, stage.lock.words.tone) == ("Offline until you choose Send", "local")
    sheet.close_sheet()
    assert stage.lock.words.text == "Offline. Nothing leaves this computer"


def test_sending_is_copper_and_names_the_hosts_and_green_comes_back(stage: Stage) -> None:
    sending = NetworkState(("compare",), busy_with=("compare",), sending_to=("api.openai.com", "api.anthropic.com"))
    stage.bridge.send(model_events.NetworkChanged(sending))
    assert stage.lock.words.text == "Sending to 2 hosts for this comparison" and stage.lock.words.tone == "outbound"
    stage.bridge.send(model_events.NetworkChanged(NetworkState()))
    assert stage.lock.words.tone == "local"


def test_the_bar_never_says_less_than_what_may_happen() -> None:
    sending = NetworkState(("models", "compare"), busy_with=("models", "compare"), sending_to=("api.openai.com",))
    assert lock.state(sending, 1).text == "Sending to api.openai.com for this comparison"
    assert lock.state(NetworkState(("models",)), 1, waits_for_send=True).tone == "neutral", "a download runs"


# ---------------------------------------------------------------- sizes and names
@pytest.mark.parametrize("text_size", [100, 150, 200])
@pytest.mark.parametrize("size", [(1024, 608), (1024, 576), (1440, 868)])
def test_the_sheet_fits_and_its_buttons_are_never_cut(stage: Stage, text_size: int, size: tuple[int, int]) -> None:
    stage.theme.choose("light", text_size=text_size, reduced_motion=True)
    stage.area.resize(*size)
    sheet = stage.open(preview=samples.leaking())
    QTest.qWait(20)
    assert stage.area.rect().contains(sheet.panel.geometry())
    for control in (sheet.cancel, sheet.send, sheet.title):
        place = control.mapTo(sheet, control.rect().topLeft())
        assert sheet.panel.geometry().contains(control.rect().translated(place)), control.text()
    assert sheet.agree.isVisible()


def test_every_control_has_a_name_for_screen_readers(stage: Stage) -> None:
    sheet = stage.open(preview=samples.leaking())
    sheet.text.review.click()
    sheet.text.more.click()
    sheet.text.as_sent.click()
    controls = [one for one in sheet.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible()]
    names = {type(one).__name__: QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in controls}
    assert all(names.values()), names
