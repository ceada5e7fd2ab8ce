"""A year in the ledger: read it, change months, open every figure, take it along; then move work, plan, and correct it.

Usage: ledger_story.py PROFILE PICTURES THEME WIDTHxHEIGHT PART FILES (PART is `year` for a profile that `made_year` made,
`large` for one that is read with large letters and keys at the end, `fresh` for a new one; FILES is a folder with the letter
and the bill, and where exports go). What the servers are told and asked goes over the standard streams, see `comparer`.
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QLocale, Qt

from desktop.views.evidence_sheet import EvidenceSheet
from desktop.views.ledger_explained import ExplainedSheet
from desktop.views.move_sheet import MoveSheet
from engine.events import StoreOpened
from engine.ledger_events import LedgerExported, MonthSaved
from engine.ledger_records import Month, local_day
from engine.statement_records import LedgerPage
from tests.journeys import compare_story, ledger_costs_story, ledger_work_story
from tests.journeys.bookkeeper import Bookkeeper, amount
from tests.journeys.comparer import CONTROL, OFFLINE, Backstage
from tests.journeys.made_year import GRANTS, SUMMARIES, TRIAGE, Counted

CENT = Decimal("0.01")


def main() -> None:
    profile, pictures, theme, size, part, folder = sys.argv[1:7]
    width, height = (int(number) for number in size.split("x"))
    backstage, files = Backstage(), Path(folder)
    QLocale.setDefault(QLocale("en_IE"))  # how amounts and days are written
    person = Bookkeeper(Path(profile), Path(pictures), (width, height), backstage)
    person.steps, person.story = 0, "ledger-new" if part == "fresh" else "ledger"
    person.wait(lambda: person.saw(StoreOpened), "the store")
    if part == "fresh":
        begin_with_nothing(person, theme, files)
    else:
        (counted,) = backstage._ask("counted")
        read_the_month(person, Counted(**counted))
        change_months(person)
        read_charts_as_tables(person)
        open_every_figure(person)
        if part == "year":
            take_it_along(person, files)
        ledger_work_story.tell(person, files)
        if part == "year":
            ledger_costs_story.tell(person, files)
        else:
            read_it_large_with_keys(person)
    assert person.lock_says == OFFLINE
    person.quit()


# ---------------------------------------------------------------- reading
def read_the_month(person: Bookkeeper, counted: Counted) -> None:
    """What stands on the screen is what the entries come to, one by one."""
    person.wait(lambda: person.saw(MonthSaved), "what the month has saved")
    running = Month.of(local_day(datetime.now(UTC)))
    person.wait(lambda: person.window.status_bar.saved.isVisible(), "it in the status bar")
    person.snap("status-bar")
    person.open_ledger()
    person.wait_for_month(running)
    person.snap("month")
    statement = person.page.statement
    assert statement.n_items == counted.n_items
    assert f"{counted.n_items:,} items" in person.words_in(person.ledger.headline)
    avoided, power = Decimal(counted.avoided) / 10**9 * Decimal("0.9"), Decimal(counted.energy) / 10**9 * Decimal("0.31")
    assert abs(person.figure("avoided") - avoided) <= CENT, f"{person.figure('avoided')} is shown, {avoided} were avoided"
    assert abs(person.figure("electricity") - power) <= CENT, f"{person.figure('electricity')} is shown, it was {power}"
    require_subtraction(person)
    assert abs(person.figure("net")) == amount(person.saved)
    rows = person.ledger.workloads.table.model()
    shown = [rows.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(rows.rowCount())]
    assert {line.name for line in statement.lines if line.name} <= set(shown), shown
    labels = {row.item.name: row.item.chip.text for row in person.ledger.advice.rows}
    wanted = {TRIAGE: "Migrate", SUMMARIES: "Keep testing", GRANTS: "Stay on API"}
    assert wanted.items() <= labels.items(), labels
    assert person.lock_says == OFFLINE


def require_subtraction(person: Bookkeeper) -> None:
    """What is taken off in view is taken off; each figure is rounded by itself."""
    left = person.figure("avoided") - person.figure("electricity") - person.figure("hardware")
    assert abs(left - person.figure("net")) <= 2 * CENT, "the subtraction on the screen is wrong"


def change_months(person: Bookkeeper) -> None:
    """By the menu with the mouse, and with the keys."""
    running, before = person.page.months[0], person.page.months[1]
    menu = person.ledger.toolbar.month
    person.press(menu)
    person.wait(menu.choices.isVisible, "the months")
    person.snap("months")
    person.pick(menu.choices, menu.choices.actions()[1].text())
    person.wait_for_month(before)
    assert not person.page.statement.is_running
    require_subtraction(person)
    person.snap("month-before")
    chart = person.ledger.months.chart
    chart.setFocus()
    person.keys(Qt.Key.Key_Left)
    person.wait_for_month(running.plus(-2))
    person.keys(Qt.Key.Key_Right)
    person.keys(Qt.Key.Key_Right)
    person.wait_for_month(running)


def read_charts_as_tables(person: Bookkeeper) -> None:
    for card in (person.ledger.months, person.ledger.break_even):
        person.press(card.as_table)
        person.wait(card.table.isVisible, "the chart as a table")
        assert card.table.model().rowCount() >= 9
    person.snap("tables")
    for card in (person.ledger.months, person.ledger.break_even):
        person.press(card.as_table)
        person.wait(card.chart.isVisible, "the chart")


def open_every_figure(person: Bookkeeper) -> None:
    toolbar = person.ledger.toolbar
    person.press(toolbar.explain if toolbar.explain.isVisible() else toolbar.explain_short)
    sheet = person.sheet(ExplainedSheet)
    person.snap("explained")
    said = person.words_in(sheet)
    for figure in person.ledger.headline.equation.figures:
        assert figure.text() in said, f"{figure.text()} is not explained"
    for _ in range(2):
        person.keys(Qt.Key.Key_PageDown)
    person.snap("explained-further")
    person.keys(Qt.Key.Key_Escape)
    person.wait(lambda: not person._sheets(ExplainedSheet), "a closed sheet")


def take_it_along(person: Bookkeeper, files: Path) -> None:
    export = person.ledger.toolbar.export
    endings = ("month.csv", "month.xlsx", "month.pdf", "entries.csv")
    for place, name in enumerate(endings):
        person.press(export)
        person.wait(export.choices.isVisible, "the kinds of files")
        if not place:
            person.snap("export")
        (action,) = [[each for each in export.choices.actions() if not each.isSeparator()][place]]
        person.save_as(lambda action=action: person.pick(export.choices, action.text()), files / name)
        person.wait(lambda place=place: len(person.saw(LedgerExported)) > place, f"the file {name}")
    person.snap("exported")


# ---------------------------------------------------------------- large letters, no mouse
def read_it_large_with_keys(person: Bookkeeper) -> None:
    """At twice the size, without a mouse: every control is reached, and what has the focus is in sight."""
    for size in range(110, 201, 10):
        person.keys(Qt.Key.Key_Plus, CONTROL)
        person.wait(lambda size=size: person.window.model.settings.text_size == size, f"letters of {size} per cent")
    person.keys(Qt.Key.Key_1, CONTROL)
    person.open_ledger()
    person.snap("large")
    reached = walk_with_tab(person)
    ledger = person.ledger
    for widget in (
        ledger.toolbar.export,
        ledger.toolbar.more,
        ledger.months.as_table,
        ledger.months.chart,
        ledger.workloads.table,
    ):
        assert widget in reached, f"{widget.accessibleName() or widget} is not reached with Tab"
    for row in ledger.advice.rows:
        assert set(row.buttons) <= set(reached), f"the buttons of {row.item.name} are not reached"
    table = ledger.workloads.table
    assert table.columnWidth(0) >= 250, "names of workloads are cut off"
    tab_to(person, table)
    person.snap("large-workloads")
    open_sheets_with_keys(person)


def open_sheets_with_keys(person: Bookkeeper) -> None:
    """Each opens with Space, is read with the page keys, and gives the focus back where it was."""
    ledger = person.ledger
    first, toolbar = ledger.advice.rows[0].buttons, ledger.toolbar
    for opener, kind in ((toolbar.explain_short, ExplainedSheet), (first[0], EvidenceSheet), (first[1], MoveSheet)):
        tab_to(person, opener)
        person.keys(Qt.Key.Key_Space)
        sheet = person.sheet(kind)
        person.wait(lambda: person._is_uncovered(person.window.focusWidget()), "what has the focus, in sight")
        person.snap(f"large-{kind.__name__.removesuffix('Sheet').lower()}")
        person.keys(Qt.Key.Key_PageDown)
        person.keys(Qt.Key.Key_Tab)
        focused = person.window.focusWidget()
        assert focused is not None and sheet.isAncestorOf(focused), "the focus has left the sheet"
        person.keys(Qt.Key.Key_Escape)
        person.wait(lambda kind=kind: not person._sheets(kind), "a closed sheet")
        person.wait(lambda opener=opener: person.has_focus(opener), "the focus where it was")


def tab_to(person: Bookkeeper, widget: object) -> None:
    for _ in range(80):
        if person.window.focusWidget() is widget:
            return
        person.keys(Qt.Key.Key_Tab)
    raise AssertionError(f"{widget} is not reached with Tab")


def walk_with_tab(person: Bookkeeper) -> list[object]:
    """Press Tab until the focus is where it began; a picture now and then."""
    reached: list[object] = []
    while (now := person.window.focusWidget()) not in reached and len(reached) < 80:
        reached.append(now)
        if len(reached) % 8 == 0:
            person.snap(f"large-{len(reached)}")
        person.keys(Qt.Key.Key_Tab)
    return reached


# ---------------------------------------------------------------- a new profile
def begin_with_nothing(person: Bookkeeper, theme: str, files: Path) -> None:
    """Nothing is claimed before there was an answer; the first one makes the ledger."""
    compare_story.start(person, theme)
    person.keys(Qt.Key.Key_5, CONTROL)
    person.wait(lambda: person.ledger.model.page is not None, "the ledger")
    assert person.ledger.empty.isVisible() and not person.ledger.headline.isVisible()
    assert person.saved == ""
    person.wait(lambda: person.has_focus(person.ledger.empty.calculator), "the keyboard on the calculator")
    person.snap("empty")
    person.choose_files(lambda: person.keys(Qt.Key.Key_O, CONTROL), files / "Complaint.pdf")
    ledger_costs_story.wait_for_letter(person)
    person.ask("What does the tenant ask for?")
    person.wait(lambda: person.saved, "the first saving in the status bar")
    person.open_ledger()
    person.wait(lambda: person.ledger.headline.isVisible(), "the first figures")
    page: LedgerPage = person.page
    assert page.statement.n_items == 1
    person.snap("first-answer")


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()  # the program's own hook keeps silent about what a journey did wrong
        os._exit(1)
