"""How the main store's tables came about. A step is never changed after its release; a new one is added."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.store.ledger_schema import ledger
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

VERSION_3 = (
    "ALTER TABLE matters ADD COLUMN confidential BOOLEAN NOT NULL DEFAULT 0",
    """CREATE TABLE providers (
        position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        json_text TEXT NOT NULL
    )""",
    """CREATE TABLE remote_calls (
        id TEXT NOT NULL PRIMARY KEY,
        time INTEGER NOT NULL,
        workload TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        host TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        n_hidden INTEGER NOT NULL,
        consent TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('reserved', 'settled', 'estimated', 'unknown', 'not_sent', 'refused')),
        reserved_nano INTEGER CHECK (reserved_nano >= 0),
        cost_nano INTEGER CHECK (cost_nano >= 0),
        cost_source TEXT NOT NULL,
        prompt_tokens INTEGER,
        generated_tokens INTEGER,
        cached_tokens INTEGER,
        cache_write_tokens INTEGER,
        reasoning_tokens INTEGER,
        answered_by TEXT NOT NULL,
        ttft_us INTEGER,
        total_us INTEGER,
        stop_reason TEXT NOT NULL,
        provider_request_id TEXT NOT NULL,
        rates TEXT
    )""",
    "CREATE INDEX ix_remote_calls_time ON remote_calls (time)",
    "CREATE TRIGGER remote_calls_stay BEFORE DELETE ON remote_calls BEGIN SELECT RAISE(ABORT, 'append only'); END",
    # INSERT OR REPLACE would delete a row without the trigger above being asked.
    """CREATE TRIGGER remote_calls_begin BEFORE INSERT ON remote_calls
        WHEN NEW.status <> 'reserved' OR EXISTS (SELECT 1 FROM remote_calls WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'append only'); END""",
    """CREATE TRIGGER remote_calls_hold BEFORE UPDATE ON remote_calls
        WHEN OLD.status <> 'reserved' OR NEW.status = 'reserved'
        OR (NEW.id, NEW.time, NEW.workload, NEW.provider, NEW.model, NEW.host, NEW.sha256, NEW.n_hidden, NEW.consent)
        <> (OLD.id, OLD.time, OLD.workload, OLD.provider, OLD.model, OLD.host, OLD.sha256, OLD.n_hidden, OLD.consent)
        OR NEW.reserved_nano IS NOT OLD.reserved_nano
        BEGIN SELECT RAISE(ABORT, 'append only'); END""",
    """CREATE TABLE vote_sets (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        created INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('ready', 'deleting'))
    )""",
    """CREATE TABLE votes (
        vote_set TEXT NOT NULL REFERENCES vote_sets (id) ON DELETE CASCADE,
        comparison TEXT NOT NULL,
        voter TEXT NOT NULL,
        time INTEGER NOT NULL,
        json_text TEXT NOT NULL,
        PRIMARY KEY (vote_set, comparison, voter)
    )""",
    """CREATE TABLE evaluations (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        vote_set TEXT NOT NULL REFERENCES vote_sets (id) ON DELETE CASCADE,
        time INTEGER NOT NULL,
        json_text TEXT NOT NULL
    )""",
    "CREATE INDEX ix_evaluations_vote_set ON evaluations (vote_set, time)",
)


def settings_matters_usage(connection: Connection) -> None:
    """Version 1."""
    for statement in VERSION_1:
        connection.exec_driver_sql(statement)


def connections_loads_measurements(connection: Connection) -> None:
    """Version 2."""
    for statement in VERSION_2:
        connection.exec_driver_sql(statement)


def providers_calls_votes(connection: Connection) -> None:
    """Version 3."""
    for statement in VERSION_3:
        connection.exec_driver_sql(statement)


MAIN_SCHEMA = Schema(steps=(settings_matters_usage, connections_loads_measurements, providers_calls_votes, ledger))
