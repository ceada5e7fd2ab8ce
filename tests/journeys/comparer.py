"""Somebody who compares models at the real window, and what the servers of the journey are told and asked meanwhile.

The servers run in the test's process, not here: whatever the window's process does with the network must be its own.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.viewmodels.compare_run import ComparisonRun
from desktop.views.compare import CompareView
from desktop.views.compare_pane import PaneView
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.settings_providers import ProviderSettings
from tests.journeys.models_story import Clerk

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
OFFLINE = "Offline. Nothing leaves this computer"
PATIENCE_S = 45.0
UNTIL_SENT = "Offline until you choose Send"


@dataclass(frozen=True)
class Server:
    """A server of the journey, as a person would enter it."""

    name: str
    url: str
    host: str
    dialect: str
    model: str
    key: str
    is_own: bool


class Backstage:
    """Asks the test, line by line: what the servers were sent, and how they shall behave from now on."""

    def __init__(self) -> None:
        self.servers = [Server(**each) for each in self._ask("servers")]

    def _ask(self, wish: str, *arguments: str) -> list:
        print(json.dumps([wish, *arguments]), flush=True)
        answer: list = json.loads(sys.stdin.readline())
        return answer

    def sent(self) -> list[str]:
        """SHA-256 of every text that reached a server so far."""
        return self._ask("sent")

    def n_bytes(self) -> int:
        """Bytes of all these texts together."""
        (n,) = self._ask("n_bytes")
        return int(n)

    def asked(self) -> list[str]:
        """Paths that were asked for without a text."""
        return self._ask("asked")

    def hold(self) -> None:
        """Let every answer rest after its first words."""
        self._ask("hold")

    def go_on(self) -> None:
        self._ask("go_on")

    def fail(self, server: Server, fault: str) -> None:
        """Let a server misbehave from now on; NONE ends that."""
        self._ask("fail", server.name, fault)


class Comparer(Clerk):
    """Uses the Compare screen, the sheet before Send, and the page of other companies."""

    def __init__(self, profile: Path, pictures: Path, size: tuple[int, int], backstage: Backstage) -> None:
        super().__init__(profile, pictures, size)
        self.backstage = backstage
        self.steps = len(list(pictures.glob("compare-*.png")))  # those from before quitting

    def wait(self, condition: Callable[[], object], what: str, longest_s: float = PATIENCE_S) -> None:
        super().wait(condition, what, longest_s)

    def snap(self, name: str) -> None:
        """Keep a picture of the next step."""
        self.steps += 1
        self.picture(f"compare-{self.steps:02d}-{name}")

    # ------------------------------------------------------------ what is there
    @property
    def view(self) -> CompareView:
        return self.window.compare

    @property
    def providers(self) -> ProviderSettings:
        page: ProviderSettings = self.window.settings.findChild(ProviderSettings)
        return page

    @property
    def run(self) -> ComparisonRun:
        run = self.view.model.run
        assert run is not None, "no comparison is on the screen"
        return run

    def pane_of(self, server: Server | None) -> PaneView:
        """The answer of a server on the screen; None: of this computer."""
        for pane in self.view.strip.panes:
            assert isinstance(pane, PaneView)
            if pane.pane.name == server.model if server else not pane.pane.is_remote:
                return pane
        raise AssertionError(f"no answer of {server}")

    def has_sheet(self) -> bool:
        return bool(self._sheets(ConsentSheet))

    def has_focus(self, widget: QWidget) -> bool:
        return QApplication.focusWidget() is widget

    # ------------------------------------------------------------ hands
    def pick(self, menu: QMenu, *words: str) -> None:
        """Choose an entry of an open menu, through the menus that lie on the way."""
        for word in words:
            self.wait(menu.isVisible, f"the menu with {word}")
            action = self._entry(menu, word)
            QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
            menu = action.menu() or menu

    def _entry(self, menu: QMenu, word: str) -> QAction:
        found = [each for each in menu.actions() if each.text().startswith(word)]
        assert found and found[0].isEnabled(), f"{word} is not among {[each.text() for each in menu.actions()]}"
        return found[0]

    def close(self, menu: QMenu) -> None:
        """Leave an open menu with Escape."""
        QTest.keyClick(menu, Qt.Key.Key_Escape)
        self.wait(lambda: not menu.isVisible(), "a closed menu")

    def fill(self, field: QWidget, text: str) -> None:
        self.press(field)
        self.keys(Qt.Key.Key_A, CONTROL)
        self.type(text)

    def write(self, prompt: str) -> None:
        """Write the next prompt, to be compared with Ctrl Enter."""
        self.wait(self.view.composer.isVisible, "where a prompt is written")
        self.wait(lambda: self.has_focus(self.view.composer.text), "the keyboard in the prompt")
        self.type(prompt)

    def compare(self) -> None:
        self.keys(Qt.Key.Key_Return, CONTROL)
        self.wait(lambda: self.view.model.run is not None and self.run.preview is not None, "what would be sent")

    def review(self) -> ConsentSheet:
        """Open the sheet in which the text is read before it is sent; nothing is sent by that."""
        self.press(self.view.prompt.review)
        sheet = self.sheet(ConsentSheet)
        assert self.has_focus(sheet.cancel), "the focus has to start on Cancel"
        assert not sheet.agree.isChecked() and not sheet.send.isEnabled()
        self.wait_for_lock(UNTIL_SENT)
        return sheet

    def send(self, sheet: ConsentSheet) -> list[str]:
        """Tick and send; gives the SHA-256 of each request that was shown."""
        shown = [each.sha256 for each in sheet.model.to_send]
        self.press(sheet.agree)
        self.press(sheet.send)
        self.wait(lambda: not self.has_sheet(), "the end of the sheet")
        return shown

    def wait_for_answers(self) -> None:
        self.wait(lambda: self.run.is_done, "every answer")
        self.wait_for_lock(OFFLINE)

    def require_sent(self, shown: list[str], before: list[str]) -> None:
        """Exactly what was shown has arrived since then, and each of it once."""
        arrived = Counter(self.backstage.sent()) - Counter(before)
        assert arrived == Counter(shown), f"{len(shown)} requests were shown, {arrived.total()} arrived"
