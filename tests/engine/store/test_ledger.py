from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from engine.errors import LedgerInputUnfit, NotFound
from engine.ledger_records import DayTotal, Energy, LedgerEvent, Month, OpenCall, Spent, Spread, WorkloadId
from engine.store import ledger_entries
from engine.store.ledger import StoredLedger
from engine.store.ledger_entries import LARGEST_FIGURE
from engine.store.store import Store
from tests.engine.store.ledger_examples import EVENT, NOON, PAID, RATES, TODAY, UNKNOWN, numbered

DAY = timedelta(days=1)


@pytest.fixture
def ledger(store: Store) -> StoredLedger:
    return store.ledger


def everything(ledger: StoredLedger) -> list[LedgerEvent]:
    return ledger.events(date(2000, 1, 1), date(2100, 1, 1))


def test_an_entry_comes_back_as_it_was_and_counts_at_once(ledger: StoredLedger) -> None:
    assert ledger.record(EVENT)
    assert everything(ledger) == [ledger.get(EVENT.id)] == [EVENT]
    assert ledger.totals(TODAY, TODAY) == [
        DayTotal(
            TODAY, TODAY, "local", WorkloadId("ask"), "", "Qwen3 8B", "work", "openai/gpt-6.1-sol", "none", "rapl", 1, 800, 60,
            300, 800, 1_500_000, avoided=Spread(1_000, 2_000, 3_000), energy=Spread(20, 30, 45),
        )
    ]  # fmt: skip
    assert (ledger.count(), ledger.first_day()) == (1, TODAY)


def test_nothing_was_recorded_yet(ledger: StoredLedger) -> None:
    assert (ledger.count(), ledger.first_day(), ledger.totals(TODAY, TODAY)) == (0, None, [])
    assert (ledger.open_calls(), ledger.pairs(), ledger.spent(Month(2026, 11), "")) == ([], [], Spent(0, 0, 0))
    assert ledger.check(NOON).is_sound


def test_an_id_counts_once(ledger: StoredLedger) -> None:
    assert ledger.record(EVENT)
    assert not ledger.record(replace(EVENT, prompt=1))
    assert ledger.record_all([EVENT, PAID, replace(PAID, prompt=1), PAID]) == 1
    assert everything(ledger) == [EVENT, PAID]
    assert [total.n for total in ledger.totals(TODAY, TODAY)] == [1, 1]


def test_totals_are_by_both_days_and_everything_that_tells_entries_apart(ledger: StoredLedger) -> None:
    differing = [
        EVENT, replace(EVENT, time=NOON - DAY), replace(EVENT, local_day=TODAY - DAY),
        replace(EVENT, workload=WorkloadId("chat")),
        replace(EVENT, model="other"), replace(EVENT, use="again"), replace(EVENT, avoided=None), replace(EVENT, energy=None),
        replace(EVENT, place="api"), replace(EVENT, provider="p"), replace(EVENT, energy=Energy(Spread(1, 1, 1), "meter")),
    ]  # fmt: skip
    ledger.record_all([numbered(event, n) for n, event in enumerate(differing)])
    ledger.record_all([numbered(event, n + 100, prompt=900) for n, event in enumerate(differing)])
    totals = ledger.totals(TODAY - DAY, TODAY)
    assert [(total.n, total.prompt, total.longest_prompt) for total in totals] == [(2, 1700, 900)] * len(differing)
    assert [total.day for total in totals] == sorted(total.day for total in totals)
    by_place = [ledger.totals(TODAY - DAY, TODAY, place=place) for place in ("local", "api")]
    assert sorted(by_place[0] + by_place[1], key=repr) == sorted(totals, key=repr)
    assert [{total.place for total in of_place} for of_place in by_place] == [{"local"}, {"api"}]
    nothing, together = ledger.stretches([(TODAY + DAY, TODAY + DAY), (TODAY - DAY, TODAY)])
    assert nothing == []
    assert sorted((total.n, total.prompt, total.longest_prompt) for total in together) == [(2, 1700, 900)] * 8 + [(6, 5100, 900)]
    assert [(each.day, each.utc_day) for each in together if each.n == 6] == [(TODAY - DAY, TODAY - DAY)]
    assert ledger.totals(TODAY + DAY, TODAY + DAY) == []


def test_what_is_not_known_is_counted_apart_from_what_is_paid(ledger: StoredLedger) -> None:
    unbounded = numbered(UNKNOWN, 1, at_most=None)
    known = numbered(PAID, 2, at_most=70)
    estimated = numbered(PAID, 3, cost=40, at_most=900, cost_source="estimated")
    old = numbered(PAID, 4, cost=40, cost_source="estimated")  # by an earlier version, which did not keep what it is at most
    ledger.record_all([PAID, UNKNOWN, unbounded, known, estimated, old])
    (total,) = ledger.totals(TODAY, TODAY)
    assert (total.n, total.cost, total.n_unknown, total.at_most, total.n_unbounded) == (6, 7_040, 3, 9_900, 1)
    assert ledger.spent(Month(2026, 11), "") == Spent(7_040, 9_900, 6, 1)
    assert ledger.open_calls() == [
        OpenCall(each.id, NOON, each.workload, "openai", "gpt-4o", each.at_most)
        for each in sorted((UNKNOWN, unbounded, estimated), key=lambda each: each.id)
    ]
    assert ledger.rebuild(NOON).is_sound and ledger.totals(TODAY, TODAY) == [total]


def test_entries_are_read_in_parts(ledger: StoredLedger) -> None:
    all_of_them = [numbered(EVENT, n, time=NOON + timedelta(seconds=n // 3)) for n in range(10)]
    ledger.record_all(list(reversed(all_of_them)))
    seen: list[LedgerEvent] = []
    while part := ledger.events(TODAY, TODAY, after=(seen[-1].time, seen[-1].id) if seen else None, limit=4):
        seen += part
    assert seen == all_of_them


def test_entries_are_those_of_local_days_wherever_that_was(ledger: StoredLedger) -> None:
    late = numbered(EVENT, 1, time=datetime(2026, 11, 23, 11, 59, tzinfo=UTC))  # twelve hours behind it is still the 22nd
    early = numbered(EVENT, 2, time=datetime(2026, 11, 21, 10, 1, tzinfo=UTC))  # fourteen hours ahead it is already
    ledger.record_all([late, EVENT, early])
    assert ledger.events(TODAY, TODAY) == [early, EVENT, late]
    assert ledger.events(TODAY + DAY, TODAY + DAY) == []


@pytest.mark.parametrize("wrong", [{"local_day": TODAY + 2 * DAY}, {"place": "moon"}, {"use": "play"}, {"cost_source": "luck"}])
def test_the_database_refuses_what_cannot_be(ledger: StoredLedger, wrong: dict) -> None:
    with pytest.raises(IntegrityError):
        ledger.record(replace(EVENT, **wrong))
    assert (ledger.count(), ledger.totals(TODAY, TODAY)) == (0, [])


@pytest.mark.parametrize("wrong", [{"time": datetime(2026, 11, 22)}, {"id": "no id"}, {"id": "AB" * 16}])
def test_a_moment_without_a_zone_and_an_odd_id_are_faults(ledger: StoredLedger, wrong: dict) -> None:
    with pytest.raises((StatementError, ValueError)):
        ledger.record(replace(EVENT, **wrong))
    assert ledger.count() == 0


def test_an_entry_has_no_room_for_content() -> None:
    texts = {field.name for field in fields(LedgerEvent) if "str" in str(field.type)}
    assert texts == {"id", "model", "provider", "stop_reason", "pair", "reverses"}


# ---------------------------------------------------------------- corrections
def test_a_correction_takes_back_and_puts_anew(ledger: StoredLedger) -> None:
    ledger.record_all([UNKNOWN, PAID])
    known = numbered(UNKNOWN, 1, cost=50, at_most=None, cost_source="provider")
    ledger.correct(UNKNOWN.id, known)
    (total,) = ledger.totals(TODAY, TODAY)
    assert (total.n, total.cost, total.n_unknown, total.at_most, total.prompt) == (2, 3_550, 0, 0, 1_200)
    assert ledger.open_calls() == []
    (back,) = [entry for entry in everything(ledger) if entry.reverses]
    assert back == replace(UNKNOWN, id=back.id, reverses=UNKNOWN.id) and back.sign == -1
    assert ledger.check(NOON) == replace(ledger.check(NOON), n_events=4, n_differences=0)


def test_a_sum_of_nothing_is_not_shown(ledger: StoredLedger) -> None:
    ledger.record(EVENT)
    ledger.correct(EVENT.id, numbered(EVENT, 1, model="other", local_day=TODAY - DAY))
    assert [(total.day, total.model) for total in ledger.totals(TODAY - DAY, TODAY)] == [(TODAY - DAY, "other")]
    assert [total.model for total in ledger.stretches([(TODAY - DAY, TODAY)])[0]] == ["other"]


def test_an_entry_is_corrected_once(ledger: StoredLedger) -> None:
    ledger.record(EVENT)
    ledger.correct(EVENT.id, numbered(EVENT, 1))
    (back,) = [entry for entry in everything(ledger) if entry.reverses]
    for gone in (EVENT.id, back.id, "ff" * 16):
        with pytest.raises(NotFound):
            ledger.correct(gone, numbered(EVENT, 2))
    ledger.correct(numbered(EVENT, 1).id, numbered(EVENT, 3, prompt=1))
    assert [(total.n, total.prompt) for total in ledger.totals(TODAY, TODAY)] == [(1, 1)]


@pytest.mark.parametrize("new", [EVENT, numbered(EVENT, 1, reverses="ff" * 16)])
def test_what_takes_the_place_of_an_entry_is_a_new_one(ledger: StoredLedger, new: LedgerEvent) -> None:
    ledger.record(EVENT)
    with pytest.raises(ValueError, match="new one"):
        ledger.correct(EVENT.id, new)
    assert everything(ledger) == [EVENT]
    with pytest.raises(ValueError, match="correcting"):
        ledger.record(numbered(EVENT, 1, reverses=EVENT.id))


# ---------------------------------------------------------------- too much
@pytest.mark.parametrize("name", ["prompt", "duration_us", "ttft_us", "cost", "at_most"])
def test_a_figure_that_cannot_be_is_refused_as_a_whole(ledger: StoredLedger, name: str) -> None:
    for figure, reason in ((-1, "negative"), (LARGEST_FIGURE + 1, "too_large"), (2**63, "too_large"), (0.5, "not_a_number")):
        with pytest.raises(LedgerInputUnfit) as refused:
            ledger.record_all([PAID, replace(EVENT, **{name: figure})])
        assert (refused.value.field, refused.value.reason) == (name, reason)
    assert ledger.count() == 0
    ledger.record(replace(EVENT, **{name: LARGEST_FIGURE}))


def test_a_spread_and_rates_have_limits_as_well(ledger: StoredLedger) -> None:
    for wrong in (
        replace(EVENT, energy=Energy(Spread(1, 2, 2**64), "rapl")),
        replace(EVENT, rates=replace(RATES, prompt=-1)),
    ):
        with pytest.raises(LedgerInputUnfit):
            ledger.record(wrong)


def test_a_sum_never_wraps_and_never_becomes_a_fraction(ledger: StoredLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_entries, "LARGEST_FIGURE", 2**63 - 1)
    ledger.record(replace(PAID, cost=2**63 - 1))
    more = [numbered(PAID, 1, cost=1), numbered(PAID, 2, cost=2**63 - 1)]
    for attempt in ([more[0]], more):  # in the database, and before it gets there
        with pytest.raises(LedgerInputUnfit) as refused:
            ledger.record_all(attempt)
        assert (refused.value.field, refused.value.reason) == ("sum", "too_large")
    assert (ledger.count(), [total.cost for total in ledger.totals(TODAY, TODAY)]) == (1, [2**63 - 1])


def test_the_books_outlive_a_restart(open_store: Callable[..., Store]) -> None:
    store = open_store()
    store.ledger.record(EVENT)
    store.close()
    again = open_store()
    assert everything(again.ledger) == [EVENT]
    assert not again.ledger.record(EVENT)
