"""Old entries of the ledger are deleted after the months that the user keeps them; the sums of their days stay.

The one thing here that cannot be taken back, so it does not trust the clock: when the program was not started for three
months, or the clock says so, nothing is deleted on that day. One that is years ahead shows by many signs until the next.
"""

from __future__ import annotations

import logging
from datetime import date

from engine.errors import StrongroomError
from engine.ledger_records import Month
from engine.store.measurements import Measured
from engine.store.store import Store
from engine.work.faults import translated
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

KEPT_AS = "ledger retirement"  # among the measurements: the day on which it was last looked for
LONGEST_PAUSE_DAYS = 92


async def retire(access: StoreAccess, keep_months: int, today: date) -> int:
    """Delete what is older than so many months before this one, at most once a day; gives how many entries. Never raises."""
    try:
        with translated("retire entries"):
            return await access.write(lambda store: _retire(store, keep_months, today))
    except StrongroomError as error:
        log.error("old entries were not deleted: %s", error.kind)
        return 0


def _retire(store: Store, keep_months: int, today: date) -> int:
    kept = store.measurements.get(KEPT_AS)
    last = _day(None if kept is None else kept[1])
    store.measurements.put(KEPT_AS, today.isoformat())
    if last is None or not 0 < (today - last).days <= LONGEST_PAUSE_DAYS:
        return 0
    return store.ledger.retire(Month.of(today).plus(-keep_months).first)


def _day(kept: Measured) -> date | None:
    try:
        return date.fromisoformat(kept) if isinstance(kept, str) else None
    except ValueError:
        return None
