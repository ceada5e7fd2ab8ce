"""The table of a matter's hidden details: which placeholder stands for what. Never leaves the matter's file."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from engine.compare_records import HiddenDetail
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.matter_tables import HiddenDetailRow


class StoredHiddenDetails:
    """The hidden details of one matter, in the order in which they got their placeholders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> Sequence[HiddenDetail]:
        with self._database.read() as session:
            rows = session.scalars(select(HiddenDetailRow).order_by(HiddenDetailRow.place))
            return [record_from(row.json_text, HiddenDetail) for row in rows]

    def put(self, details: Sequence[HiddenDetail]) -> None:
        """Keep this table in place of the earlier one: all of it or nothing. Raises DiskFull."""
        rows = [{"place": place, "json_text": json_of(detail)} for place, detail in enumerate(details)]
        with self._database.write() as session:
            session.execute(delete(HiddenDetailRow))
            if rows:
                session.execute(insert(HiddenDetailRow), rows)
