"""Prices that are entered, imported and forgotten, with a real encrypted store; the ratio follows the pairs in it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DiskFull, NotFound, PricesUnfit
from engine.events import Event
from engine.ledger.price_files import MOST_BYTES
from engine.ledger.prices import Prices
from engine.ledger_events import PricesListed
from engine.ledger_records import LedgerEvent, WorkloadId, local_day
from engine.price_records import ListedPrice
from engine.work.price_desk import PriceDesk
from tests.engine.work.played_models import stage

NOW = datetime.now(UTC)
BUNDLED = Prices()
MINE = ListedPrice("openai/gpt-4o", 1_000_000, 2_000_000, source="own", checked="2026-11-02")
LIST = "model,input,output,checked\nopenai/gpt-4o,3,4,2026-11-15\nacme/large,5,6,2026-11-20\n"
WORK, LOCAL, REMOTE = WorkloadId("mails"), "Qwen3.5 4B", "acme/large"


def desk_on(played: Any) -> tuple[PriceDesk, list[Event]]:
    heard: list[Event] = []
    return PriceDesk(played.access, heard.append, BUNDLED), heard


def prompt_price(desk: PriceDesk, reference: str = "openai/gpt-4o", when: datetime = NOW) -> int | None:
    rates = desk.book.rates_of(reference, 0, when)
    return None if rates is None else rates.prompt


async def listed(desk: PriceDesk, heard: list[Event], text: str = "", limit: int = 5) -> PricesListed:
    await desk.publish_list(text, limit)
    assert isinstance(heard[-1], PricesListed)
    return heard[-1]


@pytest.fixture
def price_list(tmp_path: Path) -> Path:
    file = tmp_path / "our prices.csv"
    file.write_text(LIST)
    return file


async def test_a_price_counts_as_soon_as_it_is_kept_and_until_it_is_removed():
    async with stage() as played:
        desk, _ = desk_on(played)
        await desk.bring_up()
        before = desk.book
        await desk.keep(MINE)
        assert prompt_price(desk) == 1_000_000 and before.rates_of("openai/gpt-4o", 0, NOW).prompt == 2_500_000
        await desk.keep(replace(MINE, prompt=7))
        assert prompt_price(desk) == 7
        await desk.remove(MINE)
        assert prompt_price(desk) == 2_500_000
        with pytest.raises(NotFound):
            await desk.remove(MINE)


async def test_it_is_there_after_the_next_start(price_list: Path):
    async with stage() as played:
        desk, _ = desk_on(played)
        await desk.keep(replace(MINE, model="my/model"))
        await desk.keep(replace(MINE, model="my/model", prompt=9, first=local_day(NOW) + timedelta(days=30)))
        await desk.import_file(price_list)
        again, heard = desk_on(played)
        assert prompt_price(again, "my/model") is None
        await again.bring_up()
        assert prompt_price(again, "my/model") == 1_000_000 and prompt_price(again) == 3_000_000
        assert prompt_price(again, "my/model", NOW + timedelta(days=40)) == 9
        assert (await listed(again, heard)).imported == "our prices.csv"


async def test_a_price_that_cannot_be_changes_nothing():
    async with stage() as played:
        desk, _ = desk_on(played)
        await desk.keep(MINE)
        with pytest.raises(PricesUnfit):
            await desk.keep(replace(MINE, prompt=-1))
        played.access.is_full = True
        with pytest.raises(DiskFull):
            await desk.keep(replace(MINE, prompt=5))
        played.access.is_full = False
        assert prompt_price(desk) == 1_000_000


async def test_a_list_takes_the_place_of_the_one_before(price_list: Path):
    async with stage() as played:
        desk, heard = desk_on(played)
        await desk.import_file(price_list)
        assert (await listed(desk, heard)).as_of == "2026-11-20"
        other = price_list.with_name("newer.json")
        other.write_text('[{"model": "openai/gpt-4o", "input": 9, "output": 9}]')
        await desk.import_file(other)
        assert prompt_price(desk) == 9_000_000 and prompt_price(desk, "acme/large") is None
        assert (await listed(desk, heard)).imported == "newer.json"


async def test_of_a_list_that_cannot_be_read_nothing_is_taken(price_list: Path, tmp_path: Path):
    huge, half = tmp_path / "huge.csv", tmp_path / "half.csv"
    with huge.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    half.write_text(LIST + "x/y,1,many,\n")
    os.mkfifo(pipe := tmp_path / "pipe.csv")
    async with stage() as played:
        desk, heard = desk_on(played)
        await desk.import_file(price_list)
        for file, reason in (
            (half, "bad_number"), (huge, "too_large"), (pipe, "cannot_read"), (tmp_path, "cannot_read"),
            (tmp_path / "gone.csv", "cannot_read"),
        ):  # fmt: skip
            with pytest.raises(PricesUnfit) as caught:
                await desk.import_file(file)
            assert (caught.value.reason, caught.value.file) == (reason, file.name)
        assert prompt_price(desk) == 3_000_000 and prompt_price(desk, "x/y") is None
        assert (await listed(desk, heard)).imported == "our prices.csv"


async def test_the_list_says_what_was_found_how_old_it_is_and_whose_it_is(price_list: Path):
    async with stage() as played:
        desk, heard = desk_on(played)
        await desk.keep(MINE)
        await desk.import_file(price_list)
        event = await listed(desk, heard, "gpt-4o", 3)
        assert [each.source for each in event.prices] == ["own", "imported", "bundled"]
        assert event.text == "gpt-4o" and event.n_found > 3 and event.as_of == desk.as_of()
        assert event.age_days == max(0, (local_day(datetime.now(UTC)) - date(2026, 11, 20)).days)


async def test_those_who_change_prices_at_once_do_not_lose_one():
    async with stage() as played:
        desk, heard = desk_on(played)
        await asyncio.gather(*[desk.keep(replace(MINE, model=f"my/model-{number}")) for number in range(12)])
        assert (await listed(desk, heard, "my/model")).n_found == 12


# ---------------------------------------------------------------- ratios
async def keep_pairs(played: Any, n: int) -> None:
    for number in range(n):
        here = LedgerEvent(
            f"a{number:031x}",
            NOW,
            local_day(NOW),
            "local",
            WORK,
            LOCAL,
            use="test",
            prompt=100,
            generated=5,
            pair=f"c{number:031x}",
        )
        there = replace(here, id=f"b{number:031x}", place="api", provider="acme", model="large", prompt=140)
        for event in (here, there):
            await played.access.write(lambda store, event=event: store.ledger.record(event))


async def test_a_ratio_follows_the_pairs_in_the_store_once_they_are_looked_at_again():
    async with stage() as played:
        desk, _ = desk_on(played)
        await desk.bring_up()
        assert (await desk.ratio(REMOTE, LOCAL, WORK)).source == "none"
        await keep_pairs(played, 20)
        assert (await desk.ratio(REMOTE, LOCAL, WORK)).source == "none"
        desk.forget_pairs()
        found = await desk.ratio(REMOTE, LOCAL, WORK)
        assert (found.source, found.amount.mid) == ("calibrated", 1_400_000)
        assert (await desk.ratio(REMOTE, LOCAL, WorkloadId("other"))).source == "none"
        assert (await desk.ratios())(REMOTE, LOCAL, WORK) is await desk.ratio(REMOTE, LOCAL, WORK)


async def test_a_pair_that_comes_while_they_are_read_is_not_missed(monkeypatch: pytest.MonkeyPatch):
    async with stage() as played:
        desk, _ = desk_on(played)
        was_read, may_go_on, read = asyncio.Event(), asyncio.Event(), played.access.read

        async def slowly(call: Any) -> Any:
            found = await read(call)
            was_read.set()
            await may_go_on.wait()
            return found

        with monkeypatch.context() as patch:
            patch.setattr(played.access, "read", slowly)
            reading = asyncio.create_task(desk.ratio(REMOTE, LOCAL, WORK))
            await was_read.wait()
            await keep_pairs(played, 20)
            desk.forget_pairs()
            may_go_on.set()
            assert (await reading).source == "none"
        assert (await desk.ratio(REMOTE, LOCAL, WORK)).source == "calibrated"
