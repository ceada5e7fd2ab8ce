"""The window as a person uses it: screens, keys, sheets, sizes, and what screen readers find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.widgets.sheet import ConfirmSheet, Sheet
from engine import events, intents, model_intents
from engine.errors import DiskFull, StoreLocked
from engine.settings import Settings
from tests.desktop.recording import HARLOW, RecordingBridge, a_day_at_work, documents

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Stage:
    """The window over a recording bridge."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.window = MainWindow(self.bridge, self.theme)
        self.window.resize(1440, 900)
        self.window.show()
        QTest.qWaitForWindowActive(self.window)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def sheet(self) -> Sheet | None:
        return next((sheet for sheet in self.window.area.findChildren(Sheet) if not sheet.isHidden()), None)

    def use(self, **settings: object) -> None:
        self.bridge.send(events.SettingsChanged(Settings.model_validate(settings)))
        QApplication.processEvents()


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    stage.bridge.send(*a_day_at_work())
    stage.bridge.wishes.clear()
    yield stage
    stage.window.close()
    # At once: style sheets are applied to every widget that is alive, also to those of earlier tests.
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


def controls(root: QWidget) -> list[QWidget]:
    """Everything that Tab or a click can focus, and that is not part of a larger control."""
    return [one for one in root.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisibleTo(root)]


@pytest.mark.parametrize("screen", ["ask", "documents", "ledger", "models", "settings"])
def test_every_control_has_a_name_for_screen_readers(stage: Stage, screen: str) -> None:
    stage.window.show_screen(screen)
    if screen == "documents":
        stage.window.documents.show_document("d7")
    nameless = []
    for control in controls(stage.window):
        found = QAccessible.queryAccessibleInterface(control)
        if found is not None and not found.text(QAccessible.Text.Name).strip():
            nameless.append((type(control).__name__, type(control.parentWidget()).__name__))
    assert nameless == []


@pytest.mark.parametrize("part", ["general", "privacy", "models", "keyboard", "about"])
def test_every_setting_has_a_name_for_screen_readers(stage: Stage, part: str) -> None:
    stage.window._show_settings_part(part)
    names = [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in controls(stage.window.settings)]
    assert all(names), names


@pytest.mark.parametrize("text_size", [100, 200])
@pytest.mark.parametrize("screen", ["ask", "documents", "ledger", "models", "settings"])
def test_the_window_fits_the_smallest_screen(stage: Stage, screen: str, text_size: int) -> None:
    stage.use(text_size=text_size)
    stage.window.show_screen(screen)
    if screen == "documents":
        stage.window.documents.show_document("d7")
    stage.window.resize(1024, 640)
    QApplication.processEvents()
    smallest = stage.window.minimumSizeHint()
    assert smallest.width() <= 1024 and smallest.height() <= 640, smallest
    assert (stage.window.width(), stage.window.height()) == (1024, 640)


@pytest.mark.parametrize("text_size", [100, 150, 200])
def test_sheets_fit_the_smallest_screen(stage: Stage, text_size: int) -> None:
    stage.use(text_size=text_size)
    stage.window.resize(1024, 640)
    stage.window.open_help()
    QApplication.processEvents()
    sheet = stage.sheet()
    assert sheet is not None
    assert stage.window.area.rect().contains(sheet.panel.geometry())
    assert stage.window.status_bar.isVisible() and not sheet.geometry().intersects(stage.window.status_bar.geometry())


def test_keys_go_to_screens(stage: Stage) -> None:
    for key, screen in ((Qt.Key.Key_2, "documents"), (Qt.Key.Key_Comma, "settings"), (Qt.Key.Key_1, "ask")):
        stage.key(key, CTRL)
        assert stage.window.screen_name == screen
    assert stage.window.sidebar.items["ask"].isChecked()


def test_search_is_typed_chosen_with_arrows_and_gone_to(stage: Stage) -> None:
    stage.key(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "rent")
    stage.key(Qt.Key.Key_Down)
    stage.key(Qt.Key.Key_Return)
    assert stage.sheet() is None
    assert stage.window.screen_name == "documents"
    document = stage.window.documents.model.document
    assert document is not None and document.name == "Rent ledger 2021 to 2025.html"


def test_escape_closes_a_sheet_and_gives_the_focus_back(stage: Stage) -> None:
    stage.window.show_screen("documents")
    before = QApplication.focusWidget()
    stage.key(Qt.Key.Key_F1)
    assert stage.sheet() is not None
    stage.key(Qt.Key.Key_Escape)
    assert stage.sheet() is None
    assert QApplication.focusWidget() is before is not None


def test_tab_stays_inside_a_sheet(stage: Stage) -> None:
    stage.key(Qt.Key.Key_N, CTRL | SHIFT)
    sheet = stage.sheet()
    assert sheet is not None
    seen = set()
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None and sheet.isAncestorOf(focused)
        seen.add(focused)
        stage.key(Qt.Key.Key_Tab)
    assert len(seen) == 3  # the name, Cancel and the cross; Create is not reached before there is a name


def test_other_keys_rest_while_a_sheet_is_open(stage: Stage) -> None:
    stage.key(Qt.Key.Key_F1)
    stage.key(Qt.Key.Key_2, CTRL)
    assert stage.window.screen_name == "ask"


def test_a_new_matter_is_named_and_wished_for(stage: Stage) -> None:
    stage.key(Qt.Key.Key_N, CTRL | SHIFT)
    stage.key(Qt.Key.Key_Return)
    assert stage.sheet() is not None, "an empty name is no name"
    QTest.keyClicks(QApplication.focusWidget(), " Harlow v Brent ")
    stage.key(Qt.Key.Key_Return)
    assert stage.bridge.wishes == [intents.CreateMatter("Harlow v Brent")]


def test_deleting_a_matter_asks_first_and_starts_on_cancel(stage: Stage) -> None:
    rows = stage.window.sidebar.matters
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(0, 0))
    stage.key(Qt.Key.Key_Delete)
    sheet = stage.sheet()
    assert isinstance(sheet, ConfirmSheet)
    assert QApplication.focusWidget() is sheet.cancel
    stage.key(Qt.Key.Key_Space)
    assert stage.bridge.wishes == []
    stage.key(Qt.Key.Key_Delete)
    again = stage.sheet()
    assert isinstance(again, ConfirmSheet)
    again.confirm.click()
    assert stage.bridge.wishes == [intents.DeleteMatter(HARLOW.id)]


def test_a_conversation_is_opened_and_renamed_from_the_sidebar(stage: Stage) -> None:
    stage.window.show_screen("documents")
    rows = stage.window.sidebar.matters
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(1, 0))
    stage.key(Qt.Key.Key_Return)
    assert stage.window.screen_name == "ask"
    stage.key(Qt.Key.Key_F2) if QApplication.focusWidget() is rows else rows.rename_wanted.emit(rows.row_at(rows.currentIndex()))
    QTest.keyClicks(QApplication.focusWidget(), "Notice")
    stage.key(Qt.Key.Key_Return)
    conversation = stage.window.model.conversations[0].id
    assert stage.bridge.wished(intents.OpenConversation) == [intents.OpenConversation(HARLOW.id, conversation)]
    assert stage.bridge.wished(intents.RenameConversation) == [intents.RenameConversation(HARLOW.id, conversation, "Notice")]


def test_f6_walks_through_the_regions_and_back(stage: Stage) -> None:
    window = stage.window
    window.show_screen("documents")
    window.documents.show_document("d7")
    window.documents.table.setFocus()
    regions = [window.documents.panel, window.status_bar, window.sidebar, window.stack.toolbars, window.stack.page_area]
    for region in regions:
        stage.key(Qt.Key.Key_F6)
        focused = QApplication.focusWidget()
        assert focused is not None and region.isAncestorOf(focused), region.accessibleName()
    for region in reversed(regions[:-1]):
        stage.key(Qt.Key.Key_F6, SHIFT)
        assert region.isAncestorOf(QApplication.focusWidget()), region.accessibleName()


def test_text_size_keys(stage: Stage) -> None:
    stage.key(Qt.Key.Key_Plus, CTRL)
    stage.key(Qt.Key.Key_Minus, CTRL)
    sizes = [wish.settings.text_size for wish in stage.bridge.wished(intents.ChangeSettings)]
    assert sizes == [110, 90]


def test_light_and_dark_switch_live(stage: Stage) -> None:
    stage.use(theme="dark")
    dark = stage.window.grab().toImage().pixelColor(700, 20)
    stage.use(theme="light")
    light = stage.window.grab().toImage().pixelColor(700, 20)
    assert dark.lightness() < 40 < 200 < light.lightness()


def test_the_sidebar_folds_below_1120(stage: Stage) -> None:
    window = stage.window
    window.resize(1100, 700)
    QApplication.processEvents()
    assert window.sidebar.width() == 56
    window.resize(1200, 700)
    QApplication.processEvents()
    assert window.sidebar.width() == 248


def test_the_details_lie_over_the_table_below_1280(stage: Stage) -> None:
    window = stage.window
    window.show_screen("documents")
    for width, is_overlay in ((1440, False), (1200, True)):
        window.resize(width, 800)
        QApplication.processEvents()
        window.documents.show_document("d1")
        overlap = window.documents.content.geometry().intersects(window.documents.panel.geometry())
        assert overlap == is_overlay


def drop(window: MainWindow, *urls: QUrl) -> QDropEvent:
    data = QMimeData()
    data.setUrls(list(urls))
    where, buttons, keys = QPointF(600, 300), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(where.toPoint(), Qt.DropAction.CopyAction, data, buttons, keys))
    event = QDropEvent(where, Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, event)
    return event


def test_files_dropped_anywhere_are_added(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "Lease.pdf"
    file.write_bytes(b"%PDF-")
    drop(stage.window, QUrl.fromLocalFile(str(file)))
    assert stage.bridge.wishes == [intents.AddDocuments(HARLOW.id, (file,))]
    assert stage.window.screen_name == "documents"


def test_web_addresses_dropped_are_not_fetched(stage: Stage) -> None:
    drop(stage.window, QUrl("https://example.com/lease.pdf"))
    assert stage.bridge.wishes == []


def test_files_hanging_over_the_window_are_counted_aloud(stage: Stage, tmp_path: Path) -> None:
    stage.window.show_screen("documents")
    stage.window.documents.show_files_over(3)
    assert stage.window.documents.drop_zone._title.text() == "Release to add 3 files"
    stage.window.documents.show_files_over(0)
    assert stage.window.documents.drop_zone._title.text() == "Drop files or folders here"


def test_the_unlock_sheet_leaves_the_lock_state_in_view(stage: Stage) -> None:
    stage.bridge.send(events.StoreNeedsKey(StoreLocked("no_keyring"), True))
    unlock = stage.window.unlock
    assert unlock.isVisible() and stage.window.status_bar.lock.isVisible()
    stage.key(Qt.Key.Key_Escape)
    assert unlock.isVisible(), "there is nothing behind it yet"
    QTest.keyClicks(unlock.passphrase, "correct horse")
    assert not unlock.open.isEnabled()
    QTest.keyClicks(unlock.again, "correct horse")
    unlock.open.click()
    assert stage.bridge.wishes == [intents.UnlockStore("passphrase", "correct horse")]
    stage.bridge.send(events.StoreOpened("passphrase"))
    assert not unlock.isVisible()
    assert unlock.passphrase.text() == ""


def test_trouble_without_a_better_place_is_told_in_a_line(stage: Stage) -> None:
    stage.bridge.send(events.Trouble(DiskFull(10), "Lease.pdf"))
    assert stage.window.notice.words == "Lease.pdf: The disk is full. Free some space, then try again."


def test_the_title_never_names_a_matter(stage: Stage) -> None:
    assert stage.window.windowTitle() == "Strongroom"


def test_the_status_bar_opens_the_settings_it_belongs_to(stage: Stage) -> None:
    stage.window.status_bar.lock.click()
    assert stage.window.screen_name == "settings"
    assert stage.window.settings.parts["privacy"].isChecked()
    stage.window.status_bar.memory.click()
    assert stage.window.settings.parts["models"].isChecked()


def test_asking_about_a_document_leads_to_the_composer(stage: Stage) -> None:
    window = stage.window
    window.show_screen("documents")
    window.documents.show_document("d1")
    window.documents.details.ask.click()
    assert window.screen_name == "ask"
    assert window.ask.model.scope.documents == ("d1",)


def test_controls_made_just_before_the_text_size_changes_take_it(stage: Stage) -> None:
    # The page makes buttons for these documents; the size changes before Qt has shown them once.
    stage.bridge.send(events.MatterOpened(HARLOW, documents()[:3], ()))
    stage.use(text_size=200)
    shown = [one for one in stage.window.findChildren(QWidget) if one.isVisible() and hasattr(one, "type_style")]
    small = [type(one).__name__ for one in shown if one.font().pixelSize() < 24]
    assert shown and small == []


def test_a_line_about_trouble_covers_nothing(stage: Stage) -> None:
    stage.window.show_screen("documents")
    stage.bridge.send(events.Trouble(DiskFull(10), "Lease.pdf"))
    QApplication.processEvents()
    page = stage.window.documents
    assert stage.window.notice.geometry().bottom() <= page.geometry().top()


def test_models_are_a_screen_with_a_key_and_can_be_jumped_to(stage: Stage) -> None:
    stage.key(Qt.Key.Key_6, CTRL)
    assert stage.window.screen_name == "models" and stage.window.sidebar.items["models"].isChecked()
    stage.key(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "privacy")
    stage.key(Qt.Key.Key_Return)
    assert stage.window.screen_name == "settings" and stage.window.settings.parts["privacy"].isChecked()


def test_model_files_dropped_anywhere_go_to_the_models(stage: Stage, tmp_path: Path) -> None:
    model, document = tmp_path / "Qwen.GGUF", tmp_path / "Lease.pdf"
    drop(stage.window, QUrl.fromLocalFile(str(model)))
    assert stage.bridge.wished(model_intents.AddModelFile) == [model_intents.AddModelFile(model)]
    assert stage.bridge.wished(intents.AddDocuments) == [] and stage.window.screen_name == "models"
    stage.bridge.wishes.clear()
    drop(stage.window, QUrl.fromLocalFile(str(model)), QUrl.fromLocalFile(str(document)))
    assert stage.bridge.wished(intents.AddDocuments) == [intents.AddDocuments(HARLOW.id, (document,))]
    assert stage.bridge.wished(model_intents.AddModelFile) == [model_intents.AddModelFile(model)]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.pdf"], "Release to add 1 file"),
        (["a.gguf", "b.gguf"], "Release to add 2 models"),
        (["a.gguf", "b.pdf"], "Release to add 2 files"),
    ],
)
def test_files_over_the_window_are_told_apart(stage: Stage, names: list[str], words: str) -> None:
    stage.window.files._show([Path(name) for name in names])
    assert stage.window.files.cover.isVisible() and stage.window.files.cover._title.text() == words
    stage.window.files._show([])
    assert not stage.window.files.cover.isVisible()


class _Windows(QObject):
    """Notes every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


def test_no_screen_opens_a_window_of_its_own_while_it_is_made(stage: Stage, qapp: QApplication) -> None:
    """Not even for a moment: it would take the keyboard away and flash by."""
    windows = _Windows()
    qapp.installEventFilter(windows)
    try:
        for screen in ("settings", "models", "documents", "ask"):
            stage.window.show_screen(screen)
    finally:
        qapp.removeEventFilter(windows)
    assert windows.shown == []
