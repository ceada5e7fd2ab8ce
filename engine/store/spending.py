"""What is paid in a month within a scope, and whether a request may still be reserved under hard budgets.

Requests under way count at the most that they can cost. One that was reserved in an earlier month counts too, as it can
only be settled from now on. What imported bills say beyond our own calls was paid as well, so that a hard budget is passed by
it; a statement adds it itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.errors import BudgetReached
from engine.ledger_records import Ceiling, Month, Spent
from engine.store.bills import bill_days
from engine.store.ledger_tables import DayRow, KindRow
from engine.store.main_tables import RemoteCallRow
from engine.store.providers import names_on_bills

DAY = timedelta(days=1)


def spent(session: Session, month: Month, scope: str) -> Spent:
    """What is paid in this local month. `scope` as in Ceiling; raises ValueError for one that is of no such form."""
    known, at_most, n, n_unbounded = session.execute(
        select(
            func.coalesce(func.sum(DayRow.cost), 0),
            func.coalesce(func.sum(DayRow.at_most), 0),
            func.coalesce(func.sum(DayRow.n), 0),
            func.coalesce(func.sum(DayRow.n_unbounded), 0),
        )
        .join(KindRow, KindRow.id == DayRow.kind)
        .where(DayRow.local_day.between(month.first, month.last), KindRow.place == "api", *_within(KindRow, scope))
    ).one()
    reserved, n_open, n_priced = session.execute(
        select(
            func.coalesce(func.sum(RemoteCallRow.reserved_nano), 0), func.count(), func.count(RemoteCallRow.reserved_nano)
        ).where(RemoteCallRow.status == "reserved", RemoteCallRow.time < _end_of(month), *_within(RemoteCallRow, scope))
    ).one()  # fmt: skip
    return Spent(known, at_most + (reserved or 0), n + n_open, n_unbounded + n_open - n_priced)


def require_room(session: Session, ceilings: Iterable[Ceiling], provider: str, workload: str, wanted: int | None) -> None:
    """Raises BudgetReached where a request could pass one of the ceilings that hold for it."""
    for ceiling in ceilings:
        if ceiling.scope not in ("", f"provider:{provider}", f"workload:{workload}"):
            continue
        counted = spent(session, ceiling.month, ceiling.scope).counted + billed_beyond(session, ceiling.month, ceiling.scope)
        if wanted is None:
            raise BudgetReached(ceiling.scope, str(ceiling.month), ceiling.limit, counted, None, "price_unknown")
        if counted + wanted > ceiling.limit:
            raise BudgetReached(ceiling.scope, str(ceiling.month), ceiling.limit, counted, wanted)


def billed_beyond(session: Session, month: Month, scope: str) -> int:
    """What bills say was paid on the days (UTC) of this month beyond our own calls; where they name no money, nothing.

    A bill that includes our own calls says more only as far as it is higher than they were that day; they are first taken
    off what is for no work in particular. It names the company: with it go the calls of all accounts there, and what it says
    beyond them counts within the scope of each, for it does not say which one was charged.
    """
    bills = [each for each in bill_days(session, month.first, month.last) if each.cost is not None]
    if not bills:
        return 0
    names = names_on_bills(session)
    ours = _known_by_day(session, month, names)
    what, _, provider = scope.partition(":")
    if what == "provider":
        scope = f"provider:{names.get(provider, provider)}"
    beyond = 0
    for bill in bills:  # in the order of days, providers and workloads
        cost = bill.cost or 0
        if bill.includes_ours:
            covered = min(cost, ours.get((bill.provider, bill.day), 0))
            ours[bill.provider, bill.day] = ours.get((bill.provider, bill.day), 0) - covered
            cost -= covered
        if scope in ("", f"provider:{bill.provider}", f"workload:{bill.workload}"):
            beyond += cost
    return beyond


def _known_by_day(session: Session, month: Month, names: Mapping[str, str]) -> dict[tuple[str, date], int]:
    """What our own calls are known to have cost, by the provider's name on bills and the day of UTC."""
    wanted = (
        select(KindRow.provider, DayRow.utc_day, func.sum(DayRow.cost))
        .join(KindRow, KindRow.id == DayRow.kind)
        .where(
            DayRow.local_day.between(month.first - DAY, month.last + DAY),
            DayRow.utc_day.between(month.first, month.last),
            KindRow.place == "api",
        )
        .group_by(KindRow.provider, DayRow.utc_day)
    )
    known = Counter[tuple[str, date]]()
    for provider, day, cost in session.execute(wanted):
        known[names.get(provider, provider), day] += cost
    return known


def _within(table: Any, scope: str) -> list[ColumnElement[bool]]:
    if not scope:
        return []
    what, _, name = scope.partition(":")
    if what not in ("provider", "workload") or not name:
        raise ValueError("a scope is '', provider:ID or workload:ID")
    return [getattr(table, what) == name]


def _end_of(month: Month) -> datetime:
    """The first moment after a month that is lived through here."""
    return datetime.combine(month.plus(1).first, time()).astimezone().astimezone(UTC)
