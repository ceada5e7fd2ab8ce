"""Pictures of the ledger's sheets in a real window: evidence, moving, the calculator, bills, and the work of a set.

Run it on a display: python -m tests.desktop.sheet_pictures_ledger FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.calculator_sheet import CalculatorSheet
from desktop.views.evidence_sheet import EvidenceSheet
from desktop.views.work_gestures import WorkGestures
from desktop.widgets.sheet import Sheet
from engine import compare_events, events, ledger_intents
from engine.advice_records import Route
from engine.errors import BillUnfit, MoveRefused, OutOfCredit
from engine.ledger_events import LedgerRefused, WorkFinished
from engine.settings import Settings
from tests.desktop import compare_samples, ledger_samples, vote_samples
from tests.desktop import sheet_samples_ledger as samples
from tests.desktop.recording import RecordingBridge

Scene = Callable[[MainWindow, RecordingBridge], object]


def _sheet(window: MainWindow) -> Sheet:
    QApplication.processEvents()
    return next(each for each in window.area.findChildren(Sheet) if not each.isHidden())


def _bottom(window: MainWindow) -> None:
    QTest.qWait(60)
    bar = _sheet(window)._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())


# ---------------------------------------------------------------- evidence
def evidence(window: MainWindow, _bridge: RecordingBridge) -> None:
    window.ledger_sheets.show_evidence(samples.migrate())


def evidence_test(window: MainWindow, bridge: RecordingBridge) -> None:
    evidence(window, bridge)
    sheet = _sheet(window)
    assert isinstance(sheet, EvidenceSheet)
    sheet.quality.fold.click()
    QTest.qWait(60)
    sheet._scroll.ensureWidgetVisible(sheet.quality.details)


def evidence_traits(window: MainWindow, bridge: RecordingBridge) -> None:
    evidence(window, bridge)
    sheet = _sheet(window)
    assert isinstance(sheet, EvidenceSheet)
    sheet.traits.items.field.setText("many")
    sheet.traits.items.use.click()
    _bottom(window)


def evidence_stay(window: MainWindow, _bridge: RecordingBridge) -> None:
    window.ledger_sheets.show_evidence(samples.stay())


def evidence_nothing(window: MainWindow, _bridge: RecordingBridge) -> None:
    window.ledger_sheets.show_evidence(samples.unknown())


# ---------------------------------------------------------------- moving
def move(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(samples.shown(samples.migrate()))
    window.ledger_sheets.show_move(samples.migrate())


def move_share(window: MainWindow, bridge: RecordingBridge) -> None:
    move(window, bridge)
    _sheet(window).kinds.options["share"].click()  # type: ignore[attr-defined]


def move_bottom(window: MainWindow, bridge: RecordingBridge) -> None:
    move_share(window, bridge)
    _bottom(window)


def move_alert(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(samples.shown(samples.dropped()))
    window.ledger_sheets.show_move(samples.dropped())


def move_waits(window: MainWindow, bridge: RecordingBridge) -> None:
    waiting = samples.migrate(obstacle="one_at_a_time", watched_until=datetime(2026, 12, 2, tzinfo=UTC))
    bridge.send(samples.shown(waiting))
    window.ledger_sheets.show_move(waiting)


def move_refused(window: MainWindow, bridge: RecordingBridge) -> None:
    move(window, bridge)
    _sheet(window).go.click()  # type: ignore[attr-defined]
    bridge.send(LedgerRefused("MoveWorkload", MoveRefused("Letter labels", "one_at_a_time", "Minutes", "2026-12-02")))


# ---------------------------------------------------------------- the calculator
def _plan(window: MainWindow, bridge: RecordingBridge, answer: Callable[[ledger_intents.Calculate], events.Event]) -> None:
    window.ledger_sheets.show_calculator()
    bridge.send(samples.prices())
    QApplication.processEvents()
    bridge.send(answer(bridge.wished(ledger_intents.Calculate)[-1]))


def calculator(window: MainWindow, bridge: RecordingBridge) -> None:
    _plan(window, bridge, samples.calculated)


def calculator_bottom(window: MainWindow, bridge: RecordingBridge) -> None:
    _plan(window, bridge, samples.fitting)
    _bottom(window)


def calculator_cheap(window: MainWindow, bridge: RecordingBridge) -> None:
    _plan(window, bridge, samples.cheap)


def calculator_find(window: MainWindow, bridge: RecordingBridge) -> None:
    _plan(window, bridge, samples.fitting)
    sheet = _sheet(window)
    assert isinstance(sheet, CalculatorSheet)
    sheet.model_button.click()
    QTest.qWait(60)
    sheet._scroll.ensureWidgetVisible(sheet.finder)


def calculator_nonsense(window: MainWindow, bridge: RecordingBridge) -> None:
    _plan(window, bridge, samples.fitting)
    sheet = _sheet(window)
    assert isinstance(sheet, CalculatorSheet)
    for name, text in (("n_items", "many"), ("prompt", "3.5")):
        sheet.fields[name].field.setText(text)
        sheet.fields[name].field.textEdited.emit(text)
    sheet.model.calculate()


# ---------------------------------------------------------------- bills
def bills(window: MainWindow, bridge: RecordingBridge) -> None:
    window.ledger_sheets.show_bills()
    bridge.send(samples.kept(), samples.shown(samples.migrate()))


def bill_found(window: MainWindow, bridge: RecordingBridge) -> None:
    bills(window, bridge)
    _sheet(window).model.read([Path("usage.csv")])  # type: ignore[attr-defined]
    bridge.send(samples.read(bridge.wished(ledger_intents.ReadBill)[-1]))


def bill_bottom(window: MainWindow, bridge: RecordingBridge) -> None:
    bill_found(window, bridge)
    _bottom(window)


def bill_unfit(window: MainWindow, bridge: RecordingBridge) -> None:
    bills(window, bridge)
    _sheet(window).model.read([Path("invoice.csv")])  # type: ignore[attr-defined]
    request = bridge.wished(ledger_intents.ReadBill)[-1].request
    bridge.send(LedgerRefused("ReadBill", BillUnfit("invoice.csv", "unknown_columns"), request))


def bill_removal(window: MainWindow, bridge: RecordingBridge) -> None:
    bills(window, bridge)
    next(iter(_sheet(window).list.removals.values())).click()  # type: ignore[attr-defined]


# ---------------------------------------------------------------- work
def _work(window: MainWindow, bridge: RecordingBridge, route: Route, **numbers: int) -> WorkGestures:
    window.show_screen("compare")
    QApplication.processEvents()
    window.compare.model.votes.choose(vote_samples.LABELS)
    bridge.send(compare_events.PromptsListed(compare_samples.GRIEVANCE.id, vote_samples.LABELS, vote_samples.prompts()))
    gestures = window.compare.findChild(WorkGestures)
    gestures.show()
    wish = bridge.wished(ledger_intents.PrepareWork)[-1]
    advice = samples.migrate()
    bridge.send(samples.shown(samples.at(advice, route)), samples.prepared(wish, **numbers))
    return gestures


def work(window: MainWindow, bridge: RecordingBridge) -> None:
    _work(window, bridge, Route("share", None, compare_samples.GPT, 80), n_local=96, n_remote=24, n_sample=2)


def work_here(window: MainWindow, bridge: RecordingBridge) -> None:
    _work(window, bridge, Route("local"), n_local=120)


def work_sample(window: MainWindow, bridge: RecordingBridge) -> None:
    _work(window, bridge, Route("local", None, compare_samples.GPT), n_local=120, n_sample=20)


def work_consent(window: MainWindow, bridge: RecordingBridge) -> None:
    work_sample(window, bridge)
    _sheet(window).go.click()  # type: ignore[attr-defined]


def work_rest(window: MainWindow, bridge: RecordingBridge) -> None:
    _work(window, bridge, Route("local"), n_local=30)


def work_no_model(window: MainWindow, bridge: RecordingBridge) -> None:
    _work(window, bridge, Route())
    gestures = window.compare.findChild(WorkGestures)
    gestures.run.prepare()
    request = bridge.wished(ledger_intents.PrepareWork)[-1].request
    bridge.send(LedgerRefused("PrepareWork", MoveRefused("Letter labels", "no_remote_model"), request))


def work_runs(window: MainWindow, bridge: RecordingBridge) -> None:
    work_here(window, bridge)
    _sheet(window).go.click()  # type: ignore[attr-defined]
    request = bridge.wished(ledger_intents.RunWork)[-1].request
    bridge.send(compare_events.EvaluationProgress(request, 34, 120, 2, 0))


def work_finished(window: MainWindow, bridge: RecordingBridge) -> None:
    work_runs(window, bridge)
    wish = bridge.wished(ledger_intents.RunWork)[-1]
    bridge.send(WorkFinished(wish.request, samples.TRIAGE, 118, 2, 118, 0, 0))


def work_failed(window: MainWindow, bridge: RecordingBridge) -> None:
    work_runs(window, bridge)
    wish = bridge.wished(ledger_intents.RunWork)[-1]
    bridge.send(compare_events.EvaluationFailed(wish.request, OutOfCredit("OpenAI", "api.openai.com")))


SCENES: dict[str, Scene] = {
    name.replace("_", "-"): scene
    for name, scene in list(globals().items())
    if callable(scene) and getattr(scene, "__module__", "") == __name__ and not name.startswith("_") and name != "main"
}
SIZES = {"wide": (1440, 900, 100), "small": (1024, 640, 100), "large-text": (1440, 900, 150), "largest-text": (1024, 640, 200)}


def main(folder: Path, scenes: list[str]) -> None:
    """Write one picture for each scene, size and theme."""
    application = QApplication([])
    QLocale.setDefault(QLocale("en_GB"))
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, "light")
    for size, (width, height, text_size) in SIZES.items():
        for name in ("light", "dark"):
            for scene in scenes or SCENES:
                bridge = RecordingBridge()
                window = MainWindow(bridge, theme)
                window.resize(width, height)
                window.show()
                settings = Settings(theme=name, text_size=text_size, first_run_done=True)  # type: ignore[arg-type]
                day = [replace(each, settings=settings) if isinstance(each, events.SettingsChanged) else each
                       for each in compare_samples.a_day_of_comparing()]  # fmt: skip
                bridge.send(*day, compare_events.VoteSetsListed(vote_samples.vote_sets()))
                window.show_screen("ledger")
                bridge.send(*ledger_samples.a_month_of_work())
                QApplication.processEvents()
                SCENES[scene](window, bridge)
                QTest.qWait(400)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
