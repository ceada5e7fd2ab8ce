"""A person's first model: look at what fits, name a hub, open the lock, fetch, pause, load; later mend it and remove it.

Usage: models_story.py PROFILE PICTURES THEME WIDTHxHEIGHT PART HUB FILES (PART is first or second: before or after
quitting; HUB and FILES are the addresses of the loopback hub and of the host that it sends files from).
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget

from desktop.main_window import MainWindow
from desktop.views.first_run import FirstRunView
from desktop.views.model_failure import ModelFailureView
from desktop.views.models import ModelsView
from desktop.views.open_lock import OpenLockSheet
from desktop.views.settings_models import ModelSettings
from desktop.views.settings_privacy import PrivacySettings
from desktop.widgets.saved_field import SavedField
from desktop.widgets.sheet import ConfirmSheet
from engine.events import ModelStateChanged, StoreOpened
from engine.intents import ChangeSettings
from engine.model_events import DownloadChanged, ModelChecked, OffersShown
from engine.model_records import Download
from engine.records import Model
from tests.journeys.person import Person

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
WORD, REPOSITORY, SIZE = "tiny", "acme/tiny-clerk-GGUF", "Q4_0"
OFFLINE = "Offline. Nothing leaves this computer"
FETCHING = "Downloading a model. Your documents stay here"
Kind = TypeVar("Kind", bound=QWidget)


class Clerk(Person):
    """Presses only what can be seen and reached, and reads what the window says."""

    window: MainWindow

    def press(self, widget: QWidget) -> None:
        """Bring a control into view, make sure that it lies there uncovered and can be used, and press it."""
        self.wait(lambda: widget.isVisible() and widget.isEnabled(), f"a usable {_named(widget)}")
        self.bring_into_view(widget)
        self.wait(lambda: self._is_uncovered(widget), f"an uncovered {_named(widget)}")
        self.click(widget)

    def bring_into_view(self, widget: QWidget) -> None:
        around = widget.parentWidget()
        while around is not None:
            if isinstance(around, QScrollArea):
                around.ensureWidgetVisible(widget)
            around = around.parentWidget()

    def _is_uncovered(self, widget: QWidget) -> bool:
        there = QApplication.widgetAt(widget.mapToGlobal(widget.rect().center()))
        return there is not None and (there is widget or widget.isAncestorOf(there))

    def fill_in(self, setting: SavedField, text: str) -> None:
        """Type a value into a field of the settings and confirm it."""
        self.press(setting.field)
        setting.field.selectAll()
        self.type(text)
        self.press(setting.use)

    def sheet(self, kind: type[Kind]) -> Kind:
        """The sheet of a kind that lies over the window."""
        self.wait(lambda: self._sheets(kind), f"the {kind.__name__}")
        (sheet,) = self._sheets(kind)
        return sheet

    def _sheets(self, kind: type[Kind]) -> list[Kind]:
        return [sheet for sheet in self.window.findChildren(kind) if sheet.isVisible()]

    def asks_nothing(self) -> bool:
        return not self._sheets(OpenLockSheet) and not self._sheets(ConfirmSheet)

    @property
    def lock_says(self) -> str:
        return self.window.status_bar.lock.words

    def wait_for_lock(self, words: str) -> None:
        self.wait(lambda: self.lock_says == words, f"“{words}” in the status bar, which says “{self.lock_says}”")

    @property
    def models(self) -> ModelsView:
        return self.window.models

    @property
    def download(self) -> Download:
        return self.saw(DownloadChanged)[-1].download

    @property
    def tiny(self) -> Model | None:
        """The model of this story as the window knows it."""
        return next((one for one in self.models.model.models or () if REPOSITORY in one.source), None)

    def has_ready(self, name: str) -> bool:
        state = self.window.model.model_state
        return state.phase == "ready" and state.name == name


def main() -> None:
    profile, pictures, theme, size, part, hub, files = sys.argv[1:8]
    width, height = (int(number) for number in size.split("x"))
    clerk = Clerk(Path(profile), Path(pictures), (width, height))
    clerk.wait(lambda: clerk.saw(StoreOpened), "the store")
    if part == "first":
        look_at_the_computer(clerk, theme)
        name_the_hub(clerk, hub, files)
        search(clerk)
        fetch(clerk)
        load(clerk)
        read_the_log(clerk)
        mend(clerk)
    else:
        start_with_a_damaged_model(clerk)
        remove(clerk)
    clerk.quit()


# ---------------------------------------------------------------- before quitting
def look_at_the_computer(clerk: Clerk, theme: str) -> None:
    first_run = clerk.window.first_run
    clerk.wait(lambda: first_run.view is not None, "the first start")
    clerk.bridge.submit(ChangeSettings(clerk.window.model.settings.model_copy(update={"theme": theme})))
    view = first_run.view
    assert isinstance(view, FirstRunView)
    clerk.wait(lambda: view.hardware.is_filled and clerk.saw(OffersShown), "what this computer is, and what fits")
    clerk.wait(lambda: any(event.state.phase == "ready" for event in clerk.saw(ModelStateChanged)), "the starter model")
    clerk.picture("models-01-first-start")
    assert clerk.lock_says == OFFLINE
    clerk.press(view.all_models)
    clerk.wait(lambda: clerk.window.screen_name == "models" and clerk.models.list.rows, "the models")
    assert first_run.view is None
    clerk.picture("models-02-catalogue")


def name_the_hub(clerk: Clerk, hub: str, files: str) -> None:
    """An organisation's own hub, and the host that it sends files from."""
    clerk.keys(Qt.Key.Key_Comma, CONTROL)
    clerk.press(clerk.window.settings.parts["models"])
    page = clerk.window.settings.findChild(ModelSettings)
    clerk.fill_in(page.sources.hub, hub)
    clerk.wait(lambda: clerk.window.model.settings.hub == hub, "the hub in the settings")
    clerk.fill_in(page.sources.hosts, files)
    clerk.wait(lambda: clerk.window.model.settings.hub_hosts == (files,), "its further host in the settings")
    clerk.picture("models-03-hub")
    assert clerk.lock_says == OFFLINE


def search(clerk: Clerk) -> None:
    """Nothing is asked before the lock was opened by somebody who saw the hosts."""
    clerk.keys(Qt.Key.Key_6, CONTROL)
    view = clerk.models
    clerk.press(view.filters.field)
    clerk.type(WORD)
    clerk.press(view.search.ask)
    sheet = clerk.sheet(OpenLockSheet)
    clerk.picture("models-04-may-it-open")
    assert clerk.lock_says == OFFLINE
    said = _words_of(sheet)
    for host in (clerk.window.model.settings.hub, *clerk.window.model.settings.hub_hosts):
        assert host in said, f"the sheet does not name {host}"
    clerk.press(sheet.go)
    clerk.wait(lambda: view.list.row_of(("found", REPOSITORY)), "the repository that was found")
    clerk.picture("models-05-found")


def fetch(clerk: Clerk) -> None:
    view = clerk.models
    clerk.press(view.list.row_of(("found", REPOSITORY)))
    clerk.press(view.details.look)
    clerk.wait(lambda: SIZE in view.details.sizes.buttons, "the sizes")
    clerk.press(view.details.sizes.buttons[SIZE])
    clerk.picture("models-06-sizes")
    assert clerk.asks_nothing()
    footer = view.details.footer
    clerk.press(footer.download)
    clerk.wait_for_lock(FETCHING)
    clerk.wait(lambda: clerk.download.n_done > 2_000_000, "some of the file")
    clerk.picture("models-07-downloading")
    clerk.press(footer.pause)
    clerk.wait(lambda: clerk.download.phase == "paused", "the pause")
    kept = clerk.download.n_done
    clerk.wait_for_lock("Downloads allowed. Your documents stay here")
    clerk.picture("models-08-paused")
    clerk.press(footer.resume)
    clerk.wait(lambda: clerk.download.phase == "done", "the end of the download")
    assert 0 < kept < (clerk.download.n_bytes or 0)
    clerk.wait(lambda: clerk.tiny is not None and clerk.tiny.is_verified and clerk.tiny.fit.is_measured, "its measured speed")
    clerk.wait(lambda: view.details.footer.load.isVisible(), "what can be done with it")
    clerk.picture("models-09-measured")


def load(clerk: Clerk) -> None:
    clerk.press(clerk.models.details.footer.load)
    tiny = clerk.tiny
    assert tiny is not None
    clerk.wait(lambda: clerk.has_ready(tiny.name), "the model, ready to answer")
    clerk.wait(lambda: tiny.name in clerk.window.status_bar.model_part.words, "its name in the status bar")
    clerk.picture("models-10-loaded")


def read_the_log(clerk: Clerk) -> None:
    """The lock is closed from the keyboard, and the log names what was asked of whom."""
    clerk.press(clerk.window.status_bar.lock)
    page = clerk.window.settings.findChild(PrivacySettings)
    clerk.wait(lambda: page.log.table.model().rowCount() >= 4, "the log")
    clerk.picture("models-11-open-lock")
    clerk.keys(Qt.Key.Key_L, CONTROL | SHIFT)
    clerk.wait_for_lock(OFFLINE)
    clerk.bring_into_view(page.log.table)
    clerk.picture("models-12-log")


def mend(clerk: Clerk) -> None:
    """The file is damaged on the disk; a check finds where, and only that part is fetched again."""
    tiny = clerk.tiny
    assert tiny is not None
    damage(Path(tiny.file))
    clerk.keys(Qt.Key.Key_6, CONTROL)
    footer, problem = clerk.models.details.footer, clerk.models.details.problem
    clerk.press(footer.verify)
    clerk.wait(lambda: clerk.saw(ModelChecked), "the result of the check")
    assert not clerk.saw(ModelChecked)[-1].check.is_sound
    clerk.wait(lambda: problem.isVisible(), "what is the matter with it")
    clerk.picture("models-13-damaged")
    clerk.press(_button(problem, "Repair"))
    clerk.picture("models-14-may-it-open-again")
    clerk.press(clerk.sheet(OpenLockSheet).go)
    clerk.wait(lambda: clerk.download.is_repair and clerk.download.phase == "done", "the end of the repair")
    clerk.wait(lambda: clerk.tiny is not None and clerk.tiny.problem is None and not problem.isVisible(), "a sound model")
    clerk.wait(lambda: clerk.has_ready(tiny.name), "the model, ready to answer")
    clerk.wait(footer.verify.isVisible, "what can be done with it")
    clerk.picture("models-15-sound")
    clerk.keys(Qt.Key.Key_L, CONTROL | SHIFT)
    clerk.wait_for_lock(OFFLINE)


# ---------------------------------------------------------------- after starting again
def start_with_a_damaged_model(clerk: Clerk) -> None:
    """The chosen model cannot be opened: the conversation's place says so and offers to mend it."""
    clerk.wait(lambda: clerk.window.model.model_state.phase == "failed", "a model that cannot be opened")
    assert clerk.window.first_run.view is None, "the choice of the first start was not kept"
    assert clerk.window.shell.isVisible()
    assert clerk.lock_says == OFFLINE
    assert not clerk.window.notice.isVisible(), "the card says it, a line above it would say it twice"
    failure = clerk.window.ask.findChild(ModelFailureView)
    clerk.wait(lambda: failure.isVisible() and _button(failure, "Repair, "), "the way to mend it")
    clerk.picture("models-16-cannot-be-opened")
    clerk.press(_button(failure, "Repair"))
    clerk.press(clerk.sheet(OpenLockSheet).go)
    clerk.wait(lambda: clerk.window.model.model_state.phase == "ready", "the mended model")
    clerk.picture("models-17-mended")
    clerk.keys(Qt.Key.Key_L, CONTROL | SHIFT)
    clerk.wait_for_lock(OFFLINE)


def remove(clerk: Clerk) -> None:
    """What depends on a model is named before it goes, and the starter model answers afterwards."""
    clerk.keys(Qt.Key.Key_6, CONTROL)
    clerk.wait(lambda: clerk.tiny is not None, "the model in the list")
    tiny, view = clerk.tiny, clerk.models
    assert tiny is not None
    clerk.wait(lambda: view.list.row_of(("model", tiny.id)) is not None, "its row")
    clerk.press(view.list.row_of(("model", tiny.id)))
    footer = view.details.footer
    clerk.press(footer.more)
    clerk.wait(footer.menu.isVisible, "the menu")
    QTest.mouseClick(footer.menu, Qt.MouseButton.LeftButton, pos=footer.menu.actionGeometry(footer.remove).center())
    first = clerk.sheet(ConfirmSheet)
    clerk.press(first.confirm)
    clerk.wait(lambda: first not in clerk._sheets(ConfirmSheet) and clerk._sheets(ConfirmSheet), "what depends on it")
    clerk.picture("models-18-in-use")
    asked = clerk.sheet(ConfirmSheet)
    assert "chosen for answers" in _words_of(asked) and "loaded" in _words_of(asked)
    clerk.press(asked.confirm)
    clerk.wait(lambda: clerk.tiny is None, "a list without it")
    assert not Path(tiny.file).exists()
    clerk.wait(lambda: clerk.window.model.model_state.phase == "ready", "the starter model")
    clerk.picture("models-19-removed")


# ---------------------------------------------------------------- what is looked at
def damage(file: Path) -> None:
    """Turn over one byte in the middle, as a bad disk would."""
    with file.open("r+b") as content:
        content.seek(file.stat().st_size // 2)
        (byte,) = content.read(1)
        content.seek(-1, os.SEEK_CUR)
        content.write(bytes([byte ^ 0xFF]))


def _named(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.accessibleName()}”"


def _words_of(widget: QWidget) -> str:
    """Every word that stands in a widget."""
    return "\n".join(part.text() for part in widget.findChildren(QWidget) if callable(getattr(part, "text", None)))


def _button(within: QWidget, verb: str) -> QWidget | None:
    """A button that is shown, can be used, and whose words begin with `verb`."""
    usable = [one for one in within.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
    return next((one for one in usable if one.text().startswith(verb)), None)


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()  # the program's own hook keeps silent about what a journey did wrong
        os._exit(1)
