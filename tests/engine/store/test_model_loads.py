from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.model_records import ModelLoad
from engine.paths import Profile
from engine.store import model_loads
from engine.store.model_loads import StoredModelLoads
from engine.store.store import Store

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LOAD = ModelLoad(NOON, "ab" * 32, "qwen3", 4096, 6_300_000_000, 6_410_000_000, 23_000_000_000, 5_000_000_000, 17.5, 88.0)
FAILED = replace(LOAD, time=NOON + timedelta(hours=1), measured=None, tokens_per_s=None, prompt_tokens_per_s=None)


@pytest.fixture
def loads(store: Store) -> StoredModelLoads:
    return StoredModelLoads(store._main)


def test_loads_come_back_as_they_were_the_newest_first(loads: StoredModelLoads) -> None:
    for load in (LOAD, FAILED):
        loads.record(load)
    assert loads.recent() == [FAILED, LOAD]
    assert loads.recent(1) == [FAILED]


def test_a_time_of_another_zone_is_the_same_moment(loads: StoredModelLoads) -> None:
    loads.record(replace(LOAD, time=NOON.astimezone(timezone(timedelta(hours=5)))))
    assert loads.recent()[0].time == NOON


def test_what_was_learned_long_ago_makes_room(loads: StoredModelLoads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_loads, "KEPT", 3)
    for n_ctx in range(1, 6):
        loads.record(replace(LOAD, n_ctx=n_ctx))
    assert [load.n_ctx for load in loads.recent()] == [5, 4, 3]


def test_loads_outlive_the_program(profile: Profile) -> None:
    store = Store.open(profile, protection="passphrase", passphrase="four words of it")
    StoredModelLoads(store._main).record(LOAD)
    store.close()
    again = Store.open(profile, protection="passphrase", passphrase="four words of it")
    assert StoredModelLoads(again._main).recent() == [LOAD]
    again.close()
