"""What is paid in a month within a scope, and whether a request may still be reserved under hard budgets.

Requests under way count at the most that they can cost. One that was reserved in an earlier month counts too, as it can
only be settled from now on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.errors import BudgetReached
from engine.ledger_records import Ceiling, Month, Spent
from engine.store.ledger_tables import DayRow, KindRow
from engine.store.main_tables import RemoteCallRow


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
        counted = spent(session, ceiling.month, ceiling.scope).counted
        if wanted is None:
            raise BudgetReached(ceiling.scope, str(ceiling.month), ceiling.limit, counted, None, "price_unknown")
        if counted + wanted > ceiling.limit:
            raise BudgetReached(ceiling.scope, str(ceiling.month), ceiling.limit, counted, wanted)


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
