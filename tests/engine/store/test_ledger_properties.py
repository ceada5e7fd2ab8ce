"""Whatever is recorded in whatever order: the sums are those of the entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from engine.ledger_records import NOTHING, DayTotal, LedgerEvent, Month
from engine.store.ledger import StoredLedger
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.migrations import Schema, create_database
from engine.store.remote_calls import StoredRemoteCalls
from tests.engine.store.ledger_examples import EVENT, NOON, events

FIRST, LAST = date(2025, 11, 1), date(2026, 4, 1)


@contextmanager
def books() -> Iterator[StoredLedger]:
    database = create_database(None, None, MAIN_SCHEMA)
    yield StoredLedger(database)
    database.close()


def figures(event: LedgerEvent) -> Counter[str]:
    """What an entry adds to the sums, worked out apart from the store. What is only estimated is not known."""
    is_open = event.cost is None or (event.cost_source == "estimated" and event.at_most is not None)
    avoided, energy = event.avoided.amount if event.avoided else NOTHING, event.energy.amount if event.energy else NOTHING
    counted = {
        "n": 1, "prompt": event.prompt, "generated": event.generated, "cached": event.cached, "duration_us": event.duration_us,
        "cost": 0 if is_open else event.cost, "n_unknown": int(is_open), "at_most": event.at_most or 0 if is_open else 0,
        "n_unbounded": int(event.cost is None and event.at_most is None),
        **{f"avoided_{end}": getattr(avoided, end) for end in ("low", "mid", "high")},
        **{f"energy_{end}": getattr(energy, end) for end in ("low", "mid", "high")},
    }  # fmt: skip
    return Counter({name: event.sign * figure for name, figure in counted.items()})


def expected(entries: Sequence[LedgerEvent]) -> dict[tuple[Any, ...], dict[str, int]]:
    sums: dict[tuple[Any, ...], Counter[str]] = {}
    for event in entries:
        key = (
            event.local_day, event.time.date(), event.place, event.workload, event.provider, event.model,
            event.use, event.avoided.reference if event.avoided else "", event.avoided.ratio_source if event.avoided else "",
            event.energy.method if event.energy else "",
        )  # fmt: skip
        sums.setdefault(key, Counter()).update(figures(event))
    return {key: {name: n for name, n in each.items() if n} for key, each in sums.items() if each["n"]}


def found(totals: Sequence[DayTotal]) -> dict[tuple[Any, ...], dict[str, int]]:
    names = [field.name for field in fields(DayTotal)]
    result = {}
    for total in totals:
        values = [getattr(total, name) for name in names]
        named = dict(zip(names[10:-2], values[10:-2], strict=True))
        del named["longest_prompt"]
        for name in ("avoided", "energy"):
            named |= {f"{name}_{end}": getattr(getattr(total, name), end) for end in ("low", "mid", "high")}
        assert all(type(figure) is int for figure in named.values())
        result[tuple(values[:10])] = {name: n for name, n in named.items() if n}
    assert len(result) == len(totals)
    return result


def together(totals: Iterable[DayTotal]) -> set[DayTotal]:
    """The sums of several days, worked out apart from the store."""
    sums: dict[tuple[Any, ...], DayTotal] = {}
    for total in totals:
        kind = tuple(getattr(total, field.name) for field in fields(DayTotal)[2:10])
        so_far = sums.get(kind)
        if so_far is None:
            sums[kind] = total
            continue
        added = {field.name: getattr(so_far, field.name) + getattr(total, field.name) for field in fields(DayTotal)[10:]}
        added["longest_prompt"] = max(so_far.longest_prompt, total.longest_prompt)
        sums[kind] = replace(so_far, utc_day=min(so_far.utc_day, total.utc_day), **added)
    return set(sums.values())


@given(st.lists(events(), max_size=12), st.data())
@settings(max_examples=15)
def test_the_sums_are_those_of_the_entries(made: list[LedgerEvent], data: st.DataObject) -> None:
    with books() as ledger:
        for part in data.draw(st.lists(st.lists(st.sampled_from(made)), max_size=4)) if made else []:
            ledger.record_all(part)
        ledger.record_all(made)
        standing = {event.id: event for event in made}
        for number, wrong in enumerate(data.draw(st.lists(st.sampled_from(made), max_size=4, unique=True)) if made else []):
            new = replace(data.draw(events()), id=UUID(int=number).hex)
            ledger.correct(wrong.id, new)
            del standing[wrong.id]
            standing[new.id] = new
        now = ledger.totals(FIRST, LAST)
        assert found(now) == expected(list(standing.values()))
        assert found(now) == expected(ledger.events(FIRST, LAST))
        middle = data.draw(st.dates(FIRST, LAST - timedelta(1)))
        parts = ledger.stretches([(FIRST, middle), (middle + timedelta(1), LAST)])
        assert [set(part) for part in parts] == [
            together(each for each in now if each.day <= middle), together(each for each in now if each.day > middle),
        ]  # fmt: skip
        assert sum(map(len, parts)) == sum(len(set(part)) for part in parts)
        assert ledger.check(NOON).n_differences == 0
        before = ledger.totals(FIRST, LAST)
        assert ledger.rebuild(NOON).is_sound
        assert ledger.totals(FIRST, LAST) == before
        for months in pairwise(Month(2025, 11).plus(n) for n in range(6)):
            each = [total for total in before if months[0].first <= total.day < months[1].first and total.place == "api"]
            spent = ledger.spent(months[0], "")
            assert (spent.n, spent.known, spent.at_most) == (
                sum(total.n for total in each), sum(total.cost for total in each), sum(total.at_most for total in each),
            )  # fmt: skip


@given(st.lists(events(), max_size=10, unique_by=lambda event: event.id), st.dates(FIRST, LAST), st.dates(FIRST, LAST))
@settings(max_examples=15)
def test_what_is_retired_leaves_its_sums(made: list[LedgerEvent], first: date, second: date) -> None:
    with books() as ledger:
        ledger.record_all(made)
        before = ledger.totals(FIRST, LAST)
        gone = ledger.retire(first) + ledger.retire(second)
        assert gone == sum(event.local_day < max(first, second) for event in made)
        assert ledger.rebuild(NOON).is_sound
        assert ledger.totals(FIRST, LAST) == before
        assert ledger.count() == len(made) - gone


# ---------------------------------------------------------------- from version 3
OLD_TIMES = st.integers(1_764_000_000, 1_774_000_000).map(lambda seconds: seconds * 1_000_000 + 7)
SMALL = st.integers(0, 10_000)
USAGE = st.tuples(
    OLD_TIMES, st.sampled_from(["ask", "chat", "compare", "index", "judge"]), st.just("m"), SMALL, SMALL, SMALL,
    st.integers(-1, 10**7), SMALL, st.sampled_from(["end_of_text", "cancelled"]),
)  # fmt: skip
STATUSES = st.sampled_from(["reserved", "settled", "estimated", "unknown", "not_sent", "refused"])
CALLS = st.tuples(OLD_TIMES, STATUSES, st.none() | SMALL, st.none() | SMALL, st.none() | SMALL)


@given(st.lists(USAGE, max_size=8), st.lists(CALLS, max_size=8))
@settings(max_examples=15)
def test_a_store_of_version_3_becomes_books_that_are_sound(usage: list[Any], calls: list[Any]) -> None:
    def fill(connection: Connection) -> None:
        into = "time, workload, model, prompt_tokens, cached_tokens, generated_tokens, ttft_us, total_us, stop_reason"
        for row in usage:
            connection.exec_driver_sql(f"INSERT INTO usage_events ({into}) VALUES ({','.join('?' * 9)})", row)
        for number, (time, status, reserved, cost, total_us) in enumerate(calls):
            connection.exec_driver_sql(RESERVED, (f"{number:032x}" if number % 2 else f"odd {number}", time, reserved))
            ended = (status, cost, "unknown" if cost is None else "computed", total_us)
            if status != "reserved":
                connection.exec_driver_sql(f"{ENDED} WHERE time = {time} AND status = 'reserved'", ended)

    database = create_database(None, None, Schema((*MAIN_SCHEMA.steps[:3], fill, *MAIN_SCHEMA.steps[3:])))
    ledger = StoredLedger(database)
    entries = ledger.events(FIRST, LAST)
    local = [entry for entry in entries if entry.place == "local"]
    old = sorted(row for row in usage if row[1] != "index")
    assert sorted((entry.workload, entry.prompt, entry.cached, entry.generated, entry.duration_us) for entry in local) == sorted(
        (row[1], *row[3:6], row[7]) for row in old
    )
    assert {entry.use for entry in local if entry.workload not in ("ask", "chat")} <= {"test"}
    assert all((entry.use == "cancelled") == (entry.stop_reason == "cancelled") for entry in local if entry.use != "test")
    assert {(entry.cost, entry.avoided, entry.energy) for entry in local} <= {(0, None, None)}
    remote = [entry for entry in entries if entry.place == "api"]
    kept = [call for call in StoredRemoteCalls(database).list() if call.status in ("settled", "estimated", "unknown")]
    assert sorted((entry.time, entry.cost) for entry in remote if entry.cost is not None) == sorted(
        (call.time + timedelta(microseconds=call.total_us or 0), call.cost_nano) for call in kept if call.cost_nano is not None
    )
    assert len(remote) == len(kept) and {entry.use for entry in remote} <= {"test"}
    assert sum(total.at_most for total in ledger.totals(FIRST, LAST)) == sum(
        call.reserved_nano or 0 for call in kept if call.cost_nano is None
    )
    assert found(ledger.totals(FIRST, LAST)) == expected(entries)
    assert ledger.check(datetime.now(NOON.tzinfo)).n_differences == 0
    database.close()


RESERVED = """INSERT INTO remote_calls (id, time, workload, provider, model, host, sha256, n_hidden, consent, status,
    reserved_nano, cost_source, answered_by, stop_reason, provider_request_id)
    VALUES (?, ?, '', 'openai', 'gpt-4o', 'h', 'ab', 0, '', 'reserved', ?, 'unknown', '', '', '')"""
ENDED = "UPDATE remote_calls SET status = ?, cost_nano = ?, cost_source = ?, total_us = ?"


def test_the_figures_of_an_entry_are_all_in_a_sum() -> None:
    """A figure that is added to the records and forgotten here would never be compared."""
    counted = set(figures(EVENT)) | {"longest_prompt"}
    named = {field.name for field in fields(DayTotal)[10:]} - {"avoided", "energy"}
    assert counted == named | {f"{name}_{end}" for name in ("avoided", "energy") for end in ("low", "mid", "high")}
