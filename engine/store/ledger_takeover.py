"""What models of earlier versions used, as entries of the ledger: part of version 4 of the main store.

Never changed, and uses no code that a later version could change.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KIND = """INSERT INTO ledger_kinds (place, workload, provider, model, "use", reference, ratio_source, energy_method)
    SELECT :place, :workload, :provider, :model, :used_for, '', '', '' WHERE NOT EXISTS (SELECT 1 FROM ledger_kinds
    WHERE (place, workload, provider, model, "use") = (:place, :workload, :provider, :model, :used_for))"""
RATES = """INSERT INTO ledger_rates (prompt, generated, cached, cache_write, snapshot, as_of)
    SELECT :prompt, :generated, :cached, :cache_write, :snapshot, :as_of WHERE NOT EXISTS (SELECT 1 FROM ledger_rates
    WHERE (prompt, generated, cached, cache_write, snapshot, as_of)
    = (:prompt, :generated, :cached, :cache_write, :snapshot, :as_of))"""
RATES_ID = """(SELECT id FROM ledger_rates WHERE (prompt, generated, cached, cache_write, snapshot, as_of) = (:rate_prompt,
    :rate_generated, :rate_cached, :rate_cache_write, :rate_snapshot, :rate_as_of))"""
ENTRY = f"""INSERT INTO ledger_entries (time, id, local_day, utc_day, kind, prompt, generated, cached, cache_write, reasoning,
    duration_us, ttft_us, stop_reason, cost, at_most, cost_source, rates, pair)
    SELECT :time, :id, :local_day, :utc_day, id, :prompt, :generated, :cached, :cache_write, :reasoning,
    :duration_us, :ttft_us, :stop_reason, :cost, :at_most, :cost_source, {RATES_ID}, '' FROM ledger_kinds
    WHERE (place, workload, provider, model, "use") = (:place, :workload, :provider, :model, :used_for)"""
SUMS = """INSERT INTO ledger_days SELECT local_day, utc_day, kind, count(*), sum(prompt), sum(generated), sum(cached),
    max(prompt), sum(duration_us), sum(ifnull(cost, 0)), sum(cost IS NULL), sum(iif(cost IS NULL, ifnull(at_most, 0), 0)),
    sum(cost IS NULL AND at_most IS NULL), 0, 0, 0, 0, 0, 0 FROM ledger_entries GROUP BY local_day, utc_day, kind"""
RATE_NAMES = ("prompt", "generated", "cached", "cache_write", "snapshot", "as_of")
NO_RATES = dict.fromkeys(f"rate_{name}" for name in RATE_NAMES)


COUNTED = ("prompt", "generated", "cached", "cache_write", "reasoning", "duration_us", "ttft_us", "cost", "at_most")


def take_over(connection: Connection) -> None:
    """Local and remote requests that are over become entries, with their sums."""
    _insert(connection, _of_usage(connection))
    _insert(connection, _of_calls(connection))
    connection.exec_driver_sql(SUMS)


def _insert(connection: Connection, entries: Iterable[dict[str, Any]]) -> None:
    execute = connection.connection.cursor().execute  # values by name, in SQLite's own spelling
    for entry in entries:
        execute(KIND, entry)
        if entry["rate_snapshot"] is not None:
            execute(RATES, {name: entry[f"rate_{name}"] for name in RATE_NAMES})
        # No earlier version looked whether a figure was negative; one such must not keep anybody from the store.
        execute(ENTRY, entry | {name: max(entry[name], 0) for name in COUNTED if entry[name] is not None})


def _of_usage(connection: Connection) -> Iterator[dict[str, Any]]:
    """Local requests. What was read to make an index was never recorded by any release."""
    wanted = "SELECT * FROM usage_events WHERE workload <> 'index' ORDER BY id"
    for row in connection.exec_driver_sql(wanted).all():
        is_work = row.workload in ("ask", "chat")
        yield {
            **_moment(row.time), "id": _made_id(row), "place": "local", "workload": row.workload, "provider": "",
            "model": row.model, "used_for": "test" if not is_work else "cancelled" if row.stop_reason == "cancelled" else "work",
            "prompt": row.prompt_tokens, "generated": row.generated_tokens, "cached": row.cached_tokens, "cache_write": 0,
            "reasoning": 0, "duration_us": row.total_us, "ttft_us": row.ttft_us, "stop_reason": row.stop_reason, "cost": 0,
            "at_most": None, "cost_source": "free", **NO_RATES,
        }  # fmt: skip


def _of_calls(connection: Connection) -> Iterator[dict[str, Any]]:
    """Requests to remote models that may have cost something; all of them were made to compare."""
    wanted = "SELECT * FROM remote_calls WHERE status IN ('settled', 'estimated', 'unknown') ORDER BY time, id"
    for row in connection.exec_driver_sql(wanted).all():
        rates = dict(NO_RATES) if row.rates is None else {f"rate_{name}": json.loads(row.rates)[name] for name in RATE_NAMES}
        yield {
            **_moment(row.time + (row.total_us or 0)), "id": _call_id(row.id), "place": "api", "workload": row.workload,
            "provider": row.provider, "model": row.model, "used_for": "test", "prompt": row.prompt_tokens or 0,
            "generated": row.generated_tokens or 0, "cached": row.cached_tokens or 0,
            "cache_write": row.cache_write_tokens or 0, "reasoning": row.reasoning_tokens or 0,
            "duration_us": row.total_us or 0, "ttft_us": row.ttft_us, "stop_reason": row.stop_reason, "cost": row.cost_nano,
            "at_most": row.reserved_nano if row.cost_nano is None else None,
            "cost_source": "unknown" if row.cost_nano is None else row.cost_source, **rates,
        }  # fmt: skip


def _moment(time: int) -> dict[str, int]:
    moment = EPOCH + timedelta(microseconds=time)
    return {"time": time, "utc_day": _number(moment.date()), "local_day": _number(moment.astimezone().date())}


def _number(day: date) -> int:
    return (day - EPOCH.date()).days


def _made_id(row: Row[Any]) -> bytes:
    """An id as they are made since (UUID version 7), from the time and the number of an event that had none."""
    milliseconds = max(row.time // 1000, 0).to_bytes(6, "big")
    return milliseconds + b"\x70\x00" + (1 << 63 | row.id).to_bytes(8, "big")


def _call_id(text: str) -> bytes:
    is_usual = re.fullmatch("[0-9a-f]{32}", text) is not None
    return bytes.fromhex(text) if is_usual else hashlib.sha256(text.encode()).digest()[:16]
