"""A bill is read, looked at and then kept, once, in a real store; what cannot be read changes nothing."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from engine.errors import BillUnfit, DiskFull, NotFound
from engine.events import Event
from engine.ledger.prices import Prices
from engine.ledger_events import BillRead, BillsListed
from engine.ledger_intents import KeepBill
from engine.ledger_records import WorkloadId
from engine.records import RequestId
from engine.work.bill_desk import MOST_READ, BillDesk
from engine.work.price_desk import PriceDesk
from tests.engine.work.played_models import Stage, stage

COSTS = (
    "usage_date_utc,model,api_key,token_type,cost_usd\n"
    "2026-09-01,Claude Haiku 4.5,the-key-of-mrs-harlow,output,0.50\n"
    "2026-09-02,Claude Haiku 4.5,the-key-of-mrs-harlow,output,0.25\n"
)
USAGE = (
    "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n"
    "2026-09-01,claude-haiku-4-5-20251001,1000000,100000\n"
)
FIRST, SECOND = RequestId("r1"), RequestId("r2")
SEPTEMBER = date(2026, 9, 1), date(2026, 9, 30)


def desk_on(played: Stage) -> tuple[BillDesk, list[Event]]:
    heard: list[Event] = []
    return BillDesk(played.access, PriceDesk(played.access, heard.append, Prices()), heard.append), heard


@pytest.fixture
def costs(tmp_path: Path) -> Path:
    file = tmp_path / "claude_api_cost.csv"
    file.write_text(COSTS)
    return file


async def test_what_was_read_is_kept_when_it_is_asked_for(costs: Path) -> None:
    async with stage() as played:
        desk, heard = desk_on(played)
        await desk.read(FIRST, costs)
        (read,) = heard
        assert isinstance(read, BillRead) and read.request == FIRST and read.n_replaced == 0
        assert (read.bill.provider, read.bill.cost, read.bill.file_name) == ("anthropic", 750_000_000, "claude_api_cost.csv")
        assert await played.access.read(lambda store: store.bills.list()) == []
        await desk.keep(KeepBill(FIRST, WorkloadId("letters"), includes_ours=False))
        listed = heard[-1]
        assert isinstance(listed, BillsListed) and [each.id for each in listed.bills] == [read.bill.id]
        assert (listed.bills[0].workload, listed.bills[0].includes_ours) == ("letters", False)
        days = await played.access.read(lambda store: store.bills.days(*SEPTEMBER))
        assert [(each.day.day, each.cost, each.includes_ours) for each in days] == [
            (1, 500_000_000, False),
            (2, 250_000_000, False),
        ]
        with pytest.raises(NotFound):
            await desk.keep(KeepBill(FIRST))


async def test_the_same_file_twice_changes_nothing(costs: Path) -> None:
    async with stage() as played:
        desk, heard = desk_on(played)
        for request in (FIRST, SECOND):
            await desk.read(request, costs)
            await desk.keep(KeepBill(request))
        assert isinstance(heard[2], BillRead) and heard[2].n_replaced == 2
        assert isinstance(heard[-1], BillsListed) and len(heard[-1].bills) == 1
        days = await played.access.read(lambda store: store.bills.days(*SEPTEMBER))
        assert sum(each.cost or 0 for each in days) == 750_000_000
        await desk.remove(heard[-1].bills[0].id)
        assert heard[-1] == BillsListed(())
        with pytest.raises(NotFound):
            await desk.remove("no such bill")


async def test_tokens_are_priced_with_the_prices_of_the_moment(tmp_path: Path) -> None:
    file = tmp_path / "tokens.csv"
    file.write_text(USAGE)
    async with stage() as played:
        desk, heard = desk_on(played)
        await desk.read(FIRST, file)
        assert isinstance(heard[0], BillRead)
        assert (heard[0].bill.cost, heard[0].bill.cost_source) == (1_500_000_000, "computed")


async def test_what_cannot_be_read_is_refused_and_nothing_is_remembered(tmp_path: Path, costs: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    large = tmp_path / "large.csv"
    with large.open("wb") as opened:
        opened.truncate(50_000_001)
    async with stage() as played:
        desk, heard = desk_on(played)
        for name, reason in (
            ("missing.csv", "cannot_read"), ("pipe.csv", "cannot_read"), (".", "cannot_read"), ("a\0b", "cannot_read"),
            ("other.csv", "unknown_columns"), ("large.csv", "too_large"),
        ):  # fmt: skip
            with pytest.raises(BillUnfit) as refused:
                await desk.read(FIRST, tmp_path / name)
            assert refused.value.reason == reason
        assert heard == []
        with pytest.raises(NotFound):
            await desk.keep(KeepBill(FIRST))


async def test_a_full_disk_lets_it_be_kept_later(costs: Path) -> None:
    async with stage() as played:
        desk, heard = desk_on(played)
        await desk.read(FIRST, costs)
        played.access.is_full = True
        with pytest.raises(DiskFull):
            await desk.keep(KeepBill(FIRST))
        played.access.is_full = False
        await desk.keep(KeepBill(FIRST))
        assert isinstance(heard[-1], BillsListed) and len(heard[-1].bills) == 1


async def test_files_that_nobody_keeps_are_forgotten(costs: Path) -> None:
    async with stage() as played:
        desk, _ = desk_on(played)
        for at in range(MOST_READ + 1):
            await desk.read(RequestId(f"r{at}"), costs)
        with pytest.raises(NotFound):
            await desk.keep(KeepBill(RequestId("r0")))
        await desk.keep(KeepBill(RequestId(f"r{MOST_READ}")))
