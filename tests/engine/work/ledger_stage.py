"""Statements over a real store, with a clock that can be set, and entries to put into it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from engine.events import Event
from engine.ledger.prices import Prices
from engine.ledger_records import ASK, Avoided, Energy, LedgerEvent, Spread, local_day
from engine.ledger_settings import LedgerSettings
from engine.provider_records import Rates
from engine.settings import Settings
from engine.store.remote_calls import new_call_id
from engine.store.store import Store
from engine.work.price_desk import PriceDesk
from engine.work.statements import Statements
from engine.work.store_access import StoreAccess
from tests.engine.work.compare_stage import a_store

SOL, LUNA = "openai/gpt-6.1-sol", "openai/gpt-6-luna"
DOLLAR, KWH = 10**9, 10**9
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHOSEN = LedgerSettings(would_use=SOL)
LONG_S = 60.0

Kind = TypeVar("Kind", bound=Event)


@dataclass
class Office:
    """What a session would put together. `now` is the time that the statements believe it is."""

    access: StoreAccess
    store: Store
    now: datetime = NOON
    settings: Settings = field(default_factory=lambda: Settings(ledger=CHOSEN))
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._came = asyncio.Event()
        self.prices = PriceDesk(self.access, self.publish, Prices())
        self.statements = Statements(self.access, self.prices, lambda: self.settings, self.publish, now=lambda: self.now)

    def use(self, **ledger: Any) -> None:
        self.settings = Settings(ledger=self.settings.ledger.model_copy(update=ledger))

    def publish(self, event: Event) -> None:
        self.told.append(event)
        self._came.set()

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [each for each in self.told if isinstance(each, kind)]

    async def wait(self, kind: type[Kind], n: int = 1) -> list[Kind]:
        """The events of a kind, when there are so many; fails the test where they do not come."""
        async with asyncio.timeout(LONG_S):
            while len(self.of(kind)) < n:
                self._came.clear()
                await self._came.wait()
        return self.of(kind)

    def record(self, *events: LedgerEvent) -> None:
        self.store.ledger.record_all(events)


@asynccontextmanager
async def an_office(folder: Path) -> AsyncIterator[Office]:
    with a_store(folder) as (access, store, _):
        office = Office(access, store)
        try:
            yield office
        finally:
            await office.statements.close()


def worked(time: datetime = NOON, dollars: int = 1, **more: Any) -> LedgerEvent:
    """An answer of this computer that the reference would have charged dollars for."""
    amount = Spread(dollars * DOLLAR // 2, dollars * DOLLAR, dollars * DOLLAR * 2)
    avoided = Avoided(SOL, amount, Spread(9 * 10**5, 10**6, 11 * 10**5), "prior", Rates(1, 1, 1, 1, "", ""))
    event = LedgerEvent(
        new_call_id(), time, local_day(time), "local", ASK, "qwen3", prompt=900, generated=100, duration_us=10**6,
        avoided=avoided, energy=Energy(Spread(0, KWH // 10, KWH // 5), "meter"),
    )  # fmt: skip
    return replace(event, **more)


def called(time: datetime = NOON, cost: int | None = DOLLAR, **more: Any) -> LedgerEvent:
    """A call to a remote model."""
    event = LedgerEvent(
        new_call_id(), time, local_day(time), "api", ASK, "gpt-6.1-sol", "openai", "test", prompt=900, generated=100,
        cost=cost, cost_source="computed",
    )  # fmt: skip
    return replace(event, **more)


def on(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
