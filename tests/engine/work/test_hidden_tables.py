"""One table for a matter: whoever learns at the same time, a placeholder stands for one detail and a detail for one."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from engine.errors import DiskFull, NotFound
from engine.hiding.table import Table
from engine.records import MatterId
from engine.work.hidden_tables import HiddenTables
from tests.engine.work.played_models import stage

NAMES = ["Anna Harlow", "Brian Cole", "Clara Webb", "David Stone", "Emma Price"]


async def test_those_who_learn_at_once_share_their_numbers():
    async with stage() as played:
        tables, matter = HiddenTables(played.access), played.matter.id
        texts = [f"Dear {one}, yours {other}" for one in NAMES for other in NAMES if one != other]
        learned = await asyncio.gather(*[tables.learned(matter, [each]) for each in texts])
        kept = await tables.of(matter)
        assert Counter(each.original for each in kept.details if each.kind == "person") == Counter(NAMES)
        assert len({each.placeholder for each in kept.details}) == len(kept.details)
        for table in learned:
            assert all(kept.restore(each.placeholder).text == each.original for each in table.details)


async def test_trying_takes_no_number():
    async with stage() as played:
        tables, matter = HiddenTables(played.access), played.matter.id
        tried = await tables.tried(matter, ["Dear Anna Harlow"])
        assert tried.hide("Anna Harlow").text == "[Person 1]"
        assert (await tables.of(matter)).details == ()


async def test_a_table_that_cannot_be_kept_is_not_used():
    async with stage() as played:
        tables, matter = HiddenTables(played.access), played.matter.id
        played.access.is_full = True
        with pytest.raises(DiskFull):
            await tables.learned(matter, ["Dear Anna Harlow"])
        played.access.is_full = False
        assert (await tables.learned(matter, ["Dear Brian Cole"])).hide("Brian Cole").text == "[Person 1]"


async def test_each_matter_has_its_own():
    async with stage() as played:
        tables = HiddenTables(played.access)
        other = await played.access.write(lambda store: store.matters.create("Another"))
        await tables.learned(played.matter.id, ["Dear Anna Harlow"])
        assert await tables.of(other.id) == Table()
        with pytest.raises(NotFound):
            await tables.of(MatterId("gone"))
