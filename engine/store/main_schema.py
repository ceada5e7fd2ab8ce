"""How the main store's tables came about. A step is never changed after its release; a new one is added."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.store.migrations import Schema

VERSION_1 = (
    "CREATE TABLE settings (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), json_text TEXT NOT NULL)",
    """CREATE TABLE matters (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        created INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('creating', 'ready', 'deleting')),
        wrapped_key BLOB NOT NULL,
        n_documents INTEGER NOT NULL
    )""",
    """CREATE TABLE usage_events (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        workload TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        cached_tokens INTEGER NOT NULL,
        generated_tokens INTEGER NOT NULL,
        ttft_us INTEGER NOT NULL,
        total_us INTEGER NOT NULL,
        stop_reason TEXT NOT NULL
    )""",
    "CREATE INDEX ix_usage_events_time ON usage_events (time)",
    "CREATE TRIGGER usage_events_stay BEFORE DELETE ON usage_events BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER usage_events_hold BEFORE UPDATE ON usage_events BEGIN SELECT RAISE(ABORT, 'append only'); END",
)


def settings_matters_usage(connection: Connection) -> None:
    """Version 1."""
    for statement in VERSION_1:
        connection.exec_driver_sql(statement)


MAIN_SCHEMA = Schema(steps=(settings_matters_usage,))
