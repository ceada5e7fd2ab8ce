"""What providers charged by their own exports: imports with their lines, counted by the day of UTC.

A day of a provider is in the books as the newest import has it: exports hold all that was charged on a day, some of them
under other names of models, so that two of them for one day must never be added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.ledger_records import WorkloadId
from engine.price_records import Bill, BillDay, BillLine
from engine.store.columns import name_on_one_line
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.ledger_tables import BillLineRow, BillRow

LINE = ("day", "provider", "model", "n_requests", "prompt", "generated", "cached", "cost")
AT_ONCE = 500


class StoredBills:
    """The imported bills of a profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, bill: Bill, lines: Sequence[BillLine]) -> int:
        """Keep an import in place of what earlier ones say of the same days of the same provider, or of one with its id.

        Gives how many lines were replaced. An earlier import of which nothing is left is gone. Raises DiskFull.
        """
        with self._database.write() as session:
            replaced, touched = _forget_days(session, lines)
            replaced += _count(session, BillLineRow.bill == bill.id)
            session.execute(delete(BillRow).where(BillRow.id == bill.id))
            for earlier in touched - {bill.id}:
                _sum_up(session, earlier)
            session.add(_row(replace(bill, file_name=name_on_one_line(bill.file_name))))
            session.flush()
            values = [
                {"bill": bill.id, "position": number, **{name: getattr(line, name) for name in LINE}}
                for number, line in enumerate(lines)
            ]
            for first in range(0, len(values), AT_ONCE):
                session.execute(insert(BillLineRow), values[first : first + AT_ONCE])
        return replaced

    def n_replaced(self, lines: Sequence[BillLine]) -> int:
        """How many lines of earlier imports are for the same days of the same providers, and would be replaced."""
        with self._database.read() as session:
            return sum(_count(session, same) for same in _same_days(lines))

    def list(self) -> list[Bill]:
        """All imports, the newest first, with the figures of those of their lines that hold."""
        with self._database.read() as session:
            rows = session.scalars(select(BillRow).order_by(BillRow.imported.desc(), BillRow.id))
            return [record_from(row.json_text, Bill) for row in rows]

    def remove(self, bill_id: str) -> None:
        """Forget an import with its lines. Raises NotFound."""
        with self._database.write() as session:
            if session.execute(delete(BillRow).where(BillRow.id == bill_id)).rowcount != 1:
                raise NotFound("bill", bill_id)

    def days(self, first: date, last: date) -> Sequence[BillDay]:
        """What the imports say of these days of UTC, by day, provider and workload, in that order."""
        with self._database.read() as session:
            return bill_days(session, first, last)


def bill_days(session: Session, first: date, last: date) -> Sequence[BillDay]:
    """As StoredBills.days, within somebody's transaction."""
    key = (BillLineRow.day, BillLineRow.provider, BillRow.workload, BillRow.includes_ours)
    figures = [func.sum(figure) for figure in (BillLineRow.n_requests, BillLineRow.prompt, BillLineRow.generated)]
    wanted = (
        select(*key, *figures, func.sum(BillLineRow.cost), func.count(BillLineRow.cost), func.count())
        .join(BillRow, BillRow.id == BillLineRow.bill)
        .where(BillLineRow.day.between(first, last))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        BillDay(day, provider, WorkloadId(workload), ours, n, prompt, generated, cost, n_lines - n_known)
        for day, provider, workload, ours, n, prompt, generated, cost, n_known, n_lines in session.execute(wanted)
    ]


def _row(bill: Bill) -> BillRow:
    return BillRow(
        id=bill.id,
        imported=bill.imported,
        workload=bill.workload,
        includes_ours=bill.includes_ours,
        json_text=json_of(bill),
    )


def _same_days(lines: Sequence[BillLine]) -> list[ColumnElement[bool]]:
    days = sorted({(line.day, line.provider) for line in lines})
    parts = (days[first : first + AT_ONCE] for first in range(0, len(days), AT_ONCE))
    return [tuple_(BillLineRow.day, BillLineRow.provider).in_(part) for part in parts]


def _count(session: Session, which: ColumnElement[bool] | bool) -> int:
    return session.scalar(select(func.count()).select_from(BillLineRow).where(which)) or 0


def _forget_days(session: Session, lines: Sequence[BillLine]) -> tuple[int, set[str]]:
    """How many lines of other imports went, and which those were."""
    replaced, touched = 0, set[str]()
    for same in _same_days(lines):
        touched |= set(session.scalars(select(BillLineRow.bill).where(same)))
        replaced += session.execute(delete(BillLineRow).where(same)).rowcount
    return replaced, touched


def _sum_up(session: Session, bill_id: str) -> None:
    """Bring the figures of an import in line with what is left of it; without lines it goes."""
    lines = session.scalars(select(BillLineRow).where(BillLineRow.bill == bill_id)).all()
    row = session.get_one(BillRow, bill_id)
    if not lines:
        session.delete(row)
        return
    costs = [line.cost for line in lines if line.cost is not None]
    left = replace(
        record_from(row.json_text, Bill),
        first=min(line.day for line in lines),
        last=max(line.day for line in lines),
        n_lines=len(lines),
        n_requests=sum(line.n_requests for line in lines),
        prompt=sum(line.prompt for line in lines),
        generated=sum(line.generated for line in lines),
        cost=sum(costs) if len(costs) == len(lines) else None,
    )
    row.json_text = json_of(left)
