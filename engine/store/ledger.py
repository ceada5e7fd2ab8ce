"""The ledger: what was generated and what it cost, one entry for each generation, and the sums of the days.

Entries are only added; the database itself refuses to change one, and to delete one that is not retired. An entry that
was wrong is taken back by another with the same day and figures, which count as taken off. No content, no names of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.ledger_records import DayTotal, LedgerCheck, LedgerEvent, Month, OpenCall, PairCount, Place, Spent, WorkloadId
from engine.store.database import Database
from engine.store.ledger_entries import add, entries, event_of
from engine.store.ledger_samples import Percentiles, pairs, percentiles, seconds_per_item, standing
from engine.store.ledger_tables import DayRow, EntryRow, KeptRow, KindRow
from engine.store.ledger_totals import IS_OPEN, Stretch, check_sums, kept_from, make_sums, stretches, totals
from engine.store.remote_calls import new_call_id
from engine.store.spending import spent

DAY = timedelta(days=1)


class StoredLedger:
    """The entries of a profile with their sums. Days are those of the computer when an entry was made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ------------------------------------------------------------ entries
    def record(self, event: LedgerEvent) -> bool:
        """Put an entry into the books; False if one with its id is there already, then nothing has changed.

        Its id has 32 hexadecimal digits. Raises LedgerInputUnfit for a figure that is negative or too large, DiskFull.
        """
        return self.record_all([event]) == 1

    def record_all(self, events: Sequence[LedgerEvent]) -> int:
        """Put several entries into the books, all or none; gives how many were new. Raises as `record` does."""
        if any(event.reverses for event in events):
            raise ValueError("an entry is taken back by correcting it")
        with self._database.write() as session:
            return add(session, events)

    def correct(self, event_id: str, new: LedgerEvent) -> None:
        """Take an entry back and put `new`, which has an id of its own, in its place; the sums of its day change with it.

        Raises NotFound for an entry that is not there any more or was taken back before, ValueError, DiskFull and what
        `record` raises.
        """
        with self._database.write() as session:
            wrong = session.execute(entries().where(EntryRow.id == event_id, *standing())).one_or_none()
            if wrong is None:
                raise NotFound("entry", event_id)
            old = event_of(wrong)
            if new.reverses or add(session, [replace(old, id=new_call_id(), reverses=old.id), new]) != 2:
                raise ValueError("what takes the place of an entry is a new one")

    def get(self, event_id: str) -> LedgerEvent:
        """One entry. Raises NotFound."""
        with self._database.read() as session:
            row = session.execute(entries().where(EntryRow.id == event_id)).one_or_none()
            if row is None:
                raise NotFound("entry", event_id)
            return event_of(row)

    def events(
        self, first: date, last: date, *, after: tuple[datetime, str] | None = None, limit: int = 500
    ) -> list[LedgerEvent]:
        """Entries of these local days, oldest first; `after` is the time and the id of the last one that was seen."""
        wanted = entries().where(
            EntryRow.local_day.between(first, last),
            EntryRow.time >= _start_of(first) - DAY,  # no zone is further from UTC, and times are in order
            EntryRow.time < _start_of(last) + 2 * DAY,
        )
        if after is not None:
            moment, event_id = after
            later = or_(EntryRow.time > moment, EntryRow.id > event_id)
            wanted = wanted.where(EntryRow.time >= moment, later)
        with self._database.read() as session:
            found = session.execute(wanted.order_by(EntryRow.time, EntryRow.id).limit(limit))
            return [event_of(row) for row in found]

    def count(self) -> int:
        """How many entries there are, those that take back others included."""
        with self._database.read() as session:
            return session.scalar(select(func.count()).select_from(EntryRow)) or 0

    def retire(self, before: date) -> int:
        """Delete the entries of local days before this one for good and give how many; their sums stay.

        The sums are made anew from them first, so that no difference is left that nothing could tell any more. Raises
        DiskFull.
        """
        with self._database.write() as session:
            kept = kept_from(session)
            if before > kept:
                make_sums(session, kept, before - DAY)
                session.execute(update(KeptRow).values(first_day=before))
            gone = session.execute(delete(EntryRow).where(EntryRow.local_day < max(before, kept))).rowcount
        if gone:
            self._database.give_back_space()
        return int(gone)

    # ------------------------------------------------------------ sums
    def totals(self, first: date, last: date, *, place: Place | None = None) -> list[DayTotal]:
        """The sums of these local days, oldest first; of one place or, with None, of both."""
        with self._database.read() as session:
            return totals(session, first, last, place=place)

    def stretches(self, wanted: Sequence[Stretch]) -> list[list[DayTotal]]:
        """For each of some stretches of local days the sums of all its days together, which is far less to read.

        `day` and `utc_day` are the first that anything of its kind has, `longest_prompt` is the longest of all.
        """
        with self._database.read() as session:
            return stretches(session, wanted)

    def first_day(self) -> date | None:
        """The local day of the oldest sum; None: nothing was ever recorded."""
        with self._database.read() as session:
            return session.scalar(select(DayRow.local_day).where(DayRow.n != 0).order_by(DayRow.local_day).limit(1))

    def check(self, now: datetime) -> LedgerCheck:
        """Compare the sums with the entries of all days whose entries are still kept."""
        with self._database.read() as session:
            return check_sums(session, now)

    def rebuild(self, now: datetime) -> LedgerCheck:
        """Make the sums anew from the entries; those of retired entries stay as they are. Raises DiskFull."""
        with self._database.write() as session:
            make_sums(session, kept_from(session), date.max)
            return replace(check_sums(session, now), was_rebuilt=True)

    def spent(self, month: Month, scope: str) -> Spent:
        """What is paid in a local month within a scope (as in Ceiling), requests under way at their highest included."""
        with self._database.read() as session:
            return spent(session, month, scope)

    def open_calls(self) -> list[OpenCall]:
        """Requests whose cost is not known or only estimated, and that nobody has corrected, oldest first."""
        with self._database.read() as session:
            return _open_calls(session)

    # ------------------------------------------------------------ samples
    def percentiles(self, workload: WorkloadId, since: datetime) -> Percentiles:
        """How long the longer prompts and local answers of a workload were since a moment."""
        with self._database.read() as session:
            return percentiles(session, workload, since)

    def seconds_per_item(self, workload: WorkloadId, since: datetime) -> tuple[int, int]:
        """Microseconds of all local answers of a workload since a moment that were not stopped, and how many those are."""
        with self._database.read() as session:
            return seconds_per_item(session, workload, since)

    def pairs(self, limit: int = 2000) -> list[PairCount]:
        """Prompts that a local and a remote model read, newest first."""
        with self._database.read() as session:
            return pairs(session, limit)


def _open_calls(session: Session) -> list[OpenCall]:
    wanted = (
        select(EntryRow.id, EntryRow.time, KindRow.workload, KindRow.provider, KindRow.model, EntryRow.at_most)
        .join(KindRow, KindRow.id == EntryRow.kind)
        .where(KindRow.place == "api", text(IS_OPEN), *standing())
        .order_by(EntryRow.time, EntryRow.id)
    )
    return [OpenCall(*row) for row in session.execute(wanted)]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
