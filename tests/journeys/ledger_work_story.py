"""The part of the ledger's story about work: what advice rests on, moving a workload and returning it, a plan, a bill."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.views.bill_sheet import BillSheet
from desktop.views.calculator_sheet import CalculatorSheet
from desktop.views.evidence_sheet import EvidenceSheet
from desktop.views.move_sheet import MoveSheet
from engine.advice_records import Advice
from engine.ledger_events import AdviceShown, BillsListed
from tests.journeys.bookkeeper import Bookkeeper, amount
from tests.journeys.comparer import CONTROL
from tests.journeys.made_year import SUMMARIES, TRIAGE

#: The essay's plan: a hundred thousand tickets of 600 and 200 tokens a month, and what they cost with two models.
PLANS = (("openai/gpt-4", Decimal(3000)), ("openai/gpt-6-luna", Decimal(16)))
SERVER = Decimal(350)


def tell(person: Bookkeeper, files: Path) -> None:
    look_at_evidence(person)
    move_and_return(person)
    plan(person)
    import_a_bill(person, files / "costs.csv")


def look_at_evidence(person: Bookkeeper) -> None:
    """The reasons in their order, and what the user says of the work, which changes them."""
    person.press(person.evidence(TRIAGE))
    sheet = person.sheet(EvidenceSheet)
    person.snap("evidence")
    person.bring_into_view(sheet.quality)
    person.snap("evidence-quality")
    person.bring_into_view(sheet.traits)
    field = sheet.traits.items
    assert field.field.text().replace(",", "") == "100000"
    for typed in ("many", "40000"):
        person.press(field.field)
        person.keys(Qt.Key.Key_A, CONTROL)
        person.type(typed)
        person.press(field.use)
        if typed == "many":
            person.wait(lambda: sheet.model.items_problem, "what is wrong with it")
            person.snap("evidence-problem")
    person.wait(lambda: sheet.model.traits.monthly_items == 40_000, "the number of items in the books")
    person.snap("evidence-described")
    person.keys(Qt.Key.Key_Escape)
    person.wait(lambda: not person._sheets(EvidenceSheet), "a closed sheet")
    person.wait(lambda: person.advice_on(TRIAGE).facts.n_items == 40_000, "advice with it")


def move_and_return(person: Bookkeeper) -> None:
    """One at a time: while one is watched another is held up, and going back takes one press."""
    sheet = open_move(person, TRIAGE)
    assert sheet.model.route.kind == "local", "what is advised is not proposed"
    person.snap("move")
    n = len(person.saw(AdviceShown))
    person.press(sheet.go)
    person.wait(lambda: not person._sheets(MoveSheet), "the end of the move")
    person.wait(lambda: len(person.saw(AdviceShown)) > n and route_of(person, TRIAGE) == "local", "it on this computer")
    person.snap("moved")
    sheet = open_move(person, SUMMARIES)
    person.press(sheet.kinds.options["local"])
    person.wait(lambda: sheet.model.obstacle == "one_at_a_time", "what keeps the second one")
    assert not sheet.go.isEnabled()
    person.snap("one-at-a-time")
    person.keys(Qt.Key.Key_Escape)
    person.wait(lambda: not person._sheets(MoveSheet), "a closed sheet")
    person.press(person.button(person.advice_row(TRIAGE), "Return to the API"))
    person.wait(lambda: route_of(person, TRIAGE) == "api", "it where it was")
    person.wait(lambda: person.advice_on(TRIAGE).workload.route.kind == "api", "the row that says so")
    person.snap("returned")


def open_move(person: Bookkeeper, name: str) -> MoveSheet:
    """By way of the evidence."""
    person.press(person.evidence(name))
    person.press(person.sheet(EvidenceSheet).move_it)
    return person.sheet(MoveSheet)


def route_of(person: Bookkeeper, name: str) -> str:
    return next(each for each in advice(person) if each.workload.name == name).workload.route.kind


def advice(person: Bookkeeper) -> tuple[Advice, ...]:
    shown: AdviceShown = person.saw(AdviceShown)[-1]
    return shown.advice


# ---------------------------------------------------------------- before anything is bought
def plan(person: Bookkeeper) -> None:
    toolbar = person.ledger.toolbar
    person.press(toolbar.more)
    person.pick(toolbar.menu, "Calculator")
    sheet = person.sheet(CalculatorSheet)
    person.wait(lambda: sheet.model.calculation is not None, "the first plan")
    for model, dollars in PLANS:
        person.press(sheet.model_button)
        person.wait(sheet.finder.isVisible, "where a model is found")
        person.keys(Qt.Key.Key_A, CONTROL)
        person.type(model)
        person.wait(lambda model=model: any(each.model == model for each in sheet.model.found), "the model among those found")
        place = [each.model for each in sheet.model.found].index(model)
        person.snap(f"finder-{model.rpartition('/')[2]}")
        person.press(sheet.finder.buttons[place])
        person.wait(lambda model=model: planned(sheet) == model, "its plan")
        person.snap(f"plan-{model.rpartition('/')[2]}")
        said = person.words_in(sheet.result.ways).splitlines()
        costs = [amount(words) for words in said if words.startswith("$")]
        assert dollars in costs and SERVER in costs, f"{dollars} and {SERVER} should be among {said}"
    person.keys(Qt.Key.Key_Escape)
    person.wait(lambda: not person._sheets(CalculatorSheet), "a closed sheet")


def planned(sheet: CalculatorSheet) -> str:
    found = sheet.model.calculation
    return "" if found is None else found.asked.model


# ---------------------------------------------------------------- what is paid already
def import_a_bill(person: Bookkeeper, file: Path) -> None:
    month = person.page.months[0].plus(-2)
    before = paid_in(person, month)
    toolbar = person.ledger.toolbar
    person.press(toolbar.more)
    person.pick(toolbar.menu, "Import a bill")
    sheet = person.sheet(BillSheet)
    person.choose_files(lambda: person.press(sheet.choose), file)
    person.wait(lambda: sheet.model.found is not None, "what the bill holds")
    person.snap("bill")
    assert paid_in(person, month) == before, "it counts before it was kept"
    person.press(sheet.keep)
    person.wait(lambda: person.saw(BillsListed) and sheet.model.found is None and sheet.model.kept, "the bill among those kept")
    person.snap("bill-kept")
    person.keys(Qt.Key.Key_Escape)
    person.wait(lambda: not person._sheets(BillSheet), "a closed sheet")
    person.wait(lambda: paid_in(person, month) > before, "a higher bar")
    assert paid_in(person, month) - before == Decimal("24.84")  # 12 days of $2.25 at 0.92 euros
    person.bring_into_view(person.ledger.months)
    person.snap("bill-in-the-bars")
    assert QApplication.focusWidget() is not None, "nothing has the keyboard"


def paid_in(person: Bookkeeper, month: object) -> Decimal:
    return next(Decimal(bar.paid) / 10**9 for bar in person.page.bars if bar.month == month)
