"""The network log as CSV, for somebody who checks it with a spreadsheet. Pure: the file is written elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from engine.csv_cells import table
from engine.network_records import Connection

COLUMNS = (
    "time_utc", "purpose", "about", "method", "host", "port", "via", "outcome", "reason", "status",
    "sent_bytes", "received_bytes", "seconds",
)  # fmt: skip


def as_csv(connections: Iterable[Connection]) -> str:
    """The connections in the order given, one a line under a line of column names; times in UTC, sizes in bytes."""
    return table(COLUMNS, map(_values, connections))


def _values(each: Connection) -> tuple[object, ...]:
    seconds = None if each.duration_s is None else round(each.duration_s, 3)
    return (
        each.time.isoformat(), each.purpose, each.about, each.method, each.host, each.port, each.via, each.outcome,
        each.reason, each.status, each.sent, each.received, seconds,
    )  # fmt: skip
