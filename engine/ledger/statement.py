"""A month of the ledger, from the sums of its days. Pure; the same books make the same statement.

    net = avoided - electricity - hardware

with the range of the worst and the best case: the least that was avoided less the most that electricity can have cost, and
the other way round. What was paid to remote models stands beside it and is never part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import get_args

from engine.ledger import budgets
from engine.ledger.electricity import MICRO_WH_IN_KWH, Tariffs
from engine.ledger.forecast import elapsed_days, forecast
from engine.ledger.hardware import hardware_share
from engine.ledger.money import converted, currency_at
from engine.ledger.paid import PaidRow, PaidRows, all_together, paid_by_month
from engine.ledger.reference_lines import net, reference_lines
from engine.ledger.references import references
from engine.ledger.statement_caveats import caveats
from engine.ledger.terms import Terms
from engine.ledger.workload_lines import MonthWork, month_work, shown_as, work_of
from engine.ledger_records import DayTotal, EnergyMethod, LedgerCheck, Month, Spent, Spread, WorkloadId
from engine.price_records import BillDay, Currency
from engine.statement_records import BudgetState, EnergyUsed, Statement

MILLION = 1_000_000


@dataclass(frozen=True)
class MonthBooks:
    """What the books have of a month, and of the day before it and after it: there are calls whose day in UTC is another.

    `spent` is by the scope of budgets, `scope_names` likewise; `names` are those of vote sets; `billed_as` are those that bills
    have for providers, by their ids.
    """

    month: Month
    totals: Sequence[DayTotal] = ()
    bills: Sequence[BillDay] = ()
    names: Mapping[WorkloadId, str] = field(default_factory=dict)
    spent: Mapping[str, Spent] = field(default_factory=dict)
    scope_names: Mapping[str, str] = field(default_factory=dict)
    check: LedgerCheck | None = None
    n_ahead: int = 0  # entries of any month that are dated in the future
    billed_as: Mapping[str, str] = field(default_factory=dict)


def statement(books: MonthBooks, terms: Terms) -> Statement:
    """The month of these books. Any month can be asked for; one without entries has zeros and no lines."""
    month, settings = books.month, terms.settings
    currency = currency_at(settings, month)
    tariffs = Tariffs(settings, currency, month)
    totals = shown_as((each for each in books.totals if Month.of(each.day) == month), books.names)
    paid = paid_by_month(books.totals, books.bills, books.billed_as).get(month, {})
    (_, would_use, is_default), *_ = references(settings)
    work = month_work(totals, paid, would_use, terms, currency, tariffs, books.names)
    elapsed, is_running = elapsed_days(month, totals, terms.today), Month.of(terms.today) == month
    hardware = hardware_share(settings, month, currency.code, elapsed, terms.today)
    counting, cash = work_of(totals), all_together(paid)
    until = min(month.last, terms.today)
    made = Statement(
        month=month,
        currency=currency,
        is_running=is_running,
        reference=would_use,
        n_items=work.n_items,
        n_workloads=sum(line.n_items > 0 for line in work.lines),
        avoided=work.avoided,
        electricity=work.electricity,
        hardware=hardware,
        net=net(work.avoided, work.electricity, hardware),
        paid=work.paid,
        paid_elsewhere=work.paid_elsewhere,
        n_paid=cash.n,
        n_unknown=cash.n_unknown,
        unknown_at_most=converted(cash.at_most, currency),
        forecast=forecast(work.paid, elapsed, month.n_days) if is_running else None,
        energy=energy_used(totals, work, tariffs, until, settings.co2_g_per_kwh),
        lines=work.lines,
        references=reference_lines(counting, work, hardware, currency, terms, month),
        left_out=work.left_out,
        budgets=_budgets(books, paid, currency, terms) if is_running else (),
        n_prompt_tokens=sum(each.prompt for each in counting),
        n_generated_tokens=sum(each.generated for each in counting),
        prices_as_of=terms.book.as_of(),
        prices_age_days=terms.book.age_days(until),
    )
    return _with_caveats(made, books, totals, work, cash, tariffs, terms, is_default)


# ---------------------------------------------------------------- energy
def energy_used(totals: Sequence[DayTotal], work: MonthWork, tariffs: Tariffs, until: date, co2: int | None) -> EnergyUsed:
    """The electricity of a month. `co2` is grams for a kilowatt-hour, None: the user gave none."""
    low, mid, high = (sum(sums[which] for sums in work.energy.values()) for which in range(3))
    used = [number for number, (_, middle, _) in work.energy.items() if middle > 0]
    return EnergyUsed(
        amount=Spread(low, mid, high),
        methods=_shares(totals),
        per_kwh=tariffs.per_kwh(work.energy, until),
        is_example=any(map(tariffs.is_example, used or [tariffs.number_on(until)])),
        duration_us=sum(each.duration_us for each in totals if each.place == "local"),
        co2_g=None if co2 is None else Spread(*(round(Fraction(each * co2, MICRO_WH_IN_KWH)) for each in (low, mid, high))),
    )


def _shares(totals: Sequence[DayTotal]) -> tuple[tuple[EnergyMethod, int], ...]:
    """Each method's share of the energy in parts of a million, the most trusted first; together they are the whole."""
    amounts = {method: sum(e.energy.mid for e in totals if e.energy_method == method) for method in get_args(EnergyMethod)}
    whole, so_far, shares, given = sum(amounts.values()), 0, [], 0
    for method, amount in amounts.items():
        if amount > 0:
            so_far += amount
            until = round(Fraction(so_far * MILLION, whole))
            shares.append((method, until - given))
            given = until
    return tuple(shares)


# ---------------------------------------------------------------- budgets, caveats
def _budgets(books: MonthBooks, paid: PaidRows, currency: Currency, terms: Terms) -> tuple[BudgetState, ...]:
    """Budgets count what the store has, requests under way included, and what bills say beyond our own calls."""
    spent = {}
    for scope in {each.scope for each in terms.settings.budgets}:
        ours = books.spent.get(scope)
        billed = budgets.on_bills(scope, books.billed_as)
        elsewhere = sum(row.elsewhere for key, row in paid.items() if billed in budgets.scopes(*key))
        spent[scope] = converted((ours.counted if ours else 0) + elsewhere, currency)
    return budgets.states(terms.settings, books.month, currency, spent, books.scope_names)


def _with_caveats(
    made: Statement,
    books: MonthBooks,
    totals: list[DayTotal],
    work: MonthWork,
    cash: PaidRow,
    tariffs: Tariffs,
    terms: Terms,
    is_default: bool,
) -> Statement:
    lacks_rate = tariffs.lacks_rate or budgets.lack_rates(terms.settings, made.month, made.currency)
    found = caveats(
        made,
        terms,
        is_default_reference=is_default,
        lacks_rate=lacks_rate or terms.settings.currency != made.currency.code,
        lacks_ratio=work.reference.lacks_ratio,
        lacks_price=work.reference.lacks_price,
        is_unbounded=cash.n_unbounded > 0,
        is_measured=all(each.energy_method for each in totals if each.place == "local" and each.n > 0),
        is_ahead=books.n_ahead > 0,
        differs=books.check is not None and not books.check.is_sound,
    )
    return replace(made, caveats=found)
