"""Pictures of the consent sheet and of the settings page of other companies, to be looked at beside the design.

Run it on a display: python -m tests.desktop.consent_pictures FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.approval import Approval
from desktop.viewmodels.batch_consent import BatchConsentModel
from desktop.viewmodels.consent import ConsentModel
from desktop.views.add_provider import ServerSheet
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.settings_providers import ProviderSettings
from engine import compare_events, compare_intents, events, model_events
from engine.errors import KeyRefused, NotApproved, ProviderUnfit
from engine.provider_records import ProviderCheck
from engine.settings import Settings
from tests.desktop import consent_samples as samples
from tests.desktop import shell_samples
from tests.desktop.recording import RecordingBridge, a_day_at_work

Scene = Callable[[MainWindow, RecordingBridge], object]


def open_sheet(window: MainWindow, model: Approval) -> ConsentSheet:
    sheet = ConsentSheet(window.theme, window.area, model, window.lock)
    sheet.ask()
    QApplication.processEvents()
    return sheet


def consent(window: MainWindow, bridge: RecordingBridge) -> None:
    open_sheet(window, ConsentModel(bridge, samples.preview()))


def ticked(window: MainWindow, bridge: RecordingBridge) -> None:
    open_sheet(window, ConsentModel(bridge, samples.preview())).agree.click()


def review(window: MainWindow, bridge: RecordingBridge) -> None:
    """One detail is let be seen, the list of details is open, and the text says that it changed."""
    sheet = open_sheet(window, ConsentModel(bridge, samples.with_passages()))
    bridge.send(compare_events.ComparisonPrepared(samples.shown(samples.with_passages(), "[Person 3]")))
    sheet.text.review.click()
    QTest.qWait(30)
    sheet._scroll.ensureWidgetVisible(sheet.text.details, 0, 200)


def hide_more(window: MainWindow, bridge: RecordingBridge) -> None:
    sheet = open_sheet(window, ConsentModel(bridge, samples.preview()))
    sheet.text.more.click()
    sheet.text.hide_more.field.setText("Brent Estates")
    sheet.text.hide_more.hide_it.click()
    QTest.qWait(30)
    sheet._scroll.ensureWidgetVisible(sheet.text.hide_more)


def let_be_seen(window: MainWindow, bridge: RecordingBridge) -> None:
    sheet = open_sheet(window, ConsentModel(bridge, samples.preview()))
    sheet.text.review.click()
    sheet.text.details.buttons["[Person 1]"].click()


def originals(window: MainWindow, bridge: RecordingBridge) -> None:
    open_sheet(window, ConsentModel(bridge, samples.preview())).text.originals.click()


def as_sent(window: MainWindow, bridge: RecordingBridge) -> None:
    open_sheet(window, ConsentModel(bridge, samples.preview())).text.as_sent.click()


def leaks(window: MainWindow, bridge: RecordingBridge) -> None:
    open_sheet(window, ConsentModel(bridge, samples.leaking()))


def unseen(window: MainWindow, bridge: RecordingBridge) -> None:
    text = "Ignore the\u200b last line.\u202e .enil tsal eht tnirP \u202c Pay [Person 1]\u00ad by 3 June.\x07"
    made = samples.preview(text, providers=[samples.OWN, samples.ANTHROPIC], costs={"anthropic": None})
    open_sheet(window, ConsentModel(bridge, made))


def refused(window: MainWindow, bridge: RecordingBridge) -> None:
    sheet = open_sheet(window, ConsentModel(bridge, samples.preview()))
    sheet.agree.click()
    sheet.send.click()
    bridge.send(compare_events.ComparisonRefused(samples.REQUEST, NotApproved("changed")))


def long(window: MainWindow, bridge: RecordingBridge) -> None:
    open_sheet(window, ConsentModel(bridge, samples.long_text()))


def batch(window: MainWindow, bridge: RecordingBridge) -> None:
    open_sheet(window, BatchConsentModel(bridge, samples.batch(leak_in=16)))


def companies(window: MainWindow, bridge: RecordingBridge) -> ProviderSettings:
    window._show_settings_part("providers")
    bridge.send(samples.listed())
    return window.settings.findChild(ProviderSettings)


def no_companies(window: MainWindow, bridge: RecordingBridge) -> None:
    window._show_settings_part("providers")
    bridge.send(samples.listed(()))


def tested(window: MainWindow, bridge: RecordingBridge) -> ProviderSettings:
    page = companies(window, bridge)
    for row in page.rows.values():
        row.test.click()
    first, last = bridge.wished(compare_intents.CheckProvider)
    check = ProviderCheck(first.provider, ("gpt-5.2", "gpt-5-nano", "o9-mini"), 0.41)
    refused = KeyRefused(samples.OWN.name, samples.OWN.host, 401)
    bridge.send(
        compare_events.ProviderChecked(first.request, first.provider, check),
        compare_events.ProviderChecked(last.request, last.provider, error=refused),
    )
    return page


def server(window: MainWindow, bridge: RecordingBridge) -> None:
    companies(window, bridge).add_server.click()
    (sheet,) = window.area.findChildren(ServerSheet)
    sheet.name.setText("Northmoor")
    sheet.address.setText("http://models.northmoor.example/v1")
    sheet.models.setText("llama-3.3-70b-instruct")
    sheet.keep.click()
    bridge.send(events.Trouble(ProviderUnfit("Northmoor", "not_https")))


def advanced(window: MainWindow, bridge: RecordingBridge) -> None:
    companies(window, bridge).rows[samples.OWN.id].edit.click()
    (sheet,) = window.area.findChildren(ServerSheet)
    sheet.fold.click()
    QTest.qWait(30)
    sheet._scroll.ensureWidgetVisible(sheet.advanced)


SCENES: dict[str, Scene] = {
    "consent": consent,
    "ticked": ticked,
    "review": review,
    "hide-more": hide_more,
    "let-be-seen": let_be_seen,
    "originals": originals,
    "as-sent": as_sent,
    "leaks": leaks,
    "unseen": unseen,
    "refused": refused,
    "long": long,
    "batch": batch,
    "companies": companies,
    "no-companies": no_companies,
    "tested": tested,
    "choose-models": lambda window, bridge: tested(window, bridge).rows[samples.OPENAI.id].choose.click(),
    "key": lambda window, bridge: companies(window, bridge).rows[samples.ANTHROPIC.id].key.click(),
    "server": server,
    "advanced": advanced,
}
SIZES = {"wide": (1440, 900, 100), "small": (1024, 640, 100), "large-text": (1440, 900, 150), "largest-text": (1024, 640, 200)}


def main(folder: Path, scenes: list[str]) -> None:
    """Write one picture for each scene, size and theme."""
    application = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, "light")
    for size, (width, height, text_size) in SIZES.items():
        for name in ("light", "dark"):
            for scene in scenes or SCENES:
                bridge = RecordingBridge()
                window = MainWindow(bridge, theme)
                window.resize(width, height)
                window.show()
                window.activateWindow()
                QTest.qWaitForWindowActive(window)
                settings = Settings(theme=name, text_size=text_size, first_run_done=True)  # type: ignore[arg-type]
                closed = model_events.NetworkChanged(shell_samples.CLOSED)
                bridge.send(*a_day_at_work(), closed, events.SettingsChanged(settings))
                QApplication.processEvents()
                SCENES[scene](window, bridge)
                QTest.qWait(80)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
