"""The models screen as a person uses it: keys, buttons, sheets, sizes, and what screen readers find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.add_model import AddModelSheet
from desktop.views.export_models import ExportSheet
from desktop.views.found_models import FoundModelsSheet
from desktop.views.hub_token import TokenSheet
from desktop.views.models import ModelsView
from desktop.views.open_lock import OpenLockSheet
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.sheet import ConfirmSheet, Sheet
from engine import errors, events, intents, model_events, model_intents
from engine.model_records import DownloadId, ModelCheck
from engine.records import ModelId
from engine.settings import Settings
from tests.desktop.model_samples import (
    CLOSED,
    OPEN,
    a_day_with_models,
    download,
    fit,
    found_models,
    model,
    models,
    repositories,
)
from tests.desktop.recording import RecordingBridge

SheetKind = TypeVar("SheetKind", bound=Sheet)
TAB = Qt.FocusPolicy.TabFocus


class Stage:
    """The models screen in the window, over a recording bridge."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.window = MainWindow(self.bridge, self.theme)
        self.window.resize(1440, 900)
        self.window.show()
        self.bridge.send(events.StoreOpened("keyring"), *a_day_with_models())
        self.window.show_screen("models")
        QTest.qWaitForWindowActive(self.window)
        QApplication.processEvents()
        self.bridge.wishes.clear()

    @property
    def view(self) -> ModelsView:
        return self.window.models

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def press(self, name: str, verb: str) -> None:
        """Press a button of a row, by its name for screen readers."""
        row = next(row for row in self.view.list.rows if row.row.name == name)
        button = next(one for one in row._buttons if one.accessibleName() == verb)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def sheet(self, kind: type[SheetKind]) -> SheetKind:
        return next(one for one in self.window.area.findChildren(kind) if not one.isHidden())

    @property
    def has_sheet(self) -> bool:
        return any(not one.isHidden() for one in self.window.area.findChildren(Sheet))

    def texts(self, root: QWidget) -> str:
        return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisibleTo(root))


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.window.close()
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


def settled(is_so: Callable[[], bool]) -> bool:
    """Let layouts come to rest; at most five seconds."""
    for _ in range(100):
        if is_so():
            return True
        QTest.qWait(50)
    return False


def focusable(root: QWidget) -> list[QWidget]:
    return [one for one in root.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisibleTo(root)]


# ---------------------------------------------------------------- keys
def test_arrows_move_in_the_list_across_its_sections(stage: Stage) -> None:
    stage.view.focus_first()
    visited = []
    for _ in range(5):
        stage.key(Qt.Key.Key_Down)
        visited.append(stage.view.model.selected)
    assert visited == [
        ("model", "g4"),
        ("download", "d1"),
        ("offer", "qwen3-30b-a3b"),
        ("offer", "mistral-small-24b"),
        ("offer", "granite-4-tiny"),
    ]
    stage.key(Qt.Key.Key_Home)
    assert stage.view.model.selected == ("model", "q17")
    assert [row.isChecked() for row in stage.view.list.rows].count(True) == 1


def test_space_pauses_a_focused_download_and_delete_asks_to_cancel_it(stage: Stage) -> None:
    row = stage.view.list.row_of(("download", "d1"))
    assert row is not None
    row.setFocus(Qt.FocusReason.TabFocusReason)
    stage.key(Qt.Key.Key_Space)
    assert stage.bridge.wishes == [model_intents.PauseDownload(DownloadId("d1"))]
    stage.key(Qt.Key.Key_Delete)
    sheet = stage.sheet(ConfirmSheet)
    assert "2.9 GB" in stage.texts(sheet) and QApplication.focusWidget() is sheet.cancel
    assert len(stage.bridge.wishes) == 1
    sheet.confirm.click()
    assert stage.bridge.wishes[1:] == [model_intents.CancelDownload(DownloadId("d1"))]


def test_delete_asks_before_a_model_is_removed(stage: Stage) -> None:
    stage.view.focus_first()
    stage.key(Qt.Key.Key_Down)
    stage.key(Qt.Key.Key_Delete)
    sheet = stage.sheet(ConfirmSheet)
    assert "3.3 GB" in stage.texts(sheet) and stage.bridge.wishes == []
    sheet.confirm.click()
    assert stage.bridge.wishes == [model_intents.RemoveModel(ModelId("g4"))]
    stage.bridge.send(model_events.ModelInUse(ModelId("g4"), ("chosen_for_answers",), True))
    again = stage.sheet(ConfirmSheet)
    assert "the starter model answers" in stage.texts(again) and "loaded now" in stage.texts(again)
    again.confirm.click()
    assert stage.bridge.wishes[1:] == [model_intents.RemoveModel(ModelId("g4"), even_if_used=True)]


def test_escape_keeps_what_was_asked_about(stage: Stage) -> None:
    stage.view.show_model(ModelId("g4"))
    stage.press("Gemma 3 4B", "Remove this model")
    stage.key(Qt.Key.Key_Escape)
    assert not stage.has_sheet and stage.bridge.wishes == []


def test_enter_opens_the_panel_where_it_lies_over_the_list(stage: Stage) -> None:
    stage.window.resize(1024, 640)
    QApplication.processEvents()
    stage.view.show_panel(False)
    stage.view.focus_first()
    stage.key(Qt.Key.Key_Down)
    assert not stage.view.is_panel_shown
    stage.key(Qt.Key.Key_Return)
    assert stage.view.is_panel_shown and stage.view.details.close_button.isVisible()
    stage.key(Qt.Key.Key_Escape)
    assert not stage.view.is_panel_shown


def test_tab_stops_at_the_buttons_of_the_chosen_row_only(stage: Stage) -> None:
    stage.view.show_offer("qwen3-30b-a3b")
    reached = [
        row.row.name
        for row in stage.view.list.rows
        for one in row._buttons
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    ]
    assert reached == ["Qwen3 30B A3B"]


# ---------------------------------------------------------------- buttons
def test_buttons_of_a_row_do_what_they_say(stage: Stage) -> None:
    stage.press("Gemma 3 4B", "Load")
    stage.press("Qwen3 30B A3B", "Download")
    stage.press("Qwen3 8B", "Pause the download")
    assert stage.bridge.wishes == [
        intents.ChooseModel(ModelId("g4")),
        model_intents.DownloadModel("qwen3-30b-a3b", "Q4_K_M"),
        model_intents.PauseDownload(DownloadId("d1")),
    ]


def test_a_size_that_cannot_run_says_why_it_is_not_fetched(stage: Stage) -> None:
    stage.view.show_offer("llama-3.3-70b")
    button = stage.view.details.footer.download
    assert not button.isEnabled() and "more memory" in button.toolTip()


def test_another_size_is_chosen_with_its_card(stage: Stage) -> None:
    stage.bridge.send(model_events.DownloadRemoved(DownloadId("d1")))
    stage.view.show_offer("qwen3-8b")
    stage.view.details.sizes.buttons["Q8_0"].click()
    actions = stage.view.details.footer
    assert actions.download.text() == "Download, 8.7 GB"
    assert "Fits well when it reads" in stage.texts(stage.view.details)
    stage.view.details.memory.smaller.click()
    actions.download.click()
    assert stage.bridge.wished(intents.ChangeSettings)[0].settings.n_ctx == 4096
    assert stage.bridge.wishes[1:] == [model_intents.DownloadModel("qwen3-8b", "Q8_0")]


def test_an_unknown_fit_has_the_button_that_finds_it_out(stage: Stage) -> None:
    stage.view.show_offer("granite-4-tiny")
    assert "Not known before its header is read." in stage.texts(stage.view.details)
    stage.view.details.memory.header.click()
    assert stage.bridge.wishes == [model_intents.LookAtHeader("granite-4-tiny", "Q4_K_M")]


def test_a_damaged_model_offers_its_repair(stage: Stage) -> None:
    facts = {"model": "Gemma 3 4B", "reason": "wrong_checksum"}
    broken = model("g4", "Gemma 3 4B", 3.3, fit("fits_well", 4.4), problem="model_damaged", problem_facts=facts, can_repair=True)
    stage.bridge.send(events.ModelsListed((models()[0], broken)))
    stage.bridge.send(model_events.ModelChecked(ModelCheck(ModelId("g4"), False, "0" * 64, "1" * 64, 2, 38_000_000, True)))
    stage.view.show_model(ModelId("g4"))
    assert "2 parts are damaged" in stage.texts(stage.view.details)
    assert not stage.view.details.footer.load.isVisible()
    stage.view.details.problem.acted.emit("repair")
    assert stage.bridge.wishes == [model_intents.RepairModel(ModelId("g4"))]


def test_the_panel_checks_a_file_and_shows_that_it_runs(stage: Stage) -> None:
    stage.view.show_model(ModelId("g4"))
    stage.view.details.footer.verify.click()
    assert stage.bridge.wishes == [model_intents.VerifyModel(ModelId("g4"))]
    stage.bridge.send(model_events.LibraryProgress("verify", "Gemma 3 4B", 1, 3))
    assert stage.view.work.isVisible()
    stage.view.work.stop.click()
    assert stage.bridge.wishes[1:] == [model_intents.StopLibraryWork()]
    stage.bridge.send(model_events.LibraryProgress("verify", "Gemma 3 4B", 3, 3, is_done=True))
    assert not stage.view.work.isVisible()


# ---------------------------------------------------------------- the lock and the hub
def test_a_closed_lock_names_hosts_and_what_is_sent_before_anything_is(stage: Stage) -> None:
    stage.bridge.send(model_events.NetworkChanged(CLOSED))
    stage.press("Qwen3 30B A3B", "Download")
    sheet = stage.sheet(OpenLockSheet)
    words = stage.texts(sheet)
    assert "huggingface.co" in words and "cas-bridge.xethub.hf.co" in words and "Qwen3-30B-A3B-GGUF-Q4_K_M.gguf" in words
    assert QApplication.focusWidget() is sheet.cancel and stage.bridge.wishes == []
    sheet.go.click()
    stage.bridge.send(model_events.NetworkChanged(OPEN))
    assert stage.bridge.wishes == [
        model_intents.OpenNetwork("models"),
        model_intents.DownloadModel("qwen3-30b-a3b", "Q4_K_M"),
    ]


def test_escape_keeps_the_lock_closed(stage: Stage) -> None:
    stage.bridge.send(model_events.NetworkChanged(CLOSED))
    stage.press("Qwen3 30B A3B", "Download")
    stage.key(Qt.Key.Key_Escape)
    stage.bridge.send(model_events.NetworkChanged(OPEN))
    assert stage.bridge.wishes == [] and not stage.has_sheet


def test_the_hub_is_searched_by_its_own_row_only(stage: Stage) -> None:
    find = stage.view.filters.field
    find.setFocus()
    QTest.keyClicks(find, "ministral 8b")
    stage.key(Qt.Key.Key_Return)
    assert stage.bridge.wishes == []
    assert stage.view.search.isVisible() and "Only these words are sent" in stage.texts(stage.view.search)
    stage.view.search.ask.click()
    (wish,) = stage.bridge.wished(model_intents.SearchHub)
    stage.bridge.send(model_events.HubSearched(wish.request, "huggingface.co", repositories()))
    assert not stage.view.search.isVisible()
    row = stage.view.list.row_of(("found", repositories()[2].id))
    assert row is not None
    row.click()
    stage.view.details.look.click()
    (look,) = stage.bridge.wished(model_intents.LookAtRepository)
    refused = errors.HubRefused("huggingface.co", "gated", 403)
    stage.bridge.send(model_events.RepositoryShown(look.request, look.repository, error=refused))
    stage.view.details.problem.acted.emit("token")
    sheet = stage.sheet(TokenSheet)
    sheet.field.setText(" hf_secret ")
    sheet.keep.click()
    assert stage.bridge.wished(model_intents.KeepHubToken) == [model_intents.KeepHubToken("hf_secret")]
    assert sheet.field.text() == ""


# ---------------------------------------------------------------- adding and carrying
def test_models_of_other_programs_are_used_in_place_or_added(stage: Stage) -> None:
    stage.view.toolbar.chosen.emit("find")
    sheet = stage.sheet(FoundModelsSheet)
    assert stage.bridge.wishes == [model_intents.FindModels()] and not sheet.rows
    stage.bridge.send(model_events.ModelsFound(found_models()))
    words = stage.texts(sheet)
    assert all(name in words for name in ("LM Studio", "Ollama", "Hugging Face cache"))
    assert [row.in_place.isVisibleTo(sheet) for row in sheet.rows] == [True, True, False]
    sheet.rows[0].in_place.click()
    sheet.rows[1].into_library.click()
    found = found_models()
    assert stage.bridge.wishes[1:] == [
        model_intents.AddModelFile(Path(found[0].path), "in_place"),
        model_intents.AddModelFile(Path(found[1].path), "import"),
    ]


def test_finding_nothing_says_so(stage: Stage) -> None:
    stage.view.gestures.find()
    stage.bridge.send(model_events.ModelsFound(()))
    assert "No model files were found" in stage.texts(stage.sheet(FoundModelsSheet))


def test_a_file_is_added_where_the_user_says(stage: Stage) -> None:
    stage.view.add_file(Path("/somewhere/a.gguf"))
    stage.sheet(AddModelSheet).in_place.click()
    assert stage.bridge.wishes == [model_intents.AddModelFile(Path("/somewhere/a.gguf"), "in_place")]


def test_export_names_models_and_needs_one(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    stage.view.show_model(ModelId("g4"))
    stage.view.details.footer.export.trigger()
    sheet = stage.sheet(ExportSheet)
    assert sheet.chosen == [ModelId("g4")]
    sheet.ticks[ModelId("g4")].click()
    assert not sheet.go.isEnabled()
    sheet.ticks[ModelId("q17")].click()
    sheet.go.click()
    assert stage.bridge.wishes == [model_intents.ExportBundle((ModelId("q17"),), tmp_path)]


def test_moving_says_how_much_and_where_first(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    stage.view.toolbar.chosen.emit("move")
    sheet = stage.sheet(ConfirmSheet)
    assert "4.7 GB" in stage.texts(sheet) and str(tmp_path) in stage.texts(sheet) and stage.bridge.wishes == []
    sheet.confirm.click()
    assert stage.bridge.wishes == [model_intents.MoveLibrary(tmp_path)]


# ---------------------------------------------------------------- sizes, names
@pytest.mark.parametrize("key", ["q17", "g4"])
def test_every_control_has_a_name_for_screen_readers(stage: Stage, key: str) -> None:
    stage.view.show_model(ModelId(key))
    nameless = []
    for control in [*focusable(stage.view), *focusable(stage.view.toolbar)]:
        found = QAccessible.queryAccessibleInterface(control)
        if found is not None and not found.text(QAccessible.Text.Name).strip():
            nameless.append((type(control).__name__, type(control.parentWidget()).__name__))
    assert nameless == []


@pytest.mark.parametrize("offer", ["granite-4-tiny", "qwen3-8b"])  # an unknown fit, and one with three sizes
@pytest.mark.parametrize("text_size", [100, 150, 200])
def test_the_screen_fits_the_smallest_window(stage: Stage, text_size: int, offer: str) -> None:
    stage.bridge.send(events.SettingsChanged(Settings(text_size=text_size, first_run_done=True)))
    many = tuple(model(f"m{n}", f"A model with a rather long name, number {n}", 4.0, fit("tight", 6.0)) for n in range(30))
    stage.bridge.send(events.ModelsListed((*models(), *many)))
    stage.view.show_offer(offer)
    stage.window.resize(1024, 640)
    QApplication.processEvents()
    smallest = stage.window.minimumSizeHint()
    assert smallest.width() <= 1024 and smallest.height() <= 640, smallest
    details = stage.view.details
    assert details.minimumSizeHint().width() <= details.width()
    assert all(area.widget().minimumSizeHint().width() <= area.viewport().width() for area in details.findChildren(ScrollArea))
    for row in stage.view.list.rows:
        assert row.height() == row.sizeHint().height()
        assert all(row.rect().contains(button.geometry()) for button in row._buttons)
    assert settled(lambda: stage.view.filters.geometry().right() <= stage.view.content.width())


@pytest.mark.parametrize("text_size", [100, 200])
def test_sheets_fit_the_smallest_window(stage: Stage, text_size: int) -> None:
    stage.bridge.send(events.SettingsChanged(Settings(text_size=text_size, first_run_done=True)))
    stage.window.resize(1024, 640)
    stage.view.gestures.find()
    stage.bridge.send(model_events.ModelsFound(found_models() * 8))
    QApplication.processEvents()
    sheet = stage.sheet(FoundModelsSheet)
    assert stage.window.area.rect().contains(sheet.panel.geometry())
    assert sheet.done.isVisibleTo(sheet) and not sheet.geometry().intersects(stage.window.status_bar.geometry())


def test_what_happened_behind_another_screen_is_shown_when_it_comes_back(stage: Stage) -> None:
    stage.window.show_screen("ask")
    stage.bridge.send(events.ModelsListed(models()[:1]), model_events.DownloadRemoved(DownloadId("d1")))
    stage.window.show_screen("models")
    assert [row.row.name for row in stage.view.list.rows][:2] == ["Qwen3 1.7B", "Qwen3 8B"]


def test_a_download_that_gets_further_repaints_its_row_and_no_other(stage: Stage) -> None:
    before = list(stage.view.list.rows)
    stage.bridge.send(model_events.DownloadChanged(download(done=0.7)))
    assert stage.view.list.rows == before
    row = stage.view.list.row_of(("download", "d1"))
    assert row is not None and "70%" in row.accessibleName()
