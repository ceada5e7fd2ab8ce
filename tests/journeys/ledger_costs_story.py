"""The part of the ledger's story about what it counts with: electricity, a lost request, a hard budget; and one more answer."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt

from desktop.views.compare_setup import SetupPane
from desktop.views.costs_budgets import BudgetSheet
from engine.events import DocumentChanged
from engine.ledger_events import MonthSaved
from tests.journeys.bookkeeper import Bookkeeper
from tests.journeys.comparer import CONTROL, OFFLINE
from tests.journeys.made_year import REMOTE_MODEL

PRICE, LOST = "0.62", "0.05"
CENT = Decimal("0.01")


def tell(person: Bookkeeper, files: Path) -> None:
    change_the_price_of_electricity(person)
    resolve_the_lost_request(person)
    add_letter(person, files / "Complaint.pdf")
    be_stopped_by_a_budget(person)
    ask_once_more(person)


def change_the_price_of_electricity(person: Bookkeeper) -> None:
    """Twice the price from the first of the month on, and watts off a meter, which count for later answers."""
    before, first = person.figure("electricity"), person.page.statement.month.first
    person.open_costs()
    page = person.costs.electricity
    person.snap("costs")
    for key, text in (("price", PRICE), ("currency", "EUR"), ("day", first.isoformat())):
        person.fill(page.tariff.fields[key].field, text)
    person.press(page.tariff.button)
    person.wait(lambda: len(person.window.model.settings.ledger.tariffs) == 2, "the price in the settings")
    for key, text in (("idle", "20"), ("busy", "80")):
        person.fill(page.watts.fields[key].field, text)
    person.press(page.watts.button)
    person.wait(lambda: person.window.model.settings.ledger.watts is not None, "the watts in the settings")
    person.snap("electricity")
    person.open_ledger()
    person.wait(lambda: abs(person.figure("electricity") - 2 * before) <= 2 * CENT, "twice as much for electricity")
    person.snap("dearer-electricity")


def resolve_the_lost_request(person: Bookkeeper) -> None:
    """Nobody knows what it cost until the invoice comes; until then it counts as the most that it can have cost."""
    statement = person.page.statement
    assert statement.n_unknown == 1 and statement.unknown_at_most > 0
    counted = statement.paid
    person.open_costs()
    page = person.costs.calls
    person.wait(lambda: len(page.forms) == 1, "the request of unknown cost")
    (form,) = page.forms.values()
    person.bring_into_view(form)
    person.snap("lost-request")
    person.fill(form.fields["cost"].field, LOST)
    person.press(form.button)
    person.wait(lambda: not page.forms, "none of unknown cost any more")
    person.snap("lost-request-entered")
    person.open_ledger()
    person.wait(lambda: person.page.statement.n_unknown == 0, "a month without it")
    person.ledger.scroll_area.verticalScrollBar().setValue(0)
    person.snap("resolved")
    gone = counted - person.page.statement.paid
    assert gone == statement.unknown_at_most - Decimal(LOST) * Decimal("0.9") * 10**9, f"{gone} less is counted as paid"


# ---------------------------------------------------------------- a budget that holds
def add_letter(person: Bookkeeper, letter: Path) -> None:
    person.choose_files(lambda: person.keys(Qt.Key.Key_O, CONTROL), letter)
    wait_for_letter(person)


def wait_for_letter(person: Bookkeeper) -> None:
    person.wait(lambda: any(each.document.status == "ready" for each in person.saw(DocumentChanged)), "the letter, read")


def be_stopped_by_a_budget(person: Bookkeeper) -> None:
    """The limit lies below what was paid already; the comparison is asked for all the same, and nothing leaves."""
    person.open_costs()
    budgets = person.costs.budgets
    person.press(budgets.list.edit[0])
    sheet = person.sheet(BudgetSheet)
    person.fill(sheet.limit.field, "0.5")
    person.press(sheet.hard)
    person.snap("hard-budget")
    person.press(sheet.keep)
    person.wait(lambda: person.window.model.settings.ledger.budgets[0].is_hard, "the hard budget in the settings")
    person.bring_into_view(budgets)
    person.snap("budgets")
    person.keys(Qt.Key.Key_3, CONTROL)
    view = person.view
    person.wait(view.isVisible, "the Compare screen")
    pane = view.strip.panes[1]
    assert isinstance(pane, SetupPane)
    view.strip.bring(1)
    person.press(pane.chooser)
    person.pick(pane.chooser.choices, "Meridian", REMOTE_MODEL)
    person.press(view.composer.text)
    person.write("What is a break clause?")
    person.compare()
    sheet = person.review()
    person.press(sheet.agree)
    person.press(sheet.send)
    person.wait(lambda: not person.has_sheet(), "the end of the sheet")
    (remote,) = (each for each in view.strip.panes if each.pane.is_remote)
    person.wait(lambda: remote.pane.has_ended, "the end of what should have been sent")
    assert remote.pane.problem is not None and remote.pane.problem[0] == "budget_reached", remote.pane.problem
    person.wait(lambda: person.run.is_done, "the answer of this computer")
    view.strip.bring(remote.place)
    person.snap("stopped-by-the-budget")
    assert "budget" in person.words_in(remote.problem)
    assert person.backstage.sent() == [], "the budget let something out"
    person.wait_for_lock(OFFLINE)


# ---------------------------------------------------------------- one more answer
def ask_once_more(person: Bookkeeper) -> None:
    n = person.page.statement.n_items
    person.ask("What does the tenant ask for?")
    person.wait(lambda: person.saw(MonthSaved)[-1].n_items == n + 1, "one more item in the status bar")
    person.open_ledger()
    person.wait(lambda: person.page.statement.n_items == n + 1, "one more item in the month")
    person.snap("one-more")
    methods = dict(person.page.statement.energy.methods)
    assert methods.get("meter", 0) > 0, "the watts off the meter do not count"
