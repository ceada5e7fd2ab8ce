"""However a local generation ends, there is one entry of it in the books, and no answer waits for it or fails by it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine import verbs
from engine.compare_events import PaneEnded
from engine.errors import DiskFull, NotSealed, PromptTooLong, StrongroomError, WorkerDied
from engine.ledger.prices import Prices, Stepped
from engine.ledger_records import ASK, CHAT, COMPARE, LedgerEvent, Use, WorkloadId, local_day
from engine.ledger_settings import LedgerSettings, MeterWatts
from engine.paths import Profile
from engine.power.power import Power
from engine.records import ModelId, StopReason, Timings, Usage
from engine.settings import Settings
from engine.store.store import Store
from engine.work import bookkeeping as bookkeeping_module
from engine.work.bookkeeping import NO_BOOKS, Bookkeeping
from engine.work.price_desk import PriceDesk
from tests.engine.work.evaluation_stage import Idle
from tests.engine.work.played_models import AT_ACME, LOCAL, FragileAccess, PlayedChat, Stage, settled, stage

USAGE, TIMINGS = Usage(900, 100, 50), Timings(0.5, 40.0, 14.0, 2.5)
MODEL = "Qwen3 8B"


@dataclass
class Desk:
    """Books over a real store, and how often they said that there is one entry more."""

    access: FragileAccess
    settings: Settings = field(default_factory=Settings)
    prices: Prices = field(default_factory=Prices)
    n_recorded: int = 0

    def __post_init__(self) -> None:
        desk = PriceDesk(self.access, lambda _: None, self.prices)
        self.books = Bookkeeping(self.access, desk, lambda: self.settings, self.count, power=Power(workers=Idle()))

    def count(self) -> None:
        self.n_recorded += 1

    def use(self, **ledger: Any) -> None:
        self.settings = Settings(ledger=LedgerSettings(**ledger))

    async def generate(self, ended: StopReason | None = "end_of_text", usage: Usage = USAGE, **more: Any) -> None:
        async with self.books.generation(more.pop("workload", ASK), MODEL, **more) as noted:
            if ended is not None:
                noted.ended(usage, TIMINGS, ended)

    async def entries(self) -> list[LedgerEvent]:
        await self.books.close()
        self.access.is_full = False
        day = local_day(datetime.now(UTC))
        return await self.access.read(lambda store: store.ledger.events(day - timedelta(1), day))

    async def entry(self) -> LedgerEvent:
        (entry,) = await self.entries()
        assert self.n_recorded == 1
        return entry


@contextlib.asynccontextmanager
async def a_desk(**more: Any) -> AsyncIterator[Desk]:
    with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as readers:
        access = FragileAccess(writer, readers)
        await access.open(lambda: Store.open(Profile(Path("/nowhere")), protection="memory"))
        desk = Desk(access, **more)
        try:
            yield desk
        finally:
            await desk.books.close()
            await access.close()


# ---------------------------------------------------------------- ends
@pytest.mark.parametrize(
    ("ended", "use", "kept"),
    [
        ("end_of_text", "work", "work"),
        ("token_limit", "work", "work"),
        ("stop_word", "again", "again"),
        ("cancelled", "work", "cancelled"),
        ("cancelled", "again", "cancelled"),
        ("cancelled", "test", "test"),
        ("end_of_text", "test", "test"),
    ],
)
async def test_the_last_word_of_a_model_becomes_an_entry(ended: StopReason, use: Use, kept: Use) -> None:
    async with a_desk() as desk:
        before = datetime.now(UTC)
        await desk.generate(ended, use=use)
        entry = await desk.entry()
    assert (entry.place, entry.workload, entry.model, entry.provider, entry.use) == ("local", ASK, MODEL, "", kept)
    assert (entry.prompt, entry.cached, entry.generated) == (900, 100, 50)
    assert (entry.duration_us, entry.ttft_us, entry.stop_reason) == (2_500_000, 500_000, ended)
    assert (entry.cost, entry.cost_source, entry.rates, entry.at_most) == (0, "free", None, None)
    assert before <= entry.time <= datetime.now(UTC)
    assert entry.local_day == local_day(entry.time)
    assert len(entry.id) == 32 and entry.id[12] == "7"
    assert entry.energy is not None and entry.energy.method == "model"


@pytest.mark.parametrize("error", [WorkerDied("chat", -9), RuntimeError("a fault"), DiskFull(0), asyncio.CancelledError()])
@pytest.mark.parametrize("use", ["work", "test"])
async def test_what_broke_off_took_time_and_energy_and_saved_nothing(error: BaseException, use: Use) -> None:
    async with a_desk() as desk:
        with pytest.raises(type(error)):
            async with desk.books.generation(ASK, MODEL, use=use):
                raise error
        entry = await desk.entry()
    assert (entry.use, entry.stop_reason) == ("cancelled" if use == "work" else "test", "failed")
    assert (entry.prompt, entry.generated, entry.ttft_us, entry.avoided) == (0, 0, None, None)
    assert entry.duration_us > 0
    assert entry.energy is not None and entry.energy.amount.mid >= 0


async def test_a_task_that_is_cancelled_while_a_model_writes_leaves_its_entry() -> None:
    async with a_desk() as desk:
        begun = asyncio.Event()

        async def generate() -> None:
            async with desk.books.generation(ASK, MODEL):
                begun.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(generate())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await desk.entry()).use == "cancelled"


async def test_a_fault_after_the_last_word_does_not_take_the_tokens_back() -> None:
    async with a_desk() as desk:
        with pytest.raises(DiskFull):
            async with desk.books.generation(ASK, MODEL) as noted:
                noted.ended(USAGE, TIMINGS, "end_of_text")
                raise DiskFull(0)
        entry = await desk.entry()
    assert (entry.use, entry.prompt) == ("work", 900)


@pytest.mark.parametrize("error", [PromptTooLong(5000, 4096), NotSealed("", "")])
async def test_what_a_model_refused_to_begin_with_is_no_generation(error: StrongroomError) -> None:
    async with a_desk() as desk:
        with pytest.raises(type(error)):
            async with desk.books.generation(ASK, MODEL):
                raise error
        assert await desk.entries() == []


async def test_a_store_that_fails_costs_the_entry_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    async with a_desk() as desk:
        desk.access.is_full = True
        await desk.generate()
        assert await desk.entries() == []
        assert desk.n_recorded == 0
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == [
        "a generation could not be put into the books: disk_full"
    ]


async def test_without_a_store_there_is_no_entry_and_no_fault() -> None:
    async with a_desk() as desk:
        await desk.access.close()
        await desk.generate()
        await desk.books.close()
        assert desk.n_recorded == 0


async def test_figures_that_cannot_be_cost_the_entry_only(caplog: pytest.LogCaptureFixture) -> None:
    async with a_desk() as desk:
        await desk.generate(usage=Usage(2**60, 0, 1))
        assert await desk.entries() == []
    assert "ledger_input_unfit" in caplog.text


async def test_energy_that_cannot_be_found_out_is_not_known(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Idle):
        def used(self) -> int | None:
            raise ValueError("no such thing")

    async with a_desk() as desk:
        desk.books._power = Power(workers=Broken())
        await desk.generate()
        entry = await desk.entry()
    assert entry.energy is None
    assert entry.prompt == 900
    assert "energy of a generation is not known" in caplog.text


async def test_a_driver_that_hangs_costs_the_energy_and_not_the_entry(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bookkeeping_module, "LONGEST_LOOK_S", 0.01)
    may_go_on = threading.Event()

    class Hanging(Idle):
        def used(self) -> int | None:
            may_go_on.wait()
            return None

    async with a_desk() as desk:
        desk.books._power = Power(workers=Hanging())
        await desk.generate()
        entry = await desk.entry()
        may_go_on.set()
    assert (entry.energy, entry.prompt) == (None, 900)
    assert "not known in time" in caplog.text


# ---------------------------------------------------------------- the end of the program
async def test_closing_waits_for_what_is_being_written() -> None:
    async with a_desk() as desk:
        may_go_on = threading.Event()
        blocking = asyncio.create_task(desk.access.write(lambda _: may_go_on.wait()))
        await desk.generate()
        closing = asyncio.create_task(desk.books.close())
        await settled()
        assert not closing.done()
        may_go_on.set()
        await closing
        await blocking
        assert await desk.access.read(lambda store: store.ledger.count()) == 1


async def test_closing_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(bookkeeping_module, "LONGEST_CLOSING_S", 0.01)
    async with a_desk() as desk:
        may_go_on = threading.Event()
        blocking = asyncio.create_task(desk.access.write(lambda _: may_go_on.wait()))
        await desk.generate()
        await desk.books.close()
        may_go_on.set()
        await blocking
    assert "an entry was not made in time" in caplog.text


async def test_what_ends_after_the_books_were_closed_is_entered_without_its_energy() -> None:
    async with a_desk() as desk:
        async with desk.books.generation(ASK, MODEL) as noted:
            await desk.books.close()
            noted.ended(USAGE, TIMINGS, "end_of_text")
        await desk.generate()
        assert [each.energy for each in await desk.entries()] == [None, None]


# ---------------------------------------------------------------- what it would have cost
async def test_work_has_what_the_reference_of_that_moment_would_have_charged() -> None:
    async with a_desk() as desk:
        await desk.generate()
        entry = await desk.entry()
    avoided = entry.avoided
    assert avoided is not None
    assert avoided.reference == "openai/gpt-6.1-sol"
    assert avoided.amount.mid == round((900 * 2_000_000 + 50 * 10_000_000) * avoided.ratio.mid / 1e9)  # $2 and $10 a million
    assert 0 < avoided.amount.low < avoided.amount.mid < avoided.amount.high


async def test_another_reference_in_batches_is_half_of_it() -> None:
    async with a_desk() as desk:
        desk.use(would_use="anthropic/claude-opus-5-5")
        await desk.generate()
        desk.use(would_use="anthropic/claude-opus-5-5", would_use_batch=True)
        await desk.generate()
        once, in_batches = [each.avoided for each in await desk.entries()]
    assert once is not None and in_batches is not None
    assert once.reference == "anthropic/claude-opus-5-5"
    assert in_batches.reference == "anthropic/claude-opus-5-5 in batches"
    assert abs(in_batches.amount.mid * 2 - once.amount.mid) <= 1


async def test_without_a_price_it_is_not_known() -> None:
    async with a_desk() as desk:
        desk.use(would_use="nobody/nothing")
        await desk.generate()
        assert (await desk.entry()).avoided is None


async def test_a_price_list_that_fails_costs_its_figure_only(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Prices):
        def stepped(self, *_: Any, **__: Any) -> Stepped | None:
            raise ValueError("a list of another make")

    async with a_desk(prices=Broken()) as desk:
        await desk.generate()
        assert (await desk.entry()).avoided is None
    assert "would have cost elsewhere is not known" in caplog.text


async def test_the_price_list_is_never_loaded_on_the_loop() -> None:
    threads: set[threading.Thread] = set()

    class Watched(Prices):
        def stepped(self, *known: Any, **more: Any) -> Stepped | None:
            threads.add(threading.current_thread())
            return super().stepped(*known, **more)

    async with a_desk(prices=Watched()) as desk:
        await desk.generate()
        await desk.entry()
    assert threads and threading.current_thread() not in threads


@pytest.mark.parametrize("use", ["again", "cancelled", "test"])
async def test_of_tests_nothing_was_avoided(use: Use) -> None:
    async with a_desk() as desk:
        await desk.generate(use=use)
        assert ((await desk.entry()).avoided is None) == (use == "test")


# ---------------------------------------------------------------- electricity
async def test_generations_at_once_share_the_watts_of_the_meter() -> None:
    class Clock:
        now = 0

        def __call__(self) -> int:
            self.now += 10**9
            return self.now

    async with a_desk() as desk:
        desk.use(watts=MeterWatts(idle=40, busy=76))
        desk.books._power = Power(workers=Idle(), now_ns=Clock())
        async with desk.books.generation(ASK, MODEL), desk.books.generation(ASK, MODEL):
            pass
        energies = [each.energy for each in await desk.entries()]
    assert sorted(each.amount.mid for each in energies if each is not None) == [
        5_000,
        25_000,
    ]  # 36 W: half a second, two and a half


# ---------------------------------------------------------------- comparing
async def test_a_comparison_is_a_test_and_its_panes_are_a_pair() -> None:
    async with stage() as played:
        desk = Desk(played.access)
        with_books = Stage(played.access, played.matter, bookkeeping=desk.books)
        preview = await with_books.prepared(panes=(LOCAL, AT_ACME))
        await with_books.send(preview)
        for script in (*with_books.local.scripts, *with_books.sending.scripts):
            script.say("An answer.")
            script.finish()
        await with_books.until(PaneEnded, 2)
        await with_books.comparing.end()
        entry = await desk.entry()
        ((_, sent),) = with_books.sending.sent
    assert (entry.use, entry.workload, entry.model, entry.avoided) == ("test", COMPARE, "starter", None)
    assert (entry.prompt, entry.cached, entry.generated, entry.stop_reason) == (20, 5, 7, "end_of_text")
    assert entry.pair and entry.pair == sent["pair"]
    assert (sent["use"], sent["workload"]) == ("test", COMPARE)


async def test_a_pane_for_a_set_counts_for_the_set_also_where_it_was_stopped() -> None:
    async with stage() as played:
        desk = Desk(played.access)
        with_books = Stage(played.access, played.matter, bookkeeping=desk.books)
        await with_books.prepared(panes=(LOCAL, AT_ACME), vote_set="tickets")
        with_books.comparing.stop(with_books.newest().request)
        await with_books.until(PaneEnded)
        entry = await desk.entry()
    assert (entry.workload, entry.use, entry.stop_reason, entry.generated) == (WorkloadId("tickets"), "test", "cancelled", 2)


async def test_a_pane_that_was_stopped_while_its_model_was_loading_generated_nothing() -> None:
    async with stage() as played:
        desk = Desk(played.access)
        with_books = Stage(played.access, played.matter, bookkeeping=desk.books)
        with_books.local.is_loading.clear()
        await with_books.prepared(panes=(LOCAL, AT_ACME))
        with_books.comparing.stop(with_books.newest().request)
        await with_books.until(PaneEnded)
        assert await desk.entries() == []


# ---------------------------------------------------------------- the command line
async def test_a_chat_without_documents_is_work_of_its_own_kind() -> None:
    async with a_desk() as desk:
        chat = PlayedChat(ModelId("starter"))

        async def loaded(_: str | None) -> PlayedChat:
            return chat

        heard: list[Any] = []
        asking = SimpleNamespace(books=desk.books)
        session: Any = SimpleNamespace(settings=Settings(), asking=asking, load_chat_model=loaded, publish=heard.append)
        options: Any = SimpleNamespace(model=None, text="Hello")
        chatting = asyncio.create_task(verbs.chat(session, options, None))  # type: ignore[arg-type]
        await settled()
        (script,) = chat.scripts.values()
        script.say("Good day.")
        script.finish()
        answer = await chatting
        entry = await desk.entry()
    assert (entry.workload, entry.use, entry.model, entry.pair) == (CHAT, "work", "starter", "")
    assert entry.generated == answer["usage"]["generated_tokens"] == 7
    assert answer["text"] == "Good day." and len(heard) == 1


async def test_where_nobody_counts_nothing_is_kept() -> None:
    async with NO_BOOKS.generation(ASK, MODEL) as noted:
        noted.ended(USAGE, TIMINGS, "end_of_text")
