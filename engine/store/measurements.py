"""Things that were measured of this computer and cost time to measure again, each under a name with its time."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from engine.store.database import Database
from engine.store.main_tables import MeasurementRow

#: What a measurement may be: whatever JSON can say.
Measured = str | int | float | bool | None | list["Measured"] | dict[str, "Measured"]


class StoredMeasurements:
    """The newest measurement of each name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, name: str, value: Measured) -> None:
        """Keep a measurement made now, in place of an earlier one of this name. Raises DiskFull."""
        row = MeasurementRow(name=name, time=datetime.now(UTC), json_text=json.dumps(value, allow_nan=False))
        with self._database.write() as session:
            session.merge(row)

    def get(self, name: str) -> tuple[datetime, Measured] | None:
        """When it was measured (UTC) and what was found; None if it never was."""
        with self._database.read() as session:
            row = session.get(MeasurementRow, name)
            return None if row is None else (row.time, json.loads(row.json_text))
