from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from engine.records import Timings, Usage
from engine.store.store import Store
from engine.store.usage import UsageEvent

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EVENT = UsageEvent(NOON, "ask", "SmolLM2-135M-Instruct", 812, 300, 57, 810_000, 1_500_000, "end_of_text")


def test_an_event_counts_in_integers() -> None:
    event = UsageEvent.of("chat", "m", Usage(10, 4, 3), Timings(0.1234567, 99.5, 20.25, 1.5), "token_limit")
    assert (event.prompt_tokens, event.cached_tokens, event.generated_tokens) == (10, 4, 3)
    assert (event.ttft_us, event.total_us) == (123_457, 1_500_000)
    assert (event.workload, event.stop_reason) == ("chat", "token_limit")
    assert datetime.now(UTC) - event.time < timedelta(minutes=1)


def test_events_come_back_in_the_order_of_time(store: Store) -> None:
    later = replace(EVENT, time=NOON + timedelta(hours=1), workload="index")
    for event in (later, EVENT):
        store.usage.record(event)
    assert store.usage.events() == [EVENT, later]
    assert store.usage.events(since=NOON + timedelta(microseconds=1)) == [later]


def test_a_moment_is_the_same_in_every_time_zone(store: Store) -> None:
    store.usage.record(replace(EVENT, time=NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))))
    (stored,) = store.usage.events()
    assert stored.time == NOON and stored.time.tzinfo == UTC


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"):
        store.usage.record(replace(EVENT, time=datetime(2026, 11, 21)))


@pytest.mark.parametrize("statement", ["DELETE FROM usage_events", "UPDATE usage_events SET generated_tokens = 0"])
def test_what_happened_stays(store: Store, statement: str) -> None:
    store.usage.record(EVENT)
    with pytest.raises(IntegrityError, match="append only"), store._main.write() as session:
        session.connection().exec_driver_sql(statement)
    assert store.usage.events() == [EVENT]


def test_an_event_has_no_room_for_content() -> None:
    texts = {field.name for field in fields(UsageEvent) if "int" not in str(field.type) and field.name != "time"}
    assert texts == {"workload", "model", "stop_reason"}


def test_events_outlive_a_restart(open_store: Callable[..., Store]) -> None:
    store = open_store()
    store.usage.record(EVENT)
    store.close()
    assert open_store().usage.events() == [EVENT]
