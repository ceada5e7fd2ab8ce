"""The network log: every request that was tried, kept before its first byte and completed when it ended.

An entry that is still `open` after the program has ended belongs to a request whose end nobody saw; it is shown as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import delete, desc, select, update

from engine.errors import NotFound
from engine.network_records import Connection, Purpose
from engine.store.columns import name_on_one_line
from engine.store.database import Database
from engine.store.main_tables import ConnectionRow

KEPT_DAYS = 730
MICROSECONDS = 1_000_000


class StoredConnections:
    """The connections of a profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, connection: Connection) -> int:
        """Keep a connection and give it an id; when this returns it is on the disk. Raises DiskFull."""
        with self._database.write() as session:
            row = ConnectionRow(id=None, **_columns(connection))
            session.add(row)
            session.flush()
            return cast(int, row.id)

    def end(self, connection: Connection) -> None:
        """Complete a connection that was begun and is still open. Raises NotFound when there is no such one, DiskFull."""
        open_one = (ConnectionRow.id == connection.id, ConnectionRow.outcome == "open")
        with self._database.write() as session:
            changed = session.execute(update(ConnectionRow).where(*open_one).values(**_columns(connection)))
            if changed.rowcount != 1:
                raise NotFound("request", str(connection.id))

    def list(self, days: int | None, limit: int) -> list[Connection]:
        """At most `limit` connections of the last `days` days (None: of all that are kept), newest first."""
        wanted = select(ConnectionRow).order_by(desc(ConnectionRow.time), desc(ConnectionRow.id)).limit(limit)
        if days is not None:
            wanted = wanted.where(ConnectionRow.time >= datetime.now(UTC) - timedelta(days=days))
        with self._database.read() as session:
            return [_connection(row) for row in session.scalars(wanted)]

    def prune(self, older_than_days: int = KEPT_DAYS) -> int:
        """Forget connections that are older than this; gives how many they were. Raises DiskFull."""
        before = datetime.now(UTC) - timedelta(days=older_than_days)
        with self._database.write() as session:
            return cast(int, session.execute(delete(ConnectionRow).where(ConnectionRow.time < before)).rowcount)


def _columns(connection: Connection) -> dict[str, Any]:
    return {
        "time": connection.time,
        "purpose": connection.purpose,
        "about": name_on_one_line(connection.about),
        "method": connection.method,
        "host": name_on_one_line(connection.host),
        "port": connection.port,
        "sent": connection.sent,
        "received": connection.received,
        "status": connection.status,
        "outcome": connection.outcome,
        "reason": connection.reason,
        "via": name_on_one_line(connection.via),
        "duration_us": None if connection.duration_s is None else round(connection.duration_s * MICROSECONDS),
    }


def _connection(row: ConnectionRow) -> Connection:
    return Connection(
        id=cast(int, row.id),
        time=row.time,
        purpose=cast("Purpose | None", row.purpose),
        about=row.about,
        method=row.method,
        host=row.host,
        port=row.port,
        sent=row.sent,
        received=row.received,
        status=row.status,
        outcome=cast(Any, row.outcome),
        reason=row.reason,
        via=row.via,
        duration_s=None if row.duration_us is None else row.duration_us / MICROSECONDS,
    )
