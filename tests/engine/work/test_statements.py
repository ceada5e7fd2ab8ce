"""Months out of a real store: what is shown, told and remembered, whatever the clock and the user do."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DiskFull, LedgerInputUnfit, NotFound
from engine.ledger_events import BudgetWarned, LedgerChecked, LedgerShown, MonthSaved, OpenCallsListed
from engine.ledger_records import LedgerCheck, Month, Spread, WorkloadId
from engine.ledger_settings import Budget, Hardware
from engine.price_records import Bill, BillLine
from engine.provider_records import Provider, ProviderId
from engine.store.store import Store
from engine.work import month_pages, statements
from engine.work.budget_warnings import newly_reached, warned_in
from engine.work.retirement import retire
from tests.engine.work.ledger_stage import DOLLAR, LUNA, NOON, Office, an_office, called, on, worked

NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)
TODAY = NOON.date()


@pytest.fixture
def months_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many months each page had to read."""
    found: list[int] = []
    real = month_pages.read_totals
    monkeypatch.setattr(
        month_pages, "read_totals", lambda store, months, *more: found.append(len(months)) or real(store, months, *more)
    )
    return found


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts the computer somewhere else."""

    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def bought(price: str, day: date) -> Hardware:
    return Hardware(price=Decimal(price), bought=day)


# ---------------------------------------------------------------- pages
async def test_a_page_has_the_month_the_bars_and_when_the_computer_has_paid_for_itself(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        made = office.store.votes.create("Ticket triage", "classify")
        office.use(hardware=bought("48", date(2026, 6, 1)))  # it stood idle for two months
        for month in (8, 9, 10):
            office.record(worked(datetime(2026, month, 1, 9, tzinfo=UTC), 12, workload=WorkloadId(made.id)))
        office.record(worked(dollars=4), called(cost=3 * DOLLAR))
        await office.statements.publish_page()
        (shown,) = office.of(LedgerShown)
        page = shown.page
    statement = page.statement
    assert (statement.month, statement.is_running, statement.n_items, statement.paid) == (NOVEMBER, True, 1, 3 * DOLLAR)
    assert statement.avoided == Spread(2 * DOLLAR, 4 * DOLLAR, 8 * DOLLAR)
    assert page.months == (NOVEMBER, OCTOBER, Month(2026, 9), Month(2026, 8))
    assert [bar.month for bar in page.bars] == [NOVEMBER.plus(-n) for n in reversed(range(12))]
    assert [bar.n_items for bar in page.bars] == [0] * 8 + [1, 1, 1, 1]
    assert page.bars[-1].local == statement.electricity.shifted(statement.hardware.amount)
    assert (page.break_even.state, page.break_even.reached) == ("likely", Month(2026, 12))
    assert [month for month, _ in page.break_even.past] == list(reversed(page.months))
    assert page.check is None


async def test_past_months_name_their_workloads(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        made = office.store.votes.create("Ticket triage", "classify")
        office.record(worked(on(date(2026, 10, 3)), workload=WorkloadId(made.id)))
        page = await office.statements.page(OCTOBER)
        assert [(line.workload, line.name) for line in page.statement.lines] == [(made.id, "Ticket triage")]
        office.store.votes.delete(made.id)
        page = await office.statements.page(OCTOBER)
        assert [(line.workload, line.name, line.n_items) for line in page.statement.lines] == [("", "", 1)]


async def test_an_empty_store_has_an_empty_month(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.use(hardware=bought("2000", date(2026, 1, 1)))
        page = await office.statements.page()
        assert (page.statement.n_items, page.statement.lines, page.months) == (0, (), (NOVEMBER,))
        assert page.break_even.state == "too_early"
        assert (await office.statements.page(Month(2020, 2))).statement.n_items == 0


@pytest.mark.parametrize("month", [Month(2026, 12), Month(9999, 12), Month(1999, 12), Month(1, 1)])
async def test_months_that_cannot_be_are_refused(tmp_path: Path, month: Month) -> None:
    async with an_office(tmp_path) as office:
        with pytest.raises(LedgerInputUnfit) as refused:
            await office.statements.page(month)
        assert (refused.value.field, refused.value.reason) == ("month", "unknown_month")


async def test_bills_before_the_first_entry_have_their_months(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.record(worked())
        bill(office.store, date(2026, 7, 4), 9 * DOLLAR)
        page = await office.statements.page()
        assert page.months[-1] == Month(2026, 7)
        assert [bar.paid for bar in page.bars][-5:] == [9 * DOLLAR, 0, 0, 0, 0]


async def test_around_midnight_a_call_is_in_the_month_of_its_bill(tmp_path: Path, zone: Any) -> None:
    zone("Europe/Berlin")
    async with an_office(tmp_path) as office:
        office.now = on(date(2026, 12, 5))
        office.record(called(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), 2 * DOLLAR))  # it was December in Berlin
        assert [(await office.statements.page(month)).statement.paid for month in (NOVEMBER, None)] == [0, 2 * DOLLAR]
        bill(office.store, date(2026, 11, 30), 5 * DOLLAR)
        november, december = await office.statements.page(NOVEMBER), await office.statements.page()
        assert (november.statement.paid, november.statement.paid_elsewhere, december.statement.paid) == (
            5 * DOLLAR,
            3 * DOLLAR,
            0,
        )
        assert [bar.paid for bar in december.bars[-2:]] == [5 * DOLLAR, 0]


async def test_a_bill_of_a_company_includes_the_calls_of_an_account_there(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        august = date(2026, 8, 4)
        office.record(called(on(august), 2 * DOLLAR, provider="work-openai"))
        bill(office.store, august, 5 * DOLLAR)
        assert (await office.statements.page()).bars[-4].paid == 7 * DOLLAR
        account = Provider(ProviderId("work-openai"), "Work", "openai", "https://x/v1", (), "x", prices="openai")
        office.store.providers.put(account)
        assert (await office.statements.page()).bars[-4].paid == 5 * DOLLAR, "a month that was remembered is worked out anew"
        statement = (await office.statements.page(Month.of(august))).statement
        assert (statement.paid, statement.paid_elsewhere) == (5 * DOLLAR, 3 * DOLLAR)


def bill(store: Store, day: date, cost: int) -> None:
    line = BillLine(day, "openai", "gpt-6.1-sol", 10, 1000, 100, 0, cost)
    store.bills.keep(Bill("b" * 32, "openai", "usage.csv", day, day, 1, 10, 1000, 100, cost, "provider", NOON), [line])


async def test_another_reference_prices_every_month_anew_with_its_workloads(tmp_path: Path) -> None:
    """What was set against another model is worked out from its tokens; the bars say what the statements say."""
    async with an_office(tmp_path) as office:
        office.record(worked(on(date(2026, 10, 3)), prompt=10**6, generated=10**6), worked(prompt=10**6, generated=10**6))
        before = await office.statements.page()
        office.use(would_use=LUNA)
        after, october = await office.statements.page(), await office.statements.page(OCTOBER)
        assert before.statement.references[2].avoided == after.statement.avoided != before.statement.avoided
        assert [bar.avoided for bar in after.bars[-2:]] == [october.statement.avoided, after.statement.avoided]


async def test_settled_months_are_read_once_and_again_when_an_entry_of_theirs_changes(
    tmp_path: Path, months_read: list[int]
) -> None:
    async with an_office(tmp_path) as office:
        lost = called(on(date(2026, 5, 3)), None, at_most=9 * DOLLAR, cost_source="unknown")
        office.record(lost, worked(on(date(2026, 5, 3))), worked())
        first = await office.statements.page()
        again = await office.statements.page()
        assert first == again
        assert months_read == [12, 2]
        await office.statements.resolve(lost.id, DOLLAR)
        assert [bar.paid for bar in (await office.statements.page()).bars][5] == DOLLAR
        office.use(hardware=bought("480", date(2026, 6, 1)))
        assert (await office.statements.page()).bars[6].local.mid == 10 * DOLLAR


async def test_the_first_page_is_made_ready_while_nobody_waits_for_it(
    tmp_path: Path, months_read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "TELL_EVERY_S", 0.0)
    async with an_office(tmp_path) as office:
        office.record(worked())
        await office.statements.bring_up()
        await office.wait(MonthSaved)
        assert (await office.statements.page()).statement.n_items == 1
        assert months_read == [12, 2]


async def test_kinds_of_work_with_ratios_of_their_own_are_priced_apart_in_every_month(tmp_path: Path) -> None:
    """Forty prompts of tickets were twice as many tokens for the remote model; those of questions nobody compared."""
    async with an_office(tmp_path) as office:
        tickets = WorkloadId(office.store.votes.create("Tickets", "classify").id)
        for n in range(40):
            pair = {"pair": f"{n:032x}", "generated": 0, "workload": tickets}
            here = worked(prompt=100 + n, use="test", avoided=None, **pair)
            office.record(here, called(prompt=2 * (100 + n), **pair))
        for day in (date(2026, 10, 3), TODAY):
            work = {"avoided": None, "prompt": 10**5, "generated": 0}
            office.record(worked(on(day), workload=tickets, **work), worked(on(day), **work))
        page, october = await office.statements.page(), await office.statements.page(OCTOBER)
        assert page.statement.avoided is not None
        tickets_line = october.statement.lines[0]
        assert tickets_line.avoided is not None and tickets_line.avoided.mid == DOLLAR * 4 // 10  # 200,000 tokens of theirs
        assert [bar.avoided for bar in page.bars[-2:]] == [october.statement.avoided, page.statement.avoided]


async def test_a_month_that_ended_while_the_computer_slept_is_worked_out_to_its_end(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.use(hardware=bought("480", date(2026, 1, 1)))
        office.record(worked(energy=None))
        assert (await office.statements.page()).bars[-1].local.mid == round(Fraction(10 * DOLLAR * 22, 30))
        office.now = on(date(2027, 2, 3))
        assert (await office.statements.page()).bars[-4].local.mid == 10 * DOLLAR


# ---------------------------------------------------------------- days and clocks
async def test_a_clock_that_was_set_back_hides_what_is_ahead_and_says_so(tmp_path: Path) -> None:
    """Months of the future never appear; the entries are not lost and come into view with their month."""
    async with an_office(tmp_path) as office:
        office.record(worked(on(date(2026, 10, 30))), worked(on(date(2031, 5, 1)), 7))
        page = await office.statements.page()
        assert page.months == (NOVEMBER, OCTOBER)
        assert "clock_ahead" in page.statement.caveats
        with pytest.raises(LedgerInputUnfit):
            await office.statements.page(Month(2031, 5))
        office.now = on(date(2031, 5, 1))
        page = await office.statements.page()
        assert (page.statement.month, page.statement.n_items) == (Month(2031, 5), 1)
        assert "clock_ahead" not in page.statement.caveats


async def test_a_clock_before_all_entries_shows_its_own_empty_month(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.record(worked())
        office.now = on(date(2001, 1, 1))
        page = await office.statements.page()
        assert (page.months, page.statement.n_items) == ((Month(2001, 1),), 0)
        assert "clock_ahead" in page.statement.caveats


async def test_somebody_who_travelled_west_has_no_wrong_clock(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.record(worked(local_day=TODAY + timedelta(1)))
        assert "clock_ahead" not in (await office.statements.page()).statement.caveats


@pytest.mark.parametrize(
    ("name", "moment", "month"),
    [
        ("Europe/Berlin", datetime(2026, 10, 31, 22, 59, tzinfo=UTC), OCTOBER),  # after the clocks went back
        ("Europe/Berlin", datetime(2026, 10, 31, 23, 1, tzinfo=UTC), NOVEMBER),
        ("Europe/Berlin", datetime(2026, 3, 31, 22, 1, tzinfo=UTC), Month(2026, 4)),  # in summer
        ("America/Los_Angeles", datetime(2027, 1, 1, 7, 59, tzinfo=UTC), Month(2026, 12)),
        ("Pacific/Kiritimati", datetime(2026, 12, 31, 10, 1, tzinfo=UTC), Month(2027, 1)),
        ("UTC", datetime(2028, 2, 29, 23, 59, tzinfo=UTC), Month(2028, 2)),
    ],
)
async def test_a_month_begins_at_midnight_where_the_computer_is(
    tmp_path: Path, zone: Any, name: str, moment: datetime, month: Month
) -> None:
    zone(name)
    async with an_office(tmp_path) as office:
        office.record(worked(moment))
        office.now = moment
        statement = (await office.statements.page()).statement
        assert (statement.month, statement.n_items) == (month, 1)


# ---------------------------------------------------------------- the running month
async def test_many_entries_are_told_once_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "TELL_EVERY_S", 0.01)
    async with an_office(tmp_path) as office:
        office.statements.noticed()
        await office.wait(MonthSaved)
        office.record(*(worked() for _ in range(200)))
        for _ in range(200):
            office.statements.noticed()
        told = await office.wait(MonthSaved, 2)
        while office.statements._pause is not None or len(asyncio.all_tasks()) > 1:  # until nothing is due
            await asyncio.sleep(0)
    assert len(office.of(MonthSaved)) == 2
    assert (told[0].net, told[0].n_items) == (None, 0)  # nothing was done yet: that is no loss and no saving
    assert (told[1].month, told[1].n_items) == (NOVEMBER, 200)
    assert told[1].net is not None and told[1].net.mid == 200 * (DOLLAR - DOLLAR // 50)


async def test_after_closing_nothing_is_told_and_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with an_office(tmp_path) as office:
        with monkeypatch.context() as quick:
            quick.setattr(statements, "TELL_EVERY_S", 0.0)
            await office.statements.bring_up()
        await office.wait(MonthSaved)
        office.statements.noticed()
        while (pause := office.statements._pause) is None:  # the first one is not done with before it warmed up
            await asyncio.sleep(0)
        await office.statements.close()
        n_told = len(office.told)
        office.statements.noticed()
        assert pause.cancelled()
        assert office.statements._pause is None
        assert asyncio.all_tasks() == {asyncio.current_task()}
    assert len(office.told) == n_told


async def test_a_month_that_cannot_be_read_is_only_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(statements, "TELL_EVERY_S", 0.0)

    def fail(*_: object, **__: object) -> None:
        raise DiskFull(str(tmp_path))

    async with an_office(tmp_path) as office:
        with monkeypatch.context() as broken:
            broken.setattr(statements, "read_month", fail)
            office.statements.noticed()
            await asyncio.wait([office.statements._telling])  # type: ignore[list-item]
        assert "disk_full" in caplog.text and not office.told
        office.statements.noticed()
        await office.wait(MonthSaved)


# ---------------------------------------------------------------- budgets
BUDGETS = (Budget(limit=Decimal(10)), Budget(limit=Decimal(4), scope="provider:openai", is_hard=True))


async def test_a_threshold_of_a_budget_is_told_once_a_month_also_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "TELL_EVERY_S", 0.0)
    async with an_office(tmp_path) as office:
        office.use(budgets=BUDGETS)

        async def told() -> list[tuple[str, int]]:
            n = len(office.of(MonthSaved))
            office.statements.noticed()
            await office.wait(MonthSaved, n + 1)
            while office.statements._telling is not None:
                await asyncio.sleep(0)
            return [(each.budget.scope, each.budget.warned) for each in office.of(BudgetWarned)]

        office.record(called(cost=2 * DOLLAR))
        assert await told() == [("provider:openai", 50)]
        assert await told() == [("provider:openai", 50)]
        office.record(called(cost=3 * DOLLAR))
        assert await told() == [("provider:openai", 50), ("", 50), ("provider:openai", 100)]
        await office.statements.close()
        office.told.clear()
        office.__post_init__()  # the program starts again
        assert await told() == []
        office.use(budgets=(Budget(limit=Decimal(9)),))  # another limit is another budget
        assert await told() == [("", 50)]
        office.now = on(date(2026, 12, 1))
        assert await told() == [("", 50)]  # nothing was spent in December
        office.record(called(office.now, 6 * DOLLAR))
        assert await told() == [("", 50), ("", 50)]


def test_what_was_told_in_another_month_is_forgotten() -> None:
    kept: Any = {"month": "2026-11", "warned": {"a": 50, "b": "x"}}
    assert warned_in("2026-11", kept) == {"a": 50}
    for other in (None, 5, {}, {"month": "2026-11"}, {"month": "2026-11", "warned": []}, kept | {"month": "2026-10"}):
        assert warned_in("2026-11", other) == {}
    assert newly_reached({}, {"a": 50}) == ((), {"a": 50})


# ---------------------------------------------------------------- order in the books
async def test_sums_that_differ_are_told_and_made_anew(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.record(worked(on(date(2026, 5, 3))), worked())
        await office.statements.check()
        assert office.of(LedgerChecked)[-1].check == LedgerCheck(2, 0)
        await office.statements.page()
        with office.store._main.write() as session:
            session.connection().exec_driver_sql("UPDATE ledger_days SET n = n + 7, avoided_mid = avoided_mid + 1")
        await office.statements.check()
        page = await office.statements.page()
        assert (page.check, "differs" in page.statement.caveats) == (LedgerCheck(2, 2), True)
        await office.statements.check(rebuild=True)
        page = await office.statements.page()
        assert page.check is not None and page.check.was_rebuilt and page.check.is_sound
        assert (page.statement.n_items, page.bars[5].n_items, "differs" in page.statement.caveats) == (1, 1, False)


async def test_a_lost_call_is_resolved_by_what_the_invoice_says(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        lost = called(cost=None, at_most=9 * DOLLAR, cost_source="unknown")
        office.record(lost, called())
        assert (await office.statements.page()).statement.paid == 10 * DOLLAR
        await office.statements.publish_open_calls()
        assert [each.id for each in office.of(OpenCallsListed)[-1].calls] == [lost.id]
        await office.statements.resolve(lost.id, 2 * DOLLAR)
        assert office.of(OpenCallsListed)[-1].calls == ()
        statement = (await office.statements.page()).statement
        assert (statement.paid, statement.n_paid, statement.n_unknown) == (3 * DOLLAR, 2, 0)
        (new,) = [each for each in office.store.ledger.events(TODAY, TODAY) if each.cost == 2 * DOLLAR]
        assert (new.cost_source, new.at_most, new.time) == ("provider", None, lost.time)
        assert office.store.ledger.check(NOON).is_sound
        with pytest.raises(NotFound):
            await office.statements.resolve(lost.id, 2 * DOLLAR)


async def test_an_answer_that_broke_off_counts_at_its_most_until_it_is_resolved(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        broken = called(cost=DOLLAR, at_most=9 * DOLLAR, cost_source="estimated")
        office.record(broken, called())
        statement = (await office.statements.page()).statement
        assert (statement.paid, statement.n_unknown, statement.unknown_at_most) == (10 * DOLLAR, 1, 9 * DOLLAR)
        assert "unknown_cost" in statement.caveats
        await office.statements.resolve(broken.id, 2 * DOLLAR)
        statement = (await office.statements.page()).statement
        assert (statement.paid, statement.n_unknown, "unknown_cost" in statement.caveats) == (3 * DOLLAR, 0, False)
        assert office.store.ledger.check(NOON).is_sound
        with pytest.raises(NotFound):
            await office.statements.resolve(broken.id, 2 * DOLLAR)


@pytest.mark.parametrize(
    ("cost", "reason"), [(-1, "negative"), (10**15 + 1, "too_large"), (1.5, "not_a_number"), (True, "not_a_number")]
)
async def test_a_cost_that_cannot_be_changes_nothing(tmp_path: Path, cost: Any, reason: str) -> None:
    async with an_office(tmp_path) as office:
        lost = called(cost=None, at_most=9 * DOLLAR, cost_source="unknown")
        office.record(lost)
        with pytest.raises(LedgerInputUnfit) as refused:
            await office.statements.resolve(lost.id, cost)
        assert (refused.value.field, refused.value.reason) == ("cost", reason)
        assert [each.id for each in office.store.ledger.open_calls()] == [lost.id]


# ---------------------------------------------------------------- old entries
async def started_on(office: Office, *days: date) -> list[int]:
    return [await retire(office.access, 13, day) for day in days]


async def test_old_entries_go_and_their_sums_stay(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.record(worked(on(date(2025, 9, 30))), worked(on(date(2025, 10, 1))), worked())
        assert await started_on(office, TODAY - timedelta(1), TODAY) == [0, 1]
        assert office.store.ledger.count() == 2
        page = await office.statements.page(Month(2025, 9))
        assert (page.statement.n_items, page.months[-1]) == (1, Month(2025, 9))
        assert office.store.ledger.check(NOON).is_sound


async def test_old_entries_are_looked_for_once_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[date] = []
    async with an_office(tmp_path) as office:
        monkeypatch.setattr(office.store.ledger, "retire", lambda before: looked.append(before) or 0)
        await started_on(office, TODAY - timedelta(1), TODAY, TODAY, TODAY, TODAY + timedelta(1))
    assert looked == [date(2025, 10, 1)] * 2


async def test_a_clock_that_jumped_deletes_nothing_on_that_day(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.record(worked())
        jumped = date(2040, 1, 1)
        assert await started_on(office, TODAY, jumped, TODAY + timedelta(1)) == [0, 0, 0]
        assert office.store.ledger.count() == 1
        assert await started_on(office, jumped, jumped + timedelta(1)) == [0, 1]


async def test_entries_that_cannot_be_deleted_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(statements, "TELL_EVERY_S", 0.0)
    async with an_office(tmp_path) as office:
        monkeypatch.setattr(office.store.ledger, "retire", lambda _: 1 / 0)
        office.store.measurements.put("ledger retirement", (TODAY - timedelta(1)).isoformat())
        with caplog.at_level(logging.ERROR):
            await office.statements.bring_up()
            await office.wait(MonthSaved)
            await office.statements.close()
        assert "old entries were not deleted" in caplog.text
