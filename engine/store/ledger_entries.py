"""How an entry of the ledger is put into its row and read from it, and the one way in which entries get into the books.

Always within somebody's transaction: the sums of the days change together with the entries that they are of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from typing import Any

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.orm import Session, aliased

from engine.errors import LedgerInputUnfit
from engine.ledger_records import Avoided, Energy, LedgerEvent, Spread
from engine.provider_records import Rates
from engine.store.columns import storable
from engine.store.ledger_tables import EntryRow, KindRow, RatesRow
from engine.store.ledger_totals import DayKey, add_to_sums

#: No figure of a single entry is larger, so that sums of many fit into 64 bits. As money that is nine million dollars.
LARGEST_FIGURE = 2**53
AT_ONCE = 500
KIND = ("place", "workload", "provider", "model", "use", "reference", "ratio_source", "energy_method")
RATES = ("prompt", "generated", "cached", "cache_write", "snapshot", "as_of")
COUNTS = ("prompt", "generated", "cached", "cache_write", "reasoning", "duration_us")
FIGURES = (*COUNTS, "ttft_us", "cost", "at_most")
PLAIN = (*FIGURES, "id", "time", "local_day", "stop_reason", "cost_source", "pair")


def add(session: Session, events: Sequence[LedgerEvent]) -> int:
    """Put entries into the books with their sums, but for those whose id is there already; gives how many were new.

    Raises LedgerInputUnfit for a figure that is negative or too large; then nothing of this transaction may be kept.
    """
    new = _unknown(session, events)
    kinds, rates = _Numbers(session, KindRow, KIND), _Numbers(session, RatesRow, RATES)
    rows = [_columns(event, kinds, rates) for event in new]
    for first in range(0, len(rows), AT_ONCE):
        session.execute(insert(EntryRow), rows[first : first + AT_ONCE])
    add_to_sums(session, ((_day_key(row), event) for row, event in zip(rows, new, strict=True)))
    return len(new)


def entries() -> Select[Any]:
    """A query for entries that `event_of` can read; where and in what order is added to it."""
    beside = (*_labelled(KindRow, "kind", KIND), *_labelled(OWN, "rate", RATES), *_labelled(THEIRS, "avoided", RATES))
    return (
        select(EntryRow.__table__, *beside)
        .join(KindRow, KindRow.id == EntryRow.kind)
        .join(OWN, OWN.id == EntryRow.rates, isouter=True)
        .join(THEIRS, THEIRS.id == EntryRow.avoided_rates, isouter=True)
    )


def event_of(row: Row[Any]) -> LedgerEvent:
    """The entry in a row of `entries`."""
    energy = _spread(row, "energy")
    return LedgerEvent(
        **{name: getattr(row, name) for name in PLAIN},
        place=row.kind_place,
        workload=row.kind_workload,
        model=row.kind_model,
        provider=row.kind_provider,
        use=row.kind_use,
        rates=_rates(row, "rate"),
        avoided=_avoided(row),
        energy=None if energy is None else Energy(energy, row.kind_energy_method),
        reverses=row.reverses or "",
    )


# ---------------------------------------------------------------- into rows
class _Numbers:
    """The numbers of rows that are named once, such as kinds; what is not there yet is added."""

    def __init__(self, session: Session, table: type[KindRow] | type[RatesRow], names: tuple[str, ...]) -> None:
        self._session, self._table, self._names = session, table, names
        self._known: dict[tuple[Any, ...], int] = {}

    def of(self, values: tuple[Any, ...]) -> int:
        if values not in self._known:
            same = [getattr(self._table, name) == value for name, value in zip(self._names, values, strict=True)]
            number = self._session.scalar(select(self._table.id).where(*same))
            if number is None:
                row = dict(zip(self._names, values, strict=True))
                number = self._session.execute(insert(self._table).values(**row).returning(self._table.id)).scalar_one()
            self._known[values] = number
        return self._known[values]


def _unknown(session: Session, events: Sequence[LedgerEvent]) -> list[LedgerEvent]:
    new = {event.id: event for event in reversed(events)}  # of two with one id the first counts
    ids = list(new)
    for first in range(0, len(ids), AT_ONCE):
        for known in session.scalars(select(EntryRow.id).where(EntryRow.id.in_(ids[first : first + AT_ONCE]))):
            del new[known]
    return list(reversed(new.values()))


def _columns(event: LedgerEvent, kinds: _Numbers, rates: _Numbers) -> dict[str, Any]:
    avoided, energy = event.avoided, event.energy
    for name in FIGURES:
        _require_figure(name, getattr(event, name))
    return {
        **{name: getattr(event, name) for name in PLAIN},
        "utc_day": event.time.astimezone(UTC).date(),
        "kind": kinds.of(_kind(event)),
        "rates": _number_of(event.rates, rates),
        **_three("avoided", avoided and avoided.amount),
        **_three("ratio", avoided and avoided.ratio),
        "avoided_rates": _number_of(avoided and avoided.rates, rates),
        **_three("energy", energy and energy.amount),
        "reverses": event.reverses or None,
    }


def _kind(event: LedgerEvent) -> tuple[str, ...]:
    avoided, energy = event.avoided, event.energy
    return (
        event.place,
        storable(event.workload),
        storable(event.provider),
        storable(event.model),
        event.use,
        storable(avoided.reference) if avoided else "",
        avoided.ratio_source if avoided else "",
        energy.method if energy else "",
    )


def _number_of(rates: Rates | None, numbers: _Numbers) -> int | None:
    if rates is None:
        return None
    for name in RATES[:4]:
        _require_figure(f"rates_{name}", getattr(rates, name))
    return numbers.of(tuple(getattr(rates, name) for name in RATES))


def _three(name: str, spread: Spread | None) -> dict[str, int | None]:
    if spread is not None:
        for figure in (spread.low, spread.mid, spread.high):
            _require_figure(name, figure)
    ends = (None, None, None) if spread is None else (spread.low, spread.mid, spread.high)
    return dict(zip((f"{name}_low", f"{name}_mid", f"{name}_high"), ends, strict=True))


def _require_figure(name: str, figure: int | None) -> None:
    if figure is None:
        return
    if not isinstance(figure, int):
        raise LedgerInputUnfit(name, "not_a_number")
    if figure < 0:
        raise LedgerInputUnfit(name, "negative")
    if figure > LARGEST_FIGURE:
        raise LedgerInputUnfit(name, "too_large")


def _day_key(row: dict[str, Any]) -> DayKey:
    local, utc, kind = row["local_day"], row["utc_day"], row["kind"]
    assert isinstance(local, date) and isinstance(utc, date)
    return local, utc, kind


# ---------------------------------------------------------------- out of rows
OWN, THEIRS = aliased(RatesRow), aliased(RatesRow)


def _labelled(table: Any, prefix: str, names: Iterable[str]) -> list[Any]:
    return [getattr(table, name).label(f"{prefix}_{name}") for name in names]


def _spread(row: Row[Any], name: str) -> Spread | None:
    low = getattr(row, f"{name}_low")
    return None if low is None else Spread(low, getattr(row, f"{name}_mid"), getattr(row, f"{name}_high"))


def _rates(row: Row[Any], name: str) -> Rates | None:
    if getattr(row, f"{name}_prompt") is None:
        return None
    return Rates(*(getattr(row, f"{name}_{each}") for each in RATES))


def _avoided(row: Row[Any]) -> Avoided | None:
    amount, ratio, rates = _spread(row, "avoided"), _spread(row, "ratio"), _rates(row, "avoided")
    if amount is None or ratio is None or rates is None:
        return None
    return Avoided(row.kind_reference, amount, ratio, row.kind_ratio_source, rates)
