from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger_records import ASK, PairCount, WorkloadId
from engine.store.ledger import StoredLedger
from engine.store.ledger_samples import Percentiles
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.migrations import create_database
from engine.store.store import Store
from tests.engine.store.ledger_examples import EVENT, NOON, PAID, numbered

PAIR = "e" * 32
HERE, THERE = replace(EVENT, pair=PAIR, prompt=100), replace(PAID, pair=PAIR, prompt=130)


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store("memory")  # what the database does is the same on disk


@pytest.fixture
def ledger(store: Store) -> StoredLedger:
    return store.ledger


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 1000)), min_size=1, max_size=45))
@settings(max_examples=10)
def test_95_of_100_are_not_longer(made: list[tuple[int, int]]) -> None:
    database = create_database(None, None, MAIN_SCHEMA)
    ledger = StoredLedger(database)
    ledger.record_all([numbered(EVENT, n, prompt=prompt, duration_us=us) for n, (prompt, us) in enumerate(made)])
    found = ledger.percentiles(ASK, NOON)
    rank = math.ceil(len(made) * 0.95) - 1
    assert found == Percentiles(sorted(p for p, _ in made)[rank], sorted(us for _, us in made)[rank], len(made))
    assert ledger.seconds_per_item(ASK, NOON) == (sum(us for _, us in made), len(made))
    database.close()


def test_only_the_workload_and_the_time_that_were_asked_for_count(ledger: StoredLedger) -> None:
    ledger.record_all([
        EVENT,
        numbered(EVENT, 1, workload=WorkloadId("chat"), prompt=9_999),
        numbered(EVENT, 2, time=NOON - timedelta(microseconds=1), prompt=9_999),
    ])  # fmt: skip
    assert ledger.percentiles(ASK, NOON) == Percentiles(800, 1_500_000, 1)
    assert ledger.percentiles(WorkloadId("none"), NOON) == Percentiles(None, None, 0)
    assert ledger.seconds_per_item(WorkloadId("none"), NOON) == (0, 0)


def test_prompts_count_wherever_they_were_read_and_answers_where_they_were_finished_here(ledger: StoredLedger) -> None:
    ledger.record_all([
        EVENT,
        numbered(PAID, 1, workload=ASK, prompt=5_000, duration_us=9),
        numbered(PAID, 2, workload=ASK, prompt=0),  # nobody told how long it was
        numbered(EVENT, 3, use="cancelled", duration_us=9_999_999, prompt=1),
        numbered(EVENT, 4, use="test", stop_reason="cancelled", duration_us=9_999_999, prompt=1),
        numbered(EVENT, 5, use="test", stop_reason="failed", duration_us=9_999_999, prompt=0),
    ])  # fmt: skip
    assert ledger.percentiles(ASK, NOON) == Percentiles(5_000, 1_500_000, 4)
    assert ledger.seconds_per_item(ASK, NOON) == (1_500_000, 1)


def test_what_was_taken_back_tells_nothing(ledger: StoredLedger) -> None:
    ledger.record_all([HERE, THERE])
    ledger.correct(HERE.id, numbered(EVENT, 1, prompt=10, duration_us=7))
    assert ledger.percentiles(ASK, NOON) == Percentiles(10, 7, 1)
    assert ledger.seconds_per_item(ASK, NOON) == (7, 1)
    assert ledger.pairs() == []


# ---------------------------------------------------------------- pairs
def test_a_prompt_that_two_models_counted_is_a_pair(ledger: StoredLedger) -> None:
    ledger.record_all([HERE, THERE, numbered(EVENT, 1), numbered(PAID, 2), numbered(PAID, 3, pair="f" * 32)])
    assert ledger.pairs() == [PairCount(WorkloadId("set"), "Qwen3 8B", "openai", "gpt-4o", 100, 130)]


def test_every_local_model_pairs_with_every_remote_one(ledger: StoredLedger) -> None:
    ledger.record_all([HERE, THERE, numbered(HERE, 1, model="other", prompt=90), numbered(THERE, 2, model="gpt-6", prompt=140)])
    assert sorted((pair.local, pair.model, pair.local_prompt, pair.remote_prompt) for pair in ledger.pairs()) == [
        ("Qwen3 8B", "gpt-4o", 100, 130),
        ("Qwen3 8B", "gpt-6", 100, 140),
        ("other", "gpt-4o", 90, 130),
        ("other", "gpt-6", 90, 140),
    ]


def test_what_nobody_counted_is_no_pair(ledger: StoredLedger) -> None:
    ledger.record_all([HERE, replace(THERE, prompt=0)])
    assert ledger.pairs() == []


def test_the_newest_pairs_come_first(ledger: StoredLedger) -> None:
    for n in range(5):
        changed = {"time": NOON + timedelta(seconds=n), "pair": f"{n:032x}"}
        ledger.record_all([numbered(HERE, n, **changed), numbered(THERE, 100 + n, **{**changed, "prompt": n + 1})])
    assert [pair.remote_prompt for pair in ledger.pairs(limit=3)] == [5, 4, 3]
