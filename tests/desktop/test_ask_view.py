"""The Ask view with a played engine: keys, clicks, citations, copying, scrolling, failure, and how small it may get."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.views.conversation import AT_ONCE
from desktop.views.exchange_view import ExchangeView
from engine import events
from engine.errors import WorkerDied
from engine.intents import AskQuestion, ExportConversation, RenderPage, StopReply
from engine.records import DocumentId, ModelId, ModelState
from tests.desktop import ask_stage as stage
from tests.desktop.recording import RecordingBridge

# Windows painted into memory have no window manager to tell their smallest size to, and Qt says so.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def one_theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def theme(one_theme: Theme) -> Theme:
    one_theme.choose("light", text_size=100, reduced_motion=False)
    return one_theme


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def view(qtbot, theme: Theme, bridge: RecordingBridge) -> AskView:
    view = AskView(bridge, theme)
    qtbot.addWidget(view)
    qtbot.addWidget(view.toolbar)
    view.resize(1400, 800)
    view.show()
    stage.open_matter(bridge)
    return view


@pytest.fixture
def answered(view: AskView, bridge: RecordingBridge, qtbot) -> ExchangeView:
    """A stored conversation on the screen, drawn once so that citations have their places."""
    stage.open_conversation(bridge)
    view.grab()
    return view.conversation.views[0]


def click_citation(qtbot, exchange: ExchangeView, number: int) -> None:
    place = exchange.body.place_of(number)
    assert place is not None
    qtbot.mouseClick(exchange.body.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint())


# ---------------------------------------------------------------- writing
def test_enter_asks_and_shift_enter_starts_a_new_line(view, bridge, qtbot):
    text = view.composer.text
    qtbot.keyClicks(text, "What notice?")
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(text, "And when?")
    assert bridge.wished(AskQuestion) == []
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert bridge.wished(AskQuestion)[0].text == "What notice?\nAnd when?"
    assert text.toPlainText() == "" and len(view.conversation.views) == 1


def test_a_disabled_ask_explains_itself(view, qtbot):
    button = view.composer.ask_button
    assert not button.isEnabled() and "Write a question" in button.toolTip() and button.accessibleDescription()
    qtbot.keyClicks(view.composer.text, "What?")
    assert button.isEnabled() and button.accessibleDescription() == ""


def test_pasted_files_links_and_rich_text_come_in_as_words(view):
    text, mime = view.composer.text, QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/a b.pdf"), QUrl("https://example.org/x")])
    assert text.canInsertFromMimeData(mime)
    text.insertFromMimeData(mime)
    assert text.toPlainText().split("\n") == ["/tmp/a b.pdf", "https://example.org/x"]
    text.clear()
    mime = QMimeData()
    mime.setHtml("<img src='file:///etc/hostname'><b>bold</b>")
    mime.setText("bold")
    text.insertFromMimeData(mime)
    assert text.toPlainText() == "bold"


def test_a_failed_question_is_back_in_the_composer(view, bridge, qtbot):
    qtbot.keyClicks(view.composer.text, "What notice?")
    view.model.ask()
    assert view.composer.text.toPlainText() == ""
    bridge.send(events.Failed(bridge.wished(AskQuestion)[0].request, WorkerDied("chat", -9)))
    assert view.composer.text.toPlainText() == "What notice?"


# ---------------------------------------------------------------- citations
def test_a_click_on_a_citation_opens_its_page_and_fills_it(view, bridge, answered, qtbot):
    click_citation(qtbot, answered, 1)
    assert bridge.wished(RenderPage)[-1].page == 7 and view.viewer.isVisible()
    stage.show_page(bridge)
    assert view.viewer.canvas.marked is not None
    assert answered.body._text.citations.selected == 1


def test_a_citation_without_a_passage_opens_nothing_but_shows_its_row(view, bridge, answered, qtbot):
    click_citation(qtbot, answered, 5)
    assert bridge.wished(RenderPage) == [] and not view.viewer.isVisible()
    assert answered.body._text.citations.selected == 5


def test_hovering_a_citation_underlines_what_it_supports(answered, qtbot):
    body = answered.body
    place = body.place_of(2)
    qtbot.mouseMove(body.viewport(), place.center().toPoint())
    marks = [mark.cursor.selectedText() for mark in body.extraSelections()]
    assert marks == ["Time is of the essence: late notice has no effect."]
    qtbot.mouseMove(body.viewport(), QPoint(body.width() - 2, body.height() - 2))
    assert body.extraSelections() == []


def test_rows_say_what_screen_readers_should_and_open_by_key(view, bridge, answered, qtbot):
    rows = [answered.sources.row(number) for number in range(1, 6)]
    assert [row.accessibleName() for row in rows][:4] == [
        "Source 1, verified, Lease, Unit 4.pdf, page 7",
        "Source 2, verified, Lease, Unit 4.pdf, page 7",
        "Source 3, Wording differs, check, Lease, Unit 4.pdf, page 3",
        "Source 4, Close match, Break notice, proof of delivery.pdf, page 2",
    ]
    assert rows[4].accessibleName() == "Source 5, Not found in the documents, Rent was paid in full at the break date."
    qtbot.keyClick(rows[3], Qt.Key.Key_Return)
    assert bridge.wished(RenderPage)[-1].document == "notice"


def test_numbers_open_sources_of_the_last_answer(view, bridge, answered):
    view.open_citation(3)
    assert bridge.wished(RenderPage)[-1].page == 3
    view.open_citation(9)
    assert len(bridge.wished(RenderPage)) == 1


def test_the_source_list_comes_with_the_last_word(view, bridge, qtbot):
    view.model.write("What?")
    view.model.ask()
    wish = stage.begin_answer(bridge)
    shown = view.conversation.views[0]
    bridge.send(events.AnswerGrew(wish.request, stage.ANSWER))
    bridge.send(*(events.SentenceChecked(wish.request, each) for each in stage.SENTENCES))
    qtbot.waitUntil(lambda: shown.body.document().toPlainText().count("\ufffc") == 5)
    assert shown.sources.isHidden() and not shown.progress.isHidden()
    bridge.send(events.Finished(wish.request, stage.answered()))
    assert not shown.sources.isHidden() and shown.progress.isHidden()
    assert shown.body.document().toPlainText().count("\ufffc") == 5


# ---------------------------------------------------------------- copying
def test_copied_words_have_no_citations_in_them(answered):
    answered.body.selectAll()
    answered.body.copy()
    copied = QGuiApplication.clipboard().text()
    assert (
        copied.startswith("The tenant must give the landlord at least six months")
        and "\ufffc" not in copied
        and "\u2060" not in copied
    )
    assert "\n" in copied


def test_copy_with_sources_numbers_sentences_and_lists_passages(view, answered):
    view.copy_with_sources()
    copied = QGuiApplication.clipboard().text()
    assert "**at least six months’ written notice** before the break date. [1] Time is" in copied
    assert "has no effect. [2]\n" in copied
    assert f"[1] Lease, Unit 4.pdf, page 7: Quote verified. “{stage.QUOTE}”" in copied
    assert "[5] No passage supports this sentence: Not found in the documents" in copied


# ---------------------------------------------------------------- stopping, failing, exporting
def test_stop_stops_and_escape_closes_an_overlaid_page(view, bridge, qtbot):
    view.model.write("What?")
    view.model.ask()
    view.stop()
    assert len(bridge.wished(StopReply)) == 1
    wish = stage.begin_answer(bridge)
    bridge.send(events.Finished(wish.request, stage.answered(stop_reason="cancelled")))
    assert "stopped" in view.conversation.views[0]._note.text()
    view.resize(1000, 600)
    view.open_citation(1)
    assert view.viewer.isVisible()
    view.stop()
    assert not view.viewer.isVisible() and len(bridge.wished(StopReply)) == 1


def test_what_was_not_read_is_said(view, bridge):
    stage.open_conversation(bridge, stage.asked(), stage.answered(reading=stage.Reading(4, 9, 31, 2), stop_reason="token_limit"))
    note = view.conversation.views[0]._note.text()
    assert "9 of 40 matching passages read." in note and "2 earlier questions were left out." in note and "longest length" in note


def test_a_failure_shows_its_card_and_tries_again(view, bridge, qtbot):
    problem = {"problem": "worker_died", "problem_facts": {"worker": "chat", "exit_code": -9, "restarting": True}}
    stage.open_conversation(bridge, stage.asked(), stage.answered(text="Six mo", sentences=(), **problem))
    shown = view.conversation.views[0]
    assert "Six mo" in shown.body.toPlainText() and not shown._card.isHidden()
    shown._card.acted.emit("try_again")
    assert bridge.wished(AskQuestion)[-1].replaces == "a1"
    assert shown._card.isHidden()


def test_a_model_that_cannot_be_opened_takes_the_empty_place(view, bridge):
    bridge.send(
        events.ModelStateChanged(
            ModelState(
                "failed",
                ModelId("qwen"),
                "Qwen3 8B",
                problem="model_damaged",
                problem_facts={"model": "Qwen3 8B", "reason": "truncated"},
            )
        )
    )
    assert view._stack.currentIndex() == 2 and "Qwen3 8B" in view.failure.card.accessibleName()
    assert view.composer.isHidden(), "nothing can be asked; the draft is shown instead"
    bridge.send(stage.ready_model())
    assert view._stack.currentIndex() == 0 and not view.empty._heading.isHidden() and not view.composer.isHidden()


def test_export_goes_to_the_chosen_file(view, bridge, answered, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "talk.md"), ""))
    view.toolbar._export.click()
    assert bridge.wished(ExportConversation)[-1].file == Path(tmp_path / "talk.md")


# ---------------------------------------------------------------- scrolling
def many(n: int) -> list:
    return [message for each in range(n) for message in (stage.asked(f"q{each}", f"Question {each}"), stage.answered(f"a{each}"))]


def test_a_long_conversation_opens_at_its_end_and_fills_upwards(view, bridge, qtbot):
    stage.open_conversation(bridge, *many(100))
    assert len(view.conversation.views) == AT_ONCE
    bar = view.conversation.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    last = view.conversation.views[-1]
    for _ in range(3):
        n_built, below = len(view.conversation.views), bar.maximum()
        bar.setValue(0)
        qtbot.waitUntil(lambda n=n_built: len(view.conversation.views) > n, timeout=20_000)
        qtbot.waitUntil(lambda at=below: bar.maximum() - bar.value() == at)  # what was read stays where it was
    questions = [each.exchange.question for each in view.conversation.views]
    assert questions == [f"Question {each}" for each in range(100 - len(questions), 100)]
    assert view.conversation.views[-1] is last


def test_a_short_conversation_is_built_as_a_whole(view, bridge, qtbot):
    view.resize(1400, 4000)
    stage.open_conversation(bridge, *many(8))
    qtbot.waitUntil(lambda: len(view.conversation.views) == 8)


def test_reading_further_up_is_not_disturbed_by_a_growing_answer(view, bridge, qtbot):
    stage.open_conversation(bridge, *many(3))
    qtbot.waitUntil(lambda: view.conversation.verticalScrollBar().maximum() > 300)
    view.model.write("What?")
    view.model.ask()
    wish = stage.begin_answer(bridge)
    bar = view.conversation.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    bar.setValue(100)
    highest = bar.maximum()
    bridge.send(events.AnswerGrew(wish.request, "Line.\n\n" * 60))
    qtbot.waitUntil(lambda: bar.maximum() > highest)
    assert bar.value() == 100
    bar.setValue(bar.maximum())
    bridge.send(events.AnswerGrew(wish.request, "More.\n\n" * 30))
    highest = bar.maximum()
    qtbot.waitUntil(lambda: bar.maximum() > highest and bar.value() == bar.maximum())


# ---------------------------------------------------------------- size
def test_the_viewer_lies_beside_or_over_the_conversation(view, answered):
    view.open_citation(1)
    assert view._row.indexOf(view.viewer) >= 0 and view.viewer.width() >= 440
    view.resize(1000, 600)
    assert view._row.indexOf(view.viewer) < 0
    assert view.viewer.geometry().right() == view.width() - 1 and view.viewer.width() <= view.width()
    view.resize(1400, 800)
    assert view._row.indexOf(view.viewer) >= 0


@pytest.mark.parametrize("text_size", [100, 200])
def test_it_fits_the_smallest_window(view, bridge, answered, theme, text_size):
    theme.choose("light", text_size=text_size, reduced_motion=False)
    view.resize(968, 552)
    view.open_citation(3)
    stage.show_page(bridge)
    hint = view.minimumSizeHint()
    assert hint.width() <= 968 and hint.height() <= 552, hint
    view.new_conversation()
    assert view.minimumSizeHint().height() <= 552
    bridge.send(events.DocumentRemoved(stage.MATTER.id, DocumentId("d0")))
    theme.choose("light", text_size=100, reduced_motion=False)


def test_both_themes_and_all_places_draw_without_a_warning(view, bridge, answered, theme):
    view.open_citation(3)
    stage.show_page(bridge)
    for choice in ("dark", "light"):
        theme.choose(choice, text_size=100, reduced_motion=True)
        assert not view.grab().isNull()


def test_an_answer_leaves_the_wheel_to_the_conversation(answered):
    centre = QPointF(answered.body.rect().center())
    wheel = QWheelEvent(
        centre,
        centre,
        QPoint(0, 60),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(answered.body.viewport(), wheel)
    assert not wheel.isAccepted()
