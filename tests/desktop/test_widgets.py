"""The painted controls keep the manners of the real ones underneath."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.documents import DocumentsModel
from desktop.views.documents import DocumentsView
from desktop.widgets.button import Button, IconButton
from desktop.widgets.chip import Chip
from desktop.widgets.error_card import ErrorCard
from desktop.widgets.field import Field
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.painting import tooltip_of
from desktop.widgets.progress import ProgressBar
from desktop.widgets.segmented import Choice, Segmented
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wording import words_for
from engine import intents
from engine.errors import ModelDamaged
from tests.desktop.recording import RecordingBridge, a_day_at_work


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def host(qtbot) -> QWidget:
    host = QWidget()
    QVBoxLayout(host)
    qtbot.addWidget(host)
    return host


def put(host: QWidget, *widgets: QWidget) -> None:
    for widget in widgets:
        host.layout().addWidget(widget)
    host.show()
    QTest.qWaitForWindowExposed(host)


@pytest.mark.parametrize("kind", ["primary", "secondary", "ghost", "outbound", "danger"])
def test_buttons_paint_in_every_state(theme: Theme, host: QWidget, kind: str) -> None:
    button = Button(theme, "Send & close", icon="arrow-up", kind=kind)  # type: ignore[arg-type]
    put(host, button)
    plain = button.grab().toImage()
    button.setDown(True)
    pressed = button.grab().toImage()
    button.setDown(False)
    button.explain("Nothing to send")
    disabled = button.grab().toImage()
    assert plain != pressed and plain != disabled
    assert button.sizeHint().height() == 32


def test_a_disabled_button_says_why_to_everybody(theme: Theme, host: QWidget) -> None:
    button = Button(theme, "Ask")
    button.set_hint("Ask (Enter)")
    button.explain("Write a question first")
    assert (button.isEnabled(), button.toolTip(), button.accessibleDescription()) == (
        False,
        "Write a question first",
        "Write a question first",
    )
    button.explain("")
    assert (button.isEnabled(), button.toolTip(), button.accessibleDescription()) == (True, "Ask (Enter)", "")


def test_an_ampersand_is_an_ampersand(theme: Theme) -> None:
    button = Button(theme, "Smith & Sons")
    assert button.accessibleName() == "Smith & Sons"
    assert button.shortcut().isEmpty()


def test_names_of_documents_are_never_read_as_markup(theme: Theme, host: QWidget) -> None:
    hostile = "<img src='file:///etc/passwd'> lease.pdf with a very long name indeed"
    label = Text(theme, hostile, elide=True)
    put(host, label)
    host.resize(120, 40)
    label.grab()
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert "<img" not in label.toolTip() and "&lt;img" in label.toolTip()
    assert tooltip_of(hostile).startswith("&lt;img")


def test_wrapped_text_asks_for_the_height_it_needs(theme: Theme) -> None:
    label = Text(theme, "one two three four five six seven eight nine ten", wrap=True)
    assert label.heightForWidth(1_000) == 20
    narrow = label.heightForWidth(60)
    assert narrow >= 5 * 20 and narrow % 20 == 0
    label.setText("one")
    assert label.heightForWidth(60) == 20


def test_segments_move_with_arrow_keys_and_tell_once(theme: Theme, host: QWidget) -> None:
    segmented = Segmented(theme, "Show", [Choice("a", "All", 3), Choice("b", "Ready", 2), Choice("c", "None")])
    put(host, segmented)
    heard: list[str] = []
    segmented.chosen.connect(heard.append)
    segmented._segments["a"].setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert heard == ["b"] and segmented.key == "b"
    assert segmented._segments["b"].accessibleName() == "Ready, 2"
    segmented.choose("c")
    assert heard == ["b"] and segmented.key == "c"


def test_a_switch_toggles_by_space_and_by_click(theme: Theme, host: QWidget) -> None:
    switch = Switch(theme, "Reduced motion")
    put(host, switch)
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert not switch.isChecked()
    assert switch.sizeHint().height() >= 24


def test_targets_are_at_least_24_pixels(theme: Theme) -> None:
    for widget in (IconButton(theme, "x", "Close", size="s"), MenuButton(theme, "Model"), Field(theme, "Name")):
        assert min(widget.sizeHint().width(), widget.sizeHint().height()) >= 24


def test_a_field_carries_its_error_to_screen_readers(theme: Theme, host: QWidget) -> None:
    field = Field(theme, "Password", secret=True)
    put(host, field)
    before = field.grab().toImage()
    field.show_error("That password did not open it")
    assert field.accessibleDescription() == "That password did not open it"
    assert field.grab().toImage() != before


def test_progress_of_unknown_length_shows_no_share(theme: Theme, host: QWidget) -> None:
    bar = ProgressBar(theme, "Reading")
    put(host, bar)
    bar.set_share(0.25)
    assert bar.value() / bar.maximum() == 0.25
    bar.set_share(None)
    assert bar.maximum() == 0 and bar._timer.isActive()
    theme.choose("light", text_size=100, reduced_motion=True)
    assert not bar._timer.isActive()


def test_a_menu_opens_by_key_and_is_never_empty(theme: Theme, host: QWidget) -> None:
    button = MenuButton(theme, "Model")
    put(host, button)
    button.open_menu()
    assert not button.choices.isVisible()
    button.choices.aboutToShow.connect(lambda: button.choices.isEmpty() and button.choices.addAction("Starter model"))
    QTest.keyClick(button, Qt.Key.Key_Down)
    assert button.choices.isVisible()
    button.choices.close()


def test_an_error_card_offers_actions_and_folds_details(theme: Theme, host: QWidget, qtbot) -> None:
    card = ErrorCard(theme)
    put(host, card)
    words = words_for(ModelDamaged("Qwen3 8B", "truncated"))
    card.show_words(words, [("choose_model", "Choose a model"), ("try_again", "Try again")])
    assert "Qwen3 8B can’t be opened" in card.accessibleName()
    assert not card._details.isVisible()
    card._fold.click()
    assert card._details.isVisible() and "truncated" in card._details.text()
    card._copy.click()
    assert "model_damaged" in QApplication.clipboard().text()
    buttons = {button.accessibleName(): button for button in card.findChildren(Button)}
    assert buttons["Choose a model"].kind == "primary" and buttons["Try again"].kind == "secondary"
    with qtbot.waitSignal(card.acted) as heard:
        buttons["Try again"].click()
    assert heard.args == ["try_again"]


def test_everything_grows_with_the_text(theme: Theme, host: QWidget) -> None:
    widgets = [
        Button(theme, "Ask"),
        Chip(theme, "Ready", icon="check"),
        Field(theme, "Name"),
        Switch(theme, "On"),
        Text(theme, "Words"),
    ]
    put(host, *widgets)
    before = [widget.sizeHint().height() for widget in widgets]
    theme.choose("light", text_size=200, reduced_motion=False)
    after = [widget.sizeHint().height() for widget in widgets]
    assert all(new >= 1.7 * old for old, new in zip(before, after, strict=True)), (before, after)
    theme.choose("light", text_size=100, reduced_motion=False)


def test_thousands_of_documents_scroll_and_only_visible_rows_are_painted(theme: Theme, host: QWidget) -> None:
    from tests.desktop.recording import document

    bridge = RecordingBridge()
    view = DocumentsView(DocumentsModel(bridge), theme)
    put(host, view)
    bridge.send(*a_day_at_work())
    view.model.table.fill(document(f"d{n}", f"{n:05}.pdf", "waiting") for n in range(5_000))
    host.resize(1300, 800)
    QApplication.processEvents()
    asked: list[int] = []
    ask = view.model.table.data
    view.model.table.data = lambda index, role=0: (asked.append(index.row()), ask(index, role))[1]  # type: ignore[method-assign]
    view.table.viewport().repaint(QRect(0, 0, view.table.viewport().width(), view.table.viewport().height()))
    assert asked and len(set(asked)) <= 30


def test_a_password_is_passed_on_and_not_kept_in_the_field(theme: Theme, host: QWidget) -> None:
    bridge = RecordingBridge()
    view = DocumentsView(DocumentsModel(bridge), theme)
    put(host, view)
    bridge.send(*a_day_at_work())
    view.show_document("d7")
    QTest.keyClicks(view.details.problem.password, "sesame")
    QTest.keyClick(view.details.problem.password, Qt.Key.Key_Return)
    assert view.details.problem.password.text() == ""
    assert [wish.password for wish in bridge.wished(intents.ReadAgain)] == ["sesame"]


def test_the_filter_with_nothing_to_show_says_so(theme: Theme, host: QWidget) -> None:
    bridge = RecordingBridge()
    view = DocumentsView(DocumentsModel(bridge), theme)
    host.resize(1300, 900)
    put(host, view)
    assert view.empty.isVisible() and not view.drop_zone.isVisible()
    bridge.send(*a_day_at_work())
    assert view.drop_zone.isVisible() and not view.empty.isVisible()
    QTest.keyClicks(view.name_filter, "zzz")
    assert view._nothing.isVisible()
    view.show_document("d1")
    assert not view._nothing.isVisible() and view.model.document is not None
