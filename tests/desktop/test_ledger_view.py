"""The ledger as a person uses it: keys, buttons, tables in place of charts, sizes, and what screen readers find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QVBoxLayout, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.ledger import LedgerModel
from desktop.views.ledger import LedgerView
from engine import events
from engine.compare_intents import ShowTally
from engine.errors import LedgerInputUnfit
from engine.ledger_events import AdviceShown, BudgetWarned, LedgerChecked, LedgerRefused, LedgerShown, MonthSaved
from engine.ledger_intents import CheckLedger, ExportLedger, ShowLedger
from engine.ledger_records import LedgerCheck, Month, Spread
from engine.settings import Settings
from engine.statement_records import BreakEven, BudgetState
from tests.desktop import ledger_samples as samples
from tests.desktop.ledger_samples import EURO, SEPTEMBER, euros
from tests.desktop.recording import RecordingBridge, a_day_at_work


class Stage:
    """The ledger alone, as large as in the window of the design; without the window it is there sooner."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.window = self.make()
        self.window.show()
        QTest.qWaitForWindowActive(self.window)
        self.begin()

    def begin(self) -> None:
        """As it is drawn, whatever was done before."""
        self.view.model.month = None
        self.view.notice.hide()
        self.theme.choose("light", text_size=100, reduced_motion=False)
        self.bridge.send(*samples.a_month_of_work(), LedgerChecked(LedgerCheck(112_694, 0)))
        QApplication.processEvents()
        self.bridge.wishes.clear()

    def make(self) -> QWidget:
        window = QWidget()
        self.view = LedgerView(self.theme, LedgerModel(self.bridge))
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view.toolbar)
        column.addWidget(self.view, 1)
        window.resize(1300, 868)
        return window

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def texts(self, root: QWidget | None = None) -> str:
        QApplication.processEvents()  # rows that were just made are shown with the next layout
        labels = (root or self.view).findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisibleTo(self.view))


class Desk(Stage):
    """The ledger in the window."""

    window: MainWindow

    def make(self) -> QWidget:
        window = MainWindow(self.bridge, self.theme)
        window.resize(1440, 900)
        self.bridge.send(*a_day_at_work())
        window.show_screen("ledger")
        self.view = window.ledger
        return window

    def size(self, width: int, height: int, text_size: int = 100) -> None:
        self.bridge.send(events.SettingsChanged(Settings(theme="light", text_size=text_size)))
        self.window.resize(width, height)
        for _ in range(3):
            QApplication.processEvents()


def played(stage: Stage) -> Iterator[Stage]:
    yield stage
    stage.window.close()
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture(scope="module")
def only_stage(qapp: QApplication) -> Iterator[Stage]:
    """Made once, for a window takes longer to make than most tests to run."""
    yield from played(Stage(qapp))


@pytest.fixture
def stage(qtbot, only_stage: Stage) -> Stage:
    only_stage.window.activateWindow()
    only_stage.begin()
    return only_stage


@pytest.fixture
def desk(qtbot, qapp: QApplication) -> Iterator[Desk]:
    yield from played(Desk(qapp))  # type: ignore[misc]


# ---------------------------------------------------------------- months
def test_the_menu_of_months_chooses_one(stage: Stage) -> None:
    menu = stage.view.toolbar.month
    assert menu.text() == "September 2025"
    actions = menu.choices.actions()
    assert [action.isChecked() for action in actions[:2]] == [True, False]
    actions[1].trigger()
    assert stage.bridge.wishes == [ShowLedger(Month(2025, 8))]


def test_bars_choose_a_month_by_click_and_by_arrow(stage: Stage) -> None:
    bars = stage.view.months.bars
    bars.setFocus(Qt.FocusReason.TabFocusReason)
    stage.key(Qt.Key.Key_Left)
    assert stage.bridge.wishes == [ShowLedger(Month(2025, 8))]
    stage.view.model.choose_month(SEPTEMBER)
    stage.bridge.wishes.clear()
    place = bars._place(bars.frame(bars._chart.labels), 9).center().toPoint()  # type: ignore[union-attr]
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=place)
    assert stage.bridge.wishes == [ShowLedger(Month(2025, 7))]


def test_bars_say_their_figures_under_the_pointer(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("desktop.views.ledger_bars.QToolTip.showText", lambda _place, words, _widget: said.append(words))
    bars = stage.view.months.bars
    place = bars._place(bars.frame(bars._chart.labels), 11).center().toPoint()  # type: ignore[union-attr]
    QApplication.sendEvent(bars, QHelpEvent(QEvent.Type.ToolTip, place, QPoint()))
    assert said == ["September 2025: API price avoided €438.20, Local cost €67.73, API spend €6.12"]


@pytest.mark.parametrize("card", ["months", "break_even"])
def test_charts_can_be_read_as_tables(stage: Stage, card: str) -> None:
    shown = getattr(stage.view, card)
    assert shown.chart.isVisible() and not shown.table.isVisible()
    shown.as_table.click()
    assert shown.table.isVisible() and not shown.chart.isVisible()
    assert shown.table.model().rowCount() == 12 and shown.as_table.text() == "Show as chart"
    shown.as_table.click()
    assert shown.chart.isVisible()


# ---------------------------------------------------------------- states
def test_without_a_price_of_the_computer_there_is_a_way_to_enter_it(stage: Stage, qtbot) -> None:
    stage.bridge.send(LedgerShown(replace(samples.page(), break_even=BreakEven("no_hardware", 0))))
    card = stage.view.break_even
    assert not card.chart.isVisible() and not card.as_table.isVisible() and card.enter.isVisible()
    with qtbot.waitSignal(stage.view.model.settings_wanted) as wanted:
        card.enter.click()
    assert wanted.args == ["costs"]


def test_before_the_first_answer_there_is_the_formula(stage: Stage, qtbot) -> None:
    stage.bridge.send(LedgerShown(samples.empty_page()))
    assert "Savings appear after your first answers" in stage.texts()
    assert "API price avoided − electricity − hardware share" in stage.texts()
    assert not stage.view.headline.isVisible()
    stage.view.focus_first()
    with qtbot.waitSignal(stage.view.model.calculator_wanted):
        stage.key(Qt.Key.Key_Space)
    with qtbot.waitSignal(stage.view.model.bill_wanted):
        stage.view.empty.bill.click()


def test_urgent_notes_stand_above_by_their_tone_and_the_sums_can_be_made_anew(stage: Stage) -> None:
    assert not any(card.isVisible() for card in stage.view.urgent)
    stage.bridge.send(LedgerShown(samples.troubled_page()))
    red, amber = stage.view.urgent
    assert "193 days old" in stage.texts(red) and "do not agree" in stage.texts(amber)
    assert red.tone == "danger" and amber.tone == "caution"
    assert "chosen for you" in stage.texts(stage.view.notes)
    amber.buttons[-1].click()
    assert stage.bridge.wishes == [CheckLedger(rebuild=True)]
    stage.bridge.send(LedgerChecked(LedgerCheck(112_694, 0, was_rebuilt=True)))
    assert "do not agree" not in stage.texts(amber)


def test_names_of_workloads_keep_their_room_beside_large_figures(desk: Desk) -> None:
    desk.bridge.send(LedgerShown(samples.troubled_page()))
    desk.size(1024, 640, 200)
    table = desk.view.workloads.table
    assert table.columnWidth(0) >= desk.window.theme.px(120)
    assert not any(table.isColumnHidden(column) for column in (0, 2, 3, 4)), "the subtraction stays whole"


def test_budgets_are_shown_with_what_was_paid_of_them(stage: Stage) -> None:
    assert not stage.view.budgets.isVisible()
    stage.bridge.send(LedgerShown(samples.troubled_page()))
    words = stage.texts(stage.view.budgets)
    assert "All remote models" in words and "€41.20 of €50" in words and "Reached, nothing more is sent" in words


def test_the_column_for_what_was_paid_is_there_only_where_something_was(stage: Stage) -> None:
    table = stage.view.workloads.table
    assert table.isColumnHidden(5) and not table.isColumnHidden(1)
    stage.bridge.send(LedgerShown(samples.troubled_page()))
    assert not table.isColumnHidden(5) and not table.isColumnHidden(1)


def test_a_failure_is_told_and_the_figures_stay(stage: Stage) -> None:
    stage.bridge.send(LedgerRefused("ShowLedger", LedgerInputUnfit("month", "unknown_month")))
    assert stage.view.notice.isVisible() and stage.view.headline.figure.text() == "€370.47"


def test_slow_answers_are_announced_as_work(stage: Stage, qtbot) -> None:
    toolbar = stage.view.toolbar
    toolbar._patience.setInterval(1)
    stage.view.model.look()
    qtbot.waitUntil(toolbar._updating.isVisible)
    stage.bridge.send(LedgerShown(samples.page()))
    assert not toolbar._updating.isVisible()


def test_a_saving_is_green_and_a_loss_is_not(stage: Stage) -> None:
    headline = stage.view.headline
    assert headline._title._color == "local_text"
    stage.bridge.send(LedgerShown(samples.dear_page()))
    assert headline._title._color == "text2" and "the API would be cheaper" in stage.texts(headline)


# ---------------------------------------------------------------- advice
def test_advice_leads_to_evidence_moving_and_voting(stage: Stage, qtbot) -> None:
    triage, summaries, _ = stage.view.advice.rows
    evidence, move = triage.buttons
    for button, signal in ((evidence, stage.view.model.evidence_wanted), (move, stage.view.model.move_wanted)):
        with qtbot.waitSignal(signal) as wanted:
            button.click()
        assert wanted.args[0].workload.name == "Ticket triage"
    with qtbot.waitSignal(stage.view.model.vote_wanted) as wanted:
        summaries.buttons[0].click()
    assert wanted.args == ["v2"]


def test_the_rest_of_the_advice_unfolds(stage: Stage) -> None:
    card = stage.view.advice
    stage.bridge.send(AdviceShown(samples.alerting_advices(), EURO))
    assert len(card.rows) == 4 and card.rows[0].chip.tone == "caution" and card.more.text() == "Show all 6"
    card.more.click()
    assert len(card.rows) == 6
    card.more.click()
    assert len(card.rows) == 4


def test_the_focus_stays_on_a_button_while_advice_is_refreshed(stage: Stage) -> None:
    stage.view.advice.rows[1].buttons[0].setFocus()
    changed = samples.three_advices()
    quality = replace(changed[1].quality, n=42, n_more=39)
    stage.bridge.send(AdviceShown((changed[0], replace(changed[1], quality=quality), changed[2]), EURO))
    assert QApplication.focusWidget() is stage.view.advice.rows[1].buttons[0]


def test_without_advice_there_is_the_way_to_some(stage: Stage, qtbot) -> None:
    stage.bridge.send(AdviceShown((), EURO))
    assert stage.view.advice.compare.isVisible()
    with qtbot.waitSignal(stage.view.model.vote_wanted):
        stage.view.advice.compare.click()


# ---------------------------------------------------------------- export and menus
def test_exports_get_the_ending_of_their_kind(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = str(tmp_path / "a")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (chosen, "")))
    for at, name, entries in ((0, "a.csv", False), (1, "a.xlsx", False), (2, "a.pdf", False), (4, "a.csv", True)):
        stage.view.toolbar.export.choices.actions()[at].trigger()
        assert stage.bridge.wishes[-1] == ExportLedger(tmp_path / name, None, entries)


def test_the_menus_ask_for_sheets(stage: Stage, qtbot) -> None:
    model, toolbar = stage.view.model, stage.view.toolbar
    bill, calculator, _, costs = toolbar.menu.actions()
    pairs = ((bill, model.bill_wanted), (calculator, model.calculator_wanted), (costs, model.settings_wanted))
    for action, signal in pairs:
        with qtbot.waitSignal(signal):
            action.trigger()
    with qtbot.waitSignal(model.explain_wanted):
        toolbar.explain.click()


# ---------------------------------------------------------------- keys and screen readers
def test_every_control_has_a_name_for_screen_readers(stage: Stage) -> None:
    stage.bridge.send(LedgerShown(samples.troubled_page()))
    shown = [stage.view, stage.view.toolbar]
    parts = [part for root in shown for part in root.findChildren(QWidget)]
    controls = [part for part in parts if part.focusPolicy() != Qt.FocusPolicy.NoFocus and part.isVisibleTo(stage.window)]
    names = [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name).strip() for one in controls]
    assert len(controls) > 12 and all(names), [type(one).__name__ for one, name in zip(controls, names, strict=True) if not name]


def test_tab_goes_from_left_to_right_and_down(stage: Stage) -> None:
    view = stage.view
    view.months.as_table.setFocus(Qt.FocusReason.TabFocusReason)
    order = []
    for _ in range(12):
        order.append(QApplication.focusWidget())
        stage.key(Qt.Key.Key_Tab)
    wanted = [
        view.months.as_table,
        view.months.bars,
        view.break_even.as_table,
        view.break_even.growth,
        view.workloads.table,
        view.advice.rows[0].buttons[0],
    ]
    assert [one for one in order if one in wanted] == wanted


def test_arrows_move_in_the_table(stage: Stage) -> None:
    table = stage.view.workloads.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(2):
        stage.key(Qt.Key.Key_Down)
    found = QAccessible.queryAccessibleInterface(table)
    assert found is not None and table.currentIndex().row() in (1, 2)
    assert table.currentIndex().siblingAtColumn(4).data(Qt.ItemDataRole.AccessibleTextRole) in ("€94.00", "€70.10")


def test_each_chart_is_said_in_one_sentence(stage: Stage) -> None:
    for chart in (stage.view.months.chart, stage.view.break_even.chart):
        found = QAccessible.queryAccessibleInterface(chart)
        assert found.text(QAccessible.Text.Name).startswith("Chart: ")
        assert found.text(QAccessible.Text.Description).count(". ") <= 1
    assert "€1,980.00 of €2,800 was saved" in stage.view.break_even.chart.accessibleDescription()
    assert "API price avoided €438.20" in stage.view.headline.accessibleDescription()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_are_drawn_in_the_colours_of_their_meaning(stage: Stage, theme: str) -> None:
    stage.theme.choose(theme, text_size=100, reduced_motion=False)  # type: ignore[arg-type]
    QApplication.processEvents()
    bars = stage.view.months.bars
    picture = bars.grab().toImage()
    ratio = picture.devicePixelRatio()
    found = set()
    place = bars._place(bars.frame(bars._chart.labels), 7)  # type: ignore[union-attr]
    for x in range(round(place.left()), round(place.right())):
        found.add(picture.pixelColor(round(x * ratio), round((place.bottom() - 4) * ratio)).name())
    assert {stage.theme.color(name).name() for name in ("chart1", "chart2", "chart3")} <= found


# ---------------------------------------------------------------- the window around it
def test_the_ledger_is_a_screen_with_a_key_that_can_be_jumped_to_and_asks_only_while_it_is_seen(desk: Desk) -> None:
    window = desk.window
    window.show_screen("ask")
    desk.bridge.send(MonthSaved(SEPTEMBER, EURO, samples.exactly(1), 3))
    assert desk.bridge.wishes == [] and not desk.view.model._pause.isActive()
    desk.key(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.screen_name == "ledger" and window.sidebar.items["ledger"].isChecked()
    assert desk.bridge.wished(ShowLedger) == [ShowLedger()]
    window.show_screen("ask")
    desk.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "ledger")
    desk.key(Qt.Key.Key_Return)
    assert window.screen_name == "ledger"


def test_the_status_bar_says_what_was_saved_and_leads_here(desk: Desk) -> None:
    part = desk.window.status_bar.saved
    assert part.accessibleName() == "Saved in September €370.47" and part.isVisible()
    desk.window.show_screen("ask")
    part.click()
    assert desk.window.screen_name == "ledger"
    for net, n_items, words in (
        (None, 3, ""),
        (samples.exactly(3.12), 0, ""),
        (Spread(-euros(2), -euros(0.12), 0), 3, "Cost in September €0.12"),
    ):
        desk.bridge.send(MonthSaved(SEPTEMBER, EURO, net, n_items))
        assert part.accessibleName() == words and part.isVisible() == bool(words)


def test_what_is_told_is_told_on_whatever_screen_is_shown_and_wishes_lead_to_other_screens(desk: Desk) -> None:
    desk.view.advice.rows[1].buttons[0].click()
    assert desk.window.screen_name == "compare" and desk.bridge.wished(ShowTally) == [ShowTally("v2")]
    desk.bridge.send(BudgetWarned(BudgetState("", "", euros(50), euros(50), True, 100, True), EURO))
    words = "The budget for all remote models is reached: €50.00 of €50. Nothing more is sent this month."
    assert desk.window.notice.words == words
    desk.view.model.settings_wanted.emit("costs")
    assert desk.window.screen_name == "settings"


# ---------------------------------------------------------------- sizes
@pytest.mark.parametrize("text_size", [100, 200])
def test_it_fits_the_smallest_window_and_scrolls_only_downwards(desk: Desk, text_size: int) -> None:
    desk.size(1024, 640, text_size)
    for page in (samples.page(), samples.troubled_page(), samples.dear_page(), samples.empty_page()):
        desk.bridge.send(LedgerShown(page), AdviceShown(samples.alerting_advices(), EURO))
        QApplication.processEvents()
        smallest = desk.window.minimumSizeHint()
        assert smallest.width() <= 1024 and smallest.height() <= 640, smallest
        content = desk.view.scroll_area.widget()
        assert content.width() == desk.view.scroll_area.viewport().width()
        for part in content.findChildren(QWidget):
            if part.isVisible() and part.window() is desk.window:
                right = part.mapTo(content, part.rect().topRight()).x()
                assert right <= content.width() - 24, (type(part).__name__, part.accessibleName())
        for figure in (desk.view.headline.figure, *desk.view.headline.equation.figures):
            assert not figure.isVisible() or figure.width() >= figure.sizeHint().width(), figure.text()


def test_cards_stack_in_a_narrow_window_and_need_no_scrolling_in_the_drawn_one(desk: Desk) -> None:
    for width, stacks in ((1440, False), (1200, True)):
        desk.size(width, 900)
        months, pays = desk.view.months.geometry(), desk.view.break_even.geometry()
        assert (pays.top() > months.bottom()) == stacks
        assert (desk.view.scroll_area.verticalScrollBar().maximum() > 0) == stacks
