"""The workloads of a month as rows, their total, and the lines that stand around the table. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop import figures, money
from desktop.cells import TextCell
from desktop.viewmodels.figure_table import FigureRow
from desktop.wordings import ledger
from engine.ledger_records import Spread, Use
from engine.price_records import Currency
from engine.statement_records import Statement, WorkloadLine

translate = QCoreApplication.translate
PAID = 5  # the column that is there only where something was paid
_NOT_KNOWN = "–"


def titles() -> tuple[str, ...]:
    return (
        translate("ledger", "Workload"),
        translate("ledger", "Items"),
        translate("ledger", "API price"),
        translate("ledger", "Electricity"),
        translate("ledger", "Saved"),
        translate("ledger", "API spend"),
    )


def rows(of: Statement) -> list[FigureRow]:
    """One for each workload, then what belongs to none of them, then the total."""
    found = [_row(line, of.currency) for line in of.lines]
    besides = of.electricity.mid - sum(line.electricity.mid for line in of.lines)
    paid = of.paid - sum(line.paid for line in of.lines) if has_paid(of) else 0
    if besides or paid:
        found.append(_besides(besides, paid, of.currency))
    if found:
        found.append(_total(of))
    return found


def has_paid(of: Statement) -> bool:
    return any(line.paid for line in of.lines)


def _row(line: WorkloadLine, currency: Currency) -> FigureRow:
    name = ledger.workload(line.workload, line.name)
    cells = (
        TextCell(name, strong=True),
        _figure(figures.number(line.n_items)),
        _figure(_money(line.avoided, currency)),
        _figure(money.short(line.electricity.mid, currency)),
        _figure(_money(line.saved, currency), bold=True),
        _figure(money.short(line.paid, currency)),
    )
    least = -(10**30)  # what is not known comes below everything that is
    keys = (
        name.casefold(),
        line.n_items,
        line.avoided.mid if line.avoided else least,
        line.electricity.mid,
        line.saved.mid if line.saved else least,
        line.paid,
    )
    return FigureRow(cells, keys)


def _besides(electricity: int, paid: int, currency: Currency) -> FigureRow:
    """What belongs to no line: electricity of what was stopped, done again or only compared, and spend on no workload."""
    return FigureRow(
        (
            TextCell(translate("ledger", "Not counted as saved")),
            _figure(_NOT_KNOWN),
            _figure(_NOT_KNOWN),
            _figure(money.short(electricity, currency)),
            _figure(money.short(-electricity, currency), bold=True),
            _figure(money.short(paid, currency)),
        )
    )


def _total(of: Statement) -> FigureRow:
    saved = None if of.avoided is None else of.avoided.mid - of.electricity.mid
    words = (
        translate("ledger", "Total before hardware") if has_paid(of) else translate("ledger", "Total before hardware share"),
        figures.number(of.n_items),
        _money(of.avoided, of.currency),
        money.short(of.electricity.mid, of.currency),
        _NOT_KNOWN if saved is None else money.short(saved, of.currency),
        money.short(of.paid, of.currency),
    )
    return FigureRow(tuple(TextCell(text, bold=True, right=at > 0) for at, text in enumerate(words)))


def _money(of: Spread | None, currency: Currency) -> str:
    return _NOT_KNOWN if of is None else money.short(of.mid, currency)


def _figure(text: str, *, bold: bool = False) -> TextCell:
    return TextCell(text, bold=bold, right=True)


# ---------------------------------------------------------------- around the table
def spend(of: Statement) -> str:
    """`API spend this month: €6.12, for 214 requests`."""
    if not of.paid and not of.n_paid and not of.n_unknown:
        return translate("ledger", "No API spend this month") if of.is_running else translate("ledger", "No API spend")
    text = translate("ledger", "API spend this month: {sum}") if of.is_running else translate("ledger", "API spend: {sum}")
    words = text.format(sum=money.amount(of.paid, of.currency))
    if of.paid_elsewhere == of.paid and of.paid:
        return translate("ledger", "{words}, by imported bills").format(words=words)
    if of.paid_elsewhere:
        elsewhere = money.amount(of.paid_elsewhere, of.currency)
        return translate("ledger", "{words}, of it {elsewhere} by imported bills").format(words=words, elsewhere=elsewhere)
    if not of.n_paid:
        return words
    return translate("ledger", "{words}, for {requests}").format(words=words, requests=ledger.requests(of.n_paid))


def below(of: Statement) -> str:
    """What the spend will come to, what was left out of the saving, and where cents do not add up."""
    found = []
    if of.forecast is not None and of.paid:
        text = translate("ledger", "API spend comes to {sum} by the end of the month, as it goes now.")
        found.append(text.format(sum=money.about(of.forecast, of.currency)))
    if of.left_out:
        parts = ", ".join(_left_out(each.use, each.n) for each in of.left_out)
        text = translate("ledger", "Not counted as saved: {parts}. Their electricity is counted.")
        found.append(text.format(parts=parts))
    if not _adds_up(of):
        found.append(translate("ledger", "Each figure is rounded by itself, so last digits may not add up."))
    return " ".join(found)


def _adds_up(of: Statement) -> bool:
    """Whether the subtraction in view and the columns of the table hold to the last digit."""
    sums = [(of.electricity.mid, [line.electricity.mid for line in of.lines])] if of.lines else []
    if has_paid(of):
        sums.append((of.paid, [line.paid for line in of.lines]))
    if of.lines and of.avoided is not None and all(line.avoided for line in of.lines):
        sums.append((of.avoided.mid, [line.avoided.mid for line in of.lines if line.avoided]))
    for total, parts in sums:
        if not money.adds_up(total, (*parts, total - sum(parts)), of.currency):  # what belongs to no line has its own
            return False
    if of.avoided is None or of.net is None:
        return True
    return money.adds_up(of.net.mid, (of.avoided.mid, -of.electricity.mid, -of.hardware.amount), of.currency)


def _left_out(use: Use, n: int) -> str:
    return {
        "again": translate("ledger", "{n} done again"),
        "cancelled": translate("ledger", "{n} stopped"),
        "test": translate("ledger", "{n} to compare or to judge"),
        "work": translate("ledger", "{n} others"),
    }[use].format(n=figures.number(n))
