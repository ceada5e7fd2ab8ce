"""Version 4 of the main store: the ledger's entries and sums, workloads, bills and prices.

Entries are never changed. Those before the day in `ledger_kept`, which only ever moves on, may be removed; their sums may
not.
"""

from __future__ import annotations

from sqlalchemy import Connection

from engine.store.ledger_takeover import take_over

ENTRIES = (
    # What the figures are of; named once, so that an entry is short and a day's sums have a short key.
    """CREATE TABLE ledger_kinds (
        id INTEGER NOT NULL PRIMARY KEY,
        place TEXT NOT NULL CHECK (place IN ('local', 'api')),
        workload TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        "use" TEXT NOT NULL CHECK ("use" IN ('work', 'again', 'cancelled', 'test')),
        reference TEXT NOT NULL,
        ratio_source TEXT NOT NULL CHECK (ratio_source IN ('', 'calibrated', 'prior', 'none')),
        energy_method TEXT NOT NULL CHECK (energy_method IN ('', 'meter', 'nvml', 'rapl', 'model')),
        UNIQUE (place, workload, provider, model, "use", reference, ratio_source, energy_method)
    ) STRICT""",
    """CREATE TABLE ledger_rates (
        id INTEGER NOT NULL PRIMARY KEY,
        prompt INTEGER NOT NULL,
        generated INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        cache_write INTEGER NOT NULL,
        snapshot TEXT NOT NULL,
        as_of TEXT NOT NULL,
        UNIQUE (prompt, generated, cached, cache_write, snapshot, as_of)
    ) STRICT""",
    """CREATE TABLE ledger_entries (
        time INTEGER NOT NULL,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
        local_day INTEGER NOT NULL CHECK (local_day BETWEEN utc_day - 1 AND utc_day + 1),
        utc_day INTEGER NOT NULL CHECK (time >= utc_day * 86400000000 AND time < (utc_day + 1) * 86400000000),
        kind INTEGER NOT NULL REFERENCES ledger_kinds (id),
        prompt INTEGER NOT NULL CHECK (prompt >= 0),
        generated INTEGER NOT NULL CHECK (generated >= 0),
        cached INTEGER NOT NULL CHECK (cached >= 0),
        cache_write INTEGER NOT NULL CHECK (cache_write >= 0),
        reasoning INTEGER NOT NULL CHECK (reasoning >= 0),
        duration_us INTEGER NOT NULL CHECK (duration_us >= 0),
        ttft_us INTEGER CHECK (ttft_us >= 0),
        stop_reason TEXT NOT NULL,
        cost INTEGER CHECK (cost >= 0),
        at_most INTEGER CHECK (at_most >= 0),
        cost_source TEXT NOT NULL CHECK (cost_source IN ('free', 'provider', 'computed', 'estimated', 'unknown')),
        rates INTEGER REFERENCES ledger_rates (id),
        avoided_low INTEGER CHECK (avoided_low >= 0),
        avoided_mid INTEGER CHECK (avoided_mid >= avoided_low),
        avoided_high INTEGER CHECK (avoided_high >= avoided_mid),
        ratio_low INTEGER CHECK (ratio_low >= 0),
        ratio_mid INTEGER CHECK (ratio_mid >= ratio_low),
        ratio_high INTEGER CHECK (ratio_high >= ratio_mid),
        avoided_rates INTEGER REFERENCES ledger_rates (id),
        energy_low INTEGER CHECK (energy_low >= 0),
        energy_mid INTEGER CHECK (energy_mid >= energy_low),
        energy_high INTEGER CHECK (energy_high >= energy_mid),
        pair TEXT NOT NULL,
        reverses BLOB CHECK (length(reverses) = 16),
        PRIMARY KEY (time, id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX ix_ledger_entries_kind ON ledger_entries (kind, time)",
    "CREATE UNIQUE INDEX ix_ledger_entries_reverses ON ledger_entries (reverses) WHERE reverses IS NOT NULL",
    "CREATE INDEX ix_ledger_entries_open ON ledger_entries (time) WHERE cost IS NULL",
    "CREATE INDEX ix_ledger_entries_pair ON ledger_entries (pair) WHERE pair <> ''",
    "CREATE INDEX ix_ledger_entries_paired ON ledger_entries (time) WHERE pair <> ''",
    """CREATE TABLE ledger_days (
        local_day INTEGER NOT NULL,
        utc_day INTEGER NOT NULL,
        kind INTEGER NOT NULL REFERENCES ledger_kinds (id),
        n INTEGER NOT NULL,
        prompt INTEGER NOT NULL,
        generated INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        longest_prompt INTEGER NOT NULL,
        duration_us INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        n_unknown INTEGER NOT NULL,
        at_most INTEGER NOT NULL,
        n_unbounded INTEGER NOT NULL,
        avoided_low INTEGER NOT NULL,
        avoided_mid INTEGER NOT NULL,
        avoided_high INTEGER NOT NULL,
        energy_low INTEGER NOT NULL,
        energy_mid INTEGER NOT NULL,
        energy_high INTEGER NOT NULL,
        PRIMARY KEY (local_day, utc_day, kind)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE ledger_kept (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), first_day INTEGER NOT NULL) STRICT",
    "INSERT INTO ledger_kept VALUES (1, -719162)",  # the first day that there is: everything is kept
)

REFUSED = "BEGIN SELECT RAISE(ABORT, 'append only'); END"
# Each table has to refuse INSERT OR REPLACE itself: it deletes rows without the triggers on deletion being asked.
GUARDS = (
    f"CREATE TRIGGER ledger_entries_hold BEFORE UPDATE ON ledger_entries {REFUSED}",
    f"""CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
        WHEN NOT EXISTS (SELECT 1 FROM ledger_kept WHERE first_day > OLD.local_day) {REFUSED}""",
    f"""CREATE TRIGGER ledger_entries_begin BEFORE INSERT ON ledger_entries
        WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE id = NEW.id) {REFUSED}""",
    f"""CREATE TRIGGER ledger_entries_reverse BEFORE INSERT ON ledger_entries WHEN NEW.reverses IS NOT NULL AND (
        EXISTS (SELECT 1 FROM ledger_entries WHERE reverses = NEW.reverses)
        OR NOT EXISTS (SELECT 1 FROM ledger_entries WHERE id = NEW.reverses AND reverses IS NULL)) {REFUSED}""",
    f"""CREATE TRIGGER ledger_days_stay BEFORE DELETE ON ledger_days
        WHEN NOT EXISTS (SELECT 1 FROM ledger_kept WHERE first_day <= OLD.local_day) {REFUSED}""",
    f"CREATE TRIGGER ledger_kept_stays BEFORE DELETE ON ledger_kept {REFUSED}",
    f"CREATE TRIGGER ledger_kept_begins BEFORE INSERT ON ledger_kept {REFUSED}",
    f"""CREATE TRIGGER ledger_kept_moves BEFORE UPDATE ON ledger_kept
        WHEN NEW.id <> OLD.id OR NEW.first_day < OLD.first_day {REFUSED}""",
    f"CREATE TRIGGER ledger_kinds_hold BEFORE UPDATE ON ledger_kinds {REFUSED}",
    f"CREATE TRIGGER ledger_kinds_stay BEFORE DELETE ON ledger_kinds {REFUSED}",
    f"""CREATE TRIGGER ledger_kinds_begin BEFORE INSERT ON ledger_kinds WHEN EXISTS (SELECT 1 FROM ledger_kinds
        WHERE id = NEW.id OR (place, workload, provider, model, "use", reference, ratio_source, energy_method)
        = (NEW.place, NEW.workload, NEW.provider, NEW.model, NEW."use", NEW.reference, NEW.ratio_source, NEW.energy_method))
        {REFUSED}""",
    f"CREATE TRIGGER ledger_rates_hold BEFORE UPDATE ON ledger_rates {REFUSED}",
    f"CREATE TRIGGER ledger_rates_stay BEFORE DELETE ON ledger_rates {REFUSED}",
    f"""CREATE TRIGGER ledger_rates_begin BEFORE INSERT ON ledger_rates WHEN EXISTS (SELECT 1 FROM ledger_rates
        WHERE id = NEW.id OR (prompt, generated, cached, cache_write, snapshot, as_of)
        = (NEW.prompt, NEW.generated, NEW.cached, NEW.cache_write, NEW.snapshot, NEW.as_of)) {REFUSED}""",
)

AROUND = (
    """CREATE TABLE workloads (
        id TEXT NOT NULL PRIMARY KEY,
        traits TEXT NOT NULL,
        route TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE workload_moves (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        workload TEXT NOT NULL,
        time INTEGER NOT NULL,
        json_text TEXT NOT NULL
    ) STRICT""",
    f"CREATE TRIGGER workload_moves_hold BEFORE UPDATE ON workload_moves {REFUSED}",
    f"CREATE TRIGGER workload_moves_stay BEFORE DELETE ON workload_moves {REFUSED}",
    f"""CREATE TRIGGER workload_moves_begin BEFORE INSERT ON workload_moves
        WHEN EXISTS (SELECT 1 FROM workload_moves WHERE id = NEW.id) {REFUSED}""",
    """CREATE TABLE bills (
        id TEXT NOT NULL PRIMARY KEY,
        imported INTEGER NOT NULL,
        workload TEXT NOT NULL,
        includes_ours INTEGER NOT NULL CHECK (includes_ours IN (0, 1)),
        json_text TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE bill_lines (
        bill TEXT NOT NULL REFERENCES bills (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        day INTEGER NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        n_requests INTEGER NOT NULL,
        prompt INTEGER NOT NULL,
        generated INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        cost INTEGER,
        PRIMARY KEY (bill, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX ix_bill_lines_day ON bill_lines (day, provider)",
    """CREATE TABLE own_prices (
        model TEXT NOT NULL,
        first_day TEXT NOT NULL,
        json_text TEXT NOT NULL,
        PRIMARY KEY (model, first_day)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE imported_prices (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
        file_name TEXT NOT NULL,
        json_text TEXT NOT NULL
    ) STRICT""",
)

CALLS = (
    """ALTER TABLE remote_calls ADD COLUMN "use" TEXT NOT NULL DEFAULT 'test'
        CHECK ("use" IN ('work', 'again', 'cancelled', 'test'))""",
    "ALTER TABLE remote_calls ADD COLUMN pair TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX ix_remote_calls_reserved ON remote_calls (time) WHERE status = 'reserved'",
    "DROP TRIGGER remote_calls_begin",
    "DROP TRIGGER remote_calls_hold",
    # A row could also be replaced by naming its rowid beside a new id.
    f"""CREATE TRIGGER remote_calls_begin BEFORE INSERT ON remote_calls
        WHEN NEW.status <> 'reserved' OR EXISTS (SELECT 1 FROM remote_calls WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM remote_calls WHERE rowid = NEW.rowid) {REFUSED}""",
    f"""CREATE TRIGGER remote_calls_hold BEFORE UPDATE ON remote_calls
        WHEN OLD.status <> 'reserved' OR NEW.status = 'reserved' OR NEW.rowid <> OLD.rowid
        OR (NEW.id, NEW.time, NEW.workload, NEW.provider, NEW.model, NEW.host, NEW.sha256, NEW.n_hidden, NEW.consent)
        <> (OLD.id, OLD.time, OLD.workload, OLD.provider, OLD.model, OLD.host, OLD.sha256, OLD.n_hidden, OLD.consent)
        OR (NEW."use", NEW.pair) <> (OLD."use", OLD.pair) OR NEW.reserved_nano IS NOT OLD.reserved_nano {REFUSED}""",
)


def ledger(connection: Connection) -> None:
    """Version 4. What the models of earlier versions used becomes entries."""
    for statement in ENTRIES + GUARDS + AROUND:
        connection.exec_driver_sql(statement)
    take_over(connection)
    connection.exec_driver_sql("DROP TABLE usage_events")
    for statement in CALLS:
        connection.exec_driver_sql(statement)
