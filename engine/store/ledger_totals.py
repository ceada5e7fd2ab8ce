"""The sums of the days: how entries are added to them, checked against them, and how they are made anew.

Every figure counts by the sign of its entry: what an entry takes back, it takes off again, so that both together are
nothing. Only the longest prompt is not taken back, as it cannot be known what it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import LedgerInputUnfit
from engine.ledger_records import NOTHING, DayTotal, LedgerCheck, LedgerEvent, Place, Spread
from engine.store.columns import day_number, day_of
from engine.store.ledger_tables import DayRow, EntryRow, KeptRow

DayKey = tuple[date, date, int]  # local day, day of UTC, kind
Stretch = tuple[date, date]  # the first local day and the last
AHEAD = timedelta(days=1)  # entries that are dated later than this after now: a clock was wrong

#: LedgerEvent.is_open, over entries.
IS_OPEN = "(cost IS NULL OR (cost_source = 'estimated' AND at_most IS NOT NULL))"
#: Each figure of a day as SQL over its entries, in the order of `_counted`.
FIGURES = {
    "n": "sum(sign)",
    "prompt": "sum(sign * prompt)",
    "generated": "sum(sign * generated)",
    "cached": "sum(sign * cached)",
    "longest_prompt": "max(prompt)",
    "duration_us": "sum(sign * duration_us)",
    "cost": f"sum(iif({IS_OPEN}, 0, sign * cost))",
    "n_unknown": f"sum(sign * {IS_OPEN})",
    "at_most": f"sum(iif({IS_OPEN}, sign * ifnull(at_most, 0), 0))",
    "n_unbounded": "sum(sign * (cost IS NULL AND at_most IS NULL))",
    "avoided_low": "sum(sign * ifnull(avoided_low, 0))",
    "avoided_mid": "sum(sign * ifnull(avoided_mid, 0))",
    "avoided_high": "sum(sign * ifnull(avoided_high, 0))",
    "energy_low": "sum(sign * ifnull(energy_low, 0))",
    "energy_mid": "sum(sign * ifnull(energy_mid, 0))",
    "energy_high": "sum(sign * ifnull(energy_high, 0))",
}
LONGEST = list(FIGURES).index("longest_prompt")
COUNTED = f"""SELECT local_day, utc_day, kind, {", ".join(f"{sql} AS {name}" for name, sql in FIGURES.items())}
    FROM (SELECT *, iif(reverses IS NULL, 1, -1) AS sign FROM ledger_entries WHERE local_day BETWEEN :first AND :last)
    GROUP BY local_day, utc_day, kind"""
NAMES = ("place", "workload", "provider", "model", "use", "reference", "ratio_source", "energy_method")
KINDS = f"""SELECT id, {", ".join(f'"{name}"' for name in NAMES)} FROM ledger_kinds"""
OF_PLACE = "(:place IS NULL OR kind IN (SELECT id FROM ledger_kinds WHERE place = :place))"
BY_DAY = f"""SELECT local_day, utc_day, kind, {", ".join(FIGURES)} FROM ledger_days
    WHERE local_day BETWEEN :first AND :last AND n <> 0 AND {OF_PLACE} ORDER BY local_day, utc_day, kind"""
BY_KIND = f"""SELECT min(local_day), min(utc_day), kind,
    {", ".join(f"{'max' if name == 'longest_prompt' else 'sum'}({name})" for name in FIGURES)}
    FROM ledger_days WHERE local_day BETWEEN :first AND :last AND n <> 0 GROUP BY kind"""
# Both sides under each other and sorted once: days without entries and entries without sums show as well.
DIFFERENT = text(f"""SELECT count(*) FROM (SELECT 1 FROM ({COUNTED} UNION ALL
    SELECT local_day, utc_day, kind, {", ".join(f"-{name}" for name in FIGURES)} FROM ledger_days
    WHERE local_day BETWEEN :first AND :last) GROUP BY local_day, utc_day, kind
    HAVING count(*) <> 2 OR {" OR ".join(f"sum({name}) <> 0" for name in FIGURES)})""")
TOTAL = [field.name for field in fields(DayTotal)]
FORGET = text("DELETE FROM ledger_days WHERE local_day BETWEEN :first AND :last")
COUNT = text(f"INSERT INTO ledger_days (local_day, utc_day, kind, {', '.join(FIGURES)}) {COUNTED}")


def add_to_sums(session: Session, counted: Iterable[tuple[DayKey, LedgerEvent]]) -> None:
    """Count entries that were just added. Raises LedgerInputUnfit("sum") where a sum would not fit into 64 bits."""
    sums: dict[DayKey, list[int]] = {}
    for key, event in counted:
        figures = _counted(event)
        if (sum_ := sums.setdefault(key, figures)) is not figures:
            longest = max(sum_[LONGEST], figures[LONGEST])
            sum_[:] = map(int.__add__, sum_, figures)
            sum_[LONGEST] = longest
    rows = [
        {"local_day": local, "utc_day": utc, "kind": kind, **dict(zip(FIGURES, figures, strict=True))}
        for (local, utc, kind), figures in sums.items()
    ]
    if not rows:
        return
    try:
        session.execute(ADD, rows)
    except (OverflowError, IntegrityError):  # the tables take whole numbers only, and SQLite's would become fractions
        raise LedgerInputUnfit("sum", "too_large") from None


def check_sums(session: Session, now: datetime) -> LedgerCheck:
    """Compare all sums with the entries that are still kept."""
    first, last = kept_from(session), date.max
    ahead = select(func.count()).where(EntryRow.time > now + AHEAD)
    return LedgerCheck(
        n_events=session.scalar(select(func.count()).select_from(EntryRow)) or 0,
        n_differences=session.execute(DIFFERENT, _days(first, last)).scalar_one(),
        n_ahead=session.scalar(ahead) or 0,
    )


def make_sums(session: Session, first: date, last: date) -> None:
    """Make the sums of these local days anew from their entries, which must all still be kept."""
    session.execute(FORGET, _days(first, last))
    session.execute(COUNT, _days(first, last))


def totals(session: Session, first: date, last: date, *, place: Place | None) -> list[DayTotal]:
    """The sums of these local days, in their order; None: of both places."""
    cursor = session.connection().connection.cursor()  # without a row object for each of ten thousands
    kinds = _kinds(cursor)
    return list(_read(cursor.execute(BY_DAY, {**_days(first, last), "place": place}), kinds))


def stretches(session: Session, wanted: Iterable[Stretch]) -> list[list[DayTotal]]:
    """The sums of all days of each stretch together, by kind."""
    cursor = session.connection().connection.cursor()
    kinds = _kinds(cursor)
    return [list(_read(cursor.execute(BY_KIND, _days(first, last)), kinds)) for first, last in wanted]


def kept_from(session: Session) -> date:
    """The day from which on all entries are kept."""
    return session.scalars(select(KeptRow.first_day)).one()


def _kinds(cursor: Any) -> dict[int, tuple[str, ...]]:
    return {number: tuple(names) for number, *names in cursor.execute(KINDS).fetchall()}


def _read(rows: Iterable[tuple[Any, ...]], kinds: dict[int, tuple[str, ...]]) -> Iterator[DayTotal]:
    days: dict[int, date] = {}
    for local, utc, kind, *figures in rows:
        for number in (local, utc):
            if number not in days:
                days[number] = day_of(number)
        avoided, energy = Spread(*figures[-6:-3]), Spread(*figures[-3:])
        total = object.__new__(DayTotal)  # the constructor of a frozen value with so many fields takes three times as long
        total.__dict__.update(zip(TOTAL, (days[local], days[utc], *kinds[kind], *figures[:-6], avoided, energy), strict=True))
        yield total


def _days(first: date, last: date) -> dict[str, int]:
    return {"first": day_number(first), "last": day_number(last)}


def _counted(event: LedgerEvent) -> list[int]:
    sign = event.sign
    avoided = event.avoided.amount if event.avoided else NOTHING
    energy = event.energy.amount if event.energy else NOTHING
    return [
        sign,
        sign * event.prompt,
        sign * event.generated,
        sign * event.cached,
        event.prompt,
        sign * event.duration_us,
        0 if event.is_open else sign * (event.cost or 0),
        sign * event.is_open,
        sign * (event.at_most or 0) if event.is_open else 0,
        sign * (event.cost is None and event.at_most is None),
        *(sign * end for end in (avoided.low, avoided.mid, avoided.high)),
        *(sign * end for end in (energy.low, energy.mid, energy.high)),
    ]


_NEW = insert(DayRow)
ADD = _NEW.on_conflict_do_update(
    index_elements=["local_day", "utc_day", "kind"],
    set_={
        name: func.max(getattr(DayRow, name), _NEW.excluded[name])
        if name == "longest_prompt"
        else getattr(DayRow, name) + _NEW.excluded[name]
        for name in FIGURES
    },
)
