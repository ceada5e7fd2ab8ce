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

VERSION_2 = (
    """CREATE TABLE connections (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        purpose TEXT,
        about TEXT NOT NULL,
        method TEXT NOT NULL,
        host TEXT NOT NULL,
        port INTEGER NOT NULL,
        sent INTEGER NOT NULL,
        received INTEGER NOT NULL,
        status INTEGER,
        outcome TEXT NOT NULL CHECK (outcome IN ('open', 'done', 'failed', 'refused')),
        reason TEXT NOT NULL,
        via TEXT NOT NULL,
        duration_us INTEGER
    )""",
    "CREATE INDEX ix_connections_time ON connections (time)",
    """CREATE TABLE model_loads (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        architecture TEXT NOT NULL,
        n_ctx INTEGER NOT NULL,
        predicted INTEGER,
        measured INTEGER,
        free INTEGER,
        weights INTEGER NOT NULL,
        tokens_per_s REAL,
        prompt_tokens_per_s REAL
    )""",
    "CREATE INDEX ix_model_loads_sha256 ON model_loads (sha256)",
    """CREATE TABLE measurements (
        name TEXT NOT NULL PRIMARY KEY,
        time INTEGER NOT NULL,
        json_text TEXT NOT NULL
    )""",
)


def settings_matters_usage(connection: Connection) -> None:
    """Version 1."""
    for statement in VERSION_1:
        connection.exec_driver_sql(statement)


def connections_loads_measurements(connection: Connection) -> None:
    """Version 2."""
    for statement in VERSION_2:
        connection.exec_driver_sql(statement)


MAIN_SCHEMA = Schema(steps=(settings_matters_usage, connections_loads_measurements))
