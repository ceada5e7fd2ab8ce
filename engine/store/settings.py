"""The user's settings in the main store: one JSON document. Their meaning and defaults are in engine.settings."""

from __future__ import annotations

from engine.settings import Settings
from engine.store.database import Database
from engine.store.main_tables import SettingsRow

THE_ROW = 1


class StoredSettings:
    """Reads and writes the settings as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Settings:
        """The settings as they were last written; the defaults in a new store."""
        with self._database.read() as session:
            row = session.get(SettingsRow, THE_ROW)
            return Settings() if row is None else Settings.from_json(row.json_text)

    def write(self, settings: Settings) -> None:
        """Keep the settings. Raises DiskFull."""
        with self._database.write() as session:
            session.merge(SettingsRow(id=THE_ROW, json_text=settings.model_dump_json()))
