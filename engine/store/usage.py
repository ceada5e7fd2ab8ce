"""What requests to models used, one event each: the raw material of the ledger. No content, no names of anything.

Events are only added; the database itself refuses to change or delete one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from sqlalchemy import select

from engine.records import StopReason, Timings, Usage
from engine.store.database import Database
from engine.store.main_tables import UsageRow

Workload = Literal["ask", "chat", "index", "compare"]
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class UsageEvent:
    """One request that a model worked on. `time` is its end in UTC; `ttft_us` and `total_us` are microseconds."""

    time: datetime
    workload: Workload
    model: str
    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    ttft_us: int
    total_us: int
    stop_reason: StopReason

    @classmethod
    def of(cls, workload: Workload, model: str, usage: Usage, timings: Timings, stop_reason: StopReason) -> UsageEvent:
        """The event of a request that ends now."""
        return cls(
            time=datetime.now(UTC),
            workload=workload,
            model=model,
            prompt_tokens=usage.prompt_tokens,
            cached_tokens=usage.cached_tokens,
            generated_tokens=usage.generated_tokens,
            ttft_us=round(timings.ttft_s * MICROSECONDS),
            total_us=round(timings.total_s * MICROSECONDS),
            stop_reason=stop_reason,
        )


class StoredUsage:
    """The usage events of a profile, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, event: UsageEvent) -> None:
        """Add one event. Raises DiskFull."""
        with self._database.write() as session:
            session.add(UsageRow(**vars(event)))

    def events(self, since: datetime | None = None) -> list[UsageEvent]:
        """All events, or those that ended at `since` or later."""
        wanted = select(UsageRow).order_by(UsageRow.time, UsageRow.id)
        if since is not None:
            wanted = wanted.where(UsageRow.time >= since)
        with self._database.read() as session:
            return [_event(row) for row in session.scalars(wanted)]


def _event(row: UsageRow) -> UsageEvent:
    return UsageEvent(
        time=row.time,
        workload=cast(Workload, row.workload),
        model=row.model,
        prompt_tokens=row.prompt_tokens,
        cached_tokens=row.cached_tokens,
        generated_tokens=row.generated_tokens,
        ttft_us=row.ttft_us,
        total_us=row.total_us,
        stop_reason=cast(StopReason, row.stop_reason),
    )
