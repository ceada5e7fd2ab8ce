"""Requests to remote models and what they cost: one event each, reserved before it is sent, settled once when it ended.

No content: hashes, counts, money and names of models. The database itself refuses to delete a call, to change one that is
settled, or to change what was reserved. Money is in nano-dollars; None is not known, never nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import insert, select, update

from engine.errors import NotFound
from engine.ledger_records import Ceiling, LedgerEvent, Use, WorkloadId, local_day
from engine.provider_records import CostSource, Rates, TokenCounts
from engine.store.columns import name_on_one_line
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.ledger_entries import add
from engine.store.main_tables import RemoteCallRow
from engine.store.spending import require_room

#: `settled`: the other side told what was used. `estimated`: from what was seen of an answer that broke off. `unknown`:
#: nobody knows whether it was charged. `not_sent`: it did not leave. `refused`: the other side did not answer it.
CallStatus = Literal["reserved", "settled", "estimated", "unknown", "not_sent", "refused"]
LONGEST_NAME = 200  # characters of what a provider says of itself; no room for a text that it sends back


@dataclass(frozen=True)
class RemoteCall:
    """One request to a remote model. `time` is when it was reserved (UTC), `workload` the vote set it belongs to or ''.

    `sha256` is of the body that was approved and `consent` the request in which it was. `reserved_nano` is the most that
    it can cost, None if no price is known. `use` and `pair` are those of its entry in the ledger.
    """

    id: str
    time: datetime
    workload: str
    provider: str
    model: str
    host: str
    sha256: str
    n_hidden: int = 0
    consent: str = ""
    status: CallStatus = "reserved"
    reserved_nano: int | None = None
    cost_nano: int | None = None
    cost_source: CostSource = "unknown"
    tokens: TokenCounts | None = None
    answered_by: str = ""
    ttft_us: int | None = None
    total_us: int | None = None
    stop_reason: str = ""
    provider_request_id: str = ""
    rates: Rates | None = None
    use: Use = "test"
    pair: str = ""

    @property
    def counted_nano(self) -> int | None:
        """What the call counts as in a sum: its cost, else the most that it can have cost; None if neither is known.

        What is only estimated is not known. What did not leave counts as nothing, and so does what was refused, for which
        providers name no price.
        """
        if self.cost_nano is not None and self.cost_source != "estimated":
            return self.cost_nano
        return 0 if self.status in ("not_sent", "refused") else self.reserved_nano


def new_call_id() -> str:
    """An id to be made before a call is sent: 32 hexadecimal digits that sort by time (UUID version 7)."""
    milliseconds = int(datetime.now(UTC).timestamp() * 1000).to_bytes(6, "big")
    random = bytearray(os.urandom(10))
    random[0] = 0x70 | random[0] & 0x0F
    random[2] = 0x80 | random[2] & 0x3F
    return UUID(bytes=milliseconds + bytes(random)).hex


class StoredRemoteCalls:
    """The remote calls of a profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, call: RemoteCall, ceilings: Sequence[Ceiling] = ()) -> None:
        """Keep a call that is about to be sent; when this returns it is on the disk. Raises DiskFull.

        Raises BudgetReached where it could pass one of the ceilings that hold for it, calls under way counted at their
        highest; then nothing is kept. A call that is not `reserved`, or has the id of another, is a fault: the database
        refuses it.
        """
        with self._database.write() as session:
            require_room(session, ceilings, call.provider, call.workload, call.reserved_nano)
            session.execute(insert(RemoteCallRow), [_columns(call)])

    def settle(self, call: RemoteCall) -> RemoteCall:
        """Complete the reserved call with this id; what was reserved stays as it is. Gives the call as it is kept.

        What may have cost something comes into the ledger with it, as an entry with the call's id, or neither is kept.
        Happens exactly once: raises NotFound("request") for a call that was settled or given up before. Raises DiskFull.
        """
        if call.status == "reserved":
            raise ValueError("a call is settled with what became of it")
        values = {name: value for name, value in _columns(call).items() if name in SETTLED_LATER}
        waiting = (RemoteCallRow.id == call.id, RemoteCallRow.status == "reserved")
        with self._database.write() as session:
            if session.execute(update(RemoteCallRow).where(*waiting).values(**values)).rowcount != 1:
                raise NotFound("request", call.id)
            kept = _call(session.get_one(RemoteCallRow, call.id))
            add(session, _entries(kept))
            return kept

    def get(self, call_id: str) -> RemoteCall:
        """One call. Raises NotFound."""
        with self._database.read() as session:
            row = session.get(RemoteCallRow, call_id)
            if row is None:
                raise NotFound("request", call_id)
            return _call(row)

    def list(self, since: datetime | None = None) -> list[RemoteCall]:
        """All calls, or those that were reserved at `since` or later, oldest first."""
        wanted = select(RemoteCallRow).order_by(RemoteCallRow.time, RemoteCallRow.id)
        if since is not None:
            wanted = wanted.where(RemoteCallRow.time >= since)
        with self._database.read() as session:
            return [_call(row) for row in session.scalars(wanted)]

    def give_up_old(self, before: datetime) -> int:
        """Calls reserved before this moment and never settled become unknown; gives how many. Raises DiskFull.

        The program ended while they ran. They count as the most that they can have cost.
        """
        lost = (RemoteCallRow.status == "reserved", RemoteCallRow.time < before)
        with self._database.write() as session:
            calls = [replace(_call(row), **GIVEN_UP) for row in session.scalars(select(RemoteCallRow).where(*lost))]
            session.execute(update(RemoteCallRow).where(*lost).values(**GIVEN_UP))
            add(session, [entry for call in calls for entry in _entries(call)])
            return len(calls)


def _entries(call: RemoteCall) -> list[LedgerEvent]:
    """The entry of a call that is over; none if it cannot have cost anything.

    It is dated when the call ended, which the clock that timed it tells, so that it stays in its month even if it could be
    kept only later. Nobody knows when a lost one ended. An estimate is kept with the most that it can have cost; where that
    is not known, neither is the cost.
    """
    if call.status in ("reserved", "not_sent", "refused"):
        return []
    ended = call.time + timedelta(microseconds=call.total_us or 0)
    tokens = call.tokens or TokenCounts(0, 0)
    is_stopped = call.stop_reason == "cancelled" and call.use != "test"
    is_estimated = call.cost_source == "estimated"
    is_unknown = call.cost_nano is None or (is_estimated and call.reserved_nano is None)
    entry = LedgerEvent(
        id=call.id, time=ended, local_day=local_day(ended), place="api", workload=WorkloadId(call.workload), model=call.model,
        provider=call.provider, use="cancelled" if is_stopped else call.use, prompt=tokens.prompt, generated=tokens.generated,
        cached=tokens.cached, cache_write=tokens.cache_write, reasoning=tokens.reasoning or 0,
        duration_us=call.total_us or 0, ttft_us=call.ttft_us, stop_reason=call.stop_reason,
        cost=None if is_unknown else call.cost_nano, at_most=call.reserved_nano if is_unknown or is_estimated else None,
        cost_source="unknown" if is_unknown else call.cost_source,
        rates=call.rates, pair=call.pair,
    )  # fmt: skip
    return [entry]


GIVEN_UP: dict[str, Any] = {"status": "unknown", "cost_nano": None, "cost_source": "unknown"}
TOKENS = {
    "prompt": "prompt_tokens",
    "generated": "generated_tokens",
    "cached": "cached_tokens",
    "cache_write": "cache_write_tokens",
    "reasoning": "reasoning_tokens",
}
SETTLED_LATER = {
    "status", "cost_nano", "cost_source", *TOKENS.values(), "answered_by", "ttft_us", "total_us", "stop_reason",
    "provider_request_id", "rates",
}  # fmt: skip
PLAIN = (
    "id", "time", "workload", "provider", "model", "host", "sha256", "n_hidden", "consent", "status", "reserved_nano",
    "cost_nano", "cost_source", "ttft_us", "total_us", "stop_reason", "use", "pair",
)  # fmt: skip


def _columns(call: RemoteCall) -> dict[str, Any]:
    tokens = {column: None if call.tokens is None else getattr(call.tokens, name) for name, column in TOKENS.items()}
    return {
        **{name: getattr(call, name) for name in PLAIN},
        **tokens,
        "answered_by": _told(call.answered_by),
        "provider_request_id": _told(call.provider_request_id),
        "rates": None if call.rates is None else json_of(call.rates),
    }


def _told(name: str) -> str:
    return name_on_one_line(name[:LONGEST_NAME])


def _call(row: RemoteCallRow) -> RemoteCall:
    known = {name: getattr(row, column) for name, column in TOKENS.items()}
    return RemoteCall(
        **cast(dict[str, Any], {name: getattr(row, name) for name in PLAIN}),
        tokens=None if row.prompt_tokens is None else TokenCounts(**known),
        answered_by=row.answered_by,
        provider_request_id=row.provider_request_id,
        rates=None if row.rates is None else record_from(row.rates, Rates),
    )
