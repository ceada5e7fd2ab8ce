"""Real questions to the real starter model in its sealed worker, and what the books say of each."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import WorkerDied
from engine.events import AnswerGrew, Event, Failed, Finished
from engine.inference.supervisor import ChatModel, EmbeddingModel
from engine.intents import AskQuestion
from engine.ledger.prices import Prices
from engine.ledger_records import ASK, LedgerEvent, local_day
from engine.paths import Profile
from engine.records import MatterId, Message, ModelId, RequestId
from engine.settings import Settings
from engine.store.store import Store
from engine.work.ask import Asking
from engine.work.bookkeeping import Bookkeeping
from engine.work.price_desk import PriceDesk
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess

LONG = "Write a very long story about a lighthouse."


def short() -> Settings:
    return Settings(max_answer_tokens=32)


@dataclass
class Real:
    """Asking with everything real, but for the window."""

    access: StoreAccess
    chat: ChatModel
    retrieval: Retrieval
    matter: MatterId
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.grew = asyncio.Event()
        prices = PriceDesk(self.access, self.hear, Prices())
        self.books = Bookkeeping(self.access, prices, short, lambda: None)
        self.asking = Asking(self.access, self.retrieval, self.model, short, self.hear, bookkeeping=self.books)

    async def model(self) -> ChatModel:
        return self.chat

    def hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, AnswerGrew):
            self.grew.set()

    def ask(self, text: str, instead_of: Message | None = None) -> asyncio.Task[None]:
        self.grew.clear()
        wish = AskQuestion(RequestId(text[:20]), self.matter, text)
        if instead_of is not None:
            wish = replace(wish, conversation=instead_of.conversation, replaces=instead_of.id)
        return asyncio.create_task(self.asking.ask(wish))

    async def writing(self, text: str) -> asyncio.Task[None]:
        """A question whose answer has begun."""
        task = self.ask(text)
        await asyncio.wait_for(self.grew.wait(), 60)
        return task

    async def entries(self) -> list[LedgerEvent]:
        await self.books.close()
        day = local_day(datetime.now(UTC))
        return await self.access.read(lambda store: store.ledger.events(day - timedelta(1), day))


@pytest.fixture
async def real(starter_model: Path, embedding_model: Path) -> AsyncIterator[Real]:
    chat = ChatModel(starter_model, ModelId("starter"), n_ctx=2048)
    embedding = EmbeddingModel(embedding_model)
    with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as readers:
        access = StoreAccess(writer, readers)
        await access.open(lambda: Store.open(Profile(Path("/nowhere")), protection="memory"))
        matter = await access.write(lambda store: store.matters.create("Northwind v. Meridian"))
        await chat.start()
        made = Real(access, chat, Retrieval(access, embedding), matter.id)
        try:
            yield made
        finally:
            await made.asking.end()
            await made.books.close()
            await chat.close()
            await embedding.close()
            await access.close()


async def test_a_question_is_one_entry_with_the_tokens_of_its_answer_and_the_energy_of_its_worker(real: Real) -> None:
    await real.ask("What is a lease?")
    (finished,) = [each for each in real.events if isinstance(each, Finished)]
    (entry,) = await real.entries()
    usage, timings = finished.answer.usage, finished.answer.timings
    assert usage is not None and timings is not None
    assert (entry.prompt, entry.cached, entry.generated) == (usage.prompt_tokens, usage.cached_tokens, usage.generated_tokens)
    assert usage.generated_tokens > 0
    assert (entry.use, entry.workload, entry.place, entry.model) == ("work", ASK, "local", finished.answer.model)
    assert (entry.duration_us, entry.stop_reason) == (round(timings.total_s * 1e6), finished.answer.stop_reason)
    assert entry.energy is not None
    assert 0 < entry.energy.amount.low < entry.energy.amount.mid < entry.energy.amount.high
    assert entry.avoided is not None and entry.avoided.amount.low > 0


async def test_asking_again_stopping_closing_and_dying_are_entries_that_saved_nothing(real: Real) -> None:
    stopped = await real.writing(f"{LONG} One.")
    real.asking.stop(RequestId(LONG[:20]))
    await stopped
    (finished,) = [each for each in real.events if isinstance(each, Finished)]

    await real.ask("What is a lease?", finished.answer)

    closed = await real.writing(f"{LONG} Two.")
    closed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closed

    died = await real.writing(f"{LONG} Three.")
    running = real.chat._life.running
    assert running is not None
    os.kill(running.process.pid, signal.SIGKILL)
    await died
    assert isinstance([each for each in real.events if isinstance(each, Failed)][-1].error, WorkerDied)

    entries = await real.entries()
    assert [each.use for each in entries] == ["cancelled", "again", "cancelled", "cancelled"]
    assert [each.stop_reason for each in entries if each.use == "cancelled"] == ["cancelled", "failed", "failed"]
    assert [each.prompt > 0 for each in entries] == [True, True, False, False]
    assert all(each.energy is not None and each.energy.amount.mid > 0 and each.duration_us > 0 for each in entries)
