"""What local requests used, for callers that do not keep the books themselves yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from engine.ledger_records import LedgerEvent, WorkloadId, local_day
from engine.records import StopReason, Timings, Usage
from engine.store.ledger import StoredLedger
from engine.store.remote_calls import new_call_id

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
    """Puts usage into the ledger."""

    def __init__(self, ledger: StoredLedger) -> None:
        self._ledger = ledger

    def record(self, event: UsageEvent) -> None:
        """Add one event as an entry. Raises DiskFull."""
        self._ledger.record(
            LedgerEvent(
                id=new_call_id(), time=event.time, local_day=local_day(event.time), place="local",
                workload=WorkloadId(event.workload), model=event.model,
                use="cancelled" if event.stop_reason == "cancelled" else "work", prompt=event.prompt_tokens,
                generated=event.generated_tokens, cached=event.cached_tokens, duration_us=event.total_us,
                ttft_us=event.ttft_us, stop_reason=event.stop_reason,
            )
        )  # fmt: skip
