"""A month is written as what its ending says, from a real store, or not at all."""

from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from engine.errors import DiskFull, LedgerInputUnfit
from engine.events import Event
from engine.ledger.prices import Prices
from engine.ledger_events import LedgerExported
from engine.ledger_intents import ExportLedger
from engine.ledger_records import ASK, LedgerEvent, Month
from engine.settings import Settings
from engine.store.store import Store
from engine.work import ledger_export
from engine.work.ledger_export import LedgerExport
from engine.work.price_desk import PriceDesk
from engine.work.statements import Statements
from tests.engine.work.played_models import Stage, stage

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NOVEMBER = Month(2026, 11)


@dataclass
class Desk:
    export: LedgerExport
    statements: Statements
    played: Stage
    heard: list[Event]

    async def write(self, file: Path, month: Month | None = None, *, entries: bool = False) -> None:
        await self.export.write(ExportLedger(file, month, entries))


def entry(at: int) -> LedgerEvent:
    """Two at each moment, so that pages of entries end between equal times."""
    time = NOW - timedelta(days=2) + timedelta(seconds=at // 2)
    return LedgerEvent(
        id=f"{at:032x}", time=time, local_day=time.date(), place="api", workload=ASK, model="gpt-6.1-sol", provider="openai",
        prompt=at, generated=1, cost=at, cost_source="computed",
    )  # fmt: skip


def _record(store: Store, event: LedgerEvent) -> None:
    store.ledger.record(event)


@asynccontextmanager
async def desk(n_entries: int = 7) -> AsyncIterator[Desk]:
    async with stage() as played:
        heard: list[Event] = []
        prices = PriceDesk(played.access, heard.append, Prices())
        statements = Statements(played.access, prices, Settings, heard.append, now=lambda: NOW)
        outside = replace(entry(0), id="f" * 32, time=NOW - timedelta(days=40), local_day=date(2026, 10, 13))
        for event in (outside, *map(entry, range(n_entries))):
            await played.access.write(partial(_record, event=event))
        yield Desk(LedgerExport(played.access, statements, heard.append), statements, played, heard)
        await statements.close()


async def test_the_ending_says_what_it_becomes(tmp_path: Path) -> None:
    async with desk() as on:
        for name, begins in (("m.csv", b"schema,month"), ("m.XLSX", b"PK"), ("m.pdf", b"%PDF-")):
            await on.write(tmp_path / name)
            assert (tmp_path / name).read_bytes().startswith(begins)
            assert on.heard.pop() == LedgerExported(tmp_path / name)


async def test_the_table_is_that_of_the_page(tmp_path: Path) -> None:
    async with desk() as on:
        await on.write(tmp_path / "m.csv", NOVEMBER)
        page = await on.statements.page(NOVEMBER)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "m.csv").read_text(), newline="")))
    (paid,) = (each["mid"] for each in rows if (each["record"], each["figure"]) == ("month", "paid"))
    assert int(Decimal(paid).scaleb(9)) == page.statement.paid == sum(range(7))


@pytest.mark.parametrize("n", [0, 3, 7])
async def test_every_entry_of_the_month_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    monkeypatch.setattr(ledger_export, "AT_ONCE", 3)
    async with desk(n) as on:
        await on.write(tmp_path / "all.csv", entries=True)
        assert on.heard == [LedgerExported(tmp_path / "all.csv")]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "all.csv").read_text(), newline="")))
    assert [each["id"] for each in rows] == [f"{at:032x}" for at in range(n)]
    assert (tmp_path / "all.csv").read_text().startswith("schema,id,") and os.listdir(tmp_path) == ["all.csv"]


async def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    async with desk() as on:
        for name, month, entries, field, reason in (
            ("m.txt", None, False, "file", "unknown_ending"), ("m", None, False, "file", "unknown_ending"),
            ("m.pdf", None, True, "file", "unknown_ending"), ("m.csv", Month(2027, 1), False, "month", "unknown_month"),
            ("m.csv", Month(2027, 1), True, "month", "unknown_month"),
        ):  # fmt: skip
            with pytest.raises(LedgerInputUnfit) as refused:
                await on.write(tmp_path / name, month, entries=entries)
            assert (refused.value.field, refused.value.reason) == (field, reason)
        assert on.heard == [] and os.listdir(tmp_path) == []


@pytest.mark.parametrize("entries", [False, True])
async def test_a_full_disk_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: bool) -> None:
    file = tmp_path / "m.csv"
    file.write_text("older")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with desk() as on:
        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(DiskFull):
            await on.write(file, entries=entries)
        assert on.heard == []
    assert file.read_text() == "older" and os.listdir(tmp_path) == ["m.csv"]


async def test_a_store_that_fails_in_between_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_export, "AT_ONCE", 3)
    async with desk() as on:
        written = ledger_export._write_lines

        def then_fails(*parts: object, **rest: bool) -> None:
            written(*parts, **rest)  # type: ignore[arg-type]
            if not rest:
                raise DiskFull(free=0)

        monkeypatch.setattr(ledger_export, "_write_lines", then_fails)
        with pytest.raises(DiskFull):
            await on.write(tmp_path / "all.csv", entries=True)
    assert os.listdir(tmp_path) == []
